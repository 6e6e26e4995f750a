//! The needs of the chain.

use alloc::{string::String, vec::Vec};
use core::{fmt, time::Duration};

use zeroize::Zeroizing;

use crate::{
    chain::{answer::Answer, http, shown::redacted},
    secret::Secret,
};

/// Something that the caller does for the chain: pure data, borrowed from the chain.
///
/// Each has its [`Answer`], and each can be answered with [`Answer::Unsupported`]. A driver should do
/// that for needs of later versions as well.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Need<'a> {
    /// The values of environment variables, in this order.
    Variables(&'a [String]),
    /// The contents of a file. The answer is `File`, `Missing` or `Unreadable`.
    File(&'a str),
    /// A file to be replaced atomically, with mode 0600: a refreshed token, which other programs
    /// read as well. The answer is `Written` or `Unreadable`.
    #[non_exhaustive]
    WriteFile {
        /// The path.
        path: &'a str,
        /// The new contents.
        contents: &'a [u8],
    },
    /// An HTTP exchange.
    Http(&'a HttpRequest),
    /// The output of a process, which gets the whole environment.
    #[non_exhaustive]
    Process {
        /// The program and its arguments, split as the `aws` command does (no shell).
        argv: &'a [String],
        /// The command as it is written, for those who want a shell.
        line: &'a str,
    },
    /// The code of an MFA device, from a person.
    #[non_exhaustive]
    MfaCode {
        /// The ARN or serial number of the device.
        serial: &'a str,
    },
}

/// Shows no secret: of a process the program alone, of a request the method and host.
impl fmt::Debug for Need<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variables(names) => f.debug_tuple("Variables").field(names).finish(),
            Self::File(path) => f.debug_tuple("File").field(&redacted(path)).finish(),
            Self::WriteFile { path, .. } => f
                .debug_struct("WriteFile")
                .field("path", &redacted(path))
                .finish_non_exhaustive(),
            Self::Http(request) => request.fmt(f),
            Self::Process { argv, .. } => f
                .debug_struct("Process")
                .field("program", &argv.first().map(|program| redacted(program)))
                .finish_non_exhaustive(),
            Self::MfaCode { serial } => f
                .debug_struct("MfaCode")
                .field("serial", &redacted(serial))
                .finish(),
        }
    }
}

/// An HTTP request. Its URL, headers and body may be secret; they are wiped when it is dropped.
pub struct HttpRequest {
    pub(crate) method: Method,
    pub(crate) url: Secret,
    pub(crate) headers: Vec<(&'static str, Secret)>,
    pub(crate) body: Secret,
    pub(crate) timeouts: (Duration, Duration),
    pub(crate) wait: Duration,
    pub(crate) proxy: bool,
    pub(crate) ca_bundle: Option<String>,
}

impl HttpRequest {
    /// Returns the method: `GET`, `POST` or `PUT`.
    ///
    /// A `PUT` has an empty body, and needs `Content-Length: 0`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }

    /// Returns the URL: plain or TLS HTTP, already encoded. Redirects must not be followed.
    #[must_use]
    pub fn expose_url(&self) -> &str {
        self.url.expose_secret()
    }

    /// Returns the headers, with names in lowercase; `host` is for the client to add.
    pub fn expose_headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (*name, value.expose_secret()))
    }

    /// Returns the body, which is empty except for a `POST`.
    #[must_use]
    pub fn expose_body(&self) -> &str {
        self.body.expose_secret()
    }

    /// Returns how long to wait for a connection.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        self.timeouts.0
    }

    /// Returns how long to wait for the response once connected.
    #[must_use]
    pub fn read_timeout(&self) -> Duration {
        self.timeouts.1
    }

    /// Returns how long to wait before the request: more than zero if it is a retry.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.wait
    }

    /// Returns `true` if a proxy may be used (`HTTPS_PROXY`, `NO_PROXY`): never for instance
    /// metadata and containers, whose addresses are local to the machine.
    #[must_use]
    pub fn may_use_proxy(&self) -> bool {
        self.proxy
    }

    /// Returns the path of the CA bundle that is configured (`AWS_CA_BUNDLE`, `ca_bundle`).
    #[must_use]
    pub fn ca_bundle(&self) -> Option<&str> {
        self.ca_bundle.as_deref()
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method())
            .field("host", &redacted(http::host(self.url.expose_secret())))
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
}

/// A need as the chain keeps it until it is answered.
pub(crate) enum Ask {
    Variables(Vec<String>),
    File(String),
    WriteFile {
        path: String,
        contents: Secret,
    },
    Http(HttpRequest),
    Process {
        argv: Zeroizing<Vec<String>>,
        line: Zeroizing<String>,
    },
    MfaCode {
        serial: String,
    },
}

impl Ask {
    pub(crate) fn need(&self) -> Need<'_> {
        match self {
            Self::Variables(names) => Need::Variables(names),
            Self::File(path) => Need::File(path),
            Self::WriteFile { path, contents } => Need::WriteFile {
                path,
                contents: contents.expose_secret().as_bytes(),
            },
            Self::Http(request) => Need::Http(request),
            Self::Process { argv, line } => Need::Process { argv, line },
            Self::MfaCode { serial } => Need::MfaCode { serial },
        }
    }

    /// Returns `true` if the answer is one to this need.
    pub(crate) fn accepts(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Unsupported(_) => true,
            Answer::Variables(_) => matches!(self, Self::Variables(_)),
            Answer::File(_) | Answer::Missing => matches!(self, Self::File(_)),
            Answer::Unreadable(_) => matches!(self, Self::File(_) | Self::WriteFile { .. }),
            Answer::Written => matches!(self, Self::WriteFile { .. }),
            Answer::Http(_) | Answer::NoResponse { .. } => matches!(self, Self::Http(_)),
            Answer::Exited { .. } | Answer::NotStarted(_) => matches!(self, Self::Process { .. }),
            Answer::MfaCode(_) => matches!(self, Self::MfaCode { .. }),
        }
    }
}
