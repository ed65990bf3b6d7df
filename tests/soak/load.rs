//! People with jobs: they start one, wait for it, sometimes stop it, and start the next. A request that fails is sent again, with
//! the same idempotency key, to any face.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use harness::Client;
use harness::random::Random;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::PENGUINS;

/// Between two requests of one user.
const PAUSE: Duration = Duration::from_millis(300);
/// No request, sent again and again, may take longer than this.
const LIMIT: Duration = Duration::from_secs(90);
/// No job may take longer than this: twenty seconds of training, and what the faults cost.
const JOB_LIMIT: Duration = Duration::from_secs(240);

/// A job that was accepted.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its node id.
    pub id: String,
    /// Its name, which is the idempotency key it was asked for with.
    pub name: String,
    /// Its last state.
    pub state: String,
    /// Why it failed.
    pub error: Option<String>,
    /// The person asked for its end.
    pub is_stopped: bool,
}

/// What all users share.
pub struct Load {
    clients: RwLock<Vec<Client>>,
    dataset: String,
    seed: u64,
    is_over: AtomicBool,
}

impl Load {
    /// Uploads the table that all jobs train on.
    pub async fn prepare(clients: Vec<Client>, seed: u64) -> Self {
        let email = json!({ "email": "ada@example.com" });
        clients[0]
            .mutate("updateEmail", "UpdateEmailInput", email, "user { email }")
            .await;
        let dataset = clients[0].upload("penguins.csv", PENGUINS).await;
        let ready = clients[0].wait_for_dataset(&dataset).await;
        assert_eq!(ready["state"], "READY", "{ready:#}");
        Self {
            clients: RwLock::new(clients),
            dataset,
            seed,
            is_over: AtomicBool::new(false),
        }
    }

    /// Faces have been started again.
    pub fn use_clients(&self, clients: Vec<Client>) {
        *self.clients.write().unwrap_or_else(PoisonError::into_inner) = clients;
    }

    /// Nobody starts a job any more.
    pub fn stop(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    fn some_client(&self, random: &mut Random) -> Client {
        let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
        clients[random.below(clients.len())].clone()
    }

    /// Sends a document until a face answers without errors.
    async fn ask(&self, document: &str, variables: &Value, random: &mut Random) -> Value {
        let began = Instant::now();
        loop {
            let client = self.some_client(random);
            let answer = client
                .send(document, variables.clone(), Some(&client.token))
                .await;
            let last = match answer {
                Ok(answer) if answer.get("errors").is_none() => return answer["data"].clone(),
                Ok(answer) => answer.to_string(),
                Err(error) => error.to_string(),
            };
            assert!(began.elapsed() < LIMIT, "no answer in {LIMIT:?}: {last}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn mutate(
        &self,
        name: &str,
        input_type: &str,
        input: Value,
        selection: &str,
        random: &mut Random,
    ) -> Value {
        let document = format!(
            "mutation M($input: {input_type}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message }} }} }}"
        );
        self.ask(&document, &json!({ "input": input }), random).await[name].clone()
    }
}

/// One person, until it is over. Returns the jobs that were accepted.
pub async fn user(load: Arc<Load>, number: usize) -> Vec<Job> {
    let mut random = Random::of(load.seed, 1 + number as u64);
    let mut jobs = Vec::new();
    while !load.is_over.load(Ordering::SeqCst) {
        let name = format!("soak {number} {}", jobs.len());
        let mut job = start(&load, &name, &mut random).await;
        wait(&load, &mut job, &mut random).await;
        jobs.push(job);
    }
    jobs
}

/// All jobs, once the last one is over.
pub async fn end(users: Vec<JoinHandle<Vec<Job>>>, patience: Duration) -> Vec<Job> {
    let mut jobs = Vec::new();
    let deadline = tokio::time::Instant::now() + patience;
    for user in users {
        let ended = tokio::time::timeout_at(deadline, user).await;
        let ended = ended.unwrap_or_else(|_| panic!("a job is not over {patience:?} after the last fault"));
        jobs.extend(ended.expect("a user sees what was promised"));
    }
    jobs
}

async fn start(load: &Load, name: &str, random: &mut Random) -> Job {
    let preset = ["QUICK", "BALANCED", "BEST"][random.below(3)];
    let input = json!({ "datasetId": load.dataset, "target": "species", "budgetSeconds": 20, "preset": preset,
        "seed": random.below(1000), "name": name, "idempotencyKey": name });
    let payload = load
        .mutate("createJob", "CreateJobInput", input, "job { id }", random)
        .await;
    let id = payload["job"]["id"].as_str();
    Job {
        id: id
            .unwrap_or_else(|| panic!("the job is refused: {payload:#}"))
            .to_owned(),
        name: name.to_owned(),
        state: String::new(),
        error: None,
        is_stopped: false,
    }
}

/// Waits until a job is over; one of ten is cancelled on the way, and one of ten told to finish.
async fn wait(load: &Load, job: &mut Job, random: &mut Random) {
    let mind_changes = match random.below(10) {
        0 => Some(("cancelJob", "CancelJobInput")),
        1 => Some(("finishJob", "FinishJobInput")),
        _ => None,
    };
    let when = Duration::from_millis(random.below(8000) as u64);
    let document = "query Q($id: ID!) { node(id: $id) { ... on Job { state error version } } }";
    let (began, mut version) = (Instant::now(), 0);
    loop {
        let answer = load.ask(document, &json!({ "id": job.id }), random).await;
        let node = &answer["node"];
        let seen = node["version"]
            .as_i64()
            .unwrap_or_else(|| panic!("an accepted job is gone: {}", job.id));
        assert!(seen >= version, "version {version} of {} became {seen}", job.id);
        version = seen;
        job.state = node["state"].as_str().unwrap_or_default().to_owned();
        job.error = node["error"].as_str().map(str::to_owned);
        if ["COMPLETED", "FAILED", "CANCELLED"].contains(&job.state.as_str()) {
            return;
        }
        assert!(
            began.elapsed() < JOB_LIMIT,
            "{} is not over after {JOB_LIMIT:?}: {answer:#}",
            job.id
        );
        if let Some((name, input_type)) = mind_changes
            && !job.is_stopped
            && began.elapsed() > when
        {
            // It may be over by now: a refusal is an answer, too.
            load.mutate(name, input_type, json!({ "id": job.id }), "job { state }", random)
                .await;
            job.is_stopped = true;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
