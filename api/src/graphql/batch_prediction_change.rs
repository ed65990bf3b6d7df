//! What a person does with a batch prediction: create, cancel, delete.

use async_graphql::{Context, ID, InputObject, InputType, Object, OneofObject};
use entities::batch_prediction::BatchOptions;
use entities::{Viewer, batch_prediction};
use platform::batch_predictions::{self, NewBatch, Outcome, Source};
use platform::idempotency::{self, Request};
use platform::uploads;

use super::batch_prediction::{self as nouns, BatchPrediction};
use super::id::{self, Noun};
use super::once::{idempotent, settle_field};
use super::payload::{UserError, payload};
use super::upload::{no_open_upload, wrong_size};
use super::{dataset, model};
use crate::failure::Failure;
use crate::state::AppState;

/// Longest name of a column, in characters.
const MAX_COLUMN: usize = 1000;

/// Where the rows are: exactly one of these.
#[derive(OneofObject)]
pub enum BatchSourceInput {
    /// An upload whose bytes are all there. It becomes the batch prediction's own file.
    UploadId(ID),
    /// A dataset that is READY. Its file is read where it is.
    DatasetId(ID),
}

/// Which rows to predict, and how the answer is to look.
#[derive(InputObject)]
pub struct CreateBatchPredictionInput {
    /// The model; it need not be deployed.
    model_id: ID,
    /// The rows.
    source: BatchSourceInput,
    /// The only column of the file that the answer repeats, to name its rows by; all columns when absent.
    id_column: Option<String>,
    /// Also as Parquet; false when absent.
    parquet: Option<bool>,
    /// Leaves text as it is that a spreadsheet would take for a formula; it is marked as text when false or absent. For answers
    /// that programs read.
    raw: Option<bool>,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day gives the same answer
    /// and no second batch prediction.
    idempotency_key: Option<String>,
}

/// Which batch prediction to cancel.
#[derive(InputObject)]
pub struct CancelBatchPredictionInput {
    /// The batch prediction.
    id: ID,
}

/// Which batch prediction to delete.
#[derive(InputObject)]
pub struct DeleteBatchPredictionInput {
    /// The batch prediction.
    id: ID,
}

payload! {
    /// What `createBatchPrediction` answers.
    CreateBatchPredictionPayload {
        /// The batch prediction; it is QUEUED.
        batch_prediction: BatchPrediction
    }
}
payload! {
    /// What `cancelBatchPrediction` answers.
    CancelBatchPredictionPayload {
        /// The batch prediction as it is now.
        batch_prediction: BatchPrediction
    }
}
payload! {
    /// What `deleteBatchPrediction` answers.
    DeleteBatchPredictionPayload {
        /// Id of what is gone.
        deleted_id: ID
    }
}

/// Changes of batch predictions.
#[derive(Default)]
pub struct BatchPredictionMutation;

#[Object]
impl BatchPredictionMutation {
    /// Predicts all rows of a file, in the background.
    async fn create_batch_prediction(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which rows, by which model.")] input: CreateBatchPredictionInput,
    ) -> Result<Option<CreateBatchPredictionPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        create(state, viewer, &input)
            .await
            .map(|outcome| Some(outcome.map(BatchPrediction).into()))
    }

    /// Stops a batch prediction. Nothing of it is kept.
    async fn cancel_batch_prediction(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CancelBatchPredictionInput,
    ) -> Result<Option<CancelBatchPredictionPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![not_found("id")]).into()));
        };
        // Asking again, after a lost answer for example, is no error.
        if row.state.is_terminal() && row.state != batch_prediction::State::Cancelled {
            let error = UserError::of(
                "id",
                "BATCH_PREDICTION_ENDED",
                "The batch prediction has ended already; there is nothing to cancel.",
            );
            return Ok(Some(Err(vec![error]).into()));
        }
        let state = context.data_unchecked::<AppState>();
        let cancelled = batch_predictions::cancel(&state.platform, row.id).await;
        let outcome = settle_field(cancelled, "id", "batch prediction")?;
        Ok(Some(outcome.map(BatchPrediction).into()))
    }

    /// Deletes a batch prediction that has ended, with its files.
    async fn delete_batch_prediction(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteBatchPredictionInput,
    ) -> Result<Option<DeleteBatchPredictionPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![not_found("id")]).into()));
        };
        let state = context.data_unchecked::<AppState>();
        let deleted = batch_predictions::delete(&state.platform, row.id).await;
        let outcome = settle_field(deleted, "id", "batch prediction")?;
        Ok(Some(outcome.map(|()| input.id).into()))
    }
}

fn not_found(field: &str) -> UserError {
    UserError::not_found(field, "batch prediction")
}

/// The viewer's batch prediction of that id.
async fn own(context: &Context<'_>, id: &ID) -> Result<Option<batch_prediction::Model>, Failure> {
    let key = id::decode_as(id, Noun::BatchPrediction)?;
    nouns::find(
        context.data_unchecked::<AppState>(),
        *context.data_unchecked::<Viewer>(),
        key,
    )
    .await
}

type Made = Result<batch_prediction::Model, Vec<UserError>>;

