//! A forest laid out for many rows at once.
//!
//! A row's features are first replaced by their ranks among all thresholds of the forest (a comparison of ranks decides
//! like the comparison of values, exactly). A tree of up to 64 leaves is then answered without walking it: for every rank
//! of a column there is a set of leaves that it leaves open, and the one leaf open in all columns is the row's (after
//! QuickScorer; Lucchese et al., SIGIR 2015). Larger trees are walked by several rows in lock-step, without branches.

use super::forest::{Forest, Split, Tree};

/// Rows ranked together: their ranks stay in the second-level cache.
const CHUNK: usize = 8192;
/// Rows that are answered side by side, so that the processor overlaps their memory reads.
const LANES: usize = 8;
/// Rows that pay for the sets of open leaves of a tree.
const ROWS_FOR_SETS: usize = 256;
/// Largest rank, of a number above all thresholds. Rank 0 is a missing number.
const MAX_RANK: usize = u16::MAX as usize - 1;

/// A forest made ready for batches. It answers exactly like [`Forest::predict_row`]: same sums in the same order.
#[derive(Clone, Debug)]
pub struct FlatForest {
    base: Vec<f64>,
    columns: Vec<Column>,
    /// Where the questions about a feature stand among the columns: thresholds, sets.
    places: Vec<[Option<usize>; 2]>,
    trees: Vec<Root>,
    nodes: Vec<Node>,
    /// Number of the leaf at a node, within its tree.
    leaf_of: Vec<u32>,
    values: Vec<f64>,
    bits: Vec<u32>,
    has_sets: bool,
    /// Questions of the small trees, tree by tree.
    small: Vec<SmallQuestion>,
}

/// What is asked of one feature: its rank among thresholds, or its category.
#[derive(Clone, Debug)]
enum Column {
    Number {
        feature: usize,
        thresholds: Vec<f64>,
    },
    /// `top` is the first code that no set holds.
    Category {
        feature: usize,
        top: u32,
    },
}

#[derive(Clone, Copy, Debug)]
struct Root {
    node: u32,
    output: Option<u32>,
    first_value: u32,
    /// Its part of `FlatForest::small`; empty for a tree that is too large.
    small: (u32, u32),
}

/// A question of a small tree: the leaves that its answers rule out.
#[derive(Clone, Copy, Debug)]
struct SmallQuestion {
    node: Node,
    left_leaves: u64,
    right_leaves: u64,
}

/// Sets of open leaves of one tree: for each column that it asks, one set a rank.
#[derive(Default)]
struct OpenLeaves {
    /// Column, and where its sets begin.
    columns: Vec<(usize, usize)>,
    sets: Vec<u64>,
}

/// A question: left when `rank - low < width` (wrapping), or when the bit of the rank is set. The right child follows the
/// left one. A leaf is its own left child and always answers left.
#[derive(Clone, Copy, Debug)]
struct Node {
    left: u32,
    /// First word of the category set.
    word: u32,
    column: u16,
    low: u16,
    width: u16,
    /// Bits of the word index that count: all for a category, none for a number.
    mask: u16,
}

