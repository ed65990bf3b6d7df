//! The model on rows whose target is known: the holdout's metrics once more.

use model::value::{self, parse_number};
use model::{Model, ProblemType};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::metrics::{METRICS, Metric};
use crate::plan::{Target, number_label};
use crate::train::{MetricValue, as_decided};

/// Outputs that are kept to compute metrics on; of a larger file a sample of rows is.
const KEPT_OUTPUTS: usize = 1_000_000;
/// Seed of that sample: the same file gives the same figures.
const SEED: u64 = 42;

/// What a model is worth on a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Rows with a target that the model can be compared with.
    pub rows: u64,
    /// Rows that the metrics were computed on: all, or a random sample of a large file.
    pub rows_used: u64,
    /// Rows whose target is none of the classes, or no number.
    pub rows_unusable: u64,
    /// Every metric that is defined on these rows.
    pub metrics: Vec<Comparison>,
}

/// A metric here and on the holdout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Which.
    pub metric: Metric,
    /// On these rows.
    pub value: f64,
    /// On the holdout, where it is known.
    pub holdout: Option<f64>,
}

/// Rows with their target, as they come.
pub(super) struct Actuals<'a> {
    model: &'a Model,
    capacity: usize,
    codes: Vec<u32>,
    values: Vec<f64>,
    outputs: Vec<f64>,
    rows: u64,
    unusable: u64,
    random: Pcg64Mcg,
}

impl<'a> Actuals<'a> {
    /// None yet.
    pub fn new(model: &'a Model) -> Self {
        Self {
            model,
            capacity: (KEPT_OUTPUTS / model.outputs()).max(1000),
            codes: Vec::new(),
            values: Vec::new(),
            outputs: Vec::new(),
            rows: 0,
            unusable: 0,
            random: Pcg64Mcg::seed_from_u64(SEED),
        }
    }

    /// Adds a row: the cell of its target, and what the model answered.
    pub fn add(&mut self, cell: &str, outputs: &[f64]) {
        if value::is_missing(value::trim_blanks(cell)) {
            return;
        }
        let Some((code, value)) = self.actual(cell) else {
            self.unusable += 1;
            return;
        };
        self.rows += 1;
        if self.codes.len() < self.capacity {
            self.codes.push(code);
            self.values.push(value);
            self.outputs.extend_from_slice(outputs);
            return;
        }
        // Reservoir sampling (Vitter 1985, algorithm R): every row has the same chance to be among those kept.
        let place = self.random.random_range(0..self.rows) as usize;
        if place < self.capacity {
            self.codes[place] = code;
            self.values[place] = value;
            self.outputs[place * outputs.len()..][..outputs.len()].copy_from_slice(outputs);
        }
    }

    /// The figures, or why there are none.
    pub fn evaluation(self, holdout: &[MetricValue]) -> Result<Evaluation, String> {
        if self.rows == 0 {
            let target = &self.model.target;
            return Err(match self.unusable {
                0 => format!("No row has a value of {target}."),
                count => format!("None of the {count} values of {target} is one that the model predicts."),
            });
        }
        let rows_used = self.codes.len() as u64;
        let target = if self.model.problem == ProblemType::Regression {
            Target::Values(self.values)
        } else {
            Target::Classes {
                codes: self.codes,
                labels: self.model.classes.clone(),
            }
        };
        let decided = as_decided(self.model, &self.outputs);
        let mut metrics = Vec::new();
        for entry in METRICS {
            let known = holdout.iter().find(|known| known.metric == entry.metric);
            let is_asked = known.is_some() || !entry.metric.is_of_outer_quantile();
            if !entry.problems.contains(&self.model.problem) || !is_asked {
                continue;
            }
            let outputs = match entry.metric.is_of_labels() {
                true => &decided,
                false => &self.outputs,
            };
            if let Some(value) = entry.metric.evaluate(&target, outputs) {
                metrics.push(Comparison {
                    metric: entry.metric,
                    value,
                    holdout: known.map(|known| known.value),
                });
            }
        }
        Ok(Evaluation {
            rows: self.rows,
            rows_used,
            rows_unusable: self.unusable,
            metrics,
        })
    }

    /// Class and value that a cell of the target means; a number is a class as training has named it.
    fn actual(&self, cell: &str) -> Option<(u32, f64)> {
        if self.model.problem == ProblemType::Regression {
            return parse_number(cell)
                .filter(|value| value.is_finite())
                .map(|value| (0, value));
        }
        let position = |label: &str| self.model.classes.iter().position(|class| class == label);
        let named = position(cell).or_else(|| position(&number_label(parse_number(cell)?)));
        Some((u32::try_from(named?).ok()?, 0.0))
    }
}
