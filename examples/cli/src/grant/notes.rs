//! Notes on what a policy opens, and on what is probably not meant. None repeats a value.

use rds_iam_token::{HostKind, grant::Engine, policy::DbUserPattern};

use super::{Arguments, Part};

/// Adds a warning about a space around the user.
pub(super) fn space(user: &str, notes: &mut Vec<String>) {
    for (place, found) in [
        ("starts", user.starts_with(' ')),
        ("ends", user.ends_with(' ')),
    ] {
        if found {
            notes.push(format!(
                "warning: the user {place} with a space, which is a part of its name"
            ));
        }
    }
}

/// Adds a note on flags of the part that is not printed.
pub(super) fn unused(arguments: &Arguments, notes: &mut Vec<String>) {
    let (only, flags) = match arguments.only {
        None => return,
        Some(Part::Policy) => (
            "policy",
            vec![
                ("--engine", arguments.engine.is_some()),
                ("--existing", arguments.existing),
                ("--host", arguments.host.is_some()),
                ("--if-not-exists", arguments.if_not_exists),
                ("--replication", arguments.replication),
                ("--utf8-session", arguments.utf8_session),
            ],
        ),
        Some(Part::Sql) => (
            "sql",
            vec![
                ("--hostname", arguments.hostname.is_some()),
                ("--region", arguments.region.is_some()),
                ("--partition", arguments.partition.is_some()),
                ("--account", arguments.account.is_some()),
                ("--resource-id", arguments.resource_id.is_some()),
            ],
        ),
    };
    let unused = flags
        .iter()
        .filter_map(|(flag, is_given)| is_given.then_some(*flag));
    let unused: Vec<_> = unused.collect();
    if !unused.is_empty() {
        notes.push(format!(
            "note: --only {only} does not use {}",
            unused.join(", ")
        ));
    }
}

/// Adds a note for each part that is a pattern, on what it opens.
pub(super) fn patterns(pattern: &DbUserPattern, notes: &mut Vec<String>) {
    let mut note = |flag: &str, part: &str, what: &str, all: &str| {
        if part.contains("${") {
            notes.push(format!(
                "note: {flag} has a policy variable: it opens the {what} that its value names, for each caller"
            ));
        } else if part == "*" {
            notes.push(format!("note: {flag} * opens {all}"));
        } else if part.contains(['*', '?']) {
            notes.push(format!(
                "note: {flag} is a pattern: it opens each {what} that matches"
            ));
        }
    };
    note(
        "--partition",
        pattern.partition(),
        "partition",
        "every partition",
    );
    note(
        "--region",
        pattern.region(),
        "region",
        "every region of the partition",
    );
    note("--account", pattern.account(), "account", "every account");
    note(
        "--resource-id",
        pattern.resource_id(),
        "database",
        "every instance, cluster and proxy of the account and region",
    );
    match pattern.user() {
        "*" => notes
            .push("note: --all-users opens every database user, the master user too".to_owned()),
        user => note("--username", user, "user", ""),
    }
}

/// Adds a warning if a resource ID looks like a name or is too short, or is not of the kind of host.
pub(super) fn resource_id(kind: Option<HostKind>, resource_id: &str, notes: &mut Vec<String>) {
    if resource_id.contains(['*', '?', '$']) {
        return;
    }
    // Those of AWS have 26 capital letters and digits, a proxy's 17 hexadecimal digits; a name has lowercase letters.
    let (_, id) = resource_id.split_once('-').unwrap_or_default();
    let is_name = id.bytes().any(|byte| byte.is_ascii_lowercase())
        && (id.len() < 17 || !id.bytes().any(|byte| byte.is_ascii_digit()));
    let fault = if is_name {
        Some("looks like a name")
    } else {
        (id.len() < 17).then_some("is shorter than those of AWS")
    };
    notes.extend(fault.map(|fault| {
        format!("warning: the resource ID {fault}; --help describes where to find the ID")
    }));
    notes.extend(kind.and_then(|kind| wrong_prefix(kind, resource_id)));
}

/// Returns a warning if a resource ID is not of the kind of host, as far as the kind says.
pub(crate) fn wrong_prefix(kind: HostKind, resource_id: &str) -> Option<String> {
    let prefix = match kind {
        HostKind::ClusterReader | HostKind::ClusterWriter => "cluster-",
        HostKind::Proxy | HostKind::ProxyEndpoint => "prx-",
        _ => return None,
    };
    (!resource_id.starts_with(prefix)).then(|| {
        format!(
            "warning: the resource ID of this kind of host ({kind}) starts with {prefix}; this one is of \
             a different database"
        )
    })
}

/// Adds notes on what the SQL changes.
pub(super) fn sql(engine: Engine, name: &str, arguments: &Arguments, notes: &mut Vec<String>) {
    if engine == Engine::PostgreSql {
        if arguments.utf8_session {
            notes.push("note: --utf8-session is for MySQL and MariaDB".to_owned());
        }
        notes.push(
            "note: rds_iam ends password logins of this user, and of each role that inherits from it; \
             REVOKE rds_iam FROM the user undoes it"
                .to_owned(),
        );
        if arguments.replication {
            notes.push(
                "note: for replication, set rds.iam_auth_for_replication to 1 in the parameter group"
                    .to_owned(),
            );
        }
        return;
    }
    if arguments.utf8_session && !name.is_ascii() {
        notes.push(
            "note: run the SQL with a client in UTF-8: --default-character-set=utf8mb4".to_owned(),
        );
    }
    if name.len() > 1
        && ['\'', '"', '`']
            .iter()
            .any(|&mark| name.starts_with(mark) && name.ends_with(mark))
    {
        notes.push("warning: the quotation marks are a part of the user".to_owned());
    }
    if name.contains('@') {
        notes.push(
            "warning: the part from @ on is a part of the user; a host goes into --host".to_owned(),
        );
    }
}
