//! Uploaded tables.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, Subscription};
use chrono::{DateTime, Utc};
use entities::{Viewer, dataset, job};
use futures_util::Stream;
use platform::artifacts::Key;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::download::Download;
use super::file_loaders::ReportOfDataset;
use super::id::{self, Noun};
use super::job::Job;
use super::job_check::{MAX_NAME, name_of};
use super::job_list::{self, JobFilter, JobOrder};
use super::loaders::Loaders;
use super::long::Long;
use super::object::object;
use super::once::settle_field;
use super::page::{Connection, PageArguments};
use super::payload::{UserError, payload};
use super::profile::DatasetProfile;
use super::watch;
use crate::failure::Failure;
use crate::sign::Signer;
use crate::state::AppState;

/// How far a dataset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dataset::State")]
pub enum DatasetState {
    /// Bytes are being stored.
    Uploading,
    /// Being read.
    Profiling,
    /// Has a profile; jobs can use it.
    Ready,
    /// Cannot be read; `error` says why.
    Failed,
}

/// An uploaded table.
#[derive(Clone)]
pub struct Dataset(pub dataset::Model);

object! {
    /// An uploaded table.
    Dataset
}

#[ComplexObject]
impl Dataset {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Dataset, self.0.id)
    }

    /// Shown name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name of the uploaded file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Size of the uploaded file.
    async fn size_bytes(&self) -> Long {
        Long(self.0.size_bytes)
    }

    /// How far it is.
    async fn state(&self) -> DatasetState {
        self.0.state.into()
    }

    /// Why it cannot be read.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// What is in it; null until READY.
    async fn profile(&self, context: &Context<'_>) -> Result<Option<DatasetProfile>, Failure> {
        read_profile(context.data_unchecked::<AppState>(), &self.0).await
    }

    /// The profile as one HTML page without scripts, to keep or to pass on; null until READY, and for datasets that an older version
    /// has read. The link is signed at the time of asking and valid for five minutes.
    async fn report(&self, context: &Context<'_>) -> Result<Option<Download>, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        let Some(file) = loaders.load_one(ReportOfDataset(self.0.id)).await? else {
            return Ok(None);
        };
        let key = context.data_unchecked::<Signer>().key().await?;
        Ok(Download::of(file, key, platform::database::now()))
    }

    /// Jobs that train on it, newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn jobs(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<JobFilter>,
        #[graphql(desc = "In which order; the newest first when absent.")] order_by: Option<JobOrder>,
    ) -> Result<Option<Connection<Job>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let viewer = *context.data_unchecked::<Viewer>();
        let query = job::Entity::find_for(viewer).filter(job::Column::DatasetId.eq(self.0.id));
        // Boxed, or every name of a dataset would take as much room as a page of jobs (`schema::tests::fields_are_small`).
        let page = Box::pin(job_list::page(context, query, asked, filter, order_by));
        page.await.map(Some)
    }
}

/// The stored profile of a dataset; none before it is READY.
pub async fn read_profile(state: &AppState, row: &dataset::Model) -> Result<Option<DatasetProfile>, Failure> {
    let Some(key) = &row.profile_key else {
        return Ok(None);
    };
    let key = Key::parse(key).map_err(Failure::internal)?;
    let bytes = Box::pin(state.platform.artifacts.get(&key)).await?;
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|cause| Failure::internal(format!("profile of {}: {cause}", row.id)))
}

/// The viewer's dataset with that key.
pub async fn find(state: &AppState, viewer: Viewer, key: Uuid) -> Result<Option<dataset::Model>, Failure> {
    let query = dataset::Entity::find_for(viewer).filter(dataset::Column::Id.eq(key));
    Ok(query.one(state.platform.database.connection()).await?)
}

/// Which dataset to delete.
#[derive(InputObject)]
pub struct DeleteDatasetInput {
    /// The dataset.
    id: ID,
}

/// Another name for a dataset.
#[derive(InputObject)]
pub struct RenameDatasetInput {
    /// The dataset.
    id: ID,
    /// The new name, 1 to 200 characters.
    name: String,
}

payload! {
    /// What `renameDataset` answers.
    RenameDatasetPayload {
        /// The dataset as it is now.
        dataset: Dataset
    }
}
payload! {
    /// What `deleteDataset` answers.
    DeleteDatasetPayload {
        /// Id of what is gone.
        deleted_id: ID
    }
}

/// Changes of datasets.
#[derive(Default)]
pub struct DatasetMutation;

#[Object]
impl DatasetMutation {
    /// Deletes a dataset with its files, and with its jobs and their models; refused while one of the jobs runs.
    async fn delete_dataset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteDatasetInput,
    ) -> Result<Option<DeleteDatasetPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let key = id::decode_as(&input.id, Noun::Dataset)?;
        if find(state, viewer, key).await?.is_none() {
            return Ok(Some(Err(vec![UserError::not_found("id", "dataset")]).into()));
        }
        let outcome = match platform::datasets::delete(&state.platform, key).await {
            Ok(()) => Ok(input.id),
            Err(platform::Error::Gone) => Err(vec![UserError::not_found("id", "dataset")]),
            Err(platform::Error::Conflict(message)) => Err(vec![UserError::of("id", "CONFLICT", message)]),
            Err(cause) => return Err(cause.into()),
        };
        Ok(Some(outcome.into()))
    }

    /// Gives a dataset another name. Jobs and models keep theirs.
    async fn rename_dataset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and how it is called.")] input: RenameDatasetInput,
    ) -> Result<Option<RenameDatasetPayload>, Failure> {
        let name = match name_of(&input.name, MAX_NAME) {
            Ok(name) => name,
            Err(error) => return Ok(Some(Err(vec![error]).into())),
        };
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let key = id::decode_as(&input.id, Noun::Dataset)?;
        if find(state, viewer, key).await?.is_none() {
            return Ok(Some(Err(vec![UserError::not_found("id", "dataset")]).into()));
        }
        let renamed = platform::datasets::rename(&state.platform, key, name).await;
        let outcome = settle_field(renamed, "id", "dataset")?;
        Ok(Some(outcome.map(Dataset).into()))
    }
}

/// Datasets as they change.
#[derive(Default)]
pub struct DatasetSubscription;

#[Subscription]
impl DatasetSubscription {
    /// The dataset, then every change with a rising version; completes when it is READY or FAILED.
    async fn dataset_updated(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<impl Stream<Item = Result<Option<Dataset>, Failure>> + use<>, Failure> {
        let key = id::decode_as(&id, Noun::Dataset)?;
        let viewer = *context.data_unchecked::<Viewer>();
        Ok(watch::dataset(
            context.data_unchecked::<AppState>().platform.clone(),
            viewer,
            key,
        ))
    }
}
