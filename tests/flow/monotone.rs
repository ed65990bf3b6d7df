//! Jobs whose predictions may only rise, or only fall, with a column, through the front door.

use harness::Stack;
use serde_json::json;

use crate::bodies::JOB_LIMIT;

/// Prices that rise with the size but for a dip in the middle, in three towns.
fn flats() -> String {
    let mut table = String::from("size,town,price\n");
    for row in 0..300_u32 {
        let size = row * 37 % 101;
        let dip = if (40..60).contains(&size) { 90 } else { 0 };
        let town = ["Ulm", "Bonn", "Kiel"][row as usize % 3];
        table += &format!("{size},{town},{}\n", 1000 + 5 * size - dip + row * 13 % 11);
    }
    table
}

/// A job with a direction ends with a model that keeps to it, shows it and hands it on to a clone; what is unusable is refused.
pub async fn predictions_rise_and_fall_as_asked(stack: &Stack) {
    let server = stack.client();
    let dataset = server.upload("flats.csv", flats().as_bytes()).await;
    let ready = server.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let input = |column: &str| {
        json!({ "datasetId": dataset, "target": "price", "budgetSeconds": 12, "seed": 7,
            "monotone": [{ "column": column, "direction": "RISING" }] })
    };
    for (column, code) in [
        ("Size", "COLUMN_NOT_FOUND"),
        ("town", "MONOTONE_NOT_USABLE"),
        ("price", "MONOTONE_NOT_USABLE"),
    ] {
        let payload = server
            .try_mutate("createJob", "CreateJobInput", input(column), "job { id }")
            .await;
        let error = &payload["userErrors"][0];
        assert_eq!(error["code"], code, "{column}: {payload:#}");
        assert_eq!(
            error["field"],
            json!(["input", "monotone"]),
            "{column}: {payload:#}"
        );
    }
    let payload = server
        .mutate("createJob", "CreateJobInput", input("size"), "job { id }")
        .await;
    let job = payload["job"]["id"].as_str().expect("an id").to_owned();
    let selection = "... on Job { state error notes settings { monotone { column direction } }
        model { id evaluation { isBetterThanBaseline } } }";
    let done = server
        .wait_for(&job, selection, "state", &["COMPLETED", "FAILED"], JOB_LIMIT)
        .await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let asked = json!([{ "column": "size", "direction": "RISING" }]);
    assert_eq!(done["settings"]["monotone"], asked, "{done:#}");
    assert!(
        done["notes"].to_string().contains("may only rise with `size`"),
        "{done:#}"
    );
    assert_eq!(
        done["model"]["evaluation"]["isBetterThanBaseline"], true,
        "{done:#}"
    );
    let clone = json!({ "id": job, "changes": { "budgetSeconds": 10 } });
    let payload = server
        .mutate(
            "cloneJob",
            "CloneJobInput",
            clone,
            "job { id settings { monotone { column direction } } }",
        )
        .await;
    assert_eq!(payload["job"]["settings"]["monotone"], asked, "{payload:#}");
    let cancelled = json!({ "id": payload["job"]["id"] });
    server
        .mutate("cancelJob", "CancelJobInput", cancelled, "job { id }")
        .await;
}
