//! What it costs to accept and run an operation, in this profile: `cargo test --workspace --test flow -- --ignored --nocapture speed`.

use std::time::Instant;

use axum::body::Body;
use axum::http::Request;
use entities::{dataset, job, user};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use crate::accounts::{account, signed_in};
use crate::setup::{Application, Person};

const TURNS: usize = 7;
const LIST: &str =
    "query Jobs($first: Int) { jobs(first: $first) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { id name state version target problem metric createdAt finishedAt
        dataset { id name state } progress { trialsFinished } model { id } } } } }";

async fn ask(application: &Application, person: &Person, query: &str, first: usize) {
    let body = json!({ "query": query, "variables": { "first": first } });
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", person.token))
        .body(Body::from(body.to_string()))
        .expect("a request");
    let answer = application.send(request).await;
    assert!(answer.json().get("errors").is_none(), "{answer:?}");
}

/// Microseconds a request: the best turn, for whatever else the machine does only adds.
async fn measure(application: &Application, person: &Person, query: &str, count: usize, is_new: bool) -> f64 {
    let mut best = f64::INFINITY;
    for turn in 0..TURNS {
        let texts: Vec<String> = (0..count)
            .map(|number| match is_new {
                // A text that was never seen, of the same length each.
                true => format!("{query} # {:09}", turn * count + number),
                false => format!("{query} # 000000000"),
            })
            .collect();
        let began = Instant::now();
        for text in &texts {
            ask(application, person, text, 20).await;
        }
        best = best.min(began.elapsed().as_secs_f64() / count as f64 * 1e6);
    }
    best
}

#[tokio::test]
#[ignore = "a measurement"]
async fn of_documents_that_are_asked_again() {
    let application = Application::start_with(|settings| {
        settings.sign_up = platform::settings::SignUp::Open;
        settings.traffic.points_per_minute = 1 << 40;
    })
    .await;
    account(&application, "ann@example.com").await;
    // A signed token: what is measured is not the look at the database for a random one.
    let (mut ann, _) = signed_in(&application, "ann@example.com").await;
    let rows = user::Entity::find().order_by_desc(user::Column::Id);
    let row = rows.one(application.platform.database.connection()).await;
    ann.id = row.expect("a row").expect("the newest").id;
    let dataset = application.dataset(&ann, dataset::State::Ready).await;
    for _ in 0..20 {
        application.job(&dataset, job::State::Completed).await;
    }
    for (name, query, count) in [
        ("{ __typename }", "{ __typename }", 2_000),
        ("20 jobs", LIST, 100),
    ] {
        let new = measure(&application, &ann, query, count, true).await;
        let known = measure(&application, &ann, query, count, false).await;
        println!(
            "{name}: {new:.0} us a request with a new text, {known:.0} us with a known one: {:.2} times",
            new / known
        );
    }
}
