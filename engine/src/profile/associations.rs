//! How strongly columns go together, over a bounded number of pairs and rows.

use model::frame::MISSING_CODE;
use model::{Column, Frame};

use super::kinds::HIGH_CARDINALITY;
use super::{Association, ColumnProfile, Measure, Options, Role};
use crate::error::Error;

/// Columns among which all pairs are measured.
const MOST_COLUMNS: usize = 64;
/// Columns measured against the target.
const MOST_WITH_TARGET: usize = 5000;
/// Rows used, evenly spread.
const MOST_ROWS: usize = 10_000;
/// Pairs reported.
const MOST_PAIRS: usize = 50;
/// Below this strength a pair is not worth a line.
const LEAST_STRENGTH: f64 = 0.05;
/// Features this close to the target may be made of it.
const LEAKAGE_STRENGTH: f64 = 0.98;

/// The sampled values of a column.
enum Sample {
    Numbers(Vec<f64>),
    Codes { codes: Vec<u32>, levels: usize },
}

/// The strongest pairs, strongest first. Columns that nearly repeat the target get a warning.
pub(super) fn strongest(
    frame: &Frame,
    columns: &mut [ColumnProfile],
    options: &Options,
    warnings: &mut Vec<String>,
) -> Result<Vec<Association>, Error> {
    let usable: Vec<usize> = (0..columns.len())
        .filter(|&index| is_usable(&columns[index]))
        .collect();
    if usable.len() > MOST_COLUMNS {
        warnings.push(format!(
            "Associations are measured among the first {MOST_COLUMNS} of {} suitable columns.",
            usable.len()
        ));
    }
    let samples: Vec<(usize, Sample)> = usable
        .iter()
        .take(MOST_COLUMNS)
        .map(|&index| (index, sample(&frame.columns[index])))
        .collect();
    let mut pairs = measure_pairs(&samples, columns, options.threads)?;
    let target = options
        .target
        .as_deref()
        .and_then(|name| frame.position(name))
        .filter(|index| usable.contains(index));
    if let Some(target) = target {
        let target_sample = sample(&frame.columns[target]);
        let known = samples.iter().any(|(index, _)| *index == target);
        for (place, &index) in usable.iter().enumerate().take(MOST_WITH_TARGET) {
            if index == target {
                continue;
            }
            let Some((measure, value)) = measure(&sample(&frame.columns[index]), &target_sample) else {
                continue;
            };
            if value.abs() >= LEAKAGE_STRENGTH {
                columns[index].warnings.push(format!(
                    "Leakage suspect: it almost repeats the target {} ({value:.3}); leave it out unless it is known before the prediction.",
                    columns[target].name
                ));
            }
            if place >= MOST_COLUMNS || !known {
                let (left, right) = (columns[index].name.clone(), columns[target].name.clone());
                pairs.push(Association {
                    left,
                    right,
                    measure,
                    value,
                });
            }
        }
    }
    pairs.retain(|pair| pair.value.abs() >= LEAST_STRENGTH);
    pairs.sort_by(|left, right| right.value.abs().total_cmp(&left.value.abs()));
    let name = options.target.as_deref();
    let (with_target, mut others): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .partition(|pair| name.is_some_and(|name| pair.left == name || pair.right == name));
    let mut kept: Vec<Association> = with_target.into_iter().take(MOST_PAIRS / 2).collect();
    others.truncate(MOST_PAIRS - kept.len());
    kept.extend(others);
    kept.sort_by(|left, right| right.value.abs().total_cmp(&left.value.abs()));
    Ok(kept)
}

fn is_usable(column: &ColumnProfile) -> bool {
    match column.role {
        Role::Number => true,
        Role::Category => column.distinct <= HIGH_CARDINALITY,
        Role::Date | Role::Text | Role::Id | Role::Constant | Role::Duplicate | Role::Excluded => false,
    }
}

fn sample(column: &Column) -> Sample {
    let rows = column.len();
    let taken = rows.min(MOST_ROWS);
    // Evenly spread row numbers, without rounding trouble.
    let row = |index: usize| (index as u64 * rows as u64 / taken as u64) as usize;
    match column {
        Column::Number(values) => Sample::Numbers((0..taken).map(|index| values[row(index)]).collect()),
        Column::Text { codes, dictionary } => Sample::Codes {
            codes: (0..taken).map(|index| codes[row(index)]).collect(),
            levels: dictionary.len(),
        },
    }
}

fn measure_pairs(
    samples: &[(usize, Sample)],
    columns: &[ColumnProfile],
    threads: usize,
) -> Result<Vec<Association>, Error> {
    let step = threads.max(1);
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for thread in 0..step {
            running.push(scope.spawn(move || {
                let mut pairs = Vec::new();
                // Every step-th column against all before it: an even share of the triangle.
                for right in (thread..samples.len()).step_by(step) {
                    for left in 0..right {
                        let (left, right) = (&samples[left], &samples[right]);
                        if let Some((measure, value)) = measure(&left.1, &right.1) {
                            let (left, right) = (columns[left.0].name.clone(), columns[right.0].name.clone());
                            pairs.push(((left, right), measure, value));
                        }
                    }
                }
                pairs
            }));
        }
        let mut pairs = Vec::new();
        for thread in running {
            pairs.extend(
                thread
                    .join()
                    .map_err(|_| Error::Internal("measuring associations panicked".into()))?,
            );
        }
        // The order must not depend on the number of threads.
        pairs.sort_by(|left, right| left.0.cmp(&right.0));
        let named = |((left, right), measure, value)| Association {
            left,
            right,
            measure,
            value,
        };
        Ok(pairs.into_iter().map(named).collect())
    })
}

