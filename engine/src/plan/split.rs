//! Which rows are kept for the end, and which rows a trial fits and scores on.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::{Fold, Target};
use crate::error::Error;
use crate::settings::{Preset, Settings, Validation};

/// Below this many usable rows nothing honest can be said about a model.
pub const MIN_ROWS: usize = 10;
/// Largest holdout, in rows: enough for every interval, and the rest is better used for training.
const HOLDOUT_CAP: usize = 50_000;
/// Encoded cells (rows × features × classes) that one fold of a whole portfolio handles in a second of budget.
const CELLS_PER_SECOND: f64 = 12_000.0;

/// Splits `0..target.len()` into training rows and holdout rows, each rising. Stratified: classes, or deciles of the value,
/// are as frequent in both. A class keeps at least two rows for training when it has them, and gets a holdout row from five on.
pub fn holdout(target: &Target, seed: u64) -> (Vec<u32>, Vec<u32>) {
    let share = holdout_share(target.len());
    take_share(&strata(target), share, HOLDOUT_CAP, seed ^ 0x4_01d0_u64)
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

/// About how many of so many rows are kept for the end.
pub(super) fn expected_holdout(rows: usize) -> usize {
    ((rows as f64 * holdout_share(rows)) as usize).min(HOLDOUT_CAP)
}

/// The folds of a trial over the training rows `0..target.len()`, and one line that says what was chosen and why.
///
/// # Errors
/// `Input` when the settings ask for a number of folds that the rows cannot give.
pub fn folds(target: &Target, features: usize, settings: &Settings) -> Result<(Vec<Fold>, String), Error> {
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
        Validation::Auto => match automatic(rows, classes_of(target), features, settings) {
            0 => Ok(one_split(
                target,
                settings.seed,
                "chosen by the number of rows and the time budget",
            )),
            k => {
                let note =
                    format!("Validated on {k} folds, chosen by the number of rows and the time budget.");
                Ok((k_folds(target, k, settings.seed), note))
            }
        },
    }
}

fn classes_of(target: &Target) -> usize {
    match target {
        Target::Classes { labels, .. } => labels.len(),
        Target::Values(_) => 0,
    }
}

/// The number of folds that training rows and budget suggest; 0 for one split.
pub(super) fn automatic(rows: usize, classes: usize, features: usize, settings: &Settings) -> usize {
    let most = if rows < 2_000 { 8 } else { 5 };
    let outputs = if classes > 2 { classes } else { 1 };
    let price = rows as f64 * features as f64 * outputs as f64 / CELLS_PER_SECOND;
    let budget = settings.budget.as_secs_f64();
    match settings.preset {
        Preset::Quick => 0,
        Preset::Best => most,
        // Few rows: one split would be noise, so folds are kept even where they cost some trials.
        Preset::Balanced if rows < 2_000 && price <= 5.0 * budget => most,
        Preset::Balanced if rows < 2_000 && price <= 20.0 * budget => 4,
        Preset::Balanced if price <= budget => most,
        Preset::Balanced => 0,
    }
}

fn one_split(target: &Target, seed: u64, why: &str) -> (Vec<Fold>, String) {
    let rows = target.len();
    let share = if rows < 10_000 {
        0.20
    } else if rows < 100_000 {
        0.15
    } else {
        0.10
    };
    let (fit, valid) = take_share(&strata(target), share, HOLDOUT_CAP, seed ^ 0x5a_11du64);
    let note = format!("Validated on one split of {} rows, {why}.", valid.len());
    (vec![Fold { fit, valid }], note)
}

/// k folds. Rows of a stratum are dealt out in turn, so that fold sizes differ by at most one and a class with two rows or
/// more is in every fit part; a class of one row is fitted on in every fold and scored in none.
fn k_folds(target: &Target, k: usize, seed: u64) -> Vec<Fold> {
    let rows = target.len();
    let groups = shuffled_groups(&strata(target), seed ^ 0xf0_1d5u64);
    let single_rows_matter = matches!(target, Target::Classes { .. });
    let mut fold_of = vec![usize::MAX; rows];
    let mut next = 0;
    for group in &groups {
        if single_rows_matter && group.len() == 1 {
            continue;
        }
        for &row in group {
            fold_of[row as usize] = next % k;
            next += 1;
        }
    }
    let mut folds = Vec::with_capacity(k);
    for fold in 0..k {
        let mut fit = Vec::with_capacity(rows);
        let mut valid = Vec::with_capacity(rows / k + 1);
        for (row, &of) in fold_of.iter().enumerate() {
            if of == fold {
                valid.push(row as u32);
            } else {
                fit.push(row as u32);
            }
        }
        folds.push(Fold { fit, valid });
    }
    folds
}

