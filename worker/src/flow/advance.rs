//! Which trials come next, and when the search is over.

use std::time::Duration;

use engine::metrics::Metric;
use engine::plan::Shape;
use engine::search::{Search, TrialRecord, TrialSpec};
use entities::job::Event;
use entities::{job, step, trial};
use platform::database::clock;
use platform::tasks::{self, Payload};
use platform::{Changes, Error, Settings, jobs, workers};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};

use super::route::Route;
use super::settings::named;
use super::{elapsed, engine_settings, fail, history, step};

/// What the search does not know of: the last trial's hand-over, a fresh child, files that are copied to it.
const OVERHEAD: Duration = Duration::from_millis(1200);
/// Time after the end of the search in which a running trial may still be recorded.
const HAND_OVER: Duration = Duration::from_millis(600);

/// Begins the search of a prepared job: its first trials are handed out.
///
/// # Errors
/// When the database refuses.
pub async fn start_search(
    transaction: &impl ConnectionTrait,
    job: job::Model,
    settings: &Settings,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    step(
        transaction,
        &job,
        step::Name::Prepare,
        step::State::Completed,
        None,
    )
    .await?;
    step(transaction, &job, step::Name::Train, step::State::Running, None).await?;
    let mut change = jobs::changed(&job);
    change.search_started_at = Set(Some(clock(transaction).await?));
    let job = change.update(transaction).await?;
    advance(transaction, job, settings, changes).await
}

/// Looks at a job's trials and does what is next: hands out more, waits, assembles, or gives up. Calling it too often changes
/// nothing. Returns the job as it is then.
///
/// # Errors
/// When the database refuses, or another version wrote what this one cannot read.
pub async fn advance(
    transaction: &impl ConnectionTrait,
    job: job::Model,
    settings: &Settings,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    if job.state != job::State::Running || job.search_started_at.is_none() {
        return Ok(job);
    }
    let rows = trials(transaction, &job).await?;
    let history = history::records(&rows)?;
    let search = search(&job, settings)?;
    // Whoever is there works on it; a worker that has just started is seen with the next result.
    let mut slots = workers::slots(transaction).await?;
    slots.cpu = slots.cpu.max(settings.slots);
    let mut route = Route::read(transaction, &job, slots).await?;
    let job = route.settle(transaction, job, changes).await?;
    let elapsed = elapsed(&job, clock(transaction).await?);
    match next(&job, &search, &rows, &history, elapsed, &route) {
        Next::Wait => Ok(job),
        Next::StopWaiting => {
            tasks::to_cpu(transaction, job.id).await?;
            changes.task();
            Ok(jobs::changed(&job).update(transaction).await?)
        }
        Next::Try(specs) => {
            for spec in &specs {
                let row = history::queued(job.id, spec)?
                    .into_active_model()
                    .insert(transaction)
                    .await?;
                let payload = Payload::Trial {
                    job: job.id,
                    trial: row.id,
                };
                let needs = route.needs(&spec.learner);
                tasks::enqueue_for(transaction, job.user_id, payload, needs).await?;
                changes.trial(&row, job.user_id);
            }
            changes.task();
            let job = jobs::changed(&job).update(transaction).await?;
            changes.job(&job);
            Ok(job)
        }
        Next::Assemble(why) => assemble(transaction, job, &why, changes).await,
        Next::GiveUp(why) => fail(transaction, job, step::Name::Train, &why, changes).await,
    }
}

/// What a trial that starts now may take. It was suggested when the one before it began: then there was more time left.
///
/// # Errors
/// As [`advance`].
pub async fn limit_now(
    transaction: &impl ConnectionTrait,
    job: &job::Model,
    spec: &TrialSpec,
    settings: &Settings,
) -> Result<Duration, Error> {
    let history = history::records(&trials(transaction, job).await?)?;
    let elapsed = elapsed(job, clock(transaction).await?);
    Ok(search(job, settings)?.limit_at(&history, elapsed, spec))
}

