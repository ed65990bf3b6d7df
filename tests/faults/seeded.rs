//! The flow suite while everything that the processes say to Postgres, Redis and S3 goes wrong now and then, by a seed. What the
//! client asked for is there once, whatever the answers were.

use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::postgres::{self, query};
use harness::s3::Faults;
use harness::stack::{Plan, Services};
use harness::wire::{Fates, Protocol, Rates};
use harness::{Client, Patience, Postgres, Stack, Wire, invariants, redis};
use serde_json::json;

use crate::flow;
use crate::plan_over;

/// Number of seeds that are run beyond the usual ones.
const MORE_SEEDS: &str = "AUTOML_FAULT_SEEDS";
/// How long the client asks again.
const PATIENCE: Duration = Duration::from_secs(60);
/// Seconds that a job may train: faults cost a second or two, and the model must be checked within them as well.
const BUDGET: u32 = 40;
/// Share of calls to Postgres and Redis in which something goes wrong.
const SHARE: f64 = 0.02;

/// A job from upload to prediction, beside one that is finished early and one that is cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn seed_1_a_table_becomes_a_model_over_bad_wires() {
    let bad = BadWires::start(1).await;
    tokio::join!(
        flow::a_table_becomes_a_deployed_model(&bad.stack, BUDGET),
        flow::finish_now_keeps_the_best_and_cancel_keeps_nothing(&bad.stack),
    );
    bad.check();
}

/// A job that is extended, beside a clone.
#[tokio::test(flavor = "multi_thread")]
async fn seed_2_a_job_is_extended_and_cloned_over_bad_wires() {
    let bad = BadWires::start(2).await;
    tokio::join!(
        flow::an_extended_job_searches_on_and_its_deployed_model_is_renewed(&bad.stack),
        a_clone_is_a_job_of_its_own(&bad.stack),
    );
    bad.check();
}

/// A file, row by row.
#[tokio::test(flavor = "multi_thread")]
async fn seed_3_a_file_is_predicted_over_bad_wires() {
    let bad = BadWires::start(3).await;
    flow::batch::a_file_gets_the_answers_of_its_rows(&bad.stack).await;
    bad.check();
}

/// Everything, for as many more seeds as asked for.
#[tokio::test(flavor = "multi_thread")]
async fn more_seeds() {
    let seeds = std::env::var(MORE_SEEDS).ok();
    let seeds = seeds.map_or(0, |text| text.parse::<u64>().expect("a number of seeds"));
    for seed in 100..100 + seeds {
        let began = Instant::now();
        let bad = BadWires::start(seed).await;
        tokio::join!(
            flow::a_table_becomes_a_deployed_model(&bad.stack, BUDGET),
            flow::finish_now_keeps_the_best_and_cancel_keeps_nothing(&bad.stack),
            a_clone_is_a_job_of_its_own(&bad.stack),
        );
        bad.check();
        eprintln!("seed {seed}: {:?}", began.elapsed());
    }
}

