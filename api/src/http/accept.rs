//! Which media type the client wants its GraphQL answer in.

/// Media type of the GraphQL-over-HTTP draft: statuses other than 200 mean something.
pub const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
/// The legacy media type: any well-formed request is answered with 200.
pub const JSON: &str = "application/json";

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

    /// The best of an Accept header; `None` when neither is acceptable. Without a header, and for wildcards, it is JSON.
    pub fn negotiate(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else {
            return Some(Self::Json);
        };
        let mut best: Option<(f32, Self)> = None;
        for range in accept.split(',') {
            let Some((media_type, quality)) = parse_range(range) else {
                continue;
            };
            if quality > 0.0 && best.is_none_or(|(highest, _)| quality > highest) {
                best = Some((quality, media_type));
            }
        }
        best.map(|(_, media_type)| media_type)
    }
}

/// One range of an Accept header with its quality; `None` for types that are not ours or a charset that is not UTF-8.
fn parse_range(range: &str) -> Option<(MediaType, f32)> {
    let mut parts = range.split(';');
    let media_type = match parts.next()?.trim().to_ascii_lowercase().as_str() {
        GRAPHQL_RESPONSE => MediaType::GraphqlResponse,
        JSON | "application/*" | "*/*" => MediaType::Json,
        _ => return None,
    };
    let mut quality = 1.0;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
            "charset" if value != "utf-8" && value != "utf8" => return None,
            _ => {}
        }
    }
    Some((media_type, quality))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides() {
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
        ] {
            assert_eq!(MediaType::negotiate(accept), expected, "{accept:?}");
        }
    }
}
