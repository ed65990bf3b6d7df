//! Parquet through polars. Every column becomes the text that a CSV file would hold, or numbers as they are.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use model::{Column, Frame, InputKind};
use polars::prelude::{AnyValue, DataType, ParquetReader, SerReader, Series, TimeUnit};

use super::builder::ColumnBuilder;
use super::compression::RATIO_FROM_BYTES;
use super::{Compression, FileKind, FormatReport, Parsed, ReadOptions, names, show, too_large};
use crate::error::Error;

/// Largest whole number that f64 holds exactly together with all smaller ones.
const LARGEST_EXACT: i128 = 1 << 53;

/// Reads a Parquet file.
pub(super) fn parse(content: &[u8], options: &ReadOptions) -> Result<Parsed, Error> {
    // Damaged files make the library panic; the table is theirs, so that is their error and not ours.
    catch_unwind(AssertUnwindSafe(|| parse_unguarded(content, options)))
        .unwrap_or_else(|_| Err(damaged("its pages do not fit its schema")))
}

fn damaged(why: &str) -> Error {
    Error::Input(format!(
        "the Parquet file is damaged or of a kind that is not supported ({why}); write it again"
    ))
}

fn parse_unguarded(content: &[u8], options: &ReadOptions) -> Result<Parsed, Error> {
    let mut reader = ParquetReader::new(Cursor::new(content));
    let schema = reader.schema().map_err(|error| damaged(&error.to_string()))?;
    let rows = reader.num_rows().map_err(|error| damaged(&error.to_string()))?;
    let limits = &options.limits;
    let width = schema.len();
    if width > limits.columns {
        return Err(Error::Input(format!(
            "the table has {width} columns and {} are allowed",
            limits.columns
        )));
    }
    if (rows as u64).saturating_mul(width as u64) > limits.cells || rows >= u32::MAX as usize {
        return Err(Error::Input(format!(
            "the table has {rows} rows of {width} columns and {} cells are allowed; leave out rows or columns",
            limits.cells
        )));
    }
    let claimed = (rows as u64).saturating_mul(width as u64).saturating_mul(8);
    if claimed > RATIO_FROM_BYTES && claimed / content.len() as u64 > limits.ratio {
        return Err(damaged(&format!(
            "it says that it holds {rows} rows of {width} columns, in {} bytes",
            content.len()
        )));
    }
    if width == 0 {
        return Err(Error::Input("the table has no columns".into()));
    }
    let raw_names: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    let (names, notes) = names::unique(raw_names);
    let mut columns = Vec::with_capacity(width);
    // One column at a time: the memory of the whole table is never needed twice.
    for (index, name) in names.iter().enumerate() {
        let table = ParquetReader::new(Cursor::new(content))
            .with_projection(Some(vec![index]))
            .finish()
            .map_err(|error| damaged(&error.to_string()))?;
        let series = table
            .columns()
            .first()
            .ok_or_else(|| damaged("a column has no data"))?;
        columns.push(column(series.as_materialized_series(), name, rows, options)?);
    }
    let format = FormatReport {
        kind: FileKind::Parquet,
        delimiter: None,
        encoding: None,
        header: None,
        compression: Compression::None,
        bytes: 0,
        overridable: Vec::new(),
    };
    Ok(Parsed {
        frame: Frame { names, columns, rows },
        format,
        notes,
    })
}

fn column(series: &Series, name: &str, rows: usize, options: &ReadOptions) -> Result<Column, Error> {
    if series.len() != rows {
        return Err(damaged("its columns have different lengths"));
    }
    let forced = options.kinds.get(name).copied();
    let kind = series.dtype().clone();
    if is_number(&kind) && forced != Some(InputKind::Text) && !holds_large_integers(series) {
        let numbers = series
            .cast(&DataType::Float64)
            .map_err(|error| damaged(&error.to_string()))?;
        let numbers = numbers.f64().map_err(|error| damaged(&error.to_string()))?;
        return Ok(Column::Number(
            numbers.iter().map(|number| number.unwrap_or(f64::NAN)).collect(),
        ));
    }
    let mut cells: Vec<Option<String>> = Vec::with_capacity(rows);
    let mut bytes: u64 = 0;
    for value in series.iter() {
        let cell = text(&value).map_err(|what| {
            Error::Input(format!(
                "column {} holds {what} values, which cannot be used; turn them into numbers or text, or leave the \
                 column out",
                show(name)
            ))
        })?;
        if cell
            .as_ref()
            .is_some_and(|cell| cell.len() > options.limits.cell_bytes)
        {
            return Err(Error::Input(format!(
                "column {} holds a cell of more than {} bytes; shorten it",
                show(name),
                options.limits.cell_bytes
            )));
        }
        // One long value in a dictionary may stand in every row.
        bytes += cell.as_ref().map_or(0, |cell| cell.len() as u64);
        if bytes > options.limits.bytes {
            return Err(too_large(&options.limits));
        }
        cells.push(cell);
    }
    let mut builder = ColumnBuilder::new(name.to_owned(), forced);
    builder.push(0, || cells.iter().map(Option::as_deref))?;
    Ok(builder.finish())
}

fn is_number(kind: &DataType) -> bool {
    kind.is_primitive_numeric()
}

fn holds_large_integers(series: &Series) -> bool {
    if !series.dtype().is_integer() {
        return false;
    }
    series.iter().any(|value| {
        value
            .extract::<i128>()
            .is_some_and(|number| number.abs() > LARGEST_EXACT)
    })
}

/// The text of a value as a CSV file would hold it; the name of its type when it has none.
fn text(value: &AnyValue<'_>) -> Result<Option<String>, String> {
    let text = match value {
        AnyValue::Null => return Ok(None),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Boolean(flag) => flag.to_string(),
        AnyValue::Date(day) => date_text(i64::from(*day)),
        AnyValue::Datetime(ticks, unit, _) => datetime_text(*ticks, *unit),
        AnyValue::DatetimeOwned(ticks, unit, _) => datetime_text(*ticks, *unit),
        AnyValue::Float32(number) => number.to_string(),
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Categorical(..)
        | AnyValue::CategoricalOwned(..)
        | AnyValue::Enum(..)
        | AnyValue::EnumOwned(..) => value.get_str().unwrap_or("").to_owned(),
        AnyValue::Int8(_)
        | AnyValue::Int16(_)
        | AnyValue::Int32(_)
        | AnyValue::Int64(_)
        | AnyValue::UInt8(_)
        | AnyValue::UInt16(_)
        | AnyValue::UInt32(_)
        | AnyValue::UInt64(_)
        | AnyValue::Decimal(..)
        | AnyValue::Time(_) => value.to_string(),
        AnyValue::Duration(ticks, unit) => (*ticks as f64 / ticks_per_second(*unit) as f64).to_string(),
        other => return Err(other.dtype().to_string()),
    };
    Ok(Some(text))
}

fn ticks_per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1000,
    }
}

/// `2024-01-31 13:05:59`; fractions of a second are cut off.
fn datetime_text(ticks: i64, unit: TimeUnit) -> String {
    let seconds = ticks.div_euclid(ticks_per_second(unit));
    let second = seconds.rem_euclid(86_400);
    format!(
        "{} {:02}:{:02}:{:02}",
        date_text(seconds.div_euclid(86_400)),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// `2024-01-31` for days since 1970-01-01, in the proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", `civil_from_days`).
fn date_text(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
