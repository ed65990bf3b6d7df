//! Asking a deployed model, through GraphQL and without it.

use axum::body::Body;
use axum::http::Request;
use entities::{dataset, job};
use model::attribution::Start;
use model::{
    Background, Conformal, Encoder, Estimator, Feature, FeatureKind, Input, InputKind, Link, Member, Model,
    Predictor, ProblemType, Provenance, Quantile, Refinements, Transform,
};
use platform::artifacts::Key;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::setup::{Answer, Application, Person, id};

const PREDICT: &str = "mutation ($input: PredictInput!) { predict(input: $input) { userErrors { code field message }
    predictions { label value probability probabilities { label probability } warnings { kind column message } } } }";
pub const DEPLOY: &str =
    "mutation ($id: ID!) { deployModel(input: { id: $id }) { model { deployed } userErrors { code } } }";
const UNDEPLOY: &str = "mutation ($id: ID!) { undeployModel(input: { id: $id }) { model { deployed } } }";

/// A model that says the same of every row.
fn constant() -> Model {
    let input = Input {
        name: "mass".to_owned(),
        kind: InputKind::Number,
        range: Some((1.0, 2.0)),
        examples: Vec::new(),
        typical: "1.5".to_owned(),
    };
    let feature = Feature {
        name: "mass".to_owned(),
        input: 0,
        kind: FeatureKind::Number,
    };
    let predictor = Predictor {
        dense: None,
        estimator: Estimator::Constant(vec![0.2, 0.5, 0.3]),
        link: Link::Identity,
    };
    Model {
        problem: ProblemType::Multiclass,
        target: "species".to_owned(),
        classes: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
        inputs: vec![input],
        encoder: Encoder {
            steps: vec![(0, Transform::Number)],
            features: vec![feature],
        },
        members: vec![Member {
            name: "baseline".to_owned(),
            weight: 1.0,
            predictors: vec![predictor],
        }],
        provenance: Provenance::default(),
        refinements: refinements(),
    }
}

/// Sets of 90 % hold every class with at least a quarter; contributions are measured from one row.
fn refinements() -> Refinements {
    Refinements {
        conformal: Some(Conformal {
            quantiles: vec![Quantile {
                level: 0.9,
                bound: 0.75,
            }],
        }),
        background: Some(Background {
            typical: vec![1.5],
            starts: vec![vec![Start::Typical]],
        }),
        ..Refinements::default()
    }
}

/// A stored model of Ann's; its opaque id.
pub async fn stored(application: &Application) -> String {
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let job = application.job(&dataset, job::State::Completed).await;
    let row = application.model(&job).await;
    let key = Key::of_job(job.id, uuid::Uuid::now_v7(), 1, "model.automl");
    let bytes = model::store::write(&constant()).expect("a file");
    application
        .platform
        .artifacts
        .put_bytes(&key, bytes)
        .await
        .expect("stored");
    let opaque = id("model", row.id);
    let mut change = row.into_active_model();
    change.model_key = Set(key.to_string());
    change
        .update(application.platform.database.connection())
        .await
        .expect("updated");
    opaque
}

async fn predict(application: &Application, model: &str, rows: Value) -> Value {
    let input = json!({ "input": { "modelId": model, "rows": rows } });
    let answer = application.graphql(&application.ann, PREDICT, input).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["predict"].clone()
}

async fn post(application: &Application, person: &Person, model: &str, body: Value) -> Answer {
    let request = Request::post(format!("/v1/models/{model}/predict"))
        .header("authorization", format!("Bearer {}", person.token))
        .body(Body::from(body.to_string()))
        .unwrap();
    application.send(request).await
}

#[tokio::test]
async fn a_model_answers_while_it_is_deployed() {
    let application = Application::start().await;
    let model = stored(&application).await;
    let row = json!([{ "mass": 1.5 }]);
    assert_eq!(
        predict(&application, &model, row.clone()).await["userErrors"][0]["code"],
        "NOT_DEPLOYED"
    );
    let deployed = application
        .graphql(&application.ann, DEPLOY, json!({ "id": model }))
        .await;
    assert_eq!(
        deployed["data"]["deployModel"],
        json!({ "model": { "deployed": true }, "userErrors": [] })
    );
    let answer = predict(&application, &model, row.clone()).await;
    let probabilities = json!([
        { "label": "a", "probability": 0.2 },
        { "label": "b", "probability": 0.5 },
        { "label": "c", "probability": 0.3 },
    ]);
    let expected = json!({
        "label": "b", "value": null, "probability": 0.5, "probabilities": probabilities, "warnings": [],
    });
    assert_eq!(answer["predictions"], json!([expected]), "{answer}");
    application
        .graphql(&application.ann, UNDEPLOY, json!({ "id": model }))
        .await;
    assert_eq!(
        predict(&application, &model, row).await["userErrors"][0]["code"],
        "NOT_DEPLOYED"
    );
}

#[tokio::test]
async fn doubts_are_warnings_and_wrong_types_are_errors() {
    let application = Application::start().await;
    let model = stored(&application).await;
    application
        .graphql(&application.ann, DEPLOY, json!({ "id": model }))
        .await;
    let rows = json!([{}, { "mass": null }, { "mass": 3 }, { "mass": 1, "other": "x" }, { "mass": "" }]);
    let answer = predict(&application, &model, rows).await;
    let kinds: Vec<Vec<&str>> = answer["predictions"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .iter()
        .map(|row| {
            row["warnings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|warning| warning["kind"].as_str().unwrap())
                .collect()
        })
        .collect();
    let expected: [&[&str]; 5] = [
        &["MISSING"],
        &["MISSING"],
        &["OUT_OF_RANGE"],
        &["UNKNOWN_COLUMN"],
        &["MISSING"],
    ];
    assert_eq!(kinds, expected);
    for wrong in [
        json!({ "mass": "heavy" }),
        json!({ "mass": "1.5" }),
        json!({ "mass": [1] }),
        json!({ "mass": {} }),
        json!(1),
    ] {
        let answer = predict(&application, &model, json!([{ "mass": 1 }, wrong])).await;
        assert_eq!(answer["userErrors"][0]["code"], "WRONG_TYPE", "{wrong}: {answer}");
        assert_eq!(
            answer["userErrors"][0]["field"],
            json!(["input", "rows", "1"]),
            "{wrong}"
        );
        assert_eq!(answer["predictions"], Value::Null, "{wrong}");
    }
    assert_eq!(
        predict(&application, &model, json!([])).await["userErrors"][0]["code"],
        "ROW_COUNT"
    );
    let many = vec![json!({}); 1001];
    assert_eq!(
        predict(&application, &model, json!(many)).await["userErrors"][0]["code"],
        "ROW_COUNT"
    );
}

#[tokio::test]
async fn the_plain_way_in_answers_the_same() {
    let application = Application::start().await;
    let model = stored(&application).await;
    let rows = json!({ "rows": [{ "mass": 1.5 }] });
    assert_eq!(
        post(&application, &application.ann, &model, rows.clone())
            .await
            .status,
        422
    );
    application
        .graphql(&application.ann, DEPLOY, json!({ "id": model }))
        .await;
    let answer = post(&application, &application.ann, &model, rows.clone()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["predictions"][0]["label"], "b");
    assert_eq!(
        post(&application, &application.bob, &model, rows.clone())
            .await
            .status,
        404
    );
    assert_eq!(
        post(&application, &application.ann, "nonsense", rows)
            .await
            .status,
        404
    );
    assert_eq!(
        post(&application, &application.ann, &model, json!({ "row": 1 }))
            .await
            .status,
        400
    );
}
