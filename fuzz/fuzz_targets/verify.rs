//! No text is let in that was not signed, whatever it says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest, Verifier};

fuzz_target!(|text: &str| {
    let endpoint = Endpoint::new("db.example.com", 5432).unwrap();
    let region = Region::new("eu-west-1").unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret").unwrap();
    let now = Timestamp::from_unix_seconds(1_440_938_160).unwrap();
    let verifier = Verifier::new(endpoint.clone(), region.clone());
    if let Ok(login) = verifier.verify(text, now, |_| Some(&credentials)) {
        // The fuzzer does not find signatures: it has learnt of one from the corpus.
        let again = TokenRequest::new(endpoint, region, login.user())
            .and_then(|request| request.with_lifetime(login.parts().lifetime()))
            .unwrap()
            .sign(&credentials, login.parts().signed_at());
        assert!(
            again
                .expose_secret()
                .ends_with(login.parts().expose_signature())
        );
    }
});
