//! The main job through the front door: upload, profile, train, watch, deploy, predict, download; and what must survive.
//! Every body runs over both columns: one process with a folder, and several over Postgres, Redis and S3. Those in `bodies` run
//! over bad wires as well (`tests/faults/seeded.rs`).

#[path = "flow/bodies.rs"]
mod bodies;
#[path = "flow/lines.rs"]
mod lines;
#[path = "flow/monotone.rs"]
mod monotone;
#[path = "flow/organise.rs"]
mod organise;
#[path = "flow/redaction.rs"]
mod redaction;
#[path = "flow/rows.rs"]
mod rows;
#[path = "flow/traces.rs"]
mod traces;

use bodies::{JOB_LIMIT, PENGUINS};
use harness::{Column, Signal, Stack};
use serde_json::json;

fn start(column: Column) -> Stack {
    Stack::start(column, env!("CARGO_BIN_EXE_automl"))
}

async fn a_killed_trainer_child_costs_a_trial_and_not_the_job(column: Column) {
    let stack = start(column);
    let server = stack.client();
    let job = server.start_job(PENGUINS, "species", 25).await;
    for finished in 1..=2 {
        server.wait_for_trials(&job, finished, JOB_LIMIT).await;
        for child in stack.trainers() {
            // One that has just ended by itself cannot be killed.
            let _ = Signal::Kill.send(child);
        }
    }
    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(done["model"]["evaluation"]["score"].is_number());
}

async fn a_killed_server_costs_a_trial_and_not_the_job(column: Column) {
    let mut stack = start(column);
    let job = stack.client().start_job(PENGUINS, "species", 20).await;
    stack.client().wait_for_trials(&job, 2, JOB_LIMIT).await;
    stack.lose_a_pool();
    let done = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(
        done["progress"]["trialsFinished"].as_i64() >= Some(2),
        "finished trials are kept: {done:#}"
    );
}

async fn nothing_is_answered_without_a_token(column: Column) {
    let stack = start(column);
    let server = stack.client();
    for token in [None, Some("nonsense")] {
        let answer = server.raw("{ viewer { id } }", json!({}), token).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{answer:#}"
        );
    }
    let data = server
        .ask("{ viewer { id name } serverInfo { version } }", json!({}))
        .await;
    assert!(data["viewer"]["id"].is_string());
}

async fn an_unusable_table_fails_with_one_clear_reason(column: Column) {
    let stack = start(column);
    let server = stack.client();
    for (name, bytes, word) in [
        ("empty.csv", &b"\n"[..], "blank"),
        ("header.csv", &b"a,b,c\n"[..], "row"),
        ("ragged.csv", &b"a,b\n1,2\n3,4,5\n"[..], "line 3"),
    ] {
        let dataset = server.upload(name, bytes).await;
        let node = server.wait_for_dataset(&dataset).await;
        assert_eq!(node["state"], "FAILED", "{name}: {node:#}");
        let reason = node["error"].as_str().expect("a reason");
        assert!(reason.contains(word), "{name}: {reason}");
    }
}

/// Postgres cannot store the character NUL in a text, SQLite can: both refuse it, and say so.
async fn text_with_nul_is_refused(column: Column) {
    let stack = start(column);
    let server = stack.client();
    let document = "mutation M($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } userErrors { message } } }";
    let variables = json!({ "input": { "fileName": "a\u{0}b.csv", "sizeBytes": 3 } });
    let literal = r#"mutation { createUpload(input: { fileName: "a\u0000b.csv", sizeBytes: 3 }) { upload { id } userErrors { message } } }"#;
    for (document, variables) in [(document, variables), (literal, json!({}))] {
        let answer = server.raw(document, variables, Some(&server.token)).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        assert!(
            error["message"].as_str().expect("a message").contains("NUL"),
            "{answer:#}"
        );
    }
}

/// Every body over one process and a folder.
mod embedded {
    use super::Column::Embedded;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_silent_collector_stops_nothing() {
        crate::traces::a_silent_collector_stops_nothing().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_log_holds_a_secret() {
        crate::redaction::no_log_holds_a_secret(&crate::redaction::talkative(Embedded)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_table_becomes_a_deployed_model() {
        crate::bodies::a_table_becomes_a_deployed_model(&crate::start(Embedded), 40).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn finish_now_keeps_the_best_and_cancel_keeps_nothing() {
        crate::bodies::finish_now_keeps_the_best_and_cancel_keeps_nothing(&crate::start(Embedded)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed() {
        crate::bodies::an_extended_job_searches_on_and_its_deployed_model_is_renewed(&crate::start(Embedded))
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_trainer_child_costs_a_trial_and_not_the_job() {
        super::a_killed_trainer_child_costs_a_trial_and_not_the_job(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_server_costs_a_trial_and_not_the_job() {
        super::a_killed_server_costs_a_trial_and_not_the_job(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_answered_without_a_token() {
        super::nothing_is_answered_without_a_token(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unusable_table_fails_with_one_clear_reason() {
        super::an_unusable_table_fails_with_one_clear_reason(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn text_with_nul_is_refused() {
        super::text_with_nul_is_refused(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn jobs_are_organised_estimated_and_compared() {
        crate::organise::jobs_are_organised_estimated_and_compared(&crate::start(Embedded)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn rows_are_validated_and_weighed_as_asked() {
        crate::rows::rows_are_validated_and_weighed_as_asked(&crate::start(Embedded)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn predictions_rise_and_fall_as_asked() {
        crate::monotone::predictions_rise_and_fall_as_asked(&crate::start(Embedded)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_gets_the_answers_of_its_rows() {
        crate::bodies::batch::a_file_gets_the_answers_of_its_rows(&crate::start(Embedded)).await;
    }
}

/// Every body over several processes, Postgres, Redis and S3.
mod production {
    use super::Column::Production;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_job_is_one_trace_from_the_request_to_its_trials() {
        crate::traces::a_job_is_one_trace_from_the_request_to_its_trials().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_log_holds_a_secret() {
        crate::redaction::no_log_holds_a_secret(&crate::redaction::talkative(Production)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_table_becomes_a_deployed_model() {
        crate::bodies::a_table_becomes_a_deployed_model(&crate::start(Production), 40).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn finish_now_keeps_the_best_and_cancel_keeps_nothing() {
        crate::bodies::finish_now_keeps_the_best_and_cancel_keeps_nothing(&crate::start(Production)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed() {
        crate::bodies::an_extended_job_searches_on_and_its_deployed_model_is_renewed(&crate::start(
            Production,
        ))
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_trainer_child_costs_a_trial_and_not_the_job() {
        super::a_killed_trainer_child_costs_a_trial_and_not_the_job(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_server_costs_a_trial_and_not_the_job() {
        super::a_killed_server_costs_a_trial_and_not_the_job(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_answered_without_a_token() {
        super::nothing_is_answered_without_a_token(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unusable_table_fails_with_one_clear_reason() {
        super::an_unusable_table_fails_with_one_clear_reason(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn text_with_nul_is_refused() {
        super::text_with_nul_is_refused(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn jobs_are_organised_estimated_and_compared() {
        crate::organise::jobs_are_organised_estimated_and_compared(&crate::start(Production)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn rows_are_validated_and_weighed_as_asked() {
        crate::rows::rows_are_validated_and_weighed_as_asked(&crate::start(Production)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_gets_the_answers_of_its_rows() {
        crate::bodies::batch::a_file_gets_the_answers_of_its_rows(&crate::start(Production)).await;
    }
}
