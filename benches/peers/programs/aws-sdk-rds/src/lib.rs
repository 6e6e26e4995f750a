//! `aws_sdk_rds::auth_token`, with what can be kept kept.

use std::{
    error::Error,
    pin::pin,
    task::{Context, Poll, Waker},
    time::SystemTime,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_rds::auth_token::{AuthTokenGenerator, Config};
use aws_smithy_async::time::StaticTimeSource;
use aws_types::{SdkConfig, region::Region};

/// Signs for one user at one endpoint, always at the same time.
pub struct Generator {
    generator: AuthTokenGenerator,
    config: SdkConfig,
}

impl Generator {
    pub fn new(
        (host, port): (&str, u16),
        region: &str,
        user: &str,
        keys: (&str, &str, Option<&str>),
        at: SystemTime,
    ) -> Result<Self, Box<dyn Error>> {
        let (access_key_id, secret, session_token) = keys;
        let session_token = session_token.map(str::to_owned);
        let credentials = Credentials::new(access_key_id, secret, session_token, None, "peers");
        let config = Config::builder()
            .hostname(host)
            .port(port.into())
            .username(user);
        Ok(Self {
            generator: AuthTokenGenerator::new(config.build().map_err(|error| error.to_string())?),
            config: SdkConfig::builder()
                .region(Region::new(region.to_owned()))
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .time_source(StaticTimeSource::new(at))
                .build(),
        })
    }

    pub fn sign(&self) -> Result<String, Box<dyn Error>> {
        // With keys that are at hand nothing is waited for.
        let future = pin!(self.generator.auth_token(&self.config));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(token) => Ok(token.map_err(|error| error.to_string())?.to_string()),
            Poll::Pending => Err("the SDK waits for something".into()),
        }
    }
}
