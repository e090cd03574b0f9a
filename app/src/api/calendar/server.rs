//! From the forms' texts to the services' parameters.

use domain::calendar::{
    AddPlannedShutdown, AddShift, BreakParam, CalendarNode, DayType, MonthView, QueryDays,
    UpdatePlannedShutdown, UpdateShift, service,
};
use domain::modelling::{GetNode, ListChildren, Model, service as modelling};
use domain::time::{Zone, monday};
use domain::{Ctx, Millis, Patch, text};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Layout, ShiftForm, ShutdownForm};
use crate::api::Result;
use crate::ssr::respond;

/// The node with this id, the first factory when none is named.
pub(super) async fn node(ctx: &Ctx, id: &str) -> Result<Option<CalendarNode>> {
    let model = Model::Factory;
    let node = if let Ok(id) = id.parse() {
        Some(respond(modelling::get_node(ctx, GetNode { model, id }).await)?.node)
    } else {
        let roots = ListChildren { model, parent_id: None, archived: false };
        respond(modelling::list_children(ctx, roots).await)?.into_iter().next().map(|row| row.node)
    };
    Ok(node.as_ref().map(CalendarNode::from))
}

/// The whole weeks that hold the month or the week of a date.
pub(super) fn weeks(node: &CalendarNode, date: Date, layout: Layout) -> QueryDays {
    let (first, last) = match layout {
        Layout::Week => (date, date),
        Layout::Month | Layout::List => (date.first_of_month(), date.last_of_month()),
    };
    let (first, last) = (monday(first), monday(last).saturating_add(6.days()));
    QueryDays {
        fty_model_value: node.level,
        fty_model_id: node.id,
        begin_date: first.to_string(),
        end_date: last.to_string(),
    }
}

/// When each of the days begins.
pub(super) fn midnights(view: &MonthView, zone: &Zone) -> Vec<Millis> {
    view.days.iter().filter_map(|day| day.date.parse().ok()).map(|date| zone.start_of(date)).collect()
}

/// The calendar's address with another date, so that what was written there is seen.
pub(super) fn on_date(back: &str, date: &str) -> String {
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("date="));
    let query: Vec<&str> = others.collect();
    let and = if query.is_empty() { "" } else { "&" };
    format!("{path}?{}{and}date={date}", query.join("&"))
}

/// One line a shift and a shutdown of each day, one for a day without any.
pub(super) fn rows(view: &MonthView, zone: &Zone) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for day in &view.days {
        let kind = match day.day_type {
            DayType::Workday => "1",
            DayType::RestDay => "2",
            DayType::Undefined => "3",
        };
        let mut row = |what: [String; 7]| {
            let mut row = vec![day.date.clone(), kind.to_owned()];
            row.extend(what);
            row.push(view.time_zone.clone());
            rows.push(row);
        };
        for shift in &day.shifts {
            row([
                "shift".to_owned(),
                shift.name.clone(),
                zone.format(shift.begin),
                zone.format(shift.end),
                shift.planned_minutes.to_string(),
                shift.origin.name.clone(),
                shift.inherited.to_string(),
            ]);
        }
        for shutdown in &day.shutdowns {
            for span in &shutdown.during {
                row([
                    "plannedShutdown".to_owned(),
                    shutdown.name.clone(),
                    zone.format(span.begin),
                    zone.format(span.end),
                    String::new(),
                    shutdown.origin.name.clone(),
                    shutdown.inherited.to_string(),
                ]);
            }
        }
        if day.shifts.is_empty() && day.shutdowns.is_empty() {
            row([const { String::new() }; 7]);
        }
    }
    rows
}

fn number(param: &str, text: &str) -> domain::Result<i64> {
    text.trim()
        .parse()
        .map_err(|_| domain::Error::invalid(param, text!("must be a whole number", "应为整数")))
}

fn optional(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn patch(text: String) -> Patch<String> {
    optional(text).map_or(Patch::Clear, Patch::Set)
}

/// What a browser's field for date and time sends, as the contract writes it.
fn datetime(text: &str) -> String {
    text.replacen('T', " ", 1)
}

pub(super) async fn save_shift(ctx: &Ctx, form: ShiftForm) -> domain::Result<i64> {
    let fty_model_id = number("ftyModelId", &form.fty_model_id)?;
    let fty_model_value = number("ftyModelValue", &form.fty_model_value)?;
    let given = form.pauses.into_iter().filter(|pause| !(pause.begin.is_empty() && pause.end.is_empty()));
    let breaks = given.enumerate().map(|(index, pause)| {
        let kind = number(&format!("nonProdTimeMgtDTOList[{index}].type"), &pause.kind)?;
        Ok(BreakParam { kind, begin_time: pause.begin, end_time: pause.end })
    });
    let breaks: Vec<BreakParam> = breaks.collect::<domain::Result<_>>()?;
    if form.id.is_empty() {
        let params = AddShift {
            fty_model_id,
            fty_model_value,
            name: form.name,
            begin_time: form.begin_time,
            end_time: form.end_time,
            begin_effective_date: optional(form.begin_effective_date),
            end_effective_date: optional(form.end_effective_date),
            description: optional(form.description),
            breaks: Some(breaks),
        };
        return service::add_shift(ctx, params).await;
    }
    let params = UpdateShift {
        id: number("id", &form.id)?,
        fty_model_id,
        fty_model_value,
        name: form.name,
        begin_time: form.begin_time,
        end_time: form.end_time,
        begin_effective_date: patch(form.begin_effective_date),
        end_effective_date: patch(form.end_effective_date),
        description: patch(form.description),
        breaks: Patch::Set(breaks),
    };
    service::update_shift(ctx, params).await
}

pub(super) async fn save_shutdown(ctx: &Ctx, form: ShutdownForm) -> domain::Result<i64> {
    let fty_model_id = number("ftyModelId", &form.fty_model_id)?;
    let fty_model_value = number("ftyModelValue", &form.fty_model_value)?;
    let kind = number("type", &form.r#type)?;
    // The form shows the fields of both types; the other type's are not meant.
    let weekly = kind == 2;
    let of = |this: bool, text: String| if this { optional(text) } else { None };
    let begin_datetime = of(!weekly, datetime(&form.begin_datetime));
    let end_datetime = of(!weekly, datetime(&form.end_datetime));
    let (begin_time, end_time) = (of(weekly, form.begin_time), of(weekly, form.end_time));
    let day_of_week = of(weekly, form.day_of_week).map(|day| number("dayOfWeek", &day)).transpose()?;
    let description = optional(form.description);
    if form.id.is_empty() {
        let params = AddPlannedShutdown {
            fty_model_id,
            fty_model_value,
            name: form.name,
            kind,
            begin_datetime,
            end_datetime,
            begin_time,
            end_time,
            day_of_week,
            description,
        };
        return service::add_planned_shutdown(ctx, params).await;
    }
    let params = UpdatePlannedShutdown {
        id: number("id", &form.id)?,
        fty_model_id,
        fty_model_value,
        name: form.name,
        kind,
        begin_datetime: begin_datetime.map_or(Patch::Clear, Patch::Set),
        end_datetime: end_datetime.map_or(Patch::Clear, Patch::Set),
        begin_time: begin_time.map_or(Patch::Clear, Patch::Set),
        end_time: end_time.map_or(Patch::Clear, Patch::Set),
        day_of_week: day_of_week.map_or(Patch::Clear, Patch::Set),
        description: description.map_or(Patch::Clear, Patch::Set),
    };
    service::update_planned_shutdown(ctx, params).await
}
