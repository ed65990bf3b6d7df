//! The weighted median.

/// The value that half of the weight is below and half above: between two of them their mean. Pairs of a value and a positive
/// weight, at least one; their order is changed, and does not matter.
pub fn median(pairs: &mut [(f64, f64)]) -> f64 {
    let half = pairs.iter().map(|pair| pair.1).sum::<f64>() / 2.0;
    let is_counted = pairs.iter().all(|pair| pair.1 == 1.0);
    let compare = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0);
    if is_counted {
        let middle = pairs.len() / 2;
        let (below, &mut (upper, _), _) = pairs.select_nth_unstable_by(middle, compare);
        let lower = below.iter().map(|pair| pair.0).max_by(f64::total_cmp);
        return match lower {
            Some(lower) if pairs.len().is_multiple_of(2) => f64::midpoint(lower, upper),
            _ => upper,
        };
    }
    // By weight as well, so that sums do not depend on the order that rows came in.
    pairs.sort_unstable_by(|a, b| compare(a, b).then(a.1.total_cmp(&b.1)));
    let mut sum = 0.0;
    for (place, &(value, weight)) in pairs.iter().enumerate() {
        sum += weight;
        if sum > half {
            return value;
        }
        if sum == half {
            let next = pairs.get(place + 1).map_or(value, |pair| pair.0);
            return f64::midpoint(value, next);
        }
    }
    // Rounding alone comes here.
    pairs.last().map_or(f64::NAN, |pair| pair.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_below_and_half_above() {
        for (pairs, expected) in [
            (&[(5.0, 1.0)][..], 5.0),
            (&[(4.0, 1.0), (1.0, 1.0)], 2.5),
            (&[(9.0, 1.0), (1.0, 1.0), (2.0, 1.0)], 2.0),
            (&[(9.0, 1.0), (1.0, 1.0), (2.0, 1.0), (4.0, 1.0)], 3.0),
            (&[(9.0, 4.0), (1.0, 1.0), (2.0, 1.0)], 9.0),
            (&[(9.0, 2.0), (1.0, 1.0), (2.0, 1.0)], 5.5),
            (&[(9.0, 0.5), (1.0, 0.2)], 9.0),
            (&[(3.0, 0.5), (3.0, 0.5), (3.0, 0.3)], 3.0),
        ] {
            assert_eq!(median(&mut pairs.to_vec()), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_weight_is_a_number_of_copies() {
        let values = [4.0, -1.0, 7.5, 0.0, 2.0];
        for seed in 0..50_usize {
            let times = |place: usize| 1 + (seed * 7 + place * 5) % 4;
            let mut weighted: Vec<(f64, f64)> = (0..5).map(|k| (values[k], times(k) as f64)).collect();
            let mut copied: Vec<(f64, f64)> = (0..5)
                .flat_map(|k| std::iter::repeat_n((values[k], 1.0), times(k)))
                .collect();
            assert_eq!(median(&mut weighted), median(&mut copied), "{seed}");
        }
    }
}
