//! A predictor's own answers on prepared rows, on all threads.

use model::Predictor;
use rayon::ThreadPool;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::plan::Prepared;

/// Rows that one thread answers at a time.
const CHUNK: usize = 1_024;

/// Outputs of `predictor` on some training rows: row-major, K (or 1) a row.
pub fn outputs(predictor: &Predictor, data: &Prepared, rows: &[u32], pool: &ThreadPool) -> Vec<f64> {
    let chunks: Vec<Vec<f64>> = pool.install(|| {
        rows.par_chunks(CHUNK)
            .map(|chunk| predictor.predict(&data.train.features, chunk))
            .collect()
    });
    chunks.concat()
}

/// Mean and standard deviation (1 when the values do not vary) of some rows' values, which count by weights where there are
/// some.
pub fn center_and_scale(values: &[f64], weights: Option<&[f64]>, rows: &[u32]) -> (f64, f64) {
    let weight = |row: u32| weights.map_or(1.0, |weights| weights[row as usize]);
    let count = rows
        .iter()
        .map(|&row| weight(row))
        .sum::<f64>()
        .max(f64::MIN_POSITIVE);
    let mean = rows
        .iter()
        .map(|&row| weight(row) * values[row as usize] / count)
        .sum::<f64>();
    let variance = rows
        .iter()
        .map(|&row| weight(row) * (values[row as usize] - mean).powi(2) / count)
        .sum::<f64>();
    let scale = variance.sqrt();
    if scale.is_normal() {
        (mean, scale)
    } else {
        (mean, 1.0)
    }
}
