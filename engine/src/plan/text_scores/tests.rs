use std::time::Duration;

use model::{Column, Frame, ProblemType};

use crate::metrics::Metric;
use crate::plan::{ColumnPlan, Prepared, Target, prepare_frame};
use crate::profile::Role;
use crate::settings::{Settings, Validation};
use crate::trees::mix;

const ROWS: usize = 900;

/// Texts of twelve words out of many. `tells`: in two of three texts one of the words belongs to the row's class alone.
fn frame(classes: usize, tells: bool) -> Frame {
    let mut texts = Vec::with_capacity(ROWS);
    let mut labels = Vec::with_capacity(ROWS);
    for row in 0..ROWS {
        let class = mix(3, row as u64) as usize % classes;
        let mut words: Vec<String> = (0..12)
            .map(|place| format!("w{}", mix(row as u64, place) % 60))
            .collect();
        if tells && row % 3 > 0 {
            words[5] = format!("c{class}n{}", mix(row as u64, 99) % 15);
        }
        texts.push(words.join(" "));
        labels.push(class as f64);
    }
    Frame {
        names: vec!["text".into(), "group".into(), "y".into()],
        columns: vec![
            Column::Text {
                codes: (0..ROWS as u32).collect(),
                dictionary: texts,
            },
            Column::Number((0..ROWS).map(|row| (row / 3) as f64).collect()),
            Column::Number(labels),
        ],
        rows: ROWS,
    }
}

fn prepared(frame: &Frame, problem: ProblemType, validation: Validation, threads: usize) -> Prepared {
    let roles = [Role::Text, Role::Number, Role::Number];
    let plans: Vec<ColumnPlan> = roles
        .into_iter()
        .map(|role| ColumnPlan {
            role,
            reason: String::new(),
            date: None,
        })
        .collect();
    let mut settings = Settings::new("y", Duration::from_secs(30));
    settings.validation = validation;
    settings.threads = threads;
    settings.exclude = vec!["group".into()];
    prepare_frame(frame, &plans, problem, &settings).expect("prepared")
}

/// Scores in training and in the holdout, by class.
fn scores(data: &Prepared) -> Vec<(&[f64], &[f64])> {
    let features = data.encoder.features.iter().enumerate();
    features
        .filter(|(_, feature)| feature.name.starts_with("text: score"))
        .map(|(place, _)| {
            (
                data.train.features[place].as_slice(),
                data.holdout.features[place].as_slice(),
            )
        })
        .collect()
}

/// Area under the curve of values for the last class.
fn auc(target: &Target, values: &[f64]) -> f64 {
    let Target::Classes { codes, labels } = target else {
        panic!("classes");
    };
    let is_last = codes
        .iter()
        .map(|&code| u32::from(code as usize == labels.len() - 1))
        .collect();
    let target = Target::Classes {
        codes: is_last,
        labels: vec!["no".into(), "yes".into()],
    };
    let outputs: Vec<f64> = values
        .iter()
        .flat_map(|value| {
            let yes = 1.0 / (1.0 + (-value).exp());
            [1.0 - yes, yes]
        })
        .collect();
    Metric::RocAuc.evaluate(&target, &outputs).expect("both classes")
}

/// A model's answer to a text whose class it was fitted on would be right without any reason.
#[test]
fn a_score_has_not_seen_its_own_target() {
    for validation in [Validation::Auto, Validation::Holdout] {
        let frame = frame(2, false);
        let data = prepared(&frame, ProblemType::Binary, validation, 1);
        let scores = scores(&data);
        let value = auc(&data.train.target, scores[0].0);
        assert!((0.4..0.6).contains(&value), "{value}");
    }
}

