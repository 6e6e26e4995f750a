//! Tokens for pools: kept while they are good, and replaced before they expire.
//!
//! `schedule` decides when, `kept` holds a signer and its last token, `local` is that for one request
//! and `entries` for several, `shared` and `store` add the `lock`, and `source` is what drivers see.

#[cfg(feature = "std")]
mod entries;
mod error;
mod kept;
mod local;
#[cfg(feature = "std")]
mod lock;
mod rejected;
mod schedule;
#[cfg(feature = "std")]
mod shared;
mod source;
#[cfg(feature = "std")]
mod store;

pub use error::SourceError;
pub use local::LocalTokenCache;
pub use schedule::MarginError;
#[cfg(feature = "std")]
pub use shared::TokenCache;
pub use source::{SharedTokenSource, TokenSource, from_fn};
#[cfg(feature = "std")]
pub use store::TokenStore;
