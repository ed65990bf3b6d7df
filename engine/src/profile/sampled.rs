//! The profile of a table that was too large to keep whole.

use super::{Options, Profile, profile};
use crate::error::Error;
use crate::read::stream::Sampled;

/// Profiles what was kept, and puts in the figures of all rows where they are known.
///
/// # Errors
/// As [`profile`].
pub fn profile_sampled(sampled: &Sampled, options: &Options) -> Result<Profile, Error> {
    let mut profile = profile(&sampled.table, options)?;
    let Some(totals) = &sampled.totals else {
        return Ok(profile);
    };
    profile.sampled_rows = Some(profile.rows);
    profile.rows = totals.rows as usize;
    for (column, totals) in profile.columns.iter_mut().zip(&totals.columns) {
        column.missing = totals.missing() as usize;
        column.missing_share = column.missing as f64 / profile.rows.max(1) as f64;
        if let Some(numbers) = &mut column.numbers
            && totals.count > 0
        {
            numbers.min = totals.min;
            numbers.max = totals.max;
            numbers.mean = Some(totals.mean).filter(|mean| mean.is_finite());
            numbers.sd = totals.sd().filter(|sd| sd.is_finite());
            numbers.zeros = totals.zeros as usize;
            numbers.infinite = totals.infinite as usize;
        }
    }
    Ok(profile)
}
