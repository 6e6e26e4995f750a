//! The cases that each driver goes through.

use std::{path::PathBuf, pin::Pin, process::Command, sync::Arc, time::Duration};

use rds_iam_token_drivers::{BoxError, with_sources};
use tokio::time::{Instant, sleep};

use crate::{
    drivers::{Ask, Driver},
    login::{Changes, Login},
    relay,
    server::{Key, StandIn},
};

pub struct Case {
    pub title: &'static str,
    /// Collects the messages of the driver when it is rejected.
    pub run: for<'a> fn(&'a StandIn, &'a Driver, &'a mut Vec<String>) -> Running<'a>,
}

pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + 'a>>;

pub const CASES: [Case; 13] = [
    Case {
        title: "no-TLS",
        run: |stand_in, driver, said| {
            Box::pin(async move {
                let (port, heard) = relay::strip(stand_in, driver.engine).await?;
                let changes = Changes {
                    connect_to_port: Some(port),
                    ..Changes::default()
                };
                refused_by_client(stand_in, driver, changes, said).await?;
                expect(!heard.a_token(), "the token was sent in clear")
            })
        },
    },
    Case {
        title: "other-CA",
        run: |stand_in, driver, said| {
            Box::pin(async move {
                let changes = Changes {
                    ca: Some(other_ca(stand_in)?),
                    ..Changes::default()
                };
                refused_by_client(stand_in, driver, changes, said).await
            })
        },
    },
    Case {
        title: "long-lived",
        run: |stand_in, driver, _| Box::pin(let_in(stand_in, driver, Key::LONG_LIVED)),
    },
    Case {
        title: "session-600",
        run: |stand_in, driver, _| Box::pin(let_in(stand_in, driver, Key::temporary(600))),
    },
    Case {
        title: "session-1500",
        run: |stand_in, driver, _| Box::pin(let_in(stand_in, driver, Key::temporary(1_500))),
    },
    Case {
        title: "session-2500",
        run: |stand_in, driver, _| Box::pin(let_in(stand_in, driver, Key::temporary(2_500))),
    },
    Case {
        title: "expired",
        run: |stand_in, driver, said| {
            Box::pin(async move {
                stand_in.let_tokens_expire()?;
                let reason = "the token expired at";
                let refused = refused(stand_in, driver, Changes::default(), reason, said).await;
                stand_in.tell_the_time();
                refused
            })
        },
    },
    Case {
        title: "user",
        run: |stand_in, driver, said| {
            let changes = Changes {
                sign_for_user: Some("other"),
                ..Changes::default()
            };
            let reason = "the user is not the one who is logging in";
            Box::pin(refused(stand_in, driver, changes, reason, said))
        },
    },
    Case {
        title: "region",
        run: |stand_in, driver, said| {
            let changes = Changes {
                sign_for_region: Some("us-east-1"),
                ..Changes::default()
            };
            let reason = "the region is not the region of this server";
            Box::pin(refused(stand_in, driver, changes, reason, said))
        },
    },
    Case {
        title: "host",
        run: |stand_in, driver, said| {
            let changes = Changes {
                sign_for_host: Some("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com"),
                ..Changes::default()
            };
            let reason = "host is not an endpoint of this server";
            Box::pin(refused(stand_in, driver, changes, reason, said))
        },
    },
    Case {
        title: "byte",
        run: |stand_in, driver, said| {
            // It would live for a second more.
            let alter = |token: &str| token.replacen("&X-Amz-Expires=62", "&X-Amz-Expires=63", 1);
            Box::pin(altered(
                stand_in,
                driver,
                alter,
                "the signature does not match",
                said,
            ))
        },
    },
    Case {
        title: "password",
        run: |stand_in, driver, said| {
            let alter = |_: &str| "not-a-real-password".to_owned();
            Box::pin(altered(
                stand_in,
                driver,
                alter,
                "(no token, 19 characters",
                said,
            ))
        },
    },
    Case {
        title: "replaced",
        run: |stand_in, driver, said| Box::pin(replaced(stand_in, driver, said)),
    },
];

/// Logs in, loses the connection and the token, and logs in with a new token.
async fn let_in(stand_in: &StandIn, driver: &Driver, key: Key) -> Result<(), BoxError> {
    stand_in.set_key(&key)?;
    let login = Login::new(stand_in, driver.engine, &key, Changes::default())?;
    let log = stand_in.log()?;
    let ask = (driver.open)(login)?;
    check_user(&ask().await?)?;
    let first = log.signed_at()?;
    expect(first.len() == 1, &format!("logins: {}", log.read()?))?;

    let log = stand_in.log()?;
    stand_in.let_tokens_expire()?;
    stand_in.tell_the_time();
    stand_in.drop_connections(driver.engine)?;
    check_user(&soon(&ask).await?)?;
    let second = log.signed_at()?;
    let is_new = second.iter().all(|at| *at > first[0]) && !second.is_empty();
    expect(is_new, &format!("first {first:?}, then {second:?}"))?;
    // Until its task has run, a pool connects with the token that it has.
    let none_refused = driver.has_task || !log.read()?.contains("refused: ");
    expect(none_refused, &log.read()?)
}

