//! Each token that is refused differs in one thing from one that is good, so that it is refused for that reason.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "https://automl.example";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

struct World {
    pair: KeyPair,
    verifiers: Vec<Verifier>,
}

impl World {
    fn new() -> Self {
        let pair = KeyPair::generate(now()).expect("a key");
        let verifiers = vec![Verifier::of(&pair).expect("a public key")];
        Self { pair, verifiers }
    }

    fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.pair.id })
    }

    /// Signed by our key, whatever it says.
    fn signed(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let key = EncodingKey::from_ec_der(self.pair.expose_private());
        let signature = crypto::sign(message.as_bytes(), &key, Algorithm::ES256).expect("a signature");
        format!("{message}.{signature}")
    }

    fn check(&self, token: &str) -> Result<Claims, Refused> {
        verify(token, &self.verifiers, ISSUER, now())
    }
}

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn claims() -> Value {
    let at = now().timestamp();
    json!({
        "iss": ISSUER, "aud": "automl", "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2), "iat": at, "nbf": at,
        "exp": at + 600, "jti": Uuid::from_u128(3),
    })
}

/// With one field changed; null removes it.
fn with(mut object: Value, name: &str, value: Value) -> String {
    let fields = object.as_object_mut().expect("an object");
    match value {
        Value::Null => fields.remove(name),
        value => fields.insert(name.to_owned(), value),
    };
    object.to_string()
}

#[test]
fn our_own_token_is_good() {
    let world = World::new();
    let session = session::Model {
        id: Uuid::from_u128(2),
        user_id: Uuid::from_u128(1),
        agent: None,
        created_at: now(),
        used_at: now(),
        expires_at: now() + TimeDelta::days(30),
        ends_at: now() + TimeDelta::days(90),
        ended_at: None,
    };
    let pairs = [world.pair.clone()];
    let (token, ends) = issue(&pairs, ISSUER, &session, now()).expect("a token");
    let found = world.check(token.expose()).expect("a good token");
    assert_eq!((found.sub, found.sid), (session.user_id, session.id));
    assert_eq!(ends, now() + ACCESS_LIFE);
    assert_eq!(end_of(&found), Some(ends));
    assert_eq!(token.expose().split('.').count(), 3);
    // The one written by hand, from which the others differ.
    assert!(
        world
            .check(&world.signed(&world.header().to_string(), &claims().to_string()))
            .is_ok()
    );
    // A session's last token does not outlive it.
    let short = session::Model {
        ends_at: now() + TimeDelta::seconds(60),
        ..session
    };
    let (_, ends) = issue(&pairs, ISSUER, &short, now()).expect("a token");
    assert_eq!(ends, now() + TimeDelta::seconds(60));
}

