//! Encoding a table for training and a row for serving: the same steps on the same dictionary.

use thiserror::Error;

use super::{Encoder, Step, WordIndex};
use crate::frame::MISSING_CODE;
use crate::value::{self, Value};
use crate::{Column, Frame, Input, InputKind};

/// Why raw values could not be encoded.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EncodeError {
    /// The table lacks columns that the model needs.
    #[error("the table lacks {}: add the missing columns (they may be blank)", quoted(.0))]
    MissingColumns(Vec<String>),
    /// A text where the model takes a number.
    #[error("`{input}` takes numbers, but a value is the text `{text}`: give a number, or leave it blank")]
    NotANumber {
        /// Name of the input.
        input: String,
        /// The offending text.
        text: String,
    },
    /// A row with the wrong number of values.
    #[error("a row has {found} values, but the model takes {expected} inputs")]
    Width {
        /// Number of inputs of the model.
        expected: usize,
        /// Number of values given.
        found: usize,
    },
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

impl Encoder {
    /// Encodes a table: one vector a feature, each with `frame.rows` values. Text columns cost one look-up a dictionary entry.
    ///
    /// Columns are found by name; others are ignored. A number column for a text input is read as [`value::number_text`]; a
    /// text column for a number input is accepted when each of its entries is a number ([`value::parse_number`]).
    ///
    /// # Errors
    /// `MissingColumns` names every input that the table lacks; `NotANumber` names the first text in a number input.
    pub fn encode(&self, inputs: &[Input], frame: &Frame) -> Result<Vec<Vec<f64>>, EncodeError> {
        let lacking: Vec<String> = inputs
            .iter()
            .map(|input| &input.name)
            .filter(|name| frame.position(name).is_none())
            .cloned()
            .collect();
        if !lacking.is_empty() {
            return Err(EncodeError::MissingColumns(lacking));
        }
        let mut features = Vec::with_capacity(self.features.len());
        for (position, transform) in &self.steps {
            let input = &inputs[*position];
            let Some(column) = frame.column(&input.name) else {
                continue;
            };
            let step = transform.step();
            let columns = match step.takes() {
                InputKind::Number => encode_numbers(step, &numbers(input, column)?),
                InputKind::Text => encode_texts(step, column),
            };
            features.extend(columns);
        }
        Ok(features)
    }

    /// The look-up tables of all steps, for [`Encoder::encode_row`].
    pub fn index(&self) -> Vec<WordIndex> {
        self.steps
            .iter()
            .map(|(_, transform)| transform.step().index())
            .collect()
    }

    /// Encodes one row without allocating: `values` has one value an input of the model, `out` one place a feature, `index` is
    /// this encoder's own. A number for a text input is read as [`value::number_text`].
    ///
    /// # Errors
    /// `NotANumber` for a text (other than a missing token) in a number input; `Width` for a row of the wrong length.
    pub fn encode_row(
        &self,
        index: &[WordIndex],
        values: &[Value<'_>],
        out: &mut [f64],
    ) -> Result<(), EncodeError> {
        let mut start = 0;
        for ((position, transform), words) in self.steps.iter().zip(index) {
            let Some(value) = values.get(*position) else {
                return Err(EncodeError::Width {
                    expected: position + 1,
                    found: values.len(),
                });
            };
            let step = transform.step();
            let features = &mut out[start..start + step.width()];
            match (step.takes(), *value) {
                (InputKind::Number, Value::Number(number)) => step.encode_number(number, features),
                (InputKind::Number, Value::Text(text)) if !value::is_missing(text) => {
                    let input = self
                        .features
                        .get(start)
                        .map_or_else(String::new, |feature| feature.name.clone());
                    return Err(EncodeError::NotANumber {
                        input,
                        text: text.to_owned(),
                    });
                }
                (InputKind::Number, _) => step.encode_number(f64::NAN, features),
                (InputKind::Text, Value::Text(text)) if !value::is_missing(text) => {
                    step.encode_text(words, Some(text), features);
                }
                (InputKind::Text, Value::Number(number)) => {
                    let text = value::number_text(number);
                    step.encode_text(words, text.as_ref().map(value::NumberText::as_str), features);
                }
                (InputKind::Text, _) => step.encode_text(words, None, features),
            }
            start += step.width();
        }
        Ok(())
    }
}

/// The numbers of a column.
pub(crate) fn numbers<'a>(
    input: &Input,
    column: &'a Column,
) -> Result<std::borrow::Cow<'a, [f64]>, EncodeError> {
    match column {
        Column::Number(values) => Ok(values.into()),
        Column::Text { codes, dictionary } => {
            let mut parsed = Vec::with_capacity(dictionary.len());
            for text in dictionary {
                let missing = value::is_missing(value::trim_blanks(text)).then_some(f64::NAN);
                let Some(number) = missing.or_else(|| value::parse_number(text)) else {
                    return Err(EncodeError::NotANumber {
                        input: input.name.clone(),
                        text: text.clone(),
                    });
                };
                parsed.push(number);
            }
            let number = |code: &u32| {
                if *code == MISSING_CODE {
                    f64::NAN
                } else {
                    parsed[*code as usize]
                }
            };
            Ok(codes.iter().map(number).collect())
        }
    }
}

