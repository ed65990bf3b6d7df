//! Isotonic regression by pooling adjacent violators (Ayer et al. 1955), thinned to a line through few points.

use model::Calibration;

/// Points of a line at most.
const MOST_POINTS: usize = 200;

/// Rows that share a height; sums by weight.
#[derive(Clone, Copy)]
struct Block {
    /// Of their probabilities.
    probabilities: f64,
    /// Of those that are of the second class.
    positives: f64,
    /// Of all of them.
    rows: f64,
}

impl Block {
    fn height(&self) -> f64 {
        self.positives / self.rows
    }

    fn add(&mut self, other: &Self) {
        self.probabilities += other.probabilities;
        self.positives += other.positives;
        self.rows += other.rows;
    }
}

/// The line through the middle of each block; `None` with fewer than two blocks.
pub(super) fn fit(probabilities: &[f64], codes: &[u32], weights: &[f64]) -> Option<Calibration> {
    let mut blocks: Vec<Block> = Vec::new();
    for block in by_probability(probabilities, codes, weights) {
        blocks.push(block);
        while let [.., before, last] = blocks.as_mut_slice() {
            if before.height() < last.height() {
                break;
            }
            before.add(last);
            blocks.pop();
        }
    }
    // A share of 0 or 1 is never sure: half a row is kept on the other side.
    let margin = 0.5 / blocks.iter().map(|block| block.rows).sum::<f64>().max(1.0);
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

/// One block a probability that occurs, rising: equal probabilities have one height, in whatever order their rows come.
fn by_probability(probabilities: &[f64], codes: &[u32], weights: &[f64]) -> Vec<Block> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|left, right| probabilities[*left].total_cmp(&probabilities[*right]));
    let mut blocks: Vec<Block> = Vec::new();
    let mut last = f64::NAN;
    for row in order {
        let block = Block {
            probabilities: weights[row] * probabilities[row],
            positives: weights[row] * f64::from(codes[row]),
            rows: weights[row],
        };
        match blocks.last_mut() {
            Some(same) if probabilities[row] == last => same.add(&block),
            _ => blocks.push(block),
        }
        last = probabilities[row];
    }
    blocks
}
