//! Databases of earlier and of later programs.

use std::path::Path;

use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::testing::fresh_schema;
use super::{Db, migrate, schema, sql};
use crate::Error;

/// The steps up to this one, as an earlier program had them.
fn steps(last: usize) -> Vec<Migration> {
    migrate::STEPS.iter().take(last).cloned().collect()
}

/// The steps of a program that will come.
fn with_a_later_step() -> Migrator {
    let mut steps: Vec<Migration> = migrate::STEPS.iter().cloned().collect();
    let mut later = steps.last().expect("there are steps").clone();
    later.version += 1;
    later.sql = sqlx::SqlSafeStr::into_sql_str("CREATE TABLE of_the_future (id BIGINT NOT NULL PRIMARY KEY)");
    steps.push(later);
    Migrator::with_migrations(steps)
}

async fn on_sqlite(file: &Path, steps: Migrator, rows: &'static str) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(true);
    let mut conn = options.connect().await.expect("a file");
    steps.run_direct(None, &mut conn, false).await.expect("the earlier steps");
    sqlx::raw_sql(rows).execute(&mut conn).await.expect("rows");
    conn.close().await.expect("a close");
}

async fn on_postgres(options: PgConnectOptions, steps: Migrator, rows: &'static str) {
    let pool =
        PgPoolOptions::new().max_connections(1).connect_with(options).await.expect("PostgreSQL answers");
    steps.run(&pool).await.expect("the earlier steps");
    sqlx::raw_sql(rows).execute(&pool).await.expect("rows");
    pool.close().await;
}

/// Rows of a plant that has worked for a while, as far as the step before the newest knows their tables.
const ROWS: &str = "
    INSERT INTO tenant (id, name, time_zone, is_default, created_at) VALUES (7, 'Old plant', 'Asia/Shanghai', true, 1);
    INSERT INTO employee (tenant_id, id, name, role, password_one_time, active, created_at)
        VALUES (7, 8, 'Planner', 'administrator', false, true, 1);
    INSERT INTO login (name, tenant_id, employee_id) VALUES ('planner', 7, 8);
    INSERT INTO masterdata_record (tenant_id, id, metadata_id, unique_key, row_version, archived, created_at,
        modified_at) VALUES (7, 9, 547, 'EQ-1', 1, false, 1, 1);
    INSERT INTO factory_node (tenant_id, id, level, code, name, flag, created_at, modified_at)
        VALUES (7, 10, 1, 'F1', 'Factory', 'publish', 1, 1);
    INSERT INTO calendar_shift (tenant_id, id, node_id, node_level, name, begin_time, end_time, created_at)
        VALUES (7, 11, 10, 1, 'Day', '08:00:00', '16:00:00', 1);
    INSERT INTO state_sequence (tenant_id, equipment_id, last_sequence) VALUES (7, 9, 1);
    INSERT INTO state_report (tenant_id, equipment_id, sequence, status, begin_at, end_at, reported_at, reported_by)
        VALUES (7, 9, 1, 1, 100, 200, 300, 'Planner');
    INSERT INTO machine_state (tenant_id, equipment_id, begin_at, end_at, status, sequence)
        VALUES (7, 9, 100, 200, 1, 1);
    INSERT INTO production_report (tenant_id, id, unique_code, material_id, material_code, step_id, step_code,
        begin_at, end_at, out_put, created_at, modified_at) VALUES (7, 12, 'C', 1, 'M', 1, 'S', 100, 200, 5, 1, 1);
";

/// The tables and columns are those of a new database, and what was in it still is.
async fn is_current(upgraded: &Db, new: &Db, with_rows: bool) {
    let mut conn = upgraded.read().await.expect("a connection");
    let columns = schema::columns(&mut conn).await.expect("columns");
    let mut other = new.read().await.expect("a connection");
    assert_eq!(columns, schema::columns(&mut other).await.expect("columns"));
    if with_rows {
        let rows = schema::rows_of(&mut conn, 7).await.expect("rows");
        for table in
            ["employee", "login", "masterdata_record", "calendar_shift", "state_report", "production_report"]
        {
            assert_eq!(rows[table].len(), 1, "{table}");
        }
        let name: (String,) =
            sql("SELECT name FROM tenant WHERE id = $1").bind(7_i64).one(&mut conn).await.expect("a tenant");
        assert_eq!(name.0, "Old plant");
    }
}

fn sentence(answer: Result<Db, Error>) -> String {
    match answer {
        Err(Error::Internal(cause)) => cause.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

const NEWER: &str = "it was upgraded by a newer millwright";

#[tokio::test]
async fn sqlite_every_earlier_schema_comes_up_with_its_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = Db::open_sqlite(&folder.path().join("new.db")).await.expect("a store");
    let newest = migrate::STEPS.iter().count();
    for last in 1..newest {
        let file = folder.path().join(format!("{last}.db"));
        let before_the_newest = last == newest - 1;
        on_sqlite(&file, Migrator::with_migrations(steps(last)), if before_the_newest { ROWS } else { "" })
            .await;
        let upgraded = Db::open_sqlite(&file).await.expect("an upgrade");
        is_current(&upgraded, &new, before_the_newest).await;
    }
}

#[tokio::test]
async fn postgres_every_earlier_schema_comes_up_with_its_rows() {
    let (options, _) = fresh_schema().await;
    let new = Db::open_postgres_with(options, 2).await.expect("a store");
    let newest = migrate::STEPS.iter().count();
    for last in 1..newest {
        let (options, location) = fresh_schema().await;
        let before_the_newest = last == newest - 1;
        let rows = if before_the_newest { ROWS } else { "" };
        on_postgres(options, Migrator::with_migrations(steps(last)), rows).await;
        let upgraded = Db::open_postgres(&location).await.expect("an upgrade");
        is_current(&upgraded, &new, before_the_newest).await;
    }
}

#[tokio::test]
async fn sqlite_a_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("millwright.db");
    on_sqlite(&file, with_a_later_step(), "").await;
    let refused = sentence(Db::open_sqlite(&file).await);
    assert!(refused.starts_with(NEWER), "{refused}");
}

#[tokio::test]
async fn postgres_a_database_of_a_newer_program_is_refused() {
    let (options, location) = fresh_schema().await;
    on_postgres(options, with_a_later_step(), "").await;
    let refused = sentence(Db::open_postgres(&location).await);
    assert!(refused.starts_with(NEWER), "{refused}");
}

#[tokio::test]
async fn a_postgres_that_is_not_there_is_missed_at_once() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = free.local_addr().expect("an address").port();
    let began = std::time::Instant::now();
    // One port that takes the connection and says nothing, one that refuses it.
    for port in [silent, 1] {
        assert!(Db::open_postgres(&format!("postgres://nobody@127.0.0.1:{port}/none")).await.is_err());
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
}
