//! The kind and the region in a host name.

use core::net::Ipv4Addr;

use super::kind::HostKind;

/// Returns the kind of a host in lowercase, and the code of the region if it is in the name.
///
/// RDS names its endpoints `<name>.<id>.<region>.rds.<suffix>`, in some partitions with `rds`
/// before the region. The ID decides the kind. The name may have dots.
pub(super) fn infer(host: &str) -> (HostKind, Option<&str>) {
    if host.parse::<Ipv4Addr>().is_ok() {
        return (HostKind::Ip, None);
    }
    from_labels(host).unwrap_or((HostKind::Other, None))
}

fn from_labels(host: &str) -> Option<(HostKind, Option<&str>)> {
    let labels = SUFFIXES
        .iter()
        .find_map(|suffix| host.strip_suffix(suffix)?.strip_suffix('.'))?;
    let (labels, last) = labels.rsplit_once('.')?;
    let (labels, last_but_one) = labels.rsplit_once('.')?;
    let (name, id) = labels.rsplit_once('.')?;
    // Amazon RDS API Reference, CreateDBInstance: the first character must be a letter.
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
        .then_some(())?;
    let region = match (last_but_one, last) {
        ("global", "rds") => {
            let id = id.strip_prefix("global-")?;
            return is_plain(id).then_some((HostKind::GlobalWriter, None));
        }
        (region, "rds" | "rds-fips") | ("rds", region) => region,
        _ => return None,
    };
    (is_region(region)).then_some((kind(name, id)?, Some(region)))
}

fn kind(name: &str, id: &str) -> Option<HostKind> {
    for &(prefix, kind) in ID_PREFIXES {
        if let Some(id) = id.strip_prefix(prefix) {
            let additional = kind == HostKind::Proxy && name.ends_with(".endpoint");
            let kind = if additional {
                HostKind::ProxyEndpoint
            } else {
                kind
            };
            return is_plain(id).then_some(kind);
        }
    }
    (is_plain(id) && id != "rds").then_some(HostKind::Instance)
}

/// Returns `true` if a label has letters and digits only, as an ID has after its prefix.
fn is_plain(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns `true` if a label has the form of a region's code: two words or more, and a number.
fn is_region(label: &str) -> bool {
    let Some((words, number)) = label.rsplit_once('-') else {
        return false;
    };
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The prefix of the ID by kind, the longer before the shorter (aws/aws-advanced-jdbc-wrapper,
/// `RdsUtils`).
const ID_PREFIXES: &[(&str, HostKind)] = &[
    ("cluster-custom-", HostKind::ClusterCustom),
    ("cluster-ro-", HostKind::ClusterReader),
    ("cluster-", HostKind::ClusterWriter),
    ("proxy-", HostKind::Proxy),
    ("shardgrp-", HostKind::LimitlessShardGroup),
];

/// The DNS suffixes of the partitions (botocore, `partitions.json`), and two more from
/// aws/aws-advanced-jdbc-wrapper.
const SUFFIXES: &[&str] = &[
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
    "amazonaws.au",
    "amazonaws.uk",
];
