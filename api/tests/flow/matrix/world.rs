//! Rows of every noun: Ann's, with a word in them that nobody else may ever read; and Bob's, which can be made to point to
//! Ann's, as no request could make them.

use entities::{
    batch_prediction, dataset, job, mail, model_version, registered_model, session, token, upload, user,
    webhook, webhook_delivery,
};
use platform::artifacts::Key;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, IntoActiveModel, Set, Statement};
use serde_json::json;
use uuid::Uuid;

use super::server_rows;
use crate::setup::{Application, Person, id, now, person};

/// A word that is in every one of Ann's rows and in nobody else's.
pub const CANARY: &str = "kanarienvogel-4711";

/// What ids can name: inside an id, and as a type.
pub const NOUNS: [(&str, &str); 15] = [
    ("user", "User"),
    ("upload", "Upload"),
    ("dataset", "Dataset"),
    ("job", "Job"),
    ("trial", "Trial"),
    ("model", "Model"),
    ("webhook", "Webhook"),
    ("registered_model", "RegisteredModel"),
    ("batch_prediction", "BatchPrediction"),
    ("session", "Session"),
    ("api_token", "ApiToken"),
    ("task", "Task"),
    ("worker", "Worker"),
    ("audit_entry", "AuditEntry"),
    ("activity", "Activity"),
];

/// Nouns that are the server's own: administrators see them, and nobody else.
pub const OF_THE_SERVER: [&str; 3] = ["task", "worker", "audit_entry"];

/// Somebody's rows, one of each noun.
#[derive(Clone)]
pub struct Rows {
    ids: Vec<(&'static str, Uuid)>,
}

impl Rows {
    /// The opaque id of the row of that noun.
    pub fn id(&self, noun: &str) -> String {
        let (_, key) = self
            .ids
            .iter()
            .find(|(name, _)| *name == noun)
            .expect("a row of each noun");
        id(noun.trim_start_matches("another_"), *key)
    }
}

/// An application with Ann, Bob and the administrator Cyd.
pub struct World {
    pub application: Application,
    pub ann: Rows,
    pub bob: Rows,
    pub cyd: Rows,
    pub admin: Person,
}

impl World {
    pub async fn new() -> Self {
        let application = Application::start().await;
        let admin = person(&application.platform, "Cyd").await;
        let connection = application.platform.database.connection();
        let change = user::ActiveModel {
            id: Set(admin.id),
            role: Set(user::Role::Admin),
            ..Default::default()
        };
        change.update(connection).await.expect("an administrator");
        let change = user::ActiveModel {
            id: Set(application.ann.id),
            name: Set(format!("Ann {CANARY}")),
            email: Set(Some(format!("{CANARY}@example.com"))),
            ..Default::default()
        };
        change.update(connection).await.expect("Ann");
        let ann = rows(&application, &application.ann.clone(), CANARY).await;
        let bob = rows(&application, &application.bob.clone(), "Bob's").await;
        let cyd = rows(&application, &admin, "Cyd's").await;
        Self {
            application,
            ann,
            bob,
            cyd,
            admin,
        }
    }

    /// A world in which Bob's rows point to Ann's.
    pub async fn entangled() -> Self {
        let world = Self::new().await;
        world.entangle().await;
        world
    }

