//! Boosting in every configuration of its portfolio, not the first alone.

use super::{AIMS, Attempt, CALM, table};
use crate::learners::{ParamValue, by_name};

#[test]
fn every_configuration_of_boosting_answers_as_it_scored_for_any_number_of_threads() {
    let learner = by_name("gradient_boosting").expect("there is boosting");
    for (problem, aim) in AIMS {
        let mut data = table(problem, 400, 3);
        data.aim = aim;
        let portfolio = learner.portfolio(&data.shape());
        let is_symmetric = |value: &ParamValue| *value == ParamValue::Text("symmetric".into());
        assert!(
            portfolio
                .iter()
                .any(|params| params.get("growth").is_some_and(is_symmetric))
        );
        for params in &portfolio {
            let fit = |threads| {
                let attempt = Attempt { threads, ..CALM };
                attempt
                    .fit(learner, &data, params)
                    .unwrap_or_else(|error| panic!("{problem:?} {params:?}: {error}"))
            };
            let (fitted, other) = (fit(1), fit(3));
            assert_eq!(fitted.predictor, other.predictor, "{problem:?} {params:?}");
            let answers = fitted
                .predictor
                .predict(&data.train.features, &data.folds[0].valid);
            assert_eq!(fitted.valid_outputs, answers, "{problem:?} {params:?}");
        }
    }
}
