//! The search with learners that are only names and prices.

use std::time::Duration;

use model::ProblemType;

use super::*;
use crate::learners::{LEARNERS, Stop};
use crate::metrics::Metric;
use crate::plan::Shape;
use crate::settings::{Direction, MonotoneColumn, Preset, Settings};

pub fn shape(rows: usize) -> Shape {
    Shape {
        rows,
        features: 10,
        categories: 2,
        classes: 2,
        folds: 5,
        problem: ProblemType::Binary,
    }
}

pub fn settings(seconds: u64) -> Settings {
    Settings::new("y", Duration::from_secs(seconds))
}

pub fn completed(spec: TrialSpec, score: f64, seconds: f64) -> TrialRecord {
    let score = Score {
        score,
        loss: 1.0 - score,
        fold_scores: vec![score; 5],
        seconds,
        rounds: 10,
        stop: Stop::Converged,
        predict_seconds_per_row: 1e-6,
        curve: Vec::new(),
    };
    TrialRecord {
        spec,
        outcome: Outcome::Completed(score),
    }
}

/// Runs a search on a pretended clock: every trial takes its limit or `seconds`.
pub fn play(search: &Search, seconds: f64, score: impl Fn(usize) -> f64) -> (Vec<TrialRecord>, Duration) {
    let mut history = Vec::new();
    let mut now = Duration::from_millis(200);
    while search.finished(&history, now).is_none() {
        let Some(spec) = search.suggest(&history, now, 1).into_iter().next() else {
            break;
        };
        assert_eq!(spec.number, history.len());
        let taken = spec.limit.as_secs_f64().min(seconds);
        now += Duration::from_secs_f64(taken);
        let score = score(spec.number);
        history.push(completed(spec, score, taken));
        assert!(history.len() < 3000, "the search never ends");
    }
    (history, now)
}

#[test]
fn the_baseline_comes_first_and_the_budget_is_kept() {
    let settings = settings(60);
    let search = Search::new(shape(5000), Metric::RocAuc, &settings);
    let (history, now) = play(&search, 2.0, |number| {
        0.5 + 0.4 * (1.0 - 1.0 / (1.0 + number as f64))
    });
    assert_eq!(history[0].spec.learner, "baseline");
    assert!(history.len() > 5, "{}", history.len());
    assert!(now <= search.end(&history) + Duration::from_millis(1));
    assert!(search.end(&history) < settings.budget);
    let mut names: Vec<&str> = history.iter().map(|record| record.spec.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), history.len(), "names are unique");
}

#[test]
fn equal_questions_get_equal_answers() {
    let settings = settings(60);
    let search = Search::new(shape(5000), Metric::RocAuc, &settings);
    let (history, _) = play(&search, 1.5, |number| 0.5 + 0.001 * number as f64);
    for length in 0..history.len() {
        let now = Duration::from_millis(900);
        let again = Search::new(shape(5000), Metric::RocAuc, &settings);
        assert_eq!(
            search.suggest(&history[..length], now, 3),
            again.suggest(&history[..length], now, 3)
        );
    }
}

#[test]
fn few_rows_stop_early_when_nothing_improves() {
    let search = Search::new(shape(150), Metric::RocAuc, &settings(600));
    let (history, now) = play(&search, 0.1, |number| if number == 1 { 0.9 } else { 0.8 });
    assert_eq!(search.finished(&history, now), Some(Finish::Converged));
    assert!(history.len() < 20);
}

#[test]
fn a_family_that_fails_twice_is_left() {
    let search = Search::new(shape(5000), Metric::RocAuc, &settings(60));
    let mut history = Vec::new();
    let now = Duration::from_secs(1);
    for _ in 0..40 {
        let Some(spec) = search.suggest(&history, now, 1).into_iter().next() else {
            break;
        };
        if spec.learner == "gradient_boosting" {
            history.push(TrialRecord {
                spec,
                outcome: Outcome::Failed {
                    reason: "broken".into(),
                },
            });
        } else {
            let score = 0.5 + 0.01 * spec.number as f64;
            history.push(completed(spec, score, 0.1));
        }
    }
    let failed = history.iter().filter(|record| record.score().is_none()).count();
    assert!(failed <= 2, "{failed}");
}

#[test]
fn several_slots_get_different_trials_and_open_ones_count() {
    let search = Search::new(shape(5000), Metric::RocAuc, &settings(60));
    let now = Duration::from_secs(1);
    let specs = search.suggest(&[], now, 3);
    assert_eq!(specs.len(), 3.min(1 + LEARNERS.len()));
    let history: Vec<TrialRecord> = specs
        .into_iter()
        .map(|spec| TrialRecord {
            spec,
            outcome: Outcome::Open,
        })
        .collect();
    assert_eq!(search.finished(&history, now), None);
    for spec in search.suggest(&history, now, 2) {
        assert!(history.iter().all(|record| record.spec.name != spec.name));
    }
}

