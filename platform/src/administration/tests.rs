//! What administrators do, without a server in front of it, over `test_database`.

use entities::token::Kind;
use entities::user::{self, Role};
use entities::{audit_entry, task, token, usage, user_quota};
use migration::MigratorTrait;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::audit::{self, By};
use crate::tasks::{self, Offer, Payload};
use crate::workers::{self, Registration};
use crate::{Secret, Settings, test_database};

mod pauses;

const LEASE: Duration = Duration::from_secs(10);

struct Office {
    _folder: TempDir,
    platform: Platform,
    ada: Uuid,
    ben: Uuid,
    cleo: Uuid,
}

/// A platform with the administrators Ada and Ben, and Cleo.
async fn office() -> Office {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path(), 2, 4 << 30);
    let url = test_database::url(folder.path()).await;
    settings.database = url.starts_with("postgres").then(|| Secret::new(url));
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    let mut ids = Vec::new();
    for (name, role) in [("Ada", Role::Admin), ("Ben", Role::Admin), ("Cleo", Role::Member)] {
        let mut row = user::Model::new(Uuid::now_v7(), name, now());
        row.role = role;
        ids.push(row.id);
        row.into_active_model()
            .insert(platform.database.connection())
            .await
            .unwrap();
    }
    Office {
        _folder: folder,
        platform,
        ada: ids[0],
        ben: ids[1],
        cleo: ids[2],
    }
}

impl Office {
    /// The platform as a request of that person has it.
    fn of(&self, id: Uuid) -> Platform {
        self.platform.asked(By::new(Actor::User(id)))
    }

    /// What the log says, the oldest first: action, and reason.
    async fn log(&self) -> Vec<(String, String)> {
        let mut rows = audit::newest(&self.platform.database, 100).await.unwrap();
        rows.reverse();
        let words = |row: audit_entry::Model| (row.action, row.reason.unwrap_or_default());
        rows.into_iter().map(words).collect()
    }

    /// A task that names no dataset, of Cleo.
    async fn task(&self) -> Uuid {
        let transaction = self.platform.database.begin().await.unwrap();
        let payload = Payload::Profile { dataset: Uuid::nil() };
        let mut row = task::Model {
            id: Uuid::now_v7(),
            kind: task::Kind::Profile,
            payload: serde_json::to_value(payload).unwrap(),
            version: 1,
            user_id: self.cleo,
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
            queue: task::Queue::Cpu,
            memory_bytes: 0,
            rung_at: None,
            created_at: now(),
            updated_at: now(),
            claimed_at: None,
            traceparent: None,
        };
        row.id = row
            .clone()
            .into_active_model()
            .insert(&transaction)
            .await
            .unwrap()
            .id;
        transaction.commit().await.unwrap();
        row.id
    }

    async fn claim(&self) -> Option<tasks::Claim> {
        let offer = Offer {
            worker: "w".to_owned(),
            kinds: vec![task::Kind::Profile],
            queue: task::Queue::Cpu,
            memory_bytes: 1 << 30,
        };
        tasks::claim(&self.platform.database, &offer, LEASE)
            .await
            .unwrap()
    }

