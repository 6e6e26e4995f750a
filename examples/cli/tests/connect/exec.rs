//! The command: its environment, its signals, its exit status, and the folder of its socket.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    process::{Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    program::{HOST, Home, KEYS, Program},
    server::Certificate,
};

#[test]
fn the_exit_status_is_the_one_of_the_command() {
    let home = Home::new();
    let data = home.write("data", "");
    let folder = home.path().to_str().expect("it is UTF-8");
    let cases: &[(&[&str], i32)] = &[
        (&["true"], 0),
        (&["sh", "-c", "exit 3"], 3),
        (&["sh", "-c", "exit 255"], 255),
        (&["sh", "-c", "kill -KILL $$"], 137),
        (&["sh", "-c", "kill -TERM $$"], 143),
        (&["/missing/command"], 127),
        (&["a-missing-command"], 127),
        (&[&data], 126),
        (&[folder], 126),
    ];
    for (command, status) in cases {
        let output = output(&home, &[], command);
        assert_eq!(output.status.code(), Some(*status), "{command:?}");
        let printed = String::from_utf8(output.stderr).expect("it is UTF-8");
        let prefix = match status {
            126 | 127 => format!("error: {}: ", command[0]),
            _ => String::new(),
        };
        assert!(printed.starts_with(&prefix), "{printed}");
        assert_eq!(printed.is_empty(), prefix.is_empty(), "{printed}");
        assert!(home.runs().is_empty(), "{command:?}");
    }
}

#[test]
fn the_command_gets_its_arguments_and_input_unchanged() {
    let home = Home::new();
    let script = r#"printf '<%s>' "$@"; cat; echo away >&2"#;
    let command = ["sh", "-c", script, "sh", "a b", "", "--hostname", "$x"];
    let output = output(&home, &[], &command);
    assert_eq!(output.stdout, b"<a b><><--hostname><$x>");
    assert_eq!(output.stderr, b"away\n");
}

#[test]
fn wrong_arguments_are_rejected_before_anything_is_created() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let cases: &[(&[&str], &str)] = &[
        (&["--username", "app"], "--hostname"),
        (&["--hostname", HOST, "--port", "5432"], "--username"),
        (
            &["--hostname", HOST, "--port", "5433", "--username", "app"],
            "--engine is required: the port is neither 5432 nor 3306",
        ),
        (
            &["--hostname", HOST, "--username", "app"],
            "--port is required",
        ),
        (
            &["--hostname", HOST, "--port", "0", "--username", "app"],
            "--port",
        ),
        (
            &["--hostname", HOST, "--port", "5432", "--username", ""],
            "--username",
        ),
    ];
    for (arguments, message) in cases {
        let arguments = [arguments, &["--ca", &ca][..]].concat();
        let output = program(&home, &arguments, &["true"])
            .output()
            .expect("the program starts");
        let printed = String::from_utf8(output.stderr).expect("it is UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {printed}");
        assert!(printed.contains(message), "{printed}");
        assert!(!home.path().join("rds-iam").exists(), "{arguments:?}");
    }
    // Without a command.
    let mut command = Command::new(env!("CARGO_BIN_EXE_rds-iam-token"));
    command.args(["connect", "--username", "app", "--hostname", HOST]);
    assert_eq!(command.output().expect("it starts").status.code(), Some(2));
}

#[test]
fn a_different_port_is_accepted_with_its_engine() {
    let home = Home::new();
    let output = output(
        &home,
        &["--port", "5433", "--engine", "postgres"],
        &["sh", "-c", r#"test -S "$PGHOST/.s.PGSQL.5433""#],
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// An identifier has up to 63 characters, and may start like the folder of a run.
#[test]
fn each_identifier_of_a_database_is_accepted() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    for label in ["run-orders", "password", &"a".repeat(63)] {
        let host = HOST.replacen(HOST.split('.').next().unwrap_or_default(), label, 1);
        let arguments = [
            "--hostname",
            &host,
            "--port",
            "5432",
            "--username",
            "app",
            "--ca",
            &ca,
        ];
        let output = program(&home, &arguments, &["true"])
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "{label}: {output:?}");
    }
}

/// A script has only the status.
#[test]
fn one_database_of_several_that_is_wrong_is_an_error_for_a_command() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let (orders, billing) = (
        format!("orders={HOST}:5432/app"),
        "billing=no host:5432/app",
    );
    let arguments = ["--database", &orders, "--database", billing, "--ca", &ca];
    let output = program(&home, &arguments, &["true"])
        .output()
        .expect("the program starts");
    let printed = String::from_utf8(output.stderr).expect("it is UTF-8");
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.starts_with("error: billing: "), "{printed}");
}

