//! Jobs side by side.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entities::{Viewer, job, model};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::evaluation::Evaluation;
use super::id::{self, Noun};
use super::job::Job;
use super::job_settings::JobSettings;
use super::loaders::{DatasetKey, Loaders, ModelOfJob};
use super::problem::{Metric, stored_name};
use crate::failure::{Code, Failure};
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
    /// Whether all jobs train on one dataset, predict the same column, and split it by the same seed.
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
    /// 2 to 10 jobs of the viewer side by side.
    async fn comparison(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones, 2 to 10, each once.")] job_ids: Vec<ID>,
    ) -> Result<Option<JobComparison>, Failure> {
        let keys = keys(&job_ids)?;
        let jobs = jobs(context, &keys).await?;
        let loaders = context.data_unchecked::<Loaders>();
        let models = loaders
            .load_many(jobs.iter().map(|job| ModelOfJob(job.id)))
            .await?;
        let evaluations = evaluations(&jobs, &models)?;
        let names = dataset_names(context, &jobs).await?;
        Ok(Some(JobComparison {
            metrics: metrics(&evaluations),
            settings: settings(&jobs, &names),
            importance: importance(&evaluations),
            same_holdout: jobs.iter().all(|job| {
                let first = &jobs[0];
                (job.dataset_id, &job.target, job.settings.seed)
                    == (first.dataset_id, &first.target, first.settings.seed)
            }),
            jobs: jobs.into_iter().map(Job).collect(),
        }))
    }
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

/// The viewer's jobs of those keys, in their order.
async fn jobs(context: &Context<'_>, keys: &[Uuid]) -> Result<Vec<job::Model>, Failure> {
    let own = job::Entity::find_for(*context.data_unchecked::<Viewer>())
        .filter(job::Column::Id.is_in(keys.iter().copied()));
    let mut rows = context
        .data_unchecked::<AppState>()
        .platform
        .database
        .all(own)
        .await?;
    if rows.len() != keys.len() {
        let message = "One of these jobs does not exist, or is not yours.";
        return Err(Failure::client(Code::NotFound, message));
    }
    rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
    Ok(rows)
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
    models: &HashMap<ModelOfJob, model::Model>,
) -> Result<Vec<Option<Evaluation>>, Failure> {
    let mut evaluations = Vec::with_capacity(jobs.len());
    for job in jobs {
        let model = models.get(&ModelOfJob(job.id));
        let evaluation = model
            .map(|model| Evaluation::deserialize(&model.evaluation))
            .transpose();
        evaluations
            .push(evaluation.map_err(|cause| Failure::internal(format!("evaluation of a model: {cause}")))?);
    }
    Ok(evaluations)
}

/// Metrics in the order in which they are first met: the ones that decided lead.
fn metrics(evaluations: &[Option<Evaluation>]) -> Vec<MetricComparison> {
    let value = |evaluation: &Option<Evaluation>, metric: Metric| {
        let evaluation = evaluation.as_ref()?;
        if evaluation.metric == metric {
            return evaluation.score;
        }
        let found = evaluation.metrics.iter().find(|value| value.metric == metric)?;
        Some(found.value)
    };
    let mut order: Vec<Metric> = Vec::new();
    let known = evaluations.iter().flatten();
    let leading = known.clone().map(|evaluation| evaluation.metric);
    let others = known.flat_map(|evaluation| evaluation.metrics.iter().map(|value| value.metric));
    for metric in leading.chain(others) {
        if !order.contains(&metric) {
            order.push(metric);
        }
    }
    let mut compared = Vec::with_capacity(order.len());
    for metric in order {
        let higher_is_better = metric.higher_is_better();
        let values: Vec<Option<f64>> = evaluations.iter().map(|one| value(one, metric)).collect();
        compared.push(MetricComparison {
            metric,
            higher_is_better,
            best: best(&values, higher_is_better),
            values,
        });
    }
    compared
}

/// Marks the largest or the smallest of several values, equals alike.
fn best(values: &[Option<f64>], higher_is_better: bool) -> Vec<bool> {
    let there: Vec<f64> = values.iter().flatten().copied().collect();
    let better = if higher_is_better { f64::max } else { f64::min };
    let top = there.iter().copied().reduce(better).filter(|_| there.len() > 1);
    values
        .iter()
        .map(|value| top.is_some() && *value == top)
        .collect()
}

