//! Every field that leads from one object to another: the owner gets there, and nobody gets from their own object to another's,
//! even where a row of theirs names one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::schema::{Field, Kind, Schema};
use super::world::{CANARY, NOUNS, OF_THE_SERVER, World};

/// Fields that the owner of the prepared rows cannot follow to an object, with the reason. One that leads somewhere (again) fails
/// the test.
const LEADS_NOWHERE: &[(&str, &str)] = &[("Worker.tasks", "the prepared worker does nothing")];

/// A way from an object with an id to another: names of fields, the last one being the edge.
struct Edge {
    from: String,
    path: Vec<String>,
    /// Type that holds the edge, and its name, for people.
    name: String,
    to: String,
}

impl Edge {
    fn document(&self) -> String {
        let mut selection = "{ __typename id }".to_owned();
        for field in self.path.iter().rev() {
            selection = format!("{{ {field} {selection} }}");
        }
        format!(
            "query ($id: ID!) {{ node(id: $id) {{ ... on {} {selection} }} }}",
            self.from
        )
    }
}

/// Every edge, each by the shortest way.
fn edges(schema: &Schema) -> Vec<Edge> {
    let mut found = Vec::new();
    for from in schema.nodes() {
        follow(schema, &from, &from, &[], 0, &mut found);
    }
    found
}

/// Follows the fields of a type; through types without an id, of which a connection and a row of a table are examples.
fn follow(schema: &Schema, from: &str, holder: &str, path: &[String], depth: usize, found: &mut Vec<Edge>) {
    for field in schema.fields(holder) {
        assert!(
            field.arguments.iter().all(|argument| argument.base != "ID"),
            "{holder}.{} takes an id: the matrix tries ids at the roots only, so extend it",
            field.name
        );
        if field.arguments.iter().any(|argument| argument.is_required) || field.base == "Query" {
            continue;
        }
        let mut longer = path.to_vec();
        longer.push(field.name.clone());
        if schema.is_node(&field.base) {
            found.push(edge(from, holder, field, longer));
        } else if matches!(schema.types.get(&field.base), Some(Kind::Object { .. })) && depth < 3 {
            follow(schema, from, &field.base, &longer, depth + 1, found);
        }
    }
}

fn edge(from: &str, holder: &str, field: &Field, path: Vec<String>) -> Edge {
    Edge {
        from: from.to_owned(),
        path,
        name: format!("{holder}.{}", field.name),
        to: field.base.clone(),
    }
}