    async fn used(&self) -> Vec<usage::Model> {
        usage::Entity::find()
            .all(self.platform.database.connection())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn people_are_kept_out_and_let_in_with_a_reason_each() {
    let office = office().await;
    let ada = office.of(office.ada);
    let row = suspend(&ada, office.cleo, "left the company").await.unwrap();
    assert!(row.suspended_at.is_some());
    // Twice is once.
    suspend(&ada, office.cleo, "left the company").await.unwrap();
    assert!(
        restore(&ada, office.cleo, "is back")
            .await
            .unwrap()
            .suspended_at
            .is_none()
    );
    let row = set_role(&ada, office.cleo, Role::Admin, "helps out")
        .await
        .unwrap();
    assert_eq!(row.role, Role::Admin);
    let log = office.log().await;
    let expected = [
        ("USER_SUSPENDED", "left the company"),
        ("USER_RESTORED", "is back"),
        ("ROLE_CHANGED", "helps out"),
    ];
    assert_eq!(log.len(), expected.len(), "{log:?}");
    for (entry, (action, reason)) in log.iter().zip(expected) {
        assert_eq!((entry.0.as_str(), entry.1.as_str()), (action, reason));
    }
    let gone = suspend(&ada, Uuid::now_v7(), "who?").await;
    assert!(matches!(gone, Err(Error::Gone)), "{gone:?}");
}

#[tokio::test]
async fn nobody_does_it_to_themselves_and_no_member_does_it_at_all() {
    let office = office().await;
    let ada = office.of(office.ada);
    let own = suspend(&ada, office.ada, "tired").await;
    assert!(matches!(own, Err(Error::OwnAccount(_))), "{own:?}");
    let own = set_role(&ada, office.ada, Role::Member, "tired").await;
    assert!(matches!(own, Err(Error::OwnAccount(_))), "{own:?}");
    let cleo = office.of(office.cleo);
    let quotas = OwnQuotas {
        jobs_per_day: Some(Some(1000)),
        ..OwnQuotas::default()
    };
    let refused = [
        suspend(&cleo, office.ada, "x").await.err(),
        restore(&cleo, office.ada, "x").await.err(),
        set_role(&cleo, office.cleo, Role::Admin, "x").await.err(),
        set_quotas(&cleo, office.cleo, quotas, "x").await.err(),
        revoke_sessions(&cleo, office.ada, true, "x").await.err(),
        pause(&cleo, Paused::default(), "x").await.err(),
        resume(&cleo, Paused::default(), "x").await.err(),
        requeue(&cleo, office.task().await, "x").await.err(),
        purge_dead(&cleo, Purge::default(), "x").await.err(),
        drain(&cleo, Uuid::now_v7(), "x").await.err(),
        cancel_job(&cleo, Uuid::now_v7(), "x").await.err(),
        crate::default_data::claim(&cleo, office.cleo, "x").await.err(),
    ];
    for error in refused {
        assert!(matches!(error, Some(Error::NotAdministrator)), "{error:?}");
    }
    // A token that was checked before its owner was kept out gets no further.
    suspend(&ada, office.ben, "gone").await.unwrap();
    let late = set_role(&office.of(office.ben), office.cleo, Role::Admin, "x").await;
    assert!(matches!(late, Err(Error::NotAdministrator)), "{late:?}");
    assert_eq!(office.log().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_each_other_s_role_one_stays() {
    for _ in 0..5 {
        let office = office().await;
        let (ada, ben) = (office.of(office.ada), office.of(office.ben));
        let (first, second) = tokio::join!(
            tokio::spawn({
                let id = office.ben;
                async move { set_role(&ada, id, Role::Member, "a").await }
            }),
            tokio::spawn({
                let id = office.ada;
                async move { set_role(&ben, id, Role::Member, "b").await }
            }),
        );
        let outcomes = [first.unwrap(), second.unwrap()];
        assert_eq!(
            outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
            1,
            "{outcomes:?}"
        );
        let admins = user::Entity::find()
            .filter(user::Column::Role.eq(Role::Admin))
            .count(office.platform.database.connection())
            .await
            .unwrap();
        assert_eq!(admins, 1);
        assert_eq!(office.log().await.len(), 1);
    }
}

#[tokio::test]
async fn quotas_are_kept_changed_and_taken_away_again() {
    let office = office().await;
    let ada = office.of(office.ada);
    let own = async || {
        let row = user_quota::Entity::find_by_id(office.cleo).one(office.platform.database.connection());
        row.await.unwrap().unwrap()
    };
    let first = OwnQuotas {
        jobs_per_day: Some(Some(5)),
        stored_bytes: Some(Some(1 << 40)),
        ..OwnQuotas::default()
    };
    set_quotas(&ada, office.cleo, first, "more").await.unwrap();
    assert_eq!(
        (own().await.jobs_per_day, own().await.stored_bytes),
        (Some(5), Some(1 << 40))
    );
    let second = OwnQuotas {
        jobs_per_day: Some(None),
        ..OwnQuotas::default()
    };
    set_quotas(&ada, office.cleo, second, "less").await.unwrap();
    assert_eq!(
        (own().await.jobs_per_day, own().await.stored_bytes),
        (None, Some(1 << 40))
    );
    // What changes nothing is not recorded.
    set_quotas(&ada, office.cleo, second, "less").await.unwrap();
    assert_eq!(office.log().await.len(), 2);
    let limits = crate::quotas::Limits::new(&office.platform.settings, Some(&own().await));
    assert_eq!((limits.jobs_per_day, limits.unfinished_jobs), (None, 100));
}

#[tokio::test]
async fn a_running_task_is_taken_from_its_worker_without_a_mark() {
    let office = office().await;
    let ada = office.of(office.ada);
    let id = office.task().await;
    // It waits for nothing but a worker: there is nothing to do.
    requeue(&ada, id, "it waits").await.unwrap();
    assert!(office.log().await.is_empty());
    let held = office.claim().await.unwrap();
    let row = requeue(&ada, id, "it hangs").await.unwrap();
    assert_eq!(
        (row.state, row.failures, row.crashes),
        (task::State::Queued, 0, 0)
    );
    let transaction = office.platform.database.begin().await.unwrap();
    let late = tasks::complete(&transaction, &held).await;
    assert!(matches!(late, Err(Error::Lost)), "{late:?}");
    transaction.rollback().await.unwrap();
    let again = office.claim().await.unwrap();
    assert_eq!(again.task.fence, held.task.fence + 1);
    let transaction = office.platform.database.begin().await.unwrap();
    tasks::give_up(&transaction, &again, "broken").await.unwrap();
    transaction.commit().await.unwrap();
    // Its dataset is for its owner to upload again.
    let dead = requeue(&ada, id, "once more").await;
    assert!(matches!(dead, Err(Error::Conflict(_))), "{dead:?}");
    assert_eq!(office.used().await.len(), 2, "both times are counted");
    let kind = Some(task::Kind::Trial);
    let others = Purge { kind, before: None };
    assert_eq!(purge_dead(&ada, others, "tidy").await.unwrap(), 0);
    let older = Purge {
        kind: None,
        before: Some(now() - chrono::TimeDelta::hours(1)),
    };
    assert_eq!(purge_dead(&ada, older, "tidy").await.unwrap(), 0);
    assert_eq!(purge_dead(&ada, Purge::default(), "tidy").await.unwrap(), 1);
    assert_eq!(office.used().await.len(), 2, "what it cost stays counted");
    let log = office.log().await;
    let actions: Vec<&str> = log.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["TASK_REQUEUED", "TASKS_PURGED"]);
}

#[tokio::test]
async fn a_lost_worker_s_time_counts_to_the_end_of_its_lease() {
    let office = office().await;
    office.task().await;
    let held = office.claim().await.unwrap();
    let connection = office.platform.database.connection();
    // As if the claim had begun an hour ago and its lease had ended a minute later.
    let began = held.task.claimed_at.unwrap() - 3_600_000;
    task::Entity::update_many()
        .col_expr(task::Column::ClaimedAt, Expr::value(began))
        .col_expr(task::Column::LeaseUntil, Expr::value(began + 60_000))
        .exec(connection)
        .await
        .unwrap();
    let lost = tasks::expired(connection).await.unwrap();
    let transaction = office.platform.database.begin().await.unwrap();
    let taken = tasks::seize(&transaction, &lost[0], "other", LEASE)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let used = office.used().await;
    assert_eq!((used.len(), used[0].amount), (1, 60_000), "{used:?}");
    tasks::release(connection, &taken).await.unwrap();
    let used = office.used().await;
    assert_eq!(used.len(), 2);
    let row = task::Entity::find_by_id(taken.task.id)
        .one(connection)
        .await
        .unwrap();
    // An older worker that claims it now sets no time, and counts nothing.
    assert_eq!(row.unwrap().claimed_at, None);
    assert!(
        used.iter().map(|row| row.amount).sum::<i64>() < 70_000,
        "{used:?}"
    );
}

#[tokio::test]
async fn a_worker_hears_that_it_is_to_leave_and_nobody_counts_on_it() {
    let office = office().await;
    let ada = office.of(office.ada);
    let database = &office.platform.database;
    let registration = Registration {
        id: Uuid::now_v7(),
        name: "w".to_owned(),
        host: "h".to_owned(),
        queue: task::Queue::Cpu,
        slots: 2,
        threads: 2,
        memory_bytes: 1 << 30,
        device: "CPU".to_owned(),
    };
    workers::register(database, &registration).await.unwrap();
    assert!(
        !workers::seen(database.connection(), registration.id)
            .await
            .unwrap()
    );
    assert_eq!(workers::slots(database.connection()).await.unwrap().cpu, 2);
    let row = drain(&ada, registration.id, "new machine").await.unwrap();
    assert!(row.draining && row.drain_requested_at.is_some());
    drain(&ada, registration.id, "new machine").await.unwrap();
    assert!(
        workers::seen(database.connection(), registration.id)
            .await
            .unwrap()
    );
    assert_eq!(workers::slots(database.connection()).await.unwrap().cpu, 0);
    assert_eq!(office.log().await.len(), 1);
}

#[tokio::test]
async fn sessions_and_tokens_end_when_that_is_wanted() {
    let office = office().await;
    let ada = office.of(office.ada);
    let transaction = office.platform.database.begin().await.unwrap();
    for _ in 0..2 {
        crate::accounts::sessions::open(&transaction, office.cleo, None, now())
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    let connection = office.platform.database.connection();
    for (kind, hash) in [
        (Kind::Api, "a"),
        (Kind::Printed, "b"),
        (Kind::OneTime, "c"),
        (Kind::VerifyEmail, "d"),
    ] {
        let token = token::Model::new(Uuid::now_v7(), office.cleo, kind, hash.to_owned(), now());
        token.into_active_model().insert(connection).await.unwrap();
    }
    let ended = revoke_sessions(&ada, office.cleo, false, "lost laptop")
        .await
        .unwrap();
    assert_eq!(
        ended,
        Ended {
            sessions: 2,
            api_tokens: 0
        }
    );
    let ended = revoke_sessions(&ada, office.cleo, true, "lost laptop")
        .await
        .unwrap();
    assert_eq!(
        ended,
        Ended {
            sessions: 0,
            api_tokens: 2
        }
    );
    let left = token::Entity::find().all(connection).await.unwrap();
    assert_eq!(
        left.iter().map(|row| row.kind).collect::<Vec<_>>(),
        [Kind::VerifyEmail],
        "nothing that lets anybody in"
    );
    // There is nothing left to end, and nothing is recorded.
    revoke_sessions(&ada, office.cleo, true, "lost laptop")
        .await
        .unwrap();
    crate::accounts::sessions::sign_out_everywhere(&office.of(office.cleo), office.cleo, now())
        .await
        .unwrap();
    assert_eq!(office.log().await.len(), 2);
}
