//! Tests of reading: cases as data, then properties.

use std::collections::BTreeMap;
use std::io::Write;

use model::{Column, InputKind};
use proptest::prelude::*;

use super::{Compression, Encoding, FileKind, Limits, ReadOptions, Table, read};

fn table(text: &str) -> Table {
    read(text.as_bytes(), "data.csv", &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn error(bytes: &[u8]) -> String {
    error_with(bytes, &ReadOptions::default())
}

fn error_with(bytes: &[u8], options: &ReadOptions) -> String {
    read(bytes, "data.csv", options)
        .expect_err("this should not be readable")
        .to_string()
}

/// Cells as text; missing is the empty string.
fn cells(table: &Table) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for row in 0..table.frame.rows {
        let cell = |column: &Column| match column {
            _ if column.is_missing(row) => String::new(),
            Column::Number(values) => values[row].to_string(),
            Column::Text { codes, dictionary } => dictionary[codes[row] as usize].clone(),
        };
        rows.push(table.frame.columns.iter().map(cell).collect());
    }
    rows
}

/// `n` for a column of numbers, `t` for text.
fn kinds(table: &Table) -> String {
    table
        .frame
        .columns
        .iter()
        .map(|column| {
            if matches!(column, Column::Number(_)) {
                'n'
            } else {
                't'
            }
        })
        .collect()
}

#[test]
fn dialects() {
    type Case<'a> = (&'a str, &'a str, &'a [&'a str], &'a [&'a [&'a str]]);
    let cases: &[Case<'_>] = &[
        ("a,b\n1,x\n2,y\n", "nt", &["a", "b"], &[&["1", "x"], &["2", "y"]]),
        (
            "a,b\r\n1,x\r\n2,y",
            "nt",
            &["a", "b"],
            &[&["1", "x"], &["2", "y"]],
        ),
        ("a,b\r1,x\r2,y\r", "nt", &["a", "b"], &[&["1", "x"], &["2", "y"]]),
        (
            "a;b\n1,5;x\n2,5;y\n",
            "tt",
            &["a", "b"],
            &[&["1,5", "x"], &["2,5", "y"]],
        ),
        (
            "a\tb\n1\tx, y\n2\ty\n",
            "nt",
            &["a", "b"],
            &[&["1", "x, y"], &["2", "y"]],
        ),
        ("a|b\n1|x\n2|y\n", "nt", &["a", "b"], &[&["1", "x"], &["2", "y"]]),
        ("\u{feff}a,b\n1,x\n", "nt", &["a", "b"], &[&["1", "x"]]),
        (
            "a,b\n1,\"x, \"\"y\"\"\nz\"\n",
            "nt",
            &["a", "b"],
            &[&["1", "x, \"y\"\nz"]],
        ),
        (
            "a,b\n1,5\" pipe\n2,6\" pipe\n",
            "nt",
            &["a", "b"],
            &[&["1", "5\" pipe"], &["2", "6\" pipe"]],
        ),
        (
            "5.1,3.5,setosa\n4.9,3.0,setosa\n",
            "nnt",
            &["column_1", "column_2", "column_3"],
            &[&["5.1", "3.5", "setosa"], &["4.9", "3", "setosa"]],
        ),
        ("0,1,2\n5.5,6,7\n", "nnn", &["0", "1", "2"], &[&["5.5", "6", "7"]]),
        (
            "a,a,,a_2\n1,2,3,4\n",
            "nnnn",
            &["a", "a_3", "column_3", "a_2"],
            &[&["1", "2", "3", "4"]],
        ),
        ("a,b\n1,\n,y\n\n\n", "nt", &["a", "b"], &[&["1", ""], &["", "y"]]),
        ("a\n1\n\n3\n\n", "n", &["a"], &[&["1"], &[""], &["3"]]),
        (
            "a,b\nx^y,1\nxک,2\n",
            "tn",
            &["a", "b"],
            &[&["x^y", "1"], &["xک", "2"]],
        ),
        ("a,b\n1,\u{feff}x\n", "nt", &["a", "b"], &[&["1", "\u{feff}x"]]),
        ("\n\na,b\n1,x\n", "nt", &["a", "b"], &[&["1", "x"]]),
    ];
    for (text, expected_kinds, names, rows) in cases {
        let table = table(text);
        assert_eq!(table.frame.names, *names, "{text:?}");
        assert_eq!(cells(&table), *rows, "{text:?}");
        assert_eq!(kinds(&table), *expected_kinds, "{text:?}");
    }
}

