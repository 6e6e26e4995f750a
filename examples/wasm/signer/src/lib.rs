//! The smallest module that signs a token in WebAssembly, for hosts without JavaScript, and to measure the
//! size of the crate.
//!
//! The caller writes the inputs to [`exchange`], calls [`sign`], and reads the token there. The inputs
//! are UTF-8, separated by NUL: host, region, user, access key id, secret access
//! key and, for a temporary key, session token.

#![no_std]

use core::{arch::wasm32, cell::UnsafeCell, panic::PanicInfo, str};

use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, Token, TokenRequest};

mod heap;

/// Returns the address of the 64 KiB for inputs and token.
#[unsafe(no_mangle)]
pub extern "C" fn exchange() -> *mut u8 {
    EXCHANGE.0.get().cast()
}

/// Signs, and returns the length of the token, or 0 if an input is rejected. The inputs are wiped.
#[unsafe(no_mangle)]
pub extern "C" fn sign(length: usize, port: u32, unix_seconds: f64) -> usize {
    // SAFETY: there are no threads, and nothing else borrows it before this returns.
    let exchange = unsafe { &mut *EXCHANGE.0.get() };
    let token = exchange
        .get(..length)
        .and_then(|input| token(input, port, unix_seconds));
    exchange.fill(0);
    let text = token.as_ref().map_or("", Token::expose_secret);
    match exchange.get_mut(..text.len()) {
        Some(output) => {
            output.copy_from_slice(text.as_bytes());
            text.len()
        }
        None => 0,
    }
}

fn token(input: &[u8], port: u32, unix_seconds: f64) -> Option<Token> {
    let mut inputs = input.split(|&byte| byte == 0);
    let mut next = || str::from_utf8(inputs.next()?).ok();
    let endpoint = Endpoint::new(next()?, u16::try_from(port).ok()?).ok()?;
    let request = TokenRequest::new(endpoint, Region::new(next()?).ok()?, next()?).ok()?;
    let mut credentials = Credentials::new(next()?, next()?).ok()?;
    if let Some(session_token) = next() {
        credentials = credentials.with_session_token(session_token).ok()?;
    }
    if inputs.next().is_some() {
        return None;
    }
    Some(request.sign(&credentials, timestamp(unix_seconds)?))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "fractions of a second are truncated, and a number that is too large is rejected"
)]
fn timestamp(unix_seconds: f64) -> Option<Timestamp> {
    // False for NaN.
    (unix_seconds >= 0.0).then_some(())?;
    Timestamp::from_unix_seconds(unix_seconds as i64).ok()
}

struct Exchange(UnsafeCell<[u8; 65_536]>);

// SAFETY: there are no threads.
unsafe impl Sync for Exchange {}

static EXCHANGE: Exchange = Exchange(UnsafeCell::new([0; 65_536]));

/// Traps when there is no memory left; nothing else panics.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
