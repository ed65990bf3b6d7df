//! What the user asked for when a job was started.

use async_graphql::SimpleObject;
use entities::job;

use super::column_profile::ColumnRole;
use super::latency;
use super::long::Long;
use super::monotone::MonotoneColumn;
use super::problem::{GpuChoice, Metric, Preset, ProblemType, from_stored};
use super::threshold::ThresholdSetting;
use super::validation::ValidationSettings;

/// What the user asked for.
#[derive(Clone, Debug, PartialEq, SimpleObject)]
pub struct JobSettings {
    /// Null: decided from the target.
    pub problem: Option<ProblemType>,
    /// Null: by problem.
    pub metric: Option<Metric>,
    /// Wall time of the whole job, extensions included.
    pub budget_seconds: i32,
    /// Effort.
    pub preset: Preset,
    /// Seed of everything random.
    pub seed: Long,
    /// Columns left out.
    pub exclude: Vec<String>,
    /// Roles set by hand, in alphabetical order of the columns.
    pub roles: Vec<ColumnRoleSetting>,
    /// How candidates are validated, and which rows are kept for the final score.
    pub validation: ValidationSettings,
    /// Column that says how much a row counts; null: all rows count alike.
    pub weight_column: Option<String>,
    /// Whether a graphics card may be used.
    pub gpu: GpuChoice,
    /// What the predicted label of two classes is decided for; null: the more probable class.
    pub threshold: Option<ThresholdSetting>,
    /// Columns that the prediction may only rise, or only fall, with; of two classes the probability of the second.
    pub monotone: Vec<MonotoneColumn>,
    /// What the model may take to answer one row, in milliseconds; null: as long as it takes.
    pub max_latency_milliseconds: Option<f64>,
}

/// A role that the user set by hand.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ColumnRoleSetting {
    /// Of which column.
    pub column: String,
    /// What it is used as.
    pub role: ColumnRole,
}

impl JobSettings {
    /// Of a stored row.
    pub fn of(settings: &job::JobSettings) -> Self {
        let mut roles = Vec::with_capacity(settings.roles.len());
        for (column, role) in &settings.roles {
            if let Some(role) = from_stored(role) {
                roles.push(ColumnRoleSetting {
                    column: column.clone(),
                    role,
                });
            }
        }
        Self {
            problem: settings.problem.as_deref().and_then(from_stored),
            metric: settings.metric.as_deref().and_then(from_stored),
            budget_seconds: i32::try_from(settings.budget_seconds).unwrap_or(i32::MAX),
            preset: settings.preset.into(),
            seed: Long(i64::try_from(settings.seed).unwrap_or(i64::MAX)),
            exclude: settings.exclude.clone(),
            roles,
            validation: ValidationSettings::of(&settings.validation),
            weight_column: settings.weights.clone(),
            gpu: settings.gpu.into(),
            threshold: settings
                .threshold
                .as_deref()
                .and_then(ThresholdSetting::of_stored),
            monotone: settings.monotone.iter().map(MonotoneColumn::of).collect(),
            max_latency_milliseconds: settings.max_latency_microseconds.map(latency::shown),
        }
    }
}
