//! `rds-iam-token` for JavaScript, in browsers and in Node.
//!
//! Objects go in and come out, with the types of `types.d.ts`. What is refused is thrown as an `Error`
//! with the library's message; its `input` names the value. Moments are milliseconds since 1970, as
//! `Date.now()` gives them: nothing here asks a clock.

mod access;
mod diagnosis;
mod input;
mod output;
mod parts;
mod token;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");
