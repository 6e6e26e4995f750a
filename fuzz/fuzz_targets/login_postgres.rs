//! Whatever a client and a server send, a login of PostgreSQL ends, and the token goes to the server alone, in
//! TLS, on request and once for each connection.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rds_iam_token_fuzz::login::postgres(bytes));
