//! One column: its decision, its statistics and what predicting it would mean.

use std::collections::HashSet;

use model::Column;

use super::kinds::{self, Decision};
use super::labels::Labels;
use super::numbers::Sorted;
use super::{ColumnProfile, NumberStatistics, Role, TargetAdvice, ValueCount, cell};
use crate::plan::problem;

const TOP_VALUES: usize = 20;
const SAMPLES: usize = 5;
const CLASSES: usize = 50;

/// Profiles a column; `copy_of` names an earlier column with the same values.
pub(super) fn profile(name: &str, column: &Column, copy_of: Option<&str>) -> ColumnProfile {
    let rows = column.len();
    let Facts {
        mut decision,
        distinct,
        missing,
        numbers,
        top_values,
    } = facts(name, column);
    if let Some(original) = copy_of.filter(|_| !matches!(decision.role, Role::Constant | Role::Id)) {
        decision.role = Role::Duplicate;
        decision.evidence = format!("Has the same values as {original}.");
    }
    if missing * 2 > rows && decision.role != Role::Constant {
        let share = 100.0 * missing as f64 / rows as f64;
        decision
            .warnings
            .push(format!("{share:.1} % of the cells are missing."));
    }
    if let Some(infinite) = numbers
        .as_ref()
        .map(|numbers| numbers.infinite)
        .filter(|count| *count > 0)
    {
        decision.warnings.push(format!(
            "{infinite} cells are infinite; statistics leave them out."
        ));
    }
    ColumnProfile {
        name: name.to_owned(),
        kind: decision.kind,
        role: decision.role,
        evidence: decision.evidence,
        missing,
        missing_share: missing as f64 / rows.max(1) as f64,
        distinct,
        date_format: decision.date_format,
        numbers,
        top_values,
        samples: samples(column),
        warnings: decision.warnings,
        as_target: advice(name, column),
    }
}

struct Facts {
    decision: Decision,
    distinct: usize,
    missing: usize,
    numbers: Option<NumberStatistics>,
    top_values: Vec<ValueCount>,
}

fn facts(name: &str, column: &Column) -> Facts {
    let rows = column.len();
    match column {
        Column::Number(values) => {
            let sorted = Sorted::new(values);
            Facts {
                decision: kinds::of_numbers(name, &sorted, rows),
                distinct: sorted.distinct,
                missing: rows - sorted.values.len(),
                numbers: sorted.statistics(),
                top_values: if sorted.highest_count > 1 {
                    sorted.top(TOP_VALUES)
                } else {
                    Vec::new()
                },
            }
        }
        Column::Text { codes, dictionary } => {
            let labels = Labels::new(codes, dictionary);
            Facts {
                decision: kinds::of_labels(name, &labels, rows),
                distinct: labels.distinct(),
                missing: rows - labels.filled,
                numbers: None,
                top_values: if labels.highest_count() > 1 {
                    labels.top(TOP_VALUES)
                } else {
                    Vec::new()
                },
            }
        }
    }
}

/// The first distinct values.
fn samples(column: &Column) -> Vec<String> {
    const LOOKED_AT: usize = 1000;
    let mut seen = HashSet::new();
    let mut samples = Vec::new();
    for row in 0..column.len().min(LOOKED_AT) {
        let Some(text) = cell(column, row) else { continue };
        if seen.insert(text.clone()) {
            samples.push(text);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}

fn advice(name: &str, column: &Column) -> TargetAdvice {
    match problem::check_column(name, column, None) {
        Ok(target) => TargetAdvice {
            usable: true,
            problem: Some(target.advice.problem),
            reason: target.advice.reason,
            ambiguous: target.advice.ambiguous,
            classes: target.classes.into_iter().take(CLASSES).collect(),
        },
        Err(error) => TargetAdvice {
            usable: false,
            problem: None,
            reason: error.to_string(),
            ambiguous: false,
            classes: Vec::new(),
        },
    }
}
