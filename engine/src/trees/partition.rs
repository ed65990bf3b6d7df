//! Stable partition of a node's rows into its children.

use rayon::prelude::*;

use super::split::Rule;

/// Rows below which a second thread costs more than it gains.
const PARALLEL_ROWS: usize = 1 << 16;

/// Moves the rows that go left to the front, both sides in their old order; returns how many go left.
///
/// `column` holds the bins of the asked feature; `spare` has the length of `rows`.
pub fn partition(rule: &Rule, column: &[u8], rows: &mut [u32], spare: &mut [u32], threads: usize) -> usize {
    let table = decisions(rule);
    let parts = threads.min(rows.len() / PARALLEL_ROWS + 1);
    if parts <= 1 {
        let left = divide(&table, column, rows, spare);
        let right = rows.len() - left;
        rows[left..].copy_from_slice(&spare[..right]);
        return left;
    }
    let part = rows.len().div_ceil(parts);
    let lefts: Vec<usize> = rows
        .par_chunks_mut(part)
        .zip(spare.par_chunks_mut(part))
        .map(|(rows, spare)| divide(&table, column, rows, spare))
        .collect();
    gather(rows, spare, part, &lefts)
}

/// 1 for the bins that go left.
fn decisions(rule: &Rule) -> [u8; 256] {
    let mut table = [0; 256];
    for (bin, goes_left) in table.iter_mut().enumerate() {
        *goes_left = u8::from(rule.goes_left(bin as u8));
    }
    table
}

/// Rows that go left move to the front of `rows`, the others to the front of `spare`. Free of branches.
fn divide(table: &[u8; 256], column: &[u8], rows: &mut [u32], spare: &mut [u32]) -> usize {
    let mut left = 0;
    for index in 0..rows.len() {
        let row = rows[index];
        let goes_left = usize::from(table[usize::from(column[row as usize])]);
        rows[left] = row;
        spare[index - left] = row;
        left += goes_left;
    }
    left
}

/// Closes the gaps that dividing part by part leaves.
fn gather(rows: &mut [u32], spare: &[u32], part: usize, lefts: &[usize]) -> usize {
    let mut end = 0;
    for (index, &left) in lefts.iter().enumerate() {
        let start = index * part;
        rows.copy_within(start..start + left, end);
        end += left;
    }
    let all_left = end;
    for (index, &left) in lefts.iter().enumerate() {
        let start = index * part;
        let right = part.min(rows.len() - start) - left;
        rows[end..end + right].copy_from_slice(&spare[start..start + right]);
        end += right;
    }
    all_left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_order_do_not_depend_on_threads() {
        let column: Vec<u8> = (0..300_000_usize).map(|row| (row * 7919 % 256) as u8).collect();
        for rule in [
            Rule::AtMost {
                bin: 90,
                missing_left: true,
            },
            Rule::In([5, 0, 1 << 63, 0]),
        ] {
            let all: Vec<u32> = (0..300_000).filter(|row| row % 5 != 0).collect();
            let mut expected: Vec<u32> = all
                .iter()
                .copied()
                .filter(|&row| rule.goes_left(column[row as usize]))
                .collect();
            let left = expected.len();
            expected.extend(
                all.iter()
                    .copied()
                    .filter(|&row| !rule.goes_left(column[row as usize])),
            );
            for threads in [1, 2, 3, 7] {
                let mut rows = all.clone();
                let mut spare = vec![0; rows.len()];
                assert_eq!(partition(&rule, &column, &mut rows, &mut spare, threads), left);
                assert!(rows == expected, "{threads} threads");
            }
        }
    }
}
