//! The best split of a node by its histograms.

use super::bins::FeatureBins;
use super::gradients::{Pair, Units};
use super::monotone::{self, Bounds, Monotone};
use super::place::{below, mix};
use super::split_category;
use crate::settings::Direction;

/// Which leaves are divided next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// The one with the largest gain, by its own question.
    LeafWise,
    /// All of a level, by one question.
    Symmetric,
}

/// Bounds and regularisation of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Which leaves are divided next.
    pub growth: Growth,
    /// Most leaves of a tree that grows leaf by leaf, at least 2.
    pub leaves: usize,
    /// Most questions on a path; 0: no bound, or that of symmetric trees.
    pub max_depth: usize,
    /// Least rows of a leaf (estimated by the hessian where that is not constant); of a symmetric tree, the least that are
    /// divided.
    pub min_rows: usize,
    /// Least sum of hessians of a leaf.
    pub min_hessian: f64,
    /// L2 penalty of leaf values.
    pub l2: f64,
    /// Least gain of a split.
    pub min_gain: f64,
    /// One random threshold a feature and node in place of the best.
    pub extra_random: bool,
    /// Added to the hessian of a category before categories are ordered; categories with fewer rows are not listed.
    pub category_smooth: f64,
    /// Further L2 penalty of category splits.
    pub category_l2: f64,
    /// Least rows that a category split must add between two candidate subsets.
    pub category_group_rows: usize,
    /// Up to that many categories, only one against the rest is tried.
    pub one_against_rest: usize,
    /// Features that values may only rise, or only fall, with.
    pub monotone: Monotone,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            growth: Growth::LeafWise,
            leaves: 31,
            max_depth: 0,
            min_rows: 20,
            min_hessian: 1e-3,
            l2: 0.0,
            min_gain: 0.0,
            extra_random: false,
            category_smooth: 10.0,
            category_l2: 10.0,
            category_group_rows: 100,
            one_against_rest: 4,
            monotone: Monotone::default(),
        }
    }
}

/// A set of bins of one feature.
pub type BinSet = [u64; 4];

/// True when the bin is in the set.
#[inline]
pub fn contains(set: &BinSet, bin: u8) -> bool {
    set[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
}

/// Puts a bin into a set.
#[inline]
pub fn insert(set: &mut BinSet, bin: u8) {
    set[usize::from(bin >> 6)] |= 1 << (bin & 63);
}

/// Which bins go left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Bins `1..=bin`, and bin 0 (missing) when `missing_left`.
    AtMost {
        /// Last bin that goes left.
        bin: u8,
        /// Where missing goes.
        missing_left: bool,
    },
    /// The bins of a set.
    In(BinSet),
}

impl Rule {
    /// True when the bin goes left.
    #[inline]
    pub fn goes_left(&self, bin: u8) -> bool {
        match self {
            Self::AtMost {
                bin: last,
                missing_left,
            } => {
                if bin == 0 {
                    *missing_left
                } else {
                    bin <= *last
                }
            }
            Self::In(set) => contains(set, bin),
        }
    }
}

/// A split that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Improvement over the unsplit node.
    pub gain: f64,
    /// Feature that is asked.
    pub feature: u32,
    /// Bins that go left.
    pub rule: Rule,
    /// Packed sum of the left child.
    pub left: i64,
}

/// A node whose split is looked for.
pub struct Question<'a> {
    /// Bounds.
    pub limits: &'a Limits,
    /// Units of the packed sums.
    pub units: Units,
    /// Packed sum of the node.
    pub total: i64,
    /// Rows of the node.
    pub rows: usize,
    /// Values that it and its children may have.
    pub bounds: Bounds,
    /// Seed of random thresholds in this node.
    pub seed: u64,
}

/// The best found so far on one feature.
pub struct Best {
    /// Its score; starts at what must be exceeded.
    pub score: f64,
    /// Its rule and left sum.
    pub found: Option<(Rule, i64)>,
}

