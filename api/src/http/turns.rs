//! One sender at a time for one upload.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// The uploads that are being written to.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    busy: Arc<Mutex<HashSet<Uuid>>>,
}

/// The right to write, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    id: Uuid,
}

impl Turns {
    /// The right to write to an upload; none while somebody else has it.
    pub fn begin(&self, id: Uuid) -> Option<Turn> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.insert(id).then(|| Turn {
            turns: self.clone(),
            id,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns
            .busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let turns = Turns::default();
        let id = Uuid::now_v7();
        let turn = turns.begin(id);
        assert!(turn.is_some() && turns.begin(id).is_none() && turns.begin(Uuid::now_v7()).is_some());
        drop(turn);
        assert!(turns.begin(id).is_some());
    }
}
