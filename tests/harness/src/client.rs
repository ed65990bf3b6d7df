//! A client that speaks to a server as a script would. Its methods panic where a test has failed.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::patience::{self, Patience};
use crate::watch;

/// Between two looks at a node that is waited for.
const LOOK: Duration = Duration::from_millis(200);
/// How long one request may take.
const REQUEST_LIMIT: Duration = Duration::from_secs(60);
/// What is asked of a job that is waited for.
const JOB: &str = "... on Job { id state error version problem metric progress { trialsFinished trialsFailed bestScore } \
    steps { name state error } leaderboard { rank name kind score weight state error } notes \
    model { id deployable deployed onnxWithheld classes inputs { name kind } \
      evaluation { score low high baseline isBetterThanBaseline summary metrics { metric value } importance { column importance } } \
      certificate { holdoutRows edgeRows largestDifference } downloads { kind url sizeBytes } } }";
/// What is asked of a data set that is waited for.
const DATASET: &str = "... on Dataset { id state error profile { rows warnings columns { name role asTarget { usable problem } } } }";

/// One server and the token for it.
#[derive(Clone, Debug)]
pub struct Client {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// Bearer token for scripts.
    pub token: String,
    http: reqwest::Client,
    patience: Option<Patience>,
}

impl Client {
    /// A client for the server that printed this first line: `{"url": …, "token": …}`.
    ///
    /// # Panics
    /// When the line is something else.
    pub fn new(ready: &str) -> Self {
        let ready: Value = serde_json::from_str(ready).unwrap_or_else(|_| panic!("not JSON: {ready:?}"));
        let field = |name: &str| {
            ready[name]
                .as_str()
                .unwrap_or_else(|| panic!("no {name} in the first line"))
                .to_owned()
        };
        // The link may carry more behind the origin; scripts need the origin alone.
        let url = field("url").split('/').take(3).collect::<Vec<_>>().join("/");
        let http = reqwest::Client::builder().timeout(REQUEST_LIMIT).build();
        Self {
            url,
            token: field("token"),
            http: http.expect("a client can be made"),
            patience: None,
        }
    }

    /// The same client as a good script: what fails for the moment is asked again for as long as that, and a change under the
    /// same key.
    #[must_use]
    pub fn patient(mut self, patience: &Patience) -> Self {
        self.patience = Some(patience.clone());
        self
    }

