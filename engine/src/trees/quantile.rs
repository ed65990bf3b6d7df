//! The weighted quantile.

/// The value that `percent` of the weight is below and the rest above: between two of them their mean. Pairs of a value and a
/// positive weight, at least one; their order is changed, and does not matter. `percent` is above 0 and below 100.
pub fn quantile(pairs: &mut [(f64, f64)], percent: u8) -> f64 {
    let is_counted = pairs.iter().all(|pair| pair.1 == 1.0);
    let compare = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0);
    if is_counted {
        let below = pairs.len() * usize::from(percent);
        let (lower, &mut (upper, _), _) = pairs.select_nth_unstable_by(below / 100, compare);
        let lower = lower.iter().map(|pair| pair.0).max_by(f64::total_cmp);
        return match lower {
            Some(lower) if below.is_multiple_of(100) => f64::midpoint(lower, upper),
            _ => upper,
        };
    }
    // By weight as well, so that sums do not depend on the order that rows came in.
    pairs.sort_unstable_by(|a, b| compare(a, b).then(a.1.total_cmp(&b.1)));
    // In hundredths, so that whole weights are compared exactly.
    let wanted = pairs.iter().map(|pair| pair.1).sum::<f64>() * f64::from(percent);
    let mut sum = 0.0;
    for (place, &(value, weight)) in pairs.iter().enumerate() {
        sum += weight * 100.0;
        if sum > wanted {
            return value;
        }
        if sum == wanted {
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
            assert_eq!(quantile(&mut pairs.to_vec(), 50), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_tenth_is_above_the_ninetieth() {
        let mut tens: Vec<(f64, f64)> = (0..20).map(|k| (f64::from(k), 1.0)).collect();
        assert_eq!(quantile(&mut tens, 90), 17.5);
        assert_eq!(quantile(&mut tens, 10), 1.5);
        assert_eq!(quantile(&mut tens, 99), 19.0);
        assert_eq!(quantile(&mut tens, 1), 0.0);
        assert_eq!(quantile(&mut [(1.0, 9.0), (2.0, 1.0)], 90), 1.5);
        assert_eq!(quantile(&mut [(1.0, 9.0), (2.0, 1.0)], 95), 2.0);
    }

    #[test]
    fn a_weight_is_a_number_of_copies() {
        let values = [4.0, -1.0, 7.5, 0.0, 2.0];
        for seed in 0..50_usize {
            let times = |place: usize| 1 + (seed * 7 + place * 5) % 4;
            let weighted: Vec<(f64, f64)> = (0..5).map(|k| (values[k], times(k) as f64)).collect();
            let copied: Vec<(f64, f64)> = (0..5)
                .flat_map(|k| std::iter::repeat_n((values[k], 1.0), times(k)))
                .collect();
            for percent in [5, 10, 25, 50, 75, 90, 95] {
                assert_eq!(
                    quantile(&mut weighted.clone(), percent),
                    quantile(&mut copied.clone(), percent),
                    "{seed} {percent}"
                );
            }
        }
    }
}
