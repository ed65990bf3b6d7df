//! What free text says of the target: a linear model of its words and pairs of words (tf-idf), whose answer is a feature beside the topics.
//!
//! It looks at the target, so each training row has the answer of a model that was fitted without it, as in stacking (Wolpert,
//! Neural Networks 1992); a row that is served has the answer of those models' mean. Where rows are in the order of time, the model
//! of a row was fitted on earlier rows alone, and the one that serves on all.

mod regression;
#[cfg(test)]
mod tests;

use model::frame::MISSING_CODE;
use model::transform::topics::Topics;
use model::{Column, Feature, FeatureKind, Frame, Transform};

use self::regression::{Loss, Regression, SparseRows};
use super::constraint::Constraint;
use super::features::{Features, encode_one};
use super::{Fold, Target};
use crate::error::Error;
use crate::settings::Settings;
use crate::trees::mix;

/// With more classes there are no scores: one is fitted for each.
pub const MOST_SCORES: usize = 12;
/// Models where the folds do not part the rows.
const PARTS: usize = 5;
/// Multiplications that all fits may take in 30 seconds of budget, and how many passes over the texts one fit makes. More texts than
/// that allows are sampled evenly.
const WORK: f64 = 1.5e9;
const PASSES: f64 = 150.0;

/// What scores are made of.
pub struct Given<'a> {
    /// The table.
    pub frame: &'a Frame,
    /// Target of the training rows.
    pub target: &'a Target,
    /// What the training rows count.
    pub weights: Option<&'a [f64]>,
    /// What binds the training rows.
    pub constraint: &'a Constraint,
    /// Folds of the training rows.
    pub folds: &'a [Fold],
    /// Table rows of the training rows, and of the holdout.
    pub train: &'a [u32],
    /// The same of the holdout.
    pub holdout: &'a [u32],
    /// What the user wants.
    pub settings: &'a Settings,
}

/// Scores of a text: one for two classes or a value, else one a class.
pub fn outputs(classes: usize) -> usize {
    match classes {
        0 | 2 => 1,
        3..=MOST_SCORES => classes,
        _ => 0,
    }
}

/// Scores of each step of topics.
fn outputs_of(target: &Target) -> usize {
    match target {
        Target::Classes { labels, .. } => outputs(labels.len()),
        Target::Values(_) => outputs(0),
    }
}

/// Adds the scores of every column that has topics, behind these.
///
/// # Errors
/// As [`Features::add`].
pub fn add(features: &mut Features, given: &Given<'_>, notes: &mut Vec<String>) -> Result<(), Error> {
    let outputs = outputs_of(given.target);
    if outputs == 0 {
        return Ok(());
    }
    let parts = parts(given);
    let mut end = 0;
    for place in 0..features.encoder.steps.len() {
        let (input, transform) = &features.encoder.steps[place];
        end += transform.step().width();
        let Transform::Topics(topics) = transform else {
            continue;
        };
        let column = features.inputs[*input].clone();
        let Some(Column::Text { codes, dictionary }) = given.frame.column(&column.name) else {
            continue;
        };
        let models = parts.models();
        let values = (dictionary.len() + given.frame.rows) * outputs * (models + 1);
        features.fits(outputs, values)?;
        let scores = Scores {
            topics,
            outputs,
            models,
            serves_last: parts.is_forward,
            components: fitted(given, topics, &parts, outputs, codes, dictionary),
        };
        let input = *input;
        let described = described(given.target, &column.name, input);
        let all = encode_one(
            given.frame,
            &column,
            &scores.of_all(),
            vec![described[0].clone(); outputs * (models + 1)],
        )?;
        let merged = scores.merged();
        for output in (0..outputs).rev() {
            let own = |(row, &part): (&u32, &u32)| match parts.model_of(part) {
                Some(model) => all[model * outputs + output][*row as usize],
                None => 0.0,
            };
            let train = given.train.iter().zip(&parts.of_rows).map(own).collect();
            let served = &all[models * outputs + output];
            let holdout = given.holdout.iter().map(|&row| served[row as usize]).collect();
            features.train.insert(end, train);
            features.holdout.insert(end, holdout);
            features.encoder.features.insert(end, described[output].clone());
        }
        features.encoder.steps[place].1 = Transform::Topics(merged);
        end += outputs;
        notes.push(format!(
            "What the words of `{}` say of the target is a feature, for each row by a linear model that has {}.",
            column.name,
            if parts.is_forward {
                "seen earlier rows only"
            } else {
                "not seen its target"
            }
        ));
    }
    Ok(())
}

/// How training rows are parted among models.
struct Parts {
    /// The part of each training row.
    of_rows: Vec<u32>,
    /// Parts follow one another in time: a model knows its own and the earlier ones, and scores the next; the first part has no
    /// scores. Else a model knows all parts but its own, and scores that.
    is_forward: bool,
}

