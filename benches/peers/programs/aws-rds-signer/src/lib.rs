//! `aws_rds_signer`, which reads the keys from the environment and the clock, each time.

use std::{
    error::Error,
    pin::pin,
    task::{Context, Poll, Waker},
    time::SystemTime,
};

use aws_rds_signer::Signer;

/// Signs for one user at one endpoint, whatever the time and keys: it uses its own.
pub struct Generator {
    signer: Signer,
}

impl Generator {
    pub fn new(
        (host, port): (&str, u16),
        region: &str,
        user: &str,
        _keys: (&str, &str, Option<&str>),
        _at: SystemTime,
    ) -> Result<Self, Box<dyn Error>> {
        let signer = Signer::builder()
            .host(host)
            .port(port)
            .region(region)
            .user(user);
        Ok(Self {
            signer: signer.build(),
        })
    }

    pub fn sign(&self) -> Result<String, Box<dyn Error>> {
        // With keys in the environment nothing is waited for.
        let future = pin!(self.signer.fetch_token());
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(token) => Ok(token?),
            Poll::Pending => Err("it waits for something".into()),
        }
    }
}
