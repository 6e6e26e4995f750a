//! A network that is one millisecond slow: `delay LISTEN CONNECT` passes connections on, and each piece of
//! data a millisecond late. The throughput of `connect` is measured behind it.

use std::{env, error::Error, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Instant, sleep_until},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [listen, connect] = &arguments[..] else {
        return Err("usage: delay LISTEN CONNECT".into());
    };
    let listener = TcpListener::bind(listen).await?;
    println!("ready");
    loop {
        let (client, _) = listener.accept().await?;
        let server = TcpStream::connect(connect).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(pass(from_client, to_server));
        tokio::spawn(pass(from_server, to_client));
    }
}

/// Passes bytes on, each at least [`DELAY`] after it has come, without waiting for one before the next.
async fn pass(mut from: impl AsyncRead + Unpin, to: impl AsyncWrite + Unpin + Send + 'static) {
    // At most this many pieces are under way, as a network has a limit as well.
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(write(receiver, to));
    loop {
        let mut piece = vec![0; 64 * 1024];
        match from.read(&mut piece).await {
            Ok(length) if length > 0 => piece.truncate(length),
            _ => return,
        }
        if sender.send((Instant::now() + DELAY, piece)).await.is_err() {
            return;
        }
    }
}

async fn write(mut receiver: mpsc::Receiver<(Instant, Vec<u8>)>, mut to: impl AsyncWrite + Unpin) {
    while let Some((at, piece)) = receiver.recv().await {
        sleep_until(at).await;
        if to.write_all(&piece).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

const DELAY: Duration = Duration::from_millis(1);
