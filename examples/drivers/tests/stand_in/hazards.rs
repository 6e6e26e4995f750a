//! Clients that send the token in clear if TLS is off, as the guide warns. They also show that the relay
//! hears a token if a recipe sends one.

use std::process::Command;

use mysql_async::Conn;
use rds_iam_token_drivers::BoxError;
use sqlx::{
    ConnectOptions,
    mysql::{MySqlConnectOptions, MySqlSslMode},
};
use tokio::task::spawn_blocking;

use crate::{
    relay,
    server::{
        Engine::{self, MariaDb, PostgreSql},
        StandIn,
    },
};

pub const CLIENTS: [(&str, Engine); 5] = [
    ("psql", PostgreSql),
    ("mariadb", MariaDb),
    ("sqlx, MySQL", MariaDb),
    ("mysql_async", MariaDb),
    ("mysql", MariaDb),
];

/// Returns `true` if a client without TLS sends its password in clear to whoever asks for it.
pub async fn sends_in_clear(
    stand_in: &StandIn,
    client: &'static str,
    engine: Engine,
) -> Result<bool, BoxError> {
    let (port, heard) = relay::strip(stand_in, engine).await?;
    // Only what the relay hears matters, not how they end.
    match client {
        "sqlx, MySQL" => drop(
            MySqlConnectOptions::new()
                .host("localhost")
                .port(port)
                .username("app")
                .password(TOKEN)
                .ssl_mode(MySqlSslMode::Disabled)
                .enable_cleartext_plugin(true)
                .connect()
                .await,
        ),
        "mysql_async" => drop(
            Conn::new(
                mysql_async::OptsBuilder::default()
                    .ip_or_hostname("localhost")
                    .tcp_port(port)
                    .user(Some("app"))
                    .pass(Some(TOKEN))
                    .enable_cleartext_plugin(true)
                    .prefer_socket(false),
            )
            .await,
        ),
        _ => spawn_blocking(move || connect(client, port)).await??,
    }
    Ok(heard.a_token())
}

fn connect(client: &str, port: u16) -> Result<(), BoxError> {
    let port_text = port.to_string();
    match client {
        "mysql" => drop(mysql::Conn::new(
            mysql::OptsBuilder::new()
                .ip_or_hostname(Some("localhost"))
                .tcp_port(port)
                .user(Some("app"))
                .pass(Some(TOKEN))
                .enable_cleartext_plugin(true)
                .prefer_socket(false),
        )),
        "psql" => {
            Command::new("psql")
                .env("PGPASSWORD", TOKEN)
                .env("PGSSLMODE", "disable")
                .args([
                    "-XAtw",
                    "-h",
                    "localhost",
                    "-U",
                    "app",
                    "-p",
                    &port_text,
                    "postgres",
                ])
                .output()?;
        }
        _ => {
            Command::new(client)
                .env("MYSQL_PWD", TOKEN)
                .args([
                    "--no-defaults",
                    "--protocol=tcp",
                    "--skip-ssl",
                    "-e",
                    "SELECT 1",
                ])
                .args(["-h", "localhost", "-u", "app", "-P", &port_text])
                .output()?;
        }
    }
    Ok(())
}

const TOKEN: &str = "db.example.com:5432/?Action=connect&DBUser=app";
