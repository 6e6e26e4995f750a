//! What all commands have in common: usage errors, help, standard output.

use std::{fs::OpenOptions, process::Stdio};

use crate::run::{HOST, KEYS, SECRET, command, run};

/// Arguments, and how the error starts.
const MISTAKES: &[(&[&str], &str)] = &[
    (&[], "'rds-iam-token' requires a subcommand"),
    (&["toke"], "unrecognized subcommand '…'"),
    (
        &["token"],
        "the following required arguments were not provided",
    ),
    (
        &["token", "--hostname"],
        "a value is required for '--hostname <HOST>'",
    ),
    (
        &["token", "--hostname", "--port", "1"],
        "a value is required for '--hostname <HOST>'",
    ),
    (
        &["token", "--port", "1", "--port", "1"],
        "the argument '--port <PORT>' cannot be used multiple times",
    ),
    (
        &["token", "--hostnam", "db"],
        "unexpected argument '--hostnam' found",
    ),
    (&["token", "-p", "1"], "unexpected argument '-p' found"),
    (
        &["inspect", "--token=x"],
        "unexpected argument '--token' found",
    ),
    (
        &["grant", "--username=app", "--engine=oracle"],
        "invalid value '…' for '--engine <ENGINE>'",
    ),
    (
        &["grant", "--username=app", "--only=all"],
        "invalid value '…' for '--only <PART>'",
    ),
];

