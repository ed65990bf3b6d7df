//! What a token's scopes let it do, decided in one place before an operation runs.
//!
//! Queries and subscriptions need READ, mutations WRITE; PREDICT is enough for `predict`. What looks after the server needs
//! ADMIN, and the person's role besides, which its resolvers check. What is about the account itself (its tokens, its password,
//! its address) needs a token without limits: a narrow one must not make a wide one.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use entities::scope::{Scope, Scopes};

use super::session::Session;
use crate::failure::{Code, Failure};
use crate::graphql::roots::fields;

/// Root fields for which PREDICT is enough.
const PREDICTIONS: [&str; 1] = ["predict"];
/// The field of a payload by which one reads on.
const READ_ON: &str = "query";

/// Root fields about the account itself.
pub const OF_ACCOUNT: [&str; 8] = [
    "createApiToken",
    "deleteApiToken",
    "endSession",
    "requestEmailVerification",
    "setPassword",
    "signOut",
    "updateEmail",
    "updatePassword",
];

/// Root fields of all three kinds that look after the server.
pub const OF_ADMIN: [&str; 14] = [
    "admin",
    "cancelAnyJob",
    "claimDefaultData",
    "drainWorker",
    "pauseQueue",
    "purgeDeadTasks",
    "queueUpdated",
    "requeueTask",
    "restoreUser",
    "resumeQueue",
    "revokeUserSessions",
    "setUserQuota",
    "setUserRole",
    "suspendUser",
];

/// Lets an operation pass that the session's token may be used for.
///
/// # Errors
/// `FORBIDDEN` naming the scope that is missing.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    session: &Session,
) -> Result<(), Failure> {
    // Nearly every token.
    if session.scopes == Scopes::all() {
        return Ok(());
    }
    let roots = fields(document, &operation.selection_set.node);
    for root in roots {
        let name = root.name.node.as_str();
        if operation.ty != OperationType::Mutation {
            check_reading(session, name)?;
            continue;
        }
        check_changing(session, name)?;
        for field in fields(document, &root.selection_set.node) {
            if field.name.node.as_str() != READ_ON {
                continue;
            }
            session.require(&[Scope::Read])?;
            for below in fields(document, &field.selection_set.node) {
                check_reading(session, below.name.node.as_str())?;
            }
        }
    }
    Ok(())
}

fn check_reading(session: &Session, root: &str) -> Result<(), Failure> {
    session.require(&[Scope::Read])?;
    if OF_ADMIN.contains(&root) {
        session.require(&[Scope::Admin])?;
    }
    Ok(())
}

fn check_changing(session: &Session, root: &str) -> Result<(), Failure> {
    if root == "__typename" {
        return Ok(());
    }
    if PREDICTIONS.contains(&root) {
        return session.require(&[Scope::Predict, Scope::Write]);
    }
    if OF_ADMIN.contains(&root) {
        return session.require(&[Scope::Admin]);
    }
    if OF_ACCOUNT.contains(&root) {
        let message =
            "This token does not allow it: what is about the account itself needs a token with every scope.";
        return Err(Failure::client(Code::Forbidden, message));
    }
    session.require(&[Scope::Write])
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::DocumentOperations;
    use entities::Viewer;
    use uuid::Uuid;

    use super::super::session::Origin;
    use super::*;

    fn passes(scopes: &[Scope], query: &str) -> bool {
        let session = Session {
            viewer: Viewer::member(Uuid::nil()),
            scopes: Scopes::of(scopes),
            origin: Origin::Token(Uuid::nil()),
            expires_at: None,
        };
        let document = parse_query(query).expect("the document parses");
        let DocumentOperations::Single(operation) = &document.operations else {
            panic!("one operation: {query}");
        };
        check(&document, &operation.node, &session).is_ok()
    }

    /// Whatever looks after the server asks for a reason, and whatever asks for one is on the list.
    #[test]
    fn what_needs_a_reason_needs_admin() {
        let sdl = crate::graphql::schema::sdl();
        for input in sdl.split("\ninput ").skip(1) {
            let (name, body) = input.split_once(" {").expect("an input");
            let body = body.split_once("\n}").expect("it ends").0;
            let Some(mutation) = name.strip_suffix("Input") else {
                continue;
            };
            if !body
                .lines()
                .any(|line| line.trim().starts_with("reason: String!"))
            {
                continue;
            }
            let root = format!("{}{}", mutation[..1].to_lowercase(), &mutation[1..]);
            assert!(OF_ADMIN.contains(&root.as_str()), "{root} is not in OF_ADMIN");
        }
        for root in OF_ACCOUNT {
            assert!(
                sdl.contains(&format!("\n  {root}(")) || sdl.contains(&format!("\n  {root}:")),
                "{root}"
            );
        }
    }

    #[test]
    fn each_scope_lets_pass_what_it_says() {
        use Scope::{Admin, Predict, Read, Write};
        const PREDICT: &str = "mutation { predict(input: {}) { predictions { label } } }";
        const READ_ON: &str = "mutation { predict(input: {}) { x: query { jobs { nodes { id } } } } }";
        const HIDDEN: &str =
            "mutation { ...F } fragment F on Mutation { predict: deleteJob(input: {}) { deletedId } }";
        for (query, enough) in [
            ("{ viewer { id } }", &[Read][..]),
            ("subscription { jobUpdated(id: 1) { id } }", &[Read]),
            (PREDICT, &[Predict]),
            (PREDICT, &[Write]),
            (READ_ON, &[Predict, Read]),
            ("mutation { deleteJob(input: {}) { deletedId } }", &[Write]),
            (HIDDEN, &[Write]),
            (
                "mutation { suspendUser(input: {}) { userErrors { code } } }",
                &[Admin],
            ),
            ("{ admin { users { totalCount } } }", &[Admin, Read]),
            (
                "mutation { deleteJob(input: {}) { query { ...F } } } fragment F on Query { admin { x } }",
                &[Write, Read, Admin],
            ),
            (
                "mutation { createApiToken(input: {}) { secret } }",
                &[Read, Write, Predict, Admin],
            ),
        ] {
            assert!(passes(enough, query), "{query} with {enough:?}");
            for missing in enough {
                let fewer: Vec<Scope> = enough.iter().copied().filter(|scope| scope != missing).collect();
                assert!(!passes(&fewer, query), "{query} with {fewer:?}");
            }
        }
        let mixed =
            "mutation { predict(input: {}) { predictions { label } } deleteJob(input: {}) { deletedId } }";
        assert!(!passes(&[Predict], mixed) && passes(&[Write], mixed));
        assert!(!passes(&[], "{ __typename }"));
    }
}
