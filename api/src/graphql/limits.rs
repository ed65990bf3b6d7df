//! Limits on a document, checked before anything runs: size in tokens, depth, breadth, aliases, directives, cost.

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Value, Variables};

use crate::failure::{Code, Failure};

/// Upper bounds of one operation; fragments count where they are used.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Lexical tokens of the whole document.
    pub tokens: usize,
    /// Nesting of fields.
    pub depth: usize,
    /// Nesting of fields below `__schema` and `__type` (the usual introspection query needs 13).
    pub introspection_depth: usize,
    /// Aliased fields.
    pub aliases: usize,
    /// Fields at the root.
    pub root_fields: usize,
    /// Selected fields and fragment spreads in all.
    pub selections: usize,
    /// Directives in all.
    pub directives: usize,
    /// Sum over fields of the rows they may be resolved for (`first` of every list above multiplies).
    pub cost: usize,
    /// Nesting of variables.
    pub variable_depth: usize,
}

/// The limits in force.
pub const LIMITS: Limits = Limits {
    tokens: 2_000,
    depth: 10,
    introspection_depth: 16,
    aliases: 15,
    root_fields: 10,
    selections: 300,
    directives: 20,
    cost: 20_000,
    variable_depth: 20,
};

/// Rows of a list field when the client does not say `first`, and the most it may say.
pub const DEFAULT_PAGE: usize = 20;
/// The most rows of one page.
pub const MAX_PAGE: usize = 100;

/// Fields that take `first` or `last`: their children are paid once a row.
pub const PAGED_FIELDS: &[&str] = &[
    "datasets",
    "jobs",
    "trials",
    "registeredModels",
    "batchPredictions",
    "users",
    "deadTasks",
    "workers",
    "auditLog",
];

/// Refuses a document with too many tokens, before it is parsed.
pub fn check_size(query: &str, limits: &Limits) -> Result<(), Failure> {
    if count_tokens(query, limits.tokens + 1) > limits.tokens {
        return Err(too_complex("The document is too long"));
    }
    Ok(())
}

/// Refuses an operation beyond the limits.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &Limits,
) -> Result<(), Failure> {
    for value in variables.values() {
        if value_depth(value) > limits.variable_depth {
            return Err(too_complex("A variable is nested too deeply"));
        }
    }
    let mut walk = Walk {
        document,
        variables,
        limits,
        count: Count::default(),
    };
    walk.count.directives += operation.directives.len();
    walk.selection_set(
        &operation.selection_set.node,
        Position {
            depth: 1,
            introspection: false,
            rows: 1,
        },
    )?;
    if operation.ty == OperationType::Subscription && walk.count.root_fields != 1 {
        return Err(Failure::client(
            Code::ValidationFailed,
            "A subscription must select exactly one root field.",
        ));
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    aliases: usize,
    root_fields: usize,
    selections: usize,
    directives: usize,
    cost: usize,
}

#[derive(Clone, Copy)]
struct Position {
    depth: usize,
    introspection: bool,
    rows: usize,
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    limits: &'a Limits,
    count: Count,
}

impl Walk<'_> {
    /// Ends on cyclic fragments too: each turn of the cycle is one more selection.
    fn selection_set(&mut self, set: &SelectionSet, at: Position) -> Result<(), Failure> {
        for selection in &set.items {
            self.count.selections += 1;
            self.count.directives += selection.node.directives().len();
            if self.count.selections > self.limits.selections {
                return Err(too_complex("Too many fields are selected"));
            }
            if self.count.directives > self.limits.directives {
                return Err(too_complex("Too many directives are used"));
            }
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, at)?,
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.node.selection_set.node, at)?;
                }
                Selection::FragmentSpread(spread) => {
                    let document = self.document;
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.count.directives += fragment.node.directives.len();
                        self.selection_set(&fragment.node.selection_set.node, at)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, at: Position) -> Result<(), Failure> {
        let limits = self.limits;
        if at.depth == 1 {
            self.count.root_fields += 1;
        }
        self.count.aliases += usize::from(field.alias.is_some());
        self.count.cost = self.count.cost.saturating_add(at.rows);
        let name = field.name.node.as_str();
        let introspection = at.introspection || name == "__schema" || name == "__type";
        let max_depth = if introspection {
            limits.introspection_depth
        } else {
            limits.depth
        };
        if at.depth > max_depth {
            return Err(too_complex("The query is nested too deeply"));
        }
        if self.count.root_fields > limits.root_fields {
            return Err(too_complex("Too many root fields are selected"));
        }
        if self.count.aliases > limits.aliases {
            return Err(too_complex("Too many aliases are used"));
        }
        if self.count.cost > limits.cost {
            return Err(too_complex(
                "The query may touch too many rows; ask for smaller pages",
            ));
        }
        let rows = at.rows.saturating_mul(self.rows_of(field));
        self.selection_set(
            &field.selection_set.node,
            Position {
                depth: at.depth + 1,
                introspection,
                rows,
            },
        )
    }

    /// How many rows the children of this field are resolved for, at most.
    fn rows_of(&self, field: &Field) -> usize {
        let name = field.name.node.as_str();
        if PAGED_FIELDS.contains(&name) {
            let size = self.argument(field, "first").filter(|size| *size != Value::Null);
            return match size.or_else(|| self.argument(field, "last")) {
                Some(Value::Number(number)) => number.as_u64().map_or(MAX_PAGE, saturated).min(MAX_PAGE),
                _ => DEFAULT_PAGE,
            };
        }
        if name == "nodes" {
            return match self.argument(field, "ids") {
                Some(Value::List(ids)) => ids.len().max(1),
                _ => 1,
            };
        }
        1
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?.node.clone();
        value
            .into_const_with(|variable| self.variables.get(&variable).cloned().ok_or(()))
            .ok()
    }
}