#[test]
fn a_usage_error_names_its_argument_and_has_status_2() {
    for (arguments, start) in MISTAKES {
        run(*arguments, &[], b"").is_rejected_with(start);
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let digits = "1f5779ddf64f71de19871ab0cd6c15cb79e8f05537aac4860d78bf6e2f9ff037";
    for secret in [SECRET, digits] {
        for place in [
            vec![secret.to_owned()],
            vec!["token".to_owned(), secret.to_owned()],
            vec!["token".to_owned(), format!("--{secret}")],
            vec!["token".to_owned(), format!("--password={secret}")],
            vec!["token".to_owned(), format!("-p{secret}")],
            vec!["token".to_owned(), format!("--port={secret}")],
            vec!["token".to_owned(), format!("--help={secret}")],
            vec!["help".to_owned(), secret.to_owned()],
            vec!["inspect".to_owned(), secret.to_owned()],
            vec!["inspect".to_owned(), format!("--at={secret}")],
            vec!["inspect".to_owned(), format!("--port={secret}")],
            vec!["grant".to_owned(), format!("--engine={secret}")],
            vec!["grant".to_owned(), format!("--only={secret}")],
            vec!["grant".to_owned(), "--".to_owned(), secret.to_owned()],
            vec!["check-policy".to_owned(), secret.to_owned()],
            vec!["generate".to_owned(), secret.to_owned()],
            vec![
                "generate".to_owned(),
                "completions".to_owned(),
                secret.to_owned(),
            ],
        ] {
            let run = run(&place, &[], b"");
            assert_eq!(run.status, Some(2), "{place:?}");
            assert!(!run.stderr.contains(secret), "{place:?}: {}", run.stderr);
        }
        let region = format!("--region={secret}");
        let hostname = format!("--hostname={HOST}");
        let flags = [&hostname, "--port=5432", "--username=app", &region];
        let token = [&["token"], &flags[..]].concat();
        let grant = ["grant", "--only=policy", "--account=*", "--resource-id=*"];
        let grant = [&grant[..], &[&hostname, "--username=app", &region]].concat();
        let check = [
            "check-policy",
            secret,
            "--account=123456789012",
            "--resource-id=db-A",
        ];
        let check = [&check[..], &[&hostname, "--username=app", &region]].concat();
        for arguments in [token, grant, check] {
            let run = run(&arguments, KEYS, b"");
            assert!(
                !run.stderr.contains(secret),
                "{arguments:?}: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn help_names_every_flag() {
    for (command, flags) in [
        (
            "token",
            "--hostname --port --username --region --profile --expires-in --at --engine --format",
        ),
        (
            "keep",
            "--hostname --port --username --region --profile --expires-in --engine --format --output --exec",
        ),
        (
            "inspect",
            "--hostname --port --username --region --at --engine",
        ),
        (
            "grant",
            "--hostname --region --account --resource-id --engine --username --only",
        ),
        (
            "check-policy",
            "--hostname --region --account --resource-id --username",
        ),
    ] {
        for help in [&[command, "--help"], &["help", command]] {
            let run = run(help, &[], b"");
            assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{help:?}");
            for flag in flags.split(' ') {
                assert!(
                    run.stdout.contains(&format!("{flag} <")),
                    "{help:?}: {flag}"
                );
            }
        }
    }
    assert!(
        run(["--version"], &[], b"")
            .stdout
            .starts_with("rds-iam-token ")
    );
}

#[cfg(unix)]
#[test]
fn text_that_is_not_utf_8_is_rejected_and_not_shown() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let bytes = OsStr::from_bytes(b"not-a-real-secret\xff");
    let hostname = format!("--hostname={HOST}");
    let good = ["token", &hostname, "--port=5432", "--username=app"].map(OsStr::new);
    let region = [&good[..], &[OsStr::new("--region"), bytes]].concat();
    run(region, KEYS, b"").is_rejected_with("invalid UTF-8 was detected");
    let unexpected = [&good[..], &[bytes]].concat();
    run(unexpected, KEYS, b"").is_rejected_with("unexpected argument '…' found");
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ] {
        let output = command(good, KEYS)
            .env(name, bytes)
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).expect("it prints UTF-8");
        assert_eq!(error, format!("error: {name} is not UTF-8\n"));
    }
}

/// A shell closes it, since the standard library cannot.
#[cfg(target_os = "linux")]
#[test]
fn a_standard_output_that_cannot_be_written_is_an_error() {
    let program = env!("CARGO_BIN_EXE_rds-iam-token");
    let hostname = format!("--hostname={HOST}");
    let token = ["token", &hostname, "--port=5432", "--username=app"];
    let grant = ["grant", "--only=sql", "--engine=mysql", "--username=app"];
    for arguments in [
        &token[..],
        &grant,
        &["inspect"],
        &["--help"],
        &["help", "token"],
    ] {
        for (redirection, error) in [
            (">&-", "error: standard output: closed"),
            (
                "</dev/null 1<&0",
                "error: standard output: Bad file descriptor",
            ),
            (
                ">/dev/full",
                "error: standard output: No space left on device",
            ),
        ] {
            let script = format!("exec \"$0\" \"$@\" {redirection}");
            let output = std::process::Command::new("sh")
                .args(["-c", &script, program])
                .args(arguments)
                .env_clear()
                .envs(KEYS.iter().copied())
                .stdin(Stdio::null())
                .output()
                .expect("it runs");
            let stderr = String::from_utf8(output.stderr).expect("it prints UTF-8");
            // The verdict of `inspect` is its status.
            let is_verdict = arguments == ["inspect"] && redirection == ">&-";
            if is_verdict {
                assert_eq!((output.status.code(), stderr.as_str()), (Some(1), ""));
                continue;
            }
            assert_eq!(output.status.code(), Some(2), "{arguments:?} {redirection}");
            assert!(
                stderr.starts_with(error),
                "{arguments:?} {redirection}: {stderr}"
            );
        }
        let null = OpenOptions::new()
            .write(true)
            .open("/dev/null")
            .expect("it opens");
        let mut command = command(arguments, KEYS);
        let status = command
            .stdin(Stdio::null())
            .stdout(null)
            .status()
            .expect("it runs");
        let expected = i32::from(arguments == ["inspect"]);
        assert_eq!(status.code(), Some(expected), "{arguments:?}");
    }
}
