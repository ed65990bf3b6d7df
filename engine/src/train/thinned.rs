//! Forests of folds with fewer trees. The mean of k folds' forests has k times the trees of the one that was scored: hardly better, and a file of k times
//! the size, for which there may be no room beside other members. So the first trees of each are kept, as many together as were scored, or more
//! where they are small.

use model::{Estimator, Predictor};

use super::onnx_file;

/// Nodes and leaves that the forests of all folds may have together before trees are left out: onnxruntime opens as many in about a tenth of a
/// second.
const SMALL: usize = 150_000;

/// The models of all folds, each a forest of independent trees, with the trees that are kept.
pub(super) fn thinned(mut predictors: Vec<Predictor>) -> Vec<Predictor> {
    let size: usize = predictors.iter().map(onnx_file::nodes).sum();
    let share = (1.0 / predictors.len() as f64).max(SMALL as f64 / size as f64);
    if share < 1.0 {
        for predictor in &mut predictors {
            thin(&mut predictor.estimator, share);
        }
    }
    predictors
}

/// How many trees the models have together.
pub(super) fn trees(predictors: &[Predictor]) -> usize {
    let forests = predictors.iter().flat_map(|one| one.estimator.forest());
    forests.map(|forest| forest.trees.len()).sum()
}

/// Keeps a share of the trees, rounded up, whose leaves hold shares of the mean.
fn thin(estimator: &mut Estimator, share: f64) {
    let Estimator::Forest(forest) = estimator else {
        return;
    };
    let count = forest.trees.len();
    let kept = ((count as f64 * share).ceil() as usize).min(count);
    forest.trees.truncate(kept);
    let factor = count as f64 / kept.max(1) as f64;
    for leaf in forest.trees.iter_mut().flat_map(|tree| &mut tree.leaves) {
        *leaf *= factor;
    }
}

#[cfg(test)]
mod tests {
    use model::Link;
    use model::estimator::forest::{Forest, Tree};

    use super::*;

    /// The mean of so many trees of one leaf each, which answer 1, 2, 3 and so on; each takes the room of so many leaves.
    fn predictor(count: usize, leaves: usize) -> Predictor {
        let tree = |place: usize| Tree {
            output: Some(0),
            leaves: vec![(place + 1) as f64 / count as f64; leaves],
            ..Tree::default()
        };
        Predictor {
            dense: None,
            estimator: Estimator::Forest(Forest {
                base: vec![10.0],
                trees: (0..count).map(tree).collect(),
            }),
            link: Link::Identity,
        }
    }

    fn answer(predictor: &Predictor) -> f64 {
        predictor.predict(&[vec![0.0]], &[0])[0]
    }

    #[test]
    fn as_many_trees_as_one_fold_had_are_kept() {
        let folds = vec![predictor(10, 40_000); 5];
        assert_eq!(answer(&folds[0]), 10.0 + 5.5);
        let kept = thinned(folds);
        assert_eq!(trees(&kept), 10);
        assert_eq!(answer(&kept[0]), 10.0 + 1.5);
    }

    #[test]
    fn small_forests_keep_more() {
        assert_eq!(trees(&thinned(vec![predictor(10, 10_000); 5])), 15);
        let folds = vec![predictor(10, 1); 5];
        assert_eq!(thinned(folds.clone()), folds);
        assert_eq!(trees(&thinned(Vec::new())), 0);
    }
}
