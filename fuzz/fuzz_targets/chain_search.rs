//! Whatever is answered, a search ends, and shows nothing that looks secret.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Timestamp,
    chain::{Answer, CredentialChain, HttpFailure, HttpResponse, Need, Settings, Step},
};

const SECRET: &str = "nOt4rEaLsEcReT0123456789";

/// Three attempts for each request of a search, and the files between; roles come on top.
const MAX_STEPS: usize = 100;

fuzz_target!(|data: &[u8]| {
    let mut chunks = data.split(|byte| *byte == 0).cycle();
    let mut chain = CredentialChain::new(Settings::default());
    let mut now = 1_700_000_000;
    let mut roles = 0;
    for step in 0.. {
        assert!(step < MAX_STEPS + 4 * roles, "no end after {step} steps");
        // Time passes, and jumps back.
        now += if step % 7 == 6 { -30 } else { 20 };
        let chunk = chunks.next().unwrap_or_default();
        let (kind, text) = chunk
            .split_first()
            .map_or((b' ', chunk), |(kind, text)| (*kind, text));
        let text = String::from_utf8_lossy(text).replace("%S", SECRET);
        let at = Timestamp::from_unix_seconds(now).unwrap();
        let answer = match chain.step(at) {
            Step::Need(need) => {
                assert!(!format!("{need:?}").contains(SECRET));
                if matches!(need, Need::File(_)) {
                    roles += text.matches("role_arn").count();
                }
                fitting(&need, kind, text)
            }
            Step::Done(resolved) => {
                assert!(!resolved.notes().concat().contains(SECRET));
                return;
            }
            Step::Failed(error) => {
                assert_eq!(error.to_string().lines().count(), 1, "{error}");
                assert!(!format!("{error:?}{}", error.report()).contains(SECRET));
                return;
            }
            _ => return,
        };
        chain.answer(answer).unwrap();
    }
});

fn fitting(need: &Need<'_>, kind: u8, text: String) -> Answer {
    if kind == b'u' {
        return Answer::Unsupported("no".into());
    }
    match need {
        // `NAME=value` a line.
        Need::Variables(names) => {
            let value = |name: &String| {
                let mut lines = text.lines().filter_map(|line| line.split_once('='));
                lines
                    .find(|(given, _)| given == name)
                    .map(|(_, value)| value.into())
            };
            Answer::Variables(names.iter().map(value).collect())
        }
        Need::File(_) if kind == b'm' => Answer::Missing,
        Need::File(_) if kind == b'r' => Answer::Unreadable(text),
        Need::File(_) => Answer::File(text.into_bytes()),
        Need::WriteFile { .. } => Answer::Written,
        Need::Http(_) => match kind {
            b'c' => no_response(HttpFailure::ConnectTimeout, text),
            b'r' => no_response(HttpFailure::ReadTimeout, text),
            b'4' => Answer::Http(HttpResponse::new(401, [("x-amzn-errortype", "A")], text)),
            b'5' => Answer::Http(HttpResponse::new(500, [("a", "b")], text)),
            _ => Answer::Http(HttpResponse::new(
                200,
                [("date", "Tue, 14 Nov 2023 22:13:20 GMT")],
                text,
            )),
        },
        Need::Process { .. } => Answer::Exited {
            status: Some(i32::from(kind == b'x')),
            stdout: text.clone().into_bytes(),
            stderr: text.into_bytes(),
        },
        _ => Answer::MfaCode(text),
    }
}

fn no_response(failure: HttpFailure, detail: String) -> Answer {
    Answer::NoResponse { failure, detail }
}
