//! What a caller should know of a row that the model nevertheless answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Loaded;
use crate::transform::{Transform, category};
use crate::value::{self, Value};

/// A doubt about one value of a row to predict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// The input has no value.
    Missing {
        /// Name of the input.
        input: String,
    },
    /// The training data had no such value, or too seldom.
    UnseenCategory {
        /// Name of the input.
        input: String,
        /// The value.
        value: String,
    },
    /// The number lies outside what the training data had.
    OutOfRange {
        /// Name of the input.
        input: String,
        /// The value.
        value: f64,
        /// Smallest training value.
        low: f64,
        /// Largest training value.
        high: f64,
    },
    /// The text is no real date in the format of the training data; it counts as missing.
    InvalidDate {
        /// Name of the input.
        input: String,
        /// The text.
        value: String,
        /// The format, for example `YYYY-MM-DD`.
        format: String,
    },
    /// The model has no input of that name; the value was ignored.
    UnknownColumn {
        /// The name given.
        name: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { input } => write!(formatter, "`{input}` has no value"),
            Self::UnseenCategory { input, value } => {
                write!(
                    formatter,
                    "`{input}`: `{value}` is not among the values the model knows"
                )
            }
            Self::OutOfRange {
                input,
                value,
                low,
                high,
            } => {
                write!(
                    formatter,
                    "`{input}`: {value} lies outside the training data ({low} to {high})"
                )
            }
            Self::InvalidDate { input, value, format } => {
                write!(
                    formatter,
                    "`{input}`: `{value}` is no real date like {format}, and counts as missing"
                )
            }
            Self::UnknownColumn { name } => {
                write!(formatter, "the model has no input `{name}`; it was ignored")
            }
        }
    }
}

impl Loaded {
    /// Puts named values into the order of the inputs; an input that is not named is missing. The second part warns of every
    /// name that the model does not know.
    pub fn arrange<'v>(
        &self,
        named: impl IntoIterator<Item = (&'v str, Value<'v>)>,
    ) -> (Vec<Value<'v>>, Vec<Warning>) {
        let mut values = vec![Value::Missing; self.model.inputs.len()];
        let mut unknown = Vec::new();
        for (name, value) in named {
            match self.model.inputs.iter().position(|input| input.name == name) {
                Some(position) => values[position] = value,
                None => unknown.push(Warning::UnknownColumn {
                    name: name.to_owned(),
                }),
            }
        }
        (values, unknown)
    }

    /// Doubts about a row: `values` has one value an input of the model, in their order.
    pub fn warnings(&self, values: &[Value<'_>]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (position, (input, value)) in self.model.inputs.iter().zip(values).enumerate() {
            if value.is_missing() {
                warnings.push(Warning::Missing {
                    input: input.name.clone(),
                });
                continue;
            }
            if let (Value::Number(number), Some((low, high))) = (value, input.range)
                && !(low..=high).contains(number)
            {
                warnings.push(Warning::OutOfRange {
                    input: input.name.clone(),
                    value: *number,
                    low,
                    high,
                });
            }
            self.warn_of_text(position, *value, &mut warnings);
        }
        warnings
    }

    fn warn_of_text(&self, position: usize, value: Value<'_>, warnings: &mut Vec<Warning>) {
        let number = if let Value::Number(number) = value {
            value::number_text(number)
        } else {
            None
        };
        let text = match (&number, value) {
            (Some(number), _) => number.as_str(),
            (None, Value::Text(text)) => text,
            (None, _) => return,
        };
        let input = &self.model.inputs[position].name;
        for ((source, transform), words) in self.model.encoder.steps.iter().zip(&self.index) {
            if *source != position {
                continue;
            }
            match transform {
                Transform::Category(category::Category { .. }) if !words.contains_key(text) => {
                    warnings.push(Warning::UnseenCategory {
                        input: input.clone(),
                        value: text.to_owned(),
                    });
                }
                Transform::Date(date) if date.format.parse(text).is_none() => {
                    let format = date.format.pattern().to_owned();
                    warnings.push(Warning::InvalidDate {
                        input: input.clone(),
                        value: text.to_owned(),
                        format,
                    });
                }
                _ => {}
            }
        }
    }
}
