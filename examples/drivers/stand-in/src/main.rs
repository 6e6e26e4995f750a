//! Decides for PAM whether a password is a token that lets its user in, as RDS does.
//!
//! `pam_script.so` runs it for each login, with the user in `PAM_USER`, the password in
//! `PAM_AUTHTOK`, and the words of its line in `/etc/pam.d` as arguments. It exits with 0 to let the
//! user in, and writes one entry to the log: the verdict and the reason. Of the password the log has
//! only what [`Diagnosis::fields`] shows of it, and the user's name is escaped, so that a client
//! cannot write lines of its own.

use std::{
    env,
    error::Error,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::ExitCode,
    time::{Instant, SystemTime},
};

use rds_iam_token::{
    Credentials, Endpoint, Region, Timestamp, Verifier,
    diagnose::{Diagnosis, Expected, diagnose},
};

fn main() -> ExitCode {
    // An error here is written to the server's log, if the server keeps one.
    let folder = argument("folder").expect("the PAM service names the folder");
    let folder = Path::new(&folder);
    let (lets_in, entry) = decide(folder).unwrap_or_else(|error| (false, format!("{error}\n")));
    OpenOptions::new()
        .append(true)
        .open(folder.join("log"))
        .and_then(|mut log| log.write_all(entry.as_bytes()))
        .expect("the log can be written to");
    if lets_in {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Returns whether to let the user in, and the entry for the log.
fn decide(folder: &Path) -> Result<(bool, String), Box<dyn Error>> {
    let server = Server {
        endpoint: argument("endpoint")?.parse()?,
        region: Region::new(argument("region")?)?,
        keys: keys(folder)?,
    };
    let login = Login {
        user: variable("PAM_USER")?,
        password: variable("PAM_AUTHTOK")?,
        at: clock(folder)?,
    };
    Ok(server.decide(&login))
}

/// A server that accepts tokens.
struct Server {
    endpoint: Endpoint,
    region: Region,
    keys: Vec<Credentials>,
}

/// A login, as the client asks for it: nothing in it is to be trusted.
struct Login {
    user: String,
    password: String,
    at: Timestamp,
}

impl Server {
    fn decide(&self, login: &Login) -> (bool, String) {
        let Login { user, password, at } = login;
        let verifier = Verifier::new(self.endpoint.clone(), self.region.clone());
        let started = Instant::now();
        let verdict = verifier.verify_user(password, user, *at, |id: &str| {
            self.keys.iter().find(|key| key.access_key_id() == id)
        });
        let took = started.elapsed().as_micros();

        let mut known = Expected::new()
            .with_endpoint(self.endpoint.clone())
            .with_region(self.region.clone())
            .with_time(*at);
        let shown_user = plain(user);
        // A finding repeats the user who is expected.
        if shown_user == *user {
            known = known.with_user(user.as_str());
        }
        let diagnosis = diagnose(password, &known);
        let answer = match &verdict {
            Ok(_) => "let in".to_owned(),
            Err(error) => format!("refused: {error}"),
        };
        let mut entry = format!(
            "{at} {} {}: {answer} ({}, {} characters, {took} µs)\n",
            self.endpoint,
            shown_user,
            describe(&diagnosis),
            password.len(),
        );
        if verdict.is_err() {
            for finding in diagnosis.findings() {
                entry += &format!("    {finding}: {}\n", finding.remedy());
            }
        }
        (verdict.is_ok(), entry)
    }
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
fn plain(user: &str) -> String {
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

/// Reads `name=value` from the arguments; the others are for PAM.
fn argument(name: &str) -> Result<String, String> {
    env::args()
        .find_map(|argument| Some(argument.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
        .ok_or_else(|| format!("{name}= is missing in the PAM service"))
}

/// Reads an environment variable. Its value is in no error: `VarError` would print it.
fn variable(name: &str) -> Result<String, String> {
    match env::var_os(name) {
        None => Err(format!("{name} is not set")),
        Some(value) => value
            .into_string()
            .map_err(|_| format!("{name} is not UTF-8")),
    }
}

/// Reads the clock, which is ahead by as many seconds as the file `clock` says.
fn clock(folder: &Path) -> Result<Timestamp, Box<dyn Error>> {
    let ahead: i64 = fs::read_to_string(folder.join("clock"))?.trim().parse()?;
    let now = Timestamp::try_from(SystemTime::now())?.unix_seconds();
    Ok(Timestamp::from_unix_seconds(now + ahead)?)
}

/// Reads the file `keys`: a line for each, with the access key id, the secret and, if there is one,
/// the session token.
fn keys(folder: &Path) -> Result<Vec<Credentials>, Box<dyn Error>> {
    fs::read_to_string(folder.join("keys"))?
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .map(|words| match words[..] {
            [id, secret] => Ok(Credentials::new(id, secret)?),
            [id, secret, session] => Ok(Credentials::new(id, secret)?.with_session_token(session)?),
            _ => Err("keys: a line is not a key id, a secret and at most a session token".into()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rds_iam_token::TokenRequest;

    use super::*;

    type Outcome = Result<(), Box<dyn Error>>;

    fn server() -> Result<Server, Box<dyn Error>> {
        Ok(Server {
            endpoint: Endpoint::new("localhost", 54320)?,
            region: Region::new("eu-west-1")?,
            keys: vec![Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?],
        })
    }

    fn login(user: &str, password: &str) -> Login {
        Login {
            user: user.to_owned(),
            password: password.to_owned(),
            at: Timestamp::MIN,
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
        let (lets_in, entry) = server.decide(&login("app", &token(&server)?));
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
            let (lets_in, entry) = server.decide(&login(user, password));
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
}
