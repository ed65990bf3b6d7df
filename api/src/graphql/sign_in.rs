//! Coming in: sign-up, sign-in, and how a session goes on. These run without a token (`auth::open`).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use platform::Secret;
use platform::accounts::attempts::{self, Subject};
use platform::accounts::local::{self, NewAccount};
use platform::accounts::passwords;
use platform::accounts::sessions::{self, Opened};
use platform::database::now;
use tokio::time::Instant;

use super::account::{self, begin, client_address, state};
use super::payload::{UserError, payload};
use crate::failure::Failure;
use crate::http::client::Client;
use crate::state::AppState;

/// What keeps a person signed in. Both are secrets: keep them where no other page and no log sees them.
#[derive(SimpleObject)]
pub struct SessionTokens {
    /// Sent with every request as `Authorization: Bearer`.
    pub access_token: String,
    /// From then on it is refused; get the next one with `refreshSession` before.
    pub access_token_expires_at: DateTime<Utc>,
    /// Exchanged once, with `refreshSession`. Using it a second time ends the session.
    pub refresh_token: String,
    /// Unless it is exchanged before, the session ends then.
    pub refresh_token_expires_at: DateTime<Utc>,
}

/// A new account.
#[derive(InputObject)]
pub struct SignUpInput {
    /// Where the mail goes that confirms it; to sign in with.
    email: String,
    /// 12 to 128 characters, whichever.
    #[graphql(secret)]
    password: String,
    /// Shown name, 1 to 100 characters.
    name: String,
}

/// Who comes in.
#[derive(InputObject)]
pub struct SignInInput {
    /// The account's address.
    email: String,
    /// Its password.
    #[graphql(secret)]
    password: String,
}

/// A session that goes on.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// As the last answer gave it.
    #[graphql(secret)]
    refresh_token: String,
}

payload! {
    /// What `signUp` answers. It is the same whether the address has an account or not: its mail tells.
    SignUpPayload {
        /// True: a mail is on its way to the address.
        accepted: bool
    }
}
payload! {
    /// What `signIn` answers.
    SignInPayload {
        /// What keeps the person signed in.
        tokens: SessionTokens
    }
}
payload! {
    /// What `refreshSession` answers.
    RefreshSessionPayload {
        /// The next ones; those before are spent.
        tokens: SessionTokens
    }
}

/// Coming in.
#[derive(Default)]
pub struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Asks for an account. It lets in once the link of the mail was used. Needs no token.
    async fn sign_up(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account.")] input: SignUpInput,
    ) -> Result<Option<SignUpPayload>, Failure> {
        let began = Instant::now();
        let outcome = sign_up(context, input).await?;
        account::rest(began).await;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }

    /// Begins a session with an address and a password. Needs no token.
    async fn sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who comes in.")] input: SignInInput,
    ) -> Result<Option<SignInPayload>, Failure> {
        let outcome = sign_in(context, input).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }

    /// Exchanges a refresh token for the next and a fresh access token. Needs no token besides.
    async fn refresh_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] input: RefreshSessionInput,
    ) -> Result<Option<RefreshSessionPayload>, Failure> {
        let outcome = refresh(context, &input.refresh_token).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }
}

async fn sign_up(context: &Context<'_>, input: SignUpInput) -> Result<Result<bool, UserError>, Failure> {
    let state = state(context);
    if !local::may_sign_up(&state.platform) {
        let message = "Whoever runs this server does not let people sign up. Ask them to let you in.";
        return Ok(Err(UserError {
            code: "SIGN_UP_CLOSED".to_owned(),
            message: message.to_owned(),
            field: None,
        }));
    }
    let parsed = account::address("email", &input.email)
        .and_then(|address| Ok((address, account::name("name", &input.name)?)));
    let (address, name) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(weak) = passwords::check(&input.password, address.expose(), &name) {
        return Ok(Err(account::weak("password", weak)));
    }
    if let Err(error) = account::begin_mail(context, &state.platform, &address).await? {
        return Ok(Err(error));
    }
    let new = NewAccount {
        address,
        password: Secret::new(input.password),
        name,
    };
    let made = local::sign_up(&state.platform, state.identity.passwords(), &new).await?;
    Ok(made
        .map(|()| true)
        .map_err(|weak| account::weak("password", weak)))
}

async fn sign_in(
    context: &Context<'_>,
    input: SignInInput,
) -> Result<Result<SessionTokens, UserError>, Failure> {
    let state = state(context);
    let login = local::login(&input.email);
    let mut subjects = vec![Subject::account(&login)];
    subjects.extend(client_address(context).map(Subject::client));
    if let Err(error) = begin(&state.platform, &subjects).await? {
        return Ok(Err(error));
    }
    let given = Secret::new(input.password);
    let agent = context
        .data_opt::<Client>()
        .and_then(|client| client.agent.as_deref());
    let opened = match account::is_secret(given.expose()) {
        true => local::sign_in(&state.platform, state.identity.passwords(), &login, &given, agent).await?,
        false => None,
    };
    let Some(opened) = opened else {
        let message =
            "The address or the password is wrong, or the account is not confirmed yet: look for its mail.";
        return Ok(Err(UserError {
            code: "CREDENTIALS_WRONG".to_owned(),
            message: message.to_owned(),
            field: None,
        }));
    };
    attempts::succeeded(&state.platform.database, &subjects).await?;
    Ok(Ok(tokens(&state, &opened).await?))
}

async fn refresh(context: &Context<'_>, given: &str) -> Result<Result<SessionTokens, UserError>, Failure> {
    let state = state(context);
    let opened = match account::is_secret(given) {
        true => sessions::refresh(&state.platform, given, now()).await?,
        false => None,
    };
    match opened {
        Some(opened) => Ok(Ok(tokens(&state, &opened).await?)),
        None => {
            let message = "This session is over. Sign in again.";
            Ok(Err(UserError::of("refreshToken", "SESSION_OVER", message)))
        }
    }
}

/// What the person gets of a session.
///
/// # Errors
/// When the database refuses.
pub(super) async fn tokens(state: &AppState, opened: &Opened) -> Result<SessionTokens, Failure> {
    let session = &opened.session;
    let (access, ends) = state.identity.issue(&state.platform, session).await?;
    Ok(SessionTokens {
        access_token: access.expose().to_owned(),
        access_token_expires_at: ends,
        refresh_token: opened.refresh_token.expose().to_owned(),
        refresh_token_expires_at: session.expires_at,
    })
}
