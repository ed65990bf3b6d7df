//! Lists of jobs: which, in which order, page by page.

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use entities::{Viewer, job, job_tag};
use platform::pages::{By, Key, Order, Place};
use sea_orm::sea_query::Query as Statement;
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::id::{self, Noun};
use super::job::{Job, JobState};
use super::page::{Connection, OrderDirection, PageArguments, PageRequest, TimeRange, contains};
use super::problem::{Metric, ProblemType, stored_name};
use crate::failure::Failure;

/// Values of one condition at most.
pub const MAX_VALUES: usize = 50;
/// Characters of a text that is looked for at most.
pub const MAX_TEXT: usize = 200;

/// Which jobs to list: those that meet every condition named.
#[derive(InputObject)]
pub struct JobFilter {
    /// In one of these states.
    state: Option<Vec<JobState>>,
    /// On this dataset.
    dataset_id: Option<ID>,
    /// Answers this kind of question.
    problem: Option<ProblemType>,
    /// Has this tag.
    tag: Option<String>,
    /// Asked for within this time.
    created_at: Option<TimeRange>,
    /// Its model is worth so much on the holdout.
    score: Option<ScoreFilter>,
    /// The name, the target or the annotation contains this, 1 to 200 characters; upper and lower case are the same.
    text: Option<String>,
}

/// What a model is to be worth. Only jobs that were scored by this metric are compared.
#[derive(InputObject)]
pub struct ScoreFilter {
    /// By which metric.
    metric: Metric,
    /// How much.
    bound: ScoreBound,
}

/// One end of what a score may be.
#[derive(OneofObject)]
pub enum ScoreBound {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

/// What jobs can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum JobOrderField {
    /// When it was asked for.
    CreatedAt,
    /// When it ended; those that have not ended come last.
    FinishedAt,
    /// Its name, upper and lower case the same.
    Name,
    /// What its model is worth on the holdout; filter by a metric to compare like with like. Those without a model come last.
    Score,
}

/// The order of a list of jobs.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct JobOrder {
    /// By what.
    field: JobOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl Default for JobOrder {
    fn default() -> Self {
        Self {
            field: JobOrderField::CreatedAt,
            direction: OrderDirection::Descending,
        }
    }
}

impl JobOrder {
    /// The order in the database's words.
    pub fn order(self) -> Order<job::Column> {
        Order {
            by: match self.field {
                // Keys are UUID v7: their order is the order of creation.
                JobOrderField::CreatedAt => By::Id,
                JobOrderField::FinishedAt => By::Value(job::Column::FinishedAt),
                JobOrderField::Name => By::Text(job::Column::Name),
                JobOrderField::Score => By::Value(job::Column::Score),
            },
            id: job::Column::Id,
            direction: self.direction.into(),
        }
    }

    /// Where a row lies in it.
    pub fn place(self, row: &job::Model) -> Place {
        let key = match self.field {
            JobOrderField::CreatedAt => Key::None,
            JobOrderField::FinishedAt => row.finished_at.map_or(Key::None, Key::Time),
            JobOrderField::Name => Key::Text(row.name.clone()),
            JobOrderField::Score => row.score.map_or(Key::None, Key::Number),
        };
        Place { key, id: row.id }
    }
}

impl JobFilter {
    /// The condition in the database's words.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for an id of something else, too many values, or a text that is empty or too long.
    pub fn condition(self) -> Result<Condition, Failure> {
        let mut all = Condition::all();
        if let Some(states) = self.state {
            check_values("state", states.len())?;
            all = all.add(job::Column::State.is_in(states.into_iter().map(job::State::from)));
        }
        if let Some(dataset) = self.dataset_id {
            all = all.add(job::Column::DatasetId.eq(id::decode_as(&dataset, Noun::Dataset)?));
        }
        if let Some(problem) = self.problem {
            all = all.add(job::Column::Problem.eq(stored_name(problem)));
        }
        if let Some(tag) = self.tag {
            let tagged = Statement::select()
                .column(job_tag::Column::JobId)
                .from(job_tag::Entity)
                .and_where(job_tag::Column::Tag.eq(tag.trim()))
                .to_owned();
            all = all.add(job::Column::Id.in_subquery(tagged));
        }
        if let Some(range) = self.created_at {
            all = all.add(range.on(job::Column::CreatedAt));
        }
        if let Some(score) = self.score {
            all = all
                .add(job::Column::Metric.eq(stored_name(score.metric)))
                .add(match score.bound {
                    ScoreBound::AtLeast(least) => job::Column::Score.gte(least),
                    ScoreBound::AtMost(most) => job::Column::Score.lte(most),
                });
        }
        if let Some(text) = self.text {
            check_text(&text)?;
            let anywhere = Condition::any()
                .add(contains(job::Column::Name, &text))
                .add(contains(job::Column::Target, &text))
                .add(contains(job::Column::Annotation, &text));
            all = all.add(anywhere);
        }
        Ok(all)
    }
}

/// Refuses a condition with too many values.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn check_values(field: &str, count: usize) -> Result<(), Failure> {
    if count <= MAX_VALUES {
        return Ok(());
    }
    let message = format!("`{field}` has {count} values; name at most {MAX_VALUES}.");
    Err(Failure::bad_input(message))
}

/// Refuses a text that nobody looks for.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn check_text(text: &str) -> Result<(), Failure> {
    let length = text.chars().count();
    if (1..=MAX_TEXT).contains(&length) {
        return Ok(());
    }
    let message = format!("`text` has {length} characters; it must have 1 to {MAX_TEXT}.");
    Err(Failure::bad_input(message))
}

/// A page of a list of jobs.
pub async fn page(
    context: &Context<'_>,
    query: Select<job::Entity>,
    asked: PageArguments,
    filter: Option<JobFilter>,
    order: Option<JobOrder>,
) -> Result<Connection<Job>, Failure> {
    let order = order.unwrap_or_default();
    let request = PageRequest::new(&asked, order)?;
    let query = match filter {
        Some(filter) => query.filter(filter.condition()?),
        None => query,
    };
    let place = |row: &job::Model| order.place(row);
    request.read(context, query, &order.order(), place, Job).await
}

/// Lists of jobs.
#[derive(Default)]
pub struct JobQuery;

#[Object]
impl JobQuery {
    /// The viewer's jobs, newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn jobs(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<JobFilter>,
        #[graphql(desc = "In which order; the newest first when absent.")] order_by: Option<JobOrder>,
    ) -> Result<Option<Connection<Job>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let own = job::Entity::find_for(*context.data_unchecked::<Viewer>());
        page(context, own, asked, filter, order_by).await.map(Some)
    }
}
