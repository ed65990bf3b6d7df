//! Predictions of one model for all rows of a file.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use entities::{Viewer, artifact, batch_prediction};
use futures_util::Stream;
use platform::pages::{By, Direction, Key, Order, Place};
use sea_orm::{ColumnTrait, QueryFilter, Select};
use uuid::Uuid;

use super::batch_report::{self, BatchReport};
use super::dataset::Dataset;
use super::file_loaders::FilesOfBatch;
use super::id::{self, Noun};
use super::loaders::{DatasetKey, Loaders};
use super::long::Long;
use super::model::Model;
use super::model_loaders::ModelKey;
use super::object::object;
use super::page::{Connection, PageArguments, PageRequest};
use super::watch;
use crate::failure::Failure;
use crate::sign::Signer;
use crate::state::AppState;

/// How far a batch prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "batch_prediction::State")]
pub enum BatchPredictionState {
    /// Waits for a worker.
    Queued,
    /// Rows are being predicted.
    Running,
    /// Has its files.
    Completed,
    /// Has none; `error` says why.
    Failed,
    /// Stopped; nothing is kept.
    Cancelled,
}

/// Predictions of one model for all rows of a file.
#[derive(Clone)]
pub struct BatchPrediction(pub batch_prediction::Model);

object! {
    /// Predictions of one model for all rows of a file.
    BatchPrediction
}

#[ComplexObject]
impl BatchPrediction {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::BatchPrediction, self.0.id)
    }

    /// The model that answers.
    async fn model(&self, context: &Context<'_>) -> Result<Option<Model>, Failure> {
        let row = context
            .data_unchecked::<Loaders>()
            .load_one(ModelKey(self.0.model_id))
            .await?;
        Ok(row.map(Model))
    }

    /// The dataset whose file it reads; null when a file was uploaded for it, or the dataset is gone.
    async fn dataset(&self, context: &Context<'_>) -> Result<Option<Dataset>, Failure> {
        let Some(key) = self.0.dataset_id else {
            return Ok(None);
        };
        let row = context
            .data_unchecked::<Loaders>()
            .load_one(DatasetKey(key))
            .await?;
        Ok(row.map(Dataset))
    }

    /// Name of the file with the rows.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Size of that file.
    async fn size_bytes(&self) -> Long {
        Long(self.0.size_bytes)
    }

    /// What was asked of the answer.
    async fn settings(&self) -> BatchPredictionSettings {
        BatchPredictionSettings {
            id_column: self.0.options.id_column.clone(),
            parquet: self.0.options.parquet,
            raw: self.0.options.raw,
        }
    }

    /// How far it is.
    async fn state(&self) -> BatchPredictionState {
        self.0.state.into()
    }

    /// Why it failed.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Rows so far.
    async fn progress(&self) -> BatchPredictionProgress {
        BatchPredictionProgress {
            rows_done: Long(self.0.rows_done),
            rows_in_error: Long(self.0.rows_in_error),
            share: self.0.share,
        }
    }

    /// What is to be known besides the predictions: row errors, metrics where the target is known, drift. Null until COMPLETED.
    async fn report(&self, context: &Context<'_>) -> Result<Option<BatchReport>, Failure> {
        batch_report::read(context.data_unchecked::<AppState>(), &self.0).await
    }

    /// The predictions, one line a row of the file; links are signed at the time of asking and valid for five minutes. Empty
    /// until COMPLETED.
    async fn downloads(&self, context: &Context<'_>) -> Result<Vec<PredictionFile>, Failure> {
        let files = context
            .data_unchecked::<Loaders>()
            .load_one(FilesOfBatch(self.0.id))
            .await?
            .unwrap_or_default();
        let key = context.data_unchecked::<Signer>().key().await?;
        let now = platform::database::now();
        let mut downloads = Vec::new();
        for file in files {
            let Some(format) = PredictionFormat::of(file.kind) else {
                continue;
            };
            downloads.push(PredictionFile {
                format,
                url: key.download_path(file.id, now),
                file_name: file.file_name,
                size_bytes: Long(file.size_bytes),
            });
        }
        Ok(downloads)
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When a worker first took it.
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
}

