//! Symmetric growth: all leaves of a level are divided by one question, the one with the largest gain summed over them.
//!
//! Such oblivious trees (Kohavi, ECML 1994; as in CatBoost: Prokhorenkova et al., NeurIPS 2018) fit less closely than
//! leaf-wise ones and err differently, which an ensemble gains from. Unlike there, a leaf that a question leaves whole
//! stays one leaf, and categories are listed by their gradients over all leaves.

use rayon::prelude::*;

use super::{Grower, GrownLeaf, Leaf, Order};
use crate::settings::Direction;
use crate::trees::bins::FeatureBins;
use crate::trees::gradients::Units;
use crate::trees::grown::{Grown, GrownNode};
use crate::trees::histogram::Histogram;
use crate::trees::monotone::{self, Bounds};
use crate::trees::partition::partition;
use crate::trees::place::{below, mix};
use crate::trees::split::{BinSet, Limits, Rule, insert};
use crate::trees::split_category::{MAX_LISTED, is_too_wide};

/// Deepest symmetric tree: it has 256 leaves.
pub const MAX_DEPTH: usize = 8;
/// Scores of one level below which a second thread costs more than it gains.
const PARALLEL_SCORES: usize = 1 << 13;

/// A question that all leaves of a level can be divided by.
#[derive(Clone, Copy)]
struct Question {
    feature: u32,
    rule: Rule,
    /// Improvement over all leaves.
    gain: f64,
}

/// Bins of one feature that go left one after the other.
struct Asked<'a> {
    bins: &'a [u8],
    /// Whether missing goes left before them.
    missing_left: bool,
    /// The way that the feature binds values.
    direction: Option<Direction>,
    /// Penalty of the leaves.
    l2: f64,
}

impl<'a> Asked<'a> {
    /// Of categories.
    fn listed(bins: &'a [u8], l2: f64) -> Self {
        Self {
            bins,
            missing_left: false,
            direction: None,
            l2,
        }
    }
}

/// A leaf before it is divided.
#[derive(Clone, Copy)]
struct Sum {
    /// Packed sum of its rows.
    total: i64,
    /// Values that it and its children may have.
    bounds: Bounds,
}

/// The leaves of a level that are divided, and how their parts are scored.
struct Level<'a> {
    /// Cells of one feature come from here.
    leaves: Vec<(Sum, &'a Histogram)>,
    units: Units,
    limits: &'a Limits,
    rows: usize,
    seed: u64,
}

