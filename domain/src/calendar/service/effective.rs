use jiff::civil::Date;

use crate::access::{Access, Area};
use crate::calendar::{
    AtTime, CalendarOnDate, DayTypeRow, MAX_DAYS, MonthView, NodeCalendar, OnDate, PlannedShutdownRow,
    QueryDays, ShiftRecord, ShiftRow, lookup,
};
use crate::time::parse_date;
use crate::{Ctx, Error, Result, text};

use super::chain;

/// Everything that makes up the calendar of a node.
async fn calendar(ctx: &Ctx, level: i64, id: i64) -> Result<NodeCalendar> {
    let mut conn = ctx.read().await?;
    let chain = chain(&mut conn, ctx.tenant_id(), level, id).await?;
    lookup::calendar_of(&mut conn, ctx.tenant_id(), &chain).await
}

/// First and last date of a query, at most [`MAX_DAYS`] apart.
fn dates(params: &QueryDays) -> Result<(Date, Date)> {
    let begin = parse_date("beginDate", &params.begin_date)?;
    let end = parse_date("endDate", &params.end_date)?;
    if end < begin {
        return Err(Error::invalid("endDate", text!("must not be before beginDate", "不能早于 beginDate")));
    }
    if (end - begin).get_days() > MAX_DAYS {
        return Err(Error::invalid(
            "endDate",
            text!(
                "must be at most {MAX_DAYS} days after beginDate",
                "与 beginDate 的间隔不能超过 {MAX_DAYS} 天"
            ),
        ));
    }
    Ok((begin, end))
}

/// The kind of each day of a period (section 1.4), in order of date.
pub async fn query_day_types(ctx: &Ctx, params: QueryDays) -> Result<Vec<DayTypeRow>> {
    ctx.require(Area::Calendar, Access::Read)?;
    let (begin, end) = dates(&params)?;
    let calendar = calendar(ctx, params.fty_model_value, params.fty_model_id).await?;
    let days = calendar.day_types(&ctx.tenant.zone, begin, end).into_iter();
    Ok(days.map(|(date, kind)| DayTypeRow { date: date.to_string(), day_type: kind.number() }).collect())
}

/// The shift in force at a node at a point in time, own or inherited; none when there is no shift then, or a planned
/// shutdown (section 1.10). A shift's end is not part of it.
pub async fn get_shift_at(ctx: &Ctx, params: AtTime) -> Result<Option<ShiftRecord>> {
    ctx.require(Area::Calendar, Access::Read)?;
    let at = ctx.tenant.zone.parse("datetime", &params.datetime)?;
    let calendar = calendar(ctx, params.fty_model_value, params.fty_model_id).await?;
    Ok(calendar.shift_at(&ctx.tenant.zone, at).map(ShiftRecord::from))
}

/// Whether a planned shutdown of a node or of one of its ancestors covers a point in time (section 1.11).
pub async fn is_planned_shutdown_at(ctx: &Ctx, params: AtTime) -> Result<bool> {
    ctx.require(Area::Calendar, Access::Read)?;
    let at = ctx.tenant.zone.parse("datetime", &params.datetime)?;
    let calendar = calendar(ctx, params.fty_model_value, params.fty_model_id).await?;
    Ok(calendar.is_shut_down(&ctx.tenant.zone, at))
}

/// The shifts that begin at a node on a date and the planned shutdowns in force on that day, own and inherited (section
/// 1.13).
pub async fn get_calendar_on_date(ctx: &Ctx, params: OnDate) -> Result<CalendarOnDate> {
    ctx.require(Area::Calendar, Access::Read)?;
    let date = parse_date("date", &params.date)?;
    let calendar = calendar(ctx, params.fty_model_value, params.fty_model_id).await?;
    let zone = &ctx.tenant.zone;
    let shifts = calendar.shifts_on(date).into_iter();
    let shutdowns = calendar.shutdowns_on(zone, date).into_iter();
    Ok(CalendarOnDate {
        shifts: shifts.map(|(node, shift)| ShiftRow::new(shift, &node.name)).collect(),
        planned_shutdowns: shutdowns
            .map(|(node, shutdown, _)| PlannedShutdownRow::new(shutdown, &node.name, zone))
            .collect(),
    })
}

/// The days of a node's calendar for the browser: shifts and planned shutdowns with their origin, the kind of day and
/// the planned minutes.
pub async fn month_view(ctx: &Ctx, params: QueryDays) -> Result<MonthView> {
    ctx.require(Area::Calendar, Access::Read)?;
    let (begin, end) = dates(&params)?;
    let calendar = calendar(ctx, params.fty_model_value, params.fty_model_id).await?;
    let zone = &ctx.tenant.zone;
    Ok(MonthView {
        chain: calendar.chain().to_vec(),
        time_zone: zone.name().to_owned(),
        days: calendar.days(zone, begin, end),
    })
}
