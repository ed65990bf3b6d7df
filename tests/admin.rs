//! `automl admin` as an operator runs it: the audit log and what is found when somebody has changed it, people, data of v1.
//! Over a SQLite file, and over Postgres where `AUTOML_TEST_POSTGRES` names a server.

use std::process::{Command, Output};

use platform::database::now;
use platform::{Database, Platform, Settings};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

const UNGUARDED_FILE: &str = "DROP TRIGGER audit_entry_kept; DROP TRIGGER audit_entry_not_removed; \
    DROP TRIGGER audit_entry_next; DROP TRIGGER audit_head_forward; DROP TRIGGER audit_head_not_removed;";
const UNGUARDED_SERVER: &str = "ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_head DISABLE TRIGGER USER; \
    ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY;";

/// A home folder, and its database.
struct Home {
    folder: TempDir,
    url: Option<String>,
    database: Database,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match std::env::var("AUTOML_TEST_POSTGRES") {
            Ok(server) => Some(new_database(&server).await),
            Err(_) => None,
        };
        let file = Settings::new(folder.path(), 1, 1 << 30).database_url();
        let database = Database::connect(url.as_deref().unwrap_or(file.expose()))
            .await
            .expect("a database");
        let home = Self {
            folder,
            url,
            database,
        };
        let migrated = home.automl(&["migrate"]);
        assert_eq!(code(&migrated), 0, "{migrated:?}");
        home
    }

    fn automl(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_automl"));
        command.env("AUTOML_HOME", self.folder.path());
        if let Some(url) = &self.url {
            command.env("AUTOML_DATABASE_URL", url);
        }
        command.args(arguments).output().expect("automl runs")
    }

    /// What a command prints that succeeds.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.automl(arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {output:?}");
        text(&output.stdout)
    }

    /// What a command says that fails.
    fn refused(&self, arguments: &[&str], expected: i32) -> String {
        let output = self.automl(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {output:?}");
        text(&output.stderr)
    }

    async fn sql(&self, statements: &str) {
        let done = self.database.connection().execute_unprepared(statements).await;
        done.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    async fn unguard(&self) {
        self.sql(match self.database.connection().get_database_backend() {
            DbBackend::Postgres => UNGUARDED_SERVER,
            _ => UNGUARDED_FILE,
        })
        .await;
    }

    /// The account that a first start makes, and one more that may do nothing special.
    async fn people(&self) -> (Uuid, Uuid) {
        let mut settings = Settings::new(self.folder.path(), 1, 1 << 30);
        settings.database = self.url.clone().map(platform::Secret::new);
        let platform = Platform::open(settings).await.expect("a platform");
        let owner = platform::accounts::owner(&platform).await.expect("an account").id;
        (owner, self.person("Ada").await)
    }

    async fn person(&self, name: &str) -> Uuid {
        let subject = platform::identities::Subject {
            issuer: "https://issuer.example".to_owned(),
            subject: Uuid::now_v7().to_string(),
            name: name.to_owned(),
            email: None,
            role: None,
            issued_at: now(),
            may_sign_up: true,
        };
        let person = platform::identities::admit(&self.database, &subject).await;
        person.expect("an account").expect("an account").id
    }
}

async fn new_database(server: &str) -> String {
    let name = format!("admin_{}", Uuid::now_v7().simple());
    let keeper = Database::connect(server).await.expect("the server");
    let create = format!("CREATE DATABASE {name} TEMPLATE template0");
    keeper
        .connection()
        .execute_unprepared(&create)
        .await
        .expect("a database");
    let (origin, _) = server.rsplit_once('/').expect("a URL");
    format!("{origin}/{name}")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_promoted_suspended_and_listed() {
    let home = Home::new().await;
    let (owner, ada) = home.people().await;
    let (owner, ada) = (owner.to_string(), ada.to_string());
    let people = lines(&home.done(&["admin", "user", "list", "--json"]));
    let roles: Vec<&Value> = people.iter().map(|person| &person["role"]).collect();
    assert_eq!(roles, ["ADMIN", "MEMBER"]);
    // Nobody is left without an administrator.
    let last = home.refused(&["admin", "user", "demote", &owner, "--reason", "x"], 2);
    assert!(last.contains("last administrator"), "{last}");
    let line = home.done(&[
        "admin",
        "user",
        "promote",
        &ada,
        "--reason",
        "first\u{1b}[31m administrator",
    ]);
    assert!(line.contains("ADMIN let in"), "{line}");
    home.done(&["admin", "user", "demote", &owner, "--reason", "left"]);
    let line = home.done(&["admin", "user", "suspend", &owner, "--reason", "left"]);
    assert!(line.contains("MEMBER suspended"), "{line}");
    home.done(&["admin", "user", "restore", &owner, "--reason", "is back"]);
    let log = lines(&home.done(&["admin", "audit", "list", "--json", "--last", "4"]));
    let actions: Vec<&Value> = log.iter().map(|entry| &entry["action"]).collect();
    assert_eq!(
        actions,
        ["ROLE_CHANGED", "ROLE_CHANGED", "USER_SUSPENDED", "USER_RESTORED"]
    );
    for entry in &log {
        assert_eq!(entry["actor"], "COMMAND_LINE");
        assert_eq!(entry["actorId"], Value::Null);
    }
    assert_eq!(log[0]["subjectId"], ada.as_str());
    let shown = home.done(&["admin", "audit", "list"]);
    assert!(
        shown.contains("reason=left") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    // Mistakes: an unknown person, no reason, one that is too long, an unknown command.
    let unknown = home.refused(
        &["admin", "user", "promote", "nobody@example.com", "--reason", "x"],
        2,
    );
    assert!(unknown.contains("automl admin user list"), "{unknown}");
    home.refused(&["admin", "user", "promote", &ada], 2);
    home.refused(&["admin", "user", "promote", &ada, "--reason", " "], 2);
    home.refused(
        &["admin", "user", "promote", &ada, "--reason", &"x".repeat(501)],
        2,
    );
    home.refused(&["admin", "user"], 2);
}

/// What was done to the log, and the code under which it is told.
const TAMPERED: &[(&str, &str)] = &[
    (
        "UPDATE audit_entry SET reason = 'nothing' WHERE number = 3",
        "CHANGED",
    ),
    ("DELETE FROM audit_entry WHERE number = 3", "MISSING"),
    (
        "UPDATE audit_entry SET number = 99 WHERE number = 2; UPDATE audit_entry SET number = 2 WHERE number = 3; \
         UPDATE audit_entry SET number = 3 WHERE number = 99",
        "CHANGED",
    ),
    (
        "UPDATE audit_entry SET number = -1 WHERE number = 2",
        "OUT_OF_ORDER",
    ),
    ("UPDATE audit_head SET hash = 'x'", "HEAD"),
    ("DELETE FROM audit_entry WHERE number = 4", "MISSING"),
];

async fn with_entries() -> Home {
    let home = Home::new().await;
    let (_, ada) = home.people().await;
    let ada = ada.to_string();
    for change in ["promote", "suspend", "restore"] {
        home.done(&["admin", "user", change, &ada, "--reason", change]);
    }
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_somebody_changed_is_broken() {
    for (change, expected) in TAMPERED {
        let home = with_entries().await;
        home.unguard().await;
        home.sql(change).await;
        let output = home.automl(&["admin", "audit", "verify", "--json"]);
        assert_eq!(code(&output), 1, "{change}: {output:?}");
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(told["broken"], *expected, "{change}: {told}");
        let said = home.refused(&["admin", "audit", "verify"], 1);
        assert!(said.contains("the audit log is broken"), "{change}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_noted_hash_shows_that_the_end_was_cut_off() {
    let home = with_entries().await;
    let whole = home.done(&["admin", "audit", "verify"]);
    let (entries, hash) = whole.split_once(" entries, head ").expect("both");
    // Ada's account, and three changes of it.
    assert_eq!(entries, "4");
    let json: Value =
        serde_json::from_str(&home.done(&["admin", "audit", "verify", "--json"])).expect("JSON");
    assert_eq!(json, serde_json::json!({ "entries": 4, "head": hash }));
    home.done(&["admin", "audit", "verify", "--head", hash]);
    home.refused(&["admin", "audit", "verify", "--head", "x"], 2);
    home.unguard().await;
    home.sql(
        "DELETE FROM audit_entry WHERE number = 4; \
         UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit_entry WHERE number = 3)",
    )
    .await;
    assert!(home.done(&["admin", "audit", "verify"]).starts_with("3 entries"));
    let said = home.refused(&["admin", "audit", "verify", "--head", hash], 1);
    assert!(said.contains("cut off"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_the_default_user_is_claimed_once() {
    let home = Home::new().await;
    let (_, ada) = home.people().await;
    let claim = [
        "admin",
        "default-data",
        "claim",
        "--reason",
        "hers",
        "--user",
        &ada.to_string(),
    ];
    let nothing = home.refused(&claim, 2);
    assert!(nothing.contains("no data"), "{nothing}");
    // As an import of version 1 leaves it: an account of that name that nobody can come in as.
    let imported = home.person("default").await;
    let is_file = home.url.is_none();
    let quoted = match is_file {
        true => format!("x'{}'", imported.simple()),
        false => format!("'{imported}'"),
    };
    home.sql(&format!("DELETE FROM identity WHERE user_id = {quoted}"))
        .await;
    let upload = match is_file {
        true => format!("x'{}'", Uuid::now_v7().simple()),
        false => format!("'{}'", Uuid::now_v7()),
    };
    home.sql(&format!(
        "INSERT INTO webhook (id, user_id, url, events, secret, created_at) \
         VALUES ({upload}, {quoted}, 'https://example.com', '[]', '', '2026-01-01T00:00:00+00:00')"
    ))
    .await;
    assert_eq!(home.done(&claim), "webhook 1");
    home.refused(&claim, 2);
    let log = lines(&home.done(&["admin", "audit", "list", "--json", "--last", "1"]));
    assert_eq!(log[0]["action"], "DEFAULT_DATA_CLAIMED");
    assert_eq!(log[0]["subjectId"], ada.to_string().as_str());
    home.done(&["admin", "audit", "verify"]);
}

#[test]
fn a_database_that_is_not_up_to_date_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_automl"))
        .env("AUTOML_HOME", folder.path())
        .args(["admin", "audit", "verify"])
        .output()
        .expect("automl runs");
    assert_eq!(code(&output), 1, "{output:?}");
    assert!(text(&output.stderr).contains("automl migrate"), "{output:?}");
}
