//! Stratified splits: every part has its share of each class, or of each decile of the value.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::wanted;
use crate::plan::{Fold, Target};

/// k folds. Rows of a stratum are dealt out in turn, so that fold sizes differ by at most one and a class with two rows or
/// more is in every fit part; a class of one row is fitted on in every fold and scored in none.
pub fn k_folds(target: &Target, k: usize, seed: u64) -> Vec<Fold> {
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

/// Takes `share` of the rows (at least one, at most `HOLDOUT_CAP`) out, stratum by stratum with largest remainders.
pub fn take_share(strata: &[u32], share: f64, seed: u64) -> (Vec<u32>, Vec<u32>) {
    let rows = strata.len();
    let wanted = wanted(rows, share);
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
pub fn strata(target: &Target) -> Vec<u32> {
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
