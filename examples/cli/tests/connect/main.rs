//! `connect` between clients and databases that are made up, so that both may do what real ones do not.

#![cfg(all(unix, feature = "connect"))]

mod credentials;
mod exec;
mod listen;
mod mysql;
mod postgres;
mod program;
mod server;
