//! Fitted models.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entities::{Viewer, batch_prediction, model};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::batch_prediction::{self as batches, BatchPrediction};
use super::download::{Download, DownloadKind};
use super::evaluation::Evaluation;
use super::file_loaders::FilesOfJob;
use super::id::{self, Noun};
use super::input_schema;
use super::job::Job;
use super::json::Json;
use super::loaders::{JobKey, Loaders};
use super::model_loaders::WholeModel;
use super::object::object;
use super::page::{Connection, PageArguments};
use super::payload::{UserError, payload};
use super::problem::{ProblemType, from_stored};
use crate::failure::{Code, Failure};
use crate::sign::Signer;
use crate::state::AppState;

/// A fitted, exportable pipeline.
#[derive(Clone)]
pub struct Model(pub model::Summary);

object! {
    /// A fitted, exportable pipeline.
    Model
}

#[ComplexObject]
impl Model {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Model, self.0.id)
    }

    /// Shown name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The job that made it.
    async fn job(&self, context: &Context<'_>) -> Result<Option<Job>, Failure> {
        Ok(context
            .data_unchecked::<Loaders>()
            .load_one(JobKey(self.0.job_id))
            .await?
            .map(Job))
    }

    /// What kind of question it answers.
    async fn problem(&self) -> Result<ProblemType, Failure> {
        from_stored(&self.0.problem).ok_or_else(|| Failure::internal(format!("problem {}", self.0.problem)))
    }

    /// Column it predicts.
    async fn target(&self) -> &str {
        &self.0.target
    }

    /// Class labels, in the order of probabilities; empty for regression.
    async fn classes(&self, context: &Context<'_>) -> Result<Vec<String>, Failure> {
        parse("classes", &self.whole(context).await?.classes)
    }

    /// The raw columns it takes.
    async fn inputs(&self, context: &Context<'_>) -> Result<Vec<ModelInput>, Failure> {
        let inputs = self.raw_inputs(context).await?;
        Ok(inputs.into_iter().map(ModelInput::from).collect())
    }

    /// A JSON Schema (2020-12) of the rows that `predict` takes: names, types, and what the training data had.
    async fn input_schema(&self, context: &Context<'_>) -> Result<Json, Failure> {
        let inputs = self.raw_inputs(context).await?;
        Ok(Json(input_schema::of(&self.0.target, &inputs)))
    }

    /// A row that `predict` takes: the median or the most frequent training value of each input.
    async fn example_row(&self, context: &Context<'_>) -> Result<Json, Failure> {
        let inputs = self.raw_inputs(context).await?;
        Ok(Json(input_schema::example(&inputs)))
    }

    /// Whether `predict` answers.
    async fn deployed(&self) -> bool {
        self.0.deployed
    }

    /// Whether it can be deployed.
    async fn deployable(&self) -> bool {
        // Serving uses the native model, which every model row has.
        true
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// What it is worth on the holdout.
    async fn evaluation(&self, context: &Context<'_>) -> Result<Box<Evaluation>, Failure> {
        parse("evaluation", &self.whole(context).await?.evaluation).map(Box::new)
    }

    /// The candidates it is made of.
    async fn members(&self, context: &Context<'_>) -> Result<Vec<ModelMember>, Failure> {
        parse("members", &self.whole(context).await?.members)
    }

    /// Proof that the ONNX file answers like the model.
    async fn certificate(&self, context: &Context<'_>) -> Result<Option<OnnxCertificate>, Failure> {
        let Some(certificate) = self.whole(context).await?.certificate else {
            return Ok(None);
        };
        let certificate: ::model::onnx::Certificate = parse("certificate", &certificate)?;
        Ok(Some(certificate.into()))
    }

    /// Why no ONNX file is offered; null when it is.
    async fn onnx_withheld(&self) -> Option<&str> {
        self.0.onnx_withheld.as_deref()
    }

    /// Signed at the time of asking; valid for five minutes.
    async fn downloads(&self, context: &Context<'_>) -> Result<Vec<Download>, Failure> {
        let files = context
            .data_unchecked::<Loaders>()
            .load_one(FilesOfJob(self.0.job_id))
            .await?
            .unwrap_or_default();
        let key = context.data_unchecked::<Signer>().key().await?;
        let now = platform::database::now();
        let mut downloads = Vec::new();
        for file in files {
            let Some(download) = Download::of(file, key, now) else {
                continue;
            };
            if download.kind != DownloadKind::Onnx || self.0.onnx_withheld.is_none() {
                downloads.push(download);
            }
        }
        Ok(downloads)
    }

    /// Predictions for all rows of files, newest first.
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
    ) -> Result<Option<Connection<BatchPrediction>>, Failure> {
        let viewer = *context.data_unchecked::<Viewer>();
        let query = batch_prediction::Entity::find_for(viewer)
            .filter(batch_prediction::Column::ModelId.eq(self.0.id));
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        Box::pin(batches::page(context, query, &asked)).await.map(Some)
    }
}

