//! Rows as CSV through a model, and answers as CSV. A cell means what it means in a batch prediction (`model::value`).

use std::time::{Duration, Instant};

use model::csv::{Table, cell, number};
use model::serve::Warning;
use model::value::{Value, cell_number};
use model::{EncodeError, InputKind, Loaded, Scratch};

use crate::graphql::payload::UserError;
use crate::graphql::prediction::{Answered, Prediction, prediction};

/// Cells that a refusal names.
const LISTED: usize = 100;
/// Unknown columns that are named. A table has the same ones in every row: its first row has the warnings.
const UNKNOWN_LISTED: usize = 20;

/// Answers to all rows of a table. Columns are found by name; those that the model does not know are ignored. Doubts are told
/// where the answer has room for them (`with_warnings`); those about unknown columns at the first row only.
///
/// # Errors
/// Inputs of the model that the table lacks, or every cell that is no number where one must be, by row and column.
pub fn answer(loaded: &Loaded, table: &Table<'_>, with_warnings: bool) -> Result<Answered, Vec<UserError>> {
    let inputs = columns(loaded, table)?;
    let mut scratch = Scratch::default();
    let mut outputs = vec![0.0; loaded.model().outputs()];
    let mut predictions = Vec::with_capacity(table.rows);
    let mut errors = Vec::new();
    let mut spent = Duration::ZERO;
    let mut cells = Vec::new();
    let mut unknown = match with_warnings {
        true => unknown_columns(loaded, table),
        false => Vec::new(),
    };
    for row in 0..table.rows {
        table.cells(row, &mut cells);
        let mut values = Vec::with_capacity(inputs.len());
        for (input, column) in loaded.model().inputs.iter().zip(&inputs) {
            let text = cells[*column].as_ref();
            values.push(match input.kind {
                InputKind::Text => Value::Text(text),
                InputKind::Number => match cell_number(text) {
                    Some(number) => Value::Number(number),
                    None => {
                        errors.push(wrong_type(row, &input.name, text));
                        Value::Missing
                    }
                },
            });
        }
        if errors.len() >= LISTED {
            break;
        }
        let started = Instant::now();
        let predicted = loaded.predict_row(&values, &mut scratch, &mut outputs);
        spent += started.elapsed();
        if let Err(cause) = predicted {
            errors.push(UserError::of(
                "rows",
                "WRONG_TYPE",
                format!("Row {}: {cause}.", row + 1),
            ));
            continue;
        }
        let mut warnings = std::mem::take(&mut unknown);
        if with_warnings {
            warnings.extend(loaded.warnings(&values));
        }
        predictions.push(prediction(loaded.model(), &outputs, warnings));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Answered {
        predictions,
        microseconds: i32::try_from(spent.as_micros()).unwrap_or(i32::MAX),
    })
}

/// Warnings of the first columns that the model does not know.
fn unknown_columns(loaded: &Loaded, table: &Table<'_>) -> Vec<Warning> {
    let is_known = |name: &String| loaded.model().inputs.iter().any(|input| input.name == *name);
    let unknown = table.names.iter().filter(|name| !is_known(name));
    let unknown = unknown.take(UNKNOWN_LISTED);
    unknown
        .map(|name| Warning::UnknownColumn { name: name.clone() })
        .collect()
}

/// Where each input of the model is. They may be blank, but must be there: a name with a slip in it would be a silent gap.
fn columns(loaded: &Loaded, table: &Table<'_>) -> Result<Vec<usize>, Vec<UserError>> {
    let (mut columns, mut lacking) = (Vec::new(), Vec::new());
    for input in &loaded.model().inputs {
        match table.names.iter().position(|name| *name == input.name) {
            Some(column) => columns.push(column),
            None => lacking.push(input.name.clone()),
        }
    }
    if lacking.is_empty() {
        return Ok(columns);
    }
    let message = EncodeError::MissingColumns(lacking).to_string();
    Err(vec![UserError::of("rows", "COLUMN_NOT_FOUND", message)])
}

