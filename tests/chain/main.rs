//! The credential chain, on recorded searches and on generated ones.

#[expect(
    dead_code,
    unreachable_pub,
    reason = "the example is a program, of which the tests use the library half"
)]
#[path = "../../examples/replay-credential-chain.rs"]
mod replay;

mod cases;
mod driving;
mod loops;
mod messages;
mod presigned;
mod reports;
mod requests;
mod shown;
mod world;
