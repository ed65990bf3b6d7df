//! How the session with Postgres is secured: `sslmode` and `sslrootcert` of the URL, with libpq's meanings.

use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Secret};

/// Where the session goes, and how.
#[derive(Clone)]
pub struct Target {
    /// Address, user, database.
    pub config: postgres::Config,
    /// Makes TLS connections.
    pub connector: MakeRustlsConnect,
}

/// How long a server may take to answer a session of ours.
pub const PATIENCE: Duration = Duration::from_secs(5);

impl Target {
    /// A session under a name; a connection that died without a word is found after a few times [`PATIENCE`].
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn connect(&self, name: &str) -> Result<postgres::Client, postgres::Error> {
        let mut config = self.config.clone();
        config
            .application_name(name)
            .connect_timeout(PATIENCE)
            .keepalives_idle(PATIENCE)
            .keepalives_interval(PATIENCE)
            .keepalives_retries(2)
            .tcp_user_timeout(PATIENCE * 2);
        config.connect(self.connector.clone())
    }
}

/// Parameters of a URL that this client reads itself or that only others know.
const FOREIGN: [&str; 6] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "statement-cache-capacity",
    "application_name",
];

/// Reads a Postgres URL.
///
/// # Errors
/// `Settings` when it cannot be used; its text is not repeated, for it may hold a password.
pub fn postgres(url: &Secret) -> Result<Target, Error> {
    let (bare, parameters) = split(url.expose());
    let refuse = |what: &str| Error::Settings(format!("AUTOML_DATABASE_URL cannot be used: {what}"));
    let mut config: postgres::Config = bare
        .parse()
        .map_err(|_| refuse("postgres://user:password@host:port/name is expected"))?;
    let value = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    let root = value("sslrootcert");
    let (mode, is_verified) = match value("sslmode") {
        Some("disable") => (SslMode::Disable, false),
        None | Some("allow" | "prefer") => (SslMode::Prefer, false),
        Some("require") => (SslMode::Require, root.is_some()),
        Some("verify-ca" | "verify-full") => (SslMode::Require, true),
        Some(_) => return Err(refuse("sslmode is none of those that libpq knows")),
    };
    config.ssl_mode(mode);
    let tls = if is_verified {
        verified(root).map_err(|error| refuse(&error))?
    } else {
        unverified().map_err(|error| refuse(&error))?
    };
    Ok(Target {
        config,
        connector: MakeRustlsConnect::new(tls),
    })
}

/// The URL without the foreign parameters, and those.
fn split(url: &str) -> (String, Vec<(String, String)>) {
    let Some((base, query)) = url.split_once('?') else {
        return (url.to_owned(), Vec::new());
    };
    let mut kept = Vec::new();
    let mut foreign = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if FOREIGN.contains(&name) {
            foreign.push((name.to_owned(), value.replace("%2F", "/")));
        } else {
            kept.push(pair);
        }
    }
    let bare = if kept.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", kept.join("&"))
    };
    (bare, foreign)
}

/// With the machine's certificates, or those of a file.
pub fn verified(root: Option<&str>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match root {
        Some(file) => {
            let certificates = CertificateDer::pem_file_iter(file)
                .map_err(|error| format!("sslrootcert {file}: {error}"))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| format!("sslrootcert {file}: {error}"))?;
                roots.add(certificate).map_err(|error| error.to_string())?;
            }
        }
        None => {
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
        }
    }
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| error.to_string())?;
    client(provider, verifier)
}

/// Encrypted, whoever answers: what `sslmode=require` without a root certificate means.
fn unverified() -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    client(Arc::clone(&provider), Arc::new(Anybody { provider }))
}

fn client(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

#[derive(Debug)]
struct Anybody {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(query: &str) -> Result<SslMode, Error> {
        let url = Secret::new(format!("postgres://ada:hunter2@db:5433/automl{query}"));
        postgres(&url).map(|target| target.config.get_ssl_mode())
    }

    #[test]
    fn reads_what_libpq_reads() {
        assert_eq!(mode("").unwrap(), SslMode::Prefer);
        assert_eq!(mode("?sslmode=disable").unwrap(), SslMode::Disable);
        assert_eq!(
            mode("?sslmode=verify-full&connect_timeout=3").unwrap(),
            SslMode::Require
        );
        for bad in ["?sslmode=maybe", "?sslmode=verify-full&sslrootcert=/no/such/file"] {
            let Err(Error::Settings(message)) = mode(bad) else {
                panic!("{bad} is accepted");
            };
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
