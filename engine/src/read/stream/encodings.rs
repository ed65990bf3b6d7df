//! Whether a stream of bytes is UTF-8, or rather Windows-1252: the rule of [`super::super::encoding`], part by part.

use super::super::encoding::Encoding;
use crate::error::Error;

/// Bytes that have passed.
#[derive(Default)]
pub(super) struct Utf8 {
    /// The beginning of a character whose end has not come yet.
    cut: Vec<u8>,
    bytes: u64,
    lines: u64,
    /// Where the first invalid byte is, and on which line.
    fault: Option<(u64, u64)>,
    high: u64,
    valid: u64,
    invalid: u64,
    is_implausible: bool,
    /// Line of the first character NUL.
    nul: Option<u64>,
}

impl Utf8 {
    /// Looks at the next bytes.
    pub fn feed(&mut self, part: &[u8]) {
        let mut joined = std::mem::take(&mut self.cut);
        joined.extend_from_slice(part);
        let whole = joined.len() - cut_off(&joined);
        self.look(&joined[..whole]);
        self.cut = joined.split_off(whole);
    }

    /// What it is, at the end of so many bytes.
    ///
    /// # Errors
    /// `Input` when it is neither, or `is_fixed` and not UTF-8, or holds the character NUL.
    pub fn verdict(mut self, bytes: u64, is_fixed: bool) -> Result<Encoding, Error> {
        let cut = std::mem::take(&mut self.cut);
        self.look(&cut);
        let Some((offset, line)) = self.fault else {
            return match self.nul {
                None => Ok(Encoding::Utf8),
                Some(line) => Err(Error::Input(format!(
                    "line {line} holds a NUL byte, so this is no text; upload CSV, JSON lines or Parquet"
                ))),
            };
        };
        let is_plausible = !self.is_implausible
            && self.valid <= self.invalid / 4
            && self.high.saturating_mul(10) <= bytes.saturating_mul(4);
        if !is_fixed && is_plausible {
            return Ok(Encoding::Windows1252);
        }
        Err(Error::Input(format!(
            "byte {offset} (line {line}) is not valid UTF-8; save the file as UTF-8, or choose its encoding"
        )))
    }

    fn look(&mut self, bytes: &[u8]) {
        if self.fault.is_none()
            && let Err(error) = std::str::from_utf8(bytes)
        {
            let offset = error.valid_up_to();
            self.fault = Some((
                self.bytes + offset as u64,
                self.lines + 1 + lines(&bytes[..offset]),
            ));
        }
        if self.nul.is_none()
            && let Some(offset) = bytes.iter().position(|byte| *byte == 0)
        {
            self.nul = Some(self.lines + 1 + lines(&bytes[..offset]));
        }
        for &byte in bytes {
            let is_undefined = matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
            let is_control = byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
            self.is_implausible |= is_undefined || is_control;
            self.high += u64::from(byte >= 0x80);
        }
        if !bytes.is_ascii() {
            for chunk in bytes.utf8_chunks() {
                let special = chunk.valid().chars().filter(|character| !character.is_ascii());
                self.valid += special.count() as u64;
                self.invalid += u64::from(!chunk.invalid().is_empty());
            }
        }
        self.lines += lines(bytes);
        self.bytes += bytes.len() as u64;
    }
}

/// Bytes at the end that may be the beginning of a character.
fn cut_off(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(3)..];
    for start in 0..tail.len() {
        let is_cut = std::str::from_utf8(&tail[start..])
            .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none());
        if is_cut {
            return tail.len() - start;
        }
    }
    0
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
