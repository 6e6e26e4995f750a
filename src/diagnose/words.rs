//! Words for facts, and comparing words.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::host::HostKind;

/// Describes a kind of host.
pub(super) fn described(kind: HostKind) -> &'static str {
    match kind {
        HostKind::ClusterCustom => "an Aurora custom endpoint",
        HostKind::ClusterReader => "a cluster's reader endpoint",
        HostKind::ClusterWriter => "a cluster's writer endpoint",
        HostKind::GlobalWriter => "a global database's writer endpoint",
        HostKind::Instance => "an instance",
        HostKind::Ip => "an IP address",
        HostKind::LimitlessShardGroup => "a shard group",
        HostKind::Other => "not a name that RDS assigns: a CNAME or a tunnel",
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

/// Returns `true` if two texts differ in letter case alone.
///
/// Nothing is copied, because a copy would be left behind. Some letters have two forms in lower case, and
/// some in upper case.
pub(super) fn differ_in_case_alone(one: &str, other: &str) -> bool {
    let lower = |text| str::chars(text).flat_map(char::to_lowercase);
    let upper = |text| str::chars(text).flat_map(char::to_uppercase);
    lower(one).eq(lower(other)) || upper(one).eq(upper(other))
}
