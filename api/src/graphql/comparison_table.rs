//! What stands beside what when jobs are compared.

use async_graphql::resolver_utils::EnumType;
use entities::job;

use super::comparison::{ImportanceComparison, JobSettingName, MetricComparison, SettingComparison};
use super::evaluation::Evaluation;
use super::job_settings::{ColumnRoleSetting, JobSettings};
use super::monotone::MonotoneColumn;
use super::problem::{Metric, stored_name};
use super::threshold::ThresholdSetting;
use super::validation::ValidationSettings;

/// Metrics in the order in which they are first met: the ones that decided lead.
pub fn metrics(evaluations: &[Option<Evaluation>]) -> Vec<MetricComparison> {
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

/// Settings that are not the same for all; `datasets` has the name of each job's dataset.
pub fn settings(jobs: &[job::Model], datasets: &[String]) -> Vec<SettingComparison> {
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
            of_settings(&|asked| listed(&asked.exclude)),
        ),
        (JobSettingName::Roles, of_settings(&|asked| listed(&roles(asked)))),
        (JobSettingName::Gpu, of_settings(&|asked| Some(word(asked.gpu)))),
        (
            JobSettingName::Validation,
            of_settings(&|asked| Some(validation(&asked.validation))),
        ),
        (
            JobSettingName::WeightColumn,
            of_settings(&|asked| asked.weight_column.clone()),
        ),
        (
            JobSettingName::Threshold,
            of_settings(&|asked| asked.threshold.map(ThresholdSetting::words)),
        ),
        (
            JobSettingName::Monotone,
            of_settings(&|asked| listed(&monotone(asked))),
        ),
        (
            JobSettingName::MaxLatencyMilliseconds,
            of_settings(&|asked| asked.max_latency_milliseconds.map(|limit| limit.to_string())),
        ),
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

/// The kind as the schema has it, and what it is given.
fn validation(settings: &ValidationSettings) -> String {
    let kind = word(settings.kind);
    let folds = settings.folds.map(|folds| folds.to_string());
    match folds.or_else(|| settings.column.clone()) {
        Some(given) => format!("{kind}: {given}"),
        None => kind,
    }
}

fn roles(settings: &JobSettings) -> Vec<String> {
    let role = |set: &ColumnRoleSetting| format!("{}: {}", set.column, stored_name(set.role));
    settings.roles.iter().map(role).collect()
}

fn monotone(settings: &JobSettings) -> Vec<String> {
    let bound = |bound: &MonotoneColumn| format!("{}: {}", bound.column, word(bound.direction));
    settings.monotone.iter().map(bound).collect()
}

fn listed(items: &[String]) -> Option<String> {
    (!items.is_empty()).then(|| items.join(", "))
}

/// A value of a closed set as the schema has it.
fn word<T: EnumType>(value: T) -> String {
    let item = T::items().iter().find(|item| item.value == value);
    item.map_or_else(String::new, |item| item.name.to_owned())
}

/// Columns by how much they matter to the model to which they matter most.
pub fn importance(evaluations: &[Option<Evaluation>]) -> Vec<ImportanceComparison> {
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
