//! Somebody who owns the database and has taken the triggers away.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::ActiveModelTrait;

use super::super::verify::Break;
use super::*;

const FREE_ON_SQLITE: &str = "DROP TRIGGER audit_entry_kept; DROP TRIGGER audit_entry_not_removed; \
    DROP TRIGGER audit_entry_next; DROP TRIGGER audit_head_forward; DROP TRIGGER audit_head_not_removed;";
const FREE_ON_POSTGRES: &str = "ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_head DISABLE TRIGGER USER; \
    ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY;";

async fn unguarded() -> (TempDir, Database) {
    let (folder, database) = filled().await;
    let free = match database.connection().get_database_backend() {
        DbBackend::Postgres => FREE_ON_POSTGRES,
        _ => FREE_ON_SQLITE,
    };
    database.connection().execute_unprepared(free).await.unwrap();
    (folder, database)
}

/// What was done, and what is said of it.
const CASES: &[(&str, Break)] = &[
    (
        "UPDATE audit_entry SET reason = 'another' WHERE number = 2",
        Break::Changed(2),
    ),
    (
        "UPDATE audit_entry SET reason = NULL WHERE number = 4",
        Break::Changed(4),
    ),
    (
        "UPDATE audit_entry SET actor_id = NULL WHERE number = 2",
        Break::Changed(2),
    ),
    (
        "UPDATE audit_entry SET at = at + 1 WHERE number = 5",
        Break::Changed(5),
    ),
    ("DELETE FROM audit_entry WHERE number = 1", Break::Missing(1)),
    ("DELETE FROM audit_entry WHERE number = 3", Break::Missing(3)),
    // The end still names what is gone.
    ("DELETE FROM audit_entry WHERE number = 5", Break::Missing(5)),
    ("DELETE FROM audit_entry", Break::Missing(1)),
    // One is taken out and the others move up.
    (
        "DELETE FROM audit_entry WHERE number = 3; UPDATE audit_entry SET number = 3 WHERE number = 4; \
         UPDATE audit_entry SET number = 4 WHERE number = 5",
        Break::Changed(3),
    ),
    // Two change places.
    (
        "UPDATE audit_entry SET number = 99 WHERE number = 2; UPDATE audit_entry SET number = 2 WHERE number = 3; \
         UPDATE audit_entry SET number = 3 WHERE number = 99",
        Break::Changed(2),
    ),
    (
        "UPDATE audit_entry SET number = 0 WHERE number = 1",
        Break::OutOfOrder(0),
    ),
    (
        "UPDATE audit_entry SET number = -5 WHERE number = 5",
        Break::OutOfOrder(-5),
    ),
    ("UPDATE audit_head SET number = 4", Break::Head(5)),
    ("UPDATE audit_head SET number = 6", Break::Missing(6)),
    (
        "UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE number = 4)",
        Break::Head(5),
    ),
    ("DELETE FROM audit_head", Break::Head(0)),
    // One is added behind the end.
    (
        "INSERT INTO audit_entry (number, at, actor, action, hash) SELECT 6, at, actor, action, hash FROM audit_entry WHERE number = 5",
        Break::Changed(6),
    ),
    // The hash in another spelling.
    (
        "UPDATE audit_entry SET hash = upper(hash) WHERE number = 3",
        Break::Changed(3),
    ),
];

#[tokio::test]
async fn every_change_is_found_and_named() {
    for (change, expected) in CASES {
        let (_folder, database) = unguarded().await;
        database.connection().execute_unprepared(change).await.unwrap();
        assert_eq!(
            verify(&database, None).await.unwrap(),
            Err(expected.clone()),
            "{change}"
        );
    }
}

