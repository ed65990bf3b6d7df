//! The audit log, for administrators.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use entities::audit_entry::{Action, ActorKind, SubjectKind};
use entities::{audit_entry, audit_head};
use platform::pages::{By, Direction, Key, Order, Place};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::administrator::everybody;
use super::audit_names::{AuditAction, AuditActorKind, AuditSubjectKind, known};
use super::id::{self, Noun};
use super::loaders::{LoadError, Rows, UserKey};
use super::long::Long;
use super::object::object;
use super::page::TimeRange;
use super::user::User;
use crate::failure::Failure;
use crate::state::AppState;

/// What was done, by whom and why. Entries are added and never changed.
#[derive(Clone)]
pub struct AuditEntry(pub audit_entry::Model);

object! {
    /// What was done, by whom and why. Entries are added and never changed.
    AuditEntry
}

#[ComplexObject]
impl AuditEntry {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::AuditEntry, key(self.0.number))
    }

    /// 1, 2, 3 and so on without a gap.
    async fn number(&self) -> Long {
        Long(self.0.number)
    }

    /// When it was done.
    async fn at(&self) -> Option<DateTime<Utc>> {
        self.0.moment()
    }

    /// What was done; null: a newer version of the server has done it, and this one has no word for it.
    async fn action(&self) -> Option<AuditAction> {
        known::<Action, _>(&self.0.action)
    }

    /// Who did it; null as `action` may be.
    async fn actor_kind(&self) -> Option<AuditActorKind> {
        known::<ActorKind, _>(&self.0.actor)
    }

    /// The person who did it; null: it was none, or the account is gone.
    async fn actor(&self, context: &Context<'_>) -> Result<Option<User>, Failure> {
        let Some(actor) = self.0.actor_id else {
            return Ok(None);
        };
        Ok(everybody(context)?.load_one(UserKey(actor)).await?.map(User))
    }

    /// What kind of thing it was done to; null: to none, or as `action` may be.
    async fn subject_kind(&self) -> Option<AuditSubjectKind> {
        known::<SubjectKind, _>(self.0.subject_kind.as_deref()?)
    }

    /// Which one: the id of a row as the database has it, or a name.
    async fn subject(&self) -> Option<&str> {
        self.0.subject_id.as_deref()
    }

    /// Why, in the words of whoever did it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What was there before, as JSON.
    async fn before(&self) -> Option<&str> {
        self.0.before.as_deref()
    }

    /// What is there since, as JSON.
    async fn after(&self) -> Option<&str> {
        self.0.after.as_deref()
    }

    /// Network address from which it was asked for.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// The request, as the server's log has it.
    async fn request_id(&self) -> Option<String> {
        self.0.request_id.map(|id| id.simple().to_string())
    }

    /// SHA-256 over this entry and the hash of the one before.
    async fn hash(&self) -> &str {
        &self.0.hash
    }
}

/// The end of the audit log. Whoever writes it down sees later whether what was there then still is.
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditHead {
    /// Number of the newest entry; 0: there is none.
    pub number: Long,
    /// Its hash; 64 zeros: there is none.
    pub hash: String,
}

/// Which entries to list: those that meet every condition named.
#[derive(InputObject)]
pub struct AuditFilter {
    /// Done by this person.
    actor_id: Option<ID>,
    /// This was done.
    action: Option<AuditAction>,
    /// Done to this kind of thing.
    subject_kind: Option<AuditSubjectKind>,
    /// Done to the object with this id.
    subject_id: Option<ID>,
    /// Done within this time.
    at: Option<TimeRange>,
}

impl AuditFilter {
    /// The condition in the database's words.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for an id of something else.
    pub fn condition(self) -> Result<Condition, Failure> {
        let mut all = Condition::all();
        if let Some(actor) = self.actor_id {
            let actor = id::decode_as(&actor, Noun::User)?;
            all = all.add(audit_entry::Column::ActorId.eq(actor));
        }
        if let Some(action) = self.action {
            let name = Action::from(action).to_value();
            all = all.add(audit_entry::Column::Action.eq(name));
        }
        if let Some(kind) = self.subject_kind {
            let name = SubjectKind::from(kind).to_value();
            all = all.add(audit_entry::Column::SubjectKind.eq(name));
        }
        if let Some(subject) = self.subject_id {
            let (_, subject) = id::decode(&subject)?;
            all = all.add(audit_entry::Column::SubjectId.eq(subject.to_string()));
        }
        if let Some(range) = self.at {
            all = all.add(range.on_microseconds(audit_entry::Column::At));
        }
        Ok(all)
    }
}

/// The newest first.
pub const ORDER: Order<audit_entry::Column> = Order {
    by: By::Number(audit_entry::Column::Number),
    id: audit_entry::Column::Number,
    direction: Direction::Descending,
};

/// Where an entry lies in it.
pub fn place(row: &audit_entry::Model) -> Place {
    Place {
        key: Key::Whole(row.number),
        id: key(row.number),
    }
}

/// The end of the log.
///
/// # Errors
/// When the database refuses.
pub async fn head(state: &AppState) -> Result<Option<AuditHead>, Failure> {
    let row = audit_head::Entity::find_by_id(audit_head::ID)
        .one(state.platform.database.connection())
        .await?;
    Ok(row.map(|row| AuditHead {
        number: Long(row.number),
        hash: row.hash,
    }))
}

/// Entries are numbered; ids are of one form for everything.
pub fn key(number: i64) -> Uuid {
    Uuid::from_u128(u128::from(number.unsigned_abs()))
}

/// The number in an id; none: there is no such number.
pub fn number(key: Uuid) -> Option<i64> {
    i64::try_from(key.as_u128()).ok()
}

/// An entry by id, for administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AuditEntryKey(pub Uuid);

impl Loader<AuditEntryKey> for Rows {
    type Value = audit_entry::Model;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[AuditEntryKey],
    ) -> Result<HashMap<AuditEntryKey, audit_entry::Model>, LoadError> {
        // Asked for through the loaders of administrators only; nobody else's find any.
        if self.viewer().is_some() {
            return Ok(HashMap::new());
        }
        let numbers = keys.iter().filter_map(|key| number(key.0));
        let query = audit_entry::Entity::find().filter(audit_entry::Column::Number.is_in(numbers));
        let rows = self.database.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (AuditEntryKey(key(row.number)), row))
            .collect())
    }
}
