//! A module imports only from modules above it.

use std::{collections::BTreeMap, fs, path::Path};

/// The modules of `src`, from the top: each may import from rows above its own, and no other.
const ROWS: &[&[&str]] = &[
    &["ascii", "engine", "fault", "guide", "pool::lock"],
    &["error", "secret"],
    &["region", "timestamp", "user"],
    &["endpoint::kind"],
    &["endpoint::infer"],
    &["credentials", "endpoint"],
    &["endpoint::name"],
    &["credentials::sdk"],
    // The steps of SigV4, which know nothing of databases.
    &[
        "sigv4::canonical",
        "sigv4::date",
        "sigv4::encode",
        "sigv4::hex",
    ],
    &["sigv4::scope"],
    &["sigv4::string_to_sign"],
    &["sigv4::key"],
    &["sigv4"],
    &["token::error", "token::layout", "token::parameter"],
    &["token::unsigned"],
    &["token::draft", "token::shown"],
    &["token::parts"],
    &["token"],
    &["request"],
    &["verify::error", "verify::login"],
    &["policy::arn"],
    &["grant", "policy", "signer", "verify"],
    &[
        "diagnose::cause",
        "diagnose::foreign",
        "diagnose::key_id",
        "diagnose::known",
        "diagnose::server",
        "diagnose::url",
        "diagnose::words",
    ],
    &["diagnose::finding"],
    &[
        "diagnose::bounds",
        "diagnose::content",
        "diagnose::cut",
        "diagnose::field",
    ],
    &["diagnose::copy"],
    &["diagnose::signature"],
    &["diagnose::reading"],
    &["diagnose"],
    &["pool::schedule", "pool::rejected", "pool::source"],
    &["pool::local"],
    &["pool::shared", "pool::entries"],
    &["pool::store"],
    &["pool"],
];

#[test]
fn modules_import_downwards_only() {
    let mut sources = BTreeMap::new();
    collect(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        "",
        &mut sources,
    );
    let row_of = |module: &str| ROWS.iter().position(|row| row.contains(&module));
    for (module, source) in &sources {
        let row = row_of(module).unwrap_or_else(|| panic!("{module} is in no row"));
        for import in imports(module, source) {
            let imported = row_of(&import).unwrap_or_else(|| panic!("{module}: what is {import}?"));
            assert!(
                imported < row,
                "{module} (row {row}) imports {import} (row {imported})"
            );
        }
    }
    for module in ROWS.iter().flat_map(|row| row.iter()) {
        assert!(
            sources.contains_key(*module),
            "{module} has a row and no file"
        );
    }
}

/// Reads every source file but the root, by the path of its module.
fn collect(folder: &Path, parent: &str, sources: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let module = [parent, name]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>();
        let module = module.join("::");
        if path.is_dir() {
            collect(&path, &module, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !matches!(name, "lib" | "worked_example")
        {
            sources.insert(module, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Gives the modules that a source names with `crate::` and `super::`, outside comments and tests.
fn imports(module: &str, source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.chars().filter(|letter| !letter.is_whitespace()))
        .collect();
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let mut paths = Vec::new();
    for (start, base) in [("crate::", ""), ("super::", parent)] {
        for (at, _) in code.match_indices(start) {
            expand(&code[at + start.len()..], base, &mut paths);
        }
    }
    paths.iter().map(|path| module_of(path)).collect()
}

/// Lists the paths of a use tree, and says how much of the text it is.
fn expand(tree: &str, base: &str, paths: &mut Vec<String>) -> usize {
    let end = tree
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap();
    let (name, rest) = tree.split_at(end);
    let path = if base.is_empty() {
        name.to_owned()
    } else {
        format!("{base}::{name}")
    };
    if let Some(inner) = rest.strip_prefix("::") {
        return end + 2 + expand(inner, &path, paths);
    }
    if !rest.starts_with('{') || !name.is_empty() {
        paths.push(path);
        return end;
    }
    let mut length = 1;
    while !tree[length..].starts_with('}') {
        length += expand(&tree[length..], base, paths);
        length += usize::from(tree[length..].starts_with(','));
    }
    length + 1
}

/// Cuts a path after the last module in it that has a row.
fn module_of(path: &str) -> String {
    let mut module = path;
    while !ROWS.iter().any(|row| row.contains(&module)) {
        match module.rsplit_once("::") {
            Some((parent, _)) => module = parent,
            None => return path.to_owned(),
        }
    }
    module.to_owned()
}

#[test]
fn a_use_tree_is_read_whole() {
    let source = "use crate::{\n    error::{Error, Fault},\n    token::{Token, unsigned::UnsignedToken},\n};\n\
                  use super::{date::AmzDate};\n// use crate::request::TokenRequest;\n";
    let imports = imports("sigv4::scope", source);
    assert_eq!(
        imports,
        ["error", "error", "token", "token::unsigned", "sigv4::date"]
    );
}
