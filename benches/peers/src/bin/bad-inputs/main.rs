//! Passes the same bad inputs to each signer, and prints the outcomes.
//!
//! Prints a heading and a line for each input, with a cell for each signer, separated by tabs. A cell is
//! read from the signer's token or error; no code here depends on whose it is.

use std::{error::Error, panic};

mod look;
mod signers;

use look::Look;
use signers::{Input, SIGNERS, Signer};

const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
const SECRET_ACCESS_KEY: &str = "not-a-real-secret";

const GOOD: Input = Input {
    host: "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    port: 5432,
    region: Some("eu-west-1"),
    user: "app",
    lifetime: 900,
    secret_access_key: SECRET_ACCESS_KEY,
    session_token: None,
    expiry: None,
};

/// The input, and the part of the token that shows its effect.
const ROWS: &[(&str, Input, Look)] = &[
    (
        "user `app&DBUser=admin`",
        Input {
            user: "app&DBUser=admin",
            ..GOOD
        },
        look::users,
    ),
    (
        "user `jane doe`",
        Input {
            user: "jane doe",
            ..GOOD
        },
        look::users,
    ),
    (
        "user `jane+doe`",
        Input {
            user: "jane+doe",
            ..GOOD
        },
        look::users,
    ),
    (
        "host with a capital letter",
        Input {
            host: "Orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
            ..GOOD
        },
        look::signature,
    ),
    (
        "no region, for a host in eu-west-1",
        Input {
            region: None,
            ..GOOD
        },
        look::region,
    ),
    (
        "lifetime of 3600 s",
        Input {
            lifetime: 3600,
            ..GOOD
        },
        look::lifetime,
    ),
    (
        "secret access key that ends in a line break",
        Input {
            secret_access_key: "not-a-real-secret\n",
            ..GOOD
        },
        look::signature,
    ),
    (
        "empty session token",
        Input {
            session_token: Some(""),
            ..GOOD
        },
        look::session_token,
    ),
    (
        "credentials that have expired",
        Input {
            expiry: Some(1_440_938_160),
            ..GOOD
        },
        look::end,
    ),
    ("token printed with `{:?}`", GOOD, look::debug),
];

fn main() -> Result<(), Box<dyn Error>> {
    for (name, sign) in SIGNERS {
        assert_eq!(outcome(sign, GOOD, look::signature)?, "signed", "{name}");
    }
    println!("\t{}", SIGNERS.map(|(name, _)| name).join("\t"));
    for &(name, input, look) in ROWS {
        let cells = SIGNERS.map(|(_, sign)| outcome(sign, input, look));
        let cells = cells.into_iter().collect::<Result<Vec<_>, _>>()?;
        println!("{name}\t{}", cells.join("\t"));
    }
    Ok(())
}

fn outcome(sign: Signer, input: Input, look: Look) -> Result<String, Box<dyn Error>> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let signed = panic::catch_unwind(|| sign(input));
    panic::set_hook(hook);
    match signed {
        Ok(Ok(signed)) => look(&signed),
        Ok(Err(error)) => Ok(format!("rejected: {error}")),
        Err(_) => Ok("panics".to_owned()),
    }
}
