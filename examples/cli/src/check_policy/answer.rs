//! The document in an answer of IAM.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;

type Members<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// Returns the document of a policy: the text, or what `aws iam get-policy-version`, `get-role-policy`, `get-user-policy`
/// and `get-group-policy` print it in. It is not parsed here.
pub(super) fn document(text: &str) -> Result<&str, &'static str> {
    if text.trim_start().starts_with('\u{feff}') {
        return Err("byte order mark; expected the document alone");
    }
    let document = match serde_json::from_str::<Members>(text) {
        // {"Policy": {"PolicyName": …, "DefaultVersionId": "v1"}}, of get-policy.
        Ok(answer) if answer.contains_key("Policy") => {
            return Err("without its document; expected that of aws iam get-policy-version");
        }
        Ok(answer) => in_answer(&answer).unwrap_or(text),
        Err(_) => text,
    };
    let is_string = document.trim_start().starts_with('"');
    let start = document.trim_start().trim_start_matches('"');
    // In the API's own answers, as SDKs return them.
    if start
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("%7b"))
    {
        return Err("URL-encoded; expected it decoded, as the aws command prints it");
    }
    if is_string {
        return Err("a JSON string; expected the document in it");
    }
    Ok(document)
}

fn in_answer<'a>(answer: &Members<'a>) -> Option<&'a str> {
    if let Some(document) = answer.get("PolicyDocument") {
        return Some(document.get());
    }
    let version: Members<'a> = serde_json::from_str(answer.get("PolicyVersion")?.get()).ok()?;
    version.get("Document").map(|document| document.get())
}
