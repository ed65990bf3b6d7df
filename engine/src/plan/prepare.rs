//! The one way from a raw table to what every trial sees.

use std::sync::OnceLock;

use model::{Column, Frame, ProblemType};

use super::columns::{self, ColumnPlan};
use super::features::Features;
use super::sides::{Sides, sides};
use super::{Fold, Prepared, Rows, Target, leakage, monotone, problem, quantile, split, text_scores};
use crate::error::Error;
use crate::profile::{Profile, Role};
use crate::read::Table;
use crate::settings::{Settings, Validation};

/// Classes that a line names at most.
const SHOWN_CLASSES: usize = 10;

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
    if let Some(name) = settings
        .weights
        .as_ref()
        .filter(|name| settings.roles.contains_key(*name))
    {
        return Err(Error::Input(format!(
            "column {name:?} is the weight of rows and is given a role; a weight is no feature"
        )));
    }
    let mut plans = Vec::with_capacity(profile.columns.len());
    for column in &profile.columns {
        let (role, reason) = if settings.exclude.contains(&column.name) {
            (Role::Excluded, "left out as asked.".to_owned())
        } else if let Some(reason) = spoken_for(&column.name, settings) {
            (Role::Excluded, reason)
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

/// Why a column that the settings name for something else is no feature.
pub(super) fn spoken_for(name: &str, settings: &Settings) -> Option<String> {
    if settings.weights.as_deref() == Some(name) {
        return Some("it says how much a row counts.".to_owned());
    }
    let is_group = settings.validation == Validation::Group(name.to_owned());
    (is_group && !settings.roles.contains_key(name)).then(|| {
        "it groups the rows in validation, and a new row is of a group that was not seen; set a role for it to use it all the same."
            .to_owned()
    })
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
    check_size(frame)?;
    let position = frame
        .position(&settings.target)
        .ok_or_else(|| Error::Input(format!("there is no column `{}` to predict", settings.target)))?;
    let Sides {
        problem,
        mut notes,
        train: (train_target, train_source),
        holdout: (holdout_target, holdout_source),
        constraint,
        weights,
    } = sides(frame, plans, problem, settings, position)?;
    quantile::check(settings)?;
    monotone::check(frame, plans, settings, position, problem)?;
    let mut features = Features::new(
        train_source.len() + holdout_source.len(),
        frame_bytes(frame),
        target_outputs(&train_target),
        settings.memory_bytes,
    );
    let sources = [&train_source[..], &holdout_source];
    encode(frame, plans, position, &mut features, sources, &mut notes)?;
    notes.extend(classes_without_rows(&train_target));
    let Features {
        encoder,
        inputs,
        train,
        ..
    } = &features;
    notes.extend(leakage::suspects(&encoder.features, inputs, train, &train_target));
    let (folds, note) = split::folds(
        &train_target,
        &constraint,
        features.encoder.features.len(),
        settings,
    )?;
    check_folds(&folds)?;
    notes.push(note);
    let given = text_scores::Given {
        frame,
        target: &train_target,
        weights: weights.as_ref().map(|weights| weights.train.as_slice()),
        constraint: &constraint,
        folds: &folds,
        train: &train_source,
        holdout: &holdout_source,
        settings,
    };
    text_scores::add(&mut features, &given, &mut notes)?;
    let (monotone, note) = monotone::bound(settings, &features.encoder, &features.inputs, &train_target);
    notes.extend(note);
    let aim = quantile::aim(settings, problem);
    Ok(Prepared {
        problem,
        inputs: features.inputs,
        encoder: features.encoder,
        train: side(features.train, train_target, train_source),
        holdout: side(features.holdout, holdout_target, holdout_source),
        folds,
        notes,
        weights,
        monotone,
        aim,
        binned: OnceLock::new(),
        crosses: super::Chosen::default(),
    })
}

/// Every column but the target as features, of the rows of both sides.
fn encode(
    frame: &Frame,
    plans: &[ColumnPlan],
    target: usize,
    features: &mut Features,
    [train, holdout]: [&[u32]; 2],
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    for (index, (name, column)) in frame.names.iter().zip(&frame.columns).enumerate() {
        if index == target {
            continue;
        }
        match columns::fit(name, column, &plans[index], train) {
            Ok(fitted) => features.add(frame, fitted, train, holdout, notes)?,
            Err(why) => notes.push(why),
        }
    }
    if features.encoder.features.is_empty() {
        return Err(Error::Input(
            "no column is left to learn from: all were left out or hold a single value".to_owned(),
        ));
    }
    Ok(())
}

fn side(features: Vec<Vec<f64>>, target: Target, source: Vec<u32>) -> Rows {
    Rows {
        features,
        target,
        rows: source.len(),
        source,
    }
}

/// Rows are numbered in 32 bits.
fn check_size(frame: &Frame) -> Result<(), Error> {
    if frame.rows >= u32::MAX as usize {
        return Err(Error::Input(format!(
            "the table has {} rows; at most {} are possible",
            frame.rows,
            u32::MAX - 1
        )));
    }
    Ok(())
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

/// A line for classes that time or groups keep out of the training rows.
fn classes_without_rows(target: &Target) -> Option<String> {
    let Target::Classes { codes, labels } = target else {
        return None;
    };
    let mut has_rows = vec![false; labels.len()];
    for &code in codes {
        has_rows[code as usize] = true;
    }
    let without = labels.iter().zip(has_rows).filter(|(_, has_rows)| !has_rows);
    let without: Vec<&str> = without
        .map(|(label, _)| label.as_str())
        .take(SHOWN_CLASSES)
        .collect();
    (!without.is_empty()).then(|| {
        format!(
            "Some classes have rows in the holdout only, and no model can know them: `{}`.",
            without.join("`, `")
        )
    })
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
