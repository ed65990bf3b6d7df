//! Where values of RESP end: <https://redis.io/docs/latest/develop/reference/protocol-spec/>.

/// Length of the value at the start of `bytes`, when it is there whole.
pub(super) fn value(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(2).position(|pair| pair == b"\r\n")? + 2;
    let count = || -> i64 {
        let text = std::str::from_utf8(&bytes[1..line - 2]).unwrap_or_default();
        text.parse().unwrap_or(-1)
    };
    let parts = match bytes[0] {
        b'$' | b'!' | b'=' => {
            let length = line + usize::try_from(count()).map_or(0, |length| length + 2);
            return (bytes.len() >= length).then_some(length);
        }
        b'*' | b'~' | b'>' => count(),
        b'%' => 2 * count(),
        _ => 0,
    };
    let mut length = line;
    for _ in 0..parts {
        length += value(&bytes[length..])?;
    }
    Some(length)
}

/// What the server says.
#[derive(Debug, Default)]
pub(super) struct Answering {
    /// Bytes of a value that has begun.
    rest: Vec<u8>,
}

impl Answering {
    /// How many answers end in `bytes`. What is published to a subscriber counts as one as well.
    pub(super) fn count(&mut self, bytes: &[u8]) -> u64 {
        self.rest.extend_from_slice(bytes);
        let (mut at, mut values) = (0, 0);
        while let Some(length) = value(&self.rest[at..]) {
            at += length;
            values += 1;
        }
        self.rest.drain(..at);
        values
    }
}

/// What a command says.
pub(super) fn words(command: &[u8]) -> String {
    let text = String::from_utf8_lossy(command);
    let words = text.split("\r\n").filter(|word| !word.starts_with(['*', '$']));
    words.collect::<Vec<_>>().join(" ").trim().to_owned()
}
