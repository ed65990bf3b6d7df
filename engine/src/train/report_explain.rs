//! What the model goes by and how sure it is, for the report: contributions, dependence, coverage.

use std::fmt::Write;

use super::dependence::Dependence;
use super::evaluation::Evaluation;
use crate::metrics::curves::Point;
use crate::page::chart::{self, Axes, NamedBar};
use crate::page::{escape, section, short, table};

/// The mean size of the contributions, as bars.
pub(super) fn attribution(evaluation: &Evaluation) -> String {
    if evaluation.attribution.is_empty() {
        return String::new();
    }
    let mut bars = Vec::new();
    for column in &evaluation.attribution {
        bars.push(NamedBar {
            name: &column.column,
            value: column.mean_absolute,
            spread: None,
            label: short(column.mean_absolute),
        });
    }
    let words = format!(
        "<p>The mean size of each column's contribution (Shapley value) to the answers, over {} holdout rows.</p>",
        evaluation.attribution_rows
    );
    section(
        "Contributions of the columns",
        &(words + &chart::bars("Contributions of the columns", &bars)),
    )
}

/// The mean answer along each column of numbers as a line, and by each label as a table.
pub(super) fn dependence(evaluation: &Evaluation) -> String {
    let (mut charts, mut tables) = (String::new(), String::new());
    for dependence in &evaluation.dependence {
        let numbers: Vec<Point> = dependence.points.iter().filter_map(point).collect();
        let title = title(dependence);
        if numbers.len() == dependence.points.len() {
            let axes = Axes {
                title: &title,
                x: &dependence.column,
                y: "mean answer",
            };
            let svg = chart::line(&numbers, &axes, false);
            let _ = write!(
                charts,
                "<figure>{svg}<figcaption>{}</figcaption></figure>",
                escape(&title)
            );
        } else {
            let row = |point: &super::DependencePoint| {
                let mean = point.means.first().copied().map_or_else(String::new, short);
                vec![point.label.clone().unwrap_or_default(), mean]
            };
            let rows: Vec<Vec<String>> = dependence.points.iter().map(row).collect();
            tables.push_str(&table(&[&title, "Mean answer"], &rows));
        }
    }
    if charts.is_empty() && tables.is_empty() {
        return String::new();
    }
    let words = "<p>The mean answer when one column has the same value in all rows. Where columns hang together, some of these rows do not exist in the world.</p>";
    section(
        "Dependence on the columns",
        &format!("{words}<div class=\"charts\">{charts}</div>{tables}"),
    )
}

fn point(point: &super::DependencePoint) -> Option<Point> {
    Some(Point {
        x: point.value?,
        y: *point.means.first()?,
    })
}

fn title(dependence: &Dependence) -> String {
    match dependence.classes.first() {
        Some(class) => format!("{} · probability of {class}", dependence.column),
        None => dependence.column.clone(),
    }
}

/// What intervals or sets hold of the holdout.
pub(super) fn coverage(evaluation: &Evaluation) -> String {
    let mut rows = Vec::new();
    for coverage in &evaluation.coverage {
        rows.push(vec![
            format!("{:.0} %", coverage.level * 100.0),
            format!("{:.1} %", coverage.coverage * 100.0),
            short(coverage.size),
        ]);
    }
    if rows.is_empty() {
        return String::new();
    }
    let size = match evaluation.classes.is_empty() {
        true => "Mean width",
        false => "Mean classes",
    };
    let head = ["Made to hold", "Holdout rows held", size];
    section("Intervals and sets", &table(&head, &rows))
}
