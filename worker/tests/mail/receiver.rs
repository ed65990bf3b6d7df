//! A server that is told by webhooks over real HTTP, and can be told to misbehave.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How the next message is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reaction {
    /// With that status.
    Status(u16),
    /// The connection is closed without an answer.
    HangUp,
    /// Nothing is answered for that long.
    Stall(Duration),
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(candidate, _)| candidate == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} comes once");
        value.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}

#[derive(Default)]
struct State {
    script: VecDeque<Reaction>,
    heard: Vec<Heard>,
    connections: usize,
}

/// The server.
#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    /// Answers everything with 204 until it is told otherwise.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::default(),
        };
        let serving = receiver.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                serving.state.lock().unwrap().connections += 1;
                let serving = serving.clone();
                // A broken connection is the client's choice.
                tokio::spawn(async move { serving.serve(stream).await.ok() });
            }
        });
        receiver
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook/hunter2?a=b%20c", self.address)
    }

    /// The next messages are answered so, those after them taken.
    pub fn script(&self, reactions: &[Reaction]) {
        self.state.lock().unwrap().script = reactions.iter().copied().collect();
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.state.lock().unwrap().heard.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let heard = read(&mut stream).await?;
        let reaction = {
            let mut state = self.state.lock().unwrap();
            state.heard.push(heard);
            state.script.pop_front().unwrap_or(Reaction::Status(204))
        };
        match reaction {
            Reaction::Status(status) => {
                let answer = format!(
                    "HTTP/1.1 {status} Said\r\nLocation: http://{}/elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    self.address
                );
                stream.write_all(answer.as_bytes()).await?;
                stream.shutdown().await
            }
            Reaction::HangUp => Ok(()),
            Reaction::Stall(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Heard> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = stream.read(&mut buffer).await?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let first = lines.next().unwrap_or_default();
            let headers: Vec<(String, String)> = lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect();
            let heard = Heard {
                path: first.to_owned(),
                headers,
                body: body.to_owned(),
            };
            if body.len() >= heard.header("content-length").parse::<usize>().unwrap() {
                return Ok(heard);
            }
        }
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}
