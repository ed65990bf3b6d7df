//! What a forest asks of each feature, and the ranks of a row's features among it.

use std::collections::HashMap;
use std::hint::select_unpredictable;

use super::super::forest::{Forest, Split};
use super::LANES;

/// Largest rank: whatever is above it could not be told apart from it in 16 bits.
const MAX_RANK: usize = u16::MAX as usize - 1;
/// Values of rows that are ranked together: they stay in the first-level cache while column after column is read from
/// them, and few wide rows are streams that a processor reads ahead.
const BLOCK_VALUES: usize = 2048;

/// What is asked of one feature: its rank among thresholds, or its category.
#[derive(Clone, Debug)]
pub struct Column {
    /// Encoded feature.
    pub feature: usize,
    /// What its ranks are.
    pub kind: Kind,
}

/// How a column turns a feature into a rank.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Rank 0 is a missing number; any other is one more than the number of thresholds below it.
    Number {
        /// Finite thresholds or negative infinity, rising, filled up with infinity to one less than a power of two.
        thresholds: Vec<f64>,
        /// How many of them are not filling.
        count: usize,
    },
    /// Codes that no set of the forest tells apart share a rank.
    Category {
        /// Rank of each code; any code behind the last has the rank of the last, which no set holds.
        rank_of_code: Vec<u16>,
        /// Number of ranks.
        count: usize,
    },
}

/// A rank as it is stored.
pub trait Rank: Copy + Default {
    /// From 16 bits that it has room for.
    fn new(rank: u16) -> Self;
    /// As 16 bits.
    fn get(self) -> u16;
    /// Ranks of one byte as bytes.
    fn bytes(ranks: &[Self]) -> Option<&[u8]>;
}

impl Rank for u8 {
    #[inline(always)]
    fn new(rank: u16) -> Self {
        rank as u8
    }

    #[inline(always)]
    fn get(self) -> u16 {
        u16::from(self)
    }

    #[inline(always)]
    fn bytes(ranks: &[Self]) -> Option<&[u8]> {
        Some(ranks)
    }
}

impl Rank for u16 {
    #[inline(always)]
    fn new(rank: u16) -> Self {
        rank
    }

    #[inline(always)]
    fn get(self) -> u16 {
        self
    }

    #[inline(always)]
    fn bytes(_ranks: &[Self]) -> Option<&[u8]> {
        None
    }
}

impl Column {
    /// Number of ranks.
    pub fn ranks(&self) -> usize {
        match &self.kind {
            Kind::Number { count, .. } => count + 2,
            Kind::Category { count, .. } => *count,
        }
    }

    /// Thresholds below a value: for a question, how many ranks answer yes.
    pub fn below(&self, value: f64) -> u16 {
        match &self.kind {
            Kind::Number { thresholds, count } => {
                thresholds[..*count].partition_point(|&threshold| threshold < value) as u16
            }
            Kind::Category { .. } => 0,
        }
    }

    /// Ranks of this column for some rows.
    fn rank<R: Rank>(&self, rows: &[f64], width: usize, ranks: &mut [R]) {
        match &self.kind {
            Kind::Number { thresholds, .. } => {
                let groups = rows.chunks(width * LANES).zip(ranks.chunks_mut(LANES));
                for (rows, ranks) in groups {
                    let mut values = [0.0; LANES];
                    for (value, row) in values.iter_mut().zip(rows.chunks_exact(width)) {
                        *value = row[self.feature];
                    }
                    let found = search(thresholds, &values);
                    for ((rank, value), below) in ranks.iter_mut().zip(values).zip(found) {
                        *rank = R::new(if value.is_nan() { 0 } else { 1 + below as u16 });
                    }
                }
            }
            Kind::Category { rank_of_code, .. } => {
                let last = rank_of_code.len() - 1;
                for (rank, row) in ranks.iter_mut().zip(rows.chunks_exact(width)) {
                    *rank = R::new(rank_of_code[(row[self.feature] as usize).min(last)]);
                }
            }
        }
    }
}

