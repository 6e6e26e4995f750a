//! Policies of AWS's and of vendors' documentation, and the mistakes of public ones, each judged.
#![cfg(feature = "policy-json")]

use proptest::prelude::*;
use rds_iam_token::{
    Region,
    policy::{
        DbUserArn, DbUserPattern,
        check::{
            Effect, Elements,
            Mismatch::{self, *},
            Outcome, ParsePolicyError, Policy, Statement,
            Verdict::{self, Allowed, Denied, Undecided},
        },
    },
};

const ACCOUNT: &str = "123456789012";
const INSTANCE: &str = "db-ABCDEFGHIJKL01234";
const CLUSTER: &str = "cluster-ABCDEFGHIJKL01234";
const PROXY: &str = "prx-0f9d9414be09b1c57";

fn user(region: &str, resource_id: &str, user: &str) -> DbUserArn {
    DbUserArn::new(Region::new(region).unwrap(), ACCOUNT, resource_id, user).unwrap()
}

/// The source of a document, the document, and each login with its verdict.
type Documented = (
    &'static str,
    &'static str,
    [(&'static str, &'static str, &'static str, Verdict); 3],
);

const DOCUMENTED: &[Documented] = &[
    (
        "Amazon RDS User Guide, \"Creating and using an IAM policy for IAM database access\"",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ABCDEFGHIJKL01234/db_user"]}]}"#,
        [
            ("us-east-2", INSTANCE, "db_user", Allowed),
            ("us-east-2", INSTANCE, "DB_USER", Denied),
            ("us-east-1", INSTANCE, "db_user", Denied),
        ],
    ),
    (
        "same, every instance and every user of an account and region",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-east-2:123456789012:dbuser:*/*"]}]}"#,
        [
            ("us-east-2", INSTANCE, "postgres", Allowed),
            ("us-east-2", PROXY, "a/b:c", Allowed),
            ("eu-west-1", INSTANCE, "postgres", Denied),
        ],
    ),
    (
        "same, one user of every instance",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-east-2:123456789012:dbuser:*/jane_doe"]}]}"#,
        [
            ("us-east-2", CLUSTER, "jane_doe", Allowed),
            ("us-east-2", CLUSTER, "jane_doe2", Denied),
            ("us-east-2", CLUSTER, "Jane_doe", Denied),
        ],
    ),
    (
        "same, every user of one instance",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-west-2:123456789012:dbuser:db-ABCDEFGHIJKL01234/*"]}]}"#,
        [
            ("us-west-2", INSTANCE, "mary_roe", Allowed),
            ("us-west-2", CLUSTER, "mary_roe", Denied),
            ("us-west-2", "db-ABCDEFGHIJKL01235", "mary_roe", Denied),
        ],
    ),
    (
        "same, two users of two instances",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": [
                "arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ABCDEFGHIJKL01234/jane_doe",
                "arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ZYXWVUTSRQPON56789/mary_roe"]}]}"#,
        [
            ("us-east-2", INSTANCE, "jane_doe", Allowed),
            ("us-east-2", "db-ZYXWVUTSRQPON56789", "mary_roe", Allowed),
            ("us-east-2", INSTANCE, "mary_roe", Denied),
        ],
    ),
    (
        "Amazon RDS User Guide, \"Connecting to a database through RDS Proxy\", IAM",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "rds-db:connect",
            "Resource": "arn:aws:rds-db:us-east-2:123456789012:dbuser:prx-0f9d9414be09b1c57/db_user"}]}"#,
        [
            ("us-east-2", PROXY, "db_user", Allowed),
            ("us-east-2", INSTANCE, "db_user", Denied),
            ("us-east-2", PROXY, "admin", Denied),
        ],
    ),
    (
        "AWS managed policy AdministratorAccess",
        r#"{"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
        [
            ("us-east-2", INSTANCE, "app", Allowed),
            ("cn-north-1", CLUSTER, "app", Allowed),
            ("us-gov-west-1", PROXY, "a:b/c", Allowed),
        ],
    ),
    (
        "AWS managed policy AmazonRDSFullAccess, shortened: the API's actions are not a login",
        r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["rds:*", "application-autoscaling:DeleteScalingPolicy",
             "cloudwatch:GetMetricStatistics", "logs:GetLogEvents"], "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*",
             "Condition": {"StringLike": {"iam:AWSServiceName": "rds.amazonaws.com"}}}]}"#,
        [
            ("us-east-2", INSTANCE, "app", Denied),
            ("us-east-2", CLUSTER, "app", Denied),
            ("us-east-2", PROXY, "app", Denied),
        ],
    ),
    (
        "Datadog documentation, managed_authentication.md: a pattern of regions",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:*:123456789012:dbuser:*/datadog"]}]}"#,
        [
            ("eu-west-1", CLUSTER, "datadog", Allowed),
            ("us-gov-west-1", INSTANCE, "datadog", Denied),
            ("us-east-1", INSTANCE, "Datadog", Denied),
        ],
    ),
    (
        "same, a pattern of clusters",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-east-1:123456789012:dbuser:cluster-*/datadog"]}]}"#,
        [
            ("us-east-1", CLUSTER, "datadog", Allowed),
            ("us-east-1", INSTANCE, "datadog", Denied),
            ("us-east-2", CLUSTER, "datadog", Denied),
        ],
    ),
    (
        "The form that monitoring vendors prescribe: one user of every database of a region",
        r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Monitoring", "Effect": "Allow",
            "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-east-1:123456789012:dbuser:*/newrelic"]}]}"#,
        [
            ("us-east-1", INSTANCE, "newrelic", Allowed),
            ("us-east-1", CLUSTER, "newrelic", Allowed),
            ("us-east-1", CLUSTER, "new_relic", Denied),
        ],
    ),
    (
        "Public policies: a database user for each IAM user",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": ["arn:aws:rds-db:us-east-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/${aws:username}"]}]}"#,
        [
            ("us-east-1", INSTANCE, "jane", Undecided),
            ("us-east-1", CLUSTER, "jane", Denied),
            ("us-east-2", INSTANCE, "jane", Denied),
        ],
    ),
];

