//! The range picker: a steel rule of the plant's time.

use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::range_rule::RangeRule;
use super::{Icon, link_with, query};
use crate::api::window::{Window, resolve_window};
use crate::clock;
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
    let path = use_location().pathname;
    let source = move || (range.try_get().unwrap_or_default(), path.try_get().unwrap_or_default());
    let resolved = Resource::new(source, |(range, path)| resolve_window(range.to_string(), path));
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
    let (from, to) = (window.begin_wall, window.end_wall);
    let days = range.dates(now, &window.shifts);
    view! {
        <div class="range">
            <a class="btn sq quiet" href=previous aria-label=tu_string!(words(), shell.previous, unit).to_string()>
                <Icon name="i-left" />
            </a>
            <details class="menu">
                <summary class="range-t" title=tu_string!(words(), shell.choose_range)>
                    <b>{title(range, days, from, &window.shifts)}</b>
                    <small>{times(from, to, now)} " · " {window.zone.clone()}</small>
                </summary>
                <div class="menu-b">
                    <RangePresets range />
                    <SpanForm from=days.0 to=days.1 />
                </div>
            </details>
            <RangeRule window />
            <a class="btn sq quiet" href=next aria-label=tu_string!(words(), shell.next, unit).to_string()>
                <Icon name="i-right" />
            </a>
        </div>
    }
}

/// Links to the running shift, the current day, week and month.
#[component]
pub fn RangePresets(
    /// The range of the URL.
    range: Range,
) -> impl IntoView {
    let preset = |unit: Unit| {
        let to = Range::Of(unit, None);
        let href = link_with([("range", Some(to.to_string()))]);
        view! {
            <a href=href aria-current=(range == to).then_some("true")>
                {preset_name(unit)}
            </a>
        }
    };
    view! {
        <nav class="seg" aria-label=tu_string!(words(), shell.choose_range)>
            {Unit::ALL.map(preset).collect_view()}
        </nav>
    }
}

/// From–to: a plain form, `?from=…&to=…`, which [`use_range`] reads as one range.
#[component]
fn SpanForm(from: Date, to: Date) -> impl IntoView {
    let field = |name: &'static str, label: &'static str, at: Date| {
        view! {
            <label class="label">
                {label} <input class="in" type="date" name=name value=at.to_string() required />
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
fn title(range: Range, (first, last): (Date, Date), from: DateTime, shifts: &[Shift]) -> String {
    let day = day_name(first);
    match range.unit() {
        Some(Unit::Shift) => {
            let name = shifts.iter().find(|shift| shift.begin == from).map(|shift| shift.name.clone());
            name.map_or(day.clone(), |name| format!("{name} · {day}"))
        }
        Some(Unit::Week) => {
            let number = first.iso_week_date().week();
            format!("{} · {day} – {}", tu_string!(words(), shell.week_number, number), day_name(last))
        }
        Some(Unit::Month) if chinese() => format!("{} 年 {} 月", first.year(), first.month()),
        Some(Unit::Month) => clock::month(first),
        Some(Unit::Day) => day,
        None if first == last => day,
        None => format!("{day} – {}", day_name(last)),
    }
}

/// A day as people say it: `Thu 12 Jun`, `6 月 12 日 周四`.
pub fn day_name(day: Date) -> String {
    if chinese() {
        let weekday = ["一", "二", "三", "四", "五", "六", "日"]
            [usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        format!("{} 月 {} 日 周{weekday}", day.month(), day.day())
    } else {
        clock::day(day)
    }
}

fn times(from: DateTime, to: DateTime, now: DateTime) -> String {
    let end = if from <= now && now < to {
        format!("{} {}", tu_string!(words(), shell.now), clock::time(now))
    } else if clock::time(to) == "00:00" {
        "24:00".to_owned()
    } else {
        clock::time(to)
    };
    format!("{} – {end}", clock::time(from))
}
