//! The way to the socket for a command with a client of MySQL or MariaDB.

use std::{env, path::Path};

use crate::output;

use super::{exec::Variables, folder::Folder};

/// Returns variables that lead clients to the socket, and writes an option file for those that read one, as the
/// programs of MySQL and MariaDB do.
///
/// `MYSQL_UNIX_PORT` alone is not enough: the option file of a distribution may name the socket of a server on
/// this machine, and no variable names the user.
pub(crate) fn for_socket(
    folder: &Folder,
    socket: &Path,
    user: &str,
    database: Option<&str>,
) -> Result<Variables, String> {
    let path = socket
        .to_str()
        .ok_or("the path of the socket is not UTF-8")?;
    let place = format!("host=localhost\nprotocol=socket\nsocket={}", quoted(path));
    let mut variables = options(folder, &place, user, database)?;
    variables.push(("MYSQL_UNIX_PORT", Some(socket.into())));
    Ok(variables)
}

/// Returns variables and writes an option file in the same way, for clients that need TCP.
pub(crate) fn for_tcp(
    folder: &Folder,
    (host, port): (&str, u16),
    user: &str,
    database: Option<&str>,
) -> Result<Variables, String> {
    let place = format!("host={host}\nport={port}\nprotocol=tcp");
    let mut variables = options(folder, &place, user, database)?;
    variables.extend([
        ("MYSQL_HOST", Some(host.into())),
        ("MYSQL_TCP_PORT", Some(port.to_string().into())),
    ]);
    Ok(variables)
}

/// Writes the option file, and returns the variable that names it.
fn options(
    folder: &Folder,
    place: &str,
    user: &str,
    database: Option<&str>,
) -> Result<Variables, String> {
    let database = database
        .map(|database| format!("[mysql]\ndatabase={}\n", quoted(database)))
        .unwrap_or_default();
    let options = format!("[client]\n{place}\nuser={}\n{database}", quoted(user));
    folder.write(OPTIONS, &options)?;
    let own = env::var_os("HOME").map(|home| Path::new(&home).join(".my.cnf"));
    if own.is_some_and(|path| path.exists()) {
        output::print_notes(&[
            "warning: clients read ~/.my.cnf last, and its host, socket or user would lead COMMAND elsewhere; to \
             leave it out: --defaults-file=\"$MYSQL_HOME/my.cnf\""
                .to_owned(),
        ]);
    }
    let mut variables: Variables = MISLEADING.iter().map(|name| (*name, None)).collect();
    variables.push(("MYSQL_HOME", Some(folder.path().into())));
    Ok(variables)
}

/// Returns a value for an option file.
fn quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in value.chars() {
        match letter {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// The option file, in the folder that `MYSQL_HOME` names.
pub(crate) const OPTIONS: &str = "my.cnf";

/// Variables that would lead a client elsewhere, or make it send what is not asked for.
const MISLEADING: &[&str] = &[
    "LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN",
    "MARIADB_HOME",
    "MYSQL_HOST",
    "MYSQL_PWD",
    "MYSQL_TCP_PORT",
];
