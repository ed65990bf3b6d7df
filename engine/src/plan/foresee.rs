//! What the prepared data of a job will look like, told from the profile alone.

use model::ProblemType;

use super::prepare::spoken_for;
use super::topics;
use super::{Shape, split, text_scores};
use crate::profile::{ColumnProfile, Profile, Role};
use crate::settings::Settings;

/// Features that a date becomes, and that a free text becomes: between nearly none and these.
const DATE_FEATURES: usize = 7;
const TEXT_FEATURES: usize = 51 + topics::MOST_TOPICS + text_scores::MOST_SCORES;

/// What is known of a job before anything is prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreseen {
    /// What the search will see, with as many features as there can be.
    pub shape: Shape,
    /// Features at least.
    pub fewest_features: usize,
    /// Rows that are kept for the end, about.
    pub holdout_rows: usize,
}

/// Foresees the data of a job on a profiled table. None when the target is not there or cannot be predicted.
pub fn foresee(profile: &Profile, settings: &Settings) -> Option<Foreseen> {
    let target = profile
        .columns
        .iter()
        .find(|column| column.name == settings.target)?;
    let problem = settings.problem.or(target.as_target.problem)?;
    let usable = usable_rows(profile, target)?;
    let holdout_rows = split::expected_holdout(usable);
    let rows = usable - holdout_rows;
    let classes = match problem {
        ProblemType::Regression => 0,
        ProblemType::Binary | ProblemType::Multiclass => target.distinct.max(2),
    };
    let (mut least, mut most, mut categories) = (0, 0, 0);
    for column in &profile.columns {
        let name = &column.name;
        if *name == settings.target || settings.exclude.contains(name) || spoken_for(name, settings).is_some()
        {
            continue;
        }
        let role = settings.roles.get(&column.name).copied().unwrap_or(column.role);
        let (fewest, largest) = features_of(role, column);
        least += fewest;
        most += largest;
        categories += usize::from(role == Role::Category);
    }
    let folds = split::automatic(rows, classes, most, settings).fits(rows, settings);
    Some(Foreseen {
        shape: Shape {
            rows,
            features: most,
            categories,
            classes,
            folds,
            problem,
        },
        fewest_features: least,
        holdout_rows,
    })
}

/// Rows with a target among those that were kept of the file; missing cells are counted in all of it.
fn usable_rows(profile: &Profile, target: &ColumnProfile) -> Option<usize> {
    let usable = profile.rows.checked_sub(target.missing)?;
    match profile.sampled_rows {
        Some(kept) => Some((usable as f64 / profile.rows as f64 * kept as f64) as usize),
        None => Some(usable),
    }
}

/// Features that a column of a role becomes, at least and at most.
fn features_of(role: Role, column: &ColumnProfile) -> (usize, usize) {
    match role {
        Role::Number => (1, 1),
        // A category of which every value occurs once tells nothing, and is dropped.
        Role::Category => (usize::from(!column.top_values.is_empty()), 1),
        Role::Date => (1, DATE_FEATURES),
        Role::Text => (1, TEXT_FEATURES),
        Role::Id | Role::Constant | Role::Duplicate | Role::Excluded => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::Duration;

    use super::*;
    use crate::profile::Options;
    use crate::read::ReadOptions;

    #[test]
    fn the_foreseen_shape_holds_the_real_one() {
        let mut text = String::from("id,size,kind,when,words,label,price\n");
        for row in 0..600_u32 {
            let (kind, label) = (["a", "b", "c"][row as usize % 3], ["yes", "no"][row as usize % 2]);
            let (month, day) = (row % 12 + 1, row % 28 + 1);
            writeln!(
                text,
                "row-{row},{}.5,{kind},2024-{month:02}-{day:02},the {kind} house near river number {},{label},{}",
                row % 97,
                row % 7,
                row * 13 % 101
            )
            .unwrap();
        }
        let table = crate::read::read(text.as_bytes(), "t.csv", &ReadOptions::default()).unwrap();
        let options = Options {
            target: None,
            threads: 1,
        };
        let profile = crate::profile::profile(&table, &options).unwrap();
        for (target, seconds) in [("label", 30), ("price", 10), ("kind", 600)] {
            let settings = Settings::new(target, Duration::from_secs(seconds));
            let foreseen = foresee(&profile, &settings).unwrap();
            let real = crate::plan::prepare(&table, &profile, &settings).unwrap().shape();
            let shape = &foreseen.shape;
            assert!(
                shape.rows.abs_diff(real.rows) <= 3,
                "{target}: {shape:?} {real:?}"
            );
            assert!(
                (foreseen.fewest_features..=shape.features).contains(&real.features),
                "{target}: {foreseen:?} {real:?}"
            );
            assert_eq!(
                (shape.classes, shape.problem, shape.folds),
                (real.classes, real.problem, real.folds),
                "{target}"
            );
        }
        assert_eq!(
            foresee(&profile, &Settings::new("nothing", Duration::from_secs(9))),
            None
        );
    }
}
