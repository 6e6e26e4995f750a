//! The lines of RDS's log `iam-db-auth-error` (User Guide, "Troubleshooting for IAM DB authentication").

use rds_iam_token::VerifyError;

/// A class of refused logins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    ExpiredToken,
    Internal,
    InvalidToken,
    NotAuthorized,
    Throttled,
}

impl Refusal {
    /// Returns the line for a user, whose name is plain.
    pub(crate) fn line(self, user: &str) -> String {
        let (action, reason, status, code) = match self {
            Self::ExpiredToken => (
                "authenticate",
                "because the token age is longer than 15 minutes",
                400,
                "ExpiredToken",
            ),
            Self::Internal => (
                "authorize",
                "due to an internal IAM DB authentication error",
                500,
                "InternalError",
            ),
            Self::InvalidToken => (
                "authenticate",
                "because the provided token is malformed or otherwise invalid",
                400,
                "InvalidToken",
            ),
            Self::NotAuthorized => (
                "authorize",
                "because the IAM policy assumed by the caller is not authorized to perform \
                 `rds-db:connect` on the DB instance",
                403,
                "NotAuthorized",
            ),
            Self::Throttled => (
                "authorize",
                "due to IAM DB authentication throttling",
                429,
                "ThrottlingException",
            ),
        };
        format!(
            "iam-db-auth-error: [ERROR] Failed to {action} the connection request for user {user} \
             {reason}. (Status Code: {status}, Error Code: {code})"
        )
    }
}

impl From<&VerifyError> for Refusal {
    fn from(error: &VerifyError) -> Self {
        match error {
            VerifyError::Expired { .. } => Self::ExpiredToken,
            _ => Self::InvalidToken,
        }
    }
}
