//! The parameters of a GraphQL request, from a JSON body or a query string.

use std::collections::HashMap;

use async_graphql::Variables;
use serde_json::{Map, Value};

/// A well-formed request.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// The document.
    pub query: String,
    /// Which operation of it.
    pub operation_name: Option<String>,
    /// Values of its variables.
    pub variables: Variables,
}

impl Params {
    /// From the body of a POST.
    ///
    /// # Errors
    /// What is wrong with the body.
    pub fn from_json(body: &[u8]) -> Result<Self, String> {
        if body.is_empty() {
            return Err("The body is empty; send a JSON object with `query`.".to_owned());
        }
        let body: Value =
            serde_json::from_slice(body).map_err(|error| format!("The body is not JSON: {error}."))?;
        match body {
            Value::Object(fields) => Self::from_object(fields),
            Value::Array(_) => Err("Batches are not supported; send one request at a time.".to_owned()),
            _ => Err("The body must be a JSON object with `query`.".to_owned()),
        }
    }

    /// From an object, such as the payload of a WebSocket `subscribe` message.
    ///
    /// # Errors
    /// Which parameter is missing or of the wrong type.
    pub fn from_object(mut fields: Map<String, Value>) -> Result<Self, String> {
        let query = match fields.remove("query") {
            Some(Value::String(query)) => query,
            None | Some(Value::Null) => return Err("`query` is missing.".to_owned()),
            Some(_) => return Err("`query` must be a string.".to_owned()),
        };
        let operation_name = match fields.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err("`operationName` must be a string or null.".to_owned()),
        };
        let variables = match fields.remove("variables") {
            None | Some(Value::Null) => Variables::default(),
            Some(variables @ Value::Object(_)) => Variables::from_json(variables),
            Some(_) => return Err("`variables` must be an object or null.".to_owned()),
        };
        match fields.remove("extensions") {
            None | Some(Value::Null | Value::Object(_)) => {}
            Some(_) => return Err("`extensions` must be an object or null.".to_owned()),
        }
        Ok(Self {
            query,
            operation_name,
            variables,
        })
    }

    /// From the query string of a GET, where `variables` and `extensions` are JSON text.
    ///
    /// # Errors
    /// Which parameter is missing or of the wrong type.
    pub fn from_query(mut fields: HashMap<String, String>) -> Result<Self, String> {
        let mut object = Map::new();
        for name in ["query", "operationName"] {
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
                let value =
                    serde_json::from_str(&text).map_err(|error| format!("`{name}` is not JSON: {error}."))?;
                object.insert(name.to_owned(), value);
            }
        }
        Self::from_object(object)
    }
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
        ] {
            assert!(Params::from_json(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "null",
            "[]",
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
        ] {
            assert!(Params::from_json(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = format!("{{\"query\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Params::from_json(deep.as_bytes()).is_err());
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
