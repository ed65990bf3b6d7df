//! Reading the schema, where it is not for everybody.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use entities::user::Role;

use super::execute::Asker;
use super::prepared::Prepared;
use crate::failure::{Code, Failure};
use crate::server::Server;

/// Fields that tell of the schema.
const FIELDS: [&str; 2] = ["__schema", "__type"];

/// Refuses a document that reads the schema where the settings keep it from all but administrators.
///
/// # Errors
/// `FORBIDDEN`, saying where the schema is to be had.
pub fn check(server: &Server, document: &Prepared, asker: Asker<'_>) -> Result<(), Failure> {
    let is_admin = asker
        .session
        .is_some_and(|session| session.viewer.role == Role::Admin);
    if server.state.platform.settings.doors.introspection || is_admin || !document.reads_schema() {
        return Ok(());
    }
    let message = "Introspection is off on this server (AUTOML_INTROSPECTION); administrators may use it. The schema of a \
                   version is its `schema.graphql`.";
    Err(Failure::client(Code::Forbidden, message))
}

/// Whatever is selected anywhere counts, used or not.
pub fn reads_schema(document: &ExecutableDocument) -> bool {
    let of_operations = document
        .operations
        .iter()
        .map(|(_, operation)| &operation.node.selection_set.node);
    let of_fragments = document
        .fragments
        .values()
        .map(|fragment| &fragment.node.selection_set.node);
    of_operations.chain(of_fragments).any(has_field)
}

fn has_field(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            FIELDS.contains(&field.node.name.node.as_str()) || has_field(&field.node.selection_set.node)
        }
        Selection::InlineFragment(fragment) => has_field(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn it_hides_nowhere() {
        for (query, expected) in [
            ("{ __schema { types { name } } }", true),
            ("{ types: __type(name: \"Job\") { name } }", true),
            (
                "{ ...F } fragment F on Query { __schema { types { name } } }",
                true,
            ),
            ("{ ... on Query { __schema { types { name } } } }", true),
            (
                "query A { __typename } query B { __schema { types { name } } }",
                true,
            ),
            (
                "mutation { deleteJob(input: {}) { query { __schema { types { name } } } } }",
                true,
            ),
            ("{ __typename jobs { nodes { __typename } } }", false),
            ("{ jobs(filter: { text: \"__schema\" }) { totalCount } }", false),
        ] {
            let document = parse_query(query).expect("the document parses");
            assert_eq!(reads_schema(&document), expected, "{query}");
        }
    }
}
