//! `rds-iam-token token`

use crate::run::{HOST, KEY_ID, KEYS, Run, SECRET, TOKEN, run};

/// Runs with a host, a port and a user; later flags are given in `more`.
#[track_caller]
fn good(more: &[&str], variables: &[&[(&str, &str)]]) -> Run {
    let hostname = format!("--hostname={HOST}");
    let flags = ["token", &hostname, "--port=5432", "--username=app"];
    run([&flags[..], more].concat(), &variables.concat(), b"")
}

#[test]
fn every_way_to_write_the_same_prints_the_same_token() {
    let at = "--at=2015-08-30T12:36:00Z";
    let spelled = "--hostname=MyDB.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com.";
    for arguments in [
        vec![
            "--hostname",
            HOST,
            "--port",
            "5432",
            "--username",
            "app",
            at,
        ],
        vec!["--username=app", "--port=5432", spelled, at],
        vec![
            "--hostname",
            HOST,
            "--port=5432",
            "--username=app",
            "--at",
            "@1440938160",
        ],
        vec![
            "--hostname",
            HOST,
            "--port=5432",
            "--username=app",
            "--at=2015-08-30T14:36:00.999+02:00",
            "--expires-in=900",
            "--region=us-east-1",
        ],
    ] {
        let ignored = [("AWS_SESSION_TOKEN", ""), ("AWS_REGION", "x")];
        let run = run(
            [&["token"], &arguments[..]].concat(),
            &[KEYS, &ignored].concat(),
            b"",
        );
        assert_eq!(run.stderr, "", "{arguments:?}");
        assert_eq!(run.stdout, format!("{TOKEN}\n"), "{arguments:?}");
        assert_eq!(run.status, Some(0), "{arguments:?}");
    }
}

#[test]
fn without_a_time_the_clock_is_asked() {
    let token = good(&[], &[KEYS]).stdout;
    assert_ne!(token, format!("{TOKEN}\n"));
    let inspect = run(["inspect"], KEYS, token.as_bytes());
    assert_eq!(inspect.status, Some(0), "{}", inspect.stdout);
}

