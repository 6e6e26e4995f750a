//! `rds-iam-token check-policy`

use std::fs;

use crate::run::{Run, run};

const LOGIN: &[&str] = &[
    "check-policy",
    "--account=123456789012",
    "--resource-id=db-ABCDEFGHIJKL01234",
    "--username=app",
];

#[track_caller]
fn check(flags: &[&str], policy: &str) -> Run {
    let login = [LOGIN, &["--region=eu-west-1"], flags].concat();
    run(login, &[], policy.as_bytes())
}

fn statement(resource: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "{resource}"}}"#)
}

fn policy(statements: &[String]) -> String {
    let statements = statements.join(",");
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

#[test]
fn the_first_line_is_the_verdict_and_the_status_says_it_too() {
    let mine = statement("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app");
    let name = statement("arn:aws:rds-db:eu-west-1:123456789012:dbuser:orders/app");
    let variable = statement("arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/${aws:username}");
    let deny = r#"{"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"}"#.to_owned();
    for (statements, status, lines) in [
        (vec![mine.clone()], 0, vec!["allowed: statement 1 "]),
        (
            vec![name.clone(), mine.clone()],
            0,
            vec!["allowed: statement 2 ", "statement 1: Resource "],
        ),
        (
            vec![name.clone()],
            1,
            vec!["denied: no statement ", "statement 1: Resource "],
        ),
        (
            vec![mine, deny],
            1,
            vec!["denied: statement 2 (\"No\") ", "statement 1: allows it"],
        ),
        (
            vec![name, variable],
            3,
            vec!["undecided: statement 2 ", "statement 1: Resource "],
        ),
    ] {
        let run = check(&[], &policy(&statements));
        assert_eq!(run.status, Some(status), "{}", run.stdout);
        assert_eq!(run.stderr, "");
        assert_eq!(run.stdout.lines().count(), lines.len(), "{}", run.stdout);
        for (line, start) in run.stdout.lines().zip(lines) {
            assert!(line.starts_with(start), "{line}");
        }
    }
}

#[test]
fn what_grant_prints_is_allowed() {
    let login = &LOGIN[1..];
    let policy = [&["grant", "--only=policy", "--region=eu-west-1"], login].concat();
    let policy = run(policy, &[], b"").stdout;
    assert_eq!(check(&[], &policy).status, Some(0));
    assert_eq!(check(&["-"], &policy).status, Some(0));
    assert_eq!(check(&[], &format!("\u{feff}{policy}")).status, Some(0));
    let file = std::env::temp_dir().join(format!("check-policy-{}.json", std::process::id()));
    fs::write(&file, &policy).unwrap();
    let path = file.to_str().unwrap();
    let hostname = "--hostname=db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";
    let found = run([LOGIN, &[hostname, path]].concat(), &[], b"");
    fs::remove_file(&file).unwrap();
    assert_eq!(found.status, Some(0), "{}", found.stderr);
    let hostname = "--hostname=db.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";
    let found = run([LOGIN, &[hostname]].concat(), &[], policy.as_bytes());
    assert!(found.stderr.starts_with("warning: "), "{}", found.stderr);
}

#[test]
fn a_command_or_a_document_that_is_wrong_is_rejected() {
    let everything = policy(&[statement("*")]);
    for (flags, document, start) in [
        (&[][..], "", "policy: invalid JSON at line 1"),
        (&[], "{}", "policy: invalid policy: Statement"),
        (
            &[],
            "orders.example.com:5432/?Action=connect",
            "policy: invalid JSON",
        ),
        (
            &["/nowhere/policy.json"],
            &everything,
            "the file of the policy: ",
        ),
    ] {
        check(flags, document).is_rejected_with(start);
    }
    let trust =
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#;
    check(&[], trust).is_rejected_with("policy: statement 1 has a Principal");
    check(&[], &" ".repeat(1 << 21)).is_rejected_with("standard input: over 1 MiB");
    let region = "--region=eu-west-1";
    for (flags, start) in [
        (&LOGIN[..3], "the following required arguments"),
        (LOGIN, "--region is required"),
        (
            &[
                "check-policy",
                region,
                "--account=*",
                "--resource-id=db-A",
                "--username=app",
            ],
            "--account: pattern",
        ),
        (
            &[
                "check-policy",
                region,
                "--account=123456789012",
                "--resource-id=db-*",
                "--username=app",
            ],
            "--resource-id: pattern",
        ),
        (
            &[
                "check-policy",
                region,
                "--account=123456789012",
                "--resource-id=db-A",
                "--username=*",
            ],
            "--username: pattern",
        ),
        (
            &[
                "check-policy",
                region,
                "--account=123456789012",
                "--resource-id=orders",
                "--username=a",
            ],
            "--resource-id: invalid",
        ),
    ] {
        run(flags.iter().copied(), &[], everything.as_bytes()).is_rejected_with(start);
    }
}

#[test]
fn the_document_is_found_in_what_the_aws_command_prints() {
    let mine = statement("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app");
    let document = policy(&[mine]);
    for answer in [
        format!(r#"{{"PolicyVersion": {{"VersionId": "v1", "Document": {document}}}}}"#),
        format!(r#"{{"RoleName": "r", "PolicyName": "p", "PolicyDocument": {document}}}"#),
    ] {
        let run = check(&[], &answer);
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert!(run.stdout.starts_with("allowed: "), "{}", run.stdout);
    }
    // A fault in the document is found as well.
    let twice = r#"{"PolicyDocument": {"Statement": [], "Statement": []}}"#;
    check(&[], twice).is_rejected_with("policy: invalid JSON");
}

#[test]
fn what_is_no_document_has_an_error_that_says_so() {
    let encoded = "%7B%22Version%22%3A%222012-10-17%22%7D";
    for (text, start) in [
        (
            encoded.to_owned(),
            "policy: URL-encoded; expected it decoded",
        ),
        (
            format!(r#"{{"PolicyVersion": {{"Document": "{encoded}"}}}}"#),
            "policy: URL-encoded; expected it decoded",
        ),
        (
            format!(r#"{{"PolicyDocument": "{encoded}"}}"#),
            "policy: URL-encoded; expected it decoded",
        ),
        (
            r#""{\"Statement\": []}""#.to_owned(),
            "policy: a JSON string; expected the document in it",
        ),
        (
            r#"{"Policy": {"PolicyName": "p", "Arn": "a", "DefaultVersionId": "v1"}}"#.to_owned(),
            "policy: without its document; expected that of aws iam get-policy-version",
        ),
        (
            "\u{feff}\u{feff}{}".to_owned(),
            "policy: byte order mark; expected the document alone",
        ),
        (
            " \u{feff}{}".to_owned(),
            "policy: byte order mark; expected the document alone",
        ),
    ] {
        check(&[], &text).is_rejected_with(start);
    }
    let utf_16: Vec<u8> = "\u{feff}{}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let login = [LOGIN, &["--region=eu-west-1"]].concat();
    run(login, &[], &utf_16).is_rejected_with("standard input: UTF-16; expected UTF-8");
}
