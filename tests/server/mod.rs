//! A real `automl serve` on a free port with a throw-away home, and a client that speaks to it as a script would.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The server process and how to reach it. Dropping it kills the process.
pub struct Server {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// Bearer token for scripts.
    pub token: String,
    client: reqwest::Client,
}

impl Server {
    /// Starts the server on `home` and waits until it says that it is ready.
    pub fn start(home: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_automl"))
            .args(["serve", "--json", "--port", "0", "--home"])
            .arg(home)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is piped"));
        stdout
            .read_line(&mut line)
            .expect("the server prints its first line");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line:?}"));
        let field = |name: &str| {
            ready[name]
                .as_str()
                .unwrap_or_else(|| panic!("no {name} in {line}"))
                .to_owned()
        };
        let url = field("url");
        // The link carries the one-time token behind the origin; scripts need the origin alone.
        let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
        std::thread::spawn(move || for _ in stdout.lines() {});
        Self {
            process,
            url: origin,
            token: field("token"),
            client: reqwest::Client::new(),
        }
    }

    /// Process id of the server.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills the server at once, as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().expect("the server can be killed");
        self.process.wait().expect("the server is gone");
    }

    /// Sends one GraphQL document; panics on top-level errors.
    pub async fn ask(&self, document: &str, variables: Value) -> Value {
        let answer = self.raw(document, variables, Some(&self.token)).await;
        assert!(answer.get("errors").is_none(), "{document}\n{answer:#}");
        answer["data"].clone()
    }

    /// Sends one GraphQL document with any token or none and returns the whole answer.
    pub async fn raw(&self, document: &str, variables: Value, token: Option<&str>) -> Value {
        let body = json!({ "query": document, "variables": variables });
        let mut request = self.client.post(format!("{}/graphql", self.url)).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request
            .send()
            .await
            .expect("the server answers")
            .json()
            .await
            .expect("the answer is JSON")
    }

    /// Runs a mutation with one input and returns its payload; panics on user errors.
    pub async fn mutate(&self, name: &str, input_type: &str, input: Value, selection: &str) -> Value {
        let payload = self.try_mutate(name, input_type, input, selection).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}: {payload:#}");
        payload
    }

    /// Runs a mutation with one input and returns its payload, user errors included.
    pub async fn try_mutate(&self, name: &str, input_type: &str, input: Value, selection: &str) -> Value {
        let document = format!(
            "mutation M($input: {input_type}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message field }} }} }}"
        );
        self.ask(&document, json!({ "input": input })).await[name].clone()
    }

    /// Uploads bytes in two parts and returns the id of the data set.
    pub async fn upload(&self, file_name: &str, bytes: &[u8]) -> String {
        let input = json!({ "fileName": file_name, "sizeBytes": bytes.len() });
        let payload = self
            .mutate("createUpload", "CreateUploadInput", input, "upload { id url }")
            .await;
        let path = payload["upload"]["url"].as_str().expect("an upload has a url");
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        };
        let middle = bytes.len() / 2;
        for (offset, part) in [(0, &bytes[..middle]), (middle, &bytes[middle..])] {
            let answer = self
                .client
                .patch(&url)
                .bearer_auth(&self.token)
                .header("Upload-Offset", offset.to_string())
                .header("Content-Type", "application/offset+octet-stream")
                .body(part.to_vec())
                .send()
                .await
                .expect("the server takes a part");
            assert!(
                answer.status().is_success(),
                "part at {offset}: {}",
                answer.status()
            );
        }
        let input = json!({ "uploadId": payload["upload"]["id"] });
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

    /// Waits until `field` of a node is one of `states` and returns the node with `selection`.
    pub async fn wait_for(
        &self,
        id: &str,
        selection: &str,
        field: &str,
        states: &[&str],
        limit: Duration,
    ) -> Value {
        let document = format!("query Q($id: ID!) {{ node(id: $id) {{ {selection} }} }}");
        let started = Instant::now();
        loop {
            let node = self.ask(&document, json!({ "id": id })).await["node"].clone();
            if states.iter().any(|state| node[field] == **state) {
                return node;
            }
            assert!(
                started.elapsed() < limit,
                "still waiting for {states:?}: {node:#}"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until a data set is profiled.
    pub async fn wait_for_dataset(&self, id: &str) -> Value {
        let selection = "... on Dataset { id state error profile { rows warnings columns { name role asTarget { usable problem } } } }";
        self.wait_for(
            id,
            selection,
            "state",
            &["READY", "FAILED"],
            Duration::from_secs(60),
        )
        .await
    }

    /// Waits until a job has ended.
    pub async fn wait_for_job(&self, id: &str, limit: Duration) -> Value {
        let selection = "... on Job { id state error version problem metric progress { trialsFinished trialsFailed bestScore } \
            steps { name state error } leaderboard { rank name kind score weight state error } notes \
            model { id deployable deployed onnxWithheld classes inputs { name kind } \
              evaluation { score low high baseline isBetterThanBaseline summary metrics { metric value } importance { column importance } } \
              certificate { holdoutRows edgeRows largestDifference } downloads { kind url sizeBytes } } }";
        self.wait_for(
            id,
            selection,
            "state",
            &["COMPLETED", "FAILED", "CANCELLED"],
            limit,
        )
        .await
    }

    /// Fetches a path or URL of the server with the token.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        };
        self.client
            .get(url)
            .bearer_auth(&self.token)
            .send()
            .await
            .expect("the server answers")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Process ids of the trainer children below the server.
pub fn children(server: u32) -> Vec<i32> {
    let path = format!("/proc/{server}/task");
    let mut found = Vec::new();
    for task in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        found.extend(text.split_whitespace().filter_map(|id| id.parse::<i32>().ok()));
    }
    found
}
