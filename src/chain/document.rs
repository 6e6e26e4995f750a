//! The documents that credentials come in, as pure functions.

use alloc::{format, string::String};

use crate::{
    chain::{
        error::{ErrorKind, Failure},
        format::{
            date,
            json::{Object, Wrong},
            xml::Xml,
        },
        keys::Keys,
        shown::shown,
    },
    secret::Secret,
    timestamp::Timestamp,
};

/// The names that a document has for the same four fields, and for the account.
struct Names {
    id: &'static str,
    secret: &'static str,
    token: &'static str,
    expiry: &'static str,
    account: &'static str,
}

const PASCAL: Names = Names {
    id: "AccessKeyId",
    secret: "SecretAccessKey",
    token: "Token",
    expiry: "Expiration",
    account: "AccountId",
};

const PROCESS: Names = Names {
    token: "SessionToken",
    ..PASCAL
};

const LOGIN: Names = Names {
    id: "accessKeyId",
    secret: "secretAccessKey",
    token: "sessionToken",
    expiry: "expiresAt",
    account: "accountId",
};

/// Parses the document of a container endpoint. An error has `code` and `message`.
pub(crate) fn container(body: &[u8]) -> Result<Keys, Failure> {
    let object = object(body)?;
    if let Some(code) = text(&object, "code")?.or(text(&object, "Code")?) {
        let message = text(&object, "message")?.or(text(&object, "Message")?);
        if code.expose_secret() != "Success" {
            return Err(rejected(&code, message.as_ref()));
        }
    }
    keys(&object, &PASCAL)
}

/// Parses the document of the instance metadata service. `Code` decides, if there is one.
pub(crate) fn metadata(body: &[u8]) -> Result<Keys, Failure> {
    let object = object(body)?;
    match text(&object, "Code")? {
        Some(code) if code.expose_secret() != "Success" => {
            let message = text(&object, "Message")?;
            Err(rejected(&code, message.as_ref()))
        }
        _ => keys(&object, &PASCAL),
    }
}

/// Parses the output of a `credential_process`. `Version` must be the number 1; a session token and
/// an expiry are optional.
pub(crate) fn process(output: &[u8]) -> Result<Keys, Failure> {
    let object = object(output)?;
    match object.raw("Version") {
        Some("1") => {}
        Some(_) => return Err(document("Version is not the number 1")),
        None => return Err(field("Version", Wrong::Missing)),
    }
    Ok(Keys {
        access_key_id: required(&object, PROCESS.id)?.into_exposed_string(),
        secret_access_key: required(&object, PROCESS.secret)?,
        session_token: text(&object, PROCESS.token)?,
        expiry: expiry(&object, PROCESS.expiry)?,
        account_id: text(&object, PROCESS.account)?.map(Secret::into_exposed_string),
    })
}

/// Parses the keys of a role from IAM Identity Center. The expiry is in milliseconds.
pub(crate) fn sso_role(body: &[u8]) -> Result<Keys, Failure> {
    let object = object(body)?.object("roleCredentials");
    let object = object.map_err(|wrong| field("roleCredentials", wrong))?;
    let milliseconds = object
        .number("expiration")
        .map_err(|wrong| field("expiration", wrong))?;
    let expiry = Timestamp::from_unix_seconds(milliseconds.div_euclid(1_000));
    Ok(Keys {
        access_key_id: required(&object, LOGIN.id)?.into_exposed_string(),
        secret_access_key: required(&object, LOGIN.secret)?,
        session_token: Some(required(&object, LOGIN.token)?),
        expiry: Some(expiry.map_err(|_| document("expiration is not a date"))?),
        account_id: None,
    })
}

/// Parses the cache file of `aws login`. What only a refresh would need must be there as well, or
/// the file is not one that the `aws` command wrote.
pub(crate) fn login(contents: &[u8]) -> Result<Keys, Failure> {
    let object = object(contents)?;
    for name in ["refreshToken", "clientId", "dpopKey"] {
        required(&object, name)?;
    }
    let access = object.object("accessToken");
    keys(
        &access.map_err(|wrong| field("accessToken", wrong))?,
        &LOGIN,
    )
}

