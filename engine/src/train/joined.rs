//! Which pairs of numbers the members of a model join, in words.

use std::collections::BTreeSet;

use model::estimator::widened::Added;
use model::{Encoder, Member};

/// Pairs that a line names at most.
const SHOWN: usize = 8;

/// A line for the decisions; `None` for a member that joins nothing.
pub(super) fn describe(member: &Member, encoder: &Encoder) -> Option<String> {
    let name = |feature: u32| &encoder.features[feature as usize].name;
    let mut pairs = BTreeSet::new();
    for predictor in &member.predictors {
        for added in predictor.estimator.added() {
            if let Added::Cross {
                left,
                right,
                operation,
            } = added
            {
                pairs.insert(format!("`{} {} {}`", name(*left), operation.sign(), name(*right)));
            }
        }
    }
    let shown: Vec<&str> = pairs.iter().take(SHOWN).map(String::as_str).collect();
    let more = pairs.len() - shown.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    (!shown.is_empty()).then(|| format!("{} joins {}{more}", member.name, shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use model::estimator::forest::Forest;
    use model::estimator::widened::{Operation, Widened};
    use model::{Estimator, Feature, FeatureKind, Link, Predictor};

    use super::*;

    #[test]
    fn pairs_are_told_by_their_names() {
        let feature = |name: &str| Feature {
            name: name.to_owned(),
            input: 0,
            kind: FeatureKind::Number,
        };
        let encoder = Encoder {
            steps: Vec::new(),
            features: vec![feature("rooms"), feature("people")],
        };
        let cross = |operation| Added::Cross {
            left: 0,
            right: 1,
            operation,
        };
        let predictor = |added| Predictor {
            dense: None,
            estimator: Estimator::Widened(Widened {
                added,
                forest: Forest::default(),
            }),
            link: Link::Identity,
        };
        let member = |predictors| Member {
            name: "Gradient boosting 2".to_owned(),
            weight: 1.0,
            predictors,
        };
        let both = member(vec![
            predictor(vec![cross(Operation::Ratio)]),
            predictor(vec![cross(Operation::Ratio), cross(Operation::Sum)]),
        ]);
        assert_eq!(
            describe(&both, &encoder).as_deref(),
            Some("Gradient boosting 2 joins `rooms + people`, `rooms / people`")
        );
        assert_eq!(describe(&member(vec![predictor(Vec::new())]), &encoder), None);
    }
}