#[test]
fn the_region_comes_from_the_flag_then_the_host_then_the_environment() {
    let local = [
        "token",
        "--hostname=localhost",
        "--port=5432",
        "--username=app",
    ];
    let first = ("AWS_REGION", "eu-west-1");
    let second = ("AWS_DEFAULT_REGION", "eu-west-2");
    for (run, region) in [
        (
            run(local, &[KEYS, &[first, second]].concat(), b""),
            "eu-west-1",
        ),
        (
            run(local, &[KEYS, &[("AWS_REGION", ""), second]].concat(), b""),
            "eu-west-2",
        ),
        (good(&[], &[KEYS, &[first]]), "us-east-1"),
        (
            good(&["--region=eu-west-3"], &[KEYS, &[first]]),
            "eu-west-3",
        ),
    ] {
        assert!(
            run.stdout.contains(&format!("%2F{region}%2F")),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_token_that_rds_will_reject_has_a_warning() {
    let differs = good(&["--region=eu-west-3"], &[KEYS]).stderr;
    assert!(
        differs
            .starts_with("warning: --region differs from the region in the host name, us-east-1;"),
        "{differs}"
    );
    let temporary = [("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"), KEYS[1]];
    let run_without = good(&[], &[&temporary]);
    assert_eq!(run_without.status, Some(0));
    assert!(
        run_without.stderr.starts_with(
            "warning: a key that starts with ASIA is temporary, and needs its session token"
        ),
        "{}",
        run_without.stderr
    );
    let session_token = [("AWS_SESSION_TOKEN", "token")];
    assert_eq!(good(&[], &[&temporary, &session_token]).stderr, "");
    for (host, kind) in [
        (
            "--hostname=mydb.cluster-custom-c1.us-east-1.rds.amazonaws.com",
            "(cluster-custom)",
        ),
        ("--hostname=10.0.0.1", "(ip)"),
        ("--hostname=localhost", "not an RDS endpoint"),
    ] {
        let arguments = [
            "token",
            host,
            "--port=5432",
            "--username=app",
            "--region=us-east-1",
        ];
        let run = run(arguments, KEYS, b"");
        assert_eq!(
            (run.status, run.stderr.lines().count()),
            (Some(0), 1),
            "{host}"
        );
        assert!(run.stderr.contains(kind), "{host}: {}", run.stderr);
    }
}

/// Arguments, and how the error starts.
const MISTAKES: &[(&[&str], &str)] = &[
    (&["--hostname=localhost"], "--region is required"),
    (&["--hostname=d b"], "--hostname: "),
    (&["--hostname="], "--hostname: "),
    (
        &["--port", "-1"],
        "--port: expected a whole number from 1 to 65535",
    ),
    (
        &["--port=65536"],
        "--port: expected a whole number from 1 to 65535",
    ),
    (&["--port=+1"], "--port: expected a whole number"),
    (&["--port=05432"], "--port: expected a whole number"),
    (&["--port="], "--port: expected a whole number"),
    (&["--port=0"], "--port: "),
    (&["--username="], "--username: "),
    (&["--username=a\nb"], "--username: "),
    (&["--region="], "--region: "),
    (&["--region=EU"], "--region: "),
    (&["--expires-in=0"], "--expires-in: "),
    (&["--expires-in=901"], "--expires-in: "),
    (
        &["--expires-in", "-1"],
        "--expires-in: expected a whole number from 1 to 900",
    ),
    (
        &["--expires-in=1.5"],
        "--expires-in: expected a whole number",
    ),
    (&["--at=yesterday"], "--at: "),
    (&["--at=2015-02-29T00:00:00Z"], "--at: "),
    (&["--at=@+1"], "--at: "),
    (&["--at=@-1"], "--at: "),
    (&["--at=1969-12-31T23:59:59Z"], "--at: "),
    (&["--at=@253402300800"], "--at: "),
];

#[test]
fn an_input_error_is_one_line_that_names_the_flag() {
    let good = [
        ("--hostname", HOST),
        ("--port", "5432"),
        ("--username", "app"),
    ];
    for (arguments, start) in MISTAKES {
        let mut all = vec!["token".to_owned()];
        for (flag, value) in good {
            if !arguments[0].starts_with(flag) {
                all.push(format!("{flag}={value}"));
            }
        }
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let run = run(&all, KEYS, b"");
        run.is_rejected_with(start);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
}

#[test]
fn a_wrong_variable_is_named_and_not_shown() {
    for (variables, name) in [
        (&[KEYS[1]][..], "AWS_ACCESS_KEY_ID"),
        (&[("AWS_ACCESS_KEY_ID", ""), KEYS[1]], "AWS_ACCESS_KEY_ID"),
        (&[KEY_ID], "AWS_SECRET_ACCESS_KEY"),
        (
            &[("AWS_ACCESS_KEY_ID", "A/real"), KEYS[1]],
            "AWS_ACCESS_KEY_ID",
        ),
        (
            &[KEY_ID, ("AWS_SECRET_ACCESS_KEY", "a-real-secret\n")],
            "AWS_SECRET_ACCESS_KEY",
        ),
        (
            &[KEY_ID, KEYS[1], ("AWS_SESSION_TOKEN", "a real one")],
            "AWS_SESSION_TOKEN",
        ),
        (
            &[KEY_ID, KEYS[1], ("AWS_CREDENTIAL_EXPIRATION", "a real one")],
            "AWS_CREDENTIAL_EXPIRATION",
        ),
    ] {
        let run = good(&[], &[variables, &[("AWS_EC2_METADATA_DISABLED", "true")]]);
        run.is_rejected_with("");
        let first = run.stderr.lines().next().unwrap_or_default();
        assert!(first.contains(name), "{}", run.stderr);
        assert!(!run.stderr.contains("real"), "{}", run.stderr);
    }
    let local = ["token", "--hostname=db", "--port=1", "--username=app"];
    let region = [KEYS, &[("AWS_REGION", "eu west 1")]].concat();
    run(local, &region, b"").is_rejected_with("AWS_REGION: ");
}

#[test]
fn a_value_may_start_with_a_hyphen_and_after_an_equals_sign_with_two() {
    let hostname = format!("--hostname={HOST}");
    for (username, user) in [
        (&["--username", "-app"][..], "-app"),
        (&["--username=-app"], "-app"),
        (&["--username=--app"], "--app"),
        (&["--username", "-h"], "-h"),
        (&["--username", "-"], "-"),
    ] {
        let flags = [&["token", &hostname, "--port=5432"], username].concat();
        let run = run(flags, KEYS, b"");
        assert!(
            run.stdout.contains(&format!("&DBUser={user}&")),
            "{}",
            run.stdout
        );
    }
    let next = [
        "token",
        &hostname,
        "--port=5432",
        "--username",
        "--region=us-east-1",
    ];
    run(next, KEYS, b"").is_rejected_with("a value is required for '--username <USER>'");
}

#[test]
fn no_secret_is_printed_but_in_the_token() {
    let run = good(&["--region=eu-west-3"], &[KEYS]);
    assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET));
    assert!(!run.stderr.contains("X-Amz-Signature"));
}

#[test]
fn the_port_comes_from_the_flag_then_the_host_then_the_engine() {
    let with_port = format!("--hostname={HOST}:6543");
    let without = format!("--hostname={HOST}");
    for (flags, port) in [
        (&[with_port.as_str()][..], "6543"),
        (&[&with_port, "--engine=mysql"], "6543"),
        (&[&without, "--engine=mysql"], "3306"),
        (&[&without, "--engine=mariadb"], "3306"),
        (&[&without, "--engine=postgres"], "5432"),
        (&[&without, "--engine=postgres", "--port=1"], "1"),
    ] {
        let run = run([&["token", "--username=app"], flags].concat(), KEYS, b"");
        let start = format!("{HOST}:{port}/?Action=connect&");
        assert!(run.stdout.starts_with(&start), "{flags:?}: {}", run.stdout);
        assert_eq!(run.stderr, "", "{flags:?}");
    }
    for (flags, start) in [
        (vec![without.as_str()], "--port is required, or"),
        (vec![&with_port, "--port=6543"], "--hostname: "),
        (vec!["--hostname=db:"], "--hostname: invalid host: "),
        (vec!["--hostname=db:0"], "--hostname: port: expected"),
        (
            vec!["--hostname=db:65536"],
            "--hostname: port: expected a whole number",
        ),
        (
            vec!["--hostname=postgres://db"],
            "--hostname: invalid host: ",
        ),
        (
            vec!["--hostname=postgres://db:5432"],
            "--hostname: invalid host: ",
        ),
        (vec!["--hostname=::1"], "--hostname: "),
    ] {
        let flags = [&["token", "--username=app"], &flags[..]].concat();
        run(&flags, KEYS, b"").is_rejected_with(start);
    }
}

const AT: &str = "--at=2015-08-30T12:36:00Z";

#[test]
fn a_format_changes_how_the_same_token_is_printed() -> Result<(), serde_json::Error> {
    assert_eq!(
        good(&[AT, "--format=text"], &[KEYS]).stdout,
        format!("{TOKEN}\n")
    );
    let url = good(&[AT, "--format=url"], &[KEYS]).stdout;
    let unreserved = |letter: char| letter.is_ascii_alphanumeric() || "-._~%\n".contains(letter);
    assert!(url.chars().all(unreserved), "{url}");
    let clean = run(
        ["inspect", "--at=2015-08-30T12:37:00Z"],
        &[],
        url.as_bytes(),
    );
    assert_eq!(clean.findings(), ["encoded-twice"]);
    let url = format!("postgres://app:{}@{HOST}:5432/orders", url.trim_end());
    let clean = run(
        ["inspect", "--at=2015-08-30T12:37:00Z"],
        &[],
        url.as_bytes(),
    );
    assert_eq!((clean.findings(), clean.status), (vec![], Some(0)), "{url}");
    let json = good(&[AT, "--format=json"], &[KEYS]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json)?;
    assert_eq!(json["token"], TOKEN);
    assert_eq!(json["expires_at"], "2015-08-30T12:51:00Z");
    assert_eq!((&json["host"], &json["port"]), (&HOST.into(), &5432.into()));
    assert_eq!(
        (&json["user"], &json["region"]),
        (&"app".into(), &"us-east-1".into())
    );
    let pgpass = good(&[AT, "--format=pgpass"], &[KEYS]).stdout;
    let escaped = TOKEN.replace(':', "\\:");
    assert_eq!(pgpass, format!("{HOST}:5432:*:app:{escaped}\n"));
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_shell_reads_the_variable_as_it_was_printed() {
    for (engine, variable) in [
        ("--engine=postgres", "PGPASSWORD"),
        ("--engine=mysql", "MYSQL_PWD"),
        ("--engine=mariadb", "MYSQL_PWD"),
    ] {
        let line = good(&[AT, "--format=env", engine], &[KEYS]).stdout;
        let script = format!("{line}printf %s \"${variable}\"");
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .output();
        assert_eq!(output.expect("it runs").stdout, TOKEN.as_bytes(), "{line}");
    }
    good(&[AT, "--format=env"], &[KEYS]).is_rejected_with("--engine is required for --format env");
}
