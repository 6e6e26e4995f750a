//! TLS for the drivers that leave it to others.

use std::path::Path;

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::BoxError;

/// Gives TLS to `tokio-postgres` and `postgres`.
pub fn connector(ca: &Path) -> Result<MakeRustlsConnect, BoxError> {
    Ok(MakeRustlsConnect::new(client_config(ca)?))
}

/// Trusts the certificates of one file, and no others. Chain and host name are verified.
pub fn client_config(ca: &Path) -> Result<ClientConfig, BoxError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca)? {
        roots.add(certificate?)?;
    }
    Ok(ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth())
}
