//! The one way from a raw table to what every trial sees.

use std::sync::OnceLock;

use model::{Column, Encoder, Frame, ProblemType};

use super::columns::{self, ColumnPlan, Fitted};
use super::target::{self, Labelled};
use super::{Fold, Prepared, Rows, Target, problem, split};
use crate::error::Error;
use crate::profile::{Profile, Role};
use crate::read::Table;
use crate::settings::Settings;

/// What the program itself and small buffers take.
const BASE_BYTES: u64 = 64 << 20;

/// Prepares a table: target, split, fitted steps, encoded features and folds. Deterministic by `settings.seed`.
///
/// # Errors
/// `Input` when the target, the columns named in the settings, the rows or the columns cannot make a model; `Memory` when
/// the encoded data would not fit into `settings.memory_bytes`.
pub fn prepare(table: &Table, profile: &Profile, settings: &Settings) -> Result<Prepared, Error> {
    let check = problem::check_target(&table.frame, &settings.target, settings.problem)?;
    let plans = plans(&table.frame, profile, settings)?;
    let mut prepared = prepare_frame(&table.frame, &plans, check.advice.problem, settings)?;
    let kind = match prepared.problem {
        ProblemType::Binary => "binary classification",
        ProblemType::Multiclass => "multiclass classification",
        ProblemType::Regression => "regression",
    };
    let mut notes = table.notes.clone();
    notes.push(format!(
        "The problem is {kind} of `{}`. {}",
        settings.target, check.advice.reason
    ));
    notes.extend(check.notes);
    notes.append(&mut prepared.notes);
    prepared.notes = notes;
    Ok(prepared)
}

/// How each column is to be used: the profile's role unless the user said otherwise.
fn plans(frame: &Frame, profile: &Profile, settings: &Settings) -> Result<Vec<ColumnPlan>, Error> {
    let names_agree = frame
        .names
        .iter()
        .eq(profile.columns.iter().map(|column| &column.name));
    if !names_agree {
        return Err(Error::Internal("the profile belongs to another table".to_owned()));
    }
    for name in settings.exclude.iter().chain(settings.roles.keys()) {
        if frame.position(name).is_none() {
            let closest = problem::closest_names(name, &frame.names);
            return Err(Error::Input(format!(
                "there is no column {name:?} to leave out or set a role for; {closest}"
            )));
        }
    }
    if settings.exclude.contains(&settings.target) {
        return Err(Error::Input(format!(
            "the target {:?} cannot be left out",
            settings.target
        )));
    }
    let mut plans = Vec::with_capacity(profile.columns.len());
    for column in &profile.columns {
        let (role, reason) = if settings.exclude.contains(&column.name) {
            (Role::Excluded, "left out as asked.".to_owned())
        } else if let Some(&role) = settings.roles.get(&column.name) {
            if role == Role::Date && column.date_format.is_none() {
                return Err(Error::Input(format!(
                    "column {:?} cannot be used as a date: its values have no date format that is known",
                    column.name
                )));
            }
            (role, "its role was set by hand.".to_owned())
        } else {
            (column.role, column.evidence.clone())
        };
        plans.push(ColumnPlan {
            role,
            reason,
            date: column.date_format,
        });
    }
    Ok(plans)
}

/// `prepare` with the roles and the problem type decided; `plans` has one entry a column of `frame`.
///
/// # Errors
/// As `prepare`.
pub fn prepare_frame(
    frame: &Frame,
    plans: &[ColumnPlan],
    problem: ProblemType,
    settings: &Settings,
) -> Result<Prepared, Error> {
    if frame.rows >= u32::MAX as usize {
        return Err(Error::Input(format!(
            "the table has {} rows; at most {} are possible",
            frame.rows,
            u32::MAX - 1
        )));
    }
    let position = frame
        .position(&settings.target)
        .ok_or_else(|| Error::Input(format!("there is no column `{}` to predict", settings.target)))?;
    let Labelled {
        target,
        rows,
        problem,
        mut notes,
    } = target::labelled(&settings.target, &frame.columns[position], problem)?;
    if rows.len() < split::MIN_ROWS {
        return Err(Error::Input(format!(
            "only {} rows have a value of the target `{}`; at least {} are needed",
            rows.len(),
            settings.target,
            split::MIN_ROWS
        )));
    }
    let (train_rows, holdout_rows) = split::holdout(&target, settings.seed);
    notes.push(describe_holdout(&target, holdout_rows.len(), rows.len()));
    let table_rows = |chosen: &[u32]| -> Vec<u32> { chosen.iter().map(|&row| rows[row as usize]).collect() };
    let (train_source, holdout_source) = (table_rows(&train_rows), table_rows(&holdout_rows));
    let mut features = Features::new(
        rows.len(),
        frame_bytes(frame),
        target_outputs(&target),
        settings.memory_bytes,
    );
    for (index, (name, column)) in frame.names.iter().zip(&frame.columns).enumerate() {
        if index == position {
            continue;
        }
        match columns::fit(name, column, &plans[index], &train_source) {
            Ok(fitted) => features.add(frame, fitted, &train_source, &holdout_source, &mut notes)?,
            Err(why) => notes.push(why),
        }
    }
    if features.encoder.features.is_empty() {
        return Err(Error::Input(
            "no column is left to learn from: all were left out or hold a single value".to_owned(),
        ));
    }
    let train_target = target.gather(&train_rows);
    let (folds, note) = split::folds(&train_target, features.encoder.features.len(), settings)?;
    check_folds(&folds)?;
    notes.push(note);
    let holdout_target = target.gather(&holdout_rows);
    Ok(Prepared {
        problem,
        inputs: features.inputs,
        encoder: features.encoder,
        train: Rows {
            features: features.train,
            target: train_target,
            rows: train_source.len(),
            source: train_source,
        },
        holdout: Rows {
            features: features.holdout,
            target: holdout_target,
            rows: holdout_source.len(),
            source: holdout_source,
        },
        folds,
        notes,
        binned: OnceLock::new(),
    })
}