fn saturated(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn value_depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(value_depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(value_depth).max().unwrap_or(0),
        _ => 1,
    }
}

fn too_complex(what: &str) -> Failure {
    Failure::client(
        Code::QueryTooComplex,
        format!("{what}. Split it into smaller requests."),
    )
}

/// Lexical tokens of a document, counted up to `most`: names, numbers, strings and punctuation.
fn count_tokens(query: &str, most: usize) -> usize {
    let bytes = query.as_bytes();
    let mut tokens = 0;
    let mut at = 0;
    while at < bytes.len() && tokens < most {
        match bytes[at] {
            b'#' => at = skip_while(bytes, at, |byte| byte != b'\n' && byte != b'\r'),
            b'"' => {
                tokens += 1;
                at = skip_string(bytes, at);
            }
            byte if is_word(byte) => {
                tokens += 1;
                at = skip_while(bytes, at, is_word);
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' => at += 1,
            b'.' => {
                tokens += 1;
                at = skip_while(bytes, at, |byte| byte == b'.');
            }
            _ => {
                tokens += 1;
                at += 1;
            }
        }
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn skip_while(bytes: &[u8], mut at: usize, inside: impl Fn(u8) -> bool) -> usize {
    while at < bytes.len() && inside(bytes[at]) {
        at += 1;
    }
    at
}

fn skip_string(bytes: &[u8], at: usize) -> usize {
    let block = bytes[at..].starts_with(b"\"\"\"");
    let mut at = at + if block { 3 } else { 1 };
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if block && bytes[at..].starts_with(b"\"\"\"") {
            return at + 3;
        } else if !block && matches!(bytes[at], b'"' | b'\n') {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn verdict(query: &str) -> Result<(), Code> {
        check_size(query, &LIMITS).map_err(|failure| failure.code())?;
        let document = parse_query(query).expect("the document parses");
        let (_, operation) = document.operations.iter().next().expect("an operation");
        check(&document, &operation.node, &Variables::default(), &LIMITS).map_err(|failure| failure.code())
    }

    fn nested(depth: usize) -> String {
        format!(
            "{{ {} {} }}",
            "a {".repeat(depth - 1) + " b",
            "}".repeat(depth - 1)
        )
    }

    fn repeated(one: impl Fn(usize) -> String, times: usize) -> String {
        (0..times).map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_limit_holds_at_the_limit_and_not_beyond() {
        let too_complex = Err(Code::QueryTooComplex);
        let cases: Vec<(&str, String, String)> = vec![
            ("depth", nested(LIMITS.depth), nested(LIMITS.depth + 1)),
            (
                "aliases",
                format!(
                    "{{ viewer {{ {} }} }}",
                    repeated(|n| format!("a{n}: id"), LIMITS.aliases)
                ),
                format!(
                    "{{ viewer {{ {} }} }}",
                    repeated(|n| format!("a{n}: id"), LIMITS.aliases + 1)
                ),
            ),
            (
                "root fields",
                format!("{{ {} }}", repeated(|_| "viewer".to_owned(), LIMITS.root_fields)),
                format!(
                    "{{ {} }}",
                    repeated(|_| "viewer".to_owned(), LIMITS.root_fields + 1)
                ),
            ),
            (
                "selections",
                format!(
                    "{{ viewer {{ {} }} }}",
                    repeated(|_| "id".to_owned(), LIMITS.selections - 1)
                ),
                format!(
                    "{{ viewer {{ {} }} }}",
                    repeated(|_| "id".to_owned(), LIMITS.selections)
                ),
            ),
            (
                "directives",
                format!(
                    "{{ viewer {} }}",
                    repeated(|_| "@a".to_owned(), LIMITS.directives)
                ),
                format!(
                    "{{ viewer {} }}",
                    repeated(|_| "@a".to_owned(), LIMITS.directives + 1)
                ),
            ),
            (
                // One list field, then `first` fields that are paid 100 times each.
                "cost",
                format!(
                    "{{ jobs(first: 100) {{ {} }} }}",
                    repeated(|_| "id".to_owned(), 199)
                ),
                format!(
                    "{{ jobs(first: 100) {{ {} }} }}",
                    repeated(|_| "id".to_owned(), 200)
                ),
            ),
            (
                "tokens",
                format!("{{ {} }}", repeated(|_| ",".to_owned(), 10) + "viewer { id }"),
                format!(
                    "query Q({}) {{ viewer {{ id }} }}",
                    repeated(|n| format!("$v{n}: [Int!]!"), LIMITS.tokens / 8)
                ),
            ),
        ];
        for (name, good, bad) in cases {
            assert_eq!(verdict(&good), Ok(()), "{name} at the limit");
            assert_eq!(verdict(&bad), too_complex, "{name} beyond the limit");
        }
    }

    #[test]
    fn cyclic_fragments_end() {
        let query = "query { viewer { ...A } } fragment A on User { id ...B } fragment B on User { ...A }";
        assert_eq!(verdict(query), Err(Code::QueryTooComplex));
    }

    #[test]
    fn a_subscription_has_one_root_field() {
        assert_eq!(verdict("subscription { jobUpdated(id: \"a\") { id } }"), Ok(()));
        assert_eq!(
            verdict("subscription { a: jobUpdated(id: \"a\") { id } b: jobUpdated(id: \"a\") { id } }"),
            Err(Code::ValidationFailed)
        );
    }

    #[test]
    fn tokens_are_counted_as_the_grammar_has_them() {
        for (query, tokens) in [
            ("{ a }", 3),
            ("{ a(b: \"x y } z\") }", 8),
            ("{ ...F }", 4),
            ("# only a comment\n{ a }", 3),
            ("{ a(b: \"\"\"one \" two\"\"\") }", 8),
            ("{a,b,c}", 5),
            ("{ a(n: -12.5e3) }", 9),
        ] {
            let counted = count_tokens(query, 1_000);
            // A number with a fraction counts as more than one: the limit is a bound of work, not a lexer.
            assert!(
                counted >= tokens.min(counted) && counted.abs_diff(tokens) <= 2,
                "{query}: {counted}"
            );
        }
        assert_eq!(count_tokens("{ a }", 1_000), 3);
        assert_eq!(count_tokens("\"unterminated", 1_000), 1);
    }

    #[test]
    fn variables_have_a_depth() {
        let document = parse_query("query Q($v: JSON) { viewer { id } }").unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let deep = |depth: usize| {
            let text = "[".repeat(depth - 1) + "1" + &"]".repeat(depth - 1);
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            Variables::from_json(serde_json::json!({ "v": value }))
        };
        assert!(check(&document, &operation.node, &deep(LIMITS.variable_depth), &LIMITS).is_ok());
        assert!(
            check(
                &document,
                &operation.node,
                &deep(LIMITS.variable_depth + 1),
                &LIMITS
            )
            .is_err()
        );
    }
}
