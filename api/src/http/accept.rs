//! Which media types the client wants its GraphQL answer in: one for a single answer, one for the events of a subscription.

/// Media type of the GraphQL-over-HTTP draft: statuses other than 200 mean something.
pub const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
/// The legacy media type: any well-formed request is answered with 200.
pub const JSON: &str = "application/json";
/// Parts with events, as Apollo's multipart protocol for subscriptions has them.
pub const MULTIPART: &str = "multipart/mixed";
/// Server-sent events.
pub const EVENTS: &str = "text/event-stream";

/// Media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/graphql-response+json`.
    GraphqlResponse,
    /// `application/json`.
    Json,
}

impl MediaType {
    /// Value of the Content-Type header.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// Media type of a stream of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamType {
    /// `multipart/mixed;subscriptionSpec=1.0`.
    Multipart(Boundary),
    /// `text/event-stream`.
    Events,
}

/// What stands between the parts. The answer names it; a client that asks for another gets the usual one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Boundary {
    /// `graphql`.
    #[default]
    Graphql,
    /// `-`.
    Dash,
}

impl Boundary {
    /// Its text.
    pub fn text(self) -> &'static str {
        match self {
            Self::Graphql => "graphql",
            Self::Dash => "-",
        }
    }
}

/// What a client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// A single answer; none: it takes none, only streams.
    pub answer: Option<MediaType>,
    /// A stream; none: it takes none.
    pub stream: Option<StreamType>,
}

/// What one range of the header names.
enum Range {
    Answer(MediaType),
    Stream(StreamType),
}

impl Accepted {
    /// The best of an Accept header in each kind. Without a header, and for wildcards, it is JSON; a stream has to be named.
    pub fn read(accept: Option<&str>) -> Self {
        let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else {
            return Self {
                answer: Some(MediaType::Json),
                stream: None,
            };
        };
        let mut answer: Option<(f32, MediaType)> = None;
        let mut stream: Option<(f32, StreamType)> = None;
        for range in accept.split(',') {
            let Some((range, quality)) = parse_range(range).filter(|(_, quality)| *quality > 0.0) else {
                continue;
            };
            match range {
                Range::Answer(media_type) if answer.is_none_or(|(highest, _)| quality > highest) => {
                    answer = Some((quality, media_type));
                }
                Range::Stream(stream_type) if stream.is_none_or(|(highest, _)| quality > highest) => {
                    stream = Some((quality, stream_type));
                }
                Range::Answer(_) | Range::Stream(_) => {}
            }
        }
        Self {
            answer: answer.map(|(_, media_type)| media_type),
            stream: stream.map(|(_, stream_type)| stream_type),
        }
    }

    /// True when there is nothing that we could send.
    pub fn is_nothing(self) -> bool {
        self.answer.is_none() && self.stream.is_none()
    }
}

/// One range of an Accept header with its quality; `None` for types that are not ours, a charset that is not UTF-8, or parts
/// that are not those of a subscription.
fn parse_range(range: &str) -> Option<(Range, f32)> {
    let mut parts = range.split(';');
    let essence = parts.next()?.trim().to_ascii_lowercase();
    let mut quality = 1.0;
    let mut boundary = Boundary::default();
    let mut is_for_subscriptions = false;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
            "charset" if value != "utf-8" && value != "utf8" => return None,
            "boundary" if value == Boundary::Dash.text() => boundary = Boundary::Dash,
            "subscriptionspec" => is_for_subscriptions = value == "1.0",
            _ => {}
        }
    }
    let range = match essence.as_str() {
        GRAPHQL_RESPONSE => Range::Answer(MediaType::GraphqlResponse),
        JSON | "application/*" | "*/*" => Range::Answer(MediaType::Json),
        MULTIPART if is_for_subscriptions => Range::Stream(StreamType::Multipart(boundary)),
        EVENTS => Range::Stream(StreamType::Events),
        _ => return None,
    };
    Some((range, quality))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides_on_a_single_answer() {
        let graphql = Some(MediaType::GraphqlResponse);
        let json = Some(MediaType::Json);
        for (accept, expected) in [
            (None, json),
            (Some(""), json),
            (Some("*/*"), json),
            (Some("application/*"), json),
            (Some("application/json"), json),
            (Some("application/graphql-response+json"), graphql),
            (Some("application/graphql-response+json; charset=utf-8"), graphql),
            (Some("APPLICATION/JSON; charset=\"UTF-8\""), json),
            (
                Some("application/graphql-response+json, application/json;q=0.9"),
                graphql,
            ),
            (
                Some("application/graphql-response+json;q=0.1, application/json;q=0.9"),
                json,
            ),
            (Some("application/json, application/graphql-response+json"), json),
            (Some("text/html, */*;q=0.1"), json),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
            (Some("application/json; charset=latin1"), None),
            (Some("application/json;q=nonsense"), None),
            (Some("text/event-stream"), None),
            (Some("multipart/mixed;subscriptionSpec=1.0"), None),
        ] {
            assert_eq!(Accepted::read(accept).answer, expected, "{accept:?}");
        }
    }

    #[test]
    fn a_stream_has_to_be_named() {
        let parts = |boundary| Some(StreamType::Multipart(boundary));
        let events = Some(StreamType::Events);
        for (accept, expected) in [
            ("*/*", None),
            ("application/json", None),
            ("text/event-stream", events),
            ("text/event-stream; charset=utf-8, application/json", events),
            // As Apollo Client 4 sends it.
            (
                "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9",
                parts(Boundary::Graphql),
            ),
            (
                "multipart/mixed; subscriptionSpec=\"1.0\"",
                parts(Boundary::Graphql),
            ),
            (
                "multipart/mixed; boundary=\"-\"; subscriptionSpec=1.0",
                parts(Boundary::Dash),
            ),
            (
                "multipart/mixed;boundary=other;subscriptionSpec=1.0",
                parts(Boundary::Graphql),
            ),
            // These parts are for deferred fragments.
            ("multipart/mixed;deferSpec=20220824, application/json", None),
            ("multipart/mixed", None),
            ("multipart/mixed;subscriptionSpec=2.0", None),
            (
                "multipart/mixed;subscriptionSpec=1.0;q=0.5, text/event-stream",
                events,
            ),
            ("text/event-stream;q=0", None),
        ] {
            assert_eq!(Accepted::read(Some(accept)).stream, expected, "{accept}");
        }
    }
}
