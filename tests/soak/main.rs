//! The soak: users start jobs, wait for them, change their minds, while something breaks every second. `make test` runs half a
//! minute of it, `make soak MINUTES=60` an hour.
//!
//! After it, nothing may be lost and nothing done twice: see [`harness::invariants`] and [`verdict`].

mod detection;
mod faults;
mod load;
mod samples;
mod verdict;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::stack::{Plan, Services};
use harness::{Proxy, Stack, postgres, redis};

use faults::Breaker;
use load::Load;

const PENGUINS: &[u8] = include_bytes!("../data/penguins.csv");
/// How long it takes when nobody says how long.
const DEFAULT: Duration = Duration::from_secs(30);
/// Between two faults.
const PACE: Duration = Duration::from_secs(1);
/// People that have a job running at any time.
const USERS: usize = 6;
/// Workers of one slot each.
const WORKERS: usize = 4;
/// How long the last jobs may take once nothing breaks any more.
const PATIENCE: Duration = Duration::from_secs(180);

#[test]
fn nothing_is_lost_and_nothing_done_twice() {
    let variable = |name: &str| std::env::var(name).ok()?.parse::<f64>().ok();
    let length =
        variable("AUTOML_SOAK_MINUTES").map_or(DEFAULT, |minutes| Duration::from_secs_f64(minutes * 60.0));
    let seed = variable("AUTOML_SOAK_SEED").map_or(1, |seed| seed as u64);

    let services = services();
    let ways = Ways::to(&services);
    let mut stack = Stack::production(&plan(&services, &ways));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let load = Arc::new(runtime.block_on(Load::prepare(stack.clients.clone(), seed)));
    let users: Vec<_> = (0..USERS)
        .map(|user| runtime.spawn(load::user(Arc::clone(&load), user)))
        .collect();

    let mut breaker = Breaker::new(&services, &ways, &load, seed);
    let began = Instant::now();
    let mut tick = began;
    while began.elapsed() < length {
        breaker.supervise(&mut stack);
        breaker.strike(&mut stack);
        tick = (tick + PACE).max(Instant::now() - PACE);
        std::thread::sleep(tick.saturating_duration_since(Instant::now()));
    }
    breaker.mend_all(&mut stack);
    load.stop();
    let jobs = runtime.block_on(load::end(users, PATIENCE));

    println!(
        "{}",
        verdict::report(&stack, &jobs, &breaker.into_record(), began.elapsed())
    );
    verdict::check(&stack, &jobs);
}

fn services() -> Services {
    // A crash of either loses what it had not written, as in real life.
    let postgres = postgres::Options {
        is_durable: true,
        ..postgres::Options::default()
    };
    let redis = redis::Options {
        is_persistent: true,
        ..redis::Options::default()
    };
    Services::start(&postgres, redis)
}

/// Ways that can be broken: of the first worker to Postgres, of the first face to Redis.
struct Ways {
    postgres: Proxy,
    redis: Proxy,
}

impl Ways {
    fn to(services: &Services) -> Self {
        Self {
            postgres: Proxy::start(services.postgres.port()).expect("a proxy"),
            redis: Proxy::start(services.redis.port()).expect("a proxy"),
        }
    }
}

fn plan(services: &Services, ways: &Ways) -> Plan {
    let program = env!("CARGO_BIN_EXE_automl");
    let part = services.part(Path::new(program));
    let mut plan = Plan::new(program, services.environment(&part));
    plan.workers = WORKERS;
    let url = postgres::Postgres::url_at(ways.postgres.port(), &part.database);
    plan.first_worker.push(("AUTOML_DATABASE_URL".to_owned(), url));
    let url = format!("redis://127.0.0.1:{}/{}", ways.redis.port(), part.number);
    plan.first_face.push(("AUTOML_REDIS_URL".to_owned(), url));
    plan
}
