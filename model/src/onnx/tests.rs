//! Every transform, block, estimator and link in the real onnxruntime against the native model.
//!
//! The library is found through `ORT_DYLIB_PATH`. Without it these tests check nothing and say so; with
//! `CI_REQUIRE_ORT=1` they fail instead.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::sample;

fn runtime() -> Option<Runtime> {
    let Some(path) = std::env::var_os("ORT_DYLIB_PATH") else {
        assert!(
            std::env::var_os("CI_REQUIRE_ORT").is_none(),
            "CI_REQUIRE_ORT is set, but ORT_DYLIB_PATH is not"
        );
        eprintln!("skipped: set ORT_DYLIB_PATH to libonnxruntime to compare ONNX files with their models");
        return None;
    };
    Some(Runtime::load(Path::new(&path)).expect("onnxruntime loads"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_model_answers_alike_in_onnx(seed in any::<u64>()) {
        let Some(runtime) = runtime() else { return Ok(()) };
        let model = sample::model(seed);
        model.validate().expect("samples are valid");
        let onnx = export(&model).expect("exports");
        let holdout = sample::frame(&model, 50, seed);
        let certificate = verify(&onnx, &model, &holdout, &runtime);
        let certificate = certificate.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(certificate.largest_difference <= 1e-9, "{}", certificate.largest_difference);
        prop_assert_eq!(certificate.holdout_rows, 50);
        prop_assert!(certificate.edge_rows > 500);
    }
}

#[test]
fn a_graph_of_another_model_gets_no_certificate() {
    let Some(runtime) = runtime() else { return };
    let model = sample::model(11);
    let mut changed = model.clone();
    changed.refinements.background = None;
    let constant = crate::Estimator::Constant(vec![1.0; model.outputs()]);
    changed.members[0].predictors[0] = crate::Predictor {
        dense: None,
        estimator: constant,
        link: crate::Link::Identity,
    };
    let onnx = export(&changed).expect("exports");
    let holdout = sample::frame(&model, 20, 1);
    assert!(matches!(
        verify(&onnx, &model, &holdout, &runtime),
        Err(VerifyError::Value { .. })
    ));
    assert!(matches!(
        verify(b"no graph", &model, &holdout, &runtime),
        Err(VerifyError::Runtime(_))
    ));
}

#[test]
fn outputs_step_aside_for_columns_of_their_name() {
    let model = (0..)
        .map(sample::model)
        .find(|model| model.problem.is_classification() && model.inputs.len() > 2);
    let model = model.expect("some sample has these");
    let names = output_names(&model);
    assert_eq!(names.label.as_deref(), Some("label_output"));
    assert_eq!(names.values, "probabilities_output");
}

#[test]
fn a_library_that_is_not_there_is_named() {
    let error = Runtime::load(Path::new("/no/such/libonnxruntime.so")).expect_err("is not there");
    assert!(
        error.to_string().contains("/no/such/libonnxruntime.so"),
        "{error}"
    );
}

#[test]
fn the_certificate_names_the_runtime() {
    let Some(runtime) = runtime() else { return };
    let parts: Vec<Option<u32>> = runtime
        .version()
        .split('.')
        .map(|part| part.parse().ok())
        .collect();
    assert!(
        parts.len() == 3 && parts.iter().all(Option::is_some),
        "{}",
        runtime.version()
    );
}
