//! The report of a job: one self-contained HTML page, without scripts, every value escaped.

use std::fmt::Write;

use model::Model;
use model::onnx::Certificate;

use super::assemble::{Assembly, Decision};
use super::evaluation::{Evaluation, Importance};
use super::latency::words;
use super::leaderboard::LeaderboardRow;
use super::report_explain;
use crate::learners::ParamValue;
use crate::metrics::curves::Point;
use crate::page::chart::{self, Axes, NamedBar};
use crate::page::{document, escape, header, list, section, short, table};

/// Classes that the confusion table shows at most.
const CONFUSION_CLASSES: usize = 30;

/// What a report says.
pub(super) struct Report<'a> {
    /// The job.
    pub assembly: &'a Assembly<'a>,
    /// The final model.
    pub model: &'a Model,
    /// What it is worth.
    pub evaluation: &'a Evaluation,
    /// Every trial.
    pub leaderboard: &'a [LeaderboardRow],
    /// Size of the ONNX file and its proof, or why there is none.
    pub onnx: Result<(usize, &'a Certificate), &'a str>,
    /// What was decided while assembling.
    pub decisions: &'a [Decision],
}

/// The page.
pub(super) fn page(report: &Report<'_>) -> String {
    let sections = [
        summary(report),
        metrics(report.evaluation),
        curves(report.evaluation),
        confusion(report.evaluation),
        importance(report.evaluation),
        report_explain::attribution(report.evaluation),
        report_explain::dependence(report.evaluation),
        report_explain::coverage(report.evaluation),
        progress(report),
        leaderboard(report.leaderboard),
        preparation(report),
        configuration(report),
        provenance(report),
    ];
    document(&format!("Predicting {}", report.model.target), &sections)
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), short)
}

fn summary(report: &Report<'_>) -> String {
    let Report {
        evaluation,
        model,
        assembly,
        ..
    } = report;
    let latency = evaluation.latency.as_ref();
    let score = format!("{} on the holdout", evaluation.metric.title());
    let figures = [
        (score.as_str(), optional(evaluation.score)),
        ("baseline", optional(evaluation.baseline)),
        ("training rows", assembly.data.train.rows.to_string()),
        ("holdout rows", evaluation.holdout_rows.to_string()),
        ("input columns", model.inputs.len().to_string()),
        ("trials", assembly.history.len().to_string()),
        (
            "to answer a row",
            latency.map_or_else(|| "–".into(), |latency| words(latency.seconds)),
        ),
    ];
    header(
        &format!("{:?}", model.problem).to_lowercase(),
        &format!("Predicting {}", model.target),
        &evaluation.summary,
        &figures,
    )
}

fn metrics(evaluation: &Evaluation) -> String {
    let mut rows = Vec::new();
    for item in &evaluation.metrics {
        let direction = if item.metric.higher_is_better() {
            "higher is better"
        } else {
            "lower is better"
        };
        rows.push(vec![
            item.metric.title().to_owned(),
            short(item.value),
            direction.to_owned(),
        ]);
    }
    let mut body = if rows.is_empty() {
        String::new()
    } else {
        table(&["Metric", "Holdout", ""], &rows)
    };
    if !evaluation.classes.is_empty() {
        let mut rows = Vec::new();
        for class in &evaluation.classes {
            let figures = [class.precision, class.recall, class.f1].map(optional);
            let mut row = vec![class.label.clone()];
            row.extend(figures);
            row.push(class.support.to_string());
            rows.push(row);
        }
        body.push_str(&table(&["Class", "Precision", "Recall", "F1", "Rows"], &rows));
    }
    section("Metrics on the holdout", &body)
}

