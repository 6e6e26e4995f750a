//! The rows of `src`: a module imports only from rows above its own.

use std::{collections::BTreeMap, fs, path::Path};

/// The top-level modules, from the top.
///
/// A module of the rows 0 to 4 may also import from those to its left in its own row. In the rows
/// below, none imports another of its row.
const ROWS: &[&[&str]] = &[
    // Words.
    &["ascii", "fault", "secret"],
    // Inputs.
    &["error", "region", "timestamp", "user", "host", "endpoint"],
    // The algorithm, which knows no service, and the inputs that are encoded for it.
    &["sigv4", "credentials"],
    // A presigned GET, which knows no service.
    &["presign"],
    // RDS.
    &["rds", "token", "request"],
    // Tools.
    &["signer", "verify", "policy", "grant", "chain"],
    // Tools on tools.
    &["diagnose", "pool"],
    // The face.
    &["guide"],
];

/// The last row in which a module may import from those to its left.
const LAST_ORDERED_ROW: usize = 4;

#[test]
fn modules_import_from_the_rows_above() {
    let mut sources = BTreeMap::new();
    collect(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        "",
        &mut sources,
    );
    for top in ROWS.iter().copied().flatten() {
        assert!(
            sources.contains_key(*top),
            "{top} is in a row and is no module"
        );
    }
    for (module, source) in &sources {
        let top = top_level(module);
        let place = place_of(top).unwrap_or_else(|| panic!("{module} is in no row"));
        for path in imports(source) {
            let imported = top_level(&path);
            if imported == top {
                continue;
            }
            let from = place_of(imported)
                .unwrap_or_else(|| panic!("{module} imports {imported}, which is no module"));
            let is_left = from.0 == place.0 && place.0 <= LAST_ORDERED_ROW && from.1 < place.1;
            assert!(
                from.0 < place.0 || is_left,
                "{module} (row {}) imports {imported} (row {})",
                place.0,
                from.0
            );
        }
    }
}

/// Returns the row of a top-level module, and its place in the row.
fn place_of(module: &str) -> Option<(usize, usize)> {
    ROWS.iter().enumerate().find_map(|(row, modules)| {
        let place = modules.iter().position(|name| *name == module)?;
        Some((row, place))
    })
}

fn top_level(path: &str) -> &str {
    path.split("::").next().unwrap_or(path)
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
        } else if path.extension().is_some_and(|ending| ending == "rs") && name != "lib" {
            sources.insert(module, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Returns the paths that a source imports with `crate::`, outside comments and tests.
fn imports(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.chars().filter(|letter| !letter.is_whitespace()))
        .collect();
    let mut paths = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        expand(&code[at + start.len()..], "", &mut paths);
    }
    paths
}

/// Adds the paths of a use tree, and returns the length of its text.
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

#[test]
fn every_path_of_a_use_tree_is_found() {
    let source = "use crate::{\n    error::{Error, Fault},\n    token::{Token, read::Draft},\n};\n\
                  // use crate::request::TokenRequest;\nfn f() { crate::user::check(\"\"); }\n";
    assert_eq!(
        imports(source),
        [
            "error::Error",
            "error::Fault",
            "token::Token",
            "token::read::Draft",
            "user::check"
        ]
    );
}
