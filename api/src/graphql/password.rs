//! Passwords, and the proof that an address is somebody's.

use async_graphql::{Context, InputObject, Object};
use entities::Viewer;
use entities::user::Role;
use platform::Secret;
use platform::accounts::attempts::{self, Subject};
use platform::accounts::{addresses, local};
use tokio::time::Instant;

use super::account::{self, begin, refused, state};
use super::payload::{UserError, payload};
use super::user::User;
use crate::auth::Session;
use crate::failure::Failure;

/// Where the mail goes that lets somebody set a new password.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// The account's address.
    email: String,
}

/// A new password, by the link of a mail.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// What follows `#token=` in the link.
    #[graphql(secret)]
    token: String,
    /// 12 to 128 characters, whichever.
    #[graphql(secret)]
    password: String,
}

/// The proof of an address, by the link of a mail.
#[derive(InputObject)]
pub struct VerifyEmailInput {
    /// What follows `#token=` in the link.
    #[graphql(secret)]
    token: String,
}

/// A first password.
#[derive(InputObject)]
pub struct SetPasswordInput {
    /// To sign in with. Mail goes there as well.
    email: String,
    /// 12 to 128 characters, whichever.
    #[graphql(secret)]
    password: String,
}

/// Another password.
#[derive(InputObject)]
pub struct UpdatePasswordInput {
    /// The present one.
    #[graphql(secret)]
    current_password: String,
    /// The new one: 12 to 128 characters, whichever.
    #[graphql(secret)]
    password: String,
}

payload! {
    /// What `requestPasswordReset` answers: the same whether there is such an account or not.
    RequestPasswordResetPayload {
        /// True: if the address has an account, a mail is on its way.
        accepted: bool
    }
}
payload! {
    /// What `resetPassword` answers.
    ResetPasswordPayload {
        /// True: sign in with the new password; every session is over.
        changed: bool
    }
}
payload! {
    /// What `verifyEmail` answers.
    VerifyEmailPayload {
        /// True: the address is yours.
        verified: bool
    }
}
payload! {
    /// What `requestEmailVerification` answers.
    RequestEmailVerificationPayload {
        /// The viewer.
        user: User
    }
}
payload! {
    /// What `setPassword` answers.
    SetPasswordPayload {
        /// The viewer as it is now.
        user: User
    }
}
payload! {
    /// What `updatePassword` answers.
    UpdatePasswordPayload {
        /// The viewer.
        user: User
    }
}

/// Changes of passwords, and proofs of addresses.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Sends a mail with which the account of an address gets a new password. Needs no token.
    async fn request_password_reset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Where it goes.")] input: RequestPasswordResetInput,
    ) -> Result<Option<RequestPasswordResetPayload>, Failure> {
        let began = Instant::now();
        let outcome = request_reset(context, &input.email).await?;
        account::rest(began).await;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }

    /// Sets a new password by the link of a mail, and ends every session of the account. Needs no token besides.
    async fn reset_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The password, and the right to set it.")] input: ResetPasswordInput,
    ) -> Result<Option<ResetPasswordPayload>, Failure> {
        let outcome = reset(context, input).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }

    /// Confirms an address by the link of a mail. Needs no token besides.
    async fn verify_email(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proof.")] input: VerifyEmailInput,
    ) -> Result<Option<VerifyEmailPayload>, Failure> {
        let state = state(context);
        let outcome = match account::is_secret(&input.token) {
            true => addresses::verify_address(&state.platform, &input.token).await?,
            false => Err(local::Refused::Stale),
        };
        let outcome = outcome.map(|_| true).map_err(|why| vec![refused(why)]);
        Ok(Some(outcome.into()))
    }

    /// Sends the viewer a mail with which they show that their address is theirs.
    async fn request_email_verification(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<RequestEmailVerificationPayload>, Failure> {
        let outcome = request_verification(context).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }

    /// Gives the viewer, who came in by a link, an address and a password to sign in with.
    async fn set_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Address and password.")] input: SetPasswordInput,
    ) -> Result<Option<SetPasswordPayload>, Failure> {
        let outcome = set(context, input).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }

    /// Changes the viewer's password, and ends their other sessions.
    async fn update_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: UpdatePasswordInput,
    ) -> Result<Option<UpdatePasswordPayload>, Failure> {
        let outcome = update(context, input).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }
}

