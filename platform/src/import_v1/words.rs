//! Texts of somebody, cut and cleaned, and times.

use chrono::{DateTime, NaiveDateTime, Utc};

/// Characters of a name.
pub const LONGEST_NAME: usize = 200;

/// The last part of a path in either notation, in one line.
pub fn file_name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = line(last, LONGEST_NAME);
    if name == "." || name == ".." {
        return String::new();
    }
    name
}

/// Without control characters and blanks around it, so many characters at most.
pub fn line(text: &str, longest: usize) -> String {
    let kept = text.chars().filter(|character| !character.is_control());
    let kept: String = kept.collect();
    cut(&kept, longest)
}

/// As [`line`], but lines stay lines.
pub fn lines(text: &str, longest: usize) -> String {
    let kept = text
        .chars()
        .filter(|character| !character.is_control() || *character == '\n');
    let kept: String = kept.collect();
    cut(&kept, longest)
}

fn cut(text: &str, longest: usize) -> String {
    let cut: String = text.trim().chars().take(longest).collect();
    cut.trim_end().to_owned()
}

/// A time as Python writes it: with an offset, or without one in the time of the machine, which was UTC.
pub fn time(text: &str) -> Option<DateTime<Utc>> {
    let with_offset = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let time = with_offset.or_else(|_| {
        let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
        naive.map(|time| time.and_utc())
    });
    // Ids begin with the milliseconds since 1970.
    time.ok()
        .filter(|time| (0..=253_402_300_799).contains(&time.timestamp()))
}
