//! Where messages of Postgres' protocol end: <https://www.postgresql.org/docs/15/protocol-message-formats.html>.

use std::collections::HashMap;

use super::connection::Piece;

/// The client's wish for TLS, and the one for GSSAPI; both are declined with one byte.
const ENCRYPTION: [u32; 2] = [80_877_103, 80_877_104];
/// A wish that another session's statement be stopped; the connection carries nothing else.
const CANCEL: u32 = 80_877_102;
/// Longest first message.
const LONGEST_START: usize = 10_000;

/// What the client says.
#[derive(Debug, Default)]
pub(super) struct Asking {
    is_started: bool,
    /// Length of the whole messages of the call that is being read.
    whole: usize,
}

impl Asking {
    /// The next piece at the start of `bytes`: how long it is, and what it is. None: more bytes are needed.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<(usize, Piece)> {
        if !self.is_started {
            return self.start(bytes);
        }
        while let Some((kind, length)) = message(&bytes[self.whole..]) {
            self.whole += length;
            match kind {
                b'Q' | b'S' => return Some((std::mem::take(&mut self.whole), Piece::Call)),
                // A password, a wish to hear what there is so far, or the end.
                b'p' | b'H' | b'X' => return Some((std::mem::take(&mut self.whole), Piece::Other)),
                _ => {}
            }
        }
        None
    }

    fn start(&mut self, bytes: &[u8]) -> Option<(usize, Piece)> {
        let length = number(bytes)? as usize;
        if length > LONGEST_START {
            return Some((bytes.len(), Piece::Broken));
        }
        let code = number(bytes.get(4..)?)?;
        if bytes.len() < length {
            return None;
        }
        if ENCRYPTION.contains(&code) {
            return Some((length, Piece::Reply(b"N")));
        }
        self.is_started = code != CANCEL;
        Some((length, Piece::Session))
    }
}

/// What the server says.
#[derive(Debug, Default)]
pub(super) struct Answering {
    /// Bytes of a message that has begun.
    rest: Vec<u8>,
}

impl Answering {
    /// How many answers end in `bytes`: the server is ready for the next call after each.
    pub(super) fn count(&mut self, bytes: &[u8]) -> u64 {
        self.rest.extend_from_slice(bytes);
        let (mut at, mut ready) = (0, 0);
        while let Some((kind, length)) = message(&self.rest[at..]) {
            at += length;
            ready += u64::from(kind == b'Z');
        }
        self.rest.drain(..at);
        ready
    }
}

/// What the server says when an administrator ends a session (SQLSTATE 57P01).
pub(super) fn ended_by_administrator() -> Vec<u8> {
    let fields = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";
    let mut message = vec![b'E'];
    message.extend_from_slice(&(fields.len() as u32 + 4).to_be_bytes());
    message.extend_from_slice(fields);
    message
}

/// What a session has said that later calls refer to.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// Prepared statements by their names.
    prepared: HashMap<Vec<u8>, String>,
    /// What the open transaction has said, if there is one.
    transaction: Option<String>,
}

impl Statements {
    /// What a call says: `prepare …` and `run …` with the statement's text, or the text alone. A commit says what its transaction
    /// has said as well.
    pub(super) fn words(&mut self, call: &[u8]) -> String {
        let words = self.own_words(call);
        match words.as_str() {
            "BEGIN" => self.transaction = Some(String::new()),
            "COMMIT" => {
                let said = self.transaction.take().unwrap_or_default();
                return format!("COMMIT of {said}");
            }
            "ROLLBACK" => self.transaction = None,
            statement => {
                if let Some(said) = &mut self.transaction {
                    said.push_str(statement);
                    said.push_str("; ");
                }
            }
        }
        words
    }

    fn own_words(&mut self, call: &[u8]) -> String {
        let (mut at, mut words) = (0, Vec::new());
        while let Some((kind, length)) = message(&call[at..]) {
            let body = &call[at + 5..at + length];
            let mut texts = body.split(|byte| *byte == 0);
            let mut next = || texts.next().unwrap_or_default();
            match kind {
                b'Q' => words.push(String::from_utf8_lossy(next()).into_owned()),
                b'P' => {
                    let name = next().to_vec();
                    let statement = String::from_utf8_lossy(next()).into_owned();
                    words.push(format!("prepare {statement}"));
                    self.prepared.insert(name, statement);
                }
                b'B' => {
                    let _portal = next();
                    let statement = self.prepared.get(next()).map_or("?", String::as_str);
                    words.push(format!("run {statement}"));
                }
                _ => {}
            }
            at += length;
        }
        words.join("; ")
    }
}

/// Kind and whole length of the message at the start of `bytes`, when it is there whole.
fn message(bytes: &[u8]) -> Option<(u8, usize)> {
    let kind = *bytes.first()?;
    let length = number(&bytes[1..])? as usize + 1;
    (bytes.len() >= length).then_some((kind, length))
}

fn number(bytes: &[u8]) -> Option<u32> {
    let bytes = bytes.get(..4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
