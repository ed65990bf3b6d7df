//! Who asks.

use uuid::Uuid;

/// The person on whose behalf a query runs. Rows of others do not exist for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// `user.id`.
    pub user_id: Uuid,
}
