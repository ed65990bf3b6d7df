//! In which format rows come, and in which the answer goes.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};

/// A format of rows and of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/json`.
    Json,
    /// `text/csv`, with a header.
    Csv,
}

impl Format {
    const ALL: [Self; 2] = [Self::Json, Self::Csv];

    fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::Csv => ("text", "csv"),
        }
    }

    /// The format that the Content-Type header names, JSON without one; none: it is neither, or not UTF-8, or without a header.
    pub fn sent(headers: &HeaderMap) -> Option<Self> {
        let Some(value) = headers.get(CONTENT_TYPE) else {
            return Some(Self::Json);
        };
        let range = Range::parse(value.to_str().ok()?)?;
        Self::ALL
            .into_iter()
            .find(|format| range.specificity(*format) == Some(2))
    }

    /// The best format for the Accept header, which is `sent` where the client has no preference; none: neither is acceptable.
    pub fn wanted(headers: &HeaderMap, sent: Self) -> Option<Self> {
        let values = headers.get_all(ACCEPT).iter();
        let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        let accept = values.join(",");
        if accept.trim().is_empty() {
            return Some(sent);
        }
        let ranges: Vec<Range> = accept.split(',').filter_map(Range::parse).collect();
        let mut best = None;
        for format in Self::ALL {
            let quality = quality(&ranges, format);
            let is_better = match best {
                None => quality > 0.0,
                Some((other, _)) if quality == other => format == sent,
                Some((other, _)) => quality > other,
            };
            if is_better {
                best = Some((quality, format));
            }
        }
        best.map(|(_, format)| format)
    }
}

/// What the most specific range says of a format (RFC 9110, section 12.5.1).
fn quality(ranges: &[Range], format: Format) -> f32 {
    let mut best = (0, 0.0);
    for range in ranges {
        // Specificities are compared one higher, so that any range beats none.
        match range.specificity(format) {
            Some(specificity) if specificity + 1 > best.0 => best = (specificity + 1, range.quality),
            _ => {}
        }
    }
    best.1
}

/// A media type or a range of them.
struct Range {
    kind: String,
    subtype: String,
    quality: f32,
}

impl Range {
    /// None for what is no media type, or one whose text is not UTF-8 or has no header.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        let mut range = Self {
            kind: kind.to_ascii_lowercase(),
            subtype: subtype.to_ascii_lowercase(),
            quality: 1.0,
        };
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            match (name.trim().to_ascii_lowercase().as_str(), value.as_str()) {
                ("q", value) => {
                    let quality = value.parse::<f32>().ok();
                    range.quality = quality.filter(|quality| (0.0..=1.0).contains(quality))?;
                }
                ("charset", "utf-8" | "utf8") => {}
                ("charset", _) | ("header", "absent") => return None,
                _ => {}
            }
        }
        Some(range)
    }

    /// 2 for the type itself, 1 for all of its kind, 0 for everything; none: the format is not in the range.
    fn specificity(&self, format: Format) -> Option<u8> {
        let (kind, subtype) = format.media_type();
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => Some(0),
            (own, "*") if own == kind => Some(1),
            (own, own_subtype) if own == kind && own_subtype == subtype => Some(2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: Option<Format> = Some(Format::Json);
    const CSV: Option<Format> = Some(Format::Csv);

    #[test]
    fn what_is_sent_is_json_or_csv() {
        for (content_type, expected) in [
            (None, JSON),
            (Some("application/json"), JSON),
            (Some("Application/JSON; charset=UTF-8"), JSON),
            (Some("text/csv"), CSV),
            (Some("text/csv; header=present; charset=\"utf-8\""), CSV),
            (Some("text/csv; header=absent"), None),
            (Some("text/csv; charset=latin1"), None),
            (Some("text/*"), None),
            (Some("*/*"), None),
            (Some("text/plain"), None),
            (Some("application/x-www-form-urlencoded"), None),
            (Some("csv"), None),
            (Some(""), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(text) = content_type {
                headers.insert(CONTENT_TYPE, text.parse().unwrap());
            }
            assert_eq!(Format::sent(&headers), expected, "{content_type:?}");
        }
    }

    #[test]
    fn what_is_wanted_goes_by_quality_and_else_by_what_was_sent() {
        for (accept, of_json, of_csv) in [
            (None, JSON, CSV),
            (Some(""), JSON, CSV),
            (Some("*/*"), JSON, CSV),
            (Some("text/csv"), CSV, CSV),
            (Some("application/json"), JSON, JSON),
            (Some("text/csv, application/json"), JSON, CSV),
            (Some("text/csv;q=0.5, application/json;q=0.4"), CSV, CSV),
            (Some("text/*;q=0.5, */*;q=0.1"), CSV, CSV),
            (Some("text/csv;q=0, */*"), JSON, JSON),
            (
                Some("text/csv;q=0.1, text/*;q=0.9, application/json;q=0.5"),
                JSON,
                JSON,
            ),
            (Some("text/html, */*;q=0.8"), JSON, CSV),
            (Some("text/html"), None, None),
            (Some("text/csv;q=0"), None, None),
            (Some("text/csv; charset=latin1"), None, None),
            (Some("text/csv;q=nonsense"), None, None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(text) = accept {
                headers.insert(ACCEPT, text.parse().unwrap());
            }
            assert_eq!(
                Format::wanted(&headers, Format::Json),
                of_json,
                "{accept:?} of JSON"
            );
            assert_eq!(Format::wanted(&headers, Format::Csv), of_csv, "{accept:?} of CSV");
        }
    }
}
