//! Rows at the edges of a model: what a holdout rarely has and a graph most easily gets wrong.

use super::rows::{Cell, Rows};
use crate::estimator::forest::Split;
use crate::transform::dense::Block;
use crate::transform::{Transform, date};
use crate::value::MISSING_TOKENS;
use crate::{InputKind, Model};

/// Most numbers (thresholds, bin edges) of one input that are tried, evenly spread.
const MOST_NUMBERS: usize = 200;

/// Most dictionary entries of one input that are tried.
const MOST_LABELS: usize = 100;

/// Rows that mix edge values of all inputs, at most; half as many as the others where those are few.
const MIXED_ROWS: usize = 512;

/// Numbers that every number input is asked with.
const NUMBERS: [f64; 16] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    1.0,
    -1.0,
    9_007_199_254_740_992.0,
    9_007_199_254_740_994.0,
    -9_007_199_254_740_993.0,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    1e30,
    -1e-30,
];

/// Texts that every text input is asked with, beside the missing tokens.
const TEXTS: [&str; 12] = [
    " ",
    "  ",
    "\n",
    "never seen",
    "Ünïcödé 😀",
    "0",
    "-1.5",
    "true",
    "a b\tc\nd\re  f",
    "NA NA",
    "na",
    "\u{a0}",
];

/// Edge rows: everything blank; each edge value of each input in a typical and in a blank row; and mixtures.
/// `typical` is a row of the holdout, or a blank one. At most about `most` rows: values are left out evenly.
pub(crate) fn rows(model: &Model, typical: &[Cell], most: usize) -> Rows {
    let blank = blank_row(model);
    let numbers = model_numbers(model);
    let mut choices = Vec::with_capacity(model.inputs.len());
    for (input, numbers) in numbers.into_iter().enumerate() {
        choices.push(edge_cells(model, input, numbers));
    }
    let mut rows = Rows::new(model);
    rows.push(&blank);
    rows.push(typical);
    let wanted = 2 * choices.iter().map(Vec::len).sum::<usize>();
    let mut place = 0;
    for base in [typical, &blank] {
        for (input, cells) in choices.iter().enumerate() {
            let mut row = base.to_vec();
            for cell in cells {
                // Evenly `most` of the wanted rows, or all of them.
                let kept = wanted <= most || place * most / wanted != (place + 1) * most / wanted;
                place += 1;
                if kept {
                    row[input] = cell.clone();
                    rows.push(&row);
                }
            }
        }
    }
    for mixed in 0..MIXED_ROWS.min(most / 2) {
        let mut row = Vec::with_capacity(choices.len());
        for (input, cells) in choices.iter().enumerate() {
            row.push(cells[pick(mixed, input, cells.len())].clone());
        }
        rows.push(&row);
    }
    rows
}

/// A fixed scatter of choices: the same rows for the same model, on every machine.
fn pick(row: usize, input: usize, choices: usize) -> usize {
    let mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (input as u64 + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed >> 32) % choices as u64) as usize
}

/// A row without any value.
pub(crate) fn blank_row(model: &Model) -> Vec<Cell> {
    model.inputs.iter().map(|input| blank(input.kind)).collect()
}

fn blank(kind: InputKind) -> Cell {
    match kind {
        InputKind::Number => Cell::Number(f64::NAN),
        InputKind::Text => Cell::Text(String::new()),
    }
}

fn edge_cells(model: &Model, input: usize, model_numbers: Vec<f64>) -> Vec<Cell> {
    match model.inputs[input].kind {
        InputKind::Number => {
            let mut numbers = NUMBERS.to_vec();
            for number in spread(model_numbers) {
                numbers.extend([number.next_down(), number, number.next_up()]);
            }
            numbers.into_iter().map(Cell::Number).collect()
        }
        InputKind::Text => {
            let mut texts: Vec<String> = MISSING_TOKENS
                .iter()
                .chain(&TEXTS)
                .map(|text| (*text).to_owned())
                .collect();
            texts.push("long ".repeat(300));
            for (source, transform) in &model.encoder.steps {
                if *source == input {
                    texts.extend(step_texts(transform));
                }
            }
            texts.into_iter().map(Cell::Text).collect()
        }
    }
}