impl FlatForest {
    /// Lays out a valid forest (`Model::validate`); `None` when a feature has too many thresholds or codes to rank.
    pub fn new(forest: &Forest) -> Option<Self> {
        let columns = columns(forest)?;
        let mut places = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            let (feature, kind) = match column {
                Column::Number { feature, .. } => (*feature, 0),
                Column::Category { feature, .. } => (*feature, 1),
            };
            // Columns stand in the order of their features.
            places.resize(feature + 1, [None; 2]);
            places[feature][kind] = Some(index);
        }
        let mut flat = Self {
            base: forest.base.clone(),
            columns,
            places,
            trees: Vec::with_capacity(forest.trees.len()),
            nodes: Vec::new(),
            leaf_of: Vec::new(),
            values: Vec::new(),
            // Word 0 belongs to all questions about numbers: no bit is set.
            bits: vec![0],
            has_sets: false,
            small: Vec::new(),
        };
        for tree in &forest.trees {
            flat.push(tree)?;
        }
        Some(flat)
    }

    /// Number of raw outputs.
    pub fn raw_outputs(&self) -> usize {
        self.base.len()
    }

    /// Writes the raw outputs of rows of encoded features: `rows` is row-major with `width` features a row.
    pub fn predict_batch(&self, rows: &[f64], width: usize, out: &mut [f64]) {
        let outputs = self.base.len();
        if width == 0 {
            // Without features there are no questions: any row will do.
            return out
                .chunks_mut(outputs)
                .for_each(|out| self.predict_batch(&[0.0], 1, out));
        }
        let stride = (rows.len() / width).min(CHUNK).next_multiple_of(LANES);
        let mut ranks = vec![0_u16; stride * self.columns.len()];
        let mut open = OpenLeaves::default();
        for (rows, out) in rows.chunks(CHUNK * width).zip(out.chunks_mut(CHUNK * outputs)) {
            let count = rows.len() / width;
            self.rank(rows, width, &mut ranks, stride);
            out.chunks_mut(outputs)
                .for_each(|out| out.copy_from_slice(&self.base));
            for tree in &self.trees {
                let (start, end) = tree.small;
                if start < end && count >= ROWS_FOR_SETS {
                    open.fill(self, &self.small[start as usize..end as usize]);
                    let leaves = |first: usize| open.leaves(&ranks[first..], stride);
                    self.add_tree(*tree, count, out, leaves);
                } else if self.has_sets {
                    let leaves = |first: usize| self.walk::<true>(tree.node, &ranks[first..], stride);
                    self.add_tree(*tree, count, out, leaves);
                } else {
                    let leaves = |first: usize| self.walk::<false>(tree.node, &ranks[first..], stride);
                    self.add_tree(*tree, count, out, leaves);
                }
            }
        }
    }

    /// Replaces the features of some rows by ranks, `stride` a column.
    fn rank(&self, rows: &[f64], width: usize, ranks: &mut [u16], stride: usize) {
        for (column, ranks) in self.columns.iter().zip(ranks.chunks_mut(stride)) {
            match column {
                Column::Number { feature, thresholds } => {
                    for (rank, row) in ranks.iter_mut().zip(rows.chunks_exact(width)) {
                        let value = row[*feature];
                        let above = 1 + thresholds.partition_point(|&threshold| threshold < value) as u16;
                        *rank = if value.is_nan() { 0 } else { above };
                    }
                }
                Column::Category { feature, top } => {
                    for (rank, row) in ranks.iter_mut().zip(rows.chunks_exact(width)) {
                        *rank = (row[*feature] as u32).min(*top) as u16;
                    }
                }
            }
        }
    }

    /// Adds a tree; `leaves` gives the leaves of the rows from a place on. Rows behind the last are answered from ranks
    /// left from before, and dropped.
    #[inline(always)]
    fn add_tree(&self, tree: Root, count: usize, out: &mut [f64], leaves: impl Fn(usize) -> [u32; LANES]) {
        let outputs = self.base.len();
        let width = if tree.output.is_some() { 1 } else { outputs };
        for first in (0..count).step_by(LANES) {
            let found = leaves(first);
            for (row, leaf) in (first..count).zip(found) {
                let value = tree.first_value as usize + leaf as usize * width;
                match tree.output {
                    Some(output) => out[row * outputs + output as usize] += self.values[value],
                    None => {
                        let values = &self.values[value..][..outputs];
                        out[row * outputs..][..outputs]
                            .iter_mut()
                            .zip(values)
                            .for_each(|(sum, value)| *sum += value);
                    }
                }
            }
        }
    }

    /// The leaves that rows side by side fall into.
    #[inline(always)]
    fn walk<const SETS: bool>(&self, root: u32, ranks: &[u16], stride: usize) -> [u32; LANES] {
        let mut at = [root; LANES];
        loop {
            let mut moved = 0;
            for (lane, at) in at.iter_mut().enumerate() {
                let node = self.nodes[*at as usize];
                let rank = ranks[usize::from(node.column) * stride + lane];
                let mut left = rank.wrapping_sub(node.low) < node.width;
                if SETS {
                    let word = self.bits[node.word as usize + usize::from((rank >> 5) & node.mask)];
                    left |= word >> (rank & 31) & 1 == 1;
                }
                let next = node.left + u32::from(!left);
                moved |= next ^ *at;
                *at = next;
            }
            if moved == 0 {
                return at.map(|node| self.leaf_of[node as usize]);
            }
        }
    }

    /// Number of ranks of a column.
    fn ranks(&self, column: usize) -> usize {
        match &self.columns[column] {
            Column::Number { thresholds, .. } => thresholds.len() + 2,
            Column::Category { top, .. } => *top as usize + 1,
        }
    }

    fn push(&mut self, tree: &Tree) -> Option<()> {
        let first_value = u32::try_from(self.values.len()).ok()?;
        self.values.extend_from_slice(&tree.leaves);
        let root = self.reserve();
        // `open` holds (place, child); siblings have places side by side.
        let mut open = vec![(root, if tree.nodes.is_empty() { -1 } else { 0 })];
        let mut questions: Vec<Option<Node>> = vec![None; tree.nodes.len()];
        while let Some((place, child)) = open.pop() {
            if child < 0 {
                self.leaf_of[place] = (-(child + 1)) as u32;
                continue;
            }
            let node = &tree.nodes[child as usize];
            let left = self.reserve();
            let right = self.reserve();
            self.nodes[place] = self.question(tree, node.feature as usize, node.split, left)?;
            questions[child as usize] = Some(self.nodes[place]);
            open.push((right, node.right));
            open.push((left, node.left));
        }
        let start = u32::try_from(self.small.len()).ok()?;
        if tree.nodes.len() < 64 {
            self.push_small(tree, &questions);
        }
        let small = (start, u32::try_from(self.small.len()).ok()?);
        let node = u32::try_from(root).ok()?;
        self.trees.push(Root {
            node,
            output: tree.output,
            first_value,
            small,
        });
        Some(())
    }

    /// Keeps the questions of a small tree with the leaves below their answers.
    fn push_small(&mut self, tree: &Tree, questions: &[Option<Node>]) {
        let mut below = vec![0_u64; tree.nodes.len()];
        // Children stand behind their parents.
        for (index, node) in tree.nodes.iter().enumerate().rev() {
            let leaves = |child: i32| {
                if child < 0 {
                    1 << -(child + 1)
                } else {
                    below[child as usize]
                }
            };
            let (left_leaves, right_leaves) = (leaves(node.left), leaves(node.right));
            below[index] = left_leaves | right_leaves;
            // A node that the root does not reach has no question.
            self.small.extend(questions[index].map(|node| SmallQuestion {
                node,
                left_leaves,
                right_leaves,
            }));
        }
    }

    /// A place for a node; until it is filled it is a leaf.
    fn reserve(&mut self) -> usize {
        let place = self.nodes.len();
        self.nodes.push(Node {
            left: place as u32,
            word: 0,
            column: 0,
            low: 0,
            width: u16::MAX,
            mask: 0,
        });
        self.leaf_of.push(0);
        place
    }

    fn question(&mut self, tree: &Tree, asked: usize, split: Split, left: usize) -> Option<Node> {
        let left = u32::try_from(left).ok()?;
        let is_set = matches!(split, Split::In { .. });
        let index = self.places[asked][usize::from(is_set)]?;
        let column = u16::try_from(index).ok()?;
        match (split, &self.columns[index]) {
            (
                Split::AtMost {
                    threshold,
                    missing_left,
                },
                Column::Number { thresholds, .. },
            ) => {
                // `x <= threshold` when at most that many thresholds lie below x; rank 0 is missing.
                let ranks = 1 + thresholds.partition_point(|&other| other < threshold) as u16;
                let (low, width) = if missing_left { (0, ranks + 1) } else { (1, ranks) };
                Some(Node {
                    left,
                    word: 0,
                    column,
                    low,
                    width,
                    mask: 0,
                })
            }
            (Split::In { set }, Column::Category { top, .. }) => {
                let word = self.bits.len();
                self.bits.resize(word + *top as usize / 32 + 1, 0);
                for code in &tree.sets[set as usize] {
                    self.bits[word + *code as usize / 32] |= 1 << (code % 32);
                }
                self.has_sets = true;
                Some(Node {
                    left,
                    word: u32::try_from(word).ok()?,
                    column,
                    low: 0,
                    width: 0,
                    mask: u16::MAX,
                })
            }
            _ => None,
        }
    }
}

