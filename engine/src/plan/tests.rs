//! From the bytes of a file to prepared data, as every caller does it.

mod rows;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use model::{FeatureKind, ProblemType};

use super::{Prepared, Target, prepare};
use crate::error::Error;
use crate::profile::{Options, Role, profile};
use crate::read::{ReadOptions, Table, read};
use crate::settings::{Preset, Settings, Validation};

fn settings(target: &str) -> Settings {
    Settings {
        target: target.to_owned(),
        problem: None,
        metric: None,
        budget: Duration::from_secs(30),
        preset: Preset::Balanced,
        validation: Validation::Auto,
        weights: None,
        threads: 1,
        memory_bytes: 1 << 30,
        seed: 1,
        exclude: Vec::new(),
        roles: BTreeMap::new(),
        learners: Vec::new(),
        max_trials: None,
        seen_trials: 0,
        threshold: None,
        monotone: Vec::new(),
        max_latency: None,
    }
}

/// 200 rows with every kind of column; `label` is text, `amount` a number.
fn table() -> Table {
    let mut text = String::from("amount,colour,day,note,serial,same,place,label\n");
    for row in 0..200u32 {
        let colour = ["red", "green", "", "blue"][(row % 4) as usize];
        let word = ["good", "bad"][(row / 3 % 2) as usize];
        let label = if row == 7 {
            ""
        } else {
            ["no", "yes"][(row % 3 == 0) as usize]
        };
        let (month, day) = (row % 12 + 1, row % 28 + 1);
        let amount = f64::from(row * 37 % 101) / 4.0;
        writeln!(
            text,
            "{amount},{colour},2024-{month:02}-{day:02},a {word} thing number {} came today,{row},x,place {},{label}",
            row % 50,
            row % 90
        )
        .expect("a string grows");
    }
    read_text(&text)
}

fn read_text(text: &str) -> Table {
    read(text.as_bytes(), "table.csv", &ReadOptions::default()).expect("the table is read")
}

fn run(settings: &Settings) -> Result<Prepared, Error> {
    prepared(&table(), settings)
}

fn prepared(table: &Table, settings: &Settings) -> Result<Prepared, Error> {
    let options = Options {
        target: Some(settings.target.clone()),
        threads: 1,
    };
    let profile = profile(table, &options).expect("the table is profiled");
    prepare(table, &profile, settings)
}

fn refused(settings: &Settings) -> String {
    match run(settings) {
        Err(Error::Input(message)) => message,
        other => panic!(
            "a refusal was expected: {:?}",
            other.map(|prepared| prepared.notes)
        ),
    }
}

#[test]
fn a_table_becomes_features_folds_and_notes() {
    let prepared = run(&settings("label")).expect("prepares");
    assert_eq!(prepared.problem, ProblemType::Binary);
    let Target::Classes { labels, .. } = &prepared.train.target else {
        panic!("classes expected")
    };
    assert_eq!(labels, &["no", "yes"]);
    assert_eq!(prepared.train.rows + prepared.holdout.rows, 199);
    assert!(
        !prepared.train.source.contains(&7) && !prepared.holdout.source.contains(&7),
        "row 7 has no target"
    );
    assert_eq!(prepared.folds.len(), 16, "8 folds, twice: the rows are few");
    let names: Vec<&str> = prepared
        .encoder
        .features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect();
    for expected in [
        "amount",
        "colour",
        "day.month",
        "day.day_of_week",
        "note: good",
        "note: words",
        "place",
    ] {
        assert!(names.contains(&expected), "{expected} in {names:?}");
    }
    assert!(
        !names.contains(&"day.year") && !names.contains(&"day.hour"),
        "what does not vary is left out: {names:?}"
    );
    let notes = prepared.notes.join("\n");
    assert!(
        notes.contains("`serial` is not used") && notes.contains("`same` is not used"),
        "{notes}"
    );
    let colour = prepared
        .inputs
        .iter()
        .find(|input| input.name == "colour")
        .expect("an input");
    assert_eq!(colour.examples.len(), 3);
    for (feature, values) in prepared.encoder.features.iter().zip(&prepared.train.features) {
        assert_eq!(values.len(), prepared.train.rows);
        if let FeatureKind::Category { cardinality } = feature.kind {
            assert!(
                values
                    .iter()
                    .all(|&code| code >= 0.0 && code < f64::from(cardinality)),
                "{}",
                feature.name
            );
        }
    }
}

