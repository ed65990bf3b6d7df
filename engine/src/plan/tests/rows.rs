//! What the columns named for validation and weights do to the rows.

use model::Column;

use super::{Prepared, Settings, Table, read_text, refused, run, settings};
use crate::metrics::Metric;
use crate::plan::Aim;
use crate::profile::Role;
use crate::settings::{Direction, MonotoneColumn, Validation};

/// The values of a column of the test table in the rows of a side.
fn texts(prepared: &Prepared, table: &Table, name: &str) -> [Vec<String>; 2] {
    let Some(Column::Text { codes, dictionary }) = table.frame.column(name) else {
        panic!("text expected")
    };
    [&prepared.train, &prepared.holdout].map(|side| {
        let cell = |&row: &u32| dictionary[codes[row as usize] as usize].clone();
        side.source.iter().map(cell).collect()
    })
}

fn notes(prepared: &Prepared) -> String {
    prepared.notes.join("\n")
}

#[test]
fn the_latest_rows_are_kept_and_folds_go_forward() {
    let prepared = run(&Settings {
        validation: Validation::Time("day".into()),
        ..settings("label")
    })
    .expect("prepares");
    let [train, kept] = texts(&prepared, &super::table(), "day");
    let last = train.iter().max().expect("training rows");
    assert!(
        kept.iter().all(|day| day > last),
        "ISO dates are in order as text"
    );
    for fold in &prepared.folds {
        let last = fold
            .fit
            .iter()
            .map(|&row| &train[row as usize])
            .max()
            .expect("rows");
        assert!(fold.valid.iter().all(|&row| &train[row as usize] > last));
    }
    assert!((2..=5).contains(&prepared.folds.len()) && !prepared.folds_fit_all_rows());
    assert!(
        prepared.inputs.iter().any(|input| input.name == "day"),
        "still a feature"
    );
    assert!(
        notes(&prepared).contains("the latest by `day`"),
        "{}",
        notes(&prepared)
    );
}

#[test]
fn a_group_is_on_one_side_and_no_feature() {
    let grouped = Settings {
        validation: Validation::Group("place".into()),
        ..settings("label")
    };
    let prepared = run(&grouped).expect("prepares");
    let [train, kept] = texts(&prepared, &super::table(), "place");
    assert!(kept.iter().all(|place| !train.contains(place)));
    assert!(!kept.is_empty() && prepared.folds_fit_all_rows());
    for fold in &prepared.folds {
        let fitted: Vec<&String> = fold.fit.iter().map(|&row| &train[row as usize]).collect();
        assert!(
            fold.valid
                .iter()
                .all(|&row| !fitted.contains(&&train[row as usize]))
        );
    }
    assert!(!prepared.inputs.iter().any(|input| input.name == "place"));
    assert!(
        notes(&prepared).contains("`place` is not used"),
        "{}",
        notes(&prepared)
    );
    let set = run(&Settings {
        roles: [("place".to_owned(), Role::Category)].into(),
        ..grouped
    });
    let inputs = set.expect("prepares").inputs;
    assert!(inputs.iter().any(|input| input.name == "place"), "as asked");
}

#[test]
fn weights_are_no_feature_and_zero_leaves_out() {
    let prepared = run(&Settings {
        weights: Some("amount".into()),
        ..settings("label")
    })
    .expect("prepares");
    let weights = prepared.weights.as_ref().expect("weights");
    let mean = weights.train.iter().sum::<f64>() / weights.train.len() as f64;
    assert!((mean - 1.0).abs() < 1e-12);
    assert_eq!(weights.holdout.len(), prepared.holdout.rows);
    // Rows 0 and 101 weigh nothing, row 7 has no target.
    assert_eq!(prepared.train.rows + prepared.holdout.rows, 197);
    assert!(!prepared.train.source.contains(&101) && !prepared.holdout.source.contains(&101));
    assert!(!prepared.inputs.iter().any(|input| input.name == "amount"));
    assert!(
        notes(&prepared).contains("2 rows of weight 0"),
        "{}",
        notes(&prepared)
    );
    let (first, other) = (prepared.train.source[0], prepared.train.source[1]);
    let amount = |row: u32| f64::from(row * 37 % 101) / 4.0;
    let ratio = weights.train[0] / weights.train[1];
    assert!(
        (ratio - amount(first) / amount(other)).abs() < 1e-12,
        "each row has its own"
    );
    let back = Prepared::from_bytes(&prepared.to_bytes().expect("writes"), 1 << 24).expect("reads");
    assert_eq!(back.weights, prepared.weights);
}

