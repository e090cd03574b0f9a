//! One device.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, sql};

#[derive(FromRow)]
pub(in crate::device::view) struct DetailRow {
    pub(in crate::device::view) kind: String,
    pub(in crate::device::view) activated_at: Option<i64>,
    pub(in crate::device::view) place_source: Option<String>,
    pub(in crate::device::view) longitude: Option<f64>,
    pub(in crate::device::view) latitude: Option<f64>,
    pub(in crate::device::view) group_id: Option<i64>,
    pub(in crate::device::view) mcu_hard_version: Option<String>,
    pub(in crate::device::view) mcu_soft_version: Option<String>,
    pub(in crate::device::view) wifi_hard_version: Option<String>,
    pub(in crate::device::view) wifi_soft_version: Option<String>,
    pub(in crate::device::view) latest: Option<String>,
    pub(in crate::device::view) latest_at: Option<i64>,
}

/// What the list does not show of a device.
pub(in crate::device::view) async fn detail(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
) -> Result<Option<DetailRow>> {
    sql("SELECT kind, activated_at, place_source, longitude, latitude, group_id, mcu_hard_version, mcu_soft_version,
                wifi_hard_version, wifi_soft_version, latest, latest_at
         FROM device WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(id)
    .optional(conn)
    .await
}

/// Since when the open connection is, and from where.
pub(in crate::device::view) async fn connection(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
) -> Result<Option<(i64, Option<String>)>> {
    sql("SELECT online_at, address FROM device_session WHERE tenant_id = $1 AND device_id = $2")
        .bind(tenant_id)
        .bind(id)
        .optional(conn)
        .await
}

#[derive(FromRow)]
pub(in crate::device::view) struct EventRow {
    pub(in crate::device::view) kind: i64,
    pub(in crate::device::view) name: String,
    pub(in crate::device::view) opened_at: i64,
    pub(in crate::device::view) resolved_at: Option<i64>,
}

/// Faults and alarms: the open ones, then those resolved last, so many in all.
pub(in crate::device::view) async fn events(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
    most: i64,
) -> Result<Vec<EventRow>> {
    sql("SELECT kind, name, opened_at, resolved_at FROM device_event WHERE tenant_id = $1 AND device_id = $2
         ORDER BY CASE WHEN resolved_at IS NULL THEN 0 ELSE 1 END, COALESCE(resolved_at, opened_at) DESC, id DESC
         LIMIT $3")
    .bind(tenant_id)
    .bind(id)
    .bind(most)
    .all(conn)
    .await
}

#[derive(FromRow)]
pub(in crate::device::view) struct UserRow {
    pub(in crate::device::view) uid: String,
    pub(in crate::device::view) username: Option<String>,
    pub(in crate::device::view) name: Option<String>,
    pub(in crate::device::view) app: String,
    pub(in crate::device::view) owner: bool,
    pub(in crate::device::view) bound_at: i64,
    pub(in crate::device::view) unbound_at: Option<i64>,
}

/// Who uses the device, then who did, so many in all.
pub(in crate::device::view) async fn users(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
    most: i64,
) -> Result<Vec<UserRow>> {
    sql("SELECT u.uid, u.username, u.name, a.name AS app, b.owner, b.bound_at, b.unbound_at
         FROM device_binding b
         JOIN device_user u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
         JOIN device_app a ON a.tenant_id = u.tenant_id AND a.id = u.app_id
         WHERE b.tenant_id = $1 AND b.device_id = $2
         ORDER BY CASE WHEN b.unbound_at IS NULL THEN 0 ELSE 1 END, b.bound_at DESC, b.id DESC
         LIMIT $3")
    .bind(tenant_id)
    .bind(id)
    .bind(most)
    .all(conn)
    .await
}
