//! A forest laid out for many rows at once.
//!
//! A row's features are first replaced by their ranks among all thresholds of the forest (a comparison of ranks decides
//! like the comparison of values, exactly), so that a block of rows fits the first-level cache; then each tree is walked
//! by several rows in lock-step, without branches on the answers.

use super::forest::{Forest, Split, Tree};

/// Rows ranked together.
const BLOCK: usize = 64;
/// Rows that walk a tree side by side, so that the processor overlaps their memory reads.
const LANES: usize = 8;
/// Largest rank, of a number above all thresholds. Rank 0 is a missing number.
const MAX_RANK: usize = u16::MAX as usize - 1;

/// A forest made ready for batches. It answers exactly like [`Forest::predict_row`]: same sums in the same order.
#[derive(Clone, Debug)]
pub struct FlatForest {
    base: Vec<f64>,
    columns: Vec<Column>,
    trees: Vec<Root>,
    nodes: Vec<Node>,
    /// First value of the leaf at a node.
    leaf_values: Vec<u32>,
    values: Vec<f64>,
    bits: Vec<u32>,
    has_sets: bool,
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
        let mut flat = Self {
            base: forest.base.clone(),
            columns,
            trees: Vec::with_capacity(forest.trees.len()),
            nodes: Vec::new(),
            leaf_values: Vec::new(),
            values: Vec::new(),
            // Word 0 belongs to all questions about numbers: no bit is set.
            bits: vec![0],
            has_sets: false,
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
        let mut ranks = vec![0_u16; BLOCK * self.columns.len()];
        for (rows, out) in rows.chunks(BLOCK * width).zip(out.chunks_mut(BLOCK * outputs)) {
            let count = rows.len() / width;
            self.rank(rows, width, &mut ranks);
            out.chunks_mut(outputs)
                .for_each(|out| out.copy_from_slice(&self.base));
            for tree in &self.trees {
                if self.has_sets {
                    self.add_tree::<true>(*tree, &ranks, count, out);
                } else {
                    self.add_tree::<false>(*tree, &ranks, count, out);
                }
            }
        }
    }

    /// Replaces the features of a block of rows by ranks, row-major.
    fn rank(&self, rows: &[f64], width: usize, ranks: &mut [u16]) {
        let stride = self.columns.len();
        for (index, column) in self.columns.iter().enumerate() {
            let ranks = ranks.iter_mut().skip(index).step_by(stride);
            match column {
                Column::Number { feature, thresholds } => {
                    for (rank, row) in ranks.zip(rows.chunks_exact(width)) {
                        let value = row[*feature];
                        let above = 1 + thresholds.partition_point(|&threshold| threshold < value) as u16;
                        *rank = if value.is_nan() { 0 } else { above };
                    }
                }
                Column::Category { feature, top } => {
                    for (rank, row) in ranks.zip(rows.chunks_exact(width)) {
                        *rank = (row[*feature] as u32).min(*top) as u16;
                    }
                }
            }
        }
    }