#[test]
fn a_score_says_what_many_rare_words_say() {
    for (classes, problem, expected) in [(2, ProblemType::Binary, 1), (4, ProblemType::Multiclass, 4)] {
        let frame = frame(classes, true);
        let data = prepared(&frame, problem, Validation::Auto, 2);
        let found = scores(&data);
        assert_eq!(found.len(), expected);
        let (train, holdout) = found[expected - 1];
        let values = [auc(&data.train.target, train), auc(&data.holdout.target, holdout)];
        assert!(values.iter().all(|value| *value > 0.75), "{classes}: {values:?}");
        // What is served is what the holdout was given.
        let served = data.encoder.encode(&data.inputs, &frame).expect("encoded");
        let last = |feature: &model::Feature| feature.name.starts_with("text: score");
        let place = data.encoder.features.iter().rposition(last).expect("a score");
        for (row, value) in data.holdout.source.iter().zip(holdout) {
            assert_eq!(served[place][*row as usize], *value);
        }
        // Another number of threads changes nothing.
        let again = prepared(&frame, problem, Validation::Auto, 1);
        assert_eq!(again.train.features, data.train.features);
        assert_eq!(again.encoder, data.encoder);
    }
}

#[test]
fn a_value_has_a_score_as_well() {
    let frame = frame(2, true);
    let data = prepared(&frame, ProblemType::Regression, Validation::Auto, 2);
    let found = scores(&data);
    let Target::Values(values) = &data.holdout.target else {
        panic!("values");
    };
    let mean = |of: f64| {
        let own = found[0].1.iter().zip(values).filter(|(_, value)| **value == of);
        let own: Vec<f64> = own.map(|(score, _)| *score).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    assert!(mean(1.0) - mean(0.0) > 0.5, "{} {}", mean(1.0), mean(0.0));
}

/// Rows of one group say the same: a model that was fitted on one of them knows the others.
#[test]
fn a_score_has_not_seen_its_group() {
    let mut frame = frame(2, false);
    let Column::Text { dictionary, .. } = &mut frame.columns[0] else {
        panic!("text");
    };
    for row in 0..ROWS {
        dictionary[row] = format!("{} again{row}", dictionary[row / 3 * 3].clone());
    }
    let Column::Number(labels) = &mut frame.columns[2] else {
        panic!("labels");
    };
    for row in 0..ROWS {
        labels[row] = labels[row / 3 * 3];
    }
    let data = prepared(&frame, ProblemType::Binary, Validation::Group("group".into()), 1);
    let value = auc(&data.train.target, scores(&data)[0].0);
    assert!((0.35..0.65).contains(&value), "{value}");
    let free = prepared(&frame, ProblemType::Binary, Validation::Auto, 1);
    let value = auc(&free.train.target, scores(&free)[0].0);
    assert!(value > 0.8, "{value}");
}

/// A word that tells the class of later rows only: earlier rows know nothing of it, whatever later targets say.
#[test]
fn in_the_order_of_time_a_score_knows_earlier_targets_only() {
    let mut frame = frame(2, false);
    let Column::Text { dictionary, .. } = &mut frame.columns[0] else {
        panic!("text");
    };
    let class = |row: usize| mix(3, row as u64) as usize % 2;
    for (row, text) in dictionary.iter_mut().enumerate() {
        let word = if row < ROWS / 2 {
            mix(5, row as u64) as usize % 2
        } else {
            class(row)
        };
        *text = format!("late{word} {text}");
    }
    let data = prepared(&frame, ProblemType::Binary, Validation::Time("group".into()), 1);
    let found = scores(&data);
    let (train, holdout) = found[0];
    let of = |keep: &dyn Fn(usize) -> bool| {
        let rows: Vec<u32> = (0..data.train.rows as u32)
            .filter(|&row| keep(data.train.source[row as usize] as usize))
            .collect();
        let values: Vec<f64> = rows.iter().map(|&row| train[row as usize]).collect();
        (auc(&data.train.target.gather(&rows), &values), values)
    };
    let (early, _) = of(&|row| row < ROWS / 3);
    assert!((0.38..0.62).contains(&early), "{early}");
    // Of the part in which the word begins to tell, the rows before it know nothing.
    let (between, _) = of(&|row| (ROWS / 2..ROWS * 16 / 25).contains(&row));
    assert!((0.35..0.65).contains(&between), "{between}");
    assert!(auc(&data.holdout.target, holdout) > 0.9);
    let (late, _) = of(&|row| row > ROWS * 7 / 10);
    assert!(late > 0.7, "{late}");
    let (_, first) = of(&|row| row < ROWS / 10);
    assert!(first.iter().all(|score| *score == 0.0), "nothing is earlier");
}
