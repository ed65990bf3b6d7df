//! `automl train`, `predict` and `profile` as a user runs them: good tables, bad tables, exit codes, and the ONNX file in Python.

#[path = "command_line/goals.rs"]
mod goals;
#[path = "command_line/monotone.rs"]
mod monotone;
#[path = "command_line/replay.rs"]
mod replay;
#[path = "command_line/rows.rs"]
mod rows;
#[path = "command_line/verify.rs"]
mod verify;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PENGUINS: &str = include_str!("data/penguins.csv");

fn automl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_automl"))
        .args(arguments)
        .output()
        .expect("automl runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = path(folder, name);
    std::fs::write(&path, content).expect("the file is written");
    path
}

/// Trains on a file with a small budget and returns the output folder.
fn train(folder: &Path, data: &str, target: &str, more: &[&str]) -> PathBuf {
    let out = folder.join(format!("model_{target}"));
    let out_text = out.to_string_lossy().into_owned();
    let mut arguments = vec![
        "train",
        data,
        "--target",
        target,
        "--budget",
        "30s",
        "--threads",
        "2",
        "--seed",
        "3",
        "--json",
        "--out",
        &out_text,
    ];
    arguments.extend_from_slice(more);
    let done = automl(&arguments);
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}\n{}",
        text(&done.stdout),
        text(&done.stderr)
    );
    for file in [
        "model.automl",
        "model.onnx",
        "leaderboard.csv",
        "report.html",
        "run.json",
        "model-card.md",
    ] {
        assert!(
            out.join(file).is_file(),
            "{file} is missing\n{}",
            text(&done.stdout)
        );
    }
    out
}

/// A table with numbers, blanks, strings, dates, a boolean and a target of each kind; the same for the same seed.
fn mixed_table(rows: usize, seed: u64, unseen: bool) -> String {
    let mut state = seed;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let mut table = String::from("size,city,sold on,furnished,note,label,grade,price\n");
    for row in 0..rows {
        let size = 20.0 + 180.0 * next();
        let city = ["Oslo", "Rome, Italy", "Łódź", "Quito \"centro\"", ""][(next() * 5.0) as usize];
        let city = if unseen && row % 7 == 0 { "Atlantis" } else { city };
        let (month, day, hour) = (
            1 + (next() * 12.0) as u32,
            1 + (next() * 28.0) as u32,
            (next() * 24.0) as u32,
        );
        let date = if next() < 0.1 {
            String::new()
        } else {
            format!("2023-{month:02}-{day:02} {hour:02}:30:00")
        };
        let furnished = if next() < 0.5 { "true" } else { "false" };
        let bonus = match city {
            "Oslo" => 60.0,
            "Rome, Italy" => 30.0,
            _ => 0.0,
        };
        let price = 3.0 * size
            + bonus
            + 8.0 * f64::from(month)
            + if furnished == "true" { 25.0 } else { 0.0 }
            + 20.0 * next();
        let label = if price > 420.0 { "dear" } else { "cheap" };
        let grade = if price > 520.0 {
            "A"
        } else if price > 330.0 {
            "B"
        } else {
            "C"
        };
        let size = if next() < 0.08 {
            String::new()
        } else {
            format!("{size:.3}")
        };
        let note = format!(
            "flat number {row} near the {} with a view",
            if furnished == "true" { "park" } else { "station" }
        );
        let city = format!("\"{}\"", city.replace('"', "\"\""));
        writeln!(
            table,
            "{size},{city},{date},{furnished},{note},{label},{grade},{price:.2}"
        )
        .expect("strings grow");
    }
    table
}

/// Has onnxruntime in Python answer every row of a table, and the documented Node lines some, and compares with `automl predict`.
fn compare_elsewhere(out: &Path, table: &str, folder: &Path) {
    let data = write(folder, "fresh.csv", table);
    let predictions = path(folder, "predictions.csv");
    let done = automl(&["predict", &out.to_string_lossy(), &data, "--out", &predictions]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let onnx = path(out, "model.onnx");
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/");
    if let Some(python) = installed("AUTOML_TEST_PYTHON") {
        let script = format!("{tests}onnx_parity.py");
        succeeds(Command::new(python).args([&script, &onnx, &data, &predictions]));
    }
    if let Some(modules) = installed("AUTOML_TEST_NODE_MODULES") {
        let script = format!("{tests}onnx_parity.mjs");
        succeeds(Command::new("node").args([&script, &modules, &onnx, &data, &predictions]));
    }
}

/// What a variable names; none: this part of a test is skipped, which `make test` does not allow.
fn installed(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok();
    assert!(
        value.is_some() || std::env::var("CI_REQUIRE_ORT").is_err(),
        "{variable} is not set"
    );
    if value.is_none() {
        eprintln!("skipped: {variable} is not set");
    }
    value
}

fn succeeds(command: &mut Command) {
    let done = command.output().expect("it runs");
    assert!(
        done.status.success(),
        "{}{}",
        text(&done.stdout),
        text(&done.stderr)
    );
}

#[test]
fn onnx_answers_like_the_model_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "flats.csv", mixed_table(900, 1, false));
    let fresh = mixed_table(300, 2, true);
    for (target, others) in [
        ("label", ["grade", "price"]),
        ("grade", ["label", "price"]),
        ("price", ["label", "grade"]),
    ] {
        let mut more = vec!["--exclude", others[0], "--exclude", others[1]];
        if target == "label" {
            more.extend(["--threshold", "recall:0.99"]);
        }
        let out = train(folder.path(), &data, target, &more);
        compare_elsewhere(&out, &fresh, folder.path());
        explains_and_bounds(&out, &fresh, folder.path());
    }
}

