//! Recipes that drive the credential chain with HTTPS: one that blocks, and one that is async.
//!
//! One file for each, to copy together with [`machine`].

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod machine;
#[cfg(feature = "async")]
pub mod nonblocking;
