//! The IAM policy and the SQL that let a database user in.

use rds_iam_token::{
    grant::{DbUser, Engine},
    policy::{
        DbUserArn, Error,
        check::{ParsePolicyError, Policy, Verdict},
        connect_policy,
    },
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    input::{Object, rejection},
    output::{array, object},
};

/// Writes the IAM policy that lets a database user in.
#[wasm_bindgen]
pub fn policy(
    #[wasm_bindgen(unchecked_param_type = "PolicyUser")] user: &JsValue,
) -> Result<String, JsValue> {
    Ok(connect_policy([arn(&Object(user))?]))
}

/// Checks whether a policy document lets a database user in, and if not, why.
#[wasm_bindgen(js_name = checkPolicy, unchecked_return_type = "PolicyReport")]
pub fn check_policy(
    #[wasm_bindgen(unchecked_param_type = "PolicyUser")] user: &JsValue,
    document: &str,
) -> Result<JsValue, JsValue> {
    let user = arn(&Object(user))?;
    let policy: Policy = document
        .parse()
        .map_err(|error: ParsePolicyError| rejection("document", error))?;
    let report = policy.check(&user);
    let verdict = match report.verdict() {
        Verdict::Allowed => "allowed",
        Verdict::Denied => "denied",
        _ => "undecided",
    };
    let text = report.to_string();
    Ok(object([
        ("verdict", verdict.into()),
        ("lines", array(text.lines().map(JsValue::from))),
    ]))
}

fn arn(values: &Object<'_>) -> Result<DbUserArn, JsValue> {
    let region = values.region_of(values.host()?.as_ref())?;
    let [account, resource_id, user] = ["account", "resourceId", "user"].map(|name| {
        let text = values.required_text(name)?;
        if text.contains(['*', '?']) || text.contains("${") {
            let message = "wildcard or policy variable: expected one user of one database";
            return Err(rejection(name, message));
        }
        Ok(text)
    });
    DbUserArn::new(region, account?, resource_id?, user?).map_err(|error| match error {
        Error::Account(_) => rejection("account", error),
        Error::ResourceId(_) => rejection("resourceId", error),
        _ => rejection("user", error),
    })
}

/// Writes the SQL for a user, to be run as the master user.
#[wasm_bindgen]
pub fn sql(
    #[wasm_bindgen(unchecked_param_type = "SqlUser")] user: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Change")] change: &str,
) -> Result<String, JsValue> {
    let values = Object(user);
    let engine = match values.required_text("engine")?.as_str() {
        "mariadb" => Engine::MariaDb,
        "mysql" => Engine::MySql,
        "postgres" => Engine::PostgreSql,
        _ => {
            let message = "invalid engine: expected postgres, mysql or mariadb";
            return Err(rejection("engine", message));
        }
    };
    let name = values.required_text("user")?;
    let user = if values.flag("utf8Session")? {
        DbUser::in_utf8_session(engine, name)
    } else {
        DbUser::new(engine, name)
    };
    let user = user.map_err(|error| rejection("user", error))?;
    match change {
        "create" => Ok(user.create()),
        "disable" => Ok(user.disable_iam()),
        "enable" => Ok(user.enable_iam()),
        _ => {
            let message = "invalid change: expected create, enable or disable";
            Err(rejection("change", message))
        }
    }
}
