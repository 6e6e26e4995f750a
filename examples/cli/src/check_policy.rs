//! `rds-iam-token check-policy`

use std::{
    fs::File,
    io::{self, IsTerminal as _, Read, Write as _},
    path::PathBuf,
};

use rds_iam_token::policy::{
    DbUserArn, Error,
    check::{Policy, Verdict},
};

use crate::{endpoint::optional_host, output::Output, region::region};

mod answer;

/// Checks whether an IAM policy allows a database user to log in, and if not, explains why.
///
/// The first line starts with allowed, denied or undecided, and names the statement that decides. A line follows
/// for each other statement, with the first thing in it that does not match and how to change it. What the
/// policy alone does not decide, such as the value of a policy variable or of a condition, is undecided.
///
/// The policy is one of those attached to the role or user whose keys sign: a document in JSON, alone or in what
/// `aws iam get-policy-version --policy-arn ARN --version-id v1` or
/// `aws iam get-role-policy --role-name ROLE --policy-name NAME` prints. A permissions boundary or an
/// organization's policies can deny what it allows.
///
/// Exit status: 0 if it is allowed, 1 if it is denied, 3 if it is undecided, 2 if the command is wrong or
/// the document is no policy.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// File with the policy document in JSON [default: standard input]
    file: Option<PathBuf>,
    /// Host of the endpoint, for the region in its name
    #[arg(long, value_name = "HOST")]
    hostname: Option<String>,
    /// Region of the database [default: the one in the host name]
    #[arg(long)]
    region: Option<String>,
    /// The 12 digits of the database's account
    #[arg(long)]
    account: String,
    /// Resource ID: db-… of an instance, cluster-… of an Aurora cluster, prx-… of a proxy
    ///
    /// `rds-iam-token help grant` explains where to find it.
    #[arg(long, value_name = "ID")]
    resource_id: String,
    /// Database user
    #[arg(long, value_name = "USER")]
    username: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    let host = optional_host(arguments.hostname.as_deref())?;
    let region = region(arguments.region.as_deref(), host.as_ref(), &mut notes)?
        .ok_or("--region is required, or --hostname with a region in the host name")?;
    let user = DbUserArn::new(
        region,
        &arguments.account,
        &arguments.resource_id,
        &arguments.username,
    )
    .map_err(|error| format!("{}: {error}", flag_of(error, arguments)))?;
    notes.extend(
        host.and_then(|host| crate::grant::wrong_prefix(host.kind(), &arguments.resource_id)),
    );
    let text = text(arguments)?;
    let policy: Policy = answer::document(&text)
        .map_err(|error| format!("policy: {error}"))?
        .parse()
        .map_err(|error| format!("policy: {error}"))?;
    let report = policy.check(&user);
    Ok(Output {
        is_verdict: true,
        stdout: report.to_string(),
        notes,
        status: match report.verdict() {
            Verdict::Allowed => 0,
            Verdict::Denied => 1,
            _ => 3,
        },
    })
}

/// Returns the flag of a part of the ARN.
fn flag_of(error: Error, arguments: &Arguments) -> &'static str {
    let is_pattern = |part: &str| part.contains(['*', '?']) || part.contains("${");
    match error {
        Error::Account(_) => "--account",
        Error::Pattern(_) if is_pattern(&arguments.account) => "--account",
        Error::Pattern(_) if is_pattern(&arguments.resource_id) => "--resource-id",
        Error::ResourceId(_) => "--resource-id",
        Error::Pattern(_) | Error::User(_) => "--username",
        _ => "ARN",
    }
}

fn text(arguments: &Arguments) -> Result<String, String> {
    let (name, text) = match &arguments.file {
        Some(file) if file.as_os_str() != "-" => {
            let text = File::open(file).and_then(read);
            ("the file of the policy", text)
        }
        _ => {
            if io::stdin().is_terminal() {
                let _ = writeln!(
                    io::stderr(),
                    "Paste the policy, then press Enter and Ctrl-D."
                );
            }
            ("standard input", read(io::stdin().lock()))
        }
    };
    let text = text.map_err(|error| format!("{name}: {error}"))?;
    // As Windows' editors save a file.
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

fn read(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(MAX_LEN + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_LEN {
        return Err(io::Error::other("over 1 MiB long; IAM accepts 10 KiB"));
    }
    // As PowerShell redirects.
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(io::Error::other("UTF-16; expected UTF-8"));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("expected UTF-8"))
}

/// In bytes. IAM counts no white space, so there may be much of it.
const MAX_LEN: u64 = 1 << 20;
