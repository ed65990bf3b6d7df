//! F15: machines of the pool disagree about the time. Leases and pauses are the database's, and so is every stored time.

use std::path::{Path, PathBuf};

use harness::postgres::{self, query};
use harness::stack::Services;
use harness::{Stack, invariants, redis, s3};

use crate::{BUDGET, JOB_LIMIT, PENGUINS, begin, completes, plan_over};

/// Stored times may be off by as much, on a busy machine.
const TOLERANCE_SECONDS: u32 = 3;

/// Debian's library that shows a process another time; none: it is not installed.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    let mut libraries = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    let found = libraries.find(|library| library.exists());
    if found.is_none() {
        eprintln!("skipped: `make setup-services` installs Debian's package faketime");
    }
    found
}

/// The variables of a process whose clock is the file's.
fn clock(library: &Path, file: &Path) -> Vec<(String, String)> {
    let variables = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
        ("FAKETIME_CACHE_DURATION", "1".to_owned()),
        // Spans are measured by another clock, which nobody sets.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    variables.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// One worker is an hour late, the other leaps an hour ahead while it trains, the face is a minute ahead; the bucket fails
/// sometimes, so that tasks wait for another try.
#[tokio::test(flavor = "multi_thread")]
async fn clocks_an_hour_apart_change_nothing() {
    let Some(library) = faketime() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, time: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, time).expect("a clock is set");
        file
    };
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let mut plan = plan_over(&services);
    plan.faces = 1;
    plan.environment.extend(clock(&library, &write("late", "-3600")));
    plan.first_worker = clock(&library, &write("leaping", "+0"));
    plan.first_face = clock(&library, &write("ahead", "+60"));
    let stack = Stack::production(&plan);
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let faults = s3::Faults {
        failing: 0.3,
        ..s3::Faults::default()
    };
    services.s3.set(faults, 5);
    let job = client.start_job_on(&dataset, "species", BUDGET, "BEST").await;
    client.wait_for_trials(&job, 1, JOB_LIMIT).await;
    write("leaping", "+3600");
    let done = client.wait_for_job(&job, JOB_LIMIT).await;
    services.s3.heal();
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    completes(&stack, &job).await;
    check_times(&stack);
    // Signed a minute ahead, as far as the face knows.
    let download = done["model"]["downloads"][0]["url"].as_str().expect("a url");
    let answer = client.get(download).await;
    assert!(answer.status().is_success(), "{download}: {}", answer.status());
}

/// A worker whose clock, that of spans included, gains an hour a day.
#[tokio::test(flavor = "multi_thread")]
async fn a_drifting_clock_changes_nothing() {
    let Some(library) = faketime() else { return };
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let mut plan = plan_over(&services);
    plan.first_worker = vec![
        ("LD_PRELOAD".to_owned(), library.display().to_string()),
        ("FAKETIME".to_owned(), "+0 x1.04".to_owned()),
    ];
    let stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    completes(&stack, &job).await;
    check_times(&stack);
}

/// Every time is about now by the database's clock, no lease has ended before its time, and no try waits longer than it should.
fn check_times(stack: &Stack) {
    assert_eq!(invariants::counted_crashes(stack), 0, "a lease ended too early");
    let url = stack.database_url.as_deref().expect("a database");
    let columns = "SELECT table_name, column_name FROM information_schema.columns \
        WHERE data_type = 'timestamp with time zone' AND table_schema = 'public' \
        AND column_name NOT IN ('expires_at', 'remove_after') AND table_name NOT IN ('user', 'token', 'secret')";
    let columns = query(url, columns).expect("the database answers");
    assert!(columns.len() > 10, "{columns:?}");
    for column in columns {
        let (table, name) = (&column[0], &column[1]);
        let wrong = format!(
            "SELECT {name}, now() FROM \"{table}\" WHERE {name} > now() + interval '{TOLERANCE_SECONDS} s' \
             OR {name} < now() - interval '{} s'",
            2 * JOB_LIMIT.as_secs()
        );
        let wrong = query(url, &wrong).expect("the database answers");
        assert!(wrong.is_empty(), "{table}.{name} is wrong: {wrong:?}");
    }
    let late = "SELECT kind, run_after FROM task WHERE run_after > extract(epoch FROM now()) * 1000 + 30000";
    let late = query(url, late).expect("the database answers");
    assert!(late.is_empty(), "tried again too late: {late:?}");
}
