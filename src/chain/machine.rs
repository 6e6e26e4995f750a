//! The two searches, as the caller drives them.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{
    chain::{
        answer::Answer,
        error::{Error, ErrorKind, Failure},
        need::{Ask, Need},
        region, resolve,
        run::{Entry, Outcome, Run, Stop},
        settings::Settings,
        source::Source,
    },
    credentials::Credentials,
    region::Region,
    timestamp::Timestamp,
};

/// A search for credentials, in the order of the `aws` command. See the [module](crate::chain).
pub struct CredentialChain(Search);

impl CredentialChain {
    /// Creates a search. A refresh is a new one.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Search::new(settings))
    }

    /// Returns what is needed next, or the end of the search.
    ///
    /// The step stays the same until it is answered. What is signed is dated with `now`, and expiry
    /// is compared with it.
    pub fn step(&mut self, now: Timestamp) -> Step<'_, Resolved> {
        self.0.step(now, resolve::credentials)
    }

    /// Adds the answer to what the last step needed.
    ///
    /// # Errors
    ///
    /// [`UnexpectedAnswer`] if nothing is needed, or something else; the step stays the same.
    pub fn answer(&mut self, answer: Answer) -> Result<(), UnexpectedAnswer> {
        self.0.answer(answer)
    }
}

impl fmt::Debug for CredentialChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show("CredentialChain", f)
    }
}

/// A search for the region, in the order of the `aws` command: [`Settings::with_region`],
/// `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile, and the instance's availability zone.
///
/// An RDS host name contains its region as well
/// ([`Endpoint::inferred_region`](crate::Endpoint::inferred_region)).
pub struct RegionChain(Search);

impl RegionChain {
    /// Creates a search.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Search::new(settings))
    }

    /// Returns what is needed next, or the region, or `None` if none is configured.
    pub fn step(&mut self, now: Timestamp) -> Step<'_, Option<Region>> {
        self.0.step(now, region::region)
    }

    /// Adds the answer to what the last step needed.
    ///
    /// # Errors
    ///
    /// [`UnexpectedAnswer`] if nothing is needed, or something else; the step stays the same.
    pub fn answer(&mut self, answer: Answer) -> Result<(), UnexpectedAnswer> {
        self.0.answer(answer)
    }
}

impl fmt::Debug for RegionChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show("RegionChain", f)
    }
}

/// The next step of a search for `T`.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a search needs something, is done, or has failed"
)]
pub enum Step<'a, T> {
    /// Something to be done, and to be answered.
    Need(Need<'a>),
    /// The result.
    Done(T),
    /// The search ended without a result.
    Failed(Error),
}

/// Credentials and their source.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub(crate) credentials: Credentials,
    pub(crate) account_id: Option<String>,
    pub(crate) source: Source,
    pub(crate) refresh_at: Option<Timestamp>,
    pub(crate) notes: Vec<String>,
}

impl Resolved {
    /// Returns the credentials, with their expiry if there is one.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the credentials alone.
    #[must_use]
    pub fn into_credentials(self) -> Credentials {
        self.credentials
    }

    /// Returns the account, if the source names it.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    /// Returns the source.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// Returns when to search again, or `None` if the credentials have no known expiry: 10 minutes
    /// before they expire, or halfway to it if less than 20 minutes are left.
    #[must_use]
    pub fn refresh_at(&self) -> Option<Timestamp> {
        self.refresh_at
    }

    /// Returns what went wrong on the way without ending the search, such as a refreshed token that
    /// could not be written.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// An answer that does not fit what is needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnexpectedAnswer;

impl fmt::Display for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer does not fit what the credential chain needs")
    }
}

impl core::error::Error for UnexpectedAnswer {}

/// The settings, the answers so far, and what is needed next.
struct Search {
    settings: Settings,
    answered: Vec<Entry>,
    pending: Option<(Timestamp, Ask)>,
}

impl Search {
    fn new(settings: Settings) -> Self {
        Self {
            settings,
            answered: Vec::new(),
            pending: None,
        }
    }

    fn step<T>(
        &mut self,
        now: Timestamp,
        search: impl for<'r> Fn(&mut Run<'r>) -> Outcome<T>,
    ) -> Step<'_, T> {
        if self.pending.is_none() {
            let mut run = Run::new(&self.settings, &self.answered, now);
            match search(&mut run) {
                Ok(result) => return Step::Done(result),
                Err(Stop::Failed(failure)) => {
                    return Step::Failed(Error::new(failure, run.attempts, run.profile));
                }
                Err(Stop::Need) => self.pending = run.pending.map(|ask| (now, ask)),
            }
        }
        match &self.pending {
            Some((_, ask)) => Step::Need(ask.need()),
            None => Step::Failed(Error::new(
                Failure::new(ErrorKind::Unsupported, "the search stopped without a need"),
                Vec::new(),
                None,
            )),
        }
    }

    fn answer(&mut self, answer: Answer) -> Result<(), UnexpectedAnswer> {
        let (at, ask) = self.pending.take().ok_or(UnexpectedAnswer)?;
        if !ask.accepts(&answer) {
            self.pending = Some((at, ask));
            return Err(UnexpectedAnswer);
        }
        self.answered.push(Entry { at, answer });
        Ok(())
    }

    fn show(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("answers", &self.answered.len())
            .field("need", &self.pending.as_ref().map(|(_, ask)| ask.need()))
            .finish_non_exhaustive()
    }
}
