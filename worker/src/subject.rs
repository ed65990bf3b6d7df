//! What work is about, for the log: the ids that each of its lines carries.

use entities::task;
use platform::tasks::Payload;
use platform::trace::{self, TraceParent};
use sea_orm::ActiveEnum;
use tracing::field::Empty;
use tracing::{Instrument, Span};
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
    parent: Option<TraceParent>,
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
            parent: task.traceparent.as_deref().and_then(TraceParent::parse),
        }
    }

    /// Works on it, in its span. Tasks that follow belong beside it, below what has asked for the first one; or below it, where
    /// nobody did.
    pub async fn during<W: Future>(self, work: W) -> W::Output {
        let span = self.span();
        let parent = self.parent.or_else(|| TraceParent::of(&span));
        trace::follow(parent, work).instrument(span).await
    }

    /// Does something about it that is no work on it: nothing of it is in a trace, but its tasks are.
    pub async fn beside<W: Future>(self, work: W) -> W::Output {
        trace::follow(self.parent, work).instrument(self.lines()).await
    }

    /// The span of the work on it. It is an error's in rank: a log that shows errors only shows what they are about as well.
    fn span(self) -> Span {
        let span = tracing::error_span!(
            "task",
            otel.kind = "consumer",
            otel.name = format_args!("task {}", self.kind.to_value()),
            otel.status_code = Empty,
            task.id = %self.task,
            task.kind = self.kind.to_value(),
            job.id = self.job.map(display),
            trial.id = self.trial.map(display),
            dataset.id = self.dataset.map(display),
            batch_prediction.id = self.batch.map(display),
            trace.id = Empty,
        );
        trace::go_on(&span, self.parent);
        span
    }

    /// The span of the trainer child's part, for a trace: a child has no network and tells nobody but its worker.
    pub fn childs_part(self) -> Span {
        tracing::error_span!(
            "child",
            otel.name = format_args!("trainer {}", self.kind.to_value()),
            otel.status_code = Empty,
            outcome = Empty,
        )
    }

    /// The span of lines about it, in no trace and nobody's child: what a trainer child says comes when it likes.
    pub fn lines(self) -> Span {
        tracing::error_span!(
            parent: None,
            "about",
            task.id = %self.task,
            task.kind = self.kind.to_value(),
            job.id = self.job.map(display),
            trial.id = self.trial.map(display),
            dataset.id = self.dataset.map(display),
            batch_prediction.id = self.batch.map(display),
        )
    }
}
