//! What an endpoint stands for.

use core::fmt;

/// What an endpoint stands for, as its name tells.
///
/// `Display` writes it in words with hyphens, `cluster-writer`.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Endpoint, EndpointKind};
///
/// let reader = Endpoint::new("orders.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
/// assert_eq!(reader.kind(), EndpointKind::ClusterReader);
/// assert!(reader.kind().takes_tokens());
/// // A tunnel: connect to it, and sign for the endpoint behind it.
/// assert!(!Endpoint::new("localhost", 6543)?.kind().takes_tokens());
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum EndpointKind {
    /// An Aurora custom endpoint.
    ClusterCustom,
    /// The reader endpoint of an Aurora or Multi-AZ cluster.
    ClusterReader,
    /// The writer endpoint of an Aurora or Multi-AZ cluster.
    ClusterWriter,
    /// The writer endpoint of an Aurora global database, whose name does not tell the region.
    GlobalWriter,
    /// A database instance.
    Instance,
    /// An IPv4 address.
    Ip,
    /// An Aurora Limitless shard group.
    LimitlessShardGroup,
    /// A name that RDS does not give: a CNAME, a tunnel, a load balancer.
    Other,
    /// The default endpoint of an RDS Proxy.
    Proxy,
    /// An additional endpoint of an RDS Proxy.
    ProxyEndpoint,
}

impl EndpointKind {
    /// Tells whether RDS takes tokens that are signed for an endpoint of this kind.
    ///
    /// It does not for custom endpoints, IP addresses and names of the user's own (Amazon RDS User
    /// Guide and Amazon Aurora User Guide, "Connecting to your DB instance using IAM
    /// authentication"): connect to those, but sign for the endpoint behind them. This crate signs
    /// what it is told.
    #[must_use]
    pub fn takes_tokens(self) -> bool {
        !matches!(self, Self::ClusterCustom | Self::Ip | Self::Other)
    }
}

impl fmt::Display for EndpointKind {
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
    fn a_kind_has_a_name_and_says_whether_it_takes_tokens() {
        for (kind, name, takes_tokens) in [
            (EndpointKind::ClusterCustom, "cluster-custom", false),
            (EndpointKind::ClusterReader, "cluster-reader", true),
            (EndpointKind::ClusterWriter, "cluster-writer", true),
            (EndpointKind::GlobalWriter, "global-writer", true),
            (EndpointKind::Instance, "instance", true),
            (EndpointKind::Ip, "ip", false),
            (
                EndpointKind::LimitlessShardGroup,
                "limitless-shard-group",
                true,
            ),
            (EndpointKind::Other, "other", false),
            (EndpointKind::Proxy, "proxy", true),
            (EndpointKind::ProxyEndpoint, "proxy-endpoint", true),
        ] {
            assert_eq!(kind.to_string(), name);
            assert_eq!(kind.takes_tokens(), takes_tokens, "{kind}");
        }
    }
}
