//! What the text of an operation alone decides: depth, breadth, aliases, directives; and how its cost is reckoned.

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::cost::{Plan, Planning};
use super::{Limits, too_complex};
use crate::failure::{Code, Failure};

/// Refuses a document of too many operations: each is walked, and its plan kept, whichever of them runs.
///
/// # Errors
/// `QUERY_TOO_COMPLEX`.
pub fn check_operations(document: &ExecutableDocument, limits: &Limits) -> Result<(), Failure> {
    if document.operations.iter().count() > limits.operations {
        return Err(too_complex("The document has too many operations"));
    }
    Ok(())
}

/// Refuses an operation beyond the limits; how its cost is reckoned.
///
/// # Errors
/// `QUERY_TOO_COMPLEX`; `GRAPHQL_VALIDATION_FAILED` for a subscription to several things.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    limits: &Limits,
) -> Result<Plan, Failure> {
    let mut walk = Walk {
        document,
        limits,
        count: Count {
            directives: operation.directives.len(),
            ..Count::default()
        },
        planning: Planning::new(operation),
    };
    let root = Position {
        depth: 1,
        is_root: true,
        introspection: false,
        level: Planning::ROOT,
    };
    walk.selection_set(&operation.selection_set.node, root)?;
    if operation.ty == OperationType::Subscription && walk.count.root_fields != 1 {
        return Err(Failure::client(
            Code::ValidationFailed,
            "A subscription must select exactly one root field.",
        ));
    }
    Ok(walk.planning.finish())
}

/// The field of an answer that leads back to the root.
const ROOT_OF_ANSWERS: &str = "query";

#[derive(Default)]
struct Count {
    aliases: usize,
    root_fields: usize,
    selections: usize,
    directives: usize,
}

#[derive(Clone, Copy)]
struct Position {
    depth: usize,
    /// At a root of the schema: that of the operation, or the one to read on from that an answer has as `query`.
    is_root: bool,
    introspection: bool,
    level: usize,
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    count: Count,
    planning: Planning<'a>,
}

impl<'a> Walk<'a> {
    /// Ends on cyclic fragments too: each turn of the cycle is one more selection.
    fn selection_set(&mut self, set: &'a SelectionSet, at: Position) -> Result<(), Failure> {
        for selection in &set.items {
            self.count.selections += 1;
            self.count.directives += selection.node.directives().len();
            if self.count.selections > self.limits.selections {
                return Err(too_complex("Too many fields are selected"));
            }
            if self.count.directives > self.limits.directives {
                return Err(too_complex("Too many directives are used"));
            }
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, at)?,
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.node.selection_set.node, at)?;
                }
                Selection::FragmentSpread(spread) => {
                    let document = self.document;
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.count.directives += fragment.node.directives.len();
                        self.selection_set(&fragment.node.selection_set.node, at)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, at: Position) -> Result<(), Failure> {
        let limits = self.limits;
        if at.is_root {
            self.count.root_fields += 1;
        }
        self.count.aliases += usize::from(field.alias.is_some());
        let name = field.name.node.as_str();
        let introspection = at.introspection || name == "__schema" || name == "__type";
        let max_depth = if introspection {
            limits.introspection_depth
        } else {
            limits.depth
        };
        if at.depth > max_depth {
            return Err(too_complex("The query is nested too deeply"));
        }
        if self.count.root_fields > limits.root_fields {
            return Err(too_complex("Too many root fields are selected"));
        }
        if self.count.aliases > limits.aliases {
            return Err(too_complex("Too many aliases are used"));
        }
        let level = self.planning.field(field, at.level, at.is_root);
        let below = Position {
            depth: at.depth + 1,
            is_root: name == ROOT_OF_ANSWERS && !at.is_root,
            introspection,
            level,
        };
        self.selection_set(&field.selection_set.node, below)
    }
}
