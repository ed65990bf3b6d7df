//! Sends mail: to files in a folder, or through SES. A message is built once and is the same in both.
//!
//! Whether a mail may be sent again after a failure is the one thing that callers have to know; [`SendError`] says it.

mod address;
mod folder;
mod message;
mod ses;
mod unsubscribe;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

pub use address::{Address, BadAddress};
pub use folder::Folder;
pub use message::{Message, one_line};
pub use ses::Ses;
pub use unsubscribe::{UNSUBSCRIBE_KEY, Unsubscribe};

use crate::{Error, Settings};

/// What the mail service calls a message that it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId(pub String);

/// How much may be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// Messages a second; above zero.
    pub per_second: f64,
    /// Messages that may still be sent in the present 24 hours; none: without bound.
    pub left_today: Option<u64>,
}

/// Why a message was not sent, or is not known to be. No text holds an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too fast. Nothing was sent: wait, up to minutes.
    #[error("the mail service asks to slow down")]
    Throttled,
    /// The day's messages are used up. Nothing was sent: wait long.
    #[error("the mail service's daily quota is used up")]
    DailyQuota,
    /// It will never be sent: a bad or suppressed address, refused content.
    #[error("the mail service refused the message for good: {0}")]
    Refused(String),
    /// The request went out and no answer came back: it may have been sent.
    #[error("it is not known whether the message was sent: {0}")]
    Ambiguous(String),
    /// Nothing was sent, and trying again later may help.
    #[error("the message could not be sent: {0}")]
    Temporary(String),
}

/// Sends messages.
#[async_trait]
pub trait Mail: fmt::Debug + Send + Sync {
    /// Sends one message, in bounded time.
    ///
    /// # Errors
    /// What it means for another try.
    async fn send(&self, message: &Message) -> Result<MessageId, SendError>;

    /// How much may be sent.
    ///
    /// # Errors
    /// When the mail service does not say.
    async fn quota(&self) -> Result<Quota, SendError>;

    /// True when sending the same message twice is the same as sending it once.
    fn is_idempotent(&self) -> bool {
        false
    }
}

/// The form that the settings ask for.
///
/// # Errors
/// When the outbox folder cannot be made.
pub async fn open(settings: &Settings) -> Result<Arc<dyn Mail>, Error> {
    match &settings.ses {
        Some(ses) => Ok(Arc::new(Ses::connect(ses).await?)),
        None => Ok(Arc::new(Folder::open(&settings.home.join("outbox")).await?)),
    }
}
