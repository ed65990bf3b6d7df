//! `automl schema`: the GraphQL schema as text.

use std::io::Write;

use crate::failure::Failure;

/// Prints the schema; `schema.graphql` in the repository is this text.
pub fn run() -> Result<(), Failure> {
    let written = std::io::stdout().write_all(api::sdl().as_bytes());
    written.map_err(|error| Failure::Failed(format!("the schema could not be written: {error}")))
}

#[cfg(test)]
mod tests {
    use api::{Metric, ProblemType};

    /// The api may not import the engine, so that it repeats what is known of a metric; here the two are held together.
    #[test]
    fn the_api_knows_the_engine_s_metrics() {
        for entry in engine::metrics::METRICS {
            let metric: Metric = serde_json::from_value(entry.name.into()).expect("the api has every metric");
            assert_eq!(
                metric.higher_is_better(),
                entry.higher_is_better,
                "{}",
                entry.name
            );
            assert_eq!(
                metric.is_of_outer_quantile(),
                entry.metric.is_of_outer_quantile(),
                "{}",
                entry.name
            );
            for (ours, theirs) in [
                (ProblemType::Binary, model::ProblemType::Binary),
                (ProblemType::Multiclass, model::ProblemType::Multiclass),
                (ProblemType::Regression, model::ProblemType::Regression),
            ] {
                assert_eq!(
                    metric.fits(ours),
                    entry.problems.contains(&theirs),
                    "{} {ours:?}",
                    entry.name
                );
            }
        }
    }
}
