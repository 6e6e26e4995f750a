//! The kind and the region that the name of an endpoint tells.

use rds_iam_token::{Endpoint, HostKind, Region};

/// A host, its kind and its region.
const HOSTS: &[(&str, HostKind, Option<&str>)] = &[
    // aws/aws-advanced-jdbc-wrapper, RdsUtilsTests.java.
    (
        "database-test-name.cluster-XYZ.us-east-2.rds.amazonaws.com.",
        HostKind::ClusterWriter,
        Some("us-east-2"),
    ),
    (
        "database-test-name.cluster-ro-XYZ.us-east-2.rds.amazonaws.com",
        HostKind::ClusterReader,
        Some("us-east-2"),
    ),
    (
        "instance-test-name.XYZ.us-east-2.rds.amazonaws.com",
        HostKind::Instance,
        Some("us-east-2"),
    ),
    (
        "database-test-name.shardgrp-XYZ.us-east-2.rds.amazonaws.com",
        HostKind::LimitlessShardGroup,
        Some("us-east-2"),
    ),
    (
        "redshift-test-name.XYZ.eusc-de-east-1.rds.amazonaws.eu",
        HostKind::Instance,
        Some("eusc-de-east-1"),
    ),
    (
        "database-test-name.cluster-XYZ.rds.cn-northwest-1.amazonaws.com.cn",
        HostKind::ClusterWriter,
        Some("cn-northwest-1"),
    ),
    (
        "database-test-name.cluster-XYZ.rds.cn-northwest-1.amazonaws.com.cn.",
        HostKind::ClusterWriter,
        Some("cn-northwest-1"),
    ),
    (
        "database-test-name.cluster-ro-XYZ.rds.cn-northwest-1.amazonaws.com.cn",
        HostKind::ClusterReader,
        Some("cn-northwest-1"),
    ),
    (
        "proxy-test-name.proxy-XYZ.rds.cn-northwest-1.amazonaws.com.cn",
        HostKind::Proxy,
        Some("cn-northwest-1"),
    ),
    (
        "custom-test-name.cluster-custom-XYZ.rds.cn-northwest-1.amazonaws.com.cn",
        HostKind::ClusterCustom,
        Some("cn-northwest-1"),
    ),
    (
        "database-test-name.shardgrp-XYZ.rds.cn-northwest-1.amazonaws.com.cn",
        HostKind::LimitlessShardGroup,
        Some("cn-northwest-1"),
    ),
    (
        "database-test-name.cluster-ro-XYZ.cn-northwest-1.rds.amazonaws.com.cn",
        HostKind::ClusterReader,
        Some("cn-northwest-1"),
    ),
    (
        "instance-test-name.XYZ.cn-northwest-1.rds.amazonaws.com.cn",
        HostKind::Instance,
        Some("cn-northwest-1"),
    ),
    (
        "database-test-name.shardgrp-XYZ.cn-northwest-1.rds.amazonaws.com.cn.",
        HostKind::LimitlessShardGroup,
        Some("cn-northwest-1"),
    ),
    (
        "database-test-name.cluster-XYZ.rds.us-isob-east-1.sc2s.sgov.gov",
        HostKind::ClusterWriter,
        Some("us-isob-east-1"),
    ),
    (
        "database-test-name.cluster-ro-XYZ.rds.us-isob-east-1.sc2s.sgov.gov",
        HostKind::ClusterReader,
        Some("us-isob-east-1"),
    ),
    (
        "database-test-name.cluster-XYZ.rds.us-iso-east-1.c2s.ic.gov",
        HostKind::ClusterWriter,
        Some("us-iso-east-1"),
    ),
    (
        "global-cluster-test-name.global-XYZ.global.rds.amazonaws.com",
        HostKind::GlobalWriter,
        None,
    ),
    (
        "database-test-name.cluster-XYZ.rds.cn-northwest-1.rds.amazonaws.com.cn",
        HostKind::Other,
        None,
    ),
    (
        "database-test-name.cluster-XYZ.rds.cn-northwest-1.amazonaws.com",
        HostKind::ClusterWriter,
        Some("cn-northwest-1"),
    ),
    // Ours, for what that one does not have or takes by mistake.
    (
        "mydb.c1abcdefghij.us-gov-west-1.rds.amazonaws.com",
        HostKind::Instance,
        Some("us-gov-west-1"),
    ),
    (
        "mydb.c1abcdefghij.us-gov-west-1.rds-fips.amazonaws.com",
        HostKind::Instance,
        Some("us-gov-west-1"),
    ),
    (
        "mydb.c1abcdefghij.eu-isoe-west-1.rds.cloud.adc-e.uk",
        HostKind::Instance,
        Some("eu-isoe-west-1"),
    ),
    (
        "mydb.c1abcdefghij.us-isof-south-1.rds.csp.hci.ic.gov",
        HostKind::Instance,
        Some("us-isof-south-1"),
    ),
    (
        "mydb.cluster-c1abcdefghij.eusc-de-east-1.rds.amazonaws.eu",
        HostKind::ClusterWriter,
        Some("eusc-de-east-1"),
    ),
    (
        "MyDB.Cluster-C1ABCDEFGHIJ.US-EAST-1.RDS.AMAZONAWS.COM",
        HostKind::ClusterWriter,
        Some("us-east-1"),
    ),
    (
        "mydb-green-abc123.c1abcdefghij.us-east-1.rds.amazonaws.com",
        HostKind::Instance,
        Some("us-east-1"),
    ),
    (
        "my.name.with.dots.c1abcdefghij.us-east-1.rds.amazonaws.com",
        HostKind::Instance,
        Some("us-east-1"),
    ),
    (
        "gdb.global-c1abcdefghij.global.rds.amazonaws.com",
        HostKind::GlobalWriter,
        None,
    ),
    (
        "mydb.c1abcdefghij.us-east-1.rds.amazonaws.com.evil.example",
        HostKind::Other,
        None,
    ),
    ("peccy.dsql.us-east-1.on.aws", HostKind::Other, None),
    ("10.0.0.1", HostKind::Ip, None),
    ("localhost", HostKind::Other, None),
    // The remaining partitions and both orders.
    (
        "db.endpoint.proxy-c1a2.us-east-1.rds.amazonaws.com",
        HostKind::ProxyEndpoint,
        Some("us-east-1"),
    ),
    (
        "db.proxy-c1a2.us-east-1.rds.amazonaws.com",
        HostKind::Proxy,
        Some("us-east-1"),
    ),
    (
        "endpoint.proxy-c1a2.us-east-1.rds.amazonaws.com",
        HostKind::Proxy,
        Some("us-east-1"),
    ),
    (
        "db.endpoint.c1a2.us-east-1.rds.amazonaws.com",
        HostKind::Instance,
        Some("us-east-1"),
    ),
    (
        "db.c1a2.rds.us-isof-east-1.csp.hci.ic.gov",
        HostKind::Instance,
        Some("us-isof-east-1"),
    ),
    (
        "db.c1a2.rds.eu-isoe-west-1.cloud.adc-e.uk",
        HostKind::Instance,
        Some("eu-isoe-west-1"),
    ),
    (
        "db.cluster-c1a2.us-iso-west-1.rds.c2s.ic.gov",
        HostKind::ClusterWriter,
        Some("us-iso-west-1"),
    ),
    (
        "db.c1a2.us-isob-east-1.rds.sc2s.sgov.gov",
        HostKind::Instance,
        Some("us-isob-east-1"),
    ),
    (
        "db.c1a2.ap-southeast-2.rds.amazonaws.au",
        HostKind::Instance,
        Some("ap-southeast-2"),
    ),
    (
        "db.c1a2.eu-west-2.rds.amazonaws.uk",
        HostKind::Instance,
        Some("eu-west-2"),
    ),
    (
        "db.global-c1a2.global.rds.amazonaws.com.",
        HostKind::GlobalWriter,
        None,
    ),
    // Hosts of AWS that are no databases.
    ("rds.us-east-1.amazonaws.com", HostKind::Other, None),
    ("rds-fips.us-east-1.amazonaws.com", HostKind::Other, None),
    ("rds.cn-north-1.amazonaws.com.cn", HostKind::Other, None),
    ("us-east-1.rds.amazonaws.com", HostKind::Other, None),
    ("db.us-east-1.rds.amazonaws.com", HostKind::Other, None),
    (
        "db-0123456789.elb.us-east-1.amazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.c1a2.us-east-1.redshift.amazonaws.com",
        HostKind::Other,
        None,
    ),
    ("rds.amazonaws.com", HostKind::Other, None),
    // Look-alikes.
    (
        "db.c1a2.us-east-1.rds.evilamazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.c1a2.us-east-1.xrds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.c1a2.us-east-1.rds.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.global-c1a2.us-east-1.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    ("db.c1a2.global.rds.amazonaws.com", HostKind::Other, None),
    ("db.global-.global.rds.amazonaws.com", HostKind::Other, None),
    (
        "db.cluster-.us-east-1.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.cluster-c1_a2.us-east-1.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.cluster-xx-c1a2.us-east-1.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    (
        "db.c1-a2.us-east-1.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    ("db.rds.us-east-1.rds.amazonaws.com", HostKind::Other, None),
    ("db.c1a2.us-east.rds.amazonaws.com", HostKind::Other, None),
    ("db.c1a2.us-east-.rds.amazonaws.com", HostKind::Other, None),
    (
        "db.c1a2.us-east-1a.rds.amazonaws.com",
        HostKind::Other,
        None,
    ),
    ("db.c1a2.us-ea5t-1.rds.amazonaws.com", HostKind::Other, None),
    ("db.c1a2.us--1.rds.amazonaws.com", HostKind::Other, None),
    ("db.c1a2.u-east-1.rds.amazonaws.com", HostKind::Other, None),
    ("db.c1a2.us-1.rds.amazonaws.com", HostKind::Other, None),
    ("127.1", HostKind::Other, None),
    ("1.2.3.4.5", HostKind::Other, None),
];

#[test]
fn the_name_of_a_host_tells_its_kind_and_region() {
    for &(host, kind, region) in HOSTS {
        let endpoint = Endpoint::new(host, 5432).unwrap();
        assert_eq!(endpoint.kind(), kind, "{host}");
        assert_eq!(
            endpoint.inferred_region().as_ref().map(Region::as_str),
            region,
            "{host}"
        );
    }
}
