//! What every model keeps, checked after reading a file, so that predicting cannot panic, hang or read the wrong value.

use std::collections::HashSet;

use thiserror::Error;

use crate::estimator::forest::{Forest, Split, Tree, leaf_index};
use crate::estimator::linear::Linear;
use crate::estimator::network::Network;
use crate::estimator::widened::Added;
use crate::transform::category::Category;
use crate::transform::dense::{Block, Dense};
use crate::transform::topics::Topics;
use crate::transform::words::{self, Words};
use crate::{Estimator, Feature, FeatureKind, Model, Predictor, Transform, value};

/// What is wrong with a model.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the model is not valid: {0}")]
pub struct Invalid(String);

impl Invalid {
    /// In words, of the model.
    pub(crate) fn new(words: &str) -> Self {
        Self(words.to_owned())
    }
}

/// Bounds far above any fitted model; they keep the arithmetic of indices and widths from overflowing.
const MOST: usize = 1 << 24;

fn ensure(condition: bool, message: impl FnOnce() -> String) -> Result<(), Invalid> {
    if condition {
        Ok(())
    } else {
        Err(Invalid(message()))
    }
}

impl Model {
    /// Checks indices, widths, shapes and numbers.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.validate_classes()?;
        self.validate_inputs()?;
        self.validate_encoder()?;
        ensure(!self.members.is_empty(), || "it has no members".to_owned())?;
        for member in &self.members {
            let name = &member.name;
            ensure(member.weight.is_finite(), || {
                format!("the weight of `{name}` is not finite")
            })?;
            ensure(!member.predictors.is_empty(), || {
                format!("`{name}` has no predictors")
            })?;
            for predictor in &member.predictors {
                predictor
                    .validate(&self.encoder.features)
                    .map_err(|error| Invalid(format!("`{name}`: {}", error.0)))?;
                let (expected, found) = (self.outputs(), predictor.outputs());
                ensure(expected == found, || {
                    format!("`{name}` has {found} outputs, not {expected}")
                })?;
            }
        }
        self.validate_refinements()
    }

    fn validate_classes(&self) -> Result<(), Invalid> {
        let expected = match self.problem {
            crate::ProblemType::Regression => 0..=0,
            crate::ProblemType::Binary => 2..=2,
            crate::ProblemType::Multiclass => 2..=MOST,
        };
        ensure(expected.contains(&self.classes.len()), || {
            format!(
                "a {:?} model cannot have {} classes",
                self.problem,
                self.classes.len()
            )
        })
    }

    fn validate_inputs(&self) -> Result<(), Invalid> {
        let mut names = HashSet::new();
        for input in &self.inputs {
            ensure(!input.name.is_empty(), || "an input has no name".to_owned())?;
            ensure(names.insert(&input.name), || {
                format!("two inputs are called `{}`", input.name)
            })?;
        }
        Ok(())
    }

    fn validate_encoder(&self) -> Result<(), Invalid> {
        let mut width = 0;
        for (position, transform) in &self.encoder.steps {
            let Some(input) = self.inputs.get(*position) else {
                return Err(Invalid(format!(
                    "a step reads input {position}, which does not exist"
                )));
            };
            let step = transform.step();
            ensure(step.takes() == input.kind, || {
                format!("the step on `{}` takes {:?}", input.name, step.takes())
            })?;
            validate_step(transform).map_err(|error| Invalid(format!("`{}`: {}", input.name, error.0)))?;
            let kind = match transform {
                Transform::Category(category) => FeatureKind::Category {
                    cardinality: category.cardinality() as u32,
                },
                _ => FeatureKind::Number,
            };
            for feature in self.encoder.features.iter().skip(width).take(step.width()) {
                let fits = feature.kind == kind && feature.input == *position;
                ensure(fits, || {
                    format!(
                        "the feature `{}` does not fit the step that makes it",
                        feature.name
                    )
                })?;
            }
            width += step.width();
            ensure(width <= MOST, || "it has too many features".to_owned())?;
        }
        let named = self.encoder.features.len();
        ensure(width == named, || {
            format!("its steps make {width} features, but {named} are named")
        })
    }
}

fn validate_step(transform: &Transform) -> Result<(), Invalid> {
    match transform {
        Transform::Number | Transform::Date(_) => Ok(()),
        Transform::Category(Category { labels }) => {
            ensure(labels.len() < MOST, || "too many categories".to_owned())?;
            let distinct: HashSet<&String> = labels.iter().collect();
            ensure(distinct.len() == labels.len(), || {
                "a category occurs twice".to_owned()
            })?;
            let missing = labels.iter().find(|label| value::is_missing(label));
            ensure(missing.is_none(), || {
                "a category means a missing value".to_owned()
            })
        }
        Transform::Topics(topics) => validate_topics(topics),
        Transform::Words(Words { words }) => {
            ensure(words.len() < MOST, || "too many words".to_owned())?;
            let distinct: HashSet<&String> = words.iter().collect();
            ensure(distinct.len() == words.len(), || "a word occurs twice".to_owned())?;
            let whole = |word: &String| words::split(word).eq([word.as_str()]);
            ensure(words.iter().all(whole), || {
                "a word is empty or has blanks".to_owned()
            })
        }
    }
}

