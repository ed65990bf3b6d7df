//! A time limit on the bodies of requests: who sends a byte now and then does not hold a connection for ever.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tokio::time::{Instant, timeout_at};

/// How long a body may take in all.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Files are large: their route has a limit of its own, on silence.
const UPLOADS: &str = "/v1/uploads/";

/// A body that did not arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub struct TooSlow;

/// Breaks a body off that does not arrive in time.
pub fn bound(request: Request) -> Request {
    if request.body().is_end_stream() || request.uri().path().starts_with(UPLOADS) {
        return request;
    }
    request.map(|body| until(body, Instant::now() + TIME_LIMIT))
}

fn until(body: Body, deadline: Instant) -> Body {
    Body::from_stream(unfold(body.into_data_stream(), move |mut data| async move {
        match timeout_at(deadline, data.next()).await {
            Ok(next) => next.map(|bytes| (bytes, data)),
            Err(_) => Some((Err(axum::Error::new(TooSlow)), data)),
        }
    }))
}

/// Whether that is why a body could not be read.
pub fn is_too_slow(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::Bytes;
    use axum::extract::FromRequest;
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_byte_now_and_then_is_not_enough() {
        let drip = |count: u32| {
            stream::iter(0..count).then(|_| async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok::<_, Infallible>("x")
            })
        };
        let read = async |count: u32, limit: Duration| {
            let body = until(Body::from_stream(drip(count)), Instant::now() + limit);
            Bytes::from_request(Request::new(body), &()).await
        };
        assert_eq!(read(5, Duration::from_secs(60)).await.unwrap().len(), 5);
        let error = read(60, Duration::from_millis(200)).await.unwrap_err();
        assert!(is_too_slow(&error), "{error:?}");
    }
}
