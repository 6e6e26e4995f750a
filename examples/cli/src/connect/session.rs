//! One connection: the steps of a login, and then bytes in both directions.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use rds_iam_token::Token;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::{
    database::Database,
    local::Local,
    step::{Bytes, Event, Failure, Login, Side, Step},
};

/// A connection of either side, with TLS or without.
pub(crate) type Stream = Box<dyn Duplex>;

pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// The addresses of the servers that gave out keys to cancel with. The name of a cluster can lead to a
/// different server each time.
#[derive(Default)]
pub(crate) struct Keys(Mutex<HashMap<Vec<u8>, SocketAddr>>);

impl Keys {
    fn change<T>(&self, change: impl FnOnce(&mut HashMap<Vec<u8>, SocketAddr>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One connection of a client.
pub(crate) struct Session<'a> {
    database: &'a Database,
    local: &'a Local,
    client: Stream,
    server: Stream,
    address: Option<SocketAddr>,
    /// The steps towards the database, for `--check`.
    pub(crate) layers: Vec<Layer>,
    /// Whom the client named, for the log.
    pub(crate) user: String,
}

/// One layer of a login.
pub(crate) struct Layer {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    /// The facts, or the error.
    pub(crate) result: Result<String, String>,
}

/// How many bytes were copied.
#[derive(Clone, Copy, Default)]
pub(crate) struct Copied {
    pub(crate) to_server: u64,
    pub(crate) to_client: u64,
}

impl<'a> Session<'a> {
    pub(crate) fn new(database: &'a Database, local: &'a Local, client: Stream) -> Self {
        Self {
            database,
            local,
            client,
            server: Box::new(tokio::io::empty()),
            address: None,
            layers: Vec::new(),
            user: String::new(),
        }
    }

    /// Logs in, and copies until one side ends.
    pub(crate) async fn run(&mut self, mut login: impl Login) -> Result<Copied, Failure> {
        let mut result = timeout(HANDSHAKE, self.log_in(&mut login)).await;
        if result.is_err() {
            // The client is told why, if it still listens.
            let text = format!("the login took over {} s", HANDSHAKE.as_secs());
            login.answer(Event::Failed(text));
            result = timeout(LAST_WORDS, self.log_in(&mut login)).await;
        }
        let result = result.unwrap_or(Err(Failure::Left));
        if result.is_err() {
            // Both sides see the end at once; the client of `--check` waits for it.
            self.client = Box::new(tokio::io::empty());
            self.server = Box::new(tokio::io::empty());
        }
        self.user = login.user();
        result?;
        let key = login.cancel_key().map(<[u8]>::to_vec);
        // What the login has is not needed any more.
        drop(login);
        let keys = &self.database.keys;
        if let (Some(key), Some(address)) = (&key, self.address) {
            keys.change(|keys| keys.insert(key.clone(), address));
        }
        let copied = relay(&mut self.client, &mut self.server).await;
        if let Some(key) = key {
            keys.change(|keys| keys.remove(&key));
        }
        Ok(copied)
    }

    async fn log_in(&mut self, login: &mut impl Login) -> Result<(), Failure> {
        let mut buffer = [0; 4096];
        loop {
            match login.step() {
                Step::Write(side, bytes) => {
                    let stream = self.stream(side);
                    let written = async {
                        stream.write_all(bytes.expose()).await?;
                        stream.flush().await
                    };
                    // What the database has sent before it left may say why.
                    if written.await.is_err() && side == Side::Client {
                        return Err(Failure::Left);
                    }
                }
                Step::Read(side) => match self.stream(side).read(&mut buffer).await {
                    Ok(length @ 1..) => {
                        login.answer(Event::Received(buffer.get(..length).unwrap_or_default()));
                    }
                    _ => login.answer(Event::Ended),
                },
                Step::Dial => {
                    self.local.limits.login().await;
                    let started = Instant::now();
                    let result = self.dial(None).await;
                    login.answer(event(self.note("tcp", started, result)));
                }
                Step::DialAgain(key) => {
                    let keys = &self.database.keys;
                    let address = keys.change(|keys| keys.get(key.expose()).copied());
                    let result = match address {
                        Some(address) => self.dial(Some(address)).await.map(drop),
                        None => Err(String::new()),
                    };
                    login.answer(event(result));
                }
                Step::StartTls => {
                    let started = Instant::now();
                    let result = self.start_tls().await;
                    login.answer(event(self.note("tls", started, result)));
                }
                Step::AcceptTls(bytes) => {
                    let result = self.accept_tls(bytes).await;
                    login.answer(event(result));
                }
                Step::Sign(user) => {
                    let started = Instant::now();
                    let token = self.database.token(&user).await;
                    let expiry = token.as_ref().map(Token::expires_at);
                    let fact = expiry.map(|expiry| format!("signed, valid until {expiry}"));
                    let _ = self.note("token", started, fact.map_err(Clone::clone));
                    login.answer(match &token {
                        Ok(token) => Event::Token(token.expose_secret()),
                        Err(error) => Event::Failed(error.clone()),
                    });
                }
                Step::Renew => {
                    let has_new = self.database.identity.renew().await;
                    let none = || "no different credentials".to_owned();
                    login.answer(event(has_new.then_some(()).ok_or_else(none)));
                }
                Step::Relay => return Ok(()),
                Step::Close(failure) => {
                    for side in [Side::Client, Side::Server] {
                        let _ = self.stream(side).shutdown().await;
                    }
                    return Err(failure);
                }
            }
        }
    }

    fn stream(&mut self, side: Side) -> &mut Stream {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    /// Keeps the result of a layer.
    fn note(
        &mut self,
        name: &'static str,
        started: Instant,
        result: Result<String, String>,
    ) -> Result<(), String> {
        let outcome = result.as_ref().map(drop).map_err(Clone::clone);
        self.layers.push(Layer {
            name,
            took: started.elapsed(),
            result,
        });
        outcome
    }

    async fn dial(&mut self, address: Option<SocketAddr>) -> Result<String, String> {
        let stream = dial(&self.database.address(), address).await?;
        self.address = stream.peer_addr().ok();
        self.server = Box::new(stream);
        let shown = self.address.map(|address| address.to_string());
        Ok(format!("connected to {}", shown.unwrap_or_default()))
    }

    async fn start_tls(&mut self) -> Result<String, String> {
        let stream = std::mem::replace(&mut self.server, Box::new(tokio::io::empty()));
        let (stream, facts) = self.database.start_tls(stream).await?;
        self.server = stream;
        Ok(facts)
    }

    async fn accept_tls(&mut self, bytes: Bytes) -> Result<(), String> {
        let acceptor = self.local.acceptor.as_ref().ok_or("no local TLS")?;
        let stream = std::mem::replace(&mut self.client, Box::new(tokio::io::empty()));
        let accepted = acceptor
            .accept(Prefixed {
                bytes,
                read: 0,
                stream,
            })
            .await;
        self.client =
            Box::new(accepted.map_err(|error| format!("TLS on this side failed: {error}"))?);
        Ok(())
    }
}

/// Opens a connection to the first address that accepts one.
pub(crate) async fn dial(place: &str, address: Option<SocketAddr>) -> Result<TcpStream, String> {
    let connect = async {
        match address {
            Some(address) => TcpStream::connect(address).await,
            None => TcpStream::connect(&lookup_host(place).await?.collect::<Vec<_>>()[..]).await,
        }
    };
    let stream = match timeout(CONNECT, connect).await {
        Ok(result) => result.map_err(|error| format!("{place} cannot be reached: {error}"))?,
        Err(_) => {
            return Err(format!(
                "{place} cannot be reached: no answer in {} s",
                CONNECT.as_secs()
            ));
        }
    };
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE)
        .with_interval(KEEPALIVE);
    let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive);
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

fn event(result: Result<(), String>) -> Event<'static> {
    match result {
        Ok(()) => Event::Done,
        Err(text) => Event::Failed(text),
    }
}

/// Copies both ways until both sides have ended, or one has and the other does not follow.
async fn relay(client: &mut Stream, server: &mut Stream) -> Copied {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (to_server_bytes, to_client_bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let up = copy(&mut from_client, &mut to_server, &to_server_bytes);
    let down = copy(&mut from_server, &mut to_client, &to_client_bytes);
    tokio::pin!(up, down);
    tokio::select! {
        () = &mut up => drop(timeout(HALF_CLOSED, down).await),
        () = &mut down => drop(timeout(HALF_CLOSED, up).await),
    }
    Copied {
        to_server: to_server_bytes.load(Relaxed),
        to_client: to_client_bytes.load(Relaxed),
    }
}

/// Copies until the end of `from`, and ends `to`.
async fn copy(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    total: &AtomicU64,
) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let bytes = buffer.get(..length).unwrap_or_default();
        if to.write_all(bytes).await.is_err() || to.flush().await.is_err() {
            return;
        }
        total.fetch_add(u64::try_from(length).unwrap_or_default(), Relaxed);
    }
    let _ = to.shutdown().await;
}

/// A stream of which some bytes have been read already.
struct Prefixed {
    bytes: Bytes,
    read: usize,
    stream: Stream,
}

impl AsyncRead for Prefixed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let left = self.bytes.expose().get(self.read..).unwrap_or_default();
        let length = left.len().min(buf.remaining());
        if length == 0 {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        buf.put_slice(left.get(..length).unwrap_or_default());
        self.read += length;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Prefixed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Of a whole login.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(30);
/// Of the error after it.
const LAST_WORDS: Duration = Duration::from_secs(1);
const CONNECT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_secs(30);
/// How long one side has to end after the other.
const HALF_CLOSED: Duration = Duration::from_secs(5);
/// Of each direction, in bytes.
const BUFFER: usize = 64 * 1024;
