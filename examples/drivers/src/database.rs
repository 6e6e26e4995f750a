//! The address of a database.

use std::path::PathBuf;

/// A database, and the user to connect as.
#[derive(Clone, Debug)]
pub struct Database {
    /// The host in the server's certificate. It is the host in the token too, unless you connect through
    /// a tunnel or a proxy.
    pub host: String,
    pub port: u16,
    pub user: String,
    /// A file with the certificates to trust, in PEM: in production the bundle of RDS, from
    /// <https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem>.
    pub ca: PathBuf,
}
