//! The order in which configurations of the learners' portfolios are tried.

use model::ProblemType;

use crate::learners::{Learner, Params};
use crate::plan::Shape;

/// A configuration of some learner's portfolio.
#[derive(Clone)]
pub(super) struct Candidate {
    /// Whose.
    pub learner: &'static dyn Learner,
    /// Place in that learner's portfolio, from 0.
    pub place: usize,
    /// Hyperparameters.
    pub params: Params,
}

/// Learner and place in its portfolio, best first: a boosted default, then cheap members that err differently (they carry
/// weight in ensembles: Salinas & Erickson, AutoML 2024, arXiv 2311.02971), then variants of boosting.
const ORDER: &[(&str, usize)] = &[
    ("gradient_boosting", 0),
    ("linear", 0),
    ("extra_trees", 0),
    ("gradient_boosting", 1),
    ("network", 0),
    ("gradient_boosting", 2),
    ("random_forest", 0),
    ("gradient_boosting", 3),
    ("network", 1),
    ("gradient_boosting", 4),
    ("extra_trees", 1),
    ("gradient_boosting", 5),
    ("gradient_boosting", 6),
];

/// Numbers or many classes: a network brings most after the first boosted trees.
const ORDER_NETWORK: &[(&str, usize)] = &[
    ("gradient_boosting", 0),
    ("network", 0),
    ("extra_trees", 0),
    ("gradient_boosting", 1),
    ("linear", 0),
    ("network", 1),
    ("gradient_boosting", 2),
    ("random_forest", 0),
    ("gradient_boosting", 3),
];

/// Many rows: large trees first, what is slow and weak there last.
const ORDER_LARGE: &[(&str, usize)] = &[
    ("gradient_boosting", 0),
    ("gradient_boosting", 1),
    ("gradient_boosting", 2),
    ("network", 0),
    ("random_forest", 0),
    ("gradient_boosting", 3),
    ("extra_trees", 0),
    ("gradient_boosting", 4),
    ("linear", 0),
];

/// Every configuration of every portfolio: those of the fixed order first, then the others place by place.
pub(super) fn portfolio(learners: &[&'static dyn Learner], shape: &Shape) -> Vec<Candidate> {
    let mut left: Vec<Candidate> = Vec::new();
    for learner in learners {
        if learner.name() == BASELINE {
            continue;
        }
        for (place, params) in learner.portfolio(shape).into_iter().enumerate() {
            left.push(Candidate {
                learner: *learner,
                place,
                params,
            });
        }
    }
    let mut ordered = Vec::with_capacity(left.len());
    for (name, place) in order(shape) {
        if let Some(index) = left
            .iter()
            .position(|item| item.learner.name() == *name && item.place == *place)
        {
            ordered.push(left.remove(index));
        }
    }
    left.sort_by_key(|candidate| candidate.place);
    ordered.extend(left);
    ordered
}

/// True for the learners that ensembles are mostly made of.
pub(super) fn is_main(learner: &dyn Learner) -> bool {
    matches!(learner.name(), "gradient_boosting" | "network")
}

/// Name of the learner of trial 0.
pub(crate) const BASELINE: &str = "baseline";

fn order(shape: &Shape) -> &'static [(&'static str, usize)] {
    if shape.rows > 50_000 {
        ORDER_LARGE
    } else if shape.problem == ProblemType::Multiclass || shape.categories == 0 {
        ORDER_NETWORK
    } else {
        ORDER
    }
}
