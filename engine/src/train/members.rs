//! The members of the final model, chosen on out-of-fold predictions.

use model::{Member, Predictor};

use super::assemble::{Assembly, CHOOSE_SHARE, Log, part};
use super::publish::OPENED_PER_SECOND;
use super::trial::oof_target;
use super::{Replay, TrialArtifact, ensemble};
use crate::context::Context;
use crate::error::Error;
use crate::search::BASELINE;

/// Share of the time left in which onnxruntime is expected to open the file, and what a node or a leaf takes there, in bytes.
const FILE_SHARE: f64 = 0.25;
const NODE_BYTES: f64 = 36.0;

/// Members and how they did where they were chosen.
pub(super) struct Chosen {
    /// Heaviest first.
    pub members: Vec<Member>,
    /// Trial numbers, one a member.
    pub numbers: Vec<usize>,
    /// The metric of the ensemble on the out-of-fold rows.
    pub validation_score: f64,
}

/// Chooses members greedily; the baseline takes part only when there is nothing else.
pub(super) fn choose(
    assembly: &Assembly<'_>,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> Result<Chosen, Error> {
    let fitted: Vec<&TrialArtifact> = assembly
        .artifacts
        .iter()
        .filter(|artifact| artifact.spec.learner != BASELINE)
        .collect();
    let pool: Vec<&TrialArtifact> = if fitted.is_empty() {
        assembly.artifacts.iter().collect()
    } else {
        fitted
    };
    let pool = promising(assembly, pool);
    if pool.is_empty() {
        return Err(Error::Input(
            "no trial was completed, so there is no model; give the run more time".into(),
        ));
    }
    let target = oof_target(assembly.data);
    let expected = target.len() * assembly.data.outputs();
    if let Some(odd) = pool.iter().find(|artifact| artifact.oof.len() != expected) {
        return Err(Error::Internal(format!(
            "the predictions of {} do not belong to this data",
            odd.spec.name
        )));
    }
    let outputs: Vec<&[f32]> = pool.iter().map(|artifact| artifact.oof.as_slice()).collect();
    let choosing = part(context, CHOOSE_SHARE);
    let choice = ensemble::select(&target, &outputs, assembly.metric, &choosing).ok_or_else(|| {
        Error::Internal(format!(
            "{} is undefined for every trial",
            assembly.metric.title()
        ))
    })?;
    let mut chosen = Chosen {
        members: Vec::new(),
        numbers: Vec::new(),
        validation_score: choice.score,
    };
    let mut weights = choice.weights;
    if assembly.runtime.is_some() {
        let dropped = keep_provable(&pool, &mut weights, context);
        if dropped > 0 {
            log.add(format!(
                "{dropped} lighter members are left out: there is no time to open and prove a file as large as theirs"
            ));
            let score = assembly
                .metric
                .evaluate(&target, &ensemble::weighted(&outputs, &weights));
            chosen.validation_score = score.unwrap_or(choice.score);
        }
    }
    for (index, weight) in &weights {
        let artifact = pool[*index];
        log.add(format!(
            "{} takes {:.0} % of the ensemble",
            artifact.spec.name,
            weight * 100.0
        ));
        chosen.numbers.push(artifact.spec.number);
        chosen.members.push(Member {
            name: artifact.spec.name.clone(),
            weight: *weight,
            predictors: of_folds(assembly, artifact),
        });
    }
    Ok(chosen)
}

/// Those that are nearer to the best than to the baseline.
fn promising<'a>(assembly: &Assembly<'_>, pool: Vec<&'a TrialArtifact>) -> Vec<&'a TrialArtifact> {
    let loss = |artifact: &TrialArtifact| assembly.metric.as_loss(artifact.score.score);
    let mut artifacts = assembly.artifacts.iter();
    let Some(baseline) = artifacts
        .find(|artifact| artifact.spec.learner == BASELINE)
        .map(loss)
    else {
        return pool;
    };
    let best = pool
        .iter()
        .map(|artifact| loss(artifact))
        .fold(f64::INFINITY, f64::min);
    let is_in = |artifact: &&TrialArtifact| is_promising(loss(artifact), best, baseline);
    pool.into_iter().filter(is_in).collect()
}

/// By a score of ranks a nearly constant member costs the mean nothing, and takes weight by chance. Where nothing is better than the
/// baseline all take part.
fn is_promising(loss: f64, best: f64, baseline: f64) -> bool {
    loss <= best.max(f64::midpoint(best, baseline))
        || best.partial_cmp(&baseline) != Some(std::cmp::Ordering::Less)
}

