//! Files that are made to hurt: each ends with an error that a person can use, before it costs memory or time.

use std::io::Write;
use std::time::{Duration, Instant};

use super::{HEAD_BYTES, Limits, ReadOptions, check_head, read};

/// Far more than any of these takes, on a busy machine and unoptimised.
const SOON: Duration = Duration::from_secs(20);

fn refusal(bytes: &[u8]) -> String {
    let began = Instant::now();
    let error = read(bytes, "bomb", &ReadOptions::default()).expect_err("a bomb is no table");
    assert!(began.elapsed() < SOON, "{:?}: {error}", began.elapsed());
    assert!(matches!(error, crate::Error::Input(_)), "{error:?}");
    error.to_string()
}

/// As the beginning of a file of 4 GiB.
fn head_refusal(head: &[u8]) -> String {
    let refused = check_head(head, 4 << 30, "bomb.csv", &ReadOptions::default());
    refused.expect_err("it need not be read to its end").to_string()
}

fn gzip(parts: &[(&[u8], usize)]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for (part, times) in parts {
        for _ in 0..*times {
            packer.write_all(part).expect("gzip");
        }
    }
    packer.finish().expect("gzip")
}

#[test]
fn a_beginning_tells_what_need_not_be_read() {
    let line = vec![b'x'; HEAD_BYTES];
    assert!(head_refusal(&line).contains("does not end within 16 MiB"));
    let mut open = b"a,b\n".repeat(HEAD_BYTES / 4);
    open[0] = b'"';
    assert!(head_refusal(&open).contains("a quote that is never closed"));
    let mut binary = b"a,b\n".repeat(HEAD_BYTES / 4);
    binary[400] = 0;
    assert!(head_refusal(&binary).contains("line 101 holds a NUL byte"));
    assert!(head_refusal(&vec![b' '; HEAD_BYTES]).contains("does not end"));
    assert!(head_refusal(b"PK\x03\x04").contains("zip archive"));
    let small = ReadOptions {
        limits: Limits::within(1 << 30),
        ..ReadOptions::default()
    };
    let refused = check_head(b"a,b\n", 900 << 20, "bomb.csv", &small).expect_err("it does not fit");
    assert!(refused.to_string().contains("more than 768 MiB"), "{refused}");
    for good in [
        b"a,b\n1,2\n".repeat(HEAD_BYTES / 8),
        b"{\"a\":1}\n".repeat(HEAD_BYTES / 8),
    ] {
        check_head(&good, 4 << 30, "good.csv", &ReadOptions::default()).expect("it may be a table");
    }
    // A character that is cut in two at the end is no fault.
    let mut cut = "é,b\n".repeat(HEAD_BYTES / 5).into_bytes();
    cut.push(0xc3);
    check_head(&cut, 4 << 30, "good.csv", &ReadOptions::default()).expect("it may be a table");
}

#[test]
fn packed_bombs_are_not_unpacked_to_their_end() {
    let zeros = vec![b'0'; 1 << 20];
    assert!(refusal(&gzip(&[(&zeros, 400)])).contains("does not end within"));
    let lines = b"1,2\n".repeat(1 << 18);
    let mut packed = Vec::new();
    let mut packer = zstd::Encoder::new(&mut packed, 1).expect("zstd");
    for _ in 0..400 {
        packer.write_all(&lines).expect("zstd");
    }
    packer.finish().expect("zstd");
    assert!(refusal(&packed).contains("times its size"));
    let inner = gzip(&[(b"a,b\n", 9)]);
    assert!(refusal(&gzip(&[(&inner, 1)])).contains("compressed twice"));
}

#[test]
fn too_many_columns_are_refused_at_the_first_one_too_many() {
    let names: Vec<String> = (0..1_000_000).map(|number| format!("c{number}")).collect();
    let csv = format!("{}\n{}\n", names.join(","), "1,".repeat(999_999) + "1");
    assert!(refusal(csv.as_bytes()).contains("has 1000000 columns and 50000 are allowed"));
    let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":1")).collect();
    let json = format!("{{{}}}\n", members.join(","));
    assert!(refusal(json.as_bytes()).contains("line 1: more than 50000 different keys"));
}

