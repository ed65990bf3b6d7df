//! The limit of the time to answer one row, and what a model takes. Asked for in milliseconds, stored in microseconds.

use async_graphql::SimpleObject;
use serde::Deserialize;

use super::payload::UserError;

/// Limits that can be asked for, in microseconds: the engine's own.
const MICROSECONDS: std::ops::RangeInclusive<f64> = 1.0..=60_000_000.0;

/// What is stored.
///
/// # Errors
/// `LATENCY_OUT_OF_RANGE`.
pub fn check(milliseconds: f64) -> Result<u64, UserError> {
    let microseconds = (milliseconds * 1000.0).round();
    if MICROSECONDS.contains(&microseconds) {
        return Ok(microseconds as u64);
    }
    let message = "The time to answer a row must be from 0.001 to 60000 milliseconds, for example 2.";
    Err(UserError::of(
        "maxLatencyMilliseconds",
        "LATENCY_OUT_OF_RANGE",
        message,
    ))
}

/// What is shown.
pub fn shown(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}

/// How long a model takes to answer one row, alone, in one thread, network aside: the median over answers to rows of the holdout,
/// measured where it was trained.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
#[serde(from = "Measured")]
pub struct ModelLatency {
    /// Milliseconds for a row.
    pub milliseconds: f64,
    /// What the job allowed; null without a limit.
    pub limit_milliseconds: Option<f64>,
    /// True where no candidate keeps the limit: then the baseline is the model.
    pub nothing_fits: bool,
    /// Trials that are no members because of the limit, in the order in which they were left out.
    pub left_out: Vec<LeftOutTrial>,
}

/// A trial that is no member because of the limit.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
#[serde(from = "MeasuredTrial")]
pub struct LeftOutTrial {
    /// Its number.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// Milliseconds that it alone takes for a row; null where that was not measured or is not the reason.
    pub milliseconds: Option<f64>,
    /// Why, in words.
    pub reason: String,
}

/// As the engine writes it: in seconds.
#[derive(Deserialize)]
struct Measured {
    seconds: f64,
    limit_seconds: Option<f64>,
    #[serde(default)]
    nothing_fits: bool,
    #[serde(default)]
    left_out: Vec<LeftOutTrial>,
}

/// As the engine writes it: in seconds.
#[derive(Deserialize)]
struct MeasuredTrial {
    number: i32,
    name: String,
    seconds: Option<f64>,
    reason: String,
}

impl From<Measured> for ModelLatency {
    fn from(measured: Measured) -> Self {
        Self {
            milliseconds: measured.seconds * 1e3,
            limit_milliseconds: measured.limit_seconds.map(|seconds| seconds * 1e3),
            nothing_fits: measured.nothing_fits,
            left_out: measured.left_out,
        }
    }
}

impl From<MeasuredTrial> for LeftOutTrial {
    fn from(measured: MeasuredTrial) -> Self {
        Self {
            number: measured.number,
            name: measured.name,
            milliseconds: measured.seconds.map(|seconds| seconds * 1e3),
            reason: measured.reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_stored_as_microseconds() {
        for (milliseconds, microseconds) in [(2.0, 2_000), (0.001, 1), (0.25, 250), (60_000.0, 60_000_000)] {
            assert_eq!(check(milliseconds).ok(), Some(microseconds));
            assert!((shown(microseconds) - milliseconds).abs() < 1e-12);
        }
        for milliseconds in [0.0, -1.0, 0.0004, 60_001.0, f64::NAN, f64::INFINITY] {
            let code = check(milliseconds).err().map(|error| error.code);
            assert_eq!(code.as_deref(), Some("LATENCY_OUT_OF_RANGE"), "{milliseconds}");
        }
    }

    #[test]
    fn what_the_engine_says_is_shown_in_milliseconds() {
        let json = serde_json::json!({
            "seconds": 0.002,
            "limit_seconds": 0.004,
            "nothing_fits": false,
            "left_out": [{ "number": 3, "name": "Forest", "seconds": 0.01, "reason": "slow" }],
        });
        let latency: ModelLatency = serde_json::from_value(json).expect("reads");
        assert_eq!(
            (latency.milliseconds, latency.limit_milliseconds),
            (2.0, Some(4.0))
        );
        assert_eq!(
            (latency.left_out[0].number, latency.left_out[0].milliseconds),
            (3, Some(10.0))
        );
    }
}
