//! `rds-iam-token inspect`

use crate::run::{HOST, KEY_ID, KEYS, Run, TOKEN, run};

/// A minute after the token was signed.
const AT: &str = "--at=2015-08-30T12:37:00Z";

#[track_caller]
fn inspect(flags: &[&str], variables: &[(&str, &str)], stdin: &[u8]) -> Run {
    let run = run([&["inspect"], flags].concat(), variables, stdin);
    assert_eq!(run.stderr, "");
    run
}

#[test]
fn a_good_token_is_described_and_the_other_causes_are_listed() {
    for (variables, stdin) in [
        (&[][..], TOKEN.to_owned()),
        (&[], TOKEN.to_owned() + "\n"),
        (&[("RDS_TOKEN", TOKEN)], "not read".to_owned()),
        (&[("RDS_TOKEN", "")], TOKEN.to_owned()),
        (KEYS, TOKEN.to_owned()),
    ] {
        let run = inspect(&["--username=app", AT], variables, stdin.as_bytes());
        assert_eq!((run.findings(), run.status), (vec![], Some(0)));
        for words in ["2015-08-30T12:51:00Z", "rds_iam"] {
            assert!(run.stdout.contains(words), "{}", run.stdout);
        }
        assert!(!run.stdout.contains("1f5779dd"), "{}", run.stdout);
    }
}

#[test]
fn each_finding_is_followed_by_its_remedy() {
    let flags = [
        "--username",
        "App",
        "--port=3306",
        "--at=2015-08-30T12:52:00Z",
    ];
    let variables = [KEY_ID, ("AWS_SECRET_ACCESS_KEY", "another-secret")];
    let run = inspect(&flags, &variables, format!("'{TOKEN}'").as_bytes());
    assert_eq!(
        run.findings(),
        [
            "surrounding-text",
            "wrong-port",
            "user-case",
            "expired",
            "wrong-signature"
        ]
    );
    assert_eq!(run.status, Some(1));
    let lines: Vec<_> = run.stdout.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if line.starts_with("- ") {
            let remedy = lines.get(number + 1).copied().unwrap_or_default();
            assert!(
                remedy.starts_with("  ") && remedy.len() > 10,
                "{line}: {remedy}"
            );
        }
    }
}

#[test]
fn text_that_is_no_token_has_a_short_report() {
    for (stdin, name) in [
        (vec![], "empty"),
        (b"hunter2".to_vec(), "not-a-token"),
        (vec![b'a'; 1 << 20], "not-a-token"),
        (vec![0xff; 1 << 20], "not-a-token"),
        (b"\xff".to_vec(), "not-a-token"),
    ] {
        let run = inspect(&[], &[], &stdin);
        assert_eq!((run.findings(), run.status), (vec![name], Some(1)));
        assert!(!run.stdout.contains("hunter2"), "{}", run.stdout);
        assert!(run.stdout.lines().count() < 4, "{}", run.stdout);
    }
}

