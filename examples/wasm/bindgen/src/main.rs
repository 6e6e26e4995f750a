//! `bindgen [MODULE [FOLDER]]`: writes a module's JavaScript, types and shrunk binary, for the page.

use std::{env, error::Error};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let module = arguments.next().unwrap_or_else(|| MODULE.to_owned());
    let folder = arguments.next().unwrap_or_else(|| FOLDER.to_owned());
    Bindgen::new()
        .input_path(module)
        .out_name("rds_iam_token")
        .omit_default_module_path(false)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    Ok(())
}

const MODULE: &str = "target/wasm32-unknown-unknown/release/rds_iam_token_wasm.wasm";

const FOLDER: &str = "page/pkg";
