//! `rds-iam-token` for JavaScript, in browsers and in Node.
//!
//! Arguments and results are objects with the types of `types.d.ts`. A rejected value is thrown as an
//! `Error` with the library's message; its `input` names the value. Moments are milliseconds since 1970,
//! as `Date.now()` returns them: the module asks no clock.

mod access;
mod diagnosis;
mod heap;
mod input;
mod output;
mod parts;
mod token;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");
