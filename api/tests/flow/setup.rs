//! A server with two people, and what is needed to talk to it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use api::AppState;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use entities::{dataset, job, model, token, trial, user};
use http_body_util::BodyExt;
use migration::MigratorTrait;
use platform::artifacts::Key;
use platform::{Platform, Secret, Settings};
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

/// A running application.
pub struct Application {
    pub platform: Platform,
    pub router: Router,
    pub shutdown: CancellationToken,
    pub ann: Person,
    pub bob: Person,
    home: Arc<TempDir>,
}

/// Hears every statement.
pub type Report = Box<dyn Fn(&str) + Send + Sync>;

/// Somebody with a token.
#[derive(Clone)]
pub struct Person {
    pub id: Uuid,
    pub token: String,
}

impl Application {
    /// Over SQLite, or over the Postgres server that `AUTOML_TEST_POSTGRES` names (`tests/with-postgres.sh` starts one).
    pub async fn start() -> Self {
        Self::start_over(new_database().await).await
    }

    /// With other settings than the defaults.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_over_with(new_database().await, change).await
    }

    /// Over that database, with other settings than the defaults.
    pub async fn start_over_with(database: Option<String>, change: impl FnOnce(&mut Settings)) -> Self {
        Self::made(database, None, change).await
    }

    /// Over that database; none: over SQLite.
    pub async fn start_over(database: Option<String>) -> Self {
        Self::observed(database, None).await
    }

    /// The same, with every statement reported from now on that the application sends.
    pub async fn observed(database: Option<String>, report: Option<Report>) -> Self {
        Self::made(database, report, |_| ()).await
    }

    async fn made(
        database: Option<String>,
        report: Option<Report>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut platform = open(home.path(), database, change).await;
        let ann = person(&platform, "Ann").await;
        let bob = person(&platform, "Bob").await;
        let shutdown = CancellationToken::new();
        if let Some(report) = report {
            platform.database = platform.database.observed(report);
        }
        let router = api::router(AppState::new(platform.clone(), shutdown.clone()));
        Self {
            platform,
            router,
            shutdown,
            ann,
            bob,
            home: Arc::new(home),
        }
    }

    /// Another process over the same database, as far as what processes keep at hand goes.
    pub fn beside(&self) -> Self {
        Self {
            platform: self.platform.clone(),
            router: api::router(AppState::new(self.platform.clone(), self.shutdown.clone())),
            shutdown: self.shutdown.clone(),
            ann: self.ann.clone(),
            bob: self.bob.clone(),
            home: self.home.clone(),
        }
    }

    /// Sends one request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers");
        let status = response.status();
        let headers = response.headers().clone();
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes()
            .to_vec();
        Answer {
            status,
            headers,
            body,
        }
    }

    /// Runs a GraphQL operation; the whole answer.
    pub async fn graphql(&self, person: &Person, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("authorization", format!("Bearer {}", person.token))
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(request).await.json()
    }

    /// Listens on a free port.
    pub async fn listen(&self) -> SocketAddr {
        self.listen_within(api::Bounds::new(1_000)).await
    }

    /// Listens on a free port, within such bounds.
    pub async fn listen_within(&self, bounds: api::Bounds) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let (router, shutdown) = (self.router.clone(), self.shutdown.clone());
        tokio::spawn(api::serve(listener, router, bounds, shutdown));
        address
    }

    pub async fn dataset(&self, owner: &Person, state: dataset::State) -> dataset::Model {
        let row = dataset::Model {
            id: Uuid::now_v7(),
            user_id: owner.id,
            name: "Penguins".to_owned(),
            file_name: "penguins.csv".to_owned(),
            size_bytes: 3_000_000_000,
            state,
            error: None,
            version: 1,
            source_key: "datasets/x/source".to_owned(),
            profile_key: None,
            frame_key: None,
            row_count: None,
            column_count: None,
            created_at: now(),
            format: None,
        };
        row.into_active_model()
            .insert(self.platform.database.connection())
            .await
            .expect("a dataset")
    }

    /// A dataset of Ann's that has been read.
    pub async fn profiled(&self, profile: &Value) -> dataset::Model {
        let row = self.dataset(&self.ann, dataset::State::Ready).await;
        let key = Key::of_dataset(row.id, 1, "profile.json");
        let bytes = profile.to_string().into_bytes();
        self.platform
            .artifacts
            .put_bytes(&key, bytes)
            .await
            .expect("a file");
        let mut change = row.into_active_model();
        change.profile_key = Set(Some(key.to_string()));
        change
            .update(self.platform.database.connection())
            .await
            .expect("a dataset")
    }

    pub async fn job(&self, dataset: &dataset::Model, state: job::State) -> job::Model {
        let row = job::Model {
            id: Uuid::now_v7(),
            user_id: dataset.user_id,
            dataset_id: dataset.id,
            name: "A job".to_owned(),
            state,
            error: None,
            version: 1,
            target: "species".to_owned(),
            settings: job::JobSettings {
                budget_seconds: 60,
                ..job::JobSettings::default()
            },
            problem: Some("multiclass".to_owned()),
            metric: Some("log_loss".to_owned()),
            higher_is_better: Some(false),
            shape: None,
            notes: job::Notes::default(),
            prepared_key: None,
            finish_requested: false,
            cancel_requested: false,
            created_at: now(),
            started_at: Some(now()),
            search_started_at: None,
            paused_ms: 0,
            finished_at: None,
            annotation: None,
            score: None,
        };
        row.into_active_model()
            .insert(self.platform.database.connection())
            .await
            .expect("a job")
    }

    pub async fn trial(&self, job: &job::Model, number: i32, score: Option<f64>) -> trial::Model {
        let row = trial::Model {
            id: Uuid::now_v7(),
            job_id: job.id,
            number,
            name: format!("trial {number}"),
            learner: if number == 0 { "baseline" } else { "boosting" }.to_owned(),
            state: if score.is_some() {
                trial::State::Completed
            } else {
                trial::State::Running
            },
            params: json!({ "leaves": 31 }),
            spec: json!({}),
            score,
            loss: score,
            fold_scores: score.map(|score| trial::FoldScores(vec![score - 0.1, score + 0.1])),
            seconds: score,
            rounds: None,
            stop: None,
            curve: Some(trial::Curve(vec![(1, 0.9), (2, 0.8)])),
            predict_seconds_per_row: None,
            weight: None,
            error: None,
            device: None,
            notes: None,
            artifact_key: None,
            version: 1,
            created_at: now(),
            started_at: None,
            finished_at: None,
        };
        row.into_active_model()
            .insert(self.platform.database.connection())
            .await
            .expect("a trial")
    }

    pub async fn model(&self, job: &job::Model) -> model::Model {
        let row = model::Model {
            id: Uuid::now_v7(),
            user_id: job.user_id,
            job_id: job.id,
            name: "A model".to_owned(),
            problem: "multiclass".to_owned(),
            target: "species".to_owned(),
            classes: json!(["a", "b", "c"]),
            inputs: json!([{ "name": "mass", "kind": "number", "range": [1.0, 2.0], "examples": [], "typical": "1.5" }]),
            evaluation: json!({
                "metric": "log_loss", "holdout_rows": 20, "score": 0.5, "validation_score": 0.4, "low": 0.4, "high": 0.6, "baseline": 1.0,
                "is_better_than_baseline": null, "summary": "Good.", "unknown": [],
                "metrics": [{ "metric": "accuracy", "value": 0.9 }],
            }),
            members: json!([
                { "name": "trial 1", "learner": "boosting", "weight": 0.7 },
                { "name": "trial 0", "learner": "baseline", "weight": 0.3 },
            ]),
            certificate: None,
            onnx_withheld: Some("there is no onnxruntime".to_owned()),
            deployed: false,
            model_key: "jobs/x/model.automl".to_owned(),
            created_at: now(),
        };
        row.into_active_model()
            .insert(self.platform.database.connection())
            .await
            .expect("a model")
    }
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// The opaque id of a row, as the server makes it.
pub fn id(noun: &str, key: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{noun}:{}", key.simple()))
}

