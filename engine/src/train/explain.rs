//! What the final model goes by, measured on the holdout within the time that is left: permutation importance first, then
//! contributions, then dependence.

use model::serve::Loaded;

use super::assemble::{Assembly, Log, part};
use super::evaluation::Evaluation;
use super::{attribution, dependence, importance};
use crate::context::Context;

/// Share of the time left after the holdout that importance may take.
const IMPORTANCE_SHARE: f64 = 0.5;
/// Share of what is left then that contributions may take, and of the rest that dependence may.
const ATTRIBUTION_SHARE: f64 = 0.4;
const DEPENDENCE_SHARE: f64 = 0.6;

/// Fills in importance, attribution and dependence. What did not fit in time is said in the log. `row_seconds` is what one thread
/// needs to predict a row.
pub(super) fn fill(
    evaluation: &mut Evaluation,
    assembly: &Assembly<'_>,
    model: &Loaded,
    row_seconds: f64,
    context: &Context<'_>,
    log: &mut Log<'_>,
) {
    let inputs = &model.model().inputs;
    let holdout = &assembly.data.holdout;
    let measure = importance::Measure {
        model,
        holdout,
        truth: assembly.data.holdout_view(),
        metric: assembly.metric,
        row_seconds,
    };
    evaluation.importance = importance::measure(&measure, &part(context, IMPORTANCE_SHARE));
    let measured = evaluation.importance.len();
    if measured < inputs.len() {
        log.add(format!(
            "importance is measured for {measured} of {} columns: the time was up",
            inputs.len()
        ));
    }
    let (columns, rows) =
        attribution::measure(model, holdout, row_seconds, &part(context, ATTRIBUTION_SHARE));
    evaluation.attribution = columns;
    evaluation.attribution_rows = rows as u64;
    if rows == 0 && holdout.rows > 0 {
        log.add("no contributions are measured: the time was up".to_owned());
    }
    let mut order: Vec<String> = evaluation
        .importance
        .iter()
        .map(|column| column.column.clone())
        .collect();
    if order.len() < inputs.len() {
        order = evaluation
            .attribution
            .iter()
            .map(|column| column.column.clone())
            .collect();
    }
    let measure = dependence::Measure {
        model,
        holdout,
        raw: assembly.holdout,
        columns: &order,
        row_seconds,
    };
    let (dependences, wanted) = dependence::measure(&measure, &part(context, DEPENDENCE_SHARE));
    if dependences.len() < wanted {
        log.add(format!(
            "the dependence on {} of {wanted} columns is measured: the time was up",
            dependences.len()
        ));
    }
    evaluation.dependence = dependences;
}
