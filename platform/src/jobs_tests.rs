//! What people do with jobs and datasets, without a worker, over `test_database`.

mod again;
mod batch;
mod details;
mod gpu;
mod held_up;
mod once;

use entities::{dataset, job, step, task, trial, upload};
use migration::MigratorTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use tempfile::TempDir;
use uuid::Uuid;

use crate::datasets::NewDataset;
use crate::events::Object;
use crate::jobs::NewJob;
use crate::tasks::{self, Payload};
use crate::{Error, Platform, Secret, Settings, accounts, datasets, jobs, test_database};

struct Home {
    folder: TempDir,
    platform: Platform,
    user_id: Uuid,
}

/// A slot that takes one kind of task.
fn offer(kind: task::Kind) -> tasks::Offer {
    tasks::Offer {
        worker: "w".to_owned(),
        kinds: vec![kind],
        queue: task::Queue::Cpu,
        memory_bytes: 1 << 30,
    }
}

async fn home() -> Home {
    home_with(|_| ()).await
}

async fn home_with(change: impl FnOnce(&mut Settings)) -> Home {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path(), 2, 4 << 30);
    let url = test_database::url(folder.path()).await;
    // A file is what there is without a setting.
    settings.database = url.starts_with("postgres").then(|| Secret::new(url));
    change(&mut settings);
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    let user_id = accounts::owner(&platform).await.unwrap().id;
    Home {
        folder,
        platform,
        user_id,
    }
}

impl Home {
    fn new_dataset(&self, upload_id: Option<Uuid>) -> NewDataset {
        let (name, file_name) = ("d".to_owned(), "d.csv".to_owned());
        NewDataset {
            user_id: self.user_id,
            name,
            file_name,
            upload_id,
            format: None,
        }
    }

    async fn dataset(&self) -> dataset::Model {
        let file = self.folder.path().join("file");
        std::fs::write(&file, "a,b\n1,2\n").unwrap();
        let row = datasets::create(&self.platform, self.new_dataset(None), &file)
            .await
            .unwrap();
        let mut change = row.into_active_model();
        change.state = Set(dataset::State::Ready);
        change.update(self.platform.database.connection()).await.unwrap()
    }

    fn new_job(&self, dataset_id: Uuid) -> NewJob {
        let settings = job::JobSettings {
            budget_seconds: 60,
            ..job::JobSettings::default()
        };
        NewJob {
            user_id: self.user_id,
            dataset_id,
            name: "j".to_owned(),
            target: "b".to_owned(),
            settings,
        }
    }

    async fn job(&self, id: Uuid) -> job::Model {
        let row = job::Entity::find_by_id(id).one(self.platform.database.connection());
        row.await.unwrap().unwrap()
    }