/// How many thresholds lie below each value. The values take their steps together, so that their reads overlap.
#[inline(always)]
fn search(thresholds: &[f64], values: &[f64; LANES]) -> [usize; LANES] {
    let mut at = [0; LANES];
    let mut step = thresholds.len().div_ceil(2);
    while step > 0 {
        for (at, value) in at.iter_mut().zip(values) {
            let is_below = thresholds[*at + step - 1] < *value;
            *at = select_unpredictable(is_below, *at + step, *at);
        }
        step /= 2;
    }
    at
}

/// Writes the ranks of rows of encoded features, one column after the other, `stride` places each.
pub fn rank<R: Rank>(columns: &[Column], rows: &[f64], width: usize, ranks: &mut [R], stride: usize) {
    let most = (BLOCK_VALUES / width).clamp(LANES, 64).next_multiple_of(LANES);
    for (block, rows) in rows.chunks(most * width).enumerate() {
        let count = rows.len() / width;
        for (column, ranks) in columns.iter().zip(ranks.chunks_mut(stride)) {
            column.rank(rows, width, &mut ranks[block * most..][..count]);
        }
    }
}

/// What the forest asks, one column for each feature and kind of question in the order of the features; `None` when a
/// feature has too many ranks.
pub fn columns(forest: &Forest) -> Option<Vec<Column>> {
    let asked = forest.trees.iter().flat_map(|tree| &tree.nodes);
    let features = asked.map(|node| node.feature as usize + 1).max().unwrap_or(0);
    let mut thresholds: Vec<Option<Vec<f64>>> = vec![None; features];
    let mut sets: Vec<Vec<&[u32]>> = vec![Vec::new(); features];
    for tree in &forest.trees {
        for node in &tree.nodes {
            let feature = node.feature as usize;
            match node.split {
                Split::AtMost { threshold, .. } => {
                    thresholds[feature].get_or_insert_default().push(threshold);
                }
                Split::In { set } => sets[feature].push(&tree.sets[set as usize]),
            }
        }
    }
    let mut columns = Vec::new();
    for (feature, (thresholds, sets)) in thresholds.into_iter().zip(sets).enumerate() {
        let numbers = thresholds.map(number);
        let categories = (!sets.is_empty()).then(|| category(&sets));
        columns.extend(
            [numbers, categories]
                .into_iter()
                .flatten()
                .map(|kind| Column { feature, kind }),
        );
    }
    // A tree that is one leaf still reads a rank.
    if columns.is_empty() {
        columns.push(Column {
            feature: 0,
            kind: category(&[]),
        });
    }
    columns
        .iter()
        .all(|column| column.ranks() <= MAX_RANK)
        .then_some(columns)
}

/// The ranks of a number that is asked for these thresholds.
fn number(mut thresholds: Vec<f64>) -> Kind {
    // No number is above infinity: it divides nothing.
    thresholds.retain(|&threshold| threshold < f64::INFINITY);
    thresholds.sort_unstable_by(f64::total_cmp);
    thresholds.dedup();
    let count = thresholds.len();
    thresholds.resize((count + 1).next_power_of_two() - 1, f64::INFINITY);
    Kind::Number { thresholds, count }
}

/// The ranks of a category that is asked for these sets: each set divides the ranks it holds a part of.
fn category(sets: &[&[u32]]) -> Kind {
    let largest = sets.iter().filter_map(|set| set.iter().max()).max();
    let mut class_of_code = vec![0_usize; largest.map_or(1, |&code| code as usize + 2)];
    let mut classes = 1;
    for set in sets {
        let mut divided: HashMap<usize, usize> = HashMap::new();
        for &code in *set {
            let class = &mut class_of_code[code as usize];
            *class = *divided.entry(*class).or_insert_with(|| {
                classes += 1;
                classes - 1
            });
        }
    }
    // Classes that lost all their codes leave gaps in the numbers.
    let mut ranks: HashMap<usize, usize> = HashMap::new();
    let mut rank_of_code = Vec::with_capacity(class_of_code.len());
    for class in class_of_code {
        let next = ranks.len();
        rank_of_code.push(*ranks.entry(class).or_insert(next) as u16);
    }
    Kind::Category {
        count: ranks.len(),
        rank_of_code,
    }
}
