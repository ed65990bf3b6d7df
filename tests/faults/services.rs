//! A service stops, forgets or fails while a job runs. Each test has services of its own.

use std::time::Duration;

use harness::postgres::{self, Stop, query};
use harness::stack::{STORES_IN_S3, Services};
use harness::{Signal, Stack, redis, s3};
use serde_json::{Value, json};

use crate::{BUDGET, JOB_LIMIT, PENGUINS, begin, completes, plan_over, start};

/// F9: Postgres is restarted in good order, and then as by a crash.
#[tokio::test(flavor = "multi_thread")]
async fn restarts_of_postgres_lose_nothing() {
    let durable = postgres::Options {
        is_durable: true,
        ..postgres::Options::default()
    };
    let services = Services::start(&durable, redis::Options::default());
    let mut stack = Stack::production(&plan_over(&services));
    let job = begin(&stack, 1).await;
    for how in [Stop::Fast, Stop::Immediate] {
        services.postgres.stop(how).expect("Postgres stops");
        // The face lives and says that it cannot answer; it does not hang.
        let answer = stack
            .client()
            .send("{ viewer { id } }", Value::Null, Some(&stack.client().token));
        let answer = tokio::time::timeout(Duration::from_secs(15), answer).await;
        let answer = answer.expect("it answers in time").expect("it answers");
        assert!(answer["errors"][0]["message"].is_string(), "{answer:#}");
        services.postgres.resume().expect("Postgres starts");
        stack
            .client()
            .look_for(
                &job,
                "... on Job { version state }",
                Value::is_object,
                Duration::from_secs(15),
            )
            .await;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    completes(&stack, &job).await;
    for process in stack.faces.iter_mut().chain(&mut stack.workers) {
        assert!(process.is_running(), "nobody needs Postgres that much");
    }
}

/// F6 and F7: Redis is restarted with its file, loses everything, and is away.
#[tokio::test(flavor = "multi_thread")]
async fn redis_may_restart_forget_and_be_away() {
    let persistent = redis::Options {
        is_persistent: true,
        ..redis::Options::default()
    };
    let services = Services::start(&postgres::Options::default(), persistent);
    let stack = Stack::production(&plan_over(&services));
    let job = begin(&stack, 1).await;
    services.redis.restart().expect("Redis restarts");
    tokio::time::sleep(Duration::from_secs(2)).await;
    services.redis.flush_all().expect("Redis forgets");
    completes(&stack, &job).await;
    // New jobs are accepted and done while it is away; polling finds them.
    services.redis.kill().expect("Redis ends");
    let job = start(&stack).await;
    completes(&stack, &job).await;
    services.redis.resume().expect("Redis comes back");
    let job = start(&stack).await;
    completes(&stack, &job).await;
}

/// F8: Redis has no memory left and refuses every write.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_redis_delays_and_loses_nothing() {
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let stack = Stack::production(&plan_over(&services));
    let full = services.redis.command(&["CONFIG", "SET", "maxmemory", "1"]);
    full.expect("Redis takes a setting");
    let job = start(&stack).await;
    completes(&stack, &job).await;
}

/// F17: three of ten requests to S3 fail, and downloads break or lie.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_store_is_tried_again_and_never_believed() {
    if !STORES_IN_S3 {
        eprintln!("skipped: nothing is stored in S3");
        return;
    }
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let stack = Stack::production(&plan_over(&services));
    let dataset = stack.client().upload("penguins.csv", PENGUINS).await;
    let faults = s3::Faults {
        failing: 0.3,
        doubtful: 0.05,
        truncating: 0.1,
        corrupting: 0.1,
        delay: Duration::from_millis(20),
    };
    services.s3.set(faults, 11);
    let ready = stack.client().wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let job = stack
        .client()
        .start_job_on(&dataset, "species", BUDGET, "BEST")
        .await;
    let done = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    assert!(
        services.s3.count().faults > 0,
        "nothing went wrong: {:?}",
        services.s3.count()
    );
    services.s3.heal();
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    completes(&stack, &job).await;
    let downloads = done["model"]["downloads"].as_array().expect("downloads");
    assert!(!downloads.is_empty());
    for download in downloads {
        let answer = stack.client().get(download["url"].as_str().expect("a url")).await;
        let bytes = answer.bytes().await.expect("bytes");
        assert_eq!(
            bytes.len() as i64,
            download["sizeBytes"].as_i64().expect("a size"),
            "{download}"
        );
    }
}

/// The bucket stays away until a task is given up: it is dead and says why, and its job can be tried again afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_the_bucket_fails_and_can_be_tried_again() {
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let stack = Stack::production(&plan_over(&services));
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    let ready = client.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let away = s3::Faults {
        failing: 1.0,
        ..s3::Faults::default()
    };
    // The job is accepted before the bucket goes, and nobody works on it until then.
    let signal = |signal| stack.workers.iter().for_each(|worker| worker.signal(signal));
    signal(Signal::Stop);
    let job = client.start_job_on(&dataset, "species", BUDGET, "BEST").await;
    services.s3.set(away, 3);
    signal(Signal::Continue);
    let failed = client.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(failed["state"], "FAILED", "{failed:#}");
    assert!(failed["error"].is_string(), "people are told why: {failed:#}");
    let url = stack.database_url.as_deref().expect("a database");
    let dead = query(
        url,
        "SELECT kind, failures, crashes, error FROM task WHERE state = 'dead'",
    );
    let dead = dead.expect("the database answers");
    assert!(dead.len() == 1 && dead[0][3].contains("bucket"), "{dead:?}");
    assert_eq!(dead[0][2], "0", "nobody died of it: {dead:?}");
    println!("given up: {}; {}", failed["error"], dead[0][3]);

    services.s3.heal();
    let input = json!({ "id": job });
    client
        .mutate("retryJob", "RetryJobInput", input, "job { state }")
        .await;
    completes(&stack, &job).await;
}