#[test]
fn prepared_data_of_earlier_versions_is_read() {
    let prepared = run(&settings("label")).expect("prepares");
    let bytes = prepared.to_bytes().expect("writes");
    let mut unpacked = zstd::decode_all(&bytes[10..]).expect("unpacks");
    let mut read = |version: u8, later: &[u8]| {
        assert!(unpacked.ends_with(later), "what is absent is 0");
        unpacked.truncate(unpacked.len() - later.len());
        let mut old = b"AMLPLAN\0".to_vec();
        old.extend([version, 0]);
        old.extend(zstd::encode_all(unpacked.as_slice(), 1).expect("packs"));
        let back = Prepared::from_bytes(&old, 1 << 24).expect("reads");
        assert_eq!(back.to_bytes().expect("writes"), bytes, "version {version}");
    };
    // Directions and an aim, then weights.
    read(3, &[0, 0]);
    read(1, &[0]);
}

#[test]
fn the_median_that_version_4_aimed_at_is_still_the_median() {
    let settings = Settings {
        metric: Some(Metric::Mae),
        ..settings("amount")
    };
    let prepared = run(&settings).expect("prepares");
    assert_eq!(prepared.aim, Aim::Quantile(50));
    let bytes = prepared.to_bytes().expect("writes");
    let mut unpacked = zstd::decode_all(&bytes[10..]).expect("unpacks");
    assert_eq!(unpacked.pop(), Some(50));
    let mut old = b"AMLPLAN\0\x04\0".to_vec();
    old.extend(zstd::encode_all(unpacked.as_slice(), 1).expect("packs"));
    let back = Prepared::from_bytes(&old, 1 << 24).expect("reads");
    assert_eq!(back.to_bytes().expect("writes"), bytes);
    let mut impossible = prepared;
    impossible.aim = Aim::Quantile(100);
    let refused = Prepared::from_bytes(&impossible.to_bytes().expect("writes"), 1 << 24);
    assert!(refused.is_err_and(|error| error.to_string().contains("quantile")));
}

#[test]
fn the_metric_says_what_is_aimed_at() {
    let of = |metric: Metric, target: &str| {
        run(&Settings {
            metric: Some(metric),
            ..settings(target)
        })
    };
    assert_eq!(of(Metric::Rmse, "amount").expect("prepares").aim, Aim::Mean);
    assert_eq!(
        of(Metric::Pinball90, "amount").expect("prepares").aim,
        Aim::Quantile(90)
    );
    assert_eq!(of(Metric::Mae, "label").expect("prepares").aim, Aim::Mean);
    let refused = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings {
            metric: Some(Metric::Pinball05),
            ..settings("amount")
        };
        change(&mut settings);
        run(&settings).expect_err("it cannot be done").to_string()
    };
    let learners = refused(&|settings| settings.learners = vec!["linear".to_owned()]);
    assert!(
        learners.contains("pinball_05") && learners.contains("gradient_boosting"),
        "{learners}"
    );
    let bound = refused(&|settings| {
        settings.monotone = vec![MonotoneColumn {
            column: "size".to_owned(),
            direction: Direction::Rising,
        }];
    });
    assert!(bound.contains("one of both"), "{bound}");
}