/// All values of `id` in an answer.
fn ids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(id)) = fields.get("id") {
                found.insert(id.clone());
            }
            fields.values().for_each(|field| ids(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| ids(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn edges_end_at_what_is_somebody_else_s() {
    let schema = Schema::of_the_server();
    let world = World::entangled().await;
    let application = &world.application;
    let edges = edges(&schema);
    assert!(edges.len() >= 8, "only {} edges were found", edges.len());
    let mut of_ann = BTreeSet::new();
    for (noun, _) in NOUNS {
        of_ann.insert(world.ann.id(noun));
    }
    for edge in edges {
        let noun = NOUNS.iter().find(|(_, name)| *name == edge.from);
        let (noun, _) =
            noun.unwrap_or_else(|| panic!("{} is not among NOUNS: add it, and a row of it", edge.from));
        let document = edge.document();
        if OF_THE_SERVER.contains(noun) {
            assert_leads_administrators_only(&world, &edge, &document, noun).await;
            continue;
        }
        let own = json!({ "id": world.ann.id(noun) });
        let answer = application.graphql(&application.ann, &document, own).await;
        assert!(answer.get("errors").is_none(), "{}: {answer}", edge.name);
        let mut reached = BTreeSet::new();
        ids(&answer, &mut reached);
        let nowhere = LEADS_NOWHERE.iter().any(|(name, _)| *name == edge.name);
        assert_ne!(
            reached.is_empty(),
            !nowhere,
            "{} by {:?} to {}: {answer}",
            edge.name,
            edge.path,
            edge.to
        );
        let own = json!({ "id": world.bob.id(noun) });
        let answer = application.graphql(&application.bob, &document, own).await;
        assert!(
            answer["data"]["node"].is_object() || answer["data"]["node"].is_null(),
            "{answer}"
        );
        let mut reached = BTreeSet::new();
        ids(&answer, &mut reached);
        assert!(
            reached.is_disjoint(&of_ann) && !answer.to_string().contains(CANARY),
            "{}: Bob gets to Ann's: {answer}",
            edge.name
        );
    }
}

/// What is the server's own leads administrators on, and nobody else begins there.
async fn assert_leads_administrators_only(world: &World, edge: &Edge, document: &str, noun: &str) {
    let application = &world.application;
    let of_ann = json!({ "id": world.ann.id(noun) });
    for other in [&application.ann, &application.bob] {
        let answer = application.graphql(other, document, of_ann.clone()).await;
        assert_eq!(answer["data"]["node"], Value::Null, "{}: {answer}", edge.name);
    }
    let answer = application.graphql(&world.admin, document, of_ann).await;
    assert!(answer.get("errors").is_none(), "{}: {answer}", edge.name);
    let mut reached = BTreeSet::new();
    ids(&answer, &mut reached);
    let nowhere = LEADS_NOWHERE.iter().any(|(name, _)| *name == edge.name);
    assert_ne!(reached.is_empty(), !nowhere, "{}: {answer}", edge.name);
}

#[tokio::test]
async fn whole_objects_of_bob_hold_nothing_of_ann() {
    let schema = Schema::of_the_server();
    let world = World::entangled().await;
    let application = &world.application;
    for (noun, node_type) in NOUNS {
        if !schema.is_node(node_type) || OF_THE_SERVER.contains(&noun) {
            continue;
        }
        for depth in [1, 2] {
            let selection = schema.selection(node_type, depth);
            let document =
                format!("query ($id: ID!) {{ node(id: $id) {{ ... on {node_type} {selection} }} }}");
            let own = json!({ "id": world.ann.id(noun) });
            let answer = application.graphql(&application.ann, &document, own).await;
            // What is too much for one request is seen at the smaller depth.
            if depth > 1 && answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX" {
                continue;
            }
            assert!(answer.to_string().contains(CANARY), "{node_type}: {answer}");
            let own = json!({ "id": world.bob.id(noun) });
            let answer = application.graphql(&application.bob, &document, own).await;
            assert!(!answer["data"]["node"].is_null(), "{node_type}: {answer}");
            assert!(!answer.to_string().contains(CANARY), "{node_type}: {answer}");
        }
    }
}

#[tokio::test]
async fn lists_hold_what_is_the_viewer_s() {
    let schema = Schema::of_the_server();
    let world = World::entangled().await;
    let application = &world.application;
    let mut lists = 0;
    for field in schema.fields("Query") {
        if field.arguments.iter().any(|argument| argument.is_required)
            || super::ADMIN_ROOTS.contains(&field.name.as_str())
        {
            continue;
        }
        let selection = schema.selection(&field.base, 2);
        if !selection.contains(" id ") && !selection.contains("{ id ") {
            continue;
        }
        let document = format!("{{ {} {selection} }}", field.name);
        let own = application.graphql(&application.ann, &document, json!({})).await;
        assert!(own.to_string().contains(CANARY), "{}: {own}", field.name);
        for other in [&application.bob, &world.admin] {
            let answer = application.graphql(other, &document, json!({})).await;
            assert!(answer.get("errors").is_none(), "{}: {answer}", field.name);
            assert!(!answer.to_string().contains(CANARY), "{}: {answer}", field.name);
        }
        lists += 1;
    }
    assert!(lists >= 4, "only {lists} lists were found");
}
