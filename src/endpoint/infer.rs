//! What the name of a host tells.

use core::net::Ipv4Addr;

use super::kind::EndpointKind;

/// Gives the kind, and the code of the region where the name tells it, of a host in lower case.
///
/// RDS names its endpoints `<name>.<id>.<region>.rds.<suffix>`, in some partitions with `rds`
/// before the region. The id tells the kind. The name is taken whatever dots it has.
pub(super) fn infer(host: &str) -> (EndpointKind, Option<&str>) {
    if host.parse::<Ipv4Addr>().is_ok() {
        return (EndpointKind::Ip, None);
    }
    from_labels(host).unwrap_or((EndpointKind::Other, None))
}

fn from_labels(host: &str) -> Option<(EndpointKind, Option<&str>)> {
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
            return is_plain(id).then_some((EndpointKind::GlobalWriter, None));
        }
        (region, "rds" | "rds-fips") | ("rds", region) => region,
        _ => return None,
    };
    (is_region(region)).then_some((kind(name, id)?, Some(region)))
}

fn kind(name: &str, id: &str) -> Option<EndpointKind> {
    for &(prefix, kind) in ID_PREFIXES {
        if let Some(id) = id.strip_prefix(prefix) {
            let additional = kind == EndpointKind::Proxy && name.ends_with(".endpoint");
            let kind = if additional {
                EndpointKind::ProxyEndpoint
            } else {
                kind
            };
            return is_plain(id).then_some(kind);
        }
    }
    (is_plain(id) && id != "rds").then_some(EndpointKind::Instance)
}

/// Tells whether a label has letters and digits only, as what follows the prefix of an id does.
fn is_plain(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Tells whether a label has the form of a region's code: two words or more, and a number.
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

/// The start of the id by kind, the longer before the shorter (aws/aws-advanced-jdbc-wrapper,
/// `RdsUtils`).
const ID_PREFIXES: &[(&str, EndpointKind)] = &[
    ("cluster-custom-", EndpointKind::ClusterCustom),
    ("cluster-ro-", EndpointKind::ClusterReader),
    ("cluster-", EndpointKind::ClusterWriter),
    ("proxy-", EndpointKind::Proxy),
    ("shardgrp-", EndpointKind::LimitlessShardGroup),
];

/// The DNS suffixes of the partitions (botocore, `partitions.json`), and two more that
/// aws/aws-advanced-jdbc-wrapper knows.
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
