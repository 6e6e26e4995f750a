//! A module for each driver and pool.

pub mod bb8;
pub mod deadpool_postgres;
pub mod diesel_async;
pub mod mysql;
pub mod mysql_async;
pub mod postgres;
pub mod sea_orm;
pub mod sqlx_mysql;
pub mod sqlx_postgres;
pub mod sqlx_refresh;
pub mod tokio_postgres;
