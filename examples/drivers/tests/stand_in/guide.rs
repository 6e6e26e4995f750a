//! The guide on troubleshooting, which must explain every message that the tests see.

/// Returns `true` if a message is in a heading of the guide. An ellipsis there stands for anything.
pub fn explains(message: &str) -> bool {
    GUIDE
        .lines()
        .filter(|line| line.starts_with('#'))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .any(|heading| {
            let mut rest = message;
            heading.split('…').all(|part| match rest.split_once(part) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
        })
}

const GUIDE: &str = include_str!("../../../../src/guide/troubleshooting.md");