impl OpenLeaves {
    /// Works out the sets of a small tree.
    fn fill(&mut self, forest: &FlatForest, questions: &[SmallQuestion]) {
        self.columns.clear();
        self.sets.clear();
        for question in questions {
            let node = &question.node;
            let column = usize::from(node.column);
            let ranks = forest.ranks(column);
            let start = match self.columns.iter().find(|(known, _)| *known == column) {
                Some((_, start)) => *start,
                None => {
                    let start = self.sets.len();
                    self.columns.push((column, start));
                    self.sets.resize(start + ranks, u64::MAX);
                    start
                }
            };
            let sets = &mut self.sets[start..start + ranks];
            if node.mask == 0 {
                let (low, end) = (
                    usize::from(node.low),
                    usize::from(node.low) + usize::from(node.width),
                );
                sets[..low]
                    .iter_mut()
                    .for_each(|set| *set &= !question.left_leaves);
                sets[low..end]
                    .iter_mut()
                    .for_each(|set| *set &= !question.right_leaves);
                sets[end..]
                    .iter_mut()
                    .for_each(|set| *set &= !question.left_leaves);
            } else {
                let bits = &forest.bits[node.word as usize..];
                for (rank, set) in sets.iter_mut().enumerate() {
                    let is_left = bits[rank / 32] >> (rank % 32) & 1 == 1;
                    *set &= !if is_left {
                        question.right_leaves
                    } else {
                        question.left_leaves
                    };
                }
            }
        }
    }