/// What a chain cannot show by itself: whoever can write can cut its end off, or write it anew. A hash that was noted shows it.
#[tokio::test]
async fn a_cut_end_is_found_by_a_noted_hash() {
    let (_folder, database) = unguarded().await;
    let noted = verify(&database, None).await.unwrap().unwrap().head;
    let cut = "DELETE FROM audit_entry WHERE number > 3; \
        UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit_entry WHERE number = 3)";
    database.connection().execute_unprepared(cut).await.unwrap();
    let whole = verify(&database, None).await.unwrap().unwrap();
    assert_eq!(whole.entries, 3);
    assert_eq!(
        verify(&database, Some(&noted)).await.unwrap(),
        Err(Break::Unknown)
    );
    // The rest written anew, as whoever did it would want it to be.
    for _ in 0..2 {
        add(&database, entries().remove(2)).await;
    }
    assert_eq!(verify(&database, None).await.unwrap().unwrap().entries, 5);
    assert_eq!(
        verify(&database, Some(&noted)).await.unwrap(),
        Err(Break::Unknown)
    );
    assert!(verify(&database, Some(&whole.head)).await.unwrap().is_ok());
}

/// Values of types that no column has: SQLite stores them.
#[tokio::test]
async fn what_cannot_be_read_is_a_break() {
    let (_folder, database) = unguarded().await;
    if database.connection().get_database_backend() == DbBackend::Postgres {
        return;
    }
    let change = "UPDATE audit_entry SET actor_id = x'00' WHERE number = 2";
    database.connection().execute_unprepared(change).await.unwrap();
    assert_eq!(verify(&database, None).await.unwrap(), Err(Break::Unreadable(0)));
}

/// The row with one byte of one column changed; none: the column has no byte there.
fn damaged(row: &Recorded, column: usize, place: usize, bits: u8) -> Option<Recorded> {
    let mut row = row.clone();
    let number = |value: &mut i64| *value ^= i64::from(bits) << (8 * (place % 8));
    let id = |value: &mut Option<Uuid>| {
        let mut bytes = *value.as_ref()?.as_bytes();
        bytes[place % 16] ^= bits;
        *value = Some(Uuid::from_bytes(bytes));
        Some(())
    };
    let text = |value: &mut String| {
        let mut letters: Vec<char> = value.chars().collect();
        let count = letters.len();
        let letter = letters.get_mut(place.checked_rem(count)?)?;
        let other = char::from(b'a' + bits % 26);
        *letter = if *letter == other { '_' } else { other };
        *value = letters.into_iter().collect();
        Some(())
    };
    match column {
        0 => number(&mut row.number),
        1 => number(&mut row.at),
        2 => text(&mut row.actor)?,
        3 => id(&mut row.actor_id)?,
        4 => text(&mut row.action)?,
        5 => text(row.subject_kind.as_mut()?)?,
        6 => text(row.subject_id.as_mut()?)?,
        7 => text(row.reason.as_mut()?)?,
        8 => text(row.before.as_mut()?)?,
        9 => text(row.after.as_mut()?)?,
        10 => text(row.address.as_mut()?)?,
        11 => id(&mut row.request_id)?,
        _ => text(&mut row.hash)?,
    }
    Some(row)
}

async fn write(database: &Database, at: i64, row: &Recorded) -> Result<(), sea_orm::DbErr> {
    let change = row.clone().into_active_model().reset_all();
    audit_entry::Entity::update_many()
        .set(change)
        .filter(audit_entry::Column::Number.eq(at))
        .exec(database.connection())
        .await
        .map(|_| ())
}

#[test]
fn one_changed_byte_anywhere_is_found() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (_folder, database) = runtime.block_on(unguarded());
    let mut rows = runtime.block_on(newest(&database, 10)).unwrap();
    rows.reverse();
    let config = Config {
        cases: 250,
        failure_persistence: None,
        ..Config::default()
    };
    let anywhere = (0_usize..5, 0_usize..13, 0_usize..64, 1_u8..=255);
    TestRunner::new(config)
        .run(&anywhere, |(entry, column, place, bits)| {
            let row = &rows[entry];
            let changed = damaged(row, column, place, bits);
            prop_assume!(changed.is_some());
            let changed = changed.unwrap_or_else(|| row.clone());
            prop_assert_ne!(&changed, row);
            // A number that is another entry's is refused by the key.
            prop_assume!(runtime.block_on(write(&database, row.number, &changed)).is_ok());
            let found = runtime.block_on(verify(&database, None)).unwrap();
            runtime.block_on(write(&database, changed.number, row)).unwrap();
            prop_assert!(found.is_err(), "{:?}", changed);
            prop_assert!(runtime.block_on(verify(&database, None)).unwrap().is_ok());
            Ok(())
        })
        .unwrap();
}
