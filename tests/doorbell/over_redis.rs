//! Over Redis. What the queue library is known to get wrong (wake-ups that are lost, fetches that break on a long queue, workers
//! that end with the first slow answer, names that cannot be used again) must not matter.

use std::time::Duration;

use harness::{Redis, redis};

use crate::Office;

async fn open() -> (Redis, Office) {
    let redis = Redis::start(redis::Options::default()).expect("Redis starts");
    let office = Office::open(vec![("AUTOML_REDIS_URL", redis.url(0))]).await;
    (redis, office)
}

/// Messages that wait in Redis.
fn messages(redis: &Redis) -> usize {
    let count = |words: &[&str]| {
        let answer = redis.command(words).expect("Redis answers");
        let digits: String = answer.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<usize>().expect("a number")
    };
    count(&["LLEN", "automl:cpu:active"]) + count(&["ZCARD", "automl:cpu:scheduled"])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_ring_is_heard_by_somebody_idle() {
    let (_redis, office) = open().await;
    let mut slots = Vec::new();
    for number in 0..5 {
        slots.push(office.slot(number).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut slowest = Duration::ZERO;
    for count in 1..=60 {
        office.add().await;
        slowest = slowest.max(office.until(count, Duration::from_secs(10)).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(slowest < Duration::from_secs(5), "one took {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_stays_in_the_database() {
    const BACKLOG: usize = 1200;
    let (redis, office) = open().await;
    for _ in 0..BACKLOG {
        office.add().await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let told = messages(&redis);
    assert!((1..=600).contains(&told), "{told} messages");
    let _slot = office.slot(0).await;
    office.until(BACKLOG, Duration::from_secs(60)).await;
    office.add().await;
    office.until(BACKLOG + 1, Duration::from_secs(20)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_trouble_of_redis_ends_the_listening() {
    let (redis, office) = open().await;
    let _slot = office.slot(0).await;
    office.add().await;
    office.until(1, Duration::from_secs(10)).await;

    redis.pause().expect("Redis stalls");
    office.add().await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    redis.unpause().expect("Redis goes on");
    office.until(2, Duration::from_secs(20)).await;

    redis.flush_all().expect("Redis forgets");
    office.add().await;
    office.until(3, Duration::from_secs(45)).await;

    redis.restart().expect("Redis restarts");
    office.add().await;
    office.until(4, Duration::from_secs(20)).await;
}
