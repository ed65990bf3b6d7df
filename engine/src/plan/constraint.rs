//! What the columns named for validation and weights say of the rows: which of them count, how much, and which of them
//! may stand on which side of a split.

use model::{Column, Frame};

use super::problem::closest_names;
use super::{ColumnPlan, weights};
use crate::error::Error;
use crate::settings::{Settings, Validation};

/// What decides, besides the target, which rows may stand on which side of a split. One entry a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// Nothing.
    Free,
    /// Moments, finite: what is scored is later than what was fitted on.
    Instants(Vec<f64>),
    /// Groups, counted from 0: none is on both sides.
    Groups(Vec<u32>),
}

impl Constraint {
    /// The entries of some rows, in that order.
    pub fn gather(&self, rows: &[u32]) -> Self {
        match self {
            Self::Free => Self::Free,
            Self::Instants(instants) => Self::Instants(weights::gathered(instants, rows)),
            Self::Groups(groups) => Self::Groups(rows.iter().map(|&row| groups[row as usize]).collect()),
        }
    }
}

/// What is known of the rows of a table before it is split.
pub struct RowFacts {
    /// Entries of all table rows; those of rows that do not count mean nothing.
    pub constraint: Constraint,
    /// Weights of all table rows.
    pub weights: Option<Vec<f64>>,
    /// Whether a table row counts: it has a target, a place and a weight.
    pub counts: Vec<bool>,
    /// Lines for the report.
    pub notes: Vec<String>,
}

impl RowFacts {
    /// Reads the columns that the settings name; `target` is the index of the target's column.
    ///
    /// # Errors
    /// `Input` when a column is not there, is the target, or holds what cannot be used.
    pub fn read(
        frame: &Frame,
        plans: &[ColumnPlan],
        settings: &Settings,
        target: usize,
    ) -> Result<Self, Error> {
        let labelled = &frame.columns[target];
        let mut facts = Self {
            constraint: Constraint::Free,
            weights: None,
            counts: (0..frame.rows).map(|row| !labelled.is_missing(row)).collect(),
            notes: Vec::new(),
        };
        if let Some(name) = &settings.weights {
            let index = find(frame, name, "weigh rows by", target)?;
            if settings.validation.column() == Some(name.as_str()) {
                return Err(Error::Input(format!(
                    "column {name:?} cannot be the weight and decide the validation at once"
                )));
            }
            facts.weigh(name, &frame.columns[index])?;
        }
        match &settings.validation {
            Validation::Time(name) => {
                let index = find(frame, name, "order rows by", target)?;
                facts.order(name, &frame.columns[index], &plans[index])?;
            }
            Validation::Group(name) => {
                let index = find(frame, name, "group rows by", target)?;
                facts.group(name, &frame.columns[index]);
            }
            Validation::Auto | Validation::Holdout | Validation::Folds(_) => {}
        }
        Ok(facts)
    }

    fn weigh(&mut self, name: &str, column: &Column) -> Result<(), Error> {
        let Column::Number(values) = column else {
            return Err(Error::Input(format!(
                "column {name:?} holds text, so it cannot be the weight of rows; name a column of numbers"
            )));
        };
        let counts = self.counts.iter().zip(values);
        let counted = || {
            counts
                .clone()
                .filter(|(counts, _)| **counts)
                .map(|(_, value)| *value)
        };
        let missing = counted().filter(|value| value.is_nan()).count();
        if missing > 0 {
            return Err(Error::Input(format!(
                "the weight {name:?} is missing in {missing} rows that have a target; give every row a weight (0 leaves it out)"
            )));
        }
        if let Some(bad) = counted().find(|value| *value < 0.0 || value.is_infinite()) {
            return Err(Error::Input(format!(
                "the weight {name:?} is {bad} in some row; weights must be finite and not negative"
            )));
        }
        let zeros = counted().filter(|value| *value == 0.0).count();
        if zeros == counted().count() {
            return Err(Error::Input(format!(
                "the weight {name:?} is 0 in every row, so that no row counts"
            )));
        }
        for (counts, value) in self.counts.iter_mut().zip(values) {
            *counts &= *value > 0.0;
        }
        self.notes.push(format!(
            "Rows count by `{name}` in fits and in scores; it is no feature."
        ));
        if zeros > 0 {
            self.notes.push(format!(
                "{zeros} rows of weight 0 were left out: they count nothing."
            ));
        }
        self.weights = Some(values.clone());
        Ok(())
    }

    fn order(&mut self, name: &str, column: &Column, plan: &ColumnPlan) -> Result<(), Error> {
        let instants = instants(column, plan).ok_or_else(|| {
            Error::Input(format!(
                "column {name:?} holds neither numbers nor dates of one known format, so rows cannot be ordered by it"
            ))
        })?;
        let mut missing = 0;
        for (counts, instant) in self.counts.iter_mut().zip(&instants) {
            if *counts && !instant.is_finite() {
                *counts = false;
                missing += 1;
            }
        }
        if missing > 0 {
            self.notes.push(format!(
                "{missing} rows without a time in `{name}` were left out: nobody can say whether they are earlier or later than others."
            ));
        }
        self.constraint = Constraint::Instants(instants);
        Ok(())
    }

    fn group(&mut self, name: &str, column: &Column) {
        let (groups, missing) = groups(column);
        let counted = self.counts.iter().zip(&groups);
        let alone = counted
            .filter(|(counts, group)| **counts && **group == missing)
            .count();
        if alone > 0 {
            self.notes.push(format!(
                "{alone} rows without a group in `{name}` are kept together as one group: they may belong to each other."
            ));
        }
        self.constraint = Constraint::Groups(groups);
    }
}

/// The index of a column that is to do something with rows.
fn find(frame: &Frame, name: &str, what: &str, target: usize) -> Result<usize, Error> {
    let Some(index) = frame.position(name) else {
        return Err(Error::Input(format!(
            "there is no column {name:?} to {what}; {}",
            closest_names(name, &frame.names)
        )));
    };
    if index == target {
        return Err(Error::Input(format!(
            "the target {name:?} cannot be the column to {what}: it is not known of a new row"
        )));
    }
    Ok(index)
}

/// Numbers as they are, dates in days since 1970; NaN where there is none. `None` for text that is no dates.
fn instants(column: &Column, plan: &ColumnPlan) -> Option<Vec<f64>> {
    match column {
        Column::Number(values) => Some(values.clone()),
        Column::Text { codes, dictionary } => {
            let format = plan.date?;
            let moments: Vec<f64> = dictionary
                .iter()
                .map(|text| {
                    let moment = format.parse(text);
                    moment.map_or(f64::NAN, |moment| {
                        moment.part(model::transform::date::DatePart::Day)
                    })
                })
                .collect();
            let moment = |&code: &u32| moments.get(code as usize).copied().unwrap_or(f64::NAN);
            Some(codes.iter().map(moment).collect())
        }
    }
}

/// Groups counted from 0, and the one of rows that have none.
fn groups(column: &Column) -> (Vec<u32>, u32) {
    match column {
        Column::Text { codes, dictionary } => {
            let none = dictionary.len() as u32;
            (codes.iter().map(|&code| code.min(none)).collect(), none)
        }
        Column::Number(values) => {
            let mut distinct: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            distinct.sort_unstable_by(f64::total_cmp);
            // Negative zero is the same group as zero.
            distinct.dedup_by(|a, b| a == b);
            let none = distinct.len() as u32;
            let group = |value: &f64| {
                if value.is_nan() {
                    none
                } else {
                    distinct.partition_point(|other| other < value) as u32
                }
            };
            (values.iter().map(group).collect(), none)
        }
    }
}
