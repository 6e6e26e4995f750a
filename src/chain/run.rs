//! One run of a search over the answers so far.
//!
//! A search is a plain function. It asks in the middle of its code; a need without an answer ends
//! the run, and the next run starts from the beginning with one answer more. So each source reads
//! from top to bottom, a step is pure, and no need can repeat without progress. Each answer keeps
//! the time at which it was asked for, so that a later run decides as the earlier ones did.

use alloc::{string::String, vec::Vec};

use crate::{
    chain::{
        answer::Answer,
        error::{Attempt, Failure},
        need::Ask,
        settings::Settings,
        source::Source,
    },
    timestamp::Timestamp,
};

/// Why a run ends before its end.
pub(crate) enum Stop {
    /// The next answer is missing; what is needed is in `Run::pending`.
    Need,
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Stop {
    /// Sets the source of a failure, unless one nearer to the cause is set.
    pub(crate) fn at(self, source: Source) -> Self {
        match self {
            Self::Need => self,
            Self::Failed(failure) => Self::Failed(failure.at(source)),
        }
    }
}

pub(crate) type Outcome<T> = Result<T, Stop>;

/// An answer, and the time when it was asked for.
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) answer: Answer,
}

pub(crate) struct Run<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) pending: Option<Ask>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) notes: Vec<String>,
    /// The profile that is called.
    pub(crate) profile: Option<&'a str>,
    answered: core::slice::Iter<'a, Entry>,
    now: Timestamp,
    steps: u64,
}

impl<'a> Run<'a> {
    pub(crate) fn new(settings: &'a Settings, answered: &'a [Entry], now: Timestamp) -> Self {
        Self {
            settings,
            pending: None,
            attempts: Vec::new(),
            notes: Vec::new(),
            profile: None,
            answered: answered.iter(),
            now,
            steps: 0,
        }
    }

    /// Returns the next answer, or ends the run with the need for it.
    pub(crate) fn ask(&mut self, need: impl FnOnce() -> Ask) -> Outcome<&'a Answer> {
        self.steps += 1;
        if let Some(entry) = self.answered.next() {
            return Ok(&entry.answer);
        }
        self.pending = Some(need());
        Err(Stop::Need)
    }

    /// Returns the time at this point of the run.
    pub(crate) fn now(&self) -> Timestamp {
        self.answered
            .as_slice()
            .first()
            .map_or(self.now, |entry| entry.at)
    }

    /// Returns a number that differs from one point of the run to the next (`SplitMix64`).
    pub(crate) fn random(&self) -> u64 {
        let mut mixed = self
            .settings
            .seed
            .wrapping_add(self.steps.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Notes that a source has no credentials.
    pub(crate) fn pass_over(&mut self, source: Source, reason: impl Into<String>) {
        self.attempts.push(Attempt {
            source,
            reason: reason.into(),
            remedy: None,
            is_likely: false,
        });
    }

    /// Notes that a source has no credentials, and what would help if it should have some.
    pub(crate) fn pass_over_with(
        &mut self,
        source: Source,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.pass_over(source, reason);
        if let Some(tried) = self.attempts.last_mut() {
            tried.remedy = Some(remedy.into());
        }
    }

    /// Notes that a source has no credentials, although it seems that it should have some.
    pub(crate) fn suspect(
        &mut self,
        source: Source,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.pass_over_with(source, reason, remedy);
        if let Some(tried) = self.attempts.last_mut() {
            tried.is_likely = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of `SplitMix64` from 1234567, as other implementations test theirs.
    const OUTPUTS: [u64; 5] = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];

    #[test]
    fn each_point_of_a_run_has_the_next_number() -> Result<(), crate::error::Error> {
        let settings = Settings::default().with_seed(1_234_567);
        let now = Timestamp::from_unix_seconds(0)?;
        let answered = OUTPUTS.map(|_| Entry {
            at: now,
            answer: Answer::Missing,
        });
        let mut run = Run::new(&settings, &answered, now);
        for expected in OUTPUTS {
            assert!(run.ask(|| Ask::File(String::new())).is_ok());
            assert_eq!(run.random(), expected);
        }
        Ok(())
    }
}
