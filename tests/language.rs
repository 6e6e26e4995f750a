//! The words of documents, summaries and messages.

use std::{fs, path::Path, path::PathBuf};

/// The first words that the summary of a public function may have: verbs in the third person.
const VERBS: &[&str] = &[
    "Accepts",
    "Adds",
    "Advances",
    "Answers",
    "Checks",
    "Compares",
    "Computes",
    "Concatenates",
    "Converts",
    "Copies",
    "Creates",
    "Decodes",
    "Derives",
    "Describes",
    "Drops",
    "Encodes",
    "Escapes",
    "Evaluates",
    "Explains",
    "Finds",
    "Formats",
    "Hashes",
    "Locks",
    "Moves",
    "Parses",
    "Quotes",
    "Rejects",
    "Removes",
    "Replaces",
    "Reports",
    "Resolves",
    "Returns",
    "Sets",
    "Shares",
    "Signs",
    "Splits",
    "Stops",
    "Subtracts",
    "Verifies",
    "Wipes",
    "Writes",
];

/// First words that no summary has, public or not.
const OTHER_VERBS: &[&str] = &[
    "Asks", "Counts", "Gives", "Goes", "Hands", "Joins", "Knows", "Says", "Stands", "Takes",
    "Tells",
];

/// Phrases that no document, message or comment has, in lowercase.
const BANNED: &[&str] = &[
    " anew",
    " as there.",
    "behaviour",
    "licence",
    " mend ",
    " mended",
    " mends",
    "now and then",
    "optimis",
    "internationalis",
    "normalis",
    "recognis",
    "serialis",
    "the moment from which",
    "to be had",
];

/// Starts of sentences that make a clause of a thing.
const CLAUSES: &[&str] = &["What ", "Where ", "Whoever "];

const VERBS_OF_CLAUSES: &[&str] = &["is ", "was ", "are ", "becomes "];

#[test]
fn the_summary_of_a_function_starts_with_a_verb_that_rust_users_know() {
    let mut wrong = Vec::new();
    let mut returns = 0;
    for (path, text) in files("src", "rs") {
        for (line, summary, is_public) in summaries(&text) {
            let word = summary.split([' ', ',', '.']).next().unwrap_or_default();
            returns += usize::from(is_public && word == "Returns");
            if OTHER_VERBS.contains(&word) || is_public && !VERBS.contains(&word) {
                wrong.push(format!("{}:{line}: {summary}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(returns >= 30, "{returns}");
}

#[test]
fn no_text_has_a_banned_phrase() {
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for (number, line) in text.lines().enumerate() {
            let lowercase = format!(" {} ", prose(line).to_lowercase());
            for phrase in BANNED {
                if lowercase.contains(phrase) {
                    wrong.push(format!(
                        "{}:{}:{phrase}: {line}",
                        path.display(),
                        number + 1
                    ));
                }
            }
            if is_clause(prose(line)) {
                wrong.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_headings_of_a_guide_are_unique() {
    for (path, text) in files("src/guide", "md") {
        let mut headings: Vec<_> = without_code(&text)
            .filter(|line| line.starts_with('#'))
            .collect();
        let count = headings.len();
        headings.sort_unstable();
        headings.dedup();
        assert_eq!(headings.len(), count, "{}", path.display());
    }
}

#[test]
fn the_readme_is_under_900_words_outside_code() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let words = without_code(&text)
        .flat_map(str::split_whitespace)
        .filter(|word| word.contains(char::is_alphanumeric))
        .count();
    assert!(words < 900, "{words}");
}

/// Returns the lines of a Markdown text that stand outside code blocks.
fn without_code(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n```")
        .step_by(2)
        .flat_map(|block| block.lines())
}

/// Returns the number and the first line of the documentation of every function, and `true` if the
/// function is public.
fn summaries(text: &str) -> Vec<(usize, &str, bool)> {
    let mut found = Vec::new();
    let mut summary = None;
    let mut depth = 0;
    let code = text
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    for (number, line) in code.lines().enumerate() {
        let line = line.trim();
        if let Some(words) = line.strip_prefix("///") {
            summary.get_or_insert((number + 1, words.trim()));
        } else if line.starts_with("#[") || depth > 0 {
            // An attribute may go over several lines.
            let opened = line.matches(['[', '(']).count();
            depth = (depth + opened).saturating_sub(line.matches([']', ')']).count());
        } else {
            let words: Vec<_> = line.split_whitespace().take(5).collect();
            if words.iter().take(4).any(|word| *word == "fn") {
                let is_public = words.first() == Some(&"pub");
                found.extend(summary.map(|(line, summary)| (line, summary, is_public)));
            }
            summary = None;
        }
    }
    found
}

/// Returns a line without the mark of a comment or a list.
fn prose(line: &str) -> &str {
    line.trim_start_matches(|letter: char| letter.is_whitespace() || "/!#*->|\"".contains(letter))
}

/// Returns `true` if a line starts with a relative clause, such as "What is signed".
fn is_clause(line: &str) -> bool {
    CLAUSES.iter().any(|start| {
        line.strip_prefix(start)
            .is_some_and(|rest| VERBS_OF_CLAUSES.iter().any(|verb| rest.starts_with(verb)))
    })
}

/// Returns every text that a user or a contributor reads, but this test.
fn documents() -> Vec<(PathBuf, String)> {
    let mut documents: Vec<_> = ["src", "examples", "fuzz", "benches", "tests"]
        .iter()
        .flat_map(|folder| {
            ["rs", "md", "html", "js", "mjs", "ts"]
                .iter()
                .flat_map(|ending| files(folder, ending))
        })
        .filter(|(path, _)| !path.ends_with("tests/language.rs"))
        .collect();
    for name in [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        let path = root().join(name);
        if let Ok(text) = fs::read_to_string(&path) {
            documents.push((path, text));
        }
    }
    documents
}

/// Returns the files of a folder with an ending, but those that were built.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<(PathBuf, String)>) {
    const BUILT: &[&str] = &["target", "node_modules", "corpus", "artifacts", "pkg"];

    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !BUILT.contains(&name) && !name.starts_with('.') {
                collect(&path, ending, found);
            }
        } else if path.extension().is_some_and(|found| found == ending) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