/// Encoded columns as they grow.
struct Features {
    inputs: Vec<model::Input>,
    encoder: Encoder,
    train: Vec<Vec<f64>>,
    holdout: Vec<Vec<f64>>,
    fixed_bytes: u64,
    bytes_per_feature: u64,
    limit_bytes: u64,
}

impl Features {
    fn new(rows: usize, frame_bytes: u64, outputs: usize, limit_bytes: u64) -> Self {
        // Some ten trials' f32 predictions live beside the data while the ensemble is made.
        let predictions = rows as u64 * outputs as u64 * 4 * 10;
        Self {
            inputs: Vec::new(),
            encoder: Encoder::default(),
            train: Vec::new(),
            holdout: Vec::new(),
            fixed_bytes: BASE_BYTES + frame_bytes + predictions,
            // f64, and two copies as bins of one byte.
            bytes_per_feature: rows as u64 * 10,
            limit_bytes,
        }
    }

    /// Encodes one column and keeps what varies in training.
    fn add(
        &mut self,
        frame: &Frame,
        fitted: Fitted,
        train: &[u32],
        holdout: &[u32],
        notes: &mut Vec<String>,
    ) -> Result<(), Error> {
        let features = (self.encoder.features.len() + fitted.features.len()) as u64;
        let needed_bytes = self.fixed_bytes + features * self.bytes_per_feature;
        if needed_bytes > self.limit_bytes {
            return Err(Error::Memory {
                needed_bytes,
                limit_bytes: self.limit_bytes,
            });
        }
        let name = fitted.input.name.clone();
        let encoded = encode_one(frame, &fitted)?;
        let mut varies: Vec<bool> = encoded
            .iter()
            .map(|values| has_two_values(values, train))
            .collect();
        let count_column_stays = matches!(fitted.transform, model::transform::Transform::Words(_));
        let note = fitted.note.clone();
        let Some(fitted) = fitted.keep(&varies) else {
            notes.push(format!(
                "`{name}` is not used: it holds a single value in the training rows"
            ));
            return Ok(());
        };
        notes.extend(note);
        if count_column_stays && let Some(last) = varies.last_mut() {
            *last = true;
        }
        for (values, _) in encoded.into_iter().zip(&varies).filter(|(_, varies)| **varies) {
            self.train
                .push(train.iter().map(|&row| values[row as usize]).collect());
            self.holdout
                .push(holdout.iter().map(|&row| values[row as usize]).collect());
        }
        let input = self.inputs.len();
        self.encoder.features.extend(fitted.encoder_features(input));
        self.encoder.steps.push((input, fitted.transform));
        self.inputs.push(fitted.input);
        Ok(())
    }
}

/// The features of one step, by the same code that serves.
fn encode_one(frame: &Frame, fitted: &Fitted) -> Result<Vec<Vec<f64>>, Error> {
    let encoder = Encoder {
        steps: vec![(0, fitted.transform.clone())],
        features: fitted.encoder_features(0),
    };
    encoder
        .encode(std::slice::from_ref(&fitted.input), frame)
        .map_err(|error| Error::Input(format!("column `{}`: {error}", fitted.input.name)))
}

/// True when the rows hold two different values; missing counts as one.
fn has_two_values(values: &[f64], rows: &[u32]) -> bool {
    let Some(&first) = rows.first() else { return false };
    let first = values[first as usize];
    rows.iter().any(|&row| {
        let value = values[row as usize];
        value != first && !(value.is_nan() && first.is_nan())
    })
}

fn target_outputs(target: &Target) -> usize {
    match target {
        Target::Classes { labels, .. } => labels.len(),
        Target::Values(_) => 1,
    }
}

fn frame_bytes(frame: &Frame) -> u64 {
    let mut bytes = 0;
    for column in &frame.columns {
        bytes += match column {
            Column::Number(values) => values.len() as u64 * 8,
            Column::Text { codes, dictionary } => {
                codes.len() as u64 * 4 + dictionary.iter().map(|text| text.len() as u64 + 24).sum::<u64>()
            }
        };
    }
    bytes
}

fn describe_holdout(target: &Target, holdout: usize, rows: usize) -> String {
    let kind = if matches!(target, Target::Classes { .. }) {
        "every class with its share"
    } else {
        "spread over the target's range"
    };
    let mut note = format!("{holdout} of {rows} rows were kept aside for the final score, {kind}.");
    if holdout < 100 {
        note.push_str(" They are few: the final score is uncertain.");
    }
    note
}

fn check_folds(folds: &[Fold]) -> Result<(), Error> {
    if folds
        .iter()
        .any(|fold| fold.fit.is_empty() || fold.valid.is_empty())
    {
        return Err(Error::Input(
            "there are too few rows of each class to validate a model; add rows".to_owned(),
        ));
    }
    Ok(())
}