#[test]
fn typing_keeps_what_a_number_would_lose() {
    let cases = [
        ("1\n2.5\n-3e2\n", 'n'),
        ("1\nNA\n?\n", 'n'),
        (" 39\n 40 \n", 'n'),
        ("007\n008\n", 't'),
        ("1,000\n", 't'),
        ("2 rooms\n3\n", 't'),
        ("9007199254740993\n1\n", 't'),
        ("9007199254740992\n1\n", 'n'),
        ("true\nfalse\n", 't'),
        ("inf\n1\n", 'n'),
        ("2024-01-31\n", 't'),
    ];
    let options = ReadOptions {
        header: Some(false),
        delimiter: Some(';'),
        ..ReadOptions::default()
    };
    for (text, kind) in cases {
        let table = read(text.as_bytes(), "", &options).expect(text);
        assert_eq!(kinds(&table), kind.to_string(), "{text:?}");
    }
}

#[test]
fn text_that_shows_up_late_is_read_again() {
    let mut text = String::from("number,code\n");
    for row in 0..2_000_000 {
        text.push_str(&format!("{row},0.50\n"));
    }
    text.push_str("5,abc\n");
    assert!(text.len() > 16 << 20, "the last row has to be in a later slab");
    let table = table(&text);
    assert_eq!(kinds(&table), "nt");
    let Column::Text { codes, dictionary } = &table.frame.columns[1] else {
        panic!("not text")
    };
    assert_eq!(dictionary, &["0.50", "abc"]);
    assert_eq!(codes.len(), 2_000_001);
    assert_eq!(codes.last(), Some(&1));
}

#[test]
fn faults_name_their_place() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"\n\n", "blank"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n3\n", "line 3 has 1 fields and line 1 has 2"),
        (b"a,b\n1,2\n3,4,5\n", "line 3 has 3 fields"),
        (b"a,b\n1,2\n\n3,4\n", "line 3 is blank"),
        (b"a,b\n1,\"x\ny\n", "line 2 is never closed"),
        (b"a,b\n1,\"x\"y\n", "line 2 has text behind a closing quote"),
        (b"a,b\n1,x\0y\n", "line 2 holds a NUL byte"),
        (
            b"a,b\n1,\xc3\xa9\xc3\xa9\n2,\xff\n",
            "byte 13 (line 3) is not valid UTF-8",
        ),
        (b"PK\x03\x04....", "zip archive or an Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"[{\"a\":1}]", "JSON array"),
        (b"{\"a\":1}\n{\"a\":\n", "line 2 is not one JSON object"),
        (b"{}\n", "no keys"),
        (b"PAR1garbage", "damaged"),
        (b"\x1f\x8b\x08garbage", "damaged"),
        (b"\x28\xb5\x2f\xfdgarbage", "damaged"),
    ];
    for (bytes, part) in cases {
        let message = error(bytes);
        assert!(
            message.contains(part),
            "{:?}: {message}",
            String::from_utf8_lossy(bytes)
        );
        assert!(!message.contains('\n'), "{message}");
    }
}

