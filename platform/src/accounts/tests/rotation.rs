//! Refresh tokens: one lives at a time, whatever comes in whichever order.

use entities::refresh_token;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::super::sessions::{self, GRACE, IDLE, WHOLE};
use super::super::token_hash;
use super::*;

async fn refresh(home: &Home, secret: &Secret, now: DateTime<Utc>) -> Option<Secret> {
    let refreshed = sessions::refresh(&home.platform, secret.expose(), now).await;
    refreshed.unwrap().map(|opened| opened.refresh_token)
}

async fn live(home: &Home, session_id: Uuid) -> Vec<refresh_token::Model> {
    refresh_token::Entity::find()
        .filter(refresh_token::Column::SessionId.eq(session_id))
        .filter(refresh_token::Column::SpentAt.is_null())
        .all(home.platform.database.connection())
        .await
        .unwrap()
}

#[tokio::test]
async fn each_token_is_exchanged_once_and_a_spent_one_ends_the_session() {
    let home = home().await;
    let ada = home.person().await;
    let opened = home.open(ada.id, start()).await;
    assert!(refresh(&home, &Secret::new("unknown"), start()).await.is_none());
    let second = refresh(&home, &opened.refresh_token, start() + seconds(60))
        .await
        .unwrap();
    let row = home.session(opened.session.id).await;
    assert_eq!(row.expires_at, start() + seconds(60) + IDLE);
    let third = refresh(&home, &second, start() + seconds(120)).await.unwrap();
    // Somebody comes with the first one, long after.
    let late = start() + seconds(180);
    assert!(refresh(&home, &opened.refresh_token, late).await.is_none());
    assert!(refresh(&home, &third, late).await.is_none());
    assert!(!home.session(opened.session.id).await.is_alive(late));
}

#[tokio::test]
async fn a_lost_answer_is_replaced_and_not_told_again() {
    let home = home().await;
    let ada = home.person().await;
    let opened = home.open(ada.id, start()).await;
    let lost = refresh(&home, &opened.refresh_token, start()).await.unwrap();
    let just = start() + GRACE - seconds(1);
    let other = refresh(&home, &opened.refresh_token, just).await.unwrap();
    assert_ne!(lost, other);
    assert_eq!(live(&home, opened.session.id).await.len(), 1);
    // The one that was not told after all is withdrawn: whoever has it is somebody else.
    assert!(refresh(&home, &lost, just).await.is_none());
    assert!(refresh(&home, &other, just).await.is_none());

    // After the grace, or once its successor was used, the spent token ends the session.
    let opened = home.open(ada.id, start()).await;
    let next = refresh(&home, &opened.refresh_token, start()).await.unwrap();
    assert!(
        refresh(&home, &opened.refresh_token, start() + GRACE)
            .await
            .is_none()
    );
    assert!(refresh(&home, &next, start() + GRACE).await.is_none());
    let opened = home.open(ada.id, start()).await;
    let next = refresh(&home, &opened.refresh_token, start()).await.unwrap();
    let last = refresh(&home, &next, start()).await.unwrap();
    assert!(refresh(&home, &opened.refresh_token, start()).await.is_none());
    assert!(refresh(&home, &last, start()).await.is_none());
}

#[tokio::test]
async fn a_session_of_few_hours_is_not_refreshed_beyond_them() {
    let home = home().await;
    let ada = home.person().await;
    let transaction = home.platform.database.begin().await.unwrap();
    let life = TimeDelta::hours(12);
    let opened = sessions::open_for(&transaction, ada.id, None, life, start())
        .await
        .unwrap();
    sea_orm::DatabaseTransaction::commit(transaction).await.unwrap();
    let end = start() + life;
    assert_eq!((opened.session.expires_at, opened.session.ends_at), (end, end));
    let mut token = opened.refresh_token;
    for hours in [4, 8, 11] {
        token = refresh(&home, &token, start() + TimeDelta::hours(hours))
            .await
            .unwrap();
        assert_eq!(home.session(opened.session.id).await.expires_at, end);
    }
    assert!(home.session(opened.session.id).await.is_alive(end - seconds(1)));
    assert!(!home.session(opened.session.id).await.is_alive(end));
    assert!(refresh(&home, &token, end).await.is_none());
}

#[tokio::test]
async fn sessions_end_by_themselves() {
    let home = home().await;
    let ada = home.person().await;
    let idle = home.open(ada.id, start()).await;
    let almost = start() + IDLE - seconds(1);
    let token = refresh(&home, &idle.refresh_token, almost).await.unwrap();
    assert!(refresh(&home, &token, almost + IDLE).await.is_none());
    // Used all the time, it ends after ninety days.
    let busy = home.open(ada.id, start()).await;
    let mut token = busy.refresh_token;
    for days in (20..90).step_by(20) {
        token = refresh(&home, &token, start() + TimeDelta::days(days))
            .await
            .unwrap();
    }
    let row = home.session(busy.session.id).await;
    assert_eq!(row.expires_at, start() + WHOLE);
    assert!(refresh(&home, &token, start() + WHOLE).await.is_none());
}

