//! Text that can be stored: Postgres has no character NUL, so no request may bring one, whatever the database is.

use std::convert::Infallible;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Positioned, Value, Variables};

use crate::failure::Failure;

/// Refuses variables with the character NUL in a string.
///
/// # Errors
/// Naming the variable.
pub fn check_variables(variables: &Variables) -> Result<(), Failure> {
    for (name, value) in variables.iter() {
        if has_nul(value) {
            return Err(refused(&format!("The variable ${name}")));
        }
    }
    Ok(())
}

/// Refuses a document with the character NUL in a string.
///
/// # Errors
/// Naming the argument or variable.
pub fn check_document(document: &ExecutableDocument) -> Result<(), Failure> {
    for (_, operation) in document.operations.iter() {
        for definition in &operation.node.variable_definitions {
            let default = definition.node.default_value.as_ref();
            if default.is_some_and(|value| has_nul(&value.node)) {
                return Err(refused(&format!("The variable ${}", definition.node.name)));
            }
        }
        check_selection(&operation.node.selection_set)?;
    }
    for fragment in document.fragments.values() {
        check_selection(&fragment.node.selection_set)?;
    }
    Ok(())
}

/// Documents are nested to the parser's limit at most.
fn check_selection(selection: &Positioned<SelectionSet>) -> Result<(), Failure> {
    for item in &selection.node.items {
        match &item.node {
            Selection::Field(field) => {
                for (name, value) in &field.node.arguments {
                    // Variables are checked by themselves.
                    let literal = value
                        .node
                        .clone()
                        .into_const_with(|_| Ok::<_, Infallible>(Value::Null));
                    if literal.is_ok_and(|literal| has_nul(&literal)) {
                        return Err(refused(&format!("The argument {name}")));
                    }
                }
                check_selection(&field.node.selection_set)?;
            }
            Selection::InlineFragment(fragment) => check_selection(&fragment.node.selection_set)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(has_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn refused(what: &str) -> Failure {
    Failure::bad_input(format!(
        "{what} contains the character NUL, which cannot be stored. Remove it."
    ))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_is_found_wherever_a_string_can_be() {
        let none = json!({});
        for (query, variables, is_good) in [
            (
                r#"{ a(b: "c") { d } }"#,
                json!({ "x": ["\u{1}", { "y": "z" }] }),
                true,
            ),
            (r#"{ a(b: "\\u0000") }"#, none.clone(), true),
            (r#"{ a(b: "\u0000") }"#, none.clone(), false),
            (r#"{ a { b(c: [{ d: "x\u0000" }]) } }"#, none.clone(), false),
            (
                r#"{ ...F } fragment F on T { a(b: "\u0000") }"#,
                none.clone(),
                false,
            ),
            (r#"{ ... on T { a(b: "\u0000") } }"#, none.clone(), false),
            (
                r#"query Q($a: String = "\u0000") { a(b: $a) }"#,
                none.clone(),
                false,
            ),
            ("{ a }", json!({ "x": ["\u{0}"] }), false),
            ("{ a }", json!({ "x": { "y": "\u{0}" } }), false),
            ("{ a }", json!({ "x": { "\u{0}": 1 } }), false),
        ] {
            let document = parse_query(query).expect("the document parses");
            let answer =
                check_document(&document).and_then(|()| check_variables(&Variables::from_json(variables)));
            assert_eq!(answer.is_ok(), is_good, "{query}");
        }
    }
}
