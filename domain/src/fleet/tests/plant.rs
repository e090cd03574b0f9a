//! Products, devices and what they did, put straight into the tables.

use crate::Ctx;
use crate::access::service::digest;
use crate::db::sql;
use crate::fleet::params::{CreateApp, CreateUser, OfGroup, OfProduct};
use crate::fleet::place::Place;
use crate::fleet::service::{create_app, create_user};
use crate::fleet::store::places;

/// A product of a plant.
pub(super) struct Fleet {
    pub ctx: Ctx,
    pub id: i64,
    pub key: String,
}

/// What a device is like.
#[derive(Clone, Default)]
pub(super) struct Device {
    pub mac: String,
    pub online: bool,
    pub disabled: bool,
    /// `yyyy-MM-dd HH:mm` of the plant's zone.
    pub activated: Option<&'static str>,
    pub faults: i64,
    pub alarms: i64,
    pub place: Option<i64>,
    pub serial_number: Option<&'static str>,
}

pub(super) fn device(mac: &str) -> Device {
    Device { mac: mac.to_owned(), ..Device::default() }
}

impl Fleet {
    /// A product with this key, its secret `secret of KEY`.
    pub(super) async fn new(ctx: &Ctx, key: &str) -> Self {
        let id = ctx.next_id();
        let mut tx = ctx.begin().await.expect("a write");
        sql("INSERT INTO product (tenant_id, id, name, product_key, secret_hash, definition, published, logs_enabled,
                api_enabled, retention_days, created_at, modified_at)
             VALUES ($1, $2, 'Pump', $3, $4, '{}', FALSE, TRUE, TRUE, 30, 1, 1)")
        .bind(ctx.tenant_id())
        .bind(id)
        .bind(key)
        .bind(digest(&format!("secret of {key}")))
        .run(&mut tx)
        .await
        .expect("a product");
        sql("INSERT INTO product_key (product_key, tenant_id, product_id) VALUES ($1, $2, $3)")
            .bind(key)
            .bind(ctx.tenant_id())
            .bind(id)
            .run(&mut tx)
            .await
            .expect("a key");
        tx.commit().await.expect("a commit");
        Self { ctx: ctx.clone(), id, key: key.to_owned() }
    }

    pub(super) fn product(&self) -> OfProduct {
        OfProduct { product_key: self.key.clone() }
    }

    pub(super) fn in_group(&self, gid: Option<&str>) -> OfGroup {
        OfGroup { product_key: self.key.clone(), gid: gid.map(str::to_owned) }
    }

    pub(super) async fn place(&self, country: &str, region: &str, city: &str) -> i64 {
        let place = Place { country: country.into(), region: region.into(), city: city.into() };
        let mut tx = self.ctx.begin().await.expect("a write");
        let ids = &self.ctx.services.ids;
        let found = places::ensure(&mut tx, self.ctx.tenant_id(), ids, std::slice::from_ref(&place)).await;
        tx.commit().await.expect("a commit");
        found.expect("places")[&place]
    }

    /// A device; its did is `did-MAC`.
    pub(super) async fn add(&self, device: Device) -> i64 {
        let id = self.ctx.next_id();
        let zone = &self.ctx.tenant.zone;
        let mut tx = self.ctx.begin().await.expect("a write");
        sql("INSERT INTO device (tenant_id, id, product_id, did, mac, passcode, kind, serial_number, disabled,
                created_at, activated_at, online, place_id, report_form, open_faults, open_alarms)
             VALUES ($1, $2, $3, $4, $5, 'p', 'normal', $6, $7, $8, $9, $10, $11, 0, $12, $13)")
        .bind(self.ctx.tenant_id())
        .bind(id)
        .bind(self.id)
        .bind(format!("did-{}", device.mac))
        .bind(&device.mac)
        .bind(device.serial_number)
        .bind(device.disabled)
        .bind(self.ctx.now())
        .bind(device.activated.map(|text| zone.parse("activated", text).expect("a time")))
        .bind(device.online)
        .bind(device.place)
        .bind(device.faults)
        .bind(device.alarms)
        .run(&mut tx)
        .await
        .expect("a device");
        tx.commit().await.expect("a commit");
        id
    }

    /// Days of a month on which a device reported.
    pub(super) async fn active(&self, device: i64, month: &str, days: &[u32], place: Option<i64>) {
        let mut tx = self.ctx.begin().await.expect("a write");
        sql("INSERT INTO device_activity (tenant_id, product_id, month, device_id, days, place_id)
             VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(self.ctx.tenant_id())
        .bind(self.id)
        .bind(month)
        .bind(device)
        .bind(days.iter().fold(0_i64, |mask, day| mask | 1 << (day - 1)))
        .bind(place)
        .run(&mut tx)
        .await
        .expect("activity");
        tx.commit().await.expect("a commit");
    }

    /// An occurrence: `kind` 1 fault, 2 alarm.
    pub(super) async fn event(&self, device: i64, kind: i64, name: &str, resolved: bool, place: Option<i64>) {
        let mut tx = self.ctx.begin().await.expect("a write");
        sql("INSERT INTO device_event (tenant_id, id, product_id, device_id, kind, name, opened_at, resolved_at, place_id)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)")
        .bind(self.ctx.tenant_id())
        .bind(self.ctx.next_id())
        .bind(self.id)
        .bind(device)
        .bind(kind)
        .bind(name)
        .bind(resolved.then_some(2_i64))
        .bind(place)
        .run(&mut tx)
        .await
        .expect("an event");
        tx.commit().await.expect("a commit");
    }

    /// A binding from one time to another, of the plant's zone.
    pub(super) async fn bound(&self, device: i64, uid: &str, from: &str, to: Option<&str>) {
        let zone = &self.ctx.tenant.zone;
        let at = |text: &str| zone.parse("at", text).expect("a time");
        let mut tx = self.ctx.begin().await.expect("a write");
        sql("INSERT INTO device_binding (tenant_id, id, product_id, device_id, user_id, owner, bound_at, unbound_at)
             SELECT tenant_id, $1, $2, $3, id, FALSE, $4, $5 FROM device_user WHERE tenant_id = $6 AND uid = $7")
        .bind(self.ctx.next_id())
        .bind(self.id)
        .bind(device)
        .bind(at(from))
        .bind(to.map(at))
        .bind(self.ctx.tenant_id())
        .bind(uid)
        .run(&mut tx)
        .await
        .expect("a binding");
        tx.commit().await.expect("a commit");
    }
}

/// An application with these people, who are named by their uids.
pub(super) async fn people(ctx: &Ctx, appid: &str, uids: &[&str]) {
    create_app(ctx, CreateApp { name: "App".into(), appid: Some(appid.into()) })
        .await
        .expect("an application");
    for uid in uids {
        create_user(ctx, person(appid, uid)).await.expect("a person");
    }
}

pub(super) fn person(appid: &str, uid: &str) -> CreateUser {
    CreateUser { appid: appid.into(), uid: Some((*uid).into()), ..CreateUser::default() }
}
