//! What people do to find their way among many jobs, and to look at some of them side by side.

use entities::{dataset, job};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Application, Person, id};

async fn mutate(
    application: &Application,
    person: &Person,
    name: &str,
    input: Value,
    selection: &str,
) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {type_name}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
    );
    let answer = application
        .graphql(person, &query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"][name].clone()
}

async fn job_of(application: &Application, state: job::State) -> (job::Model, String) {
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, state).await;
    let opaque = id("job", row.id);
    (row, opaque)
}

#[tokio::test]
async fn names_and_annotations_are_the_owner_s() {
    let application = Application::start().await;
    let (_, job) = job_of(&application, job::State::Running).await;
    let ann = &application.ann;
    let renamed = mutate(
        &application,
        ann,
        "renameJob",
        json!({ "id": job, "name": "  Flats  " }),
        "job { name version }",
    )
    .await;
    assert_eq!(
        renamed,
        json!({ "job": { "name": "Flats", "version": 2 }, "userErrors": [] })
    );
    for (name, code) in [
        ("", "NAME_EMPTY"),
        (" \t", "NAME_EMPTY"),
        (&"x".repeat(201), "NAME_TOO_LONG"),
    ] {
        let refused = mutate(
            &application,
            ann,
            "renameJob",
            json!({ "id": job, "name": name }),
            "",
        )
        .await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": code, "field": ["input", "name"] }])
        );
    }
    let said = |annotation: Value| json!({ "id": job, "annotation": annotation });
    let selection = "job { annotation }";
    let annotated = mutate(
        &application,
        ann,
        "annotateJob",
        said(json!("Without the attic.\nCheck!")),
        selection,
    )
    .await;
    assert_eq!(annotated["job"]["annotation"], "Without the attic.\nCheck!");
    let longest = "ä".repeat(1000);
    let annotated = mutate(&application, ann, "annotateJob", said(json!(longest)), selection).await;
    assert_eq!(annotated["job"]["annotation"], longest);
    let refused = mutate(
        &application,
        ann,
        "annotateJob",
        said(json!("x".repeat(1001))),
        selection,
    )
    .await;
    assert_eq!(refused["userErrors"][0]["code"], "ANNOTATION_TOO_LONG");
    let annotated = mutate(&application, ann, "annotateJob", said(Value::Null), selection).await;
    assert_eq!(
        annotated,
        json!({ "job": { "annotation": null }, "userErrors": [] })
    );
}

#[tokio::test]
async fn datasets_have_new_names_and_nobody_else_gives_any() {
    let application = Application::start().await;
    let ann = &application.ann;
    let (_, job) = job_of(&application, job::State::Running).await;
    let row = application.dataset(ann, dataset::State::Ready).await;
    let input = json!({ "id": id("dataset", row.id), "name": "Flats of Berlin" });
    let renamed = mutate(
        &application,
        ann,
        "renameDataset",
        input.clone(),
        "dataset { name version }",
    )
    .await;
    assert_eq!(
        renamed["dataset"],
        json!({ "name": "Flats of Berlin", "version": 2 })
    );
    let bob = &application.bob;
    for (name, input) in [
        ("renameDataset", input),
        ("renameJob", json!({ "id": job, "name": "mine" })),
        ("annotateJob", json!({ "id": job, "annotation": "mine" })),
    ] {
        let refused = mutate(&application, bob, name, input, "").await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND", "{name}");
    }
}