impl Grower<'_> {
    /// Grows a symmetric tree; `None` when it had to stop before it was done.
    pub(super) fn grow_symmetric(&mut self, order: &Order<'_>) -> Option<(Grown, Vec<GrownLeaf>)> {
        let root = self.reset(order);
        if order.features.is_empty() {
            self.leaves.push(root);
            return Some(self.finish());
        }
        let cells = self.root_histogram(order);
        self.leaves.push(Leaf {
            total: self.total(&cells),
            histogram: Some(cells),
            ..root
        });
        let depth = match order.limits.max_depth {
            0 => MAX_DEPTH,
            depth => depth.min(MAX_DEPTH),
        };
        for level in 1..=depth {
            if (order.must_stop)() {
                return None;
            }
            let Some(question) = self.ask_level(order, level) else {
                break;
            };
            for leaf in std::mem::take(&mut self.leaves) {
                self.divide(order, leaf, &question, level == depth);
            }
        }
        Some(self.finish())
    }

    /// The question with the largest gain over the leaves that have a histogram; the first of equals.
    fn ask_level(&self, order: &Order<'_>, level: usize) -> Option<Question> {
        let open: Vec<&Leaf> = self
            .leaves
            .iter()
            .filter(|leaf| leaf.histogram.is_some())
            .collect();
        let level = Level {
            leaves: open
                .iter()
                .filter_map(|leaf| {
                    let sum = Sum {
                        total: leaf.total,
                        bounds: leaf.bounds,
                    };
                    Some((sum, leaf.histogram.as_ref()?))
                })
                .collect(),
            units: order.gradients.units(),
            limits: order.limits,
            rows: open.iter().map(|leaf| leaf.rows.len()).sum(),
            seed: mix(order.seed, level as u64),
        };
        if level.leaves.is_empty() {
            return None;
        }
        let ask = |place: usize| {
            let (feature, _) = self.builder.cell(place, level.leaves[0].1);
            let cells: Vec<(Sum, &[i64])> = level
                .leaves
                .iter()
                .map(|&(sum, histogram)| (sum, self.builder.cell(place, histogram).1))
                .collect();
            level.ask(feature, self.binned.feature(feature as usize), &cells)
        };
        let width = self.builder.width();
        let found: Vec<Option<Question>> =
            if self.threads > 1 && width * level.leaves.len() * 128 >= PARALLEL_SCORES {
                (0..width).into_par_iter().map(ask).collect()
            } else {
                (0..width).map(ask).collect()
            };
        let mut best: Option<Question> = None;
        for found in found.into_iter().flatten() {
            if best.is_none_or(|best| found.gain > best.gain) {
                best = Some(found);
            }
        }
        best
    }

    /// Divides a leaf by the question of its level, if it is open, has rows on both sides and may be divided so.
    fn divide(&mut self, order: &Order<'_>, mut leaf: Leaf, question: &Question, is_last: bool) {
        let Some(cells) = leaf.histogram.take() else {
            return self.leaves.push(leaf);
        };
        let left_total = self.left_total(&cells, question);
        let totals = [left_total, leaf.total - left_total];
        let asked = (question.feature, &question.rule);
        let bounds = if totals.contains(&0) {
            None
        } else {
            self.child_bounds(order, leaf.bounds, asked, totals)
        };
        let Some([left_bounds, right_bounds]) = bounds else {
            leaf.histogram = Some(cells);
            return self.leaves.push(leaf);
        };
        let column = self.binned.column(question.feature as usize);
        let (part, spare) = (
            &mut self.rows[leaf.rows.clone()],
            &mut self.spare[leaf.rows.clone()],
        );
        let left_rows = partition(&question.rule, column, part, spare, self.threads);
        let middle = leaf.rows.start + left_rows;
        let node = self.nodes.len();
        self.hang(leaf.parent, node as i32);
        self.nodes.push(GrownNode {
            feature: question.feature,
            rule: question.rule,
            left: 0,
            right: 0,
        });
        let child = |rows, total, bounds, is_left| Leaf {
            rows,
            depth: leaf.depth + 1,
            total,
            bounds,
            histogram: None,
            best: None,
            parent: Some((node, is_left)),
        };
        let mut left = child(leaf.rows.start..middle, totals[0], left_bounds, true);
        let mut right = child(middle..leaf.rows.end, totals[1], right_bounds, false);
        if is_last {
            self.free.push(cells);
        } else {
            self.sum_children(order, [&mut left, &mut right], cells);
        }
        self.leaves.push(left);
        self.leaves.push(right);
    }

    /// Gives two siblings their histograms: the smaller is summed, the larger is what the parent has left. Those with too few
    /// rows to be divided get none, nor do any once there is no room.
    fn sum_children(&mut self, order: &Order<'_>, [left, right]: [&mut Leaf; 2], parent: Histogram) {
        let least = order.limits.min_rows.max(2);
        let has_room = (self.allocated - self.free.len()) * parent.bytes() <= self.histogram_bytes;
        let (small, large) = if left.rows.len() <= right.rows.len() {
            (left, right)
        } else {
            (right, left)
        };
        let mut cells = parent;
        if large.rows.len() < least || !has_room {
            return self.free.push(cells);
        }
        let mut small_cells = self.take();
        self.builder.build(
            &self.rows[small.rows.clone()],
            &order.gradients.packed,
            &mut small_cells,
        );
        self.builder.subtract(&mut cells, &small_cells);
        large.histogram = Some(cells);
        if small.rows.len() < least {
            self.free.push(small_cells);
        } else {
            small.histogram = Some(small_cells);
        }
    }

    /// Packed sum of the rows of a leaf that a question sends left.
    fn left_total(&self, histogram: &Histogram, question: &Question) -> i64 {
        let found = self
            .builder
            .cells(histogram)
            .find(|(feature, _)| *feature == question.feature);
        let mut total = 0;
        for (bin, &cell) in found.map_or(&[][..], |(_, cells)| cells).iter().enumerate() {
            if question.rule.goes_left(bin as u8) {
                total += cell;
            }
        }
        total
    }
}

