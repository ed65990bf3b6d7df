//! The queue over a real SQLite file: claims, fences, leases, budgets.

use std::time::Duration;

use entities::{task, user};
use migration::MigratorTrait;
use sea_orm::{EntityTrait, IntoActiveModel};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::Database;

const LEASE: Duration = Duration::from_secs(10);
const PROFILE: &[task::Kind] = &[task::Kind::Profile];

pub(super) struct Queue {
    _folder: TempDir,
    pub(super) database: Database,
    user_id: Uuid,
}

pub(super) async fn queue() -> Queue {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::connect(&Database::sqlite_url(&folder.path().join("q.db")))
        .await
        .unwrap();
    migration::Migrator::up(database.connection(), None)
        .await
        .unwrap();
    let user_id = Uuid::now_v7();
    let user = user::Model::new(user_id, "Ada", now());
    user::Entity::insert(user.into_active_model())
        .exec(database.connection())
        .await
        .unwrap();
    Queue {
        _folder: folder,
        database,
        user_id,
    }
}

impl Queue {
    /// Adds a profile task that names no dataset row.
    pub(super) async fn add(&self) -> Uuid {
        let now = now();
        let row = task::Model {
            id: Uuid::now_v7(),
            kind: task::Kind::Profile,
            payload: serde_json::to_value(Payload::Profile { dataset: Uuid::nil() }).unwrap(),
            user_id: self.user_id,
            job_id: None,
            dataset_id: None,
            state: task::State::Queued,
            priority: 0,
            fence: 0,
            worker: None,
            lease_until: None,
            failures: 0,
            crashes: 0,
            run_after: 0,
            error: None,
            created_at: now,
            updated_at: now,
        };
        let id = row.id;
        task::Entity::insert(row.into_active_model())
            .exec(self.database.connection())
            .await
            .unwrap();
        id
    }

    async fn claim(&self, worker: &str, lease: Duration) -> Option<Claim> {
        claim(&self.database, worker, PROFILE, lease).await.unwrap()
    }

    async fn row(&self, id: Uuid) -> task::Model {
        task::Entity::find_by_id(id)
            .one(self.database.connection())
            .await
            .unwrap()
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_claimers_one_winner_each() {
    let queue = queue().await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(queue.add().await);
    }
    let mut claimers = Vec::new();
    for number in 0..8 {
        let database = queue.database.clone();
        claimers.push(tokio::spawn(async move {
            let mut claimed = Vec::new();
            let worker = format!("w{number}");
            while let Some(found) = claim(&database, &worker, PROFILE, LEASE).await.unwrap() {
                claimed.push(found.task.id);
            }
            claimed
        }));
    }
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    claimed.sort();
    assert_eq!(claimed, ids, "each task once");
}

#[tokio::test]
async fn the_zombies_writes_are_refused() {
    let queue = queue().await;
    let id = queue.add().await;
    let zombie = queue.claim("first", Duration::ZERO).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let expired = expired(queue.database.connection()).await.unwrap();
    assert_eq!(expired.len(), 1);
    let heir = seize(queue.database.connection(), &expired[0], "second", LEASE)
        .await
        .unwrap();
    assert!(heir.task.fence > zombie.task.fence);
    let connection = queue.database.connection();
    assert!(matches!(
        renew(connection, &zombie, LEASE).await,
        Err(Error::Lost)
    ));
    assert!(matches!(hold(connection, &zombie).await, Err(Error::Lost)));
    assert!(matches!(complete(connection, &zombie).await, Err(Error::Lost)));
    assert!(matches!(fail(connection, &zombie, "x").await, Err(Error::Lost)));
    assert!(matches!(
        crash(connection, &zombie, "x", CRASH_BUDGET).await,
        Err(Error::Lost)
    ));
    assert!(matches!(release(connection, &zombie).await, Err(Error::Lost)));
    complete(connection, &heir).await.unwrap();
    assert_eq!(queue.row(id).await.state, task::State::Done);
    assert!(
        matches!(complete(connection, &heir).await, Err(Error::Lost)),
        "done once"
    );
}

#[tokio::test]
async fn a_renewed_lease_cannot_be_seized() {
    let queue = queue().await;
    queue.add().await;
    let holder = queue.claim("first", Duration::ZERO).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let seen = expired(queue.database.connection()).await.unwrap();
    renew(queue.database.connection(), &holder, LEASE).await.unwrap();
    let taken = seize(queue.database.connection(), &seen[0], "second", LEASE).await;
    assert!(matches!(taken, Err(Error::Lost)));
    assert!(expired(queue.database.connection()).await.unwrap().is_empty());
    hold(queue.database.connection(), &holder).await.unwrap();
}

#[tokio::test]
async fn budgets_end_a_poison_task() {
    let queue = queue().await;
    let id = queue.add().await;
    for attempt in 1..=CRASH_BUDGET {
        let claim = queue.claim("w", LEASE).await.unwrap();
        let next = crash(queue.database.connection(), &claim, "killed", CRASH_BUDGET)
            .await
            .unwrap();
        let expected = if attempt == CRASH_BUDGET {
            Next::Dead
        } else {
            Next::Retried
        };
        assert_eq!(next, expected);
    }
    let row = queue.row(id).await;
    assert_eq!(
        (row.state, row.error.as_deref()),
        (task::State::Dead, Some("killed"))
    );
    assert!(queue.claim("w", LEASE).await.is_none());
}

#[tokio::test]
async fn a_failure_waits_and_a_release_costs_nothing() {
    let queue = queue().await;
    let id = queue.add().await;
    let claim = queue.claim("w", LEASE).await.unwrap();
    release(queue.database.connection(), &claim).await.unwrap();
    let claim = queue.claim("w", LEASE).await.unwrap();
    assert_eq!(
        (claim.task.failures, claim.task.crashes, claim.task.fence),
        (0, 0, 2)
    );
    assert_eq!(
        fail(queue.database.connection(), &claim, "disk").await.unwrap(),
        Next::Retried
    );
    assert!(queue.claim("w", LEASE).await.is_none(), "not before its pause");
    let row = queue.row(id).await;
    assert_eq!((row.state, row.failures), (task::State::Queued, 1));
}

#[tokio::test]
async fn a_rolled_back_task_does_not_exist() {
    let queue = queue().await;
    let transaction = queue.database.begin().await.unwrap();
    // The foreign key is refused at once, and nothing of the transaction remains.
    let refused = enqueue(
        &transaction,
        queue.user_id,
        Payload::Profile { dataset: Uuid::nil() },
    )
    .await;
    assert!(matches!(refused, Err(Error::Database(_))));
    drop(transaction);
    assert!(queue.claim("w", LEASE).await.is_none());
}
