//! The members that are published: fitted once more with the rows that validation and the holdout had kept from them.
//!
//! The figures of a job are those of its members as they were validated, which have seen neither their validation rows nor
//! the holdout. What is published then learns from these rows too, with the same configuration and number of rounds: a
//! member of one split and a forest from all rows, each of another member's k fold models from its fold's rows and the holdout.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Member, Predictor};
use rayon::ThreadPool;

use super::assemble::{Assembly, Log};
use super::lanes::{in_lanes, lanes_of};
use super::members::Chosen;
use super::thinned::trees;
use super::trial::{SEQUENTIAL_SHARE, is_mean_of_trees, oof_target, told};
use super::{TrialArtifact, whole};
use crate::context::{Context, Pace, Progress, Turn};
use crate::error::Error;
use crate::learners;
use crate::plan::Prepared;
use crate::search::beside_data;

/// What a refit takes on as many rows, as a multiple of the trial's time: of one split, and of folds, where threads never wait for
/// the last fit of a trial. It goes no further than the best round.
const REFIT_TIMES: (f64, f64) = (1.05, 0.85);
/// A refit with more than this many times the trial's loss on the trial's validation rows went wrong; on few rows the loss
/// varies, by the second figure over the root of their number.
const WORST_LOSS: (f64, f64) = (1.1, 4.0);
/// Share of the memory that the data may take, once as it was validated and once with all rows.
const MEMORY_SHARE: f64 = 0.6;

/// What the clock said in each fit of a refitted member, by trial number.
pub(super) type Refits = BTreeMap<usize, Vec<Vec<Turn>>>;

