//! Lines of a log in JSON: each is an object, and says what it is about.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Each line as an object with what every line has.
pub fn are_objects(log: &str) -> Vec<Map<String, Value>> {
    let parsed = log.lines().map(|line| {
        let object: Map<String, Value> =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for name in ["timestamp", "level", "target", "message"] {
            assert!(object[name].is_string(), "{name}: {line}");
        }
        object
    });
    let objects: Vec<_> = parsed.collect();
    assert!(!objects.is_empty());
    let names: BTreeSet<&str> = objects.iter().flat_map(Map::keys).map(String::as_str).collect();
    for name in &names {
        // A store that makes paths of dots would have to put an object where it has put a text.
        assert!(
            !names.iter().any(|other| other.starts_with(&format!("{name}."))),
            "{name} of {names:?}"
        );
    }
    objects
}

/// Lines with that message.
pub fn saying<'log>(log: &'log [Map<String, Value>], message: &str) -> Vec<&'log Map<String, Value>> {
    log.iter().filter(|line| line["message"] == message).collect()
}
