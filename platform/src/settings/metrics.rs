//! Who may read the figures of a server.

use super::{Secret, Variables};
use crate::Error;

/// Shortest token, in characters.
const LENGTH: usize = 16;

/// A token for the program that collects the figures of `/metrics`. `AUTOML_METRICS_TOKEN`.
///
/// # Errors
/// `Settings` when it is too short to be a secret, or could not be sent in a header.
pub fn token(variable: Variables<'_>) -> Result<Option<Secret>, Error> {
    match variable("AUTOML_METRICS_TOKEN") {
        Some(value) if value.len() < LENGTH || !value.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Error::Settings(format!(
                "AUTOML_METRICS_TOKEN must have {LENGTH} characters at least, none of them a blank"
            )))
        }
        value => Ok(value.map(Secret::new)),
    }
}
