//! The out-of-fold rows that calibration looks at.

use model::Calibration;

use super::{Given, mean};

/// Outputs that are looked at; of more rows an even sample is taken.
const OUTPUTS_LIMIT: usize = 100_000;
/// As in the log loss metric.
const SMALLEST: f64 = 1e-15;

/// Rows with their probabilities.
pub(super) struct Sample {
    rows: Vec<u32>,
    /// Class of each row.
    pub codes: Vec<u32>,
    /// What each row counts.
    pub weights: Vec<f64>,
    outputs: Vec<f64>,
    /// Number of classes.
    pub width: usize,
}

impl Sample {
    /// The rows that are looked at.
    pub fn new(given: &Given<'_>) -> Self {
        let total = given.codes.len();
        let width = (given.outputs.len() / total.max(1)).max(1);
        let wanted = total.min(OUTPUTS_LIMIT / width);
        let mut sample = Self::empty(width);
        for place in 0..wanted {
            let row = place * total / wanted;
            sample.push(
                given.rows[row],
                (
                    given.codes[row],
                    given.weights.map_or(1.0, |weights| weights[row]),
                ),
                &given.outputs[row * width..][..width],
            );
        }
        sample
    }

    fn empty(width: usize) -> Self {
        Self {
            rows: Vec::new(),
            codes: Vec::new(),
            weights: Vec::new(),
            outputs: Vec::new(),
            width,
        }
    }

    fn push(&mut self, row: u32, (code, weight): (u32, f64), outputs: &[f64]) {
        self.rows.push(row);
        self.codes.push(code);
        self.weights.push(weight);
        self.outputs.extend_from_slice(outputs);
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Two halves; which one a row is in follows from its number, however the table is sorted.
    pub fn halves(&self) -> [Self; 2] {
        let mut halves = [Self::empty(self.width), Self::empty(self.width)];
        for (place, row) in self.rows.iter().enumerate() {
            let mixed = u64::from(*row).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let half = &mut halves[(mixed >> 63) as usize];
            half.push(
                *row,
                (self.codes[place], self.weights[place]),
                &self.outputs[place * self.width..][..self.width],
            );
        }
        halves
    }

    /// Probabilities of the second class.
    pub fn second(&self) -> Vec<f64> {
        self.outputs.chunks_exact(2).map(|row| row[1]).collect()
    }

    /// Log loss row by row.
    pub fn losses(&self, calibration: Option<&Calibration>) -> Vec<f64> {
        let mut row = vec![0.0; self.width];
        let mut losses = Vec::with_capacity(self.len());
        for (code, outputs) in self.codes.iter().zip(self.outputs.chunks_exact(self.width)) {
            row.copy_from_slice(outputs);
            if let Some(calibration) = calibration {
                calibration.apply(&mut row);
            }
            losses.push(-row[*code as usize].clamp(SMALLEST, 1.0).ln());
        }
        losses
    }

    /// Mean log loss with a calibration, by weight.
    pub fn loss(&self, calibration: &Calibration) -> f64 {
        mean(&self.losses(Some(calibration)), &self.weights)
    }
}
