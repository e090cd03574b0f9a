//! SQL of refusals.

use std::collections::HashMap;

use super::Key;
use crate::Result;
use crate::ctx::Services;
use crate::db::sql;

pub(super) async fn add(services: &Services, counted: &HashMap<Key, i64>) -> Result<()> {
    let mut tx = services.db.begin().await?;
    let rows: Vec<_> = counted.iter().collect();
    for chunk in rows.chunks(100) {
        let mut text = sql("INSERT INTO device_refusal (tenant_id, did, day, kind, refusals) VALUES ");
        for (number, (key, count)) in chunk.iter().enumerate() {
            text = text
                .push(if number == 0 { "(" } else { ", (" })
                .arg(key.tenant_id)
                .push(", ")
                .arg(&key.did)
                .push(", ")
                .arg(&key.day)
                .push(", ")
                .arg(key.refusal.as_str())
                .push(", ")
                .arg(**count)
                .push(")");
        }
        text.push(
            " ON CONFLICT (tenant_id, did, day, kind)
              DO UPDATE SET refusals = device_refusal.refusals + excluded.refusals",
        )
        .run(&mut tx)
        .await?;
    }
    tx.commit().await
}
