//! Which rows of a table are trained on, which are kept for the end, and what they count.

use model::{Frame, ProblemType};

use super::columns::ColumnPlan;
use super::constraint::{Constraint, RowFacts};
use super::target::{self, Labelled};
use super::weights::{SampleWeights, gathered};
use super::{Target, split};
use crate::error::Error;
use crate::settings::{Settings, Validation};

/// Targets and table rows of the training rows and of the holdout.
pub struct Sides {
    /// What is predicted, once the classes are counted.
    pub problem: ProblemType,
    /// Lines for the report.
    pub notes: Vec<String>,
    /// Of the training rows.
    pub train: (Target, Vec<u32>),
    /// Of the rows that are kept for the end.
    pub holdout: (Target, Vec<u32>),
    /// What binds the training rows.
    pub constraint: Constraint,
    /// What the rows of both sides count; `None`: all alike.
    pub weights: Option<SampleWeights>,
}

/// Which rows of the table are on which side; `position` is the target's column.
///
/// # Errors
/// `Input` when the target, the rows or the columns named in the settings cannot be used.
pub fn sides(
    frame: &Frame,
    plans: &[ColumnPlan],
    problem: ProblemType,
    settings: &Settings,
    position: usize,
) -> Result<Sides, Error> {
    let facts = RowFacts::read(frame, plans, settings, position)?;
    let Labelled {
        target,
        rows,
        problem,
        mut notes,
    } = target::labelled(&settings.target, &frame.columns[position], problem, &facts.counts)?;
    notes.extend(facts.notes);
    if rows.len() < split::MIN_ROWS {
        return Err(Error::Input(format!(
            "only {} usable rows have a value of the target `{}`; at least {} are needed",
            rows.len(),
            settings.target,
            split::MIN_ROWS
        )));
    }
    let constraint = facts.constraint.gather(&rows);
    let (train_rows, holdout_rows) = split::holdout(&target, &constraint, settings.seed)?;
    notes.push(describe_holdout(
        &target,
        &settings.validation,
        holdout_rows.len(),
        rows.len(),
    ));
    let table_rows = |chosen: &[u32]| -> Vec<u32> { chosen.iter().map(|&row| rows[row as usize]).collect() };
    let (train_source, holdout_source) = (table_rows(&train_rows), table_rows(&holdout_rows));
    let weights = facts.weights.map(|weights| {
        SampleWeights::new(
            gathered(&weights, &train_source),
            gathered(&weights, &holdout_source),
        )
    });
    Ok(Sides {
        problem,
        notes,
        train: (target.gather(&train_rows), train_source),
        holdout: (target.gather(&holdout_rows), holdout_source),
        constraint: constraint.gather(&train_rows),
        weights,
    })
}

fn describe_holdout(target: &Target, validation: &Validation, holdout: usize, rows: usize) -> String {
    let kind = match validation {
        Validation::Time(column) => format!("the latest by `{column}`"),
        Validation::Group(column) => format!("whole groups by `{column}`"),
        _ if matches!(target, Target::Classes { .. }) => "every class with its share".to_owned(),
        _ => "spread over the target's range".to_owned(),
    };
    let mut note = format!("{holdout} of {rows} rows were kept aside for the final score, {kind}.");
    if holdout < 100 {
        note.push_str(" They are few: the final score is uncertain.");
    }
    note
}
