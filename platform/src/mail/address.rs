//! A mail address that is safe to put into a header and that SES takes.

use std::fmt;

/// Longest address (RFC 5321).
const MAX_LENGTH: usize = 254;
/// Longest part before the `@`.
const MAX_LOCAL: usize = 64;
/// Characters besides letters and digits that the part before the `@` may hold unquoted (RFC 5322).
const LOCAL_MARKS: &str = "!#$%&'*+-/=?^_`{|}~.";

/// A checked address. Its debug text hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// The text is no mail address, or one that the mail service does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a mail address that can be written to; an example of one is ada@example.com")]
pub struct BadAddress;

impl Address {
    /// Checks a text.
    ///
    /// # Errors
    /// When it is not one plain address: display names, comments, quoted parts and non-ASCII letters are refused.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(BadAddress)?;
        let is_local = !local.is_empty()
            && local.len() <= MAX_LOCAL
            && local
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || LOCAL_MARKS.contains(character))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let is_domain = domain.contains('.') && domain.split('.').all(is_label);
        if text.len() <= MAX_LENGTH && is_local && is_domain {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadAddress)
        }
    }

    /// The text itself: for the call and the header that need it, never for a log or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Address(…)")
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_pass() {
        for good in [
            "ada@example.com",
            " a.b+c@mail.example.co.uk ",
            "o'hara@ex-ample.org",
        ] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@localhost",
            "ada@-example.com",
            "ada@exa mple.com",
            "a..b@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "Ada <ada@example.com>",
            "ada@example.com,eve@example.com",
            "\"a b\"@example.com",
            "ädä@example.com",
            "ada@example..com",
            "a@b@example.com",
            &long,
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn is_not_shown() {
        let address = Address::parse("ada@example.com").unwrap();
        assert!(!format!("{address:?}").contains("ada"));
    }
}
