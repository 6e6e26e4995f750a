//! Values for JavaScript.

use js_sys::{Object, Reflect};
use rds_iam_token::Timestamp;
use wasm_bindgen::JsValue;

/// Makes an object. What is `undefined` is left out.
pub(crate) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        if !value.is_undefined() {
            // An object that was just made takes any property.
            let _ = Reflect::set(&object, &name.into(), &value);
        }
    }
    object.into()
}

/// Makes an array.
pub(crate) fn array(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<js_sys::Array>().into()
}

/// Gives milliseconds since 1970.
pub(crate) fn moment(at: Timestamp) -> JsValue {
    number(at.unix_seconds().unsigned_abs() * 1_000)
}

/// Gives a number that is exact in JavaScript.
pub(crate) fn number(number: u64) -> JsValue {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds and lengths are far under 2^53"
    )]
    JsValue::from_f64(number as f64)
}
