//! What a search would do, played through with the learners' own prices instead of fits.

use std::time::Duration;

use super::{BASELINE, Outcome, Room, Score, Search, TrialRecord, budget};
use crate::learners::{Stop, by_name};
use crate::metrics::Metric;
use crate::plan::Shape;
use crate::settings::Settings;

/// Trials that are played through at most: more say nothing new.
pub const MOST_TRIALS: usize = 300;

/// How a search is played through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumption {
    /// Trials that run at the same time.
    pub slots: usize,
    /// Seconds that a trial takes for each second that its learner expects.
    pub slowness: f64,
    /// Whether every trial is better than those before; else only the first one is, and the search ends when its patience does.
    pub improves: bool,
    /// Time on the job's clock when the first trials are handed out.
    pub begins: Duration,
}

/// How a search went that was played through.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// Learner and number of its trials, in the order of their first trials; the baseline is among them.
    pub learners: Vec<(String, usize)>,
    /// Time on the job's clock when the last trial ended.
    pub ends: Duration,
    /// Most memory that one of the trials takes besides the prepared data, in bytes.
    pub bytes: u64,
    /// True when it was not played to its end.
    pub is_cut: bool,
}

impl Played {
    /// Trials in all.
    pub fn trials(&self) -> usize {
        self.learners.iter().map(|(_, count)| count).sum()
    }
}

/// Plays a search through.
///
/// `pilot`: trials of an earlier job on the same data; where there are some, what they took corrects the learners' prices.
pub fn play(
    shape: &Shape,
    metric: Metric,
    settings: &Settings,
    pilot: &[TrialRecord],
    assumption: &Assumption,
) -> Played {
    let search = Search::new(shape.clone(), metric, settings);
    let slots = assumption.slots.max(1);
    let mut history: Vec<TrialRecord> = Vec::new();
    // Position in the history, and moments of its start and its end.
    let mut open: Vec<(usize, Duration, Duration)> = Vec::new();
    let mut now = assumption.begins;
    let mut played = Played {
        learners: Vec::new(),
        ends: now,
        bytes: 0,
        is_cut: false,
    };
    loop {
        if history.len() >= MOST_TRIALS {
            played.is_cut = true;
            break;
        }
        for spec in search.suggest_into(&history, now, Room::new(slots - open.len())) {
            let Some(learner) = by_name(&spec.learner) else {
                continue;
            };
            played.bytes = played.bytes.max(learner.cost(shape, &spec.params).bytes);
            let expected = budget::expected_seconds(shape, settings, pilot, learner, &spec.params);
            let takes = Duration::from_secs_f64(expected * assumption.slowness).min(spec.limit);
            match played.learners.iter_mut().find(|(name, _)| *name == spec.learner) {
                Some((_, count)) => *count += 1,
                None => played.learners.push((spec.learner.clone(), 1)),
            }
            open.push((history.len(), now, now + takes));
            history.push(TrialRecord {
                spec,
                outcome: Outcome::Open,
            });
        }
        let Some(next) = (0..open.len()).min_by_key(|&index| open[index].2) else {
            break;
        };
        let (position, start, end) = open.swap_remove(next);
        now = end;
        let seconds = (end - start).as_secs_f64();
        let score = score(metric, &history, position, seconds, assumption.improves);
        history[position].outcome = Outcome::Completed(score);
        played.ends = now;
    }
    played
}

/// A score as the assumption has it. The baseline is far behind; nobody is so far behind that a family is given up.
fn score(metric: Metric, history: &[TrialRecord], position: usize, seconds: f64, improves: bool) -> Score {
    let loss = match history[position].spec.learner.as_str() {
        BASELINE => 1.0,
        _ if improves => 0.5 - 1e-4 * position as f64,
        _ => 0.5,
    };
    let score = if metric.higher_is_better() { -loss } else { loss };
    Score {
        score,
        loss,
        fold_scores: Vec::new(),
        seconds,
        rounds: 1,
        stop: Stop::Converged,
        predict_seconds_per_row: 1e-6,
        curve: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use model::ProblemType;

    use super::*;

    fn played(rows: usize, seconds: u64, slowness: f64, improves: bool) -> Played {
        let shape = Shape {
            rows,
            features: 20,
            categories: 4,
            classes: 2,
            folds: 5,
            problem: ProblemType::Binary,
        };
        let settings = Settings::new("y", Duration::from_secs(seconds));
        let assumption = Assumption {
            slots: 2,
            slowness,
            improves,
            begins: Duration::from_secs(1),
        };
        play(&shape, Metric::RocAuc, &settings, &[], &assumption)
    }

    #[test]
    fn the_budget_holds_and_more_time_is_more_trials() {
        for rows in [200, 5_000, 200_000] {
            let mut before = 0;
            for seconds in [30, 300, 3_000] {
                let played = played(rows, seconds, 1.0, true);
                assert!(
                    played.ends <= Duration::from_secs(seconds),
                    "{rows} {seconds}: {played:?}"
                );
                assert!(played.trials() >= before, "{rows} {seconds}: {played:?}");
                assert_eq!(played.learners[0].0, BASELINE);
                before = played.trials();
            }
            assert!(before > 5, "{rows}: {before}");
        }
    }

    #[test]
    fn slow_machines_do_less_and_a_search_without_gain_ends_early() {
        let (slow, fast) = (played(50_000, 300, 4.0, true), played(50_000, 300, 0.25, true));
        assert!(slow.trials() < fast.trials(), "{slow:?} {fast:?}");
        let (patient, vain) = (played(200, 3_000, 1.0, true), played(200, 3_000, 1.0, false));
        assert!(vain.ends < patient.ends || patient.is_cut, "{vain:?} {patient:?}");
        assert!(vain.trials() < patient.trials(), "{vain:?} {patient:?}");
    }
}
