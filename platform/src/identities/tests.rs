//! Accounts of people whom an issuer vouches for, over SQLite and Postgres.

use chrono::TimeDelta;
use migration::MigratorTrait;
use sea_orm::PaginatorTrait;
use tempfile::TempDir;

use super::*;

async fn database() -> (Database, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = crate::test_database::url(folder.path()).await;
    let database = Database::connect(&url).await.unwrap();
    migration::Migrator::up(database.connection(), None)
        .await
        .unwrap();
    (database, folder)
}

fn subject(name: &str) -> Subject {
    Subject {
        issuer: "https://id.example.com".to_owned(),
        subject: name.to_owned(),
        name: "Ada".to_owned(),
        email: Some(Address::parse("ada@example.com").unwrap()),
        role: None,
        issued_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        may_sign_up: true,
    }
}

fn later(subject: &Subject, seconds: i64, role: Option<Role>) -> Subject {
    Subject {
        issued_at: subject.issued_at + TimeDelta::seconds(seconds),
        role,
        ..subject.clone()
    }
}

async fn people(database: &Database) -> u64 {
    user::Entity::find().count(database.connection()).await.unwrap()
}

#[tokio::test]
async fn the_first_token_makes_the_account_and_the_next_find_it() {
    let (database, _folder) = database().await;
    let ada = subject("ada");
    let first = admit(&database, &ada).await.unwrap().unwrap();
    assert_eq!((first.name.as_str(), first.role), ("Ada", Role::Member));
    assert_eq!(first.email.as_deref(), Some("ada@example.com"));
    let again = Subject {
        may_sign_up: false,
        ..ada.clone()
    };
    assert_eq!(admit(&database, &again).await.unwrap(), Some(first.clone()));
    let elsewhere = Subject {
        issuer: "https://other.example.com".to_owned(),
        ..ada
    };
    let other = admit(&database, &elsewhere).await.unwrap().unwrap();
    assert_ne!(
        other.id, first.id,
        "the same name and address at another issuer is another person"
    );
    assert_eq!(people(&database).await, 2);
}

#[tokio::test]
async fn nobody_gets_an_account_where_sign_up_is_closed() {
    let (database, _folder) = database().await;
    let closed = Subject {
        may_sign_up: false,
        ..subject("ada")
    };
    assert_eq!(admit(&database, &closed).await.unwrap(), None);
    assert_eq!(people(&database).await, 0);
}

#[tokio::test]
async fn a_local_account_with_the_same_address_stays_another_s() {
    let (database, _folder) = database().await;
    let mut local = user::Model::new(Uuid::now_v7(), "Ada", now());
    local.email = Some("ada@example.com".to_owned());
    local.role = Role::Admin;
    let local = local
        .into_active_model()
        .insert(database.connection())
        .await
        .unwrap();
    let foreign = later(&subject("ada"), 0, Some(Role::Member));
    let person = admit(&database, &foreign).await.unwrap().unwrap();
    assert_ne!(person.id, local.id);
    let local = user::Entity::find_by_id(local.id)
        .one(database.connection())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(local.role, Role::Admin);
}

#[tokio::test]
async fn twenty_first_tokens_at_once_make_one_account() {
    let (database, _folder) = database().await;
    let ada = subject("ada");
    let mut all = Vec::new();
    for _ in 0..20 {
        let (database, ada) = (database.clone(), ada.clone());
        all.push(tokio::spawn(async move { admit(&database, &ada).await }));
    }
    let mut ids = Vec::new();
    for one in all {
        ids.push(one.await.unwrap().unwrap().unwrap().id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(people(&database).await, 1, "what a loser had made is gone");
}

#[tokio::test]
async fn the_newest_token_says_the_role() {
    let (database, _folder) = database().await;
    let first = later(&subject("ada"), 0, Some(Role::Admin));
    let role = async |subject: Subject| admit(&database, &subject).await.unwrap().unwrap().role;
    assert_eq!(role(first.clone()).await, Role::Admin);
    assert_eq!(
        role(later(&first, 10, Some(Role::Member))).await,
        Role::Member,
        "she has left the group"
    );
    assert_eq!(
        role(first.clone()).await,
        Role::Member,
        "her older token gives it back to nobody"
    );
    assert_eq!(role(later(&first, 20, Some(Role::Admin))).await, Role::Admin);
    assert_eq!(
        role(later(&first, 30, None)).await,
        Role::Admin,
        "groups say nothing: as it was"
    );
}

#[tokio::test]
async fn of_tokens_that_come_together_the_newest_counts() {
    let (database, _folder) = database().await;
    let first = later(&subject("ada"), 0, Some(Role::Admin));
    for round in 0..10 {
        let mut all = Vec::new();
        for second in 1..=8 {
            let role = if second == 8 { Role::Member } else { Role::Admin };
            let token = later(&first, round * 100 + second, Some(role));
            let database = database.clone();
            all.push(tokio::spawn(async move { admit(&database, &token).await }));
        }
        for one in all {
            one.await.unwrap().unwrap().unwrap();
        }
        let person = admit(&database, &later(&first, 0, None)).await.unwrap().unwrap();
        assert_eq!(person.role, Role::Member, "round {round}");
    }
}
