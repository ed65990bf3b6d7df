//! What work is about, for the log: the ids that each of its lines carries.

use entities::task;
use platform::tasks::Payload;
use sea_orm::ActiveEnum;
use tracing::Span;
use tracing::field::display;
use uuid::Uuid;

/// Ids of a task and of what it belongs to. None of them says anything about anybody's data.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    task: Uuid,
    kind: task::Kind,
    job: Option<Uuid>,
    trial: Option<Uuid>,
    dataset: Option<Uuid>,
    batch: Option<Uuid>,
}

impl Subject {
    /// Of a task.
    pub fn of(task: &task::Model) -> Self {
        let trial = match serde_json::from_value(task.payload.clone()) {
            Ok(Payload::Trial { trial, .. }) => Some(trial),
            _ => None,
        };
        Self {
            task: task.id,
            kind: task.kind,
            job: task.job_id,
            trial,
            dataset: task.dataset_id,
            batch: task.batch_prediction_id,
        }
    }

    /// The span of the work on it. It is an error's in rank: a log that shows errors only shows what they are about as well.
    pub fn span(self) -> Span {
        tracing::error_span!(
            "task",
            task.id = %self.task,
            task.kind = self.kind.to_value(),
            job.id = self.job.map(display),
            trial.id = self.trial.map(display),
            dataset.id = self.dataset.map(display),
            batch_prediction.id = self.batch.map(display),
        )
    }

    /// The span of what the trainer child says. It is nobody's child: it lives until the trainer gets other work.
    pub fn lines(self) -> Span {
        tracing::error_span!(
            parent: None,
            "trainer",
            task.id = %self.task,
            task.kind = self.kind.to_value(),
            job.id = self.job.map(display),
            trial.id = self.trial.map(display),
            dataset.id = self.dataset.map(display),
            batch_prediction.id = self.batch.map(display),
        )
    }
}
