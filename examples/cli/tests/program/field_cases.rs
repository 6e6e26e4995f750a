//! Inputs from public reports of drivers, Terraform, proxies and user interfaces, each with the report
//! that it comes from, and what has to be printed about it.

use crate::run::{Run, run};

const HOST: &str = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

/// Signed for [`HOST`], 5432, app with a key of AWS's documentation.
const TOKEN: &str = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432/?Action=connect\
    &DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20250407%2Feu-west-1%2Frds-db%2Faws4_request\
    &X-Amz-Date=20250407T101854Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
    &X-Amz-Signature=2f6239bed2edde15ea10c3ed2b876603b16f30319fc57fba42bea10f48ddf5ba";

/// A password, and what is printed about it.
struct Password {
    source: &'static str,
    text: fn() -> String,
    /// The names that the first finding may have; none if nothing is wrong.
    first: &'static [&'static str],
    absent: &'static [&'static str],
    /// One of these is part of the report.
    words: &'static [&'static str],
}

/// Encodes what Python's `quote` does.
fn quoted(token: &str) -> String {
    token
        .replace('%', "%25")
        .replace(':', "%3A")
        .replace('?', "%3F")
        .replace('=', "%3D")
        .replace('&', "%26")
}

const PASSWORDS: &[Password] = &[
    Password {
        source: "Netflix/metaflow-service #458: quote keeps the slash",
        text: || quoted(TOKEN),
        first: &["encoded-twice"],
        absent: &[
            "missing-slash",
            "missing-port",
            "malformed-host",
            "surrounding-text",
            "wrong-host",
            "unsignable-host",
            "scheme",
            "unknown-parameter",
            "missing-parameter",
        ],
        words: &[],
    },
    Password {
        source: "the same in a URL, where psql 15 says: invalid integer value for connection option \"port\"",
        text: || format!("postgresql://app:{}@{HOST}:5432/orders", quoted(TOKEN)),
        first: &["decoded"],
        absent: &["surrounding-text"],
        words: &["slash", "/"],
    },
    Password {
        source: "golang-migrate/migrate #649: psql 15 says: extra key/value separator \"=\" in URI query parameter",
        text: || {
            format!("postgresql://{HOST}:5432/orders?user=app&password={TOKEN}&sslmode=verify-full")
        },
        first: &["decoded"],
        absent: &[
            "scheme",
            "missing-slash",
            "missing-port",
            "unknown-parameter",
            "wrong-host",
        ],
        words: &[],
    },
    Password {
        source: "documentation of the AWS JDBC wrapper: encoded once, it is right in a URL's query",
        text: || {
            let encoded = quoted(TOKEN).replace('/', "%2F");
            format!("jdbc:postgresql://{HOST}:5432/orders?user=app&password={encoded}&ssl=true")
        },
        first: &[],
        absent: &["surrounding-text", "encoded-twice"],
        words: &[],
    },
    Password {
        source: "golang-migrate/migrate #649: what the driver kept of it; also an unquoted argument of a shell",
        text: || format!("{HOST}:5432/?Action=connect"),
        first: &["truncated"],
        absent: &[],
        words: &["ampersand", "&"],
    },
    Password {
        source: "documentation of .pgpass: an unescaped colon ends the password",
        text: || HOST.to_owned(),
        first: &["truncated"],
        absent: &[],
        words: &[".pgpass"],
    },
    Password {
        source: "terraform-aws-modules/terraform-aws-rds #355: endpoint is host:port already",
        text: || TOKEN.replace(":5432", ":5432:5432"),
        first: &["malformed-host"],
        absent: &["surrounding-text", "unsignable-host"],
        words: &["twice", "two", "again"],
    },
    Password {
        source: "aws/aws-cli #6091: AWS_SESSION_TOKEN is set and empty",
        text: || {
            TOKEN.replace(
                "&X-Amz-SignedHeaders",
                "&X-Amz-Security-Token=&X-Amz-SignedHeaders",
            )
        },
        first: &["unexpected-session-token", "malformed-parameter"],
        absent: &[],
        words: &["empty"],
    },
    Password {
        source: "cgwire/zou #1063: percent signs doubled for configparser",
        text: || TOKEN.replace('%', "%%"),
        first: &["encoded-twice", "malformed-encoding", "surrounding-text"],
        absent: &["missing-session-token"],
        words: &["%%", "twice", "doubled"],
    },
    Password {
        source: "dbcodeio/public #415: the line break that a client sends",
        text: || format!("{TOKEN}\n"),
        first: &[],
        absent: &[],
        words: &["line break"],
    },
    Password {
        source: "cyrilgdn/terraform-provider-postgresql #289: an ordinary password of a member of rds_iam",
        text: || "Str0ng!Pass".to_owned(),
        first: &["not-a-token"],
        absent: &[],
        words: &["rds_iam"],
    },
];

