//! Any text is answered, worst first, in lines without secrets.

#![no_main]

use std::hash::{DefaultHasher, Hash, Hasher};

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Credentials, TokenParts,
    diagnose::{Expected, Finding, diagnose},
};
use rds_iam_token_fuzz::{credentials, endpoint, now, region, secrets};

fuzz_target!(|text: &str| {
    let expected = Expected::new()
        .with_endpoint(endpoint())
        .with_region(region())
        .with_user("app")
        .with_time(now());
    for id in ["AKIDEXAMPLE", "ASIDEXAMPLE"] {
        let expected = expected.clone().with_credentials(credentials(id).unwrap());
        check(text, &expected);
    }
    check(text, &Expected::new());

    // Another secret for each text, so that the fuzzer does not learn it and write it down.
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let secret = format!("{:x}", hasher.finish());
    let credentials = Credentials::new("ASIDEXAMPLE", &secret)
        .and_then(|credentials| credentials.with_session_token(&secret))
        .unwrap();
    let report = check(text, &expected.with_credentials(credentials));
    assert!(!report.contains(&secret));
});

fn check(text: &str, expected: &Expected) -> String {
    let diagnosis = diagnose(text, expected);
    assert!(diagnosis.findings().is_sorted_by_key(Finding::cause));
    let report: String = diagnosis
        .findings()
        .iter()
        .map(ToString::to_string)
        .chain(diagnosis.fields().iter().map(ToString::to_string))
        .collect();
    assert!(!report.chars().any(char::is_control));
    if let Ok(parts) = TokenParts::parse(diagnosis.expose_repaired()) {
        for secret in secrets(&parts) {
            assert!(!report.contains(&secret));
        }
    }
    // The repaired text is read again without a panic.
    let _ = diagnose(diagnosis.expose_repaired(), expected);
    report
}
