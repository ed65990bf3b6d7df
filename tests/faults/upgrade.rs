//! F23: a newer version has changed the database and makes tasks that this one does not know; schema changes are undone and done
//! again under a running job.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use harness::postgres::query;
use harness::stack::{Plan, Services};
use harness::wire::{Fates, Hold, Moment};
use harness::{Client, Stack, invariants};

use crate::seeded::wires;
use crate::{BUDGET, JOB_LIMIT, PENGUINS, begin, completes, plan};

/// What a newer version does to the schema.
const NEWER_SCHEMA: &str = "ALTER TABLE task ADD COLUMN dream text NOT NULL DEFAULT 'none'; \
    INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_dreams', 0)";
/// Its tasks, made of one of ours: of an unknown kind and of a later version, waiting and with their worker lost.
const NEWER_TASKS: &str = r#"INSERT INTO task SELECT (jsonb_populate_record(known, jsonb_build_object(
    'id', gen_random_uuid(), 'kind', other.kind, 'version', other.version, 'state', other.state, 'priority', 100,
    'fence', other.fence, 'worker', other.worker, 'lease_until', other.lease_until, 'run_after', 0, 'rung_at', NULL,
    'job_id', NULL, 'payload', '{"task": "dream", "of": "sheep"}'::jsonb, 'error', 'newer'))).*
  FROM task AS known,
    (VALUES ('dream', 1, 'queued', 0, NULL, NULL::bigint), ('profile', 2, 'queued', 0, NULL, NULL),
      ('dream', 1, 'running', 1, 'gone', 0), ('profile', 2, 'running', 1, 'gone', 0))
      AS other (kind, version, state, fence, worker, lease_until)
  WHERE known.kind = 'profile'"#;
/// Holds what going back writes at last, until it waits for that, and ends its connection: all that it has done is lost. A deadlock
/// that the database resolves against it is the same, by chance.
const BREAK_OFF: &str = "DO $$ DECLARE met integer := 0; BEGIN
  LOCK TABLE seaql_migrations IN SHARE MODE;
  WHILE met = 0 LOOP
    PERFORM pg_sleep(0.02);
    SELECT count(pg_terminate_backend(pid)) INTO met FROM pg_locks
      WHERE relation = 'seaql_migrations'::regclass AND NOT granted;
  END LOOP;
END $$";
/// A file of a kind that only the newer version makes, of the one job that is done.
const NEWER_FILE: &str = "INSERT INTO artifact SELECT (jsonb_populate_record(known, jsonb_build_object(
    'id', gen_random_uuid(), 'kind', 'dream', 'file_name', 'dream.bin'))).*
  FROM artifact AS known WHERE known.kind = 'report'";
const CHANGES: &str = "SELECT version FROM seaql_migrations ORDER BY version";
const ALL_NEWER: &str = "SELECT id, kind, version, state, fence, failures, crashes, worker, lease_until, error FROM task \
    WHERE kind = 'dream' OR version = 2 ORDER BY id";

/// Old and new together: what runs goes on and leaves alone what it does not know; what starts says why it does not.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_worker_leaves_a_newer_ones_tasks_alone() {
    let mut stack = Stack::production(&plan());
    let url = stack.database_url.clone().expect("a database");
    let job = begin(&stack, 0).await;
    query(&url, NEWER_SCHEMA).expect("the newer schema");
    query(&url, NEWER_TASKS).expect("the newer tasks");
    let before = query(&url, ALL_NEWER).expect("the database answers");
    assert_eq!(before.len(), 4, "{before:?}");
    stack.client().wait_for_trials(&job, 1, JOB_LIMIT).await;

    stack.workers[0].kill();
    let mut again = stack.workers[0].again();
    let ended = again.wait(Duration::from_secs(30)).expect("it does not stay");
    let words = std::fs::read_to_string(again.log()).expect("a log");
    assert!(
        !ended.success() && words.contains("newer version of this program"),
        "{words}"
    );

    let done = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let after = query(&url, ALL_NEWER).expect("the database answers");
    assert_eq!(after, before, "a newer version's tasks were touched");
    // Its files are passed over, and go with the job.
    query(&url, NEWER_FILE).expect("the newer file");
    let shown = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    let kinds = shown["model"]["downloads"].as_array().expect("downloads");
    assert!(kinds.iter().any(|file| file["kind"] == "REPORT"), "{shown:#}");
    let input = serde_json::json!({ "id": job });
    stack
        .client()
        .mutate("deleteJob", "DeleteJobInput", input, "deletedId")
        .await;
    // The newer version would do them.
    query(&url, "DELETE FROM task WHERE kind = 'dream' OR version = 2").expect("they go");
    invariants::check(&stack);
}