/// Fails to log in with a key that the server no longer has, and logs in with the one that it has.
async fn replaced(
    stand_in: &StandIn,
    driver: &Driver,
    said: &mut Vec<String>,
) -> Result<(), BoxError> {
    stand_in.set_key(&Key::OTHER)?;
    let login = Login::new(
        stand_in,
        driver.engine,
        &Key::LONG_LIVED,
        Changes::default(),
    )?;
    let log = stand_in.log()?;
    let ask = (driver.open)(login.clone())?;
    check_refused(ask().await, said)?;
    let reason = "the access key is unknown";
    expect(log.read()?.contains(reason), &log.read()?)?;
    login.replace_key(&Key::OTHER)?;
    check_user(&soon(&ask).await?)
}

/// Checks that the server rejects the login, for this reason.
async fn refused(
    stand_in: &StandIn,
    driver: &Driver,
    changes: Changes,
    reason: &str,
    said: &mut Vec<String>,
) -> Result<(), BoxError> {
    stand_in.set_key(&Key::LONG_LIVED)?;
    let login = Login::new(stand_in, driver.engine, &Key::LONG_LIVED, changes)?;
    let log = stand_in.log()?;
    ask_in_vain(driver, login, said).await?;
    expect(log.signed_at()?.is_empty(), "somebody was let in")?;
    expect(log.read()?.contains(reason), &log.read()?)
}

/// Checks that the server rejects the login after somebody changed the token.
async fn altered(
    stand_in: &StandIn,
    driver: &Driver,
    alter: relay::Alter,
    reason: &str,
    said: &mut Vec<String>,
) -> Result<(), BoxError> {
    let changes = Changes {
        connect_to_port: Some(relay::alter(stand_in, driver.engine, alter).await?),
        ..Changes::default()
    };
    refused(stand_in, driver, changes, reason, said).await
}

/// Checks that the client ends before it sends a token.
async fn refused_by_client(
    stand_in: &StandIn,
    driver: &Driver,
    changes: Changes,
    said: &mut Vec<String>,
) -> Result<(), BoxError> {
    stand_in.set_key(&Key::LONG_LIVED)?;
    let login = Login::new(stand_in, driver.engine, &Key::LONG_LIVED, changes)?;
    let log = stand_in.log()?;
    ask_in_vain(driver, login, said).await?;
    expect(log.read()?.is_empty(), &log.read()?)
}

/// Asks until there is an answer: the first attempt may find a lost connection.
async fn soon(ask: &Ask) -> Result<String, BoxError> {
    let end = Instant::now() + Duration::from_secs(15);
    loop {
        match ask().await {
            Err(_) if Instant::now() < end => sleep(Duration::from_millis(200)).await,
            answer => return answer,
        }
    }
}

fn check_user(answer: &str) -> Result<(), BoxError> {
    // MariaDB returns the host as well.
    let is_user = answer.trim_end().split('@').next() == Some("app");
    expect(is_user, &format!("the current user is {answer}"))
}

async fn ask_in_vain(
    driver: &Driver,
    login: Arc<Login>,
    said: &mut Vec<String>,
) -> Result<(), BoxError> {
    let answer = (driver.open)(login)?().await;
    if driver.retries {
        sleep(Duration::from_secs(2)).await;
    }
    check_refused(answer, said)
}

fn check_refused(answer: Result<String, BoxError>, said: &mut Vec<String>) -> Result<(), BoxError> {
    match answer {
        Ok(user) => Err(format!("was let in as {user}").into()),
        Err(error) => {
            said.push(with_sources(&*error));
            Ok(())
        }
    }
}

fn expect(holds: bool, why: &str) -> Result<(), BoxError> {
    holds.then_some(()).ok_or_else(|| why.into())
}

/// Creates an authority that signed nothing here.
fn other_ca(stand_in: &StandIn) -> Result<PathBuf, BoxError> {
    let path = stand_in.folder.join("other-ca.pem");
    if !path.exists() {
        let output = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ])
            .args([
                "-nodes",
                "-subj",
                "/CN=another CA",
                "-days",
                "30",
                "-keyout",
                "/dev/null",
            ])
            .arg("-out")
            .arg(&path)
            .output()?;
        expect(
            output.status.success(),
            &String::from_utf8_lossy(&output.stderr),
        )?;
    }
    Ok(path)
}