impl Model {
    /// With its large columns, which lists go without.
    async fn whole(&self, context: &Context<'_>) -> Result<model::Model, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        let row = loaders.load_one(WholeModel(self.0.id)).await?;
        row.ok_or_else(|| Failure::client(Code::NotFound, "The model was deleted a moment ago."))
    }

    async fn raw_inputs(&self, context: &Context<'_>) -> Result<Vec<::model::Input>, Failure> {
        parse("inputs", &self.whole(context).await?.inputs)
    }
}

/// Reads a JSON column; what the worker wrote must be readable.
fn parse<T: DeserializeOwned>(what: &str, json: &serde_json::Value) -> Result<T, Failure> {
    T::deserialize(json).map_err(|cause| Failure::internal(format!("{what} of a model: {cause}")))
}

/// How a raw input travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "::model::InputKind")]
pub enum InputKind {
    /// A number; null is missing.
    Number,
    /// A string; null or empty is missing.
    Text,
}

/// One raw column that a model takes.
#[derive(SimpleObject)]
pub struct ModelInput {
    /// Column name.
    pub name: String,
    /// How its values travel.
    pub kind: InputKind,
    /// Smallest training value.
    pub min: Option<f64>,
    /// Largest training value.
    pub max: Option<f64>,
    /// Most frequent training values, for text.
    pub examples: Vec<String>,
    /// Median or most frequent value: what a form starts with.
    pub typical: String,
}

impl From<::model::Input> for ModelInput {
    fn from(input: ::model::Input) -> Self {
        Self {
            name: input.name,
            kind: input.kind.into(),
            min: input.range.map(|range| range.0),
            max: input.range.map(|range| range.1),
            examples: input.examples,
            typical: input.typical,
        }
    }
}

/// One candidate in the ensemble.
#[derive(Deserialize, SimpleObject)]
pub struct ModelMember {
    /// Name on the leaderboard.
    pub name: String,
    /// Stable name of the learner.
    pub learner: String,
    /// Share; all of a model sum to 1.
    pub weight: f64,
}

/// Proof that an ONNX file answered like its model.
#[derive(SimpleObject)]
pub struct OnnxCertificate {
    /// Version of onnxruntime.
    pub runtime: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Rows of the holdout that were compared.
    pub holdout_rows: i32,
    /// Generated edge rows that were compared.
    pub edge_rows: i32,
    /// Largest difference seen.
    pub largest_difference: f64,
    /// Largest difference allowed.
    pub tolerance: f64,
}

impl From<::model::onnx::Certificate> for OnnxCertificate {
    fn from(certificate: ::model::onnx::Certificate) -> Self {
        Self {
            runtime: certificate.runtime,
            sha256: certificate.onnx_sha256,
            holdout_rows: i32::try_from(certificate.holdout_rows).unwrap_or(i32::MAX),
            edge_rows: i32::try_from(certificate.edge_rows).unwrap_or(i32::MAX),
            largest_difference: certificate.largest_difference,
            tolerance: certificate.tolerance,
        }
    }
}

/// The viewer's model with that key.
pub async fn find(state: &AppState, viewer: Viewer, key: Uuid) -> Result<Option<model::Model>, Failure> {
    let query = model::Entity::find_for(viewer).filter(model::Column::Id.eq(key));
    Ok(query.one(state.platform.database.connection()).await?)
}

/// Which model to deploy.
#[derive(InputObject)]
pub struct DeployModelInput {
    /// The model.
    id: ID,
}

/// Which model to undeploy.
#[derive(InputObject)]
pub struct UndeployModelInput {
    /// The model.
    id: ID,
}

payload! {
    /// What `deployModel` answers.
    DeployModelPayload {
        /// The model as it is now.
        model: Model
    }
}
payload! {
    /// What `undeployModel` answers.
    UndeployModelPayload {
        /// The model as it is now.
        model: Model
    }
}

/// Changes of models.
#[derive(Default)]
pub struct ModelMutation;

#[Object]
impl ModelMutation {
    /// Lets a model answer `predict`. Deploying it again changes nothing.
    async fn deploy_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeployModelInput,
    ) -> Result<Option<DeployModelPayload>, Failure> {
        set_deployed(context, &input.id, true)
            .await
            .map(|outcome| Some(outcome.map(|row| Model(row.into())).into()))
    }

    /// Stops a model from answering. Its files stay.
    async fn undeploy_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: UndeployModelInput,
    ) -> Result<Option<UndeployModelPayload>, Failure> {
        set_deployed(context, &input.id, false)
            .await
            .map(|outcome| Some(outcome.map(|row| Model(row.into())).into()))
    }
}

async fn set_deployed(
    context: &Context<'_>,
    id: &ID,
    deployed: bool,
) -> Result<Result<model::Model, Vec<UserError>>, Failure> {
    let key = id::decode_as(id, Noun::Model)?;
    let state = context.data_unchecked::<AppState>();
    let viewer = *context.data_unchecked::<Viewer>();
    let row = platform::deployment::set(&state.platform, viewer, key, deployed).await?;
    Ok(row.ok_or_else(|| vec![UserError::not_found("id", "model")]))
}
