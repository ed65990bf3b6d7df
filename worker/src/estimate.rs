//! What a job would take, from the profile of its dataset and the learners' own prices. Nothing is fitted.
//!
//! A learner's price of a trial is a rough prior: measured on other machines and other data, it is right within a factor of
//! three or so. The search is played through with prices three times lower and three times higher, with and without trials
//! that bring something, and what comes out at the edges is the estimate.

use std::time::Duration;

use engine::Settings;
use engine::learners::by_name;
use engine::metrics::Metric;
use engine::plan::{self, Foreseen};
use engine::profile::Profile;
use engine::search::{Assumption, Played, Search, play};
use platform::Error;
use platform::estimate::{Estimate, Estimator, LearnerShare, Question, Span};
use serde::Serialize;

use crate::flow::settings_of;

/// How far a price may be off, either way.
const DOUBT: f64 = 3.0;
/// A task's way to a worker and a fresh child.
const START_SECONDS: f64 = 1.0;
/// Seconds that reading and encoding a cell takes.
const CELL_SECONDS: f64 = 2e-7;
/// Bytes of the program and small buffers in a child.
const BASE_BYTES: f64 = 64.0 * 1024.0 * 1024.0;
/// Bytes of an encoded cell: the number, and its bin.
const CELL_BYTES: f64 = 10.0;

/// Knows the engine's learners and its search.
#[derive(Clone, Copy, Debug, Default)]
pub struct EngineEstimator;

impl Estimator for EngineEstimator {
    fn estimate(&self, question: &Question) -> Result<Estimate, Error> {
        let profile: Profile = serde_json::from_slice(&question.profile)
            .map_err(|error| Error::Conflict(format!("this version cannot read the profile: {error}")))?;
        let workforce = question.workforce;
        let settings = settings_of(
            &question.target,
            &question.settings,
            workforce.threads,
            workforce.memory_bytes,
        )?;
        let foreseen = plan::foresee(&profile, &settings)
            .ok_or_else(|| Error::Conflict("the target cannot be predicted".to_owned()))?;
        let metric = settings
            .metric
            .unwrap_or_else(|| Metric::default_for(foreseen.shape.problem));
        Ok(of_plays(&foreseen, metric, &settings, workforce.slots))
    }
}

fn of_plays(foreseen: &Foreseen, metric: Metric, settings: &Settings, slots: usize) -> Estimate {
    let shape = &foreseen.shape;
    let cells = ((shape.rows + foreseen.holdout_rows) * shape.features) as f64;
    let begins = Duration::from_secs_f64(START_SECONDS + cells * CELL_SECONDS).min(settings.budget);
    let played = |slowness: f64, improves: bool| {
        let assumption = Assumption {
            slots,
            slowness,
            improves,
            begins,
        };
        play(shape, metric, settings, &assumption)
    };
    let (slow, likely, fast) = (played(DOUBT, true), played(1.0, true), played(1.0 / DOUBT, true));
    let (slow_in_vain, fast_in_vain) = (played(DOUBT, false), played(1.0 / DOUBT, false));
    let reserve = settings.budget - Search::new(shape.clone(), metric, settings).end(&[]);
    let all = [&slow, &likely, &fast, &slow_in_vain, &fast_in_vain];
    let ends = all.map(|played| (played.ends + reserve).min(settings.budget).as_secs_f64());
    let counts = all.map(|played| u32::try_from(played.trials()).unwrap_or(u32::MAX));
    let memory_bytes = memory(foreseen, &likely, cells);
    Estimate {
        problem: name_of(&shape.problem),
        metric: metric.name().to_owned(),
        training_rows: shape.rows as u64,
        holdout_rows: foreseen.holdout_rows as u64,
        features: Span {
            low: foreseen.fewest_features as u64,
            high: shape.features as u64,
        },
        folds: u32::try_from(shape.folds).unwrap_or(u32::MAX),
        trials: Span {
            low: counts.into_iter().min().unwrap_or(0),
            high: counts.into_iter().max().unwrap_or(0),
        },
        is_open: all.iter().any(|played| played.is_cut),
        seconds: Span {
            // Assembling takes less than what is kept for it when the search ends early.
            low: ends
                .into_iter()
                .fold(f64::INFINITY, f64::min)
                .min(settings.budget.as_secs_f64()),
            high: settings
                .budget
                .as_secs_f64()
                .min(ends.into_iter().fold(0.0, f64::max) * 1.1),
        },
        notes: notes(&likely, memory_bytes, settings),
        memory_bytes,
        learners: learners(&likely),
    }
}

