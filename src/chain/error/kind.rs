//! The kinds of failures, and their names.

use core::fmt;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// A kind of failure. `Display` writes a short name, such as `sso-token-expired`.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl ErrorKind {
            /// Returns the short name, which stays the same from version to version.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

kinds! {
    /// Two settings contradict each other.
    Ambiguous = "ambiguous",
    /// The clock of this machine is wrong by minutes.
    ClockSkew = "clock-skew",
    /// A document (JSON, XML, or a date in one) is not what was expected.
    Document = "document",
    /// The credentials have expired.
    Expired = "expired",
    /// A file that a setting names is missing or unreadable.
    File = "file",
    /// A server answered with an unexpected status.
    HttpStatus = "http-status",
    /// The instance metadata service issues no session token.
    ImdsNoToken = "imds-no-token",
    /// A setting is missing, unknown or malformed.
    InvalidConfig = "invalid-config",
    /// A key, token, region or date is malformed.
    InvalidValue = "invalid-value",
    /// The credentials of `aws login` have expired.
    LoginExpired = "login-expired",
    /// There are no credentials of `aws login`.
    LoginMissing = "login-missing",
    /// Profiles name each other as source.
    Loop = "loop",
    /// No source has credentials.
    NoCredentials = "no-credentials",
    /// A configuration file is malformed.
    Parse = "parse",
    /// One half of a key pair is missing.
    Partial = "partial",
    /// The process of `credential_process` failed.
    ProcessFailed = "process-failed",
    /// The profile does not exist.
    ProfileNotFound = "profile-not-found",
    /// A service rejected the request with an error code.
    ServiceRefused = "service-refused",
    /// The access token of IAM Identity Center has expired.
    SsoTokenExpired = "sso-token-expired",
    /// There is no access token of IAM Identity Center.
    SsoTokenMissing = "sso-token-missing",
    /// A server did not answer.
    Unreachable = "unreachable",
    /// The driver cannot do what the source needs.
    Unsupported = "unsupported",
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
