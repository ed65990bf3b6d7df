//! Splits of the nodes of deep trees: features are drawn anew in every node and summed only where it has rows.

use super::bins::{Binned, FeatureBins};
use super::monotone::Monotone;
use super::place::{below, mix};
use super::split::{BinSet, Rule, insert};
use super::split_category::is_too_wide;

/// Most categories on the listed side.
const MAX_LISTED: usize = 32;

/// The target in channels: one with the (centred) value, or one a class that counts rows.
///
/// A part of n rows with channel sums s is worth Σ s² / n; maximising the sum over both children minimises the variance,
/// or the Gini impurity (Breiman et al., Classification and Regression Trees, 1984). With weights n is their sum.
pub enum Channels<'a> {
    /// Value of each table row, less the mean.
    Values(Vec<f64>),
    /// Class of each table row, and the number of classes.
    Classes(&'a [u32], usize),
    /// One of the others, and what each table row counts, which is summed in one channel more, the last.
    Weighted(Box<Self>, &'a [f64]),
}

impl Channels<'_> {
    /// Number of channels that are summed.
    pub fn len(&self) -> usize {
        match self {
            Self::Values(_) => 1,
            Self::Classes(_, classes) => *classes,
            Self::Weighted(inner, _) => inner.len() + 1,
        }
    }

    /// Number of channels that have a mean.
    pub fn means(&self) -> usize {
        match self {
            Self::Weighted(inner, _) => inner.means(),
            Self::Values(_) | Self::Classes(..) => self.len(),
        }
    }

    /// The sums of a part that have a mean, and what they are divided by for it.
    #[inline]
    pub fn split<'b>(&self, sums: &'b [f64], rows: usize) -> (&'b [f64], f64) {
        match (self, sums) {
            (Self::Weighted(..), [sums @ .., weight]) => (sums, *weight),
            _ => (sums, rows as f64),
        }
    }

    /// Worth of a part with those sums; 0 without rows.
    #[inline]
    pub fn worth(&self, sums: &[f64], rows: usize) -> f64 {
        let (sums, count) = self.split(sums, rows);
        // A weight that was left by subtraction can be as good as none.
        if count <= 0.0 {
            0.0
        } else {
            sums.iter().map(|sum| sum * sum).sum::<f64>() / count
        }
    }

    /// Adds a row to the sums of a part.
    #[inline]
    pub fn add(&self, row: usize, sums: &mut [f64]) {
        match self {
            Self::Values(values) => sums[0] += values[row],
            Self::Classes(codes, _) => sums[codes[row] as usize] += 1.0,
            Self::Weighted(inner, weights) => {
                let weight = weights[row];
                match &**inner {
                    Self::Values(values) => sums[0] += weight * values[row],
                    Self::Classes(codes, _) => sums[codes[row] as usize] += weight,
                    Self::Weighted(..) => {}
                }
                if let Some(last) = sums.last_mut() {
                    *last += weight;
                }
            }
        }
    }
}

/// The best split of a node so far.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Worth of both children together; starts at what must be exceeded.
    pub score: f64,
    /// Feature and rule.
    pub split: Option<(u32, Rule)>,
}

/// The node that is asked.
pub struct Asked<'a> {
    /// Its rows; a row drawn twice stands there twice.
    pub rows: &'a [u32],
    /// Channel sums of all of them.
    pub total: &'a [f64],
    /// Least rows of a child.
    pub min_rows: usize,
    /// One random split a feature in place of the best.
    pub extra_random: bool,
    /// Features that means may only rise, or only fall, with.
    pub monotone: &'a Monotone,
    /// Seed of this node.
    pub seed: u64,
}

/// Sums of one feature in one node, and the buffers to scan them.
pub struct Scanner<'a> {
    binned: &'a Binned,
    channels: &'a Channels<'a>,
    sums: Vec<f64>,
    counts: [u32; 256],
    seen: Vec<u8>,
    left: Vec<f64>,
    right: Vec<f64>,
}

impl<'a> Scanner<'a> {
    /// For that table and target.
    pub fn new(binned: &'a Binned, channels: &'a Channels<'a>) -> Self {
        let width = channels.len();
        Self {
            binned,
            channels,
            sums: vec![0.0; 256 * width],
            counts: [0; 256],
            seen: Vec::with_capacity(256),
            left: vec![0.0; width],
            right: vec![0.0; width],
        }
    }

