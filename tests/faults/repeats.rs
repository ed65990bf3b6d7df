//! F1 over whole jobs: a job whose only worker was killed at random moments ends bit for bit as one that nobody disturbed. It is
//! limited by a number of trials, for one that time limits depends on the machine.

use std::time::Duration;

use harness::postgres::query;
use harness::{Stack, invariants};

use crate::{JOB_LIMIT, PENGUINS, plan};

/// So long that no clock decides anything: a network's learning rate falls by its steps or by the time that is gone, whichever is
/// further, and on a busy machine the time is.
const BUDGET_SECONDS: u32 = 86_400;
/// Trials of each job.
const TRIALS: i64 = 8;
/// Kills a job: a third death of one task would end it.
const KILLS: usize = 2;
/// Everything that a job decided and computed. Times, the time to answer a row among them, and ids are its own.
const OUTCOME: &str = "SELECT number, name, learner, state, params, score, loss, fold_scores, rounds, weight FROM trial \
    WHERE job_id = (SELECT id FROM job ORDER BY created_at DESC LIMIT 1) ORDER BY number";
const MODEL: &str = "SELECT classes, inputs, evaluation::jsonb #- '{latency}' #- '{alternative,seconds}' \
    #- '{alternative,chosen_seconds}' #- '{alternative,reason}', certificate FROM model \
    WHERE job_id = (SELECT id FROM job ORDER BY created_at DESC LIMIT 1)";

/// Jobs that are disturbed: `AUTOML_FAULT_RUNS` is the number of kills.
fn disturbed_jobs() -> usize {
    let kills = std::env::var("AUTOML_FAULT_RUNS");
    let kills = kills.ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    kills.div_ceil(KILLS)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disturbed_job_ends_as_an_undisturbed_one() {
    let mut plan = plan();
    (plan.faces, plan.workers) = (1, 1);
    let mut stack = Stack::production(&plan);
    let client = stack.client().clone();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let expected = outcome(&mut stack, &dataset, &[]).await;
    assert_eq!(expected.0.len() as i64, TRIALS, "{expected:?}");
    // Any seed will do: what fails is shown with its moments.
    let mut random = u64::from(std::process::id()) | 1;
    for _ in 0..disturbed_jobs() {
        let mut moments = Vec::new();
        for kill in 0..KILLS as i64 {
            let finished =
                kill * TRIALS / KILLS as i64 + draw(&mut random, TRIALS as u64 / KILLS as u64) as i64;
            moments.push((finished, Duration::from_millis(draw(&mut random, 800))));
        }
        println!("killed at {moments:?}");
        let found = outcome(&mut stack, &dataset, &moments).await;
        assert_eq!(found, expected, "killed at {moments:?}");
    }
}

/// Runs a job and kills its worker so long after so many trials had ended. Returns what came of it.
async fn outcome(
    stack: &mut Stack,
    dataset: &str,
    moments: &[(i64, Duration)],
) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let client = stack.client().clone();
    let url = stack.database_url.clone().expect("a database");
    // The limit is not a client's to set: it is there before the search looks for the first time.
    stack.workers[0].signal(harness::Signal::Stop);
    let job = client
        .start_job_on(dataset, "species", BUDGET_SECONDS, "BALANCED")
        .await;
    let limit = format!(
        "UPDATE job SET settings = jsonb_set(settings::jsonb, '{{max_trials}}', '{TRIALS}') WHERE state = 'queued'"
    );
    query(&url, &limit).expect("the job has a limit");
    stack.workers[0].signal(harness::Signal::Continue);
    for (finished, pause) in moments {
        client.wait_for_trials(&job, *finished, JOB_LIMIT).await;
        tokio::time::sleep(*pause).await;
        stack.workers[0].kill();
        stack.workers[0] = stack.workers[0].again();
    }
    let done = client.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    invariants::check(stack);
    let ask = |statement| query(&url, statement).expect("the database answers");
    (ask(OUTCOME), ask(MODEL))
}

/// A number below a bound.
fn draw(state: &mut u64, below: u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}