/// The node in the units of the loss, ready to score cuts of it.
pub struct Scorer<'a> {
    /// Bounds.
    pub limits: &'a Limits,
    units: Units,
    /// Packed sum of the node.
    pub total: i64,
    whole: Pair,
    rows_a_hessian: f64,
    l2: f64,
    min_rows: f64,
    bounds: Bounds,
    /// The way that the feature binds values, and its last bin.
    direction: Option<(Direction, u8)>,
}

impl<'a> Scorer<'a> {
    /// For that node, with an L2 penalty.
    pub fn new(question: &Question<'a>, l2: f64) -> Self {
        let whole = question.units.unpack(question.total);
        Self {
            limits: question.limits,
            units: question.units,
            total: question.total,
            whole,
            rows_a_hessian: question.rows as f64 / whole.hessian,
            // A leaf of hessian 0 cannot occur, but one so small that its value overflows can.
            l2: l2.max(1e-15),
            min_rows: question.limits.min_rows as f64,
            bounds: question.bounds,
            direction: None,
        }
    }

    /// The same for a feature that binds values in that way, with its number of bins.
    fn directed(self, direction: Option<Direction>, bins: usize) -> Self {
        Self {
            direction: direction.map(|direction| (direction, (bins - 1) as u8)),
            ..self
        }
    }

    /// What the unsplit node is worth.
    pub fn unsplit(&self) -> f64 {
        if self.bounds.is_free() {
            self.whole.gradient * self.whole.gradient / (self.whole.hessian + self.l2)
        } else {
            let value = self.bounds.clamp(monotone::value(self.whole, self.l2));
            monotone::worth(self.whole, value, self.l2)
        }
    }

    /// Estimated rows of a part.
    #[inline]
    pub fn rows(&self, part: i64) -> f64 {
        self.units.unpack(part).hessian * self.rows_a_hessian
    }

    /// The part as sums.
    #[inline]
    pub fn pair(&self, part: i64) -> Pair {
        self.units.unpack(part)
    }

    /// True when a part has rows and hessian enough for a leaf.
    #[inline]
    pub fn is_enough(&self, part: i64) -> bool {
        let hessian = self.units.unpack(part).hessian;
        hessian > 0.0
            && hessian >= self.limits.min_hessian
            && hessian * self.rows_a_hessian >= self.min_rows - 0.5
    }

    /// Keeps the cut with that left part if it is allowed and better.
    #[inline]
    pub fn offer(&self, left: i64, best: &mut Best, rule: impl FnOnce() -> Rule) {
        let a = self.units.unpack(left);
        let b = Pair {
            gradient: self.whole.gradient - a.gradient,
            hessian: self.whole.hessian - a.hessian,
        };
        let (p, q) = (a.hessian + self.l2, b.hessian + self.l2);
        // a²/p + b²/q > best, without a division for the many that are not.
        let numerator = a.gradient * a.gradient * q + b.gradient * b.gradient * p;
        if numerator > best.score * (p * q) && self.is_enough(left) && self.is_enough(self.total - left) {
            if self.direction.is_some() || !self.bounds.is_free() {
                // What is allowed is worth no more than what is free: the bound above has left out nothing.
                return self.offer_bounded(left, [a, b], best, rule());
            }
            best.score = numerator / (p * q);
            best.found = Some((rule(), left));
        }
    }

    /// Keeps a cut into parts of those sums if their values are in order and, within the bounds, worth more.
    fn offer_bounded(&self, left: i64, parts: [Pair; 2], best: &mut Best, rule: Rule) {
        let [a, b] = parts.map(|part| self.bounds.clamp(monotone::value(part, self.l2)));
        if let (Some((direction, last)), Rule::AtMost { bin, .. }) = (self.direction, rule)
            && bin < last
            && !direction.allows(a, b)
        {
            return;
        }
        let score = monotone::worth(parts[0], a, self.l2) + monotone::worth(parts[1], b, self.l2);
        if score > best.score {
            best.score = score;
            best.found = Some((rule, left));
        }
    }

    /// The bin to ask for when that one is the last of the numbers that go left. On a feature that binds values all numbers stay on
    /// one side when those of the node do, so that only missing is parted from them.
    #[inline]
    fn cut(&self, bin: usize, left: i64, missing: i64) -> u8 {
        match self.direction {
            Some((_, last)) if missing != 0 && left == self.total - missing => last,
            _ => bin as u8,
        }
    }
}

