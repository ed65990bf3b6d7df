//! From the trees of a model to the arrays that batches are answered from.

use super::super::forest::{Forest, Split, Tree};
use super::columns::{Kind, columns};
use super::open::{MOST_LEAVES, questions};
use super::{FlatForest, Node, Root};

impl FlatForest {
    /// Lays out a valid forest (`Model::validate`); `None` when a feature has too many thresholds or codes to rank.
    pub fn new(forest: &Forest) -> Option<Self> {
        let columns = columns(forest)?;
        let mut places = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            // Columns stand in the order of their features.
            places.resize(column.feature + 1, [None; 2]);
            let is_set = matches!(column.kind, Kind::Category { .. });
            places[column.feature][usize::from(is_set)] = Some(index);
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

    fn push(&mut self, tree: &Tree) -> Option<()> {
        let first_value = u32::try_from(self.values.len()).ok()?;
        self.values.extend_from_slice(&tree.leaves);
        let root = self.reserve();
        // `open` holds (place, child); siblings have places side by side.
        let mut open = vec![(root, if tree.nodes.is_empty() { -1 } else { 0 })];
        let mut nodes: Vec<Option<Node>> = vec![None; tree.nodes.len()];
        while let Some((place, child)) = open.pop() {
            if child < 0 {
                self.leaf_of[place] = (-(child + 1)) as u32;
                continue;
            }
            let node = &tree.nodes[child as usize];
            let left = self.reserve();
            let right = self.reserve();
            self.nodes[place] = self.question(tree, node.feature as usize, node.split, left)?;
            nodes[child as usize] = Some(self.nodes[place]);
            open.push((right, node.right));
            open.push((left, node.left));
        }
        let start = u32::try_from(self.small.len()).ok()?;
        if tree.nodes.len() < MOST_LEAVES {
            self.small.extend(questions(tree, &nodes));
        }
        let small = (start, u32::try_from(self.small.len()).ok()?);
        let node = u32::try_from(root).ok()?;
        self.trees.push(Root {
            node,
            output: tree.output,
            first_value,
            leaves: tree.nodes.len() as u32 + 1,
            small,
        });
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
        self.leaf_of.push(0);
        place
    }

    fn question(&mut self, tree: &Tree, asked: usize, split: Split, left: usize) -> Option<Node> {
        let left = u32::try_from(left).ok()?;
        let is_set = matches!(split, Split::In { .. });
        let index = self.places[asked][usize::from(is_set)]?;
        let column = u16::try_from(index).ok()?;
        match (split, &self.columns[index].kind) {
            (
                Split::AtMost {
                    threshold,
                    missing_left,
                },
                Kind::Number { .. },
            ) => {
                // `x <= threshold` when at most that many thresholds lie below x; rank 0 is missing.
                let ranks = 1 + self.columns[index].below(threshold);
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
            (Split::In { set }, Kind::Category { rank_of_code, count }) => {
                let word = self.bits.len();
                self.bits.resize(word + count.div_ceil(32), 0);
                for code in &tree.sets[set as usize] {
                    let rank = rank_of_code[*code as usize];
                    self.bits[word + usize::from(rank / 32)] |= 1 << (rank % 32);
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
