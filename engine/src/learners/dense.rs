//! Dense inputs for linear models and networks, fitted on the rows of one fit: scaling, one-hot, target statistics.

use model::FeatureKind;
use model::transform::dense::{Block, Dense};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::plan::{Prepared, Target, TargetView};

/// Codes up to which a category becomes one column a code.
pub const ONE_HOT_CODES: u32 = 42;
/// Weight of the prior in a target statistic, in rows.
const SMOOTHING: f64 = 10.0;
/// Classes up to which each gets its own target statistic; above, a category becomes its frequency.
const MOST_STATISTICS: usize = 12;
/// Parts that the fit rows are dealt into for out-of-fold target statistics.
const PARTS: usize = 5;
/// IQR of a normal distribution with unit variance.
const NORMAL_IQR: f64 = 1.349;
/// Cells that all quantiles are taken from, about: a wide table gives fewer rows a column.
const QUANTILE_CELLS: usize = 20_000_000;
/// Rows that quantiles are taken from: at most, and at least.
const QUANTILE_ROWS: (usize, usize) = (50_000, 2_000);

/// What dense columns are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Bound of a scaled number.
    pub limit: f64,
    /// Bins of the piecewise-linear encoding of a number; 0: none.
    pub bins: usize,
    /// Whether a number that is encoded in pieces also comes as itself, scaled.
    pub scaled_too: bool,
}

/// Fitted dense inputs, and what the fit rows get instead of the tables of their own targets.
pub struct DenseFit {
    /// Ready for new rows.
    pub dense: Dense,
    /// Out-of-fold values of each `Block::Table`, in order of the blocks: one a fit row.
    own: Vec<Vec<f64>>,
}

/// Fits dense inputs on `rows`. Numbers that do not vary in these rows, and categories of one code, make no column.
pub fn fit(data: &Prepared, rows: &[u32], recipe: &Recipe, seed: u64) -> DenseFit {
    let mut blocks = Vec::new();
    let mut own = Vec::new();
    let parts = parts(rows.len(), seed);
    let sampled = (QUANTILE_CELLS / data.train.features.len().max(1)).clamp(QUANTILE_ROWS.1, QUANTILE_ROWS.0);
    let stride = rows.len().div_ceil(sampled).max(1);
    for (feature, (values, described)) in data.train.features.iter().zip(&data.encoder.features).enumerate() {
        match described.kind {
            FeatureKind::Number => number_blocks(feature, values, rows, stride, recipe, &mut blocks),
            FeatureKind::Category { cardinality } if cardinality <= ONE_HOT_CODES => {
                let first = rows.first().map_or(0.0, |&row| values[row as usize]);
                if rows.iter().any(|&row| values[row as usize] != first) {
                    blocks.push(Block::OneHot { feature, cardinality });
                }
            }
            FeatureKind::Category { cardinality } => {
                let truth = data.train_view();
                for (table, own_values) in category_tables(truth, values, cardinality, rows, &parts) {
                    blocks.push(Block::Table {
                        feature,
                        values: table,
                    });
                    own.push(own_values);
                }
            }
        }
    }
    DenseFit {
        dense: Dense { blocks },
        own,
    }
}

impl DenseFit {
    /// The fit rows' own matrix, row-major: target statistics out-of-fold, everything else as for new rows.
    /// `rows` are the rows of `fit`, in the same order.
    pub fn fit_matrix(&self, data: &Prepared, rows: &[u32]) -> Vec<f32> {
        let mut matrix = self.matrix(data, rows);
        let width = self.dense.width();
        let (mut start, mut table) = (0, 0);
        for block in &self.dense.blocks {
            if matches!(block, Block::Table { .. }) {
                for (position, &value) in self.own[table].iter().enumerate() {
                    matrix[position * width + start] = value as f32;
                }
                table += 1;
            }
            start += block.width();
        }
        matrix
    }

    /// The matrix of rows that were not fitted on, row-major.
    pub fn matrix(&self, data: &Prepared, rows: &[u32]) -> Vec<f32> {
        let width = self.dense.width();
        let mut matrix = vec![0.0; rows.len() * width];
        let mut start = 0;
        for block in &self.dense.blocks {
            let block_width = block.width();
            let values = &data.train.features[block.feature()];
            let mut cell = vec![0.0; block_width];
            for (position, &row) in rows.iter().enumerate() {
                block.apply(values[row as usize], &mut cell);
                let at = position * width + start;
                for (out, &value) in matrix[at..at + block_width].iter_mut().zip(&cell) {
                    *out = value as f32;
                }
            }
            start += block_width;
        }
        matrix
    }
}

