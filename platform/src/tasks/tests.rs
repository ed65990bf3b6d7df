//! The queue over a real database: claims, fences, leases, budgets.

use std::time::Duration;

use entities::{task, user};
use migration::MigratorTrait;
use sea_orm::{EntityTrait, IntoActiveModel};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::Database;

const LEASE: Duration = Duration::from_secs(10);

/// A slot that takes profiles only.
pub(super) fn offer(worker: &str) -> Offer {
    Offer {
        worker: worker.to_owned(),
        kinds: vec![task::Kind::Profile],
        queue: task::Queue::Cpu,
        memory_bytes: 1 << 30,
    }
}

pub(super) struct Queue {
    _folder: TempDir,
    pub(super) database: Database,
    user_id: Uuid,
}

pub(super) async fn queue() -> Queue {
    let folder = tempfile::tempdir().unwrap();
    let url = crate::test_database::url(folder.path()).await;
    let database = Database::connect(&url).await.unwrap();
    migration::Migrator::up(database.connection(), None)
        .await
        .unwrap();
    let user_id = add_user(&database).await;
    Queue {
        _folder: folder,
        database,
        user_id,
    }
}

async fn add_user(database: &Database) -> Uuid {
    let user = user::Model::new(Uuid::now_v7(), "Ada", now());
    let id = user.id;
    user::Entity::insert(user.into_active_model())
        .exec(database.connection())
        .await
        .unwrap();
    id
}

impl Queue {
    /// Adds a profile task that names no dataset row.
    pub(super) async fn add(&self) -> Uuid {
        self.add_for(self.user_id, Needs::default()).await
    }

    /// The same for a user, with needs.
    async fn add_for(&self, user_id: Uuid, needs: Needs) -> Uuid {
        let now = now();
        let row = task::Model {
            id: Uuid::now_v7(),
            kind: task::Kind::Profile,
            payload: serde_json::to_value(Payload::Profile { dataset: Uuid::nil() }).unwrap(),
            version: VERSION,
            user_id,
            job_id: None,
            dataset_id: None,
            batch_prediction_id: None,
            state: task::State::Queued,
            priority: 0,
            fence: 0,
            worker: None,
            lease_until: None,
            failures: 0,
            crashes: 0,
            run_after: 0,
            error: None,
            queue: needs.queue,
            memory_bytes: i64::try_from(needs.memory_bytes).unwrap(),
            rung_at: None,
            created_at: now,
            updated_at: now,
            claimed_at: None,
            traceparent: None,
        };
        let id = row.id;
        task::Entity::insert(row.into_active_model())
            .exec(self.database.connection())
            .await
            .unwrap();
        id
    }

    async fn claim(&self, worker: &str, lease: Duration) -> Option<Claim> {
        claim(&self.database, &offer(worker), lease).await.unwrap()
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
            while let Some(found) = claim(&database, &offer(&worker), LEASE).await.unwrap() {
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

/// Takes a task over in a transaction of its own.
pub(super) async fn seized(
    database: &Database,
    row: &task::Model,
    worker: &str,
    lease: Duration,
) -> Result<Claim, Error> {
    let transaction = database.begin().await?;
    let claim = seize(&transaction, row, worker, lease).await?;
    transaction.commit().await?;
    Ok(claim)
}

#[tokio::test]
async fn the_zombies_writes_are_refused() {
    let queue = queue().await;
    let id = queue.add().await;
    let zombie = queue.claim("first", Duration::ZERO).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let expired = expired(queue.database.connection()).await.unwrap();
    assert_eq!(expired.len(), 1);
    let heir = seized(&queue.database, &expired[0], "second", LEASE)
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
    let taken = seized(&queue.database, &seen[0], "second", LEASE).await;
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

#[tokio::test]
async fn nobody_waits_for_somebody_elses_flood() {
    let queue = queue().await;
    for _ in 0..10 {
        queue.add().await;
    }
    let other = add_user(&queue.database).await;
    let small = queue.add_for(other, Needs::default()).await;
    assert_ne!(
        queue.claim("w", LEASE).await.unwrap().task.id,
        small,
        "the oldest goes first"
    );
    assert_eq!(
        queue.claim("w", LEASE).await.unwrap().task.id,
        small,
        "then whoever has less running"
    );
}

#[tokio::test]
async fn one_slot_is_enough_to_take_turns() {
    let queue = queue().await;
    for _ in 0..20 {
        queue.add().await;
    }
    let other = add_user(&queue.database).await;
    let theirs = [
        queue.add_for(other, Needs::default()).await,
        queue.add_for(other, Needs::default()).await,
    ];
    let mut turns = Vec::new();
    for _ in 0..6 {
        let claim = queue.claim("w", LEASE).await.unwrap();
        turns.push(theirs.contains(&claim.task.id));
        complete(queue.database.connection(), &claim).await.unwrap();
        // Turns are told apart by the millisecond.
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    assert_eq!(turns, [false, true, false, true, false, false]);
}

#[tokio::test]
async fn what_only_a_newer_program_knows_is_left_to_it() {
    let queue = queue().await;
    let connection = queue.database.connection();
    let table = r#"UPDATE "task" SET "#;
    for change in [
        format!("{table} version = {}", VERSION + 1),
        format!("{table} version = {VERSION}, kind = 'dream'"),
    ] {
        queue.add().await;
        connection.execute_unprepared(&change).await.unwrap();
        assert!(queue.claim("w", LEASE).await.is_none(), "{change}");
        // Nor is one touched whose newer worker is gone: its end means what this program does not know.
        let taken = format!("{table} state = 'running', worker = 'gone', lease_until = 0, fence = 1");
        connection.execute_unprepared(&taken).await.unwrap();
        assert!(expired(connection).await.unwrap().is_empty(), "{change}");
        assert!(held(connection).await.unwrap().is_empty(), "{change}");
    }
    let known = queue.add().await;
    assert_eq!(queue.claim("w", LEASE).await.unwrap().task.id, known);
}

#[tokio::test]
async fn a_task_waits_for_a_slot_that_has_what_it_needs() {
    let queue = queue().await;
    let needs = |queue, memory_bytes| Needs { queue, memory_bytes };
    let plain = queue.add().await;
    let gpu = queue.add_for(queue.user_id, needs(task::Queue::Gpu, 0)).await;
    let large = queue
        .add_for(queue.user_id, needs(task::Queue::Cpu, 2 << 30))
        .await;
    let small_cpu = offer("cpu");
    let first = claim(&queue.database, &small_cpu, LEASE).await.unwrap().unwrap();
    assert_eq!(first.task.id, plain);
    assert!(claim(&queue.database, &small_cpu, LEASE).await.unwrap().is_none());
    let large_cpu = Offer {
        memory_bytes: 4 << 30,
        ..offer("large")
    };
    let with_gpu = Offer {
        queue: task::Queue::Gpu,
        memory_bytes: 4 << 30,
        ..offer("gpu")
    };
    let second = claim(&queue.database, &with_gpu, LEASE).await.unwrap().unwrap();
    assert_eq!(second.task.id, gpu);
    let none = claim(&queue.database, &with_gpu, LEASE).await.unwrap();
    assert!(none.is_none(), "a GPU worker takes nothing else");
    let third = claim(&queue.database, &large_cpu, LEASE).await.unwrap().unwrap();
    assert_eq!(third.task.id, large);
}
