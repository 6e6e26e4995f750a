//! `rds-iam-token grant`

use clap::ValueEnum;

use crate::{engine::Engine, output::Output};

mod policy;
mod sql;

/// Prints the IAM policy and the SQL that let a database user log in with tokens.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Host of the endpoint, for the region in its name
    #[arg(long, value_name = "HOST")]
    hostname: Option<String>,
    /// Region of the database [default: the one in the host name]
    #[arg(long)]
    region: Option<String>,
    /// The 12 digits of the database's account, or *
    #[arg(long)]
    account: Option<String>,
    /// Resource id: db-… of an instance, cluster-… of an Aurora cluster, prx-… of a proxy, or *
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
    /// Database user
    #[arg(long, value_name = "USER")]
    username: String,
    /// Prints only the policy or only the SQL, and needs only the flags for it
    #[arg(long, value_enum, value_name = "PART")]
    only: Option<Part>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Policy,
    Sql,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    let stdout = match arguments.only {
        Some(Part::Policy) => policy::policy(arguments, &mut notes)?,
        Some(Part::Sql) => sql::sql(arguments)?,
        None => format!(
            "IAM policy, for the role or user whose keys sign the tokens:\n\n{}\n\
             SQL, for the master user of the database:\n\n{}",
            policy::policy(arguments, &mut notes)?,
            sql::sql(arguments)?
        ),
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
