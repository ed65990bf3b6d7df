//! A server that speaks SES's v1 protocol over real HTTP, and can be told to misbehave.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How the next message is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// Taken, and said so.
    Take,
    /// Taken, and the connection is closed without an answer.
    TakeAndHangUp,
    /// Taken, and nothing is answered for that long.
    TakeAndStall(Duration),
    /// Taken, and answered with a fault.
    TakeAndFault,
    /// Not taken: too fast.
    Throttle,
    /// Not taken: refused for good.
    Reject,
    /// Not taken: out of order for the moment.
    Unavailable,
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub reference: String,
    pub to: String,
    pub at: Instant,
}

struct State {
    script: VecDeque<Answer>,
    taken: Vec<Taken>,
    calls: usize,
    rate: f64,
    day: u64,
}

/// The server.
#[derive(Clone)]
pub struct Double {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Double {
    /// Takes everything at 1000 a second until it is told otherwise.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            script: VecDeque::new(),
            taken: Vec::new(),
            calls: 0,
            rate: 1000.0,
            day: 100_000,
        };
        let double = Self {
            address,
            state: Arc::new(Mutex::new(state)),
        };
        let serving = double.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let serving = serving.clone();
                // A broken connection is the client's choice.
                tokio::spawn(async move { serving.serve(stream).await.ok() });
            }
        });
        double
    }

    /// The next messages are answered so, those after them taken.
    pub fn script(&self, answers: &[Answer]) {
        self.state.lock().unwrap().script = answers.iter().copied().collect();
    }

    /// Messages a second, and messages a day in all.
    pub fn limit(&self, rate: f64, day: u64) {
        let mut state = self.state.lock().unwrap();
        (state.rate, state.day) = (rate, day);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    /// Messages that were offered, taken or not.
    pub fn calls(&self) -> usize {
        self.state.lock().unwrap().calls
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let body = read(&mut stream).await?;
        let fields: Vec<(String, String)> = body
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), decoded(value)))
            .collect();
        let field = |name: &str| {
            let found = fields.iter().find(|(candidate, _)| candidate == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        match field("Action").as_str() {
            "GetSendQuota" => {
                let xml = self.quota();
                write(&mut stream, 200, &xml).await
            }
            "SendRawEmail" => {
                assert!(field("RawMessage.Data").len() > 100, "a message has content");
                let taken = Taken {
                    reference: field("Tags.member.1.Value"),
                    to: field("Destinations.member.1"),
                    at: Instant::now(),
                };
                self.answer(&mut stream, taken).await
            }
            action => panic!("unknown action {action:?}"),
        }
    }

    fn quota(&self) -> String {
        let state = self.state.lock().unwrap();
        format!(
            "<GetSendQuotaResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><GetSendQuotaResult>\
             <Max24HourSend>{}</Max24HourSend><MaxSendRate>{}</MaxSendRate><SentLast24Hours>{}</SentLast24Hours>\
             </GetSendQuotaResult></GetSendQuotaResponse>",
            state.day,
            state.rate,
            state.taken.len()
        )
    }

    async fn answer(&self, stream: &mut TcpStream, message: Taken) -> std::io::Result<()> {
        let (answer, is_day_over) = {
            let mut state = self.state.lock().unwrap();
            state.calls += 1;
            let is_day_over = state.taken.len() as u64 >= state.day;
            let answer = state.script.pop_front().unwrap_or(Answer::Take);
            let is_taken = !matches!(answer, Answer::Throttle | Answer::Reject | Answer::Unavailable);
            if is_taken && !is_day_over {
                state.taken.push(message.clone());
            }
            (answer, is_day_over)
        };
        if is_day_over {
            return write(stream, 400, &error("Throttling", "Daily message quota exceeded.")).await;
        }
        let said = format!("Email address is not verified: {}", message.to);
        match answer {
            Answer::Take => {
                let xml = format!(
                    "<SendRawEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendRawEmailResult>\
                     <MessageId>id-{}</MessageId></SendRawEmailResult></SendRawEmailResponse>",
                    message.reference
                );
                write(stream, 200, &xml).await
            }
            Answer::TakeAndHangUp => Ok(()),
            Answer::TakeAndStall(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Answer::TakeAndFault => write(stream, 500, &error("InternalFailure", "oops")).await,
            Answer::Throttle => {
                write(
                    stream,
                    400,
                    &error("Throttling", "Maximum sending rate exceeded."),
                )
                .await
            }
            Answer::Reject => write(stream, 400, &error("MessageRejected", &said)).await,
            Answer::Unavailable => write(stream, 503, &error("ServiceUnavailable", "later")).await,
        }
    }
}

fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    )
}

/// The body of one request.
async fn read(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = stream.read(&mut buffer).await?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse::<usize>().unwrap());
            if body.len() >= length {
                return Ok(body.to_owned());
            }
        }
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn write(stream: &mut TcpStream, status: u16, xml: &str) -> std::io::Result<()> {
    let answer = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{xml}",
        xml.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(if byte == b'+' { b' ' } else { byte });
        }
    }
    String::from_utf8(bytes).unwrap()
}
