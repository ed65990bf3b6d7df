//! Whole numbers beyond 2^31.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use serde::{Deserialize, Serialize};

/// Whole number of 64 bits, as a JSON number: counts of rows and bytes outgrow `Int`, which ends at 2^31. Clients that keep
/// numbers as doubles are exact up to 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Long(pub i64);

/// Whole number of 64 bits, as a JSON number: counts of rows and bytes outgrow `Int`, which ends at 2^31. Clients that keep
/// numbers as doubles are exact up to 2^53.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc8259#section-6")]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number
                .as_i64()
                .map(Self)
                .ok_or_else(|| InputValueError::expected_type(value)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::Number(number) if number.is_i64())
    }

    fn to_value(&self) -> Value {
        Value::Number(self.0.into())
    }
}