/// The members to publish, heaviest first: those of `chosen`, refitted as far as time and memory allow; when it was done
/// before, those that were refitted then.
pub(super) fn members(
    assembly: &Assembly<'_>,
    chosen: &Chosen,
    before: Option<&Refits>,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> (Vec<Member>, Refits) {
    let mut members = chosen.members.clone();
    let mut refits = Refits::new();
    let one_split = !assembly.data.folds_fit_all_rows();
    let needed = 2 * whole::bytes(assembly.data);
    let has_room = (needed as f64) < MEMORY_SHARE * assembly.settings.memory_bytes as f64;
    if !has_room && !one_split {
        log.add("members are published as validated: memory allows no copy of all rows".into());
        return (members, refits);
    }
    let listed = match before {
        None => affordable(assembly, chosen, context, log),
        Some(before) => repeated(assembly, chosen, before),
    };
    if listed.is_empty() {
        return (members, refits);
    }
    let joined;
    let data = if has_room {
        joined = whole::with_holdout(assembly.data);
        &joined
    } else {
        assembly.data
    };
    let mut fits = Vec::new();
    for &(_, artifact) in &listed {
        let before = before.and_then(|before| before.get(&artifact.spec.number));
        for place in 0..models(assembly, artifact) {
            fits.push(Fit {
                artifact,
                rounds: rounds(assembly, artifact),
                fold: (!takes_all(assembly, artifact)).then_some(place),
                before: before.and_then(|turns| turns.get(place)).map(Vec::as_slice),
            });
        }
    }
    let mut results = run(data, &fits, context).unwrap_or_default().into_iter();
    for (place, artifact) in listed {
        let own: Result<Vec<Refitted>, String> = results.by_ref().take(models(assembly, artifact)).collect();
        let name = &artifact.spec.name;
        match own.and_then(|refitted| checked(assembly, artifact, refitted)) {
            Ok(refitted) => {
                let (predictors, turns) = refitted.into_iter().unzip();
                members[place].predictors = predictors;
                refits.insert(artifact.spec.number, turns);
                log.add(format!(
                    "{name} is refitted: {}",
                    rows_in_words(data, assembly, artifact)
                ));
            }
            Err(reason) => log.add(format!("{name} is kept as validated: {reason}")),
        }
    }
    (members, refits)
}

/// Whether one fit on all rows takes the place of the folds' models: of one split, and of forests, whose mean over the folds is a forest
/// each of whose trees has seen fewer rows.
fn takes_all(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> bool {
    !assembly.data.folds_fit_all_rows() || is_mean_of_trees(&artifact.spec)
}

/// How many fits the refit of a member is.
fn models(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> usize {
    if takes_all(assembly, artifact) {
        1
    } else {
        assembly.data.folds.len()
    }
}

/// Rounds of each fit; of a forest that takes the place of the folds', all trees that were kept of them.
fn rounds(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> usize {
    if is_mean_of_trees(&artifact.spec) && assembly.data.folds_fit_all_rows() {
        trees(&artifact.predictors)
    } else {
        artifact.score.rounds
    }
}

/// One predictor of a member.
struct Fit<'a> {
    artifact: &'a TrialArtifact,
    rounds: usize,
    /// Whose rows, with those of the holdout; `None`: all rows.
    fold: Option<usize>,
    /// What the clock said when it was done before.
    before: Option<&'a [Turn]>,
}

/// A refitted model, and what the clock said in its fit.
type Refitted = (Predictor, Vec<Turn>);

/// The members, by their place, that were refitted before.
fn repeated<'a>(
    assembly: &Assembly<'a>,
    chosen: &Chosen,
    before: &Refits,
) -> Vec<(usize, &'a TrialArtifact)> {
    let mut list = Vec::new();
    for (place, number) in chosen.numbers.iter().enumerate() {
        let own = |artifact: &&TrialArtifact| artifact.spec.number == *number;
        if before.contains_key(number)
            && let Some(artifact) = assembly.artifacts.iter().find(own)
        {
            list.push((place, artifact));
        }
    }
    list
}

/// The members, by their place, whose refit is expected to fit the time.
fn affordable<'a>(
    assembly: &Assembly<'a>,
    chosen: &Chosen,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> Vec<(usize, &'a TrialArtifact)> {
    let available = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
    let data = assembly.data;
    // Trials of one split went side by side, and their refits do.
    let (lanes, times) = match data.folds.len() {
        1 => (lanes_of(data, context.pool.current_num_threads()), REFIT_TIMES.0),
        _ => (1, REFIT_TIMES.1),
    };
    let room = beside_data(&data.shape(), assembly.settings.memory_bytes).saturating_sub(whole::bytes(data));
    let mut fits = Vec::new();
    let mut list = Vec::new();
    for (place, number) in chosen.numbers.iter().enumerate() {
        let own = |artifact: &&TrialArtifact| artifact.spec.number == *number;
        let Some(artifact) = assembly.artifacts.iter().find(own) else {
            continue;
        };
        if bytes_of(data, artifact) > room {
            log.add(format!(
                "{} is kept as validated: no memory to refit it beside the data",
                artifact.spec.name
            ));
            continue;
        }
        let seconds = artifact.score.seconds * times * growth(assembly, artifact);
        fits.push(seconds);
        if side_by_side(&fits, lanes) > available {
            fits.pop();
            log.add(format!(
                "{} is kept as validated: no time to refit it",
                artifact.spec.name
            ));
            continue;
        }
        list.push((place, artifact));
    }
    list
}

/// What is fitted in a refit, as a multiple of what was in the trial, over all fits: rows, and rounds.
fn growth(assembly: &Assembly<'_>, artifact: &TrialArtifact) -> f64 {
    let data = assembly.data;
    let folds = || data.folds.iter().map(|fold| fold.fit.len());
    let fitted = folds().sum::<usize>().max(1) as f64;
    let added = data.holdout.rows;
    if takes_all(assembly, artifact) {
        let times = rounds(assembly, artifact) as f64 / artifact.score.rounds.max(1) as f64;
        (data.train.rows + added) as f64 * times / fitted
    } else {
        let most = folds().max().unwrap_or(1).max(1);
        (data.folds.len() * (most + added)) as f64 / fitted
    }
}

/// What fitting the configuration of a trial takes.
fn bytes_of(data: &Prepared, artifact: &TrialArtifact) -> u64 {
    let learner = learners::by_name(&artifact.spec.learner);
    learner.map_or(0, |learner| {
        learner.cost(&data.shape(), &artifact.spec.params).bytes
    })
}

/// Seconds that fits take in so many lanes, when each takes so many in one of them. A fit that has all threads for itself does not
/// use them as well.
fn side_by_side(seconds: &[f64], lanes: usize) -> f64 {
    let longest = seconds.iter().copied().fold(0.0, f64::max);
    match seconds.len() {
        1 if lanes > 1 => longest * SEQUENTIAL_SHARE,
        _ => longest.max(seconds.iter().sum::<f64>() / lanes as f64),
    }
}

/// All fits, in their order; side by side where one alone would not fill the threads.
fn run(
    data: &Prepared,
    fits: &[Fit<'_>],
    context: &Context<'_>,
) -> Result<Vec<Result<Refitted, String>>, Error> {
    let threads = context.pool.current_num_threads();
    let lanes = if data.folds.len() > 1 {
        threads.min(fits.len())
    } else {
        lanes_of(data, threads).min(fits.len())
    };
    let all_rows: Vec<u32> = (0..data.train.rows as u32).collect();
    let one = |index: usize, pool: &ThreadPool| {
        let fit = &fits[index];
        let rows = match fit.fold {
            Some(fold) => &data.folds[fold].fit,
            None => &all_rows,
        };
        refit(data, fit, rows, &Context { pool, ..*context })
    };
    in_lanes(lanes, threads / lanes.max(1), fits.len(), &one)
}

fn refit(data: &Prepared, fit: &Fit<'_>, rows: &[u32], context: &Context<'_>) -> Result<Refitted, String> {
    let spec = &fit.artifact.spec;
    let learner =
        learners::by_name(&spec.learner).ok_or_else(|| format!("there is no learner {}", spec.learner))?;
    let silent = |_: Progress| {};
    let turns = Mutex::default();
    let tell = |turn: Turn| {
        let mut turns: MutexGuard<'_, Vec<Turn>> = turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.push(turn);
    };
    let context = Context {
        seed: spec.seed,
        progress: &silent,
        pace: match fit.before {
            None => Pace::Clock(&tell),
            Some(before) => Pace::Record(before),
        },
        ..*context
    };
    let run = || learner.refit(data, rows, &spec.params, fit.rounds, &context);
    let predictor = std::panic::catch_unwind(AssertUnwindSafe(run))
        .map_err(|_| "its refit failed".to_owned())?
        .map_err(|error| error.to_string())?;
    let turns = fit.before.map_or_else(|| told(turns), <[Turn]>::to_vec);
    Ok((predictor, turns))
}

/// The refitted models, when they do about as well as those of the trial on its validation rows or better.
fn checked(
    assembly: &Assembly<'_>,
    artifact: &TrialArtifact,
    refitted: Vec<Refitted>,
) -> Result<Vec<Refitted>, String> {
    let data = assembly.data;
    let mut pooled = Vec::new();
    for (place, fold) in data.folds.iter().enumerate() {
        let one = refitted.get(place).or(refitted.first());
        pooled.extend(
            one.map(|(one, _)| one.predict(&data.train.features, &fold.valid))
                .unwrap_or_default(),
        );
    }
    let target = oof_target(data);
    let worst = artifact.score.loss * (WORST_LOSS.0 + WORST_LOSS.1 / (target.len().max(1) as f64).sqrt());
    match data.loss().evaluate(&target, &pooled) {
        Some(loss) if loss <= worst => Ok(refitted),
        _ => Err("its refit is worse".into()),
    }
}

fn rows_in_words(data: &Prepared, assembly: &Assembly<'_>, artifact: &TrialArtifact) -> String {
    let added = data.train.rows - assembly.data.train.rows;
    if takes_all(assembly, artifact) {
        format!("on all {} rows", data.train.rows)
    } else {
        format!("each fold with the {added} rows of the holdout")
    }
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn one_fit_takes_its_time_however_many_lanes_there_are() {
        assert_eq!(side_by_side(&[], 2), 0.0);
        assert_eq!(side_by_side(&[4.0], 1), 4.0);
        assert_eq!(side_by_side(&[4.0, 2.0], 1), 6.0);
        assert!((side_by_side(&[4.0], 2) - 2.8).abs() < 1e-12);
        assert_eq!(side_by_side(&[4.0, 1.0], 2), 4.0);
        assert_eq!(side_by_side(&[4.0, 3.0, 3.0], 2), 5.0);
    }
}
