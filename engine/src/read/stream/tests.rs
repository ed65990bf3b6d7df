//! Streaming reads what reading reads, whatever the format, the dialect and the encoding.

use std::io::{self, Cursor, Read};

use model::{Column, InputKind};
use proptest::prelude::*;

use super::super::{Limits, ReadOptions, read};
use super::{Block, Source, Stream};
use crate::Error;

/// Gives few bytes at a time, as a slow disk may.
struct Slowly(Cursor<Vec<u8>>, usize);

impl Read for Slowly {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.1);
        self.0.read(&mut buffer[..most])
    }
}

type Streamed = (Vec<String>, Vec<Vec<String>>);

/// Names and rows of a file.
fn streamed(bytes: &[u8], options: &ReadOptions, step: usize) -> Result<Streamed, Error> {
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(Slowly(Cursor::new(bytes.to_vec()), step))) };
    let source = Source {
        open: &open,
        size: bytes.len() as u64,
        file_name: "data.csv",
        whole: &Limits::default(),
    };
    let mut stream = Stream::open(&source, options)?;
    let (names, mut block, mut rows) = (stream.names().to_vec(), Block::default(), Vec::new());
    while stream.next(&mut block)? {
        for row in 0..block.rows() {
            let cells = (0..names.len()).map(|column| block.cell(row, column).to_owned());
            rows.push(cells.collect::<Vec<String>>());
        }
    }
    assert!((stream.share() - 1.0).abs() < 1e-9, "{}", stream.share());
    // What hands rows over leaves it to who takes them whether none is a fault.
    if rows.is_empty() {
        return Err(super::super::no_rows());
    }
    Ok((names, rows))
}

/// The same as reading gives it, every column as text.
fn whole(bytes: &[u8], options: &ReadOptions, names: &[String]) -> Result<Streamed, Error> {
    let mut options = options.clone();
    options.kinds = names.iter().map(|name| (name.clone(), InputKind::Text)).collect();
    let frame = read(bytes, "data.csv", &options)?.frame;
    let mut rows = vec![Vec::new(); frame.rows];
    for column in &frame.columns {
        let Column::Text { codes, dictionary } = column else {
            panic!("not text")
        };
        for (row, code) in codes.iter().enumerate() {
            rows[row].push(dictionary.get(*code as usize).cloned().unwrap_or_default());
        }
    }
    Ok((frame.names, rows))
}

/// What means "no value" is empty in a table that was read.
fn without_tokens(mut streamed: Streamed) -> Streamed {
    for cell in streamed.1.iter_mut().flatten() {
        if model::value::is_missing(cell) {
            cell.clear();
        }
    }
    streamed
}

