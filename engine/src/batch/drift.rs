//! How the columns of a file differ from those that a model was trained on: the population stability index, column by column.
//!
//! PSI = Σ (q - p) ln(q / p) over groups of values, p being the share of a group in training and q here, half a row added to each
//! count (Siddiqi 2006; its distribution without drift: Yurdakul 2018). Missing cells are a group of their own.

use std::collections::HashMap;

use model::value::{self, parse_number};
use model::{InputKind, Model};
use serde::{Deserialize, Serialize};

use super::schema::Schema;
use crate::profile::{ColumnProfile, Kind, NumberStatistics, Profile, number_text};
use crate::read::stream::Block;

/// With fewer rows chance alone looks like drift.
const FEWEST_ROWS: u64 = 100;
/// Groups of a number column at most.
const NUMBER_GROUPS: usize = 10;
/// From here on values are said to have shifted, and to have shifted much.
const MODERATE: f64 = 0.1;
const LARGE: f64 = 0.25;
/// What chance explains is no drift: the index must be so many times what is expected of two samples of one population.
const BEYOND_CHANCE: f64 = 3.0;

/// The comparison with the training data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Why nothing can be compared.
    pub absent: Option<String>,
    /// One an input of the model, the largest index first.
    pub columns: Vec<ColumnDrift>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// Which.
    pub column: String,
    /// Population stability index.
    pub psi: Option<f64>,
    /// What that means.
    pub level: Option<Level>,
    /// Why there is no index.
    pub absent: Option<String>,
    /// Share of cells without a value here.
    pub missing_share: f64,
    /// The same in training.
    pub training_missing_share: Option<f64>,
}

/// How far a column is from its training data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing beyond chance.
    None,
    /// Look at it.
    Moderate,
    /// The model may not hold.
    Large,
}

/// Counts of all inputs of a model, as rows come.
pub(super) struct Sketches<'a> {
    model: &'a Model,
    has_profile: bool,
    columns: Vec<Sketch>,
    rows: u64,
}

struct Sketch {
    missing: u64,
    training: Option<(f64, Result<Groups, String>)>,
}

/// Groups of values with their counts in training and here.
struct Groups {
    kind: Grouping,
    training: Vec<u64>,
    training_missing: u64,
    here: Vec<u64>,
}

enum Grouping {
    /// Group `i` ends below `ends[i]`; one more follows.
    Numbers { ends: Vec<f64> },
    /// Values by name; the last group is all others.
    Values {
        groups: HashMap<String, usize>,
        are_numbers: bool,
    },
}

impl<'a> Sketches<'a> {
    /// None yet.
    pub fn new(model: &'a Model, profile: Option<&Profile>) -> Self {
        let mut columns = Vec::with_capacity(model.inputs.len());
        for input in &model.inputs {
            let known = profile.and_then(|profile| {
                let column = profile.columns.iter().find(|column| column.name == input.name)?;
                let groups = Groups::new(column, input.kind, profile.rows as u64);
                Some((column.missing_share, groups))
            });
            columns.push(Sketch {
                missing: 0,
                training: known,
            });
        }
        Self {
            model,
            has_profile: profile.is_some(),
            columns,
            rows: 0,
        }
    }

    /// Counts a block.
    pub fn add(&mut self, schema: &Schema, block: &Block) {
        let kinds = self.model.inputs.iter().map(|input| input.kind);
        for ((sketch, &column), kind) in self.columns.iter_mut().zip(&schema.inputs).zip(kinds) {
            for row in 0..block.rows() {
                sketch.add(block.cell(row, column), kind);
            }
        }
        self.rows += block.rows() as u64;
    }

    /// The comparison.
    pub fn drift(self) -> Drift {
        let absent = if !self.has_profile {
            Some("The profile of the training data is not there any more.".to_owned())
        } else if self.rows < FEWEST_ROWS {
            Some(format!(
                "There are {} rows; with fewer than {FEWEST_ROWS} chance alone looks like drift.",
                self.rows
            ))
        } else {
            None
        };
        let mut columns = Vec::new();
        for (input, sketch) in self.model.inputs.iter().zip(self.columns) {
            let mut column = sketch.compare(self.rows);
            column.column = input.name.clone();
            if absent.is_some() {
                (column.psi, column.level) = (None, None);
                column.absent.clone_from(&absent);
            }
            columns.push(column);
        }
        columns.sort_by(|left, right| right.psi.unwrap_or(-1.0).total_cmp(&left.psi.unwrap_or(-1.0)));
        Drift { absent, columns }
    }
}

impl Sketch {
    fn add(&mut self, cell: &str, kind: InputKind) {
        let read = match kind {
            // A cell that is no number is a row error, and counts as one without a value here.
            InputKind::Number => value::cell_number(cell).filter(|number| !number.is_nan()),
            InputKind::Text => (!value::is_missing(cell)).then_some(0.0),
        };
        let Some(read) = read else {
            self.missing += 1;
            return;
        };
        if let Some((_, Ok(groups))) = &mut self.training {
            let group = groups.kind.of(cell, read);
            groups.here[group] += 1;
        }
    }