#[tokio::test]
async fn nobody_refreshes_who_is_kept_out_or_has_signed_out() {
    let home = home().await;
    let (database, ada) = (&home.platform.database, home.person().await);
    let (one, two, three) = (
        home.open(ada.id, start()).await,
        home.open(ada.id, start()).await,
        home.open(ada.id, start()).await,
    );
    let other = home.person().await;
    assert!(
        !sessions::end(&home.platform, other.id, one.session.id, start())
            .await
            .unwrap()
    );
    assert!(
        sessions::end(&home.platform, ada.id, one.session.id, start())
            .await
            .unwrap()
    );
    assert!(
        !sessions::end(&home.platform, ada.id, one.session.id, start())
            .await
            .unwrap()
    );
    assert!(refresh(&home, &one.refresh_token, start()).await.is_none());
    let but = Some(two.session.id);
    let ended = sessions::end_all(database.connection(), ada.id, but, start())
        .await
        .unwrap();
    assert_eq!(ended, 1);
    assert!(refresh(&home, &three.refresh_token, start()).await.is_none());
    let token = refresh(&home, &two.refresh_token, start()).await.unwrap();
    let mut change = ada.into_active_model();
    change.suspended_at = Set(Some(start()));
    change.update(database.connection()).await.unwrap();
    assert!(refresh(&home, &token, start()).await.is_none());
}

#[tokio::test]
async fn one_session_more_than_one_may_have_ends_the_oldest() {
    let home = home().await;
    let ada = home.person().await;
    let mut all = Vec::new();
    for number in 0..=sessions::MOST {
        all.push(home.open(ada.id, start() + seconds(number as i64)).await);
    }
    let later = start() + seconds(1000);
    assert!(refresh(&home, &all[0].refresh_token, later).await.is_none());
    assert!(refresh(&home, &all[1].refresh_token, later).await.is_some());
}

/// Many with one token at the same moment: the database lets one successor live.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_with_one_token_leaves_one_alive() {
    let home = home().await;
    let ada = home.person().await;
    let opened = home.open(ada.id, start()).await;
    let crowd = (0..8).map(|_| refresh(&home, &opened.refresh_token, start()));
    let answers = futures_util::future::join_all(crowd).await;
    let given: Vec<Secret> = answers.into_iter().flatten().collect();
    let living = live(&home, opened.session.id).await;
    assert_eq!(living.len(), 1);
    let alive = |secret: &Secret| token_hash(secret.expose()) == living[0].hash;
    assert_eq!(given.iter().filter(|secret| alive(secret)).count(), 1);
    for (position, secret) in given.iter().enumerate() {
        assert!(!given[..position].contains(secret), "a successor was told twice");
    }
}

/// What happens next in the property test.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Somebody comes with the token that was given so many places before the last.
    Use(usize),
    /// So many seconds pass.
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => (0_usize..4).prop_map(Act::Use),
        2 => (0_i64..15).prop_map(Act::Wait),
        1 => Just(Act::Wait(IDLE.num_seconds() - 5)),
        1 => Just(Act::Wait(IDLE.num_seconds() + 5)),
    ];
    prop::collection::vec(act, 1..25)
}

/// Plays the acts and checks after each what must always be so.
async fn play(home: &Home, acts: &[Act]) -> Result<(), TestCaseError> {
    let ada = home.person().await;
    let mut now = start();
    let opened = home.open(ada.id, now).await;
    let id = opened.session.id;
    let mut given = vec![opened.refresh_token];
    let mut is_over = false;
    for act in acts {
        let back = match act {
            Act::Wait(pause) => {
                now += seconds(*pause);
                continue;
            }
            Act::Use(back) => given.len().saturating_sub(back + 1),
        };
        let row = refresh_token::Entity::find_by_id(token_hash(given[back].expose()))
            .one(home.platform.database.connection())
            .await;
        let is_known = row.unwrap().is_some();
        let is_live = live(home, id)
            .await
            .iter()
            .any(|row| row.hash == token_hash(given[back].expose()));
        let was_alive = home.session(id).await.is_alive(now);
        let next = refresh(home, &given[back], now).await;
        let living = live(home, id).await;
        let is_alive = home.session(id).await.is_alive(now);
        prop_assert!(living.len() <= 1, "{} live", living.len());
        prop_assert!(!(is_over && next.is_some()), "an ended session went on");
        if is_known {
            prop_assert_eq!(
                next.is_some(),
                is_alive && was_alive,
                "whoever is refused ends it"
            );
        } else {
            // Spent so long ago that it is any other text.
            prop_assert!(next.is_none() && is_alive == was_alive);
        }
        if is_live && was_alive {
            prop_assert!(next.is_some(), "the live token was refused");
        }
        is_over |= !is_alive;
        if let Some(next) = next {
            prop_assert!(!given.contains(&next), "a token was given twice");
            prop_assert_eq!(&living[0].hash, &token_hash(next.expose()));
            given.push(next);
        }
    }
    Ok(())
}

#[test]
fn no_interleaving_leaves_two_alive() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let home = runtime.block_on(home());
    // A token that is forgotten by then, found by chance once.
    let forgotten = [
        Act::Use(0),
        Act::Wait(IDLE.num_seconds() - 5),
        Act::Use(0),
        Act::Use(2),
    ];
    runtime.block_on(play(&home, &forgotten)).unwrap();
    let config = Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&acts(), |acts| runtime.block_on(play(&home, &acts)))
        .unwrap();
}
