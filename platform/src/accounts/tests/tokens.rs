//! Counted attempts, tokens for scripts, and what is forgotten.

use entities::scope::{Scope, Scopes};
use entities::token;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::super::api_tokens::{self, NewToken};
use super::super::attempts::{self, Subject, Wait};
use super::super::{forget, one_time_token, token_hash};
use super::*;
use crate::Error;

#[tokio::test]
async fn guessing_is_slowed_down_more_and_more() {
    let home = home().await;
    let database = &home.platform.database;
    let subjects = [Subject::account("ada@example.com")];
    let attempt = async |at| attempts::begin(database, &subjects, at).await.unwrap();
    let mut now = start();
    for _ in 0..5 {
        assert_eq!(attempt(now).await, Ok(()));
    }
    for pause in [30, 60, 120, 240, 480, 900, 900] {
        assert_eq!(attempt(now).await, Err(Wait(pause + 1)));
        now += seconds(pause);
        assert_eq!(attempt(now - seconds(1)).await, Err(Wait(2)));
        assert_eq!(attempt(now).await, Ok(()), "after {pause} s");
    }
    // Another account is not touched, and a good attempt begins anew.
    let other = [Subject::account("bob@example.com")];
    assert_eq!(attempts::begin(database, &other, now).await.unwrap(), Ok(()));
    attempts::succeeded(database, &subjects).await.unwrap();
    assert_eq!(attempt(now).await, Ok(()));
}

#[tokio::test]
async fn many_accounts_from_one_address_are_slowed_down_too() {
    let home = home().await;
    let database = &home.platform.database;
    let client = Subject::client("192.0.2.7".parse().unwrap());
    for number in 0..20 {
        let subjects = [Subject::account(&format!("{number}@example.com")), client.clone()];
        assert_eq!(
            attempts::begin(database, &subjects, start()).await.unwrap(),
            Ok(())
        );
    }
    let subjects = [Subject::account("x@example.com"), client.clone()];
    assert_eq!(
        attempts::begin(database, &subjects, start()).await.unwrap(),
        Err(Wait(31))
    );
    // One good attempt takes back itself only.
    attempts::succeeded(database, &subjects).await.unwrap();
    assert_eq!(
        attempts::begin(database, &subjects, start()).await.unwrap(),
        Ok(())
    );
    assert!(
        attempts::begin(database, &subjects, start())
            .await
            .unwrap()
            .is_err()
    );
}

/// Trying at once gains nothing: of thirty that come together, five are let through.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_counted_one_by_one() {
    let home = home().await;
    let database = &home.platform.database;
    let subjects = [Subject::account("ada@example.com")];
    let crowd = (0..30).map(|_| attempts::begin(database, &subjects, start()));
    let answers = futures_util::future::join_all(crowd).await;
    let let_through = answers
        .into_iter()
        .filter(|answer| answer.as_ref().unwrap().is_ok());
    assert_eq!(let_through.count(), 5);
}

fn new_token(user_id: Uuid, name: &str) -> NewToken {
    NewToken {
        user_id,
        name: name.to_owned(),
        scopes: Scopes::of(&[Scope::Read, Scope::Predict]),
        expires_at: None,
    }
}

#[tokio::test]
async fn a_script_s_token_is_bounded_noted_and_deleted() {
    let home = home().await;
    let (connection, ada) = (home.platform.database.connection(), home.person().await);
    let (row, secret) = api_tokens::create(&home.platform, new_token(ada.id, "ci"), start())
        .await
        .unwrap();
    assert!(secret.expose().starts_with("automl_") && secret.expose().len() > 40);
    assert_eq!(row.hash, token_hash(secret.expose()));
    assert_eq!(row.scopes(), Scopes::of(&[Scope::Predict, Scope::Read]));
    assert!(!format!("{row:?}").contains(&row.hash));
    let stored = async || {
        let row = token::Entity::find_by_id(row.id).one(connection).await;
        row.unwrap().unwrap()
    };
    for (pause, noted) in [(0, 0), (59, 0), (60, 60)] {
        let now = start() + seconds(pause);
        api_tokens::note_use(connection, &stored().await, now)
            .await
            .unwrap();
        assert_eq!(stored().await.last_used_at, Some(start() + seconds(noted)));
    }
    for number in 1..api_tokens::MOST {
        let new = new_token(ada.id, &number.to_string());
        api_tokens::create(&home.platform, new, start()).await.unwrap();
    }
    let refused = api_tokens::create(&home.platform, new_token(ada.id, "more"), start()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    let other = home.person().await;
    assert!(
        !api_tokens::delete(&home.platform, other.id, row.id, start())
            .await
            .unwrap()
    );
    assert!(
        api_tokens::delete(&home.platform, ada.id, row.id, start())
            .await
            .unwrap()
    );
    assert!(
        !api_tokens::delete(&home.platform, ada.id, row.id, start())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn printed_tokens_do_not_pile_up() {
    let home = home().await;
    let (platform, ada) = (&home.platform, home.person().await);
    let printed = token::Entity::find().filter(token::Column::Kind.eq(token::Kind::Printed));
    let count = async || {
        printed
            .clone()
            .count(platform.database.connection())
            .await
            .unwrap()
    };
    // Processes side by side keep theirs; each start replaces its own.
    for name in ["one", "two", "one", "two"] {
        api_tokens::printed(platform, ada.id, Some(name)).await.unwrap();
    }
    assert_eq!(count().await, 2);
    let secret = api_tokens::printed(platform, ada.id, None).await.unwrap();
    let rows = printed.clone().all(platform.database.connection()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].hash, token_hash(secret.expose()));
    assert_eq!(rows[0].scopes(), Scopes::all());
    assert_eq!(rows[0].expires_at, Some(rows[0].created_at + TimeDelta::days(30)));
}

#[tokio::test]
async fn what_means_nothing_any_more_is_removed() {
    let home = home().await;
    let (platform, ada) = (&home.platform, home.person().await);
    let now = now();
    one_time_token(platform, ada.id, std::time::Duration::from_secs(60))
        .await
        .unwrap();
    let opened = home.open(ada.id, now).await;
    let subjects = [Subject::account("ada@example.com")];
    attempts::begin(&platform.database, &subjects, now)
        .await
        .unwrap()
        .unwrap();
    let (kept, _) = api_tokens::create(platform, new_token(ada.id, "ci"), now)
        .await
        .unwrap();
    assert_eq!(forget::forget_old(platform, now).await.unwrap(), 0);
    let late = now + sessions::IDLE + TimeDelta::days(8);
    assert_eq!(forget::forget_old(platform, late).await.unwrap(), 3);
    let left = token::Entity::find()
        .all(platform.database.connection())
        .await
        .unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id, kept.id);
    let again = sessions::refresh(platform, opened.refresh_token.expose(), now).await;
    assert!(again.unwrap().is_none());
}
