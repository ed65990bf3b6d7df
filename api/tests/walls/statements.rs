//! Statements of a request: as many for fifty jobs as for two, at most one for each edge, and not one more than is written here.

use std::sync::{Arc, Mutex};

use entities::webhook::{self, Event, Events};
use entities::{dataset, job, mail, step};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Application, Person, id, now};
use crate::{new_database, server};

/// A name, a query, and the statements that it takes when the token was looked up a moment ago.
const QUERIES: &[(&str, &str, usize)] = &[
    ("nothing", "{ __typename }", 0),
    ("viewer", "{ viewer { name email } }", 1),
    ("jobs", "{ jobs(first: 50) { nodes { id name state } } }", 1),
    ("count", "{ jobs(first: 50) { totalCount nodes { id } } }", 2),
    ("datasets", "{ datasets(first: 50) { nodes { id name } } }", 1),
    (
        "dataset",
        "{ jobs(first: 50) { nodes { dataset { id name } } } }",
        2,
    ),
    (
        "model",
        "{ jobs(first: 50) { nodes { model { id problem } } } }",
        2,
    ),
    // What may be large is read for those who ask for it.
    (
        "all of a model",
        "{ jobs(first: 50) { nodes { model { id evaluation { score } inputs { name } members { name } } } } }",
        3,
    ),
    (
        "downloads",
        "{ jobs(first: 50) { nodes { model { downloads { url } } } } }",
        3,
    ),
    (
        "back and forth",
        "{ jobs(first: 50) { nodes { model { job { dataset { id } } } } } }",
        4,
    ),
    (
        "steps",
        "{ jobs(first: 50) { nodes { steps { name state } } } }",
        2,
    ),
    (
        "notifications",
        "{ jobs(first: 50) { nodes { notifications { channel state } } } }",
        3,
    ),
    (
        "progress",
        "{ jobs(first: 50) { nodes { progress { trialsFinished bestScore bestTrial } } } }",
        2,
    ),
    (
        "trials",
        "{ jobs(first: 50) { nodes { trials(first: 3) { totalCount nodes { number curve { loss } } } } } }",
        2,
    ),
    (
        "leaderboard",
        "{ jobs(first: 50) { nodes { leaderboard { rank name trial { id } } } } }",
        3,
    ),
    (
        "webhooks",
        "{ webhooks { url deliveries { state job { id } } } }",
        3,
    ),
    (
        "owner and cost",
        "{ jobs(first: 50) { nodes { owner { name } cost { computeSeconds } } } }",
        3,
    ),
    // The limits of one's own, unfinished jobs, what was used today, files and uploads.
    (
        "quotas",
        "{ viewer { quotas { jobsPerDay { used } storedBytes { used } } } }",
        6,
    ),
    (
        "everything",
        "{ jobs(first: 50) { totalCount nodes { id dataset { id } model { id downloads { url } } steps { name } \
         notifications { channel } progress { bestTrial } leaderboard { rank } trials(first: 3) { nodes { id } } } } }",
        11,
    ),
];

