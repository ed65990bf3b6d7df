//! Counts of the strings of a text column.

use model::frame::MISSING_CODE;

use super::{ValueCount, shorten};

/// How often each dictionary entry occurs.
pub(super) struct Labels<'a> {
    /// The entries.
    pub dictionary: &'a [String],
    /// One count an entry.
    pub counts: Vec<usize>,
    /// Cells that are not missing.
    pub filled: usize,
}

impl<'a> Labels<'a> {
    /// Counts the codes.
    pub fn new(codes: &[u32], dictionary: &'a [String]) -> Self {
        let mut counts = vec![0; dictionary.len()];
        let mut filled = 0;
        for &code in codes {
            if code != MISSING_CODE {
                counts[code as usize] += 1;
                filled += 1;
            }
        }
        Self {
            dictionary,
            counts,
            filled,
        }
    }

    /// Entries that occur.
    pub fn distinct(&self) -> usize {
        self.counts.iter().filter(|count| **count > 0).count()
    }

    /// How often the most frequent entry occurs.
    pub fn highest_count(&self) -> usize {
        self.counts.iter().copied().max().unwrap_or(0)
    }

    /// The most frequent entries; ties by text.
    pub fn top(&self, most: usize) -> Vec<ValueCount> {
        let mut order: Vec<usize> = (0..self.counts.len())
            .filter(|&entry| self.counts[entry] > 0)
            .collect();
        let by_count = |left: &usize, right: &usize| {
            let counts = self.counts[*right].cmp(&self.counts[*left]);
            counts.then_with(|| self.dictionary[*left].cmp(&self.dictionary[*right]))
        };
        if order.len() > most && most > 0 {
            order.select_nth_unstable_by(most - 1, by_count);
            order.truncate(most);
        }
        order.sort_by(by_count);
        let counted = |entry: usize| ValueCount {
            value: shorten(&self.dictionary[entry]),
            count: self.counts[entry],
        };
        order.into_iter().map(counted).collect()
    }

    /// Share of the filled cells whose text passes the test.
    pub fn share(&self, mut test: impl FnMut(&str) -> bool) -> f64 {
        let mut passed = 0;
        for (text, count) in self.dictionary.iter().zip(&self.counts) {
            if *count > 0 && test(text) {
                passed += count;
            }
        }
        passed as f64 / self.filled.max(1) as f64
    }

    /// Mean number of words (split at white space) over filled cells.
    pub fn mean_words(&self) -> f64 {
        self.mean(|text| text.split_ascii_whitespace().count())
    }

    /// Mean length in bytes over filled cells.
    pub fn mean_length(&self) -> f64 {
        self.mean(str::len)
    }

    fn mean(&self, measure: impl Fn(&str) -> usize) -> f64 {
        let mut total = 0;
        for (text, count) in self.dictionary.iter().zip(&self.counts) {
            if *count > 0 {
                total += measure(text) * count;
            }
        }
        total as f64 / self.filled.max(1) as f64
    }
}
