//! Coming in by an OpenID provider: the end of the authorization code flow. It runs without a token (`auth::open`).

use async_graphql::{Context, InputObject, Object};
use platform::Secret;
use platform::accounts::attempts::{self, Subject};
use platform::accounts::sessions::Opened;
use platform::database::now;

use super::account::{begin, client_address, state};
use super::payload::{UserError, payload};
use super::sign_in::{SessionTokens, tokens};
use crate::auth::jwt;
use crate::auth::oidc::exchange::Unexchanged;
use crate::auth::oidc::{NotSignedIn, Refused, Returned};
use crate::failure::Failure;
use crate::http::client::Client;

/// Longest code, bytes: some providers write whole tokens into it.
const MAX_CODE: usize = 4096;
/// Longest nonce, bytes.
const MAX_NONCE: usize = 256;

/// What a browser comes back with from a provider.
#[derive(InputObject)]
pub struct SignInWithCodeInput {
    /// The provider, as `issuer` of `GET /v1/identity` has it.
    issuer: String,
    /// The `code` that it sent back with the browser. It works once.
    #[graphql(secret)]
    code: String,
    /// What the `code_challenge` (S256) was made of that the browser went there with: 43 to 128 characters.
    #[graphql(secret)]
    code_verifier: String,
    /// Where the browser was sent back to: `redirectUri` of `GET /v1/identity`.
    redirect_uri: String,
    /// The `nonce` that the browser went there with.
    #[graphql(secret)]
    nonce: String,
}

payload! {
    /// What `signInWithCode` answers.
    SignInWithCodePayload {
        /// What keeps the person signed in. However often it is refreshed, this session ends after the hours that the settings say.
        tokens: SessionTokens
    }
}

/// Coming in from elsewhere.
#[derive(Default)]
pub struct SignInWithCodeMutation;

#[Object]
impl SignInWithCodeMutation {
    /// Begins a session for whoever has signed in at an OpenID provider, with the code that it sent back. Needs no token.
    async fn sign_in_with_code(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the browser came back with.")] input: SignInWithCodeInput,
    ) -> Result<Option<SignInWithCodePayload>, Failure> {
        let outcome = sign_in(context, input).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }
}

async fn sign_in(
    context: &Context<'_>,
    input: SignInWithCodeInput,
) -> Result<Result<SessionTokens, UserError>, Failure> {
    let state = state(context);
    let subjects: Vec<Subject> = client_address(context).map(Subject::client).into_iter().collect();
    if let Err(error) = begin(&state.platform, &subjects).await? {
        return Ok(Err(error));
    }
    let returned = match read(input) {
        Ok(returned) => returned,
        Err(error) => return Ok(Err(error)),
    };
    let agent = context
        .data_opt::<Client>()
        .and_then(|client| client.agent.as_deref());
    let signed_in: Result<Opened, NotSignedIn> =
        state.issuers.sign_in(&state, &returned, agent, now()).await?;
    match signed_in {
        Ok(opened) => {
            attempts::succeeded(&state.platform.database, &subjects).await?;
            Ok(Ok(tokens(&state, &opened).await?))
        }
        Err(why) => Ok(Err(refused(why))),
    }
}

/// What can be sent to a provider.
fn read(input: SignInWithCodeInput) -> Result<Returned, UserError> {
    let is_text = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    };
    if !is_text(&input.code, MAX_CODE) {
        return Err(bad_code());
    }
    // RFC 7636, 4.1.
    let is_of_verifier = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let verifier = &input.code_verifier;
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(is_of_verifier) {
        let message = "The code verifier must be 43 to 128 letters, digits and -._~ (RFC 7636).";
        return Err(UserError::of("codeVerifier", "CODE_INVALID", message));
    }
    if !is_text(&input.nonce, MAX_NONCE) {
        let message = format!("The nonce must have 1 to {MAX_NONCE} characters.");
        return Err(UserError::of("nonce", "NONCE_INVALID", message));
    }
    Ok(Returned {
        issuer: input.issuer,
        code: Secret::new(input.code),
        code_verifier: Secret::new(input.code_verifier),
        redirect_uri: input.redirect_uri,
        nonce: Secret::new(input.nonce),
    })
}

fn bad_code() -> UserError {
    let message = "The provider does not take this code: it was used before, is too old, or is of another sign-in. \
                   Begin again.";
    UserError::of("code", "CODE_INVALID", message)
}

/// What the person is told. What does not fit between the provider and this server is for whoever runs it: the log has it.
fn refused(why: NotSignedIn) -> UserError {
    let why = match why {
        NotSignedIn::UnknownIssuer => {
            let message = "Nobody signs in to this server by that provider.";
            return UserError::of("issuer", "ISSUER_UNKNOWN", message);
        }
        NotSignedIn::RedirectUri(own) => {
            let message = format!("People who sign in elsewhere come back to {own} and to no other address.");
            return UserError::of("redirectUri", "REDIRECT_URI_INVALID", message);
        }
        NotSignedIn::Refused(why) => why,
    };
    let of_nothing = |code: &str, message: &str| UserError {
        code: code.to_owned(),
        message: message.to_owned(),
        field: None,
    };
    match why {
        Refused::Exchange(Unexchanged::Code) => bad_code(),
        Refused::Exchange(
            Unexchanged::NoAnswer | Unexchanged::NoEndpoint | Unexchanged::NotUnderstood(500..),
        ) => of_nothing(
            "ISSUER_UNAVAILABLE",
            "The provider does not answer this server. Try again in a moment.",
        ),
        Refused::Identity(jwt::Refused::Nonce) => UserError::of(
            "nonce",
            "NONCE_INVALID",
            "What the provider answers is of another sign-in. Begin again.",
        ),
        Refused::NoAccount => of_nothing(
            "NO_ACCOUNT",
            "The provider knows you, but you have no account at this server and do not get one by signing in. Ask whoever runs it.",
        ),
        Refused::Suspended => of_nothing("ACCOUNT_SUSPENDED", "An administrator keeps this account out."),
        Refused::Exchange(_) | Refused::Token(_) | Refused::Identity(_) => of_nothing(
            "ISSUER_MISCONFIGURED",
            "The provider and this server are not set up for each other. Tell whoever runs this server: its log says what is wrong.",
        ),
    }
}