#[test]
fn passwords_of_public_reports_have_their_findings() {
    let hostname = format!("--hostname={HOST}");
    let flags = ["inspect", &hostname, "--port=5432", "--username=app"];
    for password in PASSWORDS {
        let source = password.source;
        let stdin = (password.text)();
        let flags = [&flags[..], &["--at=2025-04-07T10:20:00Z"]].concat();
        let run = run(flags, &[], stdin.as_bytes());
        let findings = run.findings();
        match findings.first() {
            Some(first) => assert!(password.first.contains(first), "{source}: {findings:?}"),
            None => assert_eq!(password.first, [""; 0], "{source}"),
        }
        for name in password.absent {
            assert!(!findings.contains(name), "{source}: {findings:?}");
        }
        has_one_of(&run.stdout, password.words, source);
    }
}

/// Arguments for `grant`, and parts of what is printed.
struct Grant {
    source: &'static str,
    flags: &'static [&'static str],
    status: &'static [i32],
    stdout: &'static str,
    /// One of these is part of standard error.
    stderr: &'static [&'static str],
}

const GRANTS: &[Grant] = &[
    Grant {
        source: "documentation of Datadog: region *",
        flags: &[
            "--only=policy",
            "--account=123456789012",
            "--region=*",
            "--resource-id=*",
            "--username=datadog",
        ],
        status: &[0],
        stdout: "arn:aws:rds-db:*:123456789012:dbuser:*/datadog",
        stderr: &[],
    },
    Grant {
        source: "documentation of Datadog: cluster-*",
        flags: &[
            "--only=policy",
            "--account=123456789012",
            "--region=us-east-1",
            "--resource-id=cluster-*",
            "--username=datadog",
        ],
        status: &[0],
        stdout: "dbuser:cluster-*/datadog",
        stderr: &[],
    },
    Grant {
        source: "a public policy",
        flags: &[
            "--only=policy",
            "--account=123456789012",
            "--region=us-east-1",
            "--resource-id=*",
            "--username=${aws:username}",
        ],
        status: &[0],
        stdout: "dbuser:*/${aws:username}",
        stderr: &[],
    },
    Grant {
        source: "an article on repost.aws that prints dbuser:*/ USER and GRANT … TO \" USER\"",
        flags: &[
            "--account=123456789012",
            "--region=us-east-1",
            "--resource-id=*",
            "--engine=postgres",
            "--username= app",
        ],
        status: &[0, 2],
        stdout: "",
        stderr: &["space"],
    },
    Grant {
        source: "floci-io/floci #3394: the user with its host",
        flags: &["--only=sql", "--engine=mysql", "--username='app'@'%'"],
        status: &[0, 2],
        stdout: "",
        stderr: &["account", "host", "quote"],
    },
];

#[test]
fn grants_of_public_reports_are_printed_or_explained() {
    for grant in GRANTS {
        let source = grant.source;
        let Run {
            status,
            stdout,
            stderr,
        } = run([&["grant"], grant.flags].concat(), &[], b"");
        let status = status.unwrap_or(-1);
        assert!(
            grant.status.contains(&status),
            "{source}: {status}: {stderr}"
        );
        assert!(stdout.contains(grant.stdout), "{source}: {stdout}");
        has_one_of(&stderr, grant.stderr, source);
    }
}

#[track_caller]
fn has_one_of(text: &str, words: &[&str], source: &str) {
    let has_word = words.iter().any(|word| text.contains(word));
    assert!(words.is_empty() || has_word, "{source}: {words:?}: {text}");
}
