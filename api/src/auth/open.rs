//! The mutations by which people come in: the only operations that run without a token.
//!
//! The document decides. Each of its root fields, wherever a fragment hides it and whatever an alias calls it, must be one of
//! these, and nothing may be selected below them but what they answer themselves: not the root that other payloads lead to.
//! There is no viewer then, so that a resolver that is reached all the same has nothing to answer with.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, SelectionSet};

use crate::graphql::roots::fields;

/// The mutations.
pub const MUTATIONS: [&str; 7] = [
    "signUp",
    "signIn",
    "signInWithCode",
    "refreshSession",
    "requestPasswordReset",
    "resetPassword",
    "verifyEmail",
];

/// What they answer.
const ANSWERS: [&str; 12] = [
    "__typename",
    "accepted",
    "changed",
    "verified",
    "tokens",
    "accessToken",
    "accessTokenExpiresAt",
    "refreshToken",
    "refreshTokenExpiresAt",
    "userErrors",
    "code",
    "message",
];
/// Also of their answers: the name is an ordinary one, so it may be selected in errors only.
const IN_ERRORS: &str = "field";

/// Whether an operation runs for anybody.
pub fn is_open(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    if operation.ty != OperationType::Mutation {
        return false;
    }
    let mut is_any = false;
    for root in fields(document, &operation.selection_set.node) {
        let name = root.name.node.as_str();
        let is_open = MUTATIONS.contains(&name);
        is_any |= is_open;
        if !(is_open || name == "__typename") || !answers_only(document, &root.selection_set.node, false) {
            return false;
        }
    }
    is_any
}

/// The depth of what they answer bounds the descent.
fn answers_only(document: &ExecutableDocument, set: &SelectionSet, in_errors: bool) -> bool {
    for field in fields(document, set) {
        let name = field.name.node.as_str();
        let is_answer = ANSWERS.contains(&name) || in_errors && name == IN_ERRORS;
        if !is_answer {
            return false;
        }
        let below = &field.selection_set.node;
        let is_container = name == "tokens" || name == "userErrors";
        if !below.items.is_empty() && !is_container {
            return false;
        }
        // Containers do not hold each other: what is below them is the last level.
        if is_container && (in_errors || !answers_only(document, below, true)) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::DocumentOperations;

    use super::*;

    fn check(query: &str) -> bool {
        let document = parse_query(query).expect("the document parses");
        let DocumentOperations::Single(operation) = &document.operations else {
            panic!("one operation: {query}");
        };
        is_open(&document, &operation.node)
    }

    #[test]
    fn whoever_comes_in_asks_for_nothing_else() {
        for open in [
            "mutation { signIn(input: {}) { tokens { accessToken __typename } userErrors { code message field } } }",
            "mutation { a: signIn(input: {}) { __typename } b: signIn(input: {}) { __typename } }",
            "mutation { __typename signUp(input: {}) { accepted } }",
            "mutation { ...F } fragment F on Mutation { verifyEmail(input: {}) { ... on VerifyEmailPayload { verified } } }",
            "mutation { ... on Mutation { resetPassword(input: {}) { changed } } }",
        ] {
            assert!(check(open), "{open}");
        }
        for shut in [
            "{ __typename }",
            "{ viewer { id } }",
            "{ signIn }",
            "subscription { signIn }",
            "mutation { __typename }",
            "mutation { deleteJob(input: {}) { userErrors { code } } }",
            "mutation { signIn: deleteJob(input: {}) { userErrors { code } } }",
            "mutation { signIn(input: {}) { userErrors { code } } deleteJob(input: {}) { userErrors { code } } }",
            "mutation { signIn(input: {}) { userErrors { code } } ...F } fragment F on Mutation { deleteJob(input: {}) { deletedId } }",
            "mutation { signIn(input: {}) { userErrors { code } } ... on Mutation { deleteJob(input: {}) { deletedId } } }",
            "mutation { signIn(input: {}) { userErrors { code } } ... @skip(if: true) { deleteJob(input: {}) { deletedId } } }",
            "mutation { signIn(input: {}) { query { viewer { id } } } }",
            "mutation { signIn(input: {}) { accepted: query { __typename } } }",
            "mutation { signIn(input: {}) { ...P } } fragment P on SignInPayload { query { viewer { id } } }",
            "mutation { signIn(input: {}) { tokens { query { viewer { id } } } } }",
            "mutation { signIn(input: {}) { userErrors { tokens { userErrors { code } } } } }",
            "mutation { signIn(input: {}) { user { id } } }",
            "mutation { signIn(input: {}) { field } }",
            "mutation { __schema { types { name } } }",
            "mutation { signIn(input: {}) { accepted } __schema { types { name } } }",
            "mutation { __typename { a } }",
        ] {
            assert!(!check(shut), "{shut}");
        }
    }

    /// What they answer is all that may be selected, and all of it may be.
    #[test]
    fn the_lists_are_the_schema_s() {
        let sdl = crate::graphql::schema::sdl();
        let fields_of = |name: &str| -> Vec<String> {
            let head = format!("\ntype {name} {{\n");
            let body = sdl.split_once(&head).expect("the type exists").1;
            let body = body.split_once("\n}").expect("it ends").0;
            let fields = body.lines().filter_map(|line| line.trim().split_once([':', '(']));
            let names = fields.map(|(name, _)| name.to_owned());
            names
                .filter(|name| {
                    name.starts_with(char::is_lowercase) && name.chars().all(char::is_alphanumeric)
                })
                .collect()
        };
        let mut seen: Vec<String> = vec!["__typename".to_owned()];
        let mutations = fields_of("Mutation");
        for mutation in MUTATIONS {
            assert!(mutations.iter().any(|name| name == mutation), "{mutation}");
            let payload = format!("{}{}Payload", mutation[..1].to_uppercase(), &mutation[1..]);
            seen.extend(fields_of(&payload).into_iter().filter(|field| field != "query"));
        }
        seen.extend(fields_of("SessionTokens"));
        seen.extend(fields_of("UserError"));
        seen.sort();
        seen.dedup();
        let mut listed: Vec<&str> = ANSWERS.to_vec();
        listed.push(IN_ERRORS);
        listed.sort_unstable();
        assert_eq!(seen, listed);
    }

    #[test]
    fn a_fragment_inside_itself_ends() {
        assert!(!check(
            "mutation { ...F } fragment F on Mutation { ...F deleteJob(input: {}) { deletedId } }"
        ));
        assert!(!check("mutation { ...F } fragment F on Mutation { ...F }"));
    }
}
