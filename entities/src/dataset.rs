//! Uploaded tables.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Viewer;

/// How far a dataset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Bytes are being stored.
    Uploading,
    /// Being read.
    Profiling,
    /// Has a profile; jobs can use it.
    Ready,
    /// Cannot be read; `error` says why.
    Failed,
}

/// What can happen to a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Event {
    /// All bytes are there.
    Uploaded,
    /// The profile is stored.
    Profiled,
    /// It cannot be read.
    Fail,
}

impl State {
    /// The state after an event, or none where the event is not legal.
    pub fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Uploading, Event::Uploaded) => Some(Self::Profiling),
            (Self::Profiling, Event::Profiled) => Some(Self::Ready),
            (Self::Uploading | Self::Profiling, Event::Fail) => Some(Self::Failed),
            _ => None,
        }
    }

    /// True where nothing changes any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Ready | Self::Failed)
    }
}

/// What the owner says of the format of the file; what is absent is found by looking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Format {
    /// Between fields: one ASCII character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The engine's name of the encoding, for example `utf8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether the first record holds the names of the columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
}

/// An uploaded table.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dataset")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// Shown name.
    pub name: String,
    /// Name of the uploaded file.
    pub file_name: String,
    /// Size of the uploaded file.
    pub size_bytes: i64,
    /// How far it is.
    pub state: State,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// Artifact key of the uploaded bytes.
    pub source_key: String,
    /// Artifact key of the profile (JSON), once READY.
    pub profile_key: Option<String>,
    /// Artifact key of the table in the cache format, once READY.
    pub frame_key: Option<String>,
    /// Rows, once READY.
    pub row_count: Option<i64>,
    /// Columns, once READY.
    pub column_count: Option<i32>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// What its owner says of the format of the file.
    pub format: Option<Format>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's datasets.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{check_ends, check_reached};

    #[test]
    fn states_end_and_are_reached() {
        check_ends(State::after, State::is_terminal);
        check_reached(State::Uploading, State::after);
    }
}
