//! Random rows for random models.

use super::Random;
use crate::{Column, Frame, Model, Transform, frame::MISSING_CODE, value};

/// Random rows for a model's inputs, many values on its thresholds and in its dictionaries.
pub fn frame(model: &Model, rows: usize, seed: u64) -> Frame {
    let mut random = Random(seed ^ 0x5eed);
    let mut frame = Frame {
        rows,
        ..Frame::default()
    };
    for (position, input) in model.inputs.iter().enumerate() {
        frame.names.push(input.name.clone());
        let column = match &model.encoder.steps[position].1 {
            Transform::Number => {
                let cell = |random: &mut Random| {
                    if random.chance(0.1) {
                        f64::NAN
                    } else {
                        random.number()
                    }
                };
                Column::Number((0..rows).map(|_| cell(&mut random)).collect())
            }
            transform => text_column((0..rows).map(|_| text(&mut random, transform)).collect()),
        };
        frame.columns.push(column);
    }
    frame
}

fn text(random: &mut Random, transform: &Transform) -> String {
    match transform {
        Transform::Category(category) => category
            .labels
            .get(random.below(category.labels.len() + 2))
            .cloned()
            .unwrap_or("other".to_owned()),
        Transform::Date(date) => {
            let mut text = date.format.pattern().to_owned();
            text = text.replace("YYYY", &format!("{:04}", random.below(2100)));
            text = text.replace("MM", &format!("{:02}", random.below(14)));
            text = text.replace("DD", &format!("{:02}", random.below(33)));
            text = text.replace("hh", &format!("{:02}", random.below(25)));
            text.replace("mm", &format!("{:02}", random.below(61)))
                .replace("ss", &format!("{:02}", random.below(61)))
        }
        _ => {
            let words = ["red", "Red", "naïve", "x", "blue", "  ", "\n", "\t\r", "NA"];
            (0..random.below(6))
                .map(|_| words[random.below(words.len())])
                .collect::<Vec<_>>()
                .join(" ")
        }
    }
}

fn text_column(cells: Vec<String>) -> Column {
    let mut dictionary: Vec<String> = Vec::new();
    let mut codes = Vec::new();
    for cell in cells {
        if value::is_missing(&cell) {
            codes.push(MISSING_CODE);
            continue;
        }
        let known = dictionary.iter().position(|entry| *entry == cell);
        codes.push(known.unwrap_or(dictionary.len()) as u32);
        if known.is_none() {
            dictionary.push(cell);
        }
    }
    Column::Text { codes, dictionary }
}
