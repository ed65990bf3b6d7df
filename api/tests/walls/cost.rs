//! What the second wall costs, as a ratio: `make bench-walls`.

use std::time::{Duration, Instant};

use entities::{Viewer, dataset, job, trial};
use sea_orm::{ConnectOptions, ConnectionTrait, QueryOrder, QuerySelect};

use crate::setup::Application;
use crate::{new_database, server};

/// Reads of one kind in one turn.
const READS: usize = 400;
/// Turns, one after the other for each of the two.
const TURNS: usize = 9;

/// A page of twenty jobs, and all of a job's trials.
async fn turn(connection: &impl ConnectionTrait, viewer: Viewer, with_trials: bool) -> Duration {
    let began = Instant::now();
    for _ in 0..READS {
        if with_trials {
            let trials = trial::Entity::find_for(viewer).limit(400);
            assert_eq!(trials.all(connection).await.expect("trials").len(), 400);
        } else {
            let jobs = job::Entity::find_for(viewer)
                .order_by_desc(job::Column::Id)
                .limit(20);
            assert_eq!(jobs.all(connection).await.expect("jobs").len(), 20);
        }
    }
    began.elapsed()
}

#[tokio::test]
#[ignore = "a measurement: make bench-walls"]
async fn with_and_without_the_wall() {
    let server = server();
    let url = new_database(&server);
    let application = Application::start_over(Some(url.clone())).await;
    for owner in [&application.ann, &application.bob] {
        let dataset = application.dataset(owner, dataset::State::Ready).await;
        for _ in 0..100 {
            let row = application.job(&dataset, job::State::Completed).await;
            for number in 0..10 {
                application.trial(&row, number, Some(0.5)).await;
            }
        }
    }
    let (_, name) = url.rsplit_once('/').expect("a URL");
    server.query(name, "ANALYZE").expect("statistics");
    // Without: a superuser, whom no policy holds for, over a pool that asks each connection whether it is alive.
    let mut options = ConnectOptions::new(server.keeper_url(name));
    options
        .max_connections(8)
        .test_before_acquire(true)
        .sqlx_logging(false);
    let without = sea_orm::Database::connect(options).await.expect("a pool");
    let viewer = Viewer::member(application.ann.id);
    let with = application.platform.for_viewer(viewer).database;
    let everybody = application.platform.database.clone();
    for (name, with_trials) in [("a page of 20 jobs", false), ("400 trials of 100 jobs", true)] {
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..TURNS {
            times[0].push(turn(&without, viewer, with_trials).await);
            times[1].push(turn(everybody.connection(), viewer, with_trials).await);
            times[2].push(turn(with.connection(), viewer, with_trials).await);
        }
        // The best turn of each: whatever else the machine does only adds.
        let best = times.map(|turns| turns.into_iter().min().unwrap_or_default().as_secs_f64());
        println!(
            "{name}: {:.2} times the {:.0} us without the wall where it is only said that everybody's rows are wanted, \
             {:.2} times on somebody's behalf (best of {TURNS} turns)",
            best[1] / best[0],
            best[0] / READS as f64 * 1e6,
            best[2] / best[0]
        );
    }
}
