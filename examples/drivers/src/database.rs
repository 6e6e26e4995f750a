//! Where a database is.

use std::path::PathBuf;

/// Where to connect to, and as whom.
#[derive(Clone, Debug)]
pub struct Database {
    /// What the certificate of the server is for. It is the host in the token, unless you go through
    /// a tunnel or a proxy.
    pub host: String,
    pub port: u16,
    pub user: String,
    /// A file with the certificates to trust, in PEM: in production the bundle of RDS, from
    /// <https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem>.
    pub ca: PathBuf,
}
