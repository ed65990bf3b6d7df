//! The fields of an operation as they will be resolved: fragments are opened, aliases do not count.

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

/// Every field of a selection, those of its fragments included, whatever directives say. A fragment that is inside itself is
/// opened once.
pub fn fields<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet) -> Vec<&'a Field> {
    let mut fields = Vec::new();
    let mut opened = Vec::new();
    collect(document, set, &mut opened, &mut fields);
    fields
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    opened: &mut Vec<&'a str>,
    fields: &mut Vec<&'a Field>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => fields.push(&field.node),
            Selection::InlineFragment(fragment) => {
                collect(document, &fragment.node.selection_set.node, opened, fields);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = document.fragments.get(&spread.node.fragment_name.node);
                let Some(fragment) = fragment.filter(|_| !opened.contains(&name)) else {
                    continue;
                };
                opened.push(name);
                collect(document, &fragment.node.selection_set.node, opened, fields);
            }
        }
    }
}
