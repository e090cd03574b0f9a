//! Rows as the services of the area write them.

use crate::db::sql;
use crate::{Ctx, Millis};

pub const HOUR: Millis = 3_600_000;

/// Two writable datapoints, a number that is read, an alarm and a fault.
pub const DEFINITION: &str = r#"{"name":"Pump","entities":[{"id":0,"name":"entity0","display_name":"Pump","attrs":[
 {"id":0,"name":"switch","display_name":"Switch","type":"status_writable","data_type":"bool"},
 {"id":1,"name":"mode","display_name":"Mode","type":"W","data_type":"enum","enum":["auto","manual"]},
 {"id":2,"name":"flow","display_name":"Flow","type":"status_readonly","data_type":"uint16",
  "uint_spec":{"min":0,"max":1000,"ratio":0.1,"addition":-5}},
 {"id":3,"name":"alert_high","display_name":"Too high","type":"alert","data_type":"bool"},
 {"id":4,"name":"fault_dry","display_name":"Runs dry","type":"fault","data_type":"bool"}]}]}"#;

/// A device to be; the rest of its row is plain.
#[derive(Clone, Debug, Default)]
pub struct NewDevice {
    pub product: i64,
    pub mac: String,
    pub online: bool,
    pub disabled: bool,
    pub faults: i64,
    pub alarms: i64,
    pub group: Option<i64>,
    pub place: Option<i64>,
    pub position: Option<(f64, f64)>,
    pub seen_at: Option<Millis>,
}

/// A product with [`DEFINITION`].
pub async fn product(ctx: &Ctx, name: &str) -> i64 {
    let id = ctx.next_id();
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO product (tenant_id, id, name, product_key, secret_hash, definition, published, logs_enabled,
                              api_enabled, retention_days, machine_rule, created_at, modified_at)
         VALUES ($1, $2, $3, $4, 'x', $5, FALSE, FALSE, TRUE, 30, NULL, $6, $6)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(name)
    .bind(format!("{id:032x}"))
    .bind(DEFINITION)
    .bind(ctx.now())
    .run(&mut tx)
    .await
    .expect("a product");
    tx.commit().await.expect("a commit");
    id
}

/// A device; its did is `did-` and its MAC.
pub async fn device(ctx: &Ctx, new: NewDevice) -> i64 {
    let id = ctx.next_id();
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO device (tenant_id, id, product_id, did, mac, passcode, kind, serial_number, disabled, created_at,
                             activated_at, online, online_latest, place_id, place_source, longitude, latitude,
                             group_id, report_form, latest, latest_at, open_faults, open_alarms)
         VALUES ($1, $2, $3, $4, $5, 'secret', 'normal', $6, $7, $8, $8, $9, $10, $11, 'import', $12, $13, $14, 1,
                 $15, $8, $16, $17)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(new.product)
    .bind(format!("did-{}", new.mac))
    .bind(&new.mac)
    .bind(format!("SN-{}", new.mac))
    .bind(new.disabled)
    .bind(ctx.now())
    .bind(new.online)
    .bind(new.seen_at)
    .bind(new.place)
    .bind(new.position.map(|position| position.0))
    .bind(new.position.map(|position| position.1))
    .bind(new.group)
    .bind(r#"{"switch":1,"mode":"auto","flow":6.2}"#)
    .bind(new.faults)
    .bind(new.alarms)
    .run(&mut tx)
    .await
    .expect("a device");
    tx.commit().await.expect("a commit");
    id
}

/// A group.
pub async fn group(ctx: &Ctx, product: i64, parent: Option<i64>, name: &str) -> i64 {
    let id = ctx.next_id();
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO device_group (tenant_id, id, product_id, gid, parent_id, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(product)
    .bind(format!("{id:032x}"))
    .bind(parent)
    .bind(name)
    .bind(ctx.now())
    .run(&mut tx)
    .await
    .expect("a group");
    tx.commit().await.expect("a commit");
    id
}

/// A place.
pub async fn place(ctx: &Ctx, country: &str, region: &str, city: &str) -> i64 {
    let id = ctx.next_id();
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO place (tenant_id, id, country, region, city) VALUES ($1, $2, $3, $4, $5)")
        .bind(ctx.tenant_id())
        .bind(id)
        .bind(country)
        .bind(region)
        .bind(city)
        .run(&mut tx)
        .await
        .expect("a place");
    tx.commit().await.expect("a commit");
    id
}

/// It went on line, or off it for no heartbeat.
pub async fn turned(ctx: &Ctx, device: i64, at: Millis, online: bool) {
    let payload = if online {
        r#"{"keep_alive":130}"#
    } else {
        r#"{"duration":1391,"heartbeat":{"count":21,"max":60,"avg":60,"last":130,"min":59},"reason":"no_heartbeat"}"#
    };
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO device_online_log (tenant_id, device_id, at, id, online, payload)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(ctx.tenant_id())
    .bind(device)
    .bind(at)
    .bind(ctx.next_id())
    .bind(online)
    .bind(payload)
    .run(&mut tx)
    .await
    .expect("an entry");
    tx.commit().await.expect("a commit");
}

/// A fault or an alarm.
pub async fn event(
    ctx: &Ctx,
    device: i64,
    (kind, name): (i64, &str),
    opened: Millis,
    resolved: Option<Millis>,
) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO device_event (tenant_id, id, product_id, device_id, kind, name, opened_at, resolved_at, place_id)
         VALUES ($1, $2, 1, $3, $4, $5, $6, $7, NULL)")
    .bind(ctx.tenant_id())
    .bind(ctx.next_id())
    .bind(device)
    .bind(kind)
    .bind(name)
    .bind(opened)
    .bind(resolved)
    .run(&mut tx)
    .await
    .expect("an event");
    tx.commit().await.expect("a commit");
}

/// Messages from a device, each with its datapoints.
pub async fn messages(ctx: &Ctx, device: i64, all: &[(Millis, String)]) {
    let mut tx = ctx.begin().await.expect("a write");
    for (at, attrs) in all {
        sql("INSERT INTO device_message (tenant_id, device_id, ts, seq, at, direction, payload, attrs, trouble)
             VALUES ($1, $2, $3, 0, $3, 1, '00', $4, NULL)")
        .bind(ctx.tenant_id())
        .bind(device)
        .bind(*at)
        .bind(attrs)
        .run(&mut tx)
        .await
        .expect("a message");
    }
    tx.commit().await.expect("a commit");
}

/// A kept figure of an hour (1) or a day (2): least 1, greatest 3, mean 2.
pub async fn figure(ctx: &Ctx, device: i64, name: &str, span: i64, begin: Millis) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO device_figure (tenant_id, device_id, name, span, begin_at, samples, minimum, maximum, total, last)
         VALUES ($1, $2, $3, $4, $5, 10, 1, 3, 20, 2.5)")
    .bind(ctx.tenant_id())
    .bind(device)
    .bind(name)
    .bind(span)
    .bind(begin)
    .run(&mut tx)
    .await
    .expect("a figure");
    tx.commit().await.expect("a commit");
}
