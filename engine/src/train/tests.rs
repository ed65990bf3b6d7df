//! Whole runs on small generated tables.

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::context::{Clock, Context};
use crate::error::Error;
use crate::profile::{self, Options};
use crate::read::{self, ReadOptions, Table};
use crate::settings::{Settings, Validation};

/// Seconds that no trial needs: schedules that also follow the clock must follow their steps here.
pub(super) const AMPLE: u64 = 100_000;

struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A table of `rows` rows: two numbers, a colour with blanks, and targets that depend on them.
pub(super) fn table(rows: usize) -> Table {
    let mut text = String::from("size,weight,colour,price,grade,large\n");
    let mut state = 7_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1 << 24) as f64
    };
    for _ in 0..rows {
        let (size, weight, noise) = (next() * 10.0, next() * 5.0, next());
        let colour = ["red", "green", "", "blue"][(next() * 4.0) as usize];
        let bonus = if colour == "red" { 8.0 } else { 0.0 };
        let price = 3.0 * size - weight + bonus + noise;
        let grade = ["a", "b", "c"][(price / 14.0).clamp(0.0, 2.0) as usize];
        let large = if price > 15.0 { "yes" } else { "no" };
        let _ = writeln!(text, "{size:.3},{weight:.3},{colour},{price:.3},{grade},{large}");
    }
    read::read(text.as_bytes(), "made.csv", &ReadOptions::default()).expect("a table")
}

pub(super) fn settings(target: &str, exclude: &[&str], seconds: u64, trials: Option<usize>) -> Settings {
    Settings {
        exclude: exclude.iter().map(|name| (*name).to_owned()).collect(),
        max_trials: trials,
        threads: 2,
        ..Settings::new(target, Duration::from_secs(seconds))
    }
}

