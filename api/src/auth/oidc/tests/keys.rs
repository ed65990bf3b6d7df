//! The keys of an issuer: when it is asked, how often, and what is done with its answers. The time is an argument.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::net::TcpListener;

use super::issuer::{DISCOVERY, Issuer, KEYS, Page};
use crate::auth::jwt::forge::Signer;
use crate::auth::oidc::fetch::{FetchError, Fetcher, LIMIT, checked};
use crate::auth::oidc::keys::Keys;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

async fn knows(keys: &Keys, id: &str, seconds: i64) -> bool {
    keys.find(id, at(seconds)).await.is_some()
}

#[tokio::test]
async fn a_new_key_is_found_without_a_restart_and_the_old_one_stays_good() {
    let (old, new) = (Signer::p256("old"), Signer::rsa("new", "RS256"));
    let issuer = Issuer::start(&[&old]).await;
    let keys = Keys::new(&issuer.name);
    assert!(knows(&keys, "old", 0).await);
    issuer.publish(&[&old, &new]);
    assert!(!knows(&keys, "new", 9).await, "it was asked a moment ago");
    assert!(knows(&keys, "new", 10).await);
    assert!(knows(&keys, "old", 11).await);
    assert_eq!(issuer.asked(KEYS), 2);
    // The old key is taken out: it is good until the set is old.
    issuer.publish(&[&new]);
    assert!(knows(&keys, "old", 60).await);
    assert!(!knows(&keys, "old", 10 + 3600).await);
    assert!(knows(&keys, "new", 10 + 3601).await);
}

#[tokio::test]
async fn tokens_with_made_up_keys_cost_a_question_in_ten_seconds() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let keys = Keys::new(&issuer.name);
    assert!(knows(&keys, "k", 0).await);
    for tenth in 0..600 {
        let now = at(0) + TimeDelta::milliseconds(tenth * 100);
        assert!(keys.find(&format!("random-{tenth}"), now).await.is_none());
    }
    let asked = issuer.asked(KEYS);
    assert_eq!(asked, 6, "once at first, and five times in the minute after");
    assert_eq!(issuer.asked(DISCOVERY), asked);
    assert!(knows(&keys, "k", 60).await, "an honest token is not hindered");
}

#[tokio::test]
async fn callers_that_come_together_ask_once() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    issuer.change(KEYS, |page| page.after = Duration::from_millis(200));
    let keys = Keys::new(&issuer.name);
    let mut all = Vec::new();
    for number in 0..100_i64 {
        let keys = keys.clone();
        let now = at(0) + TimeDelta::milliseconds(number);
        all.push(tokio::spawn(async move { keys.find("k", now).await.is_some() }));
    }
    for one in all {
        assert!(one.await.unwrap(), "who waited has the answer as well");
    }
    assert_eq!(issuer.asked(KEYS), 1);
}

#[tokio::test]
async fn an_issuer_that_is_down_at_first_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let keys = Keys::new(&format!("http://{address}/pool"));
    assert!(!knows(&keys, "k", 0).await);
    let signer = Signer::p256("k");
    let issuer = Issuer::listen(TcpListener::bind(address).await.unwrap(), &[&signer]);
    assert!(!knows(&keys, "k", 9).await);
    assert_eq!(issuer.asked(DISCOVERY), 0);
    assert!(knows(&keys, "k", 10).await);
}

#[tokio::test]
async fn what_is_known_stays_good_while_the_issuer_is_down() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let keys = Keys::new(&issuer.name);
    assert!(knows(&keys, "k", 0).await);
    for broken in [KEYS, DISCOVERY] {
        issuer.change(broken, |page| page.status = 503);
        for day in 1..5 {
            assert!(
                knows(&keys, "k", day * 86_400).await,
                "{broken} is down, day {day}"
            );
        }
        issuer.change(broken, |page| page.status = 200);
    }
    // And what is no set of keys takes the place of none.
    let bodies = [
        "",
        "{",
        "[]",
        r#"{"keys":{}}"#,
        r#"{"keys":[]}"#,
        r#"{"keys":[{"kty":"oct","k":"AAAA","kid":"k"}]}"#,
    ];
    let asked = issuer.asked(KEYS);
    for (number, body) in (0..).zip(bodies) {
        issuer.set(KEYS, Page::new(body));
        assert!(knows(&keys, "k", (10 + number) * 86_400).await, "{body}");
    }
    assert_eq!(issuer.asked(KEYS), asked + bodies.len());
    issuer.publish(&[&Signer::p256("other")]);
    assert!(
        !knows(&keys, "k", 20 * 86_400).await,
        "now it says that the key is gone"
    );
}

#[tokio::test]
async fn a_set_is_kept_for_as_long_as_it_says_within_bounds() {
    let signer = Signer::p256("k");
    for (header, seconds) in [
        (None, 3600),
        (Some("max-age=600"), 600),
        (Some("public, max-age=7200, must-revalidate"), 7200),
        (Some("MAX-AGE=\"900\""), 900),
        (Some("max-age=1"), 300),
        (Some("max-age=0"), 300),
        (Some("no-store"), 300),
        (Some("max-age=9999, no-cache"), 300),
        (Some("max-age=99999999"), 86_400),
        (Some("max-age=soon"), 3600),
        (Some("max-age=-5"), 3600),
        (Some("s-maxage=7"), 3600),
    ] {
        let issuer = Issuer::start(&[&signer]).await;
        issuer.change(KEYS, |page| {
            page.headers
                .extend(header.map(|header| ("cache-control", header.to_owned())));
        });
        let keys = Keys::new(&issuer.name);
        assert!(knows(&keys, "k", 0).await);
        assert!(knows(&keys, "k", seconds - 1).await);
        assert_eq!(issuer.asked(KEYS), 1, "{header:?} is fresh until {seconds}");
        assert!(knows(&keys, "k", seconds).await);
        assert_eq!(issuer.asked(KEYS), 2, "{header:?} is old at {seconds}");
    }
}

