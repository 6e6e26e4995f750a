//! The name of a host that was read.

use alloc::string::String;

use super::{Endpoint, dns_name, infer::infer, kind::EndpointKind};
use crate::secret::Secret;

/// A host as an [`Endpoint`] has it, read where there may be a secret in its place: nothing is left
/// behind.
pub(crate) struct HostName(Secret);

impl HostName {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut name = String::from(dns_name(text).ok()?);
        name.make_ascii_lowercase();
        Some(Self(Secret::new(name)))
    }

    pub(crate) fn is_of(&self, endpoint: &Endpoint) -> bool {
        self.0.expose_secret() == endpoint.host()
    }

    pub(crate) fn kind(&self) -> EndpointKind {
        infer(self.0.expose_secret()).0
    }

    /// Gives the code of the region that the name tells.
    pub(crate) fn region(&self) -> Option<&str> {
        infer(self.0.expose_secret()).1
    }
}