#[test]
fn documented_policies_are_judged_for_three_users_each() {
    for (source, document, logins) in DOCUMENTED {
        let policy: Policy = document.parse().unwrap();
        for &(region, resource_id, name, verdict) in logins {
            let report = policy.check(&user(region, resource_id, name));
            assert_eq!(report.verdict(), verdict, "{source}, {name}:\n{report}");
        }
    }
}

/// Statements of public policies and their variants, what is wrong with each, and words of the line
/// about it. The login is `app` on an instance in eu-west-1.
const MISTAKES: &[(&str, Mismatch, &[&str])] = &[
    (
        r#""Action": "rds:connect", "Resource": "*""#,
        ActionService,
        &["rds:connect", "rds-db:connect"],
    ),
    (
        r#""Action": "rds:*", "Resource": "*""#,
        ActionService,
        &["rds-db"],
    ),
    (
        r#""Action": "rds-db:conect", "Resource": "*""#,
        Action,
        &["rds-db:connect"],
    ),
    (
        r#""Action": ["s3:*", "sts:AssumeRole"], "Resource": "*""#,
        Action,
        &["rds-db:connect"],
    ),
    (
        r#""NotAction": "rds-db:*", "Resource": "*""#,
        NotAction,
        &["NotAction"],
    ),
    (
        r#""Action": "rds-db:connect", "NotResource": "arn:aws:rds-db:*:*:dbuser:*/app""#,
        NotResource,
        &["NotResource"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app""#,
        Service,
        &["rds-db:"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "arn:aws:rds:eu-west-1:123456789012:db:orders""#,
        Service,
        &["rds-db:", "dbuser:", "instance"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "arn:aws:rds:eu-west-1:123456789012:cluster:orders""#,
        Service,
        &["of a cluster (cluster:)"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-1""#,
        Service,
        &["of a proxy (db-proxy:)"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ZYXWVUTSRQPON56789/app""#,
        ResourceId,
        &["resource ID", "expected db-ABCDEFGHIJKL01234"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "arn:aws:s3:::orders/*""#,
        Service,
        &["rds-db"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "orders""#,
        Arn,
        &["ARN"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws-cn:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app""#,
        Partition,
        &["partition", "aws-cn"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app""#,
        Mismatch::Region,
        &["region", "us-east-1", "eu-west-1"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/app""#,
        Account,
        &["account", "111122223333", "123456789012"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:db:db-ABCDEFGHIJKL01234/app""#,
        ResourceType,
        &["dbuser:", "instance"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:db-ABCDEFGHIJKL01234/app""#,
        ResourceType,
        &["dbuser:"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser/db-ABCDEFGHIJKL01234/app""#,
        ResourceType,
        &["dbuser:"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:orders/app""#,
        ResourceName,
        &["name", "resource ID", "db-ABCDEFGHIJKL01234"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-orders/app""#,
        ResourceName,
        &["name"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:prx-orders/app""#,
        ResourceName,
        &["name"],
    ),
    // An ID of a proxy, which has lowercase letters.
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:prx-0f9d9414be09b1c57/app""#,
        ResourceKind,
        &["proxy", "instance"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABCDEFGHIJKL01234/app""#,
        ResourceKind,
        &["cluster", "instance"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:DB-abcdefghijkl01234/app""#,
        ResourceId,
        &["letter case"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/App""#,
        UserCase,
        &["letter case", "app"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/ app""#,
        User,
        &["space"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234""#,
        User,
        &["no user"],
    ),
    (
        r#""Action": "rds-db:connect",
           "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser: db-ABCDEFGHIJKL01234/app""#,
        ResourceId,
        &["space"],
    ),
    // The nearest of several.
    (
        r#""Action": "rds-db:connect",
           "Resource": ["arn:aws:s3:::orders", "arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/root",
                        "arn:aws:rds-db:us-east-1:123456789012:dbuser:*/app"]"#,
        User,
        &["root"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "*",
           "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#,
        UnsupportedCondition,
        &["aws:SourceIp", "remove"],
    ),
    (
        r#""Action": "rds-db:connect", "Resource": "*",
           "Condition": {"StringEquals": {"aws:sourcevpce": ["vpce-1", "vpce-2"]}}"#,
        UnsupportedCondition,
        &["aws:sourcevpce"],
    ),
];

#[test]
fn a_mistake_is_named_with_its_fix() {
    let login = user("eu-west-1", INSTANCE, "app");
    for &(statement, mismatch, words) in MISTAKES {
        let document = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {statement}}}}}"#
        );
        let policy: Policy = document.parse().unwrap();
        let report = policy.check(&login);
        assert_eq!(report.verdict(), Denied, "{statement}\n{report}");
        let [Outcome::Differs(reason)] = report.outcomes() else {
            panic!("{report}");
        };
        assert_eq!(reason.mismatch(), mismatch, "{report}");
        let text = report.to_string();
        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines.len() == 2 && lines[0].starts_with("denied: no statement allows"),
            "{text}"
        );
        for word in words {
            assert!(lines[1].contains(word), "{word}: {text}");
        }
        // What the line says is enough.
        if let Some(arn) = reason
            .remedy()
            .and_then(|remedy| remedy.strip_prefix("set Resource to "))
        {
            let fixed = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
                    "Action": "rds-db:Connect", "Resource": "{arn}"}}}}"#
            );
            let fixed: Policy = fixed.parse().unwrap();
            assert_eq!(fixed.check(&login).verdict(), Allowed, "{arn}");
        }
    }
}

#[test]
fn the_id_of_something_else_is_named() {
    for (found, expected, words) in [
        (INSTANCE, CLUSTER, "the cluster"),
        (INSTANCE, PROXY, "the proxy"),
        (CLUSTER, PROXY, "the proxy"),
        (PROXY, INSTANCE, "an instance"),
        (CLUSTER, INSTANCE, "an instance"),
    ] {
        let policy: Policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "rds-db:connect",
                "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:{found}/app"}}}}"#
        )
        .parse()
        .unwrap();
        let report = policy.check(&user("eu-west-1", expected, "app"));
        let Outcome::Differs(reason) = &report.outcomes()[0] else {
            panic!("{report}");
        };
        assert_eq!(reason.mismatch(), ResourceKind);
        let message = reason.to_string();
        assert!(
            message.contains(words) && message.contains(expected),
            "{message}"
        );
    }
}

/// Statements, the verdict, the statement that decides, and how each line of the report starts.
const LOGIC: &[(&str, Verdict, Option<usize>, &[&str])] = &[
    (
        r#"{"Sid": "All", "Effect": "Allow", "Action": "rds-db:*", "Resource": "*"},
           {"Sid": "NotApp", "Effect": "Deny", "Action": "*", "Resource": "arn:aws:rds-db:*:*:dbuser:*/app"}"#,
        Denied,
        Some(1),
        &[
            "denied: statement 2 (\"NotApp\") denies",
            "statement 1 (\"All\"): allows it",
        ],
    ),
    (
        r#"{"Effect": "Deny", "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:*:*:dbuser:*/root"},
           {"Effect": "Allow", "Action": "RDS-DB:CONNECT", "Resource": "arn:aws:rds-db:*"}"#,
        Allowed,
        Some(1),
        &[
            "allowed: statement 2 allows",
            "statement 1: does not deny it: Resource",
        ],
    ),
    (
        r#"{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::*"}"#,
        Allowed,
        Some(0),
        &["allowed: statement 1 allows"],
    ),
    (
        r#"{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "db"}}}"#,
        Undecided,
        Some(0),
        &["undecided: statement 1 decides"],
    ),
    // One that allows it for certain is enough.
    (
        r#"{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
           {"Effect": "Allow", "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:*:*:dbuser:*"}"#,
        Allowed,
        Some(1),
        &[
            "allowed: statement 2 allows",
            "statement 1: cannot be decided: Condition",
        ],
    ),
    (
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*"},
           {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": false}}}"#,
        Undecided,
        Some(1),
        &["undecided: statement 2 decides", "statement 1: allows it"],
    ),
    // Whether the key is absent, and so a Deny applies, is not documented.
    (
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*"},
           {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}}"#,
        Undecided,
        Some(1),
        &["undecided: statement 2 decides", "statement 1: allows it"],
    ),
    (
        r#"{"Effect": "Deny", "Action": "*", "Resource": "*"},
           {"Effect": "Deny", "Action": "rds-db:*", "Resource": "*"}"#,
        Denied,
        Some(0),
        &["denied: statement 1 denies", "statement 2: denies it"],
    ),
    // Nothing allows it, so what may deny it does not matter.
    (
        r#"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": "true"}}},
           {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#,
        Denied,
        None,
        &[
            "denied: no statement",
            "statement 1: cannot be decided",
            "statement 2: Action",
        ],
    ),
    // A condition that is not known does not save a resource that does not match.
    (
        r#"{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:*:*:dbuser:*/root",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}"#,
        Denied,
        None,
        &["denied: no statement", "statement 1: Resource"],
    ),
    // Wildcards of which IAM does not document what they match.
    (
        r#"{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:eu-*/app"}"#,
        Undecided,
        Some(0),
        &["undecided: statement 1"],
    ),
    (
        r#"{"Effect": "Allow", "Action": "rds*:connect", "Resource": "*"}"#,
        Undecided,
        Some(0),
        &["undecided: statement 1"],
    ),
    (
        r#"{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "arn:aws:*:eu-west-1:123456789012:*"}"#,
        Undecided,
        Some(0),
        &["undecided: statement 1"],
    ),
];

#[test]
fn statements_decide_as_iam_documents() {
    let login = user("eu-west-1", INSTANCE, "app");
    for &(statements, verdict, decided_by, starts) in LOGIC {
        let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let report = document.parse::<Policy>().unwrap().check(&login);
        assert_eq!(report.verdict(), verdict, "{report}");
        assert_eq!(report.decided_by(), decided_by, "{report}");
        let text = report.to_string();
        assert_eq!(text.lines().count(), starts.len(), "{text}");
        for (line, start) in text.lines().zip(starts) {
            assert!(line.starts_with(start), "{line}");
        }
    }
}

#[test]
fn a_policy_variable_needs_its_version() {
    let resource = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/${aws:username}";
    for (version, verdict, mismatch) in [
        (r#""Version": "2012-10-17","#, Undecided, Variable),
        (r#""Version": "2008-10-17","#, Denied, Version),
        ("", Denied, Version),
    ] {
        let document = format!(
            r#"{{{version} "Statement": {{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "{resource}"}}}}"#
        );
        let report =
            document
                .parse::<Policy>()
                .unwrap()
                .check(&user("eu-west-1", INSTANCE, "jane"));
        assert_eq!(report.verdict(), verdict, "{report}");
        let (Outcome::Differs(reason) | Outcome::Unknown(reason)) = &report.outcomes()[0] else {
            panic!("{report}");
        };
        assert_eq!(reason.mismatch(), mismatch);
        let is_version = reason.remedy() == Some("set Version to 2012-10-17");
        assert_eq!(is_version, mismatch == Version, "{report}");
    }
    // What does not match whatever the variable is.
    for (resource, mismatch) in [
        ("arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/root", User),
        (
            "arn:aws:rds-db:us-east-1:123456789012:dbuser:*/${aws:username}",
            Mismatch::Region,
        ),
    ] {
        let document = format!(
            r#"{{"Id": "x", "Statement": {{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "{resource}"}}}}"#
        );
        let policy: Policy = document.parse().unwrap();
        let report = policy.check(&user("eu-west-1", INSTANCE, "jane"));
        let Outcome::Differs(reason) = &report.outcomes()[0] else {
            panic!("{report}");
        };
        assert_eq!(reason.mismatch(), mismatch, "{report}");
    }
}

#[test]
fn a_condition_fails_for_certain_only_if_it_would_close_a_door() {
    let login = user("eu-west-1", INSTANCE, "app");
    for (effect, operator, verdict) in [
        ("Allow", "IpAddress", Denied),
        ("Allow", "NotIpAddress", Undecided),
        ("Allow", "IpAddressIfExists", Undecided),
        ("Allow", "ForAllValues:StringEquals", Undecided),
        ("Allow", "Null", Undecided),
        ("Deny", "IpAddress", Undecided),
    ] {
        let document = format!(
            r#"{{"Statement": [
                {{"Effect": "{effect}", "Action": "rds-db:connect", "Resource": "*",
                  "Condition": {{"{operator}": {{"aws:SourceIp": "192.0.2.0/24"}}}}}},
                {{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "{}"}}]}}"#,
            if effect == "Deny" {
                "*"
            } else {
                "arn:aws:s3:::a"
            }
        );
        let report = document.parse::<Policy>().unwrap().check(&login);
        assert_eq!(report.verdict(), verdict, "{effect} {operator}:\n{report}");
    }
}

#[test]
fn a_wildcard_of_which_nothing_is_known_is_named() {
    let document = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:eu-*/app"}}"#;
    let policy: Policy = document.parse().unwrap();
    let report = policy.check(&user("eu-west-1", INSTANCE, "app"));
    let Outcome::Unknown(reason) = &report.outcomes()[0] else {
        panic!("{report}");
    };
    assert_eq!(reason.mismatch(), Wildcard);
}

#[test]
fn what_a_report_repeats_is_escaped_and_cut() {
    let long = "x".repeat(10_000);
    let document = format!(
        r#"{{"Statement": {{"Sid": "\u001b[2J\u202e", "Effect": "Allow", "Action": "rds-db:connect",
            "Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/\n{long}"}}}}"#
    );
    let report = document
        .replace("*/\n", "*/\\n")
        .parse::<Policy>()
        .unwrap()
        .check(&user("eu-west-1", INSTANCE, "app"));
    let text = report.to_string();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.len() < 2_000, "{}", text.len());
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
}

