//! A model made ready to explain rows: node by node the shares of the training rows, worked out once.

use super::background::Start;
use super::players::Players;
use super::sampled::Sampled;
use super::tree::{self, Paths, Shares, Walk};
use super::{Attribution, carry};
use crate::estimator::forest::Forest;
use crate::estimator::linear::Linear;
use crate::estimator::widened::Widened;
use crate::{Estimator, Link, Model, Predictor, Scratch};

/// A model made ready to explain. It belongs to one model, which is given with each row.
#[derive(Clone, Debug)]
pub(crate) struct Explainer {
    /// Raw input of each encoded feature.
    columns: Vec<usize>,
    /// The typical row.
    typical: Vec<f64>,
    /// How each predictor is explained, member by member.
    ways: Vec<Vec<Way>>,
}

#[derive(Clone, Debug)]
enum Way {
    /// Mean raw outputs, the shares of each tree, and who plays.
    Forest(Vec<f64>, Vec<Shares>, Players),
    /// Mean raw outputs, and the mean of each dense input.
    Linear(Vec<f64>, Vec<f64>),
    /// The same for every row.
    Constant,
    /// Outputs of the typical row.
    Sampled(Vec<f64>),
}

impl Explainer {
    /// Makes a valid model ready; `None` when it does not know what to measure from.
    pub fn new(model: &Model) -> Option<Self> {
        let background = model.refinements.background.as_ref()?;
        let mut explainer = Self {
            columns: model
                .encoder
                .features
                .iter()
                .map(|feature| feature.input)
                .collect(),
            typical: background.typical.clone(),
            ways: Vec::with_capacity(model.members.len()),
        };
        for (member, starts) in model.members.iter().zip(&background.starts) {
            let parts = member.predictors.iter().zip(starts);
            let ways = parts
                .map(|(predictor, start)| explainer.way(predictor, start, model.inputs.len()))
                .collect();
            explainer.ways.push(ways);
        }
        Some(explainer)
    }

    fn way(&self, predictor: &Predictor, start: &Start, inputs: usize) -> Way {
        match (&predictor.estimator, start) {
            (Estimator::Constant(_), _) => Way::Constant,
            (
                Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }),
                Start::Covers(covers),
            ) => {
                let pairs = forest.trees.iter().zip(covers);
                let shares: Vec<Shares> = pairs
                    .map(|(tree, covers)| {
                        let width = tree.output.map_or(forest.base.len(), |_| 1);
                        Shares::new(tree, covers, width)
                    })
                    .collect();
                let players = Players::new(&self.columns, inputs, predictor.estimator.added());
                Way::Forest(tree::mean(forest, &shares), shares, players)
            }
            (Estimator::Linear(linear), Start::Means(means)) => {
                let mut mean = vec![0.0; linear.bias.len()];
                linear.predict_row(means, &mut mean);
                Way::Linear(mean, means.clone())
            }
            _ => Way::Sampled(self.sampled(predictor, inputs).base()),
        }
    }

    fn sampled<'a>(&'a self, predictor: &'a Predictor, inputs: usize) -> Sampled<'a> {
        Sampled {
            predictor,
            columns: &self.columns,
            inputs,
            typical: &self.typical,
        }
    }

    /// Explains a row of encoded features.
    pub fn explain(&self, model: &Model, features: &[f64], scratch: &mut Scratch) -> Attribution {
        let (inputs, outputs) = (model.inputs.len(), model.outputs());
        let mut all = Attribution {
            base: vec![0.0; outputs],
            contributions: vec![0.0; inputs * outputs],
        };
        let mut row = Row {
            explainer: self,
            features,
            inputs,
            scratch,
            paths: Paths::default(),
        };
        for (member, ways) in model.members.iter().zip(&self.ways) {
            let share = member.weight / member.predictors.len() as f64;
            for (predictor, way) in member.predictors.iter().zip(ways) {
                let own = row.predictor(predictor, way);
                add(&mut all.base, &own.base, share);
                add(&mut all.contributions, &own.contributions, share);
            }
        }
        if let Some(calibration) = &model.refinements.calibration {
            let mut end = all.base.clone();
            for own in all.contributions.chunks_exact(outputs) {
                add(&mut end, own, 1.0);
            }
            carry::through_calibration(calibration, &all.base, &end, &mut all.contributions);
            calibration.apply(&mut all.base);
        }
        all
    }
}

