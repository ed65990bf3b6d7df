//! Documents that are asked again and again: parsed once, with everything that their text alone decides.
//!
//! A document is found by its whole text. The memory is bounded: once half of it is full of documents that were asked lately, those
//! that were not asked since the last time are forgotten.
//!
//! The rules of GraphQL look at the text and at the values of variables. An operation that has passed all of them is not checked
//! again with the same values; with other values it is. The executor itself still checks every value where it is used, so
//! that nothing hangs on it but who words the error.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{Name, ServerError, Value, Variables};

use super::introspection;
use super::limits::cost::Plan;
use super::limits::{self, LIMITS};
use super::text;
use crate::auth;
use crate::failure::{Code, Failure};

/// Memory of all documents, as far as it can be guessed.
const CAPACITY: usize = 8 << 20;
/// Guess at the memory of a byte of text once it is parsed: most of it is in names.
const BYTES_PER_BYTE: usize = 24;
/// Guess at what every document takes besides.
const BYTES_PER_DOCUMENT: usize = 2_048;
/// Guess at the facts of an operation without its plan.
const BYTES_PER_OPERATION: usize = 512;
/// Values of variables that are remembered for one operation.
const PASSED: usize = 32;

/// The documents.
pub struct Documents {
    generations: RwLock<Generations>,
    hasher: RandomState,
    capacity: usize,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Arc<str>, Arc<Prepared>>,
    young_bytes: usize,
    old: HashMap<Arc<str>, Arc<Prepared>>,
}

/// A document, and what its text decides.
pub struct Prepared {
    document: ExecutableDocument,
    /// By name; one without a name is alone.
    operations: Vec<(Option<Name>, Facts)>,
    /// Whether anything of it reads the schema.
    reads_schema: bool,
    /// Guess at the memory that it takes.
    bytes: usize,
}

/// What the text of an operation decides.
pub struct Facts {
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Whether it runs for anybody.
    pub is_open: bool,
    /// How its cost is reckoned.
    pub cost: Plan,
    /// Hashes of the values with which it has passed all rules, the newest last.
    passed: Mutex<Vec<u64>>,
}

/// Why a text is no document.
pub enum Unprepared {
    /// It is beyond a limit.
    Refused(Failure),
    /// It does not parse.
    Unparsable(ServerError),
}

impl Default for Documents {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Documents {
    fn with_capacity(capacity: usize) -> Self {
        Self {
            generations: RwLock::default(),
            hasher: RandomState::new(),
            capacity,
        }
    }

    /// The document of a text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn get(&self, text: &str) -> Result<Arc<Prepared>, Unprepared> {
        let found = {
            let generations = self.generations.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(prepared) = generations.young.get(text) {
                return Ok(Arc::clone(prepared));
            }
            generations.old.get(text).cloned()
        };
        let prepared = match found {
            Some(prepared) => prepared,
            None => Arc::new(Prepared::new(text)?),
        };
        self.keep(text, &prepared);
        Ok(prepared)
    }

    fn keep(&self, text: &str, prepared: &Arc<Prepared>) {
        let bytes = prepared.bytes;
        // A text that would drive all others out is not worth it.
        if bytes > self.capacity / 8 {
            return;
        }
        let mut generations = self.generations.write().unwrap_or_else(PoisonError::into_inner);
        if generations.young_bytes + bytes > self.capacity / 2 {
            generations.old = std::mem::take(&mut generations.young);
            generations.young_bytes = 0;
        }
        if generations
            .young
            .insert(text.into(), Arc::clone(prepared))
            .is_none()
        {
            generations.young_bytes += bytes;
        }
        generations.old.remove(text);
    }

    /// What tells one set of values from another. Whoever made two that look alike would gain nothing: the executor checks them.
    pub fn fingerprint(&self, variables: &Variables) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for (name, value) in variables.iter() {
            name.hash(&mut hasher);
            hash_value(value, &mut hasher);
        }
        hasher.finish()
    }
}

impl Prepared {
    fn new(text: &str) -> Result<Self, Unprepared> {
        limits::check_size(text, &LIMITS).map_err(Unprepared::Refused)?;
        let document = parse_query(text).map_err(|error| Unprepared::Unparsable(error.into()))?;
        text::check_document(&document).map_err(Unprepared::Refused)?;
        limits::check_operations(&document, &LIMITS).map_err(Unprepared::Refused)?;
        let mut operations = Vec::new();
        // The executor walks all operations, whichever of them runs: one that is beyond the limits is in the way of every other.
        for (name, operation) in document.operations.iter() {
            let facts = Facts::of(&document, &operation.node).map_err(Unprepared::Refused)?;
            operations.push((name.cloned(), facts));
        }
        // A plan has its fragments opened: it may be much larger than the text.
        let of_plans = operations
            .iter()
            .map(|(_, facts)| facts.cost.bytes() + BYTES_PER_OPERATION);
        Ok(Self {
            bytes: text.len() * BYTES_PER_BYTE + BYTES_PER_DOCUMENT + of_plans.sum::<usize>(),
            operations,
            reads_schema: introspection::reads_schema(&document),
            document,
        })
    }

