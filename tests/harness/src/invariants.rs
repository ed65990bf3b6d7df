//! What must hold over Postgres once the jobs of a stack are over, whatever went wrong on the way.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::postgres::query;
use crate::stack::Stack;

/// How long tasks of an ended job may take to end, and idle trainers to go.
const SETTLING: Duration = Duration::from_secs(20);

/// Each gives one row for everything that is wrong.
const NEVER: [(&str, &str); 12] = [
    (
        "an accepted job is not over",
        "SELECT id, state FROM job WHERE state NOT IN ('completed', 'failed', 'cancelled') OR finished_at IS NULL",
    ),
    (
        "a completed job has one model, any other none",
        "SELECT job.id, job.state, count(model.id) FROM job LEFT JOIN model ON model.job_id = job.id \
         GROUP BY job.id, job.state HAVING count(model.id) <> CASE WHEN job.state = 'completed' THEN 1 ELSE 0 END",
    ),
    (
        // A job that goes on forgets the trials that brought nothing; others have come after them by then.
        "trials are numbered from 0 without a double, and without a gap unless the job was resumed",
        "SELECT job_id, count(*), count(DISTINCT number), min(number), max(number) \
         FROM trial JOIN job ON job.id = job_id GROUP BY job_id, job.id \
         HAVING count(*) <> count(DISTINCT number) OR min(number) <> 0 \
         OR (max(number) <> count(*) - 1 AND coalesce(settings ->> 'seen_trials', '0') = '0')",
    ),
    (
        "a trial of an ended job is over",
        "SELECT id, state FROM trial WHERE state NOT IN ('completed', 'failed', 'cancelled')",
    ),
    (
        "a completed trial has a score and its file",
        "SELECT id FROM trial WHERE state = 'completed' AND (score IS NULL OR artifact_key IS NULL)",
    ),
    (
        "a trial is done by one task",
        "SELECT payload->>'trial', count(*) FROM task WHERE kind = 'trial' GROUP BY 1 HAVING count(*) > 1",
    ),
    (
        "a result is committed once",
        "SELECT key, count(*) FROM artifact GROUP BY key HAVING count(*) > 1 \
         UNION ALL SELECT job_id || kind, count(*) FROM artifact WHERE job_id IS NOT NULL AND kind <> 'trial' \
         GROUP BY job_id, kind HAVING count(*) > 1",
    ),
    (
        "a task is over",
        "SELECT id, kind, state, worker FROM task WHERE state NOT IN ('done', 'dead', 'cancelled')",
    ),
    (
        "an accepted batch prediction is not over",
        "SELECT id, state FROM batch_prediction WHERE state NOT IN ('completed', 'failed', 'cancelled') OR finished_at IS NULL",
    ),
    (
        "a completed batch prediction has one file of predictions and one report, any other none",
        "SELECT batch.id, batch.state, count(file.id) FROM batch_prediction AS batch LEFT JOIN artifact AS file \
         ON file.batch_prediction_id = batch.id AND file.kind IN ('predictions', 'batch_report') GROUP BY batch.id, batch.state \
         HAVING count(file.id) <> CASE WHEN batch.state = 'completed' THEN 2 ELSE 0 END \
         OR count(file.id) <> count(DISTINCT file.kind)",
    ),
    (
        "a batch prediction is done by one task",
        "SELECT batch_prediction_id, count(*) FROM task WHERE kind = 'predict' GROUP BY 1 HAVING count(*) > 1",
    ),
    (
        "a step of an ended job is over",
        "SELECT job_id, name, state FROM step WHERE state IN ('pending', 'running')",
    ),
];

/// Checks a production stack whose jobs are over: each accepted job is terminal, one model a completed job, no trial twice,
/// no task left, no trainer without a worker.
///
/// # Panics
/// Naming what does not hold.
pub fn check(stack: &Stack) {
    let url = stack
        .database_url
        .as_deref()
        .expect("a production stack has a database");
    let began = Instant::now();
    loop {
        let mut wrong = broken(url);
        let orphans = orphans(stack);
        if !orphans.is_empty() {
            wrong.push(format!("trainers without a worker: {orphans:?}"));
        }
        if wrong.is_empty() {
            return;
        }
        assert!(began.elapsed() < SETTLING, "broken: {}", wrong.join("; "));
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Deaths that were counted against the tasks of a stack: none when all its workers were stopped in good order.
///
/// # Panics
/// When the database does not answer.
pub fn counted_deaths(stack: &Stack) -> i64 {
    sum(stack, "crashes + failures")
}

/// Deaths of workers and trainers alone: tasks may have failed for other reasons.
///
/// # Panics
/// As [`counted_deaths`].
pub fn counted_crashes(stack: &Stack) -> i64 {
    sum(stack, "crashes")
}

fn sum(stack: &Stack, what: &str) -> i64 {
    let url = stack
        .database_url
        .as_deref()
        .expect("a production stack has a database");
    let statement = format!("SELECT coalesce(sum({what}), 0) FROM task");
    let rows = query(url, &statement).expect("the database answers");
    rows[0][0].parse().expect("a sum is a number")
}

fn broken(url: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (invariant, statement) in NEVER {
        match query(url, statement) {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => wrong.push(format!("{invariant}: {rows:?}")),
            Err(error) => wrong.push(format!("{invariant}: {error:#}")),
        }
    }
    wrong
}

/// Trainers that work below the stack's folder and are no child of one of its workers.
fn orphans(stack: &Stack) -> Vec<u32> {
    let kept = stack.trainers();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        if is_trainer_below(&entry.path(), stack.folder()) && !kept.contains(&process) {
            found.push(process);
        }
    }
    found
}

fn is_trainer_below(process: &Path, folder: &Path) -> bool {
    let words = std::fs::read(process.join("cmdline")).unwrap_or_default();
    let is_trainer = words.split(|byte| *byte == 0).any(|word| word == b"trainer");
    is_trainer && std::fs::read_link(process.join("cwd")).is_ok_and(|place| place.starts_with(folder))
}
