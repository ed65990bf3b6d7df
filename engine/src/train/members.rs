//! The members of the final model, chosen on out-of-fold predictions.

use model::{Member, Predictor};

use super::alternative::{Alternative, Among};
use super::assemble::{Assembly, CHOOSE_SHARE, Log, part};
use super::ensemble::{self, Room};
use super::latency::{self, LeftOut, Within};
use super::onnx_file;
use super::trial::oof_target;
use super::{Replay, TrialArtifact, stack};
use crate::context::Context;
use crate::error::Error;
use crate::page::short;
use crate::search::BASELINE;

/// Share of the time left in which onnxruntime is expected to open the file.
const FILE_SHARE: f64 = 0.25;

/// Members and how they did where they were chosen.
#[derive(Default)]
pub(super) struct Chosen {
    /// Heaviest first.
    pub members: Vec<Member>,
    /// Trial numbers, one a member.
    pub numbers: Vec<usize>,
    /// The metric of the ensemble on the out-of-fold rows.
    pub validation_score: f64,
    /// Trials that are no members because they, or the ensemble with them, would take longer than the limit.
    pub left_out: Vec<LeftOut>,
    /// True where no candidate keeps the limit, and the baseline is published for that reason.
    pub nothing_fits: bool,
    /// What could have been chosen instead.
    pub alternative: Option<Alternative>,
}

/// Chooses members greedily; the baseline takes part only when there is nothing else, or nothing else that keeps the limit of time.
pub(super) fn choose(
    assembly: &Assembly<'_>,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> Result<Chosen, Error> {
    let choosing = part(context, CHOOSE_SHARE);
    let mut candidates = candidates(assembly)?;
    let mut chosen = Chosen::default();
    let mut room = None;
    if let Some(limit) = assembly.settings.max_latency {
        let within = Within::of(assembly, limit.as_secs_f64(), &candidates, &choosing);
        chosen.left_out = within.left_out;
        for left_out in &chosen.left_out {
            log.add(format!("{} is left out: {}", left_out.name, left_out.reason));
        }
        (candidates, room) = (within.pool, Some(within.room));
    } else {
        // Under a limit what is fast may be all there is.
        candidates = promising(assembly, candidates);
    }
    if candidates.is_empty() {
        return nothing_fits(assembly, chosen, log);
    }
    let outputs: Vec<&[f32]> = candidates
        .iter()
        .map(|artifact| artifact.oof.as_slice())
        .collect();
    let among = Among {
        candidates: &candidates,
        outputs: &outputs,
        target: &oof_target(assembly.data),
        room: room.as_ref(),
    };
    let weights = weights_of(
        assembly,
        &among,
        files(assembly, &candidates, context).as_ref(),
        &choosing,
        log,
    )?;
    chosen.alternative = among.best_of_family(assembly, &weights, &choosing);
    for (index, weight) in &weights {
        let artifact = candidates[*index];
        chosen.numbers.push(artifact.spec.number);
        chosen.members.push(Member {
            weight: *weight,
            ..alone(assembly, artifact)
        });
    }
    latency::keep_chosen(assembly, &mut chosen, &choosing, log);
    chosen.score_again(assembly)?;
    for member in &chosen.members {
        log.add(format!(
            "{} takes {:.0} % of the ensemble",
            member.name,
            member.weight * 100.0
        ));
    }
    Ok(chosen)
}

