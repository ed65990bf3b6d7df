//! Every example of the document, sent to a server or compared with what it answers.

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use entities::token;
use serde_json::{Value, json};

use super::{document, operations};
use crate::accounts_tokens;
use crate::predict::{DEPLOY, stored};
use crate::setup::{Answer, Application, give_token, now};

/// Operations whose examples of paths are signed links that nobody signed, and what they answer.
const UNSIGNED: [(&str, &str); 3] = [
    ("download", "404"),
    ("askToUnsubscribe", "404"),
    ("unsubscribe", "404"),
];
/// Answers that need something broken; their words are tested where it is broken (`tests/faults`).
const OF_FAULTS: [&str; 3] = ["Internal", "Unavailable", "DiskFull"];

struct World {
    application: Application,
    model: String,
    upload: String,
    admin: String,
}

impl World {
    async fn new() -> Self {
        let application = Application::start_with(|settings| {
            settings.metrics_token = Some(platform::Secret::new("0123456789abcdef"));
        })
        .await;
        let model = stored(&application).await;
        application
            .graphql(&application.ann, DEPLOY, json!({ "id": model }))
            .await;
        let hour = Some(now() + Duration::hours(1));
        give_token(
            &application.platform,
            application.ann.id,
            token::Kind::OneTime,
            "once",
            hour,
        )
        .await;
        let create =
            "mutation { createUpload(input: { fileName: \"a.csv\", sizeBytes: 8 }) { upload { url } } }";
        let created = application.graphql(&application.ann, create, json!({})).await;
        let url = created["data"]["createUpload"]["upload"]["url"]
            .as_str()
            .expect("a url");
        let upload = url.rsplit('/').next().expect("an id").to_owned();
        Self {
            application,
            model,
            upload,
            admin: "0123456789abcdef".to_owned(),
        }
    }

    /// Sends an operation with its examples; `content_type` chooses one of the body.
    async fn send(
        &self,
        document: &Value,
        (path, method, operation): &(String, String, &Value),
        content_type: Option<&str>,
    ) -> Answer {
        let mut url = path.clone();
        let mut query = Vec::new();
        let mut request = Request::builder().method(method.as_str());
        let of_path = document["paths"][path].get("parameters");
        let parameters = [of_path, operation.get("parameters")];
        for parameter in parameters
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
        {
            let name = parameter["name"].as_str().expect("a name");
            let Some(example) = parameter.get("example") else {
                assert_ne!(
                    parameter["required"], true,
                    "{method} {path}: {name} has no example"
                );
                continue;
            };
            let example = example
                .as_str()
                .map_or_else(|| example.to_string(), str::to_owned);
            match parameter["in"].as_str() {
                Some("path") => url = url.replace(&format!("{{{name}}}"), &self.own(path, &example)),
                Some("query") => query.push(format!(
                    "{name}={}",
                    example
                        .replace(' ', "%20")
                        .replace('{', "%7B")
                        .replace('}', "%7D")
                )),
                Some("header") => request = request.header(name, example),
                other => panic!("{other:?}"),
            }
        }
        if !query.is_empty() {
            url = format!("{url}?{}", query.join("&"));
        }
        let body = content_type.map(|kind| &operation["requestBody"]["content"][kind]["example"]);
        let body = match body {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        if let Some(kind) = content_type {
            request = request.header("content-type", kind);
        }
        let token = if path == "/metrics" {
            &self.admin
        } else {
            &self.application.ann.token
        };
        request = request
            .header("authorization", format!("Bearer {token}"))
            .uri(url);
        self.application
            .send(request.body(Body::from(body)).expect("a request"))
            .await
    }

    /// The row that stands here for the one of the example.
    fn own(&self, path: &str, example: &str) -> String {
        if path.starts_with("/v1/models/") {
            self.model.clone()
        } else if path.starts_with("/v1/uploads/") {
            self.upload.clone()
        } else {
            example.to_owned()
        }
    }
}

/// The description of an answer, behind its reference.
fn described<'a>(document: &'a Value, operation: &'a Value, status: &str) -> &'a Value {
    let response = &operation["responses"][status];
    match response["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).expect("it leads somewhere"),
        None => response,
    }
}

/// The same fields, of the same kinds; what a number or a text says may differ.
fn is_alike(example: &Value, found: &Value) -> bool {
    match (example, found) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| is_alike(value, other)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_alike(left, right))
        }
        (left, right) => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

