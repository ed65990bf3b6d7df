//! How sure a holdout score is: the percentile bootstrap over rows (Efron 1979), alone and against a baseline.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::context::Context;
use crate::metrics::Metric;
use crate::plan::TargetView;

/// Resampled outputs in all: more rows need fewer resamples, and each costs more.
const WORK: usize = 6_000_000;
/// Bounds of the number of resamples.
const RESAMPLES: (usize, usize) = (100, 1000);

/// What the resamples say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// 2.5 % of resamples are below.
    pub low: f64,
    /// 2.5 % of resamples are above.
    pub high: f64,
    /// Standard deviation over resamples.
    pub standard_error: f64,
    /// Lower end of the 99 % interval of the gain over the baseline (positive: better); `None` without a baseline. Wider than the
    /// other one: "better than the baseline" is what people act on, and of a hundred models of noise hardly one may pass.
    pub least_gain: Option<f64>,
}

/// Interval of the metric of `outputs`, and of its gain over `baseline` on the same resamples. `None` when fewer than half
/// of the resamples have a defined metric, or when time is up before enough are done.
pub fn interval<'a>(
    target: impl Into<TargetView<'a>>,
    outputs: &[f64],
    baseline: Option<&[f64]>,
    metric: Metric,
    context: &Context<'_>,
) -> Option<Interval> {
    let target: TargetView<'a> = target.into();
    let rows = target.target.len();
    let resamples = (WORK / outputs.len().max(1)).clamp(RESAMPLES.0, RESAMPLES.1);
    let once = |number: usize| -> Option<(f64, Option<f64>)> {
        if context.must_stop() {
            return None;
        }
        let mut rng =
            Pcg64Mcg::seed_from_u64(context.seed.wrapping_mul(0x5851_F42D).wrapping_add(number as u64));
        let drawn: Vec<u32> = (0..rows).map(|_| rng.random_range(0..rows as u32)).collect();
        let target = target.gather(&drawn);
        let score = metric.evaluate(&target, &gather(outputs, &drawn, rows))?;
        let other = baseline.and_then(|baseline| metric.evaluate(&target, &gather(baseline, &drawn, rows)));
        Some((
            score,
            other.map(|other| metric.as_loss(other) - metric.as_loss(score)),
        ))
    };
    let drawn: Vec<Option<(f64, Option<f64>)>> = context
        .pool
        .install(|| (0..resamples).into_par_iter().map(once).collect());
    let mut scores: Vec<f64> = drawn.iter().flatten().map(|(score, _)| *score).collect();
    if rows == 0 || scores.len() * 2 < resamples {
        return None;
    }
    let mut gains: Vec<f64> = drawn.iter().flatten().filter_map(|(_, gain)| *gain).collect();
    scores.sort_unstable_by(f64::total_cmp);
    gains.sort_unstable_by(f64::total_cmp);
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / scores.len() as f64;
    Some(Interval {
        low: quantile(&scores, 0.025),
        high: quantile(&scores, 0.975),
        standard_error: variance.sqrt(),
        least_gain: (!gains.is_empty()).then(|| quantile(&gains, 0.005)),
    })
}

fn gather(outputs: &[f64], drawn: &[u32], rows: usize) -> Vec<f64> {
    let width = outputs.len() / rows;
    let mut gathered = Vec::with_capacity(outputs.len());
    for row in drawn {
        gathered.extend_from_slice(&outputs[*row as usize * width..(*row as usize + 1) * width]);
    }
    gathered
}

/// The nearest-rank quantile of sorted values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
