//! Delimited text: our scan of the structure first, then polars slab by slab, then our typing of the cells.

use std::borrow::Cow;
use std::io::Cursor;
use std::sync::Arc;

use model::Frame;
use model::csv::{Record, Records, Syntax, fields};
use polars::prelude::{
    CsvEncoding, CsvParseOptions, CsvReadOptions, DataFrame, DataType, Field, Schema, SerReader,
};

use super::builder::ColumnBuilder;
use super::encoding::Encoding;
use super::{Compression, FileKind, FormatReport, Limits, Parsed, ReadOptions, dialect, names};
use crate::error::Error;

/// Text handed to polars at once: bounds the memory of its string columns.
const SLAB_BYTES: usize = 16 << 20;

/// Whole records of the text that are read at once.
#[derive(Clone, Copy, Debug, Default)]
struct Slab {
    start: usize,
    end: usize,
    rows: usize,
    is_plain: bool,
}

/// How a delimited text begins.
pub(super) struct Opening<'a> {
    /// Between fields.
    pub delimiter: u8,
    /// How fields are written.
    pub syntax: Syntax,
    /// Whether the first record names the columns.
    pub has_header: bool,
    /// The first record that is not blank.
    pub first: Record,
    /// Names of the columns, each once.
    pub names: Vec<String>,
    /// What people should know of the names.
    pub notes: Vec<String>,
    /// The records of the table, from its first row on.
    pub rows: Records<'a>,
}

/// Finds out how a text is written, and reads its header.
///
/// # Errors
/// For text that holds no table, or whose first record is beyond the limits.
pub(super) fn opening<'a>(
    text: &'a str,
    file_name: &str,
    options: &ReadOptions,
) -> Result<Opening<'a>, Error> {
    let delimiter = dialect::delimiter(text, file_name, options)?;
    let syntax = Syntax::new(text, delimiter, options.quoting).bounded(options.limits.cell_bytes);
    let has_header = dialect::has_header(text, syntax, options)?;
    let mut rows = Records::new(text, syntax);
    let first = loop {
        // Blank lines above the table are skipped; the caller has made sure that there is something.
        match rows.next_record()? {
            Some(record) if record.is_blank() => {}
            Some(record) => break record,
            None => {
                return Err(Error::Input(
                    "the file holds no table; upload a header and rows".into(),
                ));
            }
        }
    };
    check_record(&first, &first, &options.limits)?;
    let (names, notes) = if has_header {
        names::unique(fields(&text[first.start..first.end], syntax))
    } else {
        rows = rows.starting_at(&first);
        let numbered = (1..=first.fields).map(|number| format!("column_{number}"));
        let note = "The file has no header; columns are numbered.".to_owned();
        (numbered.collect(), vec![note])
    };
    Ok(Opening {
        delimiter,
        syntax,
        has_header,
        first,
        names,
        notes,
        rows,
    })
}

/// Reads delimited text.
pub(super) fn parse(
    text: &str,
    encoding: Encoding,
    file_name: &str,
    options: &ReadOptions,
) -> Result<Parsed, Error> {
    let Opening {
        delimiter,
        syntax,
        has_header,
        first,
        names,
        notes,
        rows: mut records,
    } = opening(text, file_name, options)?;
    let slabs = slabs(&mut records, &first, &options.limits)?;
    let rows = slabs.iter().map(|slab| slab.rows).sum();
    let mut builders: Vec<ColumnBuilder> = names
        .iter()
        .map(|name| ColumnBuilder::new(name.clone(), options.kinds.get(name).copied()))
        .collect();
    fill(&mut builders, &slabs, text, syntax, options.threads)?;
    let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
    let format = FormatReport {
        kind: FileKind::Csv,
        delimiter: Some(char::from(delimiter)),
        encoding: Some(encoding),
        header: Some(has_header),
        compression: Compression::None,
        bytes: 0,
        overridable: ["delimiter", "quoting", "header", "encoding"]
            .map(str::to_owned)
            .to_vec(),
    };
    Ok(Parsed {
        frame: Frame { names, columns, rows },
        format,
        notes,
    })
}

/// Cuts the rest of the text into slabs, and checks every record on the way.
fn slabs(records: &mut Records<'_>, first: &Record, limits: &Limits) -> Result<Vec<Slab>, Error> {
    let mut slabs = Vec::new();
    let mut slab = Slab {
        start: records.position(),
        is_plain: true,
        ..Slab::default()
    };
    let mut blanks: Option<Record> = None;
    let mut pending = 0;
    let mut rows: u64 = 0;
    while let Some(record) = records.next_record()? {
        // Blank lines at the end are no fault, and whether this is the end shows later.
        if record.is_blank() {
            blanks = blanks.or(Some(record));
            pending += 1;
            continue;
        }
        if let Some(blank) = blanks.take() {
            if first.fields > 1 && rows > 0 {
                return Err(Error::Input(format!(
                    "line {} is blank amid the table; remove it",
                    blank.line
                )));
            }
            if first.fields == 1 {
                // In a table of one column a blank line is a missing cell.
                rows += pending as u64;
                slab.rows += pending;
                slab.is_plain = false;
            } else {
                slab.start = record.start;
            }
            pending = 0;
        }
        check_record(&record, first, limits)?;
        rows += 1;
        if rows.saturating_mul(first.fields as u64) > limits.cells || rows >= u64::from(u32::MAX) {
            return Err(Error::Input(format!(
                "the table has more than {} cells, which is the limit; leave out rows or columns",
                limits.cells
            )));
        }
        slab.rows += 1;
        slab.end = records.position();
        slab.is_plain &= record.is_plain;
        if slab.end - slab.start >= SLAB_BYTES {
            slabs.push(slab);
            slab = Slab {
                start: slab.end,
                is_plain: true,
                ..Slab::default()
            };
        }
    }
    if slab.rows > 0 {
        slabs.push(slab);
    }
    Ok(slabs)
}

