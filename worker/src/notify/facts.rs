//! What a notification says, gathered when the job ends, so that every try of it says the same.

use entities::{dataset, job, model, step, trial, user};
use platform::Error;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Metrics that are told besides the job's own.
const METRICS: usize = 6;

/// What is told of an ended job. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Whose job it was.
    pub user_name: String,
    /// The job.
    pub job_id: Uuid,
    /// Its shown name.
    pub job_name: String,
    /// What it trained on.
    pub dataset_id: Uuid,
    /// Shown name of that.
    pub dataset_name: String,
    /// Column to predict.
    pub target: String,
    /// Snake-case name of the job's metric.
    pub metric: Option<String>,
    /// The metric on the holdout.
    pub score: Option<f64>,
    /// 95 % interval of the score.
    pub interval: Option<(f64, f64)>,
    /// The metric of the baseline on the same rows.
    pub baseline: Option<f64>,
    /// Other metrics on the holdout, by snake-case name.
    pub metrics: Vec<(String, f64)>,
    /// Trials with a score.
    pub trials: u64,
    /// From the job's start to its end.
    pub seconds: Option<f64>,
    /// Step at which it failed.
    pub failed_step: Option<String>,
    /// Why it failed.
    pub reason: Option<String>,
    /// Host of the webhook that was switched off.
    pub webhook: Option<String>,
}

impl Facts {
    /// Reads them from the rows of an ended job.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn gather(
        transaction: &impl ConnectionTrait,
        job: &job::Model,
        user: &user::Model,
    ) -> Result<Self, Error> {
        let dataset = dataset::Entity::find_by_id(job.dataset_id)
            .one(transaction)
            .await?;
        let trials = trial::Entity::find()
            .filter(trial::Column::JobId.eq(job.id))
            .filter(trial::Column::State.eq(trial::State::Completed));
        let mut facts = Self {
            user_name: user.name.clone(),
            job_id: job.id,
            job_name: job.name.clone(),
            dataset_id: job.dataset_id,
            dataset_name: dataset.map(|row| row.name).unwrap_or_default(),
            target: job.target.clone(),
            metric: job.metric.clone(),
            trials: trials.count(transaction).await?,
            seconds: seconds(job),
            ..Self::default()
        };
        match job.state {
            job::State::Completed => facts.add_model(transaction, job).await?,
            _ => facts.add_failure(transaction, job).await?,
        }
        Ok(facts)
    }

    async fn add_model(&mut self, transaction: &impl ConnectionTrait, job: &job::Model) -> Result<(), Error> {
        let model = model::Entity::find()
            .filter(model::Column::JobId.eq(job.id))
            .one(transaction)
            .await?;
        if let Some(model) = model {
            self.read(&model.evaluation);
        }
        Ok(())
    }

    async fn add_failure(
        &mut self,
        transaction: &impl ConnectionTrait,
        job: &job::Model,
    ) -> Result<(), Error> {
        let failed = step::Entity::find()
            .filter(step::Column::JobId.eq(job.id))
            .filter(step::Column::State.eq(step::State::Failed))
            .one(transaction)
            .await?;
        self.failed_step = failed.map(|row| format!("{:?}", row.name).to_lowercase());
        self.reason.clone_from(&job.error);
        Ok(())
    }

    /// From the engine's evaluation.
    fn read(&mut self, evaluation: &Value) {
        let number = |name: &str| evaluation[name].as_f64();
        self.score = number("score");
        self.interval = number("low").zip(number("high"));
        self.baseline = number("baseline");
        for entry in evaluation["metrics"].as_array().into_iter().flatten() {
            let (Some(name), Some(value)) = (entry["metric"].as_str(), entry["value"].as_f64()) else {
                continue;
            };
            let is_own = self.metric.as_deref() == Some(name);
            if !is_own && self.metrics.len() < METRICS {
                self.metrics.push((name.to_owned(), value));
            }
        }
    }
}

fn seconds(job: &job::Model) -> Option<f64> {
    let milliseconds = (job.finished_at? - job.started_at?).num_milliseconds() - job.paused_ms;
    Some(milliseconds.max(0) as f64 / 1e3)
}
