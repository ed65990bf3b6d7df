//! Where a feature is cut into bins of one byte.

use std::cmp::Reverse;

/// Most cut points of a numeric feature: with the bin of missing values and the bin behind the last cut this is one byte.
pub const MAX_CUTS: usize = 254;
/// Most bins of a category feature, the bin of the rare codes included.
pub const MAX_CATEGORY_BINS: usize = 256;

/// Cut points of a numeric feature, rising. A value x lies behind all cuts `< x`; `x <= cut` is the question of a split.
///
/// With few distinct values every gap gets a cut; else bins hold about the same number of rows, and a value that is
/// more frequent than that has a bin of its own. `values` is a sample without NaN in any order, with `zeros` zeros beside it
/// (-0.0 and 0.0 compare equal, so they share a bin).
pub fn number_cuts(mut values: Vec<f64>, zeros: usize, max_cuts: usize) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let mut distinct: Vec<(f64, usize)> = Vec::new();
    for value in values {
        match distinct.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => distinct.push((value, 1)),
        }
    }
    if zeros > 0 {
        let place = distinct.partition_point(|&(value, _)| value < 0.0);
        distinct.insert(place, (0.0, zeros));
    }
    if distinct.len() <= max_cuts + 1 {
        return distinct
            .windows(2)
            .map(|pair| between(pair[0].0, pair[1].0))
            .collect();
    }
    even_cuts(&distinct, max_cuts)
}

/// A number c with `low <= c < high`: the midpoint where it exists.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if low <= middle && middle < high {
        middle
    } else {
        low
    }
}

/// Greedy cuts of about equal weight over distinct values with their counts.
fn even_cuts(distinct: &[(f64, usize)], max_cuts: usize) -> Vec<f64> {
    let bins = max_cuts + 1;
    let total: usize = distinct.iter().map(|&(_, count)| count).sum();
    let mean = total as f64 / bins as f64;
    let is_large = |count: usize| count as f64 >= mean;
    let large = distinct.iter().filter(|&&(_, count)| is_large(count)).count();
    let mut rest: usize = distinct
        .iter()
        .filter(|&&(_, count)| !is_large(count))
        .map(|&(_, count)| count)
        .sum();
    let mut rest_bins = bins.saturating_sub(large).max(1);
    let mut goal = rest as f64 / rest_bins as f64;
    let mut cuts = Vec::with_capacity(max_cuts);
    let mut filled = 0;
    for pair in distinct.windows(2) {
        let [(value, count), (next, next_count)] = [pair[0], pair[1]];
        filled += count;
        if !is_large(count) {
            rest -= count;
        }
        let full = filled as f64 >= goal || (is_large(next_count) && filled as f64 >= (goal * 0.5).max(1.0));
        if is_large(count) || full {
            cuts.push(between(value, next));
            if cuts.len() == max_cuts {
                break;
            }
            if !is_large(count) {
                rest_bins = rest_bins.saturating_sub(1).max(1);
                goal = rest as f64 / rest_bins as f64;
            }
            filled = 0;
        }
    }
    cuts
}

/// The bin of every category code, the number of bins, and the bin that several rare codes share, if any.
///
/// Codes keep their own bin where they fit a byte; else the most frequent do and the rest share the last bin.
/// `counts[code]` is the number of training rows.
pub fn category_bins(counts: &[usize]) -> (Vec<u8>, usize, Option<u8>) {
    if counts.len() <= MAX_CATEGORY_BINS {
        let bins = (0..counts.len()).map(|code| code as u8).collect();
        return (bins, counts.len(), None);
    }
    let mut by_count: Vec<usize> = (0..counts.len()).collect();
    by_count.sort_by_key(|&code| (Reverse(counts[code]), code));
    let other = (MAX_CATEGORY_BINS - 1) as u8;
    let mut bins = vec![other; counts.len()];
    for (bin, &code) in by_count.iter().take(MAX_CATEGORY_BINS - 1).enumerate() {
        bins[code] = bin as u8;
    }
    (bins, MAX_CATEGORY_BINS, Some(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_cut_below_its_upper_end() {
        let inf = f64::INFINITY;
        let pairs = [
            (0.0, 1.0),
            (1.0, 1.0_f64.next_up()),
            (-inf, 3.0),
            (3.0, inf),
            (-inf, inf),
            (-f64::MAX, f64::MAX),
        ];
        for (low, high) in pairs {
            let cut = between(low, high);
            assert!(low <= cut && cut < high, "{low} {cut} {high}");
        }
    }

    #[test]
    fn few_values_are_all_told_apart_and_zeros_are_one() {
        assert_eq!(
            number_cuts(vec![2.0, -1.0, 1.0, 1.0], 2, MAX_CUTS),
            vec![-0.5, 0.5, 1.5]
        );
        assert_eq!(number_cuts(vec![2.0, 1.0], 0, MAX_CUTS), vec![1.5]);
        assert_eq!(number_cuts(vec![7.0; 5], 0, MAX_CUTS), Vec::<f64>::new());
        assert_eq!(number_cuts(Vec::new(), 9, MAX_CUTS), Vec::<f64>::new());
    }

    #[test]
    fn many_values_make_bins_of_similar_weight() {
        let mut values: Vec<f64> = (0..10_000).map(f64::from).collect();
        values.extend(vec![77.0; 10_000]);
        let cuts = number_cuts(values.clone(), 0, MAX_CUTS);
        assert!(cuts.len() > 200 && cuts.len() <= MAX_CUTS, "{}", cuts.len());
        assert!(cuts.windows(2).all(|pair| pair[0] < pair[1]));
        // The frequent value stands alone or nearly so, and no other bin is much above the mean.
        let inside = |low: f64, high: f64| {
            values
                .iter()
                .filter(|&&x| x > low && x <= high && x != 77.0)
                .count()
        };
        assert!(cuts.windows(2).all(|pair| inside(pair[0], pair[1]) <= 80));
    }

    #[test]
    fn rare_codes_share_a_bin() {
        let counts: Vec<usize> = (0..300)
            .map(|code| if code < 20 { 1 } else { 300 - code })
            .collect();
        let (bins, count, other) = category_bins(&counts);
        assert_eq!((count, other), (256, Some(255)));
        assert_eq!(bins[20], 0);
        assert_eq!(bins[0], 255);
        assert_eq!(category_bins(&[3, 0, 5]), (vec![0, 1, 2], 3, None));
    }
}