    /// Whether anything of it reads the schema, used or not.
    pub fn reads_schema(&self) -> bool {
        self.reads_schema
    }

    /// The document.
    pub fn document(&self) -> &ExecutableDocument {
        &self.document
    }

    /// The operation to run.
    ///
    /// # Errors
    /// `OPERATION_RESOLUTION_FAILURE` when it is not there or not clear which it is.
    pub fn select(&self, name: Option<&str>) -> Result<(&OperationDefinition, &Facts), Failure> {
        let unresolved = |message: &str| Failure::client(Code::OperationResolutionFailure, message);
        let unknown = "`operationName` names an operation that the document does not have.";
        let operation = match (&self.document.operations, name) {
            (DocumentOperations::Single(operation), None) => &operation.node,
            (DocumentOperations::Single(_), Some(_)) => return Err(unresolved(unknown)),
            (DocumentOperations::Multiple(operations), Some(name)) => {
                let operation = operations.get(name).ok_or_else(|| unresolved(unknown))?;
                &operation.node
            }
            (DocumentOperations::Multiple(operations), None) => {
                let mut all = operations.values();
                match (all.next(), all.next()) {
                    (Some(operation), None) => &operation.node,
                    _ => {
                        return Err(unresolved(
                            "The document has several operations; say which one in `operationName`.",
                        ));
                    }
                }
            }
        };
        let mut facts = self.operations.iter();
        let facts = match name {
            Some(name) => facts.find(|(candidate, _)| candidate.as_deref() == Some(name)),
            None => facts.next(),
        };
        let (_, facts) = facts.ok_or_else(|| unresolved(unknown))?;
        Ok((operation, facts))
    }
}

impl Facts {
    fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<Self, Failure> {
        Ok(Self {
            kind: operation.ty,
            cost: limits::check(document, operation, &LIMITS)?,
            is_open: auth::open::is_open(document, operation),
            passed: Mutex::default(),
        })
    }

    /// Whether the operation has passed all rules with these values.
    pub fn has_passed(&self, fingerprint: u64) -> bool {
        let passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        passed.contains(&fingerprint)
    }

    /// It has.
    pub fn note_passed(&self, fingerprint: u64) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        if passed.contains(&fingerprint) {
            return;
        }
        if passed.len() >= PASSED {
            passed.remove(0);
        }
        passed.push(fingerprint);
    }
}

/// Every value of another kind or content feeds the hasher something else.
fn hash_value(value: &Value, hasher: &mut impl Hasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Null => {}
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), _, _) => (0_u8, number).hash(hasher),
            (None, Some(number), _) => (1_u8, number).hash(hasher),
            (None, None, number) => (2_u8, number.map(f64::to_bits)).hash(hasher),
        },
        Value::String(text) => text.hash(hasher),
        Value::Boolean(is_true) => is_true.hash(hasher),
        Value::Binary(bytes) => bytes.hash(hasher),
        Value::Enum(name) => name.hash(hasher),
        Value::List(items) => {
            items.len().hash(hasher);
            for item in items {
                hash_value(item, hasher);
            }
        }
        Value::Object(fields) => {
            fields.len().hash(hasher);
            for (name, value) in fields {
                name.hash(hasher);
                hash_value(value, hasher);
            }
        }
    }
}

