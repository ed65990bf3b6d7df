//! Splits: what is on which side, and that it is the same every time.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn classes(counts: &[usize]) -> Target {
    let mut codes = Vec::new();
    for (class, &count) in counts.iter().enumerate() {
        codes.extend(std::iter::repeat_n(class as u32, count));
    }
    Target::Classes {
        codes,
        labels: (0..counts.len()).map(|class| class.to_string()).collect(),
    }
}

fn count_of(target: &Target, rows: &[u32], class: u32) -> usize {
    let Target::Classes { codes, .. } = target else {
        return 0;
    };
    rows.iter().filter(|&&row| codes[row as usize] == class).count()
}

#[test]
fn holdout_is_stratified_disjoint_and_complete() {
    let target = classes(&[800, 190, 8, 2]);
    let split = |seed| holdout(&target, &Constraint::Free, seed).unwrap();
    let (train, kept) = split(7);
    assert_eq!(train.len() + kept.len(), 1000);
    assert_eq!(kept.len(), 200);
    assert!(train.iter().all(|row| kept.binary_search(row).is_err()));
    assert_eq!(count_of(&target, &kept, 0), 160);
    assert_eq!(count_of(&target, &kept, 1), 38);
    assert!(count_of(&target, &kept, 2) >= 1);
    assert_eq!(
        count_of(&target, &kept, 3),
        0,
        "a class of two rows stays in training"
    );
    assert_eq!(split(7), (train, kept));
    assert_ne!(split(8), split(7));
}

#[test]
fn every_fit_part_holds_every_class() {
    let target = classes(&[50, 9, 3, 2, 1]);
    for k in [2, 5, 8] {
        let folds = k_folds(&target, k, 3);
        let mut seen = vec![0; 65];
        for fold in &folds {
            for class in 0..5 {
                assert!(
                    count_of(&target, &fold.fit, class) >= 1,
                    "class {class} of {k} folds"
                );
            }
            assert_eq!(fold.fit.len() + fold.valid.len(), 65);
            for &row in &fold.valid {
                seen[row as usize] += 1;
            }
        }
        assert_eq!(
            seen.iter().sum::<i32>(),
            64,
            "all but the single row are scored once"
        );
        assert!(seen.iter().all(|&times| times <= 1));
    }
}

#[test]
fn regression_folds_have_alike_means() {
    let target = Target::Values((0..1000).map(f64::from).collect());
    for fold in k_folds(&target, 5, 1) {
        let mean = fold.valid.iter().map(|&row| f64::from(row)).sum::<f64>() / fold.valid.len() as f64;
        assert!((mean - 499.5).abs() < 25.0, "{mean}");
    }
}

fn settings(validation: Validation, seconds: u64) -> Settings {
    Settings {
        validation,
        ..Settings::new("y", Duration::from_secs(seconds))
    }
}

#[test]
fn tiny_data_is_folded_several_times_where_that_is_cheap() {
    let target = classes(&[150, 50]);
    let made = |features, seconds| {
        let settings = settings(Validation::Auto, seconds);
        folds(&target, &Constraint::Free, features, &settings).unwrap().0
    };
    let repeated = made(10, 120);
    assert_eq!(repeated.len(), 16);
    for repeat in repeated.chunks(8) {
        let mut scored: Vec<u32> = repeat.iter().flat_map(|fold| fold.valid.clone()).collect();
        scored.sort_unstable();
        assert_eq!(
            scored,
            (0..200).collect::<Vec<u32>>(),
            "a repeat scores every row once"
        );
    }
    assert_ne!(repeated[0], repeated[8], "another shuffle");
    assert_eq!(
        made(100, 10).len(),
        8,
        "repeats would cost the portfolio its trials"
    );
    let once = k_folds(&target, 8, settings(Validation::Auto, 1).seed);
    assert_eq!(
        repeated[..8],
        once[..],
        "the first repeat is what there was without"
    );
}

#[test]
fn groups_keep_classes_balanced() {
    // Forty groups of ten rows; the rare class is a fifth of the rows and spread unevenly over the groups.
    let groups: Vec<u32> = (0..400).map(|row| row / 10).collect();
    let codes: Vec<u32> = (0..400_u32)
        .map(|row| u32::from(row % 10 < row / 10 % 5))
        .collect();
    let target = Target::Classes {
        codes,
        labels: vec!["a".into(), "b".into()],
    };
    let (train, kept) = holdout(&target, &Constraint::Groups(groups.clone()), 3).unwrap();
    assert_eq!((train.len(), kept.len()), (320, 80));
    let rare = count_of(&target, &kept, 1);
    assert!((14..=18).contains(&rare), "{rare} of 80: about a fifth");
    for fold in group::folds(&groups, &strata(&target), 5, 3) {
        let rare = count_of(&target, &fold.valid, 1);
        assert!((14..=18).contains(&rare), "{rare} of 80");
    }
}

