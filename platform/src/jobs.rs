//! What a person may do with a job: create, cancel, finish now, delete; extend and retry are in [`again`], names and tags in [`details`]. Each is one
//! transaction and one announcement, and holds the job's row from the first look on, so that nothing happens in between.
//! What happens to it while it runs is the worker's.

mod again;
mod details;
mod models;
mod rows;
mod stand_still;

use entities::job::{Event, JobSettings, Notes};
use entities::{dataset, job, step, task, trial};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, ModelTrait,
    PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use uuid::Uuid;

use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::idempotency::{self, Request};
use crate::tasks::{self, Payload};
use crate::{Changes, Error, Platform, artifacts, batch_predictions, quotas, registry};

pub(crate) use again::retry_held;
pub use again::{LONGEST_BUDGET_SECONDS, extend, retry};
pub use details::{annotate, rename, tag};
pub use models::{remove_obsolete, restore, retire_model};
pub use rows::{lock, lock_if_free};
pub use stand_still::give_time_back;

/// A job to create; everything in it is validated already.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Owner.
    pub user_id: Uuid,
    /// What to train on.
    pub dataset_id: Uuid,
    /// Shown name.
    pub name: String,
    /// Column to predict.
    pub target: String,
    /// What the user asked for.
    pub settings: JobSettings,
}

/// Inserts a job, its steps and its first task.
///
/// # Errors
/// As [`create_once`].
pub async fn create(platform: &Platform, new: NewJob) -> Result<job::Model, Error> {
    create_once(platform, new, None).await
}

/// Inserts a job, its steps and its first task, unless the request was answered before: then it gives that answer.
///
/// # Errors
/// `Conflict` when the dataset is not READY, `Gone` when it (or the job of the former answer) is not the user's, `QueueFull`,
/// `KeyReused`.
pub async fn create_once(
    platform: &Platform,
    new: NewJob,
    request: Option<&Request>,
) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let row = queued(new);
    if let Some(answer) = idempotency::claim(&transaction, request, row.id).await? {
        return lock(&transaction, answer).await?.ok_or(Error::Gone);
    }
    let budget = row.settings.budget_seconds;
    quotas::admit_job(
        &transaction,
        &platform.settings,
        row.user_id,
        row.id,
        budget,
        now(),
    )
    .await?;
    // Held until the job is there: a dataset is not deleted under it.
    let dataset = dataset::Entity::find_by_id(row.dataset_id)
        .filter(dataset::Column::UserId.eq(row.user_id))
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    if dataset.state != dataset::State::Ready {
        return Err(Error::Conflict(
            "the dataset is not ready: wait until its profile is there".to_owned(),
        ));
    }
    let row = row.into_active_model().insert(&transaction).await?;
    insert_steps(&transaction, &row).await?;
    tasks::enqueue(&transaction, row.user_id, Payload::Prepare { job: row.id }).await?;
    let mut changes = Changes::default();
    changes.job(&row);
    changes.task();
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

