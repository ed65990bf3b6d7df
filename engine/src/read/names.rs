//! Column names: unique and not empty, whatever the header says.

use std::collections::HashSet;

use super::show;

/// The names to use and one note a change.
pub(super) fn unique(raw: Vec<String>) -> (Vec<String>, Vec<String>) {
    let mut taken: HashSet<String> = raw.iter().map(|name| name.trim().to_owned()).collect();
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(raw.len());
    let mut notes = Vec::new();
    for (index, raw_name) in raw.into_iter().enumerate() {
        let trimmed = raw_name.trim();
        let name = if trimmed.is_empty() {
            free_name("column", index + 1, &taken)
        } else if seen.contains(trimmed) {
            free_name(trimmed, 2, &taken)
        } else {
            trimmed.to_owned()
        };
        if trimmed.is_empty() {
            notes.push(format!("Column {} has no name; it is called {name}.", index + 1));
        } else if name != trimmed {
            notes.push(format!(
                "The name {} occurs again in column {}; there it is {name}.",
                show(trimmed),
                index + 1
            ));
        } else if trimmed.len() != raw_name.len() {
            notes.push(format!(
                "Blanks around the name of column {} ({name}) were removed.",
                index + 1
            ));
        }
        taken.insert(name.clone());
        seen.insert(name.clone());
        names.push(name);
    }
    (names, shorten(notes))
}

/// `stem_number` with the first number from `number` on that nobody has.
fn free_name(stem: &str, mut number: usize, taken: &HashSet<String>) -> String {
    loop {
        let name = format!("{stem}_{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// At most ten notes, then their number.
fn shorten(mut notes: Vec<String>) -> Vec<String> {
    const SHOWN: usize = 10;
    if notes.len() > SHOWN {
        let more = notes.len() - SHOWN;
        notes.truncate(SHOWN);
        notes.push(format!("{more} more column names were changed."));
    }
    notes
}
