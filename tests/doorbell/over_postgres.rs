//! Over Postgres: what rings when Redis is away, or was never there.

use std::ops::Range;
use std::time::{Duration, Instant};

use harness::{Postgres, Redis, postgres, redis};
use platform::events::{Event, Object};
use platform::{Platform, accounts};
use tokio::sync::broadcast::Receiver;

use crate::{Office, Variables, platform};

/// How long a busy machine may take.
const LIMIT: Duration = Duration::from_secs(20);
/// Tasks, one after the other.
const TASKS: usize = 20;

struct Server {
    postgres: Postgres,
    database: String,
}

impl Server {
    fn start() -> Self {
        let postgres = Postgres::start(&postgres::Options::default()).expect("Postgres starts");
        let database = postgres.create_database(None).expect("a database");
        Self { postgres, database }
    }

    fn variables(&self) -> Variables {
        vec![("AUTOML_DATABASE_URL", self.postgres.url(&self.database))]
    }

    fn query(&self, query: &str) -> Vec<Vec<String>> {
        self.postgres
            .query(&self.database, query)
            .expect("Postgres answers")
    }

    /// Waits until so many sessions listen.
    async fn until_listening(&self, count: usize) {
        let began = Instant::now();
        let listening =
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'automl notices' AND state = 'idle'";
        while self.query(listening).len() < count {
            assert!(began.elapsed() < LIMIT, "{count} do not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the sessions that listen, as a network would.
    fn cut(&self) -> usize {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'automl notices'";
        self.query(cut).len()
    }
}

/// Has one process make tasks and two others do them.
async fn all_are_done(office: &Office) {
    let mut slots = Vec::new();
    for number in 0..2 {
        slots.push(office.slot(number).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut times = Vec::new();
    for count in 1..=TASKS {
        office.add().await;
        times.push(office.until(count, LIMIT).await);
    }
    times.sort();
    eprintln!(
        "from the insert to the end: median {:?}, at most {:?}",
        times[TASKS / 2],
        times[TASKS - 1]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_postgres_rings() {
    let server = Server::start();
    let office = Office::open(server.variables()).await;
    all_are_done(&office).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_dead_postgres_rings() {
    let server = Server::start();
    let redis = Redis::start(redis::Options::default()).expect("Redis starts");
    let mut variables = server.variables();
    variables.push(("AUTOML_REDIS_URL", redis.url(0)));
    let office = Office::open(variables).await;
    redis.kill().expect("Redis ends");
    all_are_done(&office).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_session_listens_again_and_looks() {
    let server = Server::start();
    let office = Office::open(server.variables()).await;
    let _slot = office.slot(0).await;
    server.until_listening(2).await;
    assert_eq!(server.cut(), 2);
    // Nobody hears of this one: it is found when the session stands again.
    office.add().await;
    office.until(1, LIMIT).await;
    server.until_listening(2).await;
    office.add().await;
    office.until(2, LIMIT).await;
}

/// Publishes events that differ in their version.
async fn publish(platform: &Platform, versions: Range<i64>) -> Vec<Event> {
    let id = accounts::owner(platform).await.expect("an account").id;
    let event = |version| Event {
        object: Object::Job,
        id,
        job_id: Some(id),
        user_id: id,
        version,
    };
    let events: Vec<Event> = versions.map(event).collect();
    for event in &events {
        platform.events.publish(*event);
    }
    events
}

/// The next thing heard; the inner none: something may be lost.
async fn next(events: &mut Receiver<Option<Event>>) -> Option<Event> {
    let next = tokio::time::timeout(LIMIT, events.recv()).await;
    next.expect("it is heard in time").expect("nothing is dropped")
}

/// Waits for these events in their order, whatever is in doubt in between.
async fn hear(events: &mut Receiver<Option<Event>>, wanted: &[Event]) {
    for wanted in wanted {
        while next(events).await != Some(*wanted) {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_go_over_postgres_while_redis_is_dead() {
    let server = Server::start();
    let redis = Redis::start(redis::Options::default()).expect("Redis starts");
    let mut variables = server.variables();
    variables.push(("AUTOML_REDIS_URL", redis.url(0)));
    let office = Office::open(variables).await;
    let other = platform(office.home.path(), &office.variables).await;
    let mut events = other.events.subscribe();
    server.until_listening(2).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    hear(&mut events, &publish(&office.platform, 1..2).await).await;
    redis.kill().expect("Redis ends");
    hear(&mut events, &publish(&office.platform, 2..100).await).await;
    // Who listens learns that something may be lost when the session was cut, and when Redis is there again.
    server.cut();
    while next(&mut events).await.is_some() {}
    redis.resume().expect("Redis comes back");
    while next(&mut events).await.is_some() {}
    server.until_listening(2).await;
    hear(&mut events, &publish(&office.platform, 100..101).await).await;
}
