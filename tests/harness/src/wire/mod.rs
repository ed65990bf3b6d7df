//! A proxy that knows where a call to Postgres or Redis begins and ends, and lets calls go wrong by a seed: the processes under
//! test are what users run, and everything they say to a service passes here.
//!
//! A call is what the client waits for an answer to: of Postgres everything up to a `Query` or `Sync` message, of Redis one
//! command. Opening a session is no call. TLS is not offered.

mod connection;
mod fate;
mod postgres;
mod redis;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};

use connection::Connection;
pub use fate::{Counts, Fates, Hold, Moment, Rates};

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Version 3 of the protocol of Postgres.
    Postgres,
    /// RESP of Redis.
    Redis,
}

/// A running proxy. Dropping it ends its connections and frees its port.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    fates: Arc<Fates>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Wire {
    /// Listens on a free port of 127.0.0.1 and forwards to a port of it. Several proxies may share their fates: their calls are
    /// then counted together.
    ///
    /// # Errors
    /// When it cannot listen.
    pub fn start(protocol: Protocol, target_port: u16, fates: &Arc<Fates>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("wire")
            .enable_all()
            .build()?;
        // Bound by the standard library, so that it works inside an async test, too.
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let target = SocketAddr::from(([127, 0, 0, 1], target_port));
        runtime.spawn(accept(listener, protocol, target, Arc::clone(fates)));
        Ok(Self {
            port,
            fates: Arc::clone(fates),
            runtime: Some(runtime),
        })
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What happens to its calls.
    pub fn fates(&self) -> &Fates {
        &self.fates
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A plain drop blocks, which an async test does not allow.
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: std::net::TcpListener, protocol: Protocol, target: SocketAddr, fates: Arc<Fates>) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((client, _)) = listener.accept().await else {
            // Out of descriptors, for example.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let fates = Arc::clone(&fates);
        tokio::spawn(async move {
            let Ok(service) = TcpStream::connect(target).await else {
                // The service refuses: so does the way to it.
                let _ = client.set_zero_linger();
                return;
            };
            Connection::new(protocol, client, service, fates).carry().await;
        });
    }
}

#[cfg(test)]
mod tests;
