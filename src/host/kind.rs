//! The kinds of hosts.

use core::fmt;

/// The kind of a host, by its name.
///
/// `Display` writes it in lowercase with hyphens, `cluster-writer`.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Host, HostKind};
///
/// let reader = Host::new("orders.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com")?;
/// assert_eq!(reader.kind(), HostKind::ClusterReader);
/// assert!(reader.kind().accepts_tokens());
/// // A tunnel: connect to it, and sign for the endpoint behind it.
/// assert!(!Host::new("localhost")?.kind().accepts_tokens());
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum HostKind {
    /// An Aurora custom endpoint.
    ClusterCustom,
    /// The reader endpoint of an Aurora or Multi-AZ cluster.
    ClusterReader,
    /// The writer endpoint of an Aurora or Multi-AZ cluster.
    ClusterWriter,
    /// The writer endpoint of an Aurora global database, whose name has no region.
    GlobalWriter,
    /// A database instance.
    Instance,
    /// An IPv4 address.
    Ip,
    /// An Aurora Limitless shard group.
    LimitlessShardGroup,
    /// A name that RDS does not assign: a CNAME, a tunnel, a load balancer.
    Other,
    /// The default endpoint of an RDS Proxy.
    Proxy,
    /// An additional endpoint of an RDS Proxy.
    ProxyEndpoint,
}

impl HostKind {
    /// Returns `true` if RDS accepts tokens that are signed for a host of this kind.
    ///
    /// It does not for custom endpoints, IP addresses and names of the user's own (Amazon RDS User
    /// Guide and Amazon Aurora User Guide, "Connecting to your DB instance using IAM
    /// authentication"): connect to those, but sign for the endpoint behind them. This crate signs
    /// for any host.
    #[must_use]
    pub fn accepts_tokens(self) -> bool {
        !matches!(self, Self::ClusterCustom | Self::Ip | Self::Other)
    }
}

impl fmt::Display for HostKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClusterCustom => "cluster-custom",
            Self::ClusterReader => "cluster-reader",
            Self::ClusterWriter => "cluster-writer",
            Self::GlobalWriter => "global-writer",
            Self::Instance => "instance",
            Self::Ip => "ip",
            Self::LimitlessShardGroup => "limitless-shard-group",
            Self::Other => "other",
            Self::Proxy => "proxy",
            Self::ProxyEndpoint => "proxy-endpoint",
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn every_kind_has_a_name_and_either_accepts_tokens_or_not() {
        for (kind, name, accepts_tokens) in [
            (HostKind::ClusterCustom, "cluster-custom", false),
            (HostKind::ClusterReader, "cluster-reader", true),
            (HostKind::ClusterWriter, "cluster-writer", true),
            (HostKind::GlobalWriter, "global-writer", true),
            (HostKind::Instance, "instance", true),
            (HostKind::Ip, "ip", false),
            (HostKind::LimitlessShardGroup, "limitless-shard-group", true),
            (HostKind::Other, "other", false),
            (HostKind::Proxy, "proxy", true),
            (HostKind::ProxyEndpoint, "proxy-endpoint", true),
        ] {
            assert_eq!(kind.to_string(), name);
            assert_eq!(kind.accepts_tokens(), accepts_tokens, "{kind}");
        }
    }
}
