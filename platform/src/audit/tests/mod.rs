//! The log over `test_database`: SQLite, or Postgres where a server is named.

mod tampering;

use migration::MigratorTrait;
use sea_orm::{ConnectionTrait, DbBackend, PaginatorTrait};
use serde_json::json;
use tempfile::TempDir;

use super::verify::{Whole, verify};
use super::*;
use crate::test_database;

/// A time at which everything here happens.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap()
}

async fn database() -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let url = test_database::url(folder.path()).await;
    let database = Database::connect(&url).await.unwrap();
    migration::Migrator::up(database.connection(), None)
        .await
        .unwrap();
    (folder, database)
}

async fn add(database: &Database, entry: Entry) {
    let transaction = database.begin().await.unwrap();
    record(&transaction, entry).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Entries of all forms: with everything, and with as little as there can be.
fn entries() -> Vec<Entry> {
    let ada = Uuid::from_u128(0xada);
    let by = By {
        actor: Actor::User(ada),
        address: Some("::ffff:192.0.2.7".parse().unwrap()),
        request_id: Some(Uuid::from_u128(7)),
    };
    vec![
        Entry::new(By::new(Actor::Platform), Action::TasksPurged, start()),
        Entry::new(by, Action::UserSuspended, start())
            .about(SubjectKind::User, Uuid::from_u128(0xb0b))
            .because("größerer Ärger")
            .changed(json!({ "suspended": false }), json!({ "suspended": true })),
        Entry::new(By::new(Actor::Nobody), Action::SignInFailed, start()),
        Entry::new(by, Action::QueuePaused, start())
            .about(SubjectKind::Queue, "gpu")
            .because(""),
        Entry::new(By::new(Actor::CommandLine), Action::RoleChanged, start()).about(SubjectKind::User, ada),
    ]
}

async fn filled() -> (TempDir, Database) {
    let (folder, database) = database().await;
    for entry in entries() {
        add(&database, entry).await;
    }
    (folder, database)
}

#[tokio::test]
async fn entries_are_numbered_and_chained() {
    let (_folder, database) = database().await;
    let nothing = Whole {
        entries: 0,
        head: chain::NOTHING.to_owned(),
    };
    assert_eq!(verify(&database, None).await.unwrap(), Ok(nothing));
    assert!(verify(&database, Some(chain::NOTHING)).await.unwrap().is_ok());
    for entry in entries() {
        add(&database, entry).await;
    }
    let newest = newest(&database, 10).await.unwrap();
    let numbers: Vec<i64> = newest.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    let whole = verify(&database, None).await.unwrap().unwrap();
    assert_eq!((whole.entries, &whole.head), (5, &newest[0].hash));
    let entry = &newest[3];
    assert_eq!(entry.moment(), Some(start()));
    assert_eq!(entry.actor, "USER");
    assert_eq!(entry.actor_id, Some(Uuid::from_u128(0xada)));
    assert_eq!(entry.action, "USER_SUSPENDED");
    assert_eq!(entry.subject_kind.as_deref(), Some("USER"));
    assert_eq!(entry.address.as_deref(), Some("192.0.2.7"));
    assert_eq!(entry.after.as_deref(), Some(r#"{"suspended":true}"#));
    // A hash that was noted earlier is found, and another one is not.
    for entry in &newest {
        assert!(verify(&database, Some(&entry.hash)).await.unwrap().is_ok());
    }
    let other = verify(&database, Some(&"ab".repeat(32))).await.unwrap();
    assert_eq!(other, Err(verify::Break::Unknown));
}

/// The form is fixed: a log that exists must fit tomorrow as well. The value was computed by another program from the words of
/// docs/administration.md.
#[test]
fn the_form_is_what_the_documentation_says() {
    let entry = Recorded {
        number: 1,
        at: 1_800_000_000_123_456,
        actor: "USER".to_owned(),
        actor_id: Some(Uuid::from_u128(0xada)),
        action: "USER_SUSPENDED".to_owned(),
        subject_kind: Some("USER".to_owned()),
        subject_id: Some("x".to_owned()),
        reason: Some("größerer Ärger".to_owned()),
        before: None,
        after: Some(String::new()),
        address: None,
        request_id: None,
        hash: String::new(),
    };
    let hash = chain::hash(chain::NOTHING, &entry).unwrap();
    assert_eq!(
        hash,
        "2688b6bc6a565b819c5cf1d3cb890a7be9303f0531359d1ef503ebfdb068c436"
    );
    assert_eq!(chain::hash("nothing", &entry), None);
    assert_eq!(chain::hash(&chain::NOTHING.replace('0', "A"), &entry), None);
}

#[tokio::test]
async fn a_change_that_does_not_happen_leaves_no_entry() {
    let (_folder, database) = filled().await;
    let transaction = database.begin().await.unwrap();
    record(&transaction, entries().remove(0)).await.unwrap();
    drop(transaction);
    let long = Entry::new(By::new(Actor::Platform), Action::TasksPurged, start()).because("x".repeat(5000));
    let transaction = database.begin().await.unwrap();
    assert!(matches!(
        record(&transaction, long).await,
        Err(Error::Conflict(_))
    ));
    transaction.rollback().await.unwrap();
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 5);
    add(&database, entries().remove(0)).await;
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 6);
}

/// Many writers at a time, some of whom give up: no number is missing, none is there twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_writers_stands_in_line() {
    let (_folder, database) = database().await;
    let mut crowd = Vec::new();
    for place in 0..50 {
        let database = database.clone();
        crowd.push(tokio::spawn(async move {
            let transaction = database.begin().await.unwrap();
            let entry = Entry::new(By::new(Actor::Platform), Action::TaskRequeued, start())
                .about(SubjectKind::Task, place);
            record(&transaction, entry).await.unwrap();
            match place % 5 {
                0 => transaction.rollback().await.unwrap(),
                _ => transaction.commit().await.unwrap(),
            }
        }));
    }
    let watching = {
        let database = database.clone();
        tokio::spawn(async move {
            // Whoever checks while others write sees a whole log.
            for _ in 0..20 {
                verify(&database, None).await.unwrap().unwrap();
            }
        })
    };
    for one in crowd {
        one.await.unwrap();
    }
    watching.await.unwrap();
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 40);
}

