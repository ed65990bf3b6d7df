//! From a token to a session: who gets an account, as what, and who is refused.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entities::user::{self, Role};
use migration::MigratorTrait;
use platform::settings::{self, IssuerKind, IssuerSignUp};
use platform::{Platform, Settings};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::issuer::Issuer;
use crate::auth::jwt::forge::Signer;
use crate::auth::{Origin, Session, checked_at, session_of, still_valid};
use crate::failure::{Code, Failure};
use crate::state::AppState;

/// A server that takes the tokens of some issuers.
pub struct House {
    pub state: AppState,
    _home: TempDir,
}

/// Settings for an issuer where everybody may come in.
pub fn open_to(issuer: &Issuer, kind: IssuerKind) -> settings::Issuer {
    settings::Issuer {
        issuer: issuer.name.clone(),
        kind,
        audiences: match kind {
            IssuerKind::Generic => vec!["automl".to_owned()],
            IssuerKind::Cognito => Vec::new(),
        },
        client_ids: vec!["web".to_owned()],
        admin_groups: vec!["admins".to_owned(), "owners".to_owned()],
        groups_claim: "groups".to_owned(),
        sign_up: IssuerSignUp::Open,
        scopes: vec!["openid".to_owned()],
        client_secret: None,
        session_life: TimeDelta::hours(12),
        name: None,
    }
}

impl House {
    pub async fn of(issuers: Vec<settings::Issuer>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(home.path(), 2, 4 << 30);
        settings.public_url = Some("https://automl.example".to_owned());
        settings.issuers = issuers;
        let platform = Platform::open(settings).await.unwrap();
        migration::Migrator::up(platform.database.connection(), None)
            .await
            .unwrap();
        Self {
            state: AppState::new(platform, CancellationToken::new()),
            _home: home,
        }
    }

    /// What comes of a token now; none: it is not for the issuers.
    async fn ask(&self, token: &str) -> Result<Option<Session>, Failure> {
        self.state.issuers.session_of(&self.state, token, now()).await
    }

    async fn session(&self, token: &str) -> Session {
        let session = session_of(&self.state, token).await.expect("it is taken");
        assert_eq!(session.origin, Origin::Foreign);
        session
    }

    /// A refused token tells its client nothing but that.
    async fn refuses(&self, token: &str) {
        let refused = self.ask(token).await.expect_err("it is refused");
        let nothing = Failure::unauthenticated();
        assert_eq!(refused.code(), Code::Unauthenticated);
        assert_eq!(refused.public_message(), nothing.public_message());
    }

