//! Amazon RDS IAM database tokens, signed without I/O.
//!
//! A token is the password that `aws rds generate-db-auth-token` prints: a presigned request that
//! lets one user in at one endpoint for 15 minutes. This crate makes it from checked inputs, byte
//! for byte as the `aws` command does, with the time as an argument.
//!
//! ```text
//! host, port ──► Endpoint ─────┐
//! region ──────► Region ───────┼─► TokenRequest ─► canonical request ─► string to sign ─┐
//! user, lifetime ──────────────┘                                                        ├─► Token
//! keys ────────► Credentials ───────────────────► credential scope ─► signing key ──────┘
//! time ────────► Timestamp ────┘
//! ```
//!
//! Text becomes a checked type once, and each constructor says what it refuses ([`Error`]).
//! Signing takes checked types only, so it cannot fail.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};
//! use time::OffsetDateTime;
//!
//! let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
//! let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
//! let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
//!
//! let token = request.sign(&credentials, Timestamp::try_from(OffsetDateTime::now_utc())?);
//! let password: &str = token.expose_secret();
//! # Ok::<(), rds_iam_token::Error>(())
//! ```
//!
//! # Modules
//!
//! | to | take |
//! |---|---|
//! | make a token | [`TokenRequest`] |
//! | make many tokens | [`Signer`] |
//! | feed a pool | [`TokenSource`]: `TokenCache`, and `TokenCaches` for several requests |
//! | keep a token without threads or `std` | [`TokenKeeper`] |
//! | know what an endpoint is, and its region | [`Endpoint::kind`], [`Endpoint::inferred_region`] |
//! | write the IAM policy that lets a user in | [`policy`] |
//! | write the SQL that lets a user in | [`grant`] |
//! | read a token back | [`TokenParts`] |
//! | check tokens, in a test server or proxy | [`Verifier`] |
//! | find out why a token is refused | [`diagnose`] |
//! | look up what a server or driver printed | [`guide::troubleshooting`] |
//! | compare with what AWS prints | [`TokenRequest::canonical_request`], [`sigv4`] |
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
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `std` | yes | `TokenCache`, `TokenCaches`, and `TryFrom<std::time::SystemTime>` for [`Timestamp`] |
//! | `aws-credential-types` | no | `TryFrom<&aws_credential_types::Credentials>` for [`Credentials`]; turns `std` on; outside the promise about the Rust version |
//!
//! What is for pools counts references with atomics; a target without them has the rest.

#![no_std]
#![forbid(unsafe_code)]
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
pub mod policy;
#[cfg(target_has_atomic = "ptr")]
mod pool;
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
pub use endpoint::{Endpoint, EndpointKind};
pub use engine::Engine;
pub use error::Error;
pub use fault::Fault;
#[cfg(target_has_atomic = "ptr")]
pub use pool::{SourceError, TokenKeeper, TokenSource};
#[cfg(all(target_has_atomic = "ptr", feature = "std"))]
pub use pool::{TokenCache, TokenCaches};
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
