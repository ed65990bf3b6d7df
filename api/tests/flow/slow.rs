//! Clients that are slow on purpose.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::setup::Application;

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let application = Application::start().await;
    let address = application.listen().await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut dripping = TcpStream::connect(address).await.unwrap();
    dripping
        .write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n")
        .await
        .unwrap();
    let begin = Instant::now();
    let drip = async {
        let mut byte = [0];
        loop {
            let read = timeout(Duration::from_millis(500), dripping.read(&mut byte)).await;
            if read.is_ok() || dripping.write_all(b"X-A: b\r\n").await.is_err() {
                return;
            }
        }
    };
    timeout(Duration::from_secs(20), drip)
        .await
        .expect("it is closed");
    let mut byte = [0];
    let read = timeout(Duration::from_secs(20), silent.read(&mut byte)).await;
    assert!(matches!(read, Ok(Ok(0) | Err(_))), "{read:?}");
    assert!(begin.elapsed() > Duration::from_secs(8), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn one_with_a_request_stays_open_for_the_next() {
    let application = Application::start().await;
    let mut socket = TcpStream::connect(application.listen().await).await.unwrap();
    for pause in [0, 12] {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        socket
            .write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut answer = [0; 12];
        let read = timeout(Duration::from_secs(10), socket.read_exact(&mut answer)).await;
        read.expect("in time").expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200");
        let mut rest = [0; 4096];
        let _ = timeout(Duration::from_millis(200), socket.read(&mut rest)).await;
    }
}

/// Asks for much, and never reads: the server does not wait for ever.
#[tokio::test]
async fn a_client_that_reads_nothing_is_left() {
    let application = Application::start().await;
    let bounds = api::Bounds {
        write_stall: Duration::from_secs(1),
        ..api::Bounds::new(100)
    };
    let mut socket = TcpStream::connect(application.listen_within(bounds).await)
        .await
        .unwrap();
    let asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000);
    let _ = timeout(Duration::from_secs(2), socket.write_all(&asked)).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    // What the network has taken in is still there, and then nothing more.
    let (mut length, mut buffer) = (0, vec![0; 1 << 16]);
    let rest = async {
        loop {
            match socket.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(read) => length += read,
            }
        }
    };
    timeout(Duration::from_secs(10), rest)
        .await
        .expect("it is closed");
    let one = include_str!("../../../docs/openapi.json").len();
    assert!(length < one * 2_000, "all of it was sent: {length} bytes");
}

#[tokio::test]
async fn there_are_so_many_connections_at_most() {
    let application = Application::start().await;
    let address = application.listen_within(api::Bounds::new(2)).await;
    let mut first = [
        TcpStream::connect(address).await.unwrap(),
        TcpStream::connect(address).await.unwrap(),
    ]
    .map(Some);
    let mut third = TcpStream::connect(address).await.unwrap();
    third
        .write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 12];
    let waiting = timeout(Duration::from_secs(1), third.read_exact(&mut answer)).await;
    assert!(waiting.is_err(), "it waits for a place");
    first[0] = None;
    let answered = timeout(Duration::from_secs(5), third.read_exact(&mut answer)).await;
    answered.expect("in time").expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
}