async fn request_reset(context: &Context<'_>, email: &str) -> Result<Result<bool, UserError>, Failure> {
    let state = state(context);
    let address = match account::address("email", email) {
        Ok(address) => address,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(error) = account::begin_mail(context, &state.platform, &address).await? {
        return Ok(Err(error));
    }
    local::request_reset(&state.platform, &address).await?;
    Ok(Ok(true))
}

async fn reset(context: &Context<'_>, input: ResetPasswordInput) -> Result<Result<bool, UserError>, Failure> {
    let state = state(context);
    if !account::is_secret(&input.token) {
        return Ok(Err(refused(local::Refused::Stale)));
    }
    let (passwords, new) = (state.identity.passwords(), Secret::new(input.password));
    match local::reset_password(&state.platform, passwords, &input.token, &new).await? {
        Ok(user_id) => {
            state.identity.seen().forget(user_id);
            Ok(Ok(true))
        }
        Err(why) => Ok(Err(refused(why))),
    }
}

async fn request_verification(context: &Context<'_>) -> Result<Result<User, UserError>, Failure> {
    let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
    let platform = &state.platform;
    let person = local::find(platform, viewer.user_id).await?;
    let nothing = || UserError {
        code: "NOTHING_TO_VERIFY".to_owned(),
        message: "There is no address that waits to be confirmed.".to_owned(),
        field: None,
    };
    let Some(email) = person.email.filter(|_| person.email_verified_at.is_none()) else {
        return Ok(Err(nothing()));
    };
    if let Err(error) = begin(platform, &[Subject::mails(&email)]).await? {
        return Ok(Err(error));
    }
    let person = addresses::request_verification(platform, viewer.user_id).await?;
    Ok(person.map(User).ok_or_else(nothing))
}

async fn set(context: &Context<'_>, input: SetPasswordInput) -> Result<Result<User, UserError>, Failure> {
    let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
    // Whoever comes in another way, through a company's sign-in for example, must not open a second door where nobody may.
    if viewer.role != Role::Admin && !local::may_sign_up(&state.platform) {
        return Ok(Err(UserError {
            code: "PASSWORDS_CLOSED".to_owned(),
            message: "Whoever runs this server does not let people sign in with a password.".to_owned(),
            field: None,
        }));
    }
    let address = match account::address("email", &input.email) {
        Ok(address) => address,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(error) = account::begin_mail(context, &state.platform, &address).await? {
        return Ok(Err(error));
    }
    let (passwords, new) = (state.identity.passwords(), Secret::new(input.password));
    let set = local::set_password(&state.platform, passwords, viewer.user_id, &address, &new).await?;
    Ok(set.map(User).map_err(refused))
}

async fn update(
    context: &Context<'_>,
    input: UpdatePasswordInput,
) -> Result<Result<User, UserError>, Failure> {
    let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
    let session = context.data_unchecked::<Session>();
    if !account::is_secret(&input.current_password) {
        return Ok(Err(refused(local::Refused::WrongPassword)));
    }
    // Whoever has found an open browser guesses here no faster than at the door.
    let subject = match local::login_of(&state.platform, viewer.user_id).await? {
        Some(login) => Subject::account(&login),
        None => return Ok(Err(refused(local::Refused::HasPassword(false)))),
    };
    if let Err(error) = begin(&state.platform, std::slice::from_ref(&subject)).await? {
        return Ok(Err(error));
    }
    let (current, new) = (Secret::new(input.current_password), Secret::new(input.password));
    let passwords = state.identity.passwords();
    let updated = local::update_password(
        &state.platform,
        passwords,
        viewer.user_id,
        (&current, &new),
        session.id(),
    )
    .await?;
    if !matches!(updated, Err(local::Refused::WrongPassword)) {
        attempts::succeeded(&state.platform.database, &[subject]).await?;
    }
    if updated.is_ok() {
        state.identity.seen().forget(viewer.user_id);
    }
    Ok(updated.map(User).map_err(refused))
}
