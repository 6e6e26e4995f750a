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

/// Flags, a piece of standard output, and a piece of each line of standard error.
const PATTERNS: &[(&[&str], &str, &[&str])] = &[
    // Datadog's documentation.
    (
        &["--region=*", "--resource-id=*", "--username=datadog"],
        "\"arn:aws:rds-db:*:111122223333:dbuser:*/datadog\"",
        &[
            "partition aws",
            "--region * opens every region",
            "--resource-id * opens every instance",
        ],
    ),
    (
        &[
            "--region=us-gov-*",
            "--partition=aws-us-gov",
            "--resource-id=db-*",
            "--username=app_*",
        ],
        "\"arn:aws-us-gov:rds-db:us-gov-*:111122223333:dbuser:db-*/app_*\"",
        &[
            "--region is a pattern",
            "--resource-id is a pattern",
            "--username is a pattern",
        ],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=cluster-*",
            "--username=datadog",
        ],
        "\"arn:aws:rds-db:us-east-1:111122223333:dbuser:cluster-*/datadog\"",
        &["--resource-id is a pattern"],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=*",
            "--username=${aws:username}",
        ],
        "\"arn:aws:rds-db:us-east-1:111122223333:dbuser:*/${aws:username}\"",
        &["--resource-id *", "--username has a policy variable"],
    ),
    (
        &[
            "--region=cn-north-1",
            "--resource-id=db-ABCDEFGHIJKL01234",
            "--all-users",
        ],
        "\"arn:aws-cn:rds-db:cn-north-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/*\"",
        &["--all-users opens every database user"],
    ),
    // Names that have the form of a resource ID.
    (
        &["--region=us-east-1", "--resource-id=db-1", "--username=app"],
        "dbuser:db-1/app\"",
        &["warning: the resource ID is shorter than those of AWS"],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=cluster-ABCDEFGHIJKLMNOP",
            "--username=app",
        ],
        "dbuser:cluster-ABCDEFGHIJKLMNOP/app\"",
        &["warning: the resource ID is shorter than those of AWS"],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=db-ABCDEFGHIJKL01234",
            "--username=?p*",
        ],
        "dbuser:db-ABCDEFGHIJKL01234/?p*\"",
        &["--username is a pattern"],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=prx-orders",
            "--username=app",
        ],
        "dbuser:prx-orders/app\"",
        &["warning: the resource ID looks like a name"],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=prx-0f9d9414be09b1c57",
            "--username= app",
        ],
        "dbuser:prx-0f9d9414be09b1c57/ app\"",
        &["warning: the user starts with a space"],
    ),
    (
        &[
            "--region=us-east-1",
            "--resource-id=db-ABCDEFGHIJKL01234",
            "--username=app",
        ],
        "dbuser:db-ABCDEFGHIJKL01234/app\"",
        &[],
    ),
];

#[test]
fn a_pattern_is_printed_as_it_is_typed_with_a_note_on_what_it_opens() {
    for (flags, arn, notes) in PATTERNS {
        let run = grant(&[&["--only=policy", "--account=111122223333"], *flags].concat());
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert!(run.stdout.contains(arn), "{}", run.stdout);
        assert_eq!(run.stderr.lines().count(), notes.len(), "{}", run.stderr);
        for (line, note) in run.stderr.lines().zip(*notes) {
            assert!(line.contains(note), "{line}");
        }
    }
}

