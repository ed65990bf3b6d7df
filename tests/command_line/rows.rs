//! `--validation` and `--weights`: what they do, and what they refuse.

use std::fmt::Write as _;
use std::path::Path;

use super::{automl, path, text, train, write};

/// 240 sales of 30 customers on 120 days, with how often each is to count.
fn sales() -> String {
    let mut table = String::from("sold,customer,size,times,price\n");
    for row in 0..240_u32 {
        let size = row * 37 % 101;
        let (month, day) = (row / 2 / 28 + 1, row / 2 % 28 + 1);
        writeln!(
            table,
            "2024-{month:02}-{day:02},customer {},{size},{},{}",
            row * 7 % 30,
            row % 3 + 1,
            size * 3 + row * 13 % 11
        )
        .expect("strings grow");
    }
    table
}

fn record(out: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(out.join("run.json")).expect("run.json");
    serde_json::from_str(&text).expect("run.json is JSON")
}

fn notes(record: &serde_json::Value) -> String {
    record["notes"].to_string()
}

#[test]
fn rows_are_validated_by_time_or_group_and_count_by_weights() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "sales.csv", sales());
    let few = ["--trials", "3", "--validation"];
    let by_time = record(&train(
        folder.path(),
        &data,
        "price",
        &[&few[..], &["time:sold"]].concat(),
    ));
    assert_eq!(
        by_time["settings"]["validation"],
        serde_json::json!({ "time": "sold" })
    );
    assert!(
        notes(&by_time).contains("the latest by `sold`") && notes(&by_time).contains("chained forward"),
        "{by_time:#}"
    );
    std::fs::remove_dir_all(folder.path().join("model_price")).expect("the folder goes");
    let more = [&few[..], &["group:customer", "--weights", "times"]].concat();
    let by_group = record(&train(folder.path(), &data, "price", &more));
    assert_eq!(by_group["settings"]["weights"], "times");
    assert_eq!(
        by_group["inputs"],
        serde_json::json!(["sold", "size"]),
        "{by_group:#}"
    );
    assert!(
        notes(&by_group).contains("whole groups by `customer`")
            && notes(&by_group).contains("count by `times`"),
        "{by_group:#}"
    );
    assert_eq!(
        by_group["evaluation"]["is_better_than_baseline"], true,
        "{by_group:#}"
    );
}

#[test]
fn what_cannot_be_is_said_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "sales.csv", sales());
    let out = path(folder.path(), "out");
    for (more, words) in [
        (["--validation", "folds"], "folds:5"),
        (["--validation", "folds:1"], "2 to 20"),
        (["--validation", "time:solt"], "sold"),
        (["--validation", "time:customer"], "neither numbers nor dates"),
        (["--validation", "group:price"], "is not known of a new row"),
        (["--weights", "time"], "times"),
        (["--weights", "customer"], "holds text"),
    ] {
        let base = [
            "train", &data, "--target", "price", "--budget", "10s", "--out", &out,
        ];
        let done = automl(&[&base[..], &more].concat());
        let message = text(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{more:?}: {message}");
        assert!(message.contains(words), "{more:?}: {message}");
    }
}
