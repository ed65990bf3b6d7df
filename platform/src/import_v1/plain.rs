//! Values as DynamoDB writes them, `{"S": "text"}` or `{"N": "12.5"}`, as plain JSON.

use serde_json::{Map, Number, Value};

/// The attributes of an item; none: it is not one.
pub fn item(value: &Value) -> Option<Map<String, Value>> {
    let attributes = value.as_object()?.iter();
    attributes
        .map(|(name, value)| Some((name.clone(), plain(value)?)))
        .collect()
}

/// One value; none: it has no type that DynamoDB knows, or is not of its type. As deep as its JSON, which the reader bounds.
fn plain(value: &Value) -> Option<Value> {
    let typed = value.as_object().filter(|typed| typed.len() == 1)?;
    let (kind, inner) = typed.iter().next()?;
    match kind.as_str() {
        "S" => inner.as_str().map(Value::from),
        "N" => number(inner.as_str()?),
        "BOOL" => inner.as_bool().map(Value::from),
        "NULL" => Some(Value::Null),
        "M" => item(inner).map(Value::Object),
        "L" => list(inner, plain),
        "SS" => list(inner, |text| text.as_str().map(Value::from)),
        "NS" => list(inner, |text| number(text.as_str()?)),
        // Version 1 keeps no bytes.
        "B" | "BS" => Some(Value::Null),
        _ => None,
    }
}

fn list(values: &Value, one: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
    let values: Option<Vec<Value>> = values.as_array()?.iter().map(one).collect();
    values.map(Value::Array)
}

/// Whole where it is, else the nearest that there is.
fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    Number::from_f64(text.parse().ok()?).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_becomes_plain() {
        let typed = json!({
            "text": { "S": "a" }, "whole": { "N": "12" }, "part": { "N": "0.5" }, "yes": { "BOOL": true },
            "none": { "NULL": true }, "map": { "M": { "x": { "L": [{ "N": "1" }, { "S": "b" }] } } },
            "words": { "SS": ["c"] }, "numbers": { "NS": ["1", "2.5"] }, "bytes": { "B": "AA==" },
        });
        let plain = json!({
            "text": "a", "whole": 12, "part": 0.5, "yes": true, "none": null, "map": { "x": [1, "b"] },
            "words": ["c"], "numbers": [1, 2.5], "bytes": null,
        });
        assert_eq!(item(&typed).map(Value::Object), Some(plain));
    }

    #[test]
    fn what_has_no_type_or_another_one_is_no_item() {
        for value in [
            json!(null),
            json!([]),
            json!({ "a": "b" }),
            json!({ "a": {} }),
            json!({ "a": { "S": 1 } }),
            json!({ "a": { "S": "b", "N": "1" } }),
            json!({ "a": { "N": "one" } }),
            json!({ "a": { "N": "1e999" } }),
            json!({ "a": { "N": 1 } }),
            json!({ "a": { "X": "b" } }),
            json!({ "a": { "L": [{ "Y": 1 }] } }),
        ] {
            assert_eq!(item(&value), None, "{value}");
        }
    }
}