/// Flags, standard output, and a piece of each line of standard error.
const SQL: &[(&[&str], &str, &[&str])] = &[
    (
        &["--engine=postgres", "--username=app"],
        "CREATE USER \"app\" IN ROLE rds_iam;\n",
        &["REVOKE rds_iam"],
    ),
    (
        &["--engine=postgres", "--username=Zoë", "--replication"],
        "BEGIN;\nCREATE USER U&\"Zo\\00EB\" IN ROLE rds_iam;\n\
         ALTER USER U&\"Zo\\00EB\" WITH REPLICATION;\nCOMMIT;\n",
        &["REVOKE rds_iam", "rds.iam_auth_for_replication"],
    ),
    (
        &[
            "--engine=mysql",
            "--username=app",
            "--host=10.0.%",
            "--if-not-exists",
        ],
        "CREATE USER IF NOT EXISTS 'app'@'10.0.%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
         REQUIRE SSL;\n",
        &[],
    ),
    (
        &["--engine=postgres", "--username=app", "--existing"],
        "GRANT rds_iam TO \"app\";\n",
        &["REVOKE rds_iam"],
    ),
    (
        &["--engine=mysql", "--username=app", "--existing"],
        "ALTER USER `app` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL ACCOUNT UNLOCK;\n",
        &[],
    ),
    (
        &["--engine=mariadb", "--username=Zoë", "--utf8-session"],
        "CREATE USER `Zoë` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n",
        &["--default-character-set=utf8mb4"],
    ),
    (
        &["--engine=mysql", "--username='app'"],
        "CREATE USER `'app'` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n",
        &["warning: the quotation marks"],
    ),
    (
        &["--engine=mysql", "--username=jane@example.com"],
        "CREATE USER `jane@example.com` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n",
        &["a host goes into --host"],
    ),
];

#[test]
fn sql_is_printed_with_a_note_on_what_it_changes() {
    for (flags, sql, notes) in SQL {
        let run = grant(&[&["--only=sql"], *flags].concat());
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert_eq!(run.stdout, *sql);
        assert_eq!(run.stderr.lines().count(), notes.len(), "{}", run.stderr);
        for (line, note) in run.stderr.lines().zip(*notes) {
            assert!(line.contains(note), "{line}");
        }
    }
}

