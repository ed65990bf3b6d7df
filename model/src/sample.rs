//! Random fitted models and rows for tests: every transform, block, split, estimator and link.

use crate::estimator::forest::{Forest, Node, Split, Tree};
use crate::estimator::linear::Linear;
use crate::estimator::network::{Layer, Network};
use crate::estimator::widened::Widened;
use crate::transform::category::Category;
use crate::transform::date::{self, Date};
use crate::transform::dense::{Block, Dense};
use crate::transform::topics::Topics;
use crate::transform::words::Words;
use crate::{
    Encoder, Estimator, Feature, FeatureKind, Input, InputKind, Link, Member, Model, Predictor, ProblemType,
    Provenance, Refinements, Transform,
};

mod forests;
mod refinements;
mod rows;

use forests::{added, bagged, boosted};
pub use rows::frame;

/// A small generator (SplitMix64), so that a seed names a model for ever.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub fn chance(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64) < share * (1_u64 << 53) as f64
    }

    /// About normal, a step of 1/8: thresholds and values meet often.
    pub fn number(&mut self) -> f64 {
        let sum: i64 = (0..4).map(|_| self.below(17) as i64 - 8).sum();
        sum as f64 / 8.0
    }

    pub fn weight(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// A random valid model.
pub fn model(seed: u64) -> Model {
    let mut random = Random(seed);
    let problem = [
        ProblemType::Binary,
        ProblemType::Multiclass,
        ProblemType::Regression,
    ][random.below(3)];
    let outputs = match problem {
        ProblemType::Binary => 2,
        ProblemType::Multiclass => 3 + random.below(3),
        ProblemType::Regression => 1,
    };
    let classes = if outputs == 1 { 0 } else { outputs };
    let (inputs, encoder) = encoder(&mut random);
    let members = 1 + random.below(3);
    let member = |position: usize, random: &mut Random| Member {
        name: format!("member {position}"),
        weight: 1.0 / members as f64,
        predictors: (0..1 + random.below(2))
            .map(|_| predictor(random, &encoder.features, outputs))
            .collect(),
    };
    let members: Vec<Member> = (0..members)
        .map(|position| member(position, &mut random))
        .collect();
    let mut model = Model {
        problem,
        target: "outcome".to_owned(),
        classes: (0..classes).map(|class| format!("class {class} é")).collect(),
        inputs,
        encoder,
        members,
        provenance: Provenance {
            program: "0.1.0".to_owned(),
            ..Provenance::default()
        },
        refinements: Refinements::default(),
    };
    model.refinements = refinements::refinements(&model, &mut random);
    model
}

/// A regression forest over numbers, its trees balanced at random.
pub fn large_forest(features: usize, trees: usize, nodes: usize) -> Model {
    let mut random = Random(7);
    let mut model = model(0);
    model.problem = ProblemType::Regression;
    model.classes.clear();
    model.refinements = Refinements::default();
    (model.inputs, model.encoder) = (Vec::new(), Encoder::default());
    for position in 0..features {
        let name = format!("x{position}");
        let kind = FeatureKind::Number;
        model.encoder.steps.push((position, Transform::Number));
        model.encoder.features.push(Feature {
            name: name.clone(),
            input: position,
            kind,
        });
        let kind = InputKind::Number;
        model.inputs.push(Input {
            name,
            kind,
            range: None,
            examples: vec![],
            typical: String::new(),
        });
    }
    let mut forest = Forest {
        base: vec![0.0],
        trees: Vec::new(),
    };
    for _ in 0..trees {
        let mut tree = Tree {
            output: Some(0),
            ..Tree::default()
        };
        for node in 0..nodes as i32 {
            let child = |child: i32| {
                if child < nodes as i32 {
                    child
                } else {
                    nodes as i32 - child - 1
                }
            };
            let (feature, threshold) = (random.below(features) as u32, random.number());
            let split = Split::AtMost {
                threshold,
                missing_left: random.chance(0.5),
            };
            tree.nodes.push(Node {
                feature,
                split,
                left: child(2 * node + 1),
                right: child(2 * node + 2),
            });
        }
        tree.leaves = (0..=nodes).map(|_| random.weight()).collect();
        forest.trees.push(tree);
    }
    let predictor = Predictor {
        dense: None,
        estimator: Estimator::Forest(forest),
        link: Link::Identity,
    };
    model.members = vec![Member {
        name: "forest".to_owned(),
        weight: 1.0,
        predictors: vec![predictor],
    }];
    model
}

/// Names that a careless export would trip over.
const NAMES: &[&str] = &[
    "label",
    "probabilities",
    "prediction",
    "_0",
    "_1",
    "node0",
    "a b/c",
    "größe",
    "x:0",
    "'\"",
    "_7",
];

fn encoder(random: &mut Random) -> (Vec<Input>, Encoder) {
    let mut encoder = Encoder::default();
    let mut inputs = Vec::new();
    for (position, name) in NAMES.iter().enumerate().take(1 + random.below(NAMES.len())) {
        let turn = position + random.below(2);
        let transform = transform(random, turn);
        let kind = transform.step().takes();
        let range = (kind == InputKind::Number).then_some((-2.0, 2.0));
        inputs.push(Input {
            name: (*name).to_owned(),
            kind,
            range,
            examples: vec![],
            typical: String::new(),
        });
        let kind = match &transform {
            Transform::Category(category) => FeatureKind::Category {
                cardinality: category.cardinality() as u32,
            },
            _ => FeatureKind::Number,
        };
        for part in 0..transform.step().width() {
            encoder.features.push(Feature {
                name: format!("{name}.{part}"),
                input: position,
                kind,
            });
        }
        encoder.steps.push((position, transform));
    }
    (inputs, encoder)
}

fn transform(random: &mut Random, turn: usize) -> Transform {
    match turn % 4 {
        0 => Transform::Number,
        1 => {
            let size = [0, 1, 5, 40, 90][random.below(5)];
            Transform::Category(Category {
                labels: (0..size).map(|label| format!("v{label}")).collect(),
            })
        }
        2 => {
            let format = date::FORMATS[random.below(date::FORMATS.len())];
            let mut parts = date::PARTS.to_vec();
            parts.retain(|_| random.chance(0.7));
            Transform::Date(Date { format, parts })
        }
        _ if random.chance(0.4) => {
            let terms = ["red", "Red", "naïve", "x", "red Red", "x x", "blue naïve"];
            let known = 1 + random.below(terms.len());
            let topics = random.below(4);
            Transform::Topics(Topics {
                terms: terms[..known].iter().map(|term| (*term).to_owned()).collect(),
                squares: (0..known).map(|_| random.weight().abs() + 0.5).collect(),
                components: (0..known * topics).map(|_| random.weight() as f32).collect(),
                topics: topics as u32,
            })
        }
        _ => {
            let words = ["red", "Red", "naïve", "x", "NA"];
            Transform::Words(Words {
                words: words[..random.below(6)]
                    .iter()
                    .map(|word| (*word).to_owned())
                    .collect(),
            })
        }
    }
}

fn predictor(random: &mut Random, features: &[Feature], outputs: usize) -> Predictor {
    let (link, raw) = match outputs {
        1 => (Link::Identity, 1),
        2 if random.chance(0.5) => (Link::Logistic, 1),
        _ => (Link::Softmax, outputs),
    };
    let dense = dense(random, features);
    let width = dense.width();
    match random.below(7) {
        0 => {
            let values = (0..raw).map(|_| random.number()).collect();
            Predictor {
                dense: None,
                estimator: Estimator::Constant(values),
                link,
            }
        }
        1 | 2 => Predictor {
            dense: Some(dense),
            estimator: Estimator::Linear(linear(random, width, raw)),
            link,
        },
        3 => Predictor {
            dense: Some(dense),
            estimator: Estimator::Network(network(random, width, raw)),
            link,
        },
        4 => Predictor {
            dense: Some(dense),
            estimator: Estimator::Smooth(network(random, width, raw)),
            link,
        },
        5 if outputs > 1 => {
            let forest = bagged(random, features, outputs);
            Predictor {
                dense: None,
                estimator: Estimator::Forest(forest),
                link: Link::Identity,
            }
        }
        _ if random.chance(0.5) => {
            let (added, wide) = added(random, features);
            let forest = boosted(random, &wide, raw);
            Predictor {
                dense: None,
                estimator: Estimator::Widened(Widened { added, forest }),
                link,
            }
        }
        _ => Predictor {
            dense: None,
            estimator: Estimator::Forest(boosted(random, features, raw)),
            link,
        },
    }
}

fn linear(random: &mut Random, width: usize, outputs: usize) -> Linear {
    let weights = (0..width * outputs).map(|_| random.weight()).collect();
    Linear {
        weights,
        bias: (0..outputs).map(|_| random.weight()).collect(),
    }
}

fn network(random: &mut Random, width: usize, outputs: usize) -> Network {
    let sizes = [width, 1 + random.below(16), 1 + random.below(16), outputs];
    let mut layers = Vec::new();
    for size in sizes.windows(2) {
        let weights = (0..size[0] * size[1]).map(|_| random.weight() as f32).collect();
        let bias = (0..size[1]).map(|_| random.weight() as f32).collect();
        layers.push(Layer {
            inputs: size[0] as u32,
            outputs: size[1] as u32,
            weights,
            bias,
        });
    }
    let scale = if outputs == 1 { 1e6 } else { 1.0 };
    Network {
        layers,
        offset: 1.0 - 1.0 / scale,
        scale,
    }
}

fn dense(random: &mut Random, features: &[Feature]) -> Dense {
    let mut blocks = Vec::new();
    for (feature, Feature { kind, .. }) in features.iter().enumerate() {
        blocks.push(match (kind, random.below(2)) {
            (FeatureKind::Category { cardinality }, 0) => Block::OneHot {
                feature,
                cardinality: *cardinality,
            },
            (FeatureKind::Category { cardinality }, _) => Block::Table {
                feature,
                values: (0..*cardinality).map(|_| random.weight()).collect(),
            },
            (FeatureKind::Number, 0) => Block::Piecewise {
                feature,
                edges: (0..2 + random.below(4))
                    .map(|edge| edge as f64 / 2.0 - 1.0)
                    .collect(),
            },
            (FeatureKind::Number, _) => {
                let (center, indicator) = (random.number(), random.chance(0.5));
                Block::Scaled {
                    feature,
                    center,
                    scale: 0.3,
                    limit: 3.0,
                    indicator,
                }
            }
        });
    }
    Dense { blocks }
}
