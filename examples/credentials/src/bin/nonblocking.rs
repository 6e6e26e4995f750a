//! Signs a token with the credentials of the chain: `nonblocking HOST:PORT USER`.

use std::{env, error::Error, sync::Arc};

use rds_iam_token::{Endpoint, TokenCache, TokenRequest, chain};
use rds_iam_token_credentials::{
    machine::{self, now},
    nonblocking,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = env::args().skip(1);
    let endpoint: Endpoint = arguments.next().ok_or("expected HOST:PORT")?.parse()?;
    let user = arguments.next().ok_or("expected a user")?;
    let region = endpoint
        .inferred_region()
        .ok_or("no region in the host name")?;
    let request = TokenRequest::new(endpoint, region, user)?;

    let settings = chain::Settings::default().with_seed(machine::seed());
    let resolved = match nonblocking::resolve(settings.clone()).await {
        Ok(resolved) => resolved,
        Err(error) => {
            if let Some(error) = error.downcast_ref::<chain::Error>() {
                eprint!("{}", error.report());
            }
            return Err("no credentials".into());
        }
    };
    eprintln!("credentials: {}", resolved.source());
    let cache = Arc::new(TokenCache::new(request, resolved.into_credentials())?);
    let fed = Arc::clone(&cache);
    let feeder = tokio::spawn(async move { nonblocking::feed(&fed, &settings).await });

    // Whenever a connection is opened:
    println!("{}", cache.token(now()?)?.expose_secret());
    feeder.abort();
    Ok(())
}
