//! Bytes to text: UTF-8, UTF-16 and Windows-1252 (which contains Latin-1), by byte order mark or by plausibility.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A text encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little endian.
    Utf16le,
    /// UTF-16, big endian.
    Utf16be,
    /// Windows-1252, a superset of the printable Latin-1.
    Windows1252,
}

/// The text of the bytes, without a byte order mark and without NUL, and the encoding it was in.
pub(super) fn decode(bytes: &[u8], fixed: Option<Encoding>) -> Result<(Cow<'_, str>, Encoding), Error> {
    let encoding = first_guess(bytes, fixed);
    let (text, encoding) = match encoding {
        Encoding::Utf8 => utf8(bytes, fixed.is_some())?,
        Encoding::Utf16le | Encoding::Utf16be => (Cow::Owned(utf16(bytes, encoding)?), encoding),
        Encoding::Windows1252 => windows_1252(bytes),
    };
    refuse_nul(text.as_bytes())?;
    Ok((text, encoding))
}

/// True when this beginning of a file is UTF-16, by its mark or by its looks.
pub(super) fn is_utf16(head: &[u8], fixed: Option<Encoding>) -> bool {
    matches!(first_guess(head, fixed), Encoding::Utf16le | Encoding::Utf16be)
}

/// The encoding of a file with this beginning: as fixed, by its mark, or by its looks. UTF-8 may still turn out to be
/// Windows-1252.
pub(super) fn first_guess(head: &[u8], fixed: Option<Encoding>) -> Encoding {
    fixed.or_else(|| from_mark(head)).unwrap_or_else(|| guess(head))
}

/// Refuses text with the character NUL.
pub(super) fn refuse_nul(text: &[u8]) -> Result<(), Error> {
    match text.iter().position(|&byte| byte == 0) {
        None => Ok(()),
        Some(offset) => Err(Error::Input(format!(
            "line {} holds a NUL byte, so this is no text; upload CSV, JSON lines or Parquet",
            line_at(text, offset)
        ))),
    }
}

/// Line number, from 1, of a byte offset.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes[..offset].iter().filter(|&&byte| byte == b'\n').count()
}

fn from_mark(bytes: &[u8]) -> Option<Encoding> {
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Some(Encoding::Utf8);
    }
    if bytes.starts_with(&[0xff, 0xfe]) {
        return Some(Encoding::Utf16le);
    }
    bytes.starts_with(&[0xfe, 0xff]).then_some(Encoding::Utf16be)
}

/// UTF-16 without a mark shows in NUL bytes at every other place; all else is tried as UTF-8 first.
fn guess(bytes: &[u8]) -> Encoding {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let mut zeros = [0_usize; 2];
    for (index, byte) in sample.iter().enumerate() {
        zeros[index % 2] += usize::from(*byte == 0);
    }
    let pairs = sample.len() / 2;
    if pairs >= 2 && zeros[1] * 10 > pairs * 6 && zeros[0] * 10 < pairs {
        return Encoding::Utf16le;
    }
    if pairs >= 2 && zeros[0] * 10 > pairs * 6 && zeros[1] * 10 < pairs {
        return Encoding::Utf16be;
    }
    Encoding::Utf8
}

fn utf8(bytes: &[u8], is_fixed: bool) -> Result<(Cow<'_, str>, Encoding), Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((
            Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Encoding::Utf8,
        )),
        Err(_) if !is_fixed && is_plausible_windows_1252(bytes) => Ok(windows_1252(bytes)),
        Err(error) => {
            let offset = error.valid_up_to();
            Err(Error::Input(format!(
                "byte {offset} (line {}) is not valid UTF-8; save the file as UTF-8, or choose its encoding",
                line_at(bytes, offset)
            )))
        }
    }
}

fn windows_1252(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    (
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
        Encoding::Windows1252,
    )
}

/// Single-byte text has no control characters, few accented letters and (almost) no valid multi-byte sequences; a file
/// that is UTF-8 but for some damaged bytes must not be read as nonsense silently.
fn is_plausible_windows_1252(bytes: &[u8]) -> bool {
    let mut high = 0_usize;
    for &byte in bytes {
        let is_undefined = matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
        let is_control = byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
        if is_undefined || is_control {
            return false;
        }
        high += usize::from(byte >= 0x80);
    }
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk
            .valid()
            .chars()
            .filter(|character| !character.is_ascii())
            .count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid <= invalid / 4 && high * 10 <= bytes.len() * 4
}

fn utf16(bytes: &[u8], encoding: Encoding) -> Result<String, Error> {
    if !bytes.len().is_multiple_of(2) {
        return Err(Error::Input(
            "the file is cut off: UTF-16 text has an even number of bytes; upload it again".into(),
        ));
    }
    let mut text = String::with_capacity(bytes.len() / 2);
    let units = bytes.chunks_exact(2).map(|pair| match encoding {
        Encoding::Utf16be => u16::from_be_bytes([pair[0], pair[1]]),
        _ => u16::from_le_bytes([pair[0], pair[1]]),
    });
    let mut offset = 0;
    for character in char::decode_utf16(units) {
        let Ok(character) = character else {
            return Err(Error::Input(format!(
                "byte {offset} is not valid UTF-16; save the file as UTF-8"
            )));
        };
        offset += 2 * character.len_utf16();
        if !(text.is_empty() && character == '\u{feff}' && offset == 2) {
            text.push(character);
        }
    }
    Ok(text)
}
