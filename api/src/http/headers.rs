//! Headers that every response carries.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Browsers stay with TLS for two years. Said only where people come by TLS: whoever runs this without it means to.
const STRICT_TRANSPORT: &str = "max-age=63072000";

/// The headers.
#[derive(Debug)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// For pages that also send files to that origin, where there is one, and that are found at that address.
    pub fn new(store_origin: Option<&str>, public_url: Option<&str>) -> Self {
        let mut headers = vec![(
            HeaderName::from_static("content-security-policy"),
            content_security_policy(store_origin),
        )];
        for (name, value) in HEADERS {
            headers.push((HeaderName::from_static(name), HeaderValue::from_static(value)));
        }
        if public_url.is_some_and(|url| url.starts_with("https://")) {
            let value = HeaderValue::from_static(STRICT_TRANSPORT);
            headers.push((HeaderName::from_static("strict-transport-security"), value));
        }
        Self(headers)
    }

    /// Adds them; one that a handler has set stays.
    pub fn secure(&self, response: &mut Response) {
        let present = response.headers_mut();
        present.reserve(self.0.len());
        for (name, value) in &self.0 {
            present.entry(name).or_insert_with(|| value.clone());
        }
    }
}

/// Nothing from elsewhere, no inline script. Inline styles are allowed: charts set sizes and colours on their elements. The
/// playground's editor runs its language services in workers made from blobs. Files go straight to the store that has an origin
/// of its own.
fn content_security_policy(store_origin: Option<&str>) -> HeaderValue {
    let connect = match store_origin {
        Some(origin) => format!("'self' {origin}"),
        None => "'self'".to_owned(),
    };
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self' data:; connect-src {connect}; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    // The settings let no address in that a header cannot hold; without it the page is stricter, never laxer.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_found_by_tls_says_so() {
        for (url, expected) in [
            (None, false),
            (Some("http://127.0.0.1:8080"), false),
            (Some("https://automl.example"), true),
        ] {
            let headers = Headers::new(None, url);
            let is_said = headers
                .0
                .iter()
                .any(|(name, _)| name == "strict-transport-security");
            assert_eq!(is_said, expected, "{url:?}");
        }
    }

    #[test]
    fn pages_may_connect_to_the_store_only() {
        let policy = |origin| content_security_policy(origin).to_str().unwrap().to_owned();
        assert!(policy(None).contains("connect-src 'self';"));
        assert!(
            policy(Some("https://b.s3.eu-west-1.amazonaws.com"))
                .contains("connect-src 'self' https://b.s3.eu-west-1.amazonaws.com; worker-src")
        );
    }
}