pub(super) fn check_record(record: &Record, first: &Record, limits: &Limits) -> Result<(), Error> {
    if record.fields > limits.columns {
        return Err(Error::Input(format!(
            "line {} has {} columns and {} are allowed; leave out columns, or choose another delimiter",
            record.line, record.fields, limits.columns
        )));
    }
    if record.longest > limits.cell_bytes {
        return Err(Error::Input(format!(
            "line {} has a cell of {} bytes and {} are allowed; shorten it, or look for a quote that is never closed",
            record.line, record.longest, limits.cell_bytes
        )));
    }
    Ok(record.check_width(first)?)
}

/// Reads all slabs into the builders; columns that turn out to be text late are read a second time.
fn fill(
    builders: &mut [ColumnBuilder],
    slabs: &[Slab],
    text: &str,
    syntax: Syntax,
    threads: usize,
) -> Result<(), Error> {
    let mut wanted: Vec<usize> = (0..builders.len()).collect();
    let width = builders.len();
    while !wanted.is_empty() {
        let mut row = 0;
        for slab in slabs {
            let table = read_slab(slab, text, syntax, width, &wanted)?;
            push_columns(builders, &wanted, &table, row, threads)?;
            row += slab.rows;
        }
        wanted.retain(|&column| builders[column].wants_restart());
        for &column in &wanted {
            builders[column].restart();
        }
    }
    Ok(())
}

/// One slab through polars, all columns as strings.
fn read_slab(
    slab: &Slab,
    text: &str,
    syntax: Syntax,
    width: usize,
    wanted: &[usize],
) -> Result<DataFrame, Error> {
    let raw = &text[slab.start..slab.end];
    // Polars would skip a byte order mark, and takes some letters behind an x for compressed data.
    let is_plain = slab.is_plain && !raw.starts_with(['x', '\u{feff}']);
    let content = if is_plain {
        Cow::Borrowed(raw)
    } else {
        Cow::Owned(rewrite(raw, syntax)?)
    };
    let name = |column: usize| format!("c{column}").into();
    let schema: Schema = (0..width)
        .map(|column| Field::new(name(column), DataType::String))
        .collect();
    let parse_options = CsvParseOptions::default()
        .with_separator(syntax.delimiter)
        .with_quote_char((syntax.quoting || !is_plain).then_some(b'"'))
        .with_encoding(CsvEncoding::Utf8)
        .with_missing_is_null(false);
    let projection = (wanted.len() < width).then(|| Arc::new(wanted.to_vec()));
    let table = CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(Arc::new(schema)))
        .with_infer_schema_length(Some(0))
        .with_projection(projection)
        .with_parse_options(parse_options)
        .into_reader_with_file_handle(Cursor::new(content.as_bytes()))
        .finish()
        .map_err(|error| Error::Internal(format!("polars cannot read the table: {error}")))?;
    if table.height() != slab.rows || table.width() != wanted.len() {
        return Err(Error::Internal(format!(
            "polars read {} rows of {} columns where {} of {} were counted",
            table.height(),
            table.width(),
            slab.rows,
            wanted.len()
        )));
    }
    Ok(table)
}

/// The same records with every field quoted and line feeds at their ends: the form that polars reads as we do.
fn rewrite(raw: &str, syntax: Syntax) -> Result<String, Error> {
    let mut records = Records::new(raw, syntax);
    let mut content = String::with_capacity(raw.len() * 5 / 4);
    while let Some(record) = records.next_record()? {
        for (index, field) in fields(&raw[record.start..record.end], syntax).iter().enumerate() {
            if index > 0 {
                content.push(char::from(syntax.delimiter));
            }
            content.push('"');
            content.push_str(&field.replace('"', "\"\""));
            content.push('"');
        }
        content.push('\n');
    }
    Ok(content)
}

/// Types the columns of one slab, on several threads.
fn push_columns(
    builders: &mut [ColumnBuilder],
    wanted: &[usize],
    table: &DataFrame,
    first_row: usize,
    threads: usize,
) -> Result<(), Error> {
    let mut work = Vec::with_capacity(wanted.len());
    let mut is_wanted = vec![false; builders.len()];
    for &column in wanted {
        is_wanted[column] = true;
    }
    let chosen = builders
        .iter_mut()
        .enumerate()
        .filter(|(column, _)| is_wanted[*column]);
    for ((_, builder), series) in chosen.zip(table.columns()) {
        let cells = series
            .str()
            .map_err(|error| Error::Internal(format!("polars gave no strings: {error}")))?;
        work.push((builder, cells));
    }
    let share = work.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for part in work.chunks_mut(share) {
            running.push(scope.spawn(move || -> Result<(), Error> {
                for (builder, cells) in part {
                    builder.push(first_row, || cells.iter())?;
                }
                Ok(())
            }));
        }
        for thread in running {
            thread
                .join()
                .map_err(|_| Error::Internal("typing a column panicked".into()))??;
        }
        Ok(())
    })
}
