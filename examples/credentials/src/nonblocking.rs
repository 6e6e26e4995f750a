//! Async, on `reqwest` and `tokio`: `HTTPS_PROXY`, `NO_PROXY` and a configured CA bundle are used.

use std::{error::Error, iter::successors, time::Duration};

use rds_iam_token::{
    TokenCache,
    chain::{
        Answer, CredentialChain, HttpFailure, HttpRequest, HttpResponse, Need, Resolved, Settings,
        Step,
    },
};
use reqwest::{Certificate, Client, Method, redirect::Policy};
use tokio::{fs, process::Command, time::sleep};

use crate::machine::{self, now};

/// Runs a search to its end.
///
/// # Errors
///
/// The error of the chain, whose report is worth printing.
pub async fn resolve(settings: Settings) -> Result<Resolved, Box<dyn Error + Send + Sync>> {
    let mut chain = CredentialChain::new(settings);
    loop {
        let answer = match chain.step(now()?) {
            Step::Need(Need::Http(request)) => exchange(request).await,
            Step::Need(Need::File(path)) => Answer::from_read(fs::read(path).await),
            Step::Need(Need::Process { argv, .. }) => {
                let output = Command::new(&argv[0]).args(&argv[1..]).output().await;
                Answer::from_output(output)
            }
            Step::Need(Need::MfaCode { .. }) => {
                Answer::Unsupported("a task cannot ask for the code".into())
            }
            // Each of these is quick.
            Step::Need(need) => machine::perform(&need),
            Step::Done(resolved) => return Ok(resolved),
            Step::Failed(error) => return Err(error.into()),
        };
        chain.answer(answer)?;
    }
}

/// Keeps a cache supplied with credentials, for as long as the program runs. Spawn it as a task.
pub async fn feed(cache: &TokenCache, settings: &Settings) {
    loop {
        if now().is_ok_and(|now| cache.credentials_due(now, LEAD)) {
            match resolve(settings.clone()).await {
                Ok(resolved) => cache.set_credentials(resolved.into_credentials()),
                Err(error) => eprintln!("no new credentials: {error}"),
            }
        }
        sleep(INTERVAL).await;
    }
}

/// Makes one HTTP exchange.
pub async fn exchange(request: &HttpRequest) -> Answer {
    sleep(request.wait()).await;
    match send(request).await {
        Ok(response) => Answer::Http(response),
        Err(error) => no_response(error.as_ref()),
    }
}

async fn send(request: &HttpRequest) -> Result<HttpResponse, Box<dyn Error + Send + Sync>> {
    let mut builder = Client::builder()
        .connect_timeout(request.connect_timeout())
        .read_timeout(request.read_timeout())
        .redirect(Policy::none());
    if !request.may_use_proxy() {
        builder = builder.no_proxy();
    }
    if let Some(path) = request.ca_bundle() {
        builder = builder.tls_certs_only(Certificate::from_pem_bundle(&fs::read(path).await?)?);
    }
    let method = Method::from_bytes(request.method().as_bytes())?;
    let mut outgoing = builder
        .build()?
        .request(method, request.expose_url())
        .header("content-length", request.expose_body().len())
        .body(request.expose_body().to_owned());
    for (name, value) in request.expose_headers() {
        outgoing = outgoing.header(name, value);
    }
    // An error of reqwest repeats the URL, which is secret.
    let mut response = outgoing.send().await.map_err(reqwest::Error::without_url)?;
    let status = response.status().as_u16();
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let mut body = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        body.extend_from_slice(&piece);
        if body.len() > MAX_RESPONSE {
            return Err("the response is too long".into());
        }
    }
    Ok(HttpResponse::new(status, headers, body))
}

fn no_response(error: &(dyn Error + 'static)) -> Answer {
    let causes = || {
        successors(Some(error), |error: &&(dyn Error + 'static)| {
            (*error).source()
        })
    };
    let failure = match error.downcast_ref::<reqwest::Error>() {
        Some(error) if error.is_timeout() && error.is_connect() => HttpFailure::ConnectTimeout,
        Some(error) if error.is_timeout() => HttpFailure::ReadTimeout,
        Some(_) if causes().any(|cause| cause.to_string().contains("certificate")) => {
            HttpFailure::Tls
        }
        Some(error) if error.is_connect() => HttpFailure::Refused,
        _ => HttpFailure::Other,
    };
    let detail = causes().last().map(ToString::to_string);
    Answer::NoResponse {
        failure,
        detail: detail.unwrap_or_default(),
    }
}

/// In bytes. The longest answers are some kilobytes.
const MAX_RESPONSE: usize = 1 << 20;

/// AWS has new credentials for an instance at least five minutes before the old ones expire.
const LEAD: Duration = Duration::from_secs(4 * 60);
const INTERVAL: Duration = Duration::from_secs(30);