#[test]
fn signals_reach_the_command() {
    const SCRIPT: &str = "trap 'exit 41' TERM; trap 'exit 42' HUP; trap 'exit 43' INT; \
                          trap 'exit 44' USR1; echo ready; while :; do sleep 0.05; done";
    for (signal, status) in [
        (Signal::TERM, 41),
        (Signal::HUP, 42),
        (Signal::INT, 43),
        (Signal::USR1, 44),
    ] {
        let home = Home::new();
        let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
        let program = program(&home, &postgres(&ca), &["sh", "-c", SCRIPT]);
        let variables = program.get_envs();
        // A signal that is ignored when the tests start, as nohup has it, would be ignored here too.
        let mut child = Command::new("env")
            .arg("--default-signal")
            .arg(program.get_program())
            .args(program.get_args())
            .env_clear()
            .envs(variables.filter_map(|(name, value)| Some((name, value?))))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped"));
        lines.read_line(&mut line).expect("it is UTF-8");
        assert_eq!(line, "ready\n");
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("it is positive"), signal).expect("it runs");
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(status), "{signal:?}");
        assert!(home.runs().is_empty());
    }
}

#[test]
fn the_environment_leads_to_the_socket_and_has_no_token() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let arguments = [&postgres(&ca)[..], &["--dbname", "orders"]].concat();
    let misleading = [
        ("PGCHANNELBINDING", "require"),
        ("PGGSSENCMODE", "require"),
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGPASSWORD", "x"),
        ("PGREQUIREAUTH", "scram-sha-256"),
        ("PGSERVICE", "elsewhere"),
        ("PGSSLCERTMODE", "require"),
    ];
    let replaced = [
        ("PGHOST", "elsewhere"),
        ("PGPORT", "1"),
        ("PGUSER", "somebody"),
        ("PGDATABASE", "elsewhere"),
        ("PGAPPNAME", "kept"),
    ];
    let variables = [KEYS, &misleading, &replaced].concat();
    let program = Program::start(&home, &arguments, &variables);
    let runs = home.runs();
    let folder = format!("{}/rds-iam/{}", home.path().display(), runs[0]);
    assert_eq!(runs.len(), 1);
    for (name, value) in [
        ("PGHOST", &folder[..]),
        ("PGPORT", "5432"),
        ("PGUSER", "app"),
        ("PGDATABASE", "orders"),
        ("PGAPPNAME", "kept"),
    ] {
        assert_eq!(program.variable(name), Some(value), "{name}");
    }
    for (name, _) in misleading {
        assert_eq!(program.variable(name), None, "{name}");
    }
    for (name, value) in &program.variables {
        assert!(!value.contains("X-Amz-Signature"), "{name}");
        assert!(!value.contains("Action="), "{name}");
    }

    // Nobody else may enter.
    let mode = |path: &str| fs::metadata(path).expect("it exists").mode() & 0o7777;
    assert_eq!(mode(&format!("{}/rds-iam", home.path().display())), 0o700);
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&format!("{folder}/.s.PGSQL.5432")), 0o600);
    assert_eq!(fs::read_dir(&folder).expect("it exists").count(), 1);
    assert_eq!(program.stop(), "");
    assert!(home.runs().is_empty());
}

#[test]
fn the_database_is_the_one_of_the_caller_or_postgres() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    for (variables, expected) in [
        (&[][..], "postgres"),
        (&[("PGDATABASE", "")], "postgres"),
        (&[("PGDATABASE", "mine")], "mine"),
    ] {
        let program = Program::start(&home, &postgres(&ca), &[KEYS, variables].concat());
        assert_eq!(program.variable("PGDATABASE"), Some(expected));
        program.stop();
    }
}

#[test]
fn a_mask_that_allows_everything_opens_nothing() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let script = r#"umask 0; exec "$0" "$@""#;
    let modes = r#"ls -ld "$PGHOST" "$PGHOST/.s.PGSQL.$PGPORT" | cut -c 1-10; umask"#;
    let output = Command::new("/bin/sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_rds-iam-token"), "connect"])
        .args(postgres(&ca))
        .args(["--", "sh", "-c", modes])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .expect("the shell starts");
    // The command has the caller's mask.
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "drwx------\nsrw-------\n0000\n",
        "{output:?}"
    );
}

