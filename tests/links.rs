//! The relative links of the documents.

use std::{fs, path::Path};

/// Folders with a package of their own, which the published package does not contain.
const NESTED: &[&str] = &[
    "benches",
    "examples/cli",
    "examples/drivers",
    "examples/wasm",
    "fuzz",
];

/// Documents that are read outside the repository as well.
const PUBLISHED: &[&str] = &["CHANGELOG.md", "README.md", "src"];

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut documents = Vec::new();
    collect(root(), &mut documents);
    let mut count = 0;
    for path in documents {
        let text = fs::read_to_string(&path).unwrap();
        for target in links(&text) {
            let target = target.split('#').next().unwrap_or_default();
            let is_relative = !target.is_empty() && !target.contains("://");
            let is_item = target.contains("::") || !target.contains(['.', '/']);
            if !is_relative || is_item || is_nested(target) && !root().join("fuzz").exists() {
                continue;
            }
            count += 1;
            let file = path.parent().unwrap().join(target);
            assert!(file.exists(), "{}: {target}", path.display());
        }
    }
    let least = if root().join("fuzz").exists() { 10 } else { 3 };
    assert!(count > least, "{count}");
}

#[test]
fn what_the_package_lacks_is_said_to_be_in_the_repository() {
    let mut documents = Vec::new();
    for name in PUBLISHED {
        let path = root().join(name);
        if path.is_dir() {
            collect(&path, &mut documents);
        } else {
            documents.push(path);
        }
    }
    for path in documents {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for block in code
            .split("\n\n")
            .filter(|block| !block.starts_with("```") && !block.starts_with("<!--"))
        {
            let mention = NESTED.iter().find(|folder| {
                block.contains(&format!("{folder}/")) || block.contains(&format!("`{folder}`"))
            });
            if let Some(folder) = mention {
                assert!(
                    block.contains("repository"),
                    "{}: {folder}: {block}",
                    path.display()
                );
            }
        }
    }
}

fn is_nested(target: &str) -> bool {
    NESTED.iter().any(|folder| target.starts_with(folder))
}

/// Returns the targets of the inline links and images of a Markdown text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("](").filter_map(|(at, start)| {
        let target = text[at + start.len()..].split(')').next()?;
        (!target.contains(char::is_whitespace)).then_some(target)
    })
}

/// Adds the Markdown files of a folder, and the sources of the library.
fn collect(folder: &Path, documents: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !name.starts_with('.') && !matches!(name, "target" | "node_modules" | "pkg") {
                collect(&path, documents);
            }
        } else if path.extension().is_some_and(|ending| ending == "md")
            || path.starts_with(root().join("src"))
        {
            documents.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