/// `automl explain` gives contributions that sum to the answer, and `predict --interval` intervals around it or sets with it.
fn explains_and_bounds(out: &Path, table: &str, folder: &Path) {
    let data = write(
        folder,
        "some.csv",
        table.lines().take(41).collect::<Vec<_>>().join("\n"),
    );
    let (model, written) = (out.to_string_lossy().into_owned(), path(folder, "written.csv"));
    let rows = |arguments: &[&str]| {
        let done = automl(arguments);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        let csv = std::fs::read_to_string(&written).expect("it is written");
        let mut lines = csv
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let head = lines.next().expect("a header");
        (head, lines.collect::<Vec<_>>())
    };
    let number = |cell: &String| cell.parse::<f64>().expect("a number");
    let (head, explained) = rows(&["explain", &model, &data, "--out", &written]);
    assert_eq!(head[..3], ["prediction", "output", "base"]);
    assert!(
        head.contains(&"size".to_owned()) && head.contains(&"sold on".to_owned()),
        "{head:?}"
    );
    assert_eq!(explained.len(), 40);
    let mut moved = false;
    for row in &explained {
        let (output, sum) = (number(&row[1]), row[2..].iter().map(number).sum::<f64>());
        assert!((output - sum).abs() < 1e-6 * output.abs().max(1.0), "{row:?}");
        moved |= (output - number(&row[2])).abs() > 1e-3;
    }
    assert!(moved, "the columns add something");
    let (head, bounded) = rows(&["predict", &model, &data, "--interval", "0.9", "--out", &written]);
    for (row, explained) in bounded.iter().zip(&explained) {
        assert_eq!(row[0], explained[0], "one prediction");
        if head[1] == "low" {
            assert!(
                number(&row[1]) < number(&row[0]) && number(&row[0]) < number(&row[2]),
                "{row:?}"
            );
        } else {
            assert!(
                row[1 + row.len() / 2..].contains(&"1".to_owned()),
                "a set holds a class: {row:?}"
            );
        }
    }
    let refused = automl(&["predict", &model, &data, "--interval", "0.5", "--out", &written]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("0.8, 0.9, 0.95"),
        "{}",
        text(&refused.stderr)
    );
}

#[test]
fn training_reports_what_it_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let out = train(folder.path(), &data, "species", &[]);
    let run: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("run.json")).expect("run.json"))
            .expect("run.json is JSON");
    assert!(
        run["evaluation"]["score"].as_f64().expect("a score") < 0.2,
        "log loss on penguins: {}",
        run["evaluation"]
    );
    assert_eq!(run["evaluation"]["is_better_than_baseline"], true);
    let report = std::fs::read_to_string(out.join("report.html")).expect("the report");
    assert!(!report.contains("<script"), "the report has no script");
    let board = std::fs::read_to_string(out.join("leaderboard.csv")).expect("the leaderboard");
    assert!(board.lines().count() > 3, "{board}");

    let predictions = path(folder.path(), "predictions.csv");
    let done = automl(&[
        "predict",
        &path(&out, "model.automl"),
        &data,
        "--out",
        &predictions,
    ]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let predictions = std::fs::read_to_string(&predictions).expect("predictions");
    assert_eq!(
        predictions.lines().next(),
        Some("prediction,p_Adelie,p_Chinstrap,p_Gentoo")
    );
    assert_eq!(predictions.lines().count(), PENGUINS.lines().count());
}

#[test]
fn a_hostile_column_name_is_only_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut table = String::from("<script>alert(1)</script>,label,../../x,target\n");
    for row in 0..200 {
        let word = ["<b>bold</b>", "plain"][row % 2];
        writeln!(
            table,
            "{},{word},{},{}",
            row % 17,
            row % 5,
            ["no", "yes"][usize::from(row % 17 > 8)]
        )
        .expect("strings grow");
    }
    let data = write(folder.path(), "hostile.csv", &table);
    let out = train(folder.path(), &data, "target", &[]);
    let report = std::fs::read_to_string(out.join("report.html")).expect("the report");
    assert!(
        !report.contains("<script") && !report.contains("<b>bold"),
        "values are escaped"
    );
    compare_elsewhere(&out, &table, folder.path());
}

