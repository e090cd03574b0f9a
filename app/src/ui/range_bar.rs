//! The range picker: a steel rule of the plant's time.

use jiff::civil::DateTime;
use leptos::prelude::*;

use super::range_rule::RangeRule;
use super::{Icon, link_with, query};
use crate::api::window::{Window, resolve_window};
use crate::range::{Range, Shift, Unit};
use crate::words::{chinese, tu, tu_string, words};

/// The range of the URL.
pub fn use_range() -> Memo<Range> {
    let (range, from, to) = (query("range"), query("from"), query("to"));
    Memo::new(move |_| {
        let (from, to) = (from.try_get().unwrap_or_default(), to.try_get().unwrap_or_default());
        if from.is_empty() {
            range.try_with(|text| Range::parse(text)).unwrap_or_default()
        } else {
            Range::parse(&format!("{from}..{to}"))
        }
    })
}

/// The range picker of the top bar: resolves the URL's range on the server and shows it.
#[component]
pub fn RangeBar() -> impl IntoView {
    let range = use_range();
    let resolved =
        Resource::new(move || range.try_get().unwrap_or_default(), |range| resolve_window(range.to_string()));
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                resolved.await.ok().map(|window| view! { <RangePicker range=range.try_get_untracked().unwrap_or_default() window /> })
            })}
        </Transition>
    }
}

/// Shows a range and links to the others. It works without scripting: presets and steps are links, from–to is a form.
#[component]
pub fn RangePicker(
    /// The range of the URL.
    range: Range,
    /// What it means on the plant's clock, with the shifts to show.
    window: Window,
) -> impl IntoView {
    let (now, shifts) = (window.now_wall, window.shifts.clone());
    let unit = unit_name(range.unit());
    let step = |by: i64| link_with([("range", Some(range.step(by, now, &shifts).to_string()))]);
    let (previous, next) = (step(-1), step(1));
    let preset = |unit: Unit| {
        let to = Range::Of(unit, None);
        let href = link_with([("range", Some(to.to_string()))]);
        let words = preset_name(unit);
        view! {
            <a href=href aria-current=(range == to).then_some("true")>
                {words}
            </a>
        }
    };
    let presets = Unit::ALL.map(preset).collect_view();
    let (from, to) = (window.begin_wall, window.end_wall);
    view! {
        <div class="range">
            <a class="btn sq quiet" href=previous aria-label=tu_string!(words(), shell.previous, unit).to_string()>
                <Icon name="i-left" />
            </a>
            <details class="menu">
                <summary class="range-t" title=tu_string!(words(), shell.choose_range)>
                    <b>{title(range, from, to, &shifts)}</b>
                    <small>{times(from, to, now)} " · " {window.zone.clone()}</small>
                </summary>
                <div class="menu-b">
                    <span class="seg">{presets}</span>
                    <SpanForm from to />
                </div>
            </details>
            <RangeRule window />
            <a class="btn sq quiet" href=next aria-label=tu_string!(words(), shell.next, unit).to_string()>
                <Icon name="i-right" />
            </a>
        </div>
    }
}

/// From–to: a plain form, `?from=…&to=…`, which [`use_range`] reads as one range.
#[component]
fn SpanForm(from: DateTime, to: DateTime) -> impl IntoView {
    let field = |name: &'static str, label: &'static str, at: DateTime| {
        let value = at.strftime("%Y-%m-%dT%H:%M").to_string();
        view! {
            <label class="label">
                {label} <input class="in" type="datetime-local" name=name value=value required />
            </label>
        }
    };
    view! {
        <form method="get" class="span-form">
            {field("from", tu_string!(words(), shell.from), from)} {field("to", tu_string!(words(), shell.to), to)}
            <button class="btn" type="submit">
                {tu!(words(), shell.apply)}
            </button>
        </form>
    }
}

fn unit_name(unit: Option<Unit>) -> &'static str {
    match unit {
        Some(Unit::Shift) => tu_string!(words(), shell.unit_shift),
        Some(Unit::Day) => tu_string!(words(), shell.unit_day),
        Some(Unit::Week) => tu_string!(words(), shell.unit_week),
        Some(Unit::Month) => tu_string!(words(), shell.unit_month),
        None => tu_string!(words(), shell.unit_span),
    }
}

fn preset_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Shift => tu_string!(words(), shell.preset_shift),
        Unit::Day => tu_string!(words(), shell.preset_day),
        Unit::Week => tu_string!(words(), shell.preset_week),
        Unit::Month => tu_string!(words(), shell.preset_month),
    }
}

/// What the range is called: `Thu 12 Jun`, `Late shift, Thu 12 Jun`, `Week 24`, `June 2025`.
fn title(range: Range, from: DateTime, to: DateTime, shifts: &[Shift]) -> String {
    let day = day_name(from);
    match range.unit() {
        Some(Unit::Shift) => {
            let name = shifts.iter().find(|shift| shift.begin == from).map(|shift| shift.name.clone());
            name.map_or(day.clone(), |name| format!("{name} · {day}"))
        }
        Some(Unit::Day) => day,
        Some(Unit::Week) => {
            let number = from.date().iso_week_date().week();
            let last = to.checked_sub(jiff::Span::new().minutes(1)).unwrap_or(to);
            format!("{} · {day} – {}", tu_string!(words(), shell.week_number, number), day_name(last))
        }
        Some(Unit::Month) if chinese() => format!("{} 年 {} 月", from.year(), from.month()),
        Some(Unit::Month) => from.strftime("%B %Y").to_string(),
        None => format!("{day} – {}", day_name(to)),
    }
}

/// A day as people say it: `Thu 12 Jun`, `6 月 12 日 周四`.
pub fn day_name(at: DateTime) -> String {
    if chinese() {
        let weekday = ["一", "二", "三", "四", "五", "六", "日"]
            [usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
        format!("{} 月 {} 日 周{weekday}", at.month(), at.day())
    } else {
        at.strftime("%a %-d %b").to_string()
    }
}

fn times(from: DateTime, to: DateTime, now: DateTime) -> String {
    let clock = |at: DateTime| at.strftime("%H:%M").to_string();
    let end = if from <= now && now < to {
        format!("{} {}", tu_string!(words(), shell.now), clock(now))
    } else if clock(to) == "00:00" {
        "24:00".to_owned()
    } else {
        clock(to)
    };
    format!("{} – {end}", clock(from))
}
