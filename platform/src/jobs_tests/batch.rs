//! Batch predictions as their owners see them, without a worker: what makes one, what stops one, what takes one along.

use entities::batch_prediction::{BatchOptions, State};
use entities::{artifact, batch_prediction, obsolete_file};
use sea_orm::PaginatorTrait;

use super::*;
use crate::artifacts::Key;
use crate::batch_predictions::{self, NewBatch, Outcome, Source};
use crate::database::now;
use crate::idempotency::Request;
use crate::uploads;

impl Home {
    /// A model that a job has made.
    async fn trained(&self) -> entities::model::Model {
        let job = self.job_in(job::State::Completed, None).await;
        self.model(&job).await
    }

    fn new_batch(&self, model_id: Uuid, source: Source) -> NewBatch {
        NewBatch {
            user_id: self.user_id,
            model_id,
            source,
            options: BatchOptions::default(),
        }
    }

    /// A batch over the file that its model was trained on.
    async fn batch(&self, model: &entities::model::Model) -> batch_prediction::Model {
        let dataset = self.job(model.job_id).await.dataset_id;
        let new = self.new_batch(model.id, Source::Dataset(dataset));
        match batch_predictions::create_once(&self.platform, new, None).await {
            Ok(Outcome::Batch(row)) => *row,
            other => panic!("{other:?}"),
        }
    }

    async fn upload(&self, bytes: &[u8], received: i64) -> upload::Model {
        let row = upload::Model {
            id: Uuid::now_v7(),
            user_id: self.user_id,
            file_name: "rows.csv".to_owned(),
            size_bytes: bytes.len() as i64,
            received_bytes: received,
            state: upload::State::Open,
            created_at: now(),
            expires_at: now() + uploads::LIFE,
            method: upload::Method::Patch,
            transfer: None,
        };
        std::fs::write(self.platform.upload_path(row.id), bytes).unwrap();
        let row = row.into_active_model();
        row.insert(self.platform.database.connection()).await.unwrap()
    }

    async fn end(&self, row: &batch_prediction::Model, state: State) {
        let connection = self.platform.database.connection();
        let mut change = batch_predictions::changed(row);
        change.state = Set(state);
        change.finished_at = Set(Some(now()));
        change.update(connection).await.unwrap();
    }
}

#[tokio::test]
async fn an_upload_becomes_the_file_of_one_batch() {
    let home = home().await;
    let model = home.trained().await;
    let connection = home.platform.database.connection();
    let half = home.upload(b"a,b\n1,2\n", 4).await;
    let new = home.new_batch(model.id, Source::Upload(Box::new(half)));
    let early = batch_predictions::create_once(&home.platform, new, None).await;
    assert_eq!(early.unwrap(), Outcome::WrongSize(4));

    let upload = home.upload(b"a,b\n1,2\n", 8).await;
    let new = home.new_batch(model.id, Source::Upload(Box::new(upload.clone())));
    let request = Request::new(home.user_id, "key", "createBatchPrediction", "this");
    let made = batch_predictions::create_once(&home.platform, new.clone(), Some(&request)).await;
    let Ok(Outcome::Batch(row)) = made else {
        panic!("{made:?}")
    };
    assert_eq!((row.state, row.version, row.size_bytes), (State::Queued, 1, 8));
    assert!(!home.platform.upload_path(upload.id).exists());
    let source = Key::parse(&row.source_key).unwrap();
    assert_eq!(home.platform.artifacts.get(&source).await.unwrap(), b"a,b\n1,2\n");
    let file = artifact::Entity::find()
        .filter(artifact::Column::BatchPredictionId.eq(row.id))
        .one(connection)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((file.kind, file.sha256.len()), (artifact::Kind::Source, 64));
    let task = task::Entity::find()
        .filter(task::Column::BatchPredictionId.eq(row.id))
        .one(connection)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(task.kind, task::Kind::Predict);
    assert_eq!((task.job_id, task.dataset_id), (None, None));

    // Once more, whether it is the same request or another one.
    std::fs::write(home.platform.upload_path(upload.id), b"a,b\n1,2\n").unwrap();
    let again = batch_predictions::create_once(&home.platform, new.clone(), Some(&request)).await;
    assert_eq!(again.unwrap(), Outcome::Batch(row));
    std::fs::write(home.platform.upload_path(upload.id), b"a,b\n1,2\n").unwrap();
    let other = batch_predictions::create_once(&home.platform, new, None).await;
    assert_eq!(other.unwrap(), Outcome::NoUpload);
    let stored = std::fs::read_dir(home.platform.settings.artifacts().join("datasets"))
        .unwrap()
        .count();
    assert_eq!(stored, 2, "the file of the dataset and of the batch");
}