#[test]
fn a_number_of_trials_ends_the_run_and_time_changes_nothing() {
    let settings = Settings {
        max_trials: Some(4),
        ..settings(60)
    };
    let search = Search::new(shape(5000), Metric::RocAuc, &settings);
    let (slow, now) = play(&search, 3.0, |_| 0.7);
    let (fast, _) = play(&search, 0.01, |_| 0.7);
    assert_eq!(slow.len(), 4);
    assert_eq!(search.finished(&slow, now), Some(Finish::TrialLimit));
    let params = |history: &[TrialRecord]| -> Vec<Params> {
        history.iter().map(|item| item.spec.params.clone()).collect()
    };
    assert_eq!(params(&slow), params(&fast));
}

#[test]
fn more_budget_goes_on_where_time_ended_a_search() {
    let short = settings(20);
    let gain = |number: usize| 0.5 + number as f64 / 1000.0;
    let (history, now) = play(&Search::new(shape(5000), Metric::RocAuc, &short), 2.0, gain);
    let mut longer = settings(60);
    longer.seen_trials = history.len();
    let search = Search::new(shape(5000), Metric::RocAuc, &longer);
    assert_eq!(search.finished(&history, now), None);
    let next = search.suggest(&history, now, 1);
    assert_eq!(next[0].number, history.len(), "{next:?}");
    assert!(history.iter().all(|record| record.spec.name != next[0].name));
}

#[test]
fn a_search_that_converged_is_patient_again_when_it_goes_on() {
    let mut settings = settings(3600);
    let flat = |_: usize| 0.7;
    let (history, now) = play(&Search::new(shape(300), Metric::RocAuc, &settings), 0.1, flat);
    let search = Search::new(shape(300), Metric::RocAuc, &settings);
    assert_eq!(search.finished(&history, now), Some(Finish::Converged));
    settings.seen_trials = history.len();
    let search = Search::new(shape(300), Metric::RocAuc, &settings);
    assert_eq!(search.finished(&history, now), None);
    let mut more = history.clone();
    while search.finished(&more, now).is_none() {
        let spec = search.suggest(&more, now, 1).remove(0);
        more.push(completed(spec, 0.7, 0.1));
        assert!(more.len() < 1000, "it never converges again");
    }
    assert!(
        more.len() >= history.len() + 10,
        "{} after {}",
        more.len(),
        history.len()
    );
}

#[test]
fn a_quick_search_that_goes_on_tries_more_than_the_first_of_each_portfolio() {
    let mut settings = settings(3600);
    settings.preset = Preset::Quick;
    let gain = |number: usize| 0.5 + number as f64 / 1000.0;
    let (history, now) = play(&Search::new(shape(5000), Metric::RocAuc, &settings), 0.1, gain);
    let search = Search::new(shape(5000), Metric::RocAuc, &settings);
    assert_eq!(search.finished(&history, now), Some(Finish::NothingFits));
    settings.seen_trials = history.len();
    let search = Search::new(shape(5000), Metric::RocAuc, &settings);
    assert_eq!(search.suggest(&history, now, 2).len(), 2);
}

#[test]
fn forgotten_trials_leave_gaps_and_no_name_is_given_twice() {
    let settings = settings(3600);
    let search = Search::new(shape(5000), Metric::RocAuc, &settings);
    let mut history: Vec<TrialRecord> = Vec::new();
    let now = Duration::from_secs(1);
    for round in 0..60 {
        let spec = search.suggest(&history, now, 1).remove(0);
        assert!(
            history.iter().all(|record| record.spec.name != spec.name),
            "{}",
            spec.name
        );
        assert!(history.iter().all(|record| record.spec.number < spec.number));
        history.push(completed(spec, 0.5 + f64::from(round) / 1000.0, 0.1));
        if round % 7 == 3 {
            history.remove(history.len() - 2);
        }
    }
}

#[test]
fn a_trial_that_starts_late_gets_what_it_would_get_then() {
    let search = Search::new(shape(50_000), Metric::LogLoss, &settings(60));
    let mut history = Vec::new();
    for seconds in [0.001, 2.0] {
        let spec = search.suggest(&history, Duration::from_secs(1), 1).remove(0);
        history.push(completed(spec, 0.7, seconds));
    }
    let early = Duration::from_secs(3);
    let ahead = search.suggest(&history, early, 2);
    let [running, queued] = &ahead[..] else {
        panic!("two trials, not {ahead:?}");
    };
    for spec in &ahead {
        history.push(TrialRecord {
            spec: spec.clone(),
            outcome: Outcome::Open,
        });
    }
    assert_eq!(search.limit_at(&history, early, running), running.limit);
    let left = Duration::from_secs(8);
    let late = search.end(&history).saturating_sub(left);
    let limit = search.limit_at(&history, late, queued);
    assert!(limit < queued.limit, "{limit:?} of {:?}", queued.limit);
    assert!(limit < left.mul_f64(0.5), "{limit:?} of {left:?}");
}

