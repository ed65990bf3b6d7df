//! Who may do what with whose: every operation of the schema that takes an id, every edge between objects, every route, for the
//! owner, another member, an administrator, somebody without a token and an owner who is kept out. The cases are made from the
//! schema itself: a new field or mutation is among them without anybody's doing.

mod edges;
mod operation;
pub mod routes;
mod schema;
mod server_rows;
mod world;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

use self::operation::{OWN, Operation, Place};
use self::schema::Schema;
use self::world::{CANARY, NOUNS, OF_THE_SERVER, Rows, World};
use crate::setup::{Application, Person, id};
use crate::websocket::Socket;

/// Arguments that the generator cannot guess and without which an operation does not get as far as to look whose the object is:
/// name of the operation with its place, and what is written over the generated arguments. One that is not needed (any more)
/// fails the test.
const OVERRIDES: &[(&str, &str)] = &[
    (
        "comparison jobIds",
        r#"{ "jobIds": ["jobIds", "OWN another_job"] }"#,
    ),
    (
        "createBatchPrediction input.modelId",
        r#"{ "input": { "source": { "datasetId": "OWN dataset" } } }"#,
    ),
];

/// Root fields for administrators only: they may with everybody's, and everybody else gets FORBIDDEN, whatever the id.
const OF_ADMINS: &[&str] = &[
    "suspendUser",
    "restoreUser",
    "setUserRole",
    "setUserQuota",
    "revokeUserSessions",
    "requeueTask",
    "drainWorker",
    "cancelAnyJob",
    "claimDefaultData",
];

/// Mutations by which people come in: they have tests of their own (`accounts_door.rs`), which hold them against the schema.
const OF_EVERYBODY: &[&str] = &[
    "signUp",
    "signIn",
    "signInWithCode",
    "refreshSession",
    "requestPasswordReset",
    "resetPassword",
    "verifyEmail",
];

/// Root fields that lead to fields for administrators; those have tests of their own.
const ADMIN_ROOTS: &[&str] = &["admin"];

/// An operation, and the noun that its place takes.
struct Case {
    operation: Operation,
    nouns: Vec<&'static str>,
}

impl Case {
    /// The document for a noun of the tried place.
    fn document(&self, schema: &Schema, noun: &str) -> String {
        let (_, node_type) = NOUNS.iter().find(|(name, _)| *name == noun).expect("a noun");
        self.operation.document(schema, node_type)
    }

    /// Variables that name the row `tried` at the tried place, and the person's own rows at the others.
    fn variables(&self, tried: &str, own: &Rows) -> Value {
        let place_of = |place: &Place| {
            if Some(place) == self.operation.tried.as_ref() {
                return tried.to_owned();
            }
            if let Some(noun) = place.path.strip_prefix(OWN) {
                return own.id(noun);
            }
            let position = self.operation.places.iter().position(|one| one == place);
            own.id(self.nouns[position.expect("one of its places")])
        };
        self.operation.variables(&place_of)
    }
}

/// Every operation with an id, by the roots of the schema.
fn operations(schema: &Schema, root: &str, kind: &'static str) -> Vec<Operation> {
    let mut all = Operation::all_of(schema, root, kind);
    all.retain(|operation| !ADMIN_ROOTS.contains(&operation.field.name.as_str()));
    for operation in &mut all {
        if let Some(values) = overrides(&operation.name()) {
            *operation = operation.clone().overridden(&values);
        }
    }
    all
}

fn overrides(name: &str) -> Option<Value> {
    let (_, values) = OVERRIDES.iter().find(|(candidate, _)| *candidate == name)?;
    Some(serde_json::from_str(values).expect("JSON"))
}

/// What somebody gets: the answer without the request's own id, in one text.
async fn ask(application: &Application, person: &Person, document: &str, variables: &Value) -> String {
    let mut answer = application.graphql(person, document, variables.clone()).await;
    forget_request(&mut answer);
    answer.to_string()
}

/// Without what differs from one asking to the next, and what only administrators are told.
fn forget_request(answer: &mut Value) {
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("extensions");
    }
    let errors = answer.get_mut("errors").and_then(Value::as_array_mut);
    for error in errors.into_iter().flatten() {
        error["extensions"]["requestId"] = Value::Null;
    }
}

/// Finds which nouns the places of an operation take, by ids that name nothing: one of another noun is BAD_USER_INPUT. Several
/// where the tried place takes several.
async fn cases(world: &World, schema: &Schema, operation: &Operation) -> Vec<Case> {
    let mut found = Vec::new();
    for nouns in combinations(operation.places.len()) {
        let case = Case {
            operation: operation.clone(),
            nouns,
        };
        let unknown = |place: &Place| {
            if let Some(noun) = place.path.strip_prefix(OWN) {
                return id(noun.trim_start_matches("another_"), Uuid::now_v7());
            }
            let position = case.operation.places.iter().position(|one| one == place);
            id(case.nouns[position.expect("one of its places")], Uuid::now_v7())
        };
        let document = case.document(schema, case.tried_noun());
        let variables = case.operation.variables(&unknown);
        let answer = match operation.kind {
            "subscription" => listen(world, &world.application.ann, &document, &variables).await,
            _ => ask(&world.application, &world.application.ann, &document, &variables).await,
        };
        if !answer.contains("\"BAD_USER_INPUT\"") && !answer.contains("VALIDATION_FAILED") {
            found.push(case);
        }
    }
    assert!(
        !found.is_empty(),
        "{}: no generated arguments get past its checks; write them into OVERRIDES",
        operation.name()
    );
    found
}

