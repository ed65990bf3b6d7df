//! Which rows are kept for the end, and which rows a trial fits and scores on.

mod group;
mod strata;
mod time;

use self::strata::{k_folds, strata, take_share};
use super::constraint::Constraint;
use super::{Fold, Target};
use crate::error::Error;
use crate::settings::{Preset, Settings, Validation};

/// Below this many usable rows nothing honest can be said about a model.
pub const MIN_ROWS: usize = 10;
/// Largest holdout, in rows: enough for every interval, and the rest is better used for training.
const HOLDOUT_CAP: usize = 50_000;
/// Below this many training rows one split's luck decides, and folds are repeated.
const TINY_ROWS: usize = 300;
/// Repeats at most.
const MOST_REPEATS: usize = 2;
/// Share of the budget that the fits of a whole portfolio may take with repeats.
const REPEAT_SHARE: f64 = 0.5;
/// Folds chained forward at most: the last of them alone has seen most rows.
const MOST_FORWARD_FOLDS: usize = 5;
/// Encoded cells (rows × features × classes) that one fold of a whole portfolio handles in a second of budget.
const CELLS_PER_SECOND: f64 = 12_000.0;
/// Share of the budget that this may take where the rows are enough for one split.
const FOLDS_SHARE: f64 = 0.5;

/// Splits `0..target.len()` into training rows and holdout rows, each rising. Where nothing binds the rows, stratified:
/// classes, or deciles of the value, are as frequent in both; a class keeps at least two rows for training when it has them,
/// and gets a holdout row from five on. Otherwise the latest rows are the holdout, or whole groups are.
///
/// # Errors
/// `Input` when the rows have one instant or too few groups.
pub fn holdout(target: &Target, constraint: &Constraint, seed: u64) -> Result<(Vec<u32>, Vec<u32>), Error> {
    let rows = target.len();
    let share = holdout_share(rows);
    let seed = seed ^ 0x4_01d0_u64;
    match constraint {
        Constraint::Free => Ok(take_share(&strata(target), share, seed)),
        Constraint::Instants(instants) => time::latest(instants, wanted(rows, share)).ok_or_else(one_instant),
        Constraint::Groups(groups) => {
            let share = wanted(rows, share) as f64 / rows as f64;
            let least = group::LEAST_GROUPS - 1;
            group::apart(groups, &strata(target), share, least, seed).ok_or_else(few_groups)
        }
    }
}

fn one_instant() -> Error {
    Error::Input(
        "all rows are of one time, so that none is later than another; choose another validation".to_owned(),
    )
}

fn few_groups() -> Error {
    Error::Input(format!(
        "the rows are of fewer than {} groups, too few to keep some apart for scoring; choose another validation",
        group::LEAST_GROUPS
    ))
}

fn holdout_share(rows: usize) -> f64 {
    if rows < 5_000 {
        0.20
    } else if rows < 50_000 {
        0.15
    } else {
        0.10
    }
}

/// Rows that a share of so many is, at least one.
fn wanted(rows: usize, share: f64) -> usize {
    ((rows as f64 * share).round() as usize).clamp(1, HOLDOUT_CAP)
}

/// About how many of so many rows are kept for the end.
pub(super) fn expected_holdout(rows: usize) -> usize {
    ((rows as f64 * holdout_share(rows)) as usize).min(HOLDOUT_CAP)
}

/// The folds of a trial over the training rows `0..target.len()`, and one line that says what was chosen and why.
///
/// # Errors
/// `Input` when the rows cannot give what the settings ask for.
pub fn folds(
    target: &Target,
    constraint: &Constraint,
    features: usize,
    settings: &Settings,
) -> Result<(Vec<Fold>, String), Error> {
    let scheme = automatic(target.len(), classes_of(target), features, settings);
    match constraint {
        Constraint::Instants(instants) => by_time(target, instants, scheme.folds),
        Constraint::Groups(groups) => by_group(target, groups, scheme.folds, settings.seed),
        Constraint::Free => free(target, scheme, settings),
    }
}

/// The folds that are fitted on two classes at least: what has seen one tells nothing of the others.
fn with_two_classes(target: &Target, mut folds: Vec<Fold>) -> Result<Vec<Fold>, Error> {
    if let Target::Classes { codes, .. } = target {
        let class = |row: &u32| codes[*row as usize];
        folds.retain(|fold| fold.fit.iter().any(|row| class(row) != class(&fold.fit[0])));
    }
    if folds.is_empty() {
        return Err(Error::Input(
            "no part of the rows that may be fitted on holds two classes; add rows or choose another validation"
                .to_owned(),
        ));
    }
    Ok(folds)
}

fn free(target: &Target, scheme: Scheme, settings: &Settings) -> Result<(Vec<Fold>, String), Error> {
    let rows = target.len();
    match settings.validation {
        Validation::Folds(k) => {
            let k = usize::from(k);
            if !(2..=20).contains(&k) {
                return Err(Error::Input(format!("{k} folds were asked for; choose 2 to 20")));
            }
            if k > rows {
                return Err(Error::Input(format!(
                    "{k} folds need at least {k} training rows; there are {rows}"
                )));
            }
            Ok((
                k_folds(target, k, settings.seed),
                format!("Validated on {k} folds, as asked."),
            ))
        }
        Validation::Holdout => Ok(one_split(target, settings.seed, "as asked")),
        _ if scheme.folds == 0 => Ok(one_split(
            target,
            settings.seed,
            "chosen by the number of rows and the time budget",
        )),
        _ => Ok(repeated(target, scheme, settings.seed)),
    }
}

