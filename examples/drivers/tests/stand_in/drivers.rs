//! Each recipe, as a program uses it.

use std::{pin::Pin, process::Command, sync::Arc};

use diesel::{dsl::sql, sql_types::Text};
use diesel_async::RunQueryDsl;
use mysql_async::prelude::Queryable as _;
use rds_iam_token_drivers::{
    BoxError,
    recipes::{
        bb8, deadpool_postgres, diesel_async as diesel_recipe, mysql as mysql_recipe,
        mysql_async as mysql_async_recipe, postgres, sea_orm as sea_orm_recipe, sqlx_mysql,
        sqlx_postgres, tokio_postgres::Connector,
    },
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::task::spawn_blocking;

use crate::{
    login::Login,
    server::Engine::{self, MariaDb, PostgreSql},
};

pub struct Driver {
    pub name: &'static str,
    pub engine: Engine,
    /// A task replaces the token, not a hook: the pool may use the old one for a while.
    pub has_task: bool,
    /// The pool still tries to connect for a while when nobody waits for it.
    pub retries: bool,
    pub open: Open,
}

/// Asks the database for the current user, over a connection of the driver or pool.
pub type Ask = Box<dyn Fn() -> Answer + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send>>;

pub const ALL: &[Driver] = &[
    driver("tokio-postgres", PostgreSql, |login| {
        let connector = Connector::new(&login.database, login.tokens.clone())?;
        ask(move || {
            let connector = connector.clone();
            async move {
                let client = connector.connect().await?;
                Ok(client.query_one(POSTGRESQL, &[]).await?.get(0))
            }
        })
    }),
    driver("postgres", PostgreSql, |login| {
        ask_blocking(move || {
            let mut client = postgres::connect(&login.database, &login.tokens)?;
            Ok(client.query_one(POSTGRESQL, &[])?.get(0))
        })
    }),
    driver("deadpool-postgres", PostgreSql, |login| {
        let pool = deadpool_postgres::pool(&login.database, login.tokens.clone())?;
        ask(move || {
            let pool = pool.clone();
            async move { Ok(pool.get().await?.query_one(POSTGRESQL, &[]).await?.get(0)) }
        })
    }),
    driver("bb8", PostgreSql, |login| {
        let pool = bb8::pool(&login.database, login.tokens.clone())?;
        ask(move || {
            let pool = pool.clone();
            async move { Ok(pool.get().await?.query_one(POSTGRESQL, &[]).await?.get(0)) }
        })
    })
    .with_retries(),
    driver("diesel-async", PostgreSql, |login| {
        let pool = diesel_recipe::pool(&login.database, login.tokens.clone())?;
        ask(move || {
            let pool = pool.clone();
            async move {
                let mut connection = pool.get().await?;
                let current_user = sql::<Text>("current_user::text");
                Ok(diesel::select(current_user)
                    .get_result(&mut connection)
                    .await?)
            }
        })
    }),
    driver("sqlx, PostgreSQL", PostgreSql, |login| {
        let pool = sqlx_postgres::pool(&login.database, login.tokens.clone())?;
        ask(move || {
            let pool = pool.clone();
            async move { Ok(sqlx::query_scalar(POSTGRESQL).fetch_one(&pool).await?) }
        })
    })
    .with_task(),
    driver("sea-orm", PostgreSql, |login| {
        let connection = sea_orm_recipe::connection(&login.database, login.tokens.clone())?;
        ask(move || {
            let connection = connection.clone();
            async move {
                let statement = Statement::from_string(DbBackend::Postgres, POSTGRESQL);
                let row = connection.query_one_raw(statement).await?;
                Ok(row.ok_or("no row")?.try_get_by_index(0)?)
            }
        })
    })
    .with_task(),
    driver("sqlx, MySQL", MariaDb, |login| {
        let pool = sqlx_mysql::pool(&login.database, login.tokens.clone())?;
        ask(move || {
            let pool = pool.clone();
            async move { Ok(sqlx::query_scalar(MARIADB).fetch_one(&pool).await?) }
        })
    })
    .with_task(),
    driver("mysql_async", MariaDb, |login| {
        let pool = mysql_async_recipe::pool(&login.database, login.tokens.clone())?;
        ask(move || {
            let pool = pool.clone();
            async move {
                let mut connection = pool.get().await?;
                let user: Option<String> = connection.query_first(MARIADB).await?;
                Ok(user.ok_or("no row")?)
            }
        })
    }),
    driver("mysql", MariaDb, |login| {
        let pool = mysql_recipe::pool(&login.database, login.tokens.clone());
        ask_blocking(move || {
            let user: Option<String> =
                mysql::prelude::Queryable::query_first(&mut *pool.get()?, MARIADB)?;
            Ok(user.ok_or("no row")?)
        })
    })
    .with_retries(),
    driver("psql", PostgreSql, |login| {
        ask_blocking(move || {
            let database = &login.database;
            output(
                Command::new("psql")
                    .env("PGPASSWORD", login.print_token()?)
                    .env("PGSSLMODE", "verify-full")
                    .env("PGSSLROOTCERT", &database.ca)
                    .args(["-XAtw", "-h", &database.host, "-U", &database.user])
                    .args([
                        "-p",
                        &database.port.to_string(),
                        "-d",
                        "postgres",
                        "-c",
                        POSTGRESQL,
                    ]),
            )
        })
    }),
    driver("mariadb", MariaDb, |login| {
        ask_blocking(move || {
            let database = &login.database;
            output(
                Command::new("mariadb")
                    .env("MYSQL_PWD", login.print_token()?)
                    .args([
                        "--no-defaults",
                        "--protocol=tcp",
                        "--ssl-verify-server-cert",
                    ])
                    .arg(format!("--ssl-ca={}", database.ca.display()))
                    .args(["-h", &database.host, "-u", &database.user])
                    .args(["-P", &database.port.to_string(), "-Ne", MARIADB]),
            )
        })
    }),
];

const POSTGRESQL: &str = "SELECT current_user::text";
const MARIADB: &str = "SELECT current_user()";

const fn driver(name: &'static str, engine: Engine, open: Open) -> Driver {
    Driver {
        name,
        engine,
        has_task: false,
        retries: false,
        open,
    }
}

impl Driver {
    const fn with_task(mut self) -> Self {
        self.has_task = true;
        self
    }

    const fn with_retries(mut self) -> Self {
        self.retries = true;
        self
    }
}

type Open = fn(Arc<Login>) -> Result<Ask, BoxError>;

fn ask<F>(answer: impl Fn() -> F + Send + Sync + 'static) -> Result<Ask, BoxError>
where
    F: Future<Output = Result<String, BoxError>> + Send + 'static,
{
    Ok(Box::new(move || Box::pin(answer())))
}

fn ask_blocking(
    answer: impl Fn() -> Result<String, BoxError> + Send + Sync + 'static,
) -> Result<Ask, BoxError> {
    let answer = Arc::new(answer);
    ask(move || {
        let answer = Arc::clone(&answer);
        async move { spawn_blocking(move || answer()).await? }
    })
}

fn output(command: &mut Command) -> Result<String, BoxError> {
    let output = command.output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim_end().into())
    }
}
