//! The raw rows of the holdout.

use model::frame::MISSING_CODE;
use model::{Column, Frame};

use crate::plan::Prepared;

/// The raw rows `data.holdout.source` of the table that `data` was prepared of, in that order: the input columns only.
pub fn holdout_frame(data: &Prepared, table: &Frame) -> Frame {
    let rows = &data.holdout.source;
    let mut frame = Frame {
        names: Vec::new(),
        columns: Vec::new(),
        rows: rows.len(),
    };
    for input in &data.inputs {
        if let Some(column) = table.column(&input.name) {
            frame.names.push(input.name.clone());
            frame.columns.push(gather(column, rows));
        }
    }
    frame
}

/// The cells of some rows; a dictionary keeps the entries that occur, in order of first appearance.
fn gather(column: &Column, rows: &[u32]) -> Column {
    match column {
        Column::Number(values) => Column::Number(rows.iter().map(|row| values[*row as usize]).collect()),
        Column::Text { codes, dictionary } => {
            let mut renumbered = vec![MISSING_CODE; dictionary.len()];
            let mut kept = Vec::new();
            let mut gathered = Vec::with_capacity(rows.len());
            for row in rows {
                let code = codes[*row as usize];
                if code == MISSING_CODE {
                    gathered.push(MISSING_CODE);
                    continue;
                }
                let place = &mut renumbered[code as usize];
                if *place == MISSING_CODE {
                    *place = kept.len() as u32;
                    kept.push(dictionary[code as usize].clone());
                }
                gathered.push(*place);
            }
            Column::Text {
                codes: gathered,
                dictionary: kept,
            }
        }
    }
}