    async fn tasks_in(&self, state: task::State) -> usize {
        let rows = task::Entity::find().filter(task::Column::State.eq(state));
        rows.all(self.platform.database.connection()).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_job_begins_with_steps_a_task_and_an_event() {
    let home = home().await;
    let dataset = home.dataset().await;
    let mut events = home.platform.events.subscribe();
    let mut bell = home.platform.doorbell.listen();
    let row = jobs::create(&home.platform, home.new_job(dataset.id))
        .await
        .unwrap();
    let event = loop {
        // None: over Postgres, its notices are heard from now on.
        if let Some(event) = events.recv().await.unwrap() {
            break event;
        }
    };
    assert_eq!((event.object, event.id, event.version), (Object::Job, row.id, 1));
    assert!(bell.wait(std::time::Duration::from_secs(1)).await);
    let steps = step::Entity::find()
        .all(home.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(steps.len(), step::STEPS.len());
    assert_eq!(home.tasks_in(task::State::Queued).await, 2, "profile and prepare");
    // An unchanged row reads back as it was written, settings included.
    let stored = job::Entity::find_by_id(row.id)
        .one(home.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(stored, Some(row));
}

#[tokio::test]
async fn a_queued_job_is_cancelled_at_once_and_then_deleted() {
    let home = home().await;
    let dataset = home.dataset().await;
    let row = jobs::create(&home.platform, home.new_job(dataset.id))
        .await
        .unwrap();
    assert!(matches!(
        jobs::delete(&home.platform, row.id).await,
        Err(Error::Conflict(_))
    ));
    assert!(matches!(
        datasets::delete(&home.platform, dataset.id).await,
        Err(Error::Conflict(_))
    ));
    let row = jobs::cancel(&home.platform, row.id).await.unwrap();
    assert_eq!(row.state, job::State::Cancelled);
    assert_eq!(home.tasks_in(task::State::Cancelled).await, 1);
    let again = jobs::cancel(&home.platform, row.id).await.unwrap();
    assert_eq!(again, row, "too late changes nothing");
    assert_eq!(jobs::finish(&home.platform, row.id).await.unwrap(), row);
    jobs::delete(&home.platform, row.id).await.unwrap();
    assert!(matches!(
        jobs::cancel(&home.platform, row.id).await,
        Err(Error::Gone)
    ));
    datasets::delete(&home.platform, dataset.id).await.unwrap();
    let left = std::fs::read_dir(home.platform.settings.artifacts().join("datasets"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "files go with their rows");
}

#[tokio::test]
async fn a_job_that_a_worker_holds_is_cancelling_first() {
    let home = home().await;
    let dataset = home.dataset().await;
    let row = jobs::create(&home.platform, home.new_job(dataset.id))
        .await
        .unwrap();
    let lease = home.platform.settings.lease;
    let claim = tasks::claim(&home.platform.database, &offer(task::Kind::Prepare), lease)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claim.payload().unwrap(), Payload::Prepare { job: row.id });
    let row = jobs::cancel(&home.platform, row.id).await.unwrap();
    assert_eq!((row.state, row.cancel_requested), (job::State::Cancelling, true));
}

#[tokio::test]
async fn others_and_unready_datasets_do_not_exist_for_jobs() {
    let home = home().await;
    let dataset = home.dataset().await;
    let foreign = NewJob {
        user_id: Uuid::now_v7(),
        ..home.new_job(dataset.id)
    };
    assert!(matches!(
        jobs::create(&home.platform, foreign).await,
        Err(Error::Gone)
    ));
    let file = home.folder.path().join("file");
    let raw = datasets::create(&home.platform, home.new_dataset(None), &file)
        .await
        .unwrap();
    assert_eq!(raw.state, dataset::State::Profiling);
    assert!(matches!(
        jobs::create(&home.platform, home.new_job(raw.id)).await,
        Err(Error::Conflict(_))
    ));
    let trials = trial::Entity::find_for(entities::Viewer::member(Uuid::now_v7()));
    assert!(
        trials
            .all(home.platform.database.connection())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn an_upload_becomes_one_dataset() {
    let home = home().await;
    let now = crate::database::now();
    let upload = upload::Model {
        id: Uuid::now_v7(),
        user_id: home.user_id,
        file_name: "d.csv".to_owned(),
        size_bytes: 1,
        received_bytes: 1,
        state: upload::State::Open,
        created_at: now,
        expires_at: now,
        method: upload::Method::Patch,
        transfer: None,
    };
    let upload = upload
        .into_active_model()
        .insert(home.platform.database.connection())
        .await
        .unwrap();
    let path = home.platform.upload_path(upload.id);
    std::fs::write(&path, "a").unwrap();
    datasets::create(&home.platform, home.new_dataset(Some(upload.id)), &path)
        .await
        .unwrap();
    let again = datasets::create(&home.platform, home.new_dataset(Some(upload.id)), &path).await;
    assert!(matches!(again, Err(Error::Gone)));
    let left = std::fs::read_dir(home.platform.settings.artifacts().join("datasets"))
        .unwrap()
        .count();
    assert_eq!(left, 1, "the refused one leaves no file");
}
