//! Patterns of IAM: `*`, `?` and policy variables.

use alloc::vec::Vec;

/// How a pattern and a text compare.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Match {
    /// The pattern does not match, whatever its variables are.
    No,
    /// The value of a variable decides.
    Unknown,
    /// The pattern matches.
    Yes,
}

/// Compares a text with a pattern, in which `${…}` is a variable if `variables` is set.
///
/// `*` matches any characters and `?` one (IAM User Guide, "IAM JSON policy elements:
/// Resource"); `${*}`, `${?}` and `${$}` match the character itself ("IAM policy elements: Variables and
/// tags").
pub(super) fn compare(pattern: &str, text: &str, variables: bool) -> Match {
    let tokens = tokens(pattern, variables);
    if !matches(&tokens, text) {
        Match::No
    } else if tokens.contains(&Token::Variable) {
        Match::Unknown
    } else {
        Match::Yes
    }
}

/// Returns the place of the first `*`, `?` or `${`.
pub(super) fn wildcard(text: &str) -> Option<usize> {
    [text.find(['*', '?']), text.find("${")]
        .into_iter()
        .flatten()
        .min()
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Token {
    /// `*`
    Any,
    /// `?`
    One,
    Literal(char),
    /// A policy variable, whose value may be any text.
    Variable,
}

fn tokens(mut pattern: &str, variables: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    while let Some(character) = pattern.chars().next() {
        let variable = variables
            .then(|| pattern.strip_prefix("${")?.split_once('}'))
            .flatten();
        if let Some((name, rest)) = variable {
            tokens.push(match name {
                "*" => Token::Literal('*'),
                "?" => Token::Literal('?'),
                "$" => Token::Literal('$'),
                _ => Token::Variable,
            });
            pattern = rest;
            continue;
        }
        tokens.push(match character {
            '*' => Token::Any,
            '?' => Token::One,
            _ => Token::Literal(character),
        });
        pattern = pattern.get(character.len_utf8()..).unwrap_or_default();
    }
    tokens
}

/// Compares from left to right, and on a mismatch lets the last `*` match one more character.
fn matches(tokens: &[Token], text: &str) -> bool {
    let (mut tokens, mut text) = (tokens, text.chars());
    let mut retry = None;
    loop {
        let mut rest = text.clone();
        match (tokens.split_first(), rest.next()) {
            (None, None) => return true,
            (Some((Token::Any | Token::Variable, after)), _) => {
                retry = Some((after, text.clone()));
                tokens = after;
                continue;
            }
            (Some((Token::One, after)), Some(_)) => {
                (tokens, text) = (after, rest);
                continue;
            }
            (Some((Token::Literal(literal), after)), Some(character)) if *literal == character => {
                (tokens, text) = (after, rest);
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        (tokens, text) = (after, from.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_as_in_iam() {
        for (pattern, text, outcome) in [
            ("", "", Match::Yes),
            ("", "a", Match::No),
            ("*", "", Match::Yes),
            ("*", "a:b/c", Match::Yes),
            ("app", "app", Match::Yes),
            ("app", "App", Match::No),
            ("app", "apps", Match::No),
            ("app_*", "app_", Match::Yes),
            ("app_*", "app", Match::No),
            ("?pp", "äpp", Match::Yes),
            ("?pp", "pp", Match::No),
            ("*a*b", "xaxbxb", Match::Yes),
            ("*a*b", "xaxbx", Match::No),
            ("a*?c", "abc", Match::Yes),
            ("a*?c", "ac", Match::No),
            ("${aws:username}", "jane", Match::Unknown),
            ("${aws:username}", "", Match::Unknown),
            ("db_${aws:username}", "jane", Match::No),
            ("${*}", "*", Match::Yes),
            ("${*}", "a", Match::No),
            ("a${$}b${?}", "a$b?", Match::Yes),
            // Not a variable.
            ("${aws", "${aws", Match::Yes),
            ("$a", "$a", Match::Yes),
        ] {
            assert_eq!(compare(pattern, text, true), outcome, "{pattern} {text}");
        }
        // Without variables the text of one is literal, with `*` in it.
        assert_eq!(compare("${aws:username}", "jane", false), Match::No);
        assert_eq!(compare("${*}", "${x}", false), Match::Yes);
    }

    #[test]
    fn a_pattern_of_many_asterisks_takes_little_time() {
        let pattern = "*a".repeat(500) + "b";
        assert_eq!(compare(&pattern, &"a".repeat(4000), true), Match::No);
    }
}
