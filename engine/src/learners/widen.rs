//! Numbers that boosted trees are given beside the encoded features, fitted on the rows of one fit: joined pairs of numbers, and
//! what the target is on average in each category of many levels. Such features are most of what feature engineering brings to
//! boosted trees on tables of 10,000 to 100,000 rows (Tschalzev et al. 2026, arXiv 2606.02384).
//!
//! Nothing here looks at a row that the fit is scored on: joined pairs are chosen on a sample of the fit rows alone (`screen`), and
//! target means are those of the fit rows, of which each has a mean of the others (`dense`).

mod screen;
#[cfg(test)]
mod tests;

use model::estimator::forest::{Forest, Split};
use model::estimator::widened::{Added, Widened};
use model::{Estimator, FeatureKind};

use super::Params;
use super::dense::{ONE_HOT_CODES, category_tables, parts, tables_of_a_category};
use super::params::Reader;
use crate::context::Context;
use crate::error::Error;
use crate::plan::{Prepared, Shape};
use crate::trees::Binned;

pub use screen::MOST_CROSSES;

/// Part of the time left that choosing joined pairs may take; all is chosen by then, or nothing is.
const CHOOSING_SHARE: f64 = 0.25;
/// The part of a fit that choosing is, on record.
const CHOOSING_PART: u32 = u32::MAX;
/// Seconds that choosing takes on a full sample, about.
const CHOOSING_SECONDS: f64 = 0.25;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Joined pairs of numbers, where they pay.
    pub crosses: bool,
    /// Target means of categories that have more than [`ONE_HOT_CODES`] codes.
    pub target_statistics: bool,
}

impl Wish {
    /// Takes its parameters.
    ///
    /// # Errors
    /// `Input` when one is something else than true or false.
    pub fn take(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            crosses: reader.flag("crosses", false)?,
            target_statistics: reader.flag("target_statistics", false)?,
        })
    }

    /// Of parameters; nothing where they are wrong, which the learner tells.
    pub fn of(params: &Params) -> Self {
        Self::take(&mut Reader::new(params)).unwrap_or_default()
    }

    /// Seconds that fitting what is asked for takes before any tree is grown, about.
    pub fn seconds(self, shape: &Shape) -> f64 {
        let share = (shape.rows as f64 / screen::SAMPLE_ROWS as f64).min(1.0);
        if self.crosses {
            CHOOSING_SECONDS * share
        } else {
            0.0
        }
    }

    /// Most numbers that are added to data of a shape.
    pub fn most_columns(self, shape: &Shape) -> usize {
        let numbers = shape.features - shape.categories.min(shape.features);
        let crosses = if self.crosses && numbers > 1 {
            MOST_CROSSES
        } else {
            0
        };
        let statistics = if self.target_statistics {
            shape.categories * tables_of_a_category(shape.classes)
        } else {
            0
        };
        crosses + statistics
    }
}

/// What is added for one fit, and the rows with it.
pub struct Widening {
    added: Vec<Added>,
    /// All training rows, with what is added; `None` when that is nothing.
    binned: Option<Binned>,
}

/// Fits what is asked for on `rows`, in their order.
///
/// # Errors
/// `Deadline` or `Cancelled` when it had to stop, and what boosting says to data that it cannot learn from.
pub fn widen(data: &Prepared, rows: &[u32], wish: Wish, context: &Context<'_>) -> Result<Widening, Error> {
    let mut added: Vec<Added> = Vec::new();
    if wish.crosses {
        added.extend(crosses(data, rows, context)?);
    }
    let crosses = added.len();
    // What the fit rows have instead of the tables' values, in order of the tables.
    let mut own: Vec<Vec<f64>> = Vec::new();
    if wish.target_statistics {
        let parts = parts(rows.len(), context.seed);
        for (feature, described) in data.encoder.features.iter().enumerate() {
            let FeatureKind::Category { cardinality } = described.kind else {
                continue;
            };
            if cardinality <= ONE_HOT_CODES {
                continue;
            }
            let codes = &data.train.features[feature];
            for (values, own_values) in category_tables(data.train_view(), codes, cardinality, rows, &parts) {
                let feature = feature as u32;
                added.push(Added::Table { feature, values });
                own.push(own_values);
            }
        }
    }
    if added.is_empty() {
        return Ok(Widening { added, binned: None });
    }
    let column = |place: usize| {
        let mut values = column(&added[place], data);
        if let Some(own) = place.checked_sub(crosses).map(|table| &own[table]) {
            for (&row, &value) in rows.iter().zip(own) {
                values[row as usize] = value;
            }
        }
        values
    };
    let binned = context
        .pool
        .install(|| data.binned().with_columns(added.len(), &column));
    Ok(Widening {
        binned: Some(binned),
        added,
    })
}

/// The joined pairs to use. Without the time to choose there are none: the fit is worth more without than not at all. That is on
/// record, so that a repeated fit goes without as well.
fn crosses(data: &Prepared, rows: &[u32], context: &Context<'_>) -> Result<Vec<Added>, Error> {
    if context.pace.end(CHOOSING_PART).is_some() {
        return Ok(Vec::new());
    }
    let hurried = hurried(context);
    match data
        .crosses
        .get_or_make(rows, || screen::choose(data, rows, &hurried))
    {
        Ok(crosses) => Ok(crosses.to_vec()),
        Err(Error::Deadline) => {
            context.pace.turn(CHOOSING_PART, 0, || Some(0));
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// The same surroundings with the part of the time left that choosing may take.
fn hurried<'a>(context: &Context<'a>) -> Context<'a> {
    let now = context.clock.now();
    let left = context.deadline.saturating_sub(now);
    Context {
        deadline: now + left.mul_f64(CHOOSING_SHARE),
        ..*context
    }
}

/// An added number of every training row, as it is for new rows.
fn column(added: &Added, data: &Prepared) -> Vec<f64> {
    let features = &data.train.features;
    (0..data.train.rows)
        .map(|row| added.value(|feature| features[feature][row]))
        .collect()
}

impl Widening {
    /// The rows to grow trees on: those given, or the same with what is added.
    pub fn rows<'a>(&'a self, plain: &'a Binned) -> &'a Binned {
        self.binned.as_ref().unwrap_or(plain)
    }

    /// Trees grown on [`Widening::rows`], with what they ask for of what was added.
    pub fn estimator(self, data: &Prepared, mut forest: Forest) -> Estimator {
        let width = data.encoder.features.len();
        let mut is_asked = vec![false; self.added.len()];
        let nodes = |forest: &mut Forest, visit: &mut dyn FnMut(&mut u32)| {
            for node in forest.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
                debug_assert!(matches!(node.split, Split::AtMost { .. }) || (node.feature as usize) < width);
                visit(&mut node.feature);
            }
        };
        nodes(&mut forest, &mut |feature| {
            if let Some(asked) = (*feature as usize)
                .checked_sub(width)
                .and_then(|place| is_asked.get_mut(place))
            {
                *asked = true;
            }
        });
        let mut places = Vec::with_capacity(self.added.len());
        let mut added = Vec::new();
        for (number, is_asked) in self.added.into_iter().zip(is_asked) {
            places.push((width + added.len()) as u32);
            if is_asked {
                added.push(number);
            }
        }
        if added.is_empty() {
            return Estimator::Forest(forest);
        }
        nodes(&mut forest, &mut |feature| {
            if let Some(place) = (*feature as usize).checked_sub(width) {
                *feature = places[place];
            }
        });
        Estimator::Widened(Widened { added, forest })
    }
}
