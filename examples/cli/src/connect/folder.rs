//! A folder that only this user can enter, with the socket that clients connect to.

use std::{
    cell::RefCell,
    env,
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::{
        fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    process,
};

use rustix::{fs::Mode, process as system};
use tokio::net::UnixListener;

use super::mysql_environment;

/// A folder for sockets. It is removed with what was made in it when this is dropped.
pub(crate) struct Folder {
    path: PathBuf,
    /// Without a socket that a different run has in a folder of the same name.
    files: RefCell<Vec<PathBuf>>,
}

impl Folder {
    /// Creates a folder with a name of its own, and removes those that a killed run has left.
    pub(crate) fn for_one_run() -> Result<Self, String> {
        let base = base()?;
        remove_left(&base);
        let path = base.join(format!("{RUN}{}", process::id()));
        create(&path)?;
        Ok(Self {
            path,
            files: RefCell::default(),
        })
    }

    /// Creates a folder with a name that clients can have in their settings.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let path = base()?.join(name);
        create(&path)?;
        Ok(Self {
            path,
            files: RefCell::default(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file that is removed with the folder, and that only this user can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let path = self.path.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let result = options
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        result.map_err(|error| format!("{}: {error}", path.display()))?;
        self.files.borrow_mut().push(path);
        Ok(())
    }

    /// Listens on a socket in the folder that only this user can open.
    pub(crate) fn listen(&self, name: &str) -> Result<(UnixListener, PathBuf), String> {
        let path = self.path.join(name);
        let fail = |error: io::Error| format!("{}: {error}", path.display());
        if path.as_os_str().len() > MAX_PATH {
            return Err(format!(
                "{}: the path of a socket has at most {MAX_PATH} bytes; set XDG_RUNTIME_DIR to a shorter one",
                path.display()
            ));
        }
        match UnixStream::connect(&path) {
            Ok(_) => {
                return Err(format!(
                    "{}: somebody listens there already",
                    path.display()
                ));
            }
            // A killed run has left it.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                fs::remove_file(&path).map_err(fail)?;
            }
            Err(_) => {}
        }
        // The permissions are right from the start.
        let mask = system::umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
        let listener = UnixListener::bind(&path);
        system::umask(mask);
        let listener = listener.map_err(fail)?;
        self.files.borrow_mut().push(path.clone());
        Ok((listener, path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for path in self.files.get_mut() {
            let _ = fs::remove_file(path);
        }
        let _ = fs::remove_dir(&self.path);
    }
}

/// Returns the folder for all runs, which is created if it is missing.
pub(crate) fn base() -> Result<PathBuf, String> {
    let variable = |name| {
        env::var_os(name)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    };
    let path = match (variable("XDG_RUNTIME_DIR"), variable("HOME")) {
        (Some(folder), _) => folder.join("rds-iam"),
        (None, Some(home)) => home.join(".rds-iam"),
        (None, None) => {
            return Err("XDG_RUNTIME_DIR or HOME is required, for a private folder".to_owned());
        }
    };
    if !path.is_absolute() {
        return Err(format!("{}: expected an absolute path", path.display()));
    }
    create(&path)?;
    Ok(path)
}

/// Creates a folder. One that exists has to be this user's, and nobody else may enter it.
fn create(path: &Path) -> Result<(), String> {
    let fail = |error: io::Error| format!("{}: {error}", path.display());
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        // The umask may have taken more.
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(fail)?,
        Err(error) => return Err(fail(error)),
    }
    let found = fs::symlink_metadata(path).map_err(fail)?;
    let is_private = found.is_dir()
        && found.uid() == system::getuid().as_raw()
        && Mode::from_raw_mode(found.mode())
            .intersection(Mode::RWXG | Mode::RWXO)
            .is_empty();
    if is_private {
        return Ok(());
    }
    Err(format!(
        "{}: expected a folder of this user that nobody else may enter; run: chmod 700 FOLDER",
        path.display()
    ))
}

/// Removes what a killed run has left: sockets that nobody listens on.
fn remove_left(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else {
        return;
    };
    for folder in entries.filter_map(Result::ok) {
        let name = folder.file_name();
        let pid = name
            .to_str()
            .and_then(|name| name.strip_prefix(RUN)?.parse().ok());
        let Some(pid) = pid.and_then(system::Pid::from_raw) else {
            continue;
        };
        // A process that does not exist any more, or that had the number of this one, as in a container that is
        // started again.
        if pid == system::getpid() || system::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)
        {
            remove_files(&folder.path());
            let _ = fs::remove_dir(folder.path());
        }
    }
}

/// Removes sockets, and the option file.
fn remove_files(folder: &Path) {
    for entry in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        use std::os::unix::fs::FileTypeExt as _;
        let is_options = entry.file_name() == mysql_environment::OPTIONS;
        if is_options || entry.file_type().is_ok_and(|kind| kind.is_socket()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// With a dot, which no name of a database has.
const RUN: &str = "run.";

/// Of macOS, without the final NUL; Linux allows four more.
const MAX_PATH: usize = 103;
