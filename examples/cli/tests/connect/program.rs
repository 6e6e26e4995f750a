//! `connect` with a command that waits.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use crate::server::Server;

/// A private folder of a test, which is removed at its end.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "rds-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Relaxed)
        );
        // The path of a socket is short.
        let path = Path::new("/tmp").join(name);
        fs::create_dir(&path).expect("it can be created");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("it can be written");
        path.to_str().expect("it is UTF-8").to_owned()
    }

    /// Returns the names of what is in the folder of all runs.
    pub(crate) fn runs(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.join("rds-iam")).expect("it exists");
        entries
            .map(|entry| {
                entry
                    .expect("it is there")
                    .file_name()
                    .into_string()
                    .expect("it is UTF-8")
            })
            .collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run of the program whose command waits for the end of its input.
pub(crate) struct Program {
    child: Child,
    /// The environment of the command.
    pub(crate) variables: Vec<(String, String)>,
}

impl Program {
    pub(crate) fn start(home: &Home, arguments: &[&str], keys: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rds-iam-token"))
            .arg("connect")
            .args(arguments)
            .args(["--", "/bin/sh", "-c", "env; echo; exec cat >/dev/null"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("XDG_RUNTIME_DIR", home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(keys.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let lines = output.lines().map(|line| line.expect("it is UTF-8"));
        let variables: Vec<_> = lines
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                line.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            })
            .collect();
        Self { child, variables }
    }

    /// Starts the program for users of a server that stands in for the database.
    pub(crate) fn start_for(
        (server, pem): (&Server, &str),
        port: &str,
        users: &[&str],
        home: &Home,
        keys: &[(&str, &str)],
    ) -> Self {
        let ca = home.write("ca.pem", pem);
        let via = format!("127.0.0.1:{}", server.port);
        let mut arguments = vec![
            "--hostname",
            HOST,
            "--port",
            port,
            "--via",
            &via,
            "--ca",
            &ca,
        ];
        arguments.extend(users.iter().flat_map(|user| ["--username", user]));
        Self::start(home, &arguments, keys)
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| &value[..])
    }

    /// Returns the path that the command finds in its environment.
    fn socket(&self) -> String {
        if let Some(path) = self.variable("MYSQL_UNIX_PORT") {
            return path.to_owned();
        }
        let [folder, port] =
            ["PGHOST", "PGPORT"].map(|name| self.variable(name).expect("it is set"));
        format!("{folder}/.s.PGSQL.{port}")
    }

    /// Connects a client.
    pub(crate) fn connect(&self) -> UnixStream {
        let path = self.socket();
        let mode = fs::metadata(&path).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let stream = UnixStream::connect(path).expect("it is let in");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("it can be set");
        stream
    }

    /// Kills the program, and then ends the command.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Ends the command, and returns what the program printed to standard error.
    pub(crate) fn stop(mut self) -> String {
        drop(self.child.stdin.take());
        let mut text = String::new();
        let mut pipe = self.child.stderr.take().expect("it is piped");
        pipe.read_to_string(&mut text).expect("it is UTF-8");
        assert_eq!(
            self.child.wait().expect("it ends").code(),
            Some(0),
            "{text}"
        );
        text
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

pub(crate) const HOST: &str = "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

pub(crate) const KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "not-a-real-secret"),
];
