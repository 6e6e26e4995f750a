//! Values for JavaScript.

use js_sys::{Object, Reflect};
use rds_iam_token::Timestamp;
use wasm_bindgen::JsValue;

/// Creates an object. A property that is `undefined` is left out.
pub(crate) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        if !value.is_undefined() {
            // A new object accepts any property.
            let _ = Reflect::set(&object, &name.into(), &value);
        }
    }
    object.into()
}

/// Creates an array.
pub(crate) fn array(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<js_sys::Array>().into()
}

/// Returns milliseconds since 1970.
pub(crate) fn moment(at: Timestamp) -> JsValue {
    number(at.unix_seconds().unsigned_abs() * 1_000)
}

/// Returns a number, as exact as JavaScript has it.
pub(crate) fn number(number: u64) -> JsValue {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds and lengths are far under 2^53"
    )]
    JsValue::from_f64(number as f64)
}
