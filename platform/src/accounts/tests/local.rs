//! Accounts with a password, from the mail that confirms them to the one that gives them another password.

use entities::mail::{self, AccountFacts};
use entities::password;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder, Set};

use super::super::local::{self, NewAccount, Refused};
use super::super::passwords::{Passwords, Weak};
use super::super::proofs::Proofs;
use super::super::{addresses, forget};
use super::*;
use crate::mail::Address;

const PASSWORD: &str = "correct stork bakery";
const OTHER: &str = "another stork bakery";

struct Door {
    home: Home,
    passwords: Passwords,
}

impl Door {
    async fn new() -> Self {
        Self {
            home: home().await,
            passwords: Passwords::default(),
        }
    }

    async fn sign_up(&self, address: &str, password: &str) {
        let new = NewAccount {
            address: Address::parse(address).unwrap(),
            password: Secret::new(password),
            name: "Ada".to_owned(),
        };
        let made = local::sign_up(&self.home.platform, &self.passwords, &new).await;
        assert_eq!(made.unwrap(), Ok(()));
    }

    async fn comes_in(&self, address: &str, password: &str) -> bool {
        let given = Secret::new(password);
        let opened = local::sign_in(&self.home.platform, &self.passwords, address, &given, None).await;
        opened.unwrap().is_some()
    }

    async fn mails(&self) -> Vec<mail::Model> {
        let rows = mail::Entity::find().order_by_asc(mail::Column::Id);
        rows.all(self.home.platform.database.connection()).await.unwrap()
    }

    /// Kind and token of the last mail.
    async fn last_mail(&self) -> (mail::Kind, String, Option<Secret>) {
        let row = self.mails().await.pop().unwrap();
        let facts: AccountFacts = serde_json::from_value(row.facts.clone()).unwrap();
        let proofs = Proofs::open(&self.home.platform).await.unwrap();
        let token = facts.token_id.map(|id| proofs.token(id));
        // The outbox itself has no token.
        if let Some(token) = &token {
            assert!(!row.facts.to_string().contains(token.expose()));
        }
        (row.kind, row.recipient, token)
    }

    async fn verify(&self, token: &Secret) -> Result<Uuid, Refused> {
        let verified = addresses::verify_address(&self.home.platform, token.expose()).await;
        verified.unwrap()
    }

    async fn reset(&self, token: &Secret, password: &str) -> Result<Uuid, Refused> {
        let new = Secret::new(password);
        let platform = &self.home.platform;
        local::reset_password(platform, &self.passwords, token.expose(), &new)
            .await
            .unwrap()
    }

    async fn age(&self, user_id: Uuid, by: TimeDelta) {
        let connection = self.home.platform.database.connection();
        let row = password::Entity::find_by_id(user_id)
            .one(connection)
            .await
            .unwrap()
            .unwrap();
        let changed_at = row.changed_at - by;
        let mut change = row.into_active_model();
        change.changed_at = Set(changed_at);
        change.update(connection).await.unwrap();
    }
}

#[tokio::test]
async fn an_account_lets_in_once_its_address_is_confirmed() {
    let door = Door::new().await;
    door.sign_up("Ada@Example.com", PASSWORD).await;
    assert!(!door.comes_in("ada@example.com", PASSWORD).await);
    let (kind, recipient, token) = door.last_mail().await;
    assert_eq!(
        (kind, recipient.as_str()),
        (mail::Kind::VerifyEmail, "Ada@Example.com")
    );
    let token = token.unwrap();
    assert_eq!(door.verify(&Secret::new("nonsense")).await, Err(Refused::Stale));
    let id = door.verify(&token).await.unwrap();
    assert_eq!(door.verify(&token).await, Err(Refused::Stale));
    let person = local::find(&door.home.platform, id).await.unwrap();
    assert!(person.email_verified_at.is_some() && !person.must_verify());
    for address in ["ada@example.com", " ADA@EXAMPLE.COM "] {
        assert!(door.comes_in(address, PASSWORD).await, "{address}");
    }
    assert!(!door.comes_in("ada@example.com", OTHER).await);
    assert!(!door.comes_in("bob@example.com", PASSWORD).await);
}

