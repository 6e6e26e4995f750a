//! Any text is answered, worst first, in lines without secrets.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Credentials, Endpoint, Region, Timestamp, TokenParts,
    diagnose::{Finding, Known, diagnose},
};

const SECRET: &str = "not-a-real-secret-but-a-long-one";

fuzz_target!(|text: &str| {
    let known = Known::new()
        .with_endpoint(Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432).unwrap())
        .with_region(Region::new("eu-west-1").unwrap())
        .with_user("app")
        .with_time(Timestamp::from_unix_seconds(1_440_938_160).unwrap())
        .with_credentials(Credentials::new("AKIDEXAMPLE", SECRET).unwrap());
    let diagnosis = diagnose(text, &known);
    assert!(diagnosis.findings().is_sorted_by_key(Finding::cause));
    let report: String = diagnosis
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    // The fuzzer learns the secret and writes it where it is shown.
    assert!(text.contains(SECRET) || !report.contains(SECRET));
    assert!(!report.chars().any(char::is_control));
    if let Ok(parts) = TokenParts::parse(diagnosis.expose_repaired()) {
        let signature = parts.expose_signature();
        assert!(text.matches(signature).count() > 1 || !report.contains(signature));
    }
    // What is found in damage is found again in what is left of it, and no more damage is.
    let _ = diagnose(diagnosis.expose_repaired(), &known);
});
