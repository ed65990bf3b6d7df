//! Tests of the profile: roles with their evidence, statistics against known values, bounds.

use proptest::prelude::*;

use super::{ColumnProfile, Kind, Measure, Options, Profile, Role, profile};
use crate::read::{ReadOptions, Table, read};

fn read_text(text: &str) -> Table {
    read(text.as_bytes(), "data.csv", &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn profile_of(text: &str, target: Option<&str>) -> Profile {
    let options = Options {
        target: target.map(str::to_owned),
        threads: 2,
    };
    profile(&read_text(text), &options).expect("profile")
}

/// The profile of one column with these cells, between two others.
fn column(name: &str, cells: &[String]) -> ColumnProfile {
    let mut text = format!("before;{name};after\n");
    for (row, cell) in cells.iter().enumerate() {
        text.push_str(&format!("{};{cell};{}\n", row % 3, row % 7));
    }
    profile_of(&text, None).columns[1].clone()
}

fn repeat(count: usize, cell: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(cell).collect()
}

/// Name, cells, and the kind and role that they must get.
type RoleCase = (&'static str, Vec<String>, Kind, Role);

fn check_roles(cases: Vec<RoleCase>) {
    for (name, cells, kind, role) in cases {
        let column = column(name, &cells);
        let evidence = &column.evidence;
        assert_eq!(
            (column.kind, column.role),
            (kind, role),
            "{name} {:?}: {evidence}",
            &cells[..3]
        );
        assert!(evidence.ends_with('.'), "{evidence}");
    }
}

/// Distinct numbers in no order.
fn scattered(row: usize) -> usize {
    (row * 7919 + 13) % 1_000_003
}

#[test]
fn numbers_and_identifiers_have_evidence() {
    check_roles(vec![
        (
            "x",
            repeat(200, |row| format!("{}.5", row * row % 97)),
            Kind::Numeric,
            Role::Number,
        ),
        (
            "x",
            repeat(200, |row| format!("{}", row * row % 97)),
            Kind::Integer,
            Role::Number,
        ),
        (
            "x",
            repeat(200, |row| format!("{}", row % 2)),
            Kind::Boolean,
            Role::Number,
        ),
        (
            "x",
            repeat(200, |row| format!("{}", row + 1000)),
            Kind::Id,
            Role::Id,
        ),
        (
            "user_id",
            repeat(200, |row| format!("{}", scattered(row))),
            Kind::Id,
            Role::Id,
        ),
        (
            "amount",
            repeat(200, |row| format!("{}", scattered(row))),
            Kind::Integer,
            Role::Number,
        ),
        (
            "order_paid",
            repeat(200, |row| format!("{}", scattered(row))),
            Kind::Integer,
            Role::Number,
        ),
        (
            "user_id",
            repeat(200, |row| format!("{}", row % 50)),
            Kind::Integer,
            Role::Number,
        ),
        (
            "x",
            repeat(200, |row| format!("AB-{:04x}", scattered(row))),
            Kind::Id,
            Role::Id,
        ),
        (
            "x",
            repeat(200, |row| format!("{:020}", scattered(row))),
            Kind::Id,
            Role::Id,
        ),
        (
            "x",
            repeat(10, |row| format!("{row}")),
            Kind::Integer,
            Role::Number,
        ),
    ]);
}

#[test]
fn other_roles_have_evidence() {
    check_roles(vec![
        (
            "x",
            repeat(200, |row| ["yes", "no"][row % 2].into()),
            Kind::Boolean,
            Role::Category,
        ),
        (
            "x",
            repeat(200, |row| format!("c{}", row % 12)),
            Kind::Categorical,
            Role::Category,
        ),
        (
            "border_width",
            repeat(200, |row| format!("w{}", row % 50)),
            Kind::Categorical,
            Role::Category,
        ),
        (
            "x",
            repeat(200, |row| if row == 7 { "1".into() } else { "0".into() }),
            Kind::Constant,
            Role::Constant,
        ),
        (
            "x",
            repeat(200, |row| if row < 3 { "a".into() } else { String::new() }),
            Kind::Constant,
            Role::Constant,
        ),
        (
            "x",
            repeat(200, |_| String::new()),
            Kind::Constant,
            Role::Constant,
        ),
        (
            "x",
            repeat(200, |row| format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1)),
            Kind::Date,
            Role::Date,
        ),
        (
            "x",
            repeat(200, |row| format!("{:02}/{:02}/2024", row % 28 + 1, row % 12 + 1)),
            Kind::Date,
            Role::Date,
        ),
        (
            "x",
            repeat(200, |row| format!("the room has {row} chairs and a view")),
            Kind::Text,
            Role::Text,
        ),
        (
            "x",
            repeat(200, |row| format!("{},5", row * 3)),
            Kind::Categorical,
            Role::Category,
        ),
    ]);
}

#[test]
fn statistics_of_known_values() {
    let column = column("x", &["1", "2", "2", "4", "0", "", "100.5"].map(str::to_owned));
    let numbers = column.numbers.expect("numbers");
    assert_eq!((column.missing, column.distinct), (1, 5));
    assert_eq!(
        (numbers.min, numbers.max, numbers.zeros, numbers.outliers),
        (0.0, 100.5, 1, 1)
    );
    assert_eq!(
        (
            numbers.quantiles.p25,
            numbers.quantiles.median,
            numbers.quantiles.p75
        ),
        (1.25, 2.0, 3.5)
    );
    // Reference: numpy 2 and scipy.stats (population skew and excess kurtosis).
    let close = |value: Option<f64>, expected: f64| (value.expect("defined") - expected).abs() < 1e-9;
    assert!(close(numbers.mean, 18.25));
    assert!(close(numbers.sd, 40.31593977572643), "{:?}", numbers.sd);
    assert!(close(numbers.skew, 1.7845121042353587), "{:?}", numbers.skew);
    assert!(
        close(numbers.kurtosis, 1.192184458713374),
        "{:?}",
        numbers.kurtosis
    );
    assert_eq!(numbers.histogram.iter().map(|bin| bin.count).sum::<usize>(), 6);
    assert_eq!(
        (column.top_values[0].value.as_str(), column.top_values[0].count),
        ("2", 2)
    );
}

#[test]
fn copies_and_leaks_are_found() {
    let mut text = String::from("a,copy,leak,label,noise,target\n");
    for row in 0..300_u32 {
        let value = row * row % 101;
        let noise = row.wrapping_mul(2_654_435_761) >> 20;
        text.push_str(&format!(
            "{value},{value},{}.5,{},{noise},{}\n",
            noise % 2 * 3,
            ["u", "v"][noise as usize % 2],
            noise % 2
        ));
    }
    text.push_str("0,0,0.5,u,1,0\n0,0,0.5,u,1,0\n");
    let profile = profile_of(&text, Some("target"));
    assert_eq!(profile.columns[1].role, Role::Duplicate);
    assert_eq!(profile.duplicate_rows, Some(1));
    for name in ["leak", "label"] {
        let column = profile
            .columns
            .iter()
            .find(|column| column.name == name)
            .expect("column");
        assert!(
            column
                .warnings
                .iter()
                .any(|warning| warning.contains("Leakage suspect")),
            "{name}"
        );
    }
    assert!(
        profile.columns[4].warnings.is_empty(),
        "{:?}",
        profile.columns[4].warnings
    );
    let first = &profile.associations[0];
    assert!(
        first.value.abs() > 0.99 && first.measure != Measure::CramersV,
        "{first:?}"
    );
}

#[test]
fn any_number_of_threads_gives_the_same_profile() {
    let mut text = String::from("a,b,c,d,e\n");
    for row in 0..500 {
        text.push_str(&format!(
            "{},{},x{},{}.25,{}\n",
            row % 7,
            row * row % 31,
            row % 5,
            row % 11,
            row
        ));
    }
    let table = read_text(&text);
    let with = |threads| {
        profile(
            &table,
            &Options {
                target: Some("a".into()),
                threads,
            },
        )
        .expect("profile")
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn json_names_are_stable() {
    let json = serde_json::to_value(profile_of("a,b\n1,x\n2,y\n1,x\n", None)).expect("json");
    for key in [
        "rows",
        "columns",
        "duplicate_rows",
        "associations",
        "warnings",
        "preview",
        "format",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
    let column = &json["columns"][0];
    for key in [
        "name",
        "kind",
        "role",
        "evidence",
        "missing",
        "missing_share",
        "distinct",
        "numbers",
        "top_values",
        "samples",
        "as_target",
    ] {
        assert!(column.get(key).is_some(), "{key}");
    }
    assert_eq!(column["kind"], "integer");
    assert_eq!(json["preview"][0][1], "x");
}

#[test]
fn wide_tables_are_bounded() {
    let names: Vec<String> = (0..10_000).map(|column| format!("c{column}")).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..30_u64 {
        let cells: Vec<String> = (0..10_000_u64)
            .map(|column| ((row * 31 + column * 17) % 23).to_string())
            .collect();
        text.push_str(&(cells.join(",") + "\n"));
    }
    let profile = profile_of(&text, Some("c5"));
    assert_eq!(profile.columns.len(), 10_000);
    assert!(profile.associations.len() <= 50);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_table_has_a_sound_profile(
        cells in proptest::collection::vec("(-?[0-9]{1,2}|NA|x|yes|no|1e308|-inf|2024-01-0[1-9]|a b c d e)", 3..60),
    ) {
        let mut text = String::from("a;b;c\n");
        for row in cells.chunks_exact(3) {
            text.push_str(&(row.join(";") + "\n"));
        }
        let profile = profile_of(&text, Some("a"));
        for column in &profile.columns {
            prop_assert!(column.missing + column.distinct <= profile.rows);
            prop_assert!(column.top_values.iter().map(|top| top.count).sum::<usize>() <= profile.rows - column.missing);
            if let Some(numbers) = &column.numbers {
                prop_assert!(numbers.min <= numbers.quantiles.median && numbers.quantiles.median <= numbers.max);
                let counted: usize = numbers.histogram.iter().map(|bin| bin.count).sum();
                prop_assert_eq!(counted + numbers.infinite + column.missing, profile.rows);
            }
        }
        for pair in &profile.associations {
            prop_assert!(pair.value.abs() <= 1.0);
        }
        // What cannot be written as JSON would be lost on its way to the user.
        let json = serde_json::to_string(&profile).expect("json");
        prop_assert!(serde_json::from_str::<Profile>(&json).is_ok());
    }
}
