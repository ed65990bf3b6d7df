//! One raw column to its fitted step: what is used, how, and why not.

use model::frame::MISSING_CODE;
use model::transform::Transform;
use model::transform::category::{self, Category};
use model::transform::date::{Date, DateFormat, DatePart};
use model::transform::words::{Words, split};
use model::{Column, Feature, FeatureKind, Input, InputKind};

use super::target::number_label;
use super::topics;
use crate::profile::Role;

/// Most labels that a dictionary keeps; rarer ones share the code of unseen values. Trees tell 255 codes apart by themselves, and
/// the others by what the target is on average (`learners::widen`).
const MAX_LABELS: usize = 16_384;
/// From this many distinct values on, a value seen once tells nothing: it shares the code of unseen values.
const MANY_LABELS: usize = 50;
/// Most words of a vocabulary.
const MAX_WORDS: usize = 50;
/// A word has to occur in that many training rows.
const MIN_WORD_ROWS: usize = 5;
/// Examples that a form offers.
const MAX_EXAMPLES: usize = 100;

/// How a column is to be used, as profile and user decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnPlan {
    /// Its role.
    pub role: Role,
    /// Why it has that role: one sentence for the report.
    pub reason: String,
    /// The one format of its dates; needed for `Role::Date`.
    pub date: Option<DateFormat>,
}

/// A column that is used: its input and its fitted step with the features that the step makes.
pub struct Fitted {
    /// Raw input.
    pub input: Input,
    /// Fitted step.
    pub transform: Transform,
    /// Names and kinds of the step's outputs.
    pub features: Vec<(String, FeatureKind)>,
    /// A line for the report, when something is worth telling.
    pub note: Option<String>,
    /// A second step on the same input, with its features.
    pub beside: Option<(Transform, Vec<String>)>,
}

/// Fits the step of one column on the training rows.
///
/// # Errors
/// The reason why the column is of no use: a line for the report.
pub fn fit(name: &str, column: &Column, plan: &ColumnPlan, train: &[u32]) -> Result<Fitted, String> {
    let dropped = |why: &str| Err(format!("`{name}` is not used: {why}"));
    match plan.role {
        Role::Number => match column {
            Column::Number(values) => Ok(number(name, values, train)),
            Column::Text { .. } => Ok(plain(
                name,
                InputKind::Number,
                Transform::Number,
                vec![(name.to_owned(), FeatureKind::Number)],
            )),
        },
        Role::Category => {
            let counts = counts(column, train);
            let (dictionary, note) = dictionary(name, &counts);
            if dictionary.labels.is_empty() {
                return dropped("every value occurs once, so it tells nothing about a new row");
            }
            let kind = FeatureKind::Category {
                cardinality: dictionary.labels.len() as u32 + category::FIRST,
            };
            let mut fitted = plain(
                name,
                InputKind::Text,
                Transform::Category(dictionary),
                vec![(name.to_owned(), kind)],
            );
            show(&mut fitted.input, &counts);
            fitted.note = note;
            Ok(fitted)
        }
        Role::Date => {
            let Some(format) = plan.date else {
                return dropped("its dates have no format that is known");
            };
            let mut fitted = date(
                name,
                Date {
                    format,
                    parts: ALL_PARTS.iter().map(|part| part.0).collect(),
                },
            );
            show(&mut fitted.input, &counts(column, train));
            Ok(fitted)
        }
        Role::Text => {
            let counts = counts(column, train);
            let words = Words {
                words: vocabulary(&counts),
            };
            let mut features: Vec<_> = words
                .words
                .iter()
                .map(|word| (format!("{name}: {word}"), FeatureKind::Number))
                .collect();
            features.push((format!("{name}: words"), FeatureKind::Number));
            let mut fitted = plain(name, InputKind::Text, Transform::Words(words), features);
            fitted.beside = topics::fit(&counts).map(|topics| {
                let names = (1..=topics.topics).map(|topic| format!("{name}: topic {topic}"));
                let names = names.collect();
                (Transform::Topics(topics), names)
            });
            // Free text makes no list to choose from.
            fitted.input.typical = counts.first().map_or_else(String::new, |(text, _)| text.clone());
            Ok(fitted)
        }
        Role::Id | Role::Constant | Role::Duplicate | Role::Excluded => dropped(&plan.reason),
    }
}

const ALL_PARTS: [(DatePart, &str); 7] = [
    (DatePart::Day, "day"),
    (DatePart::Year, "year"),
    (DatePart::Month, "month"),
    (DatePart::DayOfMonth, "day_of_month"),
    (DatePart::DayOfWeek, "day_of_week"),
    (DatePart::DayOfYear, "day_of_year"),
    (DatePart::Hour, "hour"),
];

/// A date step with its feature names.
fn date(name: &str, date: Date) -> Fitted {
    let mut features = Vec::new();
    for (part, word) in ALL_PARTS {
        if date.parts.contains(&part) {
            features.push((format!("{name}.{word}"), FeatureKind::Number));
        }
    }
    plain(name, InputKind::Text, Transform::Date(date), features)
}

