//! Reports over the people who use devices of a product.

use leptos::prelude::*;

use super::super::reports::{Line, PeriodForm, Shown, chart, named, names};
use super::super::{no_products, percent, share};
use super::csv;
use crate::api::fleet::reports::{Period, PlaceRow, ReportFrame};
use crate::api::fleet::users::{UserQuery, UserReports};
use crate::ui::{Column, DataTable, EmptyState, Panel, grouped};
use crate::words::{tu, tu_string, words};

/// What they are chosen by.
pub fn filter(frame: &ReportFrame) -> AnyView {
    let ReportFrame { products, product, span, refused } = frame.clone();
    let (tab, span) = ("reports".to_owned(), product.is_some().then_some(span));
    view! { <PeriodForm path="/devices/users" tab products product span refused /> }.into_any()
}

/// Growth, use and places.
pub fn view(report: &UserReports, asked: &UserQuery) -> AnyView {
    let w = words();
    if report.product.is_none() {
        return no_products();
    }
    let new: i64 = report.new.iter().map(|period| period.new).sum();
    let total = grouped(report.total);
    let last = report.active.iter().rev().nth(1).map(|day| (day.name.clone(), day.active));
    let yesterday = last.map(|(day, count)| {
        view! {
            <div class="kpi">
                <h2>{tu!(w, fleet.active_users)}</h2>
                <p class="v">{grouped(count)}</p>
                <p class="d">{day}</p>
            </div>
        }
    });
    let span = format!("{} – {}", report.span.start, report.span.end);
    let figures = view! {
        <div class="kpis three">
            <div class="kpi">
                <h2>{tu!(w, fleet.users_total)}</h2>
                <p class="v">{total}</p>
                <p class="d">{tu!(w, fleet.users_total_why)}</p>
            </div>
            <div class="kpi">
                <h2>{tu!(w, fleet.new_users)}</h2>
                <p class="v">{grouped(new)}</p>
                <p class="d">{span}</p>
            </div>
            {yesterday}
        </div>
    };
    let charts = (!report.new.is_empty()).then(|| {
        let new = chart(&report.new, &Shown::New, tu_string!(w, fleet.new_users));
        let active = chart(&report.active, &Shown::Active, tu_string!(w, fleet.active_users));
        view! {
            <div class="grid g-2">
                <Panel title=tu_string!(w, fleet.new_users) note=tu_string!(w, fleet.new_users_why)>
                    {new}
                </Panel>
                <Panel title=tu_string!(w, fleet.active_users) note=tu_string!(w, fleet.active_users_why)>
                    {active}
                </Panel>
            </div>
            <div class="grid g-2">
                {table(
                    tu_string!(w, fleet.new_users),
                    &report.new,
                    |period| period.new,
                    csv(asked, "reports"),
                )}
                {table(
                    tu_string!(w, fleet.active_users),
                    &report.active,
                    |period| period.active,
                    csv(asked, "active"),
                )}
            </div>
        }
    });
    view! {
        {figures}
        {charts}
        {places(&report.places, report.total)}
    }
    .into_any()
}

/// So many of the latest periods are shown; the file has them all.
const SHOWN: usize = 31;

fn table(title: &'static str, periods: &[Period], figure: fn(&Period) -> i64, csv: String) -> AnyView {
    let columns = vec![
        Column::new("period", tu_string!(words(), fleet.period), named),
        Column::new("count", title, move |period: &Period| grouped(figure(period))).numeric(),
    ];
    let rows: Vec<Period> = periods.iter().rev().take(SHOWN).cloned().collect();
    view! {
        <Panel title flush=true>
            <DataTable columns rows caption=title csv />
        </Panel>
    }
    .into_any()
}

fn places(rows: &[PlaceRow<i64>], total: i64) -> AnyView {
    let w = words();
    if rows.is_empty() {
        return view! {
            <Panel title=tu_string!(w, fleet.places)>
                <EmptyState title=tu_string!(w, fleet.no_places) why=tu_string!(w, fleet.no_user_places_why) />
            </Panel>
        }
        .into_any();
    }
    let row = |row: &PlaceRow<i64>| {
        view! {
            <tr>
                {names(&Line { path: &row.path, open: false, branch: false })}
                <td class="num">{grouped(row.figures)}</td>
                <td class="sharec">{share(row.figures, total)}</td>
                <td class="num">{percent(row.figures, total)}</td>
            </tr>
        }
    };
    let lines = rows.iter().map(row).collect_view();
    view! {
        <Panel title=tu_string!(w, fleet.places) flush=true>
            <div class="tw">
                <table class="tbl places">
                    <caption class="sr">{tu!(w, fleet.places)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tu!(w, device.place)}</th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.users)}
                            </th>
                            <td class="sharec"></td>
                            <th scope="col" class="num">
                                {tu!(w, fleet.share)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </Panel>
    }
    .into_any()
}
