//! A lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock that ignores poisoning: no call leaves its value half changed, so it is whole even if a thread
/// panicked while it held the lock.
#[derive(Debug)]
pub(super) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(super) fn new(shared: T) -> Self {
        Self(Mutex::new(shared))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{boxed::Box, panic, thread};

    use super::*;

    #[test]
    fn a_lock_works_after_a_thread_panicked_while_it_held_it() {
        let lock = Lock::new("shared");
        thread::scope(|scope| {
            let panicked = scope.spawn(|| {
                let _shared = lock.lock();
                panic::resume_unwind(Box::new("on purpose"));
            });
            assert!(panicked.join().is_err());
        });
        assert!(lock.0.is_poisoned());
        assert_eq!(*lock.lock(), "shared");
        assert_eq!(lock.into_inner(), "shared");
    }
}
