//! F22: files that are made to hurt, through the real server and the real child: each is refused with a reason that its owner can
//! use, in bounded memory; the worker does not notice, and nothing is left.

use std::io::Write;

use harness::{Stack, invariants};
use serde_json::json;

use crate::scale::Scale;
use crate::{PENGUINS, plan, plan_in};

/// What a bomb may need beside what a small table needs.
const EXTRA_BYTES: u64 = 256 << 20;

/// A file and a part of what its owner is told.
type Bomb = (&'static str, Vec<u8>, &'static str);

fn bombs() -> Vec<Bomb> {
    let many: Vec<String> = (0..1_000_000).map(|number| format!("c{number}")).collect();
    let keys: Vec<String> = many.iter().map(|name| format!("\"{name}\":1")).collect();
    let open = [b"a,b\n1,\"".to_vec(), b"x,y\n".repeat(4 << 20)].concat();
    let zeros = vec![b'0'; 1 << 20];
    vec![
        ("line.csv", vec![b'x'; 48 << 20], "does not end within"),
        ("line.csv.gz", gzip(&zeros, 2048), "does not end within"),
        ("zeros.bin", vec![0; 48 << 20], "NUL"),
        ("nul.csv", b"a,b\n1,\0\n".to_vec(), "line 2 holds a NUL byte"),
        (
            "utf8.csv",
            "a,b\né,é\n".bytes().chain(*b"\xff,1\n").collect(),
            "not valid UTF-8",
        ),
        (
            "columns.csv",
            (many.join(",") + "\n1\n").into_bytes(),
            "1000000 columns",
        ),
        ("open.csv", open, "a cell of more than"),
        (
            "open.csv.gz",
            [gzip(b"\"", 1), gzip(b"x,y\n", 16 << 20)].concat(),
            "a cell of more than",
        ),
        (
            "keys.jsonl",
            format!("{{{}}}\n", keys.join(",")).into_bytes(),
            "different keys",
        ),
        (
            "deep.jsonl",
            format!("{{\"a\":{}", "[".repeat(8 << 20)).into_bytes(),
            "not one JSON object",
        ),
        ("twice.csv.gz", gzip(&gzip(b"a,b\n", 1), 1), "compressed twice"),
        (
            "liar.parquet",
            [b"PAR1", &[0xff; 64][..], b"PAR1"].concat(),
            "Parquet file is damaged",
        ),
    ]
}

fn gzip(part: &[u8], times: usize) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..times {
        packer.write_all(part).expect("gzip");
    }
    packer.finish().expect("gzip")
}

fn files(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder).expect("the folder is there").count()
}

/// One after the other, and a good table at the end.
#[tokio::test(flavor = "multi_thread")]
async fn bombs_are_refused_with_a_reason_and_in_bounded_memory() {
    // Through the face's own upload: a bomb may be larger than a form to the bucket.
    let home = tempfile::tempdir().expect("a folder");
    let mut stack = Stack::production(&plan_in(home.path()));
    let client = stack.client().clone();
    let worker = stack.workers[0].id();
    let scale = Scale::start(worker);
    let good = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&good).await;
    let base = scale.take();
    for (name, bytes, part) in bombs() {
        let dataset = client.upload(name, &bytes).await;
        let node = client.wait_for_dataset(&dataset).await;
        let used = scale.take();
        eprintln!("{name}: {} MiB, {}", used >> 20, node["error"]);
        let reason = node["error"].as_str().unwrap_or_default();
        assert!(
            node["state"] == "FAILED" && reason.contains(part),
            "{name}: {node:#}"
        );
        assert!(
            used < base + EXTRA_BYTES,
            "{name}: {} MiB, {} for a small table",
            used >> 20,
            base >> 20
        );
    }
    drop(scale);
    assert_eq!(files(&home.path().join("uploads")), 0, "no upload is left");
    assert!(stack.workers[0].is_running() && stack.workers[0].id() == worker);
    let next = client.upload("next.csv", PENGUINS).await;
    let ready = client.wait_for_dataset(&next).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    invariants::check(&stack);
    assert_eq!(
        invariants::counted_deaths(&stack),
        0,
        "each was refused in good order"
    );
}

/// What is too large is refused before a byte of it is sent; a size that lies, before it is read.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_beyond_the_limit_is_not_taken() {
    let stack = Stack::production(&plan());
    let client = stack.client();
    let input = json!({ "fileName": "sparse.csv", "sizeBytes": 10_u64 << 30 });
    let refused = client
        .try_mutate("createUpload", "CreateUploadInput", input, "upload { id }")
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "FILE_TOO_LARGE", "{refused:#}");
    assert!(refused["upload"].is_null(), "{refused:#}");
}
