//! Gzip and zstd, known by their first bytes, with bounds against files that unpack to far more than they weigh.

use std::borrow::Cow;
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::{HEAD_BYTES, Limits, ReadOptions, check_head, too_large};
use crate::error::Error;

pub(super) const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
pub(super) const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// Below this size the ratio says nothing: small files may well be one repeated line.
pub(super) const RATIO_FROM_BYTES: u64 = 64 << 20;

/// How a file was compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, one or more members.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// True when the bytes begin like a compressed file.
pub(super) fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP) || bytes.starts_with(ZSTD)
}

/// The content of the file, unpacked when it is compressed.
pub(super) fn decompress<'a>(
    bytes: &'a [u8],
    file_name: &str,
    options: &ReadOptions,
) -> Result<(Cow<'a, [u8]>, Compression), Error> {
    let limits = &options.limits;
    let check = |content: &[u8]| check_head(&content[..HEAD_BYTES], limits.bytes, file_name, options);
    if bytes.starts_with(GZIP) {
        let reader = flate2::bufread::MultiGzDecoder::new(bytes);
        return Ok((
            Cow::Owned(unpack(reader, "gzip", bytes.len(), limits, check)?),
            Compression::Gzip,
        ));
    }
    if bytes.starts_with(ZSTD) {
        let reader = zstd::stream::read::Decoder::with_buffer(bytes)
            .map_err(|error| Error::Internal(format!("cannot start zstd: {error}")))?;
        return Ok((
            Cow::Owned(unpack(reader, "zstd", bytes.len(), limits, check)?),
            Compression::Zstd,
        ));
    }
    if bytes.len() as u64 > limits.bytes {
        return Err(too_large(limits));
    }
    Ok((Cow::Borrowed(bytes), Compression::None))
}

/// `check` looks at the beginning as soon as it is there.
fn unpack(
    mut reader: impl Read,
    name: &str,
    packed: usize,
    limits: &Limits,
    check: impl Fn(&[u8]) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    let mut is_checked = false;
    let mut block = vec![0_u8; 1 << 16];
    loop {
        let read = reader.read(&mut block).map_err(|error| damaged(name, &error))?;
        if read == 0 {
            return Ok(content);
        }
        content.extend_from_slice(&block[..read]);
        if !is_checked && content.len() > HEAD_BYTES {
            check(&content)?;
            is_checked = true;
        }
        check_unpacked(name, content.len() as u64, packed as u64, limits)?;
    }
}

/// Refuses what has grown too large while it was unpacked.
pub(super) fn check_unpacked(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<(), Error> {
    if size > limits.bytes {
        return Err(too_large(limits));
    }
    if size > RATIO_FROM_BYTES && size / packed.max(1) > limits.ratio {
        return Err(Error::Input(format!(
            "the {name} file unpacks to more than {} times its size; upload it without compression",
            limits.ratio
        )));
    }
    Ok(())
}

pub(super) fn damaged(name: &str, error: &std::io::Error) -> Error {
    Error::Input(format!(
        "the {name} file is damaged or cut off ({error}); compress or upload it again"
    ))
}
