//! The parameters of a GraphQL request, from a JSON body or a query string.

use std::collections::HashMap;

use async_graphql::Variables;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A well-formed request.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// The document; empty when it is only named.
    pub query: String,
    /// The name of a document, instead of the document or with it.
    pub document: Option<DocumentName>,
    /// Which operation of it.
    pub operation_name: Option<String>,
    /// Values of its variables.
    pub variables: Variables,
}

/// How a request names its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentName {
    /// By `documentId`.
    Id(String),
    /// By `extensions.persistedQuery`, as Apollo's clients do; a document beside it is to be kept under that name.
    Apollo {
        /// Version of that protocol.
        version: Value,
        /// SHA-256 of the document's text.
        hash: String,
    },
}

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not JSON.
    NotJson(String),
    /// It is JSON, and not a GraphQL request.
    Malformed(String),
}

impl Unreadable {
    /// What is wrong, for people.
    pub fn message(&self) -> &str {
        match self {
            Self::NotJson(message) | Self::Malformed(message) => message,
        }
    }
}

/// The body that most requests have, read in one go. Whatever else there is in a body, or is wrong with it, is found by whoever
/// reads it field by field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Plain {
    query: String,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
}

fn plain(body: &[u8]) -> Option<Params> {
    // An array would be taken for the fields in their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let plain: Plain = serde_json::from_slice(body).ok()?;
    Some(Params {
        query: plain.query,
        document: None,
        operation_name: plain.operation_name,
        variables: plain.variables,
    })
}

fn malformed<T>(message: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable::Malformed(message.into()))
}

impl Params {
    /// From the body of a POST.
    ///
    /// # Errors
    /// What is wrong with the body.
    pub fn from_json(body: &[u8]) -> Result<Self, Unreadable> {
        if body.is_empty() {
            let message = "The body is empty; send a JSON object with `query`.";
            return Err(Unreadable::NotJson(message.to_owned()));
        }
        if let Some(plain) = plain(body) {
            return Ok(plain);
        }
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| Unreadable::NotJson(format!("The body is not JSON: {error}.")))?;
        match body {
            Value::Object(fields) => Self::from_object(fields),
            Value::Array(_) => malformed("Batches are not supported; send one request at a time."),
            _ => malformed("The body must be a JSON object with `query`."),
        }
    }

    /// From an object, such as the payload of a WebSocket `subscribe` message.
    ///
    /// # Errors
    /// Which parameter is missing or of the wrong type.
    pub fn from_object(mut fields: Map<String, Value>) -> Result<Self, Unreadable> {
        let document = document_name(&mut fields)?;
        let query = match fields.remove("query") {
            Some(Value::String(query)) => query,
            None | Some(Value::Null) if document.is_some() => String::new(),
            None | Some(Value::Null) => return malformed("`query` is missing."),
            Some(_) => return malformed("`query` must be a string."),
        };
        let operation_name = match fields.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return malformed("`operationName` must be a string or null."),
        };
        let variables = match fields.remove("variables") {
            None | Some(Value::Null) => Variables::default(),
            Some(variables @ Value::Object(_)) => Variables::from_json(variables),
            Some(_) => return malformed("`variables` must be an object or null."),
        };
        Ok(Self {
            query,
            document,
            operation_name,
            variables,
        })
    }

    /// From the query string of a GET, where `variables` and `extensions` are JSON text.
    ///
    /// # Errors
    /// Which parameter is missing or of the wrong type.
    pub fn from_query(mut fields: HashMap<String, String>) -> Result<Self, Unreadable> {
        let mut object = Map::new();
        for name in ["query", "documentId", "operationName"] {
            if let Some(text) = fields.remove(name) {
                object.insert(name.to_owned(), Value::String(text));
            }
        }
        // An empty operationName in a query string means that there is none.
        if object.get("operationName").is_some_and(|name| name == "") {
            object.remove("operationName");
        }
        for name in ["variables", "extensions"] {
            if let Some(text) = fields.remove(name).filter(|text| !text.is_empty()) {
                let value = serde_json::from_str(&text)
                    .map_err(|error| Unreadable::NotJson(format!("`{name}` is not JSON: {error}.")))?;
                object.insert(name.to_owned(), value);
            }
        }
        Self::from_object(object)
    }
}