fn check_alike(bytes: &[u8], options: &ReadOptions, step: usize) {
    match streamed(bytes, options, step) {
        Ok(found) => {
            let expected = whole(bytes, options, &found.0)
                .unwrap_or_else(|error| panic!("{:?}: {error}", String::from_utf8_lossy(bytes)));
            assert_eq!(
                without_tokens(found),
                expected,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
        Err(error) => {
            let expected = match read(bytes, "data.csv", options) {
                Err(expected) => expected,
                Ok(_) => panic!("{:?}: {error}", String::from_utf8_lossy(bytes)),
            };
            assert_eq!(error.to_string(), expected.to_string());
        }
    }
}

#[test]
fn what_can_be_read_can_be_streamed() {
    let utf16: Vec<u8> = "name,value\nMüller,1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16.iter().copied()).collect();
    let latin = encoding_rs::WINDOWS_1252
        .encode("name,value\nMüller,1\nStraße,2\n")
        .0
        .into_owned();
    let gzip = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        io::Write::write_all(&mut packer, b"a,b\n1,x\n2,y\n").expect("gzip");
        packer.finish().expect("gzip")
    };
    let cases: Vec<Vec<u8>> = vec![
        b"a,b\n1,x\n2,y\n".to_vec(),
        b"\xef\xbb\xbfa,b\n1,x\n".to_vec(),
        b"a;b\r\n1;\"x; \"\"y\"\"\nz\"\r\n2;".to_vec(),
        b"a,b\r1,x\r2,y\r".to_vec(),
        b"\n\na,b\n1,x\n\n\n".to_vec(),
        b"a\n1\n\n3\n\n".to_vec(),
        b"5.1,3.5,setosa\n4.9,3.0,setosa\n".to_vec(),
        b"a,a,,a_2\n1,2,3,4\n".to_vec(),
        b"{\"a\": 1, \"b\": \"x\"}\n\n{\"b\": null, \"c\": true, \"a\": [1, 2]}\r\n{\"a\":2,\"a\":3}"
            .to_vec(),
        utf16,
        marked,
        latin,
        gzip,
        zstd::encode_all(&b"a,b\n1,x\n"[..], 1).expect("zstd"),
    ];
    for bytes in cases {
        for step in [1, 3, 1 << 16] {
            check_alike(&bytes, &ReadOptions::default(), step);
        }
    }
}

#[test]
fn faults_are_the_same() {
    for bytes in [
        &b""[..],
        b"\n\n",
        b"a,b\n1,2\n3\n",
        b"a,b\n1,2\n\n3,4\n",
        b"a,b\n1,\"x\ny\n",
        b"a,b\n1,\"x\"y\n",
        b"a,b\n1,x\0y\n",
        b"a,b\n1,\xc3\xa9\xc3\xa9\n2,\xff\n",
        b"PK\x03\x04....",
        b"[{\"a\":1}]",
        b"{\"a\":1}\n{\"a\":\n",
        b"{}\n",
        b"PAR1garbage",
        b"\x1f\x8b\x08garbage",
        b"\x28\xb5\x2f\xfdgarbage",
    ] {
        for step in [1, 1 << 16] {
            let error = streamed(bytes, &ReadOptions::default(), step).expect_err("it is no table");
            let expected = read(bytes, "data.csv", &ReadOptions::default()).expect_err("it is no table");
            let place = String::from_utf8_lossy(bytes);
            assert_eq!(error.to_string(), expected.to_string(), "{place:?}");
        }
    }
}

#[test]
fn bombs_do_not_unfold() {
    let zeros = vec![b'0'; 1 << 20];
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..400 {
        io::Write::write_all(&mut packer, &zeros).expect("gzip");
    }
    let endless = packer.finish().expect("gzip");
    let refused = streamed(&endless, &ReadOptions::default(), 1 << 16).expect_err("a bomb");
    assert!(refused.to_string().contains("does not end within"), "{refused}");
    let many = zstd::encode_all(&b"1\n".repeat(50 << 20)[..], 1).expect("zstd");
    let refused = streamed(&many, &ReadOptions::default(), 1 << 16).expect_err("a bomb");
    assert!(refused.to_string().contains("times its size"), "{refused}");
    let mut open = b"a,b\n1,\"".to_vec();
    open.extend(b"x,y\n".repeat(1 << 20));
    let refused = streamed(&open, &ReadOptions::default(), 1 << 16).expect_err("a bomb");
    assert!(
        refused.to_string().contains("line 2 has a cell of more than"),
        "{refused}"
    );
}

#[test]
fn a_table_of_several_blocks_is_whole_and_in_order() {
    let mut text = String::from("number,words\n");
    for row in 0..200_000 {
        text.push_str(&format!("{row},\"{} \"\"and\"\"\nmore\"\n", "x".repeat(row % 90)));
    }
    assert!(text.len() > 12 << 20, "several windows: {}", text.len());
    let (_, rows) = streamed(text.as_bytes(), &ReadOptions::default(), 1 << 16).expect("a table");
    assert_eq!(rows.len(), 200_000);
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row[0], number.to_string());
        assert_eq!(row[1], format!("{} \"and\"\nmore", "x".repeat(number % 90)));
    }
}

#[test]
fn a_parquet_file_is_handed_over() {
    use polars::prelude::*;
    let mut frame = DataFrame::new(
        3,
        vec![
            Column::new("text".into(), [Some("x"), None, Some("é")]),
            Column::new("number".into(), [0.5, f64::NAN, 2.0]),
        ],
    )
    .expect("a frame");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .finish(&mut frame)
        .expect("written");
    let (names, rows) = streamed(&bytes, &ReadOptions::default(), 1 << 16).expect("a table");
    assert_eq!(names, ["text", "number"]);
    assert_eq!(rows, [["x", "0.5"], ["", ""], ["é", "2"]]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn anything_like_a_table_is_read_alike(text in "[a0,;\t|\"\r\n x\u{e9}.{}:\\-]{0,80}", step in 1_usize..9) {
        check_alike(text.as_bytes(), &ReadOptions::default(), step);
    }

    #[test]
    fn any_bytes_end_alike(bytes in proptest::collection::vec(any::<u8>(), 0..200), step in 1_usize..40) {
        check_alike(&bytes, &ReadOptions::default(), step);
    }
}
