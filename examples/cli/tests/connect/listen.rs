//! `--listen`, `--check` and what they reject.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use crate::{
    program::{HOST, Home},
    server::Certificate,
};

#[test]
fn what_is_not_on_this_machine_or_within_a_limit_is_an_error() {
    let home = Home::new();
    for (arguments, message) in [
        (
            "--listen 0.0.0.0:15432",
            "--listen: expected an address of this machine",
        ),
        (
            "--listen localhost:15432",
            "--listen: expected an address of this machine",
        ),
        (
            "--listen 10.0.0.1",
            "--listen: expected an address of this machine",
        ),
        ("--listen --no-local-password", "are for TCP"),
        (
            "--listen 127.0.0.1 --max-logins 0",
            "--max-logins: expected a whole number from 1 to 200",
        ),
        (
            "--listen 127.0.0.1 --max-connections 1001",
            "--max-connections: expected",
        ),
        (
            "--listen --database b=host/user --database b=host/user",
            "two databases have the name b",
        ),
        (
            "--listen --database ../b=host:5432/user",
            "the name of a database",
        ),
        (
            "--listen --database b=host:5432",
            "--database: expected NAME=HOST:PORT/USER",
        ),
        ("--listen --config /nonexistent", "--config: "),
        (
            "--listen --database b=db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432/app --ca /not-a-real-secret",
            "b: --ca: ",
        ),
        ("", "a command after --, --listen or --check is required"),
    ] {
        let output = run(&home, arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains(message), "{arguments}: {text}");
        assert!(!text.contains("not-a-real-secret"), "{text}");
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(output.stdout.is_empty(), "{arguments}");
    }
}

#[test]
fn a_file_with_the_local_password_is_private() {
    let home = Home::new();
    let path = home.write("password", "0123456789abcdef0123456789abcdef\n");
    for (mode, is_open) in [(0o644, true), (0o640, true), (0o600, false)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is this user's");
        // A file that is not the CA's ends the run after the password is read.
        let output = run(
            &home,
            &format!("--listen 127.0.0.1 --password-file {path} --ca {path}"),
        );
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            text.contains("--password-file: "),
            is_open,
            "{mode:o}: {text}"
        );
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_closed_port_and_an_unknown_name_are_found() {
    let home = Home::new();
    for (via, layer, remedy) in [
        ("127.0.0.1:1", "\ntcp    failed ", "security group"),
        ("name.invalid:5432", "name   failed ", "private endpoint"),
    ] {
        let output = run(&home, &format!("--check --via {via}"));
        let text = format!("\n{}", String::from_utf8_lossy(&output.stdout));
        assert!(text.contains(layer), "{text}");
        assert!(text.contains(remedy), "{text}");
        assert_eq!(output.status.code(), Some(1));
    }
}

/// Runs the program with a database unless the arguments have one.
fn run(home: &Home, arguments: &str) -> Output {
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let mut command = Command::new(env!("CARGO_BIN_EXE_rds-iam-token"));
    command
        .arg("connect")
        .args(arguments.split_whitespace())
        .env_clear()
        .env("XDG_RUNTIME_DIR", home.path())
        .env("AWS_EC2_METADATA_DISABLED", "true");
    if !arguments.contains("--ca ") {
        command.args(["--ca", &ca]);
    }
    if !arguments.contains("--database ") {
        command.args(["--hostname", HOST, "--port", "5432", "--username", "app"]);
    }
    command.output().expect("it runs")
}