#[test]
fn limits_are_errors() {
    let mut long = b"a,b\n1,".to_vec();
    long.resize(50 << 20, b'x');
    assert!(error(&long).contains("cell of"), "50 MB cell");
    let bomb = zstd::encode_all(&b"1\n".repeat(50 << 20)[..], 1).expect("zstd");
    assert!(error(&bomb).contains("times its size"), "bomb");
    let limits = Limits {
        bytes: 100,
        columns: 3,
        cells: 10,
        ..Limits::default()
    };
    let options = ReadOptions {
        limits,
        ..ReadOptions::default()
    };
    assert!(error_with("a,b\n".repeat(50).as_bytes(), &options).contains("the limit"));
    assert!(error_with(b"a,b,c,d\n1,2,3,4\n", &options).contains("4 columns and 3 are allowed"));
    assert!(error_with("a,b\n".repeat(9).as_bytes(), &options).contains("10 cells"));
}

#[test]
fn wide_tables_are_read() {
    let names: Vec<String> = (0..10_000).map(|column| format!("c{column}")).collect();
    let row = vec!["1.5"; 10_000].join(",");
    let table = table(&format!("{}\n{row}\n{row}\n{row}\n", names.join(",")));
    assert_eq!((table.frame.rows, table.frame.names.len()), (3, 10_000));
}

#[test]
fn known_kinds_are_kept() {
    let kinds = BTreeMap::from([
        ("a".to_owned(), InputKind::Text),
        ("b".to_owned(), InputKind::Number),
    ]);
    let options = ReadOptions {
        kinds,
        ..ReadOptions::default()
    };
    let table = read(b"a,b\n01,9007199254740993\n2,\n", "", &options).expect("readable");
    assert_eq!(cells(&table), [["01", "9007199254740992"], ["2", ""]]);
    let message = error_with(b"a,b\n01,5\n2,x\x07y\n", &options);
    assert_eq!(
        message,
        "column b, row 2: \"x\\u{7}y\" is not a number, and this column holds numbers"
    );
}

#[test]
fn json_lines() {
    let table = table("{\"a\": 1, \"b\": \"x\"}\n\n{\"b\": null, \"c\": true, \"d\": [1, 2]}\n");
    assert_eq!(table.format.kind, FileKind::JsonLines);
    assert_eq!(table.frame.names, ["a", "b", "c", "d"]);
    assert_eq!(cells(&table), [["1", "x", "", ""], ["", "", "true", "[1,2]"]]);
}

#[test]
fn encodings_are_detected() {
    let text = "name,value\nMüller,1\nStraße,2\n";
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(little.iter().copied()).collect();
    let latin = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let cases = [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (little, Encoding::Utf16le),
        (big, Encoding::Utf16be),
        (marked, Encoding::Utf16le),
        (latin, Encoding::Windows1252),
    ];
    for (bytes, encoding) in cases {
        let table = read(&bytes, "data.csv", &ReadOptions::default()).expect("readable");
        assert_eq!(table.format.encoding, Some(encoding));
        assert_eq!(cells(&table), [["Müller", "1"], ["Straße", "2"]], "{encoding:?}");
    }
}

#[test]
fn parquet_columns_become_what_csv_would_hold() {
    use polars::prelude::*;
    let days = Series::new("day".into(), [19_753_i32, 0, -1])
        .cast(&DataType::Date)
        .expect("dates");
    let times = Series::new("time".into(), [1_706_706_359_000_i64, 0, -1000])
        .cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
        .expect("times");
    let small = Series::new("small".into(), [Some(1_i64), None, Some(3)])
        .cast(&DataType::Int8)
        .expect("small");
    let category = Series::new("category".into(), ["u", "v", "u"])
        .cast(&DataType::from_categories(Categories::global()))
        .expect("categories");
    let mut frame = DataFrame::new(
        3,
        vec![
            Column::new("text".into(), [Some("x"), None, Some("NA")]),
            Column::new("flag".into(), [true, false, true]),
            Column::new("large".into(), [9_007_199_254_740_993_i64, 1, 2]),
            Column::new("number".into(), [0.5_f32, f32::NAN, 2.0]),
            days.into(),
            times.into(),
            small.into(),
            category.into(),
        ],
    )
    .expect("frame");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .finish(&mut frame)
        .expect("written");
    let table = read(&bytes, "DATA.PARQUET", &ReadOptions::default()).expect("readable");
    assert_eq!(kinds(&table), "tttnttnt");
    assert_eq!(
        cells(&table),
        [
            [
                "x",
                "true",
                "9007199254740993",
                "0.5",
                "2024-01-31",
                "2024-01-31 13:05:59",
                "1",
                "u"
            ],
            ["", "false", "1", "", "1970-01-01", "1970-01-01 00:00:00", "", "v"],
            [
                "",
                "true",
                "2",
                "2",
                "1969-12-31",
                "1969-12-31 23:59:59",
                "3",
                "u"
            ],
        ]
    );
    for cut in [8, bytes.len() / 2, bytes.len() - 5] {
        assert!(error(&bytes[..cut]).contains("damaged"));
    }
}

