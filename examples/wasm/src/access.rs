//! What lets a database user in: the IAM policy and the SQL.

use rds_iam_token::{
    Engine, Error, grant,
    policy::{DbUserArn, connect_policy},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::input::{Object, refusal};

/// Writes the IAM policy that lets a database user in.
#[wasm_bindgen]
pub fn policy(
    #[wasm_bindgen(unchecked_param_type = "PolicyUser")] user: &JsValue,
) -> Result<String, JsValue> {
    let values = Object(user);
    let region = values.region_of(values.host()?.as_ref())?;
    let arn = DbUserArn::new(
        region,
        values.needed_text("account")?,
        values.needed_text("resourceId")?,
        values.needed_text("user")?,
    );
    let arn = arn.map_err(|error| match error {
        Error::Account { .. } => refusal("account", error),
        Error::ResourceId { .. } => refusal("resourceId", error),
        _ => refusal("user", error),
    })?;
    Ok(connect_policy(&[arn]))
}

/// Writes the SQL for a user, to be run as the master user.
#[wasm_bindgen]
pub fn sql(
    #[wasm_bindgen(unchecked_param_type = "Engine")] engine: &str,
    user: &str,
    #[wasm_bindgen(unchecked_param_type = "Change")] change: &str,
) -> Result<String, JsValue> {
    let engine = match engine {
        "mariadb" => Engine::MariaDb,
        "mysql" => Engine::MySql,
        "postgres" => Engine::PostgreSql,
        _ => {
            let message = "engine is none of postgres, mysql and mariadb";
            return Err(refusal("engine", message));
        }
    };
    let sql = match change {
        "create" => grant::create_user(engine, user),
        "disable" => grant::disable_iam(engine, user),
        "enable" => grant::enable_iam(engine, user),
        _ => {
            let message = "change is none of create, enable and disable";
            return Err(refusal("change", message));
        }
    };
    sql.map_err(|error| refusal("user", error))
}