#[test]
fn late_trials_may_use_most_of_what_is_left_and_side_learners_never() {
    let search = Search::new(shape(20_000), Metric::LogLoss, &settings(60));
    let mut history = Vec::new();
    for seconds in [0.001, 0.5] {
        let spec = search.suggest(&history, Duration::from_secs(1), 1).remove(0);
        history.push(completed(spec, 0.7, seconds));
    }
    let left = Duration::from_secs(15);
    let now = search.end(&history).saturating_sub(left);
    let mut seen = Vec::new();
    for _ in 0..8 {
        let Some(spec) = search.suggest(&history, now, 1).into_iter().next() else {
            break;
        };
        let left_then = search.end(&history).saturating_sub(now);
        let is_main = matches!(spec.learner.as_str(), "gradient_boosting" | "network");
        assert!(is_main || spec.limit <= Duration::from_secs(6), "{spec:?}");
        seen.push(is_main && spec.limit > left_then.mul_f64(0.5));
        history.push(completed(spec, 0.69, 0.5));
    }
    assert!(seen.contains(&true), "{seen:?}");
}

#[test]
fn slots_with_a_gpu_get_learners_that_can_use_one_and_no_others() {
    let search = Search::new(shape(5000), Metric::RocAuc, &settings(600));
    let mut history = Vec::new();
    for spec in search.suggest(&history, Duration::ZERO, 2) {
        history.push(completed(spec, 0.6, 1.0));
    }
    let now = Duration::from_secs(2);
    let learners = |room: Room| -> Vec<String> {
        let specs = search.suggest_into(&history, now, room);
        specs.into_iter().map(|spec| spec.learner).collect()
    };
    let mixed = learners(Room {
        slots: 3,
        gpu: Some(2),
    });
    let networks = mixed.iter().filter(|learner| *learner == "network").count();
    assert_eq!((mixed.len(), networks), (5, 2), "{mixed:?}");
    let full = learners(Room {
        slots: 5,
        gpu: Some(0),
    });
    assert!(
        full.len() == 5 && !full.contains(&"network".to_owned()),
        "{full:?}"
    );
    let only = learners(Room {
        slots: 0,
        gpu: Some(2),
    });
    assert_eq!(only, ["network", "network"]);
    assert!(learners(Room { slots: 9, gpu: None }).contains(&"network".to_owned()));
}

#[test]
fn learners_that_cannot_keep_a_direction_are_not_tried() {
    let free = settings(60);
    let bound = Settings {
        monotone: vec![MonotoneColumn {
            column: "x".to_owned(),
            direction: Direction::Rising,
        }],
        ..settings(60)
    };
    let tried = |settings: &Settings| {
        let search = Search::new(shape(2_000), Metric::RocAuc, settings);
        let (history, _) = play(&search, 0.5, |number| 0.6 + number as f64 / 1e3);
        let learners = history.iter().map(|record| record.spec.learner.clone());
        learners.collect::<std::collections::BTreeSet<String>>()
    };
    let unable = |name: &String| {
        LEARNERS
            .iter()
            .any(|one| one.name() == name && !one.keeps_monotone())
    };
    assert!(tried(&free).iter().any(unable));
    let kept = tried(&bound);
    assert!(
        !kept.iter().any(unable) && kept.contains("gradient_boosting"),
        "{kept:?}"
    );
}

/// The first trial of boosting on few rows: everything else is better by far, in no time.
fn after_a_bad_start(search: &Search, rounds: usize) -> Vec<TrialRecord> {
    let mut history = Vec::new();
    while history.len() < 6 {
        let now = Duration::from_millis(100 + history.len() as u64);
        let spec = search.suggest(&history, now, 1).remove(0);
        let score = match spec.learner.as_str() {
            "baseline" => 0.5,
            "gradient_boosting" => 0.55,
            _ => 0.9,
        };
        let mut record = completed(spec, score, 0.01);
        if let Outcome::Completed(score) = &mut record.outcome {
            score.rounds = rounds;
        }
        history.push(record);
    }
    history
}

#[test]
fn a_family_is_not_given_up_for_one_bad_configuration() {
    let search = Search::new(shape(700), Metric::RocAuc, &settings(60));
    let mut history = after_a_bad_start(&search, 100);
    let boosted = |history: &[TrialRecord]| {
        let own = history
            .iter()
            .filter(|record| record.spec.learner == "gradient_boosting");
        own.count()
    };
    for _ in 0..40 {
        let Some(spec) = search
            .suggest(&history, Duration::from_secs(1), 1)
            .into_iter()
            .next()
        else {
            break;
        };
        let score = if spec.learner == "gradient_boosting" {
            0.55
        } else {
            0.9
        };
        history.push(completed(spec, score, 0.01));
    }
    assert_eq!(boosted(&history), 3, "three bad ones are enough");
}

#[test]
fn the_rounds_of_the_first_trial_say_how_large_trees_are_to_be() {
    for (rounds, leaves) in [(3_000, Some(128)), (100, None), (15, Some(5))] {
        let search = Search::new(shape(700), Metric::RocAuc, &settings(60));
        let history = after_a_bad_start(&search, rounds);
        let resized: Vec<&TrialSpec> = history
            .iter()
            .map(|record| &record.spec)
            .filter(|spec| spec.reason.starts_with("resizes"))
            .collect();
        let found = resized.first().map(|spec| spec.params["leaves"].clone());
        assert_eq!(found, leaves.map(crate::learners::ParamValue::Int), "{rounds}");
        assert!(resized.len() <= 1, "once");
    }
}
