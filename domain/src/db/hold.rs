//! What only one process on a database may do at a time.
//!
//! The right ends with the process that holds it, however that ends: an open file's lock in the data folder, a session's
//! lock in PostgreSQL.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;

use super::{Backend, Conn, Db, Inner, sql};
use crate::{Error, Result};

/// A session that has not answered by then is over.
const ANSWER: Duration = Duration::from_secs(5);

/// The right to do something alone, until it is dropped.
pub struct Hold(Holder);

enum Holder {
    File(#[expect(dead_code, reason = "closing it gives the right up")] File),
    Session(Conn),
}

impl Hold {
    /// Whether this process still has the right: PostgreSQL takes it back with the session, when it is restarted or the
    /// network is cut.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.0 {
            Holder::File(_) => true,
            Holder::Session(conn) => matches!(timeout(ANSWER, sql("SELECT 1").run(conn)).await, Ok(Ok(_))),
        }
    }
}

impl Db {
    /// Takes the right to do something alone; `None` when another process has it.
    pub async fn hold(&self, name: &'static str) -> Result<Option<Hold>> {
        match &self.0 {
            Backend::Sqlite { .. } => self.hold_file(name).await,
            Backend::Postgres { pool } => {
                let mut conn = Conn(Inner::Postgres(pool.acquire().await?));
                let (held,): (bool,) =
                    sql("SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.' || $1, 0))")
                        .bind(name)
                        .one(&mut conn)
                        .await?;
                if !held {
                    return Ok(None);
                }
                // Outside of the pool, so that it is never handed to somebody else and closes when it is dropped.
                let Inner::Postgres(conn) = conn.0 else { return Ok(None) };
                let conn = Conn(Inner::PostgresAlone(conn.detach()));
                Ok(Some(Hold(Holder::Session(conn))))
            }
            Backend::Batch(_) => Err(Error::internal("a batch holds nothing for longer than itself")),
        }
    }

    async fn hold_file(&self, name: &'static str) -> Result<Option<Hold>> {
        let mut read = self.read().await?;
        let (file,): (String,) =
            sql("SELECT file FROM pragma_database_list WHERE name = 'main'").one(&mut read).await?;
        let mut path = PathBuf::from(file);
        path.set_extension(name);
        let file = File::options().create(true).append(true).open(path).map_err(Error::internal)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Hold(Holder::File(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::internal(error)),
        }
    }
}
