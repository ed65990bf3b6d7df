//! `automl replay`: the same bytes from a record and its table, though the clock does something else.

use std::fs;

use super::{PENGUINS, automl, mixed_table, path, text, train, write};

fn record_of(folder: &str) -> serde_json::Value {
    let text = fs::read_to_string(format!("{folder}/run.json")).expect("run.json");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_run_that_the_clock_led_is_replayed_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "table.csv", mixed_table(3_000, 5, false));
    // One split, and trials side by side; then folds, whose fits are cut short.
    for (target, more) in [
        ("grade", ["--validation", "holdout", "--preset", "best"]),
        ("price", ["--validation", "folds:4", "--preset", "best"]),
    ] {
        let out = train(folder.path(), &data, target, &more);
        let again = path(folder.path(), &format!("again_{target}"));
        let run = out.to_string_lossy().into_owned();
        let done = automl(&["replay", &run, &data, "--threads", "1", "--json", "--out", &again]);
        let words = text(&done.stdout);
        assert_eq!(done.status.code(), Some(0), "{words}\n{}", text(&done.stderr));
        let record = record_of(&run);
        for figure in ["score", "low", "high", "baseline", "is_better_than_baseline"] {
            let before = &record["evaluation"][figure];
            assert!(!before.is_null(), "{figure}");
            assert_eq!(before, &record_of(&again)["evaluation"][figure], "{figure}");
        }
        let replay = format!("{:#}", record["replay"]);
        for file in ["model.automl", "model.onnx"] {
            let before = fs::read(out.join(file)).expect("the run wrote it");
            let after = fs::read(format!("{again}/{file}")).expect("the replay wrote it");
            assert!(before == after, "{target}: {file} is another\n{replay}");
        }
        assert!(words.contains(r#""is_same":true"#), "{words}");
    }
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let other = write(
        folder.path(),
        "other.csv",
        PENGUINS.replacen("Torgersen", "Biscoe", 1),
    );
    let out = train(folder.path(), &data, "species", &["--trials", "2"]);
    let run = path(&out, "run.json");
    let refused = |run: &str, data: &str| {
        let again = path(folder.path(), "again");
        let done = automl(&["replay", run, data, "--out", &again]);
        assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
        text(&done.stderr)
    };
    assert!(refused(&run, &other).contains("not the table of that run"));
    assert!(refused(&data, &data).contains("no record of a run"));
    assert!(refused(&path(folder.path(), "nothing"), &data).contains("cannot be read"));
    let mut record = record_of(&out.to_string_lossy());
    record["replay"].take();
    fs::write(&run, record.to_string()).expect("it is written");
    assert!(refused(&run, &data).contains("an earlier version"));
    record["replay"] = serde_json::json!({ "members": [] });
    fs::write(&run, record.to_string()).expect("it is written");
    assert!(refused(&run, &data).contains("no members"));
}
