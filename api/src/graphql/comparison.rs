//! Jobs side by side.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entities::{Viewer, job, model};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::comparison_table as table;
use super::evaluation::Evaluation;
use super::id::{self, Noun};
use super::job::Job;
use super::loaders::{DatasetKey, Loaders};
use super::model_loaders::WholeModelOfJob;
use super::problem::Metric;
use crate::failure::Failure;
use crate::state::AppState;

/// Jobs that can be compared at a time.
const JOBS: std::ops::RangeInclusive<usize> = 2..=10;

/// Jobs side by side. Every list of values has one place a job, in the order of `jobs`.
#[derive(SimpleObject)]
pub struct JobComparison {
    /// The jobs, in the order in which they were named; at most 10.
    pub jobs: Vec<Job>,
    /// Every metric that one of the models has on its holdout. Jobs on one dataset with the same target and seed have the
    /// same holdout; others are compared with care.
    pub metrics: Vec<MetricComparison>,
    /// Settings that are not the same for all.
    pub settings: Vec<SettingComparison>,
    /// How much each raw column matters to each model, the most important first.
    pub importance: Vec<ImportanceComparison>,
    /// Whether all jobs train on one dataset, predict the same column, and split it by the same seed and in the same way.
    pub same_holdout: bool,
}

/// One metric of several models.
#[derive(SimpleObject)]
pub struct MetricComparison {
    /// Which one.
    pub metric: Metric,
    /// Its direction.
    pub higher_is_better: bool,
    /// Its values; null for jobs without it.
    pub values: Vec<Option<f64>>,
    /// Which values are the best there are; all false when there are less than two to compare.
    pub best: Vec<bool>,
}

/// What can differ between two jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum JobSettingName {
    /// The dataset, by its name.
    Dataset,
    /// The column to predict.
    Target,
    /// The kind of question.
    Problem,
    /// The metric that decided.
    Metric,
    /// The time budget in seconds.
    BudgetSeconds,
    /// The effort.
    Preset,
    /// The seed.
    Seed,
    /// Columns left out.
    Exclude,
    /// Roles set by hand.
    Roles,
    /// Whether a graphics card may be used.
    Gpu,
    /// How candidates are validated.
    Validation,
    /// The column that says how much a row counts.
    WeightColumn,
    /// What the predicted label is decided for.
    Threshold,
    /// Columns that the prediction may only rise, or only fall, with.
    Monotone,
    /// What the model may take to answer one row, in milliseconds.
    MaxLatencyMilliseconds,
}

/// One setting of several jobs.
#[derive(SimpleObject)]
pub struct SettingComparison {
    /// Which one.
    pub name: JobSettingName,
    /// Its values in words; null where it was left open.
    pub values: Vec<Option<String>>,
}

/// What one column matters to several models.
#[derive(SimpleObject)]
pub struct ImportanceComparison {
    /// Raw column.
    pub column: String,
    /// Permutation importance; null for models that do not use the column.
    pub values: Vec<Option<f64>>,
    /// Largest less smallest value, null ones left out.
    pub spread: f64,
}

/// Comparisons.
#[derive(Default)]
pub struct ComparisonQuery;

#[Object]
impl ComparisonQuery {
    /// 2 to 10 jobs of the viewer side by side; null when one of them does not exist or is not the viewer's.
    async fn comparison(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones, 2 to 10, each once.")] job_ids: Vec<ID>,
    ) -> Result<Option<JobComparison>, Failure> {
        let keys = keys(&job_ids)?;
        let Some(jobs) = jobs(context, &keys).await? else {
            return Ok(None);
        };
        let loaders = context.data_unchecked::<Loaders>();
        let models = loaders
            .load_many(jobs.iter().map(|job| WholeModelOfJob(job.id)))
            .await?;
        let evaluations = evaluations(&jobs, &models)?;
        let names = dataset_names(context, &jobs).await?;
        Ok(Some(JobComparison {
            metrics: table::metrics(&evaluations),
            settings: table::settings(&jobs, &names),
            importance: table::importance(&evaluations),
            same_holdout: jobs.iter().all(|job| {
                let first = &jobs[0];
                (job.dataset_id, &job.target, kept_by(job))
                    == (first.dataset_id, &first.target, kept_by(first))
            }),
            jobs: jobs.into_iter().map(Job).collect(),
        }))
    }
}

/// What decides which rows of a dataset with a target are kept: the seed, what binds rows, and the weights, of which 0 leaves
/// a row out.
fn kept_by(job: &job::Model) -> (u64, Option<&job::Validation>, Option<&str>) {
    let settings = &job.settings;
    (
        settings.seed,
        Some(&settings.validation).filter(|validation| validation.binds_rows()),
        settings.weights.as_deref(),
    )
}

fn keys(ids: &[ID]) -> Result<Vec<Uuid>, Failure> {
    let refused = || {
        let (least, most) = JOBS.into_inner();
        Failure::bad_input(format!("Name {least} to {most} jobs, each once."))
    };
    if !JOBS.contains(&ids.len()) {
        return Err(refused());
    }
    let mut keys = Vec::with_capacity(ids.len());
    for id in ids {
        let key = id::decode_as(id, Noun::Job)?;
        if keys.contains(&key) {
            return Err(refused());
        }
        keys.push(key);
    }
    Ok(keys)
}

/// The viewer's jobs of those keys, in their order; none when one is missing.
async fn jobs(context: &Context<'_>, keys: &[Uuid]) -> Result<Option<Vec<job::Model>>, Failure> {
    let own = job::Entity::find_for(*context.data_unchecked::<Viewer>())
        .filter(job::Column::Id.is_in(keys.iter().copied()));
    let mut rows = context
        .data_unchecked::<AppState>()
        .platform
        .database
        .all(own)
        .await?;
    if rows.len() != keys.len() {
        return Ok(None);
    }
    rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
    Ok(Some(rows))
}

async fn dataset_names(context: &Context<'_>, jobs: &[job::Model]) -> Result<Vec<String>, Failure> {
    let loaders = context.data_unchecked::<Loaders>();
    let rows = loaders
        .load_many(jobs.iter().map(|job| DatasetKey(job.dataset_id)))
        .await?;
    let name = |job: &job::Model| {
        let row = rows.get(&DatasetKey(job.dataset_id));
        row.map_or_else(String::new, |row| row.name.clone())
    };
    Ok(jobs.iter().map(name).collect())
}

/// What the models of jobs are worth; none for jobs without a model.
fn evaluations(
    jobs: &[job::Model],
    models: &HashMap<WholeModelOfJob, model::Model>,
) -> Result<Vec<Option<Evaluation>>, Failure> {
    let mut evaluations = Vec::with_capacity(jobs.len());
    for job in jobs {
        let model = models.get(&WholeModelOfJob(job.id));
        let evaluation = model
            .map(|model| Evaluation::deserialize(&model.evaluation))
            .transpose();
        evaluations
            .push(evaluation.map_err(|cause| Failure::internal(format!("evaluation of a model: {cause}")))?);
    }
    Ok(evaluations)
}
