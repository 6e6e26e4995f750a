//! What was refused.

use alloc::{sync::Arc, vec::Vec};

use crate::token::Token;

/// The tokens that were refused last.
///
/// The clock may go back, the same credentials come again, or a request that was forgotten: then what
/// was refused is signed once more.
#[derive(Clone, Debug, Default)]
pub(super) struct Rejected {
    /// At most [`MOST`], the oldest first.
    tokens: Vec<Arc<Token>>,
}

impl Rejected {
    pub(super) fn note(&mut self, token: Arc<Token>) {
        if !self.contains(&token) {
            if self.tokens.len() == MOST {
                self.tokens.remove(0);
            }
            self.tokens.push(token);
        }
    }

    pub(super) fn contains(&self, token: &Token) -> bool {
        let text = token.expose_secret();
        self.tokens
            .iter()
            .any(|refused| refused.expose_secret() == text)
    }
}

/// More are refused one after the other only where no token does.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        credentials::Credentials, endpoint::Endpoint, error::Error, region::Region,
        request::TokenRequest, timestamp::Timestamp,
    };

    #[test]
    fn the_last_eight_are_remembered_each_once() -> Result<(), Error> {
        let request = TokenRequest::new(Endpoint::new("db", 1)?, Region::new("r")?, "app")?;
        let credentials = Credentials::new("AKIDEXAMPLE", "s")?;
        let token = |second| {
            let at = Timestamp::from_unix_seconds(second)?;
            Ok::<_, Error>(Arc::new(request.sign(&credentials, at)))
        };
        let mut refusals = Rejected::default();
        for second in [0, 1, 1, 2, 3, 4, 5, 6, 1, 7] {
            refusals.note(token(second)?);
        }
        for second in 0..9 {
            assert_eq!(refusals.contains(&*token(second)?), second < 8, "{second}");
        }
        refusals.note(token(8)?);
        for second in 0..9 {
            assert_eq!(refusals.contains(&*token(second)?), second > 0, "{second}");
        }
        Ok(())
    }
}
