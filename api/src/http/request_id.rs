//! Every request has an id: in the log, in each error, and in the `x-request-id` header of the response.

use std::fmt;
use std::time::SystemTime;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use uuid::{Builder, Uuid};

/// Header of the response.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Id of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// A UUID v7 of that moment. It names a line of the log and guards nothing: what is random in it need not come from the kernel.
    fn new(now: SystemTime, random: u128) -> Self {
        let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let milliseconds = u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX);
        let mut bits = [0; 10];
        bits.copy_from_slice(&random.to_le_bytes()[..10]);
        Self(Builder::from_unix_timestamp_millis(milliseconds, &bits).into_uuid())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(formatter)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts
            .extensions
            .get::<Self>()
            .copied()
            .unwrap_or_else(|| Self(Uuid::now_v7())))
    }
}

/// Gives a request its id; one sent by the client is not believed.
pub fn assign(request: &mut Request) -> RequestId {
    let id = RequestId::new(SystemTime::now(), fastrand::u128(..));
    request.extensions_mut().insert(id);
    id
}

/// Tells the client.
pub fn tell(id: RequestId, response: &mut Response) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
}