    /// Makes Bob's rows point to Ann's: only what looks at the owner of each row on its own does not follow.
    async fn entangle(&self) {
        let connection = self.application.platform.database.connection();
        let key = |rows: &Rows, noun: &str| rows.ids.iter().find(|(name, _)| *name == noun).expect("a row").1;
        let change = job::ActiveModel {
            id: Set(key(&self.bob, "job")),
            dataset_id: Set(key(&self.ann, "dataset")),
            ..Default::default()
        };
        change.update(connection).await.expect("Bob's job");
        // A job has one model: Ann's second job gets Bob's.
        let dataset = dataset_row(&self.application, &self.application.ann, CANARY).await;
        let second = job_row(&self.application, &dataset, CANARY).await;
        let change = entities::model::ActiveModel {
            id: Set(key(&self.bob, "model")),
            job_id: Set(second.id),
            ..Default::default()
        };
        change.update(connection).await.expect("Bob's model");
        let change = model_version::ActiveModel {
            registered_model_id: Set(key(&self.bob, "registered_model")),
            number: Set(1),
            model_id: Set(key(&self.ann, "model")),
            ..Default::default()
        };
        change.update(connection).await.expect("Bob's version");
        let change = batch_prediction::ActiveModel {
            id: Set(key(&self.bob, "batch_prediction")),
            model_id: Set(key(&self.ann, "model")),
            dataset_id: Set(Some(key(&self.ann, "dataset"))),
            ..Default::default()
        };
        change.update(connection).await.expect("Bob's batch prediction");
        delivery(
            &self.application,
            key(&self.bob, "webhook"),
            self.application.bob.id,
            key(&self.ann, "job"),
            "",
        )
        .await;
        notification(
            &self.application,
            self.application.bob.id,
            key(&self.ann, "job"),
            "",
        )
        .await;
    }

    /// Keeps Ann out, or lets her in again, as an administrator does: tokens that were looked at a moment ago are forgotten.
    pub async fn suspend_ann(&self, is_suspended: bool) {
        let field = if is_suspended {
            "suspendUser"
        } else {
            "restoreUser"
        };
        let document = format!(
            "mutation ($id: ID!) {{ {field}(input: {{ userId: $id, reason: \"tried\" }}) {{ user {{ id }} }} }}"
        );
        let ann = json!({ "id": id("user", self.application.ann.id) });
        let answer = self.application.graphql(&self.admin, &document, ann).await;
        assert!(answer.get("errors").is_none(), "{answer}");
    }

    /// Every row of Ann's as text, table by table.
    pub async fn rows_of_ann(&self) -> Vec<String> {
        let connection = self.application.platform.database.connection();
        let backend = connection.get_database_backend();
        let lines = async |sql: String| -> Vec<String> {
            let rows = connection
                .query_all_raw(Statement::from_string(backend, sql))
                .await;
            rows.expect("rows")
                .iter()
                .map(|row| row.try_get::<String>("", "line").expect("a line"))
                .collect()
        };
        let tables = match backend {
            DbBackend::Sqlite => "SELECT name AS line FROM sqlite_master WHERE type = 'table' ORDER BY name",
            _ => {
                "SELECT relname::text AS line FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
            }
        };
        let mut all = Vec::new();
        for table in lines(tables.to_owned()).await {
            let columns = match backend {
                DbBackend::Sqlite => format!("SELECT name AS line FROM pragma_table_info('{table}')"),
                _ => format!(
                    "SELECT attname::text AS line FROM pg_attribute WHERE attrelid = '\"{table}\"'::regclass AND attnum > 0"
                ),
            };
            let columns = lines(columns).await;
            let Some(is_ann_s) = self.is_ann_s(&table, &columns, backend) else {
                continue;
            };
            let line = match backend {
                DbBackend::Sqlite => {
                    let quoted: Vec<String> =
                        columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
                    quoted.join(" || ',' || ")
                }
                _ => format!("\"{table}\"::text"),
            };
            for row in lines(format!(
                "SELECT {line} AS line FROM \"{table}\" WHERE {is_ann_s} ORDER BY 1"
            ))
            .await
            {
                all.push(format!("{table}: {row}"));
            }
        }
        assert!(
            all.iter().filter(|row| row.contains(CANARY)).count() >= 7,
            "{all:?}"
        );
        all
    }

