//! Logs in with a token from the environment variable RDS_TOKEN, and prints the current user:
//! `login postgres USER PORT` or `login mariadb USER PORT`, in the environment of `stand-in/run`.

use std::env;

use mysql_async::{Conn, OptsBuilder, SslOpts, prelude::Queryable as _};
use rds_iam_token_drivers::{BoxError, tls, with_sources};

#[tokio::main]
async fn main() {
    match login().await {
        Ok(user) => println!("{user}"),
        Err(error) => {
            eprintln!("{}", with_sources(&*error));
            std::process::exit(1);
        }
    }
}

async fn login() -> Result<String, BoxError> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [engine, user, port] = &arguments[..] else {
        return Err("usage: login postgres|mariadb USER PORT".into());
    };
    let read = |name: &'static str| env::var(name).map_err(|_| format!("{name} is not set"));
    let (host, ca, token) = (read("RDS_HOST")?, read("RDS_CA")?, read("RDS_TOKEN")?);
    if engine == "postgres" {
        let (client, connection) = tokio_postgres::Config::new()
            .host(&host)
            .port(port.parse()?)
            .user(user)
            .password(token)
            .dbname("postgres")
            .ssl_mode(tokio_postgres::config::SslMode::Require)
            .connect(tls::connector(ca.as_ref())?)
            .await?;
        tokio::spawn(connection);
        return Ok(client
            .query_one("SELECT current_user::text", &[])
            .await?
            .get(0));
    }
    let tls = SslOpts::default().with_root_certs(vec![std::path::PathBuf::from(ca).into()]);
    let options = OptsBuilder::default()
        .ip_or_hostname(host)
        .tcp_port(port.parse()?)
        .user(Some(user))
        .pass(Some(token))
        .ssl_opts(tls)
        .enable_cleartext_plugin(true)
        .prefer_socket(false);
    let mut connection = Conn::new(options).await?;
    let user: Option<String> = connection.query_first("SELECT current_user()").await?;
    Ok(user.ok_or("no row")?)
}
