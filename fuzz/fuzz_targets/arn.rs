//! Any text is the ARN of a database user that is written as it was read, or is refused; and what is
//! taken stays one string in a policy.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Error, Region,
    policy::{DbUserArn, connect_policy},
};

fuzz_target!(|text: &str| {
    match text.parse::<DbUserArn>() {
        Ok(arn) => {
            assert_eq!(arn.to_string(), text);
            check(&arn);
        }
        Err(Error::Arn { offset }) => assert!(text.is_char_boundary(offset)),
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
    // The parts one by one, and the text as each of them.
    let region = || Region::new("us-east-2").unwrap();
    let arns = [
        DbUserArn::new(region(), "111122223333", "db-A1", text),
        DbUserArn::new(region(), "*", text, "*"),
        DbUserArn::new(region(), text, "*", "app"),
    ];
    for arn in arns.iter().flatten() {
        check(arn);
    }
});

fn check(arn: &DbUserArn) {
    let text = arn.to_string();
    assert_eq!(text.parse().as_ref(), Ok(arn));
    assert!(!text.contains(['"', '\\']) && !text.chars().any(char::is_control));
    for part in [arn.account(), arn.resource_id(), arn.user()] {
        assert!(part == "*" || !part.contains(['*', '?']) && !part.contains("${"));
    }
    let policy = connect_policy(std::slice::from_ref(arn));
    assert_eq!(policy.matches(&format!("\"{text}\"")).count(), 1);
    assert_eq!(policy.matches('"').count(), 18);
}
