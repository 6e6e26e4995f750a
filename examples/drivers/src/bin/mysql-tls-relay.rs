//! Adds TLS to a MySQL server whose own TLS is too old for rustls, such as Oracle's MySQL 5.6:
//! `mysql-tls-relay PORT SOCKET CERTIFICATE KEY` listens on loopback, and connects to the server's socket.
//!
//! The relay sets `CLIENT_SSL` in the server's greeting, answers the client's request for TLS itself, and passes the
//! login on without the flag. The server never sees the request for TLS, so during the login each packet has a
//! number on the client's side that is one higher. A client that does not request TLS is rejected.

use std::{env, path::PathBuf, sync::Arc};

use rds_iam_token_drivers::{BoxError, with_sources};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
};
use tokio_rustls::TlsAcceptor;

#[tokio::main]
async fn main() {
    if let Err(error) = serve().await {
        eprintln!("{}", with_sources(&*error));
        std::process::exit(1);
    }
}

async fn serve() -> Result<(), BoxError> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, socket, certificate, key] = &arguments[..] else {
        return Err("usage: mysql-tls-relay PORT SOCKET CERTIFICATE KEY".into());
    };
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate)?],
            PrivateKeyDer::from_pem_file(key)?,
        )?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let socket = PathBuf::from(socket);
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    loop {
        let (client, _) = listener.accept().await?;
        let (acceptor, socket) = (acceptor.clone(), socket.clone());
        tokio::spawn(async move {
            let served =
                async { relay(client, UnixStream::connect(socket).await?, acceptor).await };
            if let Err(error) = served.await {
                eprintln!("{}", with_sources(&*error));
            }
        });
    }
}

async fn relay(
    mut client: TcpStream,
    mut server: UnixStream,
    acceptor: TlsAcceptor,
) -> Result<(), BoxError> {
    let mut greeting = Packet::read(&mut server).await?;
    if greeting.is_error() {
        return greeting.write(&mut client).await;
    }
    // The version ends with a zero; the capabilities are 13 bytes after it.
    let version = greeting.payload.iter().position(|byte| *byte == 0);
    let capabilities = version.ok_or("the greeting has no version")? + 1 + 13;
    *greeting.byte(capabilities + 1)? |= CLIENT_SSL;
    greeting.write(&mut client).await?;

    let mut request = Packet::read(&mut client).await?;
    if request.payload.len() != SSL_REQUEST || *request.byte(1)? & CLIENT_SSL == 0 {
        return request.denied().write(&mut client).await;
    }
    let mut client = acceptor.accept(client).await?;
    let mut response = Packet::read(&mut client).await?;
    *response.byte(1)? &= !CLIENT_SSL;
    response.number = response.number.wrapping_sub(1);
    response.write(&mut server).await?;
    loop {
        let mut answer = Packet::read(&mut server).await?;
        answer.number = answer.number.wrapping_add(1);
        answer.write(&mut client).await?;
        if answer.payload.first() == Some(&OK) || answer.is_error() {
            break;
        }
        let mut response = Packet::read(&mut client).await?;
        response.number = response.number.wrapping_sub(1);
        response.write(&mut server).await?;
    }
    // Each command starts with the number 0.
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// A packet of MySQL's protocol. It has no `Debug`: a token can be in it.
struct Packet {
    number: u8,
    payload: Vec<u8>,
}

impl Packet {
    async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Self, BoxError> {
        let mut header = [0; 4];
        stream.read_exact(&mut header).await?;
        let [low, middle, high, number] = header;
        let length = u32::from_le_bytes([low, middle, high, 0]);
        if length > LONGEST {
            return Err("a packet of the login is too long".into());
        }
        let mut payload = vec![0; usize::try_from(length)?];
        stream.read_exact(&mut payload).await?;
        Ok(Self { number, payload })
    }

    async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> Result<(), BoxError> {
        let [low, middle, high, _] = u32::try_from(self.payload.len())?.to_le_bytes();
        let mut bytes = vec![low, middle, high, self.number];
        bytes.extend_from_slice(&self.payload);
        stream.write_all(&bytes).await?;
        Ok(stream.flush().await?)
    }

    fn byte(&mut self, index: usize) -> Result<&mut u8, BoxError> {
        let byte = self.payload.get_mut(index);
        Ok(byte.ok_or("a packet of the login is too short")?)
    }

    fn is_error(&self) -> bool {
        self.payload.first() == Some(&ERR)
    }

    /// Returns the answer to a login without TLS: the same as for a user with `REQUIRE SSL`.
    fn denied(&self) -> Self {
        let after = self.payload.get(SSL_REQUEST..).unwrap_or_default();
        let mut fields = after.splitn(2, |byte| *byte == 0);
        let user = String::from_utf8_lossy(fields.next().unwrap_or_default());
        let length = fields.next().and_then(|rest| rest.first());
        let password = if length > Some(&0) { "YES" } else { "NO" };
        let text =
            format!("Access denied for user '{user}'@'localhost' (using password: {password})");
        Self {
            number: self.number.wrapping_add(1),
            payload: [
                &[ERR],
                &1045_u16.to_le_bytes()[..],
                b"#28000",
                text.as_bytes(),
            ]
            .concat(),
        }
    }
}

// MySQL Internals, "Capability Flags": 0x0800, in the second byte.
const CLIENT_SSL: u8 = 0x08;
/// The length of an SSLRequest, and of the same fields in a HandshakeResponse.
const SSL_REQUEST: usize = 32;
const OK: u8 = 0x00;
const ERR: u8 = 0xff;
/// A token of 64 KiB, and a user.
const LONGEST: u32 = 80 * 1024;
