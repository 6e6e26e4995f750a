//! Any text is answered, worst first, in lines without secrets.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    TokenParts,
    diagnose::{Finding, Known, diagnose},
};
use rds_iam_token_fuzz::{SECRET, SESSION_TOKEN, credentials, endpoint, now, region};

fuzz_target!(|text: &str| {
    for id in ["AKIDEXAMPLE", "ASIDEXAMPLE"] {
        let known = Known::new()
            .with_endpoint(endpoint())
            .with_region(region())
            .with_user("app")
            .with_time(now())
            .with_credentials(credentials(id).unwrap());
        check(text, &known);
    }
    check(text, &Known::new());
});

fn check(text: &str, known: &Known) {
    let diagnosis = diagnose(text, known);
    assert!(diagnosis.findings().is_sorted_by_key(Finding::cause));
    let report: String = diagnosis
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(!report.chars().any(char::is_control));
    // What the fuzzer has learnt and writes where it is shown is no secret of the library's.
    for secret in [SECRET, SESSION_TOKEN] {
        assert!(text.contains(secret) || !report.contains(secret));
    }
    if let Ok(parts) = TokenParts::parse(diagnosis.expose_repaired()) {
        for secret in [Some(parts.expose_signature()), parts.expose_session_token()]
            .into_iter()
            .flatten()
            .filter(|secret| secret.len() >= 20)
        {
            assert!(text.matches(secret).count() > 1 || !report.contains(secret));
        }
    }
    // What is left of the damage is read again without a panic.
    let _ = diagnose(diagnosis.expose_repaired(), known);
}