/// The numbers that the model compares each input with, sorted.
fn model_numbers(model: &Model) -> Vec<Vec<f64>> {
    let input_of = |feature: usize| model.encoder.features[feature].input;
    let range = |input: &crate::Input| input.range.map_or_else(Vec::new, |(low, high)| vec![low, high]);
    let mut numbers: Vec<Vec<f64>> = model.inputs.iter().map(range).collect();
    for predictor in model.members.iter().flat_map(|member| &member.predictors) {
        if let Some(forest) = predictor.estimator.forest() {
            for node in forest.trees.iter().flat_map(|tree| &tree.nodes) {
                // What is added to the features is no input's own number; mixtures reach its edges.
                let is_own = (node.feature as usize) < model.encoder.features.len();
                if let (Split::AtMost { threshold, .. }, true) = (node.split, is_own) {
                    numbers[input_of(node.feature as usize)].push(threshold);
                }
            }
        }
        for block in predictor.dense.iter().flat_map(|dense| &dense.blocks) {
            let numbers = &mut numbers[input_of(block.feature())];
            match block {
                Block::Scaled {
                    center, scale, limit, ..
                } => {
                    numbers.extend([*center, center - scale * limit, center + scale * limit]);
                }
                Block::Piecewise { edges, .. } => numbers.extend_from_slice(edges),
                Block::OneHot { .. } | Block::Table { .. } => {}
            }
        }
    }
    for numbers in &mut numbers {
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
    }
    numbers
}

fn spread(numbers: Vec<f64>) -> Vec<f64> {
    if numbers.len() <= MOST_NUMBERS {
        return numbers;
    }
    (0..MOST_NUMBERS)
        .map(|place| numbers[place * (numbers.len() - 1) / (MOST_NUMBERS - 1)])
        .collect()
}

fn step_texts(transform: &Transform) -> Vec<String> {
    match transform {
        Transform::Number => Vec::new(),
        Transform::Category(category) => {
            let mut texts: Vec<String> = category.labels.iter().take(MOST_LABELS).cloned().collect();
            for label in category.labels.iter().take(3) {
                texts.extend([label.to_uppercase(), format!("{label} "), format!(" {label}")]);
            }
            texts.extend(category.labels.last().cloned());
            texts
        }
        Transform::Date(date) => date_texts(date.format),
        Transform::Topics(topics) => {
            let mut texts: Vec<String> = topics.terms.iter().take(MOST_LABELS).cloned().collect();
            texts.extend(topics.terms.iter().rev().take(MOST_LABELS).cloned());
            texts.push(topics.terms.join(" "));
            texts.push(topics.terms.join("  "));
            texts
        }
        Transform::Words(words) => {
            let mut texts: Vec<String> = words.words.iter().take(MOST_LABELS).cloned().collect();
            texts.push(words.words.join(" "));
            texts.push(words.words.join("\t\n "));
            texts.extend(
                words
                    .words
                    .first()
                    .map(|word| format!("{word} {word}\r\n{word},")),
            );
            texts
        }
    }
}

/// Real dates at the edges of the calendar, and texts that are nearly dates.
fn date_texts(format: date::DateFormat) -> Vec<String> {
    let days = [
        ("0001", "01", "01"),
        ("9999", "12", "31"),
        ("0000", "01", "01"),
        ("1970", "01", "01"),
        ("1969", "12", "31"),
        ("2000", "02", "29"),
        ("1900", "02", "29"),
        ("2024", "02", "29"),
        ("2023", "02", "29"),
        ("2024", "03", "01"),
        ("2024", "04", "31"),
        ("2024", "12", "31"),
        ("2023", "12", "31"),
        ("2024", "13", "01"),
        ("2024", "00", "10"),
        ("2024", "10", "00"),
        ("2024", "10", "32"),
        ("1600", "03", "01"),
        ("2100", "02", "28"),
        ("2100", "02", "29"),
    ];
    let times = [
        ("00", "00", "00"),
        ("23", "59", "59"),
        ("24", "00", "00"),
        ("12", "60", "00"),
        ("12", "30", "60"),
    ];
    let mut texts = Vec::new();
    for (place, (year, month, day)) in days.iter().enumerate() {
        // Every day with a real time, and the first days with each time.
        for (hour, minute, second) in times.iter().take(if place < 2 { times.len() } else { 2 }) {
            let text = format
                .pattern()
                .replace("YYYY", year)
                .replace("MM", month)
                .replace("DD", day);
            texts.push(
                text.replace("hh", hour)
                    .replace("mm", minute)
                    .replace("ss", second),
            );
        }
    }
    let real = texts[0].clone();
    texts.extend([
        format!("{real}\n"),
        format!(" {real}"),
        format!("{real} "),
        format!("{real}0"),
        real[1..].to_owned(),
    ]);
    texts.extend(
        [
            "2024",
            "20240131",
            "2024-1-1",
            "٢٠٢٤-01-01",
            "----------",
            "2024-01-0a",
        ]
        .map(str::to_owned),
    );
    texts.sort();
    texts.dedup();
    texts
}
