use crate::access::{Access, Area};
use crate::calendar::{
    AddShift, BreakParam, BreakRecord, ById, MAX_PAGE, QueryRecords, Records, Shift, ShiftFields,
    ShiftRecord, ShiftRow, UpdateShift, store,
};
use crate::db::Tx;
use crate::events::Topic;
use crate::{Ctx, Page, Patch, Result};

use super::{LOCK, chain, no_such_shift, usable_node};

/// Adds a shift to a node (section 1.2) and answers 1.
pub async fn add_shift(ctx: &Ctx, params: AddShift) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let fields = ShiftFields {
        fty_model_id: params.fty_model_id,
        fty_model_value: params.fty_model_value,
        name: params.name,
        begin_time: params.begin_time,
        end_time: params.end_time,
        begin_effective_date: params.begin_effective_date,
        end_effective_date: params.end_effective_date,
        description: params.description,
        breaks: params.breaks.unwrap_or_default(),
    };
    let mut shift = Shift::check(ctx.next_id(), fields)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    check_place(ctx, &mut tx, &shift).await?;
    store::insert_shift(&mut tx, ctx.tenant_id(), &shift, ctx.now()).await?;
    number_breaks(ctx, &mut shift);
    store::replace_breaks(&mut tx, ctx.tenant_id(), &shift).await?;
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(1)
}

/// Changes a shift (section 1.3) and answers 1.
pub async fn update_shift(ctx: &Ctx, params: UpdateShift) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let stored = store::shift(&mut tx, ctx.tenant_id(), params.id).await?;
    let stored = stored.ok_or_else(|| no_such_shift(params.id))?;
    let keeps_breaks = params.breaks == Patch::Keep;
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let fields = ShiftFields {
        fty_model_id: params.fty_model_id,
        fty_model_value: params.fty_model_value,
        name: params.name,
        begin_time: params.begin_time,
        end_time: params.end_time,
        begin_effective_date: params.begin_effective_date.apply(date(stored.first_date)),
        end_effective_date: params.end_effective_date.apply(date(stored.last_date)),
        description: params.description.apply(stored.description),
        breaks: params
            .breaks
            .apply(Some(stored.breaks.iter().map(BreakParam::from).collect()))
            .unwrap_or_default(),
    };
    let mut shift = Shift::check(params.id, fields)?;
    check_place(ctx, &mut tx, &shift).await?;
    if store::update_shift(&mut tx, ctx.tenant_id(), &shift).await? == 0 {
        return Err(no_such_shift(params.id));
    }
    if !keeps_breaks {
        number_breaks(ctx, &mut shift);
        store::replace_breaks(&mut tx, ctx.tenant_id(), &shift).await?;
    }
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(1)
}

/// Refuses a shift on a node that cannot have it, or beside one that shares time with it.
async fn check_place(ctx: &Ctx, tx: &mut Tx, shift: &Shift) -> Result<()> {
    let node = usable_node(tx, ctx.tenant_id(), shift.node_level, shift.node_id).await?;
    let others = store::shifts_of_nodes(tx, ctx.tenant_id(), &[node.id]).await?;
    shift.check_overlaps(others.iter().map(|other| &**other), &ctx.tenant.zone)
}

pub(super) fn number_breaks(ctx: &Ctx, shift: &mut Shift) {
    for pause in &mut shift.breaks {
        pause.id = ctx.next_id();
    }
}

/// Deletes a shift (section 1.8) and answers 1.
pub async fn delete_shift(ctx: &Ctx, params: ById) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let mut tx = ctx.begin().await?;
    if store::delete_shift(&mut tx, ctx.tenant_id(), params.id).await? == 0 {
        return Err(no_such_shift(params.id));
    }
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(1)
}

/// A shift with its pauses (section 1.12).
pub async fn get_shift(ctx: &Ctx, params: ById) -> Result<ShiftRecord> {
    ctx.require(Area::Calendar, Access::Read)?;
    let mut conn = ctx.read().await?;
    let shift = store::shift(&mut conn, ctx.tenant_id(), params.id).await?;
    shift.map(|shift| ShiftRecord::from(&shift)).ok_or_else(|| no_such_shift(params.id))
}

/// A page of a node's own shifts (section 1.9).
pub async fn query_shifts(ctx: &Ctx, params: QueryRecords) -> Result<Records<ShiftRow>> {
    ctx.require(Area::Calendar, Access::Read)?;
    let page = Page::check(Some(params.page_no), Some(params.page_size), ("pageNo", "pageSize"), MAX_PAGE)?;
    let mut conn = ctx.read().await?;
    let chain = chain(&mut conn, ctx.tenant_id(), params.fty_model_value, params.fty_model_id).await?;
    let (total, shifts) =
        store::page_of_shifts(&mut conn, ctx.tenant_id(), params.fty_model_id, page).await?;
    let data = shifts.iter().map(|shift| ShiftRow::new(shift, &chain[0].name)).collect();
    Ok(Records { total, data })
}

impl From<&crate::calendar::Break> for BreakParam {
    fn from(pause: &crate::calendar::Break) -> Self {
        Self { kind: pause.kind, begin_time: pause.begin.to_string(), end_time: pause.end.to_string() }
    }
}

impl From<&Shift> for ShiftRecord {
    fn from(shift: &Shift) -> Self {
        let breaks = shift.breaks.iter().map(|pause| BreakRecord {
            id: pause.id,
            shift_mgt_id: shift.id,
            kind: pause.kind,
            begin_time: pause.begin.to_string(),
            end_time: pause.end.to_string(),
        });
        Self {
            id: shift.id,
            fty_model_id: shift.node_id,
            fty_model_value: shift.node_level,
            name: shift.name.clone(),
            begin_effective_date: shift.first_date.map(|date| date.to_string()),
            end_effective_date: shift.last_date.map(|date| date.to_string()),
            begin_time: shift.begin.to_string(),
            end_time: shift.end.to_string(),
            description: shift.description.clone(),
            breaks: breaks.collect(),
        }
    }
}

impl ShiftRow {
    pub(super) fn new(shift: &Shift, node_name: &str) -> Self {
        Self {
            id: shift.id,
            fty_model_id: shift.node_id,
            fty_model_value: shift.node_level,
            fty_model_name: node_name.to_owned(),
            name: shift.name.clone(),
            begin_effective_date: shift.first_date.map(|date| date.to_string()),
            end_effective_date: shift.last_date.map(|date| date.to_string()),
            begin_time: shift.begin.to_string(),
            end_time: shift.end.to_string(),
            description: shift.description.clone(),
        }
    }
}