fn settings(jobs: &[job::Model], datasets: &[String]) -> Vec<SettingComparison> {
    let asked: Vec<JobSettings> = jobs.iter().map(|job| JobSettings::of(&job.settings)).collect();
    let of_jobs = |value: &dyn Fn(&job::Model) -> Option<String>| jobs.iter().map(value).collect::<Vec<_>>();
    let of_settings =
        |value: &dyn Fn(&JobSettings) -> Option<String>| asked.iter().map(value).collect::<Vec<_>>();
    let all = [
        (
            JobSettingName::Dataset,
            datasets.iter().cloned().map(Some).collect(),
        ),
        (JobSettingName::Target, of_jobs(&|job| Some(job.target.clone()))),
        (JobSettingName::Problem, of_jobs(&|job| job.problem.clone())),
        (JobSettingName::Metric, of_jobs(&|job| job.metric.clone())),
        (
            JobSettingName::BudgetSeconds,
            of_settings(&|asked| Some(asked.budget_seconds.to_string())),
        ),
        (
            JobSettingName::Preset,
            of_settings(&|asked| Some(word(asked.preset))),
        ),
        (
            JobSettingName::Seed,
            of_settings(&|asked| Some(asked.seed.0.to_string())),
        ),
        (
            JobSettingName::Exclude,
            of_settings(&|asked| listed(asked.exclude.clone())),
        ),
        (JobSettingName::Roles, of_settings(&|asked| listed(roles(asked)))),
        (JobSettingName::Gpu, of_settings(&|asked| Some(word(asked.gpu)))),
    ];
    let differs = |values: &[Option<String>]| values.iter().any(|value| *value != values[0]);
    let mut settings = Vec::new();
    for (name, values) in all {
        // Two datasets may have one name.
        let are_two =
            name == JobSettingName::Dataset && jobs.iter().any(|job| job.dataset_id != jobs[0].dataset_id);
        if differs(&values) || are_two {
            settings.push(SettingComparison { name, values });
        }
    }
    settings
}

fn roles(settings: &JobSettings) -> Vec<String> {
    let role =
        |set: &super::job_settings::ColumnRoleSetting| format!("{}: {}", set.column, stored_name(set.role));
    settings.roles.iter().map(role).collect()
}

fn listed(items: Vec<String>) -> Option<String> {
    (!items.is_empty()).then(|| items.join(", "))
}

/// A value of a closed set as the schema has it.
fn word<T: async_graphql::resolver_utils::EnumType>(value: T) -> String {
    let item = T::items().iter().find(|item| item.value == value);
    item.map_or_else(String::new, |item| item.name.to_owned())
}

fn importance(evaluations: &[Option<Evaluation>]) -> Vec<ImportanceComparison> {
    let mut columns: Vec<&str> = Vec::new();
    for evaluation in evaluations.iter().flatten() {
        for feature in &evaluation.importance {
            if !columns.contains(&feature.column.as_str()) {
                columns.push(&feature.column);
            }
        }
    }
    let value = |evaluation: &Option<Evaluation>, column: &str| {
        let features = &evaluation.as_ref()?.importance;
        let found = features.iter().find(|feature| feature.column == column)?;
        Some(found.importance)
    };
    let mut compared = Vec::with_capacity(columns.len());
    for column in columns {
        let values: Vec<Option<f64>> = evaluations.iter().map(|one| value(one, column)).collect();
        let there = || values.iter().flatten().copied();
        let (high, low) = (there().fold(f64::MIN, f64::max), there().fold(f64::MAX, f64::min));
        compared.push(ImportanceComparison {
            column: column.to_owned(),
            spread: high - low,
            values,
        });
    }
    let top = |one: &ImportanceComparison| one.values.iter().flatten().copied().fold(f64::MIN, f64::max);
    compared.sort_by(|left, right| top(right).total_cmp(&top(left)));
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_marked_by_direction_and_ties_alike() {
        let values = [Some(0.5), None, Some(0.7), Some(0.7)];
        assert_eq!(best(&values, true), [false, false, true, true]);
        assert_eq!(best(&values, false), [true, false, false, false]);
        assert_eq!(
            best(&[Some(1.0), None], true),
            [false, false],
            "one value is no comparison"
        );
        assert_eq!(best(&[None, None], true), [false, false]);
    }
}