#[test]
fn headers_that_want_something_else_are_refused() {
    let world = World::new();
    let good = claims().to_string();
    let header = |name: &str, value: Value| with(world.header(), name, value);
    let id = &world.pair.id;
    let own_key = world.pair.public();
    for (header, why) in [
        (header("alg", json!("none")), Refused::Header),
        (header("alg", json!("NONE")), Refused::Header),
        (header("alg", json!("nOnE")), Refused::Header),
        (header("alg", json!("HS256")), Refused::Header),
        (header("alg", json!("RS256")), Refused::Header),
        (header("alg", json!("ES384")), Refused::Header),
        (header("alg", json!("es256")), Refused::Header),
        (header("alg", json!(["ES256"])), Refused::Malformed),
        (header("alg", json!(256)), Refused::Malformed),
        (header("alg", Value::Null), Refused::Malformed),
        (header("typ", json!("JWT")), Refused::Header),
        (header("typ", json!("at+JWT")), Refused::Header),
        (header("typ", json!("application/at+jwt")), Refused::Header),
        (header("typ", Value::Null), Refused::Malformed),
        (header("kid", json!("another")), Refused::UnknownKey),
        (header("kid", json!("")), Refused::UnknownKey),
        (header("kid", json!("../../dev/null")), Refused::UnknownKey),
        (header("kid", json!(0)), Refused::Malformed),
        (header("kid", Value::Null), Refused::Malformed),
        (header("crit", json!(["exp"])), Refused::Malformed),
        (header("crit", json!([])), Refused::Malformed),
        (header("b64", json!(false)), Refused::Malformed),
        (header("zip", json!("DEF")), Refused::Malformed),
        (header("jwk", own_key), Refused::Malformed),
        (
            header("jku", json!("https://evil.example/keys")),
            Refused::Malformed,
        ),
        (
            header("x5u", json!("https://evil.example/cert")),
            Refused::Malformed,
        ),
        (header("x5c", json!(["MII"])), Refused::Malformed),
        (
            format!(r#"{{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"{id}"}}"#),
            Refused::Malformed,
        ),
        (
            format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{id}","kid":"{id}"}}"#),
            Refused::Malformed,
        ),
        ("[]".to_owned(), Refused::Malformed),
        ("null".to_owned(), Refused::Malformed),
        ("{".to_owned(), Refused::Malformed),
        (String::new(), Refused::Malformed),
    ] {
        assert_eq!(world.check(&world.signed(&header, &good)), Err(why), "{header}");
    }
}

#[test]
fn claims_that_are_not_ours_are_refused() {
    let world = World::new();
    let at = now().timestamp();
    let claim = |name: &str, value: Value| with(claims(), name, value);
    let twice = claims().to_string().replacen('{', r#"{"exp":9999999999,"#, 1);
    for (claims, why) in [
        (claim("exp", Value::Null), Refused::Malformed),
        (claim("exp", json!("1800000600")), Refused::Malformed),
        (claim("exp", json!("")), Refused::Malformed),
        (claim("exp", json!(1.8e9)), Refused::Malformed),
        (claim("exp", json!({})), Refused::Malformed),
        (claim("exp", json!(i64::MIN)), Refused::Time),
        (claim("exp", json!(at - 600)), Refused::Time),
        (claim("exp", json!(at - 30)), Refused::Time),
        (claim("nbf", Value::Null), Refused::Malformed),
        (claim("nbf", json!("soon")), Refused::Malformed),
        (claim("nbf", json!(at + 31)), Refused::Time),
        (claim("nbf", json!(i64::MAX)), Refused::Time),
        (claim("iat", Value::Null), Refused::Malformed),
        (claim("iat", json!(at + 31)), Refused::Time),
        (claim("iss", Value::Null), Refused::Malformed),
        (claim("iss", json!("https://automl.example/")), Refused::Foreign),
        (claim("iss", json!("https://evil.example")), Refused::Foreign),
        (claim("iss", json!([ISSUER])), Refused::Malformed),
        (claim("aud", Value::Null), Refused::Malformed),
        (claim("aud", json!("other")), Refused::Foreign),
        (claim("aud", json!(["automl"])), Refused::Malformed),
        (claim("sub", Value::Null), Refused::Malformed),
        (claim("sub", json!("ann")), Refused::Malformed),
        (claim("sub", json!(1)), Refused::Malformed),
        (claim("sid", Value::Null), Refused::Malformed),
        (claim("jti", Value::Null), Refused::Malformed),
        (claim("role", json!("admin")), Refused::Malformed),
        (twice, Refused::Malformed),
        ("[]".to_owned(), Refused::Malformed),
        ("nonsense".to_owned(), Refused::Malformed),
    ] {
        let token = world.signed(&world.header().to_string(), &claims);
        assert_eq!(world.check(&token), Err(why), "{claims}");
    }
    // Clocks that differ a little pass.
    for claims in [
        claim("exp", json!(at - 29)),
        claim("nbf", json!(at + 30)),
        claim("iat", json!(at + 30)),
    ] {
        let token = world.signed(&world.header().to_string(), &claims);
        assert!(world.check(&token).is_ok(), "{claims}");
    }
}

#[test]
fn signatures_of_others_are_refused() {
    let world = World::new();
    let other_claims = with(claims(), "sub", json!(Uuid::from_u128(9)));
    let (header, claims) = (world.header().to_string(), claims().to_string());
    let token = world.signed(&header, &claims);
    let (message, signature) = token.rsplit_once('.').expect("a signature");
    // Another key under the same id.
    let mut other = World::new();
    other.pair.id.clone_from(&world.pair.id);
    assert_eq!(
        world.check(&other.signed(&header, &claims)),
        Err(Refused::Signature)
    );
    // The public key as the secret of HMAC.
    let hmac = with(world.header(), "alg", json!("HS256"));
    let message_hmac = format!("{}.{}", encoded(&hmac), encoded(&claims));
    for secret in [
        format!("{}{}", world.pair.x, world.pair.y),
        world.pair.public().to_string(),
    ] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let forged = crypto::sign(message_hmac.as_bytes(), &key, Algorithm::HS256).expect("a MAC");
        assert_eq!(
            world.check(&format!("{message_hmac}.{forged}")),
            Err(Refused::Header)
        );
        // And with a header that says ES256.
        let forged = crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("a MAC");
        assert_eq!(
            world.check(&format!("{message}.{forged}")),
            Err(Refused::Signature)
        );
    }
    let zeros = URL_SAFE_NO_PAD.encode([0_u8; 64]);
    for wrong in [
        "A",
        "AAAA",
        &zeros,
        &signature[..40],
        &format!("{signature}AA"),
        &format!("{signature}="),
        "%%%%",
        " ",
    ] {
        assert_eq!(
            world.check(&format!("{message}.{wrong}")),
            Err(Refused::Signature),
            "{wrong}"
        );
    }
    let moved = format!("{}.{}.{signature}", encoded(&header), encoded(&other_claims));
    assert_eq!(world.check(&moved), Err(Refused::Signature));
}

#[test]
fn what_is_no_token_is_refused() {
    let world = World::new();
    let token = world.signed(&world.header().to_string(), &claims().to_string());
    let (message, signature) = token.rsplit_once('.').expect("a signature");
    let long = world.signed(
        &with(world.header(), "kid", json!("x".repeat(9000))),
        &claims().to_string(),
    );
    for wrong in [
        "",
        ".",
        "..",
        "...",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        message,
        &format!("{message}."),
        &format!("{token}."),
        &format!(".{token}"),
        &format!("{token}.{signature}"),
        &format!("{token}.x.y"),
        &token.replace('.', " "),
        &long,
        "💥.💥.💥",
    ] {
        assert_eq!(world.check(wrong), Err(Refused::Malformed), "{wrong}");
    }
    assert_eq!(verify(&token, &[], ISSUER, now()), Err(Refused::UnknownKey));
}

/// Whatever one byte becomes, the token is no longer good.
#[test]
fn a_changed_token_is_refused() {
    let world = World::new();
    let token = world.signed(&world.header().to_string(), &claims().to_string());
    for position in 0..token.len() {
        for bit in 0..7 {
            let mut bytes = token.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(world.check(&changed).is_err(), "byte {position}, bit {bit}");
        }
    }
}
