//! Jobs whose rows are validated by time or by group, and weighed, and whose answers are limited in time, through the front door.

use harness::{Client, Stack};
use serde_json::{Value, json};

use crate::bodies::JOB_LIMIT;

const SELECTION: &str =
    "... on Job { state version error notes settings { validation { kind folds column } weightColumn }
    leaderboard { kind leftOut }
    model { evaluation { score isBetterThanBaseline latency { milliseconds limitMilliseconds nothingFits leftOut { name } } } } }";

/// 240 sales of 30 customers on 120 days, with how often each is to count.
fn sales() -> String {
    let mut table = String::from("sold,customer,size,times,price\n");
    for row in 0..240_u32 {
        let size = row * 37 % 101;
        let (month, day) = (row / 2 / 28 + 1, row / 2 % 28 + 1);
        let (customer, times, price) = (row * 7 % 30, row % 3 + 1, size * 3 + row * 13 % 11);
        table += &format!("2024-{month:02}-{day:02},customer {customer},{size},{times},{price}\n");
    }
    table
}

/// Time, groups and weights decide what is kept, and what is no feature; a clone has them too.
pub async fn rows_are_validated_and_weighed_as_asked(stack: &Stack) {
    let server = stack.client();
    let dataset = server.upload("sales.csv", sales().as_bytes()).await;
    let ready = server.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    what_cannot_be_is_refused(server, &dataset).await;
    let by_time = json!({ "kind": "TIME", "column": "sold" });
    let by_group = json!({ "kind": "GROUP", "column": "customer" });
    let mut jobs = Vec::new();
    for (validation, weights, limit) in [
        (by_time.clone(), None, None),
        (by_group.clone(), Some("times"), Some(900.0)),
    ] {
        let input = json!({ "datasetId": dataset, "target": "price", "budgetSeconds": 12, "seed": 7,
            "validation": validation, "weightColumn": weights, "maxLatencyMilliseconds": limit });
        let payload = server
            .mutate("createJob", "CreateJobInput", input, "job { id }")
            .await;
        jobs.push(payload["job"]["id"].as_str().expect("an id").to_owned());
    }
    for (job, expected, words) in [
        (
            &jobs[0],
            json!({ "kind": "TIME", "folds": null, "column": "sold" }),
            "the latest by `sold`",
        ),
        (
            &jobs[1],
            json!({ "kind": "GROUP", "folds": null, "column": "customer" }),
            "count by `times`",
        ),
    ] {
        let done = server
            .wait_for(job, SELECTION, "state", &["COMPLETED", "FAILED"], JOB_LIMIT)
            .await;
        assert_eq!(done["state"], "COMPLETED", "{done:#}");
        assert_eq!(done["settings"]["validation"], expected, "{done:#}");
        assert!(done["notes"].to_string().contains(words), "{done:#}");
        assert_eq!(
            done["model"]["evaluation"]["isBetterThanBaseline"], true,
            "{done:#}"
        );
        let latency = &done["model"]["evaluation"]["latency"];
        assert!(latency["milliseconds"].as_f64() > Some(0.0), "{done:#}");
        let limit = (*job == jobs[1]).then_some(900.0);
        assert_eq!(latency["limitMilliseconds"].as_f64(), limit, "{done:#}");
        let rows = done["leaderboard"].as_array().expect("rows");
        let ensemble = rows
            .iter()
            .find(|row| row["kind"] == "ENSEMBLE")
            .expect("the model");
        assert!(ensemble["leftOut"].is_null(), "{done:#}");
    }
    a_clone_has_them_too(server, &jobs[1]).await;
    let query = "query ($ids: [ID!]!) { comparison(jobIds: $ids) { sameHoldout settings { name values } } }";
    let compared = server.ask(query, json!({ "ids": jobs })).await["comparison"].clone();
    assert_eq!(compared["sameHoldout"], false, "{compared:#}");
    let expected = json!({ "name": "VALIDATION", "values": ["TIME: sold", "GROUP: customer"] });
    assert!(
        compared["settings"]
            .as_array()
            .expect("settings")
            .contains(&expected),
        "{compared:#}"
    );
}

async fn a_clone_has_them_too(server: &Client, job: &str) {
    let settings =
        "job { id settings { validation { kind folds column } weightColumn maxLatencyMilliseconds } }";
    let clone = |changes: Value| {
        let input = json!({ "id": job, "changes": changes });
        server.mutate("cloneJob", "CloneJobInput", input, settings)
    };
    let same = clone(json!({ "budgetSeconds": 10 })).await["job"].clone();
    let expected = json!({ "validation": { "kind": "GROUP", "folds": null, "column": "customer" },
        "weightColumn": "times", "maxLatencyMilliseconds": 900.0 });
    assert_eq!(same["settings"], expected, "{same:#}");
    let changes = json!({ "validation": { "kind": "FOLDS", "folds": 4 }, "weightColumn": null, "maxLatencyMilliseconds": null });
    let other = clone(changes).await["job"].clone();
    let expected = json!({ "validation": { "kind": "FOLDS", "folds": 4, "column": null },
        "weightColumn": null, "maxLatencyMilliseconds": null });
    assert_eq!(other["settings"], expected, "{other:#}");
    for job in [same, other] {
        server
            .mutate(
                "cancelJob",
                "CancelJobInput",
                json!({ "id": job["id"] }),
                "job { id }",
            )
            .await;
    }
}

async fn what_cannot_be_is_refused(server: &Client, dataset: &str) {
    let validation = |kind: &str, folds: Option<i32>, column: Option<&str>| json!({ "validation": { "kind": kind, "folds": folds, "column": column } });
    for (more, code, field) in [
        (validation("TIME", None, None), "VALIDATION_INVALID", "validation"),
        (
            validation("TIME", None, Some("Sold")),
            "COLUMN_NOT_FOUND",
            "validation",
        ),
        (
            validation("TIME", None, Some("customer")),
            "VALIDATION_INVALID",
            "validation",
        ),
        (
            validation("GROUP", None, Some("price")),
            "VALIDATION_INVALID",
            "validation",
        ),
        (
            validation("FOLDS", None, None),
            "VALIDATION_INVALID",
            "validation",
        ),
        (
            validation("FOLDS", Some(21), None),
            "VALIDATION_INVALID",
            "validation",
        ),
        (
            validation("AUTO", Some(5), None),
            "VALIDATION_INVALID",
            "validation",
        ),
        (
            json!({ "weightColumn": "weight" }),
            "COLUMN_NOT_FOUND",
            "weightColumn",
        ),
        (
            json!({ "weightColumn": "customer" }),
            "WEIGHT_NOT_USABLE",
            "weightColumn",
        ),
        (
            json!({ "weightColumn": "price" }),
            "WEIGHT_NOT_USABLE",
            "weightColumn",
        ),
        (
            json!({ "maxLatencyMilliseconds": 0.0 }),
            "LATENCY_OUT_OF_RANGE",
            "maxLatencyMilliseconds",
        ),
    ] {
        let mut input = json!({ "datasetId": dataset, "target": "price", "budgetSeconds": 12 });
        for (key, value) in more.as_object().expect("an object") {
            input[key] = value.clone();
        }
        let payload = server
            .try_mutate("createJob", "CreateJobInput", input, "job { id }")
            .await;
        let error = &payload["userErrors"][0];
        assert_eq!(error["code"], code, "{more}: {payload:#}");
        assert_eq!(error["field"], json!(["input", field]), "{more}: {payload:#}");
    }
}