impl Parts {
    /// There is a model a part.
    fn models(&self) -> usize {
        self.of_rows.iter().max().map_or(0, |&last| last as usize + 1)
    }

    /// The model that scores the training rows of a part.
    fn model_of(&self, part: u32) -> Option<usize> {
        if self.is_forward {
            (part as usize).checked_sub(1)
        } else {
            Some(part as usize)
        }
    }

    /// Whether a model is fitted on the rows of a part.
    fn knows(&self, model: u32, part: u32) -> bool {
        if self.is_forward {
            part <= model
        } else {
            part != model
        }
    }
}

fn parts(given: &Given<'_>) -> Parts {
    let (of_rows, is_forward) = match given.constraint {
        Constraint::Instants(instants) => (in_time(instants), true),
        Constraint::Free | Constraint::Groups(_) => (crossed(given), false),
    };
    Parts { of_rows, is_forward }
}

/// Parts of about as many rows, one after the other; rows of one instant are in one.
fn in_time(instants: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..instants.len()).collect();
    order.sort_by(|&left, &right| instants[left].total_cmp(&instants[right]));
    let mut parts = vec![0; instants.len()];
    let (mut part, mut before) = (0, None);
    for (place, &row) in order.iter().enumerate() {
        let wanted = (place * PARTS / instants.len()) as u32;
        if wanted > part && before != Some(instants[row]) {
            part += 1;
        }
        parts[row] = part;
        before = Some(instants[row]);
    }
    parts
}

/// Which model is fitted without a training row: that of the fold which scores it, where every row has one. Rows of one group
/// have one model.
fn crossed(given: &Given<'_>) -> Vec<u32> {
    let rows = given.train.len();
    let mut parts = vec![u32::MAX; rows];
    if given.folds.len() > 1 {
        for (number, fold) in given.folds.iter().enumerate() {
            for &row in &fold.valid {
                let part = &mut parts[row as usize];
                *part = (*part).min(number as u32);
            }
        }
        if !parts.contains(&u32::MAX) {
            return parts;
        }
    }
    let drawn = |key: u32| (mix(given.settings.seed ^ 0x7e87, u64::from(key)) >> 33) as u32 % PARTS as u32;
    match given.constraint {
        Constraint::Groups(groups) => groups.iter().map(|&group| group % PARTS as u32).collect(),
        Constraint::Free | Constraint::Instants(_) => (0..rows as u32).map(drawn).collect(),
    }
}

fn described(target: &Target, name: &str, input: usize) -> Vec<Feature> {
    let feature = |name: String| Feature {
        name,
        input,
        kind: FeatureKind::Number,
    };
    match target {
        Target::Classes { labels, .. } if labels.len() > 2 => {
            let one = |label: &String| feature(format!("{name}: score of {label}"));
            labels.iter().map(one).collect()
        }
        _ => vec![feature(format!("{name}: score"))],
    }
}

/// Components of each model's outputs, model by model, each as long as there are terms.
fn fitted(
    given: &Given<'_>,
    topics: &Topics,
    parts: &Parts,
    outputs: usize,
    codes: &[u32],
    dictionary: &[String],
) -> Vec<Vec<f32>> {
    let text_of = |row: u32| {
        let code = codes[given.train[row as usize] as usize];
        (code != MISSING_CODE).then(|| dictionary[code as usize].as_str())
    };
    let models = parts.models();
    let seconds = given.settings.budget.as_secs_f64().clamp(10.0, 120.0);
    let entries = WORK * seconds / 30.0 / PASSES / (models * outputs) as f64;
    let (sampled, texts) = sample(topics, parts.of_rows.len(), entries as usize, &text_of);
    let (loss, targets) = targets(given.target, outputs);
    let jobs: Vec<(u32, usize)> = (0..models as u32)
        .flat_map(|model| (0..outputs).map(move |output| (model, output)))
        .collect();
    let one = |&(model, output): &(u32, usize)| {
        let is_known = |&place: &usize| parts.knows(model, parts.of_rows[sampled[place] as usize]);
        let rows = (0..sampled.len()).filter(is_known);
        let regression = Regression {
            texts: &texts,
            rows: rows.map(|place| (place as u32, sampled[place])).collect(),
            target: &targets[output],
            weights: given.weights,
            loss,
        };
        let found = regression.fit();
        let scaled = found.iter().zip(&topics.squares);
        scaled
            .map(|(share, square)| (share * square.sqrt()) as f32)
            .collect()
    };
    in_threads(&jobs, given.settings.threads, &one)
}

