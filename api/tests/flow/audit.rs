//! What people do to their accounts and their data is in the audit log, with the request and the address it came from.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use entities::{dataset, job, token};
use platform::audit::{self, Recorded, verify};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::{OTHER, PASSWORD, mailed_token, open_server};
use crate::setup::{Application, Person, give_token, id, now};

const ADDRESS: &str = "203.0.113.9";
const TOKENS: &str = "tokens { accessToken refreshToken }";

/// A server, and what was asked of it so far.
struct Asking {
    application: Application,
    /// Ids of requests whose mutation is expected in the log, the oldest first.
    requests: Vec<String>,
}

impl Asking {
    /// Sends a mutation from [`ADDRESS`], and gives what it answers.
    async fn ask(&mut self, token: Option<&str>, name: &str, input: Value, selection: &str) -> Value {
        let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation M($input: {type_name}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code }} }} }}"
        );
        let body = json!({ "query": query, "variables": { "input": input } });
        let mut request = Request::post("/graphql").header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        let client: SocketAddr = format!("{ADDRESS}:4711").parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(client));
        let answer = self.application.send(request).await;
        let json = answer.json();
        assert!(json.get("errors").is_none(), "{name}: {json}");
        self.requests.push(answer.header("x-request-id").to_owned());
        json["data"][name].clone()
    }

    /// What was asked last is not expected in the log.
    fn forget(&mut self) {
        self.requests.pop();
    }

    async fn log(&self) -> Vec<Recorded> {
        let mut log = audit::newest(&self.application.platform.database, 100)
            .await
            .unwrap();
        log.reverse();
        log
    }

    /// The log is whole and tells these actions, each of its request.
    async fn check(&self, expected: &[(&str, Option<Uuid>)]) {
        let log = self.log().await;
        let told: Vec<(&str, Option<Uuid>)> = log
            .iter()
            .map(|entry| (entry.action.as_str(), entry.actor_id))
            .collect();
        assert_eq!(told, expected);
        for (entry, request) in log.iter().zip(&self.requests) {
            let own = entry.request_id.map(|id| id.simple().to_string());
            assert_eq!(own.as_ref(), Some(request), "{entry:?}");
            assert_eq!(entry.address.as_deref(), Some(ADDRESS), "{entry:?}");
            let text = format!("{entry:?}");
            for secret in ["example.com", PASSWORD, OTHER, "nobody", "automl_"] {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
        let whole = verify::verify(&self.application.platform.database, None).await;
        assert!(whole.unwrap().is_ok());
    }
}

#[tokio::test]
async fn coming_in_and_going_is_recorded() {
    let mut asking = Asking {
        application: open_server().await,
        requests: Vec::new(),
    };
    let credentials = |password: &str| json!({ "email": "ada@example.com", "password": password });
    let mut new = credentials(PASSWORD);
    new["name"] = json!("Ada");
    asking.ask(None, "signUp", new.clone(), "accepted").await;
    let ada = asking.log().await[0].actor_id;
    assert!(ada.is_some());
    // The same address again changes nothing.
    asking.ask(None, "signUp", new, "accepted").await;
    asking.forget();
    let first_mail = async |asking: &Asking| mailed_token(&asking.application).await.1;
    // Not confirmed yet.
    asking.ask(None, "signIn", credentials(PASSWORD), TOKENS).await;
    let input = json!({ "email": "ada@example.com" });
    asking.ask(None, "requestPasswordReset", input, "accepted").await;
    asking.forget();
    let input = json!({ "token": first_mail(&asking).await, "password": PASSWORD });
    asking.ask(None, "resetPassword", input, "changed").await;
    let unknown = json!({ "email": "nobody@example.com", "password": OTHER });
    asking.ask(None, "signIn", unknown, TOKENS).await;
    let tokens = asking.ask(None, "signIn", credentials(PASSWORD), TOKENS).await["tokens"].clone();
    let spent = json!({ "refreshToken": tokens["refreshToken"] });
    asking.ask(None, "refreshSession", spent.clone(), TOKENS).await;
    asking.forget();
    // Its successor is used, so that the grace is over.
    let next = json!({ "refreshToken": asking.ask(None, "refreshSession", spent.clone(), TOKENS).await["tokens"]["refreshToken"] });
    asking.forget();
    asking.ask(None, "refreshSession", next, TOKENS).await;
    asking.forget();
    asking.ask(None, "refreshSession", spent, TOKENS).await;
    let tokens = asking.ask(None, "signIn", credentials(PASSWORD), TOKENS).await["tokens"].clone();
    let access = tokens["accessToken"].as_str().unwrap();
    let input = json!({ "currentPassword": PASSWORD, "password": OTHER });
    asking
        .ask(Some(access), "updatePassword", input, "user { id }")
        .await;
    asking.ask(Some(access), "signOut", json!({}), "endedCount").await;
    asking
        .check(&[
            ("SIGNED_UP", ada),
            ("SIGN_IN_FAILED", None),
            ("PASSWORD_RESET", ada),
            ("SIGN_IN_FAILED", None),
            ("SIGNED_IN", ada),
            ("SESSION_REUSED", None),
            ("SIGNED_IN", ada),
            ("PASSWORD_CHANGED", ada),
            ("SIGNED_OUT", ada),
        ])
        .await;
    let log = asking.log().await;
    // Of a known account its id, of an unknown one nothing.
    assert_eq!(log[1].subject_id, ada.map(|id| id.to_string()));
    assert_eq!(log[3].subject_id, None);
    assert_eq!(log[5].subject_id, log[1].subject_id);
    let session = log[4].subject_id.as_deref().unwrap();
    assert!(
        log[5].before.as_deref().unwrap().contains(session),
        "the session that was ended"
    );
    let tokens = asking.ask(None, "signIn", credentials(OTHER), TOKENS).await["tokens"].clone();
    let own = Person {
        id: ada.unwrap(),
        token: tokens["accessToken"].as_str().unwrap().to_owned(),
    };
    check_activity(&asking.application, &own).await;
}

/// Ada sees what was done in her name, and what somebody tried with her account; Ann sees neither.
async fn check_activity(application: &Application, ada: &Person) {
    let query = "query ($after: String) { viewer { activity(first: 4, after: $after) { \
        totalCount pageInfo { hasNextPage endCursor } nodes { action at address requestId } } } }";
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = application.graphql(ada, query, json!({ "after": after })).await;
        let page = &answer["data"]["viewer"]["activity"];
        assert_eq!(page["totalCount"], 9, "{answer}");
        for node in page["nodes"].as_array().unwrap() {
            assert_eq!(node["address"], ADDRESS);
            seen.push(node["action"].as_str().unwrap().to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let expected = [
        "SIGNED_IN",
        "SIGNED_OUT",
        "PASSWORD_CHANGED",
        "SIGNED_IN",
        "SESSION_REUSED",
        "SIGNED_IN",
        "PASSWORD_RESET",
        "SIGN_IN_FAILED",
        "SIGNED_UP",
    ];
    assert_eq!(seen, expected);
    let ann = application.ann.clone();
    let answer = application.graphql(&ann, query, json!({})).await;
    assert_eq!(answer["data"]["viewer"]["activity"]["totalCount"], 0, "{answer}");
}

#[tokio::test]
async fn what_people_do_to_their_data_is_recorded() {
    let application = Application::start().await;
    let (ann, bob) = (application.ann.clone(), application.bob.clone());
    let data = application.dataset(&ann, dataset::State::Ready).await;
    let first = application.job(&data, job::State::Completed).await;
    let model = application.model(&first).await;
    let second = application.job(&data, job::State::Completed).await;
    let mut asking = Asking {
        application,
        requests: Vec::new(),
    };
    let token = Some(ann.token.as_str());
    let input = json!({ "name": "ci", "scopes": ["READ"] });
    let made = asking
        .ask(token, "createApiToken", input, "apiToken { id }")
        .await;
    let input = json!({ "id": made["apiToken"]["id"] });
    asking.ask(token, "deleteApiToken", input, "deletedId").await;
    let input = json!({ "url": "https://example.com/hook?key=secret", "events": ["JOB_FAILED"] });
    let made = asking.ask(token, "createWebhook", input, "webhook { id }").await;
    let input = json!({ "id": made["webhook"]["id"] });
    asking.ask(token, "deleteWebhook", input, "deletedId").await;
    let input = json!({ "id": id("model", model.id) });
    asking
        .ask(token, "deployModel", input.clone(), "model { deployed }")
        .await;
    // What is so already is no change.
    asking
        .ask(token, "deployModel", input.clone(), "model { deployed }")
        .await;
    asking.forget();
    let undeployed = asking
        .ask(token, "undeployModel", input.clone(), "model { deployed }")
        .await;
    assert_eq!(undeployed["model"]["deployed"], false);
    let input = json!({ "modelId": id("model", model.id), "name": "churn" });
    asking
        .ask(token, "registerModel", input, "registeredModel { name }")
        .await;
    asking.forget();
    let input = json!({ "name": "churn", "version": 1, "alias": "production" });
    asking
        .ask(token, "promoteModel", input, "registeredModel { name }")
        .await;
    let input = json!({ "name": "churn", "version": 1 });
    asking
        .ask(token, "deregisterModel", input, "deregisteredVersion")
        .await;
    let input = json!({ "id": id("job", second.id) });
    // Somebody else's is not there for them, and nothing is recorded.
    asking
        .ask(Some(&bob.token), "deleteJob", input.clone(), "deletedId")
        .await;
    asking.forget();
    asking.ask(token, "deleteJob", input, "deletedId").await;
    let input = json!({ "id": id("dataset", data.id) });
    asking.ask(token, "deleteDataset", input, "deletedId").await;
    let ann = Some(ann.id);
    asking
        .check(&[
            ("TOKEN_CREATED", ann),
            ("TOKEN_REVOKED", ann),
            ("WEBHOOK_CREATED", ann),
            ("WEBHOOK_DELETED", ann),
            ("MODEL_DEPLOYED", ann),
            ("MODEL_UNDEPLOYED", ann),
            ("ALIAS_MOVED", ann),
            ("MODEL_DEREGISTERED", ann),
            ("JOB_DELETED", ann),
            ("DATASET_DELETED", ann),
        ])
        .await;
}

#[tokio::test]
async fn a_printed_link_is_recorded() {
    let application = Application::start().await;
    let (ann, in_an_hour) = (application.ann.id, now() + chrono::Duration::hours(1));
    give_token(
        &application.platform,
        ann,
        token::Kind::OneTime,
        "once",
        Some(in_an_hour),
    )
    .await;
    for _ in 0..2 {
        let request = Request::post("/v1/session")
            .header("content-type", "application/json")
            .body(Body::from(json!({ "token": "once" }).to_string()))
            .unwrap();
        application.send(request).await;
    }
    let log = audit::newest(&application.platform.database, 10).await.unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    assert_eq!(
        (log[0].action.as_str(), log[0].actor_id),
        ("SIGNED_IN", Some(ann))
    );
    assert!(log[0].request_id.is_some());
}

#[tokio::test]
async fn an_administrator_gives_the_default_user_s_data_away() {
    let application = Application::start().await;
    let connection = application.platform.database.connection();
    let imported = crate::setup::person(&application.platform, "default").await;
    let data = application.dataset(&imported, dataset::State::Ready).await;
    let root = crate::setup::person(&application.platform, "Root").await;
    let admin = entities::user::ActiveModel {
        id: Set(root.id),
        role: Set(entities::user::Role::Admin),
        ..Default::default()
    };
    admin.update(connection).await.unwrap();
    let (ann, bob) = (application.ann.clone(), application.bob.clone());
    let mut asking = Asking {
        application,
        requests: Vec::new(),
    };
    let input = json!({ "userId": id("user", ann.id), "reason": "it was hers" });
    let query =
        "mutation ($input: ClaimDefaultDataInput!) { claimDefaultData(input: $input) { claimedRows } }";
    let refused = asking
        .application
        .graphql(&bob, query, json!({ "input": input }))
        .await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "FORBIDDEN",
        "{refused}"
    );
    let token = Some(root.token.as_str());
    let mut silent = input.clone();
    silent["reason"] = json!(" ");
    let refused = asking.ask(token, "claimDefaultData", silent, "claimedRows").await;
    assert_eq!(refused["userErrors"][0]["code"], "REASON_INVALID");
    asking.forget();
    let done = asking
        .ask(token, "claimDefaultData", input.clone(), "claimedRows")
        .await;
    assert_eq!(done["claimedRows"], 1, "{done}");
    let again = asking.ask(token, "claimDefaultData", input, "claimedRows").await;
    assert_eq!(again["userErrors"][0]["code"], "NOTHING_TO_CLAIM");
    asking.forget();
    asking.check(&[("DEFAULT_DATA_CLAIMED", Some(root.id))]).await;
    let query = "query ($id: ID!) { node(id: $id) { id } }";
    for (person, sees) in [(&ann, true), (&imported, false)] {
        let variables = json!({ "id": id("dataset", data.id) });
        let answer = asking.application.graphql(person, query, variables).await;
        assert_eq!(answer["data"]["node"].is_object(), sees, "{answer}");
    }
}
