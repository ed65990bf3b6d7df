//! Tests of histograms.

use model::{Feature, FeatureKind};

use super::*;
use crate::plan::{Rows, Target};
use crate::trees::place::{below, mix};

/// Every third feature has many values; of the others nine in ten rows have one value, which may be missing or a category.
fn table(rows: usize) -> Binned {
    let draw = |column: u64, row: u64, count: usize| below(mix(column, row), count) as f64;
    let value = |column: u64, row: u64| match column % 3 {
        0 => draw(column, row, 1000),
        _ if draw(column, row, 10) > 0.0 => [0.0, f64::NAN, 3.0, 1.0][column as usize % 4],
        _ => draw(column + 100, row, 5),
    };
    let feature = |column: u64| Feature {
        name: "x".into(),
        input: 0,
        kind: match column % 4 {
            0 | 1 => FeatureKind::Number,
            _ => FeatureKind::Category { cardinality: 1000 },
        },
    };
    let columns = 0..30_u64;
    let values = |column: u64| (0..rows as u64).map(|row| value(column, row)).collect();
    let table = Rows {
        features: columns.clone().map(values).collect(),
        target: Target::Values(Vec::new()),
        rows,
        source: Vec::new(),
    };
    Binned::new(&table, &columns.map(feature).collect::<Vec<_>>())
}

#[test]
fn cells_are_the_sums_of_their_rows() {
    let binned = table(20_000);
    assert_eq!(binned.sparse().features().len(), 20);
    let packed: Vec<i64> = (0..20_000).map(|row| mix(7, row) as i64 >> 24).collect();
    let rows: Vec<u32> = (0..20_000).filter(|row| row % 3 != 1).collect();
    let (all, some): (Vec<u32>, Vec<u32>) = ((0..30).collect(), vec![1, 2, 3, 8, 20, 29]);
    for (threads, features) in [(1, &all), (3, &all), (1, &some), (3, &some)] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let mut builder = Builder::new(&binned, threads);
        builder.choose(features);
        let mut whole = builder.histogram();
        let mut part = builder.histogram();
        pool.install(|| {
            builder.build(&rows, &packed, &mut whole);
            builder.build(&rows[..7000], &packed, &mut part);
        });
        builder.subtract(&mut whole, &part);
        for (rows, histogram) in [(&rows[..7000], &part), (&rows[7000..], &whole)] {
            for ((found, cells), &feature) in builder.cells(histogram).zip(features) {
                assert_eq!(found, feature);
                let mut expected = vec![0; cells.len()];
                for &row in rows {
                    expected[usize::from(binned.row(row as usize)[feature as usize])] += packed[row as usize];
                }
                assert_eq!(cells, expected, "feature {feature}, {threads} threads");
            }
        }
    }
}
