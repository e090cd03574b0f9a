//! The baseline: bare handlers that run the statements a call cannot do without, with nothing else. No signature, no
//! envelope, no rights, no parameter checks, no events; the same tables, the same durability, JSON out.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::query_builder::QueryBuilder;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};
use tokio::net::TcpListener;

use crate::{Result, say};

/// A handler's answer.
type Answer = std::result::Result<Json<Value>, (StatusCode, String)>;

#[derive(Deserialize)]
struct Day {
    code: String,
    begin: i64,
    end: i64,
}

#[derive(Deserialize)]
struct Page {
    number: i64,
    size: i64,
}

#[derive(Deserialize)]
struct NewState {
    code: String,
    status: i64,
    begin: i64,
    end: i64,
}

/// A production report, as far as the page shows it.
#[derive(sqlx::FromRow)]
struct Report {
    id: i64,
    unique_code: String,
    material_id: i64,
    material_code: String,
    step_id: i64,
    step_code: String,
    begin_at: i64,
    end_at: i64,
    out_put: f64,
    unit_type: Option<i64>,
    unit_id: Option<i64>,
    unit_code: Option<String>,
}

/// What a machine made: a step, begin, end, and amounts of the report and of what its code was graded.
#[derive(sqlx::FromRow)]
struct Made {
    step_id: i64,
    out_put: f64,
    total: Option<f64>,
    failed: Option<f64>,
    verified: Option<f64>,
}

/// Where statements run.
struct Pools<DB: sqlx::Database> {
    tenant: i64,
    equipment: i64,
    read: sqlx::Pool<DB>,
    write: sqlx::Pool<DB>,
}

/// Serves the handlers on a database file or, given its address, a PostgreSQL database, until it is killed.
pub async fn serve(place: &str) -> Result<()> {
    let app = if place.starts_with("postgres://") { postgres(place).await? } else { sqlite(place).await? };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("listening on http://{}", listener.local_addr()?));
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, app).await?)
}

async fn sqlite(file: &str) -> Result<Router> {
    // As the server opens it.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(std::time::Duration::from_secs(10))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .statement_cache_capacity(512)
        .row_buffer_size(1024)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-8192");
    let write =
        SqlitePoolOptions::new().max_connections(1).test_before_acquire(false).connect_with(options.clone());
    let write: SqlitePool = write.await?;
    let read = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false);
    let read = read.connect_with(options.read_only(true)).await?;
    on_sqlite::router(read, write).await
}

async fn postgres(url: &str) -> Result<Router> {
    let options = PgConnectOptions::from_str(url)?;
    let pool = PgPoolOptions::new().max_connections(16).test_before_acquire(false);
    let pool: PgPool = pool.connect_with(options).await?;
    on_postgres::router(pool.clone(), pool).await
}

fn failed(error: sqlx::Error) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

