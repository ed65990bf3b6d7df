//! Strings to dictionary codes.

use serde::{Deserialize, Serialize};

/// Code of a missing value.
pub const MISSING: u32 = 0;
/// Code of a value that the dictionary does not hold.
pub const UNSEEN: u32 = 1;
/// Code of the first dictionary entry.
pub const FIRST: u32 = 2;

/// A fitted dictionary: `labels[i]` has code `FIRST + i`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Distinct known values, most frequent first (ties by text).
    pub labels: Vec<String>,
}
