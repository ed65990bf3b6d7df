//! Batch predictions: done, failed, cancelled, and done again when whoever did them is gone.

use std::time::{Duration, Instant};

use entities::batch_prediction::{BatchOptions, State};
use entities::{artifact, batch_prediction, job, task};
use platform::artifacts::Key;
use platform::batch_predictions::{self, NewBatch, Outcome, Source};
use platform::{Error, jobs};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::SOON;
use crate::again::{behave, model};
use crate::pretend::{CLUMSY, GOOD, SLOW, UNLUCKY};
use crate::server::Server;

impl Server {
    /// A batch of the model of a job, over the file that the job was trained on.
    async fn create_batch(&self, job: Uuid, parquet: bool) -> batch_prediction::Model {
        let model = model(self, job).await;
        let new = NewBatch {
            user_id: model.user_id,
            model_id: model.id,
            source: Source::Dataset(self.job(job).await.dataset_id),
            options: BatchOptions {
                parquet,
                ..BatchOptions::default()
            },
        };
        match batch_predictions::create_once(&self.platform, new, None).await {
            Ok(Outcome::Batch(row)) => *row,
            other => panic!("{other:?}"),
        }
    }

    async fn batch(&self, id: Uuid) -> batch_prediction::Model {
        let row = batch_prediction::Entity::find_by_id(id).one(self.platform.database.connection());
        row.await.unwrap().unwrap()
    }