    pub async fn person(&self, session: &Session) -> user::Model {
        user::Entity::find_by_id(session.viewer.user_id)
            .one(self.state.platform.database.connection())
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn people(&self) -> u64 {
        user::Entity::find()
            .count(self.state.platform.database.connection())
            .await
            .unwrap()
    }

    async fn change(&self, session: &Session, change: impl FnOnce(&mut user::ActiveModel)) {
        let mut person = self.person(session).await.into_active_model();
        change(&mut person);
        person
            .update(self.state.platform.database.connection())
            .await
            .unwrap();
    }
}

pub fn now() -> DateTime<Utc> {
    platform::database::now()
}

/// Claims of a fresh access token; `more` is added to them.
#[expect(clippy::needless_pass_by_value, reason = "it is always made on the spot")]
pub fn claims(issuer: &Issuer, subject: &str, more: Value) -> Value {
    let seconds = now().timestamp();
    let mut claims = json!({
        "iss": issuer.name, "sub": subject, "aud": "automl", "azp": "web", "iat": seconds - 1, "exp": seconds + 600,
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

#[tokio::test]
async fn the_first_token_makes_an_account_and_the_second_finds_it() {
    let signer = Signer::rsa("k", "RS256");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let ada = json!({ "name": " Ada\nLovelace ", "email": "ada@example.com", "email_verified": true });
    let session = house.session(&signer.token(&claims(&issuer, "1", ada))).await;
    let person = house.person(&session).await;
    assert_eq!(
        (person.name.as_str(), person.role),
        ("Ada Lovelace", Role::Member)
    );
    assert_eq!(person.email.as_deref(), Some("ada@example.com"));
    let again = house
        .session(&signer.token(&claims(&issuer, "1", json!({ "name": "Another" }))))
        .await;
    assert_eq!(again.viewer, session.viewer);
    assert_eq!(
        house.person(&again).await.name,
        "Ada Lovelace",
        "the name is hers to change now"
    );
    let bob = house
        .session(&signer.token(&claims(&issuer, "2", json!({}))))
        .await;
    assert_ne!(bob.viewer, session.viewer);
    assert_eq!(house.person(&bob).await.name, "2");
    assert_eq!(house.people().await, 2);
}

#[tokio::test]
async fn an_address_is_used_only_if_the_issuer_has_verified_it() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let mut number = 0;
    for (verified, email, expected) in [
        (json!(true), json!("ada@example.com"), Some("ada@example.com")),
        (json!(false), json!("ada@example.com"), None),
        (json!("true"), json!("ada@example.com"), None),
        (json!(1), json!("ada@example.com"), None),
        (json!(null), json!("ada@example.com"), None),
        (
            json!(true),
            json!("ada@example.com\r\nBcc: all@example.com"),
            None,
        ),
        (json!(true), json!(["ada@example.com"]), None),
    ] {
        number += 1;
        let more = json!({ "email": email, "email_verified": verified });
        let session = house
            .session(&signer.token(&claims(&issuer, &format!("{number}"), more.clone())))
            .await;
        assert_eq!(house.person(&session).await.email.as_deref(), expected, "{more}");
    }
}

#[tokio::test]
async fn groups_say_who_is_an_administrator() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let mut seconds = now().timestamp() - 30;
    for (groups, role) in [
        (json!(["staff", "admins"]), Role::Admin),
        (json!(["staff"]), Role::Member),
        (json!("owners"), Role::Admin),
        (json!([]), Role::Member),
        (json!(["Admins", "admins ", "admin"]), Role::Member),
        (json!({ "admins": true }), Role::Member),
        (json!(["owners", 7]), Role::Admin),
        (json!(null), Role::Member),
    ] {
        seconds += 1;
        let more = json!({ "groups": groups, "iat": seconds });
        let session = house
            .session(&signer.token(&claims(&issuer, "ada", more.clone())))
            .await;
        assert_eq!(session.viewer.role, role, "{more}");
        assert_eq!(house.person(&session).await.role, role, "{more}");
    }
    // Her older token, from when she was in the group, gives nothing back, and a session of hers is over.
    let old = claims(
        &issuer,
        "ada",
        json!({ "groups": ["admins"], "iat": seconds - 20 }),
    );
    assert_eq!(house.session(&signer.token(&old)).await.viewer.role, Role::Member);
}

#[tokio::test]
async fn a_session_ends_when_its_owner_s_role_changes() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let seconds = now().timestamp();
    let token = |iat: i64, groups: Value| {
        signer.token(&claims(&issuer, "ada", json!({ "groups": groups, "iat": iat })))
    };
    let session = house.session(&token(seconds - 9, json!(["admins"]))).await;
    assert!(still_valid(&house.state, &session).await.unwrap());
    let member = house.session(&token(seconds - 8, json!([]))).await;
    assert!(!still_valid(&house.state, &session).await.unwrap());
    assert!(still_valid(&house.state, &member).await.unwrap());
}

#[tokio::test]
async fn without_administrators_groups_roles_are_given_here() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let mut settings = open_to(&issuer, IssuerKind::Generic);
    settings.admin_groups.clear();
    let house = House::of(vec![settings]).await;
    let token = |iat: i64| {
        let more = json!({ "groups": ["admins"], "iat": now().timestamp() - iat });
        signer.token(&claims(&issuer, "ada", more))
    };
    let session = house.session(&token(9)).await;
    assert_eq!(session.viewer.role, Role::Member);
    house
        .change(&session, |person| person.role = Set(Role::Admin))
        .await;
    assert_eq!(house.session(&token(5)).await.viewer.role, Role::Admin);
}

#[tokio::test]
async fn accounts_are_made_as_the_settings_say() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let token =
        |subject: &str, groups: Value| signer.token(&claims(&issuer, subject, json!({ "groups": groups })));
    let mut settings = open_to(&issuer, IssuerKind::Generic);
    settings.sign_up = IssuerSignUp::Closed;
    let house = House::of(vec![settings.clone()]).await;
    house.refuses(&token("ada", json!(["staff"]))).await;
    assert_eq!(house.people().await, 0);
    settings.sign_up = IssuerSignUp::Groups(vec!["staff".to_owned()]);
    let house = House::of(vec![settings]).await;
    house.refuses(&token("ada", json!(["students"]))).await;
    assert_eq!(house.people().await, 0);
    let session = house.session(&token("ada", json!(["staff"]))).await;
    let outside = house.session(&token("ada", json!([]))).await;
    assert_eq!(outside.viewer, session.viewer, "who has an account keeps it");
}

