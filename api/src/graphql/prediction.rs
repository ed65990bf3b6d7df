//! Asking a deployed model.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entities::{Viewer, model as stored};
use model::Scratch;
use model::serve::{Loaded, Warning};
use model::value::Value;
use platform::allowance::Subject;
use platform::registry;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Serialize;
use serde_json::Map;
use uuid::Uuid;

use super::id::{self, Noun};
use super::json::Json;
use super::payload::UserError;
use super::prediction_detail::{Details, PredictionContributions, PredictionInterval, Wanted};
use crate::failure::Failure;
use crate::serving::Cache;
use crate::state::AppState;

/// Rows of one request.
pub const MAX_ROWS: usize = 1_000;
/// Rows times trees that a request's own thread answers: well under a millisecond.
const AT_ONCE: usize = 1_000;

/// Rows to predict.
#[derive(InputObject)]
pub struct PredictInput {
    /// Which model; it must be deployed. Name it, or an alias.
    model_id: Option<ID>,
    /// Whatever an alias of a registered model points to at this moment; it must be deployed.
    alias: Option<ModelAliasInput>,
    /// Rows as JSON objects by column name; an absent or null field is missing. At most 1000.
    rows: Vec<Json>,
    /// Also tell intervals of values, or sets of classes, that hold this share of new rows: 0.8, 0.9 or 0.95.
    interval: Option<f64>,
    /// Also tell what each column adds to the answer, for at most 100 rows; false when absent.
    contributions: Option<bool>,
}

/// An alias of a registered model.
#[derive(InputObject)]
pub struct ModelAliasInput {
    /// Name of the registered model.
    name: String,
    /// The alias, for example `production`.
    alias: String,
}

/// What `predict` answers.
#[derive(SimpleObject)]
pub struct PredictPayload {
    /// One a row, in order.
    pub predictions: Option<Vec<Prediction>>,
    /// Time the model took for all rows.
    pub inference_microseconds: Option<i32>,
    /// What the user can mend; empty on success.
    pub user_errors: Vec<UserError>,
    /// The root, to read on.
    pub query: super::schema::Query,
}

/// The answer to one row.
#[derive(Clone, Debug, Default, Serialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    /// The predicted class: by the model's threshold where it has one, else the most probable; null for regression.
    pub label: Option<String>,
    /// The predicted number; null for classes.
    pub value: Option<f64>,
    /// Probability of `label`.
    pub probability: Option<f64>,
    /// One a class, in the model's order; null for regression.
    pub probabilities: Option<Vec<ClassProbability>>,
    /// Doubts about the row.
    pub warnings: Vec<PredictionWarning>,
    /// Where the true number is with the probability that `interval` asks for; null for classes, or when it is not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<PredictionInterval>,
    /// The classes one of which is the true one with the probability that `interval` asks for; null for regression, or when it is
    /// not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_set: Option<Vec<String>>,
    /// What each column adds to the answer; null when it is not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributions: Option<PredictionContributions>,
}

/// Probability of a class.
#[derive(Clone, Debug, Serialize, SimpleObject)]
pub struct ClassProbability {
    /// The class.
    pub label: String,
    /// Its probability.
    pub probability: f64,
}

/// What kind of doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PredictionWarningKind {
    /// The training data had no such value.
    UnseenCategory,
    /// Outside what the training data had.
    OutOfRange,
    /// The input has no value.
    Missing,
    /// The model has no such input; it was ignored.
    UnknownColumn,
    /// The text is no date in the format of the training data; it counts as missing.
    InvalidDate,
}

/// A doubt about one value.
#[derive(Clone, Debug, Serialize, SimpleObject)]
pub struct PredictionWarning {
    /// What kind.
    pub kind: PredictionWarningKind,
    /// Of which column.
    pub column: String,
    /// In words.
    pub message: String,
}

