//! `rds-iam-token keep`: Unix-only, for its signals and the permissions of its file.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    home::{CONFIG, Home, SSO_TOKEN, sso_token},
    run::{HOST, KEYS, Run, command, run},
    server::serve,
};

const PATH: (&str, &str) = ("PATH", "/usr/bin:/bin");

fn arguments(output: &Path, more: &[&str]) -> Vec<String> {
    let output = output.to_str().expect("it is UTF-8");
    let hostname = format!("--hostname={HOST}");
    let flags = [
        "keep",
        &hostname,
        "--port=5432",
        "--username=app",
        "--output",
        output,
    ];
    [&flags[..], more]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Runs it with keys in the environment.
fn keep(output: &Path, more: &[&str]) -> Run {
    run(arguments(output, more), &[KEYS, &[PATH]].concat(), b"")
}

/// Starts it in a home, without a terminal.
fn start(home: &Home, output: &Path, more: &[&str]) -> Child {
    let log = fs::File::create(log(home)).expect("it can be made");
    command(
        arguments(output, more),
        &[&home.variables()[..], &[PATH]].concat(),
    )
    .stdin(Stdio::null())
    .stdout(Stdio::null())
    .stderr(log)
    .spawn()
    .expect("it starts")
}

fn log(home: &Home) -> PathBuf {
    Path::new(home.text()).join("log")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Waits until something is true.
#[track_caller]
fn wait(what: &str, mut is_true: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn signal(child: &Child, name: &str) {
    let line = format!("kill -s {name} {}", child.id());
    let status = Command::new("sh").args(["-c", &line]).status();
    assert!(status.expect("it runs").success());
}

/// The files in the folder of a file.
fn names(path: &Path) -> Vec<String> {
    let folder = path.parent().expect("it has a folder");
    let entries = fs::read_dir(folder).expect("it is a folder");
    let names = entries.map(|entry| entry.expect("it is read").file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn output(home: &Home) -> PathBuf {
    let folder = Path::new(home.text()).join("out");
    fs::create_dir_all(&folder).expect("it can be made");
    folder.join("token")
}

#[test]
fn a_file_has_the_token_as_it_is_printed_and_is_private() {
    let home = Home::new();
    let file = output(&home);
    for (format, start, end) in [
        ("text", HOST, ""),
        ("url", "mydb.", ""),
        ("env", "PGPASSWORD='mydb.", "'\n"),
        ("pgpass", HOST, "\n"),
        ("json", "{\"", "}\n"),
    ] {
        let flags = ["--once", "--engine=postgres", "--format", format];
        let run = keep(&file, &flags);
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            ("", ""),
            "{format}"
        );
        assert_eq!(run.status, Some(0), "{format}");
        let text = read(&file);
        assert!(text.starts_with(start) && text.ends_with(end), "{text}");
        assert_eq!(text.ends_with('\n'), end.ends_with('\n'), "{text}");
        let mode = fs::metadata(&file).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(names(&file), ["token"]);
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is ours");
    assert_eq!(keep(&file, &["--once"]).status, Some(0));
    let mode = fs::metadata(&file).expect("it exists").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let clean = run(["inspect"], &[], read(&file).as_bytes());
    assert_eq!(clean.status, Some(0), "{}", clean.stdout);
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let home = Home::new();
    let file = output(&home);
    let folder = file.parent().expect("it has one");
    for (output, start) in [
        (folder, "--output: exists, and is not a regular file"),
        (
            Path::new("/dev/null"),
            "--output: exists, and is not a regular file",
        ),
        (Path::new("/"), "--output: expected the path of a file"),
        (
            &folder.join("no/such/token"),
            "--output: No such file or directory",
        ),
    ] {
        keep(output, &["--once"]).is_rejected_with(start);
        keep(output, &[]).is_rejected_with(start);
    }
    let rejected: [(&[&str], &str); 4] = [
        (&["--format=env"], "--engine is required for --format env"),
        (&["--expires-in=0"], "--expires-in: "),
        (&["--at=@1"], "unexpected argument '--at' found"),
        (
            &["--exec=exit 3", "--once"],
            "--exec: the command failed: exit status: 3",
        ),
    ];
    for (more, start) in rejected {
        keep(&file, more).is_rejected_with(start);
    }
    run(["keep", "--username=app", "--hostname=db"], KEYS, b"")
        .is_rejected_with("the following required arguments were not provided:\n  --output <FILE>");
}

#[test]
fn a_token_is_renewed_and_a_signal_ends_the_program() {
    for name in ["TERM", "INT"] {
        let home = Home::new().with(".aws/credentials", KEYS_IN_FILE);
        let file = output(&home);
        let log_of_command = Path::new(home.text()).join("renewals");
        let line = format!(
            "cat '{}' >>'{}'; false",
            file.display(),
            log_of_command.display()
        );
        let flags = [
            "--expires-in=3",
            "--exec",
            &line,
            "--verbose",
            "--format=json",
        ];
        let mut child = start(&home, &file, &flags);
        wait("three renewals", || {
            read(&log_of_command).lines().count() >= 3
        });
        // Whoever replaces keys in a file gives no expiry.
        let credentials = Path::new(home.text()).join(".aws/credentials");
        fs::write(credentials, KEYS_IN_FILE.replace("AKIAFILE", "AKIANEW")).expect("it is ours");
        wait("new keys", || read(&file).contains("AKIANEW"));
        signal(&child, name);
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{name}: {}", read(&log(&home)));
        assert_eq!(names(&file), ["token"]);
        assert!(read(&log_of_command).contains("AKIAFILE"));
        let said = read(&log(&home));
        assert!(said.contains("credentials: credentials file, "), "{said}");
        assert!(said.contains("token: written, valid until "), "{said}");
        assert!(
            said.contains("warning: --exec: the command failed: exit status: 1"),
            "{said}"
        );
    }
}

#[test]
fn a_command_that_does_not_end_is_ended() {
    let home = Home::new().with(".aws/credentials", KEYS_IN_FILE);
    let file = output(&home);
    let flags = ["--expires-in=3", "--exec=exec sleep 600", "--format=json"];
    let mut child = start(&home, &file, &flags);
    wait("two commands that are ended", || {
        let fault = "--exec: the command failed: ended, since it still ran";
        read(&log(&home)).matches(fault).count() >= 2
    });
    signal(&child, "TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

const KEYS_IN_FILE: &str = "\
[default]
aws_access_key_id = AKIAFILE
aws_secret_access_key = secretfile
";

#[test]
fn two_programs_may_write_one_file() {
    let home = Home::new().with(".aws/credentials", KEYS_IN_FILE);
    let file = output(&home);
    let mut children: Vec<_> = (0..2)
        .map(|_| start(&home, &file, &["--expires-in=1", "--format=json"]))
        .collect();
    wait("a file", || file.exists());
    for _ in 0..200 {
        let text = read(&file);
        assert!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{text}"
        );
        thread::sleep(Duration::from_millis(10));
    }
    for child in &mut children {
        signal(child, "TERM");
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
    assert_eq!(names(&file), ["token"]);
}

/// Prints credentials that last five seconds, if the file `up` exists.
const SCRIPT: &str = r#"
test -e "$HOME/up" || { echo no login >&2; exit 1; }
expiry=$(date -u -d '+5 seconds' +%Y-%m-%dT%H:%M:%SZ)
echo "{\"Version\": 1, \"AccessKeyId\": \"ASIAPROC$(cat "$HOME/up")\", \"SecretAccessKey\": \"secretproc\","
echo "\"SessionToken\": \"tokenproc\", \"Expiration\": \"$expiry\"}"
"#;

#[cfg(target_os = "linux")]
#[test]
fn it_says_that_credentials_are_missing_and_goes_on_when_they_are_back() {
    let home = Home::new().with("creds.sh", SCRIPT).with("up", "1");
    let config = format!(
        "[default]\ncredential_process = sh {}/creds.sh\n",
        home.text()
    );
    let home = home.with(".aws/config", &config);
    let up = Path::new(home.text()).join("up");
    let file = output(&home);
    let mut child = start(&home, &file, &["--expires-in=3"]);
    wait("a token", || read(&file).contains("ASIAPROC1"));
    fs::remove_file(&up).expect("it exists");
    let says = |text: &str| read(&log(&home)).contains(text);
    wait("a warning", || {
        says("warning: credentials expire at ") && says("no login")
    });
    wait("the end", || says("warning: credentials expired at "));
    fs::write(&up, "2").expect("it can be written");
    wait("a new token", || read(&file).contains("ASIAPROC2"));
    wait("good news", || says("credentials are available again"));
    // From now on, only a person can help, and there is no terminal.
    let sso = CONFIG.replace("[profile sso]", "[default]");
    let home = home
        .with(SSO_TOKEN, &sso_token("2023-11-14T21:00:00Z"))
        .with(".aws/config", &sso);
    let status = child.wait().expect("it ends");
    let said = read(&log(&home));
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("\nerror: IAM Identity Center: "), "{said}");
    assert!(said.contains("aws sso login"), "{said}");
}

#[test]
fn without_credentials_at_the_start_it_ends() {
    let expired = Home::new()
        .with(".aws/config", CONFIG)
        .with(SSO_TOKEN, &sso_token("2023-11-14T21:00:00Z"));
    for (home, profile, start) in [
        (&expired, "--profile=sso", "IAM Identity Center: "),
        (&expired, "--profile=mfa", "assumed role: "),
        (&expired, "--profile=missing", "profile missing "),
    ] {
        let file = output(home);
        let run = run(arguments(&file, &[profile]), &home.variables(), b"");
        run.is_rejected_with(start);
        assert!(!file.exists());
    }
}

/// `script` of util-linux gives it a terminal, and passes the end of its own input on to it.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_waits_for_a_login() {
    let home = Home::new()
        .with(".aws/config", CONFIG)
        .with(SSO_TOKEN, &sso_token("2023-11-14T21:00:00Z"));
    let file = output(&home);
    let url = serve();
    let line = format!(
        "{} keep --hostname {HOST} --port 1 --username app --profile sso --expires-in 3 --output {}",
        env!("CARGO_BIN_EXE_rds-iam-token"),
        file.display()
    );
    let child = Command::new("script")
        .args(["-qefc", &line, "/dev/null"])
        .env_clear()
        .envs(home.variables())
        .envs([PATH, ("AWS_ENDPOINT_URL_SSO", url.as_str())])
        .stdin(Stdio::piped())
        .stdout(fs::File::create(log(&home)).expect("it can be made"))
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return };
    wait("a warning", || {
        read(&log(&home)).contains("warning: waiting for credentials; IAM Identity Center: ")
    });
    let _home = home.with(SSO_TOKEN, &sso_token("2100-01-01T00:00:00Z"));
    wait("a token", || read(&file).contains("ASIASSO"));
    signal(&child, "TERM");
    let _ = child.wait();
}

#[test]
fn a_path_need_not_be_utf_8() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let home = Home::new();
    let file = output(&home).with_file_name(OsStr::from_bytes(b"token\xff"));
    let hostname = format!("--hostname={HOST}");
    let flags = [
        "keep",
        &hostname,
        "--port=5432",
        "--username=app",
        "--once",
        "--output",
    ];
    let flags = [&flags.map(OsStr::new)[..], &[file.as_os_str()]].concat();
    assert_eq!(run(flags, KEYS, b"").status, Some(0));
    assert!(read(&file).starts_with(HOST));
}

#[test]
fn a_symbolic_link_is_replaced_and_its_target_stays() {
    let home = Home::new().with("target", "kept");
    let file = output(&home);
    std::os::unix::fs::symlink(Path::new(home.text()).join("target"), &file).expect("it is made");
    assert_eq!(keep(&file, &["--once"]).status, Some(0));
    assert!(read(&file).starts_with(HOST));
    assert_eq!(read(&Path::new(home.text()).join("target")), "kept");
}

/// A disk of one page. Only root can mount it.
#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_the_old_token_stays() {
    let home = Home::new();
    let file = output(&home);
    let folder = file.parent().expect("it has one");
    let mount = |line: &[&str]| {
        let status = Command::new(line[0])
            .args(&line[1..])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=4096", "tmpfs"]) {
        return;
    }
    let first = keep(&file, &["--once"]);
    let old = read(&file);
    let second = keep(&file, &["--once"]);
    let rest = (read(&file), names(&file));
    assert!(mount(&["umount"]));
    assert_eq!(first.status, Some(0), "{}", first.stderr);
    second.is_rejected_with("--output: No space left on device");
    assert_eq!(rest, (old, vec!["token".to_owned()]));
}
