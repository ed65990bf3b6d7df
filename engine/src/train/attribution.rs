//! Which columns the final model answers by: the mean size of each raw column's contributions (`model::attribution`) over holdout
//! rows. Permutation importance says what the metric would lose; this says what the answers are made of.

use model::serve::Loaded;
use model::{Background, FeatureKind, Model, Scratch};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::plan::{Prepared, Rows};

/// Training rows that contributions are measured from, at most and at least.
const BACKGROUND_ROWS: (usize, usize) = (2_000, 200);
/// Walks through trees that the background may take.
const BACKGROUND_WORK: usize = 4_000_000;
/// Holdout rows that are explained at most.
const ROWS: usize = 200;
/// Rows that a thread explains at most before the clock is looked at.
const TOGETHER: usize = 8;

/// How much a raw column adds to the answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnAttribution {
    /// The raw column.
    pub column: String,
    /// Mean of the absolute contributions: in units of the target, or of the probability (of the second of two classes; of
    /// several the mean over classes).
    pub mean_absolute: f64,
}

/// Gives a model what its contributions are measured from. It belongs to the fitted members: those of a model that was fitted
/// again need it again. Bounded work, the same for any number of threads.
pub(super) fn add_background(model: &mut Model, data: &Prepared) {
    let mut trees = 1;
    for predictor in model.members.iter().flat_map(|member| &member.predictors) {
        if let Some(forest) = predictor.estimator.forest() {
            trees += forest.trees.len();
        }
    }
    let rows = (BACKGROUND_WORK / trees).clamp(BACKGROUND_ROWS.1, BACKGROUND_ROWS.0);
    let rows = evenly(data.train.rows, rows);
    let kinds: Vec<FeatureKind> = model
        .encoder
        .features
        .iter()
        .map(|feature| feature.kind)
        .collect();
    model.refinements.background = Background::measure(&model.members, &kinds, &data.train.features, &rows);
}

fn evenly(total: usize, wanted: usize) -> Vec<u32> {
    let count = total.min(wanted);
    (0..count).map(|place| (place * total / count) as u32).collect()
}

/// Mean contributions by raw column, largest first, and the rows that there was time for.
///
/// `row_seconds` is what one thread needs to predict a row: a row that is expected to take longer to explain than there is time is
/// not begun.
pub(super) fn measure(
    model: &Loaded,
    holdout: &Rows,
    row_seconds: f64,
    context: &Context<'_>,
) -> (Vec<ColumnAttribution>, usize) {
    let left = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
    let cost = model.cost_of_explanation() as f64 / model.cost_of_row().max(1) as f64;
    let seconds = (row_seconds * cost).max(1e-9);
    if seconds > left {
        return (Vec::new(), 0);
    }
    let together = ((left / seconds / 4.0) as usize).clamp(1, TOGETHER);
    let mut rows = evenly(holdout.rows, ROWS);
    // The first of them stand for all, should the time be up.
    rows.shuffle(&mut Pcg64Mcg::seed_from_u64(context.seed));
    let inputs = &model.model().inputs;
    let mut sums = vec![0.0; inputs.len()];
    let mut explained = 0;
    for rows in rows.chunks(together * context.pool.current_num_threads()) {
        if context.must_stop() {
            break;
        }
        let explain = |row: &u32| sizes(model, holdout, *row as usize);
        let found: Option<Vec<Vec<f64>>> = context.pool.install(|| rows.par_iter().map(explain).collect());
        let Some(found) = found else { break };
        for sizes in found {
            sums.iter_mut().zip(sizes).for_each(|(sum, size)| *sum += size);
            explained += 1;
        }
    }
    let mut columns = Vec::new();
    if explained > 0 {
        for (input, sum) in inputs.iter().zip(sums) {
            columns.push(ColumnAttribution {
                column: input.name.clone(),
                mean_absolute: sum / explained as f64,
            });
        }
    }
    columns.sort_by(|left, right| right.mean_absolute.total_cmp(&left.mean_absolute));
    (columns, explained)
}

/// The size of each input's contribution to the answer to one row.
fn sizes(model: &Loaded, holdout: &Rows, row: usize) -> Option<Vec<f64>> {
    let features: Vec<f64> = holdout.features.iter().map(|column| column[row]).collect();
    let attribution = model.explain_features(&features, &mut Scratch::default())?;
    let size = |input: usize| match attribution.of(input) {
        [value] | [_, value] => value.abs(),
        several => several.iter().map(|value| value.abs()).sum::<f64>() / several.len() as f64,
    };
    Some((0..model.model().inputs.len()).map(size).collect())
}