impl Fitted {
    /// The same step without the outputs that `varies` denies, where the step can leave some out; `None` when nothing is left.
    pub fn keep(mut self, varies: &[bool]) -> Option<Self> {
        let mut kept = varies.iter().copied();
        match &mut self.transform {
            Transform::Number | Transform::Category(_) | Transform::Topics(_) => varies[0].then_some(self),
            Transform::Date(step) => {
                step.parts.retain(|_| kept.next().unwrap_or(false));
                if step.parts.is_empty() {
                    return None;
                }
                let mut kept = varies.iter().copied();
                self.features.retain(|_| kept.next().unwrap_or(false));
                Some(self)
            }
            Transform::Words(step) => {
                // The count of words stays last: it belongs to the step.
                step.words.retain(|_| kept.next().unwrap_or(false));
                let mut kept = varies.iter().copied();
                let last = self.features.len() - 1;
                let mut position = 0;
                self.features.retain(|_| {
                    position += 1;
                    kept.next().unwrap_or(false) || position > last
                });
                varies.iter().any(|&varies| varies).then_some(self)
            }
        }
    }

    /// The features as the encoder lists them, made of raw input `input`.
    pub fn encoder_features(&self, input: usize) -> Vec<Feature> {
        self.features
            .iter()
            .map(|(name, kind)| Feature {
                name: name.clone(),
                input,
                kind: *kind,
            })
            .collect()
    }
}

fn plain(name: &str, kind: InputKind, transform: Transform, features: Vec<(String, FeatureKind)>) -> Fitted {
    let input = Input {
        name: name.to_owned(),
        kind,
        range: None,
        examples: Vec::new(),
        typical: String::new(),
    };
    Fitted {
        input,
        transform,
        features,
        note: None,
        beside: None,
    }
}

fn number(name: &str, values: &[f64], train: &[u32]) -> Fitted {
    let mut fitted = plain(
        name,
        InputKind::Number,
        Transform::Number,
        vec![(name.to_owned(), FeatureKind::Number)],
    );
    let mut finite: Vec<f64> = train
        .iter()
        .map(|&row| values[row as usize])
        .filter(|value| value.is_finite())
        .collect();
    if finite.is_empty() {
        return fitted;
    }
    let smallest = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    fitted.input.range = Some((smallest, largest));
    let middle = finite.len() / 2;
    let (_, median, _) = finite.select_nth_unstable_by(middle, f64::total_cmp);
    fitted.input.typical = number_label(*median);
    fitted
}

/// Distinct values of the training rows, most frequent first (ties by text).
fn counts(column: &Column, train: &[u32]) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = match column {
        Column::Text { codes, dictionary } => {
            let mut counts = vec![0; dictionary.len()];
            for &row in train {
                let code = codes[row as usize];
                if code != MISSING_CODE {
                    counts[code as usize] += 1;
                }
            }
            dictionary
                .iter()
                .cloned()
                .zip(counts)
                .filter(|(_, count)| *count > 0)
                .collect()
        }
        Column::Number(values) => {
            let mut sorted: Vec<f64> = train
                .iter()
                .map(|&row| values[row as usize])
                .filter(|value| !value.is_nan())
                .collect();
            sorted.sort_by(f64::total_cmp);
            let mut counts: Vec<(f64, usize)> = Vec::new();
            for value in sorted {
                match counts.last_mut() {
                    Some((last, count)) if *last == value => *count += 1,
                    _ => counts.push((value, 1)),
                }
            }
            counts
                .into_iter()
                .map(|(value, count)| (number_label(value), count))
                .collect()
        }
    };
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

fn dictionary(name: &str, counts: &[(String, usize)]) -> (Category, Option<String>) {
    let singles_out = counts.len() > MANY_LABELS;
    let mut labels = Vec::new();
    for (label, count) in counts {
        if labels.len() < MAX_LABELS && (*count > 1 || !singles_out) {
            labels.push(label.clone());
        }
    }
    let note = (labels.len() < counts.len()).then(|| {
        format!(
            "`{name}` has {} values; the {} most frequent are told apart, the rest are taken together.",
            counts.len(),
            labels.len()
        )
    });
    (Category { labels }, note)
}

/// Words by the number of training rows that hold them, leaving out the rare and those in nearly every row.
fn vocabulary(counts: &[(String, usize)]) -> Vec<String> {
    let mut rows_with = std::collections::BTreeMap::new();
    let mut rows = 0;
    for (text, count) in counts {
        rows += count;
        let mut words: Vec<&str> = split(text).collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            *rows_with.entry(word).or_insert(0) += count;
        }
    }
    let mut frequent: Vec<(&str, usize)> = rows_with.into_iter().collect();
    frequent.retain(|&(_, count)| count >= MIN_WORD_ROWS && count + MIN_WORD_ROWS <= rows);
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    frequent
        .iter()
        .take(MAX_WORDS)
        .map(|&(word, _)| word.to_owned())
        .collect()
}

fn show(input: &mut Input, counts: &[(String, usize)]) {
    input.examples = counts
        .iter()
        .take(MAX_EXAMPLES)
        .map(|(label, _)| label.clone())
        .collect();
    input.typical = input.examples.first().cloned().unwrap_or_default();
}