pub fn now() -> DateTime<Utc> {
    platform::database::now()
}

/// Gives somebody a token.
pub async fn give_token(
    platform: &Platform,
    owner: Uuid,
    kind: token::Kind,
    secret: &str,
    expires_at: Option<DateTime<Utc>>,
) -> token::Model {
    let hash = platform::accounts::token_hash(secret);
    let row = token::Model {
        expires_at,
        ..token::Model::new(Uuid::now_v7(), owner, kind, hash, now() - Duration::hours(1))
    };
    row.into_active_model()
        .insert(platform.database.connection())
        .await
        .expect("a token")
}

async fn open(home: &Path, database: Option<String>, change: impl FnOnce(&mut Settings)) -> Platform {
    let mut settings = Settings::new(home, 2, 4 << 30);
    settings.database = database.map(Secret::new);
    change(&mut settings);
    let platform = Platform::open(settings).await.expect("a platform");
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .expect("tables");
    platform
}

/// A database with all tables, from which the others are copied.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A new database on the server that `AUTOML_TEST_POSTGRES` names, if it names one.
async fn new_database() -> Option<String> {
    let server = std::env::var("AUTOML_TEST_POSTGRES").ok()?;
    let template = TEMPLATE.get_or_init(|| migrated(&server)).await;
    Some(create(&server, template).await)
}

async fn migrated(server: &str) -> String {
    let url = create(server, "template0").await;
    let connection = sea_orm::Database::connect(&url).await.expect("the database");
    migration::Migrator::up(&connection, None).await.expect("tables");
    connection.close().await.expect("closed");
    url.rsplit_once('/').expect("a URL").1.to_owned()
}

/// Makes a database as a copy of another; its URL.
async fn create(server: &str, template: &str) -> String {
    let name = format!("api_{}", Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(server).await.expect("the server");
    let statement = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.execute_unprepared(&statement).await.expect("a database");
    admin.close().await.expect("closed");
    let (origin, _) = server.rsplit_once('/').expect("a URL");
    format!("{origin}/{name}")
}

pub async fn person(platform: &Platform, name: &str) -> Person {
    let row = user::Model::new(Uuid::now_v7(), name, now());
    let row = row
        .into_active_model()
        .insert(platform.database.connection())
        .await
        .expect("a user");
    let secret = format!("secret-of-{name}");
    give_token(platform, row.id, token::Kind::Api, &secret, None).await;
    Person {
        id: row.id,
        token: secret,
    }
}
