use crate::access::{Access, Area};
use crate::calendar::{
    AddPlannedShutdown, ById, MAX_PAGE, PlannedShutdownRecord, PlannedShutdownRow, QueryRecords, Records,
    Shutdown, ShutdownFields, ShutdownRule, UpdatePlannedShutdown, store,
};
use crate::events::Topic;
use crate::time::Zone;
use crate::{Ctx, Page, Result};

use super::{LOCK, chain, no_such_shutdown, usable_node};

/// Adds a planned shutdown to a node (section 1.14) and answers 1.
pub async fn add_planned_shutdown(ctx: &Ctx, params: AddPlannedShutdown) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let fields = ShutdownFields {
        fty_model_id: params.fty_model_id,
        fty_model_value: params.fty_model_value,
        name: params.name,
        kind: params.kind,
        begin_datetime: params.begin_datetime,
        end_datetime: params.end_datetime,
        begin_time: params.begin_time,
        end_time: params.end_time,
        day_of_week: params.day_of_week,
        description: params.description,
    };
    let shutdown = Shutdown::check(ctx.next_id(), fields, &ctx.tenant.zone)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    usable_node(&mut tx, ctx.tenant_id(), shutdown.node_level, shutdown.node_id).await?;
    store::insert_shutdown(&mut tx, ctx.tenant_id(), &shutdown, ctx.now()).await?;
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(1)
}

/// Changes a planned shutdown (section 1.7) and answers 1. When its type changes, the fields of the new type are
/// required.
pub async fn update_planned_shutdown(ctx: &Ctx, params: UpdatePlannedShutdown) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let zone = &ctx.tenant.zone;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let stored = store::shutdown(&mut tx, ctx.tenant_id(), params.id).await?;
    let stored = stored.ok_or_else(|| no_such_shutdown(params.id))?;
    // Epoch milliseconds, so that an instant in a doubled hour stays the one it was.
    let (begin_at, end_at) = match &stored.rule {
        ShutdownRule::Period(period) => (Some(period.begin.to_string()), Some(period.end.to_string())),
        ShutdownRule::Weekly { .. } => (None, None),
    };
    let before = PlannedShutdownRecord::new(&stored, zone);
    let fields = ShutdownFields {
        fty_model_id: params.fty_model_id,
        fty_model_value: params.fty_model_value,
        name: params.name,
        kind: params.kind,
        begin_datetime: params.begin_datetime.apply(begin_at),
        end_datetime: params.end_datetime.apply(end_at),
        begin_time: params.begin_time.apply(before.begin_time),
        end_time: params.end_time.apply(before.end_time),
        day_of_week: params.day_of_week.apply(before.day_of_week),
        description: params.description.apply(before.description),
    };
    let shutdown = Shutdown::check(params.id, fields, zone)?;
    usable_node(&mut tx, ctx.tenant_id(), shutdown.node_level, shutdown.node_id).await?;
    if store::update_shutdown(&mut tx, ctx.tenant_id(), &shutdown).await? == 0 {
        return Err(no_such_shutdown(params.id));
    }
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(1)
}

/// Deletes a planned shutdown (section 1.6) and answers 1.
pub async fn delete_planned_shutdown(ctx: &Ctx, params: ById) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let mut tx = ctx.begin().await?;
    if store::delete_shutdown(&mut tx, ctx.tenant_id(), params.id).await? == 0 {
        return Err(no_such_shutdown(params.id));
    }
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(1)
}

/// A planned shutdown (section 1.1).
pub async fn get_planned_shutdown(ctx: &Ctx, params: ById) -> Result<PlannedShutdownRecord> {
    ctx.require(Area::Calendar, Access::Read)?;
    let mut conn = ctx.read().await?;
    let shutdown = store::shutdown(&mut conn, ctx.tenant_id(), params.id).await?;
    let shutdown = shutdown.ok_or_else(|| no_such_shutdown(params.id))?;
    Ok(PlannedShutdownRecord::new(&shutdown, &ctx.tenant.zone))
}

/// A page of a node's own planned shutdowns (section 1.5).
pub async fn query_planned_shutdowns(ctx: &Ctx, params: QueryRecords) -> Result<Records<PlannedShutdownRow>> {
    ctx.require(Area::Calendar, Access::Read)?;
    let page = Page::check(Some(params.page_no), Some(params.page_size), ("pageNo", "pageSize"), MAX_PAGE)?;
    let mut conn = ctx.read().await?;
    let chain = chain(&mut conn, ctx.tenant_id(), params.fty_model_value, params.fty_model_id).await?;
    let (total, shutdowns) =
        store::page_of_shutdowns(&mut conn, ctx.tenant_id(), params.fty_model_id, page).await?;
    let row = |shutdown| PlannedShutdownRow::new(shutdown, &chain[0].name, &ctx.tenant.zone);
    Ok(Records { total, data: shutdowns.iter().map(row).collect() })
}

impl PlannedShutdownRecord {
    fn new(shutdown: &Shutdown, zone: &Zone) -> Self {
        let Shutdown { id, node_id, node_level, name, description, rule } = shutdown;
        let mut record = Self {
            id: *id,
            fty_model_id: *node_id,
            fty_model_value: *node_level,
            name: name.clone(),
            kind: 1,
            day_of_week: None,
            begin_datetime: None,
            end_datetime: None,
            begin_time: None,
            end_time: None,
            description: description.clone(),
        };
        match rule {
            ShutdownRule::Period(period) => {
                record.begin_datetime = Some(zone.format(period.begin));
                record.end_datetime = Some(zone.format(period.end));
            }
            ShutdownRule::Weekly { day_of_week, begin, end } => {
                record.kind = 2;
                record.day_of_week = Some((*day_of_week).into());
                record.begin_time = Some(begin.to_string());
                record.end_time = Some(end.to_string());
            }
        }
        record
    }
}

impl PlannedShutdownRow {
    pub(super) fn new(shutdown: &Shutdown, node_name: &str, zone: &Zone) -> Self {
        let record = PlannedShutdownRecord::new(shutdown, zone);
        Self {
            id: record.id,
            fty_model_id: record.fty_model_id,
            fty_model_value: record.fty_model_value,
            fty_model_name: node_name.to_owned(),
            name: record.name,
            kind: record.kind,
            day_of_week: record.day_of_week,
            begin_datetime: record.begin_datetime,
            end_datetime: record.end_datetime,
            begin_time: record.begin_time,
            end_time: record.end_time,
            description: record.description,
        }
    }
}
