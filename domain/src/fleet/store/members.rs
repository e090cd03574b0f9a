//! SQL of the devices of a group as its page shows them.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, sql};
use crate::fleet::Slice;
use crate::fleet::view::Member;

/// A device that may be put into a group.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Candidate {
    pub id: i64,
    pub did: String,
    pub mac: String,
    pub group_id: Option<i64>,
}

/// Those devices of a product that have one of these ids or MAC addresses.
pub(crate) async fn named(
    conn: &mut Conn,
    tenant_id: i64,
    product_id: i64,
    (dids, macs): (&[String], &[String]),
) -> Result<Vec<Candidate>> {
    sql("SELECT id, did, mac, group_id FROM device WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND product_id = ")
        .arg(product_id)
        .push(" AND (did IN ")
        .list(dids)
        .push(" OR mac IN ")
        .list(macs)
        .push(")")
        .all(conn)
        .await
}

#[derive(FromRow)]
struct MemberRow {
    id: i64,
    did: String,
    mac: String,
    serial_number: Option<String>,
    online: bool,
    disabled: bool,
    open_faults: i64,
    open_alarms: i64,
}

/// A part of the devices of a group itself, the newest first, and how many there are.
pub(crate) async fn list(
    conn: &mut Conn,
    tenant_id: i64,
    group_id: i64,
    slice: Slice,
) -> Result<(i64, Vec<Member>)> {
    let total = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM device WHERE tenant_id = $1 AND group_id = $2")
        .bind(tenant_id)
        .bind(group_id)
        .count(conn)
        .await?;
    let rows: Vec<MemberRow> =
        sql("SELECT id, did, mac, serial_number, online, disabled, open_faults, open_alarms FROM device
             WHERE tenant_id = $1 AND group_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4")
        .bind(tenant_id)
        .bind(group_id)
        .bind(slice.limit)
        .bind(slice.skip)
        .all(conn)
        .await?;
    let member = |row: MemberRow| Member {
        id: row.id,
        did: row.did,
        mac: row.mac,
        serial_number: row.serial_number.filter(|serial| !serial.is_empty()),
        online: row.online,
        disabled: row.disabled,
        faults: row.open_faults,
        alarms: row.open_alarms,
    };
    Ok((total, rows.into_iter().map(member).collect()))
}

pub(crate) async fn set_parent(conn: &mut Conn, tenant_id: i64, id: i64, parent_id: i64) -> Result<()> {
    sql("UPDATE device_group SET parent_id = $1 WHERE tenant_id = $2 AND id = $3")
        .bind(parent_id)
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}