/// Runs `train` on bytes and returns exit code and standard error.
fn train_badly(folder: &Path, name: &str, content: &[u8], target: &str) -> (Option<i32>, String) {
    let data = write(folder, name, content);
    let out = path(folder, "out");
    let done = automl(&[
        "train", &data, "--target", target, "--budget", "10s", "--json", "--out", &out,
    ]);
    (done.status.code(), text(&done.stderr))
}

#[test]
fn bad_input_is_one_clear_line_and_exit_code_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let hundred = |line: &str| line.repeat(100);
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("empty file", Vec::new(), "y", "empty"),
        ("header only", b"a,y\n".to_vec(), "y", "row"),
        (
            "one column",
            format!("y\n{}", hundred("1\n0\n")).into_bytes(),
            "y",
            "column",
        ),
        (
            "one class",
            format!("a,y\n{}", hundred("1,x\n2,x\n")).into_bytes(),
            "y",
            "one",
        ),
        (
            "missing target",
            format!("a,y\n{}", hundred("1,\n2,\n")).into_bytes(),
            "y",
            "no values",
        ),
        (
            "unknown target",
            format!("a,yield\n{}", hundred("1,x\n2,z\n")).into_bytes(),
            "yeild",
            "yield",
        ),
        ("ragged rows", b"a,y\n1,x\n2,z,3\n4,x\n".to_vec(), "y", "line 3"),
        ("NUL bytes", b"a,y\n1,x\0\n2,z\n".to_vec(), "y", "NUL"),
        ("open quote", b"a,y\n\"1,x\n2,z\n".to_vec(), "y", "quote"),
        (
            "a class with one row",
            format!("a,y\n{}3,rare\n", hundred("1,x\n2,z\n")).into_bytes(),
            "y",
            "rare",
        ),
        (
            "huge cell",
            [b"a,y\n1,".to_vec(), vec![b'x'; 50 << 20], b"\n".to_vec()].concat(),
            "y",
            "cell",
        ),
    ];
    for (name, content, target, word) in cases {
        let (code, message) = train_badly(folder.path(), "bad.csv", &content, target);
        assert_eq!(code, Some(2), "{name}: {message}");
        assert!(
            message.to_lowercase().contains(&word.to_lowercase()),
            "{name}: {message}"
        );
        assert_eq!(message.trim().lines().count(), 1, "{name}: {message}");
        assert!(message.len() < 600, "{name}: the line is too long");
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let out = path(folder.path(), "out");
    for arguments in [
        vec!["train"],
        vec![
            "train", &data, "--target", "species", "--budget", "soon", "--out", &out,
        ],
        vec![
            "train",
            &data,
            "--target",
            "species",
            "--exclude",
            "wings",
            "--out",
            &out,
        ],
        vec![
            "train",
            &data,
            "--target",
            "species",
            "--task",
            "regression",
            "--out",
            &out,
        ],
        vec![
            "train", &data, "--target", "species", "--metric", "rmse", "--out", &out,
        ],
        vec!["train", "/nowhere.csv", "--target", "species", "--out", &out],
        vec!["predict", "/nowhere", &data, "--out", &out],
        vec!["predict", &data, &data, "--out", &out],
        vec!["profile", "/nowhere.csv"],
        vec!["fly"],
    ] {
        let done = automl(&arguments);
        assert_eq!(
            done.status.code(),
            Some(2),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
        assert!(!done.stderr.is_empty(), "{arguments:?} says why");
    }
}

#[test]
fn odd_tables_that_can_be_learned_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut duplicate = String::from("a,a,,y\n");
    for row in 0..120 {
        writeln!(
            duplicate,
            "{},{},{},{}",
            row % 7,
            row % 3,
            row,
            ["no", "yes"][usize::from(row % 7 > 3)]
        )
        .expect("strings grow");
    }
    let data = write(folder.path(), "duplicate.csv", &duplicate);
    train(folder.path(), &data, "y", &[]);

    let semicolon: Vec<u8> = PENGUINS.replace(',', ";").bytes().collect();
    let data = write(folder.path(), "PENGUINS.CSV", semicolon);
    let done = automl(&["profile", &data]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("bill_length_mm"));

    // Not UTF-8, but plainly Latin-1: read as such and said.
    let latin = [&b"drink,y\n"[..], &b"caf\xe9,hot\nwater,cold\n".repeat(60)].concat();
    let data = write(folder.path(), "latin.csv", latin);
    let done = automl(&["profile", &data, "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("caf\u{e9}"), "{}", text(&done.stdout));

    let mut wide = (0..10_000)
        .map(|column| format!("c{column}"))
        .collect::<Vec<_>>()
        .join(",");
    wide.push_str(",y\n");
    for row in 0..40 {
        let cells: Vec<String> = (0..10_000)
            .map(|column| ((row * 31 + column * 17) % 101).to_string())
            .collect();
        writeln!(wide, "{},{}", cells.join(","), row % 2).expect("strings grow");
    }
    let data = write(folder.path(), "wide.csv", &wide);
    let done = automl(&["profile", &data, "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
}
