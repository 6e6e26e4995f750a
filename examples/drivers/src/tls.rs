//! TLS for the drivers that leave it to others.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::BoxError;

/// Creates the connector for `tokio-postgres` and `postgres`.
pub fn connector(ca: &Path) -> Result<MakeRustlsConnect, BoxError> {
    Ok(MakeRustlsConnect::new(client_config(ca)?))
}

/// Creates a configuration that trusts the certificates of one file, and no others. It verifies the chain
/// and the host name.
pub fn client_config(ca: &Path) -> Result<ClientConfig, BoxError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca)? {
        roots.add(certificate?)?;
    }
    // Named, since a program with two providers would panic without a choice.
    let provider = Arc::new(aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
