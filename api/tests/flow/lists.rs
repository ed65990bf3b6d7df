//! Lists: filters, orders, pages in both directions.

use entities::{dataset, job, job_tag};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::setup::{Application, id};

const JOBS: &str = "query ($filter: JobFilter, $orderBy: JobOrder, $first: Int, $after: String, $last: Int, $before: String) {
    jobs(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

/// Name, state, score, and days since it was asked for.
type Sketch = (&'static str, job::State, Option<f64>, i64);

const SKETCHES: [Sketch; 5] = [
    ("beta 100%", job::State::Completed, Some(0.9), 5),
    ("Alpha_1", job::State::Completed, Some(0.7), 4),
    ("alpha 2", job::State::Failed, None, 3),
    ("gamma", job::State::Running, None, 2),
    ("Delta\\x", job::State::Completed, Some(0.9), 1),
];

async fn ann_s_jobs(application: &Application) -> dataset::Model {
    let connection = application.platform.database.connection();
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    for (name, state, score, days) in SKETCHES {
        let row = application.job(&dataset, state).await;
        let (key, created_at) = (row.id, row.created_at);
        let mut change = row.into_active_model();
        change.name = Set(name.to_owned());
        change.score = Set(score);
        change.metric = Set(Some(
            if name == "Alpha_1" { "log_loss" } else { "roc_auc" }.to_owned(),
        ));
        change.annotation = Set((name == "gamma").then(|| "Für den Bericht".to_owned()));
        change.created_at = Set(created_at - chrono::Duration::days(days));
        change.update(connection).await.expect("a job");
        if state == job::State::Completed {
            let tag = job_tag::Model {
                job_id: key,
                tag: "keep".to_owned(),
            };
            tag.into_active_model().insert(connection).await.expect("a tag");
        }
    }
    dataset
}

async fn names(application: &Application, variables: Value) -> Vec<String> {
    let answer = application.graphql(&application.ann, JOBS, variables).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let nodes = answer["data"]["jobs"]["nodes"].as_array().expect("nodes");
    let count = answer["data"]["jobs"]["totalCount"].as_u64().expect("a count");
    assert!(count >= nodes.len() as u64, "{answer}");
    nodes
        .iter()
        .map(|node| node["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn jobs_are_filtered_by_every_condition_named() {
    let application = Application::start().await;
    let dataset = ann_s_jobs(&application).await;
    application
        .job(
            &application.dataset(&application.bob, dataset::State::Ready).await,
            job::State::Queued,
        )
        .await;
    let ago = |hours: i64| (crate::setup::now() - chrono::Duration::hours(hours)).to_rfc3339();
    let other = application.dataset(&application.ann, dataset::State::Ready).await;
    let all = ["Delta\\x", "gamma", "alpha 2", "Alpha_1", "beta 100%"];
    for (filter, expected) in [
        (json!(null), &all[..]),
        (json!({}), &all[..]),
        (json!({ "state": ["FAILED", "RUNNING"] }), &all[1..3]),
        (json!({ "state": [] }), &[]),
        (json!({ "datasetId": id("dataset", dataset.id) }), &all[..]),
        (json!({ "datasetId": id("dataset", other.id) }), &[]),
        (json!({ "problem": "MULTICLASS" }), &all[..]),
        (json!({ "problem": "BINARY" }), &[]),
        (json!({ "tag": "keep" }), &["Delta\\x", "Alpha_1", "beta 100%"]),
        (json!({ "tag": "kee" }), &[]),
        (
            json!({ "createdAt": { "from": ago(84), "until": ago(36) } }),
            &all[1..3],
        ),
        (json!({ "createdAt": { "until": ago(108) } }), &all[4..]),
        (
            json!({ "score": { "metric": "ROC_AUC", "bound": { "atLeast": 0.8 } } }),
            &["Delta\\x", "beta 100%"],
        ),
        (
            json!({ "score": { "metric": "LOG_LOSS", "bound": { "atMost": 0.7 } } }),
            &["Alpha_1"],
        ),
        (
            json!({ "score": { "metric": "LOG_LOSS", "bound": { "atMost": 0.6 } } }),
            &[],
        ),
        (json!({ "text": "ALPHA" }), &["alpha 2", "Alpha_1"]),
        (json!({ "text": "%" }), &["beta 100%"]),
        (json!({ "text": "_" }), &["Alpha_1"]),
        (json!({ "text": "\\" }), &["Delta\\x"]),
        (json!({ "text": "' OR 1=1 --" }), &[]),
        (json!({ "text": "Für" }), &["gamma"]),
        (json!({ "text": "species" }), &all[..]),
        (
            json!({ "text": "a", "state": ["COMPLETED"], "tag": "keep" }),
            &["Delta\\x", "Alpha_1", "beta 100%"],
        ),
    ] {
        assert_eq!(
            names(&application, json!({ "filter": filter })).await,
            expected,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn conditions_that_make_no_sense_are_refused() {
    let application = Application::start().await;
    for variables in [
        json!({ "filter": { "text": "" } }),
        json!({ "filter": { "text": "x".repeat(201) } }),
        json!({ "filter": { "state": vec!["FAILED"; 51] } }),
        json!({ "filter": { "datasetId": id("job", uuid::Uuid::now_v7()) } }),
        json!({ "filter": { "score": { "metric": "ROC_AUC", "bound": {} } } }),
        json!({ "filter": { "score": { "metric": "ROC_AUC", "bound": { "atLeast": 0.1, "atMost": 0.2 } } } }),
        json!({ "first": 1, "last": 1 }),
        json!({ "first": 0 }),
        json!({ "first": -1 }),
        json!({ "last": -1 }),
        json!({ "last": 101 }),
        json!({ "before": "nonsense" }),
    ] {
        let answer = application
            .graphql(&application.ann, JOBS, variables.clone())
            .await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(
            code == "BAD_USER_INPUT" || code == "GRAPHQL_VALIDATION_FAILED",
            "{variables}: {answer}"
        );
    }
}

#[tokio::test]
async fn orders_go_both_ways_and_what_has_no_value_comes_last() {
    let application = Application::start().await;
    ann_s_jobs(&application).await;
    for (field, direction, expected) in [
        (
            "NAME",
            "ASC",
            ["alpha 2", "Alpha_1", "beta 100%", "Delta\\x", "gamma"],
        ),
        (
            "NAME",
            "DESC",
            ["gamma", "Delta\\x", "beta 100%", "Alpha_1", "alpha 2"],
        ),
        (
            "SCORE",
            "DESC",
            ["Delta\\x", "beta 100%", "Alpha_1", "gamma", "alpha 2"],
        ),
        (
            "SCORE",
            "ASC",
            ["Alpha_1", "beta 100%", "Delta\\x", "alpha 2", "gamma"],
        ),
        (
            "CREATED_AT",
            "ASC",
            ["beta 100%", "Alpha_1", "alpha 2", "gamma", "Delta\\x"],
        ),
        (
            "FINISHED_AT",
            "DESC",
            ["Delta\\x", "gamma", "alpha 2", "Alpha_1", "beta 100%"],
        ),
    ] {
        let order = json!({ "field": field, "direction": direction });
        assert_eq!(
            names(&application, json!({ "orderBy": order })).await,
            expected,
            "{field} {direction}"
        );
        // The same rows page by page, from either end.
        for (size, cursor, edge, more) in [
            ("first", "after", "endCursor", "hasNextPage"),
            ("last", "before", "startCursor", "hasPreviousPage"),
        ] {
            let mut seen: Vec<String> = Vec::new();
            let mut variables = json!({ "orderBy": order, size: 2 });
            loop {
                let answer = application
                    .graphql(&application.ann, JOBS, variables.clone())
                    .await;
                let page = &answer["data"]["jobs"];
                let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
                let shown = nodes
                    .iter()
                    .map(|node| node["name"].as_str().expect("a name").to_owned());
                match size {
                    "first" => seen.extend(shown),
                    _ => drop(seen.splice(0..0, shown)),
                }
                assert_eq!(page["totalCount"], 5);
                variables[cursor] = page["pageInfo"][edge].clone();
                if page["pageInfo"][more] == false {
                    break;
                }
            }
            assert_eq!(seen, expected, "{field} {direction} by {size}");
        }
    }
    let by_name = json!({ "first": 1, "orderBy": { "field": "NAME", "direction": "ASC" } });
    let answer = application.graphql(&application.ann, JOBS, by_name).await;
    let foreign = json!({ "after": answer["data"]["jobs"]["pageInfo"]["endCursor"] });
    let refused = application.graphql(&application.ann, JOBS, foreign).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "{refused}"
    );
}

#[tokio::test]
async fn datasets_are_filtered_and_ordered_too() {
    let application = Application::start().await;
    let connection = application.platform.database.connection();
    for (name, rows, state) in [
        ("b", Some(10), dataset::State::Ready),
        ("A", None, dataset::State::Failed),
        ("c", Some(5), dataset::State::Ready),
    ] {
        let row = application.dataset(&application.ann, state).await;
        let mut change = row.into_active_model();
        change.name = Set(name.to_owned());
        change.row_count = Set(rows);
        change.update(connection).await.expect("a dataset");
    }
    let query = "query ($filter: DatasetFilter, $orderBy: DatasetOrder) {
        datasets(filter: $filter, orderBy: $orderBy) { nodes { name } } }";
    for (variables, expected) in [
        (
            json!({ "orderBy": { "field": "NAME", "direction": "ASC" } }),
            json!(["A", "b", "c"]),
        ),
        (
            json!({ "orderBy": { "field": "ROWS", "direction": "DESC" } }),
            json!(["b", "c", "A"]),
        ),
        (
            json!({ "orderBy": { "field": "SIZE_BYTES", "direction": "ASC" } }),
            json!(["b", "A", "c"]),
        ),
        (json!({ "filter": { "state": ["FAILED"] } }), json!(["A"])),
        (json!({ "filter": { "text": "C" } }), json!(["c", "A", "b"])),
        (
            json!({ "filter": { "text": "penguins.CSV", "state": ["READY"] } }),
            json!(["c", "b"]),
        ),
    ] {
        let answer = application
            .graphql(&application.ann, query, variables.clone())
            .await;
        let nodes = answer["data"]["datasets"]["nodes"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"));
        let names: Value = nodes.iter().map(|node| node["name"].clone()).collect();
        assert_eq!(names, expected, "{variables}");
    }
}

#[tokio::test]
async fn trials_are_filtered_and_ordered_too() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let job = application.job(&dataset, job::State::Running).await;
    for (number, score) in [(0, Some(1.0)), (1, Some(0.5)), (2, None), (3, Some(0.7))] {
        application.trial(&job, number, score).await;
    }
    let query = "query ($id: ID!, $filter: TrialFilter, $orderBy: TrialOrder, $last: Int) { node(id: $id) { ... on Job {
        trials(filter: $filter, orderBy: $orderBy, last: $last) { totalCount nodes { number } } } } }";
    for (variables, expected, count) in [
        (json!({}), json!([0, 1, 2, 3]), 4),
        (json!({ "last": 2 }), json!([2, 3]), 4),
        (
            json!({ "orderBy": { "field": "SCORE", "direction": "ASC" } }),
            json!([1, 3, 0, 2]),
            4,
        ),
        (
            json!({ "orderBy": { "field": "FIT_SECONDS", "direction": "DESC" }, "last": 1 }),
            json!([2]),
            4,
        ),
        (
            json!({ "filter": { "learner": ["boosting"], "state": ["COMPLETED"] } }),
            json!([1, 3]),
            2,
        ),
    ] {
        let mut all = variables.clone();
        all["id"] = json!(id("job", job.id));
        let answer = application.graphql(&application.ann, query, all).await;
        let page = &answer["data"]["node"]["trials"];
        let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        let numbers: Value = nodes.iter().map(|node| node["number"].clone()).collect();
        assert_eq!(
            (&numbers, &page["totalCount"]),
            (&expected, &json!(count)),
            "{variables}"
        );
    }
}