impl Case {
    fn tried_noun(&self) -> &'static str {
        let tried = self.operation.tried.as_ref();
        let position = self
            .operation
            .places
            .iter()
            .position(|place| Some(place) == tried);
        self.nouns[position.expect("the tried place")]
    }
}

fn combinations(places: usize) -> Vec<Vec<&'static str>> {
    assert!(
        places <= 3,
        "an operation with {places} required ids: there would be too many combinations"
    );
    let mut all = vec![Vec::new()];
    for _ in 0..places {
        let mut longer = Vec::new();
        for begun in &all {
            for (noun, _) in NOUNS {
                let mut next = begun.clone();
                next.push(noun);
                longer.push(next);
            }
        }
        all = longer;
    }
    all
}

#[tokio::test]
async fn every_operation_with_an_id_knows_whose_it_is() {
    let schema = Schema::of_the_server();
    let mut tried = 0;
    for (root, kind) in [("Query", "query"), ("Mutation", "mutation")] {
        for operation in operations(&schema, root, kind) {
            if operation.tried.is_none() {
                continue;
            }
            let probe = World::new().await;
            for case in cases(&probe, &schema, &operation).await {
                check(&schema, &case).await;
                tried += 1;
            }
            if overrides(&operation.name()).is_some() {
                assert_override_is_needed(&schema, root, kind, &operation.name()).await;
            }
        }
    }
    assert!(tried >= 30, "only {tried} cases were made of the schema");
}

async fn check(schema: &Schema, case: &Case) {
    let world = World::new().await;
    let application = &world.application;
    let noun = case.tried_noun();
    let document = case.document(schema, noun);
    let name = format!("{} ({noun})", case.operation.name());
    let of_ann = case.variables(&world.ann.id(noun), &world.bob);
    let nobody = id(noun, Uuid::now_v7());
    let of_nobody = case.variables(&nobody, &world.bob);
    // That she uses her token is noted the first time.
    application
        .graphql(&application.ann, "{ __typename }", json!({}))
        .await;
    let before = world.rows_of_ann().await;
    let nothing = ask(application, &application.bob, &document, &of_nobody).await;
    // Some answers name what was asked for.
    let asked = |answer: &str, id: &str| answer.replace(id, "ASKED");
    let unknown = asked(&nothing, &nobody);
    let is_for_admins = OF_ADMINS.contains(&case.operation.field.name.as_str());
    let is_the_server_s = OF_THE_SERVER.contains(&noun);
    let mut others = vec![(&application.bob, &world.bob)];
    if is_the_server_s {
        // Its owner does not see it either.
        others.push((&application.ann, &world.ann));
    } else if !is_for_admins {
        others.push((&world.admin, &world.cyd));
    }
    for (other, own) in others {
        let of_ann = case.variables(&world.ann.id(noun), own);
        let answer = ask(application, other, &document, &of_ann).await;
        assert_eq!(
            asked(&answer, &world.ann.id(noun)),
            unknown,
            "{name}: another's object is not like one that never was"
        );
        assert!(!answer.contains(CANARY), "{name}: {answer}");
    }
    if is_for_admins {
        assert!(nothing.contains("\"FORBIDDEN\""), "{name}: {nothing}");
    }
    assert_refused(&world, &name, &document, &of_ann).await;
    assert_eq!(
        world.rows_of_ann().await,
        before,
        "{name}: Ann's rows were changed"
    );
    let of_ann = case.variables(&world.ann.id(noun), &world.ann);
    let by_owner = ask(application, &application.ann, &document, &of_ann).await;
    if is_for_admins {
        assert!(by_owner.contains("\"FORBIDDEN\""), "{name}: {by_owner}");
        let by_admin = ask(application, &world.admin, &document, &of_ann).await;
        assert!(!by_admin.contains("\"FORBIDDEN\""), "{name}: {by_admin}");
        return;
    }
    if is_the_server_s {
        let by_admin = ask(application, &world.admin, &document, &of_ann).await;
        assert!(by_admin.contains(&world.ann.id(noun)), "{name}: {by_admin}");
        return;
    }
    for word in ["\"NOT_FOUND\"", "\"FORBIDDEN\"", "\"INTERNAL_SERVER_ERROR\""] {
        assert!(!by_owner.contains(word), "{name}: the owner gets {by_owner}");
    }
    assert_ne!(
        by_owner, nothing,
        "{name}: the owner gets the same as for nothing; write arguments that get further into OVERRIDES"
    );
}

