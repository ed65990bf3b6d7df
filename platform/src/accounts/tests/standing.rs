//! Roles and suspensions.

use super::super::standing::{Change, Refused, Role, change, find, page};
use super::*;
use crate::audit::{self, Actor, By};

async fn admin(home: &Home) -> user::Model {
    let mut row = user::Model::new(Uuid::now_v7(), "Root", now());
    row.role = Role::Admin;
    let row = row.into_active_model();
    row.insert(home.platform.database.connection()).await.unwrap()
}

async fn actions(home: &Home) -> Vec<String> {
    let mut log = audit::newest(&home.platform.database, 100).await.unwrap();
    log.reverse();
    log.into_iter().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn a_change_is_made_once_and_recorded() {
    let home = home().await;
    let (root, ada) = (admin(&home).await, home.person().await);
    let platform = home.platform.asked(By::new(Actor::User(root.id)));
    let make = async |wanted: Change| change(&platform, ada.id, wanted, "because").await.unwrap();
    for (wanted, role, suspended) in [
        (Change::Role(Role::Admin), Role::Admin, false),
        (Change::Role(Role::Admin), Role::Admin, false),
        (Change::Suspend, Role::Admin, true),
        (Change::Suspend, Role::Admin, true),
        (Change::Role(Role::Member), Role::Member, true),
        (Change::Restore, Role::Member, false),
        (Change::Restore, Role::Member, false),
    ] {
        let person = make(wanted).await.unwrap();
        assert_eq!(
            (person.role, person.suspended_at.is_some()),
            (role, suspended),
            "{wanted:?}"
        );
    }
    let expected = ["ROLE_CHANGED", "USER_SUSPENDED", "ROLE_CHANGED", "USER_RESTORED"];
    assert_eq!(actions(&home).await, expected);
    let log = audit::newest(&home.platform.database, 3).await.unwrap();
    assert_eq!(log[2].actor_id, Some(root.id));
    assert_eq!(log[2].subject_id, Some(ada.id.to_string()));
    assert_eq!(log[2].reason.as_deref(), Some("because"));
    assert_eq!(
        log[2].before.as_deref(),
        Some(r#"{"role":"ADMIN","suspended":false}"#)
    );
    assert_eq!(
        log[2].after.as_deref(),
        Some(r#"{"role":"ADMIN","suspended":true}"#)
    );
    let nobody = change(&platform, Uuid::now_v7(), Change::Suspend, "").await;
    assert!(matches!(nobody, Err(crate::Error::Gone)));
}

#[tokio::test]
async fn one_s_own_standing_and_the_last_administrator_stay() {
    let home = home().await;
    let root = admin(&home).await;
    let itself = home.platform.asked(By::new(Actor::User(root.id)));
    for wanted in [Change::Role(Role::Member), Change::Suspend] {
        let refused = change(&itself, root.id, wanted, "").await.unwrap();
        assert_eq!(refused, Err(Refused::Own), "{wanted:?}");
        let refused = change(&home.platform, root.id, wanted, "").await.unwrap();
        assert_eq!(refused, Err(Refused::LastAdmin), "{wanted:?}");
    }
    assert!(actions(&home).await.is_empty());
    // Somebody who is kept out does not look after anything.
    let other = admin(&home).await;
    change(&home.platform, other.id, Change::Suspend, "")
        .await
        .unwrap()
        .unwrap();
    let refused = change(&home.platform, root.id, Change::Suspend, "")
        .await
        .unwrap();
    assert_eq!(refused, Err(Refused::LastAdmin));
    change(&home.platform, other.id, Change::Restore, "")
        .await
        .unwrap()
        .unwrap();
    change(&home.platform, root.id, Change::Suspend, "")
        .await
        .unwrap()
        .unwrap();
}

/// Two administrators who take each other's role at the same moment: one stays.
#[tokio::test(flavor = "multi_thread")]
async fn two_do_not_take_each_other_s_role() {
    for _ in 0..10 {
        let home = home().await;
        let (one, two) = (admin(&home).await, admin(&home).await);
        let take = |from: Uuid, by: Uuid| {
            let platform = home.platform.asked(By::new(Actor::User(by)));
            async move { change(&platform, from, Change::Role(Role::Member), "").await }
        };
        let (first, second) = tokio::join!(take(one.id, two.id), take(two.id, one.id));
        let outcomes = [matches!(first, Ok(Ok(_))), matches!(second, Ok(Ok(_)))];
        assert_ne!(outcomes[0], outcomes[1]);
    }
}

#[tokio::test]
async fn people_are_found_and_listed() {
    let home = home().await;
    let ada = home.person().await;
    let row = entities::password::Model {
        user_id: ada.id,
        login: "ada@example.com".to_owned(),
        hash: String::new(),
        is_open: true,
        changed_at: now(),
    };
    row.into_active_model()
        .insert(home.platform.database.connection())
        .await
        .unwrap();
    for named in [ada.id.to_string(), "Ada@Example.com".to_owned()] {
        let found = find(&home.platform, &named).await.unwrap();
        assert_eq!(found.map(|person| person.id), Some(ada.id), "{named}");
    }
    for named in ["", "bob@example.com", "Ada"] {
        assert_eq!(find(&home.platform, named).await.unwrap(), None, "{named}");
    }
    let bob = home.person().await;
    let first = page(&home.platform, None, 1).await.unwrap();
    assert_eq!(first[0].id, ada.id);
    let rest = page(&home.platform, Some(ada.id), 5).await.unwrap();
    assert_eq!(rest.iter().map(|person| person.id).collect::<Vec<_>>(), [bob.id]);
}
