//! What real servers are needed for: rate limits that several processes share, and statements that end in the database.

use std::time::{Duration, Instant};

use harness::Redis;
use harness::redis::Options;
use platform::allowance::{Allowances, Subject};
use platform::{Platform, Secret, Settings};
use serde_json::json;
use uuid::Uuid;

use crate::setup::{Application, now};
use crate::{new_database, server};

async fn process(redis: &Redis, home: &std::path::Path) -> Platform {
    let mut settings = Settings::new(home, 2, 4 << 30);
    settings.redis = Some(Secret::new(redis.url(0)));
    settings.traffic.points_per_minute = 1_000;
    Platform::open(settings).await.expect("a platform")
}

/// Takes until nothing is left; how much it was.
async fn drain(processes: &[&Allowances], subject: Subject, amount: u64) -> u64 {
    let (mut taken, mut refused) = (0, 0);
    while refused < 50 {
        for allowances in processes {
            match allowances.take(subject, amount, now()).await {
                Ok(()) => taken += amount,
                Err(_) => refused += 1,
            }
        }
        assert!(taken < 10_000, "there is no end");
    }
    taken
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_a_bucket_and_go_on_alone_without_redis() {
    let redis = Redis::start(Options::default()).expect("Redis");
    let homes = [
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    ];
    let mut platforms = Vec::new();
    for home in &homes {
        platforms.push(process(&redis, home.path()).await);
    }
    let processes: Vec<&Allowances> = platforms.iter().map(|platform| &*platform.allowances).collect();
    let began = Instant::now();
    let ann = Subject::Person(Uuid::now_v7());
    let taken = drain(&processes, ann, 3).await;
    let flowed = (began.elapsed().as_secs_f64() * 1_000.0 / 60.0).ceil() as u64;
    // Not a point more, however they take turns, and nearly all.
    assert!(taken <= 1_000 + flowed, "{taken}, of which {flowed} flowed in");
    assert!(taken >= 900, "{taken}");
    // Each knows it; another person's bucket is full.
    let left = processes[1]
        .standing(ann, now())
        .await
        .expect("a limit")
        .remaining;
    assert!(left < 100, "{left}");
    let bob = Subject::Person(Uuid::now_v7());
    processes[0].take(bob, 1, now()).await.expect("a point");
    let left = processes[2]
        .standing(bob, now())
        .await
        .expect("a limit")
        .remaining;
    // What another process has leased counts as there until it is told of.
    assert!((997..=1_000).contains(&left), "{left}");
    // Everything at once, from all of them.
    let carl = Subject::Person(Uuid::now_v7());
    let mut tasks = Vec::new();
    for platform in &platforms {
        for _ in 0..200 {
            let allowances = platform.allowances.clone();
            tasks.push(tokio::spawn(async move {
                allowances.take(carl, 5, now()).await.is_ok()
            }));
        }
    }
    let mut taken = 0;
    for task in tasks {
        taken += 5 * u64::from(task.await.unwrap());
    }
    assert!((900..=1_050).contains(&taken), "{taken}");
    // Without Redis nobody waits, and each process has its own.
    redis.kill().expect("killed");
    let began = Instant::now();
    let dora = Subject::Person(Uuid::now_v7());
    for allowances in &processes {
        allowances.take(dora, 1_000, now()).await.expect("all of it");
        assert!(allowances.take(dora, 1_000, now()).await.is_err());
    }
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    // Back again, they share.
    redis.resume().expect("it starts");
    let shared = async {
        loop {
            let emil = Subject::Person(Uuid::now_v7());
            processes[0].take(emil, 600, now()).await.expect("there");
            if processes[1].take(emil, 600, now()).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let shared = tokio::time::timeout(Duration::from_secs(30), shared).await;
    shared.expect("they share again");
}

/// A page that waits for a table ends in the database too, and says that it took too long.
#[tokio::test]
async fn a_statement_that_takes_too_long_ends_in_the_database() {
    let server = server();
    let url = new_database(&server);
    let limit = Duration::from_secs(1);
    let application =
        Application::start_over_with(Some(url.clone()), |settings| settings.traffic.statement = limit).await;
    let (_, name) = url.rsplit_once('/').expect("a URL");
    let waiting = || {
        let question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name = 'automl' AND state = 'active'";
        server.query(name, question).expect("rows")[0][0].clone()
    };
    // Somebody holds the table.
    let keeper = sea_orm::Database::connect(server.keeper_url(name))
        .await
        .expect("a connection");
    let held = sea_orm::TransactionTrait::begin(&keeper)
        .await
        .expect("a transaction");
    sea_orm::ConnectionTrait::execute_unprepared(&held, "LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("locked");
    let began = Instant::now();
    let asking = application.graphql(&application.ann, "{ jobs { edges { node { id } } } }", json!({}));
    let looking = async {
        tokio::time::sleep(limit / 2).await;
        waiting()
    };
    let (answer, during) = futures_util::future::join(asking, looking).await;
    assert_ne!(during, "0", "it waits in the database");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMEOUT", "{answer}");
    assert_eq!(answer["data"], json!({ "jobs": null }));
    assert!(began.elapsed() < limit * 3, "{:?}", began.elapsed());
    assert_eq!(waiting(), "0");
    // A request that is given up leaves no statement behind for longer than that.
    let asking = application.graphql(&application.ann, "{ jobs { edges { node { id } } } }", json!({}));
    tokio::time::timeout(limit / 2, asking)
        .await
        .expect_err("it waits");
    tokio::time::sleep(limit).await;
    assert_eq!(waiting(), "0");
    held.rollback().await.expect("let go");
    let answer = application
        .graphql(&application.ann, "{ jobs { totalCount } }", json!({}))
        .await;
    assert_eq!(answer["data"]["jobs"]["totalCount"], 0, "{answer}");
    // What the platform does for itself has more time.
    let slow = "SELECT pg_sleep(1.5)";
    let connection = application.platform.database.connection();
    sea_orm::ConnectionTrait::execute_unprepared(connection, slow)
        .await
        .expect("done");
}
