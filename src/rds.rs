//! The decisions of RDS about its tokens.

use crate::presign::Value;

/// The service that tokens are scoped to; not `rds`, which is the management API.
pub(crate) const SERVICE: &str = "rds-db";

/// The only action of a database.
pub(crate) const ACTION: &str = "connect";

/// In seconds. "Each token has a lifetime of 15 minutes" (Amazon RDS User Guide, "IAM database
/// authentication"), and RDS rejects a token with a longer one.
pub(crate) const MAX_LIFETIME: u32 = 900;

/// The name of the parameter for the action.
pub(crate) const ACTION_NAME: &str = "Action";

/// The name of the parameter for the database user.
pub(crate) const USER_NAME: &str = "DBUser";

/// Returns the parameters of a token for a user, sorted, the first two as one.
pub(crate) fn parameters(user: Value<'_>) -> [(&str, Value<'_>); 1] {
    [(ACTION_AND_USER_NAME, user)]
}

/// The parameter for the action, and the name of the one for the user: one piece for the hash.
const ACTION_AND_USER_NAME: &str = "Action=connect&DBUser";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_stands_before_the_user() {
        let expected = alloc::format!("{ACTION_NAME}={ACTION}&{USER_NAME}");
        assert_eq!(ACTION_AND_USER_NAME, expected);
    }
}
