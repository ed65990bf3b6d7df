//! Features that know the target too well: what a single one tells of rows that it was not looked at with.

use model::{Feature, FeatureKind, Input};

use super::Target;

/// From this share of what there is to tell on, a feature alone tells too much to be believed.
const SUSPECT: f64 = 0.98;
/// Rows that are looked at, at most and at least, and cells in all: half of the rows are learned from, half are asked.
const ROWS: (usize, usize) = (20_000, 500);
const CELLS: usize = 5_000_000;
/// Bins of a number, besides the one of missing values.
const MOST_BINS: usize = 255;
/// Rows that the most frequent class gets wrong, at least: fewer say nothing.
const FEWEST_ERRORS: usize = 10;
/// Columns that are named at most.
const MOST_NAMED: usize = 10;

/// A line for every raw column of which a single feature predicts the target (nearly) perfectly. `columns` are the encoded
/// training rows.
pub fn suspects(
    features: &[Feature],
    inputs: &[Input],
    columns: &[Vec<f64>],
    target: &Target,
) -> Vec<String> {
    let rows = target.len();
    let wanted = (CELLS / features.len().max(1)).clamp(ROWS.1, ROWS.0).min(rows);
    let sample: Vec<usize> = (0..wanted).map(|index| index * rows / wanted.max(1)).collect();
    let mut best: Vec<Option<Known>> = vec![None; inputs.len()];
    for (feature, values) in features.iter().zip(columns) {
        let bins = bins(values, &sample, feature.kind);
        let Some(known) = (match target {
            Target::Classes { codes, labels } => of_classes(&bins, &sample, codes, labels.len()),
            Target::Values(values) => of_values(&bins, &sample, values),
        }) else {
            continue;
        };
        let own = &mut best[feature.input];
        if known.share >= SUSPECT && own.as_ref().is_none_or(|own| own.share < known.share) {
            *own = Some(known);
        }
    }
    let named = inputs
        .iter()
        .zip(best)
        .filter_map(|(input, known)| Some((&input.name, known?)));
    let line = |(name, known): (&String, Known)| {
        format!(
            "Leakage suspect: `{name}` alone {}; leave it out unless it is known before the prediction.",
            known.words
        )
    };
    named.map(line).take(MOST_NAMED).collect()
}

/// What a feature alone tells.
#[derive(Clone)]
struct Known {
    /// Of what there is to tell: 0 as much as the most frequent class or the mean, 1 everything.
    share: f64,
    /// In words.
    words: String,
}

/// The bin of each sampled row: a category's code, or which part of the values a number is in, 0 when it is missing.
fn bins(values: &[f64], sample: &[usize], kind: FeatureKind) -> Vec<usize> {
    if let FeatureKind::Category { .. } = kind {
        return sample.iter().map(|&row| values[row] as usize).collect();
    }
    // Cut by the rows that are learned from, so that no bin is without one.
    let learned = sample.iter().step_by(2).map(|&row| values[row]);
    let mut sorted: Vec<f64> = learned.filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = (sorted.len() / 4).clamp(1, MOST_BINS);
    let mut cuts: Vec<f64> = (1..count).map(|cut| sorted[cut * sorted.len() / count]).collect();
    cuts.dedup();
    let bin = |&row: &usize| {
        let value = values[row];
        if value.is_nan() {
            0
        } else {
            1 + cuts.partition_point(|cut| *cut <= value)
        }
    };
    sample.iter().map(bin).collect()
}

/// How much better than the most frequent class the most frequent one of each bin is.
fn of_classes(bins: &[usize], sample: &[usize], codes: &[u32], classes: usize) -> Option<Known> {
    let width = bins.iter().max()? + 1;
    let mut counts = vec![0_u32; (width + 1) * classes];
    for (index, (&bin, &row)) in bins.iter().zip(sample).enumerate() {
        if index % 2 == 0 {
            counts[bin * classes + codes[row] as usize] += 1;
            counts[width * classes + codes[row] as usize] += 1;
        }
    }
    let largest = |bin: usize| {
        let own = &counts[bin * classes..][..classes];
        (0..classes).max_by_key(|&class| (own[class], std::cmp::Reverse(class)))
    };
    let usual = largest(width)?;
    let answers: Vec<usize> = (0..width)
        .map(|bin| {
            let is_seen = counts[bin * classes..][..classes].iter().any(|&count| count > 0);
            largest(bin).filter(|_| is_seen).unwrap_or(usual)
        })
        .collect();
    let (mut asked, mut wrong, mut usually_wrong) = (0, 0, 0);
    for (&bin, &row) in bins.iter().zip(sample).skip(1).step_by(2) {
        let class = codes[row] as usize;
        asked += 1;
        wrong += usize::from(answers[bin] != class);
        usually_wrong += usize::from(usual != class);
    }
    if usually_wrong < FEWEST_ERRORS {
        return None;
    }
    let right = |wrong: usize| 100.0 * (asked - wrong) as f64 / f64::from(asked as u32);
    Some(Known {
        share: 1.0 - wrong as f64 / usually_wrong as f64,
        words: format!(
            "tells the class of {:.1} % of the training rows right ({:.1} % without it)",
            right(wrong),
            right(usually_wrong)
        ),
    })
}