/// Refuses a request that lacks a required variable; the executor would find it only while it runs.
///
/// # Errors
/// `BAD_USER_INPUT` naming the variable.
pub fn check_required(operation: &OperationDefinition, variables: &Variables) -> Result<(), Failure> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let is_missing = match variables.get(&definition.name.node) {
            None => definition.default_value.is_none(),
            Some(value) => *value == Value::Null,
        };
        if is_missing && !definition.var_type.node.nullable {
            let message = format!("The variable ${} is required.", definition.name.node);
            return Err(Failure::bad_input(message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_kept(documents: &Documents, text: &str) -> bool {
        let generations = documents.generations.read().unwrap();
        generations.young.contains_key(text) || generations.old.contains_key(text)
    }

    fn get(documents: &Documents, text: &str) -> Arc<Prepared> {
        documents
            .get(text)
            .unwrap_or_else(|_| panic!("{text} is a document"))
    }

    #[test]
    fn a_text_is_parsed_once_and_only_the_same_text_is_the_same_document() {
        let documents = Documents::default();
        let first = get(&documents, "{ a }");
        assert!(Arc::ptr_eq(&first, &get(&documents, "{ a }")));
        assert!(!Arc::ptr_eq(&first, &get(&documents, "{ a  }")));
        for wrong in ["{", "{ a(b: \"\\u0000\") }", &"{ a } ".repeat(1_000)] {
            assert!(documents.get(wrong).is_err());
            assert!(!is_kept(&documents, wrong));
        }
    }

    #[test]
    fn what_is_asked_again_stays_and_the_memory_is_bounded() {
        let documents = Documents::with_capacity(100_000);
        get(&documents, "{ favourite }");
        for number in 0..1_000 {
            get(&documents, &format!("{{ field{number} }}"));
            get(&documents, "{ favourite }");
            let generations = documents.generations.read().unwrap();
            let kept = generations.young.values().chain(generations.old.values());
            let bytes: usize = kept.map(|prepared| prepared.bytes).sum();
            assert!(bytes <= 100_000, "{bytes}");
        }
        assert!(is_kept(&documents, "{ favourite }"));
        assert!(is_kept(&documents, "{ field999 }"));
        assert!(!is_kept(&documents, "{ field0 }"));
        let large = format!("{{ a(b: \"{}\") }}", "x".repeat(1_000));
        get(&documents, &large);
        assert!(!is_kept(&documents, &large));
    }

    #[test]
    fn an_operation_is_found_by_its_name() {
        let documents = Documents::default();
        let kind = |text: &str, name: Option<&str>| {
            let document = get(&documents, text);
            let selected = document.select(name).map(|(_, facts)| facts.kind);
            selected.map_err(|failure| failure.code())
        };
        let unresolved = Err(Code::OperationResolutionFailure);
        let two = "query A { a } mutation B { b }";
        assert_eq!(kind(two, Some("A")), Ok(OperationType::Query));
        assert_eq!(kind(two, Some("B")), Ok(OperationType::Mutation));
        assert_eq!(kind(two, None), unresolved);
        assert_eq!(kind(two, Some("C")), unresolved);
        assert_eq!(kind("mutation B { b }", None), Ok(OperationType::Mutation));
        assert_eq!(kind("mutation B { b }", Some("B")), Ok(OperationType::Mutation));
        assert_eq!(kind("{ a }", Some("A")), unresolved);
        // One that is too large is in the way of every other.
        let large = format!("query A {{ a }} query B {{ {} }}", "b ".repeat(301));
        let refused = match documents.get(&large) {
            Err(Unprepared::Refused(failure)) => Some(failure.code()),
            _ => None,
        };
        assert_eq!(refused, Some(Code::QueryTooComplex));
        assert!(!is_kept(&documents, &large));
    }

    #[test]
    fn what_fragments_open_counts_as_memory() {
        let documents = Documents::default();
        let pages = "jobs { id } ".repeat(70);
        let operations = |count: usize| {
            let all = (0..count).map(|number| format!("query Q{number} {{ ...F }} "));
            format!(
                "{} fragment F on Query {{ a {{ {pages} }} }}",
                all.collect::<String>()
            )
        };
        let bytes = |count: usize| get(&documents, &operations(count)).bytes;
        // Seventy levels each, wherever they are written.
        assert!(
            bytes(20) - bytes(10) > 10 * 70 * 64,
            "{} {}",
            bytes(20),
            bytes(10)
        );
    }

    #[test]
    fn only_the_same_values_have_passed() {
        let documents = Documents::default();
        let document = get(&documents, "query ($a: Int) { a(b: $a) }");
        let (_, facts) = document.select(None).unwrap_or_else(|_| panic!("an operation"));
        let print = |value| documents.fingerprint(&Variables::from_json(value));
        facts.note_passed(print(json!({ "a": 1 })));
        assert!(facts.has_passed(print(json!({ "a": 1 }))));
        for other in [
            json!({}),
            json!({ "a": "1" }),
            json!({ "a": 1.0 }),
            json!({ "a": [1] }),
            json!({ "a": -1 }),
            json!({ "a": 2 }),
            json!({ "b": 1 }),
            json!({ "a": 1, "b": 1 }),
        ] {
            assert!(!facts.has_passed(print(other.clone())), "{other}");
        }
        for number in 0..100 {
            facts.note_passed(print(json!({ "a": number })));
        }
        assert!(facts.has_passed(print(json!({ "a": 99 }))) && !facts.has_passed(print(json!({ "a": 1 }))));
        assert_eq!(facts.passed.lock().unwrap().len(), PASSED);
    }
}
