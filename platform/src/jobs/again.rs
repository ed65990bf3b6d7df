//! Going on with a job: more budget, or another try.

use chrono::{DateTime, Utc};
use entities::job::{Event, Notes};
use entities::{job, step, task, trial};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{changed, models, rows};
use crate::database::now;
use crate::idempotency::{self, Request};
use crate::tasks::{self, Payload};
use crate::{Changes, Error, Platform, Settings, quotas, registry};

/// Longest budget of a job, extensions included, in seconds.
pub const LONGEST_BUDGET_SECONDS: u32 = 86_400;

/// Gives a job `seconds` more. One that is not over has more time left. One that is over goes on: its trials and prepared data
/// are used again, and what it had not used of its budget counts too. The model that it has stays until a newer one is there.
///
/// # Errors
/// `Conflict` when it was cancelled, its budget would be longer than a day or its model is registered, `QueueFull` and
/// `QuotaExceeded` when there is no room for it, `KeyReused`, `Gone` when there is no such job.
pub async fn extend(
    platform: &Platform,
    id: Uuid,
    seconds: u32,
    request: Option<&Request>,
) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let Some(row) = open(&platform.settings, &transaction, id, request).await? else {
        return rows::lock(&transaction, id).await?.ok_or(Error::Gone);
    };
    let budget = row.settings.budget_seconds.saturating_add(seconds);
    if budget > LONGEST_BUDGET_SECONDS {
        return Err(Error::Conflict(format!(
            "the budget would be {budget} seconds; {LONGEST_BUDGET_SECONDS} (24 hours) are allowed"
        )));
    }
    quotas::admit_budget(&transaction, &platform.settings, row.user_id, budget, now()).await?;
    registry::check_free(&transaction, &[id]).await?;
    let mut extended = row;
    extended.settings.budget_seconds = budget;
    extended
        .notes
        .0
        .push(format!("Extended by {seconds} s to {budget} s."));
    let row = match extended.state {
        job::State::Queued | job::State::Running => {
            extended.finish_requested = false;
            save(&transaction, &extended).await?
        }
        job::State::Completed | job::State::Finishing => search_again(&transaction, extended).await?,
        job::State::Failed => try_again(&transaction, extended, true).await?,
        job::State::Cancelling | job::State::Cancelled => {
            return Err(Error::Conflict(
                "the job was cancelled and nothing of it is kept: retry it, or clone it with another budget"
                    .to_owned(),
            ));
        }
    };
    commit(platform, transaction, row).await
}

/// Starts a failed job again at the step that failed, with what is finished before it and with the time that the step had; a
/// cancelled one from the beginning.
///
/// # Errors
/// `Conflict` when it did neither fail nor was cancelled, `QueueFull`, `KeyReused`, `Gone` when there is no such job.
pub async fn retry(platform: &Platform, id: Uuid, request: Option<&Request>) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let Some(row) = open(&platform.settings, &transaction, id, request).await? else {
        return rows::lock(&transaction, id).await?.ok_or(Error::Gone);
    };
    let row = retried(&transaction, row).await?;
    commit(platform, transaction, row).await
}

/// As [`retry`], in the caller's transaction.
///
/// # Errors
/// As [`retry`].
pub(crate) async fn retry_held(
    settings: &Settings,
    transaction: &DatabaseTransaction,
    id: Uuid,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    let row = open(settings, transaction, id, None).await?.ok_or(Error::Gone)?;
    let row = retried(transaction, row).await?;
    changes.job(&row);
    changes.task();
    Ok(row)
}

async fn retried(transaction: &impl ConnectionTrait, mut row: job::Model) -> Result<job::Model, Error> {
    match row.state {
        job::State::Failed => {
            let reason = row.error.clone().unwrap_or_default();
            row.notes.0.push(format!("Tried again after: {reason}"));
            try_again(transaction, row, false).await
        }
        job::State::Cancelled => restart(transaction, row).await,
        job::State::Completed => Err(Error::Conflict(
            "the job has a model; extend it to search on".to_owned(),
        )),
        _ => Err(Error::Conflict("the job is not over yet".to_owned())),
    }
}

/// The job to go on with, held; none when the request was answered before.
async fn open(
    settings: &Settings,
    transaction: &DatabaseTransaction,
    id: Uuid,
    request: Option<&Request>,
) -> Result<Option<job::Model>, Error> {
    // Before the job: in the order in which the worker that assembles takes them.
    tasks::lock(transaction, id, task::Kind::Assemble).await?;
    let row = rows::lock(transaction, id).await?.ok_or(Error::Gone)?;
    if idempotency::claim(transaction, request, id).await?.is_some() {
        return Ok(None);
    }
    if row.state.is_terminal() {
        let budget = row.settings.budget_seconds;
        quotas::admit_job(transaction, settings, row.user_id, id, budget, now()).await?;
    }
    Ok(Some(row))
}