fn wrong_type(row: usize, column: &str, text: &str) -> UserError {
    let cause = EncodeError::NotANumber {
        input: column.to_owned(),
        text: text.chars().take(40).collect(),
    };
    let path = ["input", "rows"].map(str::to_owned);
    let path = path.into_iter().chain([row.to_string(), column.to_owned()]);
    UserError {
        code: "WRONG_TYPE".to_owned(),
        message: format!("Row {}, column `{column}`: {cause}.", row + 1),
        field: Some(path.collect()),
    }
}

/// Answers as CSV, a line a row: `prediction`, and for classes `probability_<class>` each, in the model's order. Text that a
/// spreadsheet would calculate is marked unless it is to stay `raw`.
pub fn write(predictions: &[Prediction], raw: bool) -> String {
    let mut text = String::from("prediction");
    let classes = predictions.first().and_then(|row| row.probabilities.as_ref());
    for class in classes.into_iter().flatten() {
        text.push(',');
        text.push_str(&cell(&format!("probability_{}", class.label), raw));
    }
    text.push('\n');
    for row in predictions {
        match (&row.label, row.value) {
            (Some(label), _) => text.push_str(&cell(label, raw)),
            (None, Some(value)) => number(&mut text, value),
            (None, None) => {}
        }
        for class in row.probabilities.iter().flatten() {
            text.push(',');
            number(&mut text, class.probability);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graphql::prediction::ClassProbability;

    fn of_classes(labels: &[String], probabilities: &[f64]) -> Prediction {
        let pairs = labels.iter().zip(probabilities);
        let probabilities: Vec<ClassProbability> = pairs
            .map(|(label, probability)| ClassProbability {
                label: label.clone(),
                probability: *probability,
            })
            .collect();
        Prediction {
            label: labels.first().cloned(),
            value: None,
            probability: probabilities.first().map(|class| class.probability),
            probabilities: Some(probabilities),
            ..Prediction::default()
        }
    }

    #[test]
    fn labels_are_marked_and_values_are_not() {
        let labels = ["=1+1".to_owned(), "a,b".to_owned()];
        let answers = [of_classes(&labels, &[0.75, 0.25])];
        let marked = "prediction,probability_=1+1,\"probability_a,b\"\n\"'=1+1\",0.75,0.25\n";
        assert_eq!(write(&answers, false), marked);
        assert_eq!(write(&answers, true), marked.replace("\"'=1+1\"", "=1+1"));
        let value = Prediction {
            value: Some(-1.5),
            ..Prediction::default()
        };
        assert_eq!(write(&[value], false), "prediction\n-1.5\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            labels in prop::collection::hash_set("[^\0]{1,12}", 1..5),
            rows in prop::collection::vec(prop::collection::vec(0.0..1.0_f64, 5), 1..5),
        ) {
            // Blanks around the name of a column are nothing, so such classes would have columns of one name.
            let labels: Vec<String> = labels.into_iter().filter(|label| label.trim() == label).collect();
            prop_assume!(!labels.is_empty());
            let answers: Vec<Prediction> = rows.iter().map(|row| of_classes(&labels, row)).collect();
            let text = write(&answers, true);
            let table = Table::read(text.as_bytes(), rows.len()).expect("a table");
            prop_assert_eq!(table.rows, rows.len());
            for (name, label) in table.names[1..].iter().zip(&labels) {
                prop_assert_eq!(name, &format!("probability_{label}"));
            }
            let mut cells = Vec::new();
            for (position, row) in rows.iter().enumerate() {
                table.cells(position, &mut cells);
                prop_assert_eq!(cells[0].as_ref(), &labels[0]);
                for (cell, probability) in cells[1..].iter().zip(row) {
                    prop_assert_eq!(cell_number(cell), Some(*probability));
                }
            }
        }
    }
}