#[tokio::test]
async fn a_second_account_of_one_address_is_a_mail_and_nothing_else() {
    let door = Door::new().await;
    door.sign_up("ada@example.com", PASSWORD).await;
    let (_, _, token) = door.last_mail().await;
    // Not even before it is confirmed: the link of the first mail must not open the second one's password.
    door.sign_up("ADA@example.com", OTHER).await;
    assert_eq!(door.last_mail().await.0, mail::Kind::AccountExists);
    let id = door.verify(&token.unwrap()).await.unwrap();
    assert!(door.comes_in("ada@example.com", PASSWORD).await);
    assert!(!door.comes_in("ada@example.com", OTHER).await);
    door.sign_up("ada@example.com", OTHER).await;
    assert_eq!(door.mails().await.len(), 3);
    // One that was never confirmed gives way after a day, and goes after a week.
    door.age(id, TimeDelta::days(30)).await;
    door.sign_up("bob@example.com", PASSWORD).await;
    let first = door.mails().await.pop().unwrap().user_id;
    door.age(first, TimeDelta::hours(25)).await;
    door.sign_up("bob@example.com", OTHER).await;
    let second = door.mails().await.pop().unwrap();
    assert_eq!(second.kind, mail::Kind::VerifyEmail);
    assert_ne!(second.user_id, first);
    assert_eq!(forget::forget_old(&door.home.platform, now()).await.unwrap(), 0);
    let late = now() + TimeDelta::days(8);
    forget::forget_old(&door.home.platform, late).await.unwrap();
    assert!(local::find(&door.home.platform, second.user_id).await.is_err());
    assert!(local::find(&door.home.platform, id).await.is_ok());
}

#[tokio::test]
async fn a_reset_works_once_ends_sessions_and_confirms_the_address() {
    let door = Door::new().await;
    let platform = &door.home.platform;
    door.sign_up("ada@example.com", PASSWORD).await;
    let ask = async |address: &str| {
        let address = Address::parse(address).unwrap();
        local::request_reset(platform, &address).await.unwrap();
    };
    ask("nobody@example.com").await;
    assert_eq!(door.mails().await.len(), 1);
    ask("ADA@example.com").await;
    let (kind, recipient, first) = door.last_mail().await;
    assert_eq!(
        (kind, recipient.as_str()),
        (mail::Kind::ResetPassword, "ada@example.com")
    );
    // A second mail makes the first one's link void.
    ask("ada@example.com").await;
    let (_, _, second) = door.last_mail().await;
    assert_eq!(door.reset(&first.unwrap(), OTHER).await, Err(Refused::Stale));
    let second = second.unwrap();
    assert_eq!(
        door.verify(&second).await,
        Err(Refused::Stale),
        "a token is good for one thing"
    );
    assert_eq!(
        door.reset(&second, "short").await,
        Err(Refused::Weak(Weak::Short))
    );
    let id = door.reset(&second, OTHER).await.unwrap();
    assert_eq!(door.reset(&second, PASSWORD).await, Err(Refused::Stale));
    assert!(!door.comes_in("ada@example.com", PASSWORD).await);
    assert!(door.comes_in("ada@example.com", OTHER).await);
    let person = local::find(platform, id).await.unwrap();
    assert!(person.email_verified_at.is_some());

    let session = door.home.open(id, now()).await;
    ask("ada@example.com").await;
    let (_, _, token) = door.last_mail().await;
    door.reset(&token.unwrap(), PASSWORD).await.unwrap();
    assert!(!door.home.session(session.session.id).await.is_alive(now()));
    // Whoever is kept out gets no way in.
    let mut change = person.into_active_model();
    change.suspended_at = Set(Some(now()));
    change.update(platform.database.connection()).await.unwrap();
    let count = door.mails().await.len();
    ask("ada@example.com").await;
    assert_eq!(door.mails().await.len(), count);
    assert!(!door.comes_in("ada@example.com", PASSWORD).await);
}

