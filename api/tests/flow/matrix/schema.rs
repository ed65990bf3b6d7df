//! The schema that the server runs, as far as the matrix asks: which fields lead to objects, and which inputs name them.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};

/// Types by name.
pub struct Schema {
    pub types: BTreeMap<String, Kind>,
}

/// What a type is.
pub enum Kind {
    Object { fields: Vec<Field>, is_node: bool },
    Input(Vec<Argument>),
    Enum(Vec<String>),
    Interface,
    Scalar,
}

/// A field of an object.
#[derive(Clone)]
pub struct Field {
    pub name: String,
    pub arguments: Vec<Argument>,
    /// Name of its type without list and null.
    pub base: String,
}

/// An argument of a field, or a field of an input.
#[derive(Clone)]
pub struct Argument {
    pub name: String,
    pub base: String,
    /// The type as it is written.
    pub written: String,
    pub is_list: bool,
    pub is_required: bool,
}

impl Schema {
    /// The schema of this program.
    pub fn of_the_server() -> Self {
        let document = parse_schema(api::sdl()).expect("the schema parses");
        let mut types = BTreeMap::new();
        for name in ["ID", "String", "Int", "Float", "Boolean"] {
            types.insert(name.to_owned(), Kind::Scalar);
        }
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let definition = definition.node;
            let kind = match definition.kind {
                TypeKind::Object(object) => Kind::Object {
                    is_node: object.implements.iter().any(|name| name.node == "Node"),
                    fields: object
                        .fields
                        .into_iter()
                        .map(|field| self::field(field.node))
                        .collect(),
                },
                TypeKind::InputObject(input) => Kind::Input(
                    input
                        .fields
                        .into_iter()
                        .map(|field| argument(&field.node))
                        .collect(),
                ),
                TypeKind::Enum(values) => {
                    let name = |value: &async_graphql::Positioned<
                        async_graphql::parser::types::EnumValueDefinition,
                    >| value.node.value.node.to_string();
                    Kind::Enum(values.values.iter().map(name).collect())
                }
                TypeKind::Interface(_) | TypeKind::Union(_) => Kind::Interface,
                TypeKind::Scalar => Kind::Scalar,
            };
            types.insert(definition.name.node.to_string(), kind);
        }
        Self { types }
    }

    /// Fields of an object; none of anything else.
    pub fn fields(&self, name: &str) -> &[Field] {
        match self.types.get(name) {
            Some(Kind::Object { fields, .. }) => fields,
            _ => &[],
        }
    }

    pub fn is_node(&self, name: &str) -> bool {
        matches!(self.types.get(name), Some(Kind::Object { is_node: true, .. }))
    }

    /// Names of all types with an id that anybody can ask for.
    pub fn nodes(&self) -> BTreeSet<String> {
        self.types
            .keys()
            .filter(|name| self.is_node(name))
            .cloned()
            .collect()
    }

    /// What to select of a type to see its plain fields, and those of the objects in it down to `depth`. What another request may
    /// answer as well (`query`) is left out. Empty for a type without fields.
    pub fn selection(&self, name: &str, depth: usize) -> String {
        let mut parts = Vec::new();
        for field in self.fields(name) {
            let needs_arguments = field.arguments.iter().any(|argument| argument.is_required);
            if needs_arguments || field.base == "Query" {
                continue;
            }
            match self.types.get(&field.base) {
                Some(Kind::Scalar | Kind::Enum(_)) => parts.push(field.name.clone()),
                Some(Kind::Object { .. }) if depth > 0 => {
                    let inner = self.selection(&field.base, depth - 1);
                    if !inner.is_empty() {
                        parts.push(format!("{} {inner}", field.name));
                    }
                }
                _ => {}
            }
        }
        if parts.is_empty() {
            return String::new();
        }
        format!("{{ {} }}", parts.join(" "))
    }
}

fn field(definition: FieldDefinition) -> Field {
    Field {
        name: definition.name.node.to_string(),
        arguments: definition
            .arguments
            .into_iter()
            .map(|one| argument(&one.node))
            .collect(),
        base: base(&definition.ty.node),
    }
}

fn argument(definition: &InputValueDefinition) -> Argument {
    let written = &definition.ty.node;
    Argument {
        name: definition.name.node.to_string(),
        base: base(written),
        written: written.to_string(),
        is_list: matches!(written.base, BaseType::List(_)),
        is_required: !written.nullable && definition.default_value.is_none(),
    }
}

fn base(written: &Type) -> String {
    match &written.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}