async fn create(
    state: &AppState,
    viewer: Viewer,
    input: &CreateBatchPredictionInput,
) -> Result<Made, Failure> {
    let key = input.idempotency_key.as_deref();
    let request = match idempotent(viewer, "createBatchPrediction", key, &input.to_value()) {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
    // Before anything else: the upload is not open any more when it was answered before.
    if let Some(answered) = answered(state, viewer, request.as_ref()).await? {
        return Ok(answered);
    }
    let outcome = create_new(state, viewer, input, request.as_ref()).await;
    if !matches!(outcome, Ok(Ok(_)))
        && let Some(answered) = answered(state, viewer, request.as_ref()).await?
    {
        // The same request was faster, or its commit was made and the answer to it was lost.
        return Ok(answered);
    }
    outcome
}

async fn create_new(
    state: &AppState,
    viewer: Viewer,
    input: &CreateBatchPredictionInput,
    request: Option<&Request>,
) -> Result<Made, Failure> {
    if let Some(column) = &input.id_column
        && !(1..=MAX_COLUMN).contains(&column.chars().count())
    {
        let message = format!("The name of a column has 1 to {MAX_COLUMN} characters.");
        return Ok(Err(vec![UserError::of("idColumn", "ID_COLUMN", message)]));
    }
    let model_key = id::decode_as(&input.model_id, Noun::Model)?;
    // An id of another kind is a mistake of the request, whatever the other one names.
    match &input.source {
        BatchSourceInput::UploadId(id) => id::decode_as(id, Noun::Upload)?,
        BatchSourceInput::DatasetId(id) => id::decode_as(id, Noun::Dataset)?,
    };
    if model::find(state, viewer, model_key).await?.is_none() {
        return Ok(Err(vec![UserError::not_found("modelId", "model")]));
    }
    let source = match source(state, viewer, &input.source).await? {
        Ok(source) => source,
        Err(errors) => return Ok(Err(errors)),
    };
    let announced = match &source {
        Source::Upload(row) => row.size_bytes,
        Source::Dataset(_) => 0,
    };
    let new = NewBatch {
        user_id: viewer.user_id,
        model_id: model_key,
        source,
        options: BatchOptions {
            id_column: input.id_column.clone(),
            parquet: input.parquet.unwrap_or_default(),
            raw: input.raw.unwrap_or_default(),
        },
    };
    let made = match batch_predictions::create_once(&state.platform, new, request).await {
        Err(platform::Error::QueueFull { limit, .. }) => return Ok(Err(vec![queue_full(limit)])),
        made => settle_field(made, "source", "model, dataset or batch prediction (any more)")?,
    };
    Ok(made.and_then(|outcome| match outcome {
        Outcome::Batch(row) => Ok(*row),
        Outcome::NoUpload => Err(vec![of_source(no_open_upload(), "uploadId")]),
        Outcome::WrongSize(received) => Err(vec![of_source(wrong_size(received, announced), "uploadId")]),
    }))
}

fn queue_full(limit: u64) -> UserError {
    UserError {
        code: "QUEUE_FULL".to_owned(),
        message: format!(
            "You have {limit} unfinished batch predictions, as many as one may; wait until one is over."
        ),
        field: None,
    }
}

/// The file, if it is the viewer's and can be read.
async fn source(
    state: &AppState,
    viewer: Viewer,
    input: &BatchSourceInput,
) -> Result<Result<Source, Vec<UserError>>, Failure> {
    match input {
        BatchSourceInput::UploadId(id) => {
            let key = id::decode_as(id, Noun::Upload)?;
            let row = uploads::find_open(&state.platform, viewer, key).await?;
            Ok(match row {
                Some(row) => Ok(Source::Upload(Box::new(row))),
                None => Err(vec![of_source(no_open_upload(), "uploadId")]),
            })
        }
        BatchSourceInput::DatasetId(id) => {
            let key = id::decode_as(id, Noun::Dataset)?;
            let row = dataset::find(state, viewer, key).await?;
            Ok(match row {
                Some(row) => Ok(Source::Dataset(row.id)),
                None => Err(vec![of_source(
                    UserError::not_found("datasetId", "dataset"),
                    "datasetId",
                )]),
            })
        }
    }
}

/// An error of a field, told about the same field inside `source`.
fn of_source(mut error: UserError, field: &str) -> UserError {
    error.field = Some(["input", "source", field].map(str::to_owned).to_vec());
    error
}

/// The batch that answered the request before, if it was answered.
async fn answered(
    state: &AppState,
    viewer: Viewer,
    request: Option<&Request>,
) -> Result<Option<Made>, Failure> {
    let before = idempotency::answered(state.platform.database.connection(), request).await;
    let before = match settle_field(before, "idempotencyKey", "request")? {
        Ok(None) => return Ok(None),
        Ok(Some(answer)) => nouns::find(state, viewer, answer).await?,
        Err(errors) => return Ok(Some(Err(errors))),
    };
    let gone = || {
        vec![UserError::not_found(
            "idempotencyKey",
            "batch prediction (any more)",
        )]
    };
    Ok(Some(before.ok_or_else(gone)))
}
