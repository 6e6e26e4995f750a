//! Values from JavaScript.

use std::fmt;

use js_sys::{JsString, Reflect};
use rds_iam_token::{Credentials, Endpoint, Error, Region, Timestamp};
use wasm_bindgen::{JsCast as _, JsValue};

/// An object whose values are read by name. What is `undefined` or `null` is not there.
pub(crate) struct Object<'a>(pub(crate) &'a JsValue);

impl Object<'_> {
    fn get(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        if !self.0.is_object() {
            return Err(refusal(name, "the values have to be in an object"));
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
            Some(_) => Err(refusal(name, format_args!("{name} has half a character"))),
            None => Err(refusal(name, format_args!("{name} is not a string"))),
        }
    }

    pub(crate) fn needed_text(&self, name: &str) -> Result<String, JsValue> {
        self.text(name)?
            .ok_or_else(|| refusal(name, format_args!("{name} is needed")))
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
                let rule = format_args!("{name} is not a whole number from 0 to {most}");
                refusal(name, rule)
            })
    }

    /// Reads `host`, without its port.
    pub(crate) fn host(&self) -> Result<Option<Endpoint>, JsValue> {
        self.text("host")?.map(|host| self::host(&host)).transpose()
    }

    /// Reads `host` and `port`.
    pub(crate) fn endpoint(&self) -> Result<Endpoint, JsValue> {
        let host = self.needed_text("host")?;
        let port = self.number("port", u16::MAX)?;
        let port = port.ok_or_else(|| refusal("port", "port is needed"))?;
        Endpoint::new(host, port).map_err(|error| match error {
            Error::Port => refusal("port", error),
            _ => refusal("host", error),
        })
    }

    pub(crate) fn region(&self) -> Result<Option<Region>, JsValue> {
        let code = self.text("region")?;
        code.map(|code| Region::new(code).map_err(|error| refusal("region", error)))
            .transpose()
    }

    /// Reads `region`, or takes it from the endpoint.
    pub(crate) fn region_of(&self, endpoint: Option<&Endpoint>) -> Result<Region, JsValue> {
        self.region()?
            .or_else(|| endpoint?.inferred_region())
            .ok_or_else(|| {
                let message = "region is needed: the host does not tell it";
                refusal("region", message)
            })
    }

    pub(crate) fn credentials(&self) -> Result<Option<Credentials>, JsValue> {
        self.get("credentials")?
            .map(|value| Object(&value).to_credentials())
            .transpose()
    }

    pub(crate) fn needed_credentials(&self) -> Result<Credentials, JsValue> {
        self.credentials()?
            .ok_or_else(|| refusal("credentials", "credentials are needed"))
    }

    fn to_credentials(&self) -> Result<Credentials, JsValue> {
        let credentials = Credentials::new(
            self.needed_text("accessKeyId")?,
            self.needed_text("secretAccessKey")?,
        );
        let mut credentials = credentials.map_err(|error| match error {
            Error::AccessKeyId { .. } => refusal("accessKeyId", error),
            _ => refusal("secretAccessKey", error),
        })?;
        if let Some(session_token) = self.text("sessionToken")? {
            credentials = credentials
                .with_session_token(session_token)
                .map_err(|error| refusal("sessionToken", error))?;
        }
        if let Some(expiry) = self.get("expiresAt")? {
            let expiry = expiry.as_f64().unwrap_or(f64::NAN);
            credentials = credentials.with_expiry(moment("expiresAt", expiry)?);
        }
        Ok(credentials)
    }
}

pub(crate) fn host(host: &str) -> Result<Endpoint, JsValue> {
    // What a host tells does not depend on the port.
    Endpoint::new(host, 1).map_err(|error| refusal("host", error))
}

/// Reads milliseconds since 1970; parts of a second are dropped, towards the past.
pub(crate) fn moment(name: &str, milliseconds: f64) -> Result<Timestamp, JsValue> {
    let seconds = whole((milliseconds / 1_000.0).floor()).ok_or_else(|| {
        let rule = format_args!("{name} is not a time in milliseconds since 1970");
        refusal(name, rule)
    })?;
    Timestamp::from_unix_seconds(seconds).map_err(|error| refusal(name, error))
}

/// Makes the `Error` that is thrown.
pub(crate) fn refusal(input: &str, message: impl fmt::Display) -> JsValue {
    let error = js_sys::Error::new(&message.to_string());
    // An object that was just made takes any property.
    let _ = Reflect::set(&error, &"input".into(), &input.into());
    error.into()
}

fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "it is far under 2^53")]
    (number % 1.0 == 0.0 && number.abs() < 1e15).then_some(number as i64)
}
