//! Isotonic regression by pooling adjacent violators (Ayer et al. 1955), thinned to a line through few points.

use model::Calibration;

/// Points of a line at most.
const MOST_POINTS: usize = 200;

/// Rows that share a height.
#[derive(Clone, Copy)]
struct Block {
    /// Sum of their probabilities.
    probabilities: f64,
    /// How many are of the second class.
    positives: f64,
    rows: f64,
}

impl Block {
    fn height(&self) -> f64 {
        self.positives / self.rows
    }
}

/// The line through the middle of each block; `None` with fewer than two blocks.
pub(super) fn fit(probabilities: &[f64], codes: &[u32]) -> Option<Calibration> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|left, right| probabilities[*left].total_cmp(&probabilities[*right]));
    let mut blocks: Vec<Block> = Vec::new();
    for row in order {
        blocks.push(Block {
            probabilities: probabilities[row],
            positives: f64::from(codes[row]),
            rows: 1.0,
        });
        while let [.., before, last] = blocks.as_slice() {
            if before.height() < last.height() {
                break;
            }
            let pooled = Block {
                probabilities: before.probabilities + last.probabilities,
                positives: before.positives + last.positives,
                rows: before.rows + last.rows,
            };
            blocks.truncate(blocks.len() - 2);
            blocks.push(pooled);
        }
    }
    // A share of 0 or 1 is never sure: half a row is kept on the other side.
    let margin = 0.5 / probabilities.len().max(1) as f64;
    let step = blocks.len().div_ceil(MOST_POINTS).max(1);
    let mut points: Vec<(f64, f64)> = Vec::new();
    for group in blocks.chunks(step) {
        let rows: f64 = group.iter().map(|block| block.rows).sum();
        let at = group.iter().map(|block| block.probabilities).sum::<f64>() / rows;
        let height = group.iter().map(|block| block.positives).sum::<f64>() / rows;
        if points.last().is_none_or(|last| last.0 < at) {
            points.push((at, height.clamp(margin, 1.0 - margin)));
        }
    }
    (points.len() >= 2).then_some(Calibration::Isotonic { points })
}