    /// Waits until the batch is as wanted; its version must rise with every change seen.
    async fn batch_when(
        &self,
        id: Uuid,
        is_wanted: impl Fn(&batch_prediction::Model) -> bool,
    ) -> batch_prediction::Model {
        let began = Instant::now();
        let mut seen = self.batch(id).await;
        loop {
            let row = self.batch(id).await;
            assert!(
                row.version > seen.version || row == seen,
                "{seen:?} became {row:?}"
            );
            if is_wanted(&row) {
                return row;
            }
            assert!(began.elapsed() < SOON, "the batch stays {row:?}");
            seen = row;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn batch_ended(&self, id: Uuid) -> batch_prediction::Model {
        self.batch_when(id, |row| row.state.is_terminal()).await
    }

    async fn tasks_of(&self, batch: Uuid) -> Vec<task::Model> {
        let rows = task::Entity::find().filter(task::Column::BatchPredictionId.eq(batch));
        rows.all(self.platform.database.connection()).await.unwrap()
    }

    async fn files_of(&self, batch: Uuid) -> Vec<artifact::Model> {
        let rows = artifact::Entity::find().filter(artifact::Column::BatchPredictionId.eq(batch));
        rows.all(self.platform.database.connection()).await.unwrap()
    }

    /// A job with a model.
    async fn trained(&self) -> Uuid {
        let id = self.create_job(3).await;
        assert_eq!(self.end(id, SOON).await.state, job::State::Completed);
        id
    }
}

pub async fn a_batch_completes_with_its_files() {
    let server = Server::start(GOOD).await;
    let job = server.trained().await;
    let queued = server.create_batch(job, true).await;
    assert_eq!((queued.state, queued.version), (State::Queued, 1));
    let row = server.batch_ended(queued.id).await;
    assert_eq!(row.state, State::Completed, "{:?}", row.error);
    assert_eq!((row.rows_done, row.rows_in_error, row.share), (14, 2, 1.0));
    assert!(row.started_at.is_some() && row.finished_at.is_some());
    let files = server.files_of(row.id).await;
    let mut kinds: Vec<artifact::Kind> = files.iter().map(|file| file.kind).collect();
    kinds.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(
        kinds,
        [
            artifact::Kind::BatchReport,
            artifact::Kind::Predictions,
            artifact::Kind::PredictionsParquet
        ]
    );
    let report = Key::parse(row.report_key.as_deref().unwrap()).unwrap();
    assert_eq!(
        server.platform.artifacts.get(&report).await.unwrap(),
        b"report.json"
    );
    let without = server.create_batch(job, false).await;
    server.batch_ended(without.id).await;
    assert_eq!(server.files_of(without.id).await.len(), 2);
    // Alone, then with the model.
    batch_predictions::delete(&server.platform, row.id).await.unwrap();
    assert!(server.platform.artifacts.get(&report).await.is_err());
    assert!(server.files_of(row.id).await.is_empty() && server.tasks_of(row.id).await.is_empty());
    jobs::delete(&server.platform, job).await.unwrap();
    assert!(matches!(
        batch_predictions::cancel(&server.platform, without.id).await,
        Err(Error::Gone)
    ));
}

pub async fn a_cancelled_batch_stops_within_two_seconds() {
    let mut server = Server::start(GOOD).await;
    let job = server.trained().await;
    behave(&mut server, SLOW).await;
    let id = server.create_batch(job, false).await.id;
    let running = server.batch_when(id, |row| row.rows_done == 7).await;
    assert_eq!((running.state, running.rows_in_error), (State::Running, 1));
    for refused in [
        batch_predictions::delete(&server.platform, id).await,
        jobs::delete(&server.platform, job).await,
    ] {
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    let row = batch_predictions::cancel(&server.platform, id).await.unwrap();
    assert_eq!(row.state, State::Cancelled);
    let began = Instant::now();
    while server.children() > 0
        || server
            .tasks_of(id)
            .await
            .iter()
            .any(|task| !task.state.is_terminal())
    {
        assert!(began.elapsed() < Duration::from_secs(3), "a child is left");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.batch(id).await, row, "nothing changes it any more");
    assert!(server.files_of(id).await.is_empty());
    batch_predictions::delete(&server.platform, id).await.unwrap();
}

pub async fn a_batch_whose_child_dies_is_done_again() {
    let mut server = Server::start(UNLUCKY).await;
    let job = server.trained().await;
    let id = server.create_batch(job, false).await.id;
    let row = server.batch_ended(id).await;
    assert_eq!(row.state, State::Completed, "{:?}", row.error);
    let tasks = server.tasks_of(id).await;
    assert_eq!((tasks.len(), tasks[0].crashes), (1, 1));
    assert_eq!(server.files_of(id).await.len(), 2, "the files of one try");

    behave(&mut server, SLOW).await;
    let id = server.create_batch(job, false).await.id;
    server.batch_when(id, |row| row.rows_done == 7).await;
    server.kill().await;
    server.arguments = vec!["trainer".to_owned(), GOOD.to_owned()];
    server.start_pool();
    let row = server.batch_ended(id).await;
    assert_eq!(row.state, State::Completed, "{:?}", row.error);
    assert_eq!(row.rows_done, 14);
}

pub async fn a_drained_pool_gives_its_batch_back() {
    let mut server = Server::start(GOOD).await;
    let job = server.trained().await;
    behave(&mut server, SLOW).await;
    let id = server.create_batch(job, false).await.id;
    server.batch_when(id, |row| row.rows_done == 7).await;
    server.stop().await;
    let row = server.batch(id).await;
    assert_eq!((row.state, row.rows_done), (State::Queued, 0));
    server.arguments = vec!["trainer".to_owned(), GOOD.to_owned()];
    server.start_pool();
    assert_eq!(server.batch_ended(id).await.state, State::Completed);
    assert_eq!(server.tasks_of(id).await[0].crashes, 0, "no budget was used");
}

pub async fn a_file_that_does_not_fit_fails_at_once() {
    let mut server = Server::start(GOOD).await;
    let job = server.trained().await;
    behave(&mut server, CLUMSY).await;
    let id = server.create_batch(job, false).await.id;
    let row = server.batch_ended(id).await;
    assert_eq!(
        (row.state, row.error.as_deref()),
        (State::Failed, Some("the table lacks `a`"))
    );
    assert_eq!(server.tasks_of(id).await[0].fence, 1, "it was tried once");
    jobs::delete(&server.platform, job).await.unwrap();
}
