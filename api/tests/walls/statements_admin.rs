//! The same for what administrators ask: as many statements for everybody's rows as for a few.

use entities::{job, task, user, worker};
use platform::audit::{self, Action, Actor, By, Entry};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use serde_json::json;
use uuid::Uuid;

use crate::setup::now;
use crate::statements::Counted;
use crate::{new_database, server};

/// A name, a query, and the statements that it takes when the token was looked up a moment ago. What hangs on the administrator's own rows is read as theirs,
/// beside everybody's: a list in which they are as well takes each edge twice, however long it is.
const QUERIES: &[(&str, &str, usize)] = &[
    ("nothing", "{ admin { __typename } }", 0),
    (
        "users",
        "{ admin { users(first: 50) { nodes { name role } } } }",
        1,
    ),
    (
        "quotas of users",
        "{ admin { users(first: 50, filter: { role: MEMBER }) { nodes { quotas { jobsPerDay { used } } } } } }",
        6,
    ),
    (
        "jobs",
        "{ admin { jobs(first: 50) { totalCount nodes { owner { name } cost { computeSeconds } progress { bestTrial } steps { name } \
         leaderboard { rank } tags trials(first: 3) { nodes { id } } } } } }",
        9,
    ),
    (
        "dead tasks",
        "{ admin { deadTasks(first: 50) { nodes { owner { name } job { name } } } } }",
        3,
    ),
    (
        "workers",
        "{ admin { workers(first: 50) { nodes { tasks { id } } } } }",
        2,
    ),
    (
        "audit log",
        "{ admin { auditLog(first: 50) { nodes { actor { name } } } } }",
        2,
    ),
    (
        "the queue",
        "{ admin { queue { queued workers pauses { reason } } } }",
        4,
    ),
    ("limits", "{ admin { limits { jobsPerDay } } }", 0),
];

/// Rows of Ann's for Bob to look after: jobs, tasks that were given up, workers that work, entries of the log; and other people.
async fn add(counted: &Counted, count: usize) {
    counted.add_jobs(count).await;
    let application = &counted.application;
    let connection = application.platform.database.connection();
    for _ in 0..count {
        let person = user::Model::new(Uuid::now_v7(), "Cyd", now());
        person.into_active_model().insert(connection).await.unwrap();
        let name = format!("worker-{}", Uuid::now_v7().simple());
        let row = worker::Model {
            id: Uuid::now_v7(),
            name: name.clone(),
            host: "h".to_owned(),
            version: "1".to_owned(),
            queue: task::Queue::Cpu,
            slots: 1,
            threads: 1,
            memory_bytes: 1,
            device: "CPU".to_owned(),
            draining: false,
            seen_at: now().timestamp_millis(),
            started_at: now(),
            drain_requested_at: None,
        };
        row.into_active_model().insert(connection).await.unwrap();
        for state in [task::State::Running, task::State::Dead] {
            let row = task::Model {
                id: Uuid::now_v7(),
                kind: task::Kind::Profile,
                payload: json!({}),
                version: 1,
                user_id: application.ann.id,
                job_id: any_job(connection).await,
                dataset_id: None,
                batch_prediction_id: None,
                state,
                priority: 0,
                fence: 1,
                worker: Some(name.clone()),
                lease_until: None,
                failures: 0,
                crashes: 0,
                run_after: 0,
                error: None,
                queue: task::Queue::Cpu,
                memory_bytes: 0,
                rung_at: None,
                created_at: now(),
                updated_at: now(),
                claimed_at: None,
                traceparent: None,
            };
            row.into_active_model().insert(connection).await.unwrap();
        }
        let by = By::new(Actor::User(application.bob.id));
        let transaction = application.platform.database.begin().await.unwrap();
        let entry = Entry::new(by, Action::QueuePaused, now());
        audit::record(&transaction, entry).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

async fn any_job(connection: &impl ConnectionTrait) -> Option<Uuid> {
    let newest = job::Entity::find().order_by_desc(job::Column::Id);
    newest.one(connection).await.unwrap().map(|row| row.id)
}

async fn many_cost_as_much_as_few(database: Option<String>) {
    let counted = Counted::over(database).await;
    let application = &counted.application;
    let change = user::ActiveModel {
        id: Set(application.bob.id),
        role: Set(user::Role::Admin),
        ..Default::default()
    };
    change
        .update(application.platform.database.connection())
        .await
        .unwrap();
    for rows in [2, 48] {
        add(&counted, rows).await;
        for (name, query, expected) in QUERIES {
            let (statements, _) = counted.statements_of(&application.bob, query).await;
            assert_eq!(
                statements.len(),
                *expected,
                "{name} with {rows} more rows: {statements:#?}"
            );
        }
    }
}

#[tokio::test]
async fn many_cost_as_much_as_few_for_administrators_over_sqlite() {
    many_cost_as_much_as_few(None).await;
}

#[tokio::test]
async fn many_cost_as_much_as_few_for_administrators_over_postgres() {
    let server = server();
    many_cost_as_much_as_few(Some(new_database(&server))).await;
}
