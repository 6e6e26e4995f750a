//! `aws_sigv4` used directly, as `aws-sdk-rds` uses it.

use std::{
    error::Error,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use url::Url;

/// Signs for one user at one endpoint, always at the same time.
pub struct Generator {
    url: String,
    region: String,
    identity: Identity,
    at: SystemTime,
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
        Ok(Self {
            url: format!("https://{host}:{port}/?Action=connect&DBUser={user}"),
            region: region.to_owned(),
            identity: Credentials::new(access_key_id, secret, session_token, None, "peers").into(),
            at,
        })
    }

    pub fn sign(&self) -> Result<String, Box<dyn Error>> {
        let mut settings = SigningSettings::default();
        settings.expires_in = Some(Duration::from_secs(900));
        settings.signature_location = SignatureLocation::QueryParams;
        let params = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name("rds-db")
            .time(self.at)
            .settings(settings)
            .build()?;
        let headers = std::iter::empty();
        let request = SignableRequest::new("GET", &self.url, headers, SignableBody::empty())?;
        let (instructions, _) = sign(request, &params.into())?.into_parts();
        let mut url = Url::parse(&self.url)?;
        for (name, value) in instructions.params() {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(String::from(url).split_off("https://".len()))
    }
}
