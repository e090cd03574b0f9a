//! The store: SQLite embedded, PostgreSQL beyond one machine, one SQL text for both.
//!
//! Services ask for a [`Tx`] (`ctx.begin()`) or a [`Read`] (`ctx.read()`) and hand its [`Conn`] to the store functions of
//! their area, which build statements with [`sql()`]. Statements differ between the two databases only in [`dialect`].
//!
//! SQLite has one writer connection; callers that wait for it share one transaction, each in a savepoint of its own, and
//! are answered after the common commit (see `writer`).

mod backup;
mod batch;
mod deadline;
pub mod dialect;
mod hold;
mod migrate;
pub(crate) mod schema;
pub mod sql;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade_tests;
mod writer;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
};
use tokio::time::timeout;

use crate::{Error, Result};

pub use batch::Batch;
use batch::BatchLease;
pub use deadline::until_commit;
pub use hold::Hold;
pub use sql::{Sql, Value, sql};
use writer::{WriteLease, Writer};

/// A PostgreSQL that has not answered by then is not there.
const REACHABLE: Duration = Duration::from_secs(3);
/// A connection to PostgreSQL that rested for longer is asked whether it is still there before it is used.
const TRUSTED: Duration = Duration::from_secs(1);

/// A store, open and migrated. Cheap to clone.
#[derive(Clone)]
pub struct Db(Backend);

#[derive(Clone)]
enum Backend {
    Sqlite { readers: SqlitePool, writer: Arc<Writer> },
    Postgres { pool: PgPool },
    Batch(Batch),
}

/// Which database a statement is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The embedded database.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Db {
    /// Opens (and creates or upgrades) the SQLite database in a file.
    pub async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            // First of all: every later statement, the switch to WAL included, may have to wait for another process.
            .busy_timeout(Duration::from_secs(10))
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .statement_cache_capacity(512)
            // Rows come from a thread of their own: with few waiting, the two hand over all the time.
            .row_buffer_size(1024)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8192");
        let writer = Writer::open(&options).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .min_connections(1)
            // After a rush the pages that each connection keeps in memory are given back.
            .idle_timeout(Duration::from_mins(1))
            // A file does not hang up.
            .test_before_acquire(false)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self(Backend::Sqlite { readers, writer: Arc::new(writer) }))
    }

    /// Connects to (and upgrades) a PostgreSQL database.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?;
        Self::open_postgres_with(options, 16).await
    }

    async fn open_postgres_with(options: PgConnectOptions, connections: u32) -> Result<Self> {
        // The pool would try again and again; whoever starts the program wants to know now.
        let first = timeout(REACHABLE, options.connect())
            .await
            .map_err(|_| Error::internal(format!("no answer within {} s", REACHABLE.as_secs())))??;
        first.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            // One that was in use a moment ago is there; asking it each time would be one more way there and back.
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > TRUSTED {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        migrate::postgres(&pool).await?;
        Ok(Self(Backend::Postgres { pool }))
    }

    /// Which database this is.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Backend::Sqlite { .. } => Kind::Sqlite,
            Backend::Postgres { .. } => Kind::Postgres,
            Backend::Batch(batch) => batch.kind(),
        }
    }

    /// The store as the calls of a batch see it: each write of theirs is a part of the batch's transaction.
    pub fn within(batch: &Batch) -> Self {
        Self(Backend::Batch(batch.clone()))
    }

    /// A connection for reading what is committed.
    pub async fn read(&self) -> Result<Read> {
        let conn = match &self.0 {
            Backend::Batch(batch) => return batch.read().await,
            Backend::Sqlite { readers, .. } => Conn(Inner::SqliteReader(readers.acquire().await?)),
            Backend::Postgres { pool } => Conn(Inner::Postgres(pool.acquire().await?)),
        };
        Ok(Read(conn))
    }

    /// Begins a write. Dropping it without [`Tx::commit`] undoes everything done in it.
    pub async fn begin(&self) -> Result<Tx> {
        let conn = match &self.0 {
            Backend::Batch(batch) => return batch.begin().await,
            Backend::Sqlite { writer, .. } => Conn(Inner::SqliteWriter(writer.lease().await?)),
            Backend::Postgres { pool } => Conn(Inner::PostgresTx(pool.begin().await?)),
        };
        Ok(Tx(conn))
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<()> {
        let mut read = self.read().await?;
        sql("SELECT 1").run(&mut read).await?;
        Ok(())
    }

    /// Closes all connections, after what is under way.
    pub async fn close(&self) {
        match &self.0 {
            Backend::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Backend::Postgres { pool } => pool.close().await,
            Backend::Batch(_) => {}
        }
    }
}

/// A connection on which statements of either kind run.
pub struct Conn(Inner);

enum Inner {
    SqliteReader(PoolConnection<Sqlite>),
    SqliteWriter(WriteLease),
    Postgres(PoolConnection<Postgres>),
    PostgresAlone(PgConnection),
    PostgresTx(Transaction<'static, Postgres>),
    Batch(BatchLease),
}

/// The connection of one database, for the one function that runs statements.
pub(crate) enum Raw<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Conn {
    pub(crate) fn raw(&mut self) -> Raw<'_> {
        match &mut self.0 {
            Inner::SqliteReader(conn) => Raw::Sqlite(conn),
            Inner::SqliteWriter(lease) => Raw::Sqlite(lease.conn()),
            Inner::Postgres(conn) => Raw::Postgres(conn),
            Inner::PostgresAlone(conn) => Raw::Postgres(conn),
            Inner::PostgresTx(tx) => Raw::Postgres(tx),
            Inner::Batch(lease) => lease.conn().raw(),
        }
    }

    /// Which database this connection belongs to.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Inner::SqliteReader(_) | Inner::SqliteWriter(_) => Kind::Sqlite,
            Inner::Postgres(_) | Inner::PostgresAlone(_) | Inner::PostgresTx(_) => Kind::Postgres,
            Inner::Batch(lease) => lease.kind(),
        }
    }
}

/// A connection for reading.
pub struct Read(Conn);

/// A write under way: all of it, or nothing.
pub struct Tx(Conn);

impl Tx {
    /// Makes the write durable. Once this returns, it survives a crash.
    pub async fn commit(self) -> Result<()> {
        if !matches!(self.0.0, Inner::Batch(_)) {
            deadline::commit_begins();
        }
        match self.0.0 {
            Inner::SqliteWriter(lease) => lease.commit().await,
            // In a task of its own: a caller that is cancelled from here on does not leave it half-way.
            Inner::PostgresTx(tx) => Ok(tokio::spawn(tx.commit()).await.map_err(Error::internal)??),
            Inner::Batch(lease) => {
                lease.done();
                Ok(())
            }
            Inner::SqliteReader(_) | Inner::Postgres(_) | Inner::PostgresAlone(_) => {
                Err(Error::internal("a read connection cannot commit"))
            }
        }
    }

    /// Waits until no other write of this tenant holds the same lock, and holds it to the end of this one. For rules
    /// that look at other rows before writing (overlaps, trees): PostgreSQL would let two such writes pass each other.
    pub async fn lock(&mut self, tenant_id: i64, name: &'static str) -> Result<()> {
        if self.kind() == Kind::Postgres {
            sql("INSERT INTO area_lock (tenant_id, name, turn) VALUES ($1, $2, 1)
                 ON CONFLICT (tenant_id, name) DO UPDATE SET turn = area_lock.turn + 1")
            .bind(tenant_id)
            .bind(name)
            .run(self)
            .await?;
        }
        Ok(())
    }
}

impl Deref for Read {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
