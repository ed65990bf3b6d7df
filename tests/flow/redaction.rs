//! What must be in no log, in either form and at any level: passwords, tokens, keys, the signed part of a link, addresses of people.
//! The one process of the embedded form logs in JSON, as the second processes of the production form do; the first ones log text.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use harness::stack::{Plan, Services};
use harness::{Client, Column, Stack};
use serde_json::{Value, json};

use crate::bodies::{JOB_LIMIT, PENGUINS};
use crate::lines;

/// As talkative as the program can be made; libraries say what they say while somebody looks for a fault.
const LOGGED: &str =
    "debug,automl=trace,api=trace,platform=trace,worker=trace,engine=trace,tower_http=trace,sqlx=trace";
const SECRET: &str = "the-shared-secret-of-all-processes-of-the-platform";
const METRICS: &str = "the-token-of-the-collector";
const COLLECTOR: &str = "the-password-of-the-traces";
const COLLECTORS_KEY: &str = "the-key-of-the-traces";
const WEBHOOK: &str = "whsec_dGhlIHNlY3JldCBvZiBhIHdlYmhvb2sgb2YgdGVzdHM=";
const EMAIL: &str = "grace.hopper@mail.example";
const OTHER_EMAIL: &str = "somebody.else@mail.example";
const PASSWORDS: [&str; 3] = [
    "a correct horse of iron",
    "another mule of copper",
    "a wrong donkey of tin",
];
const FORM: &str = "application/x-www-form-urlencoded";

const JSON: &str = "json";

/// A stack that logs all it can, in both forms where it has several processes.
pub fn talkative(column: Column) -> Stack {
    let program = env!("CARGO_BIN_EXE_automl");
    let variables = [
        ("RUST_LOG", LOGGED),
        ("AUTOML_SECRET", SECRET),
        ("AUTOML_METRICS_TOKEN", METRICS),
        ("AUTOML_SIGN_UP", "open"),
        ("AUTOML_LOG_FORMAT", JSON),
        // Nobody listens there.
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            &format!("http://collector:{COLLECTOR}@127.0.0.1:1"),
        ),
        ("OTEL_EXPORTER_OTLP_HEADERS", &format!("x-key={COLLECTORS_KEY}")),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    match column {
        Column::Embedded => Stack::embedded_with(Path::new(program), &variables),
        Column::Production => {
            let services = Services::shared();
            let mut plan = Plan::new(program, services.environment(&services.part(Path::new(program))));
            plan.environment.extend(variables);
            let text = vec![("AUTOML_LOG_FORMAT".to_owned(), "text".to_owned())];
            plan.first_face.clone_from(&text);
            plan.first_worker = text;
            Stack::production(&plan)
        }
    }
}

