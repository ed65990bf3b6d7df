//! The structure of delimited text: where its records end and how many fields they have. Where polars reads the cells, this
//! runs first, so that every fault of the file has a line number and polars only sees input that it reads as we mean it.

use std::borrow::Cow;

use super::Fault;

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// Field separator.
    pub delimiter: u8,
    /// Whether `"` encloses fields.
    pub quoting: bool,
    /// Whether a carriage return alone ends a record (old Mac files: no line feed anywhere).
    pub returns: bool,
    /// A quoted field that is longer is not followed to its end.
    pub cell_bytes: usize,
}

impl Syntax {
    /// The syntax with that separator, with the line ends of the text.
    pub fn new(text: &str, delimiter: u8, quoting: bool) -> Self {
        Self {
            delimiter,
            quoting,
            returns: !text.as_bytes().contains(&b'\n'),
            cell_bytes: usize::MAX,
        }
    }

    /// The same with a bound on quoted fields.
    pub fn bounded(self, cell_bytes: usize) -> Self {
        Self { cell_bytes, ..self }
    }
}

/// One record: a range of the text.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// First byte.
    pub start: usize,
    /// Behind the last byte, without the line end.
    pub end: usize,
    /// Number of fields, at least 1.
    pub fields: usize,
    /// Line number of its first byte, from 1.
    pub line: usize,
    /// Length of the longest field as written.
    pub longest: usize,
    /// True when polars reads this record just as we do.
    pub is_plain: bool,
}

impl Record {
    /// Refuses a record that has more or fewer fields than the first one.
    ///
    /// # Errors
    /// Naming both lines.
    pub fn check_width(&self, first: &Self) -> Result<(), Fault> {
        if self.fields == first.fields {
            return Ok(());
        }
        Err(Fault(format!(
            "line {} has {} fields and line {} has {}; make them equal, quote cells that hold the delimiter, or choose \
             another delimiter",
            self.line, self.fields, first.line, first.fields
        )))
    }

    /// True for a line without any character.
    pub fn is_blank(&self) -> bool {
        self.start == self.end
    }
}

/// Walks over the records of a text.
pub struct Records<'a> {
    bytes: &'a [u8],
    syntax: Syntax,
    position: usize,
    line: usize,
}

impl<'a> Records<'a> {
    /// Starts at the first byte.
    pub fn new(text: &'a str, syntax: Syntax) -> Self {
        Self {
            bytes: text.as_bytes(),
            syntax,
            position: 0,
            line: 1,
        }
    }

    /// The same walk, starting at a record found before.
    pub fn starting_at(self, record: &Record) -> Self {
        Self {
            position: record.start,
            line: record.line,
            ..self
        }
    }

    /// The same walk, its first byte being on that line.
    pub fn on_line(self, line: usize) -> Self {
        Self { line, ..self }
    }

    /// Line number of the next record.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Offset behind the last record and its line end; at a fault, behind what was looked at.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The next record; `None` at the end of the text.
    ///
    /// # Errors
    /// For a quote that is never closed or not in time, or text behind a closing quote.
    pub fn next_record(&mut self) -> Result<Option<Record>, Fault> {
        if self.position >= self.bytes.len() {
            return Ok(None);
        }
        let start = self.position;
        let mut record = Record {
            start,
            end: start,
            fields: 1,
            line: self.line,
            longest: 0,
            is_plain: !self.syntax.returns,
        };
        loop {
            let field_start = self.position;
            if self.syntax.quoting && self.bytes.get(field_start) == Some(&b'"') {
                self.skip_quoted()?;
                self.check_behind_quote()?;
            } else {
                record.is_plain &= self.skip_bare();
            }
            record.longest = record.longest.max(self.position - field_start);
            record.end = self.position;
            match self.bytes.get(self.position) {
                Some(&byte) if byte == self.syntax.delimiter => {
                    self.position += 1;
                    record.fields += 1;
                }
                _ => break,
            }
        }
        self.skip_line_end();
        self.line += 1;
        Ok(Some(record))
    }