#[tokio::test]
async fn suspended_people_are_refused_within_five_seconds() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let token = signer.token(&claims(&issuer, "ada", json!({})));
    let session = house.session(&token).await;
    house
        .change(&session, |person| person.suspended_at = Set(Some(now())))
        .await;
    assert!(!still_valid(&house.state, &session).await.unwrap());
    house
        .refuses(&signer.token(&claims(&issuer, "ada", json!({ "jti": "another" }))))
        .await;
    let later = now() + TimeDelta::seconds(5);
    let at = |time: DateTime<Utc>| checked_at(&house.state, &token, time);
    assert!(
        at(later).await.is_err(),
        "the token that was verified before, five seconds later"
    );
    house
        .change(&session, |person| person.suspended_at = Set(None))
        .await;
    assert!(at(later).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_with_its_token() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let exp = now().timestamp() - 1;
    let token = signer.token(&claims(&issuer, "ada", json!({ "exp": exp })));
    // Within the leeway it is taken, but nothing stays open on it.
    let session = house.session(&token).await;
    assert_eq!(session.expires_at.unwrap().timestamp(), exp);
    assert!(!still_valid(&house.state, &session).await.unwrap());
    let at = |seconds: i64| {
        let time = DateTime::from_timestamp(exp + seconds, 0).unwrap();
        checked_at(&house.state, &token, time)
    };
    assert!(at(59).await.is_ok());
    assert!(at(60).await.is_err());
}

#[tokio::test]
async fn pools_with_keys_of_one_name_are_told_apart() {
    let (ours, theirs, stranger) = (
        Signer::rsa("k", "RS256"),
        Signer::rsa("k", "RS256"),
        Signer::rsa("k", "RS256"),
    );
    let (one, other) = (Issuer::start(&[&ours]).await, Issuer::start(&[&theirs]).await);
    let house = House::of(vec![
        open_to(&one, IssuerKind::Cognito),
        open_to(&other, IssuerKind::Generic),
    ])
    .await;
    let access = |issuer: &Issuer| {
        let mut claims = claims(
            issuer,
            "ada",
            json!({ "token_use": "access", "client_id": "web" }),
        );
        claims.as_object_mut().unwrap().remove("aud");
        claims
    };
    let generic = |issuer: &Issuer| claims(issuer, "ada", json!({}));
    let pool = house.session(&ours.token(&access(&one))).await;
    let elsewhere = house.session(&theirs.token(&generic(&other))).await;
    assert_ne!(
        pool.viewer, elsewhere.viewer,
        "one subject at two issuers is two people"
    );
    for (signer, claims) in [
        (&theirs, access(&one)),
        (&stranger, access(&one)),
        (&ours, generic(&other)),
        (&ours, generic(&one)),
        (&theirs, access(&other)),
    ] {
        house.refuses(&signer.token(&claims)).await;
    }
    let mut identity = access(&one);
    identity["token_use"] = "id".into();
    identity["aud"] = "web".into();
    house.refuses(&ours.token(&identity)).await;
    assert_eq!(house.people().await, 2);
}

#[tokio::test]
async fn what_is_not_an_issuer_s_is_left_to_others() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let stranger = signer.token(&claims(
        &issuer,
        "ada",
        json!({ "iss": "https://id.example.com" }),
    ));
    for token in ["", "opaque", "a.b.c", &stranger] {
        assert!(house.ask(token).await.unwrap().is_none(), "{token}");
        let refused = session_of(&house.state, token).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated, "{token}");
    }
    assert_eq!(house.people().await, 0);
    let nobody = House::of(Vec::new()).await;
    let good = signer.token(&claims(&issuer, "ada", json!({})));
    assert!(nobody.ask(&good).await.unwrap().is_none());
    assert!(session_of(&house.state, &good).await.is_ok());
}

#[tokio::test]
async fn a_verified_token_is_not_verified_again_at_once() {
    let signer = Signer::rsa("k", "RS256");
    let issuer = Issuer::start(&[&signer]).await;
    let house = Arc::new(House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await);
    let token = signer.token(&claims(&issuer, "ada", json!({})));
    let session = house.session(&token).await;
    // Its owner is gone: only the memory of it can answer.
    user::Entity::delete_by_id(session.viewer.user_id)
        .exec(house.state.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(house.session(&token).await.viewer, session.viewer);
    let changed = format!("{}A", &token[..token.len() - 1]);
    let other = if changed == token {
        format!("{}Q", &token[..token.len() - 1])
    } else {
        changed
    };
    house.refuses(&other).await;
}
