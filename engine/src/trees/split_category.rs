//! Splits of a category feature into a small listed set and the rest.

use super::split::{Best, BinSet, Rule, Scorer, insert};

/// Most categories on the listed side.
pub const MAX_LISTED: usize = 32;
/// Most codes that the shared bin of rare codes may stand for when it is listed: longer sets make models heavy.
const MAX_SHARED_CODES: usize = 32;

/// True when so many codes share the last bin that it is never listed.
pub fn is_too_wide(codes: usize, bins: usize) -> bool {
    codes + 1 > bins + MAX_SHARED_CODES
}

/// Tries subsets of categories as the left side. Codes not seen in the node go right, with the rest.
///
/// Few categories: each against the rest. Else (`many`): categories ordered by gradient / (hessian + smooth), whose best
/// cut is the best subset (Fisher, JASA 1958), from both ends. The bin `unlisted` never enters the listed side.
pub fn best_subset(scorer: &Scorer<'_>, cells: &[i64], unlisted: Option<u8>, many: bool, best: &mut Best) {
    let mut seen: Vec<u8> = Vec::with_capacity(cells.len());
    for (bin, &cell) in cells.iter().enumerate() {
        let bin = bin as u8;
        let is_frequent = !many || scorer.rows(cell) >= scorer.limits.category_smooth - 0.5;
        if cell != 0 && unlisted != Some(bin) && is_frequent {
            seen.push(bin);
        }
    }
    if !many {
        for &bin in &seen {
            scorer.offer(cells[usize::from(bin)], best, || Rule::In(single(bin)));
        }
        return;
    }
    let order = |bin: u8| {
        let pair = scorer.pair(cells[usize::from(bin)]);
        pair.gradient / (pair.hessian + scorer.limits.category_smooth)
    };
    let mut ordered: Vec<(f64, u8)> = seen.iter().map(|&bin| (order(bin), bin)).collect();
    ordered.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let listed = ordered.len().div_ceil(2).min(MAX_LISTED);
    scan(
        scorer,
        cells,
        ordered.iter().map(|&(_, bin)| bin).take(listed),
        best,
    );
    scan(
        scorer,
        cells,
        ordered.iter().rev().map(|&(_, bin)| bin).take(listed),
        best,
    );
}

/// Offers growing sets, each time enough rows were added since the last.
fn scan(scorer: &Scorer<'_>, cells: &[i64], bins: impl Iterator<Item = u8>, best: &mut Best) {
    let group_rows = scorer.limits.category_group_rows as f64 - 0.5;
    let mut set: BinSet = [0; 4];
    let mut left = 0_i64;
    let mut group = 0.0;
    for bin in bins {
        insert(&mut set, bin);
        left += cells[usize::from(bin)];
        group += scorer.rows(cells[usize::from(bin)]);
        if scorer.rows(scorer.total - left) < group_rows {
            return;
        }
        if group >= group_rows && scorer.is_enough(left) {
            group = 0.0;
            scorer.offer(left, best, || Rule::In(set));
        }
    }
}

fn single(bin: u8) -> BinSet {
    let mut set = [0; 4];
    insert(&mut set, bin);
    set
}
