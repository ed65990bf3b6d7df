//! Who may make an account with an address and a password.

use crate::Error;

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignUp {
    /// Nobody: people come in by the link that the server prints, or as others let them.
    #[default]
    Closed,
    /// Whoever reads the mail of an address.
    Open,
}

impl SignUp {
    /// Reads `open` or `closed`.
    ///
    /// # Errors
    /// `Settings` naming the variable.
    pub fn parse(name: &str, value: &str) -> Result<Self, Error> {
        match value.trim() {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err(Error::Settings(format!(
                "{name} is {value:?}; open or closed is expected"
            ))),
        }
    }
}
