//! Facts as words.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::host::HostKind;

/// Says in words what an endpoint stands for.
pub(super) fn described(kind: HostKind) -> &'static str {
    match kind {
        HostKind::ClusterCustom => "an Aurora custom endpoint",
        HostKind::ClusterReader => "a cluster's reader endpoint",
        HostKind::ClusterWriter => "a cluster's writer endpoint",
        HostKind::GlobalWriter => "a global database's writer endpoint",
        HostKind::Instance => "an instance",
        HostKind::Ip => "an IP address",
        HostKind::LimitlessShardGroup => "a shard group",
        HostKind::Other => "a name that RDS does not give (a CNAME or a tunnel)",
        HostKind::Proxy => "a proxy",
        HostKind::ProxyEndpoint => "a proxy's endpoint",
    }
}

/// Writes a duration in its two largest units.
pub(super) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units
        .iter()
        .position(|(unit, _)| seconds >= *unit)
        .unwrap_or(3);
    let mut rest = seconds;
    let words: Vec<_> = units
        .iter()
        .skip(first)
        .take(2)
        .filter_map(|(unit, name)| {
            let count = rest / unit;
            rest %= unit;
            (count > 0).then(|| format!("{count} {name}"))
        })
        .collect();
    if words.is_empty() {
        String::from("0 s")
    } else {
        words.join(" ")
    }
}
