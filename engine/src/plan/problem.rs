//! What predicting a column means: the one rule for the problem type (A5) and the checks of a target (A6).

use model::{Column, Frame, ProblemType};

use super::target::number_label;
use crate::error::Error;
use crate::profile::ValueCount;

/// Whole numbers with at most this many distinct values are classes.
const INTEGER_CLASSES: usize = 10;
/// Any numbers with fewer distinct values than this, at less than `NUMBER_SHARE` of the rows, are classes.
const NUMBER_CLASSES: usize = 20;
const NUMBER_SHARE: f64 = 0.05;
/// More classes are refused: each costs outputs, and hardly any has rows enough.
const MOST_CLASSES: usize = 1000;

/// What a column would be as a target, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The kind of problem.
    pub problem: ProblemType,
    /// One sentence with the evidence.
    pub reason: String,
    /// True when the other kind of problem is plausible too; the user should look.
    pub ambiguous: bool,
}

/// A target that can be predicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetCheck {
    /// Index of the column.
    pub column: usize,
    /// The problem type used, and why.
    pub advice: Advice,
    /// Rows without a target; they have to be left out.
    pub missing: usize,
    /// Classes by frequency; empty for regression.
    pub classes: Vec<ValueCount>,
    /// What the user should know, one sentence each.
    pub notes: Vec<String>,
}

/// The problem type of a target by rule A5: text is classes; whole numbers with at most 10 distinct values are classes;
/// numbers with fewer than 20 distinct values at less than 5 % of the rows are classes; all else is regression.
pub fn problem_type(column: &Column) -> Advice {
    advise(&Values::of(column))
}

/// Finds the target and checks that it can be predicted (A6). `problem`: as fixed by the user, else by the rule. A class
/// with a single row is refused, since it cannot be both learned and checked: dropping the row silently would make the
/// model answer for a class it was never shown.
///
/// # Errors
/// `Input` when the column is not there (with the closest names), has no values, one class, a class with one row,
/// too many classes, or does not fit the problem type.
pub fn check_target(frame: &Frame, name: &str, problem: Option<ProblemType>) -> Result<TargetCheck, Error> {
    let Some(index) = frame.position(name) else {
        return Err(Error::Input(format!(
            "there is no column {name:?}; {}",
            closest_names(name, &frame.names)
        )));
    };
    let mut target = check_column(name, &frame.columns[index], problem)?;
    target.column = index;
    Ok(target)
}

/// The checks of [`check_target`] on a column alone; `TargetCheck::column` is 0.
///
/// # Errors
/// As `check_target`.
pub fn check_column(name: &str, column: &Column, problem: Option<ProblemType>) -> Result<TargetCheck, Error> {
    let values = Values::of(column);
    let missing = column.len() - values.filled;
    if values.filled == 0 {
        return Err(Error::Input(format!(
            "column {name:?} has no values at all; choose another target"
        )));
    }
    if values.classes.len() == 1 {
        let only = &values.classes[0].value;
        return Err(Error::Input(format!(
            "column {name:?} has only one value, {only:?}; there is nothing to predict. Choose another target"
        )));
    }
    let advice = match problem {
        None => advise(&values),
        Some(problem) => Advice {
            problem,
            reason: "As chosen.".into(),
            ambiguous: false,
        },
    };
    let mut notes = Vec::new();
    if missing > 0 {
        notes.push(format!("{missing} rows without a value of {name} are left out."));
    }
    if !advice.problem.is_classification() {
        check_regression(name, &values, column)?;
        return Ok(TargetCheck {
            column: 0,
            advice,
            missing,
            classes: Vec::new(),
            notes,
        });
    }
    check_classes(name, &values, advice.problem)?;
    let (most, least) = (
        values.classes[0].count,
        values.classes[values.classes.len() - 1].count,
    );
    if least * 20 < most {
        let rare = &values.classes[values.classes.len() - 1].value;
        notes.push(format!(
            "The classes are imbalanced: the rarest, {rare:?}, has {least} rows and the largest {most}."
        ));
    }
    Ok(TargetCheck {
        column: 0,
        advice,
        missing,
        classes: values.classes,
        notes,
    })
}

fn check_regression(name: &str, values: &Values, column: &Column) -> Result<(), Error> {
    if values.is_text {
        return Err(Error::Input(format!(
            "column {name:?} holds text such as {:?}, so it cannot be predicted as a number; use classification or clean the column",
            values.classes[0].value
        )));
    }
    if let Column::Number(numbers) = column
        && let Some(row) = numbers.iter().position(|number| number.is_infinite())
    {
        return Err(Error::Input(format!(
            "column {name:?} is infinite in row {}; replace infinite values or leave these rows blank",
            row + 1
        )));
    }
    Ok(())
}