#[test]
fn what_serves_encodes_as_what_trained() {
    let prepared = run(&settings("amount")).expect("prepares");
    assert_eq!(prepared.problem, ProblemType::Regression);
    let all = prepared
        .encoder
        .encode(&prepared.inputs, &table().frame)
        .expect("encodes");
    for (trained, served) in prepared.train.features.iter().zip(&all) {
        for (value, &row) in trained.iter().zip(&prepared.train.source) {
            assert_eq!(value.to_bits(), served[row as usize].to_bits());
        }
    }
}

#[test]
fn bytes_come_back_and_damage_is_refused() {
    let prepared = run(&settings("label")).expect("prepares");
    let bytes = prepared.to_bytes().expect("writes");
    let back = Prepared::from_bytes(&bytes, 1 << 24).expect("reads");
    assert_eq!(back.encoder, prepared.encoder);
    assert_eq!(back.folds, prepared.folds);
    assert_eq!(back.notes, prepared.notes);
    assert_eq!(back.to_bytes().expect("writes"), bytes);
    assert!(
        matches!(Prepared::from_bytes(&bytes, 1_000), Err(Error::Input(_))),
        "larger than allowed"
    );
    assert!(matches!(
        Prepared::from_bytes(&bytes[..bytes.len() / 2], 1 << 24),
        Err(Error::Input(_))
    ));
    assert!(matches!(
        Prepared::from_bytes(b"something else", 1 << 24),
        Err(Error::Input(_))
    ));
    for position in (0..bytes.len()).step_by(bytes.len() / 50 + 1) {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0x55;
        // Either noticed or harmless; never a panic.
        let _ = Prepared::from_bytes(&damaged, 1 << 24);
    }
}

#[test]
fn unusable_settings_are_refused_in_words() {
    assert!(
        refused(&settings("lable")).contains("label"),
        "the closest name is told"
    );
    assert!(
        refused(&Settings {
            exclude: vec!["colur".into()],
            ..settings("label")
        })
        .contains("colour")
    );
    assert!(
        refused(&Settings {
            exclude: vec!["label".into()],
            ..settings("label")
        })
        .contains("cannot be left out")
    );
    assert!(
        refused(&Settings {
            validation: Validation::Folds(1),
            ..settings("label")
        })
        .contains("2 to 20")
    );
    let roles = BTreeMap::from([("colour".to_owned(), Role::Date)]);
    assert!(
        refused(&Settings {
            roles,
            ..settings("label")
        })
        .contains("date")
    );
    let roles = BTreeMap::from([("colour".to_owned(), Role::Number)]);
    assert!(
        refused(&Settings {
            roles,
            ..settings("label")
        })
        .contains("colour")
    );
    let all = ["amount", "colour", "day", "note", "place"]
        .map(str::to_owned)
        .to_vec();
    assert!(
        refused(&Settings {
            exclude: all,
            ..settings("label")
        })
        .contains("no column is left")
    );
    let small = run(&Settings {
        memory_bytes: 1 << 20,
        ..settings("label")
    });
    assert!(matches!(small, Err(Error::Memory { .. })));
}

#[test]
fn settings_decide_the_split() {
    let folds = |settings: &Settings| run(settings).expect("prepares").folds.len();
    assert_eq!(
        folds(&Settings {
            preset: Preset::Quick,
            ..settings("label")
        }),
        1
    );
    assert_eq!(
        folds(&Settings {
            validation: Validation::Folds(3),
            ..settings("label")
        }),
        3
    );
    assert_eq!(
        folds(&Settings {
            validation: Validation::Holdout,
            ..settings("label")
        }),
        1
    );
    let same = |seed| {
        run(&Settings {
            seed,
            ..settings("label")
        })
        .expect("prepares")
        .train
        .source
    };
    assert_eq!(same(4), same(4));
    assert_ne!(same(4), same(5));
}
