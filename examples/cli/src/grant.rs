//! `rds-iam-token grant`

use clap::ValueEnum;

use crate::{engine::Engine, output::Output};

mod notes;
mod policy;
mod roles;
mod sql;

pub(crate) use notes::wrong_prefix;

/// Prints the IAM policy and the SQL that let a database user log in with tokens.
///
/// In PostgreSQL, a user with the role rds_iam can no longer log in with a password, and neither can a
/// user who inherits that role. REVOKE rds_iam FROM the user undoes it.
#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag without a value is a bool"
)]
pub(crate) struct Arguments {
    /// Host of the endpoint, for the region in its name
    #[arg(long, value_name = "HOST")]
    hostname: Option<String>,
    /// Region of the database, or a pattern with * and ? [default: the one in the host name]
    #[arg(long)]
    region: Option<String>,
    /// Partition of the region [default: the region's own; aws if the region is a pattern]
    #[arg(long)]
    partition: Option<String>,
    /// The 12 digits of the database's account, or a pattern
    #[arg(long)]
    account: Option<String>,
    /// Resource ID: db-… of an instance, cluster-… of an Aurora cluster, prx-… of a proxy; or a pattern
    ///
    /// It is shown in the RDS console under Configuration, and by
    /// `aws rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,DbiResourceId]"`,
    /// `aws rds describe-db-clusters --query "DBClusters[].[DBClusterIdentifier,DbClusterResourceId]"`,
    /// and for a proxy at the end of the ARN of
    /// `aws rds describe-db-proxies --query "DBProxies[].[DBProxyName,DBProxyArn]"`.
    #[arg(long, value_name = "ID")]
    resource_id: Option<String>,
    /// Database engine
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Database user; for the policy also a pattern, such as app_* or ${aws:username}
    #[arg(long, value_name = "USER", required_unless_present = "all_users")]
    username: Option<String>,
    /// Allow every database user in the policy, the master user too
    #[arg(long, conflicts_with = "username")]
    all_users: bool,
    /// Host from which a user of MySQL or MariaDB may connect, such as 10.0.% [default: %, every host]
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Leave a database user who exists as it is, in place of an error: also without tokens
    #[arg(long)]
    if_not_exists: bool,
    /// Let a database user who exists log in with tokens, and no longer with a password
    #[arg(long, conflicts_with = "if_not_exists")]
    existing: bool,
    /// Let the database user replicate
    ///
    /// For PostgreSQL, tokens are accepted for that if the parameter group sets
    /// rds.iam_auth_for_replication to 1.
    #[arg(long)]
    replication: bool,
    /// Accept a user beyond ASCII for MySQL and MariaDB: promises that the SQL runs in a UTF-8 session
    #[arg(long)]
    utf8_session: bool,
    /// ARN of a secret with which RDS Proxy logs in to the database, for the policies of the proxy's role
    ///
    /// It can be repeated. --resource-id is then the proxy's, prx-….
    #[arg(long, value_name = "ARN", conflicts_with = "only")]
    secret: Vec<String>,
    /// ARN of the KMS key of the secrets, unless it is aws/secretsmanager
    #[arg(long, value_name = "ARN", requires = "secret")]
    secret_key: Option<String>,
    /// Resource ID of the database to which RDS Proxy logs in with IAM, for the policies of the proxy's role
    #[arg(long, value_name = "ID", conflicts_with_all = ["only", "secret"])]
    proxy_target: Option<String>,
    /// ARN of a role in the database's account, for callers of a different account to assume
    #[arg(long, value_name = "ARN", requires = "caller", conflicts_with = "only")]
    role: Option<String>,
    /// ARN of the caller: a role or user, or arn:aws:iam::ACCOUNT:root
    #[arg(long, value_name = "ARN", requires = "role")]
    caller: Option<String>,
    /// Print only the policy for database users or only the SQL, and needs only the flags for it
    #[arg(long, value_enum, value_name = "PART")]
    only: Option<Part>,
}

impl Arguments {
    /// Returns the user of the SQL, or that of the policy.
    fn user(&self) -> Result<&str, String> {
        match self.username.as_deref() {
            Some(user) if is_every_user(user) => Err(
                "--username: the pattern is every user; expected --all-users for that".to_owned(),
            ),
            Some(user) if self.only.is_none() && is_pattern(user) => Err(
                "--username: a pattern; expected --only policy, as SQL is for one user".to_owned(),
            ),
            Some(user) => Ok(user),
            None => Ok("*"),
        }
    }
}

/// Returns `true` for `*` and `?*`: no user is empty.
fn is_every_user(user: &str) -> bool {
    user.contains('*')
        && user.bytes().all(|byte| matches!(byte, b'*' | b'?'))
        && user.matches('?').count() < 2
}

fn is_pattern(user: &str) -> bool {
    user.contains(['*', '?']) || user.contains("${")
}

#[derive(Clone, Copy, Eq, PartialEq, ValueEnum)]
enum Part {
    Policy,
    Sql,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    if arguments.all_users && arguments.only != Some(Part::Policy) {
        return Err("--all-users: expected --only policy; SQL is for one user".to_owned());
    }
    let mut notes = Vec::new();
    notes::space(arguments.user()?, &mut notes);
    notes::unused(arguments, &mut notes);
    let stdout = match arguments.only {
        Some(Part::Policy) => policy::policy(arguments, &mut notes)?,
        Some(Part::Sql) => sql::sql(arguments, &mut notes)?,
        None => {
            let mut text = format!(
                "IAM policy, for the role or user whose keys sign the tokens:\n\n{}\n",
                policy::policy(arguments, &mut notes)?,
            );
            for (title, document) in roles::documents(arguments)? {
                text.extend([title, ":\n\n", &document, "\n"]);
            }
            text += "SQL, for the master user of the database:\n\n";
            text + &sql::sql(arguments, &mut notes)?
        }
    };
    Ok(Output {
        stdout,
        notes,
        ..Output::default()
    })
}

/// Returns the value of a flag that only one of the parts needs.
fn required<T>(flag: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("{flag} is required"))
}

/// Checks that all flags of the policy, and of the SQL if that follows, are there: so that they are not missed one
/// after the other.
fn check_required(arguments: &Arguments) -> Result<(), String> {
    let missing: Vec<_> = [
        ("--resource-id", arguments.resource_id.is_none()),
        ("--account", arguments.account.is_none()),
        (
            "--engine",
            arguments.only.is_none() && arguments.engine.is_none(),
        ),
    ]
    .into_iter()
    .filter_map(|(flag, is_missing)| is_missing.then_some(flag))
    .collect();
    match missing.as_slice() {
        [] => Ok(()),
        [flag] => Err(format!("{flag} is required")),
        [flag, other] => Err(format!("{flag} is required, and so is {other}")),
        [flag, others @ ..] => Err(format!(
            "{flag} is required, and so are {}",
            others.join(" and ")
        )),
    }
}
