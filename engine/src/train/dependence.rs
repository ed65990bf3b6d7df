//! Partial dependence (Friedman 2001) and individual conditional expectation (Goldstein et al. 2015) of the most important raw
//! columns: what the model answers when a column is set to each of some values in holdout rows, in the mean and row by row. Where
//! columns hang together some of these rows do not exist in the world; the page that shows it should say so.

use model::frame::MISSING_CODE;
use model::serve::Loaded;
use model::transform::Transform;
use model::{Column, Frame};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::plan::{Rows, Target};

/// Columns at most.
const COLUMNS: usize = 8;
/// Values of a column at most.
const POINTS: usize = 20;
/// Lines of single rows at most.
const LINES: usize = 30;
/// Classes at most.
const CLASSES: usize = 5;
/// Holdout rows that the mean is over, at most and at least.
const ROWS: (usize, usize) = (500, 50);

/// How answers depend on one raw column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// The raw column.
    pub column: String,
    /// The classes whose probability is told, the first one in `lines`: of two classes the second, of several the most frequent
    /// ones. Empty for regression.
    pub classes: Vec<String>,
    /// One a value of the column, in order.
    pub points: Vec<DependencePoint>,
    /// Single rows: the answer at each point, one list a row.
    pub lines: Vec<Vec<f64>>,
    /// Rows that the means are over.
    pub rows: u64,
}

/// The mean answer at one value of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DependencePoint {
    /// The value of a column of numbers.
    pub value: Option<f64>,
    /// The value of a column of text.
    pub label: Option<String>,
    /// The mean probability of each of `classes`, or the mean value.
    pub means: Vec<f64>,
}

/// What is measured, and on what.
pub(super) struct Measure<'a> {
    /// The final model.
    pub model: &'a Loaded,
    /// The holdout, encoded.
    pub holdout: &'a Rows,
    /// The same rows, raw.
    pub raw: &'a Frame,
    /// Names of raw columns, most important first.
    pub columns: &'a [String],
    /// Seconds that one row takes to predict, for the number of rows that fits the time.
    pub row_seconds: f64,
}

/// The dependence on each column, most important first; what time did not allow is absent. Free text and columns of one value
/// have none, and give their place to the next.
pub(super) fn measure(measure: &Measure<'_>, context: &Context<'_>) -> (Vec<Dependence>, usize) {
    let mut wanted = Vec::new();
    for name in measure.columns {
        let grid = measure.grid(name);
        if grid.len() > 1 && wanted.len() < COLUMNS {
            wanted.push((name, grid));
        }
    }
    let rows = measure.rows(wanted.iter().map(|(_, grid)| grid.len()).sum(), context);
    let outputs = measure.classes();
    let found: Vec<Option<Dependence>> = context.pool.install(|| {
        wanted
            .par_iter()
            .map(|(name, grid)| {
                let told = !context.must_stop() && !rows.is_empty();
                told.then(|| measure.dependence(name, grid, &rows, &outputs))
            })
            .collect()
    });
    (found.into_iter().flatten().collect(), wanted.len())
}

/// A value that a column is set to.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(f64),
    Label(String),
}