async fn insert_steps(transaction: &impl ConnectionTrait, row: &job::Model) -> Result<(), Error> {
    for (position, name) in step::STEPS.into_iter().enumerate() {
        let validated = name == step::Name::Validate;
        let at = validated.then_some(row.created_at);
        let step = step::Model {
            job_id: row.id,
            name,
            position: position as i32,
            state: if validated {
                step::State::Completed
            } else {
                step::State::Pending
            },
            started_at: at,
            finished_at: at,
            error: None,
            attempts: 0,
            retry_at: None,
        };
        step::Entity::insert(step.into_active_model())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Asks for a job to be stopped. Nothing is kept, but a job that was extended keeps the model it had. When a worker holds tasks of it, it is CANCELLING until their children
/// are dead (two seconds at most), else CANCELLED at once. Asking again, or too late, changes nothing.
///
/// # Errors
/// `Gone` when there is no such job.
pub async fn cancel(platform: &Platform, id: Uuid) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let mut changes = Changes::default();
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    let row = cancel_held(&transaction, row, &mut changes).await?;
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// As [`cancel`], with a job that the caller's transaction holds.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn cancel_held(
    transaction: &impl ConnectionTrait,
    row: job::Model,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    let Some(cancelling) = row.state.after(Event::Cancel) else {
        return Ok(row);
    };
    tasks::cancel_queued(transaction, row.id).await?;
    let mut change = changed(&row);
    change.state = Set(cancelling);
    change.cancel_requested = Set(true);
    let mut row = change.update(transaction).await?;
    if tasks::running(transaction, row.id).await? == 0 {
        row = stopped(transaction, row, changes).await?;
    }
    changes.job(&row);
    changes.task();
    Ok(row)
}

/// Asks for the search to end now and the best so far to be kept. Asking again, or too late, changes nothing.
///
/// # Errors
/// `Gone` when there is no such job.
pub async fn finish(platform: &Platform, id: Uuid) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    if row.finish_requested || !matches!(row.state, job::State::Queued | job::State::Running) {
        return Ok(row);
    }
    let mut change = changed(&row);
    change.finish_requested = Set(true);
    let row = change.update(&transaction).await?;
    let mut changes = Changes::default();
    changes.job(&row);
    changes.task();
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// Deletes a job with its trials, its model with its batch predictions, and all files.
///
/// # Errors
/// `Conflict` while it or a batch prediction of its model is not terminal, or its model is registered; `Gone` when there is no
/// such job.
pub async fn delete(platform: &Platform, id: Uuid) -> Result<(), Error> {
    let transaction = platform.database.begin().await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    if !row.state.is_terminal() {
        return Err(Error::Conflict("the job is not over: cancel it first".to_owned()));
    }
    registry::check_free(&transaction, &[id]).await?;
    batch_predictions::retire(&transaction, batch_predictions::Of::Job(id)).await?;
    row.delete(&transaction).await?;
    let entry = Entry::new(platform.by, Action::JobDeleted, now()).about(SubjectKind::Job, id);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    // A crash before this line leaves files that no row names; nobody can reach them.
    platform.artifacts.remove_prefix(&artifacts::job_prefix(id)).await
}

/// Ends a cancelled job of which nothing runs any more: job, trials and steps. The caller announces the job itself.
///
/// # Errors
/// When the database refuses.
pub async fn stopped(
    transaction: &impl ConnectionTrait,
    row: job::Model,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    if row.state == job::State::Cancelling
        && let Some(restored) = restore(transaction, &row, "the extension was cancelled", changes).await?
    {
        return Ok(restored);
    }
    let Some(state) = row.state.after(Event::Stopped) else {
        return Ok(row);
    };
    close(transaction, &row, "the job was cancelled", changes).await?;
    let mut change = changed(&row);
    change.state = Set(state);
    change.finished_at = Set(Some(now()));
    Ok(change.update(transaction).await?)
}

/// Cancels what is open of a job that ends without a model: queued tasks, trials, steps.
///
/// # Errors
/// When the database refuses.
pub async fn close(
    transaction: &impl ConnectionTrait,
    row: &job::Model,
    reason: &str,
    changes: &mut Changes,
) -> Result<(), Error> {
    tasks::cancel_queued(transaction, row.id).await?;
    cancel_open_trials(transaction, row, reason, changes).await?;
    step::Entity::update_many()
        .col_expr(
            step::Column::State,
            step::Column::State.save_as(Expr::val(step::State::Skipped)),
        )
        .filter(step::Column::JobId.eq(row.id))
        .filter(step::Column::State.is_in([step::State::Pending, step::State::Running]))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Cancels the trials of a job that are not terminal. A child that still runs one is killed at its next heartbeat.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_open_trials(
    transaction: &impl ConnectionTrait,
    job: &job::Model,
    reason: &str,
    changes: &mut Changes,
) -> Result<(), Error> {
    let open = trial::Entity::find()
        .filter(trial::Column::JobId.eq(job.id))
        .filter(trial::Column::State.is_in([trial::State::Queued, trial::State::Running]))
        .all(transaction)
        .await?;
    for row in open {
        let version = row.version + 1;
        let mut change = row.into_active_model();
        change.state = Set(trial::State::Cancelled);
        change.error = Set(Some(reason.to_owned()));
        change.finished_at = Set(Some(now()));
        change.version = Set(version);
        changes.trial(&change.update(transaction).await?, job.user_id);
    }
    Ok(())
}

/// The row as an update whose version is one higher.
pub fn changed(row: &job::Model) -> job::ActiveModel {
    let mut change = row.clone().into_active_model();
    change.version = Set(row.version + 1);
    change
}

/// Number of tasks in front of a queued job, for people who wait.
///
/// # Errors
/// When the database refuses.
pub async fn queue_position(platform: &Platform, job_id: Uuid) -> Result<Option<u64>, Error> {
    let connection = platform.database.connection();
    let queued = task::Entity::find().filter(task::Column::State.eq(task::State::Queued));
    // Not the whole row: a newer program's task may be of a kind that this one cannot read.
    let own: Option<(i32, Uuid)> = queued
        .clone()
        .select_only()
        .column(task::Column::Priority)
        .column(task::Column::Id)
        .filter(task::Column::JobId.eq(job_id))
        .into_tuple()
        .one(connection)
        .await?;
    let Some((priority, id)) = own else {
        return Ok(None);
    };
    let before = task::Column::Priority
        .gt(priority)
        .or(task::Column::Priority.eq(priority).and(task::Column::Id.lt(id)));
    Ok(Some(queued.filter(before).count(connection).await?))
}

fn queued(new: NewJob) -> job::Model {
    job::Model {
        id: Uuid::now_v7(),
        user_id: new.user_id,
        dataset_id: new.dataset_id,
        name: new.name,
        state: job::State::Queued,
        error: None,
        version: 1,
        target: new.target,
        settings: new.settings,
        problem: None,
        metric: None,
        higher_is_better: None,
        shape: None,
        notes: Notes::default(),
        prepared_key: None,
        finish_requested: false,
        cancel_requested: false,
        created_at: now(),
        started_at: None,
        search_started_at: None,
        paused_ms: 0,
        finished_at: None,
        annotation: None,
        score: None,
    }
}
