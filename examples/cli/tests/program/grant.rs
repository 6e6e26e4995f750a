//! `rds-iam-token grant`

use crate::run::{Run, run};

const POLICY: &[&str] = &[
    "--hostname=mydb.c1a2b3c4d5e6.us-east-2.rds.amazonaws.com",
    "--account=111122223333",
    "--resource-id=db-ABCDEFGHIJKL01234",
];

#[track_caller]
fn grant(flags: &[&str]) -> Run {
    run([&["grant"], flags].concat(), &[], b"")
}

#[test]
fn one_part_needs_only_its_own_flags() {
    let sql = grant(&["--only=sql", "--engine=postgres", "--username=a\"b"]);
    assert_eq!(sql.status, Some(0), "{}", sql.stderr);
    assert!(
        sql.stdout.starts_with("CREATE USER \"a\"\"b\""),
        "{}",
        sql.stdout
    );
    let policy = grant(&[&["--only", "policy", "--username", "app"], POLICY].concat());
    assert_eq!(policy.status, Some(0), "{}", policy.stderr);
    assert!(policy.stdout.starts_with("{\n"), "{}", policy.stdout);
    let arn = ":us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/app\"";
    assert!(policy.stdout.contains(arn), "{}", policy.stdout);
}

#[test]
fn both_parts_have_a_line_above_them() {
    let run = grant(&[&["--username=app", "--engine=mysql"], POLICY].concat());
    let places: Vec<_> = ["IAM policy, ", "{\n", "SQL, ", "CREATE USER "]
        .iter()
        .map(|part| run.stdout.find(part))
        .collect();
    assert!(
        places.is_sorted() && places.iter().all(Option::is_some),
        "{}",
        run.stdout
    );
}

#[test]
fn a_policy_that_does_not_fit_the_host_has_a_warning() {
    for (hostname, region, words) in [
        (
            "db.cluster-c1a2.us-east-2.rds.amazonaws.com",
            None,
            "cluster-",
        ),
        ("db.proxy-c1a2.us-east-2.rds.amazonaws.com", None, "prx-"),
        (
            "db.c1a2.us-east-2.rds.amazonaws.com",
            Some("--region=us-east-1"),
            "us-east-2",
        ),
    ] {
        let hostname = format!("--hostname={hostname}");
        let mut flags = vec!["--only=policy", "--username=app", "--account=*"];
        flags.extend(["--resource-id=db-ABCDEFGHIJKL01234", &hostname]);
        flags.extend(region);
        let run = grant(&flags);
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        let warnings: Vec<_> = run
            .stderr
            .lines()
            .filter(|line| line.contains(words))
            .collect();
        assert!(
            matches!(warnings[..], [warning] if warning.starts_with("warning: ")),
            "{}",
            run.stderr
        );
    }
}

/// Flags, and how the error starts.
const MISTAKES: &[(&[&str], &str)] = &[
    (&["--only=sql", "--username=app"], "--engine is required"),
    (
        &["--only=policy", "--username=u", "--region=us-east-2"],
        "--resource-id is required",
    ),
    (
        &["--only=policy", "--username=u", "--hostname=localhost"],
        "--region is required, or",
    ),
    (
        &["--only=policy", "--username=u", "--hostname=a b"],
        "--hostname: ",
    ),
    (
        &["--only=sql", "--engine=mysql", "--username=app "],
        "--username: ",
    ),
    (
        &[
            "--only=policy",
            "--region=us-east-2",
            "--account=1",
            "--resource-id=db-A",
            "--username=u",
        ],
        "--account: ",
    ),
    (
        &[
            "--only=policy",
            "--region=us-east-2",
            "--account=*",
            "--resource-id=mydb",
            "--username=u",
        ],
        "--resource-id: ",
    ),
];

#[test]
fn an_input_error_is_one_line_that_names_the_flag() {
    for (flags, start) in MISTAKES {
        let run = grant(flags);
        run.is_rejected_with(start);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    let username = [&["--only=policy", "--username=a\"b"], POLICY].concat();
    grant(&username).is_rejected_with("--username: ");
}
