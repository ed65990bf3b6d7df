//! Database schema changes, one file per change.
