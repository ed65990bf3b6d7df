//! Who sends a request, as far as the network tells: for counting, never for trusting.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::server::Server;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The other end of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its address; none: the request did not come over a socket.
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub agent: Option<String>,
}

impl FromRequestParts<Arc<Server>> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(address)| address.ip());
        let agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Ok(Self {
            address: address(&parts.headers, peer, server.state.platform.settings.proxies),
            agent: agent.map(str::to_owned),
        })
    }
}

/// The address that the outermost of so many proxies saw. Each adds, at the end, who spoke to it; what stands before that is
/// whatever the client wrote.
fn address(headers: &HeaderMap, peer: Option<IpAddr>, proxies: usize) -> Option<IpAddr> {
    if proxies == 0 {
        return peer;
    }
    let mut hops: Vec<&str> = Vec::new();
    for value in headers.get_all(FORWARDED_FOR) {
        hops.extend(value.to_str().unwrap_or_default().split(','));
    }
    let place = hops.len().checked_sub(proxies);
    let told = place.and_then(|place| hops.get(place)?.trim().parse().ok());
    told.or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_wrote_counts() {
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        for (proxies, header, expected) in [
            (0, "192.0.2.1", "10.0.0.1"),
            (1, "192.0.2.1", "192.0.2.1"),
            (1, "6.6.6.6, 192.0.2.1", "192.0.2.1"),
            (2, "6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
            (2, "192.0.2.1", "10.0.0.1"),
            (1, "nonsense", "10.0.0.1"),
            (1, "", "10.0.0.1"),
            (1, "2001:db8::1", "2001:db8::1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_FOR, header.parse().unwrap());
            let found = address(&headers, Some(peer), proxies).unwrap();
            assert_eq!(found.to_string(), expected, "{proxies} {header}");
        }
    }
}
