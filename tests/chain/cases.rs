//! Every recorded search ends as expected.
//!
//! The inputs and the expected outcomes are facts restated from three places: the aws command,
//! version 2.36.7 (2026-07-23), whose own chain was run on the inputs; the suites of aws-config (smithy-rs,
//! 56ee88c5c6ed, Apache-2.0: the files that start with `suite`, and `ini`, `plans`,
//! `container_uri`, `imds_endpoint`, `locations`); and the endpoint rules of botocore (0e6e2404b,
//! Apache-2.0). If the chain differs from the aws command on purpose, its documentation says so.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::replay;

#[test]
fn every_recorded_search_ends_as_expected() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/chain/cases"));
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let cases = file["cases"].as_array().unwrap().iter();
        let mut expected: BTreeMap<String, Value> = cases
            .map(|case| {
                let case = replay::expanded(case, &file["shared"]);
                (case["id"].as_str().unwrap().to_owned(), case)
            })
            .collect();
        for replayed in replay::replay(&file).unwrap() {
            let case = expected.remove(&replayed.id).unwrap();
            assert!(
                is_as_expected(&case, &replayed.outcome),
                "{}, {}: {}\n{}",
                path.display(),
                replayed.id,
                replayed.outcome,
                replayed.report.unwrap_or_default(),
            );
            count += 1;
        }
        assert!(expected.is_empty(), "not run: {expected:?}");
    }
    assert_eq!(count, 543);
}

/// An outcome may say more than the case expects: the code of a service, for one.
fn is_as_expected(case: &Value, outcome: &Value) -> bool {
    let expected = case["expect"].as_object().unwrap();
    if expected
        .get("expiry")
        .is_some_and(|expiry| expiry == "extended")
    {
        let mut outcome = outcome.clone();
        let credentials = outcome["credentials"].as_object_mut().unwrap();
        let expiry = credentials.remove("expiry").unwrap();
        return outcome["credentials"] == expected["credentials"]
            && expiry.as_i64() > case["now"].as_i64();
    }
    expected
        .iter()
        .all(|(name, value)| outcome.get(name).unwrap_or(&Value::Null) == value)
}
