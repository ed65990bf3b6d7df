//! What a job would take, from the profile of its dataset and the learners' own prices. Nothing is fitted.
//!
//! A learner's price of a trial is a rough prior: measured on other machines and other data, it is right within a factor of
//! three or so; what the trials of an earlier job on the same data took makes it better. The search is played through with
//! lower and higher prices, with and without trials that bring something, and what comes out at the edges is the estimate.

use std::time::Duration;

use engine::Settings;
use engine::learners::by_name;
use engine::metrics::Metric;
use engine::plan::{self, Foreseen};
use engine::profile::Profile;
use engine::search::{Assumption, Played, Search, TrialRecord, play};
use platform::Error;
use platform::estimate::{Estimate, Estimator, LearnerShare, Question, Span};
use serde::Serialize;

use crate::flow::{records, settings_of};

/// How far a price may be off, either way.
const DOUBT: f64 = 3.0;
/// How far a price may be off that earlier trials on the same data have corrected: machines are busier at times.
const DOUBT_MEASURED: f64 = 1.5;
/// Stable name of the learner that knows nothing.
const BASELINE: &str = "baseline";
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
        let pilot = records(&question.pilot)?;
        Ok(of_plays(&foreseen, metric, &settings, &pilot, workforce.slots))
    }
}

fn of_plays(
    foreseen: &Foreseen,
    metric: Metric,
    settings: &Settings,
    pilot: &[TrialRecord],
    slots: usize,
) -> Estimate {
    // The baseline alone says nothing of what learners take.
    let is_measured = pilot.iter().any(|record| record.spec.learner != BASELINE);
    let doubt = if is_measured { DOUBT_MEASURED } else { DOUBT };
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
        play(shape, metric, settings, pilot, &assumption)
    };
    let (slow, likely, fast) = (played(doubt, true), played(1.0, true), played(1.0 / doubt, true));
    let (slow_in_vain, fast_in_vain) = (played(doubt, false), played(1.0 / doubt, false));
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
        is_measured,
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

    use engine::plan::Shape;
    use engine::profile::Options;
    use engine::read::ReadOptions;
    use engine::search::TrialSpec;
    use entities::job::JobSettings;
    use entities::trial;
    use model::ProblemType;
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
            pilot: Vec::new(),
        }
    }

    /// A trial of boosted trees that took so long.
    fn trial(seconds: f64) -> trial::Model {
        let spec = TrialSpec {
            number: 1,
            name: "Gradient boosting 1".to_owned(),
            learner: "gradient_boosting".to_owned(),
            params: by_name("gradient_boosting")
                .unwrap()
                .portfolio(&shape())
                .remove(0),
            seed: 1,
            limit: Duration::from_secs(60),
            reason: "next of the portfolio".to_owned(),
        };
        let mut row = crate::flow::queued(uuid::Uuid::nil(), &spec).unwrap();
        row.state = trial::State::Completed;
        row.score = Some(0.5);
        row.loss = Some(0.5);
        row.seconds = Some(seconds);
        row.rounds = Some(10);
        row.stop = Some("finished".to_owned());
        row.predict_seconds_per_row = Some(1e-6);
        row
    }

    fn shape() -> Shape {
        Shape {
            rows: 1_600,
            features: 3,
            categories: 1,
            classes: 0,
            folds: 5,
            problem: ProblemType::Regression,
        }
    }

    #[test]
    fn what_earlier_trials_took_narrows_the_span() {
        let mut asked = question(2_000, 60);
        let guessed = EngineEstimator.estimate(&asked).unwrap();
        asked.pilot = vec![trial(6.0)];
        let slow = EngineEstimator.estimate(&asked).unwrap();
        asked.pilot = vec![trial(0.05)];
        let fast = EngineEstimator.estimate(&asked).unwrap();
        assert!(!guessed.is_measured && slow.is_measured && fast.is_measured);
        assert!(slow.trials.high < fast.trials.high, "{slow:?} {fast:?}");
        assert!(slow.trials.high < guessed.trials.high, "{slow:?} {guessed:?}");
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
