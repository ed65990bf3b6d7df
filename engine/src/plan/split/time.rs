//! Splits by time: what is scored is later than what was fitted on, and rows of one instant stay together.

use crate::plan::Fold;

/// Share of the rows, the earliest, that no fold scores: every fit has at least that many.
const START_SHARE: f64 = 0.5;

/// Splits rows into earlier ones and about `wanted` later ones, each rising. `None` when all are of one instant.
pub fn latest(instants: &[f64], wanted: usize) -> Option<(Vec<u32>, Vec<u32>)> {
    let ordered = Ordered::new(instants);
    let cut = ordered.nearest_border(instants.len().saturating_sub(wanted))?;
    Some((ordered.part(0, cut), ordered.part(cut, instants.len())))
}

/// At most `k` folds chained forward: the second half of the rows in `k` parts, each scored by what was fitted on everything
/// before it. Fewer where instants are shared by many rows, none when all are of one instant.
pub fn forward(instants: &[f64], k: usize) -> Vec<Fold> {
    let rows = instants.len();
    let ordered = Ordered::new(instants);
    let start = (rows as f64 * START_SHARE) as usize;
    let mut cuts: Vec<usize> = Vec::with_capacity(k + 1);
    for part in 0..k {
        if let Some(cut) = ordered.nearest_border(start + (rows - start) * part / k)
            && cuts.last().is_none_or(|last| cut > *last)
        {
            cuts.push(cut);
        }
    }
    if cuts.is_empty() {
        return Vec::new();
    }
    cuts.push(rows);
    let mut folds = Vec::with_capacity(k);
    for pair in cuts.windows(2) {
        folds.push(Fold {
            fit: ordered.part(0, pair[0]),
            valid: ordered.part(pair[0], pair[1]),
        });
    }
    folds
}

/// Rows in order of time.
struct Ordered {
    rows: Vec<u32>,
    /// Positions in `rows` at which a new instant begins, without 0: where a split may be.
    borders: Vec<usize>,
}

impl Ordered {
    fn new(instants: &[f64]) -> Self {
        let mut rows: Vec<u32> = (0..instants.len() as u32).collect();
        rows.sort_by(|&a, &b| {
            instants[a as usize]
                .total_cmp(&instants[b as usize])
                .then(a.cmp(&b))
        });
        let differs = |at: &usize| instants[rows[at - 1] as usize] != instants[rows[*at] as usize];
        let borders = (1..rows.len()).filter(differs).collect();
        Self { rows, borders }
    }

    /// The border nearest to a position, the earlier of two.
    fn nearest_border(&self, position: usize) -> Option<usize> {
        let after = self.borders.partition_point(|border| *border < position);
        let around = [after.checked_sub(1), Some(after)];
        let near = around
            .into_iter()
            .flatten()
            .filter_map(|index| self.borders.get(index));
        near.copied().min_by_key(|border| border.abs_diff(position))
    }

    /// The rows between two positions, rising.
    fn part(&self, from: usize, to: usize) -> Vec<u32> {
        let mut part = self.rows[from..to].to_vec();
        part.sort_unstable();
        part
    }
}