/// Weights of the candidates that become members: by greedy selection, or of a linear stack where that is surely better.
fn weights_of(
    assembly: &Assembly<'_>,
    among: &Among<'_>,
    files: Option<&Room>,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> Result<Vec<(usize, f64)>, Error> {
    let select = |room: Option<&Room>| {
        let choice = ensemble::select(among.target, among.outputs, assembly.metric, room, context);
        choice.ok_or_else(|| undefined(assembly, "every trial"))
    };
    let is_provable = |weights: &[(usize, f64)]| files.is_none_or(|files| files.holds(weights));
    let weights = select(among.room)?.weights;
    let stacked = stacked(assembly, among, context);
    // Without one of its members a stack is no stack: their weights hang together.
    if let Some(stack) = stacked.filter(|stack| is_provable(&stack.weights)) {
        log.add(format!(
            "a linear stack is better than greedy selection: on out-of-fold rows that neither was fitted on its error is {} instead of {}",
            short(stack.after),
            short(stack.before)
        ));
        return Ok(stack.weights);
    }
    let Some(files) = files.filter(|_| !is_provable(&weights)) else {
        return Ok(weights);
    };
    log.add("members are chosen by the size of their files as well: there is no time to open and prove larger ones".to_owned());
    let tight = among.room.map_or_else(|| files.clone(), |room| room.both(files));
    Ok(select(Some(&tight))?.weights)
}

/// A linear stack where it is surely better than greedy selection. Under a limit of time there is none: it has more
/// members than it needs; nor with columns that predictions rise or fall with: what is less than 0 times such a member does not.
fn stacked(assembly: &Assembly<'_>, among: &Among<'_>, context: &Context<'_>) -> Option<stack::Stack> {
    if among.room.is_some() || !assembly.settings.monotone.is_empty() {
        return None;
    }
    stack::fit(among.target.view(), among.outputs, assembly.metric, context)
}

/// Every trial that may become a member: all but the baseline where there are others.
fn candidates<'a>(assembly: &Assembly<'a>) -> Result<Vec<&'a TrialArtifact>, Error> {
    let is_fitted = |artifact: &&TrialArtifact| artifact.spec.learner != BASELINE;
    let mut candidates: Vec<&TrialArtifact> = assembly.artifacts.iter().filter(is_fitted).collect();
    if candidates.is_empty() {
        candidates.extend(assembly.artifacts);
    }
    if candidates.is_empty() {
        return Err(Error::Input(
            "no trial was completed, so there is no model; give the run more time".into(),
        ));
    }
    let expected = oof_target(assembly.data).len() * assembly.data.outputs();
    match candidates.iter().find(|artifact| artifact.oof.len() != expected) {
        Some(odd) => Err(Error::Internal(format!(
            "the predictions of {} do not belong to this data",
            odd.spec.name
        ))),
        None => Ok(candidates),
    }
}

/// The baseline, for when no candidate keeps the limit of time.
fn nothing_fits(assembly: &Assembly<'_>, mut chosen: Chosen, log: &mut Log<'_>) -> Result<Chosen, Error> {
    let artifact = baseline(assembly).ok_or_else(|| {
        Error::Input("no candidate answers a row within the limit of time, and there is no baseline".into())
    })?;
    log.add("no candidate answers a row within the limit of time: the baseline is published".to_owned());
    chosen.numbers.push(artifact.spec.number);
    chosen.members.push(alone(assembly, artifact));
    chosen.score_again(assembly)?;
    chosen.nothing_fits = true;
    Ok(chosen)
}

fn undefined(assembly: &Assembly<'_>, of: &str) -> Error {
    Error::Internal(format!("{} is undefined for {of}", assembly.metric.title()))
}

/// The trial of the baseline.
pub(super) fn baseline<'a>(assembly: &Assembly<'a>) -> Option<&'a TrialArtifact> {
    let mut artifacts = assembly.artifacts.iter();
    artifacts.find(|artifact| artifact.spec.learner == BASELINE)
}