    /// Tries one feature; false when it has one bin only in this node.
    pub fn offer(&mut self, asked: &Asked<'_>, feature: u32, found: &mut Found) -> bool {
        self.sum(asked.rows, feature);
        let varies = self.seen.len() > 1;
        if varies {
            match self.binned.feature(feature as usize) {
                FeatureBins::Number { .. } if asked.extra_random => {
                    self.random_threshold(asked, feature, found);
                }
                FeatureBins::Number { .. } => {
                    self.best_threshold(asked, feature, found);
                }
                FeatureBins::Category {
                    bin_of_code,
                    bins,
                    other,
                } => {
                    let unlisted = other.filter(|_| is_too_wide(bin_of_code.len(), *bins));
                    self.seen.retain(|&bin| unlisted != Some(bin));
                    if asked.extra_random {
                        self.random_subset(asked, feature, found);
                    } else {
                        self.best_subset(asked, feature, found);
                    }
                    self.seen.extend(unlisted);
                }
            }
        }
        self.clear();
        varies
    }

    /// Sums the node's rows by bin; `seen` lists the bins with rows, rising.
    fn sum(&mut self, rows: &[u32], feature: u32) {
        let column = self.binned.column(feature as usize);
        let width = self.channels.len();
        let mut seen = [0_u64; 4];
        for &row in rows {
            let bin = column[row as usize];
            insert(&mut seen, bin);
            self.counts[usize::from(bin)] += 1;
            self.channels
                .add(row as usize, &mut self.sums[usize::from(bin) * width..][..width]);
        }
        for (word, mut bits) in seen.into_iter().enumerate() {
            while bits != 0 {
                self.seen.push((word * 64) as u8 + bits.trailing_zeros() as u8);
                bits &= bits - 1;
            }
        }
    }

    fn clear(&mut self) {
        let width = self.channels.len();
        for &bin in &self.seen {
            self.counts[usize::from(bin)] = 0;
            self.sums[usize::from(bin) * width..][..width].fill(0.0);
        }
        self.seen.clear();
    }

    /// Empties the left side.
    fn restart(&mut self) {
        self.left.fill(0.0);
    }

    /// Moves a bin to the left side; returns its rows.
    fn take(&mut self, bin: u8) -> usize {
        let width = self.left.len();
        for (left, sum) in self
            .left
            .iter_mut()
            .zip(&self.sums[usize::from(bin) * width..][..width])
        {
            *left += sum;
        }
        self.counts[usize::from(bin)] as usize
    }

    /// Keeps the current left side of that many rows when it is allowed and better.
    fn judge(
        &mut self,
        asked: &Asked<'_>,
        rows: usize,
        found: &mut Found,
        split: impl FnOnce() -> (u32, Rule),
    ) {
        let rest = asked.rows.len() - rows;
        if rows.min(rest) < asked.min_rows.max(1) {
            return;
        }
        for ((right, total), left) in self.right.iter_mut().zip(asked.total).zip(&self.left) {
            *right = total - left;
        }
        let score = self.channels.worth(&self.left, rows) + self.channels.worth(&self.right, rest);
        if score > found.score {
            let (feature, rule) = split();
            if self.is_in_order(asked, feature, &rule, [rows, rest]) {
                *found = Found {
                    score,
                    split: Some((feature, rule)),
                };
            }
        }
    }

    /// Whether the means of both sides, of so many rows, go the way that the feature binds them to.
    fn is_in_order(&self, asked: &Asked<'_>, feature: u32, rule: &Rule, rows: [usize; 2]) -> bool {
        let bins = self.binned.feature(feature as usize);
        let Some(direction) = asked.monotone.of_split(feature, rule, bins) else {
            return true;
        };
        let (left, left_count) = self.channels.split(&self.left, rows[0]);
        let (right, right_count) = self.channels.split(&self.right, rows[1]);
        direction.allows(left[0] / left_count, right[0] / right_count)
    }

    /// The bin to ask for when that one is the last of the numbers that go left. On a feature that binds means all numbers stay on one
    /// side when those of the node do, so that only missing is parted from them.
    fn cut(&self, asked: &Asked<'_>, feature: u32, bin: u8) -> u8 {
        let is_last = self.seen.last() == Some(&bin);
        if is_last && asked.monotone.of(feature).is_some() {
            (self.binned.feature(feature as usize).len() - 1) as u8
        } else {
            bin
        }
    }

