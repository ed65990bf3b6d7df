//! Which learners a search asks: not those that cannot, and less of those that lag.

use std::time::Duration;

use model::ProblemType;

use super::tests::{completed, play, settings, shape};
use super::*;
use crate::metrics::Metric;
use crate::plan::Shape;
use crate::settings::Settings;

#[test]
fn learners_that_aim_at_the_mean_are_not_asked_for_a_quantile() {
    let shape = Shape {
        problem: ProblemType::Regression,
        classes: 0,
        ..shape(2_000)
    };
    let tried = |metric| {
        let search = Search::new(shape.clone(), metric, &settings(60));
        let (history, _) = play(&search, 0.5, |number| 2.0 - number as f64 / 1e3);
        let learners = history.iter().map(|record| record.spec.learner.clone());
        learners.collect::<std::collections::BTreeSet<String>>()
    };
    assert!(tried(Metric::Mae).contains("network"));
    let left: Vec<String> = tried(Metric::Pinball95).into_iter().collect();
    assert_eq!(left, ["baseline", "gradient_boosting"]);
}

/// What a trial takes comes on top of the data.
#[test]
fn a_trial_that_does_not_fit_beside_the_data_is_not_begun() {
    let shape = Shape {
        features: 60,
        classes: 2,
        categories: 10,
        folds: 1,
        ..shape(225_000)
    };
    let learner = crate::learners::by_name("network").expect("there are networks");
    let portfolio = learner.portfolio(&shape);
    let has_memory = |bytes: u64| {
        let settings = Settings {
            memory_bytes: bytes,
            ..settings(60)
        };
        let search = Search::new(shape.clone(), Metric::RocAuc, &settings);
        [0, 1].map(|place| search.has_memory(learner, &portfolio[place]))
    };
    let wide = learner.cost(&shape, &portfolio[0]).bytes;
    assert!(wide > 512 << 20, "in pieces a number takes seventeen: {wide}");
    assert_eq!(has_memory(1 << 30), [false, true]);
    assert_eq!(has_memory(2 << 30), [true, true]);
}

/// Of a family that is behind the first configuration is tried, the others take turns with variations of better ones.
#[test]
fn a_lagging_family_waits() {
    let search = Search::new(shape(20_000), Metric::RocAuc, &settings(600));
    let mut history: Vec<TrialRecord> = Vec::new();
    for step in 0..40 {
        let now = Duration::from_millis(100 + step);
        let spec = search.suggest(&history, now, 1).remove(0);
        let score = match spec.learner.as_str() {
            "baseline" => 0.5,
            "random_forest" | "extra_trees" => 0.87,
            _ => 0.9,
        };
        history.push(completed(spec, score, 1e-3));
    }
    let place = |name: &str| {
        let position = history.iter().position(|record| record.spec.name == name);
        position.expect("it is tried")
    };
    let first_variation = history
        .iter()
        .position(|record| record.spec.reason.starts_with("varies"));
    let first_variation = first_variation.expect("there are some");
    assert!(place("Random forest 1") < first_variation);
    assert!(place("Gradient boosting 7") < first_variation);
    assert!(place("Random forest 2") > first_variation);
    let is_of_portfolio = |record: &&TrialRecord| record.spec.reason == "next of the portfolio";
    let late = history[first_variation..].iter().filter(is_of_portfolio).count();
    assert!(late >= 2, "they have their turns: {late}");
}

/// Nearly all of the baseline's loss is gone: twice the best loss is next to nothing of it, and still twice as much.
#[test]
fn a_family_with_a_multiple_of_the_best_loss_is_given_up() {
    let search = Search::new(shape(15_000), Metric::LogLoss, &settings(60));
    let given_up = |boosting: f64, tries: usize| {
        let mut history = Vec::new();
        let mut add = |name: &str, score: f64| {
            let learner = crate::learners::by_name(name).expect("there is one");
            let left = Duration::from_secs(9);
            let spec = search.spec(&history, learner, name.to_owned(), Default::default(), left, "");
            history.push(completed(spec, score, 1e-3));
        };
        add("baseline", 0.0);
        add("network", 0.95);
        (0..tries).for_each(|_| add("gradient_boosting", boosting));
        let boosting = crate::learners::by_name("gradient_boosting").expect("there is one");
        search.is_given_up(&history, boosting)
    };
    assert!(given_up(0.9, 3));
    assert!(!given_up(0.9, 2), "more are tried first");
    assert!(!given_up(0.94, 3), "close enough");
}