/// The largest of the likely trials besides the data, and twice that where features or models grow larger than usual.
fn memory(foreseen: &Foreseen, likely: &Played, cells: f64) -> Span<u64> {
    let rows = (foreseen.shape.rows + foreseen.holdout_rows) as f64;
    let least = BASE_BYTES + rows * foreseen.fewest_features as f64 * CELL_BYTES;
    let most = BASE_BYTES + cells * CELL_BYTES + likely.bytes as f64;
    Span {
        low: least as u64,
        high: (2.0 * most) as u64,
    }
}

fn learners(played: &Played) -> Vec<LearnerShare> {
    let mut learners = Vec::with_capacity(played.learners.len());
    for (name, trials) in &played.learners {
        learners.push(LearnerShare {
            name: name.clone(),
            title: by_name(name).map_or_else(|| name.clone(), |learner| learner.title().to_owned()),
            trials: u32::try_from(*trials).unwrap_or(u32::MAX),
        });
    }
    learners
}

fn notes(likely: &Played, memory: Span<u64>, settings: &Settings) -> Vec<String> {
    let mut notes = Vec::new();
    if memory.low > settings.memory_bytes {
        notes.push(
            "The data will hardly fit into the memory of a worker: leave out columns, or give workers more memory."
                .to_owned(),
        );
    } else if memory.high > settings.memory_bytes {
        notes
            .push("Some learners may need more memory than a worker has; they are left out then.".to_owned());
    }
    // The baseline is no search.
    if likely.trials() <= 2 {
        notes.push(
            "The budget is enough for one model at most: more time is likely to bring a better one."
                .to_owned(),
        );
    }
    notes
}

/// The name of a value in stored rows.
fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use engine::profile::Options;
    use engine::read::ReadOptions;
    use entities::job::JobSettings;
    use platform::estimate::Workforce;

    use super::*;

    fn question(rows: u32, budget_seconds: u32) -> Question {
        let mut text = String::from("a,b,c,y\n");
        for row in 0..rows {
            writeln!(
                text,
                "{},{},{},{}",
                row % 89,
                row % 7,
                ["x", "z"][row as usize % 2],
                row * 31 % 97
            )
            .unwrap();
        }
        let table = engine::read::read(text.as_bytes(), "t.csv", &ReadOptions::default()).unwrap();
        let options = Options {
            target: None,
            threads: 1,
        };
        let profile = engine::profile::profile(&table, &options).unwrap();
        Question {
            profile: serde_json::to_vec(&profile).unwrap(),
            target: "y".to_owned(),
            settings: JobSettings {
                budget_seconds,
                ..JobSettings::default()
            },
            workforce: Workforce {
                slots: 2,
                threads: 1,
                memory_bytes: 1 << 30,
            },
        }
    }

    #[test]
    fn an_estimate_is_a_span_within_the_budget() {
        let estimate = EngineEstimator.estimate(&question(2_000, 60)).unwrap();
        assert_eq!(
            (estimate.problem.as_str(), estimate.metric.as_str()),
            ("regression", "rmse")
        );
        assert_eq!((estimate.training_rows, estimate.holdout_rows), (1_600, 400));
        assert_eq!((estimate.features.low, estimate.features.high), (3, 3));
        assert!(
            estimate.trials.low >= 2 && estimate.trials.low < estimate.trials.high,
            "{estimate:?}"
        );
        assert!(
            estimate.seconds.low > 0.0 && estimate.seconds.low <= estimate.seconds.high,
            "{estimate:?}"
        );
        assert!(estimate.seconds.high <= 60.0, "{estimate:?}");
        assert!(
            estimate.memory_bytes.low < estimate.memory_bytes.high,
            "{estimate:?}"
        );
        assert_eq!(estimate.learners[0].name, "baseline");
        assert!(
            estimate
                .learners
                .iter()
                .any(|learner| learner.name == "gradient_boosting")
        );
    }

    #[test]
    fn more_rows_are_fewer_trials_and_more_memory() {
        let (small, large) = (
            EngineEstimator.estimate(&question(2_000, 20)).unwrap(),
            EngineEstimator.estimate(&question(60_000, 20)).unwrap(),
        );
        assert!(large.trials.low <= small.trials.low && large.trials.high <= small.trials.high);
        assert!(large.memory_bytes.low > small.memory_bytes.low);
    }
}
