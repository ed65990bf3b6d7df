//! What fits have chosen to add to the features, kept beside the prepared data.

use std::sync::{Arc, Mutex, PoisonError};

use model::estimator::widened::Added;

use crate::error::Error;

/// What was chosen for some fit rows, so that the next fit on the same rows need not choose again. It is a function of the data and
/// the rows alone, so that it does not matter who asks first.
#[derive(Debug, Default)]
pub struct Chosen(Mutex<Vec<(u64, Arc<[Added]>)>>);

/// Fits that are remembered.
const REMEMBERED: usize = 64;

impl Chosen {
    /// What is remembered of these rows, or what is made now.
    ///
    /// # Errors
    /// That of `make`.
    pub(crate) fn get_or_make(
        &self,
        rows: &[u32],
        make: impl FnOnce() -> Result<Vec<Added>, Error>,
    ) -> Result<Arc<[Added]>, Error> {
        let key = fingerprint(rows);
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock()
            .iter()
            .find(|(other, _)| *other == key)
            .map(|(_, chosen)| chosen.clone());
        if let Some(chosen) = known {
            return Ok(chosen);
        }
        // Not under the lock: a thread that waits for its parallel parts may be given another fit that asks as well.
        let chosen: Arc<[Added]> = make()?.into();
        let mut all = lock();
        if all.len() >= REMEMBERED {
            all.remove(0);
        }
        all.push((key, chosen.clone()));
        Ok(chosen)
    }
}

/// FNV-1a (Fowler, Noll, Vo) over row numbers.
fn fingerprint(rows: &[u32]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ rows.len() as u64;
    for row in rows {
        hash = (hash ^ u64::from(*row)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    use model::estimator::widened::Operation;

    use super::*;

    #[test]
    fn rows_are_chosen_for_once() {
        let chosen = Chosen::default();
        let made = |left| {
            Ok(vec![Added::Cross {
                left,
                right: 0,
                operation: Operation::Sum,
            }])
        };
        let first = chosen.get_or_make(&[1, 2], || made(7)).expect("made");
        let again = chosen.get_or_make(&[1, 2], || made(8)).expect("known");
        assert_eq!(first, again);
        let other = chosen.get_or_make(&[2, 1], || made(8)).expect("made");
        assert_ne!(first, other);
        let failed = chosen.get_or_make(&[3], || Err(Error::Deadline));
        assert!(failed.is_err());
        assert_eq!(chosen.get_or_make(&[3], || made(8)).expect("made"), other);
    }
}
