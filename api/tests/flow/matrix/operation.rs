//! Operations made from the schema: every place in an input that takes an id gets operations of its own.

use serde_json::{Map, Value, json};

use super::schema::{Argument, Field, Kind, Schema};

/// How deep inputs are followed.
const DEPTH: usize = 5;

/// What stands for the id at a place until it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Names from the argument on, for example `input.id`.
    pub path: String,
}

/// An operation with one root field.
#[derive(Clone)]
pub struct Operation {
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    pub field: Field,
    /// The place that is tried; none where the operation takes no id.
    pub tried: Option<Place>,
    /// All places of ids in it, the tried one included.
    pub places: Vec<Place>,
    /// Values of the arguments, ids being the paths of their places.
    arguments: Map<String, Value>,
}

impl Operation {
    /// Every operation of a root: one for each place of an id, or a single one without.
    pub fn all_of(schema: &Schema, root: &str, kind: &'static str) -> Vec<Self> {
        let mut all = Vec::new();
        for field in schema.fields(root) {
            let mut places = Vec::new();
            for argument in &field.arguments {
                find(schema, argument, "", DEPTH, &mut places);
            }
            let tried: Vec<Option<Place>> = if places.is_empty() {
                vec![None]
            } else {
                places.into_iter().map(Some).collect()
            };
            for place in tried {
                all.push(Self::new(schema, kind, field, place));
            }
        }
        all
    }

    fn new(schema: &Schema, kind: &'static str, field: &Field, tried: Option<Place>) -> Self {
        let path = tried.as_ref().map_or("", |place| place.path.as_str());
        let mut places = Vec::new();
        let mut arguments = Map::new();
        for argument in &field.arguments {
            if let Some(value) = value(schema, argument, "", path, &mut places) {
                arguments.insert(argument.name.clone(), value);
            }
        }
        Self {
            kind,
            field: field.clone(),
            tried,
            places,
            arguments,
        }
    }

    /// Its name for people, with the place that is tried.
    pub fn name(&self) -> String {
        match &self.tried {
            Some(place) => format!("{} {}", self.field.name, place.path),
            None => self.field.name.clone(),
        }
    }

    /// Replaces values that the generator cannot know.
    pub fn overridden(mut self, values: &Value) -> Self {
        let mut arguments = Value::Object(self.arguments);
        merge(&mut arguments, values);
        self.arguments = arguments.as_object().cloned().unwrap_or_default();
        self
    }

    /// The document. Of an object that may be of several types the plain fields of `node_type` are asked for.
    pub fn document(&self, schema: &Schema, node_type: &str) -> String {
        let mut declared = Vec::new();
        let mut passed = Vec::new();
        for argument in &self.field.arguments {
            if self.arguments.contains_key(&argument.name) {
                declared.push(format!("${}: {}", argument.name, argument.written));
                passed.push(format!("{0}: ${0}", argument.name));
            }
        }
        let selection = match schema.types.get(&self.field.base) {
            Some(Kind::Interface) => {
                let inner = schema.selection(node_type, 0);
                format!("{{ __typename id ... on {node_type} {inner} }}")
            }
            _ => schema.selection(&self.field.base, 2),
        };
        let brackets = |parts: &[String]| {
            if parts.is_empty() {
                String::new()
            } else {
                format!("({})", parts.join(", "))
            }
        };
        format!(
            "{} {} {{ {}{} {selection} }}",
            self.kind,
            brackets(&declared),
            self.field.name,
            brackets(&passed)
        )
    }

    /// The variables, with an id for each place.
    pub fn variables(&self, id_of: &dyn Fn(&Place) -> String) -> Value {
        let mut variables = Value::Object(self.arguments.clone());
        fill(&mut variables, &self.places, id_of);
        variables
    }
}

/// Finds every place of an id, required or not.
fn find(schema: &Schema, argument: &Argument, prefix: &str, depth: usize, places: &mut Vec<Place>) {
    let path = join(prefix, &argument.name);
    if argument.base == "ID" {
        places.push(Place { path });
        return;
    }
    if depth == 0 {
        return;
    }
    if let Some(Kind::Input(fields)) = schema.types.get(&argument.base) {
        for field in fields {
            find(schema, field, &path, depth - 1, places);
        }
    }
}

/// A value for an argument that is required, or that leads to the place that is tried; none for others.
fn value(
    schema: &Schema,
    argument: &Argument,
    prefix: &str,
    tried: &str,
    places: &mut Vec<Place>,
) -> Option<Value> {
    let path = join(prefix, &argument.name);
    let leads_there = tried == path || tried.starts_with(&format!("{path}."));
    if !argument.is_required && !leads_there {
        return None;
    }
    let value = match (argument.base.as_str(), schema.types.get(&argument.base)) {
        ("ID", _) => {
            places.push(Place { path: path.clone() });
            Value::from(path)
        }
        ("Int" | "Float" | "Long", _) => json!(60),
        ("Boolean", _) => json!(true),
        ("String", _) => json!("x"),
        ("DateTime", _) => json!("2030-01-01T00:00:00Z"),
        (_, Some(Kind::Enum(values))) => Value::from(values[0].clone()),
        (_, Some(Kind::Input(fields))) => {
            let mut object = Map::new();
            for field in fields {
                if let Some(inner) = value(schema, field, &path, tried, places) {
                    object.insert(field.name.clone(), inner);
                }
            }
            Value::Object(object)
        }
        _ => json!({}),
    };
    Some(if argument.is_list { json!([value]) } else { value })
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}.{name}")
    }
}

/// In OVERRIDES: the beginning of a row of the person's own, by its noun.
pub const OWN: &str = "OWN ";

fn fill(value: &mut Value, places: &[Place], id_of: &dyn Fn(&Place) -> String) {
    match value {
        Value::String(text) => {
            if let Some(place) = places.iter().find(|place| place.path == *text) {
                *text = id_of(place);
            } else if text.starts_with(OWN) {
                *text = id_of(&Place { path: text.clone() });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, places, id_of)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, places, id_of)),
        _ => {}
    }
}

/// Writes `over` into `base`, field by field.
fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (name, value) in over {
                merge(base.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}
