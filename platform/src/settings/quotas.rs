//! What everybody may use who has no limits of their own, and what it costs.

use super::Variables;
use super::parse::{bytes, number};
use crate::Error;

/// The limits of whoever has none of their own; none: there is no limit. How many unfinished jobs one may have is
/// `AUTOML_JOBS_PER_USER`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quotas {
    /// Jobs that one user may begin on one day (UTC). `AUTOML_QUOTA_JOBS_PER_DAY`.
    pub jobs_per_day: Option<u32>,
    /// Seconds that slots may work for one user on one day (UTC). `AUTOML_QUOTA_COMPUTE_SECONDS_PER_DAY`.
    pub compute_seconds_per_day: Option<u32>,
    /// Bytes of all stored files of one user. `AUTOML_QUOTA_STORED_BYTES`.
    pub stored_bytes: Option<u64>,
    /// Largest budget of a job in seconds. `AUTOML_QUOTA_JOB_BUDGET_SECONDS`.
    pub job_budget_seconds: Option<u32>,
    /// What computing costs; none: no amounts are shown.
    pub price: Option<Price>,
}

/// What an hour of one slot costs, as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// How much. `AUTOML_PRICE_PER_HOUR`.
    pub per_hour: f64,
    /// Of what. `AUTOML_PRICE_CURRENCY`.
    pub currency: Option<String>,
}

impl Quotas {
    /// Reads the section.
    ///
    /// # Errors
    /// `Settings` naming the variable that cannot be used.
    pub fn read(variable: Variables<'_>) -> Result<Self, Error> {
        Ok(Self {
            jobs_per_day: limit(variable, "AUTOML_QUOTA_JOBS_PER_DAY")?,
            compute_seconds_per_day: limit(variable, "AUTOML_QUOTA_COMPUTE_SECONDS_PER_DAY")?,
            stored_bytes: match variable("AUTOML_QUOTA_STORED_BYTES") {
                Some(value) => Some(bytes("AUTOML_QUOTA_STORED_BYTES", &value)?),
                None => None,
            },
            job_budget_seconds: budget(variable)?,
            price: price(variable)?,
        })
    }
}

fn limit(variable: Variables<'_>, name: &str) -> Result<Option<u32>, Error> {
    variable(name).map(|value| number(name, &value)).transpose()
}

fn budget(variable: Variables<'_>) -> Result<Option<u32>, Error> {
    let name = "AUTOML_QUOTA_JOB_BUDGET_SECONDS";
    let limit = limit(variable, name)?;
    if limit.is_some_and(|seconds| seconds < 10) {
        return Err(Error::Settings(format!(
            "{name} must be 10 at least: no job has a smaller budget"
        )));
    }
    Ok(limit)
}

fn price(variable: Variables<'_>) -> Result<Option<Price>, Error> {
    let name = "AUTOML_PRICE_PER_HOUR";
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let per_hour: Option<f64> = value.trim().parse().ok();
    let per_hour = per_hour.filter(|price| price.is_finite() && *price >= 0.0);
    let per_hour = per_hour.ok_or_else(|| {
        Error::Settings(format!(
            "{name} is {value:?}; a number such as 0.12 is expected, not a negative one"
        ))
    })?;
    let currency = variable("AUTOML_PRICE_CURRENCY").map(|text| text.trim().to_owned());
    Ok(Some(Price {
        per_hour,
        currency: currency.filter(|text| !text.is_empty()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Quotas, Error> {
        Quotas::read(&|asked| {
            let found = variables.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn without_variables_there_is_no_limit_and_no_price() {
        assert_eq!(read(&[]).unwrap(), Quotas::default());
    }

    #[test]
    fn limits_and_price_are_read() {
        let read = read(&[
            ("AUTOML_QUOTA_JOBS_PER_DAY", "20"),
            ("AUTOML_QUOTA_COMPUTE_SECONDS_PER_DAY", "7200"),
            ("AUTOML_QUOTA_STORED_BYTES", "2GiB"),
            ("AUTOML_QUOTA_JOB_BUDGET_SECONDS", "600"),
            ("AUTOML_PRICE_PER_HOUR", "0.12"),
            ("AUTOML_PRICE_CURRENCY", " EUR "),
        ]);
        let price = Price {
            per_hour: 0.12,
            currency: Some("EUR".to_owned()),
        };
        let expected = Quotas {
            jobs_per_day: Some(20),
            compute_seconds_per_day: Some(7200),
            stored_bytes: Some(2 << 30),
            job_budget_seconds: Some(600),
            price: Some(price),
        };
        assert_eq!(read.unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        for (name, value) in [
            ("AUTOML_QUOTA_JOBS_PER_DAY", "-1"),
            ("AUTOML_QUOTA_COMPUTE_SECONDS_PER_DAY", "an hour"),
            ("AUTOML_QUOTA_STORED_BYTES", "much"),
            ("AUTOML_QUOTA_JOB_BUDGET_SECONDS", "5"),
            ("AUTOML_PRICE_PER_HOUR", "NaN"),
            ("AUTOML_PRICE_PER_HOUR", "-0.1"),
            ("AUTOML_PRICE_PER_HOUR", "0,12"),
        ] {
            let Err(Error::Settings(message)) = read(&[(name, value)]) else {
                panic!("{name}={value} is taken");
            };
            assert!(message.contains(name), "{message}");
        }
    }
}
