//! What a person did, as the audit log has it.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, ID};
use chrono::{DateTime, Utc};
use entities::Viewer;
use entities::audit_entry::{self, Action, Column, Model};
use platform::pages::Page;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::audit_log::{ORDER, key, number, place};
use super::audit_names::{AuditAction, known};
use super::id::{self, Noun};
use super::loaders::{LoadError, Rows};
use super::object::object;
use super::page::{Connection, PageArguments, PageRequest};
use crate::failure::Failure;

/// Something that was done.
#[derive(Clone)]
pub struct Activity(pub Model);

object! {
    /// Something that was done.
    Activity
}

#[ComplexObject]
impl Activity {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Activity, key(self.0.number))
    }

    /// What; null: a newer version of the server has done it, and this one has no word for it.
    async fn action(&self) -> Option<AuditAction> {
        known::<Action, _>(&self.0.action)
    }

    /// When.
    async fn at(&self) -> Option<DateTime<Utc>> {
        self.0.moment()
    }

    /// Why, in the words of whoever did it; null: nobody asked for a reason.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Network address it was asked for from; null: it is not known.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Id of the request, as its answer had it in `x-request-id`; null: it was not a request.
    async fn request_id(&self) -> Option<String> {
        self.0.request_id.map(|id| id.simple().to_string())
    }
}

/// What the viewer did, and what others tried with their account, the newest first. Nobody else's is shown to anybody.
///
/// # Errors
/// `BAD_USER_INPUT` for a wrong page, or when the database does not answer.
pub async fn list(
    context: &Context<'_>,
    user_id: Uuid,
    asked: &PageArguments,
) -> Result<Connection<Activity>, Failure> {
    let viewer = *context.data_unchecked::<Viewer>();
    let request = PageRequest::new(asked, "activity")?;
    if viewer.user_id != user_id {
        let nothing = Page {
            rows: Vec::new(),
            has_next: false,
            has_previous: false,
        };
        return Ok(request.connection(nothing, place, Activity, Some(0)));
    }
    let own = audit_entry::Entity::find_for(viewer);
    request.read(context, own, &ORDER, place, Activity).await
}

/// Something in the viewer's name by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ActivityKey(pub Uuid);

impl Loader<ActivityKey> for Rows {
    type Value = Model;
    type Error = LoadError;

    async fn load(&self, keys: &[ActivityKey]) -> Result<HashMap<ActivityKey, Model>, LoadError> {
        // Nobody's own for whoever looks at everybody's: the log has those.
        let Some(viewer) = self.viewer() else {
            return Ok(HashMap::new());
        };
        let numbers = keys.iter().filter_map(|key| number(key.0));
        let query = audit_entry::Entity::find_for(viewer).filter(Column::Number.is_in(numbers));
        let rows = self.database.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (ActivityKey(key(row.number)), row))
            .collect())
    }
}
