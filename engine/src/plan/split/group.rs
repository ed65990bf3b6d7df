//! Splits by group: whole groups are dealt out, so that classes are as balanced as groups allow.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::plan::Fold;

/// Groups that a split can be made of: one to score the model on, and two to validate on.
pub const LEAST_GROUPS: usize = 3;

/// Splits rows into those of some groups and those of others, each rising; about `share` of every stratum goes to the second
/// part, which gets one group at least and leaves `least` to the first. `None` with too few groups.
pub fn apart(
    groups: &[u32],
    strata: &[u32],
    share: f64,
    least: usize,
    seed: u64,
) -> Option<(Vec<u32>, Vec<u32>)> {
    let dealer = Dealer::new(groups, strata);
    if dealer.groups.len() < least + 1 {
        return None;
    }
    let mut part_of = dealer.deal(&[1.0 - share, share], seed);
    dealer.refill(&mut part_of, 0, least);
    dealer.refill(&mut part_of, 1, 1);
    let [first, second] = [0, 1].map(|part| dealer.rows_of(&part_of, |own| own == part));
    Some((first, second))
}

/// At most `k` folds, each of which scores groups that it does not fit on; none with less than two groups.
pub fn folds(groups: &[u32], strata: &[u32], k: usize, seed: u64) -> Vec<Fold> {
    let dealer = Dealer::new(groups, strata);
    let k = k.min(dealer.groups.len());
    if k < 2 {
        return Vec::new();
    }
    let part_of = dealer.deal(&vec![1.0 / k as f64; k], seed);
    let fold = |part: usize| Fold {
        fit: dealer.rows_of(&part_of, |own| own != part),
        valid: dealer.rows_of(&part_of, |own| own == part),
    };
    (0..k).map(fold).collect()
}

/// The rows of one group by stratum.
struct Group {
    rows: Vec<u32>,
    /// Stratum and how many of its rows.
    counts: Vec<(u32, f64)>,
}

struct Dealer {
    groups: Vec<Group>,
    /// Rows of each stratum.
    totals: Vec<f64>,
}

impl Dealer {
    fn new(groups: &[u32], strata: &[u32]) -> Self {
        let count = |values: &[u32]| values.iter().max().map_or(0, |&last| last as usize + 1);
        let mut totals = vec![0.0; count(strata)];
        let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); count(groups)];
        for (row, (&group, &stratum)) in groups.iter().zip(strata).enumerate() {
            rows_of[group as usize].push(row as u32);
            totals[stratum as usize] += 1.0;
        }
        let mut dealt = Vec::new();
        for rows in rows_of.into_iter().filter(|rows| !rows.is_empty()) {
            let mut own: Vec<u32> = rows.iter().map(|&row| strata[row as usize]).collect();
            own.sort_unstable();
            let counts = own
                .chunk_by(|a, b| a == b)
                .map(|same| (same[0], same.len() as f64));
            dealt.push(Group {
                counts: counts.collect(),
                rows,
            });
        }
        Self {
            groups: dealt,
            totals,
        }
    }

    /// The part of each group. Largest groups first, equal ones in random order, each goes where it adds least to the squared
    /// shares of the strata over what a part is to get of them; of ties to the part that is fullest by the fewest rows.
    fn deal(&self, quotas: &[f64], seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.shuffle(&mut Pcg64Mcg::seed_from_u64(seed));
        order.sort_by_key(|&group| std::cmp::Reverse(self.groups[group].rows.len()));
        let mut filled = vec![vec![0.0; self.totals.len()]; quotas.len()];
        let mut rows = vec![0.0; quotas.len()];
        let mut part_of = vec![0; self.groups.len()];
        for index in order {
            let group = &self.groups[index];
            let mut best = (f64::INFINITY, f64::INFINITY, 0);
            for (part, &quota) in quotas.iter().enumerate() {
                let mut added = 0.0;
                for &(stratum, count) in &group.counts {
                    let total = self.totals[stratum as usize];
                    let before: f64 = filled[part][stratum as usize];
                    added += (2.0 * before + count) * count / (quota * total * total);
                }
                let fullness: f64 = rows[part] / quota;
                if (added, fullness) < (best.0, best.1) {
                    best = (added, fullness, part);
                }
            }
            let part = best.2;
            part_of[index] = part;
            rows[part] += group.rows.len() as f64;
            for &(stratum, count) in &group.counts {
                filled[part][stratum as usize] += count;
            }
        }
        part_of
    }

    /// Moves the smallest groups of others into a part until it has `least`.
    fn refill(&self, part_of: &mut [usize], part: usize, least: usize) {
        while part_of.iter().filter(|&&own| own == part).count() < least {
            let others = (0..part_of.len()).filter(|&group| part_of[group] != part);
            let Some(smallest) = others.min_by_key(|&group| self.groups[group].rows.len()) else {
                return;
            };
            part_of[smallest] = part;
        }
    }

    /// The rows of the groups whose part is wanted, rising.
    fn rows_of(&self, part_of: &[usize], wanted: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut rows = Vec::new();
        for (group, &part) in self.groups.iter().zip(part_of) {
            if wanted(part) {
                rows.extend_from_slice(&group.rows);
            }
        }
        rows.sort_unstable();
        rows
    }
}