    fn compare(self, rows: u64) -> ColumnDrift {
        let mut column = ColumnDrift {
            column: String::new(),
            psi: None,
            level: None,
            absent: None,
            missing_share: self.missing as f64 / rows.max(1) as f64,
            training_missing_share: self.training.as_ref().map(|(share, _)| *share),
        };
        match self.training {
            None => column.absent = Some("The training data has no profile of this column.".to_owned()),
            Some((_, Err(reason))) => column.absent = Some(reason),
            Some((_, Ok(groups))) => {
                let (psi, level) = groups.index(self.missing);
                (column.psi, column.level) = (Some(psi), Some(level));
            }
        }
        column
    }
}

impl Groups {
    fn new(column: &ColumnProfile, kind: InputKind, rows: u64) -> Result<Self, String> {
        match (kind, &column.numbers) {
            (InputKind::Number, Some(numbers)) => Ok(Self::of_numbers(column, numbers)),
            (InputKind::Number, None) => Err("The training data has no number in it.".to_owned()),
            (InputKind::Text, numbers) => match column.kind {
                Kind::Date => Err("Dates are not compared.".to_owned()),
                Kind::Text | Kind::Id => Err("Its values do not repeat enough to be compared.".to_owned()),
                _ if column.top_values.is_empty() => {
                    Err("Its values do not repeat enough to be compared.".to_owned())
                }
                _ => Ok(Self::of_values(column, numbers.is_some(), rows)),
            },
        }
    }

    /// Neighbouring bars of the histogram together, until each group has its share.
    fn of_numbers(column: &ColumnProfile, numbers: &NumberStatistics) -> Self {
        let all: u64 = numbers.histogram.iter().map(|bin| bin.count as u64).sum();
        let share = all.div_ceil(NUMBER_GROUPS as u64).max(1);
        let (mut ends, mut training, mut count) = (Vec::new(), Vec::new(), 0);
        for (place, bin) in numbers.histogram.iter().enumerate() {
            count += bin.count as u64;
            let is_last = place + 1 == numbers.histogram.len();
            if count >= share && !is_last {
                ends.push(bin.to);
                training.push(std::mem::take(&mut count));
            }
        }
        training.push(count);
        Self {
            kind: Grouping::Numbers { ends },
            here: vec![0; training.len()],
            training,
            training_missing: column.missing as u64,
        }
    }

    fn of_values(column: &ColumnProfile, are_numbers: bool, rows: u64) -> Self {
        let mut groups = HashMap::new();
        let mut training = Vec::new();
        for (place, value) in column.top_values.iter().enumerate() {
            groups.insert(value.value.clone(), place);
            training.push(value.count as u64);
        }
        let known: u64 = training.iter().sum();
        training.push(rows.saturating_sub(column.missing as u64 + known));
        Self {
            kind: Grouping::Values { groups, are_numbers },
            here: vec![0; training.len()],
            training,
            training_missing: column.missing as u64,
        }
    }

    fn index(mut self, missing: u64) -> (f64, Level) {
        self.training.push(self.training_missing);
        self.here.push(missing);
        let mut pairs = Vec::new();
        for (before, now) in self.training.iter().zip(&self.here) {
            // A group that nobody is in says nothing.
            if before + now > 0 {
                pairs.push((*before as f64, *now as f64));
            }
        }
        let groups = pairs.len() as f64;
        let before: f64 = pairs.iter().map(|pair| pair.0).sum();
        let now: f64 = pairs.iter().map(|pair| pair.1).sum();
        let mut psi = 0.0;
        for (left, right) in pairs {
            let p = (left + 0.5) / (before + 0.5 * groups);
            let q = (right + 0.5) / (now + 0.5 * groups);
            psi += (q - p) * (q / p).ln();
        }
        let chance = (groups - 1.0).max(0.0) * (1.0 / before.max(1.0) + 1.0 / now.max(1.0));
        let level = if psi < MODERATE || psi < BEYOND_CHANCE * chance {
            Level::None
        } else if psi < LARGE {
            Level::Moderate
        } else {
            Level::Large
        };
        (psi, level)
    }
}

impl Grouping {
    fn of(&self, cell: &str, number: f64) -> usize {
        match self {
            Self::Numbers { ends } => ends.partition_point(|end| *end <= number),
            Self::Values { groups, are_numbers } => {
                let known = groups.get(cell).copied();
                let known = known.or_else(|| {
                    let number = parse_number(cell).filter(|_| *are_numbers)?;
                    groups.get(&number_text(number)).copied()
                });
                known.unwrap_or(groups.len())
            }
        }
    }
}
