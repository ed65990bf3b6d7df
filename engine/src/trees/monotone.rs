//! Trees whose answer may only rise, or only fall, with a feature.
//!
//! By the basic method of LightGBM: a split of such a feature is allowed only if its children's values are in the right order, and
//! from then on the middle between the two bounds every value below either of them. A tree keeps to it exactly: rows that differ in
//! that feature alone part at a split of it, or not at all. Sums of such trees do too, in floating point as well, since rounding
//! never changes an order.
//!
//! Nothing is promised between rows that have a value of the feature and rows that have none: a split that parts exactly these is free.

use super::bins::FeatureBins;
use super::gradients::Pair;
use super::split::Rule;
use crate::settings::Direction;

/// Which features the answer is bound to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Monotone {
    /// By feature; those behind the last are free.
    directions: Vec<Option<Direction>>,
}

impl Monotone {
    /// Of the features that are bound.
    pub fn new(bound: &[(u32, Direction)]) -> Self {
        let mut directions = Vec::new();
        for &(feature, direction) in bound {
            let place = feature as usize;
            if directions.len() <= place {
                directions.resize(place + 1, None);
            }
            directions[place] = Some(direction);
        }
        Self { directions }
    }

    /// True when every feature is free.
    pub fn is_empty(&self) -> bool {
        self.directions.is_empty()
    }

    /// The direction of a feature; `None`: free.
    #[inline]
    pub fn of(&self, feature: u32) -> Option<Direction> {
        self.directions.get(feature as usize).copied().flatten()
    }

    /// The direction that binds a split. One that parts numbers from missing alone is free.
    pub fn of_split(&self, feature: u32, rule: &Rule, bins: &FeatureBins) -> Option<Direction> {
        let direction = self.of(feature)?;
        match rule {
            Rule::AtMost { bin, .. } if usize::from(*bin) + 1 < bins.len() => Some(direction),
            Rule::AtMost { .. } | Rule::In(_) => None,
        }
    }
}

impl Direction {
    /// True when values left and right of a threshold are in this order.
    #[inline]
    pub(super) fn allows(self, left: f64, right: f64) -> bool {
        match self {
            Self::Rising => left <= right,
            Self::Falling => left >= right,
        }
    }
}

/// The values that a leaf may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    low: f64,
    high: f64,
}

impl Bounds {
    /// All values.
    pub const FREE: Self = Self {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
    };

    /// True when all values are allowed.
    #[inline]
    pub fn is_free(self) -> bool {
        self == Self::FREE
    }

    /// The nearest value that is allowed.
    #[inline]
    pub fn clamp(self, value: f64) -> f64 {
        value.max(self.low).min(self.high)
    }

    /// What is left to both children of a split whose own values would be these.
    pub fn of_children(self, direction: Direction, left: f64, right: f64) -> (Self, Self) {
        let middle = f64::midpoint(self.clamp(left), self.clamp(right));
        let lower = Self { high: middle, ..self };
        let upper = Self { low: middle, ..self };
        match direction {
            Direction::Rising => (lower, upper),
            Direction::Falling => (upper, lower),
        }
    }
}

/// The value of a leaf without bounds. Finite: a hessian may be so small that dividing by it overflows.
#[inline]
pub fn value(pair: Pair, l2: f64) -> f64 {
    -pair.gradient / (pair.hessian + l2.max(1e-15))
}

/// By how much a leaf of that value lowers the loss, twice and to second order: `gradient² / (hessian + l2)` for its own value, and less
/// for any other.
#[inline]
pub fn worth(pair: Pair, value: f64, l2: f64) -> f64 {
    -value * (2.0 * pair.gradient + (pair.hessian + l2.max(1e-15)) * value)
}

#[cfg(test)]
#[path = "monotone_tests.rs"]
mod tests;
