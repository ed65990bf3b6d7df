//! How much text a document is, before it is parsed: tokens, and brackets inside each other.

use super::{Limits, too_complex};
use crate::failure::Failure;

/// Refuses a document with too many tokens or too deep brackets. It reads no further than to the first that is too much.
///
/// # Errors
/// `QUERY_TOO_COMPLEX`.
pub fn check(query: &str, limits: &Limits) -> Result<(), Failure> {
    let size = measure(query, limits);
    if size.tokens > limits.tokens {
        return Err(too_complex("The document is too long"));
    }
    if size.nesting > limits.nesting {
        return Err(too_complex("The document is nested too deeply"));
    }
    Ok(())
}

/// The size of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub tokens: usize,
    pub nesting: usize,
}

/// Names, numbers, strings and punctuation, and the deepest bracket; no further than to one beyond a limit.
pub(super) fn measure(query: &str, limits: &Limits) -> Size {
    let bytes = query.as_bytes();
    let mut size = Size {
        tokens: 0,
        nesting: 0,
    };
    let (mut at, mut open) = (0, 0_usize);
    while at < bytes.len() && size.tokens <= limits.tokens && size.nesting <= limits.nesting {
        let end = match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = after(bytes, at, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'"' => after_string(bytes, at),
            b'-' | b'0'..=b'9' => after_number(bytes, at),
            byte if is_letter(byte) => after(bytes, at, |byte| is_letter(byte) || byte.is_ascii_digit()),
            b'{' | b'[' | b'(' => {
                open += 1;
                size.nesting = size.nesting.max(open);
                at + 1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                at + 1
            }
            b'.' if bytes[at..].starts_with(b"...") => at + 3,
            // Punctuation, and what the parser will not know.
            _ => at + 1,
        };
        size.tokens += 1;
        at = end;
    }
    size
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn after(bytes: &[u8], mut at: usize, inside: impl Fn(u8) -> bool) -> usize {
    while at < bytes.len() && inside(bytes[at]) {
        at += 1;
    }
    at
}

/// As the parser has it: nothing has to stand between two numbers, and none but 0 begins with 0.
fn after_number(bytes: &[u8], start: usize) -> usize {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let first = start + usize::from(bytes[start] == b'-');
    let mut at = match bytes.get(first) {
        Some(b'0') => first + 1,
        _ => after(bytes, first, is_digit),
    };
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at = after(bytes, at + 1, is_digit);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            at = after(bytes, at + 1 + sign, is_digit);
        }
    }
    at
}

