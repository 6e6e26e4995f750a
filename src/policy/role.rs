//! The policies of roles: of a proxy, and for callers of a different account.

use alloc::{format, string::String, vec::Vec};

use super::{
    error::Error,
    related::{Kind, RelatedArn},
};

/// Writes the policy of a proxy's own role that logs in to the database with secrets.
///
/// The secrets hold user and password of each database user. A key is needed if they are encrypted
/// with one of the customer's in place of `aws/secretsmanager` (Amazon RDS User Guide, "Setting up
/// IAM policies" of RDS Proxy). The role also needs [`proxy_trust_policy`]. IAM rejects a policy for no
/// secret, so pass one or more.
///
/// # Errors
///
/// [`Error::RelatedArn`] for an ARN that is not of a secret or a key, in their places.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::proxy_secrets_policy;
///
/// let secret = "arn:aws:secretsmanager:us-east-2:111122223333:secret:app-??????".parse()?;
/// let policy = proxy_secrets_policy(&[secret], None)?;
/// assert!(policy.contains("secretsmanager:GetSecretValue"));
/// # Ok::<(), rds_iam_token::policy::Error>(())
/// ```
pub fn proxy_secrets_policy(
    secrets: &[RelatedArn],
    key: Option<&RelatedArn>,
) -> Result<String, Error> {
    let secrets = secrets
        .iter()
        .map(|secret| Ok(format!("                {}", secret.json(&[Kind::Secret])?)))
        .collect::<Result<Vec<_>, Error>>()?
        .join(",\n");
    let key = match key {
        None => String::new(),
        Some(key) => {
            let [_, partition, _, region, ..] = key.parts();
            let suffix = if partition == "aws-cn" { ".cn" } else { "" };
            let arn = key.json(&[Kind::Key])?;
            format!(
                r#",
        {{
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": {arn},
            "Condition": {{
                "StringEquals": {{
                    "kms:ViaService": "secretsmanager.{region}.amazonaws.com{suffix}"
                }}
            }}
        }}"#
            )
        }
    };
    Ok(format!(
        r#"{{
    "Version": "2012-10-17",
    "Statement": [
        {{
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": [
{secrets}
            ]
        }}{key}
    ]
}}
"#
    ))
}

/// Writes the trust policy of a proxy's own role.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::proxy_trust_policy;
///
/// assert!(proxy_trust_policy().contains("\"Service\": \"rds.amazonaws.com\""));
/// ```
#[must_use]
pub fn proxy_trust_policy() -> String {
    trust("\"Service\": \"rds.amazonaws.com\"")
}

/// Writes the trust policy of a role that callers of a different account assume.
///
/// The role is in the account of the database, with the policy that [`connect_policy`] writes; its
/// keys sign the tokens. The callers need [`assume_role_policy`].
///
/// [`connect_policy`]: super::connect_policy
///
/// # Errors
///
/// [`Error::RelatedArn`] for a caller that is not a role, a user or an account
/// (`arn:aws:iam::111122223333:root`).
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::trust_policy;
///
/// let policy = trust_policy(&"arn:aws:iam::444455556666:role/service".parse()?)?;
/// assert!(policy.contains("\"AWS\": \"arn:aws:iam::444455556666:role/service\""));
/// # Ok::<(), rds_iam_token::policy::Error>(())
/// ```
pub fn trust_policy(caller: &RelatedArn) -> Result<String, Error> {
    let caller = caller.json(&[Kind::Role, Kind::Principal])?;
    Ok(trust(&format!("\"AWS\": {caller}")))
}

/// Writes the policy that lets a caller of a different account assume a role.
///
/// # Errors
///
/// [`Error::RelatedArn`] for anything but a role.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::assume_role_policy;
///
/// let policy = assume_role_policy(&"arn:aws:iam::111122223333:role/db-app".parse()?)?;
/// assert!(policy.contains("\"Action\": \"sts:AssumeRole\""));
/// # Ok::<(), rds_iam_token::policy::Error>(())
/// ```
pub fn assume_role_policy(role: &RelatedArn) -> Result<String, Error> {
    let role = role.json(&[Kind::Role])?;
    Ok(assume(&format!("\"Resource\": {role}")))
}

fn trust(principal: &str) -> String {
    assume(&format!(
        "\"Principal\": {{\n                {principal}\n            }}"
    ))
}

fn assume(element: &str) -> String {
    format!(
        r#"{{
    "Version": "2012-10-17",
    "Statement": [
        {{
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            {element}
        }}
    ]
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/team/db-app";
    const USER: &str = "arn:aws-cn:iam::111122223333:user/jane@example.com";
    const ROOT: &str = "arn:aws:iam::111122223333:root";
    const SECRET: &str = "arn:aws:secretsmanager:us-east-2:111122223333:secret:app/db-AbCdEf";
    const KEY: &str = "arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn the_policies_of_roles_are_as_aws_documents_them() -> Result<(), Error> {
        assert_eq!(
            proxy_secrets_policy(&[SECRET.parse()?], Some(&KEY.parse()?))?,
            r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": [
                "arn:aws:secretsmanager:us-east-2:111122223333:secret:app/db-AbCdEf"
            ]
        },
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "Condition": {
                "StringEquals": {
                    "kms:ViaService": "secretsmanager.us-east-2.amazonaws.com"
                }
            }
        }
    ]
}
"#
        );
        assert_eq!(
            proxy_trust_policy(),
            r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {
                "Service": "rds.amazonaws.com"
            }
        }
    ]
}
"#
        );
        assert_eq!(
            assume_role_policy(&ROLE.parse()?)?,
            r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": "arn:aws:iam::111122223333:role/team/db-app"
        }
    ]
}
"#
        );
        Ok(())
    }

    #[test]
    fn an_arn_of_a_different_kind_is_rejected() -> Result<(), Error> {
        for (text, trusted, assumed, secret, key) in [
            (ROLE, true, true, false, false),
            (USER, true, false, false, false),
            (ROOT, true, false, false, false),
            (SECRET, false, false, true, false),
            (KEY, false, false, false, true),
        ] {
            let arn: RelatedArn = text.parse()?;
            assert_eq!(trust_policy(&arn).is_ok(), trusted, "{text}");
            assert_eq!(assume_role_policy(&arn).is_ok(), assumed, "{text}");
            let secrets = core::slice::from_ref(&arn);
            assert_eq!(
                proxy_secrets_policy(secrets, None).is_ok(),
                secret,
                "{text}"
            );
            assert_eq!(proxy_secrets_policy(&[], Some(&arn)).is_ok(), key, "{text}");
        }
        Ok(())
    }
}