/// The best split of a node on one feature, if any gains more than the bound. `cells` has one a bin.
pub fn best_split(
    question: &Question<'_>,
    feature: u32,
    bins: &FeatureBins,
    cells: &[i64],
) -> Option<Candidate> {
    let categories = matches!(bins, FeatureBins::Category { .. });
    let many = categories && bins.len() > question.limits.one_against_rest;
    let l2 = question.limits.l2 + if many { question.limits.category_l2 } else { 0.0 };
    let direction = question.limits.monotone.of(feature);
    let scorer = Scorer::new(question, l2).directed(direction, bins.len());
    // A category split pays its further penalty: it is compared with the unsplit node without it.
    let unsplit = Scorer::new(question, question.limits.l2).unsplit();
    let mut best = Best {
        score: unsplit + question.limits.min_gain.max(unsplit.abs() * 1e-12),
        found: None,
    };
    match bins {
        FeatureBins::Number { .. } => {
            let seed = mix(question.seed, u64::from(feature));
            best_threshold(&scorer, cells, seed, &mut best);
        }
        FeatureBins::Category {
            bin_of_code, other, ..
        } => {
            let unlisted = other.filter(|_| split_category::is_too_wide(bin_of_code.len(), bins.len()));
            split_category::best_subset(&scorer, cells, unlisted, many, &mut best);
        }
    }
    let (rule, left) = best.found?;
    Some(Candidate {
        gain: best.score - unsplit,
        feature,
        rule,
        left,
    })
}

/// Tries thresholds of a numeric feature with missing rows on either side.
fn best_threshold(scorer: &Scorer<'_>, cells: &[i64], seed: u64, best: &mut Best) {
    let missing = cells[0];
    if scorer.limits.extra_random {
        return random_threshold(scorer, cells, seed, best);
    }
    let last = cells.len() - 1;
    // Missing rows go right; behind the last bin everything but them has gone left.
    let end = if missing == 0 { last } else { last + 1 };
    let mut left = 0;
    for (bin, &cell) in cells[..end].iter().enumerate().skip(1) {
        if cell != 0 {
            left += cell;
            scorer.offer(left, best, || Rule::AtMost {
                bin: scorer.cut(bin, left, missing),
                missing_left: missing == 0 && is_heavier(scorer, left),
            });
        }
    }
    if missing == 0 {
        return;
    }
    let mut left = missing;
    for (bin, &cell) in cells[..last].iter().enumerate().skip(1) {
        if cell != 0 {
            left += cell;
            scorer.offer(left, best, || Rule::AtMost {
                bin: bin as u8,
                missing_left: true,
            });
        }
    }
}

/// Tries one threshold, drawn evenly from the bins between the first and the last that the node has rows in.
fn random_threshold(scorer: &Scorer<'_>, cells: &[i64], seed: u64, best: &mut Best) {
    let Some(first) = cells
        .iter()
        .skip(1)
        .position(|&cell| cell != 0)
        .map(|index| index + 1)
    else {
        return;
    };
    let last = cells.iter().rposition(|&cell| cell != 0).unwrap_or(first);
    let missing = cells[0];
    if first == last && missing == 0 {
        return;
    }
    let bin = if first == last {
        first
    } else {
        first + below(mix(seed, 1), last - first)
    };
    let left: i64 = cells[1..=bin].iter().sum();
    scorer.offer(left, best, || Rule::AtMost {
        bin: scorer.cut(bin, left, missing),
        missing_left: missing == 0 && is_heavier(scorer, left),
    });
    if missing != 0 {
        scorer.offer(left + missing, best, || Rule::AtMost {
            bin: bin as u8,
            missing_left: true,
        });
    }
}

/// Where missing values go when the node has seen none: to the side with more rows.
fn is_heavier(scorer: &Scorer<'_>, left: i64) -> bool {
    scorer.rows(left) >= scorer.rows(scorer.total - left)
}
