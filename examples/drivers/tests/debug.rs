//! What the recipes say that drivers print in `Debug`. It needs no server.

use rds_iam_token_drivers::{Database, recipes::tokio_postgres};

const PASSWORD: &str = "not-a-real-token";

#[test]
fn the_configuration_of_tokio_postgres_does_not_show_the_password() {
    let mut config = tokio_postgres::config(&Database {
        host: "localhost".to_owned(),
        port: 5432,
        user: "app".to_owned(),
        ca: "ca.pem".into(),
    });
    config.password(PASSWORD);
    let text = format!("{config:?}");
    assert!(text.contains("password: Some(_)"), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");
}

#[test]
fn the_options_of_sqlx_mysql_async_and_mysql_show_the_password() {
    for text in [
        format!(
            "{:?}",
            sqlx::postgres::PgConnectOptions::new_without_pgpass().password(PASSWORD)
        ),
        format!(
            "{:?}",
            sqlx::mysql::MySqlConnectOptions::new().password(PASSWORD)
        ),
        format!(
            "{:?}",
            mysql_async::OptsBuilder::default().pass(Some(PASSWORD))
        ),
        format!("{:?}", mysql::OptsBuilder::new().pass(Some(PASSWORD))),
    ] {
        assert!(text.contains(PASSWORD), "{text}");
    }
}

#[tokio::test]
async fn a_pool_of_sqlx_shows_the_password_and_a_connection_of_sea_orm_does_not() {
    let options = sqlx::postgres::PgConnectOptions::new_without_pgpass().password(PASSWORD);
    let pool = sqlx::PgPool::connect_lazy_with(options);
    let text = format!("{:?}", pool.connect_options());
    assert!(text.contains(PASSWORD), "{text}");
    let text = format!("{pool:?}");
    assert!(!text.contains(PASSWORD), "{text}");
    let connection = sea_orm::SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    let text = format!("{connection:?}");
    assert!(!text.contains(PASSWORD), "{text}");
}
