//! The fleet at a glance.

use domain::fleet::view::{Change, Overview};
use leptos::prelude::*;

use super::super::percent;
use super::history::{self, Shown};
use crate::api::fleet::reports::Period;
use crate::ui::{Icon, Mark, Panel, grouped, link_with};
use crate::words::{tu, tu_string, words};

/// The figures, and the last 30 days.
pub fn view(figures: &Overview, days: &[Period], product: i64) -> AnyView {
    let w = words();
    let now = figures.now;
    let devices = |extra: &str| format!("/devices?products={product}{extra}");
    let of_all = |part: i64| {
        let share = percent(part, now.devices);
        tu_string!(w, fleet.of_all, share).to_string()
    };
    let never = (now.devices - figures.activated).max(0);
    let cards = [
        card(
            (tu_string!(w, fleet.total).into_any(), Some(devices(""))),
            now.devices,
            tu_string!(w, fleet.never_on, count = grouped(never)).to_string(),
        ),
        card(
            (view! { <Mark state="run" /> {tu!(w, device.online)} }.into_any(), Some(devices("&online=1"))),
            now.online,
            of_all(now.online),
        ),
        card(
            (tu_string!(w, fleet.active_week).into_any(), None),
            figures.active_week.now,
            against(figures.active_week, tu_string!(w, fleet.week_before)),
        ),
        card(
            (tu_string!(w, fleet.new_week).into_any(), None),
            figures.new_week.now,
            against(figures.new_week, tu_string!(w, fleet.week_before)),
        ),
        card(
            (
                view! { <Mark state="fault" /> {tu!(w, fleet.with_fault)} }.into_any(),
                Some(devices("&fault=1")),
            ),
            now.faulty,
            of_all(now.faulty),
        ),
        card(
            (
                view! {
                    <span class="w1">
                        <Icon name="i-warn" />
                    </span>
                    {tu!(w, fleet.with_alarm)}
                }
                .into_any(),
                Some(devices("&alarm=1")),
            ),
            now.alert,
            of_all(now.alert),
        ),
    ];
    let all = link_with([("tab", Some("history".to_owned()))]);
    let row = |name: &'static str, change: Change, basis: &'static str| {
        let (now, before) = (grouped(change.now), grouped(change.before));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="num">
                    <b>{now}</b>
                </td>
                <td class="num">{before}</td>
                <td class="num">{moved(change)}</td>
                <td class="mut wide-only">{basis}</td>
            </tr>
        }
    };
    let rows = view! {
        {row(
            tu_string!(w, fleet.active_yesterday),
            figures.active_yesterday,
            tu_string!(w, fleet.day_before),
        )}
        {row(tu_string!(w, fleet.active_week), figures.active_week, tu_string!(w, fleet.week_before))}
        {row(tu_string!(w, fleet.new_week), figures.new_week, tu_string!(w, fleet.week_before))}
        {row(tu_string!(w, fleet.new_month), figures.new_month, tu_string!(w, fleet.month_before))}
    };
    let drawing = history::chart(days, &Shown::Active, tu_string!(w, fleet.active_devices));
    view! {
        <div class="kpis">{cards.into_iter().collect_view()}</div>
        <div class="grid g-21">
            <Panel title=tu_string!(w, fleet.active_devices) note=tu_string!(w, fleet.last_30)>
                {drawing}
                <p class="more-link">
                    <a class="fig" href=all>
                        {tu!(w, fleet.history)}
                    </a>
                </p>
            </Panel>
            <Panel title=tu_string!(w, fleet.changes) flush=true>
                <table class="tbl">
                    <caption class="sr">{tu!(w, fleet.changes)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tu!(w, device.title)}</th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.now)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.before)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.change)}
                            </th>
                            <th scope="col" class="wide-only">
                                {tu!(w, fleet.basis)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Panel>
        </div>
    }
    .into_any()
}

/// A figure with a link to its rows, and what it is beside.
fn card((title, href): (AnyView, Option<String>), value: i64, basis: String) -> AnyView {
    let value = grouped(value);
    let value = match href {
        Some(href) => view! {
            <a class="fig" href=href>
                {value}
            </a>
        }
        .into_any(),
        None => value.into_any(),
    };
    view! {
        <div class="kpi">
            <h2>{title}</h2>
            <p class="v">{value}</p>
            <p class="d">{basis}</p>
        </div>
    }
    .into_any()
}

/// The difference with its sign.
fn moved(change: Change) -> String {
    let by = change.now - change.before;
    if by > 0 { format!("+{}", grouped(by)) } else { grouped(by) }
}

fn against(change: Change, basis: &'static str) -> String {
    let by = moved(change);
    tu_string!(words(), fleet.against, by, basis).to_string()
}
