//! Every route of the server, and who may take it. The list is compared with the router: a new route needs a line.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use entities::artifact;
use platform::artifacts::Key;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::world::{CANARY, World};
use crate::setup::{Answer, Application, Person, id, now};

/// Who may take a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Open {
    /// Everybody: it knows of nobody's rows.
    Everybody,
    /// Who is let in; the other tests of the matrix try what lies behind it.
    LetIn,
    /// The owner of the row that its last part but one, or its last, names.
    Owner,
    /// Whoever has the link: it is signed.
    Holder,
    /// Administrators.
    Admins,
}

impl Open {
    /// True for routes that want no token in a header.
    pub fn needs_no_token(self) -> bool {
        matches!(self, Self::Everybody | Self::Holder)
    }
}

/// Every route.
pub const ROUTES: &[(&str, &str, Open)] = &[
    ("GET", "/graphql", Open::LetIn),
    ("POST", "/graphql", Open::LetIn),
    ("POST", "/v1/session", Open::Everybody),
    ("GET", "/v1/identity", Open::Everybody),
    ("GET", "/.well-known/jwks.json", Open::Everybody),
    ("PATCH", "/v1/uploads/{id}", Open::Owner),
    ("HEAD", "/v1/uploads/{id}", Open::Owner),
    ("POST", "/v1/models/{id}/predict", Open::Owner),
    ("GET", "/v1/unsubscribe/{token}", Open::Holder),
    ("POST", "/v1/unsubscribe/{token}", Open::Holder),
    ("GET", "/v1/downloads/{signed}", Open::Holder),
    ("GET", "/livez", Open::Everybody),
    ("GET", "/readyz", Open::Everybody),
    ("GET", "/openapi.json", Open::Everybody),
    ("GET", "/metrics", Open::Admins),
];

#[tokio::test]
async fn every_route_is_on_the_list() {
    let application = Application::start().await;
    // The router does not name its routes, but its description does.
    let described = format!("{:?}", application.router);
    let mut routes = BTreeSet::new();
    for part in described.split('"').skip(1).step_by(2) {
        if part.starts_with('/') && !part.contains("__private") {
            routes.insert(part.to_owned());
        }
    }
    assert!(routes.contains("/graphql"), "{described}");
    let listed: BTreeSet<String> = ROUTES.iter().map(|(_, path, _)| (*path).to_owned()).collect();
    let unlisted: Vec<&String> = routes
        .iter()
        .filter(|path| !listed.contains(*path) && !is_web(path))
        .collect();
    assert!(
        unlisted.is_empty(),
        "routes without a line in ROUTES: {unlisted:?}"
    );
    let gone: Vec<&String> = listed.iter().filter(|path| !routes.contains(*path)).collect();
    assert!(gone.is_empty(), "lines of routes that are not there: {gone:?}");
}

/// The fallback: the web app's files.
fn is_web(path: &str) -> bool {
    path == "/" || path.starts_with("/{*")
}

async fn take(application: &Application, person: Option<&Person>, method: &str, path: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header("upload-offset", "0");
    if let Some(person) = person {
        request = request.header("authorization", format!("Bearer {}", person.token));
    }
    application
        .send(request.body(Body::from("{\"rows\":[{}]}")).expect("a request"))
        .await
}

/// The answer without the request's own id.
fn plain(answer: &Answer) -> (u16, String) {
    let mut text = String::from_utf8_lossy(&answer.body).into_owned();
    if let Some(at) = text.find("\"requestId\":\"") {
        let begin = at + 13;
        let end = text[begin..]
            .find('"')
            .map_or(text.len(), |length| begin + length);
        text.replace_range(begin..end, "");
    }
    (answer.status.as_u16(), text)
}

#[tokio::test]
async fn routes_of_owners_know_whose_it_is() {
    let world = World::new().await;
    let application = &world.application;
    for (method, path, open) in ROUTES {
        if *open != Open::Owner {
            continue;
        }
        let (noun, own, unknown) = if path.starts_with("/v1/models/") {
            ("model", world.ann.id("model"), id("model", Uuid::now_v7()))
        } else if path.starts_with("/v1/uploads/") {
            let own = upload_key(&world);
            ("upload", own, Uuid::now_v7().simple().to_string())
        } else {
            panic!("{path}: say here which rows it names");
        };
        let before = world.rows_of_ann().await;
        let own = path.replace("{id}", &own);
        let nothing = take(
            application,
            Some(&application.bob),
            method,
            &path.replace("{id}", &unknown),
        )
        .await;
        assert_eq!(nothing.status, 404, "{method} {path}");
        for other in [&application.bob, &world.admin] {
            let answer = take(application, Some(other), method, &own).await;
            assert_eq!(plain(&answer), plain(&nothing), "{method} {path} ({noun})");
        }
        assert_eq!(
            take(application, None, method, &own).await.status,
            401,
            "{method} {path}"
        );
        world.suspend_ann(true).await;
        let suspended = take(application, Some(&application.ann), method, &own).await;
        assert_eq!(suspended.status, 401, "{method} {path}");
        world.suspend_ann(false).await;
        assert_eq!(
            world.rows_of_ann().await,
            before,
            "{method} {path}: Ann's rows were changed"
        );
        let by_owner = take(application, Some(&application.ann), method, &own).await;
        assert!(
            ![401, 403, 404].contains(&by_owner.status.as_u16()),
            "{method} {path}: {by_owner:?}"
        );
    }
}

