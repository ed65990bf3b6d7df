//! Values of variables, read strictly.

use std::str::FromStr;

use crate::Error;

/// A whole number.
///
/// # Errors
/// `Settings` naming the variable.
pub fn number<N: FromStr>(name: &str, value: &str) -> Result<N, Error> {
    value
        .trim()
        .parse()
        .map_err(|_| Error::Settings(format!("{name} is {value:?}; a whole number is expected")))
}

/// `true` or `false`.
///
/// # Errors
/// `Settings` naming the variable.
pub fn switch(name: &str, value: &str) -> Result<bool, Error> {
    match value.trim() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(Error::Settings(format!(
            "{name} is {value:?}; true or false is expected"
        ))),
    }
}

/// A number of bytes: `1048576`, `512MiB`, `4GiB`, `4GB`.
///
/// # Errors
/// `Settings` naming the variable.
pub fn bytes(name: &str, value: &str) -> Result<u64, Error> {
    let text = value.trim();
    let digits = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let factor: u64 = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => 0,
    };
    let amount = text[..digits]
        .parse::<u64>()
        .ok()
        .and_then(|amount| amount.checked_mul(factor));
    match amount {
        Some(amount) if factor > 0 => Ok(amount),
        _ => Err(Error::Settings(format!(
            "{name} is {value:?}; a size such as 512MiB or 4GiB is expected"
        ))),
    }
}
