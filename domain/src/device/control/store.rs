//! SQL of control.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, sql};
use crate::time::Millis;

#[derive(FromRow)]
pub(super) struct Device {
    pub id: i64,
    pub product_key: String,
    pub definition: String,
    pub disabled: bool,
    pub online: bool,
    pub report_form: i64,
}

pub(super) async fn device(conn: &mut Conn, tenant_id: i64, did: &str) -> Result<Option<Device>> {
    sql("SELECT d.id, p.product_key, p.definition, d.disabled, d.online, d.report_form
         FROM device AS d JOIN product AS p ON p.tenant_id = d.tenant_id AND p.id = d.product_id
         WHERE d.tenant_id = $1 AND d.did = $2")
    .bind(tenant_id)
    .bind(did)
    .optional(conn)
    .await
}

pub(super) struct Message {
    pub device_id: i64,
    pub at: Millis,
    pub seq: i64,
    pub payload: String,
    pub attrs: Option<String>,
}

pub(super) async fn insert(conn: &mut Conn, tenant_id: i64, message: Message) -> Result<()> {
    sql("INSERT INTO device_message (tenant_id, device_id, ts, seq, at, direction, payload, attrs, trouble)
         VALUES ($1, $2, $3, $4, $3, 2, $5, $6, NULL)")
    .bind(tenant_id)
    .bind(message.device_id)
    .bind(message.at)
    .bind(message.seq)
    .bind(message.payload)
    .bind(message.attrs)
    .run(conn)
    .await?;
    Ok(())
}
