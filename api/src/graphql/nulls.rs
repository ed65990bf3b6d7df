//! Null where a field has failed, as the specification has it: the executor leaves such fields out of their objects.
//!
//! A field that may be null becomes null; a failure of one that may not makes null of what it is part of, and so on upwards.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet, Type,
    TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, PathSegment, ServerError, Value};

use super::schema::sdl;

/// Types of the fields of all objects and interfaces, by the names of both.
static FIELDS: LazyLock<HashMap<String, HashMap<String, Type>>> = LazyLock::new(fields);

fn fields() -> HashMap<String, HashMap<String, Type>> {
    // Our own schema parses: a test reads it.
    let definitions = parse_schema(sdl()).map(|document| document.definitions);
    let mut types = HashMap::new();
    for definition in definitions.unwrap_or_default() {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let fields = match definition.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            _ => continue,
        };
        let fields = fields
            .into_iter()
            .map(|field| (field.node.name.node.to_string(), field.node.ty.node));
        types.insert(definition.node.name.node.to_string(), fields.collect());
    }
    types
}

/// Puts the nulls in that failures make.
pub fn complete(
    data: &mut Value,
    errors: &[ServerError],
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) {
    let mut nulled: Vec<&[PathSegment]> = Vec::new();
    for error in errors {
        let path = error.path.as_slice();
        if path.is_empty() || nulled.iter().any(|prefix| path.starts_with(prefix)) {
            continue;
        }
        let Some(length) = length_of_null(path, document, operation) else {
            *data = Value::Null;
            return;
        };
        let null = &path[..length];
        put(data, null);
        nulled.push(null);
    }
}

/// How much of the path of a failed value leads to what becomes null; none: nothing on it may be null.
fn length_of_null(
    path: &[PathSegment],
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Option<usize> {
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    let mut sets = vec![(root.to_owned(), &operation.selection_set.node)];
    let mut length = None;
    let mut current: Option<&Type> = None;
    for (place, segment) in path.iter().enumerate() {
        match segment {
            PathSegment::Field(key) => {
                let mut found = Vec::new();
                for (name, set) in &sets {
                    fields_at(document, name, set, key, &mut Vec::new(), &mut found);
                }
                current = found
                    .iter()
                    .find_map(|(parent, field)| FIELDS.get(parent.as_str())?.get(field.name.node.as_str()));
                let name = current.map(|ty| named(&ty.base).to_owned()).unwrap_or_default();
                sets = found
                    .into_iter()
                    .map(|(_, field)| (name.clone(), &field.selection_set.node))
                    .collect();
            }
            PathSegment::Index(_) => {
                current = match current.map(|ty| &ty.base) {
                    Some(BaseType::List(item)) => Some(item),
                    _ => None,
                };
            }
        }
        // What is not known to be whole may be null.
        if current.is_none_or(|ty| ty.nullable) {
            length = Some(place + 1);
        }
    }
    length
}

/// Fields of a selection that are answered under a key, with the types that they are selected on.
fn fields_at<'a>(
    document: &'a ExecutableDocument,
    on: &str,
    set: &'a SelectionSet,
    key: &str,
    opened: &mut Vec<&'a str>,
    found: &mut Vec<(String, &'a Field)>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                if field.node.response_key().node.as_str() == key {
                    found.push((on.to_owned(), &field.node));
                }
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let on = condition.map_or(on, |condition| condition.node.on.node.as_str());
                let set = &fragment.node.selection_set.node;
                fields_at(document, on, set, key, opened, found);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = document.fragments.get(name);
                let Some(fragment) = fragment.filter(|_| !opened.contains(&name)) else {
                    continue;
                };
                opened.push(name);
                let on = fragment.node.type_condition.node.on.node.as_str();
                let set = &fragment.node.selection_set.node;
                fields_at(document, on, set, key, opened, found);
            }
        }
    }
}