    fn add_tree<const SETS: bool>(&self, tree: Root, ranks: &[u16], count: usize, out: &mut [f64]) {
        let (outputs, stride) = (self.base.len(), self.columns.len());
        for first in (0..count).step_by(LANES) {
            // The last lanes of a short block walk over ranks left from before; their answers are dropped.
            let lanes = LANES.min(count - first);
            let at = self.walk::<SETS>(tree.node, &ranks[first * stride..], stride);
            for (lane, node) in at.into_iter().enumerate().take(lanes) {
                let value = self.leaf_values[node as usize] as usize;
                let out = &mut out[(first + lane) * outputs..][..outputs];
                match tree.output {
                    Some(output) => out[output as usize] += self.values[value],
                    None => out
                        .iter_mut()
                        .zip(&self.values[value..])
                        .for_each(|(sum, value)| *sum += value),
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
                let rank = ranks[lane * stride + usize::from(node.column)];
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
                return at;
            }
        }
    }

    fn push(&mut self, tree: &Tree) -> Option<()> {
        let first_value = self.values.len();
        self.values.extend_from_slice(&tree.leaves);
        let leaf_width = if tree.output.is_some() { 1 } else { self.base.len() };
        self.trees.push(Root {
            node: u32::try_from(self.nodes.len()).ok()?,
            output: tree.output,
        });
        // Pairs of siblings, in the order they are met; `open` holds (place, child).
        let place = self.reserve();
        let mut open = vec![(place, if tree.nodes.is_empty() { -1 } else { 0 })];
        while let Some((place, child)) = open.pop() {
            if child < 0 {
                let leaf = (-(child + 1)) as usize;
                self.leaf_values[place] = u32::try_from(first_value + leaf * leaf_width).ok()?;
                continue;
            }
            let node = &tree.nodes[child as usize];
            let left = self.reserve();
            let right = self.reserve();
            self.nodes[place] = self.question(tree, node.feature as usize, node.split, left)?;
            open.push((right, node.right));
            open.push((left, node.left));
        }
        Some(())
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
        self.leaf_values.push(0);
        place
    }

    fn question(&mut self, tree: &Tree, asked: usize, split: Split, left: usize) -> Option<Node> {
        let left = u32::try_from(left).ok()?;
        let is_number = matches!(split, Split::AtMost { .. });
        let index = self.columns.iter().position(|column| match column {
            Column::Number { feature, .. } => is_number && *feature == asked,
            Column::Category { feature, .. } => !is_number && *feature == asked,
        })?;
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
mod tests {
    use proptest::prelude::*;

    use super::super::forest::Node as ForestNode;
    use super::*;

    /// Feature 0 is a number, feature 1 a category, feature 2 a number again.
    fn any_split() -> impl Strategy<Value = (u32, Split, Vec<u32>)> {
        let threshold = prop_oneof![
            (-4_i32..4).prop_map(f64::from),
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY),
            Just(-0.0)
        ];
        let number =
            (any::<bool>(), threshold, any::<bool>()).prop_map(|(first, threshold, missing_left)| {
                (
                    if first { 0 } else { 2 },
                    Split::AtMost {
                        threshold,
                        missing_left,
                    },
                    Vec::new(),
                )
            });
        let set = proptest::collection::btree_set(0_u32..90, 0..5)
            .prop_map(|set| (1, Split::In { set: 0 }, set.into_iter().collect()));
        prop_oneof![number, set]
    }

    /// A tree whose nodes hang on random free places.
    fn any_tree(outputs: usize) -> impl Strategy<Value = Tree> {
        let splits = proptest::collection::vec((any_split(), any::<prop::sample::Index>()), 0..20);
        (splits, any::<bool>()).prop_map(move |(splits, scalar)| {
            let mut tree = Tree {
                output: scalar.then_some(outputs as u32 - 1),
                ..Tree::default()
            };
            let mut free: Vec<(usize, bool)> = Vec::new();
            for (index, ((feature, split, set), place)) in splits.into_iter().enumerate() {
                let split = match split {
                    Split::In { .. } => {
                        tree.sets.push(set);
                        Split::In {
                            set: tree.sets.len() as u32 - 1,
                        }
                    }
                    split => split,
                };
                if index > 0 {
                    let (parent, is_left) = free.swap_remove(place.index(free.len()));
                    let parent: &mut ForestNode = &mut tree.nodes[parent];
                    *(if is_left {
                        &mut parent.left
                    } else {
                        &mut parent.right
                    }) = index as i32;
                }
                tree.nodes.push(ForestNode {
                    feature,
                    split,
                    left: 0,
                    right: 0,
                });
                free.extend([(index, true), (index, false)]);
            }
            for (leaf, &(parent, is_left)) in free.iter().enumerate() {
                let parent = &mut tree.nodes[parent];
                *(if is_left {
                    &mut parent.left
                } else {
                    &mut parent.right
                }) = -(leaf as i32) - 1;
            }
            let values = (tree.nodes.len() + 1) * if scalar { 1 } else { outputs };
            tree.leaves = (0..values).map(|value| (value as f64 + 0.1).sqrt()).collect();
            tree
        })
    }

    fn any_row() -> impl Strategy<Value = [f64; 3]> {
        let number = || {
            prop_oneof![
                (-9_i32..9).prop_map(|x| f64::from(x) / 2.0),
                Just(f64::NAN),
                Just(f64::INFINITY)
            ]
        };
        (number(), 0_u32..200, number()).prop_map(|(a, code, b)| [a, f64::from(code), b])
    }

    proptest! {
        #[test]
        fn batches_answer_like_rows(
            trees in (1_usize..4).prop_flat_map(|outputs| (Just(outputs), proptest::collection::vec(any_tree(outputs), 0..6))),
            rows in proptest::collection::vec(any_row(), 1..150),
        ) {
            let (outputs, trees) = trees;
            let forest = Forest { base: vec![0.3; outputs], trees };
            let mut expected = vec![0.0; rows.len() * outputs];
            for (row, out) in rows.iter().zip(expected.chunks_mut(outputs)) {
                forest.predict_row(row, out);
            }
            let mut answers = vec![0.0; rows.len() * outputs];
            FlatForest::new(&forest).unwrap().predict_batch(&rows.concat(), 3, &mut answers);
            prop_assert_eq!(answers, expected);
        }
    }

    #[test]
    fn a_forest_without_questions_answers_its_base() {
        let forest = Forest {
            base: vec![1.5],
            trees: vec![Tree {
                output: Some(0),
                leaves: vec![0.25],
                ..Tree::default()
            }],
        };
        let mut out = vec![0.0; 3];
        FlatForest::new(&forest)
            .unwrap()
            .predict_batch(&[7.0; 3], 1, &mut out);
        assert_eq!(out, [1.75; 3]);
        FlatForest::new(&forest).unwrap().predict_batch(&[], 0, &mut out);
        assert_eq!(out, [1.75; 3]);
    }
}
