//! Signing and verifying tokens.

use std::time::Duration;

use rds_iam_token::{TokenRequest, Verifier, VerifyError};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    input::{Object, moment, rejected, rejection},
    output::{self, object},
};

/// Signs the token that `aws rds generate-db-auth-token` prints.
#[wasm_bindgen(unchecked_return_type = "SignedToken")]
pub fn sign(
    #[wasm_bindgen(unchecked_param_type = "SignRequest")] request: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Moment")] now: f64,
) -> Result<JsValue, JsValue> {
    let values = Object(request);
    let endpoint = values.endpoint()?;
    let region = values.region_of(Some(endpoint.host()))?;
    let mut request = TokenRequest::new(endpoint, region, values.required_text("user")?)
        .map_err(|error| rejected(&error))?;
    if let Some(seconds) = values.number("lifetime", u32::MAX)? {
        request = request
            .with_lifetime(Duration::from_secs(seconds.into()))
            .map_err(|error| rejected(&error))?;
    }
    let token = request.sign(&values.required_credentials()?, moment("now", now)?);
    Ok(object([
        ("token", token.expose_secret().into()),
        ("expiresAt", output::moment(token.expires_at())),
    ]))
}

/// Verifies a token as a server does, and returns who is logging in.
#[wasm_bindgen(unchecked_return_type = "Login")]
pub fn verify(
    token: &str,
    #[wasm_bindgen(unchecked_param_type = "VerifyOptions")] options: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Moment")] now: f64,
) -> Result<JsValue, JsValue> {
    let values = Object(options);
    let endpoint = values.endpoint()?;
    let region = values.region_of(Some(endpoint.host()))?;
    let credentials = values.required_credentials()?;
    let mut verifier = Verifier::new(endpoint, region);
    if let Some(seconds) = values.number("tolerance", u32::MAX)? {
        verifier = verifier.with_tolerance(Duration::from_secs(seconds.into()));
    }
    let at = moment("now", now)?;
    let look_up = |id: &str| (id == credentials.access_key_id()).then_some(&credentials);
    let login = match values.text("user")? {
        Some(user) => verifier.verify_user(token, &user, at, look_up),
        None => verifier.verify(token, at, look_up),
    };
    let login = login.map_err(|error: VerifyError| rejection("token", error))?;
    Ok(object([
        ("user", login.user().into()),
        ("accessKeyId", login.access_key_id().into()),
        ("host", login.endpoint().host().as_str().into()),
        ("port", login.endpoint().port().into()),
        ("expiresAt", output::moment(login.parts().expires_at())),
    ]))
}