/// Everything that people do with secrets, and then the logs of all processes.
pub async fn no_log_holds_a_secret(stack: &Stack) {
    let mut secrets = Secrets::default();
    secrets.add(&[
        SECRET,
        METRICS,
        COLLECTOR,
        COLLECTORS_KEY,
        WEBHOOK,
        EMAIL,
        OTHER_EMAIL,
    ]);
    secrets.add(&PASSWORDS);
    for client in &stack.clients {
        secrets.add(&[&client.token]);
    }
    let grace = signs_up_and_in(stack, &mut secrets).await;
    let model = trains(&grace, &mut secrets).await;
    predicts(&grace, &model, &mut secrets).await;
    guesses(stack).await;
    leaves(stack, &mut secrets).await;
    for _ in 0..100 {
        if logs(stack).contains("mail settled") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let logs = logs(stack);
    assert!(secrets.0.len() > 20, "{:?}", secrets.0);
    for line in logs.lines() {
        for secret in &secrets.0 {
            assert!(
                !line.contains(secret.as_str()),
                "{secret:?} is in the log: {line}"
            );
        }
    }
    for process in stack.faces.iter().chain(&stack.workers) {
        let log = std::fs::read_to_string(process.log()).expect("a log");
        if log.starts_with('{') {
            let log = lines::are_objects(&log);
            for line in lines::saying(&log, "answered") {
                assert!(
                    line.contains_key("request.id") && line.contains_key("http.route"),
                    "{line:?}"
                );
            }
        }
    }
    // A log that says nothing would hold no secret either.
    for word in [
        "signed in",
        "/v1/downloads/{signed}",
        "/v1/unsubscribe/{token}",
        "DEBUG",
        "the collector of traces takes nothing",
    ] {
        assert!(logs.contains(word), "the logs do not speak of {word}");
    }
}

#[derive(Default)]
struct Secrets(BTreeSet<String>);

impl Secrets {
    fn add(&mut self, secrets: &[&str]) {
        for secret in secrets {
            assert!(secret.len() >= 12, "{secret} could be found anywhere");
            self.0.insert((*secret).to_owned());
        }
    }

    /// Adds a text of an answer, and returns it.
    fn of(&mut self, value: &Value) -> String {
        let text = value.as_str().unwrap_or_else(|| panic!("no text: {value}"));
        self.add(&[text]);
        text.to_owned()
    }
}

/// The logs of all processes.
fn logs(stack: &Stack) -> String {
    let processes = stack.faces.iter().chain(&stack.workers);
    processes
        .map(|process| std::fs::read_to_string(process.log()).expect("a log"))
        .collect()
}

/// A mail with that text in it, without the line ends of its encoding.
async fn mail(stack: &Stack, text: &str) -> String {
    for _ in 0..200 {
        for path in mails(stack.folder()) {
            let raw = std::fs::read_to_string(path).unwrap_or_default();
            let mail = raw.replace("=\r\n", "").replace("=3D", "=");
            if mail.contains(text) {
                return mail;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no mail with {text}");
}

fn mails(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(mails(&path));
        } else if path.extension().is_some_and(|extension| extension == "eml") {
            found.push(path);
        }
    }
    found
}

/// What follows `begin` in a mail, as far as a link goes.
fn link_part(mail: &str, begin: &str) -> String {
    let rest = mail
        .split(begin)
        .nth(1)
        .unwrap_or_else(|| panic!("no {begin} in {mail}"));
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.~%".contains(character);
    rest.chars().take_while(|character| is_part(*character)).collect()
}

async fn open(client: &Client, name: &str, input_type: &str, input: Value, selection: &str) -> Value {
    let document = format!(
        "mutation M($input: {input_type}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message }} }} }}"
    );
    let answer = client.raw(&document, json!({ "input": input }), None).await;
    answer["data"][name].clone()
}

const TOKENS: &str = "tokens { accessToken refreshToken }";

async fn signs_up_and_in(stack: &Stack, secrets: &mut Secrets) -> Client {
    let client = stack.client();
    let account = json!({ "email": EMAIL, "password": PASSWORDS[0], "name": "Grace" });
    open(client, "signUp", "SignUpInput", account, "__typename").await;
    let token = link_part(&mail(stack, "/verify#token=").await, "/verify#token=");
    secrets.add(&[&token]);
    open(
        client,
        "verifyEmail",
        "VerifyEmailInput",
        json!({ "token": token }),
        "__typename",
    )
    .await;
    for (password, is_right) in [(PASSWORDS[2], false), (PASSWORDS[0], true)] {
        let input = json!({ "email": EMAIL, "password": password });
        let payload = open(client, "signIn", "SignInInput", input, TOKENS).await;
        assert_eq!(payload["tokens"].is_object(), is_right, "{payload}");
        if is_right {
            let refresh = secrets.of(&payload["tokens"]["refreshToken"]);
            secrets.of(&payload["tokens"]["accessToken"]);
            let input = json!({ "refreshToken": refresh });
            let next = open(client, "refreshSession", "RefreshSessionInput", input, TOKENS).await;
            secrets.of(&next["tokens"]["accessToken"]);
            secrets.of(&next["tokens"]["refreshToken"]);
        }
    }
    for email in [EMAIL, OTHER_EMAIL] {
        open(
            client,
            "requestPasswordReset",
            "RequestPasswordResetInput",
            json!({ "email": email }),
            "__typename",
        )
        .await;
    }
    let token = link_part(&mail(stack, "/reset#token=").await, "/reset#token=");
    secrets.add(&[&token]);
    let input = json!({ "token": token, "password": PASSWORDS[1] });
    open(client, "resetPassword", "ResetPasswordInput", input, "__typename").await;
    let input = json!({ "email": EMAIL, "password": PASSWORDS[1] });
    let payload = open(client, "signIn", "SignInInput", input, TOKENS).await;
    secrets.of(&payload["tokens"]["refreshToken"]);
    let token = secrets.of(&payload["tokens"]["accessToken"]);
    Client::new(&json!({ "url": client.url, "token": token }).to_string())
}

/// A webhook, an upload and a job; the model.
async fn trains(grace: &Client, secrets: &mut Secrets) -> String {
    let input =
        json!({ "url": "https://hooks.example.com/automl", "events": ["JOB_COMPLETED"], "secret": WEBHOOK });
    grace
        .try_mutate("createWebhook", "CreateWebhookInput", input, "secret")
        .await;
    let input = json!({ "fileName": "a.csv", "sizeBytes": 8 });
    let selection = "upload { id url formFields { name value } }";
    let payload = grace
        .mutate("createUpload", "CreateUploadInput", input, selection)
        .await;
    for field in payload["upload"]["formFields"].as_array().into_iter().flatten() {
        let name = field["name"].as_str().unwrap_or_default().to_lowercase();
        if name.contains("signature") || name == "policy" {
            secrets.of(&field["value"]);
        }
    }
    let job = grace.start_job(PENGUINS, "species", 10).await;
    let done = grace.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let watched = "subscription S($id: ID!) { jobUpdated(id: $id) { state } }";
    grace.subscribe(watched, json!({ "id": job })).await;
    let url = done["model"]["downloads"][0]["url"]
        .as_str()
        .expect("a link")
        .to_owned();
    secrets.add(&[url.rsplit('/').next().expect("a signed part")]);
    grace.download(&url).await;
    grace.get("/v1/downloads/a-link-that-nobody-signed").await;
    done["model"]["id"].as_str().expect("a model").to_owned()
}

async fn predicts(grace: &Client, model: &str, secrets: &mut Secrets) {
    grace
        .mutate(
            "deployModel",
            "DeployModelInput",
            json!({ "id": model }),
            "model { deployed }",
        )
        .await;
    let input = json!({ "name": "a script", "scopes": ["PREDICT"] });
    let made = grace
        .mutate("createApiToken", "CreateApiTokenInput", input, "secret")
        .await;
    let token = secrets.of(&made["secret"]);
    let http = reqwest::Client::new();
    let path = format!("{}/v1/models/{model}/predict", grace.url);
    let table = "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n,Biscoe,1,2,3,4,MALE\n";
    for (token, table) in [
        (token.as_str(), table),
        (token.as_str(), "x\n1\n"),
        ("wrong-token-of-nobody", table),
    ] {
        let request = http
            .post(&path)
            .bearer_auth(token)
            .header("content-type", "text/csv");
        request.body(table).send().await.expect("an answer");
    }
    secrets.add(&["wrong-token-of-nobody"]);
    for token in [METRICS, "wrong-token-of-nobody"] {
        let request = http.get(format!("{}/metrics", grace.url)).bearer_auth(token);
        request.send().await.expect("an answer");
    }
}

/// Secrets in places where they do not belong.
async fn guesses(stack: &Stack) {
    let client = stack.client();
    let http = reqwest::Client::new();
    let literal = format!(
        "mutation {{ signIn(input: {{ email: \"{EMAIL}\", password: \"{}\" }}) {{ nonsense }} }}",
        PASSWORDS[1]
    );
    client.raw(&literal, json!({}), None).await;
    client.raw(&literal, json!({}), Some(&client.token)).await;
    let broken = format!("{literal} }}");
    client.raw(&broken, json!({}), None).await;
    let query = [
        ("query", literal.as_str()),
        ("access_token", client.token.as_str()),
    ];
    let request = http.get(format!("{}/graphql", client.url)).query(&query);
    request
        .header("graphql-require-preflight", "1")
        .send()
        .await
        .expect("an answer");
    let session = format!("{}/v1/session", client.url);
    for token in [client.token.as_str(), PASSWORDS[1]] {
        let request = http.post(&session).json(&json!({ "token": token }));
        request.send().await.expect("an answer");
    }
    let page = format!("{}/verify?token={}&email={EMAIL}", client.url, client.token);
    http.get(page).send().await.expect("an answer");
}

/// The way out of the mail about the job.
async fn leaves(stack: &Stack, secrets: &mut Secrets) {
    let mail = mail(stack, "List-Unsubscribe: <").await;
    let token = link_part(&mail, "/v1/unsubscribe/");
    secrets.add(&[&token]);
    let url = format!("{}/v1/unsubscribe/{token}", stack.client().url);
    let http = reqwest::Client::new();
    http.get(&url).send().await.expect("an answer");
    let done = http
        .post(&url)
        .header("content-type", FORM)
        .body("List-Unsubscribe=One-Click");
    assert!(done.send().await.expect("an answer").status().is_success());
}