/// Blocks of a number; quantiles are those of every `stride`-th row.
fn number_blocks(
    feature: usize,
    values: &[f64],
    rows: &[u32],
    stride: usize,
    recipe: &Recipe,
    blocks: &mut Vec<Block>,
) {
    let mut sorted: Vec<f64> = Vec::with_capacity(rows.len() / stride + 1);
    for &row in rows.iter().step_by(stride) {
        let value = values[row as usize];
        if value.is_finite() {
            sorted.push(value);
        }
    }
    sorted.sort_unstable_by(f64::total_cmp);
    let missing = rows.iter().filter(|&&row| values[row as usize].is_nan()).count();
    let indicator = missing > 0 && missing < rows.len();
    let scale = scale(&sorted);
    if scale.is_none() && !indicator {
        return;
    }
    let edges = if recipe.bins > 0 {
        edges(&sorted, recipe.bins)
    } else {
        Vec::new()
    };
    let in_pieces = edges.len() > 2;
    if !in_pieces || recipe.scaled_too || indicator {
        let (center, scale) = scale.unwrap_or((0.0, 1.0));
        blocks.push(Block::Scaled {
            feature,
            center,
            scale,
            limit: recipe.limit,
            indicator,
        });
    }
    if in_pieces {
        blocks.push(Block::Piecewise { feature, edges });
    }
}

/// Median and a robust standard deviation: from the middle half, else from the middle 90 %, else the plain one.
/// `None` without two different values.
fn scale(sorted: &[f64]) -> Option<(f64, f64)> {
    let (first, last) = (sorted.first()?, sorted.last()?);
    if first == last {
        return None;
    }
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let median = at(0.5);
    let robust = (at(0.75) - at(0.25)) / NORMAL_IQR;
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let plain = (sorted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / sorted.len() as f64).sqrt();
    // A middle half much narrower than the whole (mostly one value) would blow up the rest.
    let (center, scale) = if robust > 0.05 * plain {
        (median, robust)
    } else {
        (mean, plain)
    };
    // Very large numbers overflow in the squares: such a column is bounded by its largest value alone.
    let scale = if scale.is_finite() {
        scale
    } else {
        first.abs().max(last.abs())
    };
    let usable = scale.is_finite() && scale > f64::MIN_POSITIVE && center.is_finite();
    usable.then_some((center, scale))
}

/// Strictly rising quantiles of the distinct values.
fn edges(sorted: &[f64], bins: usize) -> Vec<f64> {
    let mut distinct = sorted.to_vec();
    distinct.dedup();
    let edges = if distinct.len() <= bins + 1 {
        distinct
    } else {
        let at = |bin: usize| sorted[(sorted.len() - 1) * bin / bins];
        let mut edges: Vec<f64> = (0..=bins).map(at).collect();
        edges.dedup();
        edges
    };
    // Neighbours so close that their distance underflows, or so far that it overflows, make no slope.
    let slopes = edges.windows(2).all(|edge| (edge[1] - edge[0]).is_normal());
    if slopes { edges } else { Vec::new() }
}

/// Numbers that stand for a category of many codes: of each a table for new rows, and what the fit rows have instead.
/// `values` are the codes of all rows, `parts` is that of [`parts`] for the fit rows.
pub(super) fn category_tables(
    truth: TargetView<'_>,
    values: &[f64],
    cardinality: u32,
    rows: &[u32],
    parts: &[u8],
) -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut tables = Vec::new();
    for statistic in statistics(truth.target, rows) {
        let weighted = (rows, truth.weights);
        tables.push(target_table(
            values,
            weighted,
            cardinality as usize,
            &statistic,
            parts,
        ));
    }
    tables
}

/// How many tables stand for a category, by the number of classes (0 for values).
pub(super) fn tables_of_a_category(classes: usize) -> usize {
    if classes > MOST_STATISTICS {
        1
    } else {
        classes.max(2) - 1
    }
}

/// What a category is encoded by: a value a fit row and its prior.
enum Statistic {
    /// The mean of these values (one a fit row) within the category.
    Mean(Vec<f64>),
    /// The logarithm of the category's count.
    Frequency,
}

