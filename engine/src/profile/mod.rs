//! What is in a table: types, roles, statistics, warnings.

use serde::{Deserialize, Serialize};

/// What a column is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An ordered number.
    Number,
    /// A category.
    Category,
    /// A date or time.
    Date,
    /// Free text.
    Text,
    /// Names a row; not used.
    Id,
    /// (Nearly) one value; not used.
    Constant,
    /// A copy of another column; not used.
    Duplicate,
    /// Left out by the user.
    Excluded,
}
