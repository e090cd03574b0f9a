//! Who uses which device.

use std::collections::{HashMap, HashSet};

use super::{LOCK, app, product};
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::fleet::params::BindDevices;
use crate::fleet::replies::Outcome;
use crate::fleet::store::bindings::{self, DeviceRow, NewBinding};
use crate::fleet::store::users;
use crate::fleet::view::BindingInfo;
use crate::{Code, Ctx, Error, Result, text};

/// Devices of a call, with who has them.
struct Asked {
    product_id: i64,
    user_id: i64,
    dids: Vec<String>,
    found: HashMap<String, DeviceRow>,
}

impl Asked {
    async fn read(ctx: &Ctx, tx: &mut Tx, params: BindDevices) -> Result<Self> {
        let dids = params.dids.check()?;
        tx.lock(ctx.tenant_id(), LOCK).await?;
        let product_id = product(ctx, tx, &params.product_key).await?;
        let app_id = app(ctx, tx, &params.appid).await?;
        let uid = &params.uid;
        let user_id = users::user_id(tx, ctx.tenant_id(), app_id, uid).await?.ok_or_else(|| {
            Error::Coded(
                Code::UidNotExist,
                text!("this application has no user {uid}", "该应用没有用户 {uid}"),
            )
        })?;
        let rows = bindings::devices(tx, ctx.tenant_id(), product_id, user_id, &dids).await?;
        let found = rows.into_iter().map(|row| (row.did.clone(), row)).collect();
        Ok(Self { product_id, user_id, dids, found })
    }

    /// Which of them are as they must be, in the order given.
    fn those(&self, fit: impl Fn(&DeviceRow) -> bool) -> Vec<&DeviceRow> {
        self.dids.iter().filter_map(|did| self.found.get(did)).filter(|row| fit(row)).collect()
    }

    fn outcome(&self, done: &[&DeviceRow]) -> Outcome {
        let done: HashSet<&str> = done.iter().map(|row| row.did.as_str()).collect();
        let (success, failed) = self.dids.iter().cloned().partition(|did| done.contains(did.as_str()));
        Outcome { success, failed }
    }
}

/// Binds devices to a person (binding.create). The first to bind a device owns it; to bind again changes nothing; a device
/// that is unknown, of another product or disabled fails and hinders no other.
pub async fn bind_devices(ctx: &Ctx, params: BindDevices) -> Result<Outcome> {
    ctx.require(Area::Fleet, Access::Write)?;
    let mut tx = ctx.begin().await?;
    let asked = Asked::read(ctx, &mut tx, params).await?;
    let done = asked.those(|row| row.mine || !row.disabled);
    let new: Vec<NewBinding> = done
        .iter()
        .filter(|row| !row.mine)
        .map(|row| NewBinding { id: ctx.next_id(), device_id: row.id, owner: !row.bound })
        .collect();
    if !new.is_empty() {
        let who = (asked.product_id, asked.user_id);
        bindings::insert(&mut tx, ctx.tenant_id(), who, &new, ctx.now()).await?;
    }
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(asked.outcome(&done))
}

/// Ends the use of devices by a person (binding.delete). A device that is not bound to them fails and hinders no other.
pub async fn unbind_devices(ctx: &Ctx, params: BindDevices) -> Result<Outcome> {
    ctx.require(Area::Fleet, Access::Write)?;
    let mut tx = ctx.begin().await?;
    let asked = Asked::read(ctx, &mut tx, params).await?;
    let done = asked.those(|row| row.mine);
    if !done.is_empty() {
        let ids: Vec<i64> = done.iter().map(|row| row.id).collect();
        bindings::end(&mut tx, ctx.tenant_id(), asked.user_id, &ids, ctx.now()).await?;
        bindings::inherit(&mut tx, ctx.tenant_id(), &ids).await?;
    }
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(asked.outcome(&done))
}

/// Who has had a device, the newest first, for its page.
pub async fn device_bindings(ctx: &Ctx, did: String) -> Result<Vec<BindingInfo>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    bindings::of_device(&mut conn, ctx.tenant_id(), &did).await
}

/// Which devices a person has had, the newest first, for their page.
pub async fn user_bindings(ctx: &Ctx, uid: String) -> Result<Vec<BindingInfo>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    bindings::of_user(&mut conn, ctx.tenant_id(), &uid).await
}
