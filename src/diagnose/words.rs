//! Facts as words.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::{endpoint::EndpointKind, token::parameter};

/// Escapes what comes from a token, and shortens it.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let visible = parameter::before_secret(text);
    let mut letters = visible.chars();
    let mut shown: String = letters
        .by_ref()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if letters.next().is_some() || visible.len() < text.len() {
        shown.push('…');
    }
    if shown.is_empty() {
        String::from("(nothing)")
    } else {
        shown
    }
}

/// Says in words what an endpoint stands for.
pub(super) fn described(kind: EndpointKind) -> &'static str {
    match kind {
        EndpointKind::ClusterCustom => "an Aurora custom endpoint",
        EndpointKind::ClusterReader => "a cluster's reader endpoint",
        EndpointKind::ClusterWriter => "a cluster's writer endpoint",
        EndpointKind::GlobalWriter => "a global database's writer endpoint",
        EndpointKind::Instance => "an instance",
        EndpointKind::Ip => "an IP address",
        EndpointKind::LimitlessShardGroup => "a shard group",
        EndpointKind::Other => "a name that RDS does not give (a CNAME or a tunnel)",
        EndpointKind::Proxy => "a proxy",
        EndpointKind::ProxyEndpoint => "a proxy's endpoint",
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
