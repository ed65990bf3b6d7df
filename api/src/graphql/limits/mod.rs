//! Limits on an operation, checked before anything runs. What the text alone decides is checked once a document ([`walk`]):
//! tokens and nesting before it is parsed, then depth, breadth, aliases, directives. What its variables decide is checked each
//! time: their own size, and the cost ([`cost`]).

pub mod cost;
mod tokens;
mod variables;
mod walk;

#[cfg(test)]
mod tests;

use crate::failure::{Code, Failure};

pub use tokens::check as check_size;
pub use variables::check as check_variables;
pub use walk::{check, check_operations};

/// Upper bounds of one operation; fragments count where they are used.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Lexical tokens of the whole document.
    pub tokens: usize,
    /// Brackets of any kind inside each other, in the whole document: the parser follows them on its stack.
    pub nesting: usize,
    /// Operations of one document.
    pub operations: usize,
    /// Nesting of fields.
    pub depth: usize,
    /// Nesting of fields below `__schema` and `__type` (the usual introspection query needs 13).
    pub introspection_depth: usize,
    /// Aliased fields.
    pub aliases: usize,
    /// Fields at the root, and at the root below the `query` of an answer.
    pub root_fields: usize,
    /// Selected fields and fragment spreads in all.
    pub selections: usize,
    /// Directives in all.
    pub directives: usize,
    /// What its fields may cost together; [`cost`] says how.
    pub cost: usize,
    /// Nesting of variables.
    pub variable_depth: usize,
    /// Items of a list in a variable.
    pub list_length: usize,
}

/// The limits in force.
pub const LIMITS: Limits = Limits {
    tokens: 2_000,
    nesting: 64,
    operations: 20,
    depth: 10,
    introspection_depth: 16,
    aliases: 15,
    root_fields: 10,
    selections: 300,
    directives: 20,
    cost: 20_000,
    variable_depth: 20,
    list_length: 10_000,
};

/// Rows of a list field when the client does not say `first`, and the most it may say.
pub const DEFAULT_PAGE: usize = 20;
/// The most rows of one page.
pub const MAX_PAGE: usize = 100;

fn too_complex(what: &str) -> Failure {
    Failure::client(
        Code::QueryTooComplex,
        format!("{what}. Split it into smaller requests."),
    )
}