impl Measure<'_> {
    /// Values of a column: evenly spread quantiles of numbers and dates, the most frequent labels of categories.
    fn grid(&self, name: &str) -> Vec<Value> {
        let inputs = &self.model.model().inputs;
        let Some(input) = inputs.iter().position(|input| input.name == *name) else {
            return Vec::new();
        };
        let mut steps = self.model.model().encoder.steps.iter();
        let transform = steps
            .find(|(position, _)| *position == input)
            .map(|(_, transform)| transform);
        match (transform, self.raw.column(name)) {
            (Some(Transform::Number), Some(Column::Number(values))) => {
                let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
                values.sort_unstable_by(f64::total_cmp);
                quantiles(&values).map(Value::Number).collect()
            }
            (Some(Transform::Date(_)), Some(Column::Text { codes, dictionary })) => {
                let mut texts: Vec<(f64, &String)> = Vec::new();
                for code in codes.iter().filter(|code| **code != MISSING_CODE) {
                    let text = &dictionary[*code as usize];
                    let encoded = self.encode(input, &Value::Label(text.clone()));
                    let place = encoded
                        .iter()
                        .map(|(_, value)| *value)
                        .find(|value| !value.is_nan());
                    texts.extend(place.map(|place| (place, text)));
                }
                texts.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(right.1)));
                let texts: Vec<&String> = texts.into_iter().map(|(_, text)| text).collect();
                quantiles(&texts).map(|text| Value::Label(text.clone())).collect()
            }
            (Some(Transform::Category(_)), Some(Column::Text { codes, dictionary })) => {
                let mut counts = vec![0_usize; dictionary.len()];
                for code in codes.iter().filter(|code| **code != MISSING_CODE) {
                    counts[*code as usize] += 1;
                }
                let mut order: Vec<usize> = (0..dictionary.len()).collect();
                order.sort_by_key(|place| (std::cmp::Reverse(counts[*place]), &dictionary[*place]));
                let labels = order
                    .into_iter()
                    .take(POINTS)
                    .map(|place| dictionary[place].clone());
                labels.map(Value::Label).collect()
            }
            _ => Vec::new(),
        }
    }

    /// As many holdout rows, in even steps, as fit the time.
    fn rows(&self, points: usize, context: &Context<'_>) -> Vec<u32> {
        let seconds = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
        let threads = context.pool.current_num_threads() as f64;
        let fit = (seconds * threads / (points.max(1) as f64 * self.row_seconds.max(1e-9))) as usize;
        let wanted = fit.clamp(ROWS.1, ROWS.0).min(self.holdout.rows);
        (0..wanted)
            .map(|place| (place * self.holdout.rows / wanted) as u32)
            .collect()
    }

    /// The outputs that are told.
    fn classes(&self) -> Vec<usize> {
        let Target::Classes { codes, labels } = &self.holdout.target else {
            return vec![0];
        };
        if labels.len() == 2 {
            return vec![1];
        }
        let mut counts = vec![0_usize; labels.len()];
        codes.iter().for_each(|code| counts[*code as usize] += 1);
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|class| (std::cmp::Reverse(counts[*class]), *class));
        order.truncate(CLASSES);
        order
    }

    fn dependence(&self, name: &str, grid: &[Value], rows: &[u32], outputs: &[usize]) -> Dependence {
        let model = self.model.model();
        let input = model
            .inputs
            .iter()
            .position(|input| input.name == name)
            .unwrap_or_default();
        let gather = |column: &Vec<f64>| rows.iter().map(|row| column[*row as usize]).collect();
        let mut features: Vec<Vec<f64>> = self.holdout.features.iter().map(gather).collect();
        let line_step = rows.len().div_ceil(LINES).max(1);
        let mut lines: Vec<Vec<f64>> = vec![Vec::new(); rows.len().div_ceil(line_step)];
        let mut points = Vec::with_capacity(grid.len());
        for value in grid {
            for (feature, encoded) in self.encode(input, value) {
                features[feature].fill(encoded);
            }
            let answers = self.model.predict_features(&features, rows.len(), None);
            let answers: Vec<&[f64]> = answers.chunks_exact(model.outputs()).collect();
            let mean = |output: &usize| {
                let sum: f64 = answers.iter().map(|answer| answer[*output]).sum();
                rounded(sum / rows.len() as f64)
            };
            for (line, answer) in lines.iter_mut().zip(answers.iter().step_by(line_step)) {
                line.push(rounded(answer[outputs[0]]));
            }
            points.push(DependencePoint {
                value: if let Value::Number(number) = value {
                    Some(*number)
                } else {
                    None
                },
                label: if let Value::Label(label) = value {
                    Some(label.clone())
                } else {
                    None
                },
                means: outputs.iter().map(mean).collect(),
            });
        }
        let label = |output: &usize| model.classes.get(*output).cloned();
        Dependence {
            column: name.to_owned(),
            classes: outputs.iter().filter_map(label).collect(),
            points,
            lines,
            rows: rows.len() as u64,
        }
    }

    /// The features that a value of one input becomes, by their position.
    fn encode(&self, input: usize, value: &Value) -> Vec<(usize, f64)> {
        let mut encoded = Vec::new();
        let mut first = 0;
        for (position, transform) in &self.model.model().encoder.steps {
            let step = transform.step();
            if *position == input {
                let mut cell = vec![0.0; step.width()];
                match value {
                    Value::Number(number) => step.encode_number(*number, &mut cell),
                    Value::Label(text) => step.encode_text(&step.index(), Some(text), &mut cell),
                }
                encoded.extend(
                    cell.into_iter()
                        .enumerate()
                        .map(|(place, value)| (first + place, value)),
                );
            }
            first += step.width();
        }
        encoded
    }
}

/// Up to [`POINTS`] evenly spread ones of sorted values, each once.
fn quantiles<T: Copy + PartialEq>(sorted: &[T]) -> impl Iterator<Item = T> {
    let mut picked: Vec<T> = Vec::new();
    for place in 0..POINTS {
        let rank = (sorted.len().max(1) - 1) * place / (POINTS - 1);
        if let Some(value) = sorted.get(rank)
            && picked.last() != Some(value)
        {
            picked.push(*value);
        }
    }
    picked.into_iter()
}

/// Six significant digits: what a chart shows, in half the bytes.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_spread_and_distinct() {
        let values: Vec<u32> = (0..1000).collect();
        let picked: Vec<u32> = quantiles(&values).collect();
        assert_eq!((picked.len(), picked[0], picked[19]), (20, 0, 999));
        assert_eq!(quantiles(&[1, 1, 1, 2]).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(quantiles::<u32>(&[]).count(), 0);
        assert_eq!(rounded(1_234.567_89), 1234.57);
        assert_eq!(rounded(0.0), 0.0);
    }
}
