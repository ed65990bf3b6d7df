//! One connection through the proxy, both ways in one task: what is decided about a call holds before any later byte.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::fate::{Fate, Fates, Moment};
use super::{Protocol, postgres, redis};

/// Bytes that are carried at a time.
const BLOCK: usize = 16 << 10;
/// How long the service may take to answer a call whose answer is lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the client said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Something that it waits for an answer to.
    Call,
    /// The beginning of a session, which the service says it is ready for.
    Session,
    /// Something that belongs to no call.
    Other,
    /// Answered here; the service does not hear of it.
    Reply(&'static [u8]),
    /// Nothing that this protocol knows.
    Broken,
}

/// The connection.
pub(super) struct Connection {
    protocol: Protocol,
    client: TcpStream,
    service: TcpStream,
    fates: Arc<Fates>,
    /// What the client said and the service has not heard yet.
    said: Vec<u8>,
    asking: postgres::Asking,
    statements: postgres::Statements,
    postgres: postgres::Answering,
    redis: redis::Answering,
    /// Answers that the service owes for what it has heard, less those it has given.
    owed: i64,
}

/// The connection ends. A good end is the end of one side's stream.
enum End {
    Good,
    Reset,
}

impl From<std::io::Error> for End {
    fn from(_: std::io::Error) -> Self {
        Self::Reset
    }
}

impl Connection {
    pub(super) fn new(protocol: Protocol, client: TcpStream, service: TcpStream, fates: Arc<Fates>) -> Self {
        let _ = (client.set_nodelay(true), service.set_nodelay(true));
        Self {
            protocol,
            client,
            service,
            fates,
            said: Vec::new(),
            asking: postgres::Asking::default(),
            statements: postgres::Statements::default(),
            postgres: postgres::Answering::default(),
            redis: redis::Answering::default(),
            owed: 0,
        }
    }

    /// Carries everything until one side ends it or it is cut.
    pub(super) async fn carry(mut self) {
        if let Err(End::Reset) = self.carry_all().await {
            let _ = (self.client.set_zero_linger(), self.service.set_zero_linger());
        }
    }

    async fn carry_all(&mut self) -> Result<(), End> {
        let mut there = vec![0; BLOCK];
        let mut back = vec![0; BLOCK];
        loop {
            tokio::select! {
                read = self.client.read(&mut there) => {
                    let read = read?;
                    if read == 0 {
                        return Err(End::Good);
                    }
                    self.said.extend_from_slice(&there[..read]);
                    self.forward().await?;
                }
                read = self.service.read(&mut back) => {
                    let read = read?;
                    if read == 0 {
                        return Err(End::Good);
                    }
                    self.count(&back[..read]);
                    self.client.write_all(&back[..read]).await?;
                }
            }
        }
    }

    /// Forwards every whole piece of what the client has said.
    async fn forward(&mut self) -> Result<(), End> {
        while let Some((length, piece)) = self.next_piece() {
            let bytes: Vec<u8> = self.said.drain(..length).collect();
            match piece {
                Piece::Call => self.call(&bytes).await?,
                Piece::Session => {
                    self.owed += 1;
                    self.service.write_all(&bytes).await?;
                }
                Piece::Other => self.service.write_all(&bytes).await?,
                Piece::Reply(reply) => self.client.write_all(reply).await?,
                Piece::Broken => return Err(End::Reset),
            }
        }
        Ok(())
    }

    fn next_piece(&mut self) -> Option<(usize, Piece)> {
        match self.protocol {
            Protocol::Postgres => self.asking.next(&self.said),
            Protocol::Redis => redis::value(&self.said).map(|length| (length, Piece::Call)),
        }
    }

    async fn call(&mut self, bytes: &[u8]) -> Result<(), End> {
        let words = match self.protocol {
            Protocol::Postgres => self.statements.words(bytes),
            Protocol::Redis => redis::words(bytes),
        };
        match self.fates.draw(&words, self.protocol == Protocol::Postgres) {
            Fate::Pass => {}
            Fate::Late(delay) => tokio::time::sleep(delay).await,
            Fate::CutBefore => return Err(End::Reset),
            Fate::Ended => {
                self.settle(true).await?;
                self.client.write_all(&postgres::ended_by_administrator()).await?;
                return Err(End::Good);
            }
            Fate::CutAfter => {
                self.send(bytes).await?;
                self.settle(false).await?;
                return Err(End::Reset);
            }
            Fate::Hold(moment) => {
                if moment == Moment::After {
                    self.send(bytes).await?;
                    self.settle(false).await?;
                }
                self.fates.wait_held(&words).await;
                return Err(End::Reset);
            }
        }
        self.send(bytes).await
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.owed += 1;
        Ok(self.service.write_all(bytes).await?)
    }

    /// Waits until the service has answered all that it has heard; the client hears it too, or not.
    async fn settle(&mut self, is_heard: bool) -> Result<(), End> {
        let mut back = vec![0; BLOCK];
        while self.owed > 0 {
            let read = tokio::time::timeout(PATIENCE, self.service.read(&mut back)).await;
            let read = read.map_err(|_| End::Reset)??;
            if read == 0 {
                return Err(End::Reset);
            }
            self.count(&back[..read]);
            if is_heard {
                self.client.write_all(&back[..read]).await?;
            }
        }
        Ok(())
    }

    fn count(&mut self, bytes: &[u8]) {
        let answers = match self.protocol {
            Protocol::Postgres => self.postgres.count(bytes),
            Protocol::Redis => self.redis.count(bytes),
        };
        // What is published to a subscriber was not asked for.
        self.owed = (self.owed - answers as i64).max(0);
    }
}
