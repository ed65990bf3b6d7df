//! Who looks after the server: the check before everything that only administrators may, and what they see with.

use async_graphql::Context;
use entities::Viewer;
use entities::scope::Scope;
use entities::user::Role;
use uuid::Uuid;

use super::loaders::{self, Loaders};
use super::payload::UserError;
use crate::auth::Session;
use crate::failure::{Code, Failure};
use crate::state::AppState;

/// Characters of a reason at most.
const MAX_REASON: usize = 500;

/// Loaders of everybody's rows; none for whoever is no administrator.
pub struct AdminLoaders(Option<Loaders>);

impl AdminLoaders {
    /// The loaders of one request.
    pub fn new(state: &AppState, session: &Session) -> Self {
        let is_administrator = session.viewer.role == Role::Admin && session.scopes.has(Scope::Admin);
        Self(
            is_administrator
                .then(|| loaders::of_everybody(state.platform.database.for_everybody(), session.viewer)),
        )
    }
}

/// The state with everybody's rows, for an administrator whose token may be used for that.
///
/// # Errors
/// `FORBIDDEN` for anybody else.
pub fn administrator(context: &Context<'_>) -> Result<AppState, Failure> {
    let session = context
        .data_opt::<Session>()
        .ok_or_else(Failure::unauthenticated)?;
    session.require(&[Scope::Admin])?;
    if session.viewer.role != Role::Admin {
        return Err(Failure::client(Code::Forbidden, "This is for administrators."));
    }
    Ok(context.data_unchecked::<AppState>().as_admin())
}

/// Loaders that find what hangs on a row of that owner: the viewer's own, or everybody's for an administrator.
pub fn loaders_for<'a>(context: &'a Context<'_>, owner: Uuid) -> &'a Loaders {
    let own = context.data_unchecked::<Loaders>();
    if context.data_unchecked::<Viewer>().user_id == owner {
        return own;
    }
    let of_everybody = context.data_opt::<AdminLoaders>();
    of_everybody.and_then(|loaders| loaders.0.as_ref()).unwrap_or(own)
}

/// Loaders of everybody's rows.
///
/// # Errors
/// `FORBIDDEN` for whoever is no administrator.
pub fn everybody<'a>(context: &'a Context<'_>) -> Result<&'a Loaders, Failure> {
    let loaders = context.data_opt::<AdminLoaders>();
    let loaders = loaders.and_then(|loaders| loaders.0.as_ref());
    loaders.ok_or_else(|| Failure::client(Code::Forbidden, "This is for administrators."))
}

/// The reason that an administrator gives, without blanks around it.
///
/// # Errors
/// When nothing is left of it, or it is too long.
pub fn reason(reason: &str) -> Result<&str, Vec<UserError>> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if !(1..=MAX_REASON).contains(&length) {
        let message =
            format!("The reason has {length} characters; it must have 1 to {MAX_REASON}: it is recorded.");
        return Err(vec![UserError::of("reason", "REASON_INVALID", message)]);
    }
    Ok(reason)
}