async fn commit(
    platform: &Platform,
    transaction: DatabaseTransaction,
    row: job::Model,
) -> Result<job::Model, Error> {
    let mut changes = Changes::default();
    changes.job(&row);
    changes.task();
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// A failed job at the step that failed.
async fn try_again(
    transaction: &impl ConnectionTrait,
    row: job::Model,
    is_extended: bool,
) -> Result<job::Model, Error> {
    let failed = step::Entity::find()
        .filter(step::Column::JobId.eq(row.id))
        .filter(step::Column::State.eq(step::State::Failed))
        .order_by_asc(step::Column::Position)
        .one(transaction)
        .await?;
    let at = failed.as_ref().map(|step| step.name);
    match (at, failed.and_then(|step| step.started_at)) {
        (Some(step::Name::Assemble), _) if is_extended => search_again(transaction, row).await,
        (Some(step::Name::Assemble), Some(began)) => assemble_again(transaction, row, began).await,
        // A search that fails has no completed trial: there is nothing to keep of it.
        (Some(step::Name::Train), Some(began)) if row.prepared_key.is_some() => {
            models::forget_trials(transaction, row.id).await?;
            let mut row = resumed(row, Event::Resume, began)?;
            row.settings.seen_trials = 0;
            reopen(transaction, row.id, step::Name::Train, step::State::Running).await?;
            reopen(transaction, row.id, step::Name::Assemble, step::State::Pending).await?;
            save(transaction, &row).await
        }
        _ => restart(transaction, row).await,
    }
}

/// Lets the search go on with the trials that have a model. What was cut short or failed may be tried anew, with more time.
async fn search_again(transaction: &impl ConnectionTrait, row: job::Model) -> Result<job::Model, Error> {
    tasks::withdraw(transaction, row.id, task::Kind::Assemble).await?;
    models::forget_failures(transaction, row.id).await?;
    let trials = trial::Entity::find().filter(trial::Column::JobId.eq(row.id));
    let count = trials.clone().count(transaction).await?;
    let last = trials
        .order_by_desc(trial::Column::Number)
        .one(transaction)
        .await?;
    let assembling = step::Entity::find_by_id((row.id, step::Name::Assemble))
        .one(transaction)
        .await?;
    // The clock goes back to the end of the search: the assembling that follows is the one that counts.
    let began = assembling.and_then(|step| step.started_at);
    let from = began.or(row.finished_at).unwrap_or_else(now);
    let mut row = resumed(row, Event::Resume, from)?;
    row.settings.seen_trials = last.map_or(0, |trial| trial.number.unsigned_abs() + 1);
    row.settings.max_trials = row
        .settings
        .max_trials
        .map(|limit| limit.saturating_add(u32::try_from(count).unwrap_or(u32::MAX)));
    reopen(transaction, row.id, step::Name::Train, step::State::Running).await?;
    reopen(transaction, row.id, step::Name::Assemble, step::State::Pending).await?;
    save(transaction, &row).await
}

/// Assembles once more, with the time that it had.
async fn assemble_again(
    transaction: &impl ConnectionTrait,
    row: job::Model,
    began: DateTime<Utc>,
) -> Result<job::Model, Error> {
    let mut row = resumed(row, Event::Resume, began)?;
    row.state = row
        .state
        .after(Event::Finish)
        .ok_or_else(|| Error::Conflict("the job cannot be assembled".to_owned()))?;
    reopen(transaction, row.id, step::Name::Assemble, step::State::Running).await?;
    tasks::enqueue(transaction, row.user_id, Payload::Assemble { job: row.id }).await?;
    save(transaction, &row).await
}

/// Starts from the beginning, as if it were new: of what it was, only the wishes of its owner stay.
async fn restart(transaction: &impl ConnectionTrait, row: job::Model) -> Result<job::Model, Error> {
    models::forget_trials(transaction, row.id).await?;
    models::drop_all_files(transaction, row.id).await?;
    for name in [step::Name::Prepare, step::Name::Train, step::Name::Assemble] {
        reopen(transaction, row.id, name, step::State::Pending).await?;
    }
    let mut row = resumed(row, Event::Restart, now())?;
    row.settings.seen_trials = 0;
    row.problem = None;
    row.metric = None;
    row.higher_is_better = None;
    row.shape = None;
    row.notes = Notes::default();
    row.prepared_key = None;
    row.started_at = None;
    row.search_started_at = None;
    row.paused_ms = 0;
    tasks::enqueue(transaction, row.user_id, Payload::Prepare { job: row.id }).await?;
    save(transaction, &row).await
}

/// The job in its next state, its clock as it was at `from`, a moment between its start and its end.
fn resumed(mut row: job::Model, event: Event, from: DateTime<Utc>) -> Result<job::Model, Error> {
    row.state = row
        .state
        .after(event)
        .ok_or_else(|| Error::Conflict("the job cannot go on in its present state".to_owned()))?;
    let now = now();
    if let Some(started_at) = row.started_at {
        let end = row.finished_at.unwrap_or(now);
        let used = (end - started_at).num_milliseconds() - row.paused_ms;
        let given_back = (end - from).num_milliseconds().clamp(0, std::cmp::max(used, 0));
        row.paused_ms += (now - end).num_milliseconds() + given_back;
    }
    row.error = None;
    row.finish_requested = false;
    row.cancel_requested = false;
    row.finished_at = None;
    Ok(row)
}

/// Writes the whole row, its version one higher.
async fn save(transaction: &impl ConnectionTrait, row: &job::Model) -> Result<job::Model, Error> {
    let change = changed(row).reset_all();
    Ok(change.update(transaction).await?)
}

/// Puts a step back to before it ended. Its tries are counted from the new beginning.
async fn reopen(
    transaction: &impl ConnectionTrait,
    job_id: Uuid,
    name: step::Name,
    state: step::State,
) -> Result<(), Error> {
    let started_at = (state == step::State::Running).then(now);
    step::Entity::update_many()
        .col_expr(step::Column::State, step::Column::State.save_as(Expr::val(state)))
        .col_expr(step::Column::StartedAt, Expr::value(started_at))
        .col_expr(step::Column::FinishedAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(step::Column::Error, Expr::value(None::<String>))
        .col_expr(step::Column::Attempts, Expr::value(0))
        .col_expr(step::Column::RetryAt, Expr::value(None::<DateTime<Utc>>))
        .filter(step::Column::JobId.eq(job_id))
        .filter(step::Column::Name.eq(name))
        .exec(transaction)
        .await?;
    Ok(())
}
