//! Traces across processes: where a piece of work stands in the trace of what asked for it, as W3C's `traceparent` says it
//! (<https://www.w3.org/TR/trace-context/>). A request has it in a header, a task in its row.
//!
//! Invariant: nothing of this costs or says anything where no collector is named: spans have no context then, and rows stay empty.

use std::fmt;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

tokio::task_local! {
    /// What tasks that are asked for meanwhile belong to.
    static FOLLOWED: Option<TraceParent>;
}

/// A span of whichever process, as a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    trace: TraceId,
    span: SpanId,
    is_sampled: bool,
}

impl TraceParent {
    /// Reads a header or a column. What is not one is none: a trace then begins here. Later versions may have more behind the flags.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let lengths = [(version, 2), (trace, 32), (span, 16), (flags, 2)];
        let is_whole = version != "00" || parts.next().is_none();
        if version == "ff" || !is_whole || !lengths.into_iter().all(|(part, length)| is_hex(part, length)) {
            return None;
        }
        let flags = u8::from_str_radix(flags, 16).ok()?;
        let trace = TraceId::from_hex(trace)
            .ok()
            .filter(|id| *id != TraceId::INVALID)?;
        let span = SpanId::from_hex(span).ok().filter(|id| *id != SpanId::INVALID)?;
        Some(Self {
            trace,
            span,
            is_sampled: flags & 1 == 1,
        })
    }

    /// Of a span of this process; none where it is not traced.
    pub fn of(span: &Span) -> Option<Self> {
        let context = span.context();
        let own = context.span().span_context().clone();
        own.is_valid().then(|| Self {
            trace: own.trace_id(),
            span: own.span_id(),
            is_sampled: own.is_sampled(),
        })
    }

    fn context(self) -> Context {
        let flags = TraceFlags::default().with_sampled(self.is_sampled);
        let parent = SpanContext::new(self.trace, self.span, flags, true, TraceState::NONE);
        Context::new().with_remote_span_context(parent)
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            trace,
            span,
            is_sampled,
        } = self;
        write!(formatter, "00-{trace}-{span}-{:02x}", u8::from(*is_sampled))
    }
}

/// Makes a span, which nobody has entered yet, go on with the trace of its parent. The log has the trace's id from here on, where
/// the span has a field `trace.id`.
pub fn go_on(span: &Span, parent: Option<TraceParent>) {
    if let Some(parent) = parent {
        // An error says that nothing is traced.
        let _ = span.set_parent(parent.context());
    }
    if let Some(own) = TraceParent::of(span) {
        span.record("trace.id", tracing::field::display(own.trace));
    }
}

/// Has the tasks that `work` asks for belong to `parent`.
pub async fn follow<W: Future>(parent: Option<TraceParent>, work: W) -> W::Output {
    FOLLOWED.scope(parent, work).await
}

/// What a task that is asked for here belongs to.
pub fn followed() -> Option<TraceParent> {
    FOLLOWED.try_with(|parent| *parent).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_parent_is_read_as_it_is_written() {
        for text in [PARENT, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"] {
            assert_eq!(TraceParent::parse(text).unwrap().to_string(), text);
        }
        let later = PARENT.replacen("00", "01", 1) + "-more";
        assert_eq!(TraceParent::parse(&later).unwrap().to_string(), PARENT);
    }

    #[test]
    fn what_is_no_parent_begins_no_trace() {
        for text in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-+1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        ] {
            assert_eq!(TraceParent::parse(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_followed_ends_with_the_work() {
        let parent = TraceParent::parse(PARENT);
        assert_eq!(followed(), None);
        assert_eq!(follow(parent, async { followed() }).await, parent);
        assert_eq!(followed(), None);
    }
}
