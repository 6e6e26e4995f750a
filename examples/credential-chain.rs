//! Signs a token with the credentials of the chain, and the standard library alone: `HOST:PORT USER`.
//! Containers and instances are queried over plain HTTP; TLS (STS, IAM Identity Center) needs
//! `blocking.rs` or `nonblocking.rs` of examples/credentials. It blocks: in tokio, use the latter.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::{env, error::Error, fs, process, thread, time::Duration, time::SystemTime};

use rds_iam_token::chain::{
    Answer, CredentialChain, HttpFailure, HttpRequest, HttpResponse, Need, Resolved, Settings, Step,
};
use rds_iam_token::{Endpoint, Timestamp, TokenCache, TokenRequest};

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = env::args().skip(1);
    let endpoint: Endpoint = arguments.next().ok_or("expected HOST:PORT")?.parse()?;
    let user = arguments.next().ok_or("expected a user")?;
    let region = endpoint.inferred_region().ok_or("no region in the host")?;
    let cache = TokenCache::without_credentials(TokenRequest::new(endpoint, region, user)?)?;
    // In a program that goes on: every half minute, in a thread of its own.
    if cache.credentials_due(now()?, Duration::from_secs(240)) {
        let settings = Settings::default().with_seed(RandomState::new().hash_one(0));
        cache.set_credentials(resolve(settings)?.into_credentials());
    }
    println!("{}", cache.token(now()?)?.expose_secret());
    Ok(())
}

fn now() -> Result<Timestamp, rds_iam_token::Error> {
    Timestamp::try_from(SystemTime::now())
}

/// Runs a search to its end.
fn resolve(settings: Settings) -> Result<Resolved, Box<dyn Error + Send + Sync>> {
    let mut chain = CredentialChain::new(settings);
    loop {
        let answer = match chain.step(now()?) {
            Step::Need(need) => perform(&need),
            Step::Done(resolved) => return Ok(resolved),
            Step::Failed(error) => {
                eprint!("{}", error.report());
                return Err("no credentials".into());
            }
        };
        chain.answer(answer)?;
    }
}

fn perform(need: &Need<'_>) -> Answer {
    match need {
        Need::Variables(names) => {
            // A value that is not UTF-8 is damaged here, so that it is rejected and not passed over.
            let value = |name| Some(env::var_os(name)?.to_string_lossy().into_owned());
            Answer::Variables(names.iter().map(value).collect())
        }
        Need::File(path) => Answer::from_read(fs::read(path)),
        Need::Process { argv, .. } => {
            Answer::from_output(process::Command::new(&argv[0]).args(&argv[1..]).output())
        }
        Need::Http(request) if !request.needs_tls() => exchange(request),
        _ => Answer::Unsupported("use blocking.rs of examples/credentials".into()),
    }
}

fn exchange(request: &HttpRequest) -> Answer {
    thread::sleep(request.wait());
    let (error, timeout, other) = match connect(request) {
        Err(error) => (error, HttpFailure::ConnectTimeout, HttpFailure::Refused),
        Ok(stream) => match talk(stream, request) {
            Ok(response) => return Answer::Http(response),
            Err(error) => (error, HttpFailure::ReadTimeout, HttpFailure::Other),
        },
    };
    let timed_out = matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock);
    Answer::NoResponse {
        failure: if timed_out { timeout } else { other },
        detail: error.to_string(),
    }
}

fn connect(request: &HttpRequest) -> io::Result<TcpStream> {
    let addresses = request.host_and_port().to_socket_addrs()?;
    let mut outcome = Err(ErrorKind::NotFound.into());
    for address in addresses {
        outcome = TcpStream::connect_timeout(&address, request.connect_timeout());
        if outcome.is_ok() {
            break;
        }
    }
    let stream = outcome?;
    stream.set_read_timeout(Some(request.read_timeout()))?;
    Ok(stream)
}

fn talk(mut stream: TcpStream, request: &HttpRequest) -> io::Result<HttpResponse> {
    stream.write_all(request.to_http1().expose_secret().as_bytes())?;
    let mut response = Vec::with_capacity(MAX_RESPONSE);
    stream
        .take(MAX_RESPONSE as u64)
        .read_to_end(&mut response)?;
    HttpResponse::from_http1(&response).ok_or_else(|| ErrorKind::InvalidData.into())
}

const MAX_RESPONSE: usize = 1 << 16;
