//! Word of a job's end, through the front door of a real server: the address, the mail as a file, the way out of it.

use std::path::Path;
use std::time::Duration;

use harness::{Client, Stack};
use serde_json::{Value, json};

const PENGUINS: &[u8] = include_bytes!("data/penguins.csv");
const JOB_LIMIT: Duration = Duration::from_secs(120);

async fn trained(server: &Client, dataset: &str) -> Value {
    let input = json!({ "datasetId": dataset, "target": "species", "budgetSeconds": 10, "preset": "QUICK", "seed": 7,
        "name": "Pinguine: größer\u{202e} <b>" });
    let payload = server
        .mutate("createJob", "CreateJobInput", input, "job { id }")
        .await;
    let job = payload["job"]["id"].as_str().expect("a job has an id").to_owned();
    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let selection = "... on Job { id state version steps { name state error } notifications { kind channel state sentAt error } }";
    let document = format!("query Q($id: ID!) {{ node(id: $id) {{ {selection} }} }}");
    for _ in 0..100 {
        let node = server.ask(&document, json!({ "id": job })).await["node"].clone();
        let state = node["notifications"][0]["state"].as_str().unwrap_or_default();
        if ["SENT", "FAILED", "SKIPPED"].contains(&state) {
            return node;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the job {job} tells nobody");
}

fn mails(home: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(home.join("outbox")).expect("an outbox");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| std::fs::read_to_string(path).expect("a mail"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_job_is_told_once_until_mail_is_switched_off() {
    let stack = Stack::embedded(Path::new(env!("CARGO_BIN_EXE_automl")));
    let (server, home) = (stack.client(), stack.folder().join("home"));
    let email = json!({ "email": "ada@example.com" });
    server
        .mutate("updateEmail", "UpdateEmailInput", email, "user { email }")
        .await;
    let dataset = server.upload("penguins.csv", PENGUINS).await;
    server.wait_for_dataset(&dataset).await;

    let job = trained(server, &dataset).await;
    assert_eq!(job["notifications"][0]["kind"], "COMPLETED", "{job:#}");
    assert_eq!(job["notifications"][0]["state"], "SENT", "{job:#}");
    assert_eq!(job["steps"][4]["name"], "NOTIFY", "{job:#}");
    assert_eq!(job["steps"][4]["state"], "COMPLETED", "{job:#}");
    let mails_now = mails(&home);
    assert_eq!(mails_now.len(), 1);
    let mail = &mails_now[0];
    assert!(mail.contains("\r\nTo: ada@example.com\r\n"), "{mail}");
    assert!(mail.contains("\r\nSubject: =?utf-8?B?"), "{mail}");
    let html = mail
        .split("Content-Type: text/html")
        .nth(1)
        .expect("an HTML part");
    assert!(html.contains("&lt;b&gt;") && !html.contains("<b>"), "{mail}");
    let link = mail
        .split("\r\nList-Unsubscribe: <")
        .nth(1)
        .and_then(|rest| rest.split('>').next());
    let link = link.expect("a way out").to_owned();
    assert!(link.starts_with(&server.url), "{link} leads to {}", server.url);

    let client = reqwest::Client::new();
    let asked = client.get(&link).send().await.expect("an answer");
    assert!(asked.status().is_success());
    let done = client
        .post(&link)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("List-Unsubscribe=One-Click")
        .send()
        .await
        .expect("an answer");
    assert!(done.status().is_success());

    let job = trained(server, &dataset).await;
    assert_eq!(job["notifications"][0]["state"], "SKIPPED", "{job:#}");
    assert_eq!(job["steps"][4]["state"], "SKIPPED", "{job:#}");
    assert_eq!(mails(&home).len(), 1);
}
