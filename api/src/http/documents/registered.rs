//! Documents that clients have registered: in memory, a bounded number a person, those used longest ago out first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// Bytes of text of one person, and of what keeps it.
const BYTES_PER_PERSON: usize = 256 * 1024;
/// What a document takes besides its text.
const BYTES_BESIDES: usize = 256;
/// People with documents.
const PEOPLE: usize = 256;

/// The documents.
#[derive(Debug, Default)]
pub struct Registered {
    shelves: Mutex<Shelves>,
}

#[derive(Debug, Default)]
struct Shelves {
    /// Rises with each use.
    clock: u64,
    of: HashMap<Uuid, Shelf>,
}

/// One person's.
#[derive(Debug, Default)]
struct Shelf {
    used: u64,
    /// Most recently used last.
    documents: Vec<(String, Arc<str>)>,
}

impl Registered {
    /// A document that this person has registered.
    pub fn find(&self, person: Uuid, hash: &str) -> Option<Arc<str>> {
        let mut shelves = self.locked();
        shelves.clock += 1;
        let now = shelves.clock;
        let shelf = shelves.of.get_mut(&person)?;
        shelf.used = now;
        let position = shelf.documents.iter().position(|(name, _)| name == hash)?;
        let document = shelf.documents.remove(position);
        let text = document.1.clone();
        shelf.documents.push(document);
        Some(text)
    }

    /// Keeps a document under its name.
    pub fn keep(&self, person: Uuid, hash: String, text: &str) {
        let text: Arc<str> = text.into();
        let mut shelves = self.locked();
        shelves.clock += 1;
        let now = shelves.clock;
        if shelves.of.len() >= PEOPLE && !shelves.of.contains_key(&person) {
            let oldest = shelves.of.iter().min_by_key(|(_, shelf)| shelf.used);
            if let Some(oldest) = oldest.map(|(person, _)| *person) {
                shelves.of.remove(&oldest);
            }
        }
        let shelf = shelves.of.entry(person).or_default();
        shelf.used = now;
        shelf.documents.retain(|(name, _)| *name != hash);
        shelf.documents.push((hash, text));
        let mut bytes: usize = shelf.documents.iter().map(|(_, text)| size(text)).sum();
        while bytes > BYTES_PER_PERSON {
            bytes -= size(&shelf.documents.remove(0).1);
        }
    }

    fn locked(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(text: &str) -> usize {
    text.len() + BYTES_BESIDES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ones_are_not_for_nothing() {
        let registered = Registered::default();
        let ann = Uuid::now_v7();
        for number in 0..2_000 {
            registered.keep(ann, number.to_string(), "{a}");
        }
        let count = registered.locked().of[&ann].documents.len();
        assert_eq!(count, BYTES_PER_PERSON / (3 + BYTES_BESIDES));
    }

    #[test]
    fn a_document_is_its_person_s() {
        let registered = Registered::default();
        let (ann, bob) = (Uuid::now_v7(), Uuid::now_v7());
        registered.keep(ann, "a".to_owned(), "{ a }");
        assert_eq!(registered.find(ann, "a").as_deref(), Some("{ a }"));
        assert!(registered.find(bob, "a").is_none() && registered.find(ann, "b").is_none());
    }

    #[test]
    fn those_used_longest_ago_make_room() {
        let registered = Registered::default();
        let ann = Uuid::now_v7();
        let quarter = "x".repeat(BYTES_PER_PERSON / 4 - BYTES_BESIDES);
        for name in ["a", "b", "c", "d"] {
            registered.keep(ann, name.to_owned(), &quarter);
        }
        assert!(registered.find(ann, "a").is_some());
        registered.keep(ann, "e".to_owned(), &quarter);
        assert!(registered.find(ann, "b").is_none());
        assert!(
            ["a", "c", "d", "e"]
                .iter()
                .all(|name| registered.find(ann, name).is_some())
        );
        registered.keep(ann, "f".to_owned(), &"x".repeat(BYTES_PER_PERSON + 1));
        assert!(registered.locked().of[&ann].documents.is_empty());
    }

    #[test]
    fn so_do_people() {
        let registered = Registered::default();
        let people: Vec<Uuid> = (0..=PEOPLE).map(|_| Uuid::now_v7()).collect();
        for person in &people {
            registered.keep(*person, "a".to_owned(), "{ a }");
            registered.find(people[0], "a");
        }
        assert_eq!(registered.locked().of.len(), PEOPLE);
        assert!(registered.find(people[0], "a").is_some() && registered.find(people[1], "a").is_none());
    }
}