/// A cell that is written with quotes where it needs them.
fn quoted(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\n', '\r']) || cell.is_empty() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn pack(bytes: Vec<u8>, compression: Compression) -> Vec<u8> {
    match compression {
        Compression::None => bytes,
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&bytes).expect("gzip");
            encoder.finish().expect("gzip")
        }
        Compression::Zstd => zstd::encode_all(&bytes[..], 1).expect("zstd"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_a_table_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, "data", &ReadOptions::default());
    }

    #[test]
    fn anything_like_a_table_ends_in_a_table_or_an_error(text in "[a0,;\t|\"\r\n x\u{e9}.{}:\\-]{0,80}") {
        let result = read(text.as_bytes(), "data", &ReadOptions::default());
        if let Err(error) = result {
            prop_assert!(matches!(error, crate::Error::Input(_)), "{text:?}: {error}");
        }
    }

    #[test]
    fn what_is_written_is_read(
        rows in proptest::collection::vec(proptest::collection::vec("[a-z0-9 ,;|\t\"\r\n\u{e9}.-]{0,6}", 3), 1..20),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16le, Encoding::Utf16be, Encoding::Windows1252]),
        compression in prop::sample::select(vec![Compression::None, Compression::Gzip, Compression::Zstd]),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let mut text = ["first", "second", "third"].join(&delimiter.to_string()) + line_end;
        for row in &rows {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell, delimiter)).collect();
            text.push_str(&cells.join(&delimiter.to_string()));
            text.push_str(line_end);
        }
        let bytes = match encoding {
            Encoding::Utf8 => text.clone().into_bytes(),
            Encoding::Utf16le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        };
        // Detection is tested elsewhere: a random table may well look like another one.
        let kinds = ["first", "second", "third"].map(|name| (name.to_owned(), InputKind::Text)).into();
        let options = ReadOptions { delimiter: Some(delimiter), encoding: Some(encoding), kinds, ..ReadOptions::default() };
        let table = read(&pack(bytes, compression), "", &options).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut expected = rows.clone();
        for cell in expected.iter_mut().flatten() {
            if model::value::is_missing(cell) {
                cell.clear();
            }
        }
        prop_assert_eq!(cells(&table), expected);
        prop_assert_eq!(table.format.compression, compression);
    }

    #[test]
    fn typing_does_not_depend_on_the_order_of_rows(
        cells in proptest::collection::vec("(0?[0-9]{1,3}|NA| |x|9007199254740993|1\\.5|-inf)", 2..12),
    ) {
        let options = ReadOptions { header: Some(false), delimiter: Some(','), ..ReadOptions::default() };
        let text = |cells: &[String]| cells.iter().map(|cell| format!("\"{cell}\"\n")).collect::<String>();
        let forward = read(text(&cells).as_bytes(), "", &options).expect("readable");
        let mut reversed = cells.clone();
        reversed.reverse();
        let backward = read(text(&reversed).as_bytes(), "", &options).expect("readable");
        prop_assert_eq!(kinds(&forward), kinds(&backward));
    }
}