impl From<Warning> for PredictionWarning {
    fn from(warning: Warning) -> Self {
        let message = warning.to_string();
        let (kind, column) = match warning {
            Warning::Missing { input } => (PredictionWarningKind::Missing, input),
            Warning::UnseenCategory { input, .. } => (PredictionWarningKind::UnseenCategory, input),
            Warning::OutOfRange { input, .. } => (PredictionWarningKind::OutOfRange, input),
            Warning::InvalidDate { input, .. } => (PredictionWarningKind::InvalidDate, input),
            Warning::UnknownColumn { name } => (PredictionWarningKind::UnknownColumn, name),
        };
        Self {
            kind,
            column,
            message,
        }
    }
}

/// Asking models.
#[derive(Default)]
pub struct PredictionMutation;

#[Object]
impl PredictionMutation {
    /// Asks a deployed model. Nothing is stored.
    async fn predict(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Model and rows.")] input: PredictInput,
    ) -> Result<Option<PredictPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let cache = context.data_unchecked::<Arc<Cache>>();
        let viewer = *context.data_unchecked::<Viewer>();
        let query = super::schema::Query::default();
        let wanted = Wanted {
            interval: input.interval,
            contributions: input.contributions.unwrap_or_default(),
        };
        let rows = input.rows.into_iter().map(|row| row.0).collect();
        let answered = match key_of(state, viewer, input.model_id, input.alias).await? {
            Ok(key) => predict(state, cache, viewer, key, rows, wanted).await?,
            Err(errors) => Err(errors),
        };
        Ok(Some(match answered {
            Ok(answered) => PredictPayload {
                predictions: Some(answered.predictions),
                inference_microseconds: Some(answered.microseconds),
                user_errors: Vec::new(),
                query,
            },
            Err(user_errors) => PredictPayload {
                predictions: None,
                inference_microseconds: None,
                user_errors,
                query,
            },
        }))
    }
}

/// The model that is asked: by id, or by an alias.
async fn key_of(
    state: &AppState,
    viewer: Viewer,
    model_id: Option<ID>,
    alias: Option<ModelAliasInput>,
) -> Result<Result<Uuid, Vec<UserError>>, Failure> {
    match (model_id, alias) {
        (Some(id), None) => id::decode_as(&id, Noun::Model).map(Ok),
        (None, Some(asked)) => {
            let found = registry::resolve(&state.platform, viewer, &asked.name, &asked.alias).await?;
            Ok(found.ok_or_else(|| vec![UserError::not_found("alias", "alias")]))
        }
        _ => Err(Failure::bad_input(
            "Name the model by `modelId` or by `alias`, and not by both.",
        )),
    }
}

/// Answers to all rows of a request.
#[derive(Debug)]
pub struct Answered {
    /// One a row.
    pub predictions: Vec<Prediction>,
    /// Time the model took.
    pub microseconds: i32,
}

/// Asks the viewer's deployed model.
///
/// # Errors
/// What is ours; what the user can mend is the inner error.
pub async fn predict(
    state: &AppState,
    cache: &Cache,
    viewer: Viewer,
    key: Uuid,
    rows: Vec<serde_json::Value>,
    wanted: Wanted,
) -> Result<Result<Answered, Vec<UserError>>, Failure> {
    let loaded = match ready(state, cache, viewer, key, rows.len()).await? {
        Ok(loaded) => loaded,
        Err(errors) => return Ok(Err(errors)),
    };
    // A moment's work is done here: to hand it to another thread takes longer.
    if !wanted.contributions && loaded.cost_of_row().saturating_mul(rows.len()) <= AT_ONCE {
        return Ok(answer(&loaded, &rows, wanted));
    }
    let work = move || answer(&loaded, &rows, wanted);
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)
}

/// The viewer's deployed model, for so many rows.
///
/// # Errors
/// What is ours; what the user can mend is the inner error.
pub async fn ready(
    state: &AppState,
    cache: &Cache,
    viewer: Viewer,
    key: Uuid,
    rows: usize,
) -> Result<Result<Arc<Loaded>, Vec<UserError>>, Failure> {
    let query = stored::Entity::find_for(viewer).filter(stored::Column::Id.eq(key));
    let mut found: Vec<stored::Service> = state.platform.database.all_in_part(query).await?;
    let Some(row) = found.pop() else {
        return Ok(Err(vec![UserError::not_found("modelId", "model")]));
    };
    if !row.deployed {
        let error = UserError::of(
            "modelId",
            "NOT_DEPLOYED",
            "The model is not deployed; deploy it first.",
        );
        return Ok(Err(vec![error]));
    }
    if rows == 0 || rows > MAX_ROWS {
        let message = format!("Send 1 to {MAX_ROWS} rows at a time; there are {rows}.");
        return Ok(Err(vec![UserError::of("rows", "ROW_COUNT", message)]));
    }
    let allowances = &state.platform.allowances;
    let subject = Subject::Predictions(viewer.user_id);
    let taken = allowances
        .take(subject, rows as u64, platform::database::now())
        .await;
    taken.map_err(|refused| Failure::rate_limited(refused, "rows to predict"))?;
    cache.get(row.id, &row.model_key).await.map(Ok)
}