#[test]
fn directions_belong_to_features() {
    let bound = |column: &str, direction| MonotoneColumn {
        column: column.to_owned(),
        direction,
    };
    let settings = Settings {
        monotone: vec![bound("amount", Direction::Falling)],
        exclude: vec!["serial".to_owned()],
        ..settings("label")
    };
    let prepared = run(&settings).expect("prepares");
    assert_eq!(prepared.monotone.len(), 1);
    let (feature, direction) = prepared.monotone[0];
    assert_eq!(prepared.encoder.features[feature as usize].name, "amount");
    assert_eq!(direction, Direction::Falling);
    assert!(
        notes(&prepared).contains("The probability of `yes` may only fall with `amount`."),
        "{}",
        notes(&prepared)
    );
    let back = Prepared::from_bytes(&prepared.to_bytes().expect("writes"), 1 << 24).expect("reads");
    assert_eq!(back.monotone, prepared.monotone);
}

#[test]
fn unusable_columns_are_refused_in_words() {
    let time = |name: &str| Settings {
        validation: Validation::Time(name.into()),
        ..settings("label")
    };
    let group = |name: &str| Settings {
        validation: Validation::Group(name.into()),
        ..settings("label")
    };
    let weights = |name: &str| Settings {
        weights: Some(name.into()),
        ..settings("label")
    };
    for (settings, words) in [
        (time("days"), "\"day\""),
        (time("label"), "is not known of a new row"),
        (time("colour"), "neither numbers nor dates"),
        (group("colur"), "\"colour\""),
        (group("same"), "fewer than 3 groups"),
        (weights("amont"), "\"amount\""),
        (weights("colour"), "holds text"),
        (weights("label"), "is not known of a new row"),
        (
            Settings {
                weights: Some("amount".into()),
                ..time("amount")
            },
            "at once",
        ),
        (
            Settings {
                roles: [("amount".to_owned(), Role::Number)].into(),
                ..weights("amount")
            },
            "a weight is no feature",
        ),
    ] {
        let message = refused(&settings);
        assert!(message.contains(words), "{message}");
    }
}

/// 60 rows of a number, a target and one more column of so many values.
fn with_column(cell: impl Fn(usize) -> String) -> Table {
    let mut text = String::from("x,extra,y\n");
    for row in 0..60 {
        text.push_str(&format!("{},{},{}\n", row * 7 % 23, cell(row), row % 2));
    }
    read_text(&text)
}

#[test]
fn bad_weights_are_counted() {
    let asked = Settings {
        weights: Some("extra".into()),
        ..settings("y")
    };
    let refused = |cell: &dyn Fn(usize) -> String| {
        let error = super::prepared(&with_column(cell), &asked).err();
        error.map(|error| error.to_string()).unwrap_or_default()
    };
    let missing = refused(&|row| if row < 4 { String::new() } else { "1.5".to_owned() });
    assert!(missing.contains("missing in 4 rows"), "{missing}");
    let negative = refused(&|row| {
        if row == 9 {
            "-2".to_owned()
        } else {
            "1.5".to_owned()
        }
    });
    assert!(negative.contains("is -2 in some row"), "{negative}");
    let nothing = refused(&|_| "0".to_owned());
    assert!(nothing.contains("0 in every row"), "{nothing}");
}

#[test]
fn rows_without_a_time_are_left_out_and_those_without_a_group_stay_together() {
    let table = with_column(|row| {
        if row % 6 == 0 {
            String::new()
        } else {
            (row / 3).to_string()
        }
    });
    let by = |validation| {
        super::prepared(
            &table,
            &Settings {
                validation,
                ..settings("y")
            },
        )
        .expect("prepares")
    };
    let timed = by(Validation::Time("extra".into()));
    assert_eq!(timed.train.rows + timed.holdout.rows, 50);
    assert!(
        notes(&timed).contains("10 rows without a time"),
        "{}",
        notes(&timed)
    );
    let grouped = by(Validation::Group("extra".into()));
    let is_alone = |side: &crate::plan::Rows| side.source.iter().filter(|&&row| row % 6 == 0).count();
    let counts = [is_alone(&grouped.train), is_alone(&grouped.holdout)];
    assert!(counts.contains(&0) && counts.contains(&10), "{counts:?}");
    assert!(
        notes(&grouped).contains("10 rows without a group"),
        "{}",
        notes(&grouped)
    );
}
