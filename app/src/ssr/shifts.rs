//! The plant's shifts around a range, for the picker.

use domain::Ctx;
use domain::calendar::{self, QueryDays};
use domain::modelling::{self, ListChildren, Model, NodeKind};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::range::Shift;

/// Days before and after a range whose shifts are wanted too: the shift before a Monday's first one is Friday's last.
const AROUND: i64 = 4;
/// Over more days nobody tells shifts apart.
const MOST_DAYS: i32 = 40;

/// The shifts of a place, of the first factory when none is named. None when it has no calendar or the person may not see
/// it: the picker then shows days.
pub async fn around(ctx: &Ctx, place: Option<(NodeKind, i64)>, from: Date, to: Date) -> Vec<Shift> {
    if (to - from).get_days() > MOST_DAYS {
        return Vec::new();
    }
    read(ctx, place, from, to).await.unwrap_or_default()
}

async fn read(ctx: &Ctx, place: Option<(NodeKind, i64)>, from: Date, to: Date) -> domain::Result<Vec<Shift>> {
    let place = match place {
        Some(place) => Some(place),
        None => first_factory(ctx).await?,
    };
    let Some((kind, id)) = place else { return Ok(Vec::new()) };
    let query = QueryDays {
        fty_model_id: id,
        fty_model_value: kind.level(),
        begin_date: from.saturating_sub(AROUND.days()).to_string(),
        end_date: to.saturating_add(AROUND.days()).to_string(),
    };
    let month = calendar::service::month_view(ctx, query).await?;
    let zone = &ctx.tenant.zone;
    let mut shifts = Vec::new();
    for day in month.days {
        let Ok(date) = day.date.parse::<Date>() else { continue };
        shifts.extend(day.shifts.into_iter().map(|shift| {
            let (begin, end) = (zone.wall(shift.begin), zone.wall(shift.end));
            Shift { date, name: shift.name, begin, end }
        }));
    }
    Ok(shifts)
}

async fn first_factory(ctx: &Ctx) -> domain::Result<Option<(NodeKind, i64)>> {
    let top = ListChildren { model: Model::Factory, parent_id: None, archived: false };
    let factories = modelling::service::list_children(ctx, top).await?;
    Ok(factories.first().map(|factory| (NodeKind::Factory, factory.node.id)))
}
