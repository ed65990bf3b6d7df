//! What a regression aims at: the mean, or a quantile where that is what the metric is best at.

use model::ProblemType;

use super::Aim;
use super::monotone::names;
use crate::error::Error;
use crate::learners::{LEARNERS, Learner};
use crate::metrics::Metric;
use crate::settings::Settings;

/// Checks what the settings ask.
///
/// # Errors
/// `Input` when the metric is of a quantile beside the median, and the prediction is to rise or fall with a column, or no learner that
/// is allowed can aim at quantiles.
pub fn check(settings: &Settings) -> Result<(), Error> {
    let Some(metric) = settings.metric.filter(|metric| metric.is_of_outer_quantile()) else {
        return Ok(());
    };
    if !settings.monotone.is_empty() {
        return Err(Error::Input(format!(
            "the metric {} wants a quantile, and only a mean can be made to rise or fall with a column; ask for one of both",
            metric.name()
        )));
    }
    let named = &settings.learners;
    let is_allowed = |name: &str| named.is_empty() || named.iter().any(|allowed| allowed == name);
    if !LEARNERS
        .iter()
        .any(|learner| is_allowed(learner.name()) && learner.aims_at_quantiles())
    {
        return Err(Error::Input(format!(
            "none of the learners allowed can aim at the quantile that the metric {} is best at; allow one of {}",
            metric.name(),
            names(&|learner| learner.aims_at_quantiles(), Learner::name).join(", ")
        )));
    }
    Ok(())
}

/// Absolute errors are least around the median, pinball losses around their quantiles. Where the answer is bound to columns,
/// boosting's bounds are those of the mean.
pub fn aim(settings: &Settings, problem: ProblemType) -> Aim {
    match settings.metric.and_then(Metric::quantile) {
        Some(percent) if problem == ProblemType::Regression && settings.monotone.is_empty() => {
            Aim::Quantile(percent)
        }
        _ => Aim::Mean,
    }
}
