//! The unpacked bytes of a file, as they come, within their bounds.

use std::io::{BufReader, Cursor, Read};

use super::super::compression::{self, Compression, GZIP, ZSTD};
use super::super::{Limits, too_large};
use super::Source;
use crate::error::Error;

/// Bytes by which a compression is known.
const MAGIC: u64 = 4;

/// A file that is being unpacked.
pub(super) struct Content {
    reader: Box<dyn Read>,
    /// How it is packed.
    pub compression: Compression,
    /// The same in words.
    packed: Option<&'static str>,
    size: u64,
    unpacked: u64,
    limits: Limits,
}

impl Content {
    /// Begins at the first byte.
    pub fn open(source: &Source<'_>, limits: &Limits) -> Result<Self, Error> {
        let mut file = (source.open)().map_err(|error| unreadable(&error))?;
        let mut magic = Vec::new();
        file.by_ref()
            .take(MAGIC)
            .read_to_end(&mut magic)
            .map_err(|error| unreadable(&error))?;
        let is = |known: &[u8]| magic.starts_with(known);
        let (gzip, zstd) = (is(GZIP), is(ZSTD));
        let whole = BufReader::with_capacity(1 << 16, Cursor::new(magic).chain(file));
        let (reader, packed): (Box<dyn Read>, _) = if gzip {
            (
                Box::new(flate2::bufread::MultiGzDecoder::new(whole)),
                Some("gzip"),
            )
        } else if zstd {
            let decoder = zstd::stream::read::Decoder::with_buffer(whole)
                .map_err(|error| Error::Internal(format!("cannot start zstd: {error}")))?;
            (Box::new(decoder), Some("zstd"))
        } else {
            (Box::new(whole), None)
        };
        Ok(Self {
            reader,
            compression: match (gzip, zstd) {
                (true, _) => Compression::Gzip,
                (_, true) => Compression::Zstd,
                _ => Compression::None,
            },
            packed,
            size: source.size,
            unpacked: 0,
            limits: limits.clone(),
        })
    }

    /// Reads some bytes; 0 at the end.
    pub fn read(&mut self, block: &mut [u8]) -> Result<usize, Error> {
        let read = self.reader.read(block).map_err(|error| match self.packed {
            Some(name) => compression::damaged(name, &error),
            None => unreadable(&error),
        })?;
        self.unpacked += read as u64;
        match self.packed {
            Some(name) => compression::check_unpacked(name, self.unpacked, self.size, &self.limits)?,
            None if self.unpacked > self.limits.bytes => return Err(too_large(&self.limits)),
            None => {}
        }
        Ok(read)
    }

    /// True when it is unpacked on the way.
    pub fn is_packed(&self) -> bool {
        self.packed.is_some()
    }
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::Internal(format!("the file cannot be read: {error}"))
}