impl Level<'_> {
    /// The best question about one feature, if any gains more than the bound. `cells` has total and cells of each leaf.
    fn ask(&self, feature: u32, bins: &FeatureBins, cells: &[(Sum, &[i64])]) -> Option<Question> {
        let mut best = None;
        match bins {
            FeatureBins::Number { .. } => self.ask_number(feature, cells, &mut best),
            FeatureBins::Category {
                bin_of_code, other, ..
            } => {
                let unlisted = other.filter(|_| is_too_wide(bin_of_code.len(), bins.len()));
                self.ask_category(feature, cells, unlisted, &mut best);
            }
        }
        best
    }

    fn ask_number(&self, feature: u32, cells: &[(Sum, &[i64])], best: &mut Option<Question>) {
        let bins: Vec<u8> = (1..cells[0].1.len()).map(|bin| bin as u8).collect();
        let Some((_, inner)) = bins.split_last() else {
            return;
        };
        let has_missing = cells.iter().any(|(_, cells)| cells[0] != 0);
        let sides: &[bool] = if has_missing { &[false, true] } else { &[false] };
        for &missing_left in sides {
            // With missing rows on the right, all numbers may go left.
            let asked = if has_missing && !missing_left {
                &bins[..]
            } else {
                inner
            };
            let list = Asked {
                bins: asked,
                missing_left,
                direction: self.limits.monotone.of(feature),
                l2: self.limits.l2,
            };
            let scores = self.scores(cells, &list);
            let drawn = self.limits.extra_random && !asked.is_empty();
            let drawn = drawn.then(|| below(mix(self.seed, u64::from(feature)), asked.len()));
            for (index, (&bin, score)) in asked.iter().zip(scores).enumerate() {
                if drawn.is_none_or(|drawn| drawn == index) {
                    let rule = Rule::AtMost { bin, missing_left };
                    self.offer(feature, score, rule, best);
                }
            }
        }
    }

    /// Categories in the order of their gradients over all leaves, listed from both ends; with few, each against the rest.
    fn ask_category(
        &self,
        feature: u32,
        cells: &[(Sum, &[i64])],
        unlisted: Option<u8>,
        best: &mut Option<Question>,
    ) {
        let whole = self.units.unpack(cells.iter().map(|(sum, _)| sum.total).sum());
        let many = cells[0].1.len() > self.limits.one_against_rest;
        let mut ordered: Vec<(f64, u8)> = Vec::new();
        for bin in 0..cells[0].1.len() {
            let sum: i64 = cells.iter().map(|(_, cells)| cells[bin]).sum();
            let pair = self.units.unpack(sum);
            let rows = pair.hessian / whole.hessian * self.rows as f64;
            let is_frequent = !many || rows >= self.limits.category_smooth - 0.5;
            if sum != 0 && unlisted != Some(bin as u8) && is_frequent {
                let order = pair.gradient / (pair.hessian + self.limits.category_smooth);
                ordered.push((order, bin as u8));
            }
        }
        if !many {
            for (_, bin) in ordered {
                let scores = self.scores(cells, &Asked::listed(&[bin], self.limits.l2));
                self.offer_set(feature, &[bin], &scores, best);
            }
            return;
        }
        ordered.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for _ in 0..2 {
            let listed = ordered.len().div_ceil(2).min(MAX_LISTED);
            let bins: Vec<u8> = ordered.iter().take(listed).map(|&(_, bin)| bin).collect();
            let l2 = self.limits.l2 + self.limits.category_l2;
            let scores = self.scores(cells, &Asked::listed(&bins, l2));
            self.offer_set(feature, &bins, &scores, best);
            ordered.reverse();
        }
    }

    /// Offers the growing sets of a list of bins.
    fn offer_set(&self, feature: u32, bins: &[u8], scores: &[f64], best: &mut Option<Question>) {
        let mut set: BinSet = [0; 4];
        for (&bin, &gain) in bins.iter().zip(scores) {
            insert(&mut set, bin);
            self.offer(feature, gain, Rule::In(set), best);
        }
    }

    fn offer(&self, feature: u32, gain: f64, rule: Rule, best: &mut Option<Question>) {
        if gain > best.map_or(self.limits.min_gain, |best| best.gain) {
            *best = Some(Question { feature, rule, gain });
        }
    }

    /// The gain over all leaves when the bins up to each place of a list go left.
    fn scores(&self, cells: &[(Sum, &[i64])], asked: &Asked<'_>) -> Vec<f64> {
        let mut scores = vec![0.0; asked.bins.len()];
        for &(sum, cells) in cells {
            let last = cells.len() - 1;
            let unsplit = self.unsplit(sum);
            let mut left = if asked.missing_left { cells[0] } else { 0 };
            let mut own = self.gain(sum, unsplit, left, asked.l2, asked.direction);
            for (score, &bin) in scores.iter_mut().zip(asked.bins) {
                let bin = usize::from(bin);
                // Where all numbers go left, what is missing may be worth anything.
                let direction = asked.direction.filter(|_| bin < last);
                if cells[bin] != 0 || direction != asked.direction {
                    left += cells[bin];
                    own = self.gain(sum, unsplit, left, asked.l2, direction);
                }
                *score += own;
            }
        }
        scores
    }

    /// What a leaf is worth undivided, by the penalty that undivided leaves have.
    fn unsplit(&self, sum: Sum) -> f64 {
        let whole = self.units.unpack(sum.total);
        if sum.bounds.is_free() {
            return whole.gradient * whole.gradient / (whole.hessian + self.limits.l2.max(1e-15));
        }
        let value = sum.bounds.clamp(monotone::value(whole, self.limits.l2));
        monotone::worth(whole, value, self.limits.l2)
    }

    /// What dividing a leaf gains over leaving it whole; 0 where it will be left so.
    #[inline]
    fn gain(&self, sum: Sum, unsplit: f64, left: i64, l2: f64, direction: Option<Direction>) -> f64 {
        if left == 0 || left == sum.total {
            return 0.0;
        }
        let (a, b) = (self.units.unpack(left), self.units.unpack(sum.total - left));
        if sum.bounds.is_free() && direction.is_none() {
            // A leaf of hessian 0 cannot occur, but one so small that its value overflows can.
            let (p, q) = (a.hessian + l2.max(1e-15), b.hessian + l2.max(1e-15));
            return (a.gradient * a.gradient * q + b.gradient * b.gradient * p) / (p * q) - unsplit;
        }
        let [u, v] = [a, b].map(|part| sum.bounds.clamp(monotone::value(part, l2)));
        if direction.is_some_and(|direction| !direction.allows(u, v)) {
            return 0.0;
        }
        monotone::worth(a, u, l2) + monotone::worth(b, v, l2) - unsplit
    }
}
