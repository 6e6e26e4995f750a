//! Amazon RDS IAM database tokens, signed without I/O.
//!
//! A token is the password that `aws rds generate-db-auth-token` prints: a presigned request that
//! lets one user in at one endpoint for 15 minutes. This crate makes it from checked inputs, byte
//! for byte as the `aws` command does (but for the spelling of a host and port 443: see
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
//! Text becomes a checked type once, and each constructor says what it refuses ([`Error`]).
//! Signing takes checked types only, so it cannot fail.
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
//! let region = endpoint.inferred_region().ok_or("the host does not tell the region")?;
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
//! | to | use |
//! |---|---|
//! | make a token | [`TokenRequest`] |
//! | make many tokens | [`Signer`] |
//! | feed a pool | [`TokenCache`], or [`TokenStore`] for several requests; both are a [`TokenSource`] |
//! | keep a token without threads or `std` | [`LocalTokenCache`] |
//! | know what an endpoint is, and its region | [`Endpoint::kind`], [`Endpoint::inferred_region`] |
//! | write the IAM policy that lets a user in | [`policy`] |
//! | write the SQL that lets a user in | [`grant`] |
//! | read a token back | [`TokenParts`] |
//! | check tokens, in a test server or proxy | [`Verifier`] |
//! | find out why a token is refused | [`diagnose`] |
//! | compare with what AWS prints | [`TokenRequest::canonical_request`], [`sigv4`] |
//!
//! # Which guide to read
//!
//! | if | read |
//! |---|---|
//! | a pool dies after fifteen minutes | [`guide::pools`] |
//! | a server or driver printed something | [`guide::troubleshooting`] |
//! | tests should need no AWS | [`guide::testing`] |
//! | there is another signer now | [`guide::migrating`] |
//! | you maintain a driver or a pool | [`guide::embedding`] |
//!
//! # What it promises
//!
//! - `no_std` with `alloc`; no clock, socket, file, environment or randomness; no `unsafe`.
//! - No input makes it panic. Nothing is guessed: no default region, no clamped lifetime, no
//!   trimmed text. The one thing rewritten is the spelling of a host ([`Endpoint`]).
//! - No secret in `Debug` or in an error. Secrets and tokens are wiped when they are dropped, as
//!   far as a library can: copies that a driver makes, and what the optimiser leaves on the stack,
//!   are beyond it.
//!
//! # What it does not do
//!
//! - Fetch credentials, or ask AWS for anything: it does not know whether a policy lets the user in.
//! - Connect. TLS, and what becomes of the password, are the driver's part.
//! - End a token early. Whether RDS heeds a lifetime under 15 minutes is not documented.
//! - Know RDS's tolerance for clocks, which AWS does not document: give the true time.
//! - Keep the text of `Debug`, of messages and of findings from one version to the next: match
//!   variants, with a last arm for new ones.
//! - Sign for Aurora DSQL, whose tokens have another form; [`sigv4`] has the steps.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `std` | yes | [`TokenCache`], [`TokenStore`], and `TryFrom<std::time::SystemTime>` for [`Timestamp`] |
//! | `aws-credential-types` | no | `TryFrom<&aws_credential_types::Credentials>` for [`Credentials`]; turns `std` on |
//!
//! A feature adds, and changes nothing that is there. The types for pools need atomics of the size
//! of a pointer; a target without them lacks those types alone.
//!
//! Two dependencies show in the API, so a new major version of either is one of this crate: `time`
//! 0.3 in conversions of [`Timestamp`], and `zeroize` 1 in traits of what holds a secret.
//!
//! # Versions of Rust
//!
//! Rust 1.88 or later, with any features but `aws-credential-types`, which needs what that crate
//! needs. A release that needs a newer Rust is never a patch release, and the changelog says so.
//! Each dependency has a version that Rust 1.88 builds, and cargo's resolver 3 chooses it.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    all(doc, not(feature = "std")),
    expect(
        rustdoc::broken_intra_doc_links,
        reason = "TokenCache and TokenStore are linked, and are there with std"
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
mod credentials;
pub mod diagnose;
mod endpoint;
mod engine;
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
pub use engine::Engine;
pub use error::{Error, Input};
pub use fault::{Fault, Flaw};
pub use host::{Host, HostKind};
#[cfg(target_has_atomic = "ptr")]
pub use pool::{LocalTokenCache, SourceError, TokenSource};
#[cfg(all(target_has_atomic = "ptr", feature = "std"))]
pub use pool::{TokenCache, TokenStore};
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
