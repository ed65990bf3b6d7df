//! Organising, estimating and comparing jobs through the front door, over any database.

use harness::{Client, Stack};
use serde_json::{Value, json};

use crate::bodies::{JOB_LIMIT, PENGUINS};

const ESTIMATE: &str = "query ($input: CreateJobInput!) { jobEstimate(input: $input) { userErrors { code } forecast {
        budgetSeconds problem trainingRows holdoutRows trials { low high } seconds { low high } memoryBytes { low high }
        learners { name trials } slots measured } } }";

/// The owner's word on a file decides how it is read; lists, estimates and comparisons answer alike over every database.
pub async fn jobs_are_organised_estimated_and_compared(stack: &Stack) {
    let (server, other) = (stack.client(), stack.other_client());
    a_file_is_read_as_its_owner_says(server).await;
    let penguins = server.upload("penguins.csv", PENGUINS).await;
    server
        .wait_for(
            &penguins,
            "... on Dataset { state }",
            "state",
            &["READY"],
            JOB_LIMIT,
        )
        .await;
    an_estimate_is_within_the_budget(server, other, &penguins).await;
    let mut jobs = Vec::new();
    for (target, name) in [("species", "Art_1 100%"), ("body_mass_g", "Masse")] {
        let input = json!({ "datasetId": penguins, "target": target, "budgetSeconds": 12, "name": name });
        let payload = server
            .mutate("createJob", "CreateJobInput", input, "job { id }")
            .await;
        jobs.push(payload["job"]["id"].as_str().expect("an id").to_owned());
    }
    let tag = json!({ "ids": jobs, "add": ["würzig"] });
    server
        .mutate("tagJobs", "TagJobsInput", tag, "outcomes { job { tags } }")
        .await;
    for job in &jobs {
        let done = server.wait_for_job(job, JOB_LIMIT).await;
        assert_eq!(done["state"], "COMPLETED", "{done:#}");
    }
    lists_answer_alike(other).await;
    let input = json!({ "datasetId": penguins, "target": "species" });
    let answer = other.ask(ESTIMATE, json!({ "input": input })).await;
    let forecast = &answer["jobEstimate"]["forecast"];
    assert_eq!(forecast["measured"], true, "{answer:#}");
    let query = "query ($ids: [ID!]!) { comparison(jobIds: $ids) { sameHoldout metrics { metric values best }
        settings { name values } importance { column values } } }";
    let compared = other.ask(query, json!({ "ids": jobs })).await["comparison"].clone();
    assert_eq!(compared["sameHoldout"], false);
    assert!(
        compared["metrics"].as_array().expect("metrics").len() > 3,
        "{compared:#}"
    );
    let names: Vec<&Value> = compared["settings"]
        .as_array()
        .expect("settings")
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert!(
        names.contains(&&json!("TARGET")) && names.contains(&&json!("METRIC")),
        "{compared:#}"
    );
}

async fn lists_answer_alike(server: &Client) {
    let query = "query ($filter: JobFilter, $order: JobOrder) { jobs(filter: $filter, orderBy: $order) { totalCount nodes { name score } } }";
    let order = |field: &str, direction: &str| json!({ "field": field, "direction": direction });
    for (filter, order, expected) in [
        (
            json!({ "tag": "würzig" }),
            order("NAME", "ASC"),
            json!(["Art_1 100%", "Masse"]),
        ),
        (
            json!({ "tag": "würzig" }),
            order("NAME", "DESC"),
            json!(["Masse", "Art_1 100%"]),
        ),
        (
            json!({ "tag": "würzig", "problem": "REGRESSION" }),
            order("SCORE", "ASC"),
            json!(["Masse"]),
        ),
        (
            json!({ "text": "t_1 100%" }),
            order("FINISHED_AT", "DESC"),
            json!(["Art_1 100%"]),
        ),
        (json!({ "text": "t%1" }), order("CREATED_AT", "DESC"), json!([])),
        (
            json!({ "tag": "würzig", "score": { "metric": "RMSE", "bound": { "atLeast": 1.0 } } }),
            order("CREATED_AT", "ASC"),
            json!(["Masse"]),
        ),
        (
            json!({ "tag": "würzig", "createdAt": { "from": "2020-01-01T00:00:00+02:00", "until": "2021-01-01T00:00:00Z" } }),
            order("CREATED_AT", "ASC"),
            json!([]),
        ),
    ] {
        let answer = server
            .ask(query, json!({ "filter": filter, "order": order }))
            .await;
        let nodes = answer["jobs"]["nodes"].as_array().expect("nodes");
        let names: Value = nodes.iter().map(|node| node["name"].clone()).collect();
        assert_eq!(names, expected, "{filter} {order}: {answer:#}");
        assert!(nodes.iter().all(|node| node["score"].is_number()), "{answer:#}");
    }
}

/// Latin-1, semicolons, no names.
async fn a_file_is_read_as_its_owner_says(server: &Client) {
    let mut text = "größe;preis\n".to_owned();
    for row in 0..40 {
        text += &format!("{row};{}\n", row % 7);
    }
    // Every character of it is one byte in Latin-1, of the same number.
    let bytes: Vec<u8> = text
        .chars()
        .map(|one| u8::try_from(u32::from(one)).expect("Latin-1"))
        .collect();
    let format = json!({ "delimiter": ";", "encoding": "WINDOWS_1252", "hasHeader": false });
    let upload = server.send_file("latin.csv", &bytes).await;
    let input = json!({ "uploadId": upload, "format": format });
    let completed = server
        .mutate("completeUpload", "CompleteUploadInput", input, "dataset { id }")
        .await;
    let dataset = completed["dataset"]["id"].as_str().expect("an id");
    let selection = "... on Dataset { state profile { rows format { type delimiter textEncoding header } columns { name } } }";
    let read = server
        .wait_for(dataset, selection, "state", &["READY"], JOB_LIMIT)
        .await;
    let expected =
        json!({ "type": "CSV", "delimiter": ";", "textEncoding": "WINDOWS_1252", "header": false });
    assert_eq!(read["profile"]["format"], expected, "{read:#}");
    assert_eq!(
        read["profile"]["rows"], 41,
        "the header is a row when its owner says so"
    );
}

async fn an_estimate_is_within_the_budget(server: &Client, other: &Client, penguins: &str) {
    let input = json!({ "datasetId": penguins, "target": "species" });
    let answer = other.ask(ESTIMATE, json!({ "input": input })).await;
    let forecast = &answer["jobEstimate"]["forecast"];
    assert_eq!(
        (&forecast["budgetSeconds"], &forecast["problem"]),
        (&json!(120), &json!("MULTICLASS")),
        "{answer:#}"
    );
    let number = |value: &Value| value.as_f64().expect("a number");
    assert!(
        number(&forecast["seconds"]["low"]) <= number(&forecast["seconds"]["high"]),
        "{answer:#}"
    );
    assert!(number(&forecast["seconds"]["high"]) <= 120.0, "{answer:#}");
    assert_eq!(
        number(&forecast["trainingRows"]) + number(&forecast["holdoutRows"]),
        344.0,
        "{answer:#}"
    );
    assert_eq!(forecast["measured"], false);
    assert!(
        forecast["learners"].as_array().expect("learners").len() > 2,
        "{answer:#}"
    );
    let wrong = json!({ "datasetId": penguins, "target": "nothing" });
    let answer = server.ask(ESTIMATE, json!({ "input": wrong })).await;
    assert_eq!(
        answer["jobEstimate"]["userErrors"],
        json!([{ "code": "COLUMN_NOT_FOUND" }])
    );
}
