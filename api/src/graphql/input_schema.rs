//! What rows a model takes, as a JSON Schema: for forms and validators of others. It says what `predict` refuses, no more: a
//! value that the training data had not is a warning there, and words here.

use model::value::MISSING_TOKENS;
use model::{Input, InputKind};
use serde_json::{Map, Value, json};

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Training values that are named as examples at most.
const EXAMPLES: usize = 20;

/// The schema of one row of a model that predicts `target` from these inputs.
pub fn of(target: &str, inputs: &[Input]) -> Value {
    let mut properties = Map::new();
    for input in inputs {
        properties.insert(input.name.clone(), property(input));
    }
    json!({
        "$schema": DIALECT,
        "title": format!("A row from which {target} is predicted"),
        "description": "Every input may be absent or null: then it counts as missing. Names that are not listed are ignored.",
        "type": "object",
        "properties": properties,
        "required": [],
    })
}

/// The median or the most frequent training value of each input, null where there is none.
pub fn example(inputs: &[Input]) -> Value {
    let mut row = Map::new();
    for input in inputs {
        row.insert(input.name.clone(), typical(input));
    }
    Value::Object(row)
}

fn property(input: &Input) -> Value {
    match input.kind {
        InputKind::Number => {
            let description = match input.range {
                Some((low, high)) => format!("The training data had numbers from {low} to {high}."),
                None => "The training data had no finite number.".to_owned(),
            };
            // Some texts are a missing value to `predict`; no other text is a number.
            json!({
                "description": description,
                "anyOf": [{ "type": ["number", "null"] }, { "enum": MISSING_TOKENS }],
                "examples": [typical(input)],
            })
        }
        InputKind::Text => {
            let known = input.examples.len();
            let description = match known {
                0 => "A text.".to_owned(),
                _ => format!("A text. The {known} most frequent values of the training data are known best."),
            };
            let examples: Vec<&String> = input.examples.iter().take(EXAMPLES).collect();
            json!({
                "description": description,
                "type": ["string", "number", "boolean", "null"],
                "examples": examples,
            })
        }
    }
}

fn typical(input: &Input) -> Value {
    if input.typical.is_empty() {
        return Value::Null;
    }
    match input.kind {
        InputKind::Number => input.typical.parse::<f64>().map_or(Value::Null, Value::from),
        InputKind::Text => Value::from(input.typical.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_properties_of_their_types() {
        let input = |name: &str, kind, range, examples: &[&str], typical: &str| Input {
            name: name.to_owned(),
            kind,
            range,
            examples: examples.iter().map(|text| (*text).to_owned()).collect(),
            typical: typical.to_owned(),
        };
        let inputs = [
            input("mass", InputKind::Number, Some((1.0, 2.5)), &[], "1.5"),
            input("\"quoted\" $ref", InputKind::Text, None, &["a", "b"], "a"),
            input("empty", InputKind::Text, None, &[], ""),
        ];
        let schema = of("species", &inputs);
        assert_eq!(schema["$schema"], DIALECT);
        assert_eq!(schema["required"], json!([]));
        assert_eq!(
            schema["properties"]["mass"]["description"],
            "The training data had numbers from 1 to 2.5."
        );
        assert_eq!(
            schema["properties"]["\"quoted\" $ref"]["examples"],
            json!(["a", "b"])
        );
        assert_eq!(
            example(&inputs),
            json!({ "mass": 1.5, "\"quoted\" $ref": "a", "empty": null })
        );
    }
}
