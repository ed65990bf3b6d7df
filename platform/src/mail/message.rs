//! A message and its form on the wire (RFC 5322, MIME): plain text and HTML of the same content, ASCII throughout.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use super::Address;

/// Longest line of an encoded body, without its end.
const LINE: usize = 76;
/// Bytes of text in one encoded word: 52 base64 characters, and the line of the subject stays below its limit.
const WORD: usize = 39;
/// Longest subject, characters.
const MAX_SUBJECT: usize = 150;

/// A mail to one person.
#[derive(Clone, Debug)]
pub struct Message {
    /// Names this mail for ever: the same mail has the same reference at every try. ASCII letters, digits, `-`.
    pub reference: String,
    /// To whom.
    pub to: Address,
    /// One line; control characters in it become blanks.
    pub subject: String,
    /// The content without marks.
    pub text: String,
    /// The same content as a whole HTML page.
    pub html: String,
    /// Where mail like this is switched off, by one POST (RFC 8058); none: it cannot be, for its reader asked for it.
    pub unsubscribe: Option<String>,
    /// When what it tells happened.
    pub date: DateTime<Utc>,
}

impl Message {
    /// The whole message as sent by `from`, for example `AutoML Lite <automl@example.com>`.
    pub fn to_mime(&self, from: &str) -> String {
        let boundary = format!("=_{}", self.reference);
        let (name, sender) = sender(from);
        let domain = sender.rsplit('@').next().unwrap_or("localhost");
        let from = match name {
            "" => format!("<{sender}>"),
            name => format!("{} <{sender}>", phrase(name)),
        };
        let mut headers = vec![
            ("From", from),
            ("To", self.to.expose().to_owned()),
            ("Subject", unstructured(&one_line(&self.subject, MAX_SUBJECT))),
            (
                "Date",
                self.date.format("%a, %d %b %Y %H:%M:%S +0000").to_string(),
            ),
            ("Message-ID", format!("<{}@{domain}>", self.reference)),
        ];
        if let Some(unsubscribe) = &self.unsubscribe {
            headers.push(("List-Unsubscribe", format!("<{unsubscribe}>")));
            headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        headers.extend([
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("MIME-Version", "1.0".to_owned()),
            (
                "Content-Type",
                format!("multipart/alternative; boundary=\"{boundary}\""),
            ),
        ]);
        let mut mime = String::new();
        for (name, value) in headers {
            mime.push_str(&format!("{name}: {value}\r\n"));
        }
        for (kind, body) in [("plain", &self.text), ("html", &self.html)] {
            mime.push_str(&format!(
                "\r\n--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
                quoted_printable(body)
            ));
        }
        mime.push_str(&format!("\r\n--{boundary}--\r\n"));
        mime
    }
}

/// A text as one line of at most so many characters: what could end or bend a line becomes a blank.
pub fn one_line(text: &str, most: usize) -> String {
    let blanked: String = text
        .chars()
        .map(|character| if is_control(character) { ' ' } else { character })
        .collect();
    let words: Vec<&str> = blanked.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Control characters, line and paragraph separators, and those that turn the direction of writing.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Display name and address of a sender.
fn sender(from: &str) -> (&str, &str) {
    match from.split_once('<') {
        Some((name, address)) => {
            let name = name.trim();
            let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            let address = address.trim().trim_end_matches('>').trim();
            (quoted.unwrap_or(name), address)
        }
        None => ("", from.trim()),
    }
}

/// A display name: quoted where it is ASCII, else encoded words.
fn phrase(name: &str) -> String {
    if name.is_ascii() {
        let escaped = one_line(name, MAX_SUBJECT)
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        format!("\"{escaped}\"")
    } else {
        encoded_words(&one_line(name, MAX_SUBJECT))
    }
}

/// A header's text: as it is where it is short ASCII, else encoded words (RFC 2047).
fn unstructured(text: &str) -> String {
    // What looks like an encoded word would be decoded.
    if text.is_ascii() && text.len() <= LINE && !text.contains("=?") {
        text.to_owned()
    } else {
        encoded_words(text)
    }
}

/// Words of whole characters, one a line.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars() {
        if word.len() + character.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(character);
    }
    words.push(word);
    let encoded: Vec<String> = words
        .iter()
        .map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    encoded.join("\r\n ")
}

