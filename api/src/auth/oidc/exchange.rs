//! A code becomes tokens at an issuer's token endpoint (RFC 6749, 4.1.3, with the proof of RFC 7636). What the issuer answers is
//! never passed on: it is told by one of a closed set of reasons.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platform::Secret;
use reqwest::Url;
use reqwest::header::HeaderValue;
use serde::Deserialize;

use super::discovery::Document;
use super::fetch::Fetcher;

/// Errors of token endpoints (RFC 6749, 5.2, and RFC 8707) that say that the two sides do not fit.
const ERRORS: [&str; 6] = [
    "invalid_request",
    "invalid_client",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
];

/// Who exchanges the code.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// `client_id`.
    pub id: &'a str,
    /// What proves it, where the issuer gave the client something.
    pub secret: Option<&'a Secret>,
}

/// What is exchanged.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// As the issuer sent it back with the browser.
    pub code: &'a Secret,
    /// What the challenge of the sign-in was made of.
    pub code_verifier: &'a Secret,
    /// Where the browser was sent back to.
    pub redirect_uri: &'a str,
    /// Whom the access token is to be for, where the issuer wants to know.
    pub resource: Option<&'a str>,
}

/// What the issuer gives for it.
#[derive(Debug)]
pub struct Tokens {
    /// For this server.
    pub access: Secret,
    /// About the person; none: the issuer gave none.
    pub identity: Option<Secret>,
}

/// Why there are no tokens. For the log; nothing of the issuer's words is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unexchanged {
    /// The discovery document is not there, or names no token endpoint.
    #[error("no token endpoint of the issuer is known")]
    NoEndpoint,
    /// The client has a secret, and the issuer takes it in no way that we know.
    #[error("the issuer takes secrets of clients neither in the header nor in the form")]
    NoMethod,
    /// No answer that can be read to its end.
    #[error("the issuer's token endpoint does not answer")]
    NoAnswer,
    /// Neither tokens nor an error of a name.
    #[error("the issuer's token endpoint answered with status {0} and something that is not understood")]
    NotUnderstood(u16),
    /// `invalid_grant`.
    #[error("the issuer does not take the code: it was used before, is too old, or is of another sign-in")]
    Code,
    /// Another error: the settings of the two sides do not fit.
    #[error("the issuer's token endpoint says {0}")]
    Error(&'static str),
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    id_token: Option<String>,
    token_type: Option<String>,
    error: Option<String>,
}

/// Exchanges a code.
///
/// # Errors
/// When the issuer gives nothing for it.
pub async fn exchange(
    fetcher: &Fetcher,
    document: Option<&Document>,
    client: Client<'_>,
    grant: Grant<'_>,
) -> Result<Tokens, Unexchanged> {
    let document = document.ok_or(Unexchanged::NoEndpoint)?;
    let endpoint = document
        .token_endpoint
        .as_deref()
        .ok_or(Unexchanged::NoEndpoint)?;
    let (form, authorization) = request(document, client, grant)?;
    let answered = fetcher.post(endpoint, form, authorization).await;
    let (status, body) = answered.map_err(|error| {
        tracing::warn!(%error, "a token endpoint cannot be asked");
        Unexchanged::NoAnswer
    })?;
    read(status, &body)
}

/// The form and the header.
fn request(
    document: &Document,
    client: Client<'_>,
    grant: Grant<'_>,
) -> Result<(String, Option<HeaderValue>), Unexchanged> {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", grant.code.expose()),
        ("code_verifier", grant.code_verifier.expose()),
        ("redirect_uri", grant.redirect_uri),
    ];
    fields.extend(grant.resource.map(|resource| ("resource", resource)));
    let Some(secret) = client.secret else {
        fields.push(("client_id", client.id));
        return Ok((encoded(&fields), None));
    };
    let methods = document.token_endpoint_auth_methods_supported.as_deref();
    let takes = |method: &str| methods.is_some_and(|methods| methods.iter().any(|one| one == method));
    if methods.is_none() || takes("client_secret_basic") {
        let header = basic(client.id, secret.expose()).ok_or(Unexchanged::NoMethod)?;
        return Ok((encoded(&fields), Some(header)));
    }
    if takes("client_secret_post") {
        fields.extend([("client_id", client.id), ("client_secret", secret.expose())]);
        return Ok((encoded(&fields), None));
    }
    Err(Unexchanged::NoMethod)
}

