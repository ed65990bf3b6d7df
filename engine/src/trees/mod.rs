//! Histogram trees: one binned matrix shared by boosting, random forests and extra trees.
//!
//! Invariants: a decision on bins equals the decision on the encoded values it was made of, for every training row;
//! histograms are sums of integers, so results do not depend on the number of threads; nothing here spawns work
//! outside the caller's pool.

mod bagging;
mod bins;
mod boosting;
mod cuts;
mod deep;
mod deep_split;
mod gradients;
mod grow;
mod grown;
mod histogram;
mod loss;
mod monotone;
mod partition;
mod place;
mod quantile;
mod round;
mod sparse;
mod split;
mod split_category;

#[cfg(test)]
mod examples;

pub use bagging::{Bagged, Bagging, bag};
pub use bins::Binned;
pub use boosting::{Boosted, Boosting, boost};
pub use deep::DeepLimits;
pub use grow::MAX_DEPTH;
pub use monotone::Monotone;
pub(crate) use place::mix;
pub(crate) use quantile::quantile;
pub use split::{Growth, Limits};
