//! Statistics of a numeric column, from its sorted values.

use super::{Bin, NumberStatistics, Quantiles, ValueCount, number_text};

/// Most bars of a histogram.
const MOST_BINS: usize = 30;

/// The values of a numeric column in order, and what follows directly from that.
pub(super) struct Sorted {
    /// All but missing, ascending; infinities at the ends.
    pub values: Vec<f64>,
    /// Number of distinct values.
    pub distinct: usize,
    /// How often the most frequent value occurs.
    pub highest_count: usize,
    /// True when every value is whole.
    pub is_integer: bool,
}

impl Sorted {
    /// Sorts the values that are not missing.
    pub fn new(raw: &[f64]) -> Self {
        // Adding zero makes one zero of 0 and -0.
        let mut values: Vec<f64> = raw
            .iter()
            .filter(|value| !value.is_nan())
            .map(|value| value + 0.0)
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        let (mut distinct, mut highest_count) = (0, 0);
        for (_, count) in runs(&values) {
            distinct += 1;
            highest_count = highest_count.max(count);
        }
        let is_integer = values.iter().all(|value| value.fract() == 0.0);
        Self {
            values,
            distinct,
            highest_count,
            is_integer,
        }
    }

    /// The most frequent values; ties by value.
    pub fn top(&self, most: usize) -> Vec<ValueCount> {
        let mut counted: Vec<(f64, usize)> = runs(&self.values).collect();
        counted.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.total_cmp(&right.0)));
        counted.truncate(most);
        counted
            .into_iter()
            .map(|(value, count)| ValueCount {
                value: number_text(value),
                count,
            })
            .collect()
    }

    /// The finite values.
    fn finite(&self) -> &[f64] {
        let start = self.values.partition_point(|value| *value == f64::NEG_INFINITY);
        let end = self.values.partition_point(|value| *value < f64::INFINITY);
        &self.values[start..end]
    }

    /// Statistics of the finite values; `None` when there are none.
    pub fn statistics(&self) -> Option<NumberStatistics> {
        let finite = self.finite();
        let (&min, &max) = (finite.first()?, finite.last()?);
        let quantiles = Quantiles {
            p05: quantile(finite, 0.05),
            p25: quantile(finite, 0.25),
            median: quantile(finite, 0.5),
            p75: quantile(finite, 0.75),
            p95: quantile(finite, 0.95),
        };
        let reach = 1.5 * (quantiles.p75 - quantiles.p25);
        let (low, high) = (quantiles.p25 - reach, quantiles.p75 + reach);
        let moments = Moments::new(finite);
        Some(NumberStatistics {
            min,
            max,
            mean: moments.mean,
            sd: moments.sd,
            quantiles,
            skew: moments.skew,
            kurtosis: moments.kurtosis,
            zeros: finite.partition_point(|value| *value <= 0.0)
                - finite.partition_point(|value| *value < 0.0),
            infinite: self.values.len() - finite.len(),
            outliers: finite
                .iter()
                .filter(|value| **value < low || **value > high)
                .count(),
            histogram: histogram(finite, self.is_integer),
        })
    }
}

/// Distinct values of a sorted slice with their counts.
fn runs(sorted: &[f64]) -> impl Iterator<Item = (f64, usize)> + '_ {
    sorted
        .chunk_by(|left, right| left == right)
        .map(|run| (run[0], run.len()))
}

/// Linear between order statistics (type 7 of Hyndman and Fan 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let fraction = place - place.floor();
    sorted[below] * (1.0 - fraction) + sorted[above] * fraction
}

/// Moments; absent where they overflow or divide by zero.
struct Moments {
    mean: Option<f64>,
    sd: Option<f64>,
    skew: Option<f64>,
    kurtosis: Option<f64>,
}

impl Moments {
    fn new(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let (mut second, mut third, mut fourth) = (0.0, 0.0, 0.0);
        for value in values {
            let offset = value - mean;
            let square = offset * offset;
            second += square;
            third += square * offset;
            fourth += square * square;
        }
        let spread = (second / count).sqrt();
        let known = |number: f64| Some(number).filter(|number| number.is_finite());
        let is_spread = values.first() != values.last() && spread > 0.0;
        let shape = |number: f64| known(number).filter(|_| is_spread);
        Self {
            mean: known(mean),
            sd: known((second / (count - 1.0)).sqrt()),
            skew: shape(third / count / spread.powi(3)),
            kurtosis: shape(fourth / count / spread.powi(4) - 3.0),
        }
    }
}

/// Bars of equal width; over whole numbers a bar covers whole numbers.
fn histogram(sorted: &[f64], is_integer: bool) -> Vec<Bin> {
    let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
    let range = max - min;
    if range == 0.0 || !range.is_finite() {
        return vec![Bin {
            from: min,
            to: max,
            count: sorted.len(),
        }];
    }
    let wanted = ((sorted.len() as f64).sqrt().ceil() as usize).clamp(1, MOST_BINS);
    let mut width = range / wanted as f64;
    let mut start = min;
    let mut bins = wanted;
    if is_integer && range < 1e15 {
        width = ((range + 1.0) / wanted as f64).ceil();
        start = min - 0.5;
        bins = ((range + 1.0) / width).ceil() as usize;
    }
    let mut histogram = Vec::with_capacity(bins);
    let mut counted = 0;
    for index in 0..bins {
        let from = start + width * index as f64;
        let to = if index + 1 == bins && !is_integer {
            max
        } else {
            start + width * (index + 1) as f64
        };
        let below = if index + 1 == bins {
            sorted.len()
        } else {
            sorted.partition_point(|value| *value < to).max(counted)
        };
        histogram.push(Bin {
            from,
            to,
            count: below - counted,
        });
        counted = below;
    }
    histogram
}