/// Takes `share` of the rows (at most `cap`, at least one) out, stratum by stratum with largest remainders.
fn take_share(strata: &[u32], share: f64, cap: usize, seed: u64) -> (Vec<u32>, Vec<u32>) {
    let rows = strata.len();
    let wanted = ((rows as f64 * share).round() as usize).clamp(1, cap);
    let groups = shuffled_groups(strata, seed);
    let mut quotas = Vec::with_capacity(groups.len());
    for (index, group) in groups.iter().enumerate() {
        let exact = group.len() as f64 * wanted as f64 / rows as f64;
        let spare = group.len().saturating_sub(2);
        let least = usize::from(group.len() >= 5);
        let count = (exact.floor() as usize).max(least).min(spare);
        quotas.push((index, count, exact - exact.floor(), spare));
    }
    let mut given: usize = quotas.iter().map(|quota| quota.1).sum();
    quotas.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    for quota in &mut quotas {
        if given < wanted && quota.1 < quota.3 {
            quota.1 += 1;
            given += 1;
        }
    }
    let mut taken = vec![false; rows];
    for &(index, count, ..) in &quotas {
        for &row in &groups[index][..count] {
            taken[row as usize] = true;
        }
    }
    let (mut rest, mut out) = (Vec::with_capacity(rows), Vec::with_capacity(wanted));
    for (row, &is_taken) in taken.iter().enumerate() {
        if is_taken {
            out.push(row as u32);
        } else {
            rest.push(row as u32);
        }
    }
    (rest, out)
}

/// One group of rows a stratum, each shuffled; strata in rising order.
fn shuffled_groups(strata: &[u32], seed: u64) -> Vec<Vec<u32>> {
    let count = strata.iter().max().map_or(0, |&last| last as usize + 1);
    let mut groups = vec![Vec::new(); count];
    for (row, &stratum) in strata.iter().enumerate() {
        groups[stratum as usize].push(row as u32);
    }
    groups.retain(|group| !group.is_empty());
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    for group in &mut groups {
        group.shuffle(&mut rng);
    }
    groups
}

/// The stratum of each row: its class, or its decile (by rank, ties by row) for values.
fn strata(target: &Target) -> Vec<u32> {
    match target {
        Target::Classes { codes, .. } => codes.clone(),
        Target::Values(values) => {
            let mut order: Vec<u32> = (0..values.len() as u32).collect();
            order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b)));
            // At least some ten rows a stratum, so that rounding does not eat the holdout of a small table.
            let bins = (values.len() / 10).clamp(1, 10);
            let mut strata = vec![0; values.len()];
            for (rank, &row) in order.iter().enumerate() {
                strata[row as usize] = (rank * bins / values.len()) as u32;
            }
            strata
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(counts: &[usize]) -> Target {
        let mut codes = Vec::new();
        for (class, &count) in counts.iter().enumerate() {
            codes.extend(std::iter::repeat_n(class as u32, count));
        }
        Target::Classes {
            codes,
            labels: (0..counts.len()).map(|class| class.to_string()).collect(),
        }
    }

    fn count_of(target: &Target, rows: &[u32], class: u32) -> usize {
        let Target::Classes { codes, .. } = target else {
            return 0;
        };
        rows.iter().filter(|&&row| codes[row as usize] == class).count()
    }

    #[test]
    fn holdout_is_stratified_disjoint_and_complete() {
        let target = classes(&[800, 190, 8, 2]);
        let (train, kept) = holdout(&target, 7);
        assert_eq!(train.len() + kept.len(), 1000);
        assert_eq!(kept.len(), 200);
        assert!(train.iter().all(|row| kept.binary_search(row).is_err()));
        assert_eq!(count_of(&target, &kept, 0), 160);
        assert_eq!(count_of(&target, &kept, 1), 38);
        assert!(count_of(&target, &kept, 2) >= 1);
        assert_eq!(
            count_of(&target, &kept, 3),
            0,
            "a class of two rows stays in training"
        );
        assert_eq!(holdout(&target, 7), (train, kept));
        assert_ne!(holdout(&target, 8), holdout(&target, 7));
    }

    #[test]
    fn every_fit_part_holds_every_class() {
        let target = classes(&[50, 9, 3, 2, 1]);
        for k in [2, 5, 8] {
            let folds = k_folds(&target, k, 3);
            let mut seen = vec![0; 65];
            for fold in &folds {
                for class in 0..5 {
                    assert!(
                        count_of(&target, &fold.fit, class) >= 1,
                        "class {class} of {k} folds"
                    );
                }
                assert_eq!(fold.fit.len() + fold.valid.len(), 65);
                for &row in &fold.valid {
                    seen[row as usize] += 1;
                }
            }
            assert_eq!(
                seen.iter().sum::<i32>(),
                64,
                "all but the single row are scored once"
            );
            assert!(seen.iter().all(|&times| times <= 1));
        }
    }

    #[test]
    fn regression_folds_have_alike_means() {
        let target = Target::Values((0..1000).map(f64::from).collect());
        for fold in k_folds(&target, 5, 1) {
            let mean = fold.valid.iter().map(|&row| f64::from(row)).sum::<f64>() / fold.valid.len() as f64;
            assert!((mean - 499.5).abs() < 25.0, "{mean}");
        }
    }
}