fn validate_topics(topics: &Topics) -> Result<(), Invalid> {
    let (terms, width) = (topics.terms.len(), topics.topics as usize);
    ensure(terms < MOST && width < MOST, || "too many topics".to_owned())?;
    let shape = topics.squares.len() == terms && topics.components.len() == terms * width;
    ensure(shape && terms > 0, || {
        "its topics do not fit their terms".to_owned()
    })?;
    let distinct: HashSet<&String> = topics.terms.iter().collect();
    ensure(distinct.len() == terms, || "a term occurs twice".to_owned())?;
    let is_word = |term: &String| !term.is_empty() && !term.contains(' ');
    let words = topics.terms.iter().take_while(|term| is_word(term)).count();
    let is_pair = |term: &String| {
        term.split_once(' ')
            .is_some_and(|(first, second)| is_word(&first.to_owned()) && is_word(&second.to_owned()))
    };
    ensure(words > 0 && topics.terms[words..].iter().all(is_pair), || {
        "a term is neither a word nor, behind the words, a pair of words".to_owned()
    })?;
    let squares = topics
        .squares
        .iter()
        .all(|square| square.is_finite() && *square >= 0.0);
    ensure(
        squares && topics.components.iter().all(|share| share.is_finite()),
        || "a weight of a term is not finite".to_owned(),
    )
}

impl Predictor {
    fn validate(&self, features: &[Feature]) -> Result<(), Invalid> {
        if let Some(dense) = &self.dense {
            validate_dense(dense, features)?;
        }
        let width = self.dense.as_ref().map_or(features.len(), Dense::width);
        match &self.estimator {
            Estimator::Constant(values) => finite(values, "a constant")?,
            Estimator::Forest(forest) => {
                ensure(self.dense.is_none(), || {
                    "a forest takes encoded features, not dense inputs".to_owned()
                })?;
                validate_forest(forest, features)?;
            }
            Estimator::Widened(widened) => {
                ensure(self.dense.is_none(), || {
                    "a forest takes encoded features, not dense inputs".to_owned()
                })?;
                validate_forest(&widened.forest, &widened_features(&widened.added, features)?)?;
            }
            Estimator::Linear(linear) => validate_linear(linear, width)?,
            Estimator::Network(network) | Estimator::Smooth(network) => validate_network(network, width)?,
        }
        // Estimators with sums must not see the NaN of a missing number.
        let sums = matches!(
            self.estimator,
            Estimator::Linear(_) | Estimator::Network(_) | Estimator::Smooth(_)
        );
        ensure(!sums || self.dense.is_some(), || {
            "a linear model or network needs dense inputs".to_owned()
        })?;
        let raw_outputs = self.estimator.raw_outputs();
        let fits = match self.link {
            crate::Link::Logistic => raw_outputs == 1,
            crate::Link::Identity | crate::Link::Softmax => raw_outputs >= 1,
        };
        ensure(fits, || {
            format!("{raw_outputs} raw outputs do not fit the link {:?}", self.link)
        })
    }
}

fn finite(values: &[f64], what: &str) -> Result<(), Invalid> {
    ensure(values.iter().all(|value| value.is_finite()), || {
        format!("{what} is not finite")
    })
}

fn validate_dense(dense: &Dense, features: &[Feature]) -> Result<(), Invalid> {
    let mut width: usize = 0;
    for block in &dense.blocks {
        let Some(feature) = features.get(block.feature()) else {
            return Err(Invalid(format!(
                "a block reads feature {}, which does not exist",
                block.feature()
            )));
        };
        let codes = match feature.kind {
            FeatureKind::Number => None,
            FeatureKind::Category { cardinality } => Some(cardinality as usize),
        };
        let fits = match block {
            Block::Scaled {
                center, scale, limit, ..
            } => {
                let numbers = center.is_finite() && scale.is_finite() && *scale != 0.0;
                numbers && limit.is_finite() && *limit >= 0.0
            }
            Block::Piecewise { edges, .. } => {
                let rising = edges
                    .windows(2)
                    .all(|edge| edge[0] < edge[1] && (edge[1] - edge[0]).is_finite());
                edges.len() >= 2 && rising && edges.iter().all(|edge| edge.is_finite())
            }
            Block::OneHot { cardinality, .. } => codes == Some(*cardinality as usize),
            Block::Table { values, .. } => {
                codes == Some(values.len()) && values.iter().all(|value| value.is_finite())
            }
        };
        ensure(fits, || format!("a block on `{}` does not fit it", feature.name))?;
        width = width.saturating_add(block.width());
        ensure(width <= MOST, || "too many dense inputs".to_owned())?;
    }
    Ok(())
}