fn add(sums: &mut [f64], values: &[f64], share: f64) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += share * value;
    }
}

/// A row that is explained.
struct Row<'a> {
    explainer: &'a Explainer,
    features: &'a [f64],
    inputs: usize,
    scratch: &'a mut Scratch,
    paths: Paths,
}

impl Row<'_> {
    /// Contributions to the outputs of one predictor.
    fn predictor(&mut self, predictor: &Predictor, way: &Way) -> Attribution {
        let (start, raw) = match (&predictor.estimator, way) {
            (Estimator::Forest(forest), Way::Forest(mean, shares, players)) => {
                (mean.clone(), self.forest(forest, self.features, shares, players))
            }
            (Estimator::Widened(widened), Way::Forest(mean, shares, players)) => {
                let mut wide = Vec::new();
                widened.widen(self.features, &mut wide);
                (mean.clone(), self.forest(&widened.forest, &wide, shares, players))
            }
            (Estimator::Linear(linear), Way::Linear(mean, means)) => {
                (mean.clone(), self.linear(predictor, linear, means))
            }
            (_, Way::Sampled(base)) => {
                let sampled = self.explainer.sampled(predictor, self.inputs);
                return Attribution {
                    base: base.clone(),
                    contributions: sampled.contributions(self.features, self.scratch),
                };
            }
            _ => {
                let mut base = vec![0.0; predictor.outputs()];
                predictor
                    .link
                    .apply(&predictor.estimator.without_inputs(), &mut base);
                let contributions = vec![0.0; self.inputs * base.len()];
                return Attribution { base, contributions };
            }
        };
        linked(predictor.link, start, raw)
    }

    fn forest(
        &mut self,
        forest: &Forest,
        features: &[f64],
        shares: &[Shares],
        players: &Players,
    ) -> Vec<f64> {
        let raw_outputs = forest.base.len();
        let mut out = vec![0.0; (self.inputs + players.pairs.len()) * raw_outputs];
        for (tree, shares) in forest.trees.iter().zip(shares) {
            let values = tree
                .output
                .map_or((raw_outputs, 0), |output| (1, output as usize));
            let mut walk = Walk {
                tree,
                shares,
                features,
                columns: &players.columns,
                values,
                raw_outputs,
                out: &mut out,
            };
            walk.run(&mut self.paths);
        }
        players.share_out(&mut out, self.inputs, raw_outputs);
        out
    }

    fn linear(&self, predictor: &Predictor, linear: &Linear, means: &[f64]) -> Vec<f64> {
        let outputs = linear.bias.len();
        let mut out = vec![0.0; self.inputs * outputs];
        let Some(dense) = &predictor.dense else {
            return out;
        };
        let mut values = vec![0.0; dense.width()];
        dense.apply(self.features, &mut values);
        let columns = dense
            .blocks
            .iter()
            .flat_map(|block| std::iter::repeat_n(self.explainer.columns[block.feature()], block.width()));
        let weights = linear.weights.chunks_exact(outputs);
        for (((column, weights), value), mean) in columns.zip(weights).zip(&values).zip(means) {
            add(&mut out[column * outputs..][..outputs], weights, value - mean);
        }
        out
    }
}

/// Raw contributions from a raw start, behind the link.
fn linked(link: Link, start: Vec<f64>, mut raw: Vec<f64>) -> Attribution {
    let mut end = start.clone();
    for own in raw.chunks_exact(start.len()) {
        add(&mut end, own, 1.0);
    }
    match link {
        Link::Identity => Attribution {
            base: start,
            contributions: raw,
        },
        Link::Logistic => {
            let mut contributions = vec![0.0; raw.len() * 2];
            let base = carry::through_logistic(start[0], end[0], &raw, &mut contributions);
            Attribution {
                base: base.to_vec(),
                contributions,
            }
        }
        Link::Softmax => {
            carry::through_softmax(&start, &end, &mut raw);
            let mut base = start;
            carry::normalise(&mut base);
            Attribution {
                base,
                contributions: raw,
            }
        }
    }
}