fn named(base: &BaseType) -> &str {
    match base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => named(&item.base),
    }
}

/// Makes null what is at the end of a path. An object whose fields have all failed is not there: it is made again.
fn put(data: &mut Value, path: &[PathSegment]) {
    let mut at = data;
    for segment in path {
        let next = match segment {
            PathSegment::Field(key) => {
                if *at == Value::Null {
                    *at = Value::Object(Default::default());
                }
                match at {
                    Value::Object(fields) => Some(fields.entry(Name::new(key)).or_insert(Value::Null)),
                    _ => None,
                }
            }
            PathSegment::Index(index) => match at {
                Value::List(items) => items.get_mut(*index),
                _ => None,
            },
        };
        let Some(next) = next else { return };
        at = next;
    }
    *at = Value::Null;
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    use super::*;

    fn completed(query: &str, data: Json, paths: &[Json]) -> Json {
        let document = parse_query(query).expect("the document parses");
        let (_, operation) = document.operations.iter().next().expect("an operation");
        let errors: Vec<ServerError> = paths
            .iter()
            .map(|path| {
                let mut error = ServerError::new("it failed", None);
                error.path = path
                    .as_array()
                    .expect("a path")
                    .iter()
                    .map(|segment| match segment {
                        Json::String(key) => PathSegment::Field(key.clone()),
                        index => PathSegment::Index(index.as_u64().expect("an index") as usize),
                    })
                    .collect();
                error
            })
            .collect();
        let mut data = Value::from_json(data).expect("data");
        complete(&mut data, &errors, &document, &operation.node);
        data.into_json().expect("JSON")
    }

    #[test]
    fn a_failed_field_is_null_and_what_must_be_whole_goes_with_it() {
        let page = "{ jobs { edges { node { id dataset { id name } } } } }";
        for (query, data, paths, expected) in [
            // A single root field that fails.
            (
                "{ viewer { id } }",
                json!(null),
                vec![json!(["viewer"])],
                json!({ "viewer": null }),
            ),
            // Others go on.
            (
                "{ a: viewer { id } viewer { id } }",
                json!({ "viewer": { "id": "x" } }),
                vec![json!(["a"])],
                json!({ "viewer": { "id": "x" }, "a": null }),
            ),
            // `id` must be there: without it there is no viewer.
            (
                "{ viewer { id } }",
                json!({ "viewer": null }),
                vec![json!(["viewer", "id"])],
                json!({ "viewer": null }),
            ),
            // Two fail, in an object that may be there without them.
            (
                "{ node(id: \"a\") { ... on Job { bestTrial { id } model { id } } } }",
                json!({ "node": null }),
                vec![json!(["node", "bestTrial"]), json!(["node", "model"])],
                json!({ "node": { "bestTrial": null, "model": null } }),
            ),
            // What is not null makes its list, and what that is in, null up to what may be.
            (
                page,
                json!({ "jobs": { "edges": [{ "node": { "id": "x" } }, { "node": { "id": "y" } }] } }),
                vec![json!(["jobs", "edges", 1, "node", "id"])],
                json!({ "jobs": null }),
            ),
            // Fragments and aliases, and a failure below what is null already.
            (
                "{ ...F } fragment F on Query { v: viewer { n: name } }",
                json!({ "v": null }),
                vec![json!(["v"]), json!(["v", "n"])],
                json!({ "v": null }),
            ),
            // What the schema does not know may be null.
            (
                "{ unknown { a } }",
                json!({}),
                vec![json!(["unknown", "a"])],
                json!({ "unknown": { "a": null } }),
            ),
        ] {
            assert_eq!(completed(query, data, &paths), expected, "{query}");
        }
    }

    #[test]
    fn our_own_schema_is_known() {
        assert!(FIELDS["Query"]["viewer"].nullable);
        assert!(!FIELDS["Job"]["id"].nullable);
        assert!(FIELDS.contains_key("Node"));
    }
}
