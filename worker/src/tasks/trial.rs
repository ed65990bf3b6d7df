//! Trial: one configuration is fitted and scored.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use engine::search::TrialSpec;
use entities::job::Notes;
use entities::task::Queue;
use entities::trial::Event;
use entities::{artifact, job, task, trial};
use platform::artifacts::Key;
use platform::database::now;
use platform::tasks::{self, Payload};
use platform::{Changes, Error, workers};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Set};
use serde_json::Value;

use super::{Files, Held, Order, Output, Task, out, parse};
use crate::device::CPU;
use crate::flow;
use crate::protocol::Step;
use crate::work::{PREPARED, Scored, TRIAL, Work};

const OUTPUTS: &[Output] = &[Output {
    kind: artifact::Kind::Trial,
    name: TRIAL,
    is_optional: false,
}];
/// Points of a running trial's curve that are kept.
const CURVE_POINTS: usize = 200;

/// Less than this is not worth a start.
const SHORTEST: Duration = Duration::from_millis(100);

/// The kind.
#[derive(Debug)]
pub struct Trial;

#[async_trait]
impl Task for Trial {
    fn kind(&self) -> task::Kind {
        task::Kind::Trial
    }

    async fn begin(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        changes: &mut Changes,
    ) -> Result<Option<Order>, Error> {
        let Some((row, parent)) = rows(held, transaction).await? else {
            return Ok(None);
        };
        let (job::State::Running, Some(state)) = (parent.state, row.state.after(Event::Start)) else {
            return Ok(None);
        };
        let spec: TrialSpec = parse(row.spec.clone())?;
        let settings = &held.platform.settings;
        let limit = flow::limit_now(transaction, &parent, &spec, settings).await?;
        if limit < SHORTEST {
            return Ok(None);
        }
        let on_gpu = held.claim.task.queue == Queue::Gpu;
        let mut change = changed(&row);
        change.state = Set(state);
        change.started_at = Set(Some(now()));
        change.notes = Set(left_gpu(&row, &held.claim.task).map(|words| Notes(vec![words])));
        change.device = Set(device(held, transaction).await?);
        changes.trial(&change.update(transaction).await?, parent.user_id);
        let prepared = Key::parse(parent.prepared_key.as_deref().unwrap_or_default())?;
        Ok(Some(Order {
            inputs: vec![(prepared, PREPARED.to_owned())],
            work: Work::Trial {
                prepared: PathBuf::from(PREPARED),
                metric: parse(Value::from(parent.metric))?,
                threads: settings.threads_per_slot(),
                memory_bytes: settings.memory_bytes,
                gpu: on_gpu,
                spec,
                limit,
                out: out(),
            },
            outputs: OUTPUTS,
            // Learners stop by themselves at their limit; one that does not is a fault.
            wall_limit: limit.mul_f64(1.5) + Duration::from_secs(20),
        }))
    }

