//! F10 and F12: the api is killed at the points between the begin of a transaction, its commit, the message to Redis and the
//! note that it was sent, before a call is made or after it was done. Asked again under the same key, what was asked for is
//! there once, and its task runs.

use std::sync::Arc;
use std::time::Duration;

use harness::postgres::query;
use harness::stack::Services;
use harness::wire::{Fates, Hold, Moment};
use harness::{Client, Patience, Signal, Stack, Wire, invariants};
use serde_json::{Value, json};

use crate::seeded::wires;
use crate::{PENGUINS, plan};

/// Set, every call is held in turn, not only these points.
const EVERY_CALL: &str = "AUTOML_FAULT_EVERY_CALL";
/// How long things may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
/// What the relay says last.
const TOLD: &str = "PUBLISH";

/// Words of calls, and when the api dies.
const CREATE_JOB: [(&str, Moment); 11] = [
    (r#"run INSERT INTO "idempotency""#, Moment::After),
    (r#"run INSERT INTO "job""#, Moment::Before),
    (r#"run INSERT INTO "task""#, Moment::After),
    ("COMMIT", Moment::Before),
    ("COMMIT", Moment::After),
    (r#"run SELECT "task"."id" FROM "task""#, Moment::Before),
    ("EVAL", Moment::Before),
    ("EVAL", Moment::After),
    (r#"run UPDATE "task" SET "rung_at""#, Moment::Before),
    (r#"run UPDATE "task" SET "rung_at""#, Moment::After),
    (TOLD, Moment::Before),
];
const COMPLETE_UPLOAD: [(&str, Moment); 5] = [
    (r#"run INSERT INTO "dataset""#, Moment::After),
    ("COMMIT", Moment::Before),
    ("COMMIT", Moment::After),
    ("EVAL", Moment::After),
    (r#"run UPDATE "task" SET "rung_at""#, Moment::Before),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_created_once_wherever_the_api_dies() {
    let mut mortal = Mortal::start().await;
    let dataset = mortal.client.upload("penguins.csv", PENGUINS).await;
    mortal.client.wait_for_dataset(&dataset).await;
    for (place, (words, moment)) in CREATE_JOB.into_iter().enumerate() {
        mortal
            .create_job(&dataset, Hold::at(words, moment), place + 1)
            .await;
    }
    invariants::check(&mortal.stack);
}

/// The same at every single call, where that is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn every_call_may_be_the_last() {
    if std::env::var_os(EVERY_CALL).is_none() {
        return;
    }
    let mut mortal = Mortal::start().await;
    let dataset = mortal.client.upload("penguins.csv", PENGUINS).await;
    mortal.client.wait_for_dataset(&dataset).await;
    let mut jobs = 0;
    for moment in [Moment::Before, Moment::After] {
        for passing in 0.. {
            jobs += 1;
            let hold = Hold::after(passing, moment);
            if mortal.create_job(&dataset, hold, jobs).await {
                eprintln!("{moment:?}: {passing} calls");
                break;
            }
        }
    }
    invariants::check(&mortal.stack);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_completed_once_wherever_the_api_dies() {
    let mut mortal = Mortal::start().await;
    for (place, (words, moment)) in COMPLETE_UPLOAD.into_iter().enumerate() {
        let upload = mortal.client.send_file("penguins.csv", PENGUINS).await;
        let input = json!({ "uploadId": upload, "idempotencyKey": format!("upload {place}") });
        let asked = mortal
            .ask_twice(
                "completeUpload",
                "CompleteUploadInput",
                &input,
                "dataset { id }",
                Hold::at(words, moment),
            )
            .await;
        let dataset = asked.payload["dataset"]["id"]
            .as_str()
            .expect("a dataset has an id");
        assert_eq!(
            mortal.number("SELECT count(*) FROM dataset"),
            place + 1,
            "{words} {moment:?}"
        );
        let ready = mortal.client.wait_for_dataset(dataset).await;
        assert_eq!(ready["state"], "READY", "{ready:#}");
    }
    invariants::check(&mortal.stack);
}

/// F12: two faces are asked a hundred times at once under one key.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_requests_under_one_key_make_one_job() {
    let stack = Stack::production(&plan());
    let patience = Patience::new(LIMIT);
    let dataset = stack.client().upload("penguins.csv", PENGUINS).await;
    stack.client().wait_for_dataset(&dataset).await;
    let input = |seed: u32| {
        json!({ "datasetId": dataset, "target": "species", "budgetSeconds": 300, "seed": seed,
            "idempotencyKey": "one" })
    };
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..100 {
        let client = stack.clients[number % 2].clone().patient(&patience);
        let input = input(1);
        asked.spawn(async move {
            client
                .mutate("createJob", "CreateJobInput", input, "job { id name createdAt }")
                .await
        });
    }
    let answers = asked.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let url = stack
        .database_url
        .as_deref()
        .expect("a production stack has a database");
    let rows = query(url, "SELECT count(*) FROM job").expect("the database answers");
    assert_eq!(rows, [["1"]]);
    let other = stack
        .client()
        .try_mutate("createJob", "CreateJobInput", input(2), "job { id }")
        .await;
    assert_eq!(
        other["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED",
        "{other:#}"
    );
    let job = &answers[0]["job"]["id"];
    let input = json!({ "id": job });
    stack
        .client()
        .mutate("cancelJob", "CancelJobInput", input, "job { id }")
        .await;
    let job = job.as_str().expect("a job has an id");
    stack.client().wait_for_job(job, LIMIT).await;
    invariants::check(&stack);
}

/// A change that was asked for twice.
struct Asked {
    /// What the second answer gave.
    payload: Value,
    /// What the call said at which the api died.
    held: String,
    /// The first one was answered, and the relay had told its task.
    was_told: bool,
}

/// One face behind wires, to be killed, and a worker that does nothing until it is let: what the relay says to Redis is then
/// said by this face.
struct Mortal {
    stack: Stack,
    client: Client,
    fates: Arc<Fates>,
    _wires: [Wire; 2],
}

impl Mortal {
    async fn start() -> Self {
        let mut plan = plan();
        (plan.faces, plan.workers) = (1, 1);
        let fates = Arc::<Fates>::default();
        let (wires, variables) = wires(Services::shared(), &plan, &fates);
        plan.first_face = variables;
        let stack = Stack::production(&plan);
        let client = stack.client().clone();
        Self {
            stack,
            client: client.patient(&Patience::new(LIMIT)),
            fates,
            _wires: wires,
        }
    }

    /// Creates a job and sees it run. True: it was answered and told before the api died.
    async fn create_job(&mut self, dataset: &str, hold: Hold, number: usize) -> bool {
        let input = json!({ "datasetId": dataset, "target": "species", "budgetSeconds": 300,
            "idempotencyKey": format!("job {number}") });
        let asked = self
            .ask_twice("createJob", "CreateJobInput", &input, "job { id }", hold)
            .await;
        let job = asked.payload["job"]["id"].as_str().expect("a job has an id");
        let there = self.number("SELECT count(*) FROM job");
        assert_eq!(there, number, "after {}", asked.held);
        let state = "... on Job { version state }";
        self.client
            .wait_for(job, state, "state", &["RUNNING"], LIMIT)
            .await;
        let input = json!({ "id": job });
        self.client
            .mutate("cancelJob", "CancelJobInput", input, "job { id }")
            .await;
        self.client
            .wait_for(job, state, "state", &["CANCELLED"], LIMIT)
            .await;
        asked.was_told
    }

    /// Asks for a change while a call is to be held, kills the face at that call, starts it, and asks again under the same key.
    async fn ask_twice(
        &mut self,
        name: &str,
        input_type: &str,
        input: &Value,
        selection: &str,
        hold: Hold,
    ) -> Asked {
        self.stack.workers[0].signal(Signal::Stop);
        self.fates.hold(hold);
        let document = format!(
            "mutation M($input: {input_type}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message }} }} }}"
        );
        let first = self.stack.client().clone();
        let variables = json!({ "input": input });
        let asked = tokio::spawn(async move { first.send(&document, variables, Some(&first.token)).await });
        let held = tokio::time::timeout(LIMIT, self.fates.until_held())
            .await
            .expect("a call is held");
        let untold = "SELECT count(*) FROM task WHERE state = 'queued' AND rung_at IS NULL";
        let was_told = asked.is_finished() && self.number(untold) == 0;
        self.stack.faces[0].kill();
        self.fates.reset_held();
        let before = asked.await.expect("the client does not panic");
        let mut face = self.stack.faces[0].again();
        let client = Client::new(&face.first_line());
        self.stack.faces[0] = face;
        self.stack.clients[0] = client.clone();
        self.client = client.patient(&Patience::new(LIMIT));
        let payload = self
            .client
            .mutate(name, input_type, input.clone(), selection)
            .await;
        if let Ok(before) = before {
            // It was answered, and the answer is the same.
            let field = payload
                .as_object()
                .and_then(|fields| fields.keys().find(|key| *key != "userErrors").cloned());
            let field = field.expect("the payload has an object");
            assert_eq!(before["data"][name][&field], payload[&field], "{held}");
        }
        self.stack.workers[0].signal(Signal::Continue);
        Asked {
            payload,
            held,
            was_told,
        }
    }

    fn number(&self, statement: &str) -> usize {
        let url = self
            .stack
            .database_url
            .as_deref()
            .expect("a production stack has a database");
        let rows = query(url, statement).expect("the database answers");
        rows[0][0].parse().expect("a number")
    }
}
