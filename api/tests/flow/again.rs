//! What people do with jobs that are there already, and asking twice.

use entities::{dataset, job, step};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::{Value, json};

use crate::setup::{Application, Person, id, now};

/// Runs a mutation with one input; its payload.
async fn change(application: &Application, person: &Person, name: &str, input: Value) -> Value {
    let input_type = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let selection = "job { id name state target settings { budgetSeconds preset problem metric seed exclude gpu } } \
        userErrors { code field message }";
    let query = format!("mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {selection} }} }}");
    let answer = application
        .graphql(person, &query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{name}: {answer}");
    answer["data"][name].clone()
}

fn refused(payload: &Value) -> (&str, String) {
    let error = &payload["userErrors"][0];
    let field: Vec<&str> = error["field"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    (error["code"].as_str().unwrap_or_default(), field.join("."))
}

/// A dataset with a profile of three columns.
async fn ready(application: &Application) -> dataset::Model {
    let column = |name: &str, problem: &str, distinct: i64, numbers: bool| {
        json!({
            "name": name, "kind": "text", "role": "category", "distinct": distinct,
            "numbers": numbers.then(|| json!({
                "min": 1.0, "max": 2.0, "mean": 1.5, "sd": null, "skew": 0.0, "histogram": [],
                "quantiles": { "p05": 1.0, "p25": 1.0, "median": 1.5, "p75": 2.0, "p95": 2.0 },
            })),
            "as_target": { "usable": true, "problem": problem, "reason": "it is so" },
        })
    };
    let profile = json!({
        "rows": 10, "format": { "kind": "csv" },
        "columns": [
            column("species", "multiclass", 3, false),
            column("mass", "regression", 9, true),
            column("island", "multiclass", 3, false),
        ],
    });
    application.profiled(&profile).await
}

#[tokio::test]
async fn a_completed_job_is_extended_and_says_what_it_refuses() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Completed).await;
    application.model(&row).await;
    let job = id("job", row.id);
    let extend = async |seconds: i64| {
        let input = json!({ "id": job, "budgetSeconds": seconds });
        change(&application, &application.ann, "extendJob", input).await
    };
    for seconds in [9, -1, 0, 86_401] {
        let payload = extend(seconds).await;
        assert_eq!(
            refused(&payload),
            ("BUDGET_OUT_OF_RANGE", "input.budgetSeconds".to_owned())
        );
    }
    let payload = extend(60).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["job"]["state"], "RUNNING");
    assert_eq!(payload["job"]["settings"]["budgetSeconds"], 120);
    assert_eq!(
        refused(&extend(86_400).await),
        ("CONFLICT", "input.id".to_owned())
    );
    let query = "query ($id: ID!) { node(id: $id) { ... on Job { model { id } progress { secondsLeft } } } }";
    let answer = application
        .graphql(&application.ann, query, json!({ "id": job }))
        .await;
    assert!(
        answer["data"]["node"]["model"]["id"].is_string(),
        "the old model stays: {answer}"
    );

    let cancelled = application.job(&dataset, job::State::Cancelled).await;
    let input = json!({ "id": id("job", cancelled.id), "budgetSeconds": 60 });
    let payload = change(&application, &application.ann, "extendJob", input).await;
    assert_eq!(refused(&payload), ("CONFLICT", "input.id".to_owned()));
}

#[tokio::test]
async fn failed_and_cancelled_jobs_are_retried_and_others_not() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    for (state, after) in [
        (job::State::Failed, Some("QUEUED")),
        (job::State::Cancelled, Some("QUEUED")),
        (job::State::Completed, None),
        (job::State::Running, None),
        (job::State::Cancelling, None),
    ] {
        let row = application.job(&dataset, state).await;
        let input = json!({ "id": id("job", row.id) });
        let payload = change(&application, &application.ann, "retryJob", input).await;
        match after {
            Some(after) => assert_eq!(payload["job"]["state"], after, "{state:?}: {payload}"),
            None => assert_eq!(
                refused(&payload),
                ("CONFLICT", "input.id".to_owned()),
                "{state:?}"
            ),
        }
    }
}

