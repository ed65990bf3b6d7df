//! Tests of bins.

use model::Feature;
use proptest::prelude::*;

use super::*;
use crate::plan::Target;

fn feature(kind: FeatureKind) -> Feature {
    Feature {
        name: "x".into(),
        input: 0,
        kind,
    }
}

fn bin_column(values: Vec<f64>, kind: FeatureKind) -> Binned {
    let rows = values.len();
    let rows = Rows {
        features: vec![values],
        target: Target::Values(vec![0.0; rows]),
        rows,
        source: (0..rows as u32).collect(),
    };
    Binned::new(&rows, &[feature(kind)])
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-50_i32..50).prop_map(|x| f64::from(x) / 7.0),
        8 => proptest::num::f64::ANY,
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        1 => Just(-0.0),
    ]
}

proptest! {
    #[test]
    fn a_cut_decides_like_its_bin(values in proptest::collection::vec(any_value(), 1..1500)) {
        let binned = bin_column(values.clone(), FeatureKind::Number);
        let FeatureBins::Number { cuts } = binned.feature(0) else { unreachable!() };
        for (row, &value) in values.iter().enumerate() {
            let bin = usize::from(binned.column(0)[row]);
            prop_assert_eq!(bin == 0, value.is_nan());
            for (index, &cut) in cuts.iter().enumerate() {
                prop_assert_eq!(value <= cut, bin != 0 && bin <= index + 1);
            }
        }
    }
}

#[test]
fn both_layouts_hold_the_same_bins() {
    let columns: Vec<Vec<f64>> = (0..3)
        .map(|f| (0..2500).map(|r| f64::from((r * (f + 3)) % 97)).collect())
        .collect();
    let rows = Rows {
        features: columns,
        target: Target::Values(vec![0.0; 2500]),
        rows: 2500,
        source: Vec::new(),
    };
    let binned = Binned::new(&rows, &vec![feature(FeatureKind::Number); 3]);
    for row in 0..2500 {
        for f in 0..3 {
            assert_eq!(binned.row(row)[f], binned.column(f)[row]);
        }
    }
}

#[test]
fn more_columns_are_binned_as_if_they_had_always_been_there() {
    let columns: Vec<Vec<f64>> = (0..5)
        .map(|f| (0..2500).map(|r| f64::from((r * (f + 3)) % 97)).collect())
        .collect();
    let binned = |columns: &[Vec<f64>]| {
        let rows = Rows {
            features: columns.to_vec(),
            target: Target::Values(vec![0.0; 2500]),
            rows: 2500,
            source: Vec::new(),
        };
        Binned::new(&rows, &vec![feature(FeatureKind::Number); columns.len()])
    };
    let added = binned(&columns[..3]).with_columns(2, &|index| columns[3 + index].clone());
    let whole = binned(&columns);
    assert_eq!(added.row_major, whole.row_major);
    assert_eq!(added.column_major, whole.column_major);
    assert_eq!(added.features, whole.features);
}

#[test]
fn large_columns_are_cut_from_a_sample() {
    let values: Vec<f64> = (0..300_000).map(|row| f64::from(row % 100_000)).collect();
    let binned = bin_column(values, FeatureKind::Number);
    assert!(binned.feature(0).len() > 250);
    let mut counts = [0_usize; 256];
    for &bin in binned.column(0) {
        counts[usize::from(bin)] += 1;
    }
    assert!(counts[1..].iter().all(|&count| count < 2400), "{counts:?}");
}
