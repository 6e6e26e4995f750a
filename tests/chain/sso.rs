//! IAM Identity Center: the keys of a role, and the token that is refreshed.

use rds_iam_token::chain::{
    Answer, ErrorKind, HttpResponse, Need, Resolved, Settings,
    parse::{self, sso_cache_name},
};

use crate::world::{SSO, World, no_response, response};

const SSO_KEYS: &str = r#"{"roleCredentials": {"accessKeyId": "ASIDEXAMPLE",
    "secretAccessKey": "not-a-real-secret", "sessionToken": "not-a-real-token",
    "expiration": 1700003600000}}"#;

fn cache_path() -> String {
    format!("/home/u/.aws/sso/cache/{}", sso_cache_name("s"))
}

/// The file of a person's token that expires at the time given.
fn token_file(expires: &str) -> String {
    format!(
        r#"{{"accessToken": "not-a-real-token", "expiresAt": "{expires}", "clientId": "c",
            "clientSecret": "not-a-real-secret", "refreshToken": "not-a-real-refresh-token",
            "registrationExpiresAt": "2023-12-14T22:13:20Z"}}"#
    )
}

/// A machine on which a person is logged in until the time given.
fn logged_in(expires: &str) -> World {
    World::with_config(SSO).file(&cache_path(), &token_file(expires))
}

const FOR_HOURS: &str = "2023-11-15T02:13:20Z";
const FOR_MINUTES: &str = "2023-11-14T22:14:20Z";
const NO_LONGER: &str = "2023-11-14T22:12:20Z";

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn identity_center_is_named_with_what_it_answers() {
    let whom = "IAM Identity Center: portal.sso.eu-west-1.amazonaws.com";
    let assignment = "ask for the assignment of Reader in account 123456789012: aws sso \
        list-account-roles shows what is assigned";
    let proxy = "allow connections from this machine to portal.sso.eu-west-1.amazonaws.com, or set \
        HTTPS_PROXY";
    let login = "run aws sso login --sso-session s";
    let page = "check whether a login page, firewall or proxy answers in place of the service";
    let no_remedies: &[&str] = &[];
    for (status, code, body, requests, kind, end, remedies) in [
        (
            200,
            "",
            "<html>",
            1,
            ErrorKind::Document,
            ": the document is HTML or XML instead of JSON",
            &[page][..],
        ),
        (
            400,
            "InvalidRequestException:http://internal.amazon.com/",
            r#"{"message": "m"}"#,
            1,
            ErrorKind::ServiceRefused,
            ": rejected with InvalidRequestException: m",
            no_remedies,
        ),
        (
            400,
            "",
            "",
            1,
            ErrorKind::HttpStatus,
            " answered with status 400",
            no_remedies,
        ),
        (
            401,
            "",
            "",
            1,
            ErrorKind::SsoTokenExpired,
            " no longer accepts the access token",
            &[login],
        ),
        (
            403,
            "ForbiddenException",
            r#"{"message": "No access"}"#,
            1,
            ErrorKind::ServiceRefused,
            ": rejected with ForbiddenException: No access",
            &[assignment],
        ),
        (
            404,
            "",
            "",
            1,
            ErrorKind::HttpStatus,
            " answered with status 404",
            &[assignment],
        ),
        (
            429,
            "TooManyRequestsException",
            "",
            3,
            ErrorKind::ServiceRefused,
            ": rejected with TooManyRequestsException",
            no_remedies,
        ),
        (
            500,
            "ServerException",
            "",
            3,
            ErrorKind::HttpStatus,
            " answered with status 500",
            no_remedies,
        ),
        (
            0,
            "",
            "",
            3,
            ErrorKind::Unreachable,
            " did not answer: no response in time",
            &[proxy],
        ),
    ] {
        let mut sent = 0;
        let found = logged_in(FOR_HOURS).resolve(Settings::default(), |need| {
            assert!(matches!(need, Need::Http(_)), "{need:?}");
            sent += 1;
            match (status, code) {
                (0, _) => no_response(),
                (_, "") => response(status, body),
                _ => Answer::Http(HttpResponse::new(
                    status,
                    [("x-amzn-ErrorType", code)],
                    body,
                )),
            }
        });
        let error = found.unwrap_err();
        assert_eq!(error.to_string(), format!("{whom}{end}"), "{status} {code}");
        assert_eq!((error.kind(), sent), (kind, requests), "{status} {code}");
        assert_eq!(error.remedies(), remedies, "{status} {code}");
    }
}

