//! The loss that fits are stopped by: log loss for classes, root mean squared error for values.

use crate::plan::{Target, TargetView};

/// Smallest probability in a log loss, so that one sure mistake does not decide everything.
const FLOOR: f64 = 1e-15;

/// Log loss or RMSE of outputs (row-major, K or 1 a row) for the given rows of the target, which count by their weights.
pub fn of_outputs<'a>(truth: impl Into<TargetView<'a>>, rows: &[u32], outputs: &[f64]) -> f64 {
    if rows.is_empty() {
        return f64::NAN;
    }
    let truth: TargetView<'a> = truth.into();
    let count = truth.total_of(rows);
    match truth.target {
        Target::Classes { codes, labels } => {
            let mut sum = 0.0;
            for (&row, probabilities) in rows.iter().zip(outputs.chunks_exact(labels.len())) {
                let own = probabilities[codes[row as usize] as usize].max(FLOOR);
                sum -= truth.weight(row as usize) * own.ln();
            }
            sum / count
        }
        Target::Values(values) => {
            let mut sum = 0.0;
            for (&row, output) in rows.iter().zip(outputs) {
                sum += truth.weight(row as usize) * (values[row as usize] - output).powi(2);
            }
            (sum / count).sqrt()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_loss_and_rmse() {
        let classes = Target::Classes {
            codes: vec![0, 1],
            labels: vec!["a".into(), "b".into()],
        };
        let loss = of_outputs(&classes, &[1, 0], &[0.75, 0.25, 0.5, 0.5]);
        assert!((loss - (0.25f64.ln() + 0.5f64.ln()) / -2.0).abs() < 1e-12);
        let values = Target::Values(vec![1.0, 3.0]);
        assert_eq!(of_outputs(&values, &[0, 1], &[4.0, 7.0]), 12.5f64.sqrt());
    }
    #[test]
    fn a_row_of_weight_two_is_two_rows() {
        let values = Target::Values(vec![1.0, 3.0]);
        let weighted = TargetView {
            target: &values,
            weights: Some(&[2.0, 1.0]),
        };
        let twice = of_outputs(&values, &[0, 0, 1], &[4.0, 4.0, 7.0]);
        assert!((of_outputs(weighted, &[0, 1], &[4.0, 7.0]) - twice).abs() < 1e-12);
    }
}
