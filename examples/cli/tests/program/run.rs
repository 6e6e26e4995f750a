//! One run of the program.

use std::{
    ffi::OsStr,
    io::Write as _,
    process::{Command, Stdio},
    thread,
};

/// What a run of the program printed.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Checks that a command was rejected: status 2, nothing on standard output, and the error first on
    /// standard error.
    #[track_caller]
    pub(crate) fn is_rejected_with(&self, start: &str) {
        assert_eq!(self.status, Some(2), "{start}: {}", self.stderr);
        assert_eq!(self.stdout, "", "{start}");
        assert!(
            self.stderr.starts_with(&format!("error: {start}")),
            "{start}: {}",
            self.stderr
        );
    }

    /// The names of the findings.
    pub(crate) fn findings(&self) -> Vec<&str> {
        let findings = self
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix("- "));
        findings
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect()
    }
}

/// The program, in an environment that has nothing but these variables.
pub(crate) fn command(
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    variables: &[(&str, &str)],
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rds-iam-token"));
    command
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied());
    command
}

/// Runs the program.
#[track_caller]
pub(crate) fn run(
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    variables: &[(&str, &str)],
    stdin: &[u8],
) -> Run {
    let mut child = command(arguments, variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let stdin = stdin.to_owned();
    // The program may end without reading it.
    let writer = thread::spawn(move || drop(pipe.write_all(&stdin)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
    }
}

pub(crate) const HOST: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

pub(crate) const SECRET: &str = "not-a-real-secret";

pub(crate) const KEY_ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");

/// A key, and no region.
pub(crate) const KEYS: &[(&str, &str)] = &[KEY_ID, ("AWS_SECRET_ACCESS_KEY", SECRET)];

/// What botocore 1.44 prints for [`HOST`], 5432, app and [`KEYS`] at 2015-08-30T12:36:00Z.
pub(crate) const TOKEN: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432/?Action=connect\
    &DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Frds-db%2Faws4_request\
    &X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
    &X-Amz-Signature=1f5779ddf64f71de19871ab0cd6c15cb79e8f05537aac4860d78bf6e2f9ff037";
