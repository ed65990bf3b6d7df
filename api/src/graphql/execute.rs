//! Running one operation: limits, the schema, a time limit, masking. HTTP and WebSocket share it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{PathSegment, Request, Response, Value, Variables};
use entities::user::Role;
use futures_util::{FutureExt, Stream, StreamExt};
use platform::allowance::Subject;

use super::administrator::AdminLoaders;
use super::answer::Answer;
use super::batches;
use super::introspection;
use super::limits::cost::points;
use super::limits::{self, LIMITS};
use super::loaders::loaders;
use super::nulls;
use super::prepared::{Facts, Prepared, Unprepared, check_required};
use super::rate_limit::Charged;
use super::schema::Executable;
use super::text;
use crate::auth::{self, Session};
use crate::failure::{Code, Failure, TIMEOUT_MESSAGE};
use crate::http::client::Client;
use crate::http::documents;
use crate::http::params::Params;
use crate::http::request_id::RequestId;
use crate::metrics::Metrics;
use crate::server::Server;

/// How long a query or mutation may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);
/// What it costs to be refused.
const REFUSED_POINTS: u64 = 1;

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

/// An operation that parsed, is within the limits and is paid for.
pub struct Operation {
    request: Request,
    /// Query, mutation or subscription.
    pub kind: OperationType,
    metrics: Metrics,
    request_id: RequestId,
    document: Arc<Prepared>,
    /// Of the values of its variables.
    fingerprint: u64,
    /// It has passed all rules with these values before.
    is_trusted: bool,
    /// What it costs, where the asker is told.
    told_cost: Option<u32>,
}

/// An operation that is within the limits.
struct Checked {
    document: Arc<Prepared>,
    name: Option<String>,
    variables: Variables,
    kind: OperationType,
    cost: usize,
    fingerprint: u64,
    is_trusted: bool,
}

impl Operation {
    /// Checks a request before anything of it runs.
    ///
    /// # Errors
    /// The answer that says what is wrong with it.
    pub async fn accept(server: &Server, params: Params, asker: Asker<'_>) -> Result<Self, Answer> {
        let accepted = Self::within_limits(server, params, asker).await;
        accepted.inspect_err(|answer| server.state.metrics.operation(None, answer))
    }

    async fn within_limits(server: &Server, params: Params, asker: Asker<'_>) -> Result<Self, Answer> {
        let checked = check(server, params, asker);
        let cost = checked
            .as_ref()
            .map_or(REFUSED_POINTS, |checked| points(checked.cost));
        let charged = charge(server, asker, cost).await;
        charged.map_err(|failure| Answer::refused(&failure, asker.request_id))?;
        Ok(Self::new(server, checked?, asker))
    }

    fn new(server: &Server, checked: Checked, asker: Asker<'_>) -> Self {
        let mut request = Request::new(String::new()).variables(checked.variables);
        request.set_parsed_query(checked.document.document().clone());
        request.operation_name = checked.name;
        request = request
            .data(asker.client.clone())
            .data(Charged(points(checked.cost)));
        let viewer = asker.session.map(|session| session.viewer);
        // The only state that resolvers have: the schema itself holds none.
        let state = server.state.asked_by(viewer, asker.client, asker.request_id);
        request = match asker.session {
            Some(session) => {
                let viewer = session.viewer;
                request
                    .data(viewer)
                    .data(session.clone())
                    .data(loaders(state.platform.database.clone(), viewer))
                    .data(AdminLoaders::new(&state, session))
                    .data(state)
            }
            // Without a session there is no viewer: whatever needs one cannot answer.
            None => request.data(state),
        };
        let is_told = asker
            .session
            .is_some_and(|session| session.viewer.role == Role::Admin);
        Self {
            request,
            kind: checked.kind,
            metrics: server.state.metrics.clone(),
            request_id: asker.request_id,
            document: checked.document,
            fingerprint: checked.fingerprint,
            is_trusted: checked.is_trusted,
            told_cost: is_told.then(|| u32::try_from(checked.cost).unwrap_or(u32::MAX)),
        }
    }

    /// Runs a query or a mutation.
    pub async fn run(self, schema: &Executable) -> Answer {
        let (metrics, kind) = (self.metrics.clone(), self.kind);
        let answer = self.finish(schema).await;
        metrics.operation(Some(kind), &answer);
        answer
    }