/// More entries than a page has.
#[tokio::test]
async fn a_long_log_is_read_page_by_page() {
    let (_folder, database) = database().await;
    let transaction = database.begin().await.unwrap();
    for place in 0..1203 {
        let entry = Entry::new(By::new(Actor::Platform), Action::TaskRequeued, start())
            .about(SubjectKind::Task, place);
        record(&transaction, entry).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 1203);
}

#[tokio::test]
async fn the_database_refuses_to_change_what_was_written() {
    let (_folder, database) = filled().await;
    let connection = database.connection();
    let is_postgres = connection.get_database_backend() == DbBackend::Postgres;
    let mut refused = vec![
        "UPDATE audit_entry SET reason = 'another' WHERE number = 2",
        "DELETE FROM audit_entry WHERE number = 5",
        "DELETE FROM audit_entry",
        "UPDATE audit_head SET number = 4",
        "UPDATE audit_head SET hash = 'x'",
        "UPDATE audit_head SET number = number + 2",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, number, hash) VALUES (2, 0, '')",
    ];
    if is_postgres {
        refused.extend([
            "TRUNCATE audit_entry",
            "TRUNCATE audit_head",
            "INSERT INTO audit_entry (number, at, actor, action, hash) VALUES (2, 0, '', '', '') \
             ON CONFLICT (number) DO UPDATE SET reason = 'another'",
        ]);
    } else {
        refused.extend([
            "INSERT OR REPLACE INTO audit_entry (number, at, actor, action, hash) VALUES (2, 0, '', '', '')",
            "INSERT OR REPLACE INTO audit_head (id, number, hash) VALUES (1, 0, '')",
            "INSERT INTO audit_entry (number, at, actor, action, hash) VALUES (9, 0, '', '', '')",
        ]);
    }
    for statement in refused {
        let done = connection.execute_unprepared(statement).await;
        let error = done.expect_err(statement).to_string();
        assert!(error.contains("audit log"), "{statement}: {error}");
    }
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 5);
}

/// On Postgres a person's connection reads what they did themselves and adds nothing in another's name; a file has no such wall.
#[tokio::test]
async fn a_person_sees_their_own_entries_and_writes_none_of_another() {
    let (_folder, database) = filled().await;
    let is_postgres = database.connection().get_database_backend() == DbBackend::Postgres;
    if !is_postgres || database.is_past_row_security().await.unwrap() {
        return;
    }
    let ada = database.for_viewer(Uuid::from_u128(0xada));
    let seen = audit_entry::Entity::find().count(ada.connection()).await.unwrap();
    assert_eq!(seen, 2);
    let own = Entry::new(
        By::new(Actor::User(Uuid::from_u128(0xada))),
        Action::SignedOut,
        start(),
    );
    add(&ada, own).await;
    for other in [Actor::User(Uuid::from_u128(0xb0b)), Actor::Platform] {
        let transaction = ada.begin().await.unwrap();
        let entry = Entry::new(By::new(other), Action::SignedOut, start());
        let refused = record(&transaction, entry).await.unwrap_err().to_string();
        assert!(refused.contains("row-level security"), "{refused}");
    }
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 6);
}
