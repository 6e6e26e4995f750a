//! Credentials and the region, found as the `aws` command finds them.

use std::env;

use rds_iam_token::{
    Credentials, Region, Timestamp,
    chain::{
        Answer, CredentialChain, Error, Need, RegionChain, Resolved, Settings, Source, Step,
        UnexpectedAnswer,
    },
};
use rds_iam_token_credentials::{
    blocking::exchange,
    machine::{now, perform, seed},
};

use crate::environment::raw;

/// What ended a search.
pub(crate) enum Failure {
    /// No credentials or no region; the error has a report.
    Chain(Box<Error>),
    /// Something else, in one line.
    Other(String),
}

impl Failure {
    /// Returns the failure, and the likeliest thing to do, in one line.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Chain(error) => match error.remedies().first() {
                Some(remedy) => format!("{error}; try: {remedy}"),
                None => error.to_string(),
            },
            Self::Other(text) => text.clone(),
        }
    }
}

impl From<Failure> for String {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Chain(error) => error.report(),
            Failure::Other(text) => text,
        }
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Other(text)
    }
}

impl From<UnexpectedAnswer> for Failure {
    fn from(error: UnexpectedAnswer) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<rds_iam_token::Error> for Failure {
    fn from(error: rds_iam_token::Error) -> Self {
        Self::Other(format!("clock: {error}"))
    }
}

/// Returns the settings of a search. `region` is the one of the command line, and decides which STS is asked.
pub(crate) fn settings(profile: Option<&str>, region: Option<&Region>) -> Settings {
    let mut settings = Settings::default().with_seed(seed());
    if let Some(profile) = profile {
        settings = settings.with_profile(profile);
    }
    if let Some(region) = region {
        settings = settings.with_region(region.clone());
    }
    settings
}

/// Searches for credentials. With keys in the environment, no file is read.
pub(crate) fn resolve(settings: Settings) -> Result<Resolved, Failure> {
    let mut chain = CredentialChain::new(settings);
    loop {
        let answer = match chain.step(now()?) {
            Step::Need(need) => answer(&need)?,
            Step::Done(resolved) => return Ok(resolved),
            Step::Failed(error) => return Err(Failure::Chain(Box::new(error))),
        };
        chain.answer(answer)?;
    }
}

/// Searches for the region in the environment and the profile. The instance is not asked: the database
/// need not be in its region.
pub(crate) fn region(settings: Settings) -> Result<Option<Region>, Failure> {
    let mut chain = RegionChain::new(settings.without(Source::InstanceMetadata));
    loop {
        let answer = match chain.step(now()?) {
            Step::Need(need) => answer(&need)?,
            Step::Done(region) => return Ok(region),
            Step::Failed(error) => return Err(Failure::Chain(Box::new(error))),
        };
        chain.answer(answer)?;
    }
}

/// Does what a search needs. A variable that is not UTF-8 is an error, since to pass over it could mean
/// another identity; the home directory is one only if the variables are not enough.
fn answer(need: &Need<'_>) -> Result<Answer, Failure> {
    match need {
        Need::Variables(names) => {
            let values = names.iter().map(|name| match name.as_str() {
                HOME => Ok(env::var(HOME).ok()),
                name => raw(name),
            });
            Ok(Answer::Variables(values.collect::<Result<_, _>>()?))
        }
        _ if env::var_os(HOME).is_some_and(|home| home.to_str().is_none()) => {
            Err(Failure::Other(format!("{HOME} is not UTF-8")))
        }
        Need::Http(request) => Ok(exchange(request)),
        need => Ok(perform(need)),
    }
}

/// Returns `true` for credentials that have not expired.
pub(crate) fn is_valid(credentials: &Credentials, now: Timestamp) -> bool {
    credentials.expiry().is_none_or(|expiry| now < expiry)
}

/// Checks `--profile`.
pub(crate) fn check_profile(profile: Option<&str>) -> Result<(), String> {
    match profile {
        Some("") => Err("--profile: expected a name".to_owned()),
        _ => Ok(()),
    }
}

/// Returns a line that says where credentials come from and until when they are valid.
pub(crate) fn described(resolved: &Resolved) -> String {
    let account = resolved
        .account_id()
        .map(|account| format!(", account {account}"))
        .unwrap_or_default();
    let expiry = resolved.credentials().expiry().map_or_else(
        || "without a known expiry".to_owned(),
        |expiry| format!("valid until {expiry}"),
    );
    let ignored = match resolved.source() {
        Source::Environment if env::var_os("AWS_PROFILE").is_some() => {
            "; AWS_PROFILE is not used, since keys in the environment come first"
        }
        _ => "",
    };
    format!(
        "credentials: {}{account}, {expiry}{ignored}",
        resolved.source()
    )
}

const HOME: &str = "HOME";