    /// From an opening quote to behind its closing quote.
    fn skip_quoted(&mut self) -> Result<(), Fault> {
        let opened_on = self.line;
        let opened_at = self.position;
        self.position += 1;
        loop {
            if self.position - opened_at > self.syntax.cell_bytes.saturating_add(2) {
                return Err(Fault(format!(
                    "line {opened_on} has a cell of more than {} bytes; shorten it, or look for a quote that is never closed",
                    self.syntax.cell_bytes
                )));
            }
            match self.bytes.get(self.position) {
                None => {
                    return Err(Fault(format!(
                        "the quote that opens on line {opened_on} is never closed; close it, or read the file without quotes"
                    )));
                }
                Some(b'"') if self.bytes.get(self.position + 1) == Some(&b'"') => self.position += 2,
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(byte) => {
                    self.line += usize::from(*byte == b'\n' || (*byte == b'\r' && self.syntax.returns));
                    self.position += 1;
                }
            }
        }
    }

    fn check_behind_quote(&self) -> Result<(), Fault> {
        match self.bytes.get(self.position) {
            None | Some(b'\n') => Ok(()),
            Some(b'\r') if self.ends_line(self.position) => Ok(()),
            Some(&byte) if byte == self.syntax.delimiter => Ok(()),
            Some(_) => Err(Fault(format!(
                "line {} has text behind a closing quote; write a quote inside a field as two quotes, or read the file without quotes",
                self.line
            ))),
        }
    }

    /// To the end of an unquoted field. False when it holds what polars would take for structure.
    fn skip_bare(&mut self) -> bool {
        let mut is_plain = true;
        while let Some(&byte) = self.bytes.get(self.position) {
            if byte == self.syntax.delimiter || byte == b'\n' {
                break;
            }
            if byte == b'\r' {
                if self.ends_line(self.position) {
                    break;
                }
                is_plain = false;
            }
            is_plain &= byte != b'"';
            self.position += 1;
        }
        is_plain
    }

    /// True when the carriage return at that place belongs to a line end.
    fn ends_line(&self, position: usize) -> bool {
        self.syntax.returns || matches!(self.bytes.get(position + 1), None | Some(b'\n'))
    }

    fn skip_line_end(&mut self) {
        if self.bytes.get(self.position) == Some(&b'\r') {
            self.position += 1;
        }
        if self.bytes.get(self.position) == Some(&b'\n') {
            self.position += 1;
        }
    }
}

/// The fields of one record, without their quotes.
pub fn fields(record: &str, syntax: Syntax) -> Vec<String> {
    let mut fields = Vec::new();
    each_field(record, syntax, |field| fields.push(field.into_owned()));
    fields
}

/// Hands over the fields of one record in turn, without their quotes.
pub fn each_field<'a>(record: &'a str, syntax: Syntax, mut take: impl FnMut(Cow<'a, str>)) {
    let bytes = record.as_bytes();
    let mut position = 0;
    loop {
        let start = position;
        if syntax.quoting && bytes.get(position) == Some(&b'"') {
            let mut has_quotes = false;
            position += 1;
            while position < bytes.len() {
                if bytes[position] == b'"' {
                    if bytes.get(position + 1) != Some(&b'"') {
                        break;
                    }
                    has_quotes = true;
                    position += 1;
                }
                position += 1;
            }
            let field = &record[start + 1..position];
            take(match has_quotes {
                true => Cow::Owned(field.replace("\"\"", "\"")),
                false => Cow::Borrowed(field),
            });
            position += 1;
        } else {
            while position < bytes.len() && bytes[position] != syntax.delimiter {
                position += 1;
            }
            take(Cow::Borrowed(&record[start..position]));
        }
        if position >= bytes.len() {
            return;
        }
        position += 1;
    }
}