/// The share of the target's variance that the means of the bins explain.
fn of_values(bins: &[usize], sample: &[usize], values: &[f64]) -> Option<Known> {
    let width = bins.iter().max()? + 1;
    let mut sums = vec![(0.0, 0.0); width + 1];
    for (&bin, &row) in bins.iter().zip(sample).step_by(2) {
        for place in [bin, width] {
            sums[place].0 += values[row];
            sums[place].1 += 1.0;
        }
    }
    let mean = |(sum, count): (f64, f64)| sum / count;
    let usual = mean(sums[width]);
    let (mut error, mut variance) = (0.0, 0.0);
    for (&bin, &row) in bins.iter().zip(sample).skip(1).step_by(2) {
        let answer = if sums[bin].1 > 0.0 { mean(sums[bin]) } else { usual };
        error += (values[row] - answer).powi(2);
        variance += (values[row] - usual).powi(2);
    }
    let share = 1.0 - error / variance;
    share.is_finite().then(|| Known {
        share,
        words: format!(
            "explains {:.1} % of the target's variance (R²) in the training rows",
            100.0 * share
        ),
    })
}

#[cfg(test)]
mod tests {
    use model::InputKind;

    use super::*;

    fn found(columns: &[Vec<f64>], kinds: &[FeatureKind], target: &Target) -> Vec<String> {
        let (mut features, mut inputs) = (Vec::new(), Vec::new());
        for (input, kind) in kinds.iter().enumerate() {
            let name = format!("x{input}");
            features.push(Feature {
                name: name.clone(),
                input,
                kind: *kind,
            });
            inputs.push(Input {
                name,
                kind: InputKind::Number,
                range: None,
                examples: Vec::new(),
                typical: String::new(),
            });
        }
        suspects(&features, &inputs, columns, target)
    }

    /// A number in 0..1 by row and column.
    fn noise(row: usize, column: u64) -> f64 {
        let mut bits =
            (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ column.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits ^= bits >> 31;
        bits = bits.wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits >> 40) as f64 / (1_u64 << 24) as f64
    }

    #[test]
    fn what_tells_the_class_is_told() {
        let rows = 0..2_000;
        let codes: Vec<u32> = rows.clone().map(|row| u32::from(noise(row, 0) > 0.7)).collect();
        let target = Target::Classes {
            codes: codes.clone(),
            labels: vec!["a".into(), "b".into()],
        };
        // Filled in only when it has happened; good but no leak; noise; a category of its own for nearly every row.
        let missing = rows
            .clone()
            .map(|row| if codes[row] == 1 { noise(row, 1) } else { f64::NAN })
            .collect();
        let good = rows
            .clone()
            .map(|row| noise(row, 0) + 0.3 * noise(row, 2))
            .collect();
        let nothing = rows.clone().map(|row| noise(row, 3)).collect();
        let many = rows.map(|row| row as f64).collect();
        let number = FeatureKind::Number;
        let kinds = [
            number,
            number,
            number,
            FeatureKind::Category { cardinality: 2_000 },
        ];
        let lines = found(&[missing, good, nothing, many], &kinds, &target);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].contains("`x0` alone tells the class of 100.0 %"),
            "{lines:?}"
        );
    }

    #[test]
    fn what_repeats_a_value_is_told() {
        let rows = 0..2_000;
        let values: Vec<f64> = rows.clone().map(|row| 100.0 * noise(row, 0)).collect();
        let bent = values.iter().map(|value| (value / 20.0).exp()).collect();
        let near = rows.map(|row| values[row] + 30.0 * noise(row, 1)).collect();
        let lines = found(
            &[bent, near],
            &[FeatureKind::Number; 2],
            &Target::Values(values.clone()),
        );
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("`x0` alone explains"), "{lines:?}");
    }

    #[test]
    fn few_rows_and_one_value_are_no_suspects() {
        let number = [FeatureKind::Number];
        assert!(found(&[vec![1.0, 2.0]], &number, &Target::Values(vec![5.0, 5.0])).is_empty());
        let target = Target::Classes {
            codes: vec![0, 0, 0, 1, 1, 1],
            labels: vec!["a".into(), "b".into()],
        };
        assert!(found(&[vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0]], &number, &target).is_empty());
    }
}
