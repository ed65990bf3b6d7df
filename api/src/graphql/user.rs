//! People.

use async_graphql::{ComplexObject, Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entities::{Viewer, user};
use platform::accounts::local;

use super::activity::{self, Activity};
use super::administrator::loaders_for;
use super::api_token::{self, ApiToken};
use super::id::{self, Noun};
use super::loaders::{Loaders, UserKey};
use super::notification::NotificationPreferences;
use super::object::object;
use super::page::{Connection, PageArguments};
use super::quota::{self, Quotas};
use super::session::{self, Session};
use crate::failure::Failure;
use crate::state::AppState;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "user::Role")]
pub enum UserRole {
    /// Works with what is theirs.
    Member,
    /// Looks after the server and its people as well.
    Admin,
}

/// A person with an account.
#[derive(Clone)]
pub struct User(pub user::Model);

object! {
    /// A person with an account.
    User
}

#[ComplexObject]
impl User {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::User, self.0.id)
    }

    /// Shown name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where mail goes; null: no mail is sent.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// When they showed that the address is theirs; null: they have not.
    async fn email_verified_at(&self) -> Option<DateTime<Utc>> {
        self.0.email_verified_at
    }

    /// Whether the viewer has a password to sign in with; who comes by a link or by a provider needs none. Null of others.
    async fn has_password(&self, context: &Context<'_>) -> Result<Option<bool>, Failure> {
        if context.data_unchecked::<Viewer>().user_id != self.0.id {
            return Ok(None);
        }
        let platform = &context.data_unchecked::<AppState>().platform;
        Ok(Some(
            Box::pin(local::login_of(platform, self.0.id)).await?.is_some(),
        ))
    }

    /// Where the viewer is signed in, the newest first: at most 100. Of others it is empty.
    async fn sessions(&self, context: &Context<'_>) -> Result<Option<Vec<Session>>, Failure> {
        Box::pin(session::list(context, self.0.id)).await.map(Some)
    }

    /// The viewer's tokens for scripts, the newest first: at most 50 and those that servers have printed. Of others it is empty.
    async fn api_tokens(&self, context: &Context<'_>) -> Result<Option<Vec<ApiToken>>, Failure> {
        Box::pin(api_token::list(context, self.0.id)).await.map(Some)
    }

    /// What the person wants to be told, and how.
    async fn notification_preferences(&self) -> NotificationPreferences {
        NotificationPreferences::of(&self.0)
    }

    /// What they may do.
    async fn role(&self) -> UserRole {
        self.0.role.into()
    }

    /// Since when an administrator keeps them out; null: they are let in.
    async fn suspended_at(&self) -> Option<DateTime<Utc>> {
        self.0.suspended_at
    }

    /// What they may use, and what they have used.
    async fn quotas(&self, context: &Context<'_>) -> Result<Option<Quotas>, Failure> {
        let settings = &context.data_unchecked::<AppState>().platform.settings;
        quota::quotas_of(loaders_for(context, self.0.id), settings, self.0.id).await
    }

    /// What the viewer did, and what others tried with their account, the newest first. Of others it is empty.
    async fn activity(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
    ) -> Result<Option<Connection<Activity>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let list = Box::pin(activity::list(context, self.0.id, &asked));
        list.await.map(Some)
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// Who asks.
#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// Who asks.
    async fn viewer(&self, context: &Context<'_>) -> Result<Option<User>, Failure> {
        let viewer = context.data_unchecked::<Viewer>();
        let row = context
            .data_unchecked::<Loaders>()
            .load_one(UserKey(viewer.user_id))
            .await?;
        Ok(row.map(User))
    }
}