/// A trial as the only member.
pub(super) fn alone(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> Member {
    Member {
        name: artifact.spec.name.clone(),
        weight: 1.0,
        predictors: of_folds(assembly, artifact),
    }
}

/// Seconds for a row of a batch that a trial as the only member takes, as it was measured when it was tried.
pub(super) fn batch_share(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> f64 {
    let models = if assembly.data.folds_fit_all_rows() {
        artifact.predictors.len()
    } else {
        1
    };
    artifact.score.predict_seconds_per_row * models as f64 / artifact.predictors.len().max(1) as f64
}

impl Chosen {
    /// Takes the lightest member out, unless it is the only one; returns its number and name.
    pub(super) fn drop_lightest(&mut self) -> Option<(usize, String)> {
        if self.members.len() < 2 {
            return None;
        }
        let (member, number) = (self.members.pop()?, self.numbers.pop()?);
        latency::rescale(&mut self.members);
        Some((number, member.name))
    }

    /// Scores the members on the out-of-fold rows.
    ///
    /// # Errors
    /// `Internal` where the metric is undefined for them, or a member's trial is not there.
    pub(super) fn score_again(&mut self, assembly: &Assembly<'_>) -> Result<(), Error> {
        let mut outputs: Vec<&[f32]> = Vec::with_capacity(self.members.len());
        let mut weights = Vec::with_capacity(self.members.len());
        for (place, (member, number)) in self.members.iter().zip(&self.numbers).enumerate() {
            let own = |artifact: &&TrialArtifact| artifact.spec.number == *number;
            let artifact = assembly.artifacts.iter().find(own);
            let artifact = artifact.ok_or_else(|| undefined(assembly, &member.name))?;
            outputs.push(&artifact.oof);
            weights.push((place, member.weight));
        }
        let mean = ensemble::weighted(&outputs, &weights);
        let score = assembly.metric.evaluate(&oof_target(assembly.data), &mean);
        self.validation_score = score.ok_or_else(|| undefined(assembly, "the members"))?;
        Ok(())
    }
}

/// Those that are nearer to the best than to the baseline.
fn promising<'a>(assembly: &Assembly<'_>, pool: Vec<&'a TrialArtifact>) -> Vec<&'a TrialArtifact> {
    let loss = |artifact: &TrialArtifact| assembly.metric.as_loss(artifact.score.score);
    let Some(baseline) = baseline(assembly).map(loss) else {
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

/// What onnxruntime takes to open the file of each candidate, and what it may take for those of all members: a proven file of fewer
/// members is worth more than a single one, which is what is left when there is no proof of all. Nothing is proven without a runtime.
fn files(assembly: &Assembly<'_>, pool: &[&TrialArtifact], context: &Context<'_>) -> Option<Room> {
    assembly.runtime?;
    let seconds = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
    let opening = |artifact: &&TrialArtifact| onnx_file::opening_seconds(&artifact.predictors);
    Some(Room {
        seconds: pool.iter().map(opening).collect(),
        limit: FILE_SHARE * seconds,
    })
}

/// The members that were chosen before, with their trials of now.
pub(super) fn chosen_before(assembly: &Assembly<'_>, before: &Replay) -> Result<Chosen, Error> {
    let mut chosen = Chosen::default();
    for member in &before.members {
        let own = |artifact: &&TrialArtifact| artifact.spec.number == member.spec.number;
        let artifact = assembly
            .artifacts
            .iter()
            .find(own)
            .ok_or_else(|| Error::Input(format!("{}: its trial is not there", member.spec.name)))?;
        chosen.numbers.push(artifact.spec.number);
        chosen.members.push(Member {
            weight: member.weight,
            ..alone(assembly, artifact)
        });
    }
    chosen.score_again(assembly)?;
    Ok(chosen)
}

/// The models of a trial that a member is the mean of: all folds' where they have seen all rows together, else the last one's. Of
/// folds chained forward the last has seen most, and the mean with the others would know less.
pub(super) fn of_folds(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> Vec<Predictor> {
    if assembly.data.folds_fit_all_rows() {
        artifact.predictors.clone()
    } else {
        artifact.predictors.last().cloned().into_iter().collect()
    }
}

/// The best single trial as the only member, for when the ensemble cannot be exported; of those that `chosen` left out for their
/// time none.
pub(super) fn best_single(assembly: &Assembly<'_>, chosen: &Chosen) -> Option<Chosen> {
    let mut best: Option<&TrialArtifact> = None;
    for artifact in assembly.artifacts {
        let better =
            |other: &TrialArtifact| assembly.metric.is_better(artifact.score.score, other.score.score);
        let is_slow = chosen
            .left_out
            .iter()
            .any(|left_out| left_out.number == artifact.spec.number);
        if artifact.spec.learner != BASELINE && !is_slow && best.is_none_or(better) {
            best = Some(artifact);
        }
    }
    let artifact = best?;
    Some(Chosen {
        members: vec![alone(assembly, artifact)],
        numbers: vec![artifact.spec.number],
        validation_score: artifact.score.score,
        left_out: chosen.left_out.clone(),
        nothing_fits: false,
        alternative: None,
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
