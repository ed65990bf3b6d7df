//! A sample says what the whole table says.

use std::io::{self, Cursor, Read, Write as _};

use super::*;
use crate::profile::{Options, Profile, profile, profile_sampled};

/// 20,000 rows of a number, a number with blanks, a text, and a number that is a text in the last row.
fn table() -> Vec<u8> {
    let mut text = String::from("row,\"some, times\",word,late\n");
    for row in 0..20_000 {
        let some = match row % 7 {
            0 => String::new(),
            1 => "0".to_owned(),
            _ => format!("{}", f64::from(row % 1_000) / 8.0),
        };
        let late = if row == 19_999 {
            "\"the\nend\"".to_owned()
        } else {
            row.to_string()
        };
        text += &format!("{row},{some},word {},{late}\n", row % 50);
    }
    text.into_bytes()
}

fn within(bytes: &[u8], memory_bytes: u64) -> Sampled {
    read_bytes(bytes, &ReadOptions::default(), memory_bytes).expect("a table")
}

fn read_bytes(bytes: &[u8], options: &ReadOptions, memory_bytes: u64) -> Result<Sampled, Error> {
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(bytes.to_vec()))) };
    let source = Source {
        open: &open,
        size: bytes.len() as u64,
        file_name: "data.csv",
        whole: &options.limits,
    };
    read_within(&source, options, memory_bytes)
}

/// Missing numbers are not equal to themselves, their bytes are.
fn bytes_of(table: &Table) -> Vec<u8> {
    postcard::to_stdvec(table).expect("it is written")
}

fn profiled(sampled: &Sampled) -> Profile {
    let options = Options {
        target: None,
        threads: 1,
    };
    profile_sampled(sampled, &options).expect("a profile")
}

#[test]
fn what_fits_is_read_whole() {
    let bytes = table();
    let expected = read(&bytes, "data.csv", &ReadOptions::default()).expect("a table");
    for memory in [1 << 30, 8 << 20] {
        let sampled = within(&bytes, memory);
        assert!(sampled.totals.is_none());
        assert!(bytes_of(&sampled.table) == bytes_of(&expected), "{memory}");
    }
}

#[test]
fn a_sample_is_even_and_knows_the_figures_of_all_rows() {
    let bytes = table();
    let whole = read(&bytes, "data.csv", &ReadOptions::default()).expect("a table");
    let options = Options {
        target: None,
        threads: 1,
    };
    let expected = profile(&whole, &options).expect("a profile");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&bytes).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    for (bytes, memory_bytes) in [(&bytes, 1 << 20), (&bytes, 1 << 18), (&packed, 1 << 20)] {
        let sampled = within(bytes, memory_bytes);
        let kept = sampled.table.frame.rows as u64;
        // At least a quarter of what is allowed, for it is thinned by half when it is full.
        assert!(
            kept * 32 <= memory_bytes / 4 && kept * 32 * 8 > memory_bytes / 4,
            "{kept}"
        );
        let Column::Number(rows) = &sampled.table.frame.columns[0] else {
            panic!("row is a number")
        };
        let mean = rows.iter().sum::<f64>() / kept as f64;
        // Four standard errors of a uniform draw.
        assert!(
            (mean - 10_000.0).abs() < 4.0 * 5_774.0 / (kept as f64).sqrt(),
            "{mean}"
        );
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "in their order");
        let again = within(bytes, memory_bytes).table;
        assert!(bytes_of(&sampled.table) == bytes_of(&again), "always the same");
        assert_eq!(sampled.table.format.delimiter, whole.format.delimiter);
        assert_eq!(sampled.table.format.bytes, bytes.len() as u64);
        let told = read(bytes, "data.csv", &ReadOptions::default()).expect("a table");
        assert_eq!(sampled.table.sha256, told.sha256);
        assert_eq!(sampled.table.format, told.format);

        let profile = profiled(&sampled);
        assert_eq!(profile.sampled_rows, Some(kept as usize));
        assert_eq!(profile.rows, 20_000);
        assert!(
            profile
                .warnings
                .iter()
                .any(|warning| warning.contains("of its 20000 rows"))
        );
        for (column, expected) in profile.columns.iter().zip(&expected.columns) {
            assert_eq!((&column.name, column.missing), (&expected.name, expected.missing));
            match (&column.numbers, &expected.numbers) {
                (Some(numbers), Some(expected)) => {
                    assert_eq!((numbers.min, numbers.max), (expected.min, expected.max));
                    assert_eq!(
                        (numbers.zeros, numbers.infinite),
                        (expected.zeros, expected.infinite)
                    );
                    let close = |left: Option<f64>, right: Option<f64>| {
                        let (left, right) = (left.expect("defined"), right.expect("defined"));
                        (left - right).abs() <= 1e-9 * right.abs()
                    };
                    assert!(close(numbers.mean, expected.mean) && close(numbers.sd, expected.sd));
                }
                (numbers, expected) => assert_eq!(numbers, expected, "{}", column.name),
            }
        }
    }
}

/// What a file that is no table is told.
fn refused(bytes: &[u8], limits: Limits, memory_bytes: u64) -> String {
    let options = ReadOptions {
        limits,
        ..ReadOptions::default()
    };
    read_bytes(bytes, &options, memory_bytes)
        .expect_err("no table")
        .to_string()
}

/// Looked at before it is read as a table, however much memory there is.
#[test]
fn a_line_that_does_not_end_is_told_of() {
    let bytes = vec![b'x'; HEAD_BYTES + 1];
    for memory in [8 << 20, 16 << 30] {
        let told = refused(&bytes, Limits::default(), memory);
        assert!(told.contains("does not end within"), "{told}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_told_of_as_in_a_small_file() {
    let bytes = [b"a,b\n1,\"".to_vec(), b"x,y\n".repeat(4 << 20)].concat();
    let told = refused(&bytes, Limits::default(), 8 << 20);
    assert!(told.contains("a cell of more than"), "{told}");
}

/// Parquet has its index at its end and is read whole, or not at all.
#[test]
fn a_parquet_file_beyond_the_memory_is_refused_by_its_size_alone() {
    let mut bytes = vec![0; 2 << 20];
    bytes[..4].copy_from_slice(b"PAR1");
    let told = refused(&bytes, Limits::within(1 << 20), 1 << 20);
    assert!(told.contains("more than"), "{told}");
}
