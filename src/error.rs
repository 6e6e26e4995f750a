//! Why an input is refused.

use thiserror::Error;

use crate::{engine::Engine, fault::Fault};

/// An input that is refused: which one, what is wrong with it, and where.
///
/// No variant holds a piece of the text that was refused, so that an error can be logged whatever
/// it is about. An `offset` counts bytes from 0.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The access key id is not printable ASCII without spaces and slashes.
    #[error(
        "access key id {}: it must be printable ASCII without spaces and slashes",
        .fault.at(*.offset)
    )]
    AccessKeyId {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The account is not 12 digits, or `*`.
    #[error("account {}: it must be 12 digits, or *", .fault.at(*.offset))]
    Account {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The text is not laid out as the ARN of a database user.
    #[error(
        "ARN goes wrong at byte {offset}: it must be \
         arn:<partition>:rds-db:<region>:<account>:dbuser:<resource id>/<user>, with the partition \
         of the region"
    )]
    Arn {
        /// Where the part starts that is wrong or missing.
        offset: usize,
    },
    /// The database engine does not keep the user as it is.
    #[error("user {}: {}", .fault.at(*.offset), .engine.user_rule())]
    EngineUser {
        /// The engine whose rule it is.
        engine: Engine,
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The host is not a DNS name of at most 253 bytes.
    #[error(
        "host {}: it must be a DNS name of ASCII letters, digits, hyphens and underscores, \
         without scheme, port or path",
        .fault.at(*.offset)
    )]
    Host {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The lifetime is not from 1 s to 900 s.
    #[error("lifetime is {seconds} s: it must be from 1 s to 900 s")]
    Lifetime {
        /// The lifetime that was asked for, without its parts of a second.
        seconds: u64,
    },
    /// The margin is under 30 s, or no less than the lifetime.
    #[error(
        "margin is {seconds} s: it must be at least 30 s, and less than the lifetime, {lifetime} s"
    )]
    Margin {
        /// The margin, without its parts of a second where it is under 30 s.
        seconds: u64,
        /// The lifetime, in seconds.
        lifetime: u64,
    },
    /// The user cannot stand in an IAM policy.
    #[error(
        "user {}: in a policy it must be printable Latin-1 without \", \\, *, ? and ${{, or * alone",
        .fault.at(*.offset)
    )]
    PolicyUser {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The port is 0, or its text is missing or no number from 1 to 65535.
    #[error("port is missing, or not a number from 1 to 65535")]
    Port,
    /// The region is not lower-case ASCII letters, digits and hyphens.
    #[error(
        "region {}: it must be lower-case ASCII letters, digits and hyphens",
        .fault.at(*.offset)
    )]
    Region {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The resource id is not one, but perhaps the name of what it should be the id of.
    #[error(
        "resource id {}: it must be db-, cluster- or prx- with its letters and digits (upper-case \
         ones but for prx-), or *, and not the name; find it with `aws rds describe-db-instances \
         --query \"DBInstances[].[DBInstanceIdentifier,DbiResourceId]\"`, for Aurora `aws rds \
         describe-db-clusters --query \"DBClusters[].[DBClusterIdentifier,DbClusterResourceId]\"`, \
         for RDS Proxy at the end of the ARN in `aws rds describe-db-proxies --query \
         \"DBProxies[].[DBProxyName,DBProxyArn]\"`",
        .fault.at(*.offset)
    )]
    ResourceId {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The secret access key is not printable ASCII without spaces.
    #[error("secret access key {}: it must be printable ASCII without spaces", .fault.at(*.offset))]
    SecretAccessKey {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The session token is not printable ASCII without spaces.
    #[error(
        "session token {}: it must be printable ASCII without spaces, and left out where there is \
         none",
        .fault.at(*.offset)
    )]
    SessionToken {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
    /// The time is not in the years 1970 to 9999.
    #[error("time {unix_seconds} (in seconds since 1970) is not in the years 1970 to 9999")]
    Timestamp {
        /// The time that was given, in whole seconds since 1970-01-01T00:00:00Z.
        unix_seconds: i64,
    },
    /// The user is not 1 to 512 bytes without NUL, CR and LF.
    #[error("user {}: it must be 1 to 512 bytes of UTF-8 without NUL, CR and LF", .fault.at(*.offset))]
    User {
        /// What is wrong.
        fault: Fault,
        /// Where it is.
        offset: usize,
    },
}
