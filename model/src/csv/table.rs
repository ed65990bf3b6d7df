//! A small table that is all there: comma-separated UTF-8 whose first line names the columns.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Fault;
use super::records::{Record, Records, Syntax, each_field, fields};

/// Columns of a table; more are a mistake, or an attempt to take memory.
const COLUMNS: usize = 50_000;

/// A table whose records were all checked.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// Names of the columns, all different, without blanks around them.
    pub names: Vec<String>,
    /// Rows of the text.
    pub rows: usize,
    text: &'a str,
    syntax: Syntax,
    /// The first rows, as many as were wanted.
    records: Vec<Record>,
}

impl<'a> Table<'a> {
    /// Reads the header, and checks all records; the cells of the first `keep` rows can be asked for.
    ///
    /// # Errors
    /// For bytes that are no text, text without a header, columns without a name or with one name, and rows of another length.
    pub fn read(bytes: &'a [u8], keep: usize) -> Result<Self, Fault> {
        let text = text(bytes)?;
        let syntax = Syntax::new(text, b',', true);
        let mut records = Records::new(text, syntax);
        let first = loop {
            match records.next_record()? {
                Some(record) if record.is_blank() => {}
                Some(record) => break record,
                None => {
                    return Err(Fault(
                        "the text holds no table; send a header and rows".to_owned(),
                    ));
                }
            }
        };
        if first.fields > COLUMNS {
            return Err(Fault(format!(
                "line {} has {} columns and {COLUMNS} are allowed; leave out columns",
                first.line, first.fields
            )));
        }
        let names = names(fields(&text[first.start..first.end], syntax), first.line)?;
        let mut table = Self {
            names,
            rows: 0,
            text,
            syntax,
            records: Vec::new(),
        };
        table.take(&mut records, &first, keep)?;
        Ok(table)
    }

    /// Walks over the rows. Blank lines at the end are no fault; in a table of one column those before it are missing cells.
    fn take(&mut self, records: &mut Records<'_>, first: &Record, keep: usize) -> Result<(), Fault> {
        let mut blanks: Vec<Record> = Vec::new();
        let mut blank_count = 0;
        while let Some(record) = records.next_record()? {
            if record.is_blank() {
                if blanks.len() < keep {
                    blanks.push(record);
                }
                blank_count += 1;
                continue;
            }
            if first.fields > 1 {
                if let (Some(blank), true) = (blanks.first(), self.rows > 0) {
                    return Err(Fault(format!(
                        "line {} is blank amid the table; remove it",
                        blank.line
                    )));
                }
                // Those above the first row are skipped.
                blanks.clear();
                blank_count = 0;
            }
            record.check_width(first)?;
            self.rows += blank_count + 1;
            blank_count = 0;
            blanks.push(record);
            let free = keep - self.records.len();
            self.records.extend(blanks.drain(..).take(free));
        }
        Ok(())
    }

    /// The cells of a row that was kept, in the order of the names.
    pub fn cells(&self, row: usize, cells: &mut Vec<Cow<'a, str>>) {
        let record = self.records[row];
        cells.clear();
        each_field(&self.text[record.start..record.end], self.syntax, |cell| {
            cells.push(cell);
        });
    }
}

/// UTF-8 without its mark and without NUL.
fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let line = |offset: usize| 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count();
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        return Err(Fault(format!(
            "line {} holds a NUL byte, so this is no text",
            line(offset)
        )));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => Err(Fault(format!(
            "line {} is not UTF-8; send the text in that encoding",
            line(error.valid_up_to())
        ))),
    }
}

