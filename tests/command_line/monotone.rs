//! `--monotone`: the final model and its ONNX file keep to it, and what cannot be asked is refused.

use std::fmt::Write as _;
use std::path::Path;

use super::{automl, compare_elsewhere, path, text, train, write};

/// Prices that rise with the size but for a dip in the middle, and fall with the age but for a bump; blanks in both.
fn flats() -> String {
    let mut table = String::from("size,age,town,price,dear,kind\n");
    for row in 0..900_u32 {
        let (size, age) = (f64::from(row * 37 % 200) / 10.0, f64::from(row * 91 % 127) / 2.0);
        let town = ["Ulm", "Bonn", "Kiel"][row as usize % 3];
        let dip = if (8.0..12.0).contains(&size) { 25.0 } else { 0.0 };
        let bump = if (20.0..30.0).contains(&age) { 15.0 } else { 0.0 };
        let price = 5.0 * size - age / 2.0 - dip + bump + f64::from(row * 13 % 11) / 4.0;
        let dear = if price > 25.0 { "yes" } else { "no" };
        let cell = |value: f64, is_blank: bool| {
            if is_blank {
                String::new()
            } else {
                value.to_string()
            }
        };
        let (size, age) = (cell(size, row % 23 == 5), cell(age, row % 19 == 3));
        writeln!(table, "{size},{age},{town},{price},{dear},kind {}", row % 4).expect("strings grow");
    }
    table
}

const AGES: [&str; 5] = ["0", "14.5", "25", "41", ""];
const SIZES: usize = 121;

/// Rows whose size alone rises, for some ages (a blank one too) and towns.
fn sweep() -> String {
    let mut table = String::from("size,age,town\n");
    for age in AGES {
        for town in ["Ulm", "Kiel", "elsewhere"] {
            for step in 0..SIZES {
                writeln!(table, "{},{age},{town}", step as f64 / 5.0 - 2.0).expect("strings grow");
            }
        }
    }
    table
}

/// How many of the steps of a sweep are down by more than nothing, and the largest of them.
fn steps_down(out: &Path, folder: &Path) -> (usize, f64) {
    let data = write(folder, "sweep.csv", sweep());
    let written = path(folder, "swept.csv");
    let done = automl(&["predict", &out.to_string_lossy(), &data, "--out", &written]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let answers = std::fs::read_to_string(&written).expect("it is written");
    let mut lines = answers.lines();
    let head: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = head.iter().position(|name| *name == "p_yes").unwrap_or(0);
    let answer = |line: &str| {
        let cell = line.split(',').nth(column).expect("a cell");
        cell.parse::<f64>().expect("a number")
    };
    let answers: Vec<f64> = lines.map(answer).collect();
    let (mut down, mut largest) = (0, 0.0_f64);
    for swept in answers.chunks(SIZES) {
        for pair in swept.windows(2) {
            down += usize::from(pair[1] < pair[0]);
            largest = largest.max(pair[0] - pair[1]);
        }
    }
    (down, largest)
}

#[test]
fn the_published_model_keeps_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "flats.csv", flats());
    for (target, others, visible) in [
        ("price", ["dear", "kind"], 5.0),
        ("dear", ["price", "kind"], 0.05),
    ] {
        let base = ["--trials", "8", "--exclude", others[0], "--exclude", others[1]];
        let free = train(folder.path(), &data, target, &base);
        let (_, largest) = steps_down(&free, folder.path());
        assert!(
            largest > visible,
            "{target}: nothing to keep a fit from: {largest}"
        );
        std::fs::remove_dir_all(&free).expect("the folder goes");
        let asked = ["--monotone", "size=rising", "--monotone", "age=falling"];
        let kept = train(folder.path(), &data, target, &[&base[..], &asked].concat());
        assert_eq!(steps_down(&kept, folder.path()).0, 0, "{target}");
        compare_elsewhere(&kept, &sweep(), folder.path());
        let record = std::fs::read_to_string(kept.join("run.json")).expect("run.json");
        let record: serde_json::Value = serde_json::from_str(&record).expect("run.json is JSON");
        let notes = record["notes"].to_string();
        assert!(
            notes.contains("may only rise with `size`, only fall with `age`.")
                && notes.contains("cannot keep to that: Linear"),
            "{notes}"
        );
        assert_eq!(
            record["evaluation"]["is_better_than_baseline"], true,
            "{record:#}"
        );
        let board = std::fs::read_to_string(kept.join("leaderboard.csv")).expect("a leaderboard");
        assert!(board.contains("forest") && !board.contains("Linear"), "{board}");
    }
}

#[test]
fn what_cannot_be_asked_is_said_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "flats.csv", flats());
    let out = path(folder.path(), "out");
    for (more, words) in [
        (&["--monotone", "size"][..], "COLUMN=rising"),
        (&["--monotone", "sise=rising"], "did you mean \"size\"?"),
        (&["--monotone", "price=rising"], "not known of a new row"),
        (&["--monotone", "town=rising"], "only numbers have an order"),
        (
            &["--monotone", "size=rising", "--exclude", "size"],
            "left out as asked",
        ),
        (
            &["--monotone", "size=rising", "--monotone", "size=falling"],
            "named twice",
        ),
        (
            &["--monotone", "size=rising", "--learner", "linear"],
            "allow one of baseline, gradient_boosting",
        ),
    ] {
        let base = [
            "train", &data, "--target", "price", "--budget", "10s", "--out", &out,
        ];
        let done = automl(&[&base[..], more].concat());
        let message = text(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{more:?}: {message}");
        assert!(message.contains(words), "{more:?}: {message}");
    }
    let classes = [
        "train",
        &data,
        "--target",
        "kind",
        "--budget",
        "10s",
        "--out",
        &out,
        "--monotone",
        "size=rising",
    ];
    let done = automl(&classes);
    let message = text(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{message}");
    assert!(message.contains("several classes"), "{message}");
}