#[tokio::test]
async fn routes_of_administrators_are_closed_to_others() {
    let world = World::new().await;
    let application = &world.application;
    for (method, path, open) in ROUTES {
        if *open == Open::Admins {
            for (person, expected) in [
                (None, 401),
                (Some(&application.ann), 403),
                (Some(&world.admin), 200),
            ] {
                let answer = take(application, person, method, path).await;
                assert_eq!(answer.status, expected, "{method} {path}");
            }
        }
    }
}

/// The path of an upload holds its bare id.
fn upload_key(world: &World) -> String {
    use base64::Engine;
    let opaque = world.ann.id("upload");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(opaque)
        .expect("an id");
    let text = String::from_utf8(bytes).expect("text");
    text.split_once(':').expect("a noun and a key").1.to_owned()
}

#[tokio::test]
async fn links_are_given_to_owners_and_cannot_be_made_up() {
    let world = World::new().await;
    let application = &world.application;
    let job = artifact_of_ann(&world).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on Job { model { downloads { url } } } } }";
    let variables = serde_json::json!({ "id": job });
    let own = application
        .graphql(&application.ann, query, variables.clone())
        .await;
    let link = own["data"]["node"]["model"]["downloads"][0]["url"]
        .as_str()
        .expect("a link")
        .to_owned();
    for other in [&application.bob, &world.admin] {
        let answer = application.graphql(other, query, variables.clone()).await;
        assert!(answer["data"]["node"].is_null(), "{answer}");
    }
    // The link is the right to read, for five minutes, whoever has it.
    let answer = take(application, None, "GET", &link).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (200, CANARY.as_bytes())
    );
    let nothing = take(application, None, "GET", "/v1/downloads/nonsense").await;
    assert_eq!(nothing.status, 404);
    let (begin, end) = link.split_at(link.len() - 1);
    let forged = format!("{begin}{}", if end == "A" { "B" } else { "A" });
    for (position, link) in [
        (0, forged),
        (1, format!("{link}A")),
        (2, link[..link.len() - 4].to_owned()),
    ] {
        let answer = take(application, Some(&application.bob), "GET", &link).await;
        assert_eq!(plain(&answer), plain(&nothing), "{position}");
    }
    for (method, path, open) in ROUTES {
        if *open == Open::Holder {
            let made_up = path
                .replace("{token}", &link_like())
                .replace("{signed}", &link_like());
            assert_eq!(
                take(application, Some(&application.bob), method, &made_up)
                    .await
                    .status,
                404,
                "{path}"
            );
        }
    }
}

/// A link of the right length that nobody signed.
fn link_like() -> String {
    "A".repeat(75)
}

/// A stored file of Ann's job; the job's id.
async fn artifact_of_ann(world: &World) -> String {
    use entities::{job, model};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let application = &world.application;
    let connection = application.platform.database.connection();
    let models = model::Entity::find().filter(model::Column::UserId.eq(application.ann.id));
    let model = models
        .one(connection)
        .await
        .expect("the database")
        .expect("a model");
    let job = job::Entity::find_by_id(model.job_id)
        .one(connection)
        .await
        .expect("the database")
        .expect("a job");
    let key = Key::of_job(job.id, Uuid::now_v7(), 1, "report.html");
    let stored = application
        .platform
        .artifacts
        .put_bytes(&key, CANARY.as_bytes().to_vec())
        .await;
    stored.expect("a file");
    let row = artifact::Model {
        id: Uuid::now_v7(),
        user_id: application.ann.id,
        batch_prediction_id: None,
        job_id: Some(job.id),
        dataset_id: None,
        kind: artifact::Kind::Report,
        file_name: "report.html".to_owned(),
        key: key.to_string(),
        size_bytes: CANARY.len() as i64,
        sha256: String::new(),
        created_at: now(),
    };
    row.into_active_model().insert(connection).await.expect("a row");
    id("job", job.id)
}
