//! Workers and their children die, are stopped, or come back from the dead. No service is touched.

use std::time::{Duration, Instant};

use harness::postgres::query;
use harness::stack::stop;
use harness::{Signal, Stack, invariants};

use serde_json::Value;

use crate::{BUDGET, JOB_LIMIT, LEASE, PENGUINS, begin, completes, plan};

/// A worker that is told to stop must be gone by then.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);
/// A dead worker is missed by then: two seconds by design, the rest for a busy machine.
const NOTICE_LIMIT: Duration = Duration::from_secs(5);
/// A worker trusts in what it sees of others once it has seen the database for six seconds.
const SETTLING: Duration = Duration::from_secs(7);

/// F2: the trainer child dies, the worker does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_trainer_is_replaced() {
    let mut stack = Stack::production(&plan());
    let job = begin(&stack, 1).await;
    for child in stack.trainers() {
        // One that has just ended by itself cannot be killed.
        let _ = Signal::Kill.send(child);
    }
    completes(&stack, &job).await;
    assert!(stack.workers.iter_mut().all(harness::Process::is_running));
    // And they take the next work at once.
    let began = Instant::now();
    let dataset = stack.client().upload("next.csv", PENGUINS).await;
    let ready = stack.client().wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// F3: workers are told to stop, one after the other, and started again: a rolling restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_costs_no_attempt() {
    let mut stack = Stack::production(&plan());
    let job = begin(&stack, 1).await;
    for _ in 0..2 {
        let busy = stack.busy_worker();
        let status = stop(&mut stack.workers[busy], DRAIN_LIMIT);
        assert!(status.success(), "{status}");
        stack.workers[busy] = stack.workers[busy].again();
    }
    completes(&stack, &job).await;
    assert_eq!(invariants::counted_deaths(&stack), 0, "a drain uses no budget");
}

/// F1: a worker that trains is killed, at three moments; it is started again each time. Its death is noticed long before its
/// lease ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_costs_a_trial() {
    let mut plan = plan();
    plan.set("AUTOML_LEASE_SECONDS", "60");
    let mut stack = Stack::production(&plan);
    let mut noticed = Vec::new();
    let dataset = stack.client().upload("penguins.csv", PENGUINS).await;
    stack.client().wait_for_dataset(&dataset).await;
    tokio::time::sleep(SETTLING).await;
    for (finished, pause_ms) in [(0, 50), (1, 700), (3, 300)] {
        let job = stack
            .client()
            .start_job_on(&dataset, "species", BUDGET, "BEST")
            .await;
        stack.client().wait_for_trials(&job, finished, JOB_LIMIT).await;
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        let busy = stack.busy_worker();
        let deaths = invariants::counted_deaths(&stack);
        stack.workers[busy].kill();
        noticed.extend(time_until_noticed(&stack, deaths));
        stack.workers[busy] = stack.workers[busy].again();
        let done = completes(&stack, &job).await;
        let finished_at_last = done["progress"]["trialsFinished"].as_i64();
        assert!(
            finished_at_last > Some(finished),
            "finished trials are kept: {done:#}"
        );
    }
    assert!(
        !noticed.is_empty(),
        "no worker held a task when it was killed, or none was missed"
    );
    assert!(noticed.iter().all(|after| *after < NOTICE_LIMIT), "{noticed:?}");
}

/// A job that is over, once all its tasks are: that somebody was told is a step of its own, which changes its version.
async fn settled(stack: &Stack, job: &str) -> Value {
    let client = stack.client();
    client.wait_for_job(job, JOB_LIMIT).await;
    let url = stack.database_url.as_deref().expect("a database");
    let began = Instant::now();
    let open = "SELECT count(*) FROM task WHERE state IN ('queued', 'running')";
    while query(url, open).expect("the database answers") != [["0"]] {
        assert!(began.elapsed() < JOB_LIMIT, "a task stays open");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.wait_for_job(job, JOB_LIMIT).await
}

/// How long it takes until a death is counted; none when the killed worker held no task just then.
fn time_until_noticed(stack: &Stack, deaths: i64) -> Option<Duration> {
    let began = Instant::now();
    while began.elapsed() < 2 * NOTICE_LIMIT {
        if invariants::counted_deaths(stack) > deaths {
            return Some(began.elapsed());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

/// F4: a worker is stopped for longer than its lease, and goes on as if nothing had happened.
#[tokio::test(flavor = "multi_thread")]
async fn a_zombie_writes_nothing() {
    let stack = Stack::production(&plan());
    let job = begin(&stack, 1).await;
    let zombie = stack.busy_worker();
    stack.workers[zombie].signal(Signal::Stop);
    tokio::time::sleep(Duration::from_secs(LEASE + 2)).await;
    let done = settled(&stack, &job).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    stack.workers[zombie].signal(Signal::Continue);
    // Whatever it writes now has an old fence; its child must go.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    for field in ["state", "version", "leaderboard", "progress"] {
        assert_eq!(
            after[field], done[field],
            "the zombie changed the {field} of a job that was over"
        );
    }
    assert_eq!(after["model"]["id"], done["model"]["id"]);
    invariants::check(&stack);
    // It is not dead, it only has lost its task.
    let dataset = stack.client().upload("next.csv", PENGUINS).await;
    let ready = stack.client().wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
}