#[tokio::test]
async fn tags_are_given_and_taken_in_bounds() {
    let application = Application::start().await;
    let (_, one) = job_of(&application, job::State::Completed).await;
    let (_, two) = job_of(&application, job::State::Failed).await;
    let ann = &application.ann;
    let selection = "outcomes { jobId job { tags } userErrors { code } }";
    let input = json!({ "ids": [two, one, two], "add": [" b ", "a", "a"] });
    let tagged = mutate(&application, ann, "tagJobs", input.clone(), selection).await;
    let of = |job: &str, tags: Value| json!({ "jobId": job, "job": { "tags": tags }, "userErrors": [] });
    assert_eq!(
        tagged["outcomes"],
        json!([of(&two, json!(["a", "b"])), of(&one, json!(["a", "b"]))])
    );
    let changed = mutate(
        &application,
        ann,
        "tagJobs",
        json!({ "ids": [one], "add": ["c"], "remove": ["a", "never"] }),
        selection,
    )
    .await;
    assert_eq!(changed["outcomes"], json!([of(&one, json!(["b", "c"]))]));
    // The eleventh is one too many for the job that would have it, and not for the other.
    let nine: Vec<String> = (0..9).map(|number| format!("t{number}")).collect();
    let full = mutate(
        &application,
        ann,
        "tagJobs",
        json!({ "ids": [one, two], "add": nine }),
        selection,
    )
    .await;
    assert_eq!(full["outcomes"][0]["userErrors"], json!([{ "code": "CONFLICT" }]));
    assert_eq!(full["outcomes"][0]["job"]["tags"], json!(["b", "c"]));
    assert_eq!(full["outcomes"][1]["userErrors"], json!([{ "code": "CONFLICT" }]));
    for tag in ["", "  ", "a\nb", &"x".repeat(51)] {
        let refused = mutate(
            &application,
            ann,
            "tagJobs",
            json!({ "ids": [one], "add": [tag] }),
            "",
        )
        .await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": "TAG_INVALID", "field": ["input", "add"] }]),
            "{tag:?}"
        );
    }
    let theirs = mutate(&application, &application.bob, "tagJobs", input, selection).await;
    for outcome in theirs["outcomes"].as_array().expect("outcomes") {
        assert_eq!(
            (&outcome["job"], &outcome["userErrors"][0]["code"]),
            (&Value::Null, &json!("NOT_FOUND"))
        );
    }
}

#[tokio::test]
async fn many_jobs_are_changed_each_by_itself() {
    let application = Application::start().await;
    let (_, running) = job_of(&application, job::State::Running).await;
    let (_, done) = job_of(&application, job::State::Completed).await;
    let nobody = id("job", Uuid::now_v7());
    let ann = &application.ann;
    let selection = "outcomes { jobId job { state } userErrors { code field } }";
    let ids = json!({ "ids": [running, done, nobody] });
    let cancelled = mutate(&application, ann, "cancelJobs", ids.clone(), selection).await;
    let error = |code: &str| json!([{ "code": code, "field": ["input", "ids"] }]);
    let outcome =
        |job: &str, state: Value, errors: Value| json!({ "jobId": job, "job": state, "userErrors": errors });
    assert_eq!(
        cancelled["outcomes"],
        json!([
            outcome(&running, json!({ "state": "CANCELLED" }), json!([])),
            outcome(&done, json!({ "state": "COMPLETED" }), error("JOB_ENDED")),
            outcome(&nobody, Value::Null, error("NOT_FOUND")),
        ])
    );
    let (_, queued) = job_of(&application, job::State::Queued).await;
    let ids = json!({ "ids": [running, queued, done] });
    let deleted = mutate(&application, ann, "deleteJobs", ids.clone(), selection).await;
    assert_eq!(
        deleted["outcomes"],
        json!([
            outcome(&running, Value::Null, json!([])),
            outcome(&queued, json!({ "state": "QUEUED" }), error("CONFLICT")),
            outcome(&done, Value::Null, json!([])),
        ])
    );
    let again = mutate(&application, ann, "deleteJobs", ids, selection).await;
    assert_eq!(again["outcomes"][0]["userErrors"], error("NOT_FOUND"));
    for ids in [json!([]), json!(vec![id("job", Uuid::nil()); 101])] {
        let refused = mutate(&application, ann, "cancelJobs", json!({ "ids": ids }), selection).await;
        assert_eq!(refused["userErrors"], error("TOO_MANY"));
        assert_eq!(refused["outcomes"], Value::Null);
    }
}

