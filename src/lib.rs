//! Amazon RDS IAM database tokens, signed without I/O.
//!
//! A token is the password that `aws rds generate-db-auth-token` prints: a presigned request that
//! logs one user in at one endpoint for 15 minutes. This crate signs it from checked inputs, byte
//! for byte as the `aws` command does (except for the spelling of a host and port 443: see
//! [`Endpoint`]), with the time as an argument.
//!
//! ```text
//! host, port ─► Endpoint ─┐
//! region ─────► Region ───┼─► TokenRequest ──► canonical request
//! user, lifetime ─────────┘                           │
//! time ───────► Timestamp ────────────────────► string to sign
//!                                                     │
//! keys ───────► Credentials ────► signing key ──► signature ──► Token
//! ```
//!
//! Text becomes a checked type once, and each constructor documents what it rejects ([`Error`]).
//! Signing accepts checked types only, so it cannot fail.
//!
//! # Examples
//!
//! ```
//! # #[cfg(not(feature = "std"))]
//! # fn main() {}
//! # #[cfg(feature = "std")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use rds_iam_token::{Credentials, Endpoint, Timestamp, TokenRequest};
//! use std::time::SystemTime;
//!
//! let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
//! let region = endpoint.inferred_region().ok_or("no region in the host name")?;
//! let request = TokenRequest::new(endpoint, region, "app")?;
//! let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
//!
//! let token = request.sign(&credentials, Timestamp::try_from(SystemTime::now())?);
//! let password: &str = token.expose_secret();
//! # Ok(())
//! # }
//! ```
//!
//! # Which type to use
//!
//! | I want to | use |
//! |---|---|
//! | sign a token | [`TokenRequest`] |
//! | sign many tokens of one request | [`Signer`] |
//! | feed a connection pool | [`TokenCache`], or [`TokenStore`] for several requests |
//! | keep a token without threads or `std` | [`LocalTokenCache`] |
//! | accept any source of tokens in a driver | [`TokenSource`], [`SharedTokenSource`] |
//! | find credentials without the AWS SDK | [`chain`], with the feature `chain` |
//! | look up the kind and region of a host | [`Host`] |
//! | write or check the IAM policy for a user | [`policy`] |
//! | write the SQL for a user | [`grant`] |
//! | parse a token | [`TokenParts`] |
//! | verify tokens in a test server or proxy | [`Verifier`] |
//! | find out why a token is rejected | [`diagnose`] |
//! | sign for Aurora DSQL, ElastiCache or MemoryDB | [`PresignedRequest`] |
//! | compare with a canonical request that AWS prints | [`TokenRequest::canonical_request`], [`sigv4`] |
//!
//! # Which guide to read
//!
//! | if | read |
//! |---|---|
//! | a pool fails after fifteen minutes | [`guide::pools`] |
//! | a server or driver prints an error | [`guide::troubleshooting`] |
//! | your program needs credentials | [`guide::credentials`] |
//! | tests should run without AWS | [`guide::testing`] |
//! | you use another signer now | [`guide::migrating`] |
//! | you maintain a driver or a pool | [`guide::embedding`] |
//!
//! # Guarantees
//!
//! - `no_std` with `alloc`; no clock, socket, file, environment or randomness; no `unsafe`.
//! - No input makes it panic. Nothing is guessed: no default region, no clamped lifetime, no
//!   trimmed text. Only the spelling of a host is rewritten ([`Host`]).
//! - No secret in `Debug` or in an error. Secrets and tokens are wiped when they are dropped, as
//!   far as a library can: copies that a driver makes, and what the optimizer leaves on the stack,
//!   are out of its reach.
//!
//! # Limits
//!
//! - It does no I/O. The feature `chain` decides which variables, files and requests credentials
//!   come from, and your code performs them. No request is sent to AWS, so whether a policy allows the
//!   connection is not checked.
//! - It does not connect. TLS, and the copies of a password, are the driver's responsibility.
//! - It cannot end a token early. AWS does not document that RDS honors a lifetime under 15 minutes.
//! - AWS does not document RDS's tolerance for clocks: pass the true time.
//! - The text of `Debug`, messages and findings changes between versions: match variants, with a
//!   last arm for new ones.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `std` | yes | [`TokenCache`], [`TokenStore`], and conversions between [`Timestamp`] and `std::time::SystemTime`; with `chain`, `Answer::from_read` and `from_output` |
//! | `time` | yes | conversions between [`Timestamp`] and `time::OffsetDateTime` |
//! | `chain` | no | [`chain`]: the AWS credential chain, without I/O |
//! | `policy-json` | no | parsing an IAM policy from JSON, for [`policy`] |
//! | `aws-credential-types` | no | `TryFrom<&aws_credential_types::Credentials>` for [`Credentials`]; enables `std` |
//!
//! A feature only adds. The types for pools need atomics of the size of a pointer; on a target
//! without them only those types are missing.
//!
//! Three dependencies are part of the API, so a new major version of one of them is one of this crate:
//! `zeroize` 1 in traits of the types that hold secrets, and with their features `time` 0.3 in
//! conversions of [`Timestamp`] and `aws-credential-types` 1 in one of [`Credentials`].
//!
//! # Rust versions
//!
//! Rust 1.85 or later. The default feature `time` needs the Rust that the crate `time` needs, 1.88 at
//! this time, and `aws-credential-types` that of its crate. A driver that promises Rust 1.85 depends on
//! this crate with `default-features = false, features = ["std"]`. A release that needs a newer Rust
//! is never a patch release, and the changelog notes it. Each other dependency has a version that
//! Rust 1.85 builds, and cargo's resolver 3 chooses it.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    all(doc, not(all(feature = "chain", feature = "std"))),
    expect(
        rustdoc::broken_intra_doc_links,
        reason = "TokenCache, TokenStore and chain are linked, and exist with features"
    )
)]
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod ascii;
#[cfg(feature = "chain")]
pub mod chain;
mod credentials;
pub mod diagnose;
mod endpoint;
mod error;
mod fault;
pub mod grant;
pub mod guide;
mod host;
pub mod policy;
#[cfg(target_has_atomic = "ptr")]
mod pool;
mod presign;
mod rds;
mod region;
mod request;
mod secret;
mod signer;
pub mod sigv4;
mod timestamp;
mod token;
mod user;
mod verify;

pub use credentials::Credentials;
pub use endpoint::Endpoint;
pub use error::{Error, Input};
pub use fault::{Fault, Flaw};
pub use host::{Host, HostKind};
#[cfg(target_has_atomic = "ptr")]
pub use pool::{
    LocalTokenCache, MarginError, SharedTokenSource, SourceError, TokenSource, from_fn,
};
#[cfg(all(target_has_atomic = "ptr", feature = "std"))]
pub use pool::{TokenCache, TokenStore};
pub use presign::PresignedRequest;
pub use region::Region;
pub use request::TokenRequest;
pub use secret::Secret;
pub use signer::Signer;
pub use timestamp::Timestamp;
pub use token::{ParseTokenError, Token, TokenParts};
pub use verify::{Login, Verifier, VerifyError};

#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;
