//! The signers, each used as its documentation does.

use std::{
    env,
    error::Error,
    time::{Duration, SystemTime},
};

use aws_sdk_rds::auth_token::{AuthTokenGenerator, Config};
use aws_smithy_async::time::SystemTimeSource;
use aws_types::SdkConfig;
use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};

use crate::ACCESS_KEY_ID;

pub type Signer = fn(Input) -> Result<Signed, Box<dyn Error>>;

pub const SIGNERS: [(&str, Signer); 3] = [
    ("rds-iam-token", rds_iam_token),
    ("aws-sdk-rds", aws_sdk_rds),
    ("aws-rds-signer", aws_rds_signer),
];

#[derive(Clone, Copy)]
pub struct Input {
    pub host: &'static str,
    pub port: u16,
    pub region: Option<&'static str>,
    pub user: &'static str,
    /// In seconds.
    pub lifetime: u64,
    pub secret_access_key: &'static str,
    pub session_token: Option<&'static str>,
    /// In seconds since 1970; where there is one, it is that of `expired.ini`.
    pub expiry: Option<u64>,
}

/// What the caller of a signer has.
pub struct Signed {
    pub token: String,
    pub debug: String,
    /// The end of the token, if the signer returns more than text.
    pub end: Option<Timestamp>,
}

fn rds_iam_token(input: Input) -> Result<Signed, Box<dyn Error>> {
    let mut credentials = Credentials::new(ACCESS_KEY_ID, input.secret_access_key)?;
    if let Some(session_token) = input.session_token {
        credentials = credentials.with_session_token(session_token)?;
    }
    if let Some(expiry) = input.expiry {
        credentials = credentials.with_expiry(time(expiry).try_into()?);
    }
    let endpoint = Endpoint::new(input.host, input.port)?;
    let region = match input.region {
        Some(region) => Region::new(region)?,
        None => endpoint
            .inferred_region()
            .ok_or("no region in the host name")?,
    };
    let request = TokenRequest::new(endpoint, region, input.user)?
        .with_lifetime(Duration::from_secs(input.lifetime))?;
    let token = request.sign(&credentials, SystemTime::now().try_into()?);
    Ok(Signed {
        debug: format!("{token:?}"),
        end: Some(token.expires_at()),
        token: token.into_exposed_string(),
    })
}

fn aws_sdk_rds(input: Input) -> Result<Signed, Box<dyn Error>> {
    let mut sdk_config = SdkConfig::builder().time_source(SystemTimeSource::new());
    sdk_config.set_region(input.region.map(aws_types::region::Region::new));
    let config = Config::builder()
        .credentials(aws_credential_types::Credentials::new(
            ACCESS_KEY_ID,
            input.secret_access_key,
            input.session_token.map(str::to_owned),
            input.expiry.map(time),
            "peers",
        ))
        .hostname(input.host)
        .port(input.port.into())
        .username(input.user)
        .expires_in(input.lifetime);
    let generator = AuthTokenGenerator::new(config.build().map_err(|error| error.to_string())?);
    let token = wait_for(generator.auth_token(&sdk_config.build()));
    let token = token.map_err(|error| error.to_string())?;
    Ok(Signed {
        debug: format!("{token:?}"),
        end: None,
        token: token.to_string(),
    })
}

fn aws_rds_signer(input: Input) -> Result<Signed, Box<dyn Error>> {
    set_environment(input);
    let mut signer = aws_rds_signer::Signer::builder()
        .host(input.host)
        .port(input.port)
        .user(input.user)
        .expires_in(Duration::from_secs(input.lifetime));
    if let Some(region) = input.region {
        signer = signer.region(region);
    }
    let token = wait_for(signer.build().fetch_token())?;
    Ok(Signed {
        debug: format!("{token:?}"),
        end: None,
        token,
    })
}

fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("there is a runtime").block_on(future)
}

/// Sets what `aws-rds-signer` reads, and nothing else.
fn set_environment(input: Input) {
    // SAFETY: a runtime that has run is gone, and with it its threads.
    unsafe {
        for (name, _) in env::vars_os() {
            env::remove_var(name);
        }
        env::set_var("AWS_EC2_METADATA_DISABLED", "true");
        // Variables for keys have none for their expiry; what a profile's command prints has it.
        if input.expiry.is_some() {
            const CONFIG: &str = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/src/bin/bad-inputs/expired.ini"
            );
            env::set_var("AWS_CONFIG_FILE", CONFIG);
            return;
        }
        env::set_var("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        env::set_var("AWS_SECRET_ACCESS_KEY", input.secret_access_key);
        if let Some(session_token) = input.session_token {
            env::set_var("AWS_SESSION_TOKEN", session_token);
        }
    }
}

fn time(unix_seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds)
}