#[test]
fn cells_without_an_end_are_refused() {
    let mut open = b"a,b\n1,\"".to_vec();
    open.extend(b"x,y\n".repeat(1 << 20));
    let message = refusal(&open);
    assert!(message.contains("line 2 has a cell of more than"), "{message}");
    let deep = format!("{{\"a\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refusal(deep.as_bytes()).contains("line 1 is not one JSON object (recursion limit"));
    let wide = format!("{{\"a\":[{}1]}}\n", "1,".repeat(4 << 20));
    assert!(refusal(wide.as_bytes()).contains("line 1: the value of a is longer than"));
    let open = format!("{{\"a\":\"{}\n", "x".repeat(8 << 20));
    assert!(refusal(open.as_bytes()).contains("line 1 is not one JSON object"));
}

#[test]
fn a_key_that_stands_twice_gives_one_cell() {
    let text = "{\"a\":1,\"a\":2}\n{\"a\":{\"b\": [1, 2]}}\n";
    let table = read(text.as_bytes(), "a.jsonl", &ReadOptions::default()).expect("a table");
    assert_eq!(table.frame.rows, 2);
    let model::Column::Text { codes, dictionary } = &table.frame.columns[0] else {
        panic!("not text")
    };
    assert_eq!(
        (codes.as_slice(), dictionary.as_slice()),
        (&[0, 1][..], &["2".to_owned(), "{\"b\":[1,2]}".to_owned()][..])
    );
}

/// A Parquet file of 77 rows whose footer says something else.
fn lying(rows: i64) -> Vec<u8> {
    use polars::prelude::*;
    let values: Vec<i64> = (0..77).collect();
    let mut frame = DataFrame::new(77, vec![Column::new("a".into(), values)]).expect("a frame");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .finish(&mut frame)
        .expect("written");
    let length = bytes.len() - 8;
    let footer = u32::from_le_bytes(bytes[length..length + 4].try_into().expect("four bytes")) as usize;
    let footer = bytes.split_off(length - footer);
    // Thrift's compact form: a 64-bit number is 0x16, then the number itself.
    let mut forged = Vec::new();
    let (mut place, mut lies) = (0, 0);
    while place < footer.len() - 8 {
        if footer[place..].starts_with(&[0x16, 154, 1]) {
            forged.push(0x16);
            forged.extend(varint((rows as u64) << 1));
            place += 3;
            lies += 1;
        } else {
            forged.push(footer[place]);
            place += 1;
        }
    }
    assert!(lies > 0, "nothing was forged");
    bytes.extend_from_slice(&forged);
    bytes.extend((forged.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 128 {
        bytes.push((number as u8 & 127) | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

#[test]
fn a_footer_that_lies_is_not_believed() {
    for (rows, part) in [
        (1 << 40, "cells are allowed"),
        (999_999_999, "it says that it holds 999999999 rows of 1 columns"),
        (8_000_000, "the Parquet file is damaged"),
        (78, "the Parquet file is damaged"),
    ] {
        let message = refusal(&lying(rows));
        assert!(message.contains(part), "{rows}: {message}");
    }
}

#[test]
fn one_long_value_in_every_row_is_bounded() {
    use polars::prelude::*;
    let long = "x".repeat(1 << 16);
    let values = vec![long.as_str(); 4000];
    let mut frame = DataFrame::new(4000, vec![Column::new("a".into(), values)]).expect("a frame");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .finish(&mut frame)
        .expect("written");
    let options = ReadOptions {
        limits: Limits {
            bytes: 64 << 20,
            ..Limits::default()
        },
        ..ReadOptions::default()
    };
    let message = read(&bytes, "a.parquet", &options)
        .expect_err("beyond the limit")
        .to_string();
    assert!(message.contains("more than 64 MiB"), "{message}");
}
