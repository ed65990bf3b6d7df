//! What the user asked for, in the engine's types.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::Settings;
use engine::settings::{Direction, MonotoneColumn, Preset, Validation};
use entities::job;
use platform::Error;
use serde::de::DeserializeOwned;

/// The engine's settings of a job, for that many threads and that much memory.
///
/// # Errors
/// `Conflict` for a name that this version does not know.
pub fn engine_settings(job: &job::Model, threads: usize, memory_bytes: u64) -> Result<Settings, Error> {
    settings_of(&job.target, &job.settings, threads, memory_bytes)
}

/// The engine's settings of a job that would predict that column.
///
/// # Errors
/// As [`engine_settings`].
pub fn settings_of(
    target: &str,
    asked: &job::JobSettings,
    threads: usize,
    memory_bytes: u64,
) -> Result<Settings, Error> {
    let mut settings = Settings::new(target, Duration::from_secs(u64::from(asked.budget_seconds)));
    settings.problem = asked.problem.as_deref().map(named).transpose()?;
    settings.metric = asked.metric.as_deref().map(named).transpose()?;
    settings.preset = match asked.preset {
        job::Preset::Quick => Preset::Quick,
        job::Preset::Balanced => Preset::Balanced,
        job::Preset::Best => Preset::Best,
    };
    settings.threads = threads;
    settings.memory_bytes = memory_bytes;
    settings.seed = asked.seed;
    settings.exclude.clone_from(&asked.exclude);
    let mut roles = BTreeMap::new();
    for (column, role) in &asked.roles {
        roles.insert(column.clone(), named(role)?);
    }
    settings.roles = roles;
    settings.validation = match &asked.validation {
        job::Validation::Auto => Validation::Auto,
        job::Validation::Holdout => Validation::Holdout,
        job::Validation::Folds(folds) => Validation::Folds(*folds),
        job::Validation::Time(column) => Validation::Time(column.clone()),
        job::Validation::Group(column) => Validation::Group(column.clone()),
    };
    settings.weights.clone_from(&asked.weights);
    settings.max_trials = asked.max_trials.map(|trials| trials as usize);
    settings.seen_trials = asked.seen_trials as usize;
    settings.threshold = asked.threshold.as_deref().map(named).transpose()?;
    for bound in &asked.monotone {
        settings.monotone.push(MonotoneColumn {
            column: bound.column.clone(),
            direction: match bound.direction {
                job::Direction::Rising => Direction::Rising,
                job::Direction::Falling => Direction::Falling,
            },
        });
    }
    settings.max_latency = asked.max_latency_microseconds.map(Duration::from_micros);
    Ok(settings)
}

/// A variant by its serde name.
///
/// # Errors
/// `Conflict` for a name that this version does not know.
pub fn named<T: DeserializeOwned>(name: &str) -> Result<T, Error> {
    serde_json::from_value(serde_json::Value::from(name))
        .map_err(|_| Error::Conflict(format!("this version does not know \"{name}\"")))
}

#[cfg(test)]
mod tests {
    use engine::metrics::Metric;
    use engine::profile::Role;
    use engine::train::ThresholdGoal;
    use model::ProblemType;

    use super::*;

    #[test]
    fn names_are_the_engines() {
        assert_eq!(named::<Metric>("roc_auc").unwrap(), Metric::RocAuc);
        assert_eq!(
            named::<ProblemType>("regression").unwrap(),
            ProblemType::Regression
        );
        assert_eq!(named::<Role>("category").unwrap(), Role::Category);
        assert!(named::<Metric>("ROC_AUC").is_err());
        for goal in ["f1", "balanced_accuracy", "mcc", "recall:0.9", "precision:0.95"] {
            assert_eq!(named::<ThresholdGoal>(goal).unwrap().to_string(), goal);
        }
    }
}
