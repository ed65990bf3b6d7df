use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

const DATASET: &str = r#"{"dataset_id":{"S":"d-1"},"filename":{"S":"a.csv"},"file_size":{"N":"9"},"uploaded_at":{"S":"2025-12-01T10:00:00+00:00"}}"#;
const JOB: &str = r#"{"job_id":{"S":"j-1"},"dataset_id":{"S":"d-1"},"target_column":{"S":"y"},"status":{"S":"failed"},"created_at":{"S":"2025-12-01T10:00:00+00:00"}}"#;

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn read_files(files: &[(&str, &[u8])]) -> Tables {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    read(folder.path()).unwrap()
}

fn told(tables: &Tables) -> Vec<String> {
    let skips = tables.skips.listed.iter();
    skips
        .map(|skip| format!("{}: {}", skip.place, skip.reason))
        .collect()
}

#[test]
fn an_export_is_read_line_by_line() {
    let lines = format!(
        "{{\"Item\":{DATASET}}}\n\n{{\"Item\":{{\"dataset_id\":\n{{\"Item\":{JOB}}}\n{{\"x\":1}}\n{{\"Item\":{{\"a\":1}}}}\n"
    );
    let tables = read_files(&[
        (
            "AWSDynamoDB/01/manifest-summary.json",
            br#"{"version":"2020-06-30","itemCount":2}"#,
        ),
        (
            "AWSDynamoDB/01/manifest-files.json",
            b"{\"itemCount\":1,\"dataFileS3Key\":\"x\"}\n{\"itemCount\":1}\n",
        ),
        ("AWSDynamoDB/01/manifest-files.md5", b"abc=="),
        ("AWSDynamoDB/01/_started", b""),
        ("AWSDynamoDB/01/data/abc.json.gz", &packed(lines.as_bytes())),
    ]);
    assert_eq!(
        (tables.datasets.len(), tables.jobs.len(), tables.read),
        (1, 1, (1, 1))
    );
    assert_eq!(
        tables.jobs[0].0.to_string(),
        "AWSDynamoDB/01/data/abc.json.gz, line 4"
    );
    assert_eq!(tables.passed_over.len(), 4, "{:?}", tables.passed_over);
    let told = told(&tables);
    for (number, word) in [
        (3, "no JSON"),
        (5, "neither Item"),
        (6, "not written as DynamoDB"),
    ] {
        let line = format!("data/abc.json.gz, line {number}: ");
        assert!(
            told.iter()
                .any(|told| told.contains(&line) && told.contains(word)),
            "{told:?}"
        );
    }
    assert_eq!(tables.skips.count, 3);
}

#[test]
fn an_export_whose_first_line_is_broken_is_one_all_the_same() {
    let lines = format!("{{\"Item\":{{\"a\"\n{{\"Item\":{JOB}}}");
    let tables = read_files(&[("f", lines.as_bytes())]);
    assert_eq!((tables.jobs.len(), tables.skips.count), (1, 1));
}

#[test]
fn what_a_scan_prints_is_read_in_every_shape() {
    let pretty = format!(
        "{{\n    \"Items\": [\n        {DATASET},\n        {JOB},\n        {{\"a\": 1}}\n    ],\n    \"Count\": 3\n}}\n"
    );
    let one_line = format!("{{\"Items\":[{DATASET}],\"Count\":1}}");
    let joined = format!("{pretty}{pretty}");
    let bare = format!("[\n{DATASET}\n]\n");
    let tables = read_files(&[
        ("a.json", pretty.as_bytes()),
        ("b.json", one_line.as_bytes()),
        ("c.json", joined.as_bytes()),
        ("d.json", bare.as_bytes()),
    ]);
    assert_eq!(
        (tables.datasets.len(), tables.jobs.len(), tables.skips.count),
        (5, 3, 3),
        "{:?}",
        told(&tables)
    );
    assert!(
        told(&tables)[0].starts_with("a.json, item 3: "),
        "{:?}",
        told(&tables)
    );
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let cut = format!("{{\n  \"Items\": [\n    {DATASET},\n    {{\"a\n");
    let whole = packed(format!("{{\"Item\":{JOB}}}\n").repeat(1000).as_bytes());
    let tables = read_files(&[
        ("cut.json", cut.as_bytes()),
        ("cut.json.gz", &whole[..whole.len() / 2]),
        (
            "more.json",
            br#"{"Metadata":{},"Keys":{"job_id":{"S":"j"}},"NewImage":{}}"#,
        ),
        ("table.csv", b"a,b\n1,2\n"),
    ]);
    let told = told(&tables);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("cut.json, line ") && told[0].contains("no JSON"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("cut.json.gz: the file cannot be read"),
        "{told:?}"
    );
    assert!(told[2].contains("incremental"), "{told:?}");
    assert_eq!(tables.passed_over, ["table.csv"]);
}

#[test]
fn a_line_without_an_end_is_not_kept() {
    let mut lines = b"{\"Item\":".to_vec();
    lines.resize((LONGEST_LINE as usize) + 10, b' ');
    lines.extend_from_slice(format!("\n{{\"Item\":{JOB}}}\n").as_bytes());
    let tables = read_files(&[("f.json", &lines)]);
    assert_eq!(
        (tables.jobs.len(), tables.skips.count),
        (1, 1),
        "{:?}",
        told(&tables)
    );
}

proptest! {
    /// Whatever a file holds, bytes, pieces of an export or pieces of a scan: it is read, skipped or passed over.
    #[test]
    fn any_file_is_read(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..600, at in 0_usize..600, is_packed: bool) {
        let text = format!("{{\"Item\":{DATASET}}}\n{{\"Items\":[{JOB}]}}\n");
        let mut mixed = text.as_bytes()[cut.min(text.len())..].to_vec();
        let at = at.min(mixed.len());
        mixed.splice(at..at, bytes.iter().copied());
        let mixed = if is_packed { packed(&mixed) } else { mixed };
        let tables = read_files(&[("mixed", &mixed), ("bytes", &bytes)]);
        prop_assert!(tables.datasets.len() <= 1 && tables.jobs.len() <= 1);
    }
}
