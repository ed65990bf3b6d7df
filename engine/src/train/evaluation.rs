//! What the final model is worth on the holdout, in figures, curves and words. The JSON of [`Evaluation`] is stable.

use model::ProblemType;
use model::serve::Loaded;
use serde::{Deserialize, Serialize};

use super::alternative::Alternative;
use super::attribution::ColumnAttribution;
use super::bootstrap;
use super::calibration::CalibrationDecision;
use super::class_figures::{ClassFigures, add_curves};
use super::conformal::{self, Coverage};
use super::dependence::Dependence;
use super::latency::{Latency, words as time};
use super::threshold::ThresholdDecision;
use crate::context::Context;
use crate::metrics::curves::{self, Bar, CalibrationBin, ErrorBand, Point};
use crate::metrics::cuts::{self, Cut};
use crate::metrics::{Confusion, METRICS, Metric};
use crate::page::short;
use crate::plan::{Rows, Target, TargetView};

/// The final model on the holdout. What could not be computed is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The job's metric.
    pub metric: Metric,
    /// Its direction.
    pub higher_is_better: bool,
    /// Rows that no fit and no choice has seen.
    pub holdout_rows: u64,
    /// The metric on them.
    pub score: Option<f64>,
    /// Lower end of the 95 % bootstrap interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Standard error by the same bootstrap.
    pub standard_error: Option<f64>,
    /// The metric of the ensemble on the validation rows, which it was chosen on.
    pub validation_score: Option<f64>,
    /// The metric of the baseline on the holdout.
    pub baseline: Option<f64>,
    /// Whether the difference to the baseline is beyond chance; absent when either score is.
    pub is_better_than_baseline: Option<bool>,
    /// The result in words.
    pub summary: String,
    /// Every metric that is defined.
    pub metrics: Vec<MetricValue>,
    /// Precision, recall and F1 class by class.
    pub classes: Vec<ClassFigures>,
    /// Rows, and what they count, by actual and predicted class.
    pub confusion: Option<ConfusionTable>,
    /// ROC curve (binary), at most 200 points; rates are by weight where rows have some, as in the metric.
    pub roc: Vec<Point>,
    /// Precision-recall curve (binary), at most 200 points: x = recall, y = precision, by weight likewise.
    pub precision_recall: Vec<Point>,
    /// Predicted against actual probability of the second class (binary); means by weight, counts of rows.
    pub calibration: Vec<CalibrationBin>,
    /// What thresholds do to the rows (binary), the highest first, at most 200 and the model's own; by weight.
    #[serde(default)]
    pub cuts: Vec<Cut>,
    /// x = predicted, y = actual (regression), at most 500 rows, whatever they count.
    pub predicted_actual: Vec<Point>,
    /// Histogram of actual less predicted (regression), of rows, whatever they count.
    pub residuals: Vec<Bar>,
    /// Errors by predicted value (regression), in at most ten bands of equally many rows.
    #[serde(default)]
    pub error_bands: Vec<ErrorBand>,
    /// What the score loses when a raw column is shuffled; most important first.
    pub importance: Vec<Importance>,
    /// Mean size of each raw column's contributions to the answers; largest first.
    #[serde(default)]
    pub attribution: Vec<ColumnAttribution>,
    /// Holdout rows that `attribution` is the mean over.
    #[serde(default)]
    pub attribution_rows: u64,
    /// How answers depend on the most important raw columns.
    #[serde(default)]
    pub dependence: Vec<Dependence>,
    /// What was decided about the calibration of probabilities; absent for regression.
    #[serde(default)]
    pub calibration_decision: Option<CalibrationDecision>,
    /// What was decided about the threshold, where the user has a goal.
    #[serde(default)]
    pub threshold: Option<ThresholdDecision>,
    /// What intervals or sets hold of the holdout, level by level.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    /// What the published model takes to answer one row; absent in evaluations of older versions.
    #[serde(default)]
    pub latency: Option<Latency>,
    /// A smaller ensemble that could have been published, where it differs.
    #[serde(default)]
    pub alternative: Option<Alternative>,
}

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricValue {
    /// Which.
    pub metric: Metric,
    /// Its value.
    pub value: f64,
}

/// Counts by class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfusionTable {
    /// Classes in output order.
    pub labels: Vec<String>,
    /// `counts[actual][predicted]`, of rows.
    pub counts: Vec<Vec<u64>>,
    /// The same of what the rows count, in the unit in which training rows count 1 on average; absent without weights.
    #[serde(default)]
    pub weighted: Option<Vec<Vec<f64>>>,
}

