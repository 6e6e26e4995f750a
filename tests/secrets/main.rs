//! Secrets in freed memory, and in everything that is shown.

#![expect(unsafe_code, reason = "an allocator is unsafe to write")]

mod allocator;
#[cfg(feature = "chain")]
mod chain;
#[path = "../common/mod.rs"]
mod common;
mod freed;
mod inputs;
mod read;
mod shown;
