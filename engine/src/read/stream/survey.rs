//! What a first look at a whole file tells, before any row is read.

use super::super::compression::Compression;
use super::super::encoding::{self, Encoding};
use super::super::head::{HEAD_BYTES, check_head};
use super::super::{ReadOptions, empty, refuse_other_formats, refuse_packed_twice};
use super::Source;
use super::content::Content;
use super::encodings::Utf8;
use super::text::Decoding;
use crate::error::Error;

/// Bytes read at a time.
const STEP: usize = 1 << 16;

/// A file of text, looked at to its end.
pub(super) struct Survey {
    /// Its beginning, unpacked.
    head: Vec<u8>,
    /// True when the beginning is all of it.
    is_whole: bool,
    /// How it is packed.
    pub compression: Compression,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its size, unpacked.
    pub bytes: u64,
}

/// Looks at all of a file; none for Parquet.
pub(super) fn look(source: &Source<'_>, options: &ReadOptions) -> Result<Option<Survey>, Error> {
    let mut content = Content::open(source, &options.limits)?;
    let mut head = Vec::new();
    let mut step = vec![0; STEP];
    let mut is_whole = false;
    while head.len() < HEAD_BYTES && !is_whole {
        let read = content.read(&mut step)?;
        head.extend_from_slice(&step[..read]);
        is_whole = read == 0;
    }
    if head.is_empty() {
        return Err(match content.is_packed() {
            true => Error::Input(
                "the compressed file holds nothing; upload a table with a header and rows".into(),
            ),
            false => empty(),
        });
    }
    if head.starts_with(b"PAR1") {
        return Ok(None);
    }
    if content.is_packed() {
        refuse_packed_twice(&head)?;
    }
    refuse_other_formats(&head)?;
    let size = if is_whole {
        head.len() as u64
    } else {
        options.limits.bytes
    };
    check_head(&head, size, source.file_name, options)?;
    let mut bytes = head.len() as u64;
    let mut encoding = encoding::first_guess(&head, options.encoding);
    let mut utf8 = Utf8::default();
    let mut feed = |part: &[u8]| match encoding {
        Encoding::Utf8 => {
            utf8.feed(part);
            Ok(())
        }
        // Every byte is a character, but for NUL; UTF-16 is checked as it is decoded.
        Encoding::Windows1252 => encoding::refuse_nul(part),
        Encoding::Utf16le | Encoding::Utf16be => Ok(()),
    };
    feed(&head)?;
    while !is_whole {
        let read = content.read(&mut step)?;
        bytes += read as u64;
        is_whole = read == 0;
        feed(&step[..read])?;
    }
    if encoding == Encoding::Utf8 {
        encoding = utf8.verdict(bytes, options.encoding.is_some())?;
    }
    Ok(Some(Survey {
        is_whole: head.len() as u64 == bytes,
        head,
        compression: content.compression,
        encoding,
        bytes,
    }))
}

impl Survey {
    /// The beginning as text.
    pub fn head_text(&self) -> Result<String, Error> {
        let mut text = String::new();
        Decoding::new(self.encoding).decode(&self.head, self.is_whole, &mut text)?;
        Ok(text)
    }
}