/// The name of the document, if the request has one; its extensions are checked on the way.
fn document_name(fields: &mut Map<String, Value>) -> Result<Option<DocumentName>, Unreadable> {
    let mut extensions = match fields.remove("extensions") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(extensions)) => extensions,
        Some(_) => return malformed("`extensions` must be an object or null."),
    };
    let id = match fields.remove("documentId") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(DocumentName::Id(id)),
        Some(_) => return malformed("`documentId` must be a string or null."),
    };
    let apollo = match extensions.remove("persistedQuery") {
        None | Some(Value::Null) => None,
        Some(Value::Object(mut persisted)) => match persisted.remove("sha256Hash") {
            Some(Value::String(hash)) => Some(DocumentName::Apollo {
                version: persisted.remove("version").unwrap_or_default(),
                hash,
            }),
            _ => return malformed("`extensions.persistedQuery` needs a `sha256Hash`, a string."),
        },
        Some(_) => return malformed("`extensions.persistedQuery` must be an object."),
    };
    if id.is_some() && apollo.is_some() {
        return malformed("Name the document once: by `documentId` or by `extensions.persistedQuery`.");
    }
    Ok(id.or(apollo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_types_are_refused_and_nulls_are_not() {
        for good in [
            r#"{"query":"{a}"}"#,
            r#"{"query":"{a}","variables":null,"operationName":null,"extensions":null}"#,
            r#"{"query":"{a}","variables":{"x":[1]},"operationName":"Q","extensions":{"y":1},"other":1}"#,
            r#"{"documentId":"sha256:ab"}"#,
            r#"{"query":null,"documentId":"ab"}"#,
            r#"{"query":"{a}","documentId":null}"#,
            r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":null}}"#,
        ] {
            assert!(Params::from_json(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "null",
            "[]",
            "[\"{a}\"]",
            "{",
            "\"{a}\"",
            "{}",
            r#"{"query":null}"#,
            r#"{"query":{}}"#,
            r#"{"query":0}"#,
            r#"{"query":"{a}","operationName":1}"#,
            r#"{"query":"{a}","variables":"x"}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","extensions":[]}"#,
            r#"{"documentId":1}"#,
            r#"{"query":1,"documentId":"ab"}"#,
            r#"{"extensions":{"persistedQuery":1}}"#,
            r#"{"extensions":{"persistedQuery":{"version":1}}}"#,
            r#"{"documentId":"ab","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
        ] {
            assert!(Params::from_json(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = format!("{{\"query\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Params::from_json(deep.as_bytes()).is_err());
    }

    proptest::proptest! {
        /// Read in one go or field by field, it is the same.
        #[test]
        fn a_plain_body_is_read_the_same_both_ways(
            query in ".*",
            name in proptest::option::of("[a-z]*"),
            keys in proptest::collection::btree_map("[a-z]{1,3}", json(), 0..4),
        ) {
            let body = serde_json::json!({ "query": query, "operationName": name, "variables": keys });
            let text = body.to_string();
            let Value::Object(fields) = body else { unreachable!("it is an object") };
            let (at_once, by_field) = (plain(text.as_bytes()).unwrap(), Params::from_object(fields).unwrap());
            proptest::prop_assert_eq!(&at_once.query, &by_field.query);
            proptest::prop_assert_eq!(&at_once.operation_name, &by_field.operation_name);
            proptest::prop_assert_eq!(&at_once.variables, &by_field.variables);
        }
    }

    /// Any JSON.
    fn json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            proptest::num::f64::NORMAL.prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-z_$]*", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn a_query_string_carries_json() {
        let fields = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect::<HashMap<_, _>>()
        };
        let params = Params::from_query(fields(&[
            ("query", "{a}"),
            ("variables", "{\"x\":1}"),
            ("operationName", ""),
        ]));
        assert_eq!(params.unwrap().variables.len(), 1);
        assert!(Params::from_query(fields(&[("query", "{a}"), ("variables", "[1]")])).is_err());
        assert!(Params::from_query(fields(&[("query", "{a}"), ("variables", "{")])).is_err());
        assert!(Params::from_query(fields(&[("variables", "{}")])).is_err());
    }
}
