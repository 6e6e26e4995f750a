//! Any text is read or refused, and nothing secret is shown of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::TokenParts;

fuzz_target!(|text: &str| {
    match TokenParts::parse(text) {
        Ok(parts) => {
            let shown = format!("{parts} {parts:?}");
            // What stands in another parameter as well is shown there.
            let session_token = parts
                .expose_session_token()
                .unwrap_or(parts.expose_signature());
            for secret in [parts.expose_signature(), session_token] {
                let is_elsewhere = secret.len() < 20 || text.matches(secret).count() != 1;
                assert!(is_elsewhere || !shown.contains(secret));
            }
            assert!(parts.expires_at() >= parts.signed_at());
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
});
