//! Lines of a file, none of them so long that it fills the memory.

use std::io::{self, BufRead, Read};

/// Bytes of a line. An item of DynamoDB has 400 KB at most; written as JSON it is a few times as long.
pub const LONGEST_LINE: u64 = 16 << 20;

/// The next line, empty at the end; false: it was too long, and the rest of it is passed over.
pub fn next_line(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    Read::take(&mut *reader, LONGEST_LINE).read_until(b'\n', line)?;
    if line.ends_with(b"\n") || (line.len() as u64) < LONGEST_LINE {
        return Ok(true);
    }
    loop {
        let block = reader.fill_buf()?;
        let (used, is_over) = match block.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (block.len(), block.is_empty()),
        };
        reader.consume(used);
        if is_over {
            return Ok(false);
        }
    }
}