    async fn commit(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        answer: Value,
        files: &Files,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let scored: Scored = parse(answer)?;
        let Some((row, parent)) = rows(held, transaction).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Complete) else {
            return Ok(());
        };
        files.insert(held, transaction).await?;
        let mut change = changed(&row);
        flow::set_score(&mut change, &scored.score)?;
        let mut notes = row.notes.clone().unwrap_or_default();
        notes.0.extend(scored.notes);
        change.notes = Set(Some(notes));
        change.state = Set(state);
        change.error = Set(None);
        change.artifact_key = Set(Some(files.key(artifact::Kind::Trial)?));
        change.finished_at = Set(Some(now()));
        changes.trial(&change.update(transaction).await?, parent.user_id);
        finished(held, transaction, parent, changes).await
    }

    async fn retried(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some((row, parent)) = rows(held, transaction).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Requeue) else {
            return Ok(());
        };
        let mut change = changed(&row);
        change.state = Set(state);
        change.started_at = Set(None);
        change.rounds = Set(None);
        change.curve = Set(None);
        changes.trial(&change.update(transaction).await?, parent.user_id);
        Ok(())
    }

    async fn dead(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some((row, parent)) = rows(held, transaction).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Fail) else {
            return Ok(());
        };
        let mut change = changed(&row);
        change.state = Set(state);
        change.error = Set(Some(reason.to_owned()));
        change.finished_at = Set(Some(now()));
        changes.trial(&change.update(transaction).await?, parent.user_id);
        finished(held, transaction, parent, changes).await
    }

    async fn progress(&self, held: Held<'_>, steps: &[Step]) -> Result<(), Error> {
        let Some(last) = steps.last() else { return Ok(()) };
        let transaction = held.platform.database.begin().await?;
        tasks::hold(&transaction, held.claim).await?;
        let Some((row, parent)) = rows(held, &transaction).await? else {
            return Ok(());
        };
        if row.state != trial::State::Running {
            return Ok(());
        }
        let mut curve = row.curve.clone().unwrap_or_default();
        for step in steps.iter().filter(|step| step.fold == 0) {
            curve.0.extend(step.loss.map(|loss| (step.round, loss)));
        }
        curve.0.truncate(CURVE_POINTS);
        let mut change = changed(&row);
        change.rounds = Set(i32::try_from(last.round).ok());
        change.curve = Set(Some(curve));
        let mut changes = Changes::default();
        changes.trial(&change.update(&transaction).await?, parent.user_id);
        transaction.commit().await?;
        held.platform.announce(changes);
        Ok(())
    }

    async fn wanted(&self, held: Held<'_>) -> Result<bool, Error> {
        let Payload::Trial { trial, .. } = held.claim.payload()? else {
            return Ok(false);
        };
        let connection = held.platform.database.connection();
        let row = trial::Entity::find_by_id(trial).one(connection).await?;
        let parent = flow::glance_at_job_of(connection, &held.claim.task).await?;
        Ok(row.is_some_and(|row| row.state == trial::State::Running)
            && parent.is_some_and(|parent| parent.state == job::State::Running))
    }
}

/// What its worker computes on.
async fn device(held: Held<'_>, transaction: &DatabaseTransaction) -> Result<Option<String>, Error> {
    match &held.claim.task.worker {
        Some(worker) => workers::device(transaction, worker).await,
        None => Ok(None),
    }
}

/// Words on a trial that a GPU worker had before, for one that is not tried there any more.
fn left_gpu(row: &trial::Model, task: &task::Model) -> Option<String> {
    let had_gpu = row.device.as_deref().is_some_and(|device| device != CPU);
    let reason = task
        .error
        .as_deref()
        .filter(|_| had_gpu && task.queue == Queue::Cpu)?;
    Some(format!(
        "Computed on the processor: on a GPU worker it gave no result ({reason})."
    ))
}

/// The job's next trials are asked for in the transaction that records this one.
async fn finished(
    held: Held<'_>,
    transaction: &DatabaseTransaction,
    parent: job::Model,
    changes: &mut Changes,
) -> Result<(), Error> {
    let parent = platform::jobs::changed(&parent).update(transaction).await?;
    let parent = flow::advance(transaction, parent, &held.platform.settings, changes).await?;
    changes.job(&parent);
    Ok(())
}

/// The trial and its job; the job is held first, as everybody does who changes trials of it.
async fn rows(
    held: Held<'_>,
    transaction: &DatabaseTransaction,
) -> Result<Option<(trial::Model, job::Model)>, Error> {
    let Payload::Trial { trial, .. } = held.claim.payload()? else {
        return Ok(None);
    };
    let parent = flow::job_of(transaction, &held.claim.task).await?;
    let row = trial::Entity::find_by_id(trial).one(transaction).await?;
    Ok(row.zip(parent))
}

fn changed(row: &trial::Model) -> trial::ActiveModel {
    let mut change = row.clone().into_active_model();
    change.version = Set(row.version + 1);
    change
}
