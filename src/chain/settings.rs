//! The decisions of the caller.

use alloc::{string::String, vec::Vec};

use crate::{chain::source::Source, region::Region};

/// The settings of a search; the default is what the `aws` command does without options.
///
/// # Examples
///
/// ```
/// use rds_iam_token::chain::{CredentialChain, Settings, Source};
///
/// let settings = Settings::default()
///     .with_profile("prod")
///     .without(Source::InstanceMetadata);
/// let chain = CredentialChain::new(settings);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(crate) profile: Option<String>,
    pub(crate) region: Option<Region>,
    pub(crate) without: Vec<Source>,
    pub(crate) platform: Platform,
    pub(crate) seed: u64,
    pub(crate) metadata_endpoint: Option<String>,
    pub(crate) metadata_mode: Option<String>,
    pub(crate) plain_http: bool,
}

impl Settings {
    /// Sets the profile, as `--profile` does: keys and web identity in the environment are then
    /// passed over, which `AWS_PROFILE` alone does not do.
    #[must_use]
    pub fn with_profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Sets the region, as `--region` does. It decides which STS is asked.
    #[must_use]
    pub fn with_region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Removes a source, also as that of the keys with which a profile assumes a role.
    /// [`Source::Environment`] includes web identity in the environment.
    ///
    /// Away from EC2, leaving out [`Source::InstanceMetadata`] saves a second.
    #[must_use]
    pub fn without(mut self, source: Source) -> Self {
        self.without.push(source);
        self
    }

    /// Sets the platform, whose rules for paths and commands apply. The default is the one that the
    /// crate was built for.
    #[must_use]
    pub fn with_platform(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// Sets the seed of waits between attempts and of generated session names: any number that differs
    /// between processes and machines. The id of a process does not: it is 1 in most containers.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the endpoint of the instance metadata service, such as `http://127.0.0.1:1338`.
    #[must_use]
    pub fn with_metadata_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.metadata_endpoint = Some(endpoint.into());
        self
    }

    /// Sets the address family of the instance metadata service: `IPv4` or `IPv6`.
    #[must_use]
    pub fn with_metadata_mode(mut self, mode: impl Into<String>) -> Self {
        self.metadata_mode = Some(mode.into());
        self
    }

    /// Removes the rule that a configured endpoint of STS or IAM Identity Center with `http://` must
    /// be loopback: requests and the keys in the answers then cross the network unencrypted.
    #[must_use]
    pub fn with_plain_http_endpoints(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Returns `true` if keys and web identity in the environment count.
    pub(crate) fn uses_environment(&self) -> bool {
        self.profile.is_none() && self.uses(Source::Environment)
    }

    pub(crate) fn uses(&self, source: Source) -> bool {
        !self.without.contains(&source)
    }
}

/// A family of operating systems.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Platform {
    /// Paths with `/`, and commands quoted as in `sh`.
    Unix,
    /// Paths with `\`, `USERPROFILE`, and commands quoted as in Windows programs.
    Windows,
}

impl Default for Platform {
    fn default() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else {
            Self::Unix
        }
    }
}