/// The handlers, once for each database.
macro_rules! handlers {
    ($module:ident, $db:ty, $begin:literal) => {
        mod $module {
            use super::*;

            type Pool = sqlx::Pool<$db>;
            type Shared = State<Arc<Pools<$db>>>;

            pub(super) async fn router(read: Pool, write: Pool) -> Result<Router> {
                let (tenant,): (i64,) =
                    sqlx::query_as("SELECT id FROM tenant WHERE is_default").fetch_one(&read).await?;
                let (equipment,): (i64,) = sqlx::query_as(
                    "SELECT metadata_id FROM masterdata_record WHERE tenant_id = $1 AND unique_key = 'M-00'",
                )
                .bind(tenant)
                .fetch_one(&read)
                .await?;
                let pools = Arc::new(Pools { tenant, equipment, read, write });
                Ok(Router::new()
                    .route("/health", get(|| async { "ok" }))
                    .route("/day", get(day))
                    .route("/page", get(page))
                    .route("/insert", post(insert))
                    .with_state(pools))
            }

            async fn day(State(pools): Shared, Query(asked): Query<Day>) -> Answer {
                let Pools { tenant, equipment, read, .. } = &*pools;
                let mut conn = read.acquire().await.map_err(failed)?;
                let (machine, _): (i64, bool) = sqlx::query_as(
                    "SELECT id, archived FROM masterdata_record
                     WHERE tenant_id = $1 AND metadata_id = $2 AND unique_key = $3",
                )
                .bind(tenant)
                .bind(equipment)
                .bind(&asked.code)
                .fetch_one(&mut *conn)
                .await
                .map_err(failed)?;
                let values: Vec<(i64, String, Option<f64>)> = sqlx::query_as(
                    "SELECT property_id, value_text, value_number FROM masterdata_value
                     WHERE tenant_id = $1 AND record_id = $2 ORDER BY property_id, seq",
                )
                .bind(tenant)
                .bind(machine)
                .fetch_all(&mut *conn)
                .await
                .map_err(failed)?;
                let chain: Vec<(i64, i64, String)> = sqlx::query_as(
                    "WITH RECURSIVE up (id, parent_id) AS (
                         SELECT id, parent_id FROM factory_node WHERE tenant_id = $1 AND id = $2
                         UNION SELECT p.id, p.parent_id FROM up
                         JOIN factory_node p ON p.id = up.parent_id AND p.tenant_id = $1)
                     SELECT n.id, n.level, n.name FROM factory_node n
                     WHERE n.tenant_id = $1 AND n.id IN (SELECT id FROM up) ORDER BY n.level DESC",
                )
                .bind(tenant)
                .bind(machine)
                .fetch_all(&mut *conn)
                .await
                .map_err(failed)?;
                let nodes: Vec<i64> = chain.iter().map(|(id, ..)| *id).collect();
                let mut shifts = QueryBuilder::<$db>::new(
                    "SELECT id, name, begin_time, end_time FROM calendar_shift WHERE tenant_id = ",
                );
                shifts.push_bind(tenant).push(" AND node_id IN (");
                list(&mut shifts, &nodes);
                let shifts: Vec<(i64, String, String, String)> =
                    shifts.build_query_as().fetch_all(&mut *conn).await.map_err(failed)?;
                let ids: Vec<i64> = shifts.iter().map(|(id, ..)| *id).collect();
                let mut breaks = QueryBuilder::<$db>::new(
                    "SELECT shift_id, kind, begin_time, end_time FROM calendar_break WHERE tenant_id = ",
                );
                breaks.push_bind(tenant).push(" AND shift_id IN (");
                list(&mut breaks, &ids);
                let breaks: Vec<(i64, i64, String, String)> =
                    breaks.build_query_as().fetch_all(&mut *conn).await.map_err(failed)?;
                let mut shutdowns = QueryBuilder::<$db>::new(
                    "SELECT id, begin_at, end_at FROM planned_shutdown WHERE tenant_id = ",
                );
                shutdowns.push_bind(tenant).push(" AND node_id IN (");
                list(&mut shutdowns, &nodes);
                let shutdowns: Vec<(i64, Option<i64>, Option<i64>)> =
                    shutdowns.build_query_as().fetch_all(&mut *conn).await.map_err(failed)?;
                let mut attributes = QueryBuilder::<$db>::new(
                    "SELECT node_id, en_name, value FROM node_attribute WHERE value IS NOT NULL AND tenant_id = ",
                );
                attributes.push_bind(tenant).push(" AND node_id IN (");
                list(&mut attributes, &nodes);
                let attributes: Vec<(i64, String, String)> =
                    attributes.build_query_as().fetch_all(&mut *conn).await.map_err(failed)?;
                let states: Vec<(i64, i64, i64, Option<String>)> = sqlx::query_as(
                    "SELECT begin_at, end_at, status, cause FROM machine_state
                     WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at < $3 AND end_at > $4
                         AND begin_at >= COALESCE((SELECT MAX(begin_at) FROM machine_state
                             WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at <= $4), $4)
                     ORDER BY begin_at",
                )
                .bind(tenant)
                .bind(machine)
                .bind(asked.end)
                .bind(asked.begin)
                .fetch_all(&mut *conn)
                .await
                .map_err(failed)?;
                let made: Vec<Made> = sqlx::query_as(
                    "SELECT p.step_id, p.out_put,
                         CASE WHEN p.nth = 1 THEN (SELECT CAST(SUM(r.out_put) AS DOUBLE PRECISION)
                             FROM production_report r WHERE r.tenant_id = p.tenant_id
                             AND r.unique_code = p.unique_code AND r.step_id = p.step_id) END AS total,
                         CASE WHEN p.nth = 1 THEN (SELECT CAST(SUM(CASE WHEN g.is_passed THEN 0 ELSE g.out_put END)
                             AS DOUBLE PRECISION) FROM quality_control c JOIN quality_grade g
                             ON g.tenant_id = c.tenant_id AND g.control_id = c.id WHERE c.tenant_id = p.tenant_id
                             AND c.unique_code = p.unique_code AND c.step_id = p.step_id) END AS failed,
                         CASE WHEN p.nth = 1 THEN (SELECT CAST(SUM(g.out_put)
                             AS DOUBLE PRECISION) FROM quality_control c JOIN quality_grade g
                             ON g.tenant_id = c.tenant_id AND g.control_id = c.id WHERE c.tenant_id = p.tenant_id
                             AND c.unique_code = p.unique_code AND c.step_id = p.step_id) END AS verified
                     FROM (
                         SELECT tenant_id, id, step_id, unique_code, begin_at, out_put,
                             ROW_NUMBER() OVER (PARTITION BY unique_code, step_id ORDER BY id) AS nth
                         FROM production_report WHERE tenant_id = $1 AND unit_type = 4 AND unit_id = $2
                             AND begin_at < $3 AND end_at >= $4 AND (end_at > $4 OR begin_at = end_at)
                     ) p ORDER BY p.begin_at, p.id",
                )
                .bind(tenant)
                .bind(machine)
                .bind(asked.end)
                .bind(asked.begin)
                .fetch_all(&mut *conn)
                .await
                .map_err(failed)?;
                let step = made.first().map(|made| made.step_id);
                let cycle: Option<(String,)> = sqlx::query_as(
                    "SELECT value FROM node_attribute
                     WHERE tenant_id = $1 AND node_id = $2 AND en_name = 'idealCycleTime'",
                )
                .bind(tenant)
                .bind(step)
                .fetch_optional(&mut *conn)
                .await
                .map_err(failed)?;
                drop(conn);
                let run: i64 = states.iter().filter(|state| state.2 == 1).map(|state| state.1 - state.0).sum();
                let total: f64 = made.iter().map(|made| made.out_put).sum();
                let failed: f64 = made.iter().filter(|made| made.total > Some(0.0)).filter_map(|made| made.failed).sum();
                let verified: f64 = made.iter().filter_map(|made| made.verified).sum();
                Ok(Json(json!({
                    "name": chain.first().map(|node| &node.2),
                    "values": values.len(),
                    "shifts": shifts.iter().map(|shift| &shift.1).collect::<Vec<_>>(),
                    "breaks": breaks.len(),
                    "shutdowns": shutdowns.len(),
                    "attributes": attributes.len(),
                    "states": states.len(),
                    "run": run,
                    "total": total,
                    "failed": failed,
                    "verified": verified,
                    "cycle": cycle.map(|cycle| cycle.0),
                })))
            }

            async fn page(State(pools): Shared, Query(asked): Query<Page>) -> Answer {
                let Pools { tenant, read, .. } = &*pools;
                let mut conn = read.acquire().await.map_err(failed)?;
                let (total,): (i64,) = sqlx::query_as(
                    "SELECT CAST(COUNT(*) AS BIGINT) FROM production_report WHERE tenant_id = $1",
                )
                .bind(tenant)
                .fetch_one(&mut *conn)
                .await
                .map_err(failed)?;
                let rows: Vec<Report> = sqlx::query_as(
                    "SELECT id, unique_code, material_id, material_code, step_id, step_code, begin_at, end_at,
                         out_put, unit_type, unit_id, unit_code
                     FROM production_report WHERE tenant_id = $1
                     ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3",
                )
                .bind(tenant)
                .bind(asked.size)
                .bind((asked.number - 1) * asked.size)
                .fetch_all(&mut *conn)
                .await
                .map_err(failed)?;
                let shown = rows.iter().flat_map(|row| [Some(row.material_id), row.unit_id]).flatten();
                let shown: Vec<i64> = shown.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
                let mut names = QueryBuilder::<$db>::new(
                    "SELECT record_id, value_text FROM masterdata_value WHERE tenant_id = ",
                );
                names.push_bind(tenant).push(" AND property_id IN (632, 662) AND seq = 0 AND record_id IN (");
                list(&mut names, &shown);
                let names: Vec<(i64, String)> =
                    names.build_query_as().fetch_all(&mut *conn).await.map_err(failed)?;
                let names: std::collections::HashMap<i64, String> = names.into_iter().collect();
                let steps = rows.iter().map(|row| row.step_id);
                let steps: Vec<i64> = steps.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
                let mut found =
                    QueryBuilder::<$db>::new("SELECT id, name FROM process_node WHERE tenant_id = ");
                found.push_bind(tenant).push(" AND id IN (");
                list(&mut found, &steps);
                let found: Vec<(i64, String)> =
                    found.build_query_as().fetch_all(&mut *conn).await.map_err(failed)?;
                drop(conn);
                let steps: std::collections::HashMap<i64, String> = found.into_iter().collect();
                let report = |row: Report| {
                    json!({
                        "id": row.id,
                        "materialCode": row.material_code,
                        "materialName": names.get(&row.material_id),
                        "uniqueCode": row.unique_code,
                        "stepCode": row.step_code,
                        "stepName": steps.get(&row.step_id),
                        "startTime": row.begin_at,
                        "endTime": row.end_at,
                        "outPut": row.out_put,
                        "unitType": row.unit_type,
                        "unitTypeName": row.unit_id.and_then(|id| names.get(&id)),
                        "unitTypeCode": row.unit_code,
                    })
                };
                let reports: Vec<Value> = rows.into_iter().map(report).collect();
                Ok(Json(json!({"total": total, "reports": reports})))
            }

            async fn insert(State(pools): Shared, Json(state): Json<NewState>) -> Answer {
                let Pools { tenant, equipment, write, .. } = &*pools;
                let mut tx = write.begin_with($begin).await.map_err(failed)?;
                let (machine,): (i64,) = sqlx::query_as(
                    "SELECT id FROM masterdata_record
                     WHERE tenant_id = $1 AND metadata_id = $2 AND unique_key = $3 AND archived = $4",
                )
                .bind(tenant)
                .bind(equipment)
                .bind(&state.code)
                .bind(false)
                .fetch_one(&mut *tx)
                .await
                .map_err(failed)?;
                let (sequence,): (i64,) = sqlx::query_as(
                    "INSERT INTO state_sequence (tenant_id, equipment_id, last_sequence) VALUES ($1, $2, 1)
                     ON CONFLICT (tenant_id, equipment_id)
                         DO UPDATE SET last_sequence = state_sequence.last_sequence + 1
                     RETURNING last_sequence",
                )
                .bind(tenant)
                .bind(machine)
                .fetch_one(&mut *tx)
                .await
                .map_err(failed)?;
                let overlapped: Vec<(i64, i64, i64, Option<String>)> = sqlx::query_as(
                    "SELECT begin_at, end_at, status, cause FROM machine_state
                     WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at < $3 AND end_at > $4
                         AND begin_at >= COALESCE((SELECT MAX(begin_at) FROM machine_state
                             WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at <= $4), $4)
                     ORDER BY begin_at",
                )
                .bind(tenant)
                .bind(machine)
                .bind(state.end)
                .bind(state.begin)
                .fetch_all(&mut *tx)
                .await
                .map_err(failed)?;
                if !overlapped.is_empty() {
                    return Err((StatusCode::CONFLICT, "known already".to_owned()));
                }
                sqlx::query(
                    "INSERT INTO state_report (tenant_id, equipment_id, sequence, status, begin_at, end_at, cause,
                         reported_at, reported_by, employee_id)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                )
                .bind(tenant)
                .bind(machine)
                .bind(sequence)
                .bind(state.status)
                .bind(state.begin)
                .bind(state.end)
                .bind(None::<String>)
                .bind(state.end)
                .bind("load")
                .bind(None::<i64>)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
                sqlx::query(
                    "INSERT INTO machine_state (tenant_id, equipment_id, begin_at, end_at, status, cause, sequence)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(tenant)
                .bind(machine)
                .bind(state.begin)
                .bind(state.end)
                .bind(state.status)
                .bind(None::<String>)
                .bind(sequence)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
                tx.commit().await.map_err(failed)?;
                Ok(Json(json!({"changed": 1})))
            }

            /// The rest of ` IN (`.
            fn list(statement: &mut QueryBuilder<$db>, ids: &[i64]) {
                let mut separated = statement.separated(", ");
                for id in ids {
                    separated.push_bind(*id);
                }
                if ids.is_empty() {
                    separated.push("NULL");
                }
                separated.push_unseparated(")");
            }
        }
    };
}

handlers!(on_sqlite, Sqlite, "BEGIN IMMEDIATE");
handlers!(on_postgres, Postgres, "BEGIN");
