//! Any text is a policy that is judged, or is rejected; and a resource allows what an independent
//! comparison says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::policy::{
    DbUserArn, DbUserPattern,
    check::{Effect, Elements, Policy, Statement, Verdict, Version},
    connect_policy,
};

const ARN: &str = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app";

fuzz_target!(|text: &str| {
    let user: DbUserArn = ARN.parse().unwrap();
    if let Ok(policy) = text.parse::<Policy>() {
        let report = policy.check(&user);
        let lines = report.to_string();
        assert!(
            !lines.replace('\n', "").contains(char::is_control),
            "{lines:?}"
        );
        let others = report.outcomes().len() - usize::from(report.decided_by().is_some());
        assert_eq!(lines.lines().count(), others + 1);
        assert!(report.verdict() == Verdict::Denied || report.decided_by().is_some());
    }
    // The text as the one resource.
    let statement = Statement::new(
        Effect::Allow,
        Elements::Listed(vec!["rds-db:connect".into()]),
        Elements::Listed(vec![text.into()]),
    );
    let verdict = Policy::new(Version::V2008, vec![statement])
        .check(&user)
        .verdict();
    let matches = matches(
        &text.chars().collect::<Vec<_>>(),
        &ARN.chars().collect::<Vec<_>>(),
    );
    assert_eq!(verdict == Verdict::Denied, !matches, "{text}");
    // A pattern that is written in a policy is that of the policy.
    if let Ok(pattern) = text.parse::<DbUserPattern>() {
        let written: Policy = connect_policy([pattern]).parse().unwrap();
        let verdict = written.check(&user).verdict();
        assert!(!matches || verdict == Verdict::Allowed, "{text}");
        assert!(
            verdict != Verdict::Undecided || text.contains("${"),
            "{text}"
        );
    }
});

/// Compares a pattern with a text, by a table.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let mut row: Vec<bool> = (0..=text.len()).map(|end| end == 0).collect();
    for letter in pattern {
        let mut next = vec![false; row.len()];
        for end in 0..row.len() {
            next[end] = match letter {
                '*' => row[end] || end > 0 && next[end - 1],
                '?' => end > 0 && row[end - 1],
                _ => end > 0 && row[end - 1] && text[end - 1] == *letter,
            };
        }
        row = next;
    }
    row[text.len()]
}
