//! A machine of variables and files, which drives a search to its end.

use std::collections::BTreeMap;

use rds_iam_token::{
    Region, Timestamp,
    chain::{
        Answer, CredentialChain, Error, HttpFailure, HttpResponse, Need, RegionChain, Resolved,
        Settings, Step,
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
    /// A container whose service has credentials.
    pub(crate) fn container() -> Self {
        Self::default().set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c")
    }

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

    /// Searches for credentials; what is no variable and no file is answered by the function.
    pub(crate) fn resolve(
        &self,
        settings: Settings,
        mut others: impl FnMut(&Need<'_>) -> Answer,
    ) -> Result<Resolved, Error> {
        let now = Timestamp::from_unix_seconds(NOW).unwrap();
        let mut chain = CredentialChain::new(settings);
        loop {
            let answer = match chain.step(now) {
                Step::Need(need) => self.answer(&need, &mut others),
                Step::Done(resolved) => return Ok(resolved),
                Step::Failed(error) => return Err(error),
            };
            chain.answer(answer).unwrap();
        }
    }

    /// Searches for the region, in the same way.
    pub(crate) fn region(
        &self,
        settings: Settings,
        mut others: impl FnMut(&Need<'_>) -> Answer,
    ) -> Result<Option<Region>, Error> {
        let now = Timestamp::from_unix_seconds(NOW).unwrap();
        let mut chain = RegionChain::new(settings);
        loop {
            let answer = match chain.step(now) {
                Step::Need(need) => self.answer(&need, &mut others),
                Step::Done(region) => return Ok(region),
                Step::Failed(error) => return Err(error),
            };
            chain.answer(answer).unwrap();
        }
    }

    /// Searches for credentials in vain, and returns the URLs of the requests.
    pub(crate) fn urls(&self, settings: Settings, answer: fn() -> Answer) -> Vec<String> {
        let mut urls = Vec::new();
        let found = self.resolve(settings, |need| {
            let Need::Http(request) = need else {
                panic!("{need:?}")
            };
            urls.push(request.expose_url().to_owned());
            answer()
        });
        assert!(found.is_err(), "{found:?}");
        urls
    }

    fn answer(&self, need: &Need<'_>, others: &mut impl FnMut(&Need<'_>) -> Answer) -> Answer {
        match need {
            Need::Variables(names) => {
                let value = |name: &String| self.variables.get(name.as_str()).cloned();
                Answer::Variables(names.iter().map(value).collect())
            }
            Need::File(path) => {
                let contents = || self.files.get(*path).cloned().map(Answer::File);
                let unreadable = self.unreadable.get(*path).map(|answer| answer());
                unreadable.or_else(contents).unwrap_or(Answer::Missing)
            }
            need => others(need),
        }
    }
}