/// The features with what is added behind them, when that fits them.
fn widened_features(added: &[Added], features: &[Feature]) -> Result<Vec<Feature>, Invalid> {
    ensure(added.len() <= MOST, || {
        "too much is added to its features".to_owned()
    })?;
    let kind = |feature: &u32| features.get(*feature as usize).map(|feature| feature.kind);
    let mut wide = features.to_vec();
    for added in added {
        let fits = match added {
            Added::Cross { left, right, .. } => {
                [left, right].map(kind) == [Some(FeatureKind::Number), Some(FeatureKind::Number)]
            }
            Added::Table { feature, values } => {
                let cardinality = values.len() as u32;
                kind(feature) == Some(FeatureKind::Category { cardinality })
                    && values.iter().all(|value| value.is_finite())
            }
        };
        ensure(fits, || {
            "what is added to its features does not fit them".to_owned()
        })?;
        wide.push(Feature {
            name: String::new(),
            input: 0,
            kind: FeatureKind::Number,
        });
    }
    Ok(wide)
}

fn validate_linear(linear: &Linear, width: usize) -> Result<(), Invalid> {
    let shape = linear.weights.len() == width.saturating_mul(linear.bias.len());
    ensure(shape && !linear.bias.is_empty(), || {
        "the weights do not fit the inputs".to_owned()
    })?;
    finite(&linear.weights, "a weight")?;
    finite(&linear.bias, "a bias")
}

fn validate_network(network: &Network, width: usize) -> Result<(), Invalid> {
    let mut width = width;
    ensure(!network.layers.is_empty(), || {
        "a network has no layers".to_owned()
    })?;
    for layer in &network.layers {
        let (inputs, outputs) = (layer.inputs as usize, layer.outputs as usize);
        let shape = inputs == width && outputs > 0 && layer.bias.len() == outputs;
        let full = layer.weights.len() == inputs.saturating_mul(outputs);
        ensure(shape && full, || {
            "the shapes of a network's layers do not fit".to_owned()
        })?;
        let numbers = layer
            .weights
            .iter()
            .chain(&layer.bias)
            .all(|number| number.is_finite());
        ensure(numbers, || "a weight is not finite".to_owned())?;
        width = outputs;
    }
    finite(&[network.offset, network.scale], "the scale of a network")
}

fn validate_forest(forest: &Forest, features: &[Feature]) -> Result<(), Invalid> {
    finite(&forest.base, "the base of a forest")?;
    let nodes: usize = forest.trees.iter().map(|tree| tree.nodes.len()).sum();
    ensure(nodes < i32::MAX as usize, || {
        "a forest has too many nodes".to_owned()
    })?;
    for (position, tree) in forest.trees.iter().enumerate() {
        validate_tree(tree, features, forest.base.len())
            .map_err(|error| Invalid(format!("tree {position}: {}", error.0)))?;
    }
    Ok(())
}

fn validate_tree(tree: &Tree, features: &[Feature], outputs: usize) -> Result<(), Invalid> {
    finite(&tree.leaves, "a leaf")?;
    let leaves = match tree.output {
        Some(output) => {
            ensure((output as usize) < outputs, || {
                format!("it adds to output {output}, which does not exist")
            })?;
            tree.leaves.len()
        }
        None => {
            let whole = outputs > 0 && tree.leaves.len().is_multiple_of(outputs);
            ensure(whole, || {
                "its leaves do not hold one value for every output".to_owned()
            })?;
            tree.leaves.len() / outputs
        }
    };
    ensure(leaves > 0, || "it has no leaves".to_owned())?;
    for set in &tree.sets {
        let rising = set.windows(2).all(|pair| pair[0] < pair[1]);
        let small = set.last().is_none_or(|largest| (*largest as usize) < MOST);
        ensure(rising && small, || "a category set is not sorted".to_owned())?;
    }
    for (position, node) in tree.nodes.iter().enumerate() {
        for child in [node.left, node.right] {
            // Children behind their parents: every walk ends.
            let exists = match child {
                ..0 => leaf_index(child) < leaves,
                _ => (child as usize) > position && (child as usize) < tree.nodes.len(),
            };
            ensure(exists, || {
                format!("node {position} has a child that is no later node and no leaf")
            })?;
        }
        let Some(feature) = features.get(node.feature as usize) else {
            return Err(Invalid(format!(
                "node {position} asks feature {}, which does not exist",
                node.feature
            )));
        };
        let fits = match node.split {
            Split::AtMost { threshold, .. } => !threshold.is_nan(),
            Split::In { set } => (set as usize) < tree.sets.len() && feature.kind != FeatureKind::Number,
        };
        ensure(fits, || {
            format!("the split of node {position} does not fit `{}`", feature.name)
        })?;
    }
    Ok(())
}
