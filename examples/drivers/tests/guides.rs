//! The code in the guide on pools: it compiles as it is printed, and does what the recipes do.

#[path = "guides/sqlx.rs"]
mod sqlx;
#[path = "guides/tokio_postgres.rs"]
mod tokio_postgres;

const POOLS: &str = include_str!("../../../src/guide/pools.md");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// The printed code, and the recipes that it is taken from.
const CODE: [(&str, &str); 2] = [
    (
        include_str!("guides/tokio_postgres.rs"),
        include_str!("../src/recipes/tokio_postgres.rs"),
    ),
    (
        include_str!("guides/sqlx.rs"),
        concat!(
            include_str!("../src/recipes/sqlx_refresh.rs"),
            include_str!("../src/recipes/sqlx_postgres.rs"),
        ),
    ),
];

/// Returns the blocks of a language in a document, without their fences.
fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let fences = document.split("```").skip(1).step_by(2);
    fences
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .collect()
}

#[test]
fn the_guide_prints_the_code_that_compiles_here() {
    let printed = blocks(POOLS, "text");
    assert_eq!(printed, CODE.map(|(code, _)| code));
    // What a reader calls.
    let _ = (sqlx::pool, tokio_postgres::Connector::connect);
}

#[test]
fn the_code_does_what_the_recipe_does() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (code, recipe) in CODE {
        let recipe = words(recipe);
        let functions = code.split("fn ").skip(1);
        let bodies: Vec<_> = functions
            .filter(|function| !function.starts_with("now("))
            .filter_map(|function| {
                let (_, rest) = function.split_once("{\n")?;
                let (body, _) = rest.split_once("\n}\n")?;
                Some(words(body.strip_suffix("\n    }").unwrap_or(body)))
            })
            .collect();
        assert_eq!(bodies.len(), 2);
        for body in bodies {
            assert!(recipe.contains(&body), "{body}");
        }
    }
}

#[test]
fn the_dependencies_in_the_guide_are_those_of_the_recipes() {
    let lines: Vec<_> = blocks(POOLS, "toml")
        .iter()
        .flat_map(|block| block.lines())
        .filter(|line| line.starts_with("sqlx") || line.starts_with("tokio-postgres"))
        .collect();
    assert_eq!(lines.len(), 3);
    for line in lines {
        let (package, _) = line.split_once(" = ").unwrap();
        let ours = MANIFEST
            .lines()
            .find(|ours| ours.starts_with(&format!("{package} = ")))
            .unwrap();
        assert!(
            ours == line || ours.replace(", \"mysql\"", "") == line,
            "{line}"
        );
    }
}
