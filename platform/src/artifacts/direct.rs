//! Uploads that a browser sends to the store itself: what the store signs for them, and what it knows of them.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Key;
use crate::Error;

/// A form that a browser may post once or again until it expires: exactly that key, exactly that many bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    /// Where to post it.
    pub url: String,
    /// Its fields in order; the file comes last, as `file`.
    pub fields: Vec<(String, String)>,
}

impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Form({}, …)", self.url)
    }
}

/// A part that the store has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: i32,
    /// Bytes.
    pub size_bytes: u64,
    /// The store's tag of it, where it tells.
    pub tag: Option<String>,
}

/// A transfer in parts.
#[derive(Clone, Copy, Debug)]
pub struct Transfer<'a> {
    /// Where the whole will be.
    pub key: &'a Key,
    /// The store's name for it.
    pub id: &'a str,
}

/// A store that browsers reach.
#[async_trait]
pub trait DirectUploads: Send + Sync {
    /// Scheme, host and port as browsers see them.
    fn origin(&self) -> &str;

    /// Signs a form for exactly that many bytes.
    ///
    /// # Errors
    /// When there are no credentials.
    async fn form(
        &self,
        key: &Key,
        size_bytes: u64,
        now: DateTime<Utc>,
        valid: Duration,
    ) -> Result<Form, Error>;

    /// Begins a transfer in parts; returns the store's name for it.
    ///
    /// # Errors
    /// When the store refuses.
    async fn begin(&self, key: &Key) -> Result<String, Error>;

    /// Signs a link to which exactly that many bytes may be put as a part.
    ///
    /// # Errors
    /// When it cannot be signed.
    async fn part_link(
        &self,
        transfer: Transfer<'_>,
        number: i32,
        size_bytes: u64,
        valid: Duration,
    ) -> Result<String, Error>;

    /// The parts that are there, by number.
    ///
    /// # Errors
    /// `Gone` when there is no such transfer (any more); when the store refuses.
    async fn parts(&self, transfer: Transfer<'_>) -> Result<Vec<Part>, Error>;

    /// Makes one file of those parts.
    ///
    /// # Errors
    /// `Gone` as above; when the store refuses.
    async fn finish(&self, transfer: Transfer<'_>, parts: &[Part]) -> Result<(), Error>;

    /// Gives a transfer up and frees its parts. One that is gone is fine.
    ///
    /// # Errors
    /// When the store refuses.
    async fn abort(&self, transfer: Transfer<'_>) -> Result<(), Error>;

    /// Bytes of a stored file; none when there is none.
    ///
    /// # Errors
    /// When the store refuses.
    async fn size(&self, key: &Key) -> Result<Option<u64>, Error>;
}