fn encode_numbers(step: &dyn Step, numbers: &[f64]) -> Vec<Vec<f64>> {
    let mut columns = vec![vec![0.0; numbers.len()]; step.width()];
    let mut cell = vec![0.0; step.width()];
    for (row, number) in numbers.iter().enumerate() {
        step.encode_number(*number, &mut cell);
        scatter(&cell, &mut columns, row);
    }
    columns
}

fn encode_texts(step: &dyn Step, column: &Column) -> Vec<Vec<f64>> {
    let index = step.index();
    let width = step.width();
    let mut columns = vec![vec![0.0; column.len()]; width];
    let mut cell = vec![0.0; width];
    match column {
        Column::Number(values) => {
            for (row, number) in values.iter().enumerate() {
                let text = value::number_text(*number);
                step.encode_text(&index, text.as_ref().map(value::NumberText::as_str), &mut cell);
                scatter(&cell, &mut columns, row);
            }
        }
        Column::Text { codes, dictionary } => {
            let mut encoded = Vec::with_capacity((dictionary.len() + 1) * width);
            for text in dictionary {
                step.encode_text(
                    &index,
                    Some(text.as_str()).filter(|text| !value::is_missing(text)),
                    &mut cell,
                );
                encoded.extend_from_slice(&cell);
            }
            step.encode_text(&index, None, &mut cell);
            encoded.extend_from_slice(&cell);
            for (offset, column) in columns.iter_mut().enumerate() {
                for (value, code) in column.iter_mut().zip(codes) {
                    // The entry behind the dictionary is the missing one.
                    let entry = (*code as usize).min(dictionary.len());
                    *value = encoded[entry * width + offset];
                }
            }
        }
    }
    columns
}

