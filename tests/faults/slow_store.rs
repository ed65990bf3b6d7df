//! A store that answers slowly: a result is on its way while the next trial runs already.

use std::time::Duration;

use harness::postgres::query;
use harness::stack::Services;
use harness::{Stack, postgres, redis, s3};

use crate::{begin, completes, plan_over, start};

/// Delay of every answer of the store: longer than the database takes for anything.
const DELAY: Duration = Duration::from_millis(500);

fn slow() -> Services {
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let faults = s3::Faults {
        delay: DELAY,
        ..s3::Faults::default()
    };
    services.s3.set(faults, 1);
    services
}

/// The only slot begins the next trial before the last result is recorded, and begins no third one before that.
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_does_not_wait_for_the_store() {
    let services = slow();
    let mut plan = plan_over(&services);
    plan.workers = 1;
    let stack = Stack::production(&plan);
    let job = start(&stack).await;
    completes(&stack, &job).await;
    let url = stack.database_url.as_deref().expect("a database");
    let trials = "SELECT coalesce(lead(started_at, 1) OVER times < finished_at, false), coalesce(lead(started_at, 2) OVER times < finished_at, false) \
        FROM trial WHERE state = 'completed' WINDOW times AS (ORDER BY started_at)";
    let rows = query(url, trials).expect("the database answers");
    assert!(rows.len() > 2, "{} trials", rows.len());
    let count = |column: usize| rows.iter().filter(|row| row[column] == "t").count();
    assert!(count(0) > 0, "each trial waits for the result before it");
    assert_eq!(count(1), 0, "one result is on its way at most");
}

/// F1 with results on their way: the worker that has one is killed.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_on_its_way_is_made_again() {
    let services = slow();
    let mut stack = Stack::production(&plan_over(&services));
    let job = begin(&stack, 1).await;
    stack.lose_a_pool();
    completes(&stack, &job).await;
}
