//! The model card: what a model is, what it was made from, how good it is and where it is weak, as Markdown. Its parts are those of
//! Mitchell et al., "Model Cards for Model Reporting", 2019. What only people can say is left open and marked so.

use std::fmt::Write;

use model::{InputKind, ProblemType};

use super::evaluation::Evaluation;
use super::latency::words;
use super::report::Report;
use crate::page::short;

/// Columns and classes that tables list at most.
const LISTED: usize = 50;
/// A class with fewer rows in the holdout has figures that say little.
const FEW_ROWS: u64 = 30;
/// How far the share of rows that an interval holds may be from its level.
const COVERAGE_SLACK: f64 = 0.05;

/// The card.
pub(super) fn text(report: &Report<'_>) -> String {
    let mut card = format!("# Model card: predicting {}\n", escape(&report.model.target));
    for (title, body) in [
        ("Model details", details(report)),
        ("Intended use", use_of(report)),
        ("Inputs", inputs(report)),
        ("Training data", data(report)),
        ("Metrics", metrics(report.evaluation)),
        ("What it goes by", importance(report.evaluation)),
        ("Caveats", caveats(report)),
        ("To use it", snippet(report)),
        ("To make it again", again(report)),
    ] {
        let _ = write!(card, "\n## {title}\n{body}");
    }
    card
}

/// Text of others as text: nothing in it is markup, and a cell of a table stays one.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '!' | '~' | '>' => {
                safe.push('\\');
                safe.push(character);
            }
            '\n' | '\r' | '\t' => safe.push(' '),
            other if other.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

fn details(report: &Report<'_>) -> String {
    let model = report.model;
    let kind = match model.problem {
        ProblemType::Binary => "classification into two classes",
        ProblemType::Multiclass => "classification into several classes",
        ProblemType::Regression => "regression",
    };
    let mut text = format!(
        "- Made by: {}\n- Kind: {kind}\n- Members of the ensemble:\n",
        escape(&model.provenance.program)
    );
    for member in &model.members {
        let _ = writeln!(
            text,
            "  - {} ({:.1} %)",
            escape(&member.name),
            100.0 * member.weight
        );
    }
    if let Some(latency) = &report.evaluation.latency {
        let _ = writeln!(text, "- Time to answer one row: {}", words(latency.seconds));
    }
    let onnx = match report.onnx {
        Ok((_, certificate)) => format!(
            "SHA-256 `{}`, compared with the model in onnxruntime {} on {} rows: largest difference {:.1e}",
            certificate.onnx_sha256,
            certificate.runtime,
            certificate.holdout_rows + certificate.edge_rows,
            certificate.largest_difference
        ),
        Err(reason) => format!("none: {}", escape(reason)),
    };
    let _ = writeln!(text, "- ONNX file: {onnx}");
    text
}

fn use_of(report: &Report<'_>) -> String {
    format!(
        "It predicts `{}` of one row from {} columns. An automatic search made it; nobody has looked at its answers yet.\n\n\
         To be filled in by whoever uses it:\n- For what, and for whom: \n- What it must not be used for: \n\
         - Who is affected by its errors, and who looks at them: \n",
        report.model.target.replace('`', "'").replace(['\n', '\r'], " "),
        report.model.inputs.len()
    )
}

fn inputs(report: &Report<'_>) -> String {
    let all = &report.model.inputs;
    let mut text = "| Column | Values | Seen in training |\n| --- | --- | --- |\n".to_owned();
    for input in all.iter().take(LISTED) {
        let (kind, seen) = match input.kind {
            InputKind::Number => (
                "numbers",
                input.range.map_or_else(
                    || "none".into(),
                    |(low, high)| format!("{} to {}", short(low), short(high)),
                ),
            ),
            InputKind::Text => {
                let some: Vec<String> = input.examples.iter().take(5).map(|one| escape(one)).collect();
                ("text", some.join(", "))
            }
        };
        let _ = writeln!(text, "| {} | {kind} | {seen} |", escape(&input.name));
    }
    text + &left_out(all.len(), "columns")
}

/// How many of a table are not listed.
fn left_out(all: usize, what: &str) -> String {
    match all.saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("\nand {more} more {what}.\n"),
    }
}

fn data(report: &Report<'_>) -> String {
    let prepared = report.assembly.data;
    let mut text = format!(
        "- SHA-256 of the table: `{}`\n- Rows to train and validate on: {}\n- Rows kept for the final score: {}\n- Validation: {}\n",
        report.model.provenance.data_sha256,
        prepared.train.rows,
        prepared.holdout.rows,
        match prepared.folds.len() {
            1 => "one split".to_owned(),
            folds => format!("{folds} folds"),
        }
    );
    for note in &prepared.notes {
        let _ = writeln!(text, "- {}", escape(note));
    }
    text.push_str("- To be filled in: where the rows come from, whom they describe, who agreed to that: \n");
    text
}