#[tokio::test]
async fn documents_have_a_bound() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    for path in [DISCOVERY, KEYS] {
        let padded = |length: usize| {
            issuer.change(path, |page| {
                let body = page.body.trim_end().to_owned();
                page.body = format!("{body}{}", " ".repeat(length - body.len()));
            });
        };
        padded(LIMIT + 1);
        assert!(!knows(&Keys::new(&issuer.name), "k", 0).await, "{path}");
        padded(LIMIT);
        assert!(knows(&Keys::new(&issuer.name), "k", 0).await, "{path}");
    }
}

#[tokio::test]
async fn a_document_of_another_name_is_not_believed() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let mut others = vec![
        issuer.document(),
        issuer.document(),
        issuer.document(),
        issuer.document(),
    ];
    others[0]["issuer"] = format!("{}/", issuer.name).into();
    others[1]["issuer"] = "https://id.example.com".into();
    others[2].as_object_mut().unwrap().remove("issuer");
    others[3].as_object_mut().unwrap().remove("jwks_uri");
    for document in others {
        issuer.set(DISCOVERY, Page::new(&document));
        assert!(!knows(&Keys::new(&issuer.name), "k", 0).await, "{document}");
    }
    assert_eq!(issuer.asked(KEYS), 0, "its keys are not asked for");
    issuer.set(DISCOVERY, Page::new(issuer.document()));
    assert!(knows(&Keys::new(&issuer.name), "k", 0).await);
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    for (path, status) in [(DISCOVERY, 302), (KEYS, 301), (KEYS, 307)] {
        let (page, moved) = match path {
            DISCOVERY => (Page::new(issuer.document()), "/moved/document"),
            _ => (Page::new(json!({ "keys": [signer.jwk()] })), "/moved/keys"),
        };
        issuer.set(moved, page.clone());
        let mut redirect = Page::new("");
        redirect.status = status;
        redirect.headers = vec![("location", issuer.address(moved))];
        issuer.set(path, redirect);
        assert!(!knows(&Keys::new(&issuer.name), "k", 0).await, "{path}");
        assert_eq!(issuer.asked(moved), 0, "{path}");
        issuer.set(path, page);
        assert!(knows(&Keys::new(&issuer.name), "k", 0).await, "{path}");
    }
}

#[tokio::test]
async fn keys_are_asked_for_by_tls_or_on_this_machine() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let local = issuer.address(KEYS);
    for bad in [
        "http://id.example.com/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "keys",
        "https://a:b@id.example.com/",
    ] {
        assert!(checked(bad).is_none(), "{bad}");
        let mut document = issuer.document();
        document["jwks_uri"] = bad.into();
        issuer.set(DISCOVERY, Page::new(document));
        assert!(!knows(&Keys::new(&issuer.name), "k", 0).await, "{bad}");
    }
    // An issuer elsewhere cannot have us ask this machine.
    let refused = Fetcher::new(false).get(&local).await.unwrap_err();
    assert_eq!(refused, FetchError::Address(local.clone()));
    assert!(Fetcher::new(true).get(&local).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_hangs_is_given_up_and_holds_up_nobody_whose_key_is_known() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let keys = Keys::new(&issuer.name);
    assert!(knows(&keys, "k", 0).await);
    issuer.change(KEYS, |page| page.after = Duration::from_secs(60));
    let begin = Instant::now();
    assert!(knows(&keys, "k", 86_400).await, "the old set is good");
    let waited = begin.elapsed();
    assert!(waited < Duration::from_secs(3), "{waited:?}");
    assert!(!knows(&keys, "new", 86_400).await);
    let waited = begin.elapsed();
    let bounds = Duration::from_secs(4)..Duration::from_secs(9);
    assert!(bounds.contains(&waited), "{waited:?}");
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_undo_the_question() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    issuer.change(KEYS, |page| page.after = Duration::from_millis(300));
    let keys = Keys::new(&issuer.name);
    let gone = tokio::time::timeout(Duration::from_millis(100), keys.find("k", at(0))).await;
    assert!(gone.is_err());
    assert!(knows(&keys, "k", 1).await);
    assert_eq!(issuer.asked(KEYS), 1);
}

#[tokio::test]
async fn what_is_not_supported_is_left_out_and_the_rest_is_used() {
    let good = [
        Signer::rsa("a", "RS256"),
        Signer::p256("b"),
        Signer::p384("c"),
        Signer::ed25519("d"),
    ];
    let issuer = Issuer::start(&[]).await;
    let mut set = vec![
        json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256" }),
        json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA", "kid": "later" }),
        json!({ "kty": "EC", "crv": "secp256k1", "x": "AAAA", "y": "AAAA", "kid": "coin" }),
        json!("no key"),
        json!({}),
        json!(null),
    ];
    set.extend(good.iter().map(Signer::jwk));
    issuer.set(KEYS, Page::new(json!({ "keys": set })));
    let keys = Keys::new(&issuer.name);
    for id in ["a", "b", "c", "d"] {
        assert!(knows(&keys, id, 0).await, "{id}");
    }
    for id in ["secret", "later", "coin", ""] {
        assert!(!knows(&keys, id, 0).await, "{id}");
    }
}
