//! Signs one token.

use std::{error::Error, time::SystemTime};

use sign_with_aws_sigv4::Generator;

fn main() -> Result<(), Box<dyn Error>> {
    let generator = Generator::new(
        ("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432),
        "eu-west-1",
        "app",
        ("AKIDEXAMPLE", "not-a-real-secret", None),
        SystemTime::now(),
    )?;
    println!("{}", generator.sign()?);
    Ok(())
}
