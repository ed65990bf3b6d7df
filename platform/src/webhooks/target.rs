//! Where a message may go: an address that anybody on the internet could be asked for, and nothing behind our own walls.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// Longest address, characters.
pub const MAX_URL: usize = 2000;

/// Why a message does not go to an address; the text is for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// It cannot be read.
    #[error("This is not an address; one looks like https://example.com/hook.")]
    Unreadable,
    /// It is longer than [`MAX_URL`].
    #[error("The address is longer than {MAX_URL} characters.")]
    TooLong,
    /// Not HTTPS.
    #[error("The address must begin with https://.")]
    NotHttps,
    /// Somebody's name and password would be sent along, or a fragment that means nothing to a server.
    #[error("The address must have no user name, password or fragment in it.")]
    Surplus,
    /// It leads to this machine or into a private network.
    #[error("The address leads to this machine or into a private network; it must be a public one.")]
    Private,
}

/// A checked address. Whether its name leads to a public address is found out at each delivery.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    allows_private: bool,
}

/// Without path and parameters: they may hold a secret.
impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Target({})", self.authority())
    }
}

impl Target {
    /// Checks an address as far as that is possible without asking for its name. Where private addresses are allowed, HTTP to
    /// this machine is as well.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, allows_private: bool) -> Result<Self, BadTarget> {
        let text = text.trim();
        if text.chars().count() > MAX_URL {
            return Err(BadTarget::TooLong);
        }
        let url = Url::parse(text).map_err(|_| BadTarget::Unreadable)?;
        if !(url.scheme() == "https" || url.scheme() == "http" && allows_private) {
            return Err(BadTarget::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(BadTarget::Surplus);
        }
        let target = Self { url, allows_private };
        match target.url.host() {
            None => return Err(BadTarget::Unreadable),
            Some(Host::Domain(_)) => {}
            Some(Host::Ipv4(address)) => target.check(IpAddr::V4(address))?,
            Some(Host::Ipv6(address)) => target.check(IpAddr::V6(address))?,
        }
        Ok(target)
    }

    /// The whole address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether the way there is encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Host, and port where it is not the usual one: what the header `Host` says.
    pub fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Asks for the addresses of the host's name and checks every one: a name with one private address is refused whole.
    ///
    /// # Errors
    /// `Err` of the inner result when it must not be connected to, of the outer one when the name is not known.
    pub async fn resolve(&self) -> std::io::Result<Result<Vec<SocketAddr>, BadTarget>> {
        let port = self.url.port_or_known_default().unwrap_or(443);
        let found: Vec<SocketAddr> = match self.url.host() {
            Some(Host::Ipv4(address)) => vec![(address, port).into()],
            Some(Host::Ipv6(address)) => vec![(address, port).into()],
            Some(Host::Domain(name)) => tokio::net::lookup_host((name, port)).await?.collect(),
            None => Vec::new(),
        };
        for address in &found {
            if let Err(bad) = self.check(address.ip()) {
                return Ok(Err(bad));
            }
        }
        Ok(Ok(found))
    }

    fn check(&self, address: IpAddr) -> Result<(), BadTarget> {
        if !self.is_https() && !address.is_loopback() {
            return Err(BadTarget::NotHttps);
        }
        if self.allows_private || is_public(address) {
            return Ok(());
        }
        Err(BadTarget::Private)
    }
}

/// First address and length of the prefix of every block of IPv4 that is not the public internet (IANA's special-purpose
/// registry, multicast and the reserved rest).
const SPECIAL_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The same inside 2000::/3, outside of which no public address of IPv6 lies: 6to4 and Teredo hold addresses of IPv4.
const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4
            .iter()
            .any(|(block, length)| (address.to_bits() ^ block.to_bits()) >> (32 - length) == 0),
        IpAddr::V6(address) => {
            address.to_bits() >> 125 == 1
                && !SPECIAL_V6
                    .iter()
                    .any(|(block, length)| (address.to_bits() ^ block.to_bits()) >> (128 - length) == 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_pass() {
        for good in ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00::1"] {
            assert!(is_public(good.parse().unwrap()), "{good}");
        }
        for bad in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.1.1",
            "198.19.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::7f00:1",
            "64:ff9b::a00:1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(bad.parse().unwrap()), "{bad}");
        }
    }

    #[test]
    fn addresses_are_checked_before_anything_is_asked() {
        let refused = |text: &str| Target::parse(text, false).unwrap_err();
        assert!(Target::parse("https://example.com/hook?key=1", false).is_ok());
        assert!(Target::parse(" https://8.8.8.8:8443/ ", false).is_ok());
        for (text, why) in [
            ("", BadTarget::Unreadable),
            ("example.com", BadTarget::Unreadable),
            ("https://", BadTarget::Unreadable),
            ("http://example.com", BadTarget::NotHttps),
            ("ftp://example.com", BadTarget::NotHttps),
            ("file:///etc/passwd", BadTarget::NotHttps),
            ("https://ada:secret@example.com", BadTarget::Surplus),
            ("https://example.com/#x", BadTarget::Surplus),
            ("https://127.0.0.1/", BadTarget::Private),
            ("https://127.1/", BadTarget::Private),
            ("https://0x7f000001/", BadTarget::Private),
            ("https://2130706433/", BadTarget::Private),
            ("https://[::1]/", BadTarget::Private),
            ("https://[::ffff:169.254.169.254]/", BadTarget::Private),
        ] {
            assert_eq!(refused(text), why, "{text}");
        }
        assert_eq!(
            refused(&format!("https://a.example/{}", "x".repeat(MAX_URL))),
            BadTarget::TooLong
        );
        assert!(Target::parse("http://127.0.0.1:9000/hook", true).is_ok());
        assert!(Target::parse("https://10.0.0.1/", true).is_ok());
        assert_eq!(
            Target::parse("http://10.0.0.1/", true).unwrap_err(),
            BadTarget::NotHttps
        );
    }

    #[tokio::test]
    async fn names_of_this_machine_are_found_out() {
        let target = Target::parse("https://localhost/", false).unwrap();
        assert_eq!(target.resolve().await.unwrap(), Err(BadTarget::Private));
    }

    #[test]
    fn secrets_in_the_path_are_not_shown() {
        let target = Target::parse("https://example.com:8443/hook/hunter2", false).unwrap();
        assert_eq!(format!("{target:?}"), "Target(example.com:8443)");
    }
}
