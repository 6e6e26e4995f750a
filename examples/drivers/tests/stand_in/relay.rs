//! A relay in the middle: it changes passwords on their way, or removes TLS and listens.

use std::sync::{Arc, Mutex, PoisonError};

use rds_iam_token_drivers::{BoxError, tls};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::server::{Engine, StandIn};

/// Converts the password that a client sends to the one that the server gets.
pub type Alter = fn(&str) -> String;

/// Starts a relay with the server's own certificate, and returns its port.
pub async fn alter(stand_in: &StandIn, engine: Engine, alter: Alter) -> Result<u16, BoxError> {
    let certificate = CertificateDer::from_pem_file(stand_in.folder.join("server.pem"))?;
    let key = PrivateKeyDer::from_pem_file(stand_in.folder.join("server.key"))?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    let relay = Arc::new(Relay {
        engine,
        server: (stand_in.host.clone(), stand_in.port(engine)),
        acceptor: TlsAcceptor::from(Arc::new(config)),
        connector: TlsConnector::from(Arc::new(tls::client_config(&stand_in.ca())?)),
        alter,
    });
    serve(move |client| {
        let relay = Arc::clone(&relay);
        async move { relay.pass(client).await }
    })
    .await
}

struct Relay {
    engine: Engine,
    server: (String, u16),
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    alter: Alter,
}

impl Relay {
    async fn pass(&self, mut client: TcpStream) -> Result<(), BoxError> {
        let mut server = TcpStream::connect(&self.server).await?;
        match self.engine {
            Engine::PostgreSql => {
                pass(&mut client, &mut server, SSL_REQUEST.len()).await?;
                pass(&mut server, &mut client, 1).await?;
            }
            Engine::MariaDb => {
                let greeting = packet(&mut server).await?;
                client.write_all(&greeting).await?;
                let request = packet(&mut client).await?;
                server.write_all(&request).await?;
            }
        }
        let name = ServerName::try_from(self.server.0.clone())?;
        let mut client = self.acceptor.accept(client).await?;
        let mut server = self.connector.connect(name, server).await?;
        let (mut from_client, mut from_server) = ([0; BUFFER], [0; BUFFER]);
        loop {
            tokio::select! {
                length = client.read(&mut from_client) => match length? {
                    0 => return Ok(()),
                    length => server.write_all(&self.change(&from_client[..length])?).await?,
                },
                length = server.read(&mut from_server) => match length? {
                    0 => return Ok(()),
                    length => client.write_all(&from_server[..length]).await?,
                },
            }
            client.flush().await?;
            server.flush().await?;
        }
    }

    /// Changes a message if a token is in it: it is then the only one, and ends with a zero.
    fn change(&self, message: &[u8]) -> Result<Vec<u8>, BoxError> {
        if !has_token(message) {
            return Ok(message.to_vec());
        }
        let start = match self.engine {
            Engine::PostgreSql => 5,
            Engine::MariaDb => 4,
        };
        let password = str::from_utf8(&message[start..message.len() - 1])?;
        let changed = (self.alter)(password);
        let mut sent = match self.engine {
            Engine::PostgreSql => {
                let length = u32::try_from(changed.len() + 5)?.to_be_bytes();
                [&b"p"[..], &length].concat()
            }
            Engine::MariaDb => {
                let length = u32::try_from(changed.len() + 1)?.to_le_bytes();
                [&length[..3], &message[3..4]].concat()
            }
        };
        sent.extend_from_slice(changed.as_bytes());
        sent.push(0);
        Ok(sent)
    }
}

/// Starts a server without TLS that asks for the password, and returns its port and what it hears.
pub async fn strip(stand_in: &StandIn, engine: Engine) -> Result<(u16, Heard), BoxError> {
    let heard = Heard::default();
    let server = (stand_in.host.clone(), stand_in.port(engine));
    let listener = heard.clone();
    let port = serve(move |mut client| {
        let (heard, server) = (listener.clone(), server.clone());
        async move {
            match engine {
                Engine::PostgreSql => {
                    let mut message = [0; BUFFER];
                    let length = client.read(&mut message).await?;
                    if message[..length] == SSL_REQUEST {
                        client.write_all(b"N").await?;
                        heard.listen(&mut client).await?;
                    }
                    client.write_all(ASK_FOR_PASSWORD).await?;
                }
                Engine::MariaDb => {
                    let mut greeting = packet(&mut TcpStream::connect(&server).await?).await?;
                    // The version ends with a zero; the capabilities are 13 bytes after it.
                    let version = greeting[5..].iter().position(|byte| *byte == 0);
                    let capabilities = 5 + version.ok_or("no version")? + 1 + 13;
                    greeting[capabilities + 1] &= !(CLIENT_SSL >> 8) as u8;
                    client.write_all(&greeting).await?;
                    let answer = packet(&mut client).await?;
                    let ask = b"\xfemysql_clear_password\0";
                    client
                        .write_all(&[ask.len() as u8, 0, 0, answer[3] + 1])
                        .await?;
                    client.write_all(ask).await?;
                }
            }
            heard.listen(&mut client).await
        }
    })
    .await?;
    Ok((port, heard))
}

/// The bytes that were heard.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    pub fn a_token(&self) -> bool {
        has_token(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn listen(&self, client: &mut TcpStream) -> Result<(), BoxError> {
        let mut message = [0; BUFFER];
        let length = client.read(&mut message).await?;
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.extend_from_slice(&message[..length]);
        Ok(())
    }
}

/// Serves each client of a port of its own.
async fn serve<F>(client: impl Fn(TcpStream) -> F + Send + 'static) -> Result<u16, BoxError>
where
    F: Future<Output = Result<(), BoxError>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that goes away in the middle is what the tests are about.
            let served = client(stream);
            tokio::spawn(async move { drop(served.await) });
        }
    });
    Ok(port)
}

fn has_token(message: &[u8]) -> bool {
    let mark = b"Action=connect";
    message.windows(mark.len()).any(|window| window == mark)
}

async fn pass(from: &mut TcpStream, to: &mut TcpStream, length: usize) -> Result<(), BoxError> {
    let mut message = vec![0; length];
    from.read_exact(&mut message).await?;
    Ok(to.write_all(&message).await?)
}

/// Reads a packet of MySQL's protocol, with its header.
async fn packet(stream: &mut TcpStream) -> Result<Vec<u8>, BoxError> {
    let mut packet = vec![0; 4];
    stream.read_exact(&mut packet).await?;
    let length = u32::from_le_bytes([packet[0], packet[1], packet[2], 0]);
    packet.resize(4 + usize::try_from(length)?, 0);
    stream.read_exact(&mut packet[4..]).await?;
    Ok(packet)
}

const BUFFER: usize = 32 * 1024;

/// PostgreSQL documentation, 55.7, "SSLRequest".
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
/// "AuthenticationCleartextPassword", in the same place.
const ASK_FOR_PASSWORD: &[u8] = &[b'R', 0, 0, 0, 8, 0, 0, 0, 3];
/// MySQL Internals, "Capability Flags".
const CLIENT_SSL: u16 = 0x0800;
