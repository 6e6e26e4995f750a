//! Any two files are parsed, or rejected with a line; and each profile is planned, or rejected.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::chain::parse::Profiles;

fuzz_target!(|files: &[u8]| {
    let middle = files
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(files.len());
    let (config, credentials) = files.split_at(middle);
    match Profiles::parse(config, credentials) {
        Ok(profiles) => {
            for (name, properties) in profiles.to_exposed_profiles() {
                for key in properties.keys() {
                    assert!(
                        !key.is_empty() && !key.contains(char::is_whitespace),
                        "{key:?}"
                    );
                    assert_eq!(key.to_ascii_lowercase(), *key);
                }
                if let Err(error) = profiles.plan(&name) {
                    assert_eq!(error.to_string().lines().count(), 1, "{error}");
                }
            }
        }
        Err(error) => assert_eq!(error.kind().as_str(), "parse"),
    }
});
