//! Whether a score follows from the answers that were written down.

use std::collections::BTreeMap;

use model::{Column, Frame, InputKind};

use crate::error::Error;
use crate::metrics::Metric;
use crate::plan::{Prepared, Target, TargetView};
use crate::read::{Encoding, ReadOptions, read};

/// The column of the answers.
const ANSWER: &str = "prediction";

/// The metric of the answers in a `holdout_predictions.csv`, against the holdout of `data`; `None` where the metric is not defined.
///
/// # Errors
/// `Input` when the file has other columns, other classes or another number of rows.
pub fn proven_score(data: &Prepared, metric: Metric, predictions: &[u8]) -> Result<Option<f64>, Error> {
    let outputs = match &data.holdout.target {
        Target::Values(_) => numbers(&table(predictions, &[])?, 0)?,
        Target::Classes { labels, .. } => outputs_of_classes(&table(predictions, labels)?, labels, metric)?,
    };
    if outputs.len() != data.holdout.rows * data.outputs() {
        return Err(Error::Input(format!(
            "the predictions are {} values, and the holdout has {} rows",
            outputs.len(),
            data.holdout.rows
        )));
    }
    let truth = TargetView {
        target: &data.holdout.target,
        weights: data.weights.as_ref().map(|weights| weights.holdout.as_slice()),
    };
    Ok(metric.evaluate(truth, &outputs))
}

/// The columns in their order: the answer, then one a class.
fn table(predictions: &[u8], labels: &[String]) -> Result<Frame, Error> {
    let mut names = vec![ANSWER.to_owned()];
    names.extend(labels.iter().map(|label| format!("p_{label}")));
    let mut kinds: BTreeMap<String, InputKind> = names
        .iter()
        .map(|name| (name.clone(), InputKind::Number))
        .collect();
    if !labels.is_empty() {
        kinds.insert(ANSWER.to_owned(), InputKind::Text);
    }
    let options = ReadOptions {
        delimiter: Some(','),
        encoding: Some(Encoding::Utf8),
        header: Some(true),
        kinds,
        ..ReadOptions::default()
    };
    let frame = read(predictions, "predictions.csv", &options)?.frame;
    match frame.names == names {
        true => Ok(frame),
        false => Err(Error::Input(
            "the predictions have other columns than this run has classes".to_owned(),
        )),
    }
}

fn numbers(frame: &Frame, column: usize) -> Result<Vec<f64>, Error> {
    match &frame.columns[column] {
        Column::Number(values) => Ok(values.clone()),
        Column::Text { .. } => Err(Error::Input(format!("{} are no numbers", frame.names[column]))),
    }
}

/// Row-major outputs. What sees labels only is given the answers: a threshold may have chosen them against the probabilities.
fn outputs_of_classes(frame: &Frame, labels: &[String], metric: Metric) -> Result<Vec<f64>, Error> {
    let width = labels.len();
    let mut outputs = vec![0.0; frame.rows * width];
    if !metric.is_of_labels() {
        for class in 0..width {
            for (row, value) in numbers(frame, class + 1)?.into_iter().enumerate() {
                outputs[row * width + class] = value;
            }
        }
        return Ok(outputs);
    }
    let Column::Text { codes, dictionary } = &frame.columns[0] else {
        return Err(Error::Internal("answers were read as numbers".to_owned()));
    };
    let mut class_of = Vec::with_capacity(dictionary.len());
    for label in dictionary {
        let class = labels.iter().position(|known| known == label);
        class_of.push(class.ok_or_else(|| Error::Input(format!("{label:?} is no class of this run")))?);
    }
    for (row, code) in codes.iter().enumerate() {
        let class = class_of.get(*code as usize);
        let class =
            class.ok_or_else(|| Error::Input(format!("row {} of the predictions has no answer", row + 1)))?;
        outputs[row * width + class] = 1.0;
    }
    Ok(outputs)
}
