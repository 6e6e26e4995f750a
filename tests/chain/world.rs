//! A machine of variables and files, which drives a search to its end.

use std::collections::BTreeMap;

use rds_iam_token::{
    Timestamp,
    chain::{
        Answer, CredentialChain, Error, HttpFailure, HttpResponse, Need, Resolved, Settings, Step,
    },
};

#[derive(Default)]
pub(crate) struct World {
    variables: BTreeMap<&'static str, String>,
    files: BTreeMap<String, Vec<u8>>,
    unreadable: BTreeMap<String, fn() -> Answer>,
}

pub(crate) const NOW: i64 = 1_700_000_000;

/// A config file whose profile assumes a role with the keys of another.
pub(crate) const ROLE: &str = "[default]\nregion=eu-west-1\nrole_arn=arn:aws:iam::123456789012:role/r\n\
    source_profile=base\n[profile base]\naws_access_key_id=AKIDEXAMPLE\n\
    aws_secret_access_key=not-a-real-secret\n";

/// A config file whose profile has a role in IAM Identity Center.
pub(crate) const SSO: &str = "[default]\nsso_session=s\nsso_account_id=123456789012\nsso_role_name=Reader\n\
    [sso-session s]\nsso_start_url=https://d-1.awsapps.com/start\nsso_region=eu-west-1\n";

/// The document of a container or an instance.
pub(crate) const KEYS: &str = r#"{"AccessKeyId": "ASIDEXAMPLE", "SecretAccessKey": "not-a-real-secret",
    "Token": "not-a-real-token", "Expiration": "2023-11-14T23:13:20Z"}"#;

pub(crate) fn response(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Answer::Http(HttpResponse::new(status, [("a", "b")], body))
}

pub(crate) fn no_response() -> Answer {
    Answer::NoResponse {
        failure: HttpFailure::ReadTimeout,
        detail: String::new(),
    }
}

impl World {
    /// A machine with a home directory and a config file.
    pub(crate) fn with_config(config: &str) -> Self {
        Self::default()
            .set("HOME", "/home/u")
            .file("/home/u/.aws/config", config)
    }

    pub(crate) fn set(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    pub(crate) fn file(mut self, path: &str, contents: &str) -> Self {
        self.files.insert(path.into(), contents.into());
        self
    }

    /// Adds a file whose need has a different answer than its contents.
    pub(crate) fn unreadable(mut self, path: &str, answer: fn() -> Answer) -> Self {
        self.unreadable.insert(path.into(), answer);
        self
    }

    /// Runs a search; what is no variable and no file is answered by the function.
    pub(crate) fn resolve(
        &self,
        settings: Settings,
        mut others: impl FnMut(&Need<'_>) -> Answer,
    ) -> Result<Resolved, Error> {
        let now = Timestamp::from_unix_seconds(NOW).unwrap();
        let mut chain = CredentialChain::new(settings);
        loop {
            let answer = match chain.step(now) {
                Step::Need(Need::Variables(names)) => {
                    let value = |name: &String| self.variables.get(name.as_str()).cloned();
                    Answer::Variables(names.iter().map(value).collect())
                }
                Step::Need(Need::File(path)) => {
                    let contents = || self.files.get(path).cloned().map(Answer::File);
                    let unreadable = self.unreadable.get(path).map(|answer| answer());
                    unreadable.or_else(contents).unwrap_or(Answer::Missing)
                }
                Step::Need(need) => others(&need),
                Step::Done(resolved) => return Ok(resolved),
                Step::Failed(error) => return Err(error),
            };
            chain.answer(answer).unwrap();
        }
    }
}