/// Returns `true` for the error that is expected.
type Fits<'a> = &'a dyn Fn(ParsePolicyError) -> bool;

#[test]
fn a_text_that_is_no_policy_is_rejected() {
    let statement = |element, number| {
        move |error: ParsePolicyError| {
            matches!(error, ParsePolicyError::Statement { statement, element: found, .. }
                if statement == number && found == element)
        }
    };
    let element = |element| move |error: ParsePolicyError| matches!(error, ParsePolicyError::Element { element: found, .. } if found == element);
    let json = |error| matches!(error, ParsePolicyError::Json { .. });
    let unknown = |error| error == ParsePolicyError::UnknownElement;
    let principal = |error| error == ParsePolicyError::Principal { statement: 1 };
    let one = |statement: &str| format!(r#"{{"Statement": {statement}}}"#);
    let deep = "[".repeat(100_000);
    let cases: &[(&str, Fits<'_>)] = &[
        ("", &json),
        ("{", &json),
        ("host:5432/?Action=connect", &json),
        (&deep, &json),
        ("[]", &element("policy")),
        ("{}", &element("Statement")),
        (r#"{"Statement": []}"#, &element("Statement")),
        (r#"{"Statement": "all"}"#, &element("Statement")),
        (
            r#"{"Version": "2012-10-18", "Statement": {}}"#,
            &element("Version"),
        ),
        (
            r#"{"Version": 2012, "Statement": {}}"#,
            &element("Id or Version"),
        ),
        (r#"{"PolicyVersion": {"Document": {}}}"#, &unknown),
        (&one("{}"), &statement("Effect", 1)),
        (&one("[[]]"), &statement("statement", 1)),
        (&one(r#"{"effect": "Allow"}"#), &unknown),
        (
            &one(r#"{"Effect": "allow", "Action": "*", "Resource": "*"}"#),
            &statement("Effect", 1),
        ),
        (
            &one(r#"{"Effect": "Allow", "Resource": "*"}"#),
            &statement("Action", 1),
        ),
        (
            &one(r#"{"Effect": "Allow", "Action": [], "Resource": "*"}"#),
            &statement("Action", 1),
        ),
        (
            &one(r#"{"Effect": "Allow", "Action": [1], "Resource": "*"}"#),
            &statement("Action", 1),
        ),
        (
            &one(r#"{"Effect": "Allow", "Action": "*"}"#),
            &statement("Resource", 1),
        ),
        (
            &one(r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "*"}"#),
            &statement("Resource", 1),
        ),
        (
            &one(r#"{"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}"#),
            &statement("Action", 1),
        ),
        (
            &one(
                r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": "aws:SourceIp"}"#,
            ),
            &statement("Condition", 1),
        ),
        (
            &one(r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny"}]"#),
            &statement("Action", 2),
        ),
        // A trust policy.
        (
            &one(r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}"#),
            &principal,
        ),
        // IAM rejects a name that is used twice, of which a parser may take either.
        (
            &one(r#"{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}"#),
            &json,
        ),
    ];
    for (text, fits) in cases {
        let error = text.parse::<Policy>().unwrap_err();
        assert!(fits(error), "{text:.80}: {error:?}");
        let message = error.to_string();
        assert!(message.len() <= 120 && !message.contains('\n'), "{message}");
    }
}

proptest! {
    /// The pieces of an ARN, with wildcards in their place, and wrong ones.
    #[test]
    fn a_resource_allows_what_an_independent_comparison_says(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "arn:", "aws", ":", "rds-db", ":rds-db:", "eu-west-1", "123456789012", "dbuser:", "/app", "/",
            "db-ABCDEFGHIJKL01234", "*", "*", "?", "a", "arn:aws:rds-db:", "eu-west-1:123456789012:dbuser:",
        ]), 0..10),
    ) {
        let resource = pieces.concat();
        let login = user("eu-west-1", INSTANCE, "app");
        let statement = Statement::new(
            Effect::Allow,
            Elements::Listed(vec!["rds-db:connect".into()]),
            Elements::Listed(vec![resource.clone()]),
        );
        let policy = Policy::new(rds_iam_token::policy::check::Version::V2012, vec![statement]);
        let verdict = policy.check(&login).verdict();
        let may_match = matches(resource.as_bytes(), login.to_string().as_bytes());
        prop_assert_eq!(verdict != Denied, may_match, "{}", resource);
        // A resource that is accepted as a pattern is decided.
        if resource.parse::<DbUserPattern>().is_ok() {
            prop_assert_ne!(verdict, Undecided, "{}", resource);
        }
    }
}

/// Compares by a table, a row for each byte of the pattern.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let mut row: Vec<bool> = (0..=text.len()).map(|end| end == 0).collect();
    for byte in pattern {
        let mut next = vec![false; row.len()];
        for end in 0..row.len() {
            next[end] = match byte {
                b'*' => row[end] || end > 0 && next[end - 1],
                b'?' => end > 0 && row[end - 1],
                _ => end > 0 && row[end - 1] && text[end - 1] == *byte,
            };
        }
        row = next;
    }
    row[text.len()]
}

#[test]
fn a_statement_of_its_parts_is_judged_like_one_of_a_document() {
    let listed = |text: &str| Elements::Listed(vec![text.into()]);
    let login = user("eu-west-1", INSTANCE, "app");
    let allow = Statement::new(
        Effect::Allow,
        listed("rds-db:connect"),
        listed(&login.to_string()),
    )
    .with_sid("Tokens");
    let check = |statement| {
        let version = rds_iam_token::policy::check::Version::V2012;
        Policy::new(version, vec![statement]).check(&login)
    };
    let report = check(allow.clone());
    assert_eq!(report.verdict(), Allowed);
    assert!(report.to_string().contains("Tokens"), "{report}");
    let conditional = check(
        allow
            .clone()
            .with_condition("StringEquals", "aws:PrincipalTag/team"),
    );
    assert_eq!(conditional.verdict(), Undecided, "{conditional}");
    // Of two conditions that are not known, the first is named.
    let two = allow
        .with_condition("StringEquals", "aws:PrincipalTag/team")
        .with_condition("Bool", "aws:MultiFactorAuthPresent");
    let report = check(two).to_string();
    assert!(
        report.contains("aws:PrincipalTag/team") && !report.contains("aws:MultiFactorAuthPresent"),
        "{report}"
    );
}

#[test]
fn every_kind_of_json_is_read_where_a_string_belongs() {
    for value in [
        "true",
        "null",
        "-1",
        "1",
        "1.5",
        "[[]]",
        "{}",
        "\"x\\u0041\"",
    ] {
        let document = format!(r#"{{"Statement": {{"Effect": {value}}}}}"#);
        assert!(document.parse::<Policy>().is_err(), "{value}");
        let condition = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*",
                "Condition": {{"Bool": {{"aws:SecureTransport": {value}}}}}}}}}"#
        );
        assert_eq!(
            condition.parse::<Policy>().is_ok(),
            value != "{}",
            "{value}"
        );
    }
}
