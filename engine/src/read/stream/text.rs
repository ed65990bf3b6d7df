//! The characters of a file, as they come.

use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::super::ReadOptions;
use super::super::encoding::Encoding;
use super::Source;
use super::content::Content;
use super::survey::Survey;
use crate::error::Error;

/// Bytes decoded at a time.
const STEP: usize = 1 << 20;
/// The mark at the beginning of a text.
const MARK: char = '\u{feff}';

/// A file that is being decoded.
pub(super) struct Text {
    content: Content,
    decoding: Decoding,
    step: Vec<u8>,
    bytes: u64,
    total: u64,
    /// True when all of it was handed over.
    pub is_over: bool,
}

impl Text {
    /// Begins at the first character.
    pub fn open(source: &Source<'_>, options: &ReadOptions, survey: &Survey) -> Result<Self, Error> {
        Ok(Self {
            content: Content::open(source, &options.limits)?,
            decoding: Decoding::new(survey.encoding),
            step: vec![0; STEP],
            bytes: 0,
            total: survey.bytes,
            is_over: false,
        })
    }

    /// Appends the next characters, or says that it is over.
    pub fn fill(&mut self, text: &mut String) -> Result<(), Error> {
        let read = self.content.read(&mut self.step)?;
        self.bytes += read as u64;
        self.is_over = read == 0;
        self.decoding.decode(&self.step[..read], self.is_over, text)
    }

    /// Share of it that was handed over.
    pub fn share(&self) -> f64 {
        (self.bytes as f64 / self.total.max(1) as f64).min(1.0)
    }
}

/// Bytes to characters, part by part; a mark at the beginning is left out.
pub(super) struct Decoding {
    decoder: encoding_rs::Decoder,
    encoding: Encoding,
    bytes: u64,
    is_begun: bool,
}

impl Decoding {
    /// At the beginning.
    pub fn new(encoding: Encoding) -> Self {
        let library = match encoding {
            Encoding::Utf8 => UTF_8,
            Encoding::Utf16le => UTF_16LE,
            Encoding::Utf16be => UTF_16BE,
            Encoding::Windows1252 => WINDOWS_1252,
        };
        Self {
            decoder: library.new_decoder_without_bom_handling(),
            encoding,
            bytes: 0,
            is_begun: false,
        }
    }

    /// Appends the characters of the next bytes.
    pub fn decode(&mut self, mut bytes: &[u8], is_last: bool, text: &mut String) -> Result<(), Error> {
        let before = text.len();
        loop {
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(bytes.len());
            text.reserve(room.unwrap_or(bytes.len()).max(16));
            let (result, read) = self
                .decoder
                .decode_to_string_without_replacement(bytes, text, is_last);
            self.bytes += read as u64;
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Err(self.malformed(bytes.is_empty() && is_last)),
            }
        }
        if !self.is_begun && text.len() > before {
            self.is_begun = true;
            if self.encoding != Encoding::Windows1252 && text[before..].starts_with(MARK) {
                text.replace_range(before..before + MARK.len_utf8(), "");
            }
        }
        // Other encodings were looked at as bytes already.
        if matches!(self.encoding, Encoding::Utf16le | Encoding::Utf16be) {
            super::super::encoding::refuse_nul(&text.as_bytes()[before..])?;
        }
        Ok(())
    }

    fn malformed(&self, at_end: bool) -> Error {
        Error::Input(match self.encoding {
            Encoding::Utf16le | Encoding::Utf16be if at_end => {
                "the file is cut off: UTF-16 text has an even number of bytes; upload it again".into()
            }
            Encoding::Utf16le | Encoding::Utf16be => {
                format!(
                    "byte {} is not valid UTF-16; save the file as UTF-8",
                    self.bytes.saturating_sub(2)
                )
            }
            _ => format!("byte {} is not valid text; save the file as UTF-8", self.bytes),
        })
    }
}
