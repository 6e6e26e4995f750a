//! Values from JavaScript.

use std::fmt;

use js_sys::{JsString, Reflect};
use rds_iam_token::{Credentials, Endpoint, Error, Host, Input, Region, Timestamp};
use wasm_bindgen::{JsCast as _, JsValue};

/// An object whose values are read by name. A value that is `undefined` or `null` is missing.
pub(crate) struct Object<'a>(pub(crate) &'a JsValue);

impl Object<'_> {
    fn get(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        if !self.0.is_object() {
            return Err(rejection(
                name,
                format_args!("{name} is missing: expected an object with it"),
            ));
        }
        let value = Reflect::get(self.0, &name.into())?;
        Ok(Some(value).filter(|value| !value.is_undefined() && !value.is_null()))
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        let Some(value) = self.get(name)? else {
            return Ok(None);
        };
        match value.dyn_ref::<JsString>() {
            Some(text) if text.is_valid_utf16() => Ok(Some(text.into())),
            Some(_) => Err(rejection(
                name,
                format_args!("invalid {name}: half of a surrogate pair"),
            )),
            None => Err(rejection(
                name,
                format_args!("invalid {name}: expected a string"),
            )),
        }
    }

    pub(crate) fn required_text(&self, name: &str) -> Result<String, JsValue> {
        self.text(name)?
            .ok_or_else(|| rejection(name, format_args!("{name} is required")))
    }

    /// Reads a boolean, `false` if it is missing.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, JsValue> {
        let Some(value) = self.get(name)? else {
            return Ok(false);
        };
        value.as_bool().ok_or_else(|| {
            let rule = format_args!("invalid {name}: expected true or false");
            rejection(name, rule)
        })
    }

    /// Reads a whole number from 0 to `most`.
    pub(crate) fn number<T: Copy + TryFrom<i64> + fmt::Display>(
        &self,
        name: &str,
        most: T,
    ) -> Result<Option<T>, JsValue> {
        let Some(value) = self.get(name)? else {
            return Ok(None);
        };
        value
            .as_f64()
            .and_then(whole)
            .and_then(|number| T::try_from(number).ok())
            .map(Some)
            .ok_or_else(|| {
                let rule = format_args!("invalid {name}: expected a whole number from 0 to {most}");
                rejection(name, rule)
            })
    }

    /// Reads `host`, without a port.
    pub(crate) fn host(&self) -> Result<Option<Host>, JsValue> {
        self.text("host")?.map(|name| host(&name)).transpose()
    }

    /// Reads `host` and `port`.
    pub(crate) fn endpoint(&self) -> Result<Endpoint, JsValue> {
        let host = self.required_text("host")?;
        let port = self.number("port", u16::MAX)?;
        let port = port.ok_or_else(|| rejection("port", "port is required"))?;
        Endpoint::new(host, port).map_err(|error| rejected(&error))
    }

    pub(crate) fn region(&self) -> Result<Option<Region>, JsValue> {
        let code = self.text("region")?;
        code.map(|code| Region::new(code).map_err(|error| rejected(&error)))
            .transpose()
    }

    /// Reads `region`, or returns the one in the name of the host.
    pub(crate) fn region_of(&self, host: Option<&Host>) -> Result<Region, JsValue> {
        self.region()?
            .or_else(|| host?.inferred_region())
            .ok_or_else(|| {
                let message = "region is required: no region in the host name";
                rejection("region", message)
            })
    }

    pub(crate) fn credentials(&self) -> Result<Option<Credentials>, JsValue> {
        self.get("credentials")?
            .map(|value| Object(&value).to_credentials())
            .transpose()
    }

    pub(crate) fn required_credentials(&self) -> Result<Credentials, JsValue> {
        self.credentials()?
            .ok_or_else(|| rejection("credentials", "credentials are required"))
    }

    fn to_credentials(&self) -> Result<Credentials, JsValue> {
        let access_key_id = self.required_text("accessKeyId")?;
        let secret_access_key = self.required_text("secretAccessKey")?;
        let mut credentials =
            Credentials::new(access_key_id, secret_access_key).map_err(|error| rejected(&error))?;
        if let Some(session_token) = self.text("sessionToken")? {
            credentials = credentials
                .with_session_token(session_token)
                .map_err(|error| rejected(&error))?;
        }
        if let Some(expiry) = self.get("expiresAt")? {
            let expiry = expiry.as_f64().unwrap_or(f64::NAN);
            credentials = credentials.with_expiry(moment("expiresAt", expiry)?);
        }
        Ok(credentials)
    }
}

pub(crate) fn host(name: &str) -> Result<Host, JsValue> {
    Host::new(name).map_err(|error| rejected(&error))
}

/// Converts milliseconds since 1970. Fractions of a second are truncated, towards the past.
pub(crate) fn moment(name: &str, milliseconds: f64) -> Result<Timestamp, JsValue> {
    let seconds = whole((milliseconds / 1_000.0).floor()).ok_or_else(|| {
        let rule = format_args!("invalid {name}: expected milliseconds since 1970");
        rejection(name, rule)
    })?;
    Timestamp::from_unix_seconds(seconds).map_err(|error| rejection(name, error))
}

/// Creates the `Error` that is thrown for an input that the library rejects.
pub(crate) fn rejected(error: &Error) -> JsValue {
    let input = match error.input() {
        Input::AccessKeyId => "accessKeyId",
        Input::Host => "host",
        Input::Lifetime => "lifetime",
        Input::Port => "port",
        Input::Region => "region",
        Input::SecretAccessKey => "secretAccessKey",
        Input::SessionToken => "sessionToken",
        Input::User => "user",
        _ => "request",
    };
    rejection(input, error)
}

/// Creates the `Error` that is thrown.
pub(crate) fn rejection(input: &str, message: impl fmt::Display) -> JsValue {
    let error = js_sys::Error::new(&message.to_string());
    // A new object accepts any property.
    let _ = Reflect::set(&error, &"input".into(), &input.into());
    error.into()
}

fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "it is far under 2^53")]
    (number % 1.0 == 0.0 && number.abs() < 1e15).then_some(number as i64)
}