fn statistics(target: &Target, rows: &[u32]) -> Vec<Statistic> {
    match target {
        Target::Values(values) => vec![Statistic::Mean(
            rows.iter().map(|&row| values[row as usize]).collect(),
        )],
        Target::Classes { labels, .. } if labels.len() > MOST_STATISTICS => vec![Statistic::Frequency],
        Target::Classes { codes, labels } => {
            // Shares sum to 1, so that the first class says nothing more.
            let is_class = |class: u32| {
                rows.iter()
                    .map(|&row| f64::from(codes[row as usize] == class))
                    .collect()
            };
            (1..labels.len() as u32)
                .map(|class| Statistic::Mean(is_class(class)))
                .collect()
        }
    }
}

/// A table for new rows, and out-of-fold values for the fit rows; both centred and with unit variance over the fit rows.
fn target_table(
    values: &[f64],
    (rows, weights): (&[u32], Option<&[f64]>),
    cardinality: usize,
    statistic: &Statistic,
    parts: &[u8],
) -> (Vec<f64>, Vec<f64>) {
    let codes: Vec<usize> = rows
        .iter()
        .map(|&row| (values[row as usize] as usize).min(cardinality - 1))
        .collect();
    let (mut table, mut own) = match statistic {
        Statistic::Frequency => {
            let mut counts = vec![0.0; cardinality];
            for &code in &codes {
                counts[code] += 1.0;
            }
            let table: Vec<f64> = counts.iter().map(|count: &f64| count.ln_1p()).collect();
            let own = codes.iter().map(|&code| table[code]).collect();
            (table, own)
        }
        Statistic::Mean(targets) => {
            let weight = |&row: &u32| weights.map_or(1.0, |weights| weights[row as usize]);
            let targets = targets.iter().copied().zip(rows.iter().map(weight));
            smoothed_means(&codes, targets, cardinality, parts)
        }
    };
    let mean = own.iter().sum::<f64>() / own.len().max(1) as f64;
    let variance = own.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / own.len().max(1) as f64;
    let scale = if variance.sqrt().is_normal() {
        variance.sqrt()
    } else {
        1.0
    };
    for value in table.iter_mut().chain(own.iter_mut()) {
        *value = ((*value - mean) / scale).clamp(-10.0, 10.0);
    }
    (table, own)
}

/// Means of the category drawn to the overall mean; a fit row's own value leaves out its part of the rows. `targets` are the
/// rows' values and weights.
fn smoothed_means(
    codes: &[usize],
    targets: impl Iterator<Item = (f64, f64)>,
    cardinality: usize,
    parts: &[u8],
) -> (Vec<f64>, Vec<f64>) {
    let mut sums = vec![[(0.0, 0.0); PARTS]; cardinality];
    let mut part_sums = [(0.0, 0.0); PARTS];
    for ((&code, (target, weight)), &part) in codes.iter().zip(targets).zip(parts) {
        for (sum, count) in [&mut sums[code][part as usize], &mut part_sums[part as usize]] {
            *sum += weight * target;
            *count += weight;
        }
    }
    let add = |pairs: &[(f64, f64); PARTS], skip: usize| {
        let mut total = (0.0, 0.0);
        for (part, pair) in pairs.iter().enumerate() {
            if part != skip {
                total = (total.0 + pair.0, total.1 + pair.1);
            }
        }
        total
    };
    let value = |code: usize, skip: usize| {
        let (sum, count) = add(&sums[code], skip);
        let (all_sum, all_count) = add(&part_sums, skip);
        let prior = if all_count > 0.0 { all_sum / all_count } else { 0.0 };
        (sum + SMOOTHING * prior) / (count + SMOOTHING)
    };
    let table = (0..cardinality).map(|code| value(code, PARTS)).collect();
    let own = codes
        .iter()
        .zip(parts)
        .map(|(&code, &part)| value(code, part as usize))
        .collect();
    (table, own)
}

