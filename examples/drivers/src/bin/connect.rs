//! Connects from inside `rds-iam-token connect`: without a token, a password and TLS of its own.

use std::env;

use mysql::{Conn, OptsBuilder, prelude::Queryable as _};
use postgres::{Config, NoTls};
use rds_iam_token_drivers::BoxError;

fn main() -> Result<(), BoxError> {
    let user = env::var("RDS_USER")?;
    if let Ok(socket) = env::var("MYSQL_UNIX_PORT") {
        return mysql(&socket, &user);
    }
    let port = env::var("PGPORT")?.parse()?;
    postgres(&env::var("PGHOST")?, port, &user)
}

fn mysql(socket: &str, user: &str) -> Result<(), BoxError> {
    let options = OptsBuilder::new().socket(Some(socket)).user(Some(user));
    let mut connection = Conn::new(options.clone())?;
    let row: Option<(String, u32)> =
        connection.query_first("SELECT CURRENT_USER(), CONNECTION_ID()")?;
    let (found, id) = row.ok_or("no row")?;
    assert!(found.starts_with(&format!("{user}@")), "{found}");
    // The id is the server's, so that a query can be killed.
    assert_eq!(connection.connection_id(), id);
    let sum: Option<u32> = connection.exec_first("SELECT ? + ?", (40, 2))?;
    assert_eq!(sum, Some(42));
    let long: Option<Vec<u8>> = connection.query_first("SELECT REPEAT('x', 10000000)")?;
    assert_eq!(long.map(|long| long.len()), Some(10_000_000));
    let mut second = Conn::new(options)?;
    second.ping()?;
    assert_ne!(second.connection_id(), id);
    println!("mysql: {found}");
    Ok(())
}

fn postgres(folder: &str, port: u16, user: &str) -> Result<(), BoxError> {
    let mut config = Config::new();
    config.host(folder).port(port).user(user).dbname("postgres");
    let mut client = config.connect(NoTls)?;
    let found: String = client.query_one("SELECT current_user::text", &[])?.get(0);
    assert_eq!(found, user);
    let long: String = client
        .query_one("SELECT repeat('x', 10000000)", &[])?
        .get(0);
    assert_eq!(long.len(), 10_000_000);
    println!("postgres: {found}");
    Ok(())
}
