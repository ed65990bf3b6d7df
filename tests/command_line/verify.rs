//! `automl verify`: what was changed is named, and what a run says is looked at once more.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::{PENGUINS, automl, path, text, train, write};

fn verify(arguments: &[&str]) -> Output {
    let mut all = vec!["verify"];
    all.extend_from_slice(arguments);
    automl(&all)
}

fn said(done: &Output, code: i32) -> String {
    let words = text(&done.stdout);
    assert_eq!(done.status.code(), Some(code), "{words}\n{}", text(&done.stderr));
    words
}

fn change_a_byte(path: &Path) {
    let mut bytes = fs::read(path).expect("the file is there");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(path, bytes).expect("it is written");
}

#[test]
fn a_run_is_held_against_its_archive() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    // Of probabilities, of labels (with weights and a threshold in the way), and of numbers.
    for (target, more) in [
        ("species", vec!["--trials", "3"]),
        (
            "sex",
            vec!["--trials", "3", "--metric", "f1", "--threshold", "recall:0.9"],
        ),
        ("body_mass_g", vec!["--trials", "3", "--metric", "mae"]),
    ] {
        let out = train(folder.path(), &data, target, &more);
        let run = out.to_string_lossy().into_owned();
        let words = said(&verify(&[&run, "--data", &data]), 0);
        for expected in [
            "The archive is whole",
            "model.automl is the model.automl of this run",
            "The model is sound",
            "The table is the one",
            "The split is the recorded one",
            "computed anew from the kept answers",
            "model.onnx answers like the model",
        ] {
            assert!(words.contains(expected), "{target}: {expected}: {words}");
        }
        assert!(!words.contains("open "), "{words}");
    }
}

#[test]
fn what_does_not_hold_is_named_and_ends_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let out = train(folder.path(), &data, "species", &["--trials", "2"]);
    let archive = path(&out, "provenance.zip");

    // Without its table and its files nothing fails; what was not looked at is told.
    let words = said(&verify(&[&archive]), 0);
    assert!(words.contains("name the table with --data"), "{words}");
    assert!(words.contains("model.automl was not looked at"), "{words}");

    // A download may have another name.
    let saved = path(folder.path(), "model (1).onnx");
    fs::copy(out.join("model.onnx"), &saved).expect("a copy");
    let words = said(&verify(&[&archive, &saved, &path(&out, "model.automl")]), 0);
    assert!(
        words.contains("model (1).onnx is the model.onnx of this run"),
        "{words}"
    );
    assert!(words.contains("model.onnx answers like the model"), "{words}");

    change_a_byte(Path::new(&saved));
    let words = said(&verify(&[&archive, &saved]), 1);
    assert!(
        words.contains("FAILS model (1).onnx is no file of this run"),
        "{words}"
    );

    // A model that was changed is named with everything else that was looked at.
    let model = path(folder.path(), "changed.automl");
    fs::copy(out.join("model.automl"), &model).expect("a copy");
    change_a_byte(Path::new(&model));
    let words = said(&verify(&[&archive, &model]), 1);
    assert!(words.contains("FAILS The model cannot be opened"), "{words}");

    let other = write(
        folder.path(),
        "other.csv",
        PENGUINS.replacen("Torgersen", "Biscoe", 1),
    );
    let words = said(&verify(&[&archive, "--data", &other]), 1);
    assert!(words.contains("FAILS The table is not the one"), "{words}");

    let json = said(&verify(&[&archive, "--data", &other, "--json"]), 1);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["findings"][0]["state"], "holds", "{json}");

    for (file, expected) in [
        (data.as_str(), "no archive of a run"),
        ("nothing.zip", "cannot be read"),
    ] {
        let done = verify(&[file]);
        assert_eq!(done.status.code(), Some(2));
        assert!(text(&done.stderr).contains(expected), "{}", text(&done.stderr));
    }
    change_a_byte(Path::new(&archive));
    assert_eq!(verify(&[&archive]).status.code(), Some(2));
}

#[test]
fn a_table_has_a_report_without_scripts() {
    let folder = tempfile::tempdir().expect("a folder");
    let head = "species,<script>alert(1)</script>,mass\n";
    let rows = "A,x,1\nB,y,2\nA,x,3\nB,<img src=x onerror=alert(1)>,900\n";
    let data = write(folder.path(), "n<b>asty.csv", head.to_owned() + &rows.repeat(6));
    let page = path(folder.path(), "page.html");
    let done = automl(&["report", &data, "--out", &page, "--target", "species"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let html = fs::read_to_string(&page).expect("the page");
    assert!(html.contains("Predicting species"), "{html}");
    for markup in ["<script", "<img", "n<b>"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    let done = automl(&["report", &data, "--out", &page, "--target", "colour"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(
        text(&done.stderr).contains("there is no column `colour`"),
        "{}",
        text(&done.stderr)
    );
}