fn scatter(cell: &[f64], columns: &mut [Vec<f64>], row: usize) {
    for (value, column) in cell.iter().zip(columns) {
        column[row] = *value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::category::Category;
    use crate::transform::date::{Date, DateFormat, DatePart};
    use crate::transform::words::Words;
    use crate::transform::{Feature, FeatureKind, Transform};

    fn input(name: &str, kind: InputKind) -> Input {
        Input {
            name: name.into(),
            kind,
            range: None,
            examples: vec![],
            typical: String::new(),
        }
    }

    fn sample() -> (Vec<Input>, Encoder) {
        let inputs = ["age", "city", "day", "note"];
        let kinds = [
            InputKind::Number,
            InputKind::Text,
            InputKind::Text,
            InputKind::Text,
        ];
        let inputs: Vec<Input> = inputs
            .iter()
            .zip(kinds)
            .map(|(name, kind)| input(name, kind))
            .collect();
        let steps = vec![
            (0, Transform::Number),
            (
                1,
                Transform::Category(Category {
                    labels: vec!["Oslo".into(), "7".into()],
                }),
            ),
            (
                2,
                Transform::Date(Date {
                    format: DateFormat::Ymd,
                    parts: vec![DatePart::Month, DatePart::Year],
                }),
            ),
            (
                3,
                Transform::Words(Words {
                    words: vec!["good".into()],
                }),
            ),
        ];
        let mut features = Vec::new();
        for (position, transform) in &steps {
            for _ in 0..transform.step().width() {
                let name = inputs[*position].name.clone();
                features.push(Feature {
                    name,
                    input: *position,
                    kind: FeatureKind::Number,
                });
            }
        }
        (inputs, Encoder { steps, features })
    }

    fn text_column(cells: &[&str]) -> Column {
        let mut dictionary: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        for cell in cells {
            if value::is_missing(cell) {
                codes.push(MISSING_CODE);
                continue;
            }
            let found = dictionary.iter().position(|entry| entry == cell);
            codes.push(found.unwrap_or(dictionary.len()) as u32);
            if found.is_none() {
                dictionary.push((*cell).to_owned());
            }
        }
        Column::Text { codes, dictionary }
    }

    #[test]
    fn a_table_and_its_rows_encode_alike() {
        let (inputs, encoder) = sample();
        let (city, day) = (["Oslo", "Rome", "7"], ["2024-05-01", "", "2024-02-30"]);
        let note = ["good  good day", "NA", "bad"];
        let frame = Frame {
            names: vec![
                "note".into(),
                "extra".into(),
                "age".into(),
                "day".into(),
                "city".into(),
            ],
            columns: vec![
                text_column(&note),
                Column::Number(vec![0.0; 3]),
                Column::Number(vec![1.5, f64::NAN, f64::INFINITY]),
                text_column(&day),
                text_column(&city),
            ],
            rows: 3,
        };
        let columns = encoder.encode(&inputs, &frame).expect("encodes");
        let index = encoder.index();
        let ages = [Value::Number(1.5), Value::Missing, Value::Number(f64::INFINITY)];
        let mut out = vec![0.0; 6];
        for row in 0..3 {
            let values = [
                ages[row],
                Value::Text(city[row]),
                Value::Text(day[row]),
                Value::Text(note[row]),
            ];
            encoder.encode_row(&index, &values, &mut out).expect("encodes");
            let expected: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            assert_eq!(format!("{out:?}"), format!("{expected:?}"));
        }
        assert_eq!(columns[1], [2.0, 1.0, 3.0]);
        assert_eq!(columns[4], [1.0, 0.0, 0.0]);
        assert_eq!(columns[5], [3.0, 0.0, 1.0]);
        let values = [Value::Missing, Value::Number(7.0), Value::Missing, Value::Missing];
        encoder.encode_row(&index, &values, &mut out).expect("encodes");
        assert_eq!(out[1], 3.0, "the number 7 is the category `7`");
    }

    #[test]
    fn bad_input_is_named() {
        let (inputs, encoder) = sample();
        let frame = Frame {
            names: vec!["age".into()],
            columns: vec![text_column(&["3 rooms"])],
            rows: 1,
        };
        let error = encoder.encode(&inputs, &frame).expect_err("lacks columns");
        assert_eq!(
            error,
            EncodeError::MissingColumns(vec!["city".into(), "day".into(), "note".into()])
        );
        let (inputs, encoder) = (
            &inputs[..1],
            Encoder {
                steps: vec![(0, Transform::Number)],
                ..encoder
            },
        );
        let error = encoder.encode(inputs, &frame).expect_err("a text");
        assert_eq!(
            error,
            EncodeError::NotANumber {
                input: "age".into(),
                text: "3 rooms".into()
            }
        );
        let mut out = [0.0];
        let values = [Value::Text("x")];
        let error = encoder
            .encode_row(&encoder.index(), &values, &mut out)
            .expect_err("a text");
        assert_eq!(
            error,
            EncodeError::NotANumber {
                input: "age".into(),
                text: "x".into()
            }
        );
        assert!(encoder.encode_row(&encoder.index(), &[], &mut out).is_err());
    }
}
