//! SQL of removing old records: always a part of them.

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::time::Millis;

/// Records of devices that grow old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Old {
    Messages,
    OnlineLog,
}

/// Devices of a product after one, in the order of their ids, and whether they have records from before a time. One with
/// messages from before of which figures are still to be made has none that may go.
pub(super) async fn oldest(
    conn: &mut Conn,
    old: Old,
    (tenant_id, product_id): (i64, i64),
    after: i64,
    before: Millis,
    most: i64,
) -> Result<Vec<(i64, bool)>> {
    let is_old = match old {
        Old::Messages => {
            "SELECT d.id, EXISTS (SELECT 1 FROM device_message m WHERE m.tenant_id = d.tenant_id
                 AND m.device_id = d.id AND m.at < $4)
               AND NOT EXISTS (SELECT 1 FROM device_dirty_hour h WHERE h.tenant_id = d.tenant_id
                 AND h.device_id = d.id AND h.hour_at < $4)"
        }
        Old::OnlineLog => {
            "SELECT d.id, EXISTS (SELECT 1 FROM device_online_log l WHERE l.tenant_id = d.tenant_id
                 AND l.device_id = d.id AND l.at < $4)"
        }
    };
    sql(is_old)
        .push(
            " FROM device d WHERE d.tenant_id = $1 AND d.id IN (SELECT id FROM device
                WHERE tenant_id = $1 AND product_id = $2 AND id > $3 ORDER BY id LIMIT $5)
              ORDER BY d.id",
        )
        .bind(tenant_id)
        .bind(product_id)
        .bind(after)
        .bind(before)
        .bind(most)
        .all(conn)
        .await
}

fn most(most: u64) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// Removes records of devices from before a time.
pub(super) fn records(old: Old, tenant_id: i64, devices: &[i64], before: Millis, limit: u64) -> Sql {
    let (remove, which) = match old {
        Old::Messages => (
            "DELETE FROM device_message WHERE tenant_id = ",
            " AND (device_id, ts, seq) IN (SELECT device_id, ts, seq FROM device_message WHERE tenant_id = ",
        ),
        Old::OnlineLog => (
            "DELETE FROM device_online_log WHERE tenant_id = ",
            " AND (device_id, at, id) IN (SELECT device_id, at, id FROM device_online_log WHERE tenant_id = ",
        ),
    };
    sql(remove)
        .arg(tenant_id)
        .push(which)
        .arg(tenant_id)
        .push(" AND device_id IN ")
        .list(devices.iter().copied())
        .push(" AND at < ")
        .arg(before)
        .push(" LIMIT ")
        .arg(most(limit))
        .push(")")
}

/// Removes months of activity before one.
pub(super) fn activity(tenant_id: i64, product_id: i64, month: &str, limit: u64) -> Sql {
    let of_product = |query: Sql| {
        let query = query.arg(tenant_id).push(" AND product_id = ").arg(product_id);
        query.push(" AND month < ").arg(month)
    };
    let part = of_product(sql("SELECT month, device_id FROM device_activity WHERE tenant_id = "));
    of_product(sql("DELETE FROM device_activity WHERE tenant_id = "))
        .push(" AND (month, device_id) IN (")
        .append(part.push(" LIMIT ").arg(most(limit)))
        .push(")")
}

/// Removes counts of refusals before a day.
pub(super) fn refusals(tenant_id: i64, day: &str, limit: u64) -> Sql {
    sql("DELETE FROM device_refusal WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND (did, day, kind) IN (SELECT did, day, kind FROM device_refusal WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND day < ")
        .arg(day)
        .push(" LIMIT ")
        .arg(most(limit))
        .push(")")
}
