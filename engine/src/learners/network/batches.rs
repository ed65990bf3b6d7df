//! The rows of a fit as a network takes them, and its loss on them.

use rayon::prelude::*;

use super::layers::Layers;
use super::places::{Fault, Place};
use super::processor::Answering;
use crate::plan::{Target, TargetView};

/// Rows that are predicted at a time on a GPU, and by one thread of the processor.
const CHUNKS: (usize, usize) = (2_048, 256);

/// Rows as a network takes them.
pub struct Batches {
    matrix: Vec<f32>,
    truth: Truth,
    /// What each row counts, 1 on average over all training rows; `None`: all alike.
    weights: Option<Vec<f32>>,
    /// How many.
    pub rows: usize,
    /// Dense inputs a row.
    pub width: usize,
    /// Mean and standard deviation that values were standardised by; (0, 1) for classes.
    pub scale: (f64, f64),
}

enum Truth {
    Classes { codes: Vec<u32>, classes: usize },
    Values(Vec<f32>),
}

impl Batches {
    /// Rows of a target with their dense matrix (row-major).
    pub fn new(target: TargetView<'_>, rows: &[u32], matrix: Vec<f32>, scale: (f64, f64)) -> Self {
        let truth = match target.target {
            Target::Classes { codes, labels } => Truth::Classes {
                codes: rows.iter().map(|&row| codes[row as usize]).collect(),
                classes: labels.len(),
            },
            Target::Values(values) => Truth::Values(
                rows.iter()
                    .map(|&row| ((values[row as usize] - scale.0) / scale.1) as f32)
                    .collect(),
            ),
        };
        let width = matrix.len() / rows.len().max(1);
        Self {
            matrix,
            truth,
            weights: target
                .weights
                .map(|weights| rows.iter().map(|&row| weights[row as usize] as f32).collect()),
            rows: rows.len(),
            width,
            scale,
        }
    }

    /// Raw outputs a row.
    pub fn outputs(&self) -> usize {
        match &self.truth {
            Truth::Classes { classes, .. } => *classes,
            Truth::Values(_) => 1,
        }
    }

    /// Mean loss over all rows: log loss, or RMSE in the target's units.
    ///
    /// # Errors
    /// What the GPU says.
    pub fn loss(&self, layers: &Layers, place: &Place) -> Result<f64, Fault> {
        let sums: Vec<f64> = match place {
            Place::Cpu => {
                let answering = Answering::new(layers);
                let starts = (0..self.rows).into_par_iter().step_by(CHUNKS.1);
                starts
                    .map(|start| {
                        let end = (start + CHUNKS.1).min(self.rows);
                        let inputs = &self.matrix[start * self.width..end * self.width];
                        self.loss_sum(start, &answering.predict(inputs, end - start))
                    })
                    .collect()
            }
            Place::Gpu(gpu) => (0..self.rows)
                .step_by(CHUNKS.0)
                .map(|start| {
                    let end = (start + CHUNKS.0).min(self.rows);
                    let inputs = &self.matrix[start * self.width..end * self.width];
                    let raw = layers
                        .predict(inputs, end - start, gpu)
                        .map_err(|error| place.fault(&error))?;
                    Ok(self.loss_sum(start, &raw))
                })
                .collect::<Result<_, Fault>>()?,
        };
        let total = match &self.weights {
            None => self.rows as f64,
            Some(weights) => weights.iter().copied().map(f64::from).sum(),
        };
        let mean = sums.iter().sum::<f64>() / total.max(f64::MIN_POSITIVE);
        Ok(match &self.truth {
            Truth::Classes { .. } => mean,
            Truth::Values(_) => mean.sqrt() * self.scale.1,
        })
    }

    /// Of the rows from `start` on whose raw outputs are given.
    fn loss_sum(&self, start: usize, raw: &[f32]) -> f64 {
        let rows = raw.chunks_exact(self.outputs()).enumerate();
        rows.map(|(place, raw)| {
            let row = start + place;
            f64::from(self.weight(row)) * self.row_loss(row, raw)
        })
        .sum()
    }

    fn weight(&self, row: usize) -> f32 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    fn row_loss(&self, row: usize, raw: &[f32]) -> f64 {
        match &self.truth {
            Truth::Values(values) => f64::from(raw[0] - values[row]).powi(2),
            Truth::Classes { codes, .. } => {
                let largest = raw.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f64 = raw.iter().map(|&value| f64::from(value - largest).exp()).sum();
                sum.ln() - f64::from(raw[codes[row] as usize] - largest)
            }
        }
    }

    /// Turns raw outputs of some rows into the loss's derivatives by them, each row `share` of the loss.
    pub fn loss_gradient(&self, rows: &[u32], share: f32, smoothing: f32, raw: &mut [f32]) {
        match &self.truth {
            Truth::Values(values) => {
                for (value, &row) in raw.iter_mut().zip(rows) {
                    *value = (*value - values[row as usize]) * (share * self.weight(row as usize));
                }
            }
            Truth::Classes { codes, classes } => {
                let spread = smoothing / *classes as f32;
                for (raw, &row) in raw.chunks_exact_mut(*classes).zip(rows) {
                    let share = share * self.weight(row as usize);
                    let largest = raw.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let mut sum = 0.0;
                    for value in raw.iter_mut() {
                        *value = (*value - largest).exp();
                        sum += *value;
                    }
                    for value in raw.iter_mut() {
                        *value = (*value / sum - spread) * share;
                    }
                    raw[codes[row as usize] as usize] -= (1.0 - smoothing) * share;
                }
            }
        }
    }

    /// Appends the dense inputs of some rows.
    pub fn gather(&self, rows: &[u32], batch: &mut Vec<f32>) {
        batch.reserve(rows.len() * self.width);
        for &row in rows {
            let start = row as usize * self.width;
            batch.extend_from_slice(&self.matrix[start..start + self.width]);
        }
    }
}
