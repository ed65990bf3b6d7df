//! The answer without looking at the inputs: class shares, the mean, or the quantile that is aimed at. Always trial 0; every model has to beat it.

use model::{Estimator, Link, Predictor};
use rand_pcg::Pcg64Mcg;

use super::params::Reader;
use super::{Cost, Fitted, FoldRows, Learner, Params, Stop, loss};
use crate::context::Context;
use crate::error::Error;
use crate::plan::{Aim, Prepared, Shape, Target, TargetView};
use crate::trees::quantile;

/// Class shares, or the mean.
pub struct Baseline;

impl Learner for Baseline {
    fn name(&self) -> &'static str {
        "baseline"
    }

    fn title(&self) -> &'static str {
        "Baseline"
    }

    fn keeps_monotone(&self) -> bool {
        true
    }

    fn aims_at_quantiles(&self) -> bool {
        true
    }

    fn portfolio(&self, _shape: &Shape) -> Vec<Params> {
        vec![Params::new()]
    }

    fn sample(&self, _shape: &Shape, _rng: &mut Pcg64Mcg) -> Params {
        Params::new()
    }

    fn cost(&self, shape: &Shape, _params: &Params) -> Cost {
        Cost {
            seconds: 1e-3 + 1e-8 * shape.rows as f64,
            bytes: 1 << 16,
        }
    }

    fn fit(
        &self,
        data: &Prepared,
        rows: FoldRows<'_>,
        params: &Params,
        context: &Context<'_>,
    ) -> Result<Fitted, Error> {
        let predictor = self.refit(data, rows.fit, params, 1, context)?;
        let Estimator::Constant(outputs) = &predictor.estimator else {
            return Err(Error::Internal(
                "the baseline made something else than a constant".to_owned(),
            ));
        };
        let mut valid_outputs = Vec::with_capacity(rows.valid.len() * outputs.len());
        for _ in rows.valid {
            valid_outputs.extend_from_slice(outputs);
        }
        let valid_loss = loss::of_outputs(data.train_view(), rows.valid, &valid_outputs);
        Ok(Fitted {
            predictor,
            valid_outputs,
            rounds: 1,
            stop: Stop::Finished,
            curve: vec![(1, valid_loss)],
        })
    }

    fn refit(
        &self,
        data: &Prepared,
        rows: &[u32],
        params: &Params,
        _rounds: usize,
        context: &Context<'_>,
    ) -> Result<Predictor, Error> {
        Reader::new(params).finish()?;
        if context.is_cancelled() {
            return Err(Error::Cancelled);
        }
        Ok(Predictor {
            dense: None,
            estimator: Estimator::Constant(constant(data, rows)),
            link: Link::Identity,
        })
    }
}

/// The best answer that is the same for all rows.
fn constant(data: &Prepared, rows: &[u32]) -> Vec<f64> {
    let truth = data.train_view();
    match (truth.target, data.aim) {
        (Target::Values(values), Aim::Quantile(percent)) if !rows.is_empty() => {
            let pair = |&row: &u32| (values[row as usize], truth.weight(row as usize));
            vec![quantile(&mut rows.iter().map(pair).collect::<Vec<_>>(), percent)]
        }
        _ => prior(truth, rows),
    }
}

/// Mean of the values, or the share of each class; half a row is added to each class, so that none is impossible.
pub fn prior<'a>(truth: impl Into<TargetView<'a>>, rows: &[u32]) -> Vec<f64> {
    let truth: TargetView<'a> = truth.into();
    match truth.target {
        Target::Classes { codes, labels } => {
            let mut counts = vec![0.5; labels.len()];
            for &row in rows {
                counts[codes[row as usize] as usize] += truth.weight(row as usize);
            }
            let total = truth.total_of(rows) + 0.5 * labels.len() as f64;
            counts.iter().map(|count| count / total).collect()
        }
        Target::Values(values) => {
            let weighted = rows
                .iter()
                .map(|&row| truth.weight(row as usize) * values[row as usize]);
            vec![weighted.sum::<f64>() / truth.total_of(rows).max(f64::MIN_POSITIVE)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_shift_the_prior() {
        let values = Target::Values(vec![1.0, 4.0]);
        let weighted = TargetView {
            target: &values,
            weights: Some(&[2.0, 1.0]),
        };
        assert_eq!(prior(weighted, &[0, 1]), [2.0]);
    }

    #[test]
    fn prior_is_share_or_mean() {
        let classes = Target::Classes {
            codes: vec![0, 1, 1, 1],
            labels: vec!["a".into(), "b".into(), "c".into()],
        };
        let shares = prior(&classes, &[0, 1, 2]);
        assert_eq!(shares, [1.5 / 4.5, 2.5 / 4.5, 0.5 / 4.5]);
        assert_eq!(prior(&Target::Values(vec![1.0, 2.0, 6.0]), &[0, 2]), [3.5]);
    }
}
