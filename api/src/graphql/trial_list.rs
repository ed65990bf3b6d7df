//! The list of a job's trials: which, in which order, page by page. A job has some hundreds at most, which are read at once for
//! all jobs of a request, and filtered and ordered here.

use async_graphql::{Context, Enum, InputObject};
use entities::trial;
use platform::pages::{Key, Place};

use super::job_list::check_values;
use super::page::{Connection, OrderDirection, PageArguments, PageRequest, is_counted};
use super::trial::{Trial, TrialState};
use crate::failure::Failure;

/// Which trials to list: those that meet every condition named.
#[derive(InputObject)]
pub struct TrialFilter {
    /// In one of these states.
    state: Option<Vec<TrialState>>,
    /// Of one of these learners, by their stable names.
    learner: Option<Vec<String>>,
}

/// What trials can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TrialOrderField {
    /// The order in which the search asked for them.
    Number,
    /// The job's metric on the out-of-fold predictions; those without a score come last.
    Score,
    /// Wall seconds of the whole trial; those that have not ended come last.
    FitSeconds,
}

/// The order of a list of trials.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct TrialOrder {
    /// By what.
    field: TrialOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl Default for TrialOrder {
    fn default() -> Self {
        Self {
            field: TrialOrderField::Number,
            direction: OrderDirection::Ascending,
        }
    }
}

impl TrialOrder {
    fn place(self, row: &trial::Model) -> Place {
        let key = match self.field {
            TrialOrderField::Number => Key::Whole(i64::from(row.number)),
            TrialOrderField::Score => row.score.map_or(Key::None, Key::Number),
            TrialOrderField::FitSeconds => row.seconds.map_or(Key::None, Key::Number),
        };
        Place { key, id: row.id }
    }
}

/// A page of the trials of one job.
pub fn page(
    context: &Context<'_>,
    mut rows: Vec<trial::Model>,
    asked: &PageArguments,
    filter: Option<TrialFilter>,
    order: Option<TrialOrder>,
) -> Result<Connection<Trial>, Failure> {
    let order = order.unwrap_or_default();
    let request = PageRequest::new(asked, order)?;
    if let Some(TrialFilter { state, learner }) = filter {
        if let Some(states) = state {
            check_values("state", states.len())?;
            rows.retain(|row| states.contains(&row.state.into()));
        }
        if let Some(learners) = learner {
            check_values("learner", learners.len())?;
            rows.retain(|row| learners.contains(&row.learner));
        }
    }
    let total = is_counted(context).then_some(rows.len() as u64);
    let place = |row: &trial::Model| order.place(row);
    let page = request.window.take(rows, order.direction.into(), place);
    Ok(request.connection(page, place, Trial, total))
}
