//! Servers whose packets are given.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, SystemTime},
};

use rcgen::{CertifiedKey, KeyPair};
use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, Verifier};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::program::HOST;

/// A certificate that signs itself.
pub(crate) struct Certificate(CertifiedKey<KeyPair>);

impl Certificate {
    pub(crate) fn new(name: &str) -> Self {
        Self(rcgen::generate_simple_self_signed([name.to_owned()]).expect("it can be made"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.cert.pem()
    }

    fn config(&self) -> ServerConfig {
        let key = PrivatePkcs8KeyDer::from(self.0.signing_key.serialize_der());
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has them")
            .with_no_client_auth()
            .with_single_cert(vec![self.0.cert.der().clone()], PrivateKeyDer::from(key))
            .expect("they belong together")
    }
}

/// What a connection sent to the server.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) plain: Vec<u8>,
    pub(crate) in_tls: Vec<u8>,
    /// The name that it asked for in TLS.
    pub(crate) name: Option<String>,
}

impl Received {
    /// Returns the token, if it was sent.
    pub(crate) fn token(&self) -> Option<&str> {
        let mut parts = self.in_tls.split(|byte| *byte == 0);
        let part = parts.find(|part| contains(part, b"Action=connect"))?;
        // The number of the packet is before it.
        str::from_utf8(part.get(1..)?).ok()
    }

    pub(crate) fn has_any_of_a_token(&self) -> bool {
        [&self.plain, &self.in_tls]
            .iter()
            .any(|bytes| contains(bytes, b"Action=") || contains(bytes, b"X-Amz"))
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

pub(crate) struct Server {
    pub(crate) port: u16,
    received: mpsc::Receiver<Received>,
}

impl Server {
    /// Starts a MySQL server that sends these bytes at once, and in TLS each of these packets after one that it
    /// got; then it sends back whatever it gets.
    pub(crate) fn start(certificate: &Certificate, greeting: &[u8], answers: &[&[u8]]) -> Self {
        let greeting = greeting.to_vec();
        let answers: Vec<_> = answers.iter().map(|answer| answer.to_vec()).collect();
        Self::with(certificate, move |stream, config, received| {
            serve(stream, config, &greeting, &answers, received)
        })
    }

    /// Starts a PostgreSQL server that answers the request for TLS with these bytes, and in TLS sends each of these
    /// answers after a packet that it got; then it sends back whatever it gets.
    pub(crate) fn postgres(certificate: &Certificate, tls: &[u8], answers: &[&[u8]]) -> Self {
        let tls = tls.to_vec();
        let answers: Vec<_> = answers.iter().map(|answer| answer.to_vec()).collect();
        Self::with(certificate, move |stream, config, received| {
            serve_postgres(stream, config, &tls, &answers, received)
        })
    }

    fn with(certificate: &Certificate, serve: impl Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let config = Arc::new(certificate.config());
        let serve = Arc::new(serve);
        let (sender, received) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("it connects");
                let (config, serve) = (Arc::clone(&config), Arc::clone(&serve));
                let sender = sender.clone();
                thread::spawn(move || {
                    let mut received = Received::default();
                    serve(stream, &config, &mut received);
                    let _ = sender.send(received);
                });
            }
        });
        Self { port, received }
    }

    /// Returns what the next connection sent, after its end.
    pub(crate) fn received(&self) -> Received {
        self.received
            .recv_timeout(Duration::from_secs(20))
            .expect("a connection ends")
    }
}

/// The part of a server in one connection.
trait Serve:
    Fn(TcpStream, &Arc<ServerConfig>, &mut Received) -> Option<()> + Send + Sync + 'static
{
}

impl<T> Serve for T where
    T: Fn(TcpStream, &Arc<ServerConfig>, &mut Received) -> Option<()> + Send + Sync + 'static
{
}

/// Serves until an end or an error, and keeps what was sent until then.
fn serve(
    mut stream: TcpStream,
    config: &Arc<ServerConfig>,
    greeting: &[u8],
    answers: &[Vec<u8>],
    received: &mut Received,
) -> Option<()> {
    stream.write_all(greeting).ok()?;
    received.plain.extend(packet(&mut stream)?);
    let connection = ServerConnection::new(Arc::clone(config)).ok()?;
    let mut stream = StreamOwned::new(connection, stream);
    for answer in answers {
        received.in_tls.extend(packet(&mut stream)?);
        stream.write_all(answer).ok()?;
    }
    echo(&mut stream, received)
}

/// Serves as `serve` does.
fn serve_postgres(
    mut stream: TcpStream,
    config: &Arc<ServerConfig>,
    tls: &[u8],
    answers: &[Vec<u8>],
    received: &mut Received,
) -> Option<()> {
    received.plain.extend(untyped(&mut stream)?);
    stream.write_all(tls).ok()?;
    if tls != b"S" {
        stream.read_to_end(&mut received.plain).ok()?;
        return None;
    }
    let connection = ServerConnection::new(Arc::clone(config)).ok()?;
    let mut stream = StreamOwned::new(connection, stream);
    let startup = untyped(&mut stream)?;
    received.name = stream.conn.server_name().map(str::to_owned);
    let is_cancel = startup[4..8] == CANCEL;
    received.in_tls.extend(startup);
    if is_cancel {
        return Some(());
    }
    for (number, answer) in answers.iter().enumerate() {
        if number > 0 {
            received.in_tls.extend(message(&mut stream)?);
        }
        stream.write_all(answer).ok()?;
    }
    echo(&mut stream, received)
}

/// Sends back what arrives.
fn echo(stream: &mut (impl Read + Write), received: &mut Received) -> Option<()> {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        received.in_tls.extend_from_slice(&buffer[..length]);
        stream.write_all(&buffer[..length]).ok()?;
    }
    Some(())
}

/// Returns a packet of PostgreSQL, which has no type.
fn untyped(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut packet = vec![0; 4];
    stream.read_exact(&mut packet).ok()?;
    let length = u32::from_be_bytes(packet[..4].try_into().ok()?);
    packet.resize(usize::try_from(length).ok()?.max(8), 0);
    stream.read_exact(&mut packet[4..]).ok()?;
    Some(packet)
}

/// Returns a message of PostgreSQL with its type.
pub(crate) fn message(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut message = vec![0; 5];
    stream.read_exact(&mut message).ok()?;
    let length = u32::from_be_bytes(message[1..].try_into().ok()?);
    message.resize(usize::try_from(length).ok()? + 1, 0);
    stream.read_exact(&mut message[5..]).ok()?;
    Some(message)
}

/// Returns a packet with its frame.
pub(crate) fn packet(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut packet = vec![0; 4];
    stream.read_exact(&mut packet).ok()?;
    let length =
        usize::from(packet[0]) | usize::from(packet[1]) << 8 | usize::from(packet[2]) << 16;
    packet.resize(4 + length, 0);
    stream.read_exact(&mut packet[4..]).ok()?;
    Some(packet)
}

/// Verifies a token as RDS does.
#[track_caller]
pub(crate) fn verify(token: &str, port: u16, user: &str) {
    let endpoint = Endpoint::new(HOST, port).expect("it is valid");
    let verifier = Verifier::new(endpoint, Region::new("eu-west-1").expect("it is valid"));
    let now = Timestamp::try_from(SystemTime::now()).expect("it is valid");
    let key = Credentials::new("AKIDEXAMPLE", "not-a-real-secret").expect("they are valid");
    let verdict = verifier.verify_user(token, user, now, |_: &str| Some(&key));
    assert!(verdict.is_ok(), "{verdict:?}");
}

/// The code of a request to cancel.
pub(crate) const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();
