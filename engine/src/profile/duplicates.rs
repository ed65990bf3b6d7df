//! Columns and rows that occur twice.

use std::collections::HashMap;

use model::{Column, Frame};

/// Tables with more cells are not searched for equal rows.
const MOST_CELLS: usize = 500_000_000;

/// For each column the first earlier column with the same values.
pub(super) fn columns(frame: &Frame) -> Vec<Option<usize>> {
    let mut first: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut copies = vec![None; frame.columns.len()];
    for (index, column) in frame.columns.iter().enumerate() {
        let candidates = first.entry(fingerprint(column)).or_default();
        copies[index] = candidates
            .iter()
            .copied()
            .find(|&earlier| is_same(&frame.columns[earlier], column));
        if copies[index].is_none() {
            candidates.push(index);
        }
    }
    copies
}

fn fingerprint(column: &Column) -> u64 {
    match column {
        Column::Number(values) => values
            .iter()
            .fold(1, |hash, value| mix(hash, number_bits(*value))),
        Column::Text { codes, dictionary } => codes.iter().fold(2 + dictionary.len() as u64, |hash, code| {
            mix(hash, u64::from(*code))
        }),
    }
}

fn is_same(left: &Column, right: &Column) -> bool {
    match (left, right) {
        (Column::Number(left), Column::Number(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(a, b)| number_bits(*a) == number_bits(*b))
        }
        (left, right) => left == right,
    }
}

/// Number of rows that are equal to an earlier row; `None` for tables too large. Rows are compared by a 64-bit hash, so
/// that among 10^8 different rows one pair in 3000 tables would be counted wrongly.
pub(super) fn rows(frame: &Frame) -> Option<usize> {
    if frame.rows.saturating_mul(frame.columns.len()) > MOST_CELLS {
        return None;
    }
    let mut hashes = vec![0_u64; frame.rows];
    for column in &frame.columns {
        match column {
            Column::Number(values) => {
                for (hash, value) in hashes.iter_mut().zip(values) {
                    *hash = mix(*hash, number_bits(*value));
                }
            }
            Column::Text { codes, .. } => {
                for (hash, code) in hashes.iter_mut().zip(codes) {
                    *hash = mix(*hash, u64::from(*code));
                }
            }
        }
    }
    hashes.sort_unstable();
    Some(hashes.windows(2).filter(|pair| pair[0] == pair[1]).count())
}

/// Bits that are equal for equal values: one NaN, one zero.
fn number_bits(value: f64) -> u64 {
    if value.is_nan() {
        u64::MAX
    } else {
        (value + 0.0).to_bits()
    }
}

/// One step of a 64-bit mixing hash (the finaliser of MurmurHash3 over a rotating state).
fn mix(hash: u64, value: u64) -> u64 {
    let mut mixed = hash.rotate_left(23) ^ value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 33;
    mixed = mixed.wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}