fn check_classes(name: &str, values: &Values, problem: ProblemType) -> Result<(), Error> {
    let count = values.classes.len();
    if problem == ProblemType::Binary && count != 2 {
        return Err(Error::Input(format!(
            "column {name:?} has {count} classes, and a binary problem has two; use multiclass"
        )));
    }
    if problem == ProblemType::Multiclass && count == 2 {
        return Err(Error::Input(format!(
            "column {name:?} has two classes; use binary"
        )));
    }
    let single: Vec<&str> = values
        .classes
        .iter()
        .filter(|class| class.count < 2)
        .map(|class| class.value.as_str())
        .collect();
    if !single.is_empty() && single.len() * 2 >= count && count > 20 {
        return Err(Error::Input(format!(
            "column {name:?} has {count} different values and {} of them occur once, as identifiers and texts do; choose another target",
            single.len()
        )));
    }
    if count > MOST_CLASSES {
        return Err(Error::Input(format!(
            "column {name:?} has {count} classes and {MOST_CLASSES} are allowed; group the rare ones or choose another target"
        )));
    }
    if let Some(first) = single.first() {
        let others = if single.len() > 1 {
            format!(" (and {} more)", single.len() - 1)
        } else {
            String::new()
        };
        let instead = if values.is_text {
            ""
        } else {
            ", or choose regression"
        };
        return Err(Error::Input(format!(
            "class {first:?}{others} of column {name:?} has one row and two are needed; add rows, remove it or merge it \
             with another class{instead}"
        )));
    }
    Ok(())
}

/// What the rules look at.
struct Values {
    is_text: bool,
    is_integer: bool,
    filled: usize,
    /// Distinct values by frequency, ties by text.
    classes: Vec<ValueCount>,
}

impl Values {
    fn of(column: &Column) -> Self {
        let mut classes = Vec::new();
        let (mut filled, mut is_integer) = (0, false);
        match column {
            Column::Number(numbers) => {
                let mut sorted: Vec<f64> = numbers
                    .iter()
                    .filter(|number| !number.is_nan())
                    .map(|n| n + 0.0)
                    .collect();
                sorted.sort_unstable_by(f64::total_cmp);
                filled = sorted.len();
                is_integer = sorted.iter().all(|number| number.fract() == 0.0);
                for run in sorted.chunk_by(|left, right| left == right) {
                    classes.push(ValueCount {
                        value: number_label(run[0]),
                        count: run.len(),
                    });
                }
            }
            Column::Text { codes, dictionary } => {
                let mut counts = vec![0; dictionary.len()];
                for code in codes {
                    if let Some(count) = counts.get_mut(*code as usize) {
                        *count += 1;
                        filled += 1;
                    }
                }
                for (value, count) in dictionary.iter().zip(counts) {
                    if count > 0 {
                        classes.push(ValueCount {
                            value: value.clone(),
                            count,
                        });
                    }
                }
            }
        }
        classes.sort_by(|left, right| {
            right
                .count
                .cmp(&left.count)
                .then_with(|| left.value.cmp(&right.value))
        });
        Self {
            is_text: matches!(column, Column::Text { .. }),
            is_integer,
            filled,
            classes,
        }
    }
}

fn advise(values: &Values) -> Advice {
    let distinct = values.classes.len();
    let classes = if distinct == 2 {
        ProblemType::Binary
    } else {
        ProblemType::Multiclass
    };
    let share = distinct as f64 / values.filled.max(1) as f64;
    if values.is_text {
        let reason = format!("The target is text with {distinct} different values, so it is a class.");
        return Advice {
            problem: classes,
            reason,
            ambiguous: distinct > 100 || share > 0.2,
        };
    }
    if values.is_integer && distinct <= INTEGER_CLASSES {
        let reason = format!(
            "The target has {distinct} different whole numbers (at most {INTEGER_CLASSES}), so it is a class."
        );
        return Advice {
            problem: classes,
            reason,
            ambiguous: distinct > 4,
        };
    }
    if distinct < NUMBER_CLASSES && share < NUMBER_SHARE {
        let reason = format!(
            "The target has only {distinct} different numbers in {} rows, so it is a class.",
            values.filled
        );
        return Advice {
            problem: classes,
            reason,
            ambiguous: true,
        };
    }
    Advice {
        problem: ProblemType::Regression,
        reason: format!("The target is a number with {distinct} different values."),
        ambiguous: distinct < 2 * NUMBER_CLASSES && values.is_integer,
    }
}