#[test]
fn a_text_that_is_too_long_has_its_true_length() {
    for (length, shown) in [(65_537, "65537"), (200_000_000, "200000000")] {
        let run = inspect(&[], &[], &vec![b'a'; length]);
        assert_eq!((run.findings(), run.status), (vec!["not-a-token"], Some(1)));
        assert!(
            run.stdout.contains(&format!(" {shown} bytes;")),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_line_break_that_was_left_out_is_mentioned() {
    for (end, is_mentioned) in [("", false), ("\n", true)] {
        let run = inspect(&[AT], &[], (TOKEN.to_owned() + end).as_bytes());
        assert_eq!((run.findings(), run.status), (vec![], Some(0)), "{end:?}");
        assert_eq!(
            run.stdout.contains("A line break at the end"),
            is_mentioned,
            "{end:?}"
        );
    }
    for end in ["\r\n", "\n\n"] {
        let run = inspect(&[AT], &[], (TOKEN.to_owned() + end).as_bytes());
        assert_eq!(
            (run.findings(), run.status),
            (vec!["surrounding-text"], Some(1)),
            "{end:?}"
        );
    }
}

#[test]
fn a_damaged_token_is_described_as_far_as_it_can_be_read() {
    let (cut, _) = TOKEN.split_at(250);
    let run = inspect(&[AT], &[], cut.as_bytes());
    assert_eq!(run.findings(), ["truncated"]);
    for words in [HOST, "app\n", "AKIDEXAMPLE"] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
}

#[test]
fn keys_that_cannot_be_used_are_named() {
    for (variables, words) in [
        (
            &[][..],
            "The signature was not checked: AWS_ACCESS_KEY_ID is not set.",
        ),
        (
            &[("AWS_ACCESS_KEY_ID", "AKIDOTHER"), KEYS[1]],
            "AWS_ACCESS_KEY_ID is a different key",
        ),
        (
            &[KEY_ID, ("AWS_SECRET_ACCESS_KEY", "real\n")],
            "AWS_SECRET_ACCESS_KEY: ",
        ),
    ] {
        let run = inspect(&[AT], variables, TOKEN.as_bytes());
        assert_eq!((run.findings(), run.status), (vec![], Some(0)), "{words}");
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
}

#[test]
fn a_flag_that_is_missing_for_a_comparison_is_named() {
    let global = TOKEN.replace("c1a2b3c4d5e6.us-east-1", "global-c1a2b3c4d5e6.global");
    let hostname = format!("--hostname={HOST}");
    let with_port = format!("--hostname={HOST}:5432");
    let all = ["--username=app", "--port=5432", &hostname];
    for (token, flags, missing) in [
        (TOKEN, &[][..], Some("--hostname, --port, --username")),
        (TOKEN, &["--port=5432"], Some("--hostname, --username")),
        // A host name without a region.
        (
            &global,
            &["--username=app"],
            Some("--hostname, --port, --region"),
        ),
        (
            &global,
            &["--username=app", "--port=5432", "--region=us-east-1"],
            Some("--hostname"),
        ),
        (TOKEN, &all, None),
        (TOKEN, &["--username=app", &with_port], None),
    ] {
        let run = inspect(&[flags, &[AT]].concat(), &[], token.as_bytes());
        let line = run
            .stdout
            .lines()
            .find_map(|line| line.strip_prefix("Not compared, because not given: "));
        let expected = missing.map(|missing| format!("{missing}."));
        assert_eq!(line, expected.as_deref(), "{}", run.stdout);
    }
}

#[test]
fn an_input_error_is_one_line_that_names_the_flag() {
    for (flag, start) in [
        ("--hostname=a b", "--hostname: "),
        ("--port=0x", "--port: expected a whole number"),
        ("--port=0", "--port: expected a whole number"),
        (
            "--hostname=db:05",
            "--hostname: port: expected a whole number",
        ),
        ("--region=US", "--region: "),
        ("--at=now", "--at: "),
    ] {
        let run = run(["inspect", flag], &[], b"");
        run.is_rejected_with(start);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
}

/// Flags, a host and a port, and the titles of the lists of other causes.
#[test]
fn a_clean_report_lists_each_other_cause_once() {
    const ALL: &[&str] = &["Any server", "PostgreSQL", "MySQL and MariaDB", "RDS Proxy"];
    let proxy = "app.proxy-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";
    for (flags, host, port, titles) in [
        (&[][..], HOST, "6543", ALL),
        (&[], HOST, "5432", &["PostgreSQL"]),
        (&[], HOST, "3306", &["MySQL and MariaDB"]),
        (&["--engine=mariadb"], HOST, "5432", &["MySQL and MariaDB"]),
        (&["--engine=mysql"], HOST, "6543", &["MySQL and MariaDB"]),
        (&["--engine=postgres"], HOST, "6543", &["PostgreSQL"]),
        (&["--engine=postgres"], proxy, "5432", &["RDS Proxy"]),
    ] {
        let hostname = format!("--hostname={host}");
        let port = format!("--port={port}");
        let token = run(["token", &hostname, &port, "--username=app"], KEYS, b"").stdout;
        let run = inspect(flags, &[], token.as_bytes());
        assert_eq!((run.findings(), run.status), (vec![], Some(0)), "{flags:?}");
        let lines: Vec<_> = run.stdout.lines().collect();
        let is_title = |line: &&str| ALL.iter().any(|title| line.starts_with(title));
        let found: Vec<_> = lines.iter().copied().filter(is_title).collect();
        assert_eq!(found.len(), titles.len(), "{flags:?} {port}: {found:?}");
        for (found, title) in found.iter().zip(titles) {
            assert!(found.starts_with(title), "{flags:?} {port}: {found}");
        }
        let mut causes: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with("  * "))
            .collect();
        let all = causes.len();
        causes.sort_unstable();
        causes.dedup();
        assert_eq!(causes.len(), all, "{flags:?} {port}");
        assert!(all > 5, "{flags:?} {port}");
    }
}

#[test]
fn the_report_in_json_has_what_the_text_has() -> Result<(), serde_json::Error> {
    let damaged = format!("'{TOKEN}'\n");
    for (text, user) in [
        (damaged.as_str(), "App"),
        (TOKEN, "app"),
        (TOKEN, "a\u{202e}"),
        ("hunter2", "app"),
        ("\u{1b}[1m", "app"),
    ] {
        let username = format!("--username={user}");
        let shown = inspect(&[&username, AT], &[], text.as_bytes());
        let run = inspect(&[&username, AT, "--json"], &[], text.as_bytes());
        assert_eq!(run.status, shown.status, "{text}");
        let report: serde_json::Value = serde_json::from_str(&run.stdout)?;
        for (list, keys) in [
            ("fields", &["name", "value"][..]),
            ("findings", &["name", "message", "remedy"]),
            ("other_causes", &["message", "remedy"]),
        ] {
            for entry in report[list].as_array().expect(list) {
                for key in keys {
                    let value = entry[key].as_str().expect(key);
                    assert!(shown.stdout.contains(value), "{list}: {value}");
                }
            }
        }
        let names: Vec<_> = report["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .collect();
        let names: Vec<_> = names
            .iter()
            .map(|finding| finding["name"].as_str())
            .collect();
        let expected: Vec<_> = shown.findings().into_iter().map(Some).collect();
        assert_eq!(names, expected);
    }
    Ok(())
}

#[test]
fn a_spelling_that_only_the_signature_shows_has_a_note() {
    let capitals = TOKEN.replacen("db.", "DB.", 1);
    let https = TOKEN.replacen(":5432/", ":443/", 1);
    for (text, note) in [(capitals, "capital letters"), (https, "port is 443")] {
        let run = inspect(&[AT], &[], text.as_bytes());
        assert_eq!(run.findings(), [""; 0]);
        assert!(run.stdout.contains(note), "{}", run.stdout);
    }
    for note in ["capital letters", "port is 443"] {
        assert!(!inspect(&[AT], &[], TOKEN.as_bytes()).stdout.contains(note));
    }
}
