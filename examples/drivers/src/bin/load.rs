//! Opens new connections at a steady rate, each with a token of its own, and prints how long that took
//! and what part of it was spent on tokens.
//!
//! Runs in `stand-in/run`. The arguments are the seconds and the connections per second: 60 and 200 by
//! default, the rate that RDS advises to stay under.

use std::{
    env, fs,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rds_iam_token::{Credentials, Endpoint, Region, Signer, TokenRequest, TokenSource, from_fn};
use rds_iam_token_drivers::{BoxError, Database, recipes::tokio_postgres::Connector, with_sources};
use tokio::{task::JoinSet, time};

#[tokio::main]
async fn main() -> Result<ExitCode, BoxError> {
    let mut arguments = env::args().skip(1);
    let mut number = |default: u32| arguments.next().map_or(Ok(default), |text| text.parse());
    let (seconds, rate) = (number(60)?, number(200)?);
    let all = seconds.checked_mul(rate).filter(|all| *all > 0);
    let all = all.ok_or("expected seconds and a rate, from 1")?;

    let signing = Arc::new(AtomicU64::new(0));
    let connector = Connector::new(&database()?, measured(signer()?, Arc::clone(&signing)))?;
    let mut ticks = time::interval(Duration::from_secs(1) / rate);
    let mut connections = JoinSet::new();
    let started = Instant::now();
    for _ in 0..all {
        ticks.tick().await;
        let connector = connector.clone();
        connections.spawn(async move {
            let started = Instant::now();
            let result = connector.connect().await;
            (result.map(drop), started.elapsed())
        });
    }
    let mut times = Vec::new();
    let mut refused = 0;
    while let Some(connection) = connections.join_next().await {
        let (result, time) = connection?;
        match result {
            Ok(()) => times.push(time),
            Err(error) => {
                refused += 1;
                println!("refused: {}", with_sources(&error));
            }
        }
    }
    let took = started.elapsed();
    times.sort_unstable();
    let opened = times.len();
    if opened == 0 {
        return Err("no connection was opened".into());
    }
    let quantile = |percent: usize| times[(opened - 1) * percent / 100];
    let mean = |total: Duration| total / u32::try_from(opened).unwrap_or(u32::MAX);

    let log = fs::read_to_string(format!("{}/log", variable("RDS_STAND_IN")?))?;
    let (verified, verifying) = verifying(&log);
    let signing = mean(Duration::from_nanos(signing.load(Ordering::Relaxed)));
    let verifying = mean(verifying);
    let connecting = mean(times.iter().sum());
    println!(
        "opened     {opened} connections in {took:.1?}: {:.1} a second",
        { f64::from(u32::try_from(opened)?) / took.as_secs_f64() }
    );
    println!("refused    {refused}");
    println!("verified   {verified} tokens");
    println!(
        "connecting {connecting:.1?} on average, {:.1?} half of them, {:.1?} 99 %, {:.1?} all",
        quantile(50),
        quantile(99),
        quantile(100)
    );
    println!("signing    {signing:.1?} on average");
    println!("verifying  {verifying:.1?} on average");
    let share = (signing + verifying).as_secs_f64() / connecting.as_secs_f64();
    println!(
        "share      {:.2} % of connecting was spent on tokens",
        100.0 * share
    );
    let good = refused == 0 && verified == opened;
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn variable(name: &str) -> Result<String, BoxError> {
    env::var(name).map_err(|_| format!("{name} is not set: use stand-in/run").into())
}

fn database() -> Result<Database, BoxError> {
    Ok(Database {
        host: variable("RDS_HOST")?,
        port: variable("RDS_POSTGRES_PORT")?.parse()?,
        user: variable("RDS_USER")?,
        ca: variable("RDS_CA")?.into(),
    })
}

/// Signs for each connection, which no pool needs to do.
fn signer() -> Result<Signer, BoxError> {
    let database = database()?;
    let endpoint = Endpoint::new(database.host, database.port)?;
    let region = Region::new(variable("RDS_REGION")?)?;
    let credentials = Credentials::new(
        variable("AWS_ACCESS_KEY_ID")?,
        variable("AWS_SECRET_ACCESS_KEY")?,
    )?;
    let request = TokenRequest::new(endpoint, region, database.user)?;
    Ok(Signer::new(request, credentials))
}

fn measured(signer: Signer, nanoseconds: Arc<AtomicU64>) -> Arc<dyn TokenSource> {
    Arc::new(from_fn(move |now| {
        let started = Instant::now();
        let token = signer.request().sign(signer.credentials(), now);
        let took = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        nanoseconds.fetch_add(took, Ordering::Relaxed);
        Ok(Arc::new(token))
    }))
}

/// Returns the number of logins, and the time that verifying their tokens took.
fn verifying(log: &str) -> (usize, Duration) {
    let times = log
        .lines()
        .filter(|line| line.contains(": let in ("))
        .filter_map(|line| line.strip_suffix(" µs)")?.rsplit(", ").next()?.parse().ok())
        .map(Duration::from_micros);
    (times.clone().count(), times.sum())
}
