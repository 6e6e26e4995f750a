//! The policies of roles: of a proxy, and for callers of a different account.

use rds_iam_token::policy::{
    Error, RelatedArn, assume_role_policy, connect_policy, proxy_secrets_policy,
    proxy_trust_policy, trust_policy,
};

use super::{Arguments, policy::pattern};

/// Returns a title and a document for each policy that the flags are for.
pub(super) fn documents(arguments: &Arguments) -> Result<Vec<(&'static str, String)>, String> {
    let mut documents = Vec::new();
    let of_proxy = if let Some(target) = &arguments.proxy_target {
        // Its notes are those of the policy before.
        let (users, _) = pattern(arguments, "--proxy-target", Some(target), &mut Vec::new())?;
        Some(connect_policy([users]))
    } else if arguments.secret.is_empty() {
        None
    } else {
        let secrets = arguments
            .secret
            .iter()
            .map(|secret| arn("--secret", secret))
            .collect::<Result<Vec<_>, _>>()?;
        let key = arguments
            .secret_key
            .as_deref()
            .map(|key| arn("--secret-key", key))
            .transpose()?;
        let policy = proxy_secrets_policy(&secrets, key.as_ref());
        Some(policy.map_err(|error| format!("--secret, --secret-key: {error}"))?)
    };
    if let Some(policy) = of_proxy {
        documents.push(("IAM policy, for the role of the proxy", policy));
        documents.push((
            "Trust policy, for the role of the proxy",
            proxy_trust_policy(),
        ));
    }
    if let (Some(role), Some(caller)) = (&arguments.role, &arguments.caller) {
        let role = arn("--role", role)?;
        let caller = arn("--caller", caller)?;
        let trust = trust_policy(&caller).map_err(|error| named("--caller", error))?;
        let assume = assume_role_policy(&role).map_err(|error| named("--role", error))?;
        documents.push(("Trust policy, for --role", trust));
        documents.push(("IAM policy, for --caller", assume));
    }
    Ok(documents)
}

fn arn(flag: &str, text: &str) -> Result<RelatedArn, String> {
    text.parse().map_err(|error| named(flag, error))
}

fn named(flag: &str, error: Error) -> String {
    format!("{flag}: {error}")
}
