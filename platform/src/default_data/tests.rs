//! Over `test_database`: SQLite, or Postgres where a server is named.

use entities::{dataset, job};
use migration::MigratorTrait;
use sea_orm::{DbBackend, Statement};
use tempfile::TempDir;

use super::*;
use crate::audit::verify::verify;
use crate::datasets::NewDataset;
use crate::jobs::NewJob;
use crate::{Secret, Settings, datasets, jobs, test_database};

struct Home {
    folder: TempDir,
    platform: Platform,
}

async fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path(), 2, 4 << 30);
    let url = test_database::url(folder.path()).await;
    settings.database = url.starts_with("postgres").then(|| Secret::new(url));
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    Home { folder, platform }
}

impl Home {
    async fn person(&self, name: &str) -> Uuid {
        let row = user::Model::new(Uuid::now_v7(), name, now());
        let row = row.into_active_model();
        row.insert(self.platform.database.connection()).await.unwrap().id
    }

    /// A dataset with a job, both over.
    async fn work(&self, owner: Uuid) -> job::Model {
        let connection = self.platform.database.connection();
        let file = self.folder.path().join("file");
        std::fs::write(&file, "a,b\n1,2\n").unwrap();
        let new = NewDataset {
            user_id: owner,
            name: "d".to_owned(),
            file_name: "d.csv".to_owned(),
            upload_id: None,
            format: None,
        };
        let row = datasets::create(&self.platform, new, &file).await.unwrap();
        let mut change = row.into_active_model();
        change.state = Set(dataset::State::Ready);
        let row = change.update(connection).await.unwrap();
        let new = NewJob {
            user_id: owner,
            dataset_id: row.id,
            name: "j".to_owned(),
            target: "b".to_owned(),
            settings: job::JobSettings::default(),
        };
        let job = jobs::create(&self.platform, new).await.unwrap();
        self.all_tasks(task::State::Done).await;
        job
    }

    async fn all_tasks(&self, state: task::State) {
        task::Entity::update_many()
            .set(task::ActiveModel {
                state: Set(state),
                ..Default::default()
            })
            .exec(self.platform.database.connection())
            .await
            .unwrap();
    }

    async fn register(&self, owner: Uuid, name: &str) {
        let row = registered_model::Model {
            id: Uuid::now_v7(),
            user_id: owner,
            name: name.to_owned(),
            last_number: 0,
            created_at: now(),
        };
        let row = row.into_active_model();
        row.insert(self.platform.database.connection()).await.unwrap();
    }

    async fn names(&self, owner: Uuid) -> Vec<String> {
        let rows = registered_model::Entity::find()
            .filter(registered_model::Column::UserId.eq(owner))
            .all(self.platform.database.connection())
            .await
            .unwrap();
        let mut names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
        names.sort();
        names
    }

    async fn has_computed(&self, owner: Uuid, job_id: Option<Uuid>) {
        let row = usage::Model {
            source_id: Uuid::now_v7(),
            number: 1,
            user_id: owner,
            job_id,
            kind: usage::Kind::Compute,
            amount: 1000,
            used_at: now(),
        };
        usage::Entity::insert(row.into_active_model())
            .exec_without_returning(self.platform.database.connection())
            .await
            .unwrap();
    }

    async fn claim(&self, to: Uuid) -> Result<Claimed, Refused> {
        claim(&self.platform, to, "it was hers").await.unwrap()
    }
}

/// A table that somebody adds with an owner is in one list or the other.
#[tokio::test]
async fn every_table_with_an_owner_is_in_a_list() {
    let home = home().await;
    let connection = home.platform.database.connection();
    let backend = connection.get_database_backend();
    let question = match backend {
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.columns \
             WHERE column_name = 'user_id' AND table_schema = current_schema()"
        }
        _ => {
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.name = 'user_id'"
        }
    };
    let rows = connection
        .query_all_raw(Statement::from_string(backend, question))
        .await
        .unwrap();
    let mut owned: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    owned.sort();
    let mut listed: Vec<&str> = CLAIMED.iter().chain(&KEPT).copied().collect();
    listed.sort_unstable();
    assert_eq!(
        owned, listed,
        "say in default_data.rs what becomes of the new table's rows"
    );
}

