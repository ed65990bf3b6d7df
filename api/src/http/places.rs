//! How many WebSockets and streams are open, in all and of each person.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// Open at a time in one process, of all people together.
const TOTAL: usize = 10_000;

/// The places.
#[derive(Clone, Debug, Default)]
pub struct Places {
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    total: usize,
    of: HashMap<Uuid, usize>,
}

/// One open stream, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    person: Uuid,
}

impl Places {
    /// A place for a person; none when they, or all together, have as many as there may be.
    pub fn take(&self, person: Uuid, limit: usize) -> Option<Place> {
        let mut taken = self.locked();
        let of_person = taken.of.get(&person).copied().unwrap_or_default();
        if of_person >= limit || taken.total >= TOTAL {
            return None;
        }
        taken.of.insert(person, of_person + 1);
        taken.total += 1;
        Some(Place {
            places: self.clone(),
            person,
        })
    }

    fn locked(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.locked();
        taken.total -= 1;
        // Whoever has none open is not kept.
        if let Some(count) = taken.of.remove(&self.person).filter(|count| *count > 1) {
            taken.of.insert(self.person, count - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_as_many_as_they_may_and_gets_them_back() {
        let places = Places::default();
        let (ann, bob) = (Uuid::now_v7(), Uuid::now_v7());
        let first = places.take(ann, 2);
        let second = places.take(ann, 2);
        assert!(first.is_some() && second.is_some() && places.take(ann, 2).is_none());
        assert!(places.take(bob, 2).is_some());
        drop(first);
        let third = places.take(ann, 2);
        assert!(third.is_some() && places.take(ann, 2).is_none());
        drop((second, third));
        assert!(places.locked().of.is_empty() && places.locked().total == 0);
    }

    #[test]
    fn all_together_have_a_bound_too() {
        let places = Places::default();
        let all: Vec<_> = (0..TOTAL).map(|_| places.take(Uuid::now_v7(), 1)).collect();
        assert!(all.iter().all(Option::is_some) && places.take(Uuid::now_v7(), 1).is_none());
        drop(all);
        assert!(places.take(Uuid::now_v7(), 1).is_some());
    }
}
