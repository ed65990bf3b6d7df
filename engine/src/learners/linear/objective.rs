//! Mean loss of a linear model over the fit rows, which count by their weights, and its gradient.

use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Rows are summed in that many pieces, whatever the number of threads, so that sums do not depend on it.
const PIECES: usize = 16;
/// Rows whose f32 gradients are added before they go into f64.
const BLOCK: usize = 128;

/// What the rows have as truth.
#[derive(Clone)]
pub enum Truth {
    /// Class indices.
    Classes(Vec<u32>),
    /// Values, centred and with unit variance.
    Values(Vec<f32>),
}

/// Rows and truth of one fit.
pub struct Objective<'a> {
    /// Row-major, `width` a row.
    pub matrix: &'a [f32],
    /// Columns.
    pub width: usize,
    /// Raw outputs: 1 for values and two classes, else the number of classes.
    pub outputs: usize,
    /// One a row.
    pub truth: Truth,
    /// What each row counts; `None`: all alike.
    pub weights: Option<Vec<f64>>,
    /// Threads.
    pub pool: &'a ThreadPool,
}

impl Objective<'_> {
    /// Number of parameters: weights (input-major), then the bias of each output.
    pub fn parameters(&self) -> usize {
        (self.width + 1) * self.outputs
    }

    /// Mean loss (log loss, or half the squared error) at `parameters`; the mean gradient goes into `gradient`.
    pub fn evaluate(&self, parameters: &[f64], gradient: &mut [f64]) -> f64 {
        let weights: Vec<f32> = parameters.iter().map(|&value| value as f32).collect();
        let rows = self.rows();
        let pieces: Vec<(f64, Vec<f64>)> = self.pool.install(|| {
            (0..PIECES)
                .into_par_iter()
                .map(|piece| self.piece(&weights, rows * piece / PIECES, rows * (piece + 1) / PIECES))
                .collect()
        });
        gradient.fill(0.0);
        let mut loss = 0.0;
        for (piece_loss, piece_gradient) in &pieces {
            loss += piece_loss;
            for (sum, value) in gradient.iter_mut().zip(piece_gradient) {
                *sum += value;
            }
        }
        let scale = match &self.weights {
            None => 1.0 / rows.max(1) as f64,
            Some(weights) => 1.0 / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE),
        };
        for value in gradient.iter_mut() {
            *value *= scale;
        }
        loss * scale
    }

    fn rows(&self) -> usize {
        match &self.truth {
            Truth::Classes(classes) => classes.len(),
            Truth::Values(values) => values.len(),
        }
    }

    fn piece(&self, weights: &[f32], start: usize, end: usize) -> (f64, Vec<f64>) {
        let mut gradient = vec![0.0; weights.len()];
        let mut block_gradient = vec![0.0f32; weights.len()];
        let mut raw = vec![0.0f32; self.outputs];
        let mut loss = 0.0;
        let mut row = start;
        while row < end {
            let block_end = (row + BLOCK).min(end);
            block_gradient.fill(0.0);
            while row < block_end {
                let inputs = &self.matrix[row * self.width..(row + 1) * self.width];
                raw_outputs(weights, inputs, &mut raw);
                let mut row_loss = self.residuals(row, &mut raw);
                if let Some(weights) = &self.weights {
                    row_loss *= weights[row];
                    raw.iter_mut().for_each(|value| *value *= weights[row] as f32);
                }
                loss += row_loss;
                add_outer(inputs, &raw, &mut block_gradient);
                row += 1;
            }
            for (sum, &value) in gradient.iter_mut().zip(&block_gradient) {
                *sum += f64::from(value);
            }
        }
        (loss, gradient)
    }

    /// Turns the raw outputs of a row into the loss's derivatives by them; returns the loss.
    fn residuals(&self, row: usize, raw: &mut [f32]) -> f64 {
        match &self.truth {
            Truth::Values(values) => {
                let residual = raw[0] - values[row];
                raw[0] = residual;
                0.5 * f64::from(residual).powi(2)
            }
            Truth::Classes(classes) if raw.len() == 1 => {
                let z = f64::from(raw[0]);
                let truth = f64::from(classes[row]);
                let loss = z.max(0.0) - z * truth + (-z.abs()).exp().ln_1p();
                raw[0] = (1.0 / (1.0 + (-z).exp()) - truth) as f32;
                loss
            }
            Truth::Classes(classes) => {
                let class = classes[row] as usize;
                let largest = raw.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let of_class = raw[class] - largest;
                let mut sum = 0.0;
                for value in raw.iter_mut() {
                    *value = (*value - largest).exp();
                    sum += *value;
                }
                for value in raw.iter_mut() {
                    *value /= sum;
                }
                raw[class] -= 1.0;
                f64::from(sum).ln() - f64::from(of_class)
            }
        }
    }
}

