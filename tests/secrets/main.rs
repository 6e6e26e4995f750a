//! What is left of secrets in memory that is given back, and what is shown of them.

#![expect(unsafe_code, reason = "an allocator is unsafe to write")]

mod allocator;
#[cfg(feature = "chain")]
mod chain;
mod freed;
mod inputs;
mod read;
mod shown;