fn after_string(bytes: &[u8], start: usize) -> usize {
    if bytes[start..].starts_with(b"\"\"\"") {
        return after_block(bytes, start + 3);
    }
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' | b'\n' | b'\r' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A backslash escapes three quotes and nothing else.
fn after_block(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"\\\"\"\"") {
            at += 4;
        } else if rest.starts_with(b"\"\"\"") {
            return at + 3;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use proptest::prelude::*;

    use super::super::LIMITS;
    use super::*;

    fn count(query: &str) -> usize {
        measure(query, &LIMITS).tokens
    }

    #[test]
    fn tokens_are_counted_as_the_parser_has_them() {
        for (query, tokens) in [
            ("{ a }", 3),
            ("{ a(b: \"x y } z\") }", 8),
            ("{ ...F }", 4),
            ("# only a comment\n{ a }", 3),
            ("# ends with\r{ a }", 3),
            ("{ a(b: \"\"\"one \" two\"\"\") }", 8),
            ("{ a(b: \"\"\"x\\\"\"\"\" \"\"\") c d }", 10),
            ("{ a(b: \"\"\"\\\\\"\"\" \"\"\") c }", 9),
            ("{ a(b: \"\\\\\") c }", 9),
            ("{ a(b: \"\") c }", 9),
            ("{a,b,c}", 5),
            ("{ a(n: -12.5e+3) }", 8),
            ("{ a(n: [1-1-1]) }", 12),
            ("{ a(n: [0000]) }", 13),
            ("query ($v: [[Int!]!]) { a(v: $v) }", 22),
        ] {
            assert!(parse_query(query).is_ok(), "{query}");
            assert_eq!(count(query), tokens, "{query}");
        }
        for (broken, tokens) in [
            ("\"unterminated", 1),
            ("\"\"\"unterminated", 1),
            ("\"a\\", 1),
            ("-", 1),
            ("1.", 2),
        ] {
            assert_eq!(count(broken), tokens, "{broken}");
        }
    }

    #[test]
    fn brackets_are_counted_wherever_they_are() {
        for (query, nesting) in [
            ("a", 0),
            ("{ a(b: [{ c: [1] }]) { d } }", 5),
            ("{ a(b: \"[[[[\") } # {{{{", 2),
            ("}}}} { a }", 1),
        ] {
            assert_eq!(measure(query, &LIMITS).nesting, nesting, "{query}");
        }
    }

    /// A value and how many tokens it has.
    fn value() -> impl Strategy<Value = (String, usize)> {
        let leaf = prop_oneof![
            "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?".prop_map(|text| (text, 1)),
            "\"([ !#-\\[\\]-~]|\\\\[\"\\\\/bfnrt]|\\\\u00[0-9]{2}){0,8}\"".prop_map(|text| (text, 1)),
            "\"\"\"([ -!#-\\[\\]-~\n]|\\\\\"\"\"|\\\\[a-z]|\"[a-z]|\"\"[a-z]){0,6}\"\"\""
                .prop_map(|text| (text, 1)),
            "(true|false|null|[A-Z]{1,4}|\\$[a-z]{1,4})".prop_map(|text| {
                let tokens = 1 + usize::from(text.starts_with('$'));
                (text, tokens)
            }),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let list = (prop::collection::vec(inner.clone(), 0..4), gap()).prop_map(|(items, gap)| {
                let tokens = 2 + items.iter().map(|(_, tokens)| tokens).sum::<usize>();
                let items: Vec<String> = items.into_iter().map(|(text, _)| text).collect();
                (format!("[{gap}{}]", items.join(" ")), tokens)
            });
            let object =
                (prop::collection::btree_map("[a-z]{1,4}", inner, 0..4), gap()).prop_map(|(fields, gap)| {
                    let tokens = 2 + fields.values().map(|(_, tokens)| tokens + 2).sum::<usize>();
                    let fields: Vec<String> = fields
                        .into_iter()
                        .map(|(name, (text, _))| format!("{name}{gap}:{text}"))
                        .collect();
                    (format!("{{{}}}", fields.join(",")), tokens)
                });
            prop_oneof![list, object]
        })
    }

    /// What may stand between tokens and is none.
    fn gap() -> impl Strategy<Value = String> {
        "([ ,\t\n\r]|#[ -~]{0,6}\n){0,3}"
    }

    fn selection() -> impl Strategy<Value = (String, usize)> {
        let leaf = ("[a-z_][a-z_0-9]{0,5}", gap()).prop_map(|(name, gap)| (format!("{name} {gap}"), 1));
        leaf.prop_recursive(4, 24, 4, |inner| {
            let inside = (prop::collection::vec(inner, 1..4), gap()).prop_map(|(fields, gap)| {
                let tokens = 2 + fields.iter().map(|(_, tokens)| tokens).sum::<usize>();
                let fields: Vec<String> = fields.into_iter().map(|(text, _)| text).collect();
                (format!("{{{gap}{}}}", fields.join(" ")), tokens)
            });
            let inside = inside.boxed();
            let name = "[a-z]{1,4}";
            prop_oneof![
                (name, name, inside.clone()).prop_map(|(alias, name, (below, tokens))| {
                    (format!("{alias}:{name}{below}"), tokens + 3)
                }),
                (name, name, value(), inside.clone()).prop_map(
                    |(name, argument, (value, more), (below, tokens))| {
                        (format!("{name}({argument}:{value})@x{below}"), tokens + more + 7)
                    }
                ),
                inside.prop_map(|(below, tokens)| (format!("...on T{below}"), tokens + 3)),
                Just(("...F".to_owned(), 2)),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// What parses is never counted for less than it is, whatever stands in its strings and comments.
        #[test]
        fn nothing_is_undercounted((fields, tokens) in prop::collection::vec(selection(), 1..4).prop_map(|all| {
            let tokens = 2 + all.iter().map(|(_, tokens)| tokens).sum::<usize>();
            let all: Vec<String> = all.into_iter().map(|(text, _)| text).collect();
            (format!("{{{}}}", all.join(" ")), tokens)
        })) {
            prop_assert!(parse_query(&fields).is_ok(), "{:?}", parse_query(&fields).err());
            prop_assert_eq!(count(&fields), tokens.min(LIMITS.tokens + 1));
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,200}", bytes in "[\"\\\\{}#.\\-0-9eE\n a]{0,60}") {
            count(&text);
            count(&bytes);
        }
    }
}
