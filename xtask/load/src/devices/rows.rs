//! The baseline: a loop that inserts the rows of messages in batches, with nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::query_builder::QueryBuilder;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Sqlite, SqliteConnection};

use super::plant::Row;
use crate::Result;

/// Rows of a transaction, and of a statement.
const BATCH: usize = 1000;
const PIECE: usize = 100;

/// A store of its own with the same schema.
pub struct Rows {
    conn: SqliteConnection,
    tenant_id: i64,
    devices: Vec<i64>,
    next: i64,
}

impl Rows {
    /// Opens the store as the server does.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .statement_cache_capacity(512)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8192");
        let mut conn = options.connect().await?;
        let devices: Vec<(i64, i64)> =
            sqlx::query_as("SELECT tenant_id, id FROM device").fetch_all(&mut conn).await?;
        let tenant_id = devices.first().ok_or("there are no devices")?.0;
        Ok(Self { conn, tenant_id, devices: devices.into_iter().map(|(_, id)| id).collect(), next: 1 })
    }

    /// Inserts for so long; rows in a second.
    pub async fn run(&mut self, length: Duration, rows: &[Row]) -> Result<f64> {
        let begun = Instant::now();
        let mut inserted = 0_usize;
        while begun.elapsed() < length {
            let mut tx = self.conn.begin().await?;
            for _ in 0..BATCH / PIECE {
                let mut insert = QueryBuilder::<Sqlite>::new(
                    "INSERT INTO device_message
                       (tenant_id, device_id, ts, seq, at, direction, payload, attrs, trouble) ",
                );
                let (first, tenant_id, devices) = (self.next, self.tenant_id, &self.devices);
                let numbers = (first..).take(PIECE).zip(rows.iter().cycle().skip(inserted % rows.len()));
                insert.push_values(numbers, |mut values, (number, row)| {
                    let at = 1_760_000_000_000 + number / 5;
                    let device = devices[usize::try_from(number).unwrap_or_default() % devices.len()];
                    values.push_bind(tenant_id).push_bind(device).push_bind(at).push_bind(number << 16);
                    values.push_bind(at).push_bind(1_i64).push_bind(&row.payload).push_bind(&row.attrs);
                    values.push_bind(None::<String>);
                });
                insert.build().execute(&mut *tx).await?;
                self.next += i64::try_from(PIECE)?;
            }
            tx.commit().await?;
            inserted += BATCH;
        }
        Ok(inserted as f64 / begun.elapsed().as_secs_f64())
    }
}