/// Permutation importance of a raw column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The raw column.
    pub column: String,
    /// Mean loss of the metric when the column is shuffled (positive: the column helps), in units of the metric.
    pub importance: f64,
    /// Standard deviation over the repeats.
    pub sd: f64,
}

/// Points of a curve at most.
const CURVE_POINTS: usize = 200;
/// Points of predicted against actual at most.
const SCATTER_POINTS: usize = 500;
/// Bars of the residuals at most.
const RESIDUAL_BARS: usize = 30;

/// What is evaluated.
pub(super) struct Subject<'a> {
    /// The job's metric.
    pub metric: Metric,
    /// What is predicted.
    pub problem: ProblemType,
    /// The holdout's target.
    pub target: &'a Target,
    /// What its rows count.
    pub weights: Option<&'a [f64]>,
    /// The final model's outputs on the holdout.
    pub outputs: &'a [f64],
    /// The same as far as labels go: the largest one of a row is the predicted class.
    pub decided: &'a [f64],
    /// The baseline's outputs on the holdout.
    pub baseline: Option<&'a [f64]>,
    /// The ensemble on the validation rows.
    pub validation_score: Option<f64>,
}

impl Evaluation {
    /// Everything but what is fitted on top of the ensemble ([`Evaluation::add_refined`]) and what the model goes by (`explain`).
    pub(super) fn new(subject: &Subject<'_>, context: &Context<'_>) -> Self {
        let Subject {
            metric,
            target,
            weights,
            ..
        } = *subject;
        let truth = TargetView { target, weights };
        let outputs_for = |metric: Metric| match metric.is_of_labels() {
            true => subject.decided,
            false => subject.outputs,
        };
        let outputs = outputs_for(metric);
        let score = metric.evaluate(truth, outputs);
        let baseline = subject
            .baseline
            .and_then(|outputs| metric.evaluate(truth, outputs));
        let interval =
            score.and_then(|_| bootstrap::interval(truth, outputs, subject.baseline, metric, context));
        let is_better = interval
            .and_then(|interval| interval.least_gain)
            .map(|gain| gain > 0.0);
        let mut evaluation = Self {
            metric,
            higher_is_better: metric.higher_is_better(),
            holdout_rows: target.len() as u64,
            score,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            standard_error: interval.map(|interval| interval.standard_error),
            validation_score: subject.validation_score,
            baseline,
            is_better_than_baseline: is_better,
            summary: String::new(),
            metrics: Vec::new(),
            classes: Vec::new(),
            confusion: None,
            roc: Vec::new(),
            precision_recall: Vec::new(),
            calibration: Vec::new(),
            cuts: Vec::new(),
            predicted_actual: Vec::new(),
            residuals: Vec::new(),
            error_bands: Vec::new(),
            importance: Vec::new(),
            attribution: Vec::new(),
            attribution_rows: 0,
            dependence: Vec::new(),
            calibration_decision: None,
            threshold: None,
            coverage: Vec::new(),
            latency: None,
            alternative: None,
        };
        for entry in METRICS {
            let is_asked = entry.metric == metric || !entry.metric.is_of_outer_quantile();
            if entry.problems.contains(&subject.problem) && is_asked {
                let value = entry.metric.evaluate(truth, outputs_for(entry.metric));
                evaluation.metrics.extend(value.map(|value| MetricValue {
                    metric: entry.metric,
                    value,
                }));
            }
        }
        match target {
            Target::Classes { codes, labels } => evaluation.add_classes(subject, truth, (codes, labels)),
            Target::Values(values) => evaluation.add_values(values, outputs, weights),
        }
        evaluation.summary = evaluation.words();
        evaluation
    }

    /// What was decided on top of the ensemble, and what it is worth on the holdout.
    pub(super) fn add_refined(
        &mut self,
        (calibration, threshold): (Option<CalibrationDecision>, Option<ThresholdDecision>),
        model: &Loaded,
        (holdout, weights): (&Rows, Option<&[f64]>),
        outputs: &[f64],
        context: &Context<'_>,
    ) {
        let truth = TargetView {
            target: &holdout.target,
            weights,
        };
        self.threshold = threshold;
        self.calibration_decision = calibration;
        if let Some(decision) = &mut self.calibration_decision {
            let before = model.predict_uncalibrated(&holdout.features, holdout.rows, Some(context.pool));
            decision.holdout_before = Metric::LogLoss.evaluate(truth, &before);
            decision.holdout_after = Metric::LogLoss
                .evaluate(truth, outputs)
                .filter(|_| decision.is_kept);
        }
        if let Target::Classes { codes, labels } = &holdout.target
            && labels.len() == 2
        {
            let second: Vec<f64> = outputs.chunks_exact(2).map(|row| row[1]).collect();
            let own = model.model().refinements.threshold.unwrap_or(0.5);
            self.cuts = cuts::table(&second, codes, weights, own, CURVE_POINTS);
        }
        if let Some(conformal) = &model.model().refinements.conformal {
            self.coverage = conformal::measure(conformal, truth, outputs);
        }
    }