#[tokio::test]
async fn settings_are_shown_whole() {
    let application = Application::start().await;
    let (row, job) = job_of(&application, job::State::Queued).await;
    let mut settings = row.settings.clone();
    settings.exclude = vec!["a".to_owned()];
    settings.roles = [("b", "category"), ("c", "from_a_later_version")]
        .map(|(column, role)| (column.to_owned(), role.to_owned()))
        .into();
    let mut change = row.into_active_model();
    change.settings = Set(settings);
    change
        .update(application.platform.database.connection())
        .await
        .expect("a job");
    let query = "query ($id: ID!) { node(id: $id) { ... on Job { settings { exclude roles { column role } seed gpu } } } }";
    let answer = application
        .graphql(&application.ann, query, json!({ "id": job }))
        .await;
    let expected = json!({ "exclude": ["a"], "roles": [{ "column": "b", "role": "CATEGORY" }], "seed": 0, "gpu": "ALLOWED" });
    assert_eq!(answer["data"]["node"]["settings"], expected, "{answer}");
}

const COMPARISON: &str = "query ($ids: [ID!]!) { comparison(jobIds: $ids) { sameHoldout jobs { id }
    metrics { metric higherIsBetter values best } settings { name values } importance { column values spread } } }";

/// A completed job whose model has these figures.
async fn compared(
    application: &Application,
    dataset: &dataset::Model,
    loss: f64,
    importance: Value,
) -> String {
    let row = application.job(dataset, job::State::Completed).await;
    let model = application.model(&row).await;
    let mut evaluation = model.evaluation.clone();
    evaluation["score"] = json!(loss);
    evaluation["metrics"] = json!([{ "metric": "accuracy", "value": 1.0 - loss }]);
    evaluation["importance"] = importance;
    let mut change = model.into_active_model();
    change.evaluation = Set(evaluation);
    change
        .update(application.platform.database.connection())
        .await
        .expect("a model");
    id("job", row.id)
}

#[tokio::test]
async fn jobs_are_compared_side_by_side() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let left = compared(
        &application,
        &dataset,
        0.25,
        json!([{ "column": "a", "importance": 0.5 }]),
    )
    .await;
    let features = json!([{ "column": "b", "importance": 0.75 }, { "column": "a", "importance": 0.25 }]);
    let right = compared(&application, &dataset, 0.5, features).await;
    let bare = application.job(&dataset, job::State::Running).await;
    let mut change = bare.clone().into_active_model();
    let mut settings = bare.settings.clone();
    settings.budget_seconds = 600;
    change.settings = Set(settings);
    change
        .update(application.platform.database.connection())
        .await
        .expect("a job");
    let ids = json!({ "ids": [right, left, id("job", bare.id)] });
    let answer = application
        .graphql(&application.ann, COMPARISON, ids.clone())
        .await;
    let expected = json!({
        "sameHoldout": true,
        "jobs": [{ "id": right }, { "id": left }, { "id": id("job", bare.id) }],
        "metrics": [
            { "metric": "LOG_LOSS", "higherIsBetter": false, "values": [0.5, 0.25, null], "best": [false, true, false] },
            { "metric": "ACCURACY", "higherIsBetter": true, "values": [0.5, 0.75, null], "best": [false, true, false] },
        ],
        "settings": [{ "name": "BUDGET_SECONDS", "values": ["60", "60", "600"] }],
        "importance": [
            { "column": "b", "values": [0.75, null, null], "spread": 0.0 },
            { "column": "a", "values": [0.25, 0.5, null], "spread": 0.25 },
        ],
    });
    assert_eq!(answer["data"]["comparison"], expected, "{answer}");

    let theirs = application.graphql(&application.bob, COMPARISON, ids).await;
    assert_eq!(theirs, json!({ "data": { "comparison": null } }));
    for ids in [
        json!([]),
        json!([left]),
        json!([left, left]),
        json!(vec![left.clone(); 11]),
        json!(["x", left]),
    ] {
        let refused = application
            .graphql(&application.ann, COMPARISON, json!({ "ids": ids }))
            .await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{refused}"
        );
    }
}
