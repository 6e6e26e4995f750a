//! Any document or response is parsed, or rejected without showing it; and any text is a date or none.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::chain::{
    HttpResponse,
    parse::{self, Document},
};

const DOCUMENTS: [Document; 6] = [
    Document::Container,
    Document::InstanceMetadata,
    Document::Login,
    Document::Process,
    Document::SsoRole,
    Document::Sts,
];

fuzz_target!(|bytes: &[u8]| {
    for document in DOCUMENTS {
        if let Err(error) = document.parse(bytes) {
            assert_eq!(error.to_string().lines().count(), 1, "{error}");
        }
    }
    let _ = parse::sso_token(bytes);
    let _ = HttpResponse::from_http1(bytes);
    if let Ok(text) = core::str::from_utf8(bytes) {
        if let Some(date) = parse::date(text) {
            // A date has a day, a time and a zone.
            assert!(text.len() >= 20);
            let again = date.to_string();
            assert_eq!(parse::date(&again), Some(date));
        }
    }
});