fn curves(evaluation: &Evaluation) -> String {
    let mut charts = Vec::new();
    if !evaluation.roc.is_empty() {
        let axes = Axes {
            title: "ROC curve",
            x: "false positive rate",
            y: "true positive rate",
        };
        charts.push(("ROC curve", chart::line(&evaluation.roc, &axes, true)));
    }
    if !evaluation.precision_recall.is_empty() {
        let axes = Axes {
            title: "Precision-recall curve",
            x: "recall",
            y: "precision",
        };
        charts.push((
            "Precision and recall",
            chart::line(&evaluation.precision_recall, &axes, false),
        ));
    }
    if !evaluation.calibration.is_empty() {
        let axes = Axes {
            title: "Calibration",
            x: "predicted probability",
            y: "actual share",
        };
        charts.push(("Calibration", chart::calibration(&evaluation.calibration, &axes)));
    }
    if !evaluation.predicted_actual.is_empty() {
        let axes = Axes {
            title: "Predicted against actual",
            x: "predicted",
            y: "actual",
        };
        charts.push((
            "Predicted against actual",
            chart::scatter(&evaluation.predicted_actual, &axes),
        ));
    }
    if !evaluation.residuals.is_empty() {
        let axes = Axes {
            title: "Residuals",
            x: "actual less predicted",
            y: "rows",
        };
        charts.push(("Residuals", chart::histogram(&evaluation.residuals, &axes)));
    }
    let mut body = String::new();
    for (title, svg) in charts {
        let _ = write!(body, "<figure>{svg}<figcaption>{title}</figcaption></figure>");
    }
    if body.is_empty() {
        body
    } else {
        section("Curves", &format!("<div class=\"charts\">{body}</div>"))
    }
}

fn confusion(evaluation: &Evaluation) -> String {
    let Some(confusion) = &evaluation.confusion else {
        return String::new();
    };
    if confusion.labels.len() > CONFUSION_CLASSES {
        return String::new();
    }
    let mut head = vec!["actual \\ predicted"];
    head.extend(confusion.labels.iter().map(String::as_str));
    let labelled = |lines: Vec<Vec<String>>| {
        let labels = confusion.labels.iter().cloned();
        let rows: Vec<Vec<String>> = labels
            .zip(lines)
            .map(|(label, line)| [vec![label], line].concat())
            .collect();
        table(&head, &rows)
    };
    let of_rows = confusion
        .counts
        .iter()
        .map(|line| line.iter().map(u64::to_string).collect());
    let mut body = labelled(of_rows.collect());
    if let Some(weighted) = &confusion.weighted {
        let of_weights = weighted
            .iter()
            .map(|line| line.iter().copied().map(short).collect());
        body = format!(
            "<p>Rows of the holdout:</p>{body}<p>The same by weight, a training row counting 1 on average:</p>{}",
            labelled(of_weights.collect())
        );
    }
    section("Confusion", &body)
}

fn importance(evaluation: &Evaluation) -> String {
    if evaluation.importance.is_empty() {
        return section(
            "Importance of the columns",
            "<p>Not measured: there was no time or no holdout.</p>",
        );
    }
    let metric = evaluation.metric.title();
    let words = format!(
        "<p>What {} loses on the holdout when one column is shuffled; the whisker is one standard deviation.</p>",
        escape(metric)
    );
    let bars: Vec<NamedBar<'_>> = evaluation.importance.iter().map(importance_bar).collect();
    section(
        "Importance of the columns",
        &(words + &chart::bars("Importance of the columns", &bars)),
    )
}

fn importance_bar(item: &Importance) -> NamedBar<'_> {
    NamedBar {
        name: &item.column,
        value: item.importance,
        spread: Some(item.sd),
        label: short(item.importance),
    }
}

/// Best score so far, trial by trial.
fn progress(report: &Report<'_>) -> String {
    let metric = report.assembly.metric;
    let mut points: Vec<Point> = Vec::new();
    let mut best: Option<f64> = None;
    let mut seconds = 0.0;
    for record in report.assembly.history {
        let Some(score) = record.score() else { continue };
        seconds += score.seconds;
        if best.is_none_or(|best| metric.is_better(score.score, best)) {
            best = Some(score.score);
        }
        points.extend(best.map(|best| Point { x: seconds, y: best }));
    }
    if points.len() < 2 {
        return String::new();
    }
    let axes = Axes {
        title: "Best score so far",
        x: "seconds spent in trials",
        y: metric.title(),
    };
    let svg = chart::line(&points, &axes, false);
    section(
        "Best validation score so far",
        &format!("<div class=\"charts\"><figure>{svg}</figure></div>"),
    )
}