#[test]
fn a_user_that_is_probably_not_meant_is_rejected() {
    for (flags, words) in [
        (&["--only=policy", "--username=*"][..], "--all-users"),
        (&["--only=policy", "--username=**"], "--all-users"),
        (&["--only=policy", "--username=?*"], "--all-users"),
        (&["--only=policy", "--username=*?"], "--all-users"),
        // In SQL, a user by that name.
        (&["--engine=postgres", "--username=app_*"], "--only policy"),
        (&["--engine=mysql", "--username=app?"], "--only policy"),
        (
            &["--engine=mysql", "--username=${aws:username}"],
            "--only policy",
        ),
        (
            &["--only=sql", "--engine=postgres", "--username=*"],
            "--all-users",
        ),
        (
            &["--only=sql", "--engine=postgres", "--all-users"],
            "--only policy",
        ),
        (
            &["--only=sql", "--engine=mysql", "--username='app'@'%'"],
            "--host",
        ),
        (
            &["--only=sql", "--engine=mariadb", "--username=app@10.0.%"],
            "--host",
        ),
        (
            &["--only=sql", "--engine=mariadb", "--username=app "],
            "space",
        ),
        (
            &[
                "--only=sql",
                "--engine=mysql",
                "--username=é` IDENTIFIED BY 'x'#",
            ],
            "--utf8-session",
        ),
        (
            &["--only=sql", "--engine=mysql", "--username=a\u{1b}[2J"],
            "control",
        ),
        (
            &[
                "--only=sql",
                "--engine=mysql",
                "--utf8-session",
                "--username=a\u{202e}",
            ],
            "character that is not allowed",
        ),
        (
            &[
                "--only=sql",
                "--engine=postgres",
                "--username=a",
                "--host=%",
            ],
            "--host: ",
        ),
        (
            &["--only=sql", "--engine=mysql", "--username=a", "--host=a'b"],
            "--host: ",
        ),
        (&["--only=policy"], "--username"),
    ] {
        let run = grant(&[flags, POLICY].concat());
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (Some(2), ""),
            "{flags:?}"
        );
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn the_policies_of_roles_are_printed_for_their_flags() {
    let common = [
        "--username=app",
        "--engine=postgres",
        "--account=111122223333",
        "--region=us-east-2",
    ];
    let proxy = "--resource-id=prx-0f9d9414be09b1c57";
    for (flags, titles, pieces) in [
        (
            &[
                "--secret=arn:aws:secretsmanager:us-east-2:111122223333:secret:app-??????",
                "--secret-key=arn:aws:kms:us-east-2:111122223333:key/1234abcd",
            ][..],
            &[
                "IAM policy, for the role of the proxy:",
                "Trust policy, for the role of the proxy:",
            ][..],
            &[
                "secretsmanager:GetSecretValue",
                "kms:Decrypt",
                "\"rds.amazonaws.com\"",
            ][..],
        ),
        (
            &["--proxy-target=cluster-ABCDEFGHIJKL01234"],
            &[
                "IAM policy, for the role of the proxy:",
                "Trust policy, for the role of the proxy:",
            ],
            &[
                "dbuser:prx-0f9d9414be09b1c57/app\"",
                "dbuser:cluster-ABCDEFGHIJKL01234/app\"",
                "\"rds.amazonaws.com\"",
            ],
        ),
        (
            &[
                "--role=arn:aws:iam::111122223333:role/db-app",
                "--caller=arn:aws:iam::444455556666:role/service",
            ],
            &["Trust policy, for --role:", "IAM policy, for --caller:"],
            &[
                "\"AWS\": \"arn:aws:iam::444455556666:role/service\"",
                "\"Resource\": \"arn:aws:iam::111122223333:role/db-app\"",
            ],
        ),
    ] {
        let run = grant(&[&common[..], &[proxy], flags].concat());
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        for title in titles {
            assert_eq!(
                run.stdout.lines().filter(|line| line == title).count(),
                1,
                "{title}"
            );
        }
        for piece in pieces {
            assert!(run.stdout.contains(piece), "{piece}: {}", run.stdout);
        }
    }
    for (flags, start) in [
        (&["--secret=app"][..], "--secret: invalid ARN"),
        (
            &["--proxy-target=orders"],
            "--proxy-target: invalid resource ID",
        ),
        (
            &[
                "--role=arn:aws:iam::111122223333:user/a",
                "--caller=arn:aws:iam::444455556666:root",
            ],
            "--role: invalid ARN",
        ),
    ] {
        grant(&[&common[..], &[proxy], flags].concat()).is_rejected_with(start);
    }
}

#[test]
fn a_document_for_a_role_is_not_left_out_without_a_word() {
    let secret = "--secret=arn:aws:secretsmanager:us-east-2:111122223333:secret:app-AbCdEf";
    let role = "--role=arn:aws:iam::111122223333:role/login";
    let caller = "--caller=arn:aws:iam::444455556666:root";
    for only in ["--only=policy", "--only=sql"] {
        for flags in [
            &[secret][..],
            &["--proxy-target=db-ABCDEFGHIJKL01234"],
            &[role, caller],
        ] {
            let flags = [&[only, "--engine=mysql", "--username=app"], flags, POLICY].concat();
            let run = grant(&flags);
            run.is_rejected_with("the argument '");
            assert!(run.stderr.contains("--only"), "{}", run.stderr);
        }
    }
}

#[test]
fn a_flag_of_the_other_part_has_a_note() {
    for (flags, note) in [
        (
            &["--only=policy", "--engine=mysql", "--replication"][..],
            "note: --only policy does not use --engine, --replication",
        ),
        (
            &[
                "--only=policy",
                "--host=10.0.%",
                "--if-not-exists",
                "--utf8-session",
            ],
            "note: --only policy does not use --host, --if-not-exists, --utf8-session",
        ),
        (
            &[
                "--only=sql",
                "--engine=mysql",
                "--region=us-east-2",
                "--partition=aws",
            ],
            "note: --only sql does not use --hostname, --region, --partition, --account, --resource-id",
        ),
    ] {
        let run = grant(&[flags, &["--username=app"], POLICY].concat());
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert_eq!(run.stderr.trim_end(), note);
    }
    // PostgreSQL needs no promise.
    let run = grant(&[
        "--only=sql",
        "--engine=postgres",
        "--username=app",
        "--utf8-session",
    ]);
    let note = "note: --utf8-session is for MySQL and MariaDB";
    assert!(run.stderr.contains(note), "{}", run.stderr);
}