#[tokio::test]
async fn who_is_in_sets_and_changes_a_password() {
    let door = Door::new().await;
    let (platform, passwords) = (&door.home.platform, &door.passwords);
    let (ada, bob) = (door.home.person().await, door.home.person().await);
    let address = Address::parse("Ada@example.com").unwrap();
    let secret = Secret::new;
    let set = async |id, password| {
        local::set_password(platform, passwords, id, &address, &secret(password))
            .await
            .unwrap()
    };
    assert_eq!(
        set(ada.id, "ada@example.com").await,
        Err(Refused::Weak(Weak::Personal))
    );
    set(ada.id, PASSWORD).await.unwrap();
    assert_eq!(set(ada.id, PASSWORD).await, Err(Refused::HasPassword(true)));
    assert_eq!(set(bob.id, PASSWORD).await, Err(Refused::AddressTaken));
    assert!(
        local::find(platform, bob.id).await.unwrap().email.is_none(),
        "nothing was changed"
    );
    assert!(door.comes_in("ada@example.com", PASSWORD).await);

    let (own, other) = (
        door.home.open(ada.id, now()).await,
        door.home.open(ada.id, now()).await,
    );
    let update = async |id, current, new| {
        let both = (&secret(current), &secret(new));
        local::update_password(platform, passwords, id, both, Some(own.session.id))
            .await
            .unwrap()
    };
    assert_eq!(
        update(bob.id, PASSWORD, OTHER).await,
        Err(Refused::HasPassword(false))
    );
    assert_eq!(update(ada.id, OTHER, OTHER).await, Err(Refused::WrongPassword));
    assert_eq!(
        update(ada.id, PASSWORD, "short").await,
        Err(Refused::Weak(Weak::Short))
    );
    update(ada.id, PASSWORD, OTHER).await.unwrap();
    assert!(door.comes_in("ada@example.com", OTHER).await);
    assert!(door.home.session(own.session.id).await.is_alive(now()));
    assert!(!door.home.session(other.session.id).await.is_alive(now()));
}

#[tokio::test]
async fn a_new_address_is_for_signing_in_once_it_is_confirmed() {
    let door = Door::new().await;
    let platform = &door.home.platform;
    let address = |text: &str| Address::parse(text).unwrap();
    // Without a password nobody is asked anything, as it always was.
    let eve = door.home.person().await;
    let row = addresses::update_address(platform, eve.id, Some(&address("eve@example.com")))
        .await
        .unwrap();
    assert!(!row.must_verify() && door.mails().await.is_empty());

    let ada = door.home.person().await;
    let (old, new) = (address("ada@example.com"), address("ada@example.org"));
    let password = Secret::new(PASSWORD);
    local::set_password(platform, &door.passwords, ada.id, &old, &password)
        .await
        .unwrap()
        .unwrap();
    let (_, _, first) = door.last_mail().await;
    let row = addresses::update_address(platform, ada.id, Some(&new))
        .await
        .unwrap();
    assert!(row.must_verify());
    let (_, recipient, second) = door.last_mail().await;
    assert_eq!(recipient, "ada@example.org");
    assert!(door.comes_in("ada@example.com", PASSWORD).await);
    assert!(!door.comes_in("ada@example.org", PASSWORD).await);
    assert_eq!(door.verify(&first.unwrap()).await, Err(Refused::Stale));
    door.verify(&second.unwrap()).await.unwrap();
    assert!(!door.comes_in("ada@example.com", PASSWORD).await);
    assert!(door.comes_in("ada@example.org", PASSWORD).await);
    // Nothing to show any more; and the same address again asks nothing.
    let asked = addresses::request_verification(platform, ada.id).await.unwrap();
    assert!(asked.is_none());
    let count = door.mails().await.len();
    addresses::update_address(platform, ada.id, Some(&new))
        .await
        .unwrap();
    assert_eq!(door.mails().await.len(), count);
}