/// Parses an answer of STS to one of its `AssumeRole` actions: keys, or an error with its code.
pub(crate) fn sts(body: &[u8]) -> Result<Keys, Failure> {
    let xml = Xml::new(body).map_err(unreadable)?;
    let parsed = xml.document().map_err(unreadable)?;
    let root = parsed.root_element().tag_name().name();
    if root == "ErrorResponse" {
        let code = xml.text(&parsed, &["Error", "Code"]);
        let message = xml.text(&parsed, &["Error", "Message"]);
        return Err(code.map_or_else(
            || document("Code is missing"),
            |code| rejected(&code, message.as_ref()),
        ));
    }
    let result = root
        .strip_suffix("Response")
        .map(|action| format!("{action}Result"));
    let result = result.ok_or_else(|| document("the root element is not a response of STS"))?;
    let of_result = |path: [&str; 2]| xml.text(&parsed, &[&result, path[0], path[1]]);
    let credential =
        |name| of_result(["Credentials", name]).ok_or_else(|| field(name, Wrong::Missing));
    let expiry = credential("Expiration")?;
    let expiry = date::parse(expiry.expose_secret());
    // `arn:aws:sts::123456789012:assumed-role/role/session`
    let arn = of_result(["AssumedRoleUser", "Arn"]);
    let account = arn
        .as_ref()
        .and_then(|arn| arn.expose_secret().split(':').nth(4));
    Ok(Keys {
        access_key_id: credential("AccessKeyId")?.into_exposed_string(),
        secret_access_key: credential("SecretAccessKey")?,
        session_token: Some(credential("SessionToken")?),
        expiry: Some(expiry.ok_or_else(|| document("Expiration is not a date"))?),
        account_id: account.map(String::from),
    })
}

/// Parses keys of which each field is required but the account.
fn keys(object: &Object<'_>, names: &Names) -> Result<Keys, Failure> {
    let expiry = expiry(object, names.expiry)?;
    Ok(Keys {
        access_key_id: required(object, names.id)?.into_exposed_string(),
        secret_access_key: required(object, names.secret)?,
        session_token: Some(required(object, names.token)?),
        expiry: Some(expiry.ok_or_else(|| field(names.expiry, Wrong::Missing))?),
        account_id: text(object, names.account)?.map(Secret::into_exposed_string),
    })
}

pub(crate) fn object(bytes: &[u8]) -> Result<Object<'_>, Failure> {
    Object::parse(bytes).map_err(unreadable)
}

pub(crate) fn text(object: &Object<'_>, name: &str) -> Result<Option<Secret>, Failure> {
    object.text(name).map_err(|wrong| field(name, wrong))
}

pub(crate) fn required(object: &Object<'_>, name: &str) -> Result<Secret, Failure> {
    object
        .required_text(name)
        .map_err(|wrong| field(name, wrong))
}

pub(crate) fn expiry(object: &Object<'_>, name: &str) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = text(object, name)? else {
        return Ok(None);
    };
    match date::parse(text.expose_secret()) {
        Some(expiry) => Ok(Some(expiry)),
        None => Err(document(format!("{name} is not a date of RFC 3339"))),
    }
}

pub(crate) fn document(reason: impl Into<String>) -> Failure {
    Failure::new(ErrorKind::Document, reason)
}

fn field(name: &str, wrong: Wrong) -> Failure {
    document(format!("{name} {wrong}"))
}

fn unreadable(problem: &'static str) -> Failure {
    let mut failure = document(format!("the document {problem}"));
    failure.is_unreadable = true;
    if problem.contains("HTML") || problem.contains("XML") {
        return failure.remedy(
            "check whether a login page, firewall or proxy answers in place of the service",
        );
    }
    failure
}

/// An error that the service itself reports.
pub(crate) fn rejected(code: &Secret, message: Option<&Secret>) -> Failure {
    let code = shown(code.expose_secret());
    let message = message.map(|message| shown(message.expose_secret()));
    let reason = match &message {
        Some(message) if !message.is_empty() => format!("rejected with {code}: {message}"),
        _ => format!("rejected with {code}"),
    };
    let mut failure = Failure::new(ErrorKind::ServiceRefused, reason);
    failure.code = Some(code);
    failure.message = message;
    failure
}
