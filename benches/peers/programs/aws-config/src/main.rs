//! Signs a token with the credentials that `aws-config` finds: `HOST:PORT USER`.

use std::{env, error::Error};

use aws_sdk_rds::auth_token::{AuthTokenGenerator, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = env::args().skip(1);
    let endpoint = arguments.next().ok_or("expected HOST:PORT")?;
    let (host, port) = endpoint.split_once(':').ok_or("expected HOST:PORT")?;
    let user = arguments.next().ok_or("expected a user")?;

    let config = aws_config::load_from_env().await;
    let generator = AuthTokenGenerator::new(
        Config::builder()
            .hostname(host)
            .port(port.parse()?)
            .username(user)
            .build()?,
    );
    println!("{}", generator.auth_token(&config).await?);
    Ok(())
}
