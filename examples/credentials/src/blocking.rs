//! Blocks, on `ureq`: `HTTPS_PROXY`, `NO_PROXY` and a configured CA bundle are used.

use std::{error::Error, fs, io, sync::Arc, thread, time::Duration};

use rds_iam_token::{
    TokenCache,
    chain::{
        Answer, CredentialChain, HttpFailure, HttpRequest, HttpResponse, Need, Resolved, Settings,
        Step,
    },
};
use ureq::{
    Agent, Proxy, Timeout,
    tls::{PemItem, RootCerts, TlsConfig, parse_pem},
};

use crate::machine::{self, now};

/// Runs a search to its end.
///
/// # Errors
///
/// The error of the chain, whose report is worth printing.
pub fn resolve(settings: Settings) -> Result<Resolved, Box<dyn Error + Send + Sync>> {
    let mut chain = CredentialChain::new(settings);
    loop {
        let answer = match chain.step(now()?) {
            Step::Need(Need::Http(request)) => exchange(request),
            Step::Need(need) => machine::perform(&need),
            Step::Done(resolved) => return Ok(resolved),
            Step::Failed(error) => return Err(error.into()),
        };
        chain.answer(answer)?;
    }
}

/// Keeps a cache supplied with credentials, for as long as the program runs. Start it in a thread.
pub fn feed(cache: &TokenCache, settings: &Settings) -> ! {
    loop {
        if now().is_ok_and(|now| cache.credentials_due(now, LEAD)) {
            match resolve(settings.clone()) {
                Ok(resolved) => cache.set_credentials(resolved.into_credentials()),
                Err(error) => eprintln!("no new credentials: {error}"),
            }
        }
        thread::sleep(INTERVAL);
    }
}

/// Makes one HTTP exchange.
pub fn exchange(request: &HttpRequest) -> Answer {
    thread::sleep(request.wait());
    match send(request) {
        Ok(response) => Answer::Http(response),
        Err(error) => no_response(&error),
    }
}

fn send(request: &HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let roots = match request.ca_bundle() {
        Some(path) => RootCerts::Specific(Arc::new(certificates(path)?)),
        None => RootCerts::WebPki,
    };
    let agent: Agent = Agent::config_builder()
        .proxy(if request.may_use_proxy() {
            Proxy::try_from_env()
        } else {
            None
        })
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .timeout_connect(Some(request.connect_timeout()))
        .timeout_recv_response(Some(request.read_timeout()))
        .timeout_recv_body(Some(request.read_timeout()))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into();
    let mut builder = ureq::http::Request::builder()
        .method(request.method())
        .uri(request.expose_url());
    for (name, value) in request.expose_headers() {
        builder = builder.header(name, value);
    }
    let mut response = agent.run(builder.body(request.expose_body())?)?;
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(MAX_RESPONSE)
        .read_to_vec()?;
    Ok(HttpResponse::new(status, headers, body))
}

/// Reads the certificates of a bundle in PEM.
fn certificates(path: &str) -> Result<Vec<ureq::tls::Certificate<'static>>, ureq::Error> {
    let pem = fs::read(path)?;
    parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect()
}

fn no_response(error: &ureq::Error) -> Answer {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    let failure = match error {
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => HttpFailure::ConnectTimeout,
        ureq::Error::Timeout(_) => HttpFailure::ReadTimeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => HttpFailure::Refused,
        ureq::Error::Io(error) => match error.kind() {
            ConnectionRefused | HostUnreachable | NetworkUnreachable => HttpFailure::Refused,
            // rustls reports a certificate that it does not accept so.
            io::ErrorKind::InvalidData => HttpFailure::Tls,
            _ => HttpFailure::Other,
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => HttpFailure::Tls,
        _ => HttpFailure::Other,
    };
    Answer::NoResponse {
        failure,
        detail: error.to_string(),
    }
}

/// In bytes. The longest answers are some kilobytes.
const MAX_RESPONSE: u64 = 1 << 20;

/// AWS has new credentials for an instance at least five minutes before the old ones expire.
const LEAD: Duration = Duration::from_secs(4 * 60);
const INTERVAL: Duration = Duration::from_secs(30);