#[tokio::test]
async fn a_clone_differs_in_what_was_changed_and_in_nothing_else() {
    let application = Application::start().await;
    let dataset = ready(&application).await;
    let input = json!({
        "datasetId": id("dataset", dataset.id), "target": "species", "metric": "ACCURACY", "budgetSeconds": 90,
        "preset": "BEST", "seed": 5, "exclude": ["island"], "roles": [{ "column": "mass", "role": "CATEGORY" }], "gpu": "NO",
    });
    let first = change(&application, &application.ann, "createJob", input).await["job"].clone();
    assert_eq!(first["settings"]["gpu"], "NO", "{first}");
    let clone = async |changes: Value| {
        let input = json!({ "id": first["id"], "changes": changes });
        change(&application, &application.ann, "cloneJob", input).await
    };
    let same = clone(Value::Null).await["job"].clone();
    assert_ne!(same["id"], first["id"]);
    assert_eq!(
        (&same["settings"], &same["target"]),
        (&first["settings"], &first["target"])
    );
    let other =
        clone(json!({ "metric": null, "gpu": "WANTED", "exclude": [], "name": "other" })).await["job"]
            .clone();
    let mut expected = first["settings"].clone();
    expected["metric"] = Value::Null;
    expected["gpu"] = json!("WANTED");
    expected["exclude"] = json!([]);
    assert_eq!((&other["settings"], &other["name"]), (&expected, &json!("other")));
    let roles: Vec<_> = job::Entity::find()
        .all(application.platform.database.connection())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.settings.roles)
        .collect();
    assert!(roles.iter().all(|roles| roles["mass"] == "category"), "{roles:?}");
    for (changes, code, field) in [
        (
            json!({ "metric": "RMSE" }),
            "METRIC_DOES_NOT_FIT",
            "input.changes.metric",
        ),
        (
            json!({ "budgetSeconds": 1 }),
            "BUDGET_OUT_OF_RANGE",
            "input.changes.budgetSeconds",
        ),
        (
            json!({ "exclude": ["nothing"] }),
            "COLUMN_NOT_FOUND",
            "input.changes.exclude",
        ),
        (json!({ "seed": -1 }), "SEED_NEGATIVE", "input.changes.seed"),
    ] {
        assert_eq!(refused(&clone(changes).await), (code, field.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_with_the_same_key_makes_one_job() {
    let application = Application::start().await;
    let dataset = ready(&application).await;
    let input = |seed: i64, key: &str| json!({ "datasetId": id("dataset", dataset.id), "target": "species", "seed": seed, "idempotencyKey": key });
    let asked = (0..50).map(|_| change(&application, &application.ann, "createJob", input(1, "k")));
    let answers = join_all(asked).await;
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{:?}",
        answers[0]
    );
    assert_eq!(answers[0]["userErrors"], json!([]));
    let connection = application.platform.database.connection();
    assert_eq!(job::Entity::find().count(connection).await.unwrap(), 1);

    let reused = ("IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey".to_owned());
    let other = change(&application, &application.ann, "createJob", input(2, "k")).await;
    assert_eq!(refused(&other), reused);
    let job = &answers[0]["job"]["id"];
    for (name, input) in [
        ("cloneJob", json!({ "id": job, "idempotencyKey": "k" })),
        (
            "extendJob",
            json!({ "id": job, "budgetSeconds": 60, "idempotencyKey": "k" }),
        ),
        ("retryJob", json!({ "id": job, "idempotencyKey": "k" })),
    ] {
        let payload = change(&application, &application.ann, name, input).await;
        assert_eq!(refused(&payload), reused, "{name}");
    }
    for key in [String::new(), "k".repeat(101)] {
        let payload = change(&application, &application.ann, "createJob", input(1, &key)).await;
        assert_eq!(refused(&payload).0, "IDEMPOTENCY_KEY_INVALID");
    }
    // Null and absent are two requests.
    let clone = json!({ "id": job, "idempotencyKey": "c" });
    let first = change(&application, &application.ann, "cloneJob", clone.clone()).await;
    assert_eq!(
        change(&application, &application.ann, "cloneJob", clone).await,
        first
    );
    let automatic = json!({ "id": job, "changes": { "metric": null }, "idempotencyKey": "c" });
    assert_eq!(
        refused(&change(&application, &application.ann, "cloneJob", automatic).await),
        reused
    );
    assert_eq!(job::Entity::find().count(connection).await.unwrap(), 2);
}

#[tokio::test]
async fn the_queue_of_one_user_has_an_end() {
    let application = Application::start().await;
    let dataset = ready(&application).await;
    for _ in 0..application.platform.settings.jobs_per_user {
        application.job(&dataset, job::State::Queued).await;
    }
    let failed = application.job(&dataset, job::State::Failed).await;
    let new = json!({ "datasetId": id("dataset", dataset.id), "target": "species" });
    let again = json!({ "id": id("job", failed.id) });
    for (name, input) in [
        ("createJob", new),
        ("cloneJob", again.clone()),
        ("retryJob", again),
    ] {
        let payload = change(&application, &application.ann, name, input).await;
        assert_eq!(refused(&payload), ("QUEUE_FULL", String::new()), "{name}");
        assert!(
            payload["userErrors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("101"),
            "{payload}"
        );
    }
}

#[tokio::test]
async fn a_step_says_that_it_is_tried_again() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Running).await;
    let connection = application.platform.database.connection();
    for (position, (name, seconds)) in [(step::Name::Prepare, -5), (step::Name::Train, 3600)]
        .into_iter()
        .enumerate()
    {
        let step = step::Model {
            job_id: row.id,
            name,
            position: position as i32,
            state: step::State::Running,
            started_at: Some(now()),
            finished_at: None,
            error: Some("its worker was lost".to_owned()),
            attempts: 2,
            retry_at: Some(now() + chrono::Duration::seconds(seconds)),
        };
        step.into_active_model().insert(connection).await.expect("a step");
    }
    let query = "query ($id: ID!) { node(id: $id) { ... on Job { steps { name attempts retryAt error } } } }";
    let answer = application
        .graphql(&application.ann, query, json!({ "id": id("job", row.id) }))
        .await;
    let steps = &answer["data"]["node"]["steps"];
    assert_eq!(
        (&steps[0]["attempts"], &steps[0]["retryAt"]),
        (&json!(2), &Value::Null),
        "it has begun: {answer}"
    );
    assert_eq!(steps[1]["error"], "its worker was lost");
    assert!(steps[1]["retryAt"].is_string(), "{answer}");
}
