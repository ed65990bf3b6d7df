//! What can be told from the beginning of a file before all of it is in memory: that its first line does not end, or that
//! it is no text. Whatever passes is read, and checked again as a whole.

use model::csv::{Records, Syntax};

use super::{ReadOptions, compression, dialect, encoding, refuse_other_formats, too_large};
use crate::error::Error;

/// Bytes that a beginning has: far more than any sound first line.
pub const HEAD_BYTES: usize = 16 << 20;

/// Looks at the first [`HEAD_BYTES`] of a file of that size.
///
/// # Errors
/// `Input` when the rest need not be read.
pub fn check_head(head: &[u8], size: u64, file_name: &str, options: &ReadOptions) -> Result<(), Error> {
    if size > options.limits.bytes {
        return Err(too_large(&options.limits));
    }
    refuse_other_formats(head)?;
    let is_whole = head.len() as u64 >= size;
    if is_whole || head.starts_with(b"PAR1") || compression::is_compressed(head) {
        return Ok(());
    }
    if encoding::is_utf16(head, options.encoding) {
        return Ok(());
    }
    encoding::refuse_nul(head)?;
    if !head.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(endless());
    }
    check_first_record(head, file_name, options)
}

/// Refuses a first record that is longer than the beginning: a quote that opens in it is never closed.
fn check_first_record(head: &[u8], file_name: &str, options: &ReadOptions) -> Result<(), Error> {
    // A character may be cut in two at the end, and other encodings are looked at as a whole.
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => match std::str::from_utf8(&head[..error.valid_up_to()]) {
            Ok(text) if head.len() - text.len() < 4 => text,
            _ => return Ok(()),
        },
    };
    let start = text.trim_start();
    if start.is_empty() {
        return Err(endless());
    }
    if start.starts_with(['{', '[']) {
        return Ok(());
    }
    let delimiter = dialect::delimiter(start, file_name, options)?;
    let syntax = Syntax::new(start, delimiter, options.quoting).bounded(options.limits.cell_bytes);
    let mut records = Records::new(start, syntax);
    records.next_record()?;
    if records.position() >= start.len() {
        return Err(endless());
    }
    Ok(())
}

fn endless() -> Error {
    Error::Input(format!(
        "the first line does not end within {} MiB; write one record a line, and look for a quote that is never closed",
        HEAD_BYTES >> 20
    ))
}