fn raw_outputs(weights: &[f32], inputs: &[f32], raw: &mut [f32]) {
    let outputs = raw.len();
    let (weights, bias) = weights.split_at(inputs.len() * outputs);
    raw.copy_from_slice(bias);
    if outputs == 1 {
        raw[0] += dot(weights, inputs);
        return;
    }
    for (&value, weights) in inputs.iter().zip(weights.chunks_exact(outputs)) {
        // One-hot and piecewise columns are mostly zero.
        if value != 0.0 {
            for (sum, &weight) in raw.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
    }
}

fn add_outer(inputs: &[f32], residuals: &[f32], gradient: &mut [f32]) {
    let outputs = residuals.len();
    let (weights, bias) = gradient.split_at_mut(inputs.len() * outputs);
    for (sum, &residual) in bias.iter_mut().zip(residuals) {
        *sum += residual;
    }
    if outputs == 1 {
        for (sum, &value) in weights.iter_mut().zip(inputs) {
            *sum += residuals[0] * value;
        }
        return;
    }
    for (&value, sums) in inputs.iter().zip(weights.chunks_exact_mut(outputs)) {
        if value != 0.0 {
            for (sum, &residual) in sums.iter_mut().zip(residuals) {
                *sum += residual * value;
            }
        }
    }
}

/// Dot product in eight lanes, so that the compiler can use vectors.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let mut rest = 0.0;
    for (&x, &y) in a_chunks.remainder().iter().zip(b_chunks.remainder()) {
        rest += x * y;
    }
    for (x, y) in a_chunks.zip(b_chunks) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(truth: Truth, outputs: usize) {
        check_weighted(truth.clone(), outputs, None);
        let weights = (0..20).map(|row| f64::from(row % 3) + 0.5).collect();
        check_weighted(truth, outputs, Some(weights));
    }

    fn check_weighted(truth: Truth, outputs: usize, weights: Option<Vec<f64>>) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let matrix: Vec<f32> = (0..60)
            .map(|cell| ((cell * 7919) % 13) as f32 / 6.0 - 1.0)
            .collect();
        let objective = Objective {
            matrix: &matrix,
            width: 3,
            outputs,
            truth,
            weights,
            pool: &pool,
        };
        let parameters: Vec<f64> = (0..objective.parameters())
            .map(|index| (index as f64 * 0.7).sin())
            .collect();
        let mut gradient = vec![0.0; parameters.len()];
        objective.evaluate(&parameters, &mut gradient);
        let mut ignored = gradient.clone();
        for index in 0..parameters.len() {
            let mut at = |step: f64| {
                let mut moved = parameters.clone();
                moved[index] += step;
                objective.evaluate(&moved, &mut ignored)
            };
            let slope = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!(
                (slope - gradient[index]).abs() < 2e-3,
                "parameter {index}: {slope} {}",
                gradient[index]
            );
        }
    }

    #[test]
    fn gradients_agree_with_differences() {
        check(Truth::Values((0..20).map(|row| (row % 5) as f32).collect()), 1);
        check(Truth::Classes((0..20).map(|row| row % 2).collect()), 1);
        check(Truth::Classes((0..20).map(|row| row % 4).collect()), 4);
    }
}