    /// The leaves that rows side by side fall into.
    #[inline(always)]
    fn leaves(&self, ranks: &[u16], stride: usize) -> [u32; LANES] {
        let mut open = [u64::MAX; LANES];
        for &(column, start) in &self.columns {
            let sets = &self.sets[start..];
            for (open, &rank) in open.iter_mut().zip(&ranks[column * stride..][..LANES]) {
                *open &= sets[usize::from(rank)];
            }
        }
        // Exactly one leaf is open; rows behind the last may have ranks of another chunk, but ranks all the same.
        open.map(u64::trailing_zeros)
    }
}

/// What the forest asks, one column for each feature and kind of question.
fn columns(forest: &Forest) -> Option<Vec<Column>> {
    let features = forest
        .trees
        .iter()
        .flat_map(|tree| &tree.nodes)
        .map(|node| node.feature as usize + 1)
        .max();
    let mut thresholds: Vec<Vec<f64>> = vec![Vec::new(); features.unwrap_or(0)];
    let mut tops: Vec<Option<u32>> = vec![None; features.unwrap_or(0)];
    for tree in &forest.trees {
        for node in &tree.nodes {
            let feature = node.feature as usize;
            match node.split {
                Split::AtMost { threshold, .. } => thresholds[feature].push(threshold),
                Split::In { set } => {
                    let largest = tree.sets[set as usize]
                        .iter()
                        .copied()
                        .max()
                        .map_or(0, |code| code + 1);
                    tops[feature] = Some(tops[feature].unwrap_or(0).max(largest));
                }
            }
        }
    }
    let mut columns = Vec::new();
    for (feature, mut thresholds) in thresholds.into_iter().enumerate() {
        thresholds.sort_unstable_by(f64::total_cmp);
        thresholds.dedup();
        if thresholds.len() + 1 > MAX_RANK || tops[feature].is_some_and(|top| top as usize > MAX_RANK) {
            return None;
        }
        if !thresholds.is_empty() {
            columns.push(Column::Number { feature, thresholds });
        }
        if let Some(top) = tops[feature] {
            columns.push(Column::Category { feature, top });
        }
    }
    // A tree that is one leaf still reads a rank.
    if columns.is_empty() {
        columns.push(Column::Category { feature: 0, top: 0 });
    }
    Some(columns)
}

#[cfg(test)]
#[path = "flat_tests.rs"]
mod tests;
