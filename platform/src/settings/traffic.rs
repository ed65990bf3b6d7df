//! What one person may ask of a server in a while, and how long a statement of theirs may take.

use std::time::Duration;

use super::Variables;
use super::parse::{bytes, number};
use crate::Error;

/// The least that lets the dearest operation through (`api`'s limits: a cost of 20,000 is 200 points).
const LEAST_POINTS: u64 = 200;
/// The rows of one request.
const LEAST_PREDICTIONS: u64 = 100;

/// What one person may ask for; 0 is no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Points of a person's operations in a minute, and at once. `AUTOML_POINTS_PER_MINUTE`.
    pub points_per_minute: u64,
    /// Points of operations without a token from one address in a minute, and at once. `AUTOML_ADDRESS_POINTS_PER_MINUTE`.
    pub address_points_per_minute: u64,
    /// Bytes that a person may announce as uploads in a day. `AUTOML_UPLOAD_BYTES_PER_DAY`.
    pub upload_bytes_per_day: u64,
    /// Rows that a person may have predicted in a second. `AUTOML_PREDICTIONS_PER_SECOND`.
    pub predictions_per_second: u64,
    /// How long Postgres works on one statement of a request. `AUTOML_STATEMENT_SECONDS`.
    pub statement: Duration,
    /// Bytes of stored models that are kept loaded. `AUTOML_MODEL_CACHE`.
    pub model_cache_bytes: u64,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            points_per_minute: 10_000,
            address_points_per_minute: 1_000,
            upload_bytes_per_day: 0,
            predictions_per_second: 20_000,
            statement: Duration::from_secs(10),
            model_cache_bytes: 256 << 20,
        }
    }
}

impl Traffic {
    /// Overrides from variables.
    ///
    /// # Errors
    /// `Settings` naming the variable whose value cannot be read.
    pub fn override_from(&mut self, variable: Variables<'_>) -> Result<(), Error> {
        let numbers = [
            ("AUTOML_POINTS_PER_MINUTE", &mut self.points_per_minute),
            (
                "AUTOML_ADDRESS_POINTS_PER_MINUTE",
                &mut self.address_points_per_minute,
            ),
            ("AUTOML_PREDICTIONS_PER_SECOND", &mut self.predictions_per_second),
        ];
        for (name, setting) in numbers {
            if let Some(value) = variable(name) {
                *setting = number(name, &value)?;
            }
        }
        if let Some(value) = variable("AUTOML_UPLOAD_BYTES_PER_DAY") {
            self.upload_bytes_per_day = bytes("AUTOML_UPLOAD_BYTES_PER_DAY", &value)?;
        }
        if let Some(value) = variable("AUTOML_STATEMENT_SECONDS") {
            self.statement = Duration::from_secs(number("AUTOML_STATEMENT_SECONDS", &value)?);
        }
        if let Some(value) = variable("AUTOML_MODEL_CACHE") {
            self.model_cache_bytes = bytes("AUTOML_MODEL_CACHE", &value)?;
        }
        Ok(())
    }

    /// Checks that the values can be used.
    ///
    /// # Errors
    /// `Settings` saying which one cannot, and what is allowed.
    pub fn validate(&self) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::Settings(message));
        for (name, value, least) in [
            ("points a minute", self.points_per_minute, LEAST_POINTS),
            (
                "points a minute of an address",
                self.address_points_per_minute,
                LEAST_POINTS,
            ),
            (
                "predictions a second",
                self.predictions_per_second,
                LEAST_PREDICTIONS,
            ),
        ] {
            if (1..least).contains(&value) || value > 1 << 40 {
                return refuse(format!(
                    "the {name} are {value}; they must be 0 (no limit), or {least} to {}",
                    1_u64 << 40
                ));
            }
        }
        if self.upload_bytes_per_day > 1 << 50 {
            return refuse("the upload bytes a day are more than a petabyte; 0 is no limit".to_owned());
        }
        if !(1..=600).contains(&self.statement.as_secs()) {
            return refuse(format!(
                "a statement may take {} seconds; it must be 1 to 600",
                self.statement.as_secs()
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Result<Traffic, Error> {
        let mut traffic = Traffic::default();
        traffic.override_from(&|asked| (asked == name).then(|| value.to_owned()))?;
        traffic.validate()?;
        Ok(traffic)
    }

    #[test]
    fn variables_override_and_are_checked() {
        assert_eq!(
            with("AUTOML_POINTS_PER_MINUTE", "0").unwrap().points_per_minute,
            0
        );
        assert_eq!(
            with("AUTOML_POINTS_PER_MINUTE", "200").unwrap().points_per_minute,
            200
        );
        let day = with("AUTOML_UPLOAD_BYTES_PER_DAY", "10GiB").unwrap();
        assert_eq!(day.upload_bytes_per_day, 10 << 30);
        for (name, value) in [
            ("AUTOML_POINTS_PER_MINUTE", "199"),
            ("AUTOML_POINTS_PER_MINUTE", "many"),
            ("AUTOML_ADDRESS_POINTS_PER_MINUTE", "-1"),
            ("AUTOML_PREDICTIONS_PER_SECOND", "99"),
            ("AUTOML_UPLOAD_BYTES_PER_DAY", "10 apples"),
            ("AUTOML_STATEMENT_SECONDS", "0"),
            ("AUTOML_STATEMENT_SECONDS", "601"),
            ("AUTOML_MODEL_CACHE", "x"),
        ] {
            assert!(with(name, value).is_err(), "{name}={value}");
        }
    }
}
