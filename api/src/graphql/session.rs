//! Where a person is signed in, and how that ends.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entities::{Viewer, session, token};
use platform::accounts::sessions;
use platform::database::now;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::account::state;
use super::id::{self, Noun};
use super::payload::{UserError, payload};
use crate::auth::{self, Origin};
use crate::failure::Failure;
use crate::state::AppState;

/// Sessions that are shown at most.
const MOST: u64 = 100;

/// A place where a person is signed in.
#[derive(SimpleObject)]
pub struct Session {
    /// Opaque id.
    pub id: ID,
    /// What the program there calls itself; null: it said nothing.
    pub client: Option<String>,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When it was refreshed last; null where sessions are not refreshed.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// It ends then, unless it is used before.
    pub expires_at: Option<DateTime<Utc>>,
    /// True for the one that asks.
    pub is_current: bool,
}

/// The session to end.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// Which one.
    id: ID,
}

/// How much to end.
#[derive(InputObject)]
pub struct SignOutInput {
    /// Every session of the viewer instead of this one alone. Tokens of scripts stay.
    #[graphql(default = false)]
    everywhere: bool,
}

payload! {
    /// What `endSession` answers.
    EndSessionPayload {
        /// Id of what is over.
        ended_id: ID
    }
}
payload! {
    /// What `signOut` answers.
    SignOutPayload {
        /// Sessions that are over now.
        ended_count: i32
    }
}

/// Ends of sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends a session of the viewer.
    async fn end_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: EndSessionInput,
    ) -> Result<Option<EndSessionPayload>, Failure> {
        let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
        let key = id::decode_as(&input.id, Noun::Session)?;
        let is_ended = sessions::end(&state.platform, viewer.user_id, key, now()).await?;
        state.identity.seen().forget(viewer.user_id);
        let outcome = match is_ended {
            true => Ok(input.id),
            false => Err(vec![UserError::not_found("id", "session")]),
        };
        Ok(Some(outcome.into()))
    }

    /// Ends the session that asks, or every session of the viewer.
    async fn sign_out(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How much to end.")] input: SignOutInput,
    ) -> Result<Option<SignOutPayload>, Failure> {
        let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
        let own = context.data_unchecked::<auth::Session>();
        let platform = &state.platform;
        let ended = if input.everywhere {
            sessions::sign_out_everywhere(platform, viewer.user_id, now()).await?
        } else {
            match own.id() {
                Some(id) => u64::from(sessions::end(platform, viewer.user_id, id, now()).await?),
                // Another issuer's token: one signs out there.
                None => 0,
            }
        };
        state.identity.seen().forget(viewer.user_id);
        tracing::info!(user.id = %viewer.user_id, ended, "signed out");
        Ok(Some(Ok(i32::try_from(ended).unwrap_or(i32::MAX)).into()))
    }
}

/// Where the viewer is signed in, the newest first. Nobody else's sessions are shown to anybody.
///
/// # Errors
/// When the database refuses.
pub async fn list(context: &Context<'_>, user_id: Uuid) -> Result<Vec<Session>, Failure> {
    let viewer = *context.data_unchecked::<Viewer>();
    if viewer.user_id != user_id {
        return Ok(Vec::new());
    }
    let database = &context.data_unchecked::<AppState>().platform.database;
    let own = context.data_unchecked::<auth::Session>();
    let now = now();
    let refreshed = session::Entity::find_for(viewer)
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::Id)
        .limit(MOST);
    let plain = token::Entity::find_for(viewer)
        .filter(token::Column::Kind.eq(token::Kind::Session))
        .filter(token::Column::ExpiresAt.gt(now))
        .order_by_desc(token::Column::Id)
        .limit(MOST);
    let mut sessions = Vec::new();
    for row in database.all(refreshed).await? {
        sessions.push(Session {
            id: id::encode(Noun::Session, row.id),
            client: row.agent,
            created_at: row.created_at,
            refreshed_at: Some(row.used_at),
            expires_at: Some(row.expires_at),
            is_current: own.origin == Origin::Session(row.id),
        });
    }
    for row in database.all(plain).await? {
        sessions.push(Session {
            id: id::encode(Noun::Session, row.id),
            client: None,
            created_at: row.created_at,
            refreshed_at: None,
            expires_at: row.expires_at,
            is_current: own.origin == Origin::Token(row.id),
        });
    }
    sessions.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    sessions.truncate(MOST as usize);
    Ok(sessions)
}
