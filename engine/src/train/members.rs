//! The members of the final model: chosen on out-of-fold predictions, refitted on all training rows where it pays.

use model::{Member, Predictor};

use super::assemble::{Assembly, Log};
use super::trial::oof_target;
use super::{TrialArtifact, ensemble};
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::learners;
use crate::metrics::Metric;
use crate::search::BASELINE;

/// What a refit on all rows takes, as a multiple of the time of a trial of one fold; folds chained forward share theirs.
const REFIT_TIME: f64 = 1.4;
/// A refit that is worse than this many times the trial's loss, on rows that it was even fitted on, went wrong.
const REFIT_LOSS: f64 = 1.1;

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
    let choice = ensemble::select(&target, &outputs, assembly.metric, context).ok_or_else(|| {
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
    for (index, weight) in &choice.weights {
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
pub(super) fn best_single(assembly: &Assembly<'_>, chosen: &Chosen) -> Option<Chosen> {
    let mut best: Option<&TrialArtifact> = None;
    for artifact in assembly.artifacts {
        let better =
            |other: &TrialArtifact| assembly.metric.is_better(artifact.score.score, other.score.score);
        if artifact.spec.learner != BASELINE && best.is_none_or(better) {
            best = Some(artifact);
        }
    }
    let artifact = best?;
    // The member may have been refitted already.
    let member = chosen
        .members
        .iter()
        .find(|member| member.name == artifact.spec.name);
    let predictors = member.map_or_else(
        || of_folds(assembly, artifact),
        |member| member.predictors.clone(),
    );
    Some(Chosen {
        members: vec![Member {
            name: artifact.spec.name.clone(),
            weight: 1.0,
            predictors,
        }],
        numbers: vec![artifact.spec.number],
        validation_score: artifact.score.score,
    })
}

/// Refits members on all training rows, heaviest first, as far as time allows. Only where no fold was fitted on some of
/// them; otherwise the mean of the folds' models has seen them all.
pub(super) fn refit(assembly: &Assembly<'_>, chosen: &mut Chosen, context: &Context<'_>, log: &mut Log<'_>) {
    if assembly.data.folds_fit_all_rows() {
        return;
    }
    let rows: Vec<u32> = (0..assembly.data.train.rows as u32).collect();
    for (member, number) in chosen.members.iter_mut().zip(&chosen.numbers) {
        let Some(artifact) = assembly
            .artifacts
            .iter()
            .find(|artifact| artifact.spec.number == *number)
        else {
            continue;
        };
        let left = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
        let folds = assembly.data.folds.len() as f64;
        if artifact.score.seconds * REFIT_TIME * 2.0 / (folds + 1.0) > left {
            log.add(format!(
                "{} is kept as validated: no time to refit it on all rows",
                member.name
            ));
            continue;
        }
        match refit_one(assembly, artifact, &rows, context) {
            Ok(predictor) => {
                member.predictors = vec![predictor];
                log.add(format!(
                    "{} is refitted on all {} training rows",
                    member.name,
                    rows.len()
                ));
            }
            Err(reason) => log.add(format!("{} is kept as validated: {reason}", member.name)),
        }
    }
}

fn refit_one(
    assembly: &Assembly<'_>,
    artifact: &TrialArtifact,
    rows: &[u32],
    context: &Context<'_>,
) -> Result<Predictor, String> {
    let spec = &artifact.spec;
    let learner =
        learners::by_name(&spec.learner).ok_or_else(|| format!("there is no learner {}", spec.learner))?;
    let silent = |_: Progress| {};
    let context = Context {
        seed: spec.seed,
        progress: &silent,
        ..*context
    };
    let fit = || learner.refit(assembly.data, rows, &spec.params, artifact.score.rounds, &context);
    let fitted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(fit));
    let predictor = fitted
        .map_err(|_| "its refit failed".to_owned())?
        .map_err(|error| error.to_string())?;
    let outputs = predictor.predict(&assembly.data.train.features, &assembly.data.validation_rows());
    let target = oof_target(assembly.data);
    let loss = Metric::loss_for(assembly.data.problem).evaluate(&target, &outputs);
    match loss {
        Some(loss) if loss <= artifact.score.loss * REFIT_LOSS => Ok(predictor),
        _ => Err("its refit is worse".into()),
    }
}
