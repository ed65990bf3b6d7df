//! Running one operation: limits, the schema, a time limit, masking. HTTP and WebSocket share it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{Request, Value, Variables};
use futures_util::{FutureExt, Stream, StreamExt};

use super::answer::Answer;
use super::batches;
use super::limits::{self, LIMITS};
use super::loaders::loaders;
use super::schema::Schema;
use super::text;
use crate::auth::{self, Session};
use crate::failure::{Code, Failure};
use crate::http::client::Client;
use crate::http::params::Params;
use crate::http::request_id::RequestId;
use crate::metrics::Metrics;
use crate::server::Server;

/// How long a query or mutation may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Who sends an operation.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Who has signed in; none: nobody, who may do little more than that.
    pub session: Option<&'a Session>,
    /// From where.
    pub client: &'a Client,
    /// Under which the log has it.
    pub request_id: RequestId,
}

/// An operation that parsed and is within the limits.
pub struct Operation {
    request: Request,
    /// Query, mutation or subscription.
    pub kind: OperationType,
    metrics: Metrics,
    request_id: RequestId,
}

impl Operation {
    /// Checks a request before anything of it runs.
    ///
    /// # Errors
    /// The answer that says what is wrong with it.
    pub async fn accept(server: &Server, params: Params, asker: Asker<'_>) -> Result<Self, Answer> {
        let accepted = Self::check(server, params, asker).await;
        accepted.inspect_err(|answer| server.state.metrics.operation(None, answer))
    }

    async fn check(server: &Server, params: Params, asker: Asker<'_>) -> Result<Self, Answer> {
        let request_id = asker.request_id;
        let refused = |failure: Failure| Answer::refused(&failure, request_id);
        limits::check_size(&params.query, &LIMITS).map_err(refused)?;
        let mut request = Request::new(params.query).variables(params.variables);
        let document = match request.parsed_query() {
            Ok(document) => document,
            Err(cause) => return Err(Answer::unparsable(cause, request_id)),
        };
        let operation = select(document, params.operation_name.as_deref()).map_err(refused)?;
        let kind = operation.ty;
        let operation = operation.clone();
        let document = document.clone();
        limits::check(&document, &operation, &request.variables, &LIMITS).map_err(refused)?;
        match asker.session {
            Some(session) => auth::scopes::check(&document, &operation, session).map_err(refused)?,
            None if auth::open::is_open(&document, &operation) => {}
            None => return Err(refused(Failure::unauthenticated())),
        }
        check_variables(&operation, &request.variables).map_err(refused)?;
        text::check(&document, &request.variables).map_err(refused)?;
        if let Some(name) = params.operation_name {
            request = request.operation_name(name);
        }
        request = request.data(request_id).data(asker.client.clone());
        request = match asker.session {
            Some(session) => {
                let viewer = session.viewer;
                // The only state that resolvers have: the schema itself holds none.
                let state = server.state.for_viewer(viewer);
                request
                    .data(viewer)
                    .data(session.clone())
                    .data(loaders(state.platform.database.clone(), viewer))
                    .data(state)
            }
            // Without a session there is no viewer: whatever needs one cannot answer.
            None => request.data(server.state.clone()),
        };
        Ok(Self {
            request,
            kind,
            metrics: server.state.metrics.clone(),
            request_id,
        })
    }

    /// Runs a query or a mutation.
    pub async fn run(self, schema: &Schema) -> Answer {
        let request_id = self.request_id;
        let work = AssertUnwindSafe(batches::drive(schema.execute(self.request))).catch_unwind();
        let answer = match tokio::time::timeout(TIME_LIMIT, work).await {
            Ok(Ok(response)) => Answer::executed(response, request_id),
            Ok(Err(_)) => Answer::refused(&Failure::internal("a resolver panicked"), request_id),
            Err(_) => {
                let message = "The request took too long and was stopped; ask for less at a time.";
                Answer::refused(&Failure::client(Code::Timeout, message), request_id)
            }
        };
        self.metrics.operation(Some(self.kind), &answer);
        answer
    }

    /// Runs a subscription.
    pub fn stream(self, schema: &Schema) -> impl Stream<Item = Answer> + Send + use<> {
        let request_id = self.request_id;
        self.metrics.subscription();
        batches::drive_stream(schema.execute_stream(self.request))
            .map(move |response| Answer::executed(response, request_id))
    }
}

/// Refuses a request that lacks a required variable; the executor would find it only while it runs.
fn check_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Failure> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let given = variables.get(&definition.name.node);
        let is_missing = match given {
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

/// The operation to run.
fn select<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Failure> {
    let unresolved = |message: &str| Failure::client(Code::OperationResolutionFailure, message);
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => Err(unresolved(
            "`operationName` names an operation that the document does not have.",
        )),
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .iter()
            .find(|(candidate, _)| candidate.as_str() == name)
            .map(|(_, operation)| &operation.node)
            .ok_or_else(|| unresolved("`operationName` names an operation that the document does not have.")),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(operation), None) => Ok(&operation.node),
                _ => Err(unresolved(
                    "The document has several operations; say which one in `operationName`.",
                )),
            }
        }
    }
}