/// Without a token, and for an owner who is kept out, there is nothing at all.
async fn assert_refused(world: &World, name: &str, document: &str, variables: &Value) {
    let application = &world.application;
    let body = json!({ "query": document, "variables": variables }).to_string();
    let mut answers = Vec::new();
    for is_suspended in [false, true] {
        world.suspend_ann(is_suspended).await;
        let mut request = Request::post("/graphql").header("content-type", "application/json");
        if is_suspended {
            request = request.header("authorization", format!("Bearer {}", application.ann.token));
        }
        let answer = application
            .send(request.body(Body::from(body.clone())).unwrap())
            .await;
        assert_eq!(answer.status, 401, "{name}");
        let mut answer = answer.json();
        forget_request(&mut answer);
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{name}: {answer}"
        );
        assert!(answer.get("data").is_none(), "{name}: {answer}");
        answers.push(answer);
    }
    assert_eq!(
        answers[0], answers[1],
        "{name}: it is told that the person is kept out"
    );
    world.suspend_ann(false).await;
}

async fn assert_override_is_needed(schema: &Schema, root: &str, kind: &'static str, name: &str) {
    let world = World::new().await;
    let plain = Operation::all_of(schema, root, kind);
    let operation = plain
        .iter()
        .find(|operation| operation.name() == name)
        .expect("it is there");
    let places = operation.places.len();
    for nouns in combinations(places) {
        let case = Case {
            operation: operation.clone(),
            nouns,
        };
        let document = case.document(schema, case.tried_noun());
        let noun = case.tried_noun();
        let nothing = case.variables(&id(noun, Uuid::now_v7()), &world.ann);
        let own = case.variables(&world.ann.id(noun), &world.ann);
        let application = &world.application;
        let nothing = ask(application, &application.ann, &document, &nothing).await;
        let own = ask(application, &application.ann, &document, &own).await;
        let gets_there = nothing.contains("\"NOT_FOUND\"") && !own.contains("\"NOT_FOUND\"");
        assert!(
            !gets_there,
            "{name} is reached without its line in OVERRIDES: remove it"
        );
    }
}

#[tokio::test]
async fn every_operation_needs_somebody_who_is_let_in() {
    let schema = Schema::of_the_server();
    let world = World::new().await;
    for (root, kind) in [("Query", "query"), ("Mutation", "mutation")] {
        for operation in Operation::all_of(&schema, root, kind) {
            if OF_EVERYBODY.contains(&operation.field.name.as_str()) {
                continue;
            }
            let document = operation.document(&schema, "Job");
            let variables = operation.variables(&|_| world.ann.id("job"));
            assert_refused(&world, &operation.name(), &document, &variables).await;
        }
    }
}

/// Messages of a subscription until the first data, or its end.
async fn listen(world: &World, person: &Person, document: &str, variables: &Value) -> String {
    let mut socket = Socket::bare(&world.application).await;
    socket
        .send(json!({ "type": "connection_init", "payload": { "token": person.token } }))
        .await;
    assert_eq!(socket.message().await["type"], "connection_ack");
    socket.subscribe("s", document, variables.clone()).await;
    let mut heard = Vec::new();
    loop {
        let mut message = socket.message().await;
        for error in message["payload"].as_array_mut().into_iter().flatten() {
            error["extensions"]["requestId"] = Value::Null;
        }
        forget_request(&mut message["payload"]);
        let is_over = message["type"] != "next";
        let has_data = message["payload"]["data"]
            .as_object()
            .is_some_and(|data| data.values().any(|value| !value.is_null()));
        heard.push(message.to_string());
        if is_over || has_data {
            return heard.join("\n");
        }
    }
}

#[tokio::test]
async fn every_subscription_with_an_id_knows_whose_it_is() {
    let schema = Schema::of_the_server();
    let world = World::new().await;
    let mut tried = 0;
    for operation in operations(&schema, "Subscription", "subscription") {
        if operation.tried.is_none() {
            continue;
        }
        for case in cases(&world, &schema, &operation).await {
            let noun = case.tried_noun();
            let document = case.document(&schema, noun);
            let name = format!("{} ({noun})", case.operation.name());
            let of_ann = case.variables(&world.ann.id(noun), &world.bob);
            let nobody = id(noun, Uuid::now_v7());
            let of_nobody = case.variables(&nobody, &world.bob);
            let application = &world.application;
            let nothing = listen(&world, &application.bob, &document, &of_nobody).await;
            for other in [&application.bob, &world.admin] {
                let heard = listen(&world, other, &document, &of_ann).await;
                assert_eq!(heard, nothing, "{name}");
                assert!(!heard.contains(CANARY), "{name}: {heard}");
            }
            let own = listen(&world, &application.ann, &document, &of_ann).await;
            assert!(
                own != nothing && !own.contains("\"errors\""),
                "{name}: the owner hears {own}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 3, "only {tried} subscriptions take ids");
    world.suspend_ann(true).await;
    for token in [world.application.ann.token.as_str(), "nobody's"] {
        let mut socket = Socket::bare(&world.application).await;
        socket
            .send(json!({ "type": "connection_init", "payload": { "token": token } }))
            .await;
        assert_eq!(socket.close_code().await, 4403);
    }
}
