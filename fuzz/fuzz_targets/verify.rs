//! No text is let in that was not signed, whatever it says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{TokenRequest, Verifier};
use rds_iam_token_fuzz::{credentials, endpoint, now, region};

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
        assert!(again.expose_secret().ends_with(parts.expose_signature()));
        assert_eq!(login.endpoint(), &endpoint());
        assert!(parts.signed_at() <= now().saturating_add(core::time::Duration::from_secs(300)));
        assert!(now() < parts.expires_at());
    }
});