/// Evenly drawn training rows and their texts, so many that about `entries` terms occur in all.
fn sample<'a>(
    topics: &Topics,
    rows: usize,
    entries: usize,
    text_of: &dyn Fn(u32) -> Option<&'a str>,
) -> (Vec<u32>, SparseRows) {
    const LOOKED_AT: usize = 200;
    let index = model::transform::Step::index(topics);
    let weights: Vec<f64> = topics.squares.iter().map(|square| square.sqrt()).collect();
    let read = |wanted: usize| {
        let wanted = wanted.clamp(1, rows);
        let mut texts = SparseRows::new(topics.terms.len());
        let mut sampled = Vec::with_capacity(wanted);
        let mut terms = Vec::new();
        for place in 0..wanted {
            let row = (place * rows / wanted) as u32;
            terms.clear();
            Topics::each_term(text_of(row).unwrap_or_default(), |term| {
                terms.extend(index.get(term).copied());
            });
            texts.push(&mut terms, &weights);
            sampled.push(row);
        }
        (sampled, texts)
    };
    let few = read(LOOKED_AT);
    let of_each = few.1.entries() as f64 / few.0.len() as f64;
    read((entries as f64 / of_each.max(1.0)) as usize)
}

/// What each output is fitted to, one value a training row.
fn targets(target: &Target, outputs: usize) -> (Loss, Vec<Vec<f64>>) {
    match target {
        Target::Values(values) => {
            let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
            let square = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
            let spread = (square / values.len().max(1) as f64)
                .sqrt()
                .max(f64::MIN_POSITIVE);
            let standard = values.iter().map(|value| (value - mean) / spread).collect();
            (Loss::Squared, vec![standard])
        }
        Target::Classes { codes, .. } => {
            let of = |class: usize| {
                codes
                    .iter()
                    .map(|&code| f64::from(u8::from(code as usize == class)))
                    .collect()
            };
            let first = if outputs == 1 { 1 } else { 0 };
            (Loss::Logistic, (first..first + outputs).map(of).collect())
        }
    }
}

/// Results in the order of the jobs, whichever thread had them.
fn in_threads<J: Sync, T: Send>(jobs: &[J], threads: usize, one: &(dyn Fn(&J) -> T + Sync)) -> Vec<T> {
    let lanes = threads.clamp(1, jobs.len().max(1));
    let mut results: Vec<(usize, T)> = std::thread::scope(|scope| {
        let of_lane = |lane: usize| {
            let places = (lane..jobs.len()).step_by(lanes);
            scope.spawn(move || places.map(|place| (place, one(&jobs[place]))).collect::<Vec<_>>())
        };
        let started: Vec<_> = (0..lanes).map(of_lane).collect();
        let joined = started.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Fitted scores of one column.
struct Scores<'a> {
    topics: &'a Topics,
    outputs: usize,
    models: usize,
    /// The last model serves, which knows all rows, and not the mean of all.
    serves_last: bool,
    /// Model by model and output by output, each one value a term.
    components: Vec<Vec<f32>>,
}

impl Scores<'_> {
    /// Every model's outputs, and behind them those that are served.
    fn of_all(&self) -> Transform {
        let mut all: Vec<&[f32]> = self.components.iter().map(Vec::as_slice).collect();
        let served = self.served();
        all.extend(served.iter().map(Vec::as_slice));
        Transform::Topics(self.with(&[], &all))
    }

    /// The topics, and behind them the outputs that are served.
    fn merged(&self) -> Topics {
        let served = self.served();
        let served: Vec<&[f32]> = served.iter().map(Vec::as_slice).collect();
        self.with(&self.topics.components, &served)
    }

    fn served(&self) -> Vec<Vec<f32>> {
        if self.serves_last {
            return self.components[(self.models - 1) * self.outputs..].to_vec();
        }
        let mean = |output: usize| {
            let of = |term: usize| {
                let own = self.components.iter().skip(output).step_by(self.outputs);
                let sum: f64 = own.map(|components| f64::from(components[term])).sum();
                (sum / self.models as f64) as f32
            };
            (0..self.topics.terms.len()).map(of).collect()
        };
        (0..self.outputs).map(mean).collect()
    }

    /// The same terms with these components, term-major, and further ones behind them.
    fn with(&self, before: &[f32], behind: &[&[f32]]) -> Topics {
        let terms = self.topics.terms.len();
        let width = before.len() / terms;
        let mut components = Vec::with_capacity(before.len() + terms * behind.len());
        for term in 0..terms {
            components.extend_from_slice(&before[term * width..][..width]);
            components.extend(behind.iter().map(|own| own[term]));
        }
        Topics {
            terms: self.topics.terms.clone(),
            squares: self.topics.squares.clone(),
            components,
            topics: (width + behind.len()) as u32,
        }
    }
}