/// Quoted-printable (RFC 2045): lines of 76 characters at most, everything but printable ASCII escaped.
fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    for line in text.lines() {
        let bytes = line.as_bytes();
        let mut width = 0;
        for (position, byte) in bytes.iter().enumerate() {
            let is_last = position + 1 == bytes.len();
            let is_plain = (b'!'..=b'~').contains(byte) && *byte != b'=' || (*byte == b' ' && !is_last);
            // A dot that begins a line means something to mail servers.
            let is_plain = is_plain && !(*byte == b'.' && width == 0);
            let piece = if is_plain {
                char::from(*byte).to_string()
            } else {
                format!("={byte:02X}")
            };
            if width + piece.len() > LINE - 1 {
                encoded.push_str("=\r\n");
                width = 0;
            }
            width += piece.len();
            encoded.push_str(&piece);
        }
        encoded.push_str("\r\n");
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(subject: &str, text: &str) -> Message {
        Message {
            reference: "mail-1".to_owned(),
            to: Address::parse("ada@example.com").unwrap(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: "<p>größer</p>".to_owned(),
            unsubscribe: Some("https://a.example/v1/unsubscribe/x".to_owned()),
            date: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        }
    }

    #[test]
    fn the_whole_message() {
        let mime =
            message("Ready: a = b", "one\n.two\nthree = 3 ").to_mime("AutoML \"Lite\" <automl@example.com>");
        let expected = "From: \"AutoML \\\"Lite\\\"\" <automl@example.com>\r\n\
            To: ada@example.com\r\n\
            Subject: Ready: a = b\r\n\
            Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n\
            Message-ID: <mail-1@example.com>\r\n\
            List-Unsubscribe: <https://a.example/v1/unsubscribe/x>\r\n\
            List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
            Auto-Submitted: auto-generated\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative; boundary=\"=_mail-1\"\r\n\
            \r\n--=_mail-1\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\none\r\n=2Etwo\r\nthree =3D 3=20\r\n\
            \r\n--=_mail-1\r\n\
            Content-Type: text/html; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\n<p>gr=C3=B6=C3=9Fer</p>\r\n\
            \r\n--=_mail-1--\r\n";
        assert_eq!(mime, expected);
    }

    #[test]
    fn what_cannot_be_switched_off_says_nothing_of_it() {
        let mut message = message("Set a new password", "");
        message.unsubscribe = None;
        let mime = message.to_mime("automl@example.com");
        assert!(!mime.contains("Unsubscribe"), "{mime}");
        assert!(mime.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{mime}");
    }

    #[test]
    fn no_subject_makes_a_header() {
        for hostile in [
            "a\r\nBcc: eve@example.com",
            "a\nBcc: eve@example.com",
            "a\u{2028}Bcc: eve@example.com",
            "größe\r\n\r\n<script>",
            "=?utf-8?B?QQ0KQmNjOiBl?=",
            "a\u{0}b\u{202e}c",
        ] {
            let mime = message(hostile, "").to_mime("automl@example.com");
            let head = mime.split("\r\n\r\n").next().unwrap();
            assert!(!head.contains("\nBcc"), "{head}");
            assert!(head.contains("\r\nMIME-Version: 1.0\r\n"), "{head}");
            for line in mime.split("\r\n") {
                assert!(line.is_ascii() && line.len() <= 998, "{line}");
                assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
            }
        }
    }

    #[test]
    fn long_lines_and_subjects_are_folded() {
        let mime = message(&"ä".repeat(500), &"wort ".repeat(500)).to_mime("Ärger <a@example.com>");
        assert!(mime.split("\r\n").all(|line| line.len() <= 78), "{mime}");
        assert!(mime.starts_with("From: =?utf-8?B?w4RyZ2Vy?= <a@example.com>\r\n"));
        assert_eq!(one_line(" a \t b\r\n c ", 10), "a b c");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
