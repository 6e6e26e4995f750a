//! The tokens that the database rejected.

use alloc::{collections::VecDeque, sync::Arc};

use crate::token::Token;

/// The tokens that were rejected last.
///
/// If the clock goes back, or a request comes again that was dropped within the second, the same text is
/// signed once more.
#[derive(Clone, Debug, Default)]
pub(super) struct Rejected {
    /// At most [`MOST`], the oldest first.
    tokens: VecDeque<Arc<Token>>,
}

impl Rejected {
    pub(super) fn note(&mut self, token: &Token) {
        if !self.contains(token) {
            if self.tokens.len() == MOST {
                self.tokens.pop_front();
            }
            self.tokens.push_back(Arc::new(token.clone()));
        }
    }

    pub(super) fn contains(&self, token: &Token) -> bool {
        let text = token.expose_secret();
        self.tokens
            .iter()
            .any(|rejected| rejected.expose_secret() == text)
    }
}

/// More than one each for the hosts of a cluster that fails over. For a single request, more are rejected
/// one after the other only if no token is accepted at all.
const MOST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        credentials::Credentials, endpoint::Endpoint, error::Error, region::Region,
        request::TokenRequest, timestamp::Timestamp,
    };

    #[test]
    fn the_last_32_are_remembered_each_once() -> Result<(), Error> {
        let request = TokenRequest::new(Endpoint::new("db", 1)?, Region::new("r")?, "app")?;
        let credentials = Credentials::new("AKIDEXAMPLE", "s")?;
        let token = |second| {
            let at = Timestamp::from_unix_seconds(second)?;
            Ok::<_, Error>(request.sign(&credentials, at))
        };
        let mut rejected = Rejected::default();
        for second in (0..20).chain(10..32).chain([1]) {
            rejected.note(&token(second)?);
        }
        for second in 0..33 {
            assert_eq!(rejected.contains(&token(second)?), second < 32, "{second}");
        }
        rejected.note(&token(32)?);
        for second in 0..33 {
            assert_eq!(rejected.contains(&token(second)?), second > 0, "{second}");
        }
        Ok(())
    }
}
