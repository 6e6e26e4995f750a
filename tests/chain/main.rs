//! The credential chain, on recorded searches and on generated ones.

mod cases;
mod driving;
mod loops;
mod messages;
mod presigned;
mod refusals;
mod replay;
mod reports;
mod requests;
mod shown;
mod sso;
mod world;
