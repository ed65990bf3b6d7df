//! Lines for stores of logs: one JSON object each, with the fields of an event and of the spans around it side by side. What the
//! library has for this keeps spans in lists of objects, which few stores can search.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::panic::PanicHookInfo;

use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::COLLECTORS;

/// Fields by name. Of one name that of the event counts, then that of the innermost span.
type Fields = BTreeMap<String, Value>;

/// Writes an event.
pub struct Line;

impl<S: Subscriber + for<'span> LookupSpan<'span>> FormatEvent<S, JsonFields> for Line {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::new();
        for span in context
            .event_scope()
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root)
        {
            if let Some(written) = span.extensions().get::<FormattedFields<JsonFields>>() {
                // Written by the library a moment ago.
                fields.extend(serde_json::from_str::<Fields>(&written.fields).unwrap_or_default());
            }
        }
        event.record(&mut Gathered(&mut fields));
        fields.retain(|name, _| !name.starts_with(COLLECTORS));
        let line = line(event.metadata(), fields).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

/// What every line has comes first, for people who look at it all the same.
fn line(metadata: &tracing::Metadata<'_>, mut fields: Fields) -> Result<String, Box<dyn std::error::Error>> {
    let mut time = String::new();
    SystemTime.format_time(&mut Writer::new(&mut time))?;
    // Events of libraries that log without spans: theirs is where they come from.
    let target = fields.remove("log.target");
    let target = target
        .as_ref()
        .and_then(Value::as_str)
        .unwrap_or(metadata.target());
    let message = fields.remove("message").unwrap_or_default();
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut text);
    let mut object = serializer.serialize_map(None)?;
    object.serialize_entry("timestamp", &time)?;
    object.serialize_entry("level", metadata.level().as_str())?;
    object.serialize_entry("target", target)?;
    object.serialize_entry("message", message.as_str().unwrap_or_default())?;
    for (name, value) in &fields {
        let is_taken = matches!(name.as_str(), "timestamp" | "level" | "target") || name.starts_with("log.");
        if !is_taken {
            object.serialize_entry(name, value)?;
        }
    }
    object.end()?;
    Ok(String::from_utf8(text)?)
}

/// Takes the fields of an event.
struct Gathered<'fields>(&'fields mut Fields);

impl Gathered<'_> {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Gathered<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}"));
    }
}

/// Tells a panic as a line: several lines of text between the objects would be read as nothing, or as several events.
pub fn tell_panic(panic: &PanicHookInfo<'_>) {
    let said = panic.payload();
    let said = said
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| said.downcast_ref::<String>().map(String::as_str));
    let place = panic.location().map(tracing::field::display);
    tracing::error!(panic.location = place, error = said, "a panic");
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged by `work`, a JSON object a line.
    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer()
            .fmt_fields(JsonFields::new())
            .event_format(Line)
            .with_writer(move || writer.clone());
        let filter = tracing_subscriber::EnvFilter::new("warn");
        let subscriber = tracing_subscriber::registry().with(layer.with_filter(filter));
        tracing::subscriber::with_default(subscriber, work);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn fields_of_spans_and_of_the_event_lie_side_by_side() {
        let lines = logged(|| {
            let _task = tracing::error_span!(
                "task",
                otel.kind = "consumer",
                task.id = 7,
                job.id = "a",
                trial.id = tracing::field::Empty
            )
            .entered();
            let inner = tracing::error_span!("trial", job.id = "b", late = tracing::field::Empty);
            inner.record("late", 1.5);
            let _trial = inner.entered();
            tracing::warn!(task.id = 8, flag = true, error = ?Some("x"), level = "none", "two\nlines");
        });
        let [line] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        let object = line.as_object().unwrap();
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "error",
                "flag",
                "job.id",
                "late",
                "level",
                "message",
                "target",
                "task.id",
                "timestamp"
            ]
        );
        assert_eq!(line["task.id"], 8);
        assert_eq!(line["job.id"], "b");
        assert_eq!(line["late"], 1.5);
        assert_eq!(line["message"], "two\nlines");
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["error"], "Some(\"x\")");
    }

    #[test]
    fn a_line_of_bytes_that_no_terminal_should_see_is_one_line_of_text() {
        let lines = logged(|| tracing::warn!(name = "\u{1b}[2J\r\n\"", "\u{0}"));
        assert_eq!(lines[0]["name"], "\u{1b}[2J\r\n\"");
        assert_eq!(lines[0]["message"], "\u{0}");
    }
}