/// What was asked of the answer.
#[derive(SimpleObject)]
pub struct BatchPredictionSettings {
    /// The only column of the file that the answer repeats; null: all of them.
    pub id_column: Option<String>,
    /// Whether there is a Parquet file as well.
    pub parquet: bool,
    /// Whether text that a spreadsheet would take for a formula was left as it is.
    pub raw: bool,
}

/// Rows of a batch prediction so far. One whose worker was lost begins again with the first row.
#[derive(SimpleObject)]
pub struct BatchPredictionProgress {
    /// Rows read, those in error included.
    pub rows_done: Long,
    /// Rows that could not be predicted.
    pub rows_in_error: Long,
    /// Share of the file that was read, 0 to 1.
    pub share: f64,
}

/// In which format predictions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PredictionFormat {
    /// Comma-separated text with a header.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl PredictionFormat {
    fn of(kind: artifact::Kind) -> Option<Self> {
        match kind {
            artifact::Kind::Predictions => Some(Self::Csv),
            artifact::Kind::PredictionsParquet => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// A file with predictions.
#[derive(SimpleObject)]
pub struct PredictionFile {
    /// Its format.
    pub format: PredictionFormat,
    /// Under which name it is saved.
    pub file_name: String,
    /// Its size.
    pub size_bytes: Long,
    /// Where it is, relative to this server; needs no header.
    pub url: String,
}

/// The viewer's batch prediction with that key.
pub async fn find(
    state: &AppState,
    viewer: Viewer,
    key: Uuid,
) -> Result<Option<batch_prediction::Model>, Failure> {
    let query = batch_prediction::Entity::find_for(viewer).filter(batch_prediction::Column::Id.eq(key));
    Ok(query.one(state.platform.database.connection()).await?)
}

/// A page of a list of batch predictions, newest first.
pub async fn page(
    context: &Context<'_>,
    query: Select<batch_prediction::Entity>,
    asked: &PageArguments,
) -> Result<Connection<BatchPrediction>, Failure> {
    let request = PageRequest::new(asked, "NEWEST_FIRST")?;
    // Keys are UUID v7: their order is the order of creation, but for uploads to a bucket, which are as old as the upload.
    let order = Order {
        by: By::Id,
        id: batch_prediction::Column::Id,
        direction: Direction::Descending,
    };
    let place = |row: &batch_prediction::Model| Place {
        key: Key::None,
        id: row.id,
    };
    request.read(context, query, &order, place, BatchPrediction).await
}

/// Which batch predictions to list.
#[derive(InputObject)]
pub struct BatchPredictionFilter {
    /// In one of these states.
    state: Option<Vec<BatchPredictionState>>,
    /// Of this model.
    model_id: Option<ID>,
}

/// Lists of batch predictions.
#[derive(Default)]
pub struct BatchPredictionQuery;

#[Object]
impl BatchPredictionQuery {
    /// The viewer's batch predictions, newest first.
    async fn batch_predictions(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<BatchPredictionFilter>,
    ) -> Result<Option<Connection<BatchPrediction>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let mut query = batch_prediction::Entity::find_for(*context.data_unchecked::<Viewer>());
        if let Some(filter) = filter {
            if let Some(states) = filter.state {
                let states = states.into_iter().map(batch_prediction::State::from);
                query = query.filter(batch_prediction::Column::State.is_in(states));
            }
            if let Some(model) = filter.model_id {
                let key = id::decode_as(&model, Noun::Model)?;
                query = query.filter(batch_prediction::Column::ModelId.eq(key));
            }
        }
        page(context, query, &asked).await.map(Some)
    }
}

/// Batch predictions as they change.
#[derive(Default)]
pub struct BatchPredictionSubscription;

#[Subscription]
impl BatchPredictionSubscription {
    /// The batch prediction, then every change with a rising version; completes when it has ended.
    async fn batch_prediction_updated(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<impl Stream<Item = Result<Option<BatchPrediction>, Failure>> + use<>, Failure> {
        let key = id::decode_as(&id, Noun::BatchPrediction)?;
        let viewer = *context.data_unchecked::<Viewer>();
        Ok(watch::batch_prediction(
            context.data_unchecked::<AppState>().platform.clone(),
            viewer,
            key,
        ))
    }
}