    async fn finish(self, schema: &Executable) -> Answer {
        let request_id = self.request_id;
        let name = self.request.operation_name.clone();
        let schema = match self.is_trusted {
            true => &schema.trusting,
            false => &schema.checking,
        };
        let work = AssertUnwindSafe(batches::drive(schema.execute(self.request))).catch_unwind();
        let response = match tokio::time::timeout(TIME_LIMIT, work).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => return Answer::refused(&Failure::internal("a resolver panicked"), request_id),
            Err(_) => {
                let failure = Failure::client(Code::Timeout, TIMEOUT_MESSAGE);
                return Answer::refused(&failure, request_id);
            }
        };
        let mut answer = Answer::executed(whole(response, &self.document, name.as_deref()), request_id);
        if !self.is_trusted
            && !answer.is_request_error()
            && let Ok((_, facts)) = self.document.select(name.as_deref())
        {
            facts.note_passed(self.fingerprint);
        }
        answer.tell_cost(self.told_cost);
        answer
    }

    /// Runs a subscription.
    pub fn stream(self, schema: &Executable) -> impl Stream<Item = Answer> + Send + use<> {
        let request_id = self.request_id;
        self.metrics.subscription();
        let document = self.document;
        let name = self.request.operation_name.clone();
        batches::drive_stream(schema.checking.execute_stream(self.request)).map(move |response| {
            // Without data it could not begin, and that is what it shall say.
            let response = match response.data {
                Value::Null => response,
                _ => whole(response, &document, name.as_deref()),
            };
            Answer::executed(response, request_id)
        })
    }
}

/// Everything that is known before an operation is paid for.
fn check(server: &Server, mut params: Params, asker: Asker<'_>) -> Result<Checked, Answer> {
    let refused = |failure: Failure| Answer::refused(&failure, asker.request_id);
    let registration = documents::resolve(server, &mut params, asker).map_err(refused)?;
    let document = match server.prepared.get(&params.query) {
        Ok(document) => document,
        Err(Unprepared::Refused(failure)) => return Err(refused(failure)),
        Err(Unprepared::Unparsable(cause)) => return Err(Answer::unparsable(cause, asker.request_id)),
    };
    let (operation, facts) = document
        .select(params.operation_name.as_deref())
        .map_err(refused)?;
    if let Some(registration) = registration {
        documents::register(server, registration, &params.query);
    }
    introspection::check(server, &document, asker).map_err(refused)?;
    let variables = params.variables;
    limits::check_variables(&variables, &LIMITS).map_err(refused)?;
    let cost = facts.cost.cost(&variables).map_err(refused)?;
    match asker.session {
        Some(session) => auth::scopes::check(document.document(), operation, session).map_err(refused)?,
        None if facts.is_open => {}
        None => return Err(refused(Failure::unauthenticated())),
    }
    check_required(operation, &variables).map_err(refused)?;
    text::check_variables(&variables).map_err(refused)?;
    let fingerprint = server.prepared.fingerprint(&variables);
    let Facts { kind, .. } = *facts;
    let is_trusted = facts.has_passed(fingerprint);
    Ok(Checked {
        document,
        name: params.operation_name,
        variables,
        kind,
        cost,
        fingerprint,
        is_trusted,
    })
}

/// Takes points from the viewer's allowance; without a viewer, from that of the network that they are in.
async fn charge(server: &Server, asker: Asker<'_>, points: u64) -> Result<(), Failure> {
    let subject = match (asker.session, asker.client.address) {
        (Some(session), _) => Subject::Person(session.viewer.user_id),
        (None, Some(address)) => Subject::address(address),
        // It did not come over a network.
        (None, None) => return Ok(()),
    };
    let allowances = &server.state.platform.allowances;
    let taken = allowances.take(subject, points, platform::database::now()).await;
    taken.map_err(|refused| Failure::rate_limited(refused, "requests"))
}

/// The response with null where a field has failed.
fn whole(mut response: Response, document: &Prepared, name: Option<&str>) -> Response {
    let has_failed = |path: &Vec<PathSegment>| !path.is_empty();
    if response.errors.iter().any(|error| has_failed(&error.path))
        && let Ok((operation, _)) = document.select(name)
    {
        let errors = &response.errors;
        nulls::complete(&mut response.data, errors, document.document(), operation);
    }
    response
}
