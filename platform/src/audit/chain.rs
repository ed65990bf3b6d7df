//! The form in which an entry is hashed. It is fixed: another form would be another chain (docs/administration.md repeats it
//! for whoever wants to check a log without this program).
//!
//! `SHA-256(DOMAIN ‖ previous hash, 32 bytes ‖ column ‖ column ‖ …)`. A column is the byte 0 where it is null; else the byte 1,
//! its length in bytes as four bytes, and the bytes. Numbers are eight bytes, ids their sixteen, text is UTF-8; numbers and
//! lengths are big-endian. So two different entries never have the same form.

use entities::audit_entry::Model;
use sha2::{Digest, Sha256};

/// Tells this hash from every other one that is made of such bytes.
pub const DOMAIN: &[u8] = b"automl-lite audit entry v1\n";
/// What stands for the hash before the first entry.
pub const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Hash of an entry that follows the one with that hash, in lower-case hex; none: the other is not 64 such digits.
pub fn hash(previous: &str, entry: &Model) -> Option<String> {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(bytes(previous)?);
    for column in columns(entry) {
        match column {
            None => hash.update([0]),
            Some(bytes) => {
                hash.update([1]);
                hash.update(u32::try_from(bytes.len()).ok()?.to_be_bytes());
                hash.update(bytes);
            }
        }
    }
    Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// All of them but the hash itself, in the order of the table.
fn columns(entry: &Model) -> [Option<Vec<u8>>; 12] {
    let text = |text: &Option<String>| text.clone().map(String::into_bytes);
    [
        Some(entry.number.to_be_bytes().to_vec()),
        Some(entry.at.to_be_bytes().to_vec()),
        Some(entry.actor.clone().into_bytes()),
        entry.actor_id.map(|id| id.as_bytes().to_vec()),
        Some(entry.action.clone().into_bytes()),
        text(&entry.subject_kind),
        text(&entry.subject_id),
        text(&entry.reason),
        text(&entry.before),
        text(&entry.after),
        text(&entry.address),
        entry.request_id.map(|id| id.as_bytes().to_vec()),
    ]
}

/// Of 64 lower-case hex digits.
fn bytes(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes();
    if !is_hash(hex) {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let pair = std::str::from_utf8(&digits[2 * place..2 * place + 2]).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}

/// Whether a text is a hash as it is written here.
pub fn is_hash(text: &str) -> bool {
    text.len() == NOTHING.len()
        && text
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}
