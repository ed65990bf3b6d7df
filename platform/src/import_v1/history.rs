//! A job of version 1 as a job that is over: what it was, what is known of it, and why it has no model.

use chrono::{DateTime, Utc};
use entities::job::{JobSettings, Notes};
use entities::{dataset, job};

use super::items::{Job, Status};
use super::rows::NewJob;
use super::words::{LONGEST_NAME, line};

/// What version 1 gave a table of fewer rows than that, in seconds.
const BUDGETS: [(u64, u32); 3] = [(1_000, 120), (10_000, 300), (50_000, 600)];
/// And a larger one.
const LARGE_BUDGET: u32 = 1_200;

/// Failed, whatever it was: that is the state of a job that is over and has no model.
pub fn row(dataset: &dataset::Model, new: &NewJob) -> job::Model {
    let job = &new.job;
    let budget_seconds = budget(new.rows);
    let started_at = job.started_at.map(|at| at.max(job.created_at));
    let began = started_at.unwrap_or(job.created_at);
    let finished_at = job.ended_at.map_or(began, |at: DateTime<Utc>| at.max(began));
    let name = format!("{} · {}", dataset.name, job.target);
    job::Model {
        id: new.id,
        user_id: dataset.user_id,
        dataset_id: dataset.id,
        name: line(&name, LONGEST_NAME),
        state: job::State::Failed,
        error: Some(error_of(job)),
        version: 1,
        target: job.target.clone(),
        settings: JobSettings {
            budget_seconds,
            ..JobSettings::default()
        },
        problem: None,
        metric: None,
        higher_is_better: None,
        shape: None,
        notes: notes_of(job, budget_seconds),
        prepared_key: None,
        finish_requested: false,
        cancel_requested: false,
        created_at: job.created_at,
        started_at,
        search_started_at: None,
        paused_ms: 0,
        finished_at: Some(finished_at),
        annotation: job.notes.clone(),
        score: None,
    }
}

fn error_of(job: &Job) -> String {
    match (job.status, &job.error) {
        (Status::Completed, _) => {
            "Imported from version 1, where it completed. Its model is a pickle, which is not read here: train again.".to_owned()
        }
        (Status::Failed, Some(error)) => format!("Imported from version 1, where it failed: {error}"),
        (Status::Failed, None) => "Imported from version 1, where it failed and did not say why.".to_owned(),
        (Status::Open, _) => {
            "Imported from version 1, where it was not over when the tables were exported: train again.".to_owned()
        }
    }
}

fn notes_of(job: &Job, budget_seconds: u32) -> Notes {
    let mut notes = Vec::new();
    if !job.figures.is_empty() {
        notes.push(format!(
            "What version 1 told of its model: {}.",
            job.figures.join(", ")
        ));
    }
    if let Some(problem) = &job.problem {
        notes.push(format!("Version 1 took it for a {problem}."));
    }
    if job.is_deployed {
        notes.push("Its model was deployed in version 1.".to_owned());
    }
    notes.push(format!(
        "Version 1 keeps no budget of a job: {budget_seconds} s is what it gave a table of that size."
    ));
    Notes(notes)
}

fn budget(rows: Option<u64>) -> u32 {
    let Some(rows) = rows else { return BUDGETS[1].1 };
    let fits = BUDGETS.iter().find(|(below, _)| rows < *below);
    fits.map_or(LARGE_BUDGET, |(_, seconds)| *seconds)
}
