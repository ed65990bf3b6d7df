//! Delimited text: where its records end, what their fields hold, and how a table is written. Files and requests share it.

mod records;
mod table;
mod write;

pub use records::{Record, Records, Syntax, each_field, fields};
pub use table::Table;
pub use write::{cell, field, number};

/// What is wrong with a text, by its line, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);