#[test]
fn a_start_removes_what_a_killed_run_has_left_and_nothing_else() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let killed = Program::start(&home, &postgres(&ca), KEYS);
    let running = Program::start(&home, &postgres(&ca), KEYS);
    assert_eq!(home.runs().len(), 2);
    let folder = running.variable("PGHOST").expect("it is set").to_owned();
    killed.kill();
    assert_eq!(home.runs().len(), 2);
    fs::create_dir(home.path().join("rds-iam/mine")).expect("it can be created");
    let output = output(&home, &[], &["sh", "-c", r#"ls "$PGHOST/..""#]);
    let listed = String::from_utf8(output.stdout).expect("it is UTF-8");
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert!(fs::exists(format!("{folder}/.s.PGSQL.5432")).expect("it can be read"));
    assert_eq!(running.stop(), "");
    assert_eq!(home.runs(), ["mine"]);
}

#[test]
fn a_folder_that_somebody_else_could_enter_is_rejected() {
    for mode in [0o710, 0o750, 0o701, 0o777] {
        let home = Home::new();
        let base = home.path().join("rds-iam");
        fs::create_dir(&base).expect("it can be created");
        fs::set_permissions(&base, fs::Permissions::from_mode(mode)).expect("they can be set");
        rejected(&home, &base.display().to_string());
        assert!(home.runs().is_empty());
    }
    let home = Home::new();
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("it can be created");
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o700)).expect("they can be set");
    symlink(&elsewhere, home.path().join("rds-iam")).expect("it can be created");
    rejected(&home, "rds-iam");
    assert_eq!(fs::read_dir(&elsewhere).expect("it exists").count(), 0);
    let home = Home::new();
    home.write("rds-iam", "");
    rejected(&home, "rds-iam");
}

/// Asserts that no command is run, because of a folder.
#[track_caller]
fn rejected(home: &Home, folder: &str) {
    let output = output(home, &[], &["echo", "it runs"]);
    let printed = String::from_utf8(output.stderr).expect("it is UTF-8");
    assert!(output.stdout.is_empty());
    assert_eq!(output.status.code(), Some(2), "{printed}");
    let message = "expected a folder of this user that nobody else may enter";
    assert!(
        printed.contains(folder) && printed.contains(message),
        "{printed}"
    );
}

#[test]
fn a_path_that_is_too_long_for_a_socket_is_rejected() {
    let home = Home::new();
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let long = home.path().join("a".repeat(70));
    fs::create_dir(&long).expect("it can be created");
    let output = program(&home, &postgres(&ca), &["echo", "it runs"])
        .env("XDG_RUNTIME_DIR", &long)
        .output()
        .expect("the program starts");
    let printed = String::from_utf8(output.stderr).expect("it is UTF-8");
    assert!(output.stdout.is_empty());
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(
        printed.contains("the path of a socket has at most 103 bytes; set XDG_RUNTIME_DIR"),
        "{printed}"
    );
    let left = fs::read_dir(long.join("rds-iam")).expect("it exists");
    assert_eq!(left.count(), 0);
}

/// Runs a command to its end, without input.
fn output(home: &Home, arguments: &[&str], command: &[&str]) -> Output {
    let ca = home.write("ca.pem", &Certificate::new(HOST).pem());
    let usual = ["--hostname", HOST, "--username", "app", "--ca", &ca];
    let arguments = match arguments {
        [] => &["--port", "5432"],
        _ => arguments,
    };
    program(home, &[&usual[..], arguments].concat(), command)
        .output()
        .expect("the program starts")
}

/// Returns the program with an empty environment.
fn program(home: &Home, arguments: &[&str], command: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rds-iam-token"));
    program
        .arg("connect")
        .args(arguments)
        .arg("--")
        .args(command)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("XDG_RUNTIME_DIR", home.path());
    program
}

/// Returns the arguments for a PostgreSQL database.
fn postgres(ca: &str) -> [&str; 8] {
    [
        "--hostname",
        HOST,
        "--port",
        "5432",
        "--username",
        "app",
        "--ca",
        ca,
    ]
}