    fn is_ann_s(&self, table: &str, columns: &[String], backend: DbBackend) -> Option<String> {
        let ann = match backend {
            DbBackend::Sqlite => format!("X'{}'", self.application.ann.id.simple()),
            _ => format!("'{}'", self.application.ann.id),
        };
        let has = |name: &str| columns.iter().any(|column| column == name);
        if table == "user" {
            return Some(format!("id = {ann}"));
        }
        if has("user_id") {
            return Some(format!("user_id = {ann}"));
        }
        for (column, other) in [
            ("job_id", "job"),
            ("dataset_id", "dataset"),
            ("registered_model_id", "registered_model"),
            ("session_id", "session"),
        ] {
            if has(column) {
                return Some(format!(
                    "{column} IN (SELECT id FROM {other} WHERE user_id = {ann})"
                ));
            }
        }
        None
    }
}

async fn rows(application: &Application, owner: &Person, word: &str) -> Rows {
    let dataset = dataset_row(application, owner, word).await;
    let job = job_row(application, &dataset, word).await;
    let connection = application.platform.database.connection();
    let mut trial = application.trial(&job, 0, Some(0.5)).await.into_active_model();
    trial.name = Set(format!("trial {word}"));
    trial.params = Set(json!({ "word": word }));
    let trial = trial.update(connection).await.expect("a trial");
    let mut model = application.model(&job).await.into_active_model();
    model.name = Set(format!("model {word}"));
    model.target = Set(word.to_owned());
    let model = model.update(connection).await.expect("a model");
    let upload = upload::Model {
        id: Uuid::now_v7(),
        user_id: owner.id,
        file_name: format!("{word}.csv"),
        size_bytes: 8,
        received_bytes: 0,
        state: upload::State::Open,
        created_at: now(),
        expires_at: now() + chrono::Duration::hours(1),
        method: upload::Method::Patch,
        transfer: None,
    };
    let upload = upload
        .into_active_model()
        .insert(connection)
        .await
        .expect("an upload");
    let webhook = webhook::Model {
        id: Uuid::now_v7(),
        user_id: owner.id,
        url: format!("https://example.com/{}", word.replace('\'', "")),
        events: webhook::Events(vec![webhook::Event::JobFailed]),
        secret: format!("whsec_{word}"),
        failing_since: None,
        disabled_at: None,
        disabled_reason: None,
        created_at: now(),
    };
    let webhook = webhook
        .into_active_model()
        .insert(connection)
        .await
        .expect("a webhook");
    delivery(application, webhook.id, owner.id, job.id, word).await;
    notification(application, owner.id, job.id, word).await;
    let another_job = job_row(application, &dataset, word).await;
    let version = application.model(&another_job).await;
    let registered = registered(application, &version, word).await;
    let batch = batch(application, &model, dataset.id, word).await;
    let entry = server_rows::audit_entry(application, owner, word).await;
    Rows {
        ids: vec![
            ("user", owner.id),
            ("upload", upload.id),
            ("dataset", dataset.id),
            ("job", job.id),
            ("trial", trial.id),
            ("model", model.id),
            ("webhook", webhook.id),
            ("registered_model", registered),
            ("batch_prediction", batch),
            ("session", session(application, owner, word).await),
            ("api_token", api_token(application, owner, word).await),
            ("another_job", another_job.id),
            ("task", server_rows::task(application, job.id, owner, word).await),
            ("worker", server_rows::worker(application, word).await),
            ("audit_entry", entry),
            ("activity", entry),
        ],
    }
}

async fn dataset_row(application: &Application, owner: &Person, word: &str) -> dataset::Model {
    let row = application.dataset(owner, dataset::State::Ready).await;
    let key = Key::of_dataset(row.id, 1, "profile.json");
    let column = json!({
        "name": "species", "kind": "text", "role": "category", "distinct": 3, "numbers": null,
        "as_target": { "usable": true, "problem": "multiclass", "reason": word },
    });
    let profile = json!({ "rows": 10, "format": { "kind": "csv" }, "columns": [column] });
    let stored = application
        .platform
        .artifacts
        .put_bytes(&key, profile.to_string().into_bytes())
        .await;
    stored.expect("a profile");
    let mut row = row.into_active_model();
    row.name = Set(format!("dataset {word}"));
    row.file_name = Set(format!("{word}.csv"));
    row.profile_key = Set(Some(key.to_string()));
    row.update(application.platform.database.connection())
        .await
        .expect("a dataset")
}

async fn job_row(application: &Application, dataset: &dataset::Model, word: &str) -> job::Model {
    let mut row = application
        .job(dataset, job::State::Completed)
        .await
        .into_active_model();
    row.name = Set(format!("job {word}"));
    row.target = Set(format!("target {word}"));
    row.notes = Set(job::Notes(vec![word.to_owned()]));
    row.update(application.platform.database.connection())
        .await
        .expect("a job")
}

/// A name of its own for another model: one that is registered cannot be deleted.
async fn registered(application: &Application, model: &entities::model::Model, word: &str) -> Uuid {
    let connection = application.platform.database.connection();
    let row = registered_model::Model {
        id: Uuid::now_v7(),
        user_id: model.user_id,
        name: format!("registered {word}"),
        last_number: 1,
        created_at: now(),
    };
    let row = row.into_active_model().insert(connection).await;
    let row = row.expect("a registered model");
    let version = model_version::Model {
        registered_model_id: row.id,
        number: 1,
        model_id: model.id,
        created_at: now(),
    };
    let version = version.into_active_model().insert(connection).await;
    version.expect("a version");
    row.id
}

async fn session(application: &Application, owner: &Person, word: &str) -> Uuid {
    let row = session::Model {
        id: Uuid::now_v7(),
        user_id: owner.id,
        agent: Some(format!("agent {word}")),
        created_at: now(),
        used_at: now(),
        expires_at: now() + chrono::Duration::hours(1),
        ends_at: now() + chrono::Duration::hours(1),
        ended_at: None,
    };
    let row = row.into_active_model();
    let row = row.insert(application.platform.database.connection()).await;
    row.expect("a session").id
}

async fn api_token(application: &Application, owner: &Person, word: &str) -> Uuid {
    let (id, hash) = (Uuid::now_v7(), format!("hash of {}", Uuid::now_v7()));
    let row = token::Model {
        name: Some(format!("token {word}")),
        ..token::Model::new(id, owner.id, token::Kind::Api, hash, now())
    };
    let row = row.into_active_model();
    let row = row.insert(application.platform.database.connection()).await;
    row.expect("a token").id
}

async fn batch(application: &Application, model: &entities::model::Model, dataset: Uuid, word: &str) -> Uuid {
    let id = Uuid::now_v7();
    let row = batch_prediction::Model {
        id,
        user_id: model.user_id,
        model_id: model.id,
        dataset_id: Some(dataset),
        file_name: format!("{word}.csv"),
        size_bytes: 9,
        source_key: Key::source(id).to_string(),
        options: batch_prediction::BatchOptions::default(),
        state: batch_prediction::State::Failed,
        error: Some(format!("error {word}")),
        version: 3,
        rows_done: 0,
        rows_in_error: 0,
        share: 0.0,
        report_key: None,
        created_at: now(),
        started_at: None,
        finished_at: Some(now()),
    };
    let row = row.into_active_model();
    let row = row.insert(application.platform.database.connection()).await;
    row.expect("a batch prediction").id
}

async fn delivery(application: &Application, webhook: Uuid, user: Uuid, job: Uuid, word: &str) {
    let row = webhook_delivery::Model {
        id: Uuid::now_v7(),
        webhook_id: webhook,
        user_id: user,
        job_id: Some(job),
        job_version: Some(i64::try_from(word.len()).unwrap_or(0)),
        event: webhook::Event::JobFailed,
        body: json!({ "word": word }).to_string(),
        state: webhook_delivery::State::Failed,
        fence: 0,
        worker: None,
        lease_until: None,
        attempts: 1,
        run_after: 0,
        status: Some(500),
        error: Some(format!("error {word}")),
        created_at: now(),
        sent_at: None,
    };
    row.into_active_model()
        .insert(application.platform.database.connection())
        .await
        .expect("a delivery");
}

async fn notification(application: &Application, user: Uuid, job: Uuid, word: &str) {
    let row = mail::Model {
        id: Uuid::now_v7(),
        user_id: user,
        job_id: Some(job),
        kind: mail::Kind::Failed,
        channel: mail::Channel::Mail,
        recipient: format!("{user}{word}@example.com"),
        facts: json!({ "word": word }),
        state: mail::State::Failed,
        fence: 0,
        worker: None,
        lease_until: None,
        attempts: 1,
        failures: 1,
        doubts: 0,
        attempted_at: None,
        run_after: 0,
        message_id: None,
        error: Some(format!("error {word}")),
        created_at: now(),
        sent_at: None,
    };
    row.into_active_model()
        .insert(application.platform.database.connection())
        .await
        .expect("a mail");
}