/// The folds of every repeat one after the other. A row that is scored in several repeats is several validation rows: every
/// trial then has the same rows in the same order, whatever learns from their predictions needs no rule of its own, and the
/// mean over fold models is the mean over repeats.
fn repeated(target: &Target, scheme: Scheme, seed: u64) -> (Vec<Fold>, String) {
    let Scheme { folds: k, repeats } = scheme;
    let mut folds = Vec::with_capacity(k * repeats);
    for repeat in 0..repeats as u64 {
        folds.extend(k_folds(target, k, seed ^ (repeat * 0x9e37_79b9)));
    }
    let times = if repeats > 1 {
        format!(", {repeats} times with other shuffles because the rows are few")
    } else {
        String::new()
    };
    let note = format!("Validated on {k} folds{times}, chosen by the number of rows and the time budget.");
    (folds, note)
}

fn by_time(target: &Target, instants: &[f64], k: usize) -> Result<(Vec<Fold>, String), Error> {
    let rows = instants.len();
    let most = if rows < 100 { 3 } else { MOST_FORWARD_FOLDS };
    if k == 0 {
        let (fit, valid) =
            time::latest(instants, wanted(rows, validation_share(rows))).ok_or_else(one_instant)?;
        let note = format!("Validated on the latest {} of the training rows.", valid.len());
        return Ok((with_two_classes(target, vec![Fold { fit, valid }])?, note));
    }
    let folds = time::forward(instants, k.min(most));
    if folds.is_empty() {
        return Err(one_instant());
    }
    let folds = with_two_classes(target, folds)?;
    let note = format!(
        "Validated on {} folds chained forward: each is fitted on the rows before those that it scores.",
        folds.len()
    );
    Ok((folds, note))
}

fn by_group(target: &Target, groups: &[u32], k: usize, seed: u64) -> Result<(Vec<Fold>, String), Error> {
    let strata = strata(target);
    if k == 0 {
        let rows = target.len();
        let share = wanted(rows, validation_share(rows)) as f64 / rows as f64;
        let seed = seed ^ 0x5a_11du64;
        let (fit, valid) = group::apart(groups, &strata, share, 1, seed).ok_or_else(few_groups)?;
        let note = format!("Validated on one split of {} rows in whole groups.", valid.len());
        return Ok((with_two_classes(target, vec![Fold { fit, valid }])?, note));
    }
    let folds = group::folds(groups, &strata, k, seed ^ 0xf0_1d5u64);
    if folds.is_empty() {
        return Err(few_groups());
    }
    let folds = with_two_classes(target, folds)?;
    let note = format!("Validated on {} folds of whole groups.", folds.len());
    Ok((folds, note))
}

fn classes_of(target: &Target) -> usize {
    match target {
        Target::Classes { labels, .. } => labels.len(),
        Target::Values(_) => 0,
    }
}

/// How often a trial fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    /// Folds; 0 for one split.
    pub folds: usize,
    /// How often they are made, with other shuffles.
    pub repeats: usize,
}

impl Scheme {
    /// The folds of so many training rows in the settings' kind of validation: what [`folds`] makes where rows allow it.
    pub(super) fn fits(self, rows: usize, settings: &Settings) -> usize {
        match settings.validation {
            Validation::Auto => (self.folds * self.repeats).max(1),
            Validation::Holdout => 1,
            Validation::Folds(k) => usize::from(k),
            Validation::Time(_) if rows < 100 => self.folds.clamp(1, 3),
            Validation::Time(_) => self.folds.clamp(1, MOST_FORWARD_FOLDS),
            Validation::Group(_) => self.folds.max(1),
        }
    }
}

/// What training rows and budget suggest.
pub(super) fn automatic(rows: usize, classes: usize, features: usize, settings: &Settings) -> Scheme {
    let most = if rows < 2_000 { 8 } else { 5 };
    let outputs = if classes > 2 { classes } else { 1 };
    let price = rows as f64 * features as f64 * outputs as f64 / CELLS_PER_SECOND;
    let budget = settings.budget.as_secs_f64();
    let folds = match settings.preset {
        Preset::Quick => 0,
        Preset::Best => most,
        // Few rows: one split would be noise, so folds are kept even where they cost some trials.
        Preset::Balanced if rows < 2_000 && price <= 5.0 * budget => most,
        Preset::Balanced if rows < 2_000 && price <= 20.0 * budget => 4,
        Preset::Balanced if price <= FOLDS_SHARE * budget => most,
        Preset::Balanced => 0,
    };
    let mut repeats = 1;
    if rows < TINY_ROWS && folds > 0 {
        // Repeats only steady the scores: they may not cost the portfolio its trials.
        let affordable = REPEAT_SHARE * budget / (price * folds as f64);
        repeats = (affordable as usize).clamp(1, MOST_REPEATS);
    }
    Scheme { folds, repeats }
}

fn one_split(target: &Target, seed: u64, why: &str) -> (Vec<Fold>, String) {
    let share = validation_share(target.len());
    let (fit, valid) = take_share(&strata(target), share, seed ^ 0x5a_11du64);
    let note = format!("Validated on one split of {} rows, {why}.", valid.len());
    (vec![Fold { fit, valid }], note)
}

/// Share of the training rows that one split scores.
fn validation_share(rows: usize) -> f64 {
    if rows < 10_000 {
        0.20
    } else if rows < 100_000 {
        0.15
    } else {
        0.10
    }
}

#[cfg(test)]
mod tests;