/// Answers the refresh, the write of the refreshed token and the request of keys.
fn refreshed(
    expires: &str,
    refresh: impl Fn() -> Answer,
    write: impl Fn() -> Answer,
) -> (Result<Resolved, String>, usize) {
    let mut refreshes = 0;
    let found = logged_in(expires).resolve(Settings::default(), |need| match need {
        Need::Http(request) if request.method() == "POST" => {
            refreshes += 1;
            refresh()
        }
        Need::Http(_) => response(200, SSO_KEYS),
        Need::WriteFile { path, .. } => {
            assert_eq!(
                format!("{need:?}"),
                format!("WriteFile {{ path: {path:?}, .. }}")
            );
            write()
        }
        need => panic!("{need:?}"),
    });
    (found.map_err(|error| error.to_string()), refreshes)
}

#[test]
fn a_refresh_that_fails_is_noted_while_the_token_lasts_and_an_error_after_that() {
    let whom = "oidc.eu-west-1.amazonaws.com";
    for (status, body, requests, end) in [
        (
            200,
            "<html>",
            1,
            ": the document is HTML or XML instead of JSON",
        ),
        (200, "{}", 1, ": accessToken is missing"),
        (
            400,
            r#"{"error": "invalid_grant"}"#,
            1,
            ": rejected with invalid_grant",
        ),
        (400, "{}", 1, " answered with status 400"),
        (400, "<html>", 1, " answered with status 400"),
        (429, "", 3, " answered with status 429"),
        (500, "", 3, " answered with status 500"),
        (0, "", 3, " did not answer: no response in time"),
    ] {
        let answer = || match status {
            0 => no_response(),
            _ => response(status, body),
        };
        let (found, sent) = refreshed(FOR_MINUTES, answer, || panic!("nothing to write"));
        let note = format!("the token was not refreshed: {whom}{end}");
        assert_eq!(
            (found.unwrap().notes(), sent),
            (&[note][..], requests),
            "{status} {body}"
        );

        let (found, sent) = refreshed(NO_LONGER, answer, || panic!("nothing to write"));
        let expired =
            "IAM Identity Center: the access token expired at 2023-11-14T22:12:20Z, 60 s ago";
        let between = if status == 0 {
            ": "
        } else {
            "; the refresh failed: "
        };
        let text = format!("{expired}{between}{whom}{end}");
        assert_eq!(
            (found.unwrap_err(), sent),
            (text, requests),
            "{status} {body}"
        );
    }
}

#[test]
fn a_token_is_refreshed_if_its_file_has_all_that_is_needed() {
    const NOW: &str = "2023-11-14T22:13:20Z";
    let path = cache_path();
    for (expires, end, client, is_refreshed) in [
        (NOW, "2023-11-14T22:13:21Z", "clientId", true),
        (NOW, NOW, "clientId", false),
        (NOW, "2023-12-14T22:13:20Z", "otherId", false),
    ] {
        let token = token_file(expires)
            .replace("2023-12-14T22:13:20Z", end)
            .replace("clientId", client);
        let parsed = parse::sso_token(token.as_bytes()).unwrap();
        assert_eq!(parsed.is_refreshable, client == "clientId");
        let mut is_asked = false;
        let found =
            World::with_config(SSO)
                .file(&path, &token)
                .resolve(Settings::default(), |need| {
                    assert!(matches!(need, Need::Http(_)), "{need:?}");
                    is_asked = true;
                    response(400, "{}")
                });
        let error = found.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::SsoTokenExpired,
            "{}",
            error.report()
        );
        assert_eq!(is_asked, is_refreshed, "{end} {client}");
    }
}

#[test]
fn a_refreshed_token_that_cannot_be_written_is_noted() {
    let refreshed_token = r#"{"accessToken": "not-a-real-second-token", "expiresIn": 28800}"#;
    let path = cache_path();
    let note = format!("the refreshed token could not be written to {path}");
    for (answer, notes) in [
        (Answer::Written as Answer, vec![]),
        (
            Answer::Unreadable("read-only file system".into()),
            vec![note.clone()],
        ),
        (Answer::Unsupported("no files".into()), vec![note]),
    ] {
        let write = std::cell::RefCell::new(Some(answer));
        let (found, _) = refreshed(
            NO_LONGER,
            || response(200, refreshed_token),
            || write.take().unwrap(),
        );
        assert_eq!(found.unwrap().notes(), notes);
    }
}