fn names(raw: Vec<String>, line: usize) -> Result<Vec<String>, Fault> {
    let mut names = Vec::with_capacity(raw.len());
    let mut seen = HashSet::new();
    for (position, name) in raw.into_iter().enumerate() {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Fault(format!(
                "line {line}: column {} has no name; give it one",
                position + 1
            )));
        }
        if !seen.insert(name.clone()) {
            return Err(Fault(format!(
                "line {line}: two columns are called `{name}`; leave one of them out"
            )));
        }
        names.push(name);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{cell, field};
    use super::*;

    fn rows(text: &[u8]) -> Result<Vec<Vec<String>>, String> {
        let table = Table::read(text, 100).map_err(|fault| fault.0)?;
        let mut all = vec![table.names.clone()];
        let mut cells = Vec::new();
        for row in 0..table.rows {
            table.cells(row, &mut cells);
            all.push(cells.iter().map(ToString::to_string).collect());
        }
        Ok(all)
    }

    #[test]
    fn tables_and_what_is_none() {
        for (text, expected) in [
            (&b"a,b\n1,x\n"[..], "a|b 1|x"),
            (b"\xef\xbb\xbfa, b \r\n1,\"x,\"\"y\"\"\"\r\n", "a|b 1|x,\"y\""),
            (b"\n\na,b\n,\n\n\n", "a|b |"),
            (b"a\n1\n\n2\n\n", "a 1  2"),
            (b"a,b\n", "a|b"),
            (b"a,b", "a|b"),
        ] {
            let found = rows(text).unwrap_or_else(|fault| panic!("{fault}"));
            let lines: Vec<String> = found.iter().map(|row| row.join("|")).collect();
            assert_eq!(lines.join(" "), expected);
        }
        for (text, expected) in [
            (&b""[..], "no table"),
            (b"\n\r\n", "no table"),
            (b"\xef\xbb\xbf", "no table"),
            (b"a,b\n1\n", "line 2 has 1 fields and line 1 has 2"),
            (b"a,b\n1,2\n\n3,4\n", "line 3 is blank"),
            (b"a,a\n1,2\n", "two columns are called `a`"),
            (b"a, a\n1,2\n", "two columns are called `a`"),
            (b"a,,b\n1,2,3\n", "column 2 has no name"),
            (b"a,b\n1,x\0y\n", "line 2 holds a NUL byte"),
            (b"a,b\n1,\xe4\n", "line 2 is not UTF-8"),
            (b"a,b\n1,\"x\n", "never closed"),
            (b"a,b\n1,\"x\"y\n", "behind a closing quote"),
        ] {
            let found = rows(text).expect_err(expected);
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn rows_beyond_the_wanted_are_counted_only() {
        let text = "a\n".to_owned() + &"\n1\n".repeat(50);
        let table = Table::read(text.as_bytes(), 10).expect("a table");
        assert_eq!((table.rows, table.records.len()), (100, 10));
        let wide = ",".repeat(COLUMNS);
        assert!(Table::read(wide.as_bytes(), 10).is_err());
    }

    proptest! {
        /// What is written is read back: raw as it was, and else with a mark where a spreadsheet would calculate.
        #[test]
        fn cells_survive(lines in prop::collection::vec(prop::collection::vec(any::<String>(), 2), 0..6)) {
            let lines: Vec<Vec<String>> = lines
                .into_iter()
                .map(|line| line.into_iter().map(|cell| cell.replace('\0', "")).collect())
                .collect();
            for raw in [true, false] {
                let mut text = "a,b\n".to_owned();
                for line in &lines {
                    let written: Vec<String> = line.iter().map(|text| cell(text, raw)).collect();
                    text.push_str(&written.join(","));
                    text.push('\n');
                }
                let read = rows(text.as_bytes()).expect("a table");
                prop_assert_eq!(read.len(), lines.len() + 1);
                for (read, line) in read[1..].iter().zip(&lines) {
                    for (read, wanted) in read.iter().zip(line) {
                        let marked = !raw && cell(wanted, false) != field(wanted);
                        prop_assert_eq!(read, &if marked { format!("'{wanted}") } else { wanted.clone() });
                        prop_assert!(raw || crate::value::parse_number(read).is_some() || !read.trim().starts_with(['=', '+', '-', '@']));
                    }
                }
            }
        }

        #[test]
        fn numbers_survive(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            let mut text = String::new();
            super::super::number(&mut text, value);
            prop_assert!(value.is_nan() || text.parse() == Ok(value), "{value} as {text}");
        }
    }
}
