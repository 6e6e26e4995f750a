//! A server that accepts tokens.

use std::{error::Error, fs, path::Path, time::Instant};

use rds_iam_token::{
    Credentials, Endpoint, Region, Timestamp, Verifier,
    diagnose::{Diagnosis, Expected, diagnose},
    policy::{
        DbUserArn,
        check::{Policy, Verdict},
    },
};

use crate::{files, iam::Refusal};

/// A server that accepts tokens.
pub(crate) struct Server {
    endpoint: Endpoint,
    region: Region,
    account: String,
    resource_id: String,
    keys: Vec<Credentials>,
    /// Returns the policy of a key.
    policies: Policies,
}

type Policies = Box<dyn Fn(&str) -> Result<Option<Policy>, Box<dyn Error>>>;

/// A login, as the client asks for it: nothing in it is to be trusted.
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// A reason to refuse a login.
struct Reason {
    class: Refusal,
    message: String,
    /// Further lines, without the indentation.
    details: Vec<String>,
}

impl Server {
    pub(crate) fn read(folder: &Path, engine: &str) -> Result<Self, Box<dyn Error>> {
        let config = fs::read_to_string(folder.join("config"))?;
        let policies = folder.to_owned();
        Ok(Self {
            endpoint: files::setting(&config, engine)?.parse()?,
            region: Region::new(files::setting(&config, "region")?)?,
            account: files::setting(&config, "account")?,
            resource_id: files::setting(&config, "resource")?,
            keys: files::keys(folder)?,
            policies: Box::new(move |key| files::policy(&policies, key)),
        })
    }

    /// Returns whether to let the user in, and the entry for the log.
    pub(crate) fn decide(&self, login: &Login, at: Timestamp, throttled: bool) -> (bool, String) {
        let Login { user, password } = login;
        let started = Instant::now();
        let verdict = if throttled {
            Err(Reason {
                class: Refusal::Throttled,
                message: "too many new connections in this second".to_owned(),
                details: Vec::new(),
            })
        } else {
            self.verify(login, at)
        };
        let took = started.elapsed().as_micros();

        let mut known = Expected::new()
            .with_endpoint(self.endpoint.clone())
            .with_region(self.region.clone())
            .with_time(at);
        let shown_user = plain(user);
        // A finding repeats the user who is expected.
        if shown_user == *user {
            known = known.with_user(user.as_str());
        }
        let diagnosis = diagnose(password, &known);
        let answer = match &verdict {
            Ok(()) => "let in".to_owned(),
            Err(reason) => format!("refused: {}", reason.message),
        };
        let mut entry = format!(
            "{at} {} {}: {answer} ({}, {} characters, {took} µs)\n",
            self.endpoint,
            shown_user,
            describe(&diagnosis),
            password.len(),
        );
        if let Err(reason) = &verdict {
            entry += &format!("    {}\n", reason.class.line(&shown_user));
            for line in &reason.details {
                entry += &format!("    {line}\n");
            }
            for finding in diagnosis.findings() {
                entry += &format!("    {finding}: {}\n", finding.remedy());
            }
        }
        (verdict.is_ok(), entry)
    }

    fn verify(&self, login: &Login, at: Timestamp) -> Result<(), Reason> {
        let verifier = Verifier::new(self.endpoint.clone(), self.region.clone());
        let verified = verifier.verify_user(&login.password, &login.user, at, |id: &str| {
            self.keys.iter().find(|key| key.access_key_id() == id)
        });
        match verified {
            Ok(verified) => self.authorize(verified.access_key_id(), &login.user),
            Err(error) => Err(Reason {
                class: Refusal::from(&error),
                message: error.to_string(),
                details: Vec::new(),
            }),
        }
    }

