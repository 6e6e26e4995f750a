//! Any text is the ARN or the pattern of a database user that is written as it was parsed, or is
//! rejected; and what is accepted stays one string in a policy, which allows it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Region,
    policy::{DbUserArn, DbUserPattern, Error, connect_policy},
};

fuzz_target!(|text: &str| {
    match text.parse::<DbUserPattern>() {
        Ok(pattern) => {
            assert_eq!(pattern.to_string(), text);
            check(&pattern);
        }
        Err(Error::Arn { offset }) => assert!(text.is_char_boundary(offset)),
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
    if let Ok(arn) = text.parse::<DbUserArn>() {
        assert_eq!(arn.to_string(), text);
        check_one(&arn);
    }
    // The parts one by one, and the text as each of them.
    let region = || Region::new("us-east-2").unwrap();
    let account = "111122223333";
    let arns = [
        DbUserArn::new(region(), account, "db-A1", text),
        DbUserArn::new(region(), account, text, "app"),
        DbUserArn::new(region(), text, "db-A1", "app"),
    ];
    for arn in arns.iter().flatten() {
        check_one(arn);
    }
    let patterns = [
        DbUserPattern::new(text, "*", "*", "*", "*"),
        DbUserPattern::new("aws", text, "*", "*", "*"),
        DbUserPattern::new("aws", "*", text, "*", "*"),
        DbUserPattern::new("aws", "*", "*", text, "*"),
        DbUserPattern::new("aws", "*", "*", "*", text),
    ];
    for pattern in patterns.iter().flatten() {
        check(pattern);
    }
});

fn check_one(arn: &DbUserArn) {
    let text = arn.to_string();
    assert_eq!(text.parse().as_ref(), Ok(arn));
    assert!(!text.contains(['*', '?']) && !text.contains("${"));
    let pattern = DbUserPattern::from(arn);
    assert_eq!(pattern.to_string(), text);
    check(&pattern);
}

fn check(pattern: &DbUserPattern) {
    let text = pattern.to_string();
    assert_eq!(text.parse::<DbUserPattern>().unwrap().to_string(), text);
    assert!(!text.contains(['"', '\\']) && !text.chars().any(char::is_control));
    let policy = connect_policy([pattern.clone()]);
    assert_eq!(policy.matches(&format!("\"{text}\"")).count(), 1);
    assert_eq!(policy.matches('"').count(), 18);
}
