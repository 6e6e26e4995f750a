//! A file that is replaced at once: a reader finds the old contents or the new ones.

use std::{
    collections::hash_map::RandomState,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    hash::BuildHasher as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::platform;

/// Checks that a path can be a file of its own: `/dev/null` must not be replaced.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    if path.file_name().is_none() {
        return Err("--output: expected the path of a file".to_owned());
    }
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            Err("--output: exists, and is not a regular file".to_owned())
        }
        _ => Ok(()),
    }
}

/// Replaces a file. Only the user may read it. If that fails, the old contents stay.
pub(crate) fn replace(path: &Path, contents: &str) -> io::Result<()> {
    let (temporary, file) = create(path)?;
    let replaced = fill(file, contents).and_then(|()| fs::rename(&temporary, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// Creates a file beside the other, for a rename moves no file to another disk.
///
/// Its name is random: in containers that share a folder, the process IDs are equal.
fn create(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    platform::make_private(&mut options);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}.tmp", RandomState::new().hash_one(0)));
    let temporary = path.with_file_name(name);
    let file = options.open(&temporary)?;
    Ok((temporary, file))
}

fn fill(mut file: File, contents: &str) -> io::Result<()> {
    file.write_all(contents.as_bytes())?;
    file.sync_all()
}
