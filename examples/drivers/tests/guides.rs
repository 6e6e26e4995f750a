//! The code in the guides, which is that of the recipes.

#[test]
fn the_code_in_the_guide_on_pools_stands_in_a_recipe() {
    let code = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let recipes = RECIPES.map(code);
    let blocks: Vec<_> = POOLS.split("```").skip(1).step_by(2).collect();
    let shown = blocks
        .iter()
        .filter_map(|block| block.strip_prefix("text\n"));
    let mut count = 0;
    for block in shown {
        let block = code(block);
        assert!(
            recipes.iter().any(|recipe| recipe.contains(&block)),
            "{block}"
        );
        count += 1;
    }
    assert_eq!(count, 2);
}

const POOLS: &str = include_str!("../../../src/guide/pools.md");

const RECIPES: [&str; 2] = [
    include_str!("../src/recipes/sqlx_refresh.rs"),
    include_str!("../src/recipes/tokio_postgres.rs"),
];
