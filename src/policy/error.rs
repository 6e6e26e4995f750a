//! The error of the ARN of a database user.

use thiserror::Error;

use crate::fault::Flaw;

/// A part of an ARN or of a pattern that is rejected, and the rule that it breaks.
///
/// No variant holds a piece of the rejected text. An offset counts from the start of its part.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The account is not 12 digits, nor, in a pattern, digits with wildcards.
    #[error("invalid account: {0}; expected 12 digits")]
    Account(Flaw),
    /// The text is not laid out as the ARN of a database user.
    #[error(
        "invalid ARN at byte {offset}; expected \
         arn:<partition>:rds-db:<region>:<account>:dbuser:<resource id>/<user>"
    )]
    Arn {
        /// The byte at which the wrong or missing part starts, counted from 0.
        offset: usize,
    },
    /// The partition is not that of the region, or not a partition at all.
    #[error("invalid partition: {0}; expected the region's, such as aws or aws-cn")]
    Partition(Flaw),
    /// A part of a [`DbUserArn`](super::DbUserArn) has `*`, `?` or `${`, and so more than one
    /// meaning; that is a [`DbUserPattern`](super::DbUserPattern).
    #[error("pattern in the ARN of one user: {0}; a DbUserPattern may have *, ? and ${{")]
    Pattern(Flaw),
    /// The region is not lowercase ASCII letters, digits and hyphens.
    #[error("invalid region: {0}; expected lowercase ASCII letters, digits and hyphens")]
    Region(Flaw),
    /// The ARN is not one of IAM, Secrets Manager or KMS, or not of the kind for its place.
    #[error(
        "invalid ARN: expected an IAM role, user or account, a secret, or a KMS key, as this policy needs"
    )]
    RelatedArn,
    /// The resource ID is not one, but perhaps the name of the instance, cluster or proxy.
    ///
    /// [`policy`](super) describes where to find the ID.
    #[error("invalid resource ID: {0}; expected db-…, cluster-… or prx-…, and not a name")]
    ResourceId(Flaw),
    /// The user cannot be named in an IAM policy.
    #[error("invalid user: {0}; expected printable Latin-1 without \", \\ and incomplete ${{…}}")]
    User(Flaw),
}
