//! Removes what is older than it is kept.

use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use tokio::time::Instant;

use super::store_old::{self as store, Old};
use super::{HOUR, rest};
use crate::Result;
use crate::access::Tenant;
use crate::ctx::Services;
use crate::db::Sql;
use crate::device::store::products;
use crate::device::{DEFAULT_RETENTION_DAYS, Product};
use crate::time::Millis;

const DAY: Millis = 24 * HOUR;
/// Rows of a transaction.
const MOST: u64 = 1_000;
/// Devices that are looked at together, and those whose records are removed together.
const PAGE: i64 = 500;
const TOGETHER: usize = 100;
/// Months of activity that are kept: reports look back over twelve, and 53 weeks.
const MONTHS: i32 = 14;
/// Days that refusals are kept.
const REFUSALS: i64 = 90;

/// Removes the old records of a tenant.
pub(super) async fn of_tenant(services: &Services, tenant: &Tenant) -> Result<u64> {
    let mut read = services.db.read().await?;
    let products = products::list(&mut read, tenant.id).await?;
    drop(read);
    let now = services.clock.now();
    let mut removed = 0;
    for product in &products {
        let days = product.retention_days;
        removed += of_devices(services, tenant.id, product, Old::Messages, now - days * DAY).await?;
        // They can be asked for as long as that.
        let days = days.max(DEFAULT_RETENTION_DAYS);
        removed += of_devices(services, tenant.id, product, Old::OnlineLog, now - days * DAY).await?;
        let month = tenant.zone.date(now).saturating_sub(MONTHS.months()).strftime("%Y-%m").to_string();
        removed += all(services, || store::activity(tenant.id, product.id, &month, MOST)).await?;
    }
    Ok(removed + refusals(services, tenant.id).await?)
}

/// Removes old counts of refusals; those of tenant 0 name no device.
pub(super) async fn refusals(services: &Services, tenant_id: i64) -> Result<u64> {
    let day = Timestamp::from_millisecond(services.clock.now() - REFUSALS * DAY).unwrap_or_default();
    let day = day.strftime("%Y-%m-%d").to_string();
    all(services, || store::refusals(tenant_id, &day, MOST)).await
}

async fn of_devices(
    services: &Services,
    tenant_id: i64,
    product: &Product,
    old: Old,
    before: Millis,
) -> Result<u64> {
    let mut after = i64::MIN;
    let mut removed = 0;
    loop {
        let mut read = services.db.read().await?;
        let devices = store::oldest(&mut read, old, (tenant_id, product.id), after, before, PAGE).await?;
        drop(read);
        let Some((last, _)) = devices.last() else { return Ok(removed) };
        after = *last;
        let those: Vec<i64> = devices.iter().filter(|(_, is_old)| *is_old).map(|(id, _)| *id).collect();
        for those in those.chunks(TOGETHER) {
            removed += all(services, || store::records(old, tenant_id, those, before, MOST)).await?;
        }
        // Between pages in which nothing was old.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Runs a removal of a part as often as there is something left.
async fn all(services: &Services, part: impl Fn() -> Sql) -> Result<u64> {
    let mut removed = 0;
    loop {
        let began = Instant::now();
        let mut tx = services.db.begin().await?;
        let rows = part().run(&mut tx).await?;
        tx.commit().await?;
        removed += rows;
        rest(began).await;
        if rows < MOST {
            return Ok(removed);
        }
    }
}