/// The names nearest to a wrong one, as the end of a sentence.
pub fn closest_names(name: &str, names: &[String]) -> String {
    const SHOWN: usize = 3;
    let wanted = name.trim().to_lowercase();
    let mut scored: Vec<(usize, &String)> = Vec::new();
    for candidate in names {
        let lower = candidate.to_lowercase();
        let is_part = !wanted.is_empty() && (lower.contains(&wanted) || wanted.contains(&lower));
        let distance = edit_distance(&wanted, &lower);
        if is_part || distance * 2 <= wanted.chars().count().max(2) {
            scored.push((distance, candidate));
        }
    }
    scored.sort();
    if scored.is_empty() {
        let some: Vec<String> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
        let more = if names.len() > SHOWN { ", …" } else { "" };
        return format!("the columns are {}{more}", some.join(", "));
    }
    let nearest: Vec<String> = scored
        .iter()
        .take(SHOWN)
        .map(|(_, name)| format!("{name:?}"))
        .collect();
    format!("did you mean {}?", nearest.join(" or "))
}

/// Levenshtein distance over characters; names longer than 100 characters are cut.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, left_character) in left.chars().take(100).enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, right_character) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(left_character != *right_character);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: impl IntoIterator<Item = f64>) -> Column {
        Column::Number(values.into_iter().collect())
    }

    fn text(values: &[&str]) -> Column {
        let mut dictionary: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        for value in values {
            if value.is_empty() {
                codes.push(model::frame::MISSING_CODE);
                continue;
            }
            let known = dictionary.iter().position(|entry| entry == value);
            codes.push(known.unwrap_or(dictionary.len()) as u32);
            if known.is_none() {
                dictionary.push((*value).to_owned());
            }
        }
        Column::Text { codes, dictionary }
    }

    #[test]
    fn the_rule_of_problem_types() {
        let wave =
            |count: usize, distinct: usize| numbers((0..count).map(move |row| (row % distinct) as f64));
        let cases = [
            (text(&["a", "b", "a", "b"]), ProblemType::Binary),
            (text(&["a", "b", "c", "a"]), ProblemType::Multiclass),
            (wave(100, 2), ProblemType::Binary),
            (wave(100, 10), ProblemType::Multiclass),
            (wave(100, 11), ProblemType::Regression),
            (wave(1000, 11), ProblemType::Multiclass),
            (wave(1000, 20), ProblemType::Regression),
            (
                numbers((0..1000).map(|row| f64::from(row % 9) / 2.0)),
                ProblemType::Multiclass,
            ),
            (
                numbers((0..100).map(|row| f64::from(row % 9) / 2.0)),
                ProblemType::Regression,
            ),
        ];
        for (column, problem) in cases {
            assert_eq!(
                problem_type(&column).problem,
                problem,
                "{}",
                problem_type(&column).reason
            );
        }
    }

    #[test]
    fn unusable_targets_are_refused() {
        let cases = [
            (numbers([f64::NAN, f64::NAN]), None, "no values at all"),
            (text(&["a", "a", ""]), None, "only one value"),
            (
                numbers([3.0, 3.0]),
                Some(ProblemType::Regression),
                "only one value",
            ),
            (text(&["a", "a", "b"]), None, "has one row"),
            (
                text(&["a", "b", "a", "b"]),
                Some(ProblemType::Regression),
                "holds text",
            ),
            (
                text(&["a", "b", "c", "a"]),
                Some(ProblemType::Binary),
                "3 classes",
            ),
            (
                text(&["a", "b", "a", "b"]),
                Some(ProblemType::Multiclass),
                "use binary",
            ),
            (
                numbers([1.5, f64::INFINITY, 2.0]),
                Some(ProblemType::Regression),
                "infinite in row 2",
            ),
        ];
        for (column, problem, part) in cases {
            let error = check_column("y", &column, problem).expect_err(part).to_string();
            assert!(error.contains(part), "{error}");
        }
        let names: Vec<String> = (0..40).map(|row| format!("name {row}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let error = check_column("y", &text(&names), None)
            .expect_err("identifiers")
            .to_string();
        assert!(error.contains("identifiers"), "{error}");
    }

    #[test]
    fn missing_targets_are_counted() {
        let target = check_column("y", &text(&["a", "", "b", "a", "b"]), None).expect("usable");
        assert_eq!(target.missing, 1);
        assert_eq!(target.classes.len(), 2);
        assert!(target.notes[0].contains("1 rows"));
    }

    #[test]
    fn a_wrong_name_gets_the_closest_ones() {
        let frame = Frame {
            names: ["income", "age", "capital_gain"].map(str::to_owned).to_vec(),
            columns: vec![numbers([1.0]), numbers([1.0]), numbers([1.0])],
            rows: 1,
        };
        let message = |name: &str| check_target(&frame, name, None).expect_err("absent").to_string();
        assert!(
            message("Incom").contains("did you mean \"income\""),
            "{}",
            message("Incom")
        );
        assert!(message("gain").contains("capital_gain"), "{}", message("gain"));
        assert!(
            message("zzzzzzz").contains("the columns are \"income\""),
            "{}",
            message("zzzzzzz")
        );
    }
}
