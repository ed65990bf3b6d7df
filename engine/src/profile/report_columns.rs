//! The columns in the report of a profile: what a job would do with each, and what is in it.

use std::fmt::Write;

use super::report::{is_used, percent};
use super::{ColumnProfile, Kind, NumberStatistics, Profile, Role};
use crate::page::{chart, escape, list, short, table};

/// Frequent values that are shown.
const VALUES: usize = 10;

/// One row a column: how it is used, or why it is not.
pub(super) fn uses(profile: &Profile, target: Option<&ColumnProfile>) -> String {
    let mut rows = Vec::new();
    for column in &profile.columns {
        let is_target = target.is_some_and(|target| target.name == column.name);
        let what = if is_target { "is predicted" } else { use_of(column) };
        rows.push(vec![
            column.name.clone(),
            kind_name(column.kind).to_owned(),
            what.to_owned(),
            column.evidence.clone(),
        ]);
    }
    let words = "<p>A job learns each step from its training rows only, and its owner can overrule each of these.</p>";
    words.to_owned() + &table(&["Column", "Values", "A job", "Why"], &rows)
}

fn use_of(column: &ColumnProfile) -> &'static str {
    match column.role {
        Role::Number if column.missing > 0 => "takes the number as it is; gaps are a value of their own",
        Role::Number => "takes the number as it is",
        Role::Category => "takes it as a category; labels that are new later have a place",
        Role::Date => "takes it apart into year, month, weekday, hour and time passed",
        Role::Text => "takes its words: which ones occur, and what they are about",
        Role::Id => "leaves it out: it names the row",
        Role::Constant => "leaves it out: it hardly changes",
        Role::Duplicate => "leaves it out: another column says the same",
        Role::Excluded => "leaves it out",
    }
}

/// What is in each column.
pub(super) fn columns(profile: &Profile) -> String {
    let mut html = String::new();
    for column in &profile.columns {
        let used = if is_used(column.role) { "" } else { " · not used" };
        let _ = write!(
            html,
            "<article><h3>{} <small>{}{used}</small></h3>",
            escape(&column.name),
            kind_name(column.kind)
        );
        html += &list(column.warnings.iter().map(String::as_str));
        html += &shape(column);
        html += "</article>";
    }
    html
}

/// Statistics, and a picture of how the values spread.
pub(super) fn shape(column: &ColumnProfile) -> String {
    let mut facts = vec![
        ("distinct", column.distinct.to_string()),
        (
            "missing",
            format!("{} ({})", column.missing, percent(column.missing_share)),
        ),
    ];
    let mut picture = String::new();
    if let Some(numbers) = &column.numbers {
        facts.extend(of_numbers(numbers));
        let counts: Vec<usize> = numbers.histogram.iter().map(|bin| bin.count).collect();
        let title = format!(
            "{} from {} to {}",
            column.name,
            short(numbers.min),
            short(numbers.max)
        );
        picture = format!(
            "<figure>{}<figcaption>{} to {}</figcaption></figure>",
            chart::glance(&title, &counts),
            short(numbers.min),
            short(numbers.max)
        );
    } else if !column.top_values.is_empty() {
        let rows: Vec<Vec<String>> = column
            .top_values
            .iter()
            .take(VALUES)
            .map(|value| vec![value.value.clone(), value.count.to_string()])
            .collect();
        picture = table(&["Most frequent", "Rows"], &rows);
    } else if !column.samples.is_empty() {
        facts.push(("for example", column.samples.join(" · ")));
    }
    let mut html = String::from("<div class=\"beside\"><dl>");
    for (name, value) in facts {
        let _ = write!(html, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(&value));
    }
    let _ = write!(html, "</dl>{picture}</div>");
    html
}

fn of_numbers(numbers: &NumberStatistics) -> Vec<(&'static str, String)> {
    let known = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), short);
    let quantiles = numbers.quantiles;
    let mut facts = vec![
        ("mean", known(numbers.mean)),
        ("standard deviation", known(numbers.sd)),
        (
            "5 %, quartiles, 95 %",
            [
                quantiles.p05,
                quantiles.p25,
                quantiles.median,
                quantiles.p75,
                quantiles.p95,
            ]
            .map(short)
            .join(" · "),
        ),
        (
            "skew, kurtosis",
            format!("{} · {}", known(numbers.skew), known(numbers.kurtosis)),
        ),
        ("zeros", numbers.zeros.to_string()),
        ("outliers (Tukey)", numbers.outliers.to_string()),
    ];
    if numbers.infinite > 0 {
        facts.push(("infinite", numbers.infinite.to_string()));
    }
    facts
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Numeric => "numbers",
        Kind::Integer => "whole numbers",
        Kind::Boolean => "yes or no",
        Kind::Categorical => "categories",
        Kind::Date => "dates",
        Kind::Text => "text",
        Kind::Id => "names of rows",
        Kind::Constant => "one value",
    }
}
