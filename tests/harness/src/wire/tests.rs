//! Over the real services: a fault is what it says, and only that.

use std::sync::Arc;

use super::*;
use crate::postgres::{self as server, Postgres, query};
use crate::redis::{self as cache, Redis};

/// One kind of fault, always.
fn always(set: fn(&mut Rates)) -> Rates {
    let mut rates = Rates::default();
    set(&mut rates);
    rates
}

/// A database behind the wire, and the same one without it.
struct Behind {
    server: Postgres,
    wire: Wire,
    database: String,
}

impl Behind {
    fn start() -> Self {
        let server = Postgres::start(&server::Options::default()).unwrap();
        let database = server.create_database(None).unwrap();
        query(&server.url(&database), "CREATE TABLE a (b int)").unwrap();
        let wire = Wire::start(Protocol::Postgres, server.port(), &Arc::default()).unwrap();
        Self {
            server,
            wire,
            database,
        }
    }

    fn insert(&self) -> Result<Vec<Vec<String>>> {
        let url = Postgres::url_at(self.wire.port(), &self.database);
        query(&url, "INSERT INTO a VALUES (1)")
    }

    fn rows(&self) -> String {
        self.server
            .query(&self.database, "SELECT count(*) FROM a")
            .unwrap()[0][0]
            .clone()
    }
}

#[test]
fn a_call_to_postgres_is_done_or_not_as_its_fate_says() {
    let behind = Behind::start();
    behind.insert().unwrap();
    assert_eq!(behind.rows(), "1");
    for (rates, rows) in [
        (always(|rates| rates.cut_before = 1.0), "1"),
        (always(|rates| rates.cut_after = 1.0), "2"),
        (always(|rates| rates.ended = 1.0), "2"),
    ] {
        behind.wire.fates().set(rates, 1);
        let error = behind.insert().unwrap_err();
        // This client may notice the end of the connection before what was said last.
        let is_said = format!("{error:?}").contains("57P01");
        assert!(!is_said || rates.ended == 1.0, "{error:?}");
        assert_eq!(behind.rows(), rows, "{rates:?}");
        assert_eq!(behind.wire.fates().counts().faults(), 1, "{rates:?}");
    }
    let mut late = always(|rates| rates.late = 1.0);
    late.longest_delay = Duration::from_millis(20);
    behind.wire.fates().set(late, 1);
    behind.insert().unwrap();
    assert_eq!(behind.rows(), "3");
    let counts = behind.wire.fates().counts();
    assert_eq!((counts.calls, counts.late, counts.faults()), (1, 1, 0));
}

#[test]
fn a_held_call_to_postgres_waits_before_or_after_it_is_done() {
    let behind = Behind::start();
    for (moment, rows) in [(Moment::Before, "0"), (Moment::After, "1")] {
        behind.wire.fates().hold(Hold::at("INSERT INTO a", moment));
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| behind.insert());
            while behind.wire.fates().held().is_none() {
                std::thread::sleep(Duration::from_millis(5));
            }
            assert!(behind.wire.fates().held().unwrap().contains("INSERT INTO"));
            assert_eq!(behind.rows(), rows, "{moment:?}");
            assert!(!asking.is_finished());
            behind.wire.fates().reset_held();
            assert!(asking.join().unwrap().is_err());
        });
        assert_eq!(behind.rows(), rows, "{moment:?}");
    }
    behind.insert().unwrap();
}

#[test]
fn a_command_to_redis_is_done_or_not_as_its_fate_says() {
    let server = Redis::start(cache::Options::default()).unwrap();
    let wire = Wire::start(Protocol::Redis, server.port(), &Arc::default()).unwrap();
    for (rates, done) in [
        (always(|rates| rates.cut_before = 1.0), false),
        (always(|rates| rates.cut_after = 1.0), true),
    ] {
        server.flush_all().unwrap();
        wire.fates().set(rates, 1);
        assert!(cache::command(wire.port(), &["SET", "a", "two\r\nlines"]).is_err());
        let exists = server.command(&["EXISTS", "a"]).unwrap();
        assert_eq!(exists == "1", done, "{rates:?}");
        assert_eq!(wire.fates().counts().faults(), 1);
    }
    // No session of Redis is ended by an administrator.
    wire.fates().set(always(|rates| rates.ended = 1.0), 1);
    assert_eq!(
        cache::command(wire.port(), &["GET", "a"]).unwrap(),
        "two\r\nlines"
    );
    assert_eq!(wire.fates().counts().faults(), 0);
}

#[test]
fn the_same_seed_draws_the_same_faults() {
    let drawn = |seed| {
        let fates = Fates::default();
        fates.set(Rates::all(0.2), seed);
        let drawn: Vec<_> = (0..1000).map(|_| fates.draw("", true)).collect();
        (drawn, fates.counts())
    };
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
    let (_, counts) = drawn(7);
    for count in [counts.cut_before, counts.cut_after, counts.ended, counts.late] {
        assert!((20..=80).contains(&count), "{counts:?}");
    }
}

#[test]
fn values_of_redis_end_where_they_end() {
    for text in [
        "+OK\r\n",
        ":1\r\n",
        "$-1\r\n",
        "$0\r\n\r\n",
        "*-1\r\n",
        "*2\r\n$1\r\na\r\n*1\r\n:2\r\n",
        "%1\r\n+a\r\n+b\r\n",
    ] {
        let longer = format!("{text}+next\r\n");
        assert_eq!(redis::value(longer.as_bytes()), Some(text.len()), "{text:?}");
        for end in 0..text.len() {
            assert_eq!(
                redis::value(&text.as_bytes()[..end]),
                None,
                "{text:?} until {end}"
            );
        }
    }
}
