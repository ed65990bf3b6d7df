//! Subscriptions: a snapshot, then rising versions, then the end.

use entities::{dataset, job, trial};
use platform::Changes;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::setup::{Application, id};
use crate::websocket::Socket;

const JOB: &str =
    "subscription ($id: ID!) { jobUpdated(id: $id) { version state progress { trialsFinished } } }";
const TRIALS: &str = "subscription ($id: ID!) { trialUpdated(jobId: $id) { number version state score } }";

pub async fn change_job(application: &Application, row: job::Model, state: job::State) -> job::Model {
    let version = row.version + 1;
    let mut change = row.into_active_model();
    change.state = Set(state);
    change.version = Set(version);
    let row = change
        .update(application.platform.database.connection())
        .await
        .unwrap();
    let mut changes = Changes::default();
    changes.job(&row);
    application.platform.announce(changes);
    row
}

async fn change_trial(application: &Application, row: trial::Model, score: f64) -> trial::Model {
    let version = row.version + 1;
    let mut change = row.into_active_model();
    change.state = Set(trial::State::Completed);
    change.score = Set(Some(score));
    change.version = Set(version);
    let row = change
        .update(application.platform.database.connection())
        .await
        .unwrap();
    let mut changes = Changes::default();
    changes.trial(&row, application.ann.id);
    application.platform.announce(changes);
    row
}

fn data(message: &Value, field: &str) -> Value {
    assert_eq!(message["type"], "next", "{message}");
    message["payload"]["data"][field].clone()
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Running).await;
    let mut socket = Socket::of_ann(&application).await;
    socket
        .subscribe("job", JOB, json!({ "id": id("job", row.id) }))
        .await;
    let snapshot = json!({ "version": 1, "state": "RUNNING", "progress": { "trialsFinished": 0 } });
    assert_eq!(data(&socket.message().await, "jobUpdated"), snapshot);
    let row = change_job(&application, row, job::State::Finishing).await;
    assert_eq!(data(&socket.message().await, "jobUpdated")["state"], "FINISHING");
    // An event without a change is not pushed.
    let mut changes = Changes::default();
    changes.job(&row);
    application.platform.announce(changes);
    assert!(socket.is_quiet().await);
    change_job(&application, row, job::State::Completed).await;
    assert_eq!(data(&socket.message().await, "jobUpdated")["version"], 3);
    assert_eq!(socket.message().await, json!({ "type": "complete", "id": "job" }));
    socket.subscribe("job", "{ __typename }", json!({})).await;
    assert_eq!(socket.message().await["type"], "next");
}

#[tokio::test]
async fn trials_come_first_as_they_are_and_then_as_they_change() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Running).await;
    application.trial(&row, 0, Some(1.0)).await;
    let running = application.trial(&row, 1, None).await;
    let mut socket = Socket::of_ann(&application).await;
    socket
        .subscribe("t", TRIALS, json!({ "id": id("job", row.id) }))
        .await;
    assert_eq!(data(&socket.message().await, "trialUpdated")["number"], 0);
    assert_eq!(data(&socket.message().await, "trialUpdated")["number"], 1);
    change_trial(&application, running, 0.5).await;
    let changed = json!({ "number": 1, "version": 2, "state": "COMPLETED", "score": 0.5 });
    assert_eq!(data(&socket.message().await, "trialUpdated"), changed);
    change_job(&application, row, job::State::Completed).await;
    assert_eq!(socket.message().await["type"], "complete");
}

#[tokio::test]
async fn a_change_whose_event_was_lost_is_found_by_the_poll() {
    let application = Application::start().await;
    let row = application
        .dataset(&application.ann, dataset::State::Profiling)
        .await;
    let mut socket = Socket::of_ann(&application).await;
    let query = "subscription ($id: ID!) { datasetUpdated(id: $id) { state } }";
    socket
        .subscribe("d", query, json!({ "id": id("dataset", row.id) }))
        .await;
    assert_eq!(
        data(&socket.message().await, "datasetUpdated")["state"],
        "PROFILING"
    );
    let mut change = row.into_active_model();
    change.state = Set(dataset::State::Ready);
    change.version = Set(2);
    change
        .update(application.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(data(&socket.message().await, "datasetUpdated")["state"], "READY");
    assert_eq!(socket.message().await["type"], "complete");
}

#[tokio::test]
async fn a_completed_subscription_says_nothing_more() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Running).await;
    let mut socket = Socket::of_ann(&application).await;
    socket
        .subscribe("1", JOB, json!({ "id": id("job", row.id) }))
        .await;
    socket.message().await;
    socket.send(json!({ "type": "complete", "id": "1" })).await;
    // The answer to what is sent next shows that the server has read it.
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.message().await["type"], "pong");
    change_job(&application, row, job::State::Finishing).await;
    assert!(socket.is_quiet().await);
}

#[tokio::test]
async fn another_s_job_is_null_and_over() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.bob, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Running).await;
    let mut socket = Socket::of_ann(&application).await;
    for (query, field) in [(JOB, "jobUpdated"), (TRIALS, "trialUpdated")] {
        socket
            .subscribe("1", query, json!({ "id": id("job", row.id) }))
            .await;
        assert_eq!(data(&socket.message().await, field), Value::Null);
        assert_eq!(socket.message().await["type"], "complete");
    }
}