    fn best_threshold(&mut self, asked: &Asked<'_>, feature: u32, found: &mut Found) {
        let has_missing = self.seen[0] == 0;
        let all = asked.rows.len();
        let first = usize::from(has_missing);
        let last = self.seen.len();
        // With missing rows on the right, all numbers may go left; with them on the left, at least one bin stays right.
        let passes: &[(bool, usize)] = if has_missing {
            &[(false, last), (true, last - 1)]
        } else {
            &[(false, last - 1)]
        };
        for &(missing_left, end) in passes {
            self.restart();
            let mut rows = if missing_left { self.take(0) } else { 0 };
            for index in first..end {
                let bin = self.seen[index];
                rows += self.take(bin);
                let missing_left = if has_missing {
                    missing_left
                } else {
                    2 * rows >= all
                };
                let bin = self.cut(asked, feature, bin);
                self.judge(asked, rows, found, || {
                    (feature, Rule::AtMost { bin, missing_left })
                });
            }
        }
    }

    /// One threshold drawn evenly between the first and the last bin with rows; missing rows on a random side.
    fn random_threshold(&mut self, asked: &Asked<'_>, feature: u32, found: &mut Found) {
        let has_missing = self.seen[0] == 0;
        let first = usize::from(self.seen[usize::from(has_missing)]);
        let last = usize::from(self.seen[self.seen.len() - 1]);
        let seed = mix(asked.seed, u64::from(feature));
        let bin = if first == last {
            first
        } else {
            first + below(mix(seed, 0), last - first)
        } as u8;
        let missing_left = has_missing && first != last && mix(seed, 1) & 1 == 1;
        self.restart();
        let mut rows = if missing_left { self.take(0) } else { 0 };
        for index in usize::from(has_missing)..self.seen.len() {
            if self.seen[index] <= bin {
                rows += self.take(self.seen[index]);
            }
        }
        let missing_left = if has_missing {
            missing_left
        } else {
            2 * rows >= asked.rows.len()
        };
        let bin = self.cut(asked, feature, bin);
        self.judge(asked, rows, found, || {
            (feature, Rule::AtMost { bin, missing_left })
        });
    }

    /// Subsets from both ends of the categories in the order of their mean, or of their share of the main class.
    fn best_subset(&mut self, asked: &Asked<'_>, feature: u32, found: &mut Found) {
        let width = self.left.len();
        let mut main = 0;
        for (channel, total) in asked.total[..self.channels.means()].iter().enumerate() {
            if *total > asked.total[main] {
                main = channel;
            }
        }
        let mean = |bin: u8| {
            let sums = &self.sums[usize::from(bin) * width..][..width];
            let (sums, count) = self.channels.split(sums, self.counts[usize::from(bin)] as usize);
            sums[main] / count
        };
        let mut ordered: Vec<(f64, u8)> = self.seen.iter().map(|&bin| (mean(bin), bin)).collect();
        ordered.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for _ in 0..2 {
            self.restart();
            let mut set: BinSet = [0; 4];
            let mut rows = 0;
            for &(_, bin) in ordered.iter().take(ordered.len().div_ceil(2).min(MAX_LISTED)) {
                insert(&mut set, bin);
                rows += self.take(bin);
                self.judge(asked, rows, found, || (feature, Rule::In(set)));
            }
            ordered.reverse();
        }
    }

    /// One random subset, each category with even chances.
    fn random_subset(&mut self, asked: &Asked<'_>, feature: u32, found: &mut Found) {
        let seed = mix(asked.seed, u64::from(feature));
        self.restart();
        let mut set: BinSet = [0; 4];
        let (mut rows, mut listed) = (0, 0);
        for index in 0..self.seen.len() {
            let bin = self.seen[index];
            if listed < MAX_LISTED && mix(seed, u64::from(bin)) & 1 == 1 {
                insert(&mut set, bin);
                rows += self.take(bin);
                listed += 1;
            }
        }
        if rows > 0 {
            self.judge(asked, rows, found, || (feature, Rule::In(set)));
        }
    }
}