    /// Sends one GraphQL document.
    ///
    /// # Panics
    /// On top-level errors.
    pub async fn ask(&self, document: &str, variables: Value) -> Value {
        let began = Instant::now();
        loop {
            let answer = match self.send(document, variables.clone(), Some(&self.token)).await {
                Ok(answer) if answer.get("errors").is_none() => return answer["data"].clone(),
                answer => answer,
            };
            let may_pass = self.may_pass(began, || patience::is_passing(&answer));
            assert!(may_pass, "{document} of {variables:#}\n{answer:#?}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Sends one GraphQL document with any token or none and returns the whole answer.
    ///
    /// # Panics
    /// When no JSON comes back.
    pub async fn raw(&self, document: &str, variables: Value, token: Option<&str>) -> Value {
        self.send(document, variables, token)
            .await
            .expect("the server answers with JSON")
    }

    /// As [`Client::raw`], with an error where the server cannot be reached or answers with something else.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn send(
        &self,
        document: &str,
        variables: Value,
        token: Option<&str>,
    ) -> reqwest::Result<Value> {
        let body = json!({ "query": document, "variables": variables });
        let mut request = self.http.post(format!("{}/graphql", self.url)).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await?.json().await
    }

    /// Runs a mutation with one input and returns its payload.
    ///
    /// # Panics
    /// On errors, user errors included.
    pub async fn mutate(&self, name: &str, input_type: &str, input: Value, selection: &str) -> Value {
        let payload = self.try_mutate(name, input_type, input, selection).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}: {payload:#}");
        payload
    }

    /// Runs a mutation with one input and returns its payload, user errors included.
    ///
    /// # Panics
    /// On top-level errors.
    pub async fn try_mutate(&self, name: &str, input_type: &str, mut input: Value, selection: &str) -> Value {
        if let Some(patience) = &self.patience {
            patience.give_key(name, &mut input);
        }
        let document = format!(
            "mutation M($input: {input_type}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message field }} }} }}"
        );
        self.ask(&document, json!({ "input": input })).await[name].clone()
    }

    /// Uploads bytes as the server asks for them, and returns the id of the upload, which is to be completed.
    ///
    /// # Panics
    /// When a part or the upload is refused.
    pub async fn send_file(&self, file_name: &str, bytes: &[u8]) -> String {
        let input = json!({ "fileName": file_name, "sizeBytes": bytes.len() });
        let selection = "upload { id method url formFields { name value } }";
        let payload = self
            .mutate("createUpload", "CreateUploadInput", input, selection)
            .await;
        let upload = &payload["upload"];
        match upload["method"].as_str() {
            Some("PATCH") => self.patch_in_two_parts(upload, bytes).await,
            Some("POST_FORM") => self.post_form(upload, bytes).await,
            other => panic!("files of {} bytes are not sent by {other:?} here", bytes.len()),
        }
        payload["upload"]["id"]
            .as_str()
            .expect("an upload has an id")
            .to_owned()
    }

    /// Uploads bytes as [`Client::send_file`] and returns the id of the data set.
    ///
    /// # Panics
    /// When a part or the upload is refused.
    pub async fn upload(&self, file_name: &str, bytes: &[u8]) -> String {
        let upload = self.send_file(file_name, bytes).await;
        let input = json!({ "uploadId": upload });
        let payload = self
            .mutate(
                "completeUpload",
                "CompleteUploadInput",
                input,
                "dataset { id state }",
            )
            .await;
        payload["dataset"]["id"]
            .as_str()
            .expect("a dataset has an id")
            .to_owned()
    }

    async fn patch_in_two_parts(&self, upload: &Value, bytes: &[u8]) {
        let url = self.absolute(upload["url"].as_str().expect("an upload has a url"));
        let middle = bytes.len() / 2;
        for (offset, part) in [(0, &bytes[..middle]), (middle, &bytes[middle..])] {
            let request = self
                .http
                .patch(&url)
                .bearer_auth(&self.token)
                .header("Upload-Offset", offset.to_string())
                .header("Content-Type", "application/offset+octet-stream")
                .body(part.to_vec());
            let answer = request.send().await.expect("the server takes a part");
            let status = answer.status();
            assert!(status.is_success(), "part at {offset}: {status}");
        }
    }

    /// Straight to the store, as a browser's form does; the token stays here.
    async fn post_form(&self, upload: &Value, bytes: &[u8]) {
        let boundary = "the-end-of-a-field";
        let mut body = Vec::new();
        for field in upload["formFields"].as_array().expect("fields") {
            let text = |name: &str| field[name].as_str().expect("a text");
            let (name, value) = (text("name"), text("value"));
            let part =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let url = upload["url"].as_str().expect("a form has a url");
        let began = Instant::now();
        loop {
            let request = self
                .http
                .post(url)
                .header(
                    "Content-Type",
                    format!("multipart/form-data; boundary={boundary}"),
                )
                .body(body.clone());
            let answer = request.send().await.expect("the store takes the form");
            let status = answer.status();
            if status.is_success() {
                return;
            }
            let words = answer.text().await.unwrap_or_default();
            assert!(
                self.may_pass(began, || status.is_server_error()),
                "the form: {status} {words}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Uploads a table, waits for its profile, and starts a job on it. Returns the job's id.
    ///
    /// # Panics
    /// When any of it is refused.
    pub async fn start_job(&self, csv: &[u8], target: &str, budget_seconds: u32) -> String {
        let dataset = self.upload("table.csv", csv).await;
        let ready = self.wait_for_dataset(&dataset).await;
        assert_eq!(ready["state"], "READY", "{ready:#}");
        self.start_job_on(&dataset, target, budget_seconds, "BALANCED")
            .await
    }

    /// Starts a job on a data set; with the preset `BEST` it uses its whole budget. Returns the job's id.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn start_job_on(
        &self,
        dataset: &str,
        target: &str,
        budget_seconds: u32,
        preset: &str,
    ) -> String {
        let input = json!({ "datasetId": dataset, "target": target, "budgetSeconds": budget_seconds, "preset": preset, "seed": 7 });
        let payload = self
            .mutate("createJob", "CreateJobInput", input, "job { id }")
            .await;
        payload["job"]["id"].as_str().expect("a job has an id").to_owned()
    }

    /// Waits until `field` of a node is one of `states` and returns the node with `selection`.
    ///
    /// # Panics
    /// When the limit has passed, or a version falls.
    pub async fn wait_for(
        &self,
        id: &str,
        selection: &str,
        field: &str,
        states: &[&str],
        limit: Duration,
    ) -> Value {
        self.look_for(
            id,
            selection,
            |node| states.iter().any(|state| node[field] == **state),
            limit,
        )
        .await
    }

    /// Waits until a node is as wanted. Errors of the server are waited out, for it may be in trouble on purpose.
    ///
    /// # Panics
    /// When the limit has passed, or a version falls.
    pub async fn look_for(
        &self,
        id: &str,
        selection: &str,
        is_wanted: impl Fn(&Value) -> bool,
        limit: Duration,
    ) -> Value {
        let document = format!("query Q($id: ID!) {{ node(id: $id) {{ {selection} }} }}");
        let began = Instant::now();
        let mut version = 0;
        loop {
            let last = match self.send(&document, json!({ "id": id }), Some(&self.token)).await {
                Ok(answer) if answer.get("errors").is_none() => {
                    let node = answer["data"]["node"].clone();
                    let seen = node["version"].as_i64().unwrap_or(version);
                    assert!(seen >= version, "version {version} became {node:#}");
                    version = seen;
                    if is_wanted(&node) {
                        return node;
                    }
                    node
                }
                Ok(answer) => answer,
                Err(error) => Value::String(error.to_string()),
            };
            assert!(began.elapsed() < limit, "still waiting after {limit:?}: {last:#}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until a data set is profiled.
    ///
    /// # Panics
    /// When that takes over a minute.
    pub async fn wait_for_dataset(&self, id: &str) -> Value {
        let limit = Duration::from_secs(60);
        self.wait_for(id, DATASET, "state", &["READY", "FAILED"], limit)
            .await
    }

    /// Waits until a job has ended.
    ///
    /// # Panics
    /// When the limit has passed.
    pub async fn wait_for_job(&self, id: &str, limit: Duration) -> Value {
        let states = ["COMPLETED", "FAILED", "CANCELLED"];
        self.wait_for(id, JOB, "state", &states, limit).await
    }

    /// Waits until so many trials of a running job have ended.
    ///
    /// # Panics
    /// When the job ends before, or the limit has passed.
    pub async fn wait_for_trials(&self, job: &str, finished: i64, limit: Duration) {
        let selection = "... on Job { version state progress { trialsFinished } }";
        let there = |node: &Value| {
            let state = node["state"].as_str().unwrap_or_default();
            assert!(
                !["COMPLETED", "FAILED", "CANCELLED"].contains(&state),
                "the job ended too early: {node:#}"
            );
            state == "RUNNING" && node["progress"]["trialsFinished"].as_i64() >= Some(finished)
        };
        self.look_for(job, selection, there, limit).await;
    }

    /// The events of one subscription until it completes. A patient client opens a socket that was closed again, as browsers do.
    ///
    /// # Panics
    /// When the socket cannot be opened or says something unexpected.
    pub async fn subscribe(&self, query: &str, variables: Value) -> Vec<Value> {
        let began = Instant::now();
        let mut events: Vec<Value> = Vec::new();
        loop {
            let ended = watch::once(&self.url, &self.token, query, &variables, &mut events).await;
            let Err(error) = ended else { break };
            assert!(self.may_pass(began, || true), "{error:#}");
            tokio::time::sleep(LOOK).await;
        }
        events
    }

    /// The bytes at a path or URL of the server.
    ///
    /// # Panics
    /// When they cannot be had.
    pub async fn download(&self, path: &str) -> Vec<u8> {
        let began = Instant::now();
        loop {
            let request = self.http.get(self.absolute(path)).bearer_auth(&self.token);
            let got = match request.send().await {
                Ok(answer) => (Some(answer.status()), answer.bytes().await),
                Err(error) => (None, Err(error)),
            };
            if let (Some(StatusCode::OK), Ok(bytes)) = &got {
                return bytes.to_vec();
            }
            let may_pass = self.may_pass(began, || {
                got.1.is_err() || got.0 >= Some(StatusCode::INTERNAL_SERVER_ERROR)
            });
            assert!(may_pass, "{path}: {got:?}");
            tokio::time::sleep(LOOK).await;
        }
    }

    fn may_pass(&self, began: Instant, passes: impl FnOnce() -> bool) -> bool {
        let limit = self.patience.as_ref().map(Patience::limit);
        limit.is_some_and(|limit| began.elapsed() < limit) && passes()
    }

    /// Fetches a path or URL of the server with the token.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let request = self.http.get(self.absolute(path)).bearer_auth(&self.token);
        request.send().await.expect("the server answers")
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        }
    }
}