/// Id and secret, each as a field of a form would have it (RFC 6749, 2.3.1).
fn basic(id: &str, secret: &str) -> Option<HeaderValue> {
    let part = |text: &str| encoded(&[("", text)]).trim_start_matches('=').to_owned();
    let pair = STANDARD.encode(format!("{}:{}", part(id), part(secret)));
    let mut header = HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// `application/x-www-form-urlencoded`.
fn encoded(fields: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse("http://localhost") else {
        return String::new();
    };
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

fn read(status: u16, body: &[u8]) -> Result<Tokens, Unexchanged> {
    let not_understood = Unexchanged::NotUnderstood(status);
    let answer: Answer = serde_json::from_slice(body).map_err(|_| not_understood)?;
    if let Some(error) = answer.error {
        let known = ERRORS.into_iter().find(|known| *known == error);
        return Err(match (error.as_str(), known) {
            ("invalid_grant", _) => Unexchanged::Code,
            (_, Some(known)) => Unexchanged::Error(known),
            _ => not_understood,
        });
    }
    let is_bearer = answer
        .token_type
        .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    match answer.access_token {
        Some(access) if status == 200 && is_bearer => Ok(Tokens {
            access: Secret::new(access),
            identity: answer.id_token.map(Secret::new),
        }),
        _ => Err(not_understood),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(methods: Option<&[&str]>) -> Document {
        let mut document = json!({ "issuer": "i", "jwks_uri": "k", "token_endpoint": "t" });
        if let Some(methods) = methods {
            document["token_endpoint_auth_methods_supported"] = json!(methods);
        }
        serde_json::from_value(document).unwrap()
    }

    fn asked(
        methods: Option<&[&str]>,
        secret: Option<&str>,
    ) -> Result<(String, Option<String>), Unexchanged> {
        let (code, code_verifier) = (Secret::new("c/1"), Secret::new("v"));
        let secret = secret.map(Secret::new);
        let client = Client {
            id: "my web",
            secret: secret.as_ref(),
        };
        let grant = Grant {
            code: &code,
            code_verifier: &code_verifier,
            redirect_uri: "https://a.example/sign-in/return",
            resource: None,
        };
        let (form, header) = request(&document(methods), client, grant)?;
        Ok((form, header.map(|header| header.to_str().unwrap().to_owned())))
    }

    #[test]
    fn a_client_shows_its_secret_as_the_issuer_wants_it() {
        let form = "grant_type=authorization_code&code=c%2F1&code_verifier=v\
                    &redirect_uri=https%3A%2F%2Fa.example%2Fsign-in%2Freturn";
        let basic = format!("Basic {}", STANDARD.encode("my+web:p%3Aw+%2B"));
        for (methods, secret, expected) in [
            (None, None, Ok((format!("{form}&client_id=my+web"), None))),
            (None, Some("p:w +"), Ok((form.to_owned(), Some(basic.clone())))),
            (
                Some(&["client_secret_post", "client_secret_basic"][..]),
                Some("p:w +"),
                Ok((form.to_owned(), Some(basic))),
            ),
            (
                Some(&["private_key_jwt", "client_secret_post"][..]),
                Some("p:w +"),
                Ok((format!("{form}&client_id=my+web&client_secret=p%3Aw+%2B"), None)),
            ),
            (
                Some(&["private_key_jwt"][..]),
                Some("p:w +"),
                Err(Unexchanged::NoMethod),
            ),
        ] {
            assert_eq!(asked(methods, secret), expected, "{methods:?}");
        }
    }

    #[test]
    fn an_answer_is_tokens_or_one_of_a_few_reasons() {
        let tokens = json!({ "access_token": "a", "token_type": "bearer", "id_token": "i" });
        let good = read(200, tokens.to_string().as_bytes()).unwrap();
        assert_eq!(
            (good.access.expose(), good.identity.unwrap().expose()),
            ("a", "i")
        );
        for (status, body, expected) in [
            (400, json!({ "error": "invalid_grant" }), Unexchanged::Code),
            (403, json!({ "error": "invalid_grant" }), Unexchanged::Code),
            (
                401,
                json!({ "error": "invalid_client" }),
                Unexchanged::Error("invalid_client"),
            ),
            (
                400,
                json!({ "error": "<script>" }),
                Unexchanged::NotUnderstood(400),
            ),
            (
                200,
                json!({ "error": "invalid_grant", "access_token": "a" }),
                Unexchanged::Code,
            ),
            (500, tokens.clone(), Unexchanged::NotUnderstood(500)),
            (
                200,
                json!({ "access_token": "a" }),
                Unexchanged::NotUnderstood(200),
            ),
            (
                200,
                json!({ "access_token": "a", "token_type": "DPoP" }),
                Unexchanged::NotUnderstood(200),
            ),
            (
                200,
                json!({ "token_type": "bearer" }),
                Unexchanged::NotUnderstood(200),
            ),
            (200, json!([]), Unexchanged::NotUnderstood(200)),
        ] {
            assert_eq!(
                read(status, body.to_string().as_bytes()).unwrap_err(),
                expected,
                "{body}"
            );
        }
        assert_eq!(read(502, b"<html>").unwrap_err(), Unexchanged::NotUnderstood(502));
    }
}