#[tokio::test]
async fn everything_goes_over_once() {
    let home = home().await;
    let (from, to, other) = (
        home.person(NAME).await,
        home.person("Ada").await,
        home.person("Bob").await,
    );
    let job = home.work(from).await;
    let others = home.work(other).await;
    for (owner, name) in [
        (from, "churn"),
        (from, "price"),
        (to, "churn"),
        (to, "default 1 churn"),
    ] {
        home.register(owner, name).await;
    }
    home.has_computed(from, Some(job.id)).await;
    home.has_computed(from, None).await;
    let claimed = home.claim(to).await.unwrap();
    assert_eq!(claimed.from, from);
    let expected = [
        ("artifact", 1),
        ("dataset", 1),
        ("job", 1),
        ("registered_model", 2),
        ("task", 2),
        ("usage", 1),
    ];
    assert_eq!(claimed.rows, expected);
    let connection = home.platform.database.connection();
    let cost = usage::Entity::find()
        .filter(usage::Column::UserId.eq(to))
        .all(connection)
        .await
        .unwrap();
    assert_eq!(
        cost.iter().map(|row| row.job_id).collect::<Vec<_>>(),
        [Some(job.id)],
        "what a job has cost goes with it"
    );
    let owner = async |id: Uuid| {
        let row = job::Entity::find_by_id(id).one(connection).await.unwrap();
        row.unwrap().user_id
    };
    assert_eq!(owner(job.id).await, to);
    assert_eq!(owner(others.id).await, other);
    // A name that both had.
    let names = home.names(to).await;
    assert_eq!(names, ["churn", "default 1 churn", "default 2 churn", "price"]);
    // Once more: there is nothing, and nothing happens.
    assert_eq!(home.claim(to).await, Err(Refused::Nothing));
    assert_eq!(home.claim(other).await, Err(Refused::Nothing));
    let log = audit::newest(&home.platform.database, 10).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].action, "DEFAULT_DATA_CLAIMED");
    assert_eq!(log[0].subject_id, Some(to.to_string()));
    assert_eq!(log[0].reason.as_deref(), Some("it was hers"));
    assert!(verify(&home.platform.database, None).await.unwrap().is_ok());
}

#[tokio::test]
async fn what_is_somebody_s_is_not_taken() {
    let home = home().await;
    let to = home.person("Ada").await;
    assert_eq!(
        home.claim(to).await,
        Err(Refused::Nothing),
        "there is no such account"
    );
    assert!(matches!(
        claim(&home.platform, Uuid::now_v7(), "").await,
        Err(Error::Gone)
    ));
    // Somebody who calls themselves so, with a password or with another issuer.
    let named = home.person(NAME).await;
    home.work(named).await;
    let connection = home.platform.database.connection();
    let row = password::Model {
        user_id: named,
        login: "d@example.com".to_owned(),
        hash: String::new(),
        is_open: false,
        changed_at: now(),
    };
    row.into_active_model().insert(connection).await.unwrap();
    assert_eq!(home.claim(to).await, Err(Refused::Nothing));
    password::Entity::delete_by_id(named)
        .exec(connection)
        .await
        .unwrap();
    let row = identity::Model {
        id: Uuid::now_v7(),
        user_id: named,
        issuer: "https://issuer.example".to_owned(),
        subject: "d".to_owned(),
        created_at: now(),
        token_issued_at: now(),
    };
    let row = row.into_active_model().insert(connection).await.unwrap();
    assert_eq!(home.claim(to).await, Err(Refused::Nothing));
    identity::Entity::delete_by_id(row.id)
        .exec(connection)
        .await
        .unwrap();
    // Now nobody can come in as it; but two of them are one too many.
    let second = home.person(NAME).await;
    assert_eq!(home.claim(to).await, Err(Refused::Several));
    user::Entity::delete_by_id(second).exec(connection).await.unwrap();
    assert_eq!(home.claim(named).await, Err(Refused::Same));
    // Work that is not over, and a new owner who is kept out.
    home.all_tasks(task::State::Queued).await;
    assert_eq!(home.claim(to).await, Err(Refused::Unfinished));
    home.all_tasks(task::State::Done).await;
    let suspended = user::ActiveModel {
        id: Set(to),
        suspended_at: Set(Some(now())),
        ..Default::default()
    };
    suspended.update(connection).await.unwrap();
    assert_eq!(home.claim(to).await, Err(Refused::Suspended));
    assert!(
        audit::newest(&home.platform.database, 1)
            .await
            .unwrap()
            .is_empty()
    );
}
