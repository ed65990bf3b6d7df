//! Free-form values.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// Any JSON value. It is used where the shape is the user's own: rows by column name, hyperparameters by name, JSON schemas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Json(pub serde_json::Value);

/// Any JSON value. It is used where the shape is the user's own: rows by column name, hyperparameters by name, JSON schemas.
#[Scalar(
    name = "JSON",
    specified_by_url = "https://datatracker.ietf.org/doc/html/rfc8259"
)]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value
            .into_json()
            .map(Self)
            .map_err(|cause| InputValueError::custom(format!("this is no JSON value: {cause}")))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}
