//! SQL of one person in full.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, sql};
use crate::fleet::view::{UserDetail, UserInfo};
use crate::time::Millis;

#[derive(FromRow)]
struct Row {
    uid: String,
    appid: String,
    app: String,
    username: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    birthday: Option<String>,
    gender: Option<String>,
    address: Option<String>,
    remark: Option<String>,
    anonymous: bool,
    country: Option<String>,
    region: Option<String>,
    city: Option<String>,
    devices: i64,
    created_at: Millis,
}

/// The person with this uid.
pub(crate) async fn find(conn: &mut Conn, tenant_id: i64, uid: &str) -> Result<Option<UserDetail>> {
    let row: Option<Row> =
        sql("SELECT u.uid, a.appid, a.name AS app, u.username, u.name, u.phone, u.email, u.birthday,
            u.gender, u.address, u.remark, u.anonymous, p.country, p.region, p.city,
            CAST((SELECT COUNT(*) FROM device_binding b WHERE b.tenant_id = u.tenant_id AND b.user_id = u.id
                AND b.unbound_at IS NULL) AS BIGINT) AS devices, u.created_at
         FROM device_user u
         JOIN device_app a ON a.tenant_id = u.tenant_id AND a.id = u.app_id
         LEFT JOIN place p ON p.tenant_id = u.tenant_id AND p.id = u.place_id
         WHERE u.tenant_id = $1 AND u.uid = $2")
        .bind(tenant_id)
        .bind(uid)
        .optional(conn)
        .await?;
    let detail = |row: Row| UserDetail {
        app: row.app,
        birthday: row.birthday,
        gender: row.gender,
        address: row.address,
        remark: row.remark,
        place: [row.country, row.region, row.city]
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .collect(),
        info: UserInfo {
            uid: row.uid,
            appid: row.appid,
            username: row.username,
            name: row.name,
            phone: row.phone,
            email: row.email,
            is_anonymous: row.anonymous,
            devices: row.devices,
            created_at: row.created_at,
        },
    };
    Ok(row.map(detail))
}
