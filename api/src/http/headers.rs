//! Headers that every response carries.

use axum::http::header::{CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
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
pub struct Headers(HeaderMap);

impl Headers {
    /// For pages that also send files to that origin, where there is one, and that are found at that address.
    pub fn new(store_origin: Option<&str>, public_url: Option<&str>) -> Self {
        let mut headers = HeaderMap::with_capacity(16);
        headers.insert(CONTENT_SECURITY_POLICY, content_security_policy(store_origin));
        for (name, value) in HEADERS {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if public_url.is_some_and(|url| url.starts_with("https://")) {
            let value = HeaderValue::from_static(STRICT_TRANSPORT);
            headers.insert(STRICT_TRANSPORT_SECURITY, value);
        }
        Self(headers)
    }

    /// Adds them; one that a handler has set stays.
    pub fn secure(&self, response: &mut Response) {
        // Ours are copied as they lie; the handler's, which are fewer, are sorted in and take the place of ours.
        let of_handler = std::mem::replace(response.headers_mut(), self.0.clone());
        response.headers_mut().extend(of_handler);
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
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn what_a_handler_has_set_stays() {
        let own = [("x-frame-options", "SAMEORIGIN"), ("set-cookie", "a=1")];
        let mut response = own.into_response();
        response
            .headers_mut()
            .append("set-cookie", HeaderValue::from_static("b=2"));
        Headers::new(None, None).secure(&mut response);
        let all = |name: &str| {
            response
                .headers()
                .get_all(name)
                .iter()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(all("x-frame-options"), ["SAMEORIGIN"]);
        assert_eq!(all("set-cookie"), ["a=1", "b=2"]);
        assert_eq!(all("referrer-policy"), ["no-referrer"]);
    }

    #[test]
    fn only_who_is_found_by_tls_says_so() {
        for (url, expected) in [
            (None, false),
            (Some("http://127.0.0.1:8080"), false),
            (Some("https://automl.example"), true),
        ] {
            let headers = Headers::new(None, url);
            let is_said = headers.0.contains_key(STRICT_TRANSPORT_SECURITY);
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
