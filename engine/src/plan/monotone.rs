//! Columns that the prediction may only rise, or only fall, with: what can be asked, and what comes of it.

use model::{Column, Encoder, Frame, Input, ProblemType};

use super::problem::closest_names;
use super::{ColumnPlan, Target};
use crate::error::Error;
use crate::learners::{LEARNERS, Learner};
use crate::profile::Role;
use crate::settings::{Direction, Settings};

/// Checks what the settings ask; `target` is the index of the target's column, `problem` what is predicted.
///
/// # Errors
/// `Input` when a column is not there, is the target, is named twice or is no number that is used; when several classes are predicted;
/// when no learner that is allowed can keep to it.
pub fn check(
    frame: &Frame,
    plans: &[ColumnPlan],
    settings: &Settings,
    target: usize,
    problem: ProblemType,
) -> Result<(), Error> {
    let asked = &settings.monotone;
    for (place, bound) in asked.iter().enumerate() {
        let name = &bound.column;
        let Some(index) = frame.position(name) else {
            return Err(Error::Input(format!(
                "there is no column {name:?} for the prediction to rise or fall with; {}",
                closest_names(name, &frame.names)
            )));
        };
        if asked[..place].iter().any(|earlier| earlier.column == *name) {
            return Err(Error::Input(format!(
                "column {name:?} is named twice for the prediction to rise or fall with; name it once"
            )));
        }
        if index == target {
            return Err(Error::Input(format!(
                "the prediction cannot rise or fall with the target {name:?} itself: it is not known of a new row"
            )));
        }
        if let Some(reason) = unusable(&frame.columns[index], &plans[index]) {
            return Err(Error::Input(format!(
                "the prediction cannot be made to {} with {name:?}: {reason}",
                bound.direction.verb()
            )));
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    if problem == ProblemType::Multiclass {
        return Err(Error::Input(
            "predictions of several classes have no direction, so that none can rise or fall with a column; ask that of a number, or of two classes"
                .to_owned(),
        ));
    }
    let named = &settings.learners;
    let allowed = |learner: &&&dyn Learner| named.iter().any(|name| name == learner.name());
    if !named.is_empty()
        && !LEARNERS
            .iter()
            .filter(allowed)
            .any(|learner| learner.keeps_monotone())
    {
        return Err(Error::Input(format!(
            "none of the learners allowed can keep the prediction rising or falling with a column; allow one of {}",
            names(&|learner| learner.keeps_monotone(), Learner::name).join(", ")
        )));
    }
    Ok(())
}

/// Why the prediction cannot be bound to a column.
fn unusable(column: &Column, plan: &ColumnPlan) -> Option<String> {
    match (plan.role, column) {
        (Role::Number, Column::Number(_)) => None,
        (Role::Number, Column::Text { .. }) => Some("it holds text; only numbers have an order".to_owned()),
        (Role::Category, Column::Number(_)) => Some(
            "its numbers are used as categories, which have no order; give it the role of a number"
                .to_owned(),
        ),
        (Role::Category, Column::Text { .. }) => {
            Some("it is a category; only numbers have an order".to_owned())
        }
        (Role::Date, _) => {
            Some("it is a date, of which several numbers are made; only a number can be used".to_owned())
        }
        (Role::Text, _) => Some("it is free text; only numbers have an order".to_owned()),
        (Role::Id | Role::Constant | Role::Duplicate | Role::Excluded, _) => {
            Some(format!("it is not used: {}", plan.reason))
        }
    }
}

/// The features of the columns asked for, with their directions, and a line for the report. A column that turned out to say
/// nothing has no feature, and the prediction rises and falls with it as asked, since it does neither.
pub fn bound(
    settings: &Settings,
    encoder: &Encoder,
    inputs: &[Input],
    target: &Target,
) -> (Vec<(u32, Direction)>, Option<String>) {
    let mut bound = Vec::new();
    let mut told = Vec::new();
    for asked in &settings.monotone {
        for (place, feature) in encoder.features.iter().enumerate() {
            if inputs[feature.input].name == asked.column {
                bound.push((place as u32, asked.direction));
            }
        }
        told.push(format!("only {} with `{}`", asked.direction.verb(), asked.column));
    }
    if told.is_empty() {
        return (bound, None);
    }
    let what = match target {
        Target::Classes { labels, .. } => {
            let positive = labels.last().map_or("", String::as_str);
            format!("The probability of `{positive}`")
        }
        Target::Values(_) => "The prediction".to_owned(),
    };
    let is_left_out = |learner: &dyn Learner| {
        let allowed = &settings.learners;
        let is_allowed = allowed.is_empty() || allowed.iter().any(|name| name == learner.name());
        is_allowed && !learner.keeps_monotone()
    };
    let left_out = names(&is_left_out, Learner::title);
    let mut note = format!("{what} may {}.", told.join(", "));
    if !left_out.is_empty() {
        note += &format!(
            " Not tried, since they cannot keep to that: {}.",
            left_out.join(", ")
        );
    }
    (bound, Some(note))
}

/// Names of the learners that something is true of.
pub(super) fn names(
    is_wanted: &dyn Fn(&dyn Learner) -> bool,
    name: fn(&'static dyn Learner) -> &'static str,
) -> Vec<&'static str> {
    let wanted = LEARNERS.iter().copied().filter(|learner| is_wanted(*learner));
    wanted.map(name).collect()
}
