//! What an answer says beside the answer: sets, contributions, and why there are none.

use serde_json::{Value, json};

use crate::predict::{DEPLOY, stored};
use crate::setup::Application;

const PREDICT: &str = "mutation ($input: PredictInput!) { predict(input: $input) { userErrors { code field message }
    predictions { label interval { low high } labelSet contributions { label base columns { column value } } } } }";

async fn predict(application: &Application, input: Value) -> Value {
    let answer = application
        .graphql(&application.ann, PREDICT, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["predict"].clone()
}

#[tokio::test]
async fn sets_and_contributions_are_told_when_they_are_asked_for() {
    let application = Application::start().await;
    let model = stored(&application).await;
    application
        .graphql(&application.ann, DEPLOY, json!({ "id": model }))
        .await;
    let rows = json!([{ "mass": 1.2 }]);
    let plain = predict(&application, json!({ "modelId": model, "rows": rows })).await;
    let nothing = json!({ "label": "b", "interval": null, "labelSet": null, "contributions": null });
    assert_eq!(plain["predictions"], json!([nothing]), "{plain}");
    let input = json!({ "modelId": model, "rows": rows, "interval": 0.9, "contributions": true });
    let told = predict(&application, input).await;
    let contributions = json!({ "label": "b", "base": 0.5, "columns": [{ "column": "mass", "value": 0.0 }] });
    let expected =
        json!({ "label": "b", "interval": null, "labelSet": ["b", "c"], "contributions": contributions });
    assert_eq!(told["predictions"], json!([expected]), "{told}");
}

#[tokio::test]
async fn what_the_model_cannot_tell_is_an_error_of_its_field() {
    let application = Application::start().await;
    let model = stored(&application).await;
    application
        .graphql(&application.ann, DEPLOY, json!({ "id": model }))
        .await;
    let other = json!({ "modelId": model, "rows": [{}], "interval": 0.5 });
    let many = json!({ "modelId": model, "rows": vec![json!({}); 101], "contributions": true });
    for (input, code, field) in [
        (other, "INTERVAL_UNAVAILABLE", "interval"),
        (many, "ROW_COUNT", "rows"),
    ] {
        let answer = predict(&application, input).await;
        assert_eq!(answer["userErrors"][0]["code"], code, "{answer}");
        assert_eq!(
            answer["userErrors"][0]["field"],
            json!(["input", field]),
            "{answer}"
        );
        assert_eq!(answer["predictions"], Value::Null);
    }
}
