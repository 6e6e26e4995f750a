//! No text is accepted that was not signed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{TokenRequest, Verifier};
use rds_iam_token_fuzz::{credentials, decode, endpoint, now, region};

/// Splits and decodes, and looks at nothing else: the case of a host and of an escape, and the order of
/// the parameters, are all that may differ.
fn read(token: &str) -> (String, Vec<(&str, Option<Vec<u8>>)>) {
    let (authority, query) = token.split_once("/?").unwrap();
    let mut parameters: Vec<_> = query
        .split('&')
        .map(|parameter| parameter.split_once('=').unwrap())
        .map(|(name, value)| (name, decode(value)))
        .collect();
    parameters.sort();
    (authority.to_ascii_lowercase(), parameters)
}

fuzz_target!(|text: &str| {
    let verifier = Verifier::new(endpoint(), region());
    if let Ok(login) = verifier.verify(text, now(), credentials) {
        // The fuzzer does not find signatures: it has learnt of one from the seeds.
        let parts = login.parts();
        let again = TokenRequest::new(endpoint(), region(), login.user())
            .and_then(|request| request.with_lifetime(parts.lifetime()))
            .unwrap()
            .sign(
                &credentials(login.access_key_id()).unwrap(),
                parts.signed_at(),
            );
        assert_eq!(read(text), read(again.expose_secret()));
        assert_eq!(login.endpoint(), &endpoint());
        assert!(parts.signed_at() <= now().saturating_add(core::time::Duration::from_secs(300)));
        assert!(now() < parts.expires_at());
    }
});