fn metrics(evaluation: &Evaluation) -> String {
    let mut text = format!(
        "{}\n\n| Metric | Holdout |\n| --- | --- |\n",
        escape(&evaluation.summary)
    );
    for one in &evaluation.metrics {
        let _ = writeln!(text, "| {} | {} |", one.metric.title(), short(one.value));
    }
    let optional = |value: Option<f64>| value.map_or_else(|| "–".into(), short);
    if !evaluation.classes.is_empty() {
        text.push_str("\n| Class | Precision | Recall | F1 | Rows |\n| --- | --- | --- | --- | --- |\n");
        for class in evaluation.classes.iter().take(LISTED) {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                escape(&class.label),
                optional(class.precision),
                optional(class.recall),
                optional(class.f1),
                class.support
            );
        }
        text.push_str(&left_out(evaluation.classes.len(), "classes"));
    }
    if !evaluation.error_bands.is_empty() {
        text.push_str(
            "\n| Predicted | Rows | Mean absolute error | Mean error |\n| --- | --- | --- | --- |\n",
        );
        for band in &evaluation.error_bands {
            let _ = writeln!(
                text,
                "| {} to {} | {} | {} | {} |",
                short(band.from),
                short(band.to),
                band.count,
                short(band.mean_absolute_error),
                short(band.mean_error)
            );
        }
    }
    for decision in [
        evaluation.calibration_decision.as_ref().map(|one| &one.reason),
        evaluation.threshold.as_ref().map(|one| &one.reason),
    ]
    .into_iter()
    .flatten()
    {
        let _ = write!(text, "\n{}.\n", escape(decision.trim_end_matches('.')));
    }
    text
}

fn importance(evaluation: &Evaluation) -> String {
    if evaluation.importance.is_empty() {
        return "It was not measured: there was no time.\n".into();
    }
    let mut text = "What the metric loses on the holdout when a column is shuffled.\n\n| Column | Loss | Spread |\n| --- | --- | --- |\n".to_owned();
    for one in evaluation.importance.iter().take(10) {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            escape(&one.column),
            short(one.importance),
            short(one.sd)
        );
    }
    text
}

/// Where the figures themselves say that the model is weak.
fn caveats(report: &Report<'_>) -> String {
    let evaluation = report.evaluation;
    let mut lines = Vec::new();
    if evaluation.is_better_than_baseline != Some(true) {
        lines.push("It was not shown to be better than the baseline, which looks at no column.".to_owned());
    }
    let rare = |class: &&super::class_figures::ClassFigures| class.support < FEW_ROWS;
    let few: Vec<String> = evaluation
        .classes
        .iter()
        .filter(rare)
        .take(10)
        .map(|class| format!("{} ({})", escape(&class.label), class.support))
        .collect();
    if !few.is_empty() {
        lines.push(format!(
            "Fewer than {FEW_ROWS} rows of the holdout are of these classes, so that their figures say little: {}.",
            few.join(", ")
        ));
    }
    for coverage in &evaluation.coverage {
        if coverage.coverage < coverage.level - COVERAGE_SLACK {
            lines.push(format!(
                "Ranges made for {:.0} % of rows held {:.0} % of the holdout.",
                100.0 * coverage.level,
                100.0 * coverage.coverage
            ));
        }
    }
    lines.push(
        "The figures are of rows like those of the table. Values outside of what training has seen are answered with a warning, \
         by GraphQL and REST alone; drift is not watched unless files are predicted with known answers."
            .to_owned(),
    );
    lines.push("What was not measured: how the errors are spread over groups of people.".to_owned());
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "- {line}");
        text
    })
}

fn snippet(report: &Report<'_>) -> String {
    let mut text = "```\nautoml predict model.automl rows.csv --out predictions.csv\n```\n".to_owned();
    if report.onnx.is_ok() {
        text.push_str(
            "or `model.onnx` in any onnxruntime; its inputs are the columns above, one tensor each.\n",
        );
    }
    text
}

fn again(report: &Report<'_>) -> String {
    format!(
        "`automl replay` with `run.json` and the same table makes it once more, to the same bytes. Seed: {}.\n",
        report.assembly.settings.seed
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_are_no_markup() {
        let nasty = "<img src=x onerror=alert(1)> | [a](javascript:b) `c` # d\n## e";
        let safe = escape(nasty);
        assert!(!safe.contains(['<', '\n']));
        for (place, character) in safe.char_indices() {
            if "|[]`#".contains(character) {
                assert!(safe[..place].ends_with('\\'), "{safe}");
            }
        }
    }
}
