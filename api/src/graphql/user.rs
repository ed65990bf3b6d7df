//! People.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entities::{Viewer, user};

use super::id::{self, Noun};
use super::loaders::{Loaders, UserKey};
use super::notification::NotificationPreferences;
use crate::failure::Failure;

/// A person with an account.
#[derive(Clone)]
pub struct User(pub user::Model);

/// A person with an account.
#[Object]
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

    /// What the person wants to be told, and how.
    async fn notification_preferences(&self) -> NotificationPreferences {
        NotificationPreferences::of(&self.0)
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