fn leaderboard(rows: &[LeaderboardRow]) -> String {
    let mut cells = Vec::new();
    for row in rows {
        let sd = row
            .score_sd
            .map(|sd| format!(" ± {}", short(sd)))
            .unwrap_or_default();
        cells.push(vec![
            row.rank.map_or_else(|| "–".into(), |rank| rank.to_string()),
            row.name.clone(),
            row.error.clone().unwrap_or_else(|| optional(row.score) + &sd),
            optional(row.holdout_score),
            match &row.left_out {
                Some(reason) if row.number.is_none() => reason.clone(),
                Some(reason) => format!("left out: {reason}"),
                None if row.weight != 0.0 => format!("{:.0} %", row.weight * 100.0),
                None => String::new(),
            },
            row.fit_seconds
                .map(|seconds| format!("{seconds:.2} s"))
                .unwrap_or_default(),
            row.predict_seconds_per_row
                .map(|seconds| format!("{:.1} µs", seconds * 1e6))
                .unwrap_or_default(),
            row.params
                .iter()
                .map(|(name, value)| format!("{name} {}", param(value)))
                .collect::<Vec<_>>()
                .join(", "),
        ]);
    }
    let head = [
        "Rank",
        "Trial",
        "Validation",
        "Holdout",
        "Weight",
        "Fit",
        "Predict a row",
        "Hyperparameters",
    ];
    section("Leaderboard", &table(&head, &cells))
}

fn param(value: &ParamValue) -> String {
    match value {
        ParamValue::Flag(flag) => flag.to_string(),
        ParamValue::Int(number) => number.to_string(),
        ParamValue::Float(number) => short(*number),
        ParamValue::Text(text) => text.clone(),
    }
}

fn preparation(report: &Report<'_>) -> String {
    let notes = list(report.assembly.data.notes.iter().map(String::as_str));
    let decisions = list(report.decisions.iter().map(|decision| decision.what.as_str()));
    section("Preparation", &notes) + &section("Assembling", &decisions)
}

fn configuration(report: &Report<'_>) -> String {
    let settings = report.assembly.settings;
    let joined = |names: &[String], none: &str| {
        if names.is_empty() {
            none.to_owned()
        } else {
            names.join(", ")
        }
    };
    let rows = [
        ("Target", settings.target.clone()),
        ("Metric", report.assembly.metric.title().to_owned()),
        ("Budget", format!("{} s", settings.budget.as_secs_f64())),
        ("Preset", format!("{:?}", settings.preset).to_lowercase()),
        (
            "Validation",
            format!("{} fold(s)", report.assembly.data.folds.len()),
        ),
        (
            "Limit to answer a row",
            settings
                .max_latency
                .map_or_else(|| "none".into(), |limit| words(limit.as_secs_f64())),
        ),
        ("Threads", settings.threads.to_string()),
        ("Memory", format!("{} MiB", settings.memory_bytes >> 20)),
        ("Seed", settings.seed.to_string()),
        ("Excluded columns", joined(&settings.exclude, "none")),
        ("Learners", joined(&settings.learners, "all")),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    section("Configuration", &table(&["Setting", "Value"], &rows))
}

fn provenance(report: &Report<'_>) -> String {
    let onnx = match report.onnx {
        Ok((size, certificate)) => format!(
            "{:.1} MiB, checked in onnxruntime {} on {} holdout rows and {} edge rows: largest difference {:.1e} (allowed {:.0e})",
            size as f64 / f64::from(1 << 20),
            certificate.runtime,
            certificate.holdout_rows,
            certificate.edge_rows,
            certificate.largest_difference,
            certificate.tolerance
        ),
        Err(reason) => format!("withheld: {reason}"),
    };
    let provenance = &report.model.provenance;
    let rows = [
        ("Program", provenance.program.clone()),
        ("SHA-256 of the data", provenance.data_sha256.clone()),
        ("ONNX file", onnx),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    section("Environment and provenance", &table(&["What", "Value"], &rows))
}
