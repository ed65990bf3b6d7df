//! A tower layer that takes no message while no slot of this process waits: a message that a busy worker holds would be
//! kept from an idle one.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use apalis::prelude::{Layer, Service};

use super::in_process::Idle;

/// The layer.
#[derive(Clone, Debug)]
pub struct Gate(pub Arc<Idle>);

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, service: S) -> Gated<S> {
        Gated {
            service,
            idle: Arc::clone(&self.0),
        }
    }
}

/// A service behind the gate.
#[derive(Clone, Debug)]
pub struct Gated<S> {
    service: S,
    idle: Arc<Idle>,
}

impl<S: Service<R>, R> Service<R> for Gated<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        ready!(self.service.poll_ready(context))?;
        if self.idle.is_someone_waiting(context.waker()) {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }

    fn call(&mut self, request: R) -> S::Future {
        self.service.call(request)
    }
}