    /// Checks the policy of a key, as IAM does: without an `Allow`, the login is denied.
    fn authorize(&self, key: &str, user: &str) -> Result<(), Reason> {
        let refuse = |class, message: String, details| {
            Err(Reason {
                class,
                message,
                details,
            })
        };
        let policy = match (self.policies)(key) {
            Ok(Some(policy)) => policy,
            Ok(None) => {
                let message = "the key has no policy".to_owned();
                return refuse(Refusal::NotAuthorized, message, Vec::new());
            }
            Err(error) => return refuse(Refusal::Internal, error.to_string(), Vec::new()),
        };
        let region = self.region.clone();
        // A user whom no policy can name is one whom none allows by name.
        let user_arn = DbUserArn::new(region, &*self.account, &*self.resource_id, user);
        let report = match user_arn {
            Ok(arn) => policy.check(&arn),
            Err(error) => return refuse(Refusal::NotAuthorized, error.to_string(), Vec::new()),
        };
        if report.verdict() == Verdict::Allowed {
            return Ok(());
        }
        // The report repeats the user, who may have a piece of a token or of this log as a name.
        let details = if plain(user) == user {
            report.to_string().lines().map(plain_line).collect()
        } else {
            Vec::new()
        };
        let message = "the policy of the key does not allow rds-db:connect".to_owned();
        refuse(Refusal::NotAuthorized, message, details)
    }
}

/// Returns a line of a report on a policy without what could be taken for the end of it.
fn plain_line(line: &str) -> String {
    line.chars().filter(|letter| !letter.is_control()).collect()
}

/// Describes a token by its key and date, as far as they may be shown.
fn describe(diagnosis: &Diagnosis) -> String {
    let shown = |name: &str| {
        let field = diagnosis.fields().iter().find(|field| field.name() == name);
        field.map(|field| field.value().to_owned())
    };
    match (shown("access key id"), shown("signed at")) {
        (Some(key), Some(at)) => format!("{key}, signed at {at}"),
        (Some(key), None) => key,
        _ => "no token".to_owned(),
    }
}