fn answer(loaded: &Loaded, rows: &[serde_json::Value], wanted: Wanted) -> Result<Answered, Vec<UserError>> {
    let details = Details::new(loaded, wanted, rows.len()).map_err(|error| vec![error])?;
    let mut scratch = Scratch::default();
    let mut predictions = Vec::with_capacity(rows.len());
    let mut errors = Vec::new();
    let mut spent = std::time::Duration::ZERO;
    for (position, row) in rows.iter().enumerate() {
        let outcome: Result<Prediction, String> = row_values(row).and_then(|named| {
            let (values, mut warnings) = loaded.arrange(named);
            let mut outputs = vec![0.0; loaded.model().outputs()];
            let started = Instant::now();
            let predicted = loaded.predict_row(&values, &mut scratch, &mut outputs);
            spent += started.elapsed();
            predicted.map_err(|cause| cause.to_string())?;
            warnings.extend(loaded.warnings(&values));
            let mut answer = prediction(loaded.model(), &outputs, warnings);
            details.add(&mut answer, loaded, &values, &outputs, &mut scratch);
            Ok(answer)
        });
        match outcome {
            Ok(prediction) => predictions.push(prediction),
            Err(message) => {
                let field = Some(vec!["input".to_owned(), "rows".to_owned(), position.to_string()]);
                errors.push(UserError {
                    code: "WRONG_TYPE".to_owned(),
                    message,
                    field,
                });
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Answered {
        predictions,
        microseconds: i32::try_from(spent.as_micros()).unwrap_or(i32::MAX),
    })
}

/// The named values of a row.
fn row_values(row: &serde_json::Value) -> Result<Vec<(&str, Value<'_>)>, String> {
    let fields: &Map<String, serde_json::Value> = row
        .as_object()
        .ok_or("A row must be a JSON object of values by column name.")?;
    let mut named = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let value = match value {
            serde_json::Value::Null => Value::Missing,
            serde_json::Value::Bool(true) => Value::Text("true"),
            serde_json::Value::Bool(false) => Value::Text("false"),
            serde_json::Value::Number(number) => match number.as_f64() {
                Some(number) => Value::Number(number),
                None => {
                    return Err(format!(
                        "`{name}`: {number} is not a number that can be computed with."
                    ));
                }
            },
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                return Err(format!(
                    "`{name}` must be a number, a string, true, false or null."
                ));
            }
        };
        named.push((name.as_str(), value));
    }
    Ok(named)
}

/// The answer to a row, by the model's outputs for it.
pub fn prediction(model: &model::Model, outputs: &[f64], warnings: Vec<Warning>) -> Prediction {
    let warnings = warnings.into_iter().map(PredictionWarning::from).collect();
    let Some(label) = model.label(outputs) else {
        return Prediction {
            label: None,
            value: outputs.first().copied(),
            probability: None,
            probabilities: None,
            warnings,
            ..Prediction::default()
        };
    };
    let pairs = model.classes.iter().zip(outputs);
    let probabilities: Vec<ClassProbability> = pairs
        .map(|(label, probability)| ClassProbability {
            label: label.clone(),
            probability: *probability,
        })
        .collect();
    let probability = probabilities
        .iter()
        .find(|class| class.label == label)
        .map(|class| class.probability);
    Prediction {
        label: Some(label.to_owned()),
        value: None,
        probability,
        probabilities: Some(probabilities),
        warnings,
        ..Prediction::default()
    }
}
