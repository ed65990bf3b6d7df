//! The target column as classes or values.

use std::collections::BTreeMap;

use model::frame::MISSING_CODE;
use model::value::{number_text, parse_number};
use model::{Column, ProblemType};

use super::Target;
use crate::error::Error;

/// More classes than this make no useful model and no readable report.
const MAX_CLASSES: usize = 1_000;

/// The target with the rows (rising) that have one.
pub struct Labelled {
    /// One entry a usable row.
    pub target: Target,
    /// Row numbers in the table.
    pub rows: Vec<u32>,
    /// What is predicted, once the classes are counted.
    pub problem: ProblemType,
    /// Lines for the report.
    pub notes: Vec<String>,
}

/// Reads the target of a problem out of its column; `counts` says of every row whether it is used, which takes a target.
///
/// # Errors
/// `Input` when the column cannot be the target of that problem: text for regression, infinite values, one class, too many.
pub fn labelled(
    name: &str,
    column: &Column,
    problem: ProblemType,
    counts: &[bool],
) -> Result<Labelled, Error> {
    let rows: Vec<u32> = (0..column.len())
        .filter(|&row| counts[row])
        .map(|row| row as u32)
        .collect();
    if rows.is_empty() {
        return Err(Error::Input(format!(
            "the target `{name}` has no value in any row that can be used"
        )));
    }
    let mut notes = Vec::new();
    if problem == ProblemType::Regression {
        let target = values(name, column, &rows)?;
        return Ok(Labelled {
            target,
            rows,
            problem,
            notes,
        });
    }
    let (codes, labels) = classes(column, &rows);
    match labels.len() {
        0 | 1 => {
            let only = labels.first().map_or("", String::as_str);
            return Err(Error::Input(format!(
                "the target `{name}` has only one class, `{only}`: there is nothing to tell apart"
            )));
        }
        count if count > MAX_CLASSES => {
            return Err(Error::Input(format!(
                "the target `{name}` has {count} classes and at most {MAX_CLASSES} are possible; choose regression or another target"
            )));
        }
        count if count > 2 && problem == ProblemType::Binary => {
            return Err(Error::Input(format!(
                "the target `{name}` has {count} classes, so it is not a binary problem; choose multiclass"
            )));
        }
        _ => {}
    }
    let found = if labels.len() == 2 {
        ProblemType::Binary
    } else {
        ProblemType::Multiclass
    };
    if found != problem {
        notes.push(format!(
            "The target `{name}` has two classes: the problem is binary."
        ));
    }
    Ok(Labelled {
        target: Target::Classes { codes, labels },
        rows,
        problem: found,
        notes,
    })
}

fn values(name: &str, column: &Column, rows: &[u32]) -> Result<Target, Error> {
    let Column::Number(values) = column else {
        let Column::Text { codes, dictionary } = column else {
            unreachable!("a column is numbers or text")
        };
        let example = rows
            .first()
            .map_or("", |&row| dictionary[codes[row as usize] as usize].as_str());
        let example: String = example.chars().take(40).collect();
        return Err(Error::Input(format!(
            "the target `{name}` holds text (for example `{example}`), so it cannot be predicted as a number; choose classification or clean the column"
        )));
    };
    let mut kept = Vec::with_capacity(rows.len());
    for &row in rows {
        let value = values[row as usize];
        if value.is_infinite() {
            return Err(Error::Input(format!(
                "the target `{name}` is infinite in data row {}; remove or correct it",
                row + 1
            )));
        }
        kept.push(value);
    }
    Ok(Target::Values(kept))
}

