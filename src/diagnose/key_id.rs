//! How access key ids begin (IAM User Guide, "IAM identifiers").

pub(super) const LONG_LIVED: &str = "AKIA";

pub(super) const TEMPORARY: &str = "ASIA";
