//! Tokens for scripts.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entities::scope::Scopes;
use entities::{Viewer, scope, token};
use platform::accounts::api_tokens::{self, NewToken};
use platform::database::now;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::account::{self, state};
use super::id::{self, Noun};
use super::payload::{UserError, payload};
use super::schema::Query;
use crate::failure::Failure;
use crate::state::AppState;

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "scope::Scope")]
pub enum Scope {
    /// Reading and watching.
    Read,
    /// Changing what is the person's; predictions as well.
    Write,
    /// Predictions, and nothing else.
    Predict,
    /// Looking after the server, where the person may.
    Admin,
}

/// A token for scripts, without its secret.
#[derive(SimpleObject)]
pub struct ApiToken {
    /// Opaque id.
    pub id: ID,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From then on it is refused; null: never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was used last, to the minute; null: never.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<token::Model> for ApiToken {
    fn from(row: token::Model) -> Self {
        Self {
            id: id::encode(Noun::ApiToken, row.id),
            scopes: row.scopes().list().into_iter().map(Scope::from).collect(),
            name: row.name.unwrap_or_default(),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// A token that is to be made.
#[derive(InputObject)]
pub struct CreateApiTokenInput {
    /// What to call it, 1 to 100 characters.
    name: String,
    /// What it may be used for; one at least.
    scopes: Vec<Scope>,
    /// From then on it is refused; null: never.
    expires_at: Option<DateTime<Utc>>,
}

/// The token to delete.
#[derive(InputObject)]
pub struct DeleteApiTokenInput {
    /// Which one.
    id: ID,
}

/// What `createApiToken` answers.
#[derive(SimpleObject)]
pub struct CreateApiTokenPayload {
    /// The new token.
    pub api_token: Option<ApiToken>,
    /// What to send as `Authorization: Bearer`. It is shown this once.
    pub secret: Option<String>,
    /// What the user can mend; empty on success.
    pub user_errors: Vec<UserError>,
    /// The root, to read on.
    pub query: Query,
}

payload! {
    /// What `deleteApiToken` answers.
    DeleteApiTokenPayload {
        /// Id of what is gone.
        deleted_id: ID
    }
}

/// Changes of tokens for scripts.
#[derive(Default)]
pub struct ApiTokenMutation;

#[Object]
impl ApiTokenMutation {
    /// Makes a token for scripts of the viewer, who may have 50.
    async fn create_api_token(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The token.")] input: CreateApiTokenInput,
    ) -> Result<Option<CreateApiTokenPayload>, Failure> {
        let query = Query::default();
        Ok(Some(match create(context, input).await? {
            Ok((row, secret)) => CreateApiTokenPayload {
                api_token: Some(row.into()),
                secret: Some(secret),
                user_errors: Vec::new(),
                query,
            },
            Err(error) => CreateApiTokenPayload {
                api_token: None,
                secret: None,
                user_errors: vec![error],
                query,
            },
        }))
    }

    /// Ends a token of the viewer: it is refused from now on.
    async fn delete_api_token(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteApiTokenInput,
    ) -> Result<Option<DeleteApiTokenPayload>, Failure> {
        let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
        let key = id::decode_as(&input.id, Noun::ApiToken)?;
        let outcome = match api_tokens::delete(&state.platform, viewer.user_id, key, now()).await? {
            true => {
                state.identity.seen().forget(viewer.user_id);
                Ok(input.id)
            }
            false => Err(vec![UserError::not_found("id", "token")]),
        };
        Ok(Some(outcome.into()))
    }
}

async fn create(
    context: &Context<'_>,
    input: CreateApiTokenInput,
) -> Result<Result<(token::Model, String), UserError>, Failure> {
    let (state, viewer) = (state(context), context.data_unchecked::<Viewer>());
    let name = match account::name("name", &input.name) {
        Ok(name) => name,
        Err(error) => return Ok(Err(error)),
    };
    if input.scopes.is_empty() {
        let message = "Say what the token may be used for: one scope at least.";
        return Ok(Err(UserError::of("scopes", "SCOPES_EMPTY", message)));
    }
    let now = now();
    if input.expires_at.is_some_and(|end| end <= now) {
        let message = "This time is over; the token would never be good.";
        return Ok(Err(UserError::of("expiresAt", "EXPIRY_PAST", message)));
    }
    let scopes: Vec<scope::Scope> = input.scopes.into_iter().map(Into::into).collect();
    let new = NewToken {
        user_id: viewer.user_id,
        name,
        scopes: Scopes::of(&scopes),
        expires_at: input.expires_at,
    };
    match api_tokens::create(&state.platform, new, now).await {
        Ok((row, secret)) => {
            tracing::info!(user.id = %viewer.user_id, token.id = %row.id, scopes = %row.scopes(), "a token was made");
            Ok(Ok((row, secret.expose().to_owned())))
        }
        Err(platform::Error::Conflict(message)) => Ok(Err(UserError::of("name", "TOO_MANY_TOKENS", message))),
        Err(error) => Err(error.into()),
    }
}

/// The viewer's tokens, the newest first. Nobody else's are shown to anybody.
///
/// # Errors
/// When the database refuses.
pub async fn list(context: &Context<'_>, user_id: Uuid) -> Result<Vec<ApiToken>, Failure> {
    let viewer = *context.data_unchecked::<Viewer>();
    if viewer.user_id != user_id {
        return Ok(Vec::new());
    }
    let database = &context.data_unchecked::<AppState>().platform.database;
    let rows = token::Entity::find_for(viewer)
        .filter(token::Column::Kind.is_in([token::Kind::Api, token::Kind::Printed]))
        .order_by_desc(token::Column::Id);
    let rows = database.all(rows).await?;
    Ok(rows.into_iter().map(ApiToken::from).collect())
}