/// Returns the name of a user for the log: letters, digits and `-_.@` as they are, anything else
/// escaped. A run of 20 letters and digits may be a piece of a token in the wrong field: of such a
/// name, and of a long one, only the length is written.
pub(crate) fn plain(user: &str) -> String {
    let has_run = user
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|run| run.len() >= 20);
    if has_run || user.len() > 63 {
        return format!("(not shown, {} bytes)", user.len());
    }
    user.chars()
        .map(|letter| match letter {
            '-' | '_' | '.' | '@' => letter.to_string(),
            _ if letter.is_alphanumeric() => letter.to_string(),
            _ => letter.escape_unicode().to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rds_iam_token::TokenRequest;

    use super::*;

    const ALLOW: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:*:*:dbuser:db-ABCDEFGHIJKL01234/app"}]}"#;

    type Outcome = Result<(), Box<dyn Error>>;

    fn server() -> Result<Server, Box<dyn Error>> {
        Ok(Server {
            endpoint: Endpoint::new("localhost", 54320)?,
            region: Region::new("eu-west-1")?,
            account: "111122223333".to_owned(),
            resource_id: "db-ABCDEFGHIJKL01234".to_owned(),
            keys: vec![Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?],
            policies: Box::new(|_| Ok(Some(ALLOW.parse()?))),
        })
    }

    fn login(user: &str, password: &str) -> Login {
        Login {
            user: user.to_owned(),
            password: password.to_owned(),
        }
    }

    fn token(server: &Server) -> Result<String, Box<dyn Error>> {
        let request = TokenRequest::new(server.endpoint.clone(), server.region.clone(), "app")?;
        let token = request.sign(&server.keys[0], Timestamp::MIN);
        Ok(token.into_exposed_string())
    }

    #[test]
    fn a_good_token_is_let_in_with_one_line() -> Outcome {
        let server = server()?;
        let (lets_in, entry) =
            server.decide(&login("app", &token(&server)?), Timestamp::MIN, false);
        assert!(lets_in);
        let start = "1970-01-01T00:00:00Z localhost:54320 app: let in (AKIDEXAMPLE, signed at \
                     1970-01-01T00:00:00Z, ";
        assert!(entry.starts_with(start), "{entry}");
        assert_eq!(entry.lines().count(), 1);
        Ok(())
    }

    #[test]
    fn a_client_writes_nothing_of_its_own_into_the_log() -> Outcome {
        let server = server()?;
        let token = token(&server)?;
        let (before, signature) = token.split_at(token.len() - 64);
        let forged = "%0A1970-01-01T00:00:00Z%20localhost%3A54320%20app%3A%20let%20in%20(";
        for (user, password) in [
            ("app\n1970-01-01T00:00:00Z app: let in (", "hunter2"),
            ("app: let in (AKIDEXAMPLE, signed at 1970", "hunter2"),
            ("app: let in (AKIDEXAMPLE, signed at 1970", &token),
            ("app\u{1b}[2J\u{202e}", "hunter2"),
            ("app\u{1b}[2J\u{202e}", &token),
            (&token, "hunter2"),
            (signature, "hunter2"),
            (&signature[..40], "hunter2"),
            ("app", signature),
            // A key id with all of a forged line, an escape sequence, and a signature in it.
            (
                "app",
                &token.replace("AKIDEXAMPLE", &["A", forged].concat()),
            ),
            ("app", &token.replace("AKIDEXAMPLE", "A%1B%5B2J")),
            ("app", &token.replace("AKIDEXAMPLE", signature)),
            (
                "app",
                &before.replace("DBUser=app", &["DBUser=", signature].concat()),
            ),
            ("app", &token.replace("eu-west-1", signature)),
            (
                "app",
                &token.replace(
                    "eu-west-1",
                    &["eu-west-1%26X-Amz-Signature%3D", signature].concat(),
                ),
            ),
            (
                "app",
                &token.replace("localhost", &["local", forged].concat()),
            ),
        ] {
            let (lets_in, entry) = server.decide(&login(user, password), Timestamp::MIN, false);
            assert!(!lets_in, "{entry}");
            assert_eq!(entry.matches("let in").count(), 0, "{entry}");
            assert!(
                entry.chars().all(|c| c == '\n' || !c.is_control()),
                "{entry}"
            );
            assert!(!entry.contains('\u{202e}'), "{entry}");
            for start in 0..signature.len() - 20 {
                assert!(!entry.contains(&signature[start..start + 20]), "{entry}");
            }
            assert!(
                entry.lines().skip(1).all(|line| line.starts_with("    ")),
                "{entry}"
            );
        }
        Ok(())
    }

    #[test]
    fn each_refusal_has_the_line_that_rds_writes() -> Outcome {
        let mut server = server()?;
        let good = token(&server)?;
        let later = Timestamp::from_unix_seconds(901)?;
        let elsewhere = ALLOW.replace("db-ABC", "db-XYZ");
        let of = |text: String| -> Policies { Box::new(move |_| Ok(Some(text.parse()?))) };
        let no = "the policy of the key does not allow rds-db:connect";
        for (password, at, throttled, policies, status, message) in [
            (
                "hunter2",
                Timestamp::MIN,
                false,
                of(ALLOW.to_owned()),
                "400, Error Code: InvalidToken",
                "refused: ",
            ),
            (
                &*good,
                later,
                false,
                of(ALLOW.to_owned()),
                "400, Error Code: ExpiredToken",
                "the token expired at",
            ),
            (
                &*good,
                Timestamp::MIN,
                true,
                of(ALLOW.to_owned()),
                "429, Error Code: ThrottlingException",
                "too many",
            ),
            (
                &*good,
                Timestamp::MIN,
                false,
                of(elsewhere),
                "403, Error Code: NotAuthorized",
                no,
            ),
            (
                &*good,
                Timestamp::MIN,
                false,
                of(ALLOW.replace("Allow", "Deny")),
                "403, Error Code: NotAuthorized",
                no,
            ),
            (
                &*good,
                Timestamp::MIN,
                false,
                Box::new(|_| Ok(None)),
                "403, Error Code: NotAuthorized",
                "the key has no policy",
            ),
            (
                &*good,
                Timestamp::MIN,
                false,
                of("{".to_owned()),
                "500, Error Code: InternalError",
                "invalid JSON",
            ),
        ] {
            server.policies = policies;
            let (lets_in, entry) = server.decide(&login("app", password), at, throttled);
            assert!(!lets_in, "{entry}");
            assert!(entry.contains(message), "{entry}");
            let line = entry.lines().nth(1).ok_or("one line")?;
            assert!(
                line.starts_with("    iam-db-auth-error: [ERROR] Failed to auth"),
                "{entry}"
            );
            assert!(
                line.ends_with(&format!("(Status Code: {status})")),
                "{entry}"
            );
        }
        Ok(())
    }
}