#[tokio::test]
async fn others_and_what_is_not_ready_make_no_batch() {
    let home = home().await;
    let model = home.trained().await;
    let dataset = home.job(model.job_id).await.dataset_id;
    let foreign = NewBatch {
        user_id: Uuid::now_v7(),
        ..home.new_batch(model.id, Source::Dataset(dataset))
    };
    let nobody = home.new_batch(Uuid::now_v7(), Source::Dataset(dataset));
    let nothing = home.new_batch(model.id, Source::Dataset(Uuid::now_v7()));
    for new in [foreign, nobody, nothing] {
        let made = batch_predictions::create_once(&home.platform, new, None).await;
        assert!(matches!(made, Err(Error::Gone)), "{made:?}");
    }
    let file = home.folder.path().join("file");
    let raw = datasets::create(&home.platform, home.new_dataset(None), &file)
        .await
        .unwrap();
    let new = home.new_batch(model.id, Source::Dataset(raw.id));
    let early = batch_predictions::create_once(&home.platform, new, None).await;
    assert!(matches!(early, Err(Error::Conflict(_))), "{early:?}");
}

#[tokio::test]
async fn as_many_batches_wait_as_jobs_may() {
    let home = home_with(|settings| settings.jobs_per_user = 2).await;
    let model = home.trained().await;
    let first = home.batch(&model).await;
    home.batch(&model).await;
    let dataset = home.job(model.job_id).await.dataset_id;
    let new = home.new_batch(model.id, Source::Dataset(dataset));
    let full = batch_predictions::create_once(&home.platform, new, None).await;
    assert!(matches!(full, Err(Error::QueueFull { limit: 2, .. })), "{full:?}");
    batch_predictions::cancel(&home.platform, first.id).await.unwrap();
    home.batch(&model).await;
}

#[tokio::test]
async fn a_cancelled_batch_has_no_task_and_stays_so() {
    let home = home().await;
    let model = home.trained().await;
    let queued = home.batch(&model).await;
    let row = batch_predictions::cancel(&home.platform, queued.id)
        .await
        .unwrap();
    assert_eq!((row.state, row.version), (State::Cancelled, 2));
    let again = batch_predictions::cancel(&home.platform, queued.id)
        .await
        .unwrap();
    assert_eq!(again, row, "too late changes nothing");
    let (offer, lease) = (offer(task::Kind::Predict), home.platform.settings.lease);
    let claim = tasks::claim(&home.platform.database, &offer, lease).await;
    assert!(claim.unwrap().is_none());
}

#[tokio::test]
async fn what_a_batch_needs_is_not_deleted_under_it() {
    let home = home().await;
    let model = home.trained().await;
    let job = home.job(model.job_id).await;
    // One of another model reads the same dataset's file.
    let other = home.trained().await;
    let new = home.new_batch(other.id, Source::Dataset(job.dataset_id));
    let Ok(Outcome::Batch(reader)) = batch_predictions::create_once(&home.platform, new, None).await else {
        panic!("no batch")
    };
    let row = home.batch(&model).await;
    for refused in [
        jobs::delete(&home.platform, job.id).await,
        batch_predictions::delete(&home.platform, row.id).await,
        datasets::delete(&home.platform, job.dataset_id).await,
    ] {
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    home.end(&row, State::Completed).await;
    let refused = datasets::delete(&home.platform, job.dataset_id).await;
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("reads this dataset"), "{words}");
    home.end(&reader, State::Completed).await;
    datasets::delete(&home.platform, job.dataset_id).await.unwrap();
    let connection = home.platform.database.connection();
    let left = batch_prediction::Entity::find().all(connection).await.unwrap();
    assert_eq!(left.len(), 1, "the one of the deleted model went with it");
    assert_eq!((left[0].id, left[0].dataset_id), (reader.id, None));
    let obsolete = obsolete_file::Entity::find().count(connection).await.unwrap();
    assert_eq!(obsolete, 1, "its files go within minutes");
}

#[tokio::test]
async fn files_go_with_their_batch() {
    let home = home().await;
    let model = home.trained().await;
    let upload = home.upload(b"a,b\n1,2\n", 8).await;
    let new = home.new_batch(model.id, Source::Upload(Box::new(upload)));
    let Ok(Outcome::Batch(row)) = batch_predictions::create_once(&home.platform, new, None).await else {
        panic!("no batch")
    };
    let source = Key::parse(&row.source_key).unwrap();
    let made = Key::of_batch(row.id, 1, "predictions.csv");
    let artifacts = &home.platform.artifacts;
    artifacts.put_bytes(&made, b"x".to_vec()).await.unwrap();
    home.end(&row, State::Failed).await;
    batch_predictions::delete(&home.platform, row.id).await.unwrap();
    for key in [&source, &made] {
        assert!(
            matches!(artifacts.get(key).await, Err(Error::NoArtifact(_))),
            "{key}"
        );
    }
    // What a worker stores in its last seconds goes as well.
    let late = Key::of_batch(row.id, 2, "predictions.csv");
    artifacts.put_bytes(&late, b"x".to_vec()).await.unwrap();
    let connection = home.platform.database.connection();
    obsolete_file::Entity::update_many()
        .col_expr(
            obsolete_file::Column::RemoveAfter,
            sea_orm::sea_query::Expr::value(now()),
        )
        .exec(connection)
        .await
        .unwrap();
    jobs::remove_obsolete(&home.platform).await.unwrap();
    assert!(matches!(artifacts.get(&late).await, Err(Error::NoArtifact(_))));
    assert_eq!(
        task::Entity::find()
            .filter(task::Column::BatchPredictionId.is_not_null())
            .count(connection)
            .await
            .unwrap(),
        0
    );
}
