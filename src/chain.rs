//! The AWS credential chain, without I/O.
//!
//! A search returns what it needs (variables, a file, an HTTP exchange, the output of a process), and
//! is passed the answer, until it has credentials or has failed with a report of what was tried. So a
//! blocking program, an async one, WebAssembly and a test run the same code; the guide
//! [`guide::credentials`](crate::guide::credentials) lists what a deployment needs, and the
//! repository has drivers to copy.
//!
//! The order of the sources, the profiles and the files are those of the `aws` command, version 2:
//! the search finds the identity that `aws sts get-caller-identity` prints.
//! [The guide](crate::guide::credentials#what-differs-from-the-aws-command) lists what differs on purpose.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::chain::{Answer, CredentialChain, Need, Settings, Step};
//! # use rds_iam_token::Timestamp;
//! # let now = Timestamp::MIN;
//!
//! fn perform(need: &Need<'_>) -> Answer {
//!     match need {
//!         Need::Variables(names) => Answer::Variables(
//!             names
//!                 .iter()
//!                 .map(|name| match name.as_str() {
//!                     "AWS_ACCESS_KEY_ID" => Some("AKIDEXAMPLE".into()),
//!                     "AWS_SECRET_ACCESS_KEY" => Some("not-a-real-secret".into()),
//!                     _ => None,
//!                 })
//!                 .collect(),
//!         ),
//!         _ => Answer::Unsupported("this example has variables only".into()),
//!     }
//! }
//!
//! let mut chain = CredentialChain::new(Settings::default());
//! let credentials = loop {
//!     let answer = match chain.step(now) {
//!         Step::Need(need) => perform(&need),
//!         Step::Done(resolved) => break resolved.into_credentials(),
//!         Step::Failed(error) => panic!("{}", error.report()),
//!     };
//!     chain.answer(answer)?;
//! };
//! assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
//! # Ok::<(), rds_iam_token::chain::UnexpectedAnswer>(())
//! ```

mod answer;
mod context;
mod document;
mod endpoint;
mod environment;
mod error;
mod format;
mod http;
mod http1;
mod keys;
mod machine;
mod need;
pub mod parse;
mod plan;
mod region;
mod resolve;
mod run;
mod settings;
mod shown;
mod source;
mod sts;

pub use answer::{Answer, HttpFailure, HttpResponse};
pub use error::{Attempt, Error, ErrorKind};
pub use machine::{CredentialChain, RegionChain, Resolved, Step, UnexpectedAnswer};
pub use need::{HttpRequest, Need};
pub use settings::{Platform, Settings};
pub use source::Source;
