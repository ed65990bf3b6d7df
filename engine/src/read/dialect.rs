//! Detection of the field separator and of the header, from the first records.

use model::csv::{Records, Syntax, fields};
use model::value;

use super::ReadOptions;
use crate::error::Error;

/// Bytes looked at.
const SAMPLE_BYTES: usize = 1 << 20;
/// Records looked at.
const SAMPLE_RECORDS: usize = 200;
/// Candidates; of equally consistent ones the first wins, since a comma is the likeliest to occur inside cells.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// The separator: as fixed, else the candidate that cuts the most records into as many fields as the header has.
pub(super) fn delimiter(text: &str, file_name: &str, options: &ReadOptions) -> Result<u8, Error> {
    if let Some(fixed) = options.delimiter {
        let byte = u8::try_from(fixed).ok().filter(u8::is_ascii);
        let usable = byte.filter(|byte| !matches!(byte, b'"' | b'\n' | b'\r' | 0));
        return usable.ok_or_else(|| {
            Error::Input(format!(
                "{fixed:?} cannot separate fields; use one ASCII character such as , ; | or a tab"
            ))
        });
    }
    let mut best = (b',', 0.0);
    for candidate in DELIMITERS {
        let mut score = consistency(text, candidate, options.quoting);
        let is_hinted = candidate == b'\t' && file_name.to_ascii_lowercase().contains(".tsv");
        if is_hinted && score > 0.0 {
            score += 0.05;
        }
        if score > best.1 {
            best = (candidate, score);
        }
    }
    Ok(best.0)
}

/// Share of the sampled records with as many fields as the first, or 0 when the first has one field only.
fn consistency(text: &str, delimiter: u8, quoting: bool) -> f64 {
    let sample = sample(text);
    let mut records = Records::new(sample, Syntax::new(text, delimiter, quoting));
    let (mut expected, mut same, mut all) = (0, 0, 0);
    while all < SAMPLE_RECORDS {
        let record = match records.next_record() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            // A quote that is open at the end of the sample may be closed behind it; any other fault rules this out.
            Err(_) if sample.len() < text.len() && all > 0 => break,
            Err(_) => {
                return if all > 5 {
                    0.5 * f64::from(same) / f64::from(all as u32 + 1)
                } else {
                    0.0
                };
            }
        };
        let is_cut_off = sample.len() < text.len() && records.position() >= sample.len() && all > 0;
        if record.is_blank() || is_cut_off {
            continue;
        }
        if all == 0 {
            expected = record.fields;
        }
        all += 1;
        same += u32::from(record.fields == expected);
    }
    if expected < 2 || all == 0 {
        0.0
    } else {
        f64::from(same) / all as f64
    }
}

/// The start of the text, cut between characters.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether the first record holds names: as fixed, else by looking for columns whose first cell is a number like the
/// cells below it. Without any number in the first record it is a header.
pub(super) fn has_header(text: &str, syntax: Syntax, options: &ReadOptions) -> Result<bool, Error> {
    if let Some(fixed) = options.header {
        return Ok(fixed);
    }
    let mut records = Records::new(text, syntax);
    let Some(first) = records.next_record()? else {
        return Ok(true);
    };
    let first = fields(&text[first.start..first.end], syntax);
    if first.iter().any(|cell| options.kinds.contains_key(cell.trim())) || counts_up(&first) {
        return Ok(true);
    }
    let mut numbers = vec![0_usize; first.len()];
    let mut filled = vec![0_usize; first.len()];
    for _ in 0..SAMPLE_RECORDS {
        let Some(record) = records.next_record()? else {
            break;
        };
        if record.end - record.start > SAMPLE_BYTES {
            break;
        }
        for (column, cell) in fields(&text[record.start..record.end], syntax)
            .iter()
            .enumerate()
            .take(first.len())
        {
            let is_filled = !value::is_missing(value::trim_blanks(cell));
            filled[column] += usize::from(is_filled);
            numbers[column] += usize::from(is_filled && value::parse_number(cell).is_some());
        }
    }
    let is_data = |column: usize, cell: &String| {
        value::parse_number(cell).is_some_and(f64::is_finite) && numbers[column] * 2 > filled[column]
    };
    Ok(!first
        .iter()
        .enumerate()
        .any(|(column, cell)| is_data(column, cell)))
}

/// True for names such as 0, 1, 2 (a table saved without names) or 1990, 1995, 2000: whole numbers in equal steps.
fn counts_up(cells: &[String]) -> bool {
    let mut numbers = Vec::new();
    for cell in cells {
        match value::parse_number(cell) {
            Some(number) if number.fract() == 0.0 && !cell.contains('.') => numbers.push(number),
            Some(_) => return false,
            None => {}
        }
    }
    let Some(step) = numbers.get(1).map(|second| second - numbers[0]) else {
        return false;
    };
    let is_even = numbers.windows(2).all(|pair| pair[1] - pair[0] == step);
    is_even && ((numbers[0] == 0.0 && step == 1.0) || (numbers.len() >= 4 && step > 0.0))
}