/// The association of two samples; `None` when it is not defined.
fn measure(left: &Sample, right: &Sample) -> Option<(Measure, f64)> {
    let (measure, value) = match (left, right) {
        (Sample::Numbers(left), Sample::Numbers(right)) => (Measure::Pearson, pearson(left, right)?),
        (Sample::Numbers(numbers), Sample::Codes { codes, levels })
        | (Sample::Codes { codes, levels }, Sample::Numbers(numbers)) => (
            Measure::CorrelationRatio,
            correlation_ratio(numbers, codes, *levels)?,
        ),
        (
            Sample::Codes {
                codes: left,
                levels: rows,
            },
            Sample::Codes {
                codes: right,
                levels: columns,
            },
        ) => (Measure::CramersV, cramers_v(left, *rows, right, *columns)?),
    };
    value.is_finite().then_some((measure, value))
}

/// Over rows where both are finite; `None` without spread.
fn pearson(left: &[f64], right: &[f64]) -> Option<f64> {
    let (mut count, mut left_sum, mut right_sum) = (0.0, 0.0, 0.0);
    for (a, b) in left.iter().zip(right) {
        if a.is_finite() && b.is_finite() {
            count += 1.0;
            left_sum += a;
            right_sum += b;
        }
    }
    let (left_mean, right_mean) = (left_sum / count, right_sum / count);
    let (mut both, mut left_square, mut right_square) = (0.0, 0.0, 0.0);
    for (a, b) in left.iter().zip(right) {
        if a.is_finite() && b.is_finite() {
            let (x, y) = (a - left_mean, b - right_mean);
            both += x * y;
            left_square += x * x;
            right_square += y * y;
        }
    }
    let scale = (left_square * right_square).sqrt();
    (count >= 3.0 && scale > 0.0).then(|| (both / scale).clamp(-1.0, 1.0))
}

/// Square root of the share of the variance that the categories explain.
fn correlation_ratio(numbers: &[f64], codes: &[u32], levels: usize) -> Option<f64> {
    let mut sums = vec![0.0; levels];
    let mut counts = vec![0.0; levels];
    let (mut total, mut count) = (0.0, 0.0);
    for (number, code) in numbers.iter().zip(codes) {
        if number.is_finite() && *code != MISSING_CODE {
            sums[*code as usize] += number;
            counts[*code as usize] += 1.0;
            total += number;
            count += 1.0;
        }
    }
    let mean = total / count;
    let mut all = 0.0;
    for (number, code) in numbers.iter().zip(codes) {
        if number.is_finite() && *code != MISSING_CODE {
            all += (number - mean) * (number - mean);
        }
    }
    let mut between = 0.0;
    for (sum, level_count) in sums.iter().zip(&counts) {
        if *level_count > 0.0 {
            between += level_count * (sum / level_count - mean) * (sum / level_count - mean);
        }
    }
    (count >= 3.0 && all > 0.0).then(|| (between / all).clamp(0.0, 1.0).sqrt())
}

/// With the bias correction of W. Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", 2013.
fn cramers_v(left: &[u32], left_levels: usize, right: &[u32], right_levels: usize) -> Option<f64> {
    let mut cells = vec![0.0; left_levels * right_levels];
    let mut left_counts = vec![0.0; left_levels];
    let mut right_counts = vec![0.0; right_levels];
    let mut count = 0.0;
    for (a, b) in left.iter().zip(right) {
        if *a != MISSING_CODE && *b != MISSING_CODE {
            cells[*a as usize * right_levels + *b as usize] += 1.0;
            left_counts[*a as usize] += 1.0;
            right_counts[*b as usize] += 1.0;
            count += 1.0;
        }
    }
    let mut phi_square = -1.0;
    for (a, left_count) in left_counts.iter().enumerate() {
        for (b, right_count) in right_counts.iter().enumerate() {
            let cell: f64 = cells[a * right_levels + b];
            if cell > 0.0 {
                phi_square += cell * cell / (left_count * right_count);
            }
        }
    }
    let occupied = |counts: &[f64]| counts.iter().filter(|count| **count > 0.0).count() as f64;
    let (rows, columns) = (occupied(&left_counts), occupied(&right_counts));
    if count < 3.0 || rows < 2.0 || columns < 2.0 {
        return None;
    }
    let corrected = (phi_square - (rows - 1.0) * (columns - 1.0) / (count - 1.0)).max(0.0);
    let fewer = |levels: f64| levels - (levels - 1.0) * (levels - 1.0) / (count - 1.0);
    let least = fewer(rows).min(fewer(columns)) - 1.0;
    (least > 0.0).then(|| (corrected / least).sqrt().min(1.0))
}