/// Changes are undone and done again while workers and faces run: what fails meanwhile is tried again.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_outlives_changes_of_the_schema_over_postgres() {
    let plan = plan();
    let stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    let home = tempfile::tempdir().expect("a folder");
    migrate(&plan, home.path(), &["--down", "2"]);
    tokio::time::sleep(Duration::from_secs(1)).await;
    migrate(&plan, home.path(), &[]);
    completes(&stack, &job).await;
}

/// A change that the database breaks off is begun again, and goes back no further for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_broken_off_is_begun_again() {
    let plan = plan();
    let url = plan.variable("AUTOML_DATABASE_URL").to_owned();
    let home = tempfile::tempdir().expect("a folder");
    migrate(&plan, home.path(), &[]);
    let all = query(&url, CHANGES).expect("the database answers");
    std::thread::scope(|scope| {
        let breaks = scope.spawn(|| query(&url, BREAK_OFF));
        migrate(&plan, home.path(), &["--down", "2"]);
        breaks.join().expect("a thread").expect("it met the change");
    });
    let left = query(&url, CHANGES).expect("the database answers");
    assert_eq!(left, all[..all.len() - 2]);
    migrate(&plan, home.path(), &[]);
    let again = query(&url, CHANGES).expect("the database answers");
    assert_eq!(again, all);
}

/// A job outlives changes of the schema over a SQLite file as well, which its server has left.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_outlives_changes_of_the_schema_over_sqlite() {
    let program = env!("CARGO_BIN_EXE_automl");
    let mut stack = Stack::embedded(Path::new(program));
    let client = stack.client().clone();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let job = client.start_job_on(&dataset, "species", BUDGET, "BEST").await;
    client.wait_for_trials(&job, 1, JOB_LIMIT).await;
    stack.faces[0].kill();
    let home = stack.folder().join("home");
    let mut plan = Plan::new(program, Vec::new());
    plan.environment.clear();
    migrate(&plan, &home, &["--down", "2"]);
    migrate(&plan, &home, &[]);
    let mut server = stack.faces[0].again();
    stack.clients[0] = Client::new(&server.first_line());
    stack.faces[0] = server;
    let done = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(done["progress"]["trialsFinished"].as_i64() >= Some(1), "{done:#}");
}

/// What a process asked the database while it started is asked again.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_starts_though_it_lost_the_database_meanwhile() {
    let mut plan = plan();
    (plan.faces, plan.workers) = (1, 1);
    let fates = Arc::<Fates>::default();
    let (_wires, variables) = wires(Services::shared(), &plan, &fates);
    plan.first_worker = variables;
    fates.hold(Hold::at("seaql_migrations", Moment::Before));
    let stack = Stack::production(&plan);
    let held = tokio::time::timeout(JOB_LIMIT, fates.until_held()).await;
    held.expect("the schema is looked at");
    fates.reset_held();
    let dataset = stack.client().upload("penguins.csv", PENGUINS).await;
    let ready = stack.client().wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    invariants::check(&stack);
}

/// Runs `automl migrate` on a plan's database.
fn migrate(plan: &Plan, home: &Path, arguments: &[&str]) {
    let done = Command::new(&plan.program)
        .arg("migrate")
        .args(arguments)
        .env("AUTOML_HOME", home)
        .envs(plan.environment.iter().cloned())
        .output()
        .expect("the program starts");
    assert!(
        done.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}
