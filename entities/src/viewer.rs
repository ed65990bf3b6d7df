//! Who asks.

use uuid::Uuid;

use crate::user::Role;

/// The person on whose behalf a query runs. Rows of others do not exist for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// `user.id`.
    pub user_id: Uuid,
    /// What they may do besides.
    pub role: Role,
}

impl Viewer {
    /// Somebody who may work with what is theirs, and no more.
    pub fn member(user_id: Uuid) -> Self {
        Self {
            user_id,
            role: Role::Member,
        }
    }
}