async fn a_clone_is_a_job_of_its_own(stack: &Stack) {
    let server = stack.client();
    let job = server.start_job(flow::PENGUINS, "sex", 300).await;
    let changes = json!({ "budgetSeconds": BUDGET });
    let input = json!({ "id": job, "changes": changes });
    let payload = server
        .mutate("cloneJob", "CloneJobInput", input, "job { id }")
        .await;
    let clone = payload["job"]["id"].as_str().expect("a job has an id");
    assert_ne!(clone, job);
    server
        .mutate("cancelJob", "CancelJobInput", json!({ "id": job }), "job { id }")
        .await;
    let done = stack.other_client().wait_for_job(clone, flow::JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let done = stack.other_client().wait_for_job(&job, flow::JOB_LIMIT).await;
    assert_eq!(done["state"], "CANCELLED", "{done:#}");
}

/// A stack of its own behind wires that are bad from the moment on that all its processes work.
struct BadWires {
    stack: Stack,
    services: Services,
    fates: Arc<Fates>,
    patience: Patience,
    database_url: String,
    _wires: [Wire; 2],
}

impl BadWires {
    async fn start(seed: u64) -> Self {
        let services = Services::start(&postgres::Options::default(), redis::Options::default());
        let mut plan = plan_over(&services);
        let database_url = plan.variable("AUTOML_DATABASE_URL");
        let fates = Arc::<Fates>::default();
        let (wires, variables) = wires(&services, &plan, &fates);
        plan.environment.extend(variables);
        let mut stack = Stack::production(&plan);
        stack.database_url = Some(database_url.clone());
        let patience = Patience::new(PATIENCE);
        stack.clients = stack
            .clients
            .drain(..)
            .map(|client: Client| client.patient(&patience))
            .collect();
        let bad = Self {
            stack,
            services,
            fates,
            patience,
            database_url,
            _wires: wires,
        };
        bad.until_all_work().await;
        bad.fates.set(Rates::all(SHARE), seed);
        let faults = Faults {
            failing: 0.05,
            doubtful: 0.03,
            truncating: 0.02,
            corrupting: 0.01,
            delay: Duration::ZERO,
        };
        bad.services.s3.set(faults, seed);
        bad
    }

    async fn until_all_work(&self) {
        let began = Instant::now();
        while self.number("SELECT count(*) FROM worker") < self.stack.workers.len() {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "the workers do not come"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Fine weather again; then nothing is lost, doubled or left, and all that was asked for is there once.
    fn check(mut self) {
        let (calls, files) = (self.fates.counts(), self.services.s3.count());
        eprintln!("{calls:?} {files:?}");
        for count in [
            calls.cut_before,
            calls.cut_after,
            calls.ended,
            calls.late,
            files.faults,
        ] {
            assert!(count > 0, "too little went wrong: {calls:?} {files:?}");
        }
        self.fates.heal();
        self.services.s3.heal();
        invariants::check(&self.stack);
        let asked = self.patience.asked();
        let count = |operations: &[&str]| {
            let of_these = |operation: &String| operations.contains(&operation.as_str());
            asked.iter().filter(|asked| of_these(&asked.operation)).count()
        };
        for (table, operations) in [
            ("upload", &["createUpload"][..]),
            ("dataset", &["completeUpload"]),
            ("job", &["createJob", "cloneJob"]),
        ] {
            let there = self.number(&format!("SELECT count(*) FROM {table}"));
            assert_eq!(there, count(operations), "{table}: {asked:#?}");
        }
        assert_eq!(self.number("SELECT count(*) FROM idempotency"), asked.len());
        for process in self.stack.faces.iter_mut().chain(&mut self.stack.workers) {
            assert!(process.is_running(), "no fault is the end of a process");
        }
    }

    fn number(&self, statement: &str) -> usize {
        let rows = query(&self.database_url, statement).expect("the database answers");
        rows[0][0].parse().expect("a number")
    }
}

/// Wires that share their fates, and the variables that have a process of the plan speak through them.
pub fn wires(services: &Services, plan: &Plan, fates: &Arc<Fates>) -> ([Wire; 2], Vec<(String, String)>) {
    let postgres = Wire::start(Protocol::Postgres, services.postgres.port(), fates).expect("a wire");
    let redis = Wire::start(Protocol::Redis, services.redis.port(), fates).expect("a wire");
    let last = |name: &str| {
        let url = plan.variable(name);
        let name = url.rsplit('/').next().expect("a URL ends with its database");
        name.to_owned()
    };
    let database = Postgres::url_at(postgres.port(), &last("AUTOML_DATABASE_URL"));
    let number = last("AUTOML_REDIS_URL");
    let variables = vec![
        ("AUTOML_DATABASE_URL".to_owned(), database),
        (
            "AUTOML_REDIS_URL".to_owned(),
            format!("redis://127.0.0.1:{}/{number}", redis.port()),
        ),
    ];
    ([postgres, redis], variables)
}