/// Drops the lightest members until the ONNX file of the rest can be opened in time; returns how many. A proven file of few
/// members is worth more than a single one, which is what is left when there is no proof of all.
fn keep_provable(pool: &[&TrialArtifact], weights: &mut Vec<(usize, f64)>, context: &Context<'_>) -> usize {
    let seconds = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
    let limit = FILE_SHARE * seconds * OPENED_PER_SECOND;
    let bytes = |index: usize| {
        let forests = pool[index]
            .predictors
            .iter()
            .filter_map(|one| one.estimator.forest());
        let trees = forests.flat_map(|forest| &forest.trees);
        trees
            .map(|tree| (tree.nodes.len() + tree.leaves.len()) as f64 * NODE_BYTES)
            .sum::<f64>()
    };
    let before = weights.len();
    let mut total: f64 = weights.iter().map(|(index, _)| bytes(*index)).sum();
    while total > limit && weights.len() > 1 {
        total -= weights.pop().map_or(0.0, |(index, _)| bytes(index));
    }
    let kept: f64 = weights.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in weights.iter_mut() {
        *weight /= kept;
    }
    before - weights.len()
}

/// The members that were chosen before, with their trials of now.
pub(super) fn chosen_before(assembly: &Assembly<'_>, before: &Replay) -> Result<Chosen, Error> {
    let mut chosen = Chosen {
        members: Vec::new(),
        numbers: Vec::new(),
        validation_score: f64::NAN,
    };
    let mut outputs: Vec<&[f32]> = Vec::new();
    let mut weights = Vec::new();
    for member in &before.members {
        let own = |artifact: &&TrialArtifact| artifact.spec.number == member.spec.number;
        let artifact = assembly
            .artifacts
            .iter()
            .find(own)
            .ok_or_else(|| Error::Input(format!("{}: its trial is not there", member.spec.name)))?;
        weights.push((outputs.len(), member.weight));
        outputs.push(&artifact.oof);
        chosen.numbers.push(artifact.spec.number);
        chosen.members.push(Member {
            name: artifact.spec.name.clone(),
            weight: member.weight,
            predictors: of_folds(assembly, artifact),
        });
    }
    let mean = ensemble::weighted(&outputs, &weights);
    let score = assembly.metric.evaluate(&oof_target(assembly.data), &mean);
    chosen.validation_score = score.ok_or_else(|| {
        Error::Internal(format!(
            "{} is undefined for the members",
            assembly.metric.title()
        ))
    })?;
    Ok(chosen)
}

/// The models of a trial that a member is the mean of: all folds' where they have seen all rows together, else the last one's. Of
/// folds chained forward the last has seen most, and the mean with the others would know less.
fn of_folds(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> Vec<Predictor> {
    if assembly.data.folds_fit_all_rows() {
        artifact.predictors.clone()
    } else {
        artifact.predictors.last().cloned().into_iter().collect()
    }
}

/// The best single trial as the only member, for when the ensemble cannot be exported.
pub(super) fn best_single(assembly: &Assembly<'_>) -> Option<Chosen> {
    let mut best: Option<&TrialArtifact> = None;
    for artifact in assembly.artifacts {
        let better =
            |other: &TrialArtifact| assembly.metric.is_better(artifact.score.score, other.score.score);
        if artifact.spec.learner != BASELINE && best.is_none_or(better) {
            best = Some(artifact);
        }
    }
    let artifact = best?;
    Some(Chosen {
        members: vec![Member {
            name: artifact.spec.name.clone(),
            weight: 1.0,
            predictors: of_folds(assembly, artifact),
        }],
        numbers: vec![artifact.spec.number],
        validation_score: artifact.score.score,
    })
}

#[cfg(test)]
mod tests {
    use super::is_promising;

    #[test]
    fn what_is_nearer_to_the_baseline_than_to_the_best_is_no_member() {
        // Areas under the curve as losses.
        let (best, baseline) = (-0.978, -0.482);
        assert!(is_promising(best, best, baseline));
        assert!(is_promising(-0.90, best, baseline));
        assert!(!is_promising(-0.63, best, baseline));
        assert!(!is_promising(f64::NAN, best, baseline));
        // Noise: the best is no better than the baseline.
        assert!(is_promising(-0.40, -0.48, -0.5));
        assert!(is_promising(7.0, 5.0, f64::NAN));
    }
}
