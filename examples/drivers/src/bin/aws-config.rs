//! Keeps a token cache supplied with the credentials that `aws-config` finds: in the environment, a
//! profile, a container or an instance.
//!
//! Call it with the endpoint as `host:port` and the user. It does what an application does when it
//! starts, and prints when the first token expires.

use std::{env, error::Error, sync::Arc, time::Duration};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use rds_iam_token::{Credentials, Endpoint, Timestamp, TokenCache, TokenRequest};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let endpoint: Endpoint = arguments.next().ok_or("expected HOST:PORT")?.parse()?;
    let user = arguments.next().ok_or("expected a user")?;
    let region = endpoint
        .inferred_region()
        .ok_or("no region in the host name")?;
    let request = TokenRequest::new(endpoint, region, user)?;

    let config = aws_config::load_from_env().await;
    let provider = config.credentials_provider().ok_or("no credentials")?;
    let credentials = Credentials::try_from(&provider.provide_credentials().await?)?;
    let cache = Arc::new(TokenCache::new(request, credentials)?);
    let feeder = tokio::spawn(feed(Arc::clone(&cache), provider));

    // For each connection, when it is opened:
    let token = cache.token(now()?)?;
    println!(
        "{} characters, until {}",
        token.expose_secret().len(),
        token.expires_at()
    );

    feeder.abort();
    Ok(())
}

/// Sets new credentials before the old ones expire.
///
/// Each fetch may be a call of AWS that starts a new session, so this looks at the clock more often than
/// it fetches. Credentials without an expiry are always due, and cost nothing to look up.
async fn feed(cache: Arc<TokenCache>, provider: SharedCredentialsProvider) {
    loop {
        sleep(INTERVAL).await;
        if now().is_ok_and(|now| !cache.credentials_due(now, LEAD)) {
            continue;
        }
        match provider
            .provide_credentials()
            .await
            .map(|found| Credentials::try_from(&found))
        {
            Ok(Ok(credentials)) => cache.set_credentials(credentials),
            Ok(Err(error)) => eprintln!("the credentials that were found: {error}"),
            Err(error) => eprintln!("no credentials: {error}"),
        }
    }
}

fn now() -> Result<Timestamp, rds_iam_token::Error> {
    Timestamp::try_from(std::time::SystemTime::now())
}

/// AWS has new credentials for an instance at least five minutes before the old ones expire (Amazon
/// EC2 User Guide, "Retrieve security credentials from instance metadata").
const LEAD: Duration = Duration::from_secs(4 * 60);

const INTERVAL: Duration = Duration::from_secs(30);
