//! Extremely randomised trees.

use model::Predictor;
use rand_pcg::Pcg64Mcg;

use super::random_forest::{
    Kind, configuration, cost, fewer_trees, fit, random_configuration, refit, root_share,
};
use super::{Cost, Fitted, FoldRows, Learner, Params};
use crate::context::Context;
use crate::error::Error;
use crate::plan::{Prepared, Shape};

/// The learner.
pub struct ExtraTrees;

impl Learner for ExtraTrees {
    fn name(&self) -> &'static str {
        "extra_trees"
    }

    fn title(&self) -> &'static str {
        "Extra trees"
    }

    fn is_mean_of_trees(&self) -> bool {
        true
    }

    fn keeps_monotone(&self) -> bool {
        true
    }

    fn portfolio(&self, shape: &Shape) -> Vec<Params> {
        let root = root_share(shape.features);
        if shape.problem.is_classification() {
            vec![
                configuration(300, 3, root),
                configuration(300, 1, root),
                configuration(200, 5, 0.7),
            ]
        } else {
            vec![configuration(300, 2, 0.9), configuration(300, 5, 0.5)]
        }
    }

    fn sample(&self, shape: &Shape, rng: &mut Pcg64Mcg) -> Params {
        random_configuration(shape, rng)
    }

    fn hastened(&self, _shape: &Shape, params: &Params, share: f64) -> Option<Params> {
        fewer_trees(params, share)
    }

    fn cost(&self, shape: &Shape, params: &Params) -> Cost {
        cost(Kind::Extra, shape, params)
    }

    fn fit(
        &self,
        data: &Prepared,
        rows: FoldRows<'_>,
        params: &Params,
        context: &Context<'_>,
    ) -> Result<Fitted, Error> {
        fit(Kind::Extra, data, rows, params, context)
    }

    fn refit(
        &self,
        data: &Prepared,
        rows: &[u32],
        params: &Params,
        rounds: usize,
        context: &Context<'_>,
    ) -> Result<Predictor, Error> {
        refit(Kind::Extra, data, rows, params, rounds, context)
    }
}