#[test]
fn impossible_splits_are_refused_in_words() {
    let target = classes(&[10, 10]);
    let refused = |constraint: &Constraint| holdout(&target, constraint, 1).unwrap_err().to_string();
    assert!(refused(&Constraint::Instants(vec![4.0; 20])).contains("one time"));
    let two: Vec<u32> = (0..20).map(|row| row % 2).collect();
    assert!(refused(&Constraint::Groups(two)).contains("fewer than 3 groups"));
    // Time tells the classes apart: everything early is of the first.
    let instants = Constraint::Instants((0..20).map(f64::from).collect());
    let error =
        folds(&target, &instants, 3, &settings(Validation::Time("t".into()), 1)).map(|made| made.0.len());
    assert!(
        matches!(error, Ok(2)),
        "the fold that saw one class is left out: {error:?}"
    );
    let first = Target::Classes {
        codes: [vec![0; 19], vec![1]].concat(),
        labels: vec!["a".into(), "b".into()],
    };
    let error = folds(&first, &instants, 3, &settings(Validation::Time("t".into()), 1));
    assert!(error.is_err_and(|error| error.to_string().contains("two classes")));
}

/// A target with what may bind its rows.
fn rows() -> impl Strategy<Value = (Target, Vec<f64>, Vec<u32>)> {
    let row = (0_u32..3, 0_u8..40, 0_u32..30);
    (prop::collection::vec(row, 30..250), any::<bool>()).prop_map(|(rows, is_classes)| {
        let codes: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let target = if is_classes {
            Target::Classes {
                codes,
                labels: vec!["a".into(), "b".into(), "c".into()],
            }
        } else {
            Target::Values(codes.iter().map(|&code| f64::from(code)).collect())
        };
        let instants = rows.iter().map(|row| f64::from(row.1)).collect();
        (target, instants, rows.iter().map(|row| row.2).collect())
    })
}

/// Both sides rise, share no row and are what there is; the second is not empty.
fn check_sides(rows: usize, first: &[u32], second: &[u32]) {
    let mut all = [first, second].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), first.len() + second.len(), "no row on both sides");
    assert!(all.len() <= rows && all.iter().all(|&row| (row as usize) < rows));
    assert!(!first.is_empty() && !second.is_empty());
    for side in [first, second] {
        assert!(side.is_sorted());
    }
}

/// What is on the second side is later, or of other groups.
fn check_constraint(constraint: &Constraint, first: &[u32], second: &[u32]) {
    match constraint {
        Constraint::Free => {}
        Constraint::Instants(instants) => {
            let of = |rows: &[u32]| -> Vec<f64> { rows.iter().map(|&row| instants[row as usize]).collect() };
            let last = of(first).into_iter().fold(f64::NEG_INFINITY, f64::max);
            assert!(of(second).into_iter().all(|instant| instant > last));
        }
        Constraint::Groups(groups) => {
            let shared = second.iter().any(|row| {
                let group = groups[*row as usize];
                first.iter().any(|other| groups[*other as usize] == group)
            });
            assert!(!shared);
        }
    }
}

proptest! {
    #[test]
    fn sides_share_nothing_and_are_the_same_every_time((target, instants, groups) in rows(), seed in any::<u64>(), quick in any::<bool>()) {
        let kinds = [
            (Constraint::Free, Validation::Auto),
            (Constraint::Instants(instants), Validation::Time("t".into())),
            (Constraint::Groups(groups), Validation::Group("g".into())),
        ];
        for (constraint, validation) in kinds {
            let Ok((train, kept)) = holdout(&target, &constraint, seed) else {
                // One instant, or too few groups.
                prop_assert!(constraint != Constraint::Free);
                continue;
            };
            check_sides(target.len(), &train, &kept);
            prop_assert_eq!(train.len() + kept.len(), target.len());
            check_constraint(&constraint, &train, &kept);
            prop_assert_eq!(holdout(&target, &constraint, seed).unwrap(), (train.clone(), kept));
            let (target, constraint) = (target.gather(&train), constraint.gather(&train));
            let preset = if quick { Preset::Quick } else { Preset::Balanced };
            let settings = Settings { seed, preset, ..settings(validation, 30) };
            let Ok((made, note)) = folds(&target, &constraint, 4, &settings) else {
                continue;
            };
            for fold in &made {
                check_sides(train.len(), &fold.fit, &fold.valid);
                check_constraint(&constraint, &fold.fit, &fold.valid);
            }
            prop_assert_eq!(folds(&target, &constraint, 4, &settings).unwrap(), (made, note));
        }
    }
}