async fn trials(transaction: &impl ConnectionTrait, job: &job::Model) -> Result<Vec<trial::Model>, Error> {
    let rows = trial::Entity::find()
        .filter(trial::Column::JobId.eq(job.id))
        .order_by_asc(trial::Column::Number);
    Ok(rows.all(transaction).await?)
}

enum Next {
    Wait,
    /// Time is over and a GPU that never came is all that is waited for: any worker ends it.
    StopWaiting,
    Try(Vec<TrialSpec>),
    Assemble(String),
    GiveUp(String),
}

/// The decision, on rows already read.
fn next(
    job: &job::Model,
    search: &Search,
    rows: &[trial::Model],
    history: &[TrialRecord],
    elapsed: Duration,
    route: &Route,
) -> Next {
    let open = rows.iter().filter(|row| !row.state.is_terminal()).count();
    let has_model = rows.iter().any(|row| row.state == trial::State::Completed);
    if job.finish_requested && has_model {
        return Next::Assemble("the user asked to finish now".to_owned());
    }
    if let Some(finish) = search.finished(history, elapsed) {
        // A trial whose limit is the end of the search gets a moment to hand over its result.
        let is_running = rows.iter().any(|row| row.state == trial::State::Running);
        if is_running && elapsed < search.end(history) + HAND_OVER {
            return Next::Wait;
        }
        // What is open then is not waited for, unless nothing else is there.
        return match (has_model, open) {
            (true, _) => Next::Assemble(finish.words().to_owned()),
            (false, 0) => Next::GiveUp(reasons(rows)),
            (false, _) if route.waits_in_vain() => Next::StopWaiting,
            (false, _) => Next::Wait,
        };
    }
    let specs = search.suggest_into(history, elapsed, route.room(open));
    if specs.is_empty() {
        Next::Wait
    } else {
        Next::Try(specs)
    }
}

fn search(job: &job::Model, settings: &Settings) -> Result<Search, Error> {
    let absent = |what: &str| Error::Conflict(format!("the job is prepared without its {what}"));
    let shape = job.shape.clone().ok_or_else(|| absent("shape"))?;
    let shape: Shape = serde_json::from_value(shape).map_err(|error| Error::Conflict(error.to_string()))?;
    let metric: Metric = named(job.metric.as_deref().ok_or_else(|| absent("metric"))?)?;
    let mut settings = engine_settings(job, settings.threads_per_slot(), settings.memory_bytes)?;
    settings.budget = settings.budget.saturating_sub(OVERHEAD);
    Ok(Search::new(shape, metric, &settings))
}

async fn assemble(
    transaction: &impl ConnectionTrait,
    job: job::Model,
    why: &str,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    let Some(state) = job.state.after(Event::Finish) else {
        return Ok(job);
    };
    tasks::cancel_queued(transaction, job.id).await?;
    jobs::cancel_open_trials(transaction, &job, why, changes).await?;
    step(transaction, &job, step::Name::Train, step::State::Completed, None).await?;
    step(
        transaction,
        &job,
        step::Name::Assemble,
        step::State::Running,
        None,
    )
    .await?;
    tasks::enqueue(transaction, job.user_id, Payload::Assemble { job: job.id }).await?;
    let mut notes = job.notes.clone();
    notes.0.push(format!("Search ended: {why}."));
    let mut change = jobs::changed(&job);
    change.state = Set(state);
    change.notes = Set(notes);
    let job = change.update(transaction).await?;
    changes.job(&job);
    changes.task();
    Ok(job)
}

/// Why no trial has a model, each reason once.
fn reasons(rows: &[trial::Model]) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for row in rows {
        if let Some(error) = row.error.as_deref().filter(|error| !reasons.contains(error)) {
            reasons.push(error);
        }
    }
    if reasons.is_empty() {
        return "the budget passed before a first model was ready; give the job more time".to_owned();
    }
    format!("no trial gave a model: {}", reasons.join("; "))
}