/// An application whose statements are counted.
pub struct Counted {
    pub application: Application,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Counted {
    pub async fn over(database: Option<String>) -> Self {
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let writer = heard.clone();
        let report = move |sql: &str| writer.lock().unwrap().push(sql.to_owned());
        let application = Application::observed(database, Some(Box::new(report))).await;
        Self { application, heard }
    }

    /// Jobs with everything that hangs on a job.
    pub async fn add_jobs(&self, count: usize) {
        let application = &self.application;
        let connection = application.platform.database.connection();
        let hook = webhook::Model {
            id: Uuid::now_v7(),
            user_id: application.ann.id,
            url: "https://example.com".to_owned(),
            events: Events(vec![Event::JobCompleted]),
            secret: String::new(),
            failing_since: None,
            disabled_at: None,
            disabled_reason: None,
            created_at: now(),
        };
        let hook = match webhook::Entity::find().one(connection).await.unwrap() {
            Some(hook) => hook,
            None => hook.into_active_model().insert(connection).await.unwrap(),
        };
        for _ in 0..count {
            let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
            let row = application.job(&dataset, job::State::Completed).await;
            for number in 0..4 {
                application
                    .trial(&row, number, (number < 3).then_some(f64::from(number) + 0.5))
                    .await;
            }
            application.model(&row).await;
            for (position, name) in step::STEPS.into_iter().enumerate() {
                let step = step::Model {
                    job_id: row.id,
                    name,
                    position: position as i32,
                    state: step::State::Completed,
                    started_at: None,
                    finished_at: None,
                    error: None,
                    attempts: 0,
                    retry_at: None,
                };
                let step = step::Entity::insert(step.into_active_model());
                step.exec_without_returning(connection).await.unwrap();
            }
            mail(application, row.id).await;
            let told = Some((row.id, row.version));
            platform::webhooks::queue(connection, &hook, Event::JobCompleted, told, &json!({}))
                .await
                .unwrap();
        }
    }

    /// The statements of one request, and its answer.
    async fn statements(&self, query: &str) -> (Vec<String>, Value) {
        self.statements_of(&self.application.ann, query).await
    }

    /// The statements of one request of that person, and its answer. Who they are was found out a moment ago.
    pub async fn statements_of(&self, who: &Person, query: &str) -> (Vec<String>, Value) {
        self.application.graphql(who, "{ __typename }", json!({})).await;
        self.heard.lock().unwrap().clear();
        let answer = self.application.graphql(who, query, json!({})).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        (std::mem::take(&mut *self.heard.lock().unwrap()), answer)
    }
}

async fn mail(application: &Application, job_id: Uuid) {
    let row = mail::Model {
        id: Uuid::now_v7(),
        user_id: application.ann.id,
        job_id: Some(job_id),
        kind: mail::Kind::Completed,
        channel: mail::Channel::Mail,
        recipient: "ada@example.com".to_owned(),
        facts: json!({}),
        state: mail::State::Sent,
        fence: 0,
        worker: None,
        lease_until: None,
        attempts: 1,
        failures: 0,
        doubts: 0,
        attempted_at: None,
        run_after: 0,
        message_id: None,
        error: None,
        created_at: now(),
        sent_at: None,
    };
    row.into_active_model()
        .insert(application.platform.database.connection())
        .await
        .unwrap();
}

async fn many_cost_as_much_as_few(database: Option<String>) {
    let counted = Counted::over(database).await;
    counted.add_jobs(2).await;
    // The key of download links is read once a process.
    let (_, downloads, _) = QUERIES
        .iter()
        .find(|(name, ..)| *name == "downloads")
        .expect("it is there");
    counted.statements(downloads).await;
    let mut of_two = Vec::new();
    for (name, query, expected) in QUERIES {
        let (statements, _) = counted.statements(query).await;
        assert_eq!(statements.len(), *expected, "{name} with 2 jobs: {statements:#?}");
        of_two.push(statements.len());
    }
    counted.add_jobs(48).await;
    for ((name, query, _), of_two) in QUERIES.iter().zip(of_two) {
        let (statements, answer) = counted.statements(query).await;
        assert_eq!(statements.len(), of_two, "{name} with 50 jobs: {statements:#?}");
        if let Some(nodes) = answer["data"]["jobs"]["nodes"].as_array() {
            assert_eq!(nodes.len(), 50, "{name}");
        }
    }
}

#[tokio::test]
async fn many_cost_as_much_as_few_over_sqlite() {
    many_cost_as_much_as_few(None).await;
}

#[tokio::test]
async fn many_cost_as_much_as_few_over_postgres() {
    let server = server();
    many_cost_as_much_as_few(Some(new_database(&server))).await;
}

/// Progress is counted where the trials are: the curves stay there.
async fn progress_reads_no_trial(database: Option<String>) {
    let counted = Counted::over(database).await;
    let application = &counted.application;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let mut rows = Vec::new();
    for higher_is_better in [Some(false), Some(true), None] {
        let row = application.job(&dataset, job::State::Running).await;
        let mut change = row.into_active_model();
        change.higher_is_better = sea_orm::Set(higher_is_better);
        let row = change
            .update(application.platform.database.connection())
            .await
            .unwrap();
        for (number, score) in [
            (0, Some(0.9)),
            (1, Some(0.3)),
            (2, Some(0.9)),
            (3, Some(0.3)),
            (4, None),
        ] {
            application.trial(&row, number, score).await;
        }
        rows.push(row);
    }
    let empty = application.job(&dataset, job::State::Queued).await;
    let query = "{ jobs(first: 10) { nodes { id progress { trialsFinished trialsRunning trialsFailed bestScore bestTrial } } } }";
    let (statements, answer) = counted.statements(query).await;
    assert!(
        statements.iter().all(|sql| !sql.contains("curve")),
        "{statements:#?}"
    );
    let of = |row: &job::Model| {
        let nodes = answer["data"]["jobs"]["nodes"].as_array().unwrap();
        let found = nodes.iter().find(|node| node["id"] == id("job", row.id));
        found.unwrap()["progress"].clone()
    };
    // Of equals the first one is the best; the direction is the metric's.
    for (row, score, name) in [
        (&rows[0], 0.3, "trial 1"),
        (&rows[1], 0.9, "trial 0"),
        (&rows[2], 0.9, "trial 0"),
    ] {
        let expected = json!({
            "trialsFinished": 4, "trialsRunning": 1, "trialsFailed": 0, "bestScore": score, "bestTrial": name,
        });
        assert_eq!(of(row), expected);
    }
    let nothing = json!({
        "trialsFinished": 0, "trialsRunning": 0, "trialsFailed": 0, "bestScore": null, "bestTrial": null,
    });
    assert_eq!(of(&empty), nothing);
}

#[tokio::test]
async fn progress_reads_no_trial_over_sqlite() {
    progress_reads_no_trial(None).await;
}

#[tokio::test]
async fn progress_reads_no_trial_over_postgres() {
    let server = server();
    progress_reads_no_trial(Some(new_database(&server))).await;
}