    /// What the published model takes for a row. Where only the baseline keeps the limit, the result in words is that.
    pub(super) fn add_latency(&mut self, latency: Latency) {
        if let (true, Some(limit)) = (latency.nothing_fits, latency.limit_seconds) {
            let than = if latency.seconds <= limit {
                format!("takes {}", time(latency.seconds))
            } else {
                format!(
                    "takes {} as well, for reading the row alone",
                    time(latency.seconds)
                )
            };
            self.summary = format!(
                "No candidate answers a row within {}, so that the baseline is published, which looks at no column and {than}. Give a longer limit. {} is {} on the {} rows of the holdout.",
                time(limit),
                self.metric.title(),
                self.score.map_or_else(|| "undefined".to_owned(), short),
                self.holdout_rows
            );
        }
        self.latency = Some(latency);
    }

    fn add_classes(
        &mut self,
        subject: &Subject<'_>,
        truth: TargetView<'_>,
        (codes, labels): (&[u32], &[String]),
    ) {
        let outputs = subject.outputs;
        let rows = Confusion::new(subject.target, subject.decided);
        let (Some(rows), Some(confusion)) = (rows, Confusion::new(truth, subject.decided)) else {
            return;
        };
        for (class, label) in labels.iter().enumerate() {
            let report = confusion.class(class);
            self.classes.push(ClassFigures {
                label: label.clone(),
                precision: report.precision,
                recall: report.recall,
                f1: report.f1,
                support: rows.class(class).support as u64,
                roc_auc: None,
                pr_auc: None,
                cuts: Vec::new(),
            });
        }
        if labels.len() > 2 {
            add_curves(&mut self.classes, outputs, codes, truth.weights);
        }
        let lines = |confusion: &Confusion| -> Vec<Vec<f64>> {
            confusion
                .counts
                .chunks(confusion.classes)
                .map(<[f64]>::to_vec)
                .collect()
        };
        let whole = |line: Vec<f64>| line.into_iter().map(|count| count as u64).collect();
        self.confusion = Some(ConfusionTable {
            labels: labels.to_vec(),
            counts: lines(&rows).into_iter().map(whole).collect(),
            weighted: truth.weights.map(|_| lines(&confusion)),
        });
        if labels.len() == 2 {
            let scores: Vec<f64> = outputs.chunks_exact(2).map(|row| row[1]).collect();
            let positive: Vec<bool> = codes.iter().map(|code| *code == 1).collect();
            self.roc = curves::roc(&scores, &positive, truth.weights, CURVE_POINTS);
            self.precision_recall = curves::precision_recall(&scores, &positive, truth.weights, CURVE_POINTS);
            self.calibration = curves::calibration(&scores, &positive, truth.weights);
        }
    }

    fn add_values(&mut self, values: &[f64], outputs: &[f64], weights: Option<&[f64]>) {
        self.predicted_actual = curves::predicted_actual(values, outputs, SCATTER_POINTS);
        let residuals: Vec<f64> = values
            .iter()
            .zip(outputs)
            .map(|(actual, predicted)| actual - predicted)
            .collect();
        self.residuals = curves::histogram(&residuals, RESIDUAL_BARS);
        self.error_bands = curves::error_bands(values, outputs, weights);
    }

    /// The result in one or two sentences.
    fn words(&self) -> String {
        let title = self.metric.title();
        let Some(score) = self.score else {
            return if self.holdout_rows == 0 {
                "There were too few rows to keep a holdout; the validation scores are all there is.".into()
            } else {
                format!("{title} is undefined on the {} holdout rows.", self.holdout_rows)
            };
        };
        let interval = match (self.low, self.high) {
            (Some(low), Some(high)) => format!(" (95 % interval {} to {})", short(low), short(high)),
            _ => String::new(),
        };
        let comparison = match (self.is_better_than_baseline, self.baseline) {
            (Some(true), Some(baseline)) => {
                format!(
                    "It is better than the baseline, which reaches {}.",
                    short(baseline)
                )
            }
            (Some(false), Some(baseline)) => format!(
                "It is no better than the baseline, which reaches {}: the columns say too little about the target, or there are too few rows to tell.",
                short(baseline)
            ),
            _ => "It could not be compared with the baseline.".into(),
        };
        let rows = self.holdout_rows;
        format!(
            "{title} {}{interval} on {rows} rows that no part of the training has seen. {comparison}",
            short(score)
        )
    }
}