#[tokio::test]
async fn examples_of_requests_are_answered_as_their_examples_say() {
    let world = World::new().await;
    let document = document(&world.application).await;
    for of_path in operations(&document) {
        let (path, method, operation) = &of_path;
        let kinds: Vec<Option<&str>> = match operation
            .pointer("/requestBody/content")
            .and_then(Value::as_object)
        {
            Some(kinds) => kinds.keys().map(|kind| Some(kind.as_str())).collect(),
            None => vec![None],
        };
        let responses = operation["responses"].as_object().expect("answers");
        let success = responses
            .keys()
            .find(|status| status.starts_with('2'))
            .expect("a success");
        let id = operation["operationId"].as_str().expect("an id");
        let expected = UNSIGNED
            .iter()
            .find(|(unsigned, _)| *unsigned == id)
            .map_or(success.as_str(), |(_, status)| status);
        for kind in kinds {
            let answer = world.send(&document, &of_path, kind).await;
            assert_eq!(
                answer.status.as_str(),
                expected,
                "{method} {path} {kind:?}: {answer:?}"
            );
            let Some(contents) = described(&document, operation, expected)["content"].as_object() else {
                assert!(answer.body.is_empty(), "{method} {path}: there is a body");
                continue;
            };
            let found_kind = answer.header("content-type").split(';').next().expect("a kind");
            let content = contents
                .get(found_kind)
                .unwrap_or_else(|| panic!("{method} {path}: {found_kind}"));
            let Some(example) = content.get("example") else {
                continue;
            };
            match example {
                Value::String(text) => {
                    assert_eq!(String::from_utf8_lossy(&answer.body), *text, "{method} {path}");
                }
                _ => assert!(
                    is_alike(example, &answer.json()),
                    "{method} {path}: {}",
                    answer.json()
                ),
            }
        }
    }
}

#[tokio::test]
async fn examples_of_refusals_are_what_the_server_says() {
    let world = World::new().await;
    let document = document(&world.application).await;
    let found = world.refusals().await;
    let responses = document["components"]["responses"]
        .as_object()
        .expect("responses");
    for (name, response) in responses {
        let Some(example) = response.pointer("/content/application~1json/example") else {
            continue;
        };
        if OF_FAULTS.contains(&name.as_str()) {
            continue;
        }
        let answer = found.iter().find(|(own, _)| own == name);
        let (_, answer) = answer.unwrap_or_else(|| panic!("{name} is not tried"));
        let mut said = answer.json();
        said["error"]["requestId"] = example["error"]["requestId"].clone();
        assert_eq!(said, *example, "{name}");
    }
    let csv = [("content-type", "text/csv")];
    let wrong = world
        .refusal("POST", &world.predict(), None, &csv, "mass\n1\nheavy\n")
        .await;
    let example = document
        .pointer("/paths/~1v1~1models~1{id}~1predict/post/responses/422/content/application~1json/example");
    assert_eq!(Some(&wrong.json()), example);
}

impl World {
    fn predict(&self) -> String {
        format!("/v1/models/{}/predict", self.model)
    }

    /// Sends what is to be refused; without a token of its own, with Ann's.
    async fn refusal(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        fields: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let token = token.unwrap_or(&self.application.ann.token);
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("authorization", format!("Bearer {token}"));
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).expect("a request");
        self.application.send(request).await
    }

    /// One request for each kind of refusal, by the name of its description.
    async fn refusals(&self) -> Vec<(&'static str, Answer)> {
        let (narrow, _) = accounts_tokens::token(&self.application, &["PREDICT"]).await;
        let (predict, upload) = (self.predict(), format!("/v1/uploads/{}", self.upload));
        let start = [("upload-offset", "0")];
        let begun = self.refusal("PATCH", &upload, None, &start, "a,b").await;
        assert_eq!(begun.status, 204, "{begun:?}");
        let mut found = Vec::new();
        let (html, plain) = ([("accept", "text/html")], [("content-type", "text/plain")]);
        for (name, path, token, fields) in [
            ("BadRequest", predict.as_str(), None, &[][..]),
            ("Unauthenticated", &predict, Some("nobody"), &[]),
            ("NotFound", "/v1/models/nonsense/predict", None, &[]),
            ("NotAcceptable", &predict, None, &html),
            ("UnsupportedMediaType", &predict, None, &plain),
        ] {
            found.push((name, self.refusal("POST", path, token, fields, "x").await));
        }
        let narrow = Some(narrow.token.as_str());
        found.push((
            "Forbidden",
            self.refusal("PATCH", &upload, narrow, &start, "").await,
        ));
        found.push(("Conflict", self.refusal("PATCH", &upload, None, &start, "").await));
        let long = vec![b' '; (16 << 20) + 1];
        found.push(("TooLarge", self.refusal("POST", &predict, None, &[], long).await));
        found
    }
}