/// Class codes of the rows, and the labels: sorted by value when all of them are numbers, else by text.
fn classes(column: &Column, rows: &[u32]) -> (Vec<u32>, Vec<String>) {
    match column {
        Column::Number(values) => {
            let mut distinct: Vec<f64> = rows.iter().map(|&row| plain_zero(values[row as usize])).collect();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            let mut codes = Vec::with_capacity(rows.len());
            for &row in rows {
                let value = plain_zero(values[row as usize]);
                codes.push(distinct.partition_point(|&other| other < value) as u32);
            }
            (codes, distinct.iter().map(|&value| number_label(value)).collect())
        }
        Column::Text { codes, dictionary } => {
            let mut used = BTreeMap::new();
            for &row in rows {
                let code = codes[row as usize];
                if code != MISSING_CODE {
                    used.insert(code, dictionary[code as usize].as_str());
                }
            }
            let mut order: Vec<(u32, &str)> = used.into_iter().collect();
            let as_numbers: Option<Vec<f64>> = order.iter().map(|(_, text)| parse_number(text)).collect();
            if as_numbers.is_some() {
                let value = |text: &str| parse_number(text).unwrap_or(f64::NAN);
                order.sort_by(|a, b| value(a.1).total_cmp(&value(b.1)).then(a.1.cmp(b.1)));
            } else {
                order.sort_by(|a, b| a.1.cmp(b.1));
            }
            let mut class_of = vec![0; dictionary.len()];
            for (class, &(code, _)) in order.iter().enumerate() {
                class_of[code as usize] = class as u32;
            }
            let classes = rows
                .iter()
                .map(|&row| class_of[codes[row as usize] as usize])
                .collect();
            (classes, order.iter().map(|&(_, text)| text.to_owned()).collect())
        }
    }
}

/// Negative zero is the same class as zero.
fn plain_zero(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value }
}

/// A number as files write it, `3` and not `3.0`: the same text that an encoder makes of a number in a text column.
pub fn number_label(value: f64) -> String {
    number_text(value).map_or_else(String::new, |text| text.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cells: &[&str]) -> Column {
        let mut dictionary: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        for cell in cells {
            if cell.is_empty() {
                codes.push(MISSING_CODE);
                continue;
            }
            let position = dictionary
                .iter()
                .position(|known| known == cell)
                .unwrap_or_else(|| {
                    dictionary.push((*cell).to_owned());
                    dictionary.len() - 1
                });
            codes.push(position as u32);
        }
        Column::Text { codes, dictionary }
    }

    fn filled(column: &Column) -> Vec<bool> {
        (0..column.len()).map(|row| !column.is_missing(row)).collect()
    }

    fn check(column: &Column, problem: ProblemType, expected_codes: &[u32], expected_labels: &[&str]) {
        let found = labelled("y", column, problem, &filled(column)).unwrap();
        let Target::Classes { codes, labels } = found.target else {
            panic!("classes expected")
        };
        assert_eq!(codes, expected_codes);
        assert_eq!(labels, expected_labels);
    }

    #[test]
    fn labels_are_sorted_by_value_or_text() {
        check(
            &text(&["b", "a", "", "b"]),
            ProblemType::Binary,
            &[1, 0, 1],
            &["a", "b"],
        );
        check(
            &text(&["10", "9", "10"]),
            ProblemType::Binary,
            &[1, 0, 1],
            &["9", "10"],
        );
        let numbers = Column::Number(vec![2.0, f64::NAN, 0.0, -0.0, 1.5]);
        check(
            &numbers,
            ProblemType::Multiclass,
            &[2, 0, 0, 1],
            &["0", "1.5", "2"],
        );
    }

    #[test]
    fn unusable_targets_are_refused_in_words() {
        let refused = |column: &Column, problem| {
            labelled("y", column, problem, &filled(column))
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert!(refused(&text(&["a", "a"]), ProblemType::Binary).contains("only one class"));
        assert!(refused(&text(&["", ""]), ProblemType::Binary).contains("no value"));
        assert!(refused(&text(&["a", "b", "c"]), ProblemType::Binary).contains("3 classes"));
        assert!(refused(&text(&["a", "b"]), ProblemType::Regression).contains("holds text"));
        assert!(
            refused(&Column::Number(vec![1.0, f64::INFINITY]), ProblemType::Regression)
                .contains("data row 2")
        );
    }

    #[test]
    fn two_classes_asked_as_multiclass_are_binary() {
        let column = text(&["a", "b", "a"]);
        let found = labelled("y", &column, ProblemType::Multiclass, &filled(&column)).unwrap();
        assert_eq!(found.problem, ProblemType::Binary);
        assert_eq!(found.notes.len(), 1);
    }
}
