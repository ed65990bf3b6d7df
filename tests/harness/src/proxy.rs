//! A TCP proxy that misbehaves on demand: put it between a process and a service, and break the network.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Bytes that are carried at a time.
const BLOCK: usize = 16 << 10;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the service.
    ToService,
    /// From the service to the client.
    ToClient,
}

/// What the network does. It holds for open and new connections, until the next [`Proxy::set`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weather {
    /// It carries everything.
    Fine,
    /// New connections are refused; open ones go on.
    Refusing,
    /// Connections are accepted and nothing arrives; what was sent arrives afterwards, as after a cut that TCP outlives.
    Stalled,
    /// Bytes of one direction vanish. A connection that has lost bytes is reset when the weather changes.
    HalfOpen(Direction),
    /// Every block is late, and not more than so many bytes pass a second.
    Slow {
        /// Delay of each block.
        latency: Duration,
        /// Bytes a second, in each direction of each connection.
        bytes_per_second: u64,
    },
}

/// A running proxy. Dropping it resets its connections and frees its port.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
}

#[derive(Debug)]
struct Shared {
    target: AtomicU16,
    weather: watch::Sender<Weather>,
    cuts: watch::Sender<u64>,
    lapses: watch::Sender<u64>,
    open: AtomicU64,
}

impl Proxy {
    /// Listens on a free port of 127.0.0.1 and forwards to a port of it.
    ///
    /// # Errors
    /// When it cannot listen.
    pub fn start(target_port: u16) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("proxy")
            .enable_all()
            .build()?;
        let shared = Arc::new(Shared {
            target: AtomicU16::new(target_port),
            weather: watch::Sender::new(Weather::Fine),
            cuts: watch::Sender::new(0),
            lapses: watch::Sender::new(0),
            open: AtomicU64::new(0),
        });
        // Bound by the standard library, so that it works inside an async test, too.
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        runtime.spawn(accept(listener, port, Arc::clone(&shared)));
        Ok(Self {
            port,
            shared,
            runtime: Some(runtime),
        })
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes the weather.
    pub fn set(&self, weather: Weather) {
        self.shared.weather.send_replace(weather);
    }

    /// Fine weather again.
    pub fn heal(&self) {
        self.set(Weather::Fine);
    }

