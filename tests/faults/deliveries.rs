//! F11: the queue delivers every message many times, out of order, long after it has mattered, and ones that mean nothing.

use std::time::Duration;

use harness::postgres::{self, query};
use harness::stack::Services;
use harness::{Stack, redis};

use crate::{begin, completes, plan_over};

/// Puts every message that Redis still knows into the queue again, the last one first, so many times, with one in between whose
/// task nobody has made. Returns how many there are.
const AGAIN: &str = "local ids = redis.call('hkeys', KEYS[1]) \
    redis.call('hset', KEYS[1], ARGV[1], cjson.encode(ARGV[1])) \
    for turn = 1, tonumber(ARGV[2]) do \
      redis.call('rpush', KEYS[2], ARGV[1]) \
      for place = #ids, 1, -1 do redis.call('rpush', KEYS[2], ids[place]) end \
    end \
    return #ids";
/// A task that does not exist.
const UNKNOWN: &str = "0190a0c4-0000-7000-8000-000000000000";

fn deliver_again(services: &Services, times: u32) -> u32 {
    let times = times.to_string();
    let words = [
        "EVAL",
        AGAIN,
        "2",
        "automl:cpu:data",
        "automl:cpu:active",
        UNKNOWN,
        &times,
    ];
    let known = services.redis.command(&words).expect("Redis takes the script");
    known.parse().unwrap_or_else(|_| panic!("{known:?} is no number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_task_is_done_once_however_often_it_is_delivered() {
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let stack = Stack::production(&plan_over(&services));
    let url = stack.database_url.clone().expect("a database");
    let job = begin(&stack, 0).await;
    let mut delivered = 0;
    for _ in 0..20 {
        delivered += deliver_again(&services, 10) * 10;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(delivered > 100, "{delivered} messages say little");
    completes(&stack, &job).await;
    // Nobody died, so that a task that was claimed twice was done twice.
    let claims = "SELECT id, kind, fence FROM task WHERE fence <> 1 AND state = 'done'";
    let twice = query(&url, claims).expect("the database answers");
    assert!(twice.is_empty(), "claimed more than once: {twice:?}");

    let rows = "SELECT id, state, fence, updated_at FROM task ORDER BY id";
    let before = query(&url, rows).expect("the database answers");
    assert!(deliver_again(&services, 10) > 0, "no message is known any more");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = query(&url, rows).expect("the database answers");
    assert_eq!(after, before, "what is over was touched");
}
