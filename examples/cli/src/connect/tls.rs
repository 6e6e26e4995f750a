//! TLS with the database. There is no way to turn the verification off.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rds_iam_token::{Host, HostKind};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio_rustls::TlsConnector;

use super::serve::plain;

/// How to start TLS with one database.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) connector: TlsConnector,
    /// The name in the certificate: the endpoint's, whatever is dialed.
    pub(crate) name: ServerName<'static>,
    /// Where the certificates of the CA come from, for `--check`.
    pub(crate) roots: String,
}

impl Tls {
    /// Reads the certificates of the CA: of `--ca`, else of `RDS_CA`, else of the usual file; for a
    /// proxy, public CAs instead of the usual file.
    pub(crate) fn new(ca: Option<&Path>, host: &Host, is_postgres: bool) -> Result<Self, String> {
        let (store, roots) = match (file(ca), host.kind()) {
            // Its certificates are of Amazon's public CA, which RDS's bundle in the usual file does not have.
            (Some((USUAL, _)) | None, HostKind::Proxy | HostKind::ProxyEndpoint) => (
                webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
                "public CAs".to_owned(),
            ),
            (Some((flag, path)), _) => (
                // Without the path: a token may be given in its place.
                read(&path)
                    .map_err(|error| format!("{flag}: {error}; {BUNDLE} is the bundle of RDS"))?,
                path.display().to_string(),
            ),
            (None, _) => {
                return Err(format!(
                    "--ca is required: download {BUNDLE}, and give the file, or save it as ~/{USUAL}"
                ));
            }
        };
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(store)
            .with_no_client_auth();
        if is_postgres {
            config.alpn_protocols = vec![ALPN.to_vec()];
        }
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name: ServerName::try_from(host.as_str().to_owned())
                .map_err(|error| format!("--hostname: {error}"))?,
            roots,
        })
    }
}

/// Returns the version of TLS and who has issued the server's certificate, with a separator at the end.
pub(crate) fn facts(session: &ClientConnection) -> String {
    let version = session.protocol_version();
    let version = version.and_then(|version| version.as_str());
    let chain = session.peer_certificates();
    let issuer = chain.and_then(<[_]>::last).and_then(issuer);
    let facts = [
        version.map(str::to_owned),
        issuer.map(|name| format!("issued by {name}")),
    ];
    facts
        .into_iter()
        .flatten()
        .map(|fact| fact + ", ")
        .collect()
}

/// Returns the common name of who has issued a certificate.
fn issuer(certificate: &CertificateDer<'_>) -> Option<String> {
    /// RFC 5280, appendix A.1: `id-at-commonName`.
    const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
    let certificate = webpki::EndEntityCert::try_from(certificate).ok()?;
    let issuer = certificate.issuer();
    let at = issuer
        .windows(COMMON_NAME.len())
        .position(|bytes| bytes == COMMON_NAME)?;
    // Then the type of the text, its length in one byte, and the text.
    let [_, length, text @ ..] = issuer.get(at + COMMON_NAME.len()..)? else {
        return None;
    };
    let text = text.get(..usize::from(*length))?;
    Some(plain(&String::from_utf8_lossy(text)))
}

fn file(ca: Option<&Path>) -> Option<(&'static str, PathBuf)> {
    if let Some(ca) = ca {
        return Some(("--ca", ca.to_owned()));
    }
    if let Some(path) = env::var_os("RDS_CA").filter(|path| !path.is_empty()) {
        return Some(("RDS_CA", path.into()));
    }
    let home = env::var_os("HOME").filter(|path| !path.is_empty())?;
    let path = Path::new(&home).join(USUAL);
    path.exists().then_some((USUAL, path))
}

fn read(path: &Path) -> Result<RootCertStore, String> {
    let pem = fs::read(path).map_err(|error| error.to_string())?;
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| "expected certificates in PEM".to_owned())?;
        store.add(certificate).map_err(|error| error.to_string())?;
    }
    if store.is_empty() {
        return Err("expected certificates in PEM".to_owned());
    }
    Ok(store)
}

/// The protocol's name in TLS, which PostgreSQL 17 requires of those who start with TLS.
pub(crate) const ALPN: &[u8] = b"postgresql";

/// AWS, "Using SSL/TLS to encrypt a connection to a DB instance or cluster".
const BUNDLE: &str = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem";
const USUAL: &str = ".rds-iam/global-bundle.pem";