    /// Resets every open connection, both sides.
    pub fn cut(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Forgets every open connection, as a router does that was restarted: nothing passes any more, and neither side hears of
    /// it. New connections are carried.
    pub fn forget(&self) {
        self.shared.lapses.send_modify(|lapses| *lapses += 1);
    }

    /// Connects new connections to another port of 127.0.0.1; open ones stay where they are.
    pub fn point_to(&self, target_port: u16) {
        self.shared.target.store(target_port, Ordering::SeqCst);
    }

    /// Open connections.
    pub fn open(&self) -> u64 {
        self.shared.open.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A plain drop blocks, which an async test does not allow.
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: std::net::TcpListener, port: u16, shared: Arc<Shared>) {
    let mut weather = shared.weather.subscribe();
    let mut listener = TcpListener::from_std(listener).ok();
    loop {
        let is_refusing = *weather.borrow_and_update() == Weather::Refusing;
        if is_refusing {
            // Nobody listening is what a refusal is.
            listener = None;
        } else if listener.is_none() {
            listener = TcpListener::bind(("127.0.0.1", port)).await.ok();
        }
        let accepted = match &listener {
            None if is_refusing => {
                if weather.changed().await.is_err() {
                    return;
                }
                continue;
            }
            None => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
            Some(listener) => tokio::select! {
                accepted = listener.accept() => accepted,
                changed = weather.changed() => if changed.is_ok() { continue } else { return },
            },
        };
        if let Ok((client, _)) = accepted {
            tokio::spawn(carry(client, Arc::clone(&shared)));
        }
    }
}

/// Carries one connection until one side ends it, it is cut, or it has lost bytes.
async fn carry(mut client: TcpStream, shared: Arc<Shared>) {
    let mut cuts = shared.cuts.subscribe();
    let mut lapses = shared.lapses.subscribe();
    let target = ("127.0.0.1", shared.target.load(Ordering::SeqCst));
    let Ok(mut service) = TcpStream::connect(target).await else {
        // The service refuses: so does the way to it.
        let _ = client.set_zero_linger();
        return;
    };
    let _ = (client.set_nodelay(true), service.set_nodelay(true));
    shared.open.fetch_add(1, Ordering::SeqCst);
    let is_whole = {
        let (from_client, to_client) = client.split();
        let (from_service, to_service) = service.split();
        let there = pump(
            from_client,
            to_service,
            Direction::ToService,
            shared.weather.subscribe(),
        );
        let back = pump(
            from_service,
            to_client,
            Direction::ToClient,
            shared.weather.subscribe(),
        );
        tokio::select! {
            ended = async { tokio::try_join!(there, back) } => ended.is_ok(),
            _ = cuts.changed() => false,
            _ = lapses.changed() => {
                // Both sockets stay open; an error says that the proxy is gone.
                let _ = cuts.changed().await;
                false
            }
        }
    };
    if !is_whole {
        let _ = (client.set_zero_linger(), service.set_zero_linger());
    }
    shared.open.fetch_sub(1, Ordering::SeqCst);
}

/// Carries one direction to its end. An error says that the connection is broken.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    direction: Direction,
    mut weather: watch::Receiver<Weather>,
) -> std::io::Result<()> {
    let broken = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let mut block = vec![0; BLOCK];
    let mut has_lost = false;
    loop {
        let read = tokio::select! {
            read = from.read(&mut block) => read?,
            changed = weather.changed(), if has_lost => {
                changed.map_err(|_| broken())?;
                return Err(broken());
            }
        };
        weather
            .wait_for(|weather| *weather != Weather::Stalled)
            .await
            .map_err(|_| broken())?;
        let now = *weather.borrow_and_update();
        match now {
            Weather::HalfOpen(lossy) if lossy == direction => {
                has_lost = true;
                if read == 0 {
                    // The end of the stream vanishes as well.
                    let _ = weather.changed().await;
                    return Err(broken());
                }
                continue;
            }
            Weather::Slow {
                latency,
                bytes_per_second,
            } => {
                let transfer = Duration::from_secs_f64(read as f64 / bytes_per_second.max(1) as f64);
                tokio::time::sleep(latency + transfer).await;
            }
            _ => {}
        }
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&block[..read]).await?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::Instant;

    use super::*;

    /// How long a silence is watched.
    const SHORT: Duration = Duration::from_millis(300);
    /// Enough for anything that happens at all, on a busy machine.
    const SOON: Duration = Duration::from_secs(10);

    /// A service that sends back what it gets, and the proxy before it.
    fn echo() -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let proxy = Proxy::start(listener.local_addr().unwrap().port()).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut reader = stream.try_clone().unwrap();
                    let mut writer = stream;
                    let _ = std::io::copy(&mut reader, &mut writer);
                });
            }
        });
        proxy
    }

    fn connect(proxy: &Proxy) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream
    }

    fn ask(stream: &mut TcpStream, text: &str) -> std::io::Result<String> {
        stream.write_all(text.as_bytes())?;
        hear(stream, text.len())
    }

    fn assert_silent(stream: &mut TcpStream, text: &str) {
        stream.set_read_timeout(Some(SHORT)).unwrap();
        assert_eq!(ask(stream, text).unwrap_err().kind(), ErrorKind::WouldBlock);
        stream.set_read_timeout(Some(SOON)).unwrap();
    }

    fn hear(stream: &mut TcpStream, length: usize) -> std::io::Result<String> {
        let mut block = vec![0; length];
        stream.read_exact(&mut block)?;
        Ok(String::from_utf8(block).unwrap())
    }

    #[test]
    fn fine_weather_carries_everything_and_ends_in_good_order() {
        let proxy = echo();
        let mut stream = connect(&proxy);
        let mut reader = stream.try_clone().unwrap();
        let sent: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();
        let expected = sent.clone();
        let writer = std::thread::spawn(move || {
            stream.write_all(&sent).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
        });
        let mut heard = Vec::new();
        reader.read_to_end(&mut heard).unwrap();
        writer.join().unwrap();
        assert!(heard == expected);
    }

    #[test]
    fn a_cut_resets_open_connections_and_spares_new_ones() {
        let proxy = echo();
        let mut first = connect(&proxy);
        assert_eq!(ask(&mut first, "a").unwrap(), "a");
        proxy.cut();
        let broken = hear(&mut first, 1).unwrap_err();
        assert_eq!(broken.kind(), ErrorKind::ConnectionReset);
        assert_eq!(ask(&mut connect(&proxy), "b").unwrap(), "b");
    }

    #[test]
    fn a_forgotten_connection_is_silent_and_new_ones_go_where_it_points() {
        let proxy = echo();
        let mut first = connect(&proxy);
        assert_eq!(ask(&mut first, "a").unwrap(), "a");
        let other = echo();
        proxy.forget();
        proxy.point_to(other.port());
        assert_silent(&mut first, "lost");
        let mut second = connect(&proxy);
        assert_eq!(ask(&mut second, "b").unwrap(), "b");
        assert_eq!(other.open(), 1);
        assert_silent(&mut first, "lost");
        proxy.cut();
        assert!(hear(&mut first, 1).is_err());
    }

    #[test]
    fn a_stall_loses_nothing() {
        let proxy = echo();
        let mut open = connect(&proxy);
        assert_eq!(ask(&mut open, "a").unwrap(), "a");
        proxy.set(Weather::Stalled);
        let mut new = connect(&proxy);
        for stream in [&mut open, &mut new] {
            assert_silent(stream, "later");
        }
        proxy.heal();
        for stream in [&mut open, &mut new] {
            assert_eq!(hear(stream, 5).unwrap(), "later");
        }
    }

    #[test]
    fn half_open_loses_one_direction_and_then_the_connection() {
        for direction in [Direction::ToService, Direction::ToClient] {
            let proxy = echo();
            let mut hurt = connect(&proxy);
            assert_eq!(ask(&mut hurt, "a").unwrap(), "a");
            let mut idle = connect(&proxy);
            assert_eq!(ask(&mut idle, "a").unwrap(), "a");
            proxy.set(Weather::HalfOpen(direction));
            assert_silent(&mut hurt, "lost");
            proxy.heal();
            let ended = hear(&mut hurt, 1).unwrap_err();
            assert_eq!(ended.kind(), ErrorKind::ConnectionReset, "{direction:?}");
            assert_eq!(
                ask(&mut idle, "b").unwrap(),
                "b",
                "{direction:?}: it has lost nothing"
            );
        }
    }

    #[test]
    fn slow_weather_is_slow() {
        let proxy = echo();
        let mut stream = connect(&proxy);
        proxy.set(Weather::Slow {
            latency: Duration::from_millis(100),
            bytes_per_second: 10_000,
        });
        let began = Instant::now();
        ask(&mut stream, &"x".repeat(1000)).unwrap();
        // Two ways, each 100 ms of latency and 100 ms of transfer.
        assert!(
            began.elapsed() >= Duration::from_millis(400),
            "{:?}",
            began.elapsed()
        );
        proxy.heal();
        let began = Instant::now();
        ask(&mut stream, &"x".repeat(1000)).unwrap();
        assert!(
            began.elapsed() < Duration::from_millis(390),
            "{:?}",
            began.elapsed()
        );
    }

    #[test]
    fn refusing_spares_open_connections_and_heals() {
        let proxy = echo();
        let mut open = connect(&proxy);
        assert_eq!(ask(&mut open, "a").unwrap(), "a");
        proxy.set(Weather::Refusing);
        let began = Instant::now();
        // One that the system has accepted already is reset.
        while connection_kind(&proxy) != Some(ErrorKind::ConnectionRefused) {
            assert!(began.elapsed() < SOON, "connections are still accepted");
        }
        assert_eq!(ask(&mut open, "b").unwrap(), "b");
        proxy.heal();
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", proxy.port())).is_err() {
            assert!(began.elapsed() < SOON, "it does not listen again");
        }
        assert_eq!(ask(&mut connect(&proxy), "c").unwrap(), "c");
    }

    /// How an attempt to connect fails; none: it does not.
    fn connection_kind(proxy: &Proxy) -> Option<ErrorKind> {
        let attempt = TcpStream::connect(("127.0.0.1", proxy.port()));
        attempt.err().map(|error| error.kind())
    }

    #[test]
    fn a_service_that_is_down_is_a_reset() {
        let free = crate::free_port().unwrap();
        let proxy = Proxy::start(free).unwrap();
        let ended = ask(&mut connect(&proxy), "a");
        assert!(ended.is_err());
        assert_eq!(proxy.open(), 0);
    }
}
