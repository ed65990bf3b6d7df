//! What is logged of webhooks: neither their secrets nor their addresses.

use std::sync::{Arc, Mutex};

use entities::job;
use platform::webhooks::Target;
use tracing::field::{Field, Visit};

use crate::receiver::Reaction;
use crate::webhook::{Hooks, waits};

/// Keeps everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

impl tracing::Subscriber for Log {
    /// Ours: the driver's traces hold statements with their values, and are off in production.
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        ["worker", "platform"]
            .iter()
            .any(|name| metadata.target().starts_with(name))
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut self.clone());
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn neither_secret_nor_address_is_logged() {
    // For the whole process: the other tests' messages are in it as well.
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let mut hooks = Hooks::new().await;
    hooks.receiver.script(&[Reaction::Status(500), Reaction::HangUp]);
    hooks.office.ended(job::State::Completed).await;
    hooks.send(1, waits());
    hooks.settled().await;
    let logged = log.0.lock().unwrap().clone();
    assert!(logged.matches("delivery.id").count() >= 3, "{logged}");
    assert!(
        !logged.contains("hunter2") && !logged.contains("whsec_"),
        "{logged}"
    );
    let shown = format!(
        "{:?} {:?}",
        hooks.webhook().await,
        Target::parse(&hooks.webhook.url, true)
    );
    assert!(!shown.contains("hunter2") && !shown.contains("whsec_"), "{shown}");
    hooks.end().await;
}
