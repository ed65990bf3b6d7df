//! F19: a crowd of tasks at once. One tenant floods, nine others have a few; `AUTOML_FAULT_CROWD` is how many there are in all.

use std::time::{Duration, Instant};

use harness::postgres::query;
use harness::{Client, Process, Stack, invariants};
use serde_json::Value;

use crate::plan;

/// Tasks where the variable does not say.
const CROWD: usize = 300;
/// Tenants beside the one that floods, and tasks of each.
const TENANTS: (usize, usize) = (9, 10);
/// Four workers are done by then, on a busy machine.
const LIMIT: Duration = Duration::from_secs(600);
/// Memory that a process may gain while the crowd passes: caches and pools fill at first.
const GROWTH: u64 = 64 << 20;

/// The place of each tenant's last task among all, in the order in which they were done.
const TURNS: &str = r#"SELECT max(place)
  FROM (SELECT user_id, row_number() OVER (ORDER BY updated_at) AS place FROM task) AS done
  JOIN "user" ON "user".id = done.user_id AND name LIKE 'tenant %' GROUP BY user_id ORDER BY 1"#;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_flood() {
    let mut plan = plan();
    (plan.faces, plan.workers) = (1, 4);
    let stack = Stack::production(&plan);
    let client = stack.client();
    let dataset = client.upload("t.csv", b"a,b\n1,2\n3,4\n").await;
    client.wait_for_dataset(&dataset).await;
    let url = stack.database_url.as_deref().expect("a database");
    let crowd = std::env::var("AUTOML_FAULT_CROWD")
        .ok()
        .and_then(|text| text.parse().ok());
    let crowd: usize = crowd.unwrap_or(CROWD);
    query(url, &insert(crowd)).expect("the crowd comes");

    let began = Instant::now();
    let mut waits = Vec::new();
    let mut early = None;
    loop {
        waits.push(ask(client).await);
        let left = number(url, "SELECT count(*) FROM dataset WHERE state = 'profiling'");
        if left < crowd * 3 / 4 && early.is_none() {
            early = Some(memory(&stack));
        }
        if left == 0 {
            break;
        }
        assert!(began.elapsed() < LIMIT, "{left} of {crowd} are left");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = began.elapsed();
    invariants::check(&stack);
    let bad = "SELECT count(*) FROM task WHERE fence <> 1 OR state <> 'done'";
    assert_eq!(number(url, bad), 0, "each is done at the first try");

    // How many were done when a tenant's last was: of ten that take turns, each has a tenth of what is done.
    let rows = query(url, TURNS).expect("the database answers");
    let last: Vec<usize> = rows.iter().map(|row| row[0].parse().expect("a place")).collect();
    let ideal = (TENANTS.0 + 1) * TENANTS.1;
    waits.sort();
    let p99 = waits[(waits.len() - 1) * 99 / 100];
    println!(
        "{crowd} tasks in {took:?}; a tenant's {} were done as the {:?}th, ideal {ideal}; the api answered in {p99:?} (p99 of {})",
        TENANTS.1,
        last,
        waits.len()
    );
    assert_eq!(last.len(), TENANTS.0);
    assert!(
        last.iter().all(|place| *place <= 2 * ideal),
        "a tenant waited for the flood: {last:?}"
    );
    assert!(p99 < Duration::from_secs(5), "the api answers too late: {p99:?}");
    let early = early.expect("a crowd passes in more than one look");
    for ((name, before), (_, after)) in early.iter().zip(memory(&stack)) {
        println!("{name}: {} MiB, then {} MiB", before >> 20, after >> 20);
        assert!(after < before + GROWTH, "{name} grows: {before} to {after} bytes");
    }
}

/// Tenants, copies of the only dataset as it was before its profile, and a task for each. Those of the flood come first.
fn insert(crowd: usize) -> String {
    let flood = crowd - TENANTS.0 * TENANTS.1;
    format!(
        r#"INSERT INTO "user" SELECT (jsonb_populate_record(known, jsonb_build_object(
            'id', gen_random_uuid(), 'name', 'tenant ' || number))).*
          FROM "user" AS known, generate_series(1, {tenants}) AS number;
        INSERT INTO dataset SELECT (jsonb_populate_record(known, jsonb_build_object(
            'id', ('00000000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid, 'user_id', tenant.id,
            'state', 'profiling', 'version', 1, 'profile_key', NULL, 'frame_key', NULL))).*
          FROM dataset AS known, generate_series(1, {crowd}) AS number
          JOIN (SELECT id, row_number() OVER (ORDER BY name LIKE 'tenant %', name) - 1 AS place FROM "user") AS tenant
            ON tenant.place = CASE WHEN number <= {flood} THEN 0 ELSE 1 + number % {tenants} END;
        INSERT INTO task SELECT (jsonb_populate_record(known, jsonb_build_object(
            'id', dataset.id, 'user_id', dataset.user_id, 'dataset_id', dataset.id, 'state', 'queued', 'fence', 0,
            'payload', jsonb_build_object('task', 'profile', 'dataset', dataset.id), 'rung_at', NULL))).*
          FROM task AS known, dataset WHERE dataset.state = 'profiling'"#,
        tenants = TENANTS.0,
    )
}

/// How long the api takes for a page of datasets.
async fn ask(client: &Client) -> Duration {
    let began = Instant::now();
    let answer = client
        .ask(
            "{ datasets(first: 20) { edges { node { id state } } } }",
            Value::Null,
        )
        .await;
    assert!(answer["datasets"]["edges"].is_array(), "{answer:#}");
    began.elapsed()
}

fn number(url: &str, statement: &str) -> usize {
    let rows = query(url, statement).expect("the database answers");
    rows[0][0].parse().expect("a number")
}

/// Resident bytes of each process.
fn memory(stack: &Stack) -> Vec<(String, u64)> {
    let resident = |process: &Process| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).expect("it runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("it has memory");
        let kibibytes = line
            .trim()
            .trim_end_matches(" kB")
            .parse::<u64>()
            .expect("a number");
        kibibytes << 10
    };
    let mut found = Vec::new();
    for (place, face) in stack.faces.iter().enumerate() {
        found.push((format!("api {place}"), resident(face)));
    }
    for (place, worker) in stack.workers.iter().enumerate() {
        found.push((format!("worker {place}"), resident(worker)));
    }
    found
}