fn go(
    table: &Table,
    settings: &Settings,
    control: &Control,
    events: &(dyn Fn(&Event<'_>) + Sync),
) -> Result<Finished, Error> {
    let options = Options {
        target: Some(settings.target.clone()),
        threads: 1,
    };
    let profile = profile::profile(table, &options)?;
    let clock = Wall(Instant::now());
    let job = Job {
        table,
        profile: &profile,
        settings,
        clock: &clock,
        control,
        events,
        runtime: None,
        program: "test 1",
    };
    run(&job)
}

#[test]
fn every_problem_gets_a_model_that_beats_the_baseline() {
    let table = table(600);
    for (target, others) in [
        ("large", ["price", "grade"]),
        ("grade", ["price", "large"]),
        ("price", ["grade", "large"]),
    ] {
        let settings = Settings {
            threshold: (target == "large").then_some(ThresholdGoal::Recall(0.97)),
            ..settings(target, &others, AMPLE, Some(4))
        };
        let finished = go(&table, &settings, &Control::default(), &|_| {}).expect("a model");
        let evaluation = &finished.assembled.evaluation;
        assert_eq!(
            evaluation.is_better_than_baseline,
            Some(true),
            "{target}: {}",
            evaluation.summary
        );
        let (score, low, high) = (evaluation.score, evaluation.low, evaluation.high);
        assert!(
            low <= score && score <= high,
            "{target}: {low:?} {score:?} {high:?}"
        );
        assert_eq!(evaluation.importance.len(), 3, "{target}");
        assert_eq!(evaluation.importance[0].column, "size", "{target}");
        let weights: f64 = finished
            .assembled
            .model
            .members
            .iter()
            .map(|member| member.weight)
            .sum();
        assert!((weights - 1.0).abs() < 1e-12);
        goes_by_what_it_should(target, &finished.assembled);
        assert!(finished.assembled.report_html.contains("Leaderboard"));
        assert!(
            finished
                .assembled
                .leaderboard
                .iter()
                .any(|row| row.learner == "baseline")
        );
    }
}

/// What is fitted on top of the ensemble, and what the model goes by: `size` first of all, the larger the more.
fn goes_by_what_it_should(target: &str, assembled: &Assembled) {
    let (evaluation, refinements) = (&assembled.evaluation, &assembled.model.refinements);
    assert!(
        refinements.background.is_some() && refinements.conformal.is_some(),
        "{target}"
    );
    assert_eq!(evaluation.attribution.len(), 3, "{target}");
    assert_eq!(evaluation.attribution[0].column, "size", "{target}");
    assert!(evaluation.attribution_rows > 50, "{target}");
    assert_eq!(evaluation.dependence.len(), 3, "{target}");
    let size = &evaluation.dependence[0];
    assert_eq!(
        (size.column.as_str(), size.points.len()),
        ("size", 20),
        "{target}"
    );
    assert!(
        size.lines.iter().all(|line| line.len() == 20) && size.lines.len() > 20,
        "{target}"
    );
    if target != "grade" {
        let mean = |place: usize| size.points[place].means[0];
        assert!(
            mean(0) < mean(10) && mean(10) < mean(19),
            "{target}: {:?}",
            size.points
        );
    }
    let colour = evaluation
        .dependence
        .iter()
        .find(|dependence| dependence.column == "colour");
    let labels: Vec<_> = colour
        .iter()
        .flat_map(|colour| &colour.points)
        .map(|point| point.label.clone())
        .collect();
    assert!(
        labels.contains(&Some("red".to_owned())) && labels.len() == 3,
        "{labels:?}"
    );
    assert_eq!(evaluation.coverage.len(), 3, "{target}");
    for coverage in &evaluation.coverage {
        // 120 rows: four standard deviations of the measure, and as much again for bounds of some hundred rows.
        let spread = 6.0 * (coverage.level * (1.0 - coverage.level) / coverage.rows as f64).sqrt();
        assert!(
            (coverage.coverage - coverage.level).abs() < spread.max(0.1),
            "{target}: {coverage:?}"
        );
    }
    assert_eq!(
        evaluation.calibration_decision.is_some(),
        target != "price",
        "{target}"
    );
    let kept = evaluation
        .calibration_decision
        .as_ref()
        .is_some_and(|decision| decision.is_kept);
    assert_eq!(refinements.calibration.is_some(), kept, "{target}");
    assert_eq!(evaluation.threshold.is_some(), target == "large", "{target}");
    if let Some(threshold) = &evaluation.threshold {
        assert_eq!(refinements.threshold, threshold.threshold);
        assert!(threshold.recall >= Some(0.97), "{threshold:?}");
        // The classes are `no` and `yes`; figures and confusion follow the threshold.
        assert!(
            evaluation.classes[1].recall > Some(0.85),
            "{:?}",
            evaluation.classes
        );
    }
}

#[test]
fn equal_seeds_give_equal_models_for_any_number_of_threads() {
    let table = table(300);
    let mut models = Vec::new();
    for threads in [1, 2, 3] {
        let settings = Settings {
            threads,
            ..settings("grade", &["price"], AMPLE, Some(3))
        };
        models.push(
            go(&table, &settings, &Control::default(), &|_| {})
                .expect("a model")
                .assembled
                .model,
        );
    }
    assert!(models[0] == models[1] && models[1] == models[2]);
}

#[test]
fn the_budget_is_kept() {
    let table = table(2000);
    let started = Instant::now();
    let settings = settings("price", &["grade", "large"], 3, None);
    go(&table, &settings, &Control::default(), &|_| {}).expect("a model");
    let spent = started.elapsed().as_secs_f64();
    assert!(spent < 4.5, "{spent} s of 3");
}

#[test]
fn finish_now_keeps_the_best_and_cancel_keeps_nothing() {
    let table = table(500);
    let settings = settings("price", &["grade", "large"], 100, None);
    let control = Control::default();
    let done = AtomicUsize::new(0);
    let started = Instant::now();
    let finished = go(&table, &settings, &control, &|event| {
        if matches!(event, Event::TrialFinished { .. }) && done.fetch_add(1, Ordering::Relaxed) == 1 {
            control.finish_now();
        }
    });
    assert_eq!(finished.expect("a model").history.len(), 2);
    let cancelled = Control::default();
    let nothing = go(&table, &settings, &cancelled, &|event| {
        if matches!(event, Event::TrialStarted { spec } if spec.number == 1) {
            cancelled.cancel();
        }
    });
    assert!(matches!(nothing, Err(Error::Cancelled)));
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_metric_or_column_that_cannot_be_is_refused() {
    let table = table(100);
    let wrong = Settings {
        metric: Some(crate::metrics::Metric::Rmse),
        ..settings("grade", &[], 10, None)
    };
    assert!(matches!(
        go(&table, &wrong, &Control::default(), &|_| {}),
        Err(Error::Input(_))
    ));
    let unknown = settings("grade", &["colur"], 10, None);
    assert!(matches!(
        go(&table, &unknown, &Control::default(), &|_| {}),
        Err(Error::Input(_))
    ));
}

#[test]
fn the_published_model_learns_from_the_holdout_and_the_figures_do_not() {
    let table = table(600);
    let settings = settings("price", &["grade", "large"], AMPLE, Some(3));
    let finished = go(&table, &settings, &Control::default(), &|_| {}).expect("a model");
    let told = |decision: &Decision| decision.what.contains("is refitted");
    assert!(finished.decisions.iter().any(told), "{:?}", finished.decisions);
    let options = Options {
        target: Some(settings.target.clone()),
        threads: 1,
    };
    let profile = profile::profile(&table, &options).expect("a profile");
    let data = crate::plan::prepare(&table, &profile, &settings).expect("prepared data");
    let error = |outputs: &[f64]| {
        crate::metrics::Metric::Rmse
            .evaluate(&data.holdout.target, outputs)
            .expect("defined")
    };
    let model = model::Loaded::new(finished.assembled.model);
    let published = model
        .predict_batch(&holdout_frame(&data, &table.frame), None)
        .expect("answers");
    let scored = error(&finished.assembled.holdout_outputs);
    assert_eq!(finished.assembled.evaluation.score, Some(scored));
    assert!(
        error(&published) < 0.995 * scored,
        "{} {scored}",
        error(&published)
    );
}

#[test]
fn a_forest_is_published_as_one_and_of_about_the_size_that_was_scored() {
    let table = table(600);
    for validation in [Validation::Folds(8), Validation::Time("size".to_owned())] {
        let settings = Settings {
            learners: vec!["random_forest".to_owned()],
            validation,
            ..settings("price", &["grade", "large"], AMPLE, Some(2))
        };
        let finished = go(&table, &settings, &Control::default(), &|_| {}).expect("a model");
        let scored = finished.history[1].score().expect("a score").rounds;
        let [member] = finished.assembled.model.members.as_slice() else {
            panic!("one member");
        };
        let [predictor] = member.predictors.as_slice() else {
            panic!("{} models", member.predictors.len());
        };
        let published = predictor.estimator.forest().expect("a forest").trees.len();
        // Of eight folds' forests of small trees more are kept, but far from all.
        let most = if settings.validation == Validation::Folds(8) {
            4 * scored
        } else {
            scored
        };
        assert!(
            (scored..=most).contains(&published),
            "{published} of {scored}: {:?}",
            settings.validation
        );
        let told = |decision: &Decision| decision.what.contains("is refitted: on all 600 rows");
        assert!(finished.decisions.iter().any(told), "{:?}", finished.decisions);
    }
}

#[test]
fn rows_that_take_too_long_to_explain_are_not_begun() {
    let table = table(300);
    let settings = settings("price", &["grade", "large"], AMPLE, Some(2));
    let finished = go(&table, &settings, &Control::default(), &|_| {}).expect("a model");
    let options = Options {
        target: Some(settings.target.clone()),
        threads: 1,
    };
    let profile = profile::profile(&table, &options).expect("a profile");
    let data = crate::plan::prepare(&table, &profile, &settings).expect("prepared data");
    let model = model::Loaded::new(finished.assembled.model);
    let pool = lanes::pool(1).expect("threads");
    let never = std::sync::atomic::AtomicBool::new(false);
    let clock = Wall(Instant::now());
    let context = Context {
        clock: &clock,
        deadline: Duration::from_secs(3600),
        cancelled: &never,
        device: crate::Device::Cpu,
        pace: crate::Pace::default(),
        pool: &pool,
        seed: 1,
        progress: &|_| {},
    };
    let rows = |row_seconds: f64| attribution::measure(&model, &data.holdout, row_seconds, &context).1;
    assert_eq!((rows(1e-6), rows(3600.0)), (data.holdout.rows, 0));
}

/// The table of classes says both: how many rows there are, and what they count.
#[test]
fn figures_of_classes_go_by_weight_and_say_the_rows() {
    use crate::metrics::Metric;
    use crate::plan::Target;
    let target = Target::Classes {
        codes: vec![0, 0, 1, 1],
        labels: vec!["no".to_owned(), "yes".to_owned()],
    };
    let outputs = [0.9, 0.1, 0.2, 0.8, 0.3, 0.7, 0.6, 0.4];
    let evaluated = |weights: Option<&[f64]>| {
        let subject = evaluation::Subject {
            metric: Metric::RocAuc,
            problem: model::ProblemType::Binary,
            target: &target,
            weights,
            outputs: &outputs,
            decided: &outputs,
            baseline: None,
            validation_score: None,
        };
        ensemble::tests::surrounded(|context| Evaluation::new(&subject, context))
    };
    let weighted = evaluated(Some(&[1.0, 2.0, 3.0, 1.0]));
    let table = weighted.confusion.expect("two classes");
    assert_eq!(table.counts, [[1, 1], [1, 1]]);
    assert_eq!(table.weighted, Some(vec![vec![1.0, 2.0], vec![1.0, 3.0]]));
    let yes = &weighted.classes[1];
    assert_eq!(
        (yes.precision, yes.recall, yes.support),
        (Some(0.6), Some(0.75), 2)
    );
    let plain = evaluated(None);
    assert_eq!(plain.classes[1].recall, Some(0.5));
    assert_eq!(plain.confusion.expect("two classes").weighted, None);
}

#[test]
fn a_limit_of_time_leaves_out_what_is_slow_and_says_so() {
    let table = table(600);
    let run_within = |learners: &[&str], limit: Option<Duration>| {
        let settings = Settings {
            max_latency: limit,
            learners: learners.iter().map(|name| (*name).to_owned()).collect(),
            ..settings("price", &["grade", "large"], AMPLE, Some(6))
        };
        go(&table, &settings, &Control::default(), &|_| {})
            .expect("a model")
            .assembled
    };
    let free = run_within(&["gradient_boosting"], None);
    let taken = free.evaluation.latency.as_ref().expect("measured");
    assert!(taken.seconds > 0.0 && taken.left_out.is_empty() && taken.limit_seconds.is_none());
    // Half of what a member takes: the linear model keeps it, and not all of the trees do.
    let limit = Duration::from_secs_f64(taken.seconds / (2 * free.model.members.len()) as f64);
    let both = ["gradient_boosting", "linear"];
    let fast = run_within(&both, Some(limit));
    let latency = fast.evaluation.latency.as_ref().expect("measured");
    assert!(
        !latency.left_out.is_empty() && !latency.nothing_fits,
        "{latency:?}"
    );
    // Measured once more after the choice: chance may add a little.
    assert!(latency.seconds < 2.0 * limit.as_secs_f64(), "{latency:?}");
    for left_out in &latency.left_out {
        let is_member = |member: &model::Member| member.name == left_out.name;
        assert!(!fast.model.members.iter().any(is_member), "{left_out:?}");
        let own = |row: &&LeaderboardRow| row.number == Some(left_out.number);
        let row = fast.leaderboard.iter().find(own).expect("a row");
        assert_eq!(row.left_out.as_ref(), Some(&left_out.reason));
    }
    assert!(fast.report_html.contains("left out: "));
    assert_eq!(fast.evaluation.is_better_than_baseline, Some(true));
    let hopeless = run_within(&both, Some(Duration::from_micros(1)));
    if hopeless
        .evaluation
        .latency
        .as_ref()
        .is_some_and(|latency| latency.nothing_fits)
    {
        let members: Vec<&str> = hopeless
            .model
            .members
            .iter()
            .map(|member| member.name.as_str())
            .collect();
        assert_eq!(members, ["Baseline"]);
        let summary = &hopeless.evaluation.summary;
        assert!(
            summary.starts_with("No candidate answers a row within 1 µs"),
            "{summary}"
        );
    }
}
