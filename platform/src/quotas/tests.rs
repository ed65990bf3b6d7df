//! Room for more, over `test_database`.

use entities::{artifact, dataset, upload};
use migration::MigratorTrait;
use sea_orm::ActiveModelTrait;
use tempfile::TempDir;

use super::*;
use crate::{Platform, Secret, test_database};

struct Home {
    _folder: TempDir,
    platform: Platform,
    ada: Uuid,
    ben: Uuid,
}

async fn home(change: impl FnOnce(&mut Settings)) -> Home {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path(), 2, 4 << 30);
    let url = test_database::url(folder.path()).await;
    settings.database = url.starts_with("postgres").then(|| Secret::new(url));
    change(&mut settings);
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    let mut ids = Vec::new();
    for name in ["Ada", "Ben"] {
        let row = user::Model::new(Uuid::now_v7(), name, noon());
        ids.push(row.id);
        let row = row.into_active_model();
        row.insert(platform.database.connection()).await.unwrap();
    }
    Home {
        _folder: folder,
        platform,
        ada: ids[0],
        ben: ids[1],
    }
}

fn noon() -> DateTime<Utc> {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

impl Home {
    async fn admit(&self, who: Uuid, budget_seconds: u32, at: DateTime<Utc>) -> Result<(), Error> {
        let transaction = self.platform.database.begin().await.unwrap();
        let settings = &self.platform.settings;
        admit_job(&transaction, settings, who, Uuid::now_v7(), budget_seconds, at).await?;
        transaction.commit().await.unwrap();
        Ok(())
    }

    async fn admit_batch(&self, who: Uuid) -> Result<(), Error> {
        let there = job::Entity::find().filter(job::Column::UserId.eq(who));
        let transaction = self.platform.database.begin().await.unwrap();
        let admitted = admit_batch(&transaction, &self.platform.settings, who, there, noon()).await;
        transaction.rollback().await.unwrap();
        admitted
    }

    async fn own(&self, limits: user_quota::Model) {
        let row = user_quota::Model {
            user_id: self.ada,
            ..limits
        };
        let row = row.into_active_model();
        row.insert(self.platform.database.connection()).await.unwrap();
    }

    async fn has_computed(&self, who: Uuid, milliseconds: i64, at: DateTime<Utc>) {
        let row = usage::Model {
            source_id: Uuid::now_v7(),
            number: 1,
            user_id: who,
            job_id: None,
            kind: usage::Kind::Compute,
            amount: milliseconds,
            used_at: at,
        };
        usage::Entity::insert(row.into_active_model())
            .exec_without_returning(self.platform.database.connection())
            .await
            .unwrap();
    }
}

fn refused(outcome: Result<(), Error>) -> String {
    match outcome {
        Err(Error::QuotaExceeded(message)) => message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn jobs_of_a_day_are_counted_until_midnight() {
    let home = home(|settings| settings.quotas.jobs_per_day = Some(2)).await;
    for _ in 0..2 {
        home.admit(home.ada, 60, noon()).await.unwrap();
    }
    let message = refused(home.admit(home.ada, 60, noon()).await);
    assert!(
        message.contains("2 jobs") && message.contains("2026-11-30T00:00:00Z"),
        "{message}"
    );
    home.admit(home.ben, 60, noon()).await.unwrap();
    let tomorrow = noon() + chrono::TimeDelta::hours(12);
    home.admit(home.ada, 60, tomorrow).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_ask_at_the_same_time_one_is_let_in() {
    let home = home(|settings| settings.quotas.jobs_per_day = Some(1)).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (platform, ada) = (home.platform.clone(), home.ada);
        asking.spawn(async move {
            let transaction = platform.database.begin().await.unwrap();
            let job = Uuid::now_v7();
            let admitted = admit_job(&transaction, &platform.settings, ada, job, 60, noon()).await;
            if admitted.is_ok() {
                transaction.commit().await.unwrap();
            }
            admitted
        });
    }
    let mut admitted = 0;
    while let Some(outcome) = asking.join_next().await {
        match outcome.unwrap() {
            Ok(()) => admitted += 1,
            other => {
                refused(other);
            }
        }
    }
    assert_eq!(admitted, 1);
}

#[tokio::test]
async fn computing_of_a_day_is_counted_until_midnight() {
    let home = home(|settings| settings.quotas.compute_seconds_per_day = Some(100)).await;
    home.has_computed(home.ada, 99_999, noon()).await;
    home.has_computed(home.ada, 50_000, noon() - chrono::TimeDelta::days(1))
        .await;
    home.has_computed(home.ben, 500_000, noon()).await;
    home.admit(home.ada, 60, noon()).await.unwrap();
    home.has_computed(home.ada, 1, noon()).await;
    let message = refused(home.admit(home.ada, 60, noon()).await);
    assert!(message.contains("100 s"), "{message}");
    // More for what runs, and batches, are computing as well.
    let connection = home.platform.database.connection();
    let settings = &home.platform.settings;
    let message = refused(admit_budget(connection, settings, home.ada, 60, noon()).await);
    assert!(message.contains("100 s"), "{message}");
    refused(home.admit_batch(home.ada).await);
    home.own(user_quota::Model {
        compute_seconds_per_day: Some(101),
        ..user_quota::Model::default()
    })
    .await;
    admit_budget(connection, settings, home.ada, 60, noon())
        .await
        .unwrap();
    home.admit_batch(home.ada).await.unwrap();
    home.admit(home.ada, 60, noon() + chrono::TimeDelta::days(1))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_budget_may_be_as_large_as_the_limit() {
    let home = home(|settings| settings.quotas.job_budget_seconds = Some(600)).await;
    home.admit(home.ada, 600, noon()).await.unwrap();
    let message = refused(home.admit(home.ada, 601, noon()).await);
    assert!(
        message.contains("600 s") && message.contains("601 s"),
        "{message}"
    );
    // Her own limit counts, and no other.
    home.own(user_quota::Model {
        job_budget_seconds: Some(3600),
        ..user_quota::Model::default()
    })
    .await;
    home.admit(home.ada, 3600, noon()).await.unwrap();
    let connection = home.platform.database.connection();
    let settings = &home.platform.settings;
    admit_budget(connection, settings, home.ada, 3600, noon())
        .await
        .unwrap();
    refused(admit_budget(connection, settings, home.ada, 3601, noon()).await);
    refused(admit_budget(connection, settings, home.ben, 601, noon()).await);
}

#[tokio::test]
async fn unfinished_jobs_are_limited_for_a_person_too() {
    let home = home(|settings| settings.jobs_per_user = 5).await;
    home.own(user_quota::Model {
        unfinished_jobs: Some(0),
        ..user_quota::Model::default()
    })
    .await;
    let full = home.admit(home.ada, 60, noon()).await;
    assert!(matches!(full, Err(Error::QueueFull { limit: 0, .. })), "{full:?}");
    home.admit(home.ben, 60, noon()).await.unwrap();
}

#[tokio::test]
async fn stored_bytes_count_files_and_what_is_announced() {
    let home = home(|settings| settings.quotas.stored_bytes = Some(1000)).await;
    let connection = home.platform.database.connection();
    let data = dataset::Model {
        id: Uuid::now_v7(),
        user_id: home.ada,
        name: "d".to_owned(),
        file_name: "d.csv".to_owned(),
        size_bytes: 400,
        state: dataset::State::Ready,
        error: None,
        version: 1,
        source_key: "datasets/x/source".to_owned(),
        profile_key: None,
        frame_key: None,
        row_count: None,
        column_count: None,
        created_at: noon(),
        format: None,
    };
    let data = data.into_active_model().insert(connection).await.unwrap();
    let file = artifact::Model {
        id: Uuid::now_v7(),
        user_id: home.ada,
        job_id: None,
        dataset_id: Some(data.id),
        batch_prediction_id: None,
        kind: artifact::Kind::Source,
        file_name: "d.csv".to_owned(),
        key: "datasets/x/source".to_owned(),
        size_bytes: 400,
        sha256: String::new(),
        created_at: noon(),
    };
    file.into_active_model().insert(connection).await.unwrap();
    for (size_bytes, expires_at) in [
        (500, noon() + chrono::TimeDelta::hours(1)),
        (500, noon() - chrono::TimeDelta::hours(1)),
    ] {
        let row = upload::Model {
            id: Uuid::now_v7(),
            user_id: home.ada,
            file_name: "e.csv".to_owned(),
            size_bytes,
            received_bytes: 0,
            state: upload::State::Open,
            created_at: noon(),
            expires_at,
            method: upload::Method::Patch,
            transfer: None,
        };
        row.into_active_model().insert(connection).await.unwrap();
    }
    let used = used(connection, &[home.ada, home.ben], noon()).await.unwrap();
    assert_eq!(used[&home.ada].stored_bytes, 900);
    assert!(!used.contains_key(&home.ben));
    let admit = async |who: Uuid, more: u64| {
        let transaction = home.platform.database.begin().await.unwrap();
        let admitted = admit_bytes(&transaction, &home.platform.settings, who, more, noon()).await;
        transaction.rollback().await.unwrap();
        admitted
    };
    admit(home.ada, 100).await.unwrap();
    let message = refused(admit(home.ada, 101).await);
    assert!(message.contains("900 bytes of 1000"), "{message}");
    admit(home.ben, 1000).await.unwrap();
    refused(admit(home.ben, u64::MAX).await);
    check_batches(&home).await;
}

/// Ada has 900 bytes. A batch brings nothing that is not counted: it is refused where there is too much, not where it is full.
async fn check_batches(home: &Home) {
    let connection = home.platform.database.connection();
    let with = async |stored_bytes: i64| {
        user_quota::Entity::delete_by_id(home.ada)
            .exec(connection)
            .await
            .unwrap();
        home.own(user_quota::Model {
            stored_bytes: Some(stored_bytes),
            ..user_quota::Model::default()
        })
        .await;
        home.admit_batch(home.ada).await
    };
    with(900).await.unwrap();
    let message = refused(with(899).await);
    assert!(message.contains("900 bytes of 899"), "{message}");
}

#[tokio::test]
async fn what_counts_for_nothing_any_more_is_forgotten() {
    let home = home(|_| ()).await;
    home.has_computed(home.ada, 1, noon()).await;
    home.has_computed(home.ada, 2, noon() - chrono::TimeDelta::days(3))
        .await;
    let connection = home.platform.database.connection();
    forget_old(connection, noon()).await.unwrap();
    let left = usage::Entity::find().all(connection).await.unwrap();
    assert_eq!(left.iter().map(|row| row.amount).collect::<Vec<_>>(), [1]);
}
