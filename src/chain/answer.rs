//! What the caller answers.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The outcome of a [`Need`](crate::chain::Need). It is wiped when it is dropped.
#[non_exhaustive]
pub enum Answer {
    /// The values of the variables, in the order asked; `None` for one that is not set.
    Variables(Vec<Option<String>>),
    /// The contents of the file.
    File(Vec<u8>),
    /// The file does not exist.
    Missing,
    /// The file exists and cannot be read or written, with the reason.
    Unreadable(String),
    /// The file was written.
    Written,
    /// The server answered, with whatever status.
    Http(HttpResponse),
    /// The server did not answer.
    NoResponse {
        /// What failed.
        failure: HttpFailure,
        /// The message of the HTTP client; may be empty.
        detail: String,
    },
    /// The process ended.
    Exited {
        /// The exit status, or `None` if a signal ended the process.
        status: Option<i32>,
        /// The standard output.
        stdout: Vec<u8>,
        /// The standard error.
        stderr: Vec<u8>,
    },
    /// The process could not be started, with the reason.
    NotStarted(String),
    /// The code of the MFA device.
    MfaCode(String),
    /// The caller cannot do this, with the reason, which goes into the error.
    Unsupported(Cow<'static, str>),
}

#[cfg(feature = "std")]
impl Answer {
    /// Converts the outcome of reading a file.
    #[must_use]
    pub fn from_read(contents: std::io::Result<Vec<u8>>) -> Self {
        match contents {
            Ok(contents) => Self::File(contents),
            Err(error) => match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Self::Missing,
                _ => Self::Unreadable(alloc::format!("{error}")),
            },
        }
    }

    /// Converts the outcome of running a process.
    #[must_use]
    pub fn from_output(output: std::io::Result<std::process::Output>) -> Self {
        match output {
            Ok(output) => Self::Exited {
                status: output.status.code(),
                stdout: output.stdout,
                stderr: output.stderr,
            },
            Err(error) => Self::NotStarted(alloc::format!("{error}")),
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        match self {
            Self::Variables(values) => values.iter_mut().for_each(Zeroize::zeroize),
            Self::File(contents) => wipe(contents),
            Self::Exited { stdout, stderr, .. } => {
                wipe(stdout);
                wipe(stderr);
            }
            Self::MfaCode(text)
            | Self::Unreadable(text)
            | Self::NotStarted(text)
            | Self::NoResponse { detail: text, .. } => text.zeroize(),
            Self::Missing | Self::Written | Self::Http(_) | Self::Unsupported(_) => {}
        }
    }
}

impl ZeroizeOnDrop for Answer {}

/// Shows which kind of answer it is, and no contents.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Variables(_) => "Variables([redacted])",
            Self::File(_) => "File([redacted])",
            Self::Missing => "Missing",
            Self::Unreadable(_) => "Unreadable",
            Self::Written => "Written",
            Self::Http(response) => return response.fmt(f),
            Self::NoResponse { failure, .. } => return failure.fmt(f),
            Self::Exited { status, .. } => {
                return f
                    .debug_struct("Exited")
                    .field("status", status)
                    .finish_non_exhaustive();
            }
            Self::NotStarted(_) => "NotStarted",
            Self::MfaCode(_) => "MfaCode([redacted])",
            Self::Unsupported(_) => "Unsupported",
        })
    }
}

/// A response of a server. It is wiped when it is dropped.
pub struct HttpResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl HttpResponse {
    /// Creates a response.
    #[must_use]
    pub fn new<N: Into<String>, V: Into<String>>(
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            status,
            headers: headers
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            body: body.into(),
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Returns a header by its name in lowercase.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }
}

impl Drop for HttpResponse {
    fn drop(&mut self) {
        for (_, value) in &mut self.headers {
            value.zeroize();
        }
        wipe(&mut self.body);
    }
}

impl ZeroizeOnDrop for HttpResponse {}

/// Shows the status alone.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A reason why a server did not answer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum HttpFailure {
    /// The connection was refused, or there is no route or no such host.
    Refused,
    /// The connection was not made in time.
    ConnectTimeout,
    /// The connection was made, and the response did not come in time.
    ReadTimeout,
    /// The TLS handshake failed.
    Tls,
    /// The connection ended early, or anything else.
    Other,
}

impl fmt::Display for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "connection refused",
            Self::ConnectTimeout => "connection timed out",
            Self::ReadTimeout => "no response in time",
            Self::Tls => "TLS handshake failed",
            Self::Other => "connection failed",
        })
    }
}

/// Wipes the bytes and what the allocation holds beyond them.
fn wipe(bytes: &mut Vec<u8>) {
    bytes.spare_capacity_mut().zeroize();
    bytes.as_mut_slice().zeroize();
    bytes.clear();
}