/// The part of each fit row: sizes differ by one, the order is random.
pub(super) fn parts(rows: usize, seed: u64) -> Vec<u8> {
    let mut parts: Vec<u8> = (0..rows).map(|row| (row % PARTS) as u8).collect();
    parts.shuffle(&mut Pcg64Mcg::seed_from_u64(seed ^ 0xde_115eu64));
    parts
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use model::{Encoder, Feature, ProblemType};
    use rand::Rng;

    use super::*;
    use crate::plan::Rows;

    fn prepared(features: Vec<(Vec<f64>, FeatureKind)>, target: Vec<f64>) -> Prepared {
        let rows = target.len();
        let described = features
            .iter()
            .map(|(_, kind)| Feature {
                name: "x".to_owned(),
                input: 0,
                kind: *kind,
            })
            .collect();
        let rows_of = |features, target, rows| Rows {
            features,
            target: Target::Values(target),
            rows,
            source: Vec::new(),
        };
        Prepared {
            problem: ProblemType::Regression,
            inputs: Vec::new(),
            encoder: Encoder {
                steps: Vec::new(),
                features: described,
            },
            train: rows_of(
                features.into_iter().map(|(values, _)| values).collect(),
                target,
                rows,
            ),
            holdout: rows_of(Vec::new(), Vec::new(), 0),
            folds: Vec::new(),
            notes: Vec::new(),
            weights: None,
            monotone: Vec::new(),
            aim: crate::plan::Aim::default(),
            binned: OnceLock::new(),
            crosses: crate::plan::Chosen::default(),
        }
    }

    const RECIPE: Recipe = Recipe {
        limit: 4.0,
        bins: 4,
        scaled_too: true,
    };

    #[test]
    fn the_matrix_is_what_the_fitted_form_makes() {
        let numbers = vec![1.0, f64::NAN, 3.0, f64::INFINITY, 5.0, 2.0, 2.5, 9.0];
        let codes = vec![2.0, 3.0, 0.0, 2.0, 1.0, 3.0, 2.0, 2.0];
        let constant = vec![7.0; 8];
        let kinds = [
            FeatureKind::Number,
            FeatureKind::Category { cardinality: 4 },
            FeatureKind::Number,
        ];
        let features = [numbers, codes, constant].into_iter().zip(kinds).collect();
        let data = prepared(features, (0..8).map(f64::from).collect());
        let rows: Vec<u32> = (0..8).collect();
        let fit = fit(&data, &rows, &RECIPE, 1);
        assert_eq!(
            fit.dense.width(),
            2 + 4 + 4,
            "scaled with indicator, four pieces, four codes, nothing for the constant"
        );
        let expected = fit.dense.apply_columns(&data.train.features, &rows);
        for (value, expected) in fit.fit_matrix(&data, &rows).iter().zip(&expected) {
            assert_eq!(*value, *expected as f32);
            assert!(value.is_finite() && value.abs() <= 4.0);
        }
    }

    #[test]
    fn target_statistics_of_the_fit_rows_do_not_know_their_target() {
        let mut rng = Pcg64Mcg::seed_from_u64(4);
        let rows = 3_000u32;
        let codes: Vec<f64> = (0..rows).map(|_| f64::from(rng.random_range(2..1_000))).collect();
        let noise: Vec<f64> = (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect();
        let data = prepared(
            vec![(codes, FeatureKind::Category { cardinality: 1_000 })],
            noise.clone(),
        );
        let rows: Vec<u32> = (0..rows).collect();
        let fit = fit(&data, &rows, &RECIPE, 1);
        assert_eq!(fit.dense.width(), 1);
        let correlation = |values: &[f32]| {
            let product: f64 = values.iter().zip(&noise).map(|(a, b)| f64::from(*a) * b).sum();
            let squares: f64 = values.iter().map(|value| f64::from(*value).powi(2)).sum();
            product / (squares * noise.iter().map(|value| value * value).sum::<f64>()).sqrt()
        };
        assert!(
            correlation(&fit.matrix(&data, &rows)) > 0.3,
            "with their own target, noise looks like a signal"
        );
        assert!(
            correlation(&fit.fit_matrix(&data, &rows)) < 0.1,
            "out of fold it does not"
        );
    }

    #[test]
    fn scales_and_edges_survive_odd_numbers() {
        for values in [
            vec![0.0, 1e308, -1e308, 1.0],
            vec![0.0, 1e-320, 0.0, 0.0],
            vec![0.0, 0.0, 0.0, 1.0],
            vec![1.0, 2.0, 2.0, 4.0],
        ] {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            if let Some((center, scale)) = scale(&sorted) {
                assert!(
                    center.is_finite() && scale.is_finite() && scale > 0.0,
                    "{values:?}"
                );
                assert!(
                    values.iter().all(|value| !((value - center) / scale).is_nan()),
                    "{values:?}"
                );
            }
            assert!(
                edges(&sorted, 3).windows(2).all(|edge| edge[0] < edge[1]),
                "{values:?}"
            );
        }
        assert_eq!(scale(&[2.0, 2.0]), None);
        assert_eq!(edges(&[1.0, 1.0, 2.0, 3.0], 8), [1.0, 2.0, 3.0]);
    }
}
