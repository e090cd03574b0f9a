//! The heat table: lines and machines × shifts.

use std::fmt::Write;
use std::sync::Arc;

use domain::oee::view::{Cell, Column, OeeOverview, Row, Summary};
use leptos::prelude::*;

use super::super::ratio::{Metric, band, gap, or_dash, percent, reason};
use crate::api::oee::Timed;
use crate::ui::{day_name, link_with, query};
use crate::words::{tu, tu_string, words};

/// What a row is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Line,
    Machine,
}

impl Level {
    fn page(self, id: i64) -> String {
        match self {
            Self::Line => format!("/oee/line/{id}"),
            Self::Machine => format!("/oee/machine/{id}"),
        }
    }
}

/// Lines and, where one is opened (`?open=`), its machines × shifts.
#[component]
pub fn HeatTable(data: Arc<Timed<OeeOverview>>, metric: Memo<Metric>) -> AnyView {
    let open = query("open");
    let note = move || tu_string!(words(), oee.worst_first, metric = metric.get().name()).to_string();
    let notes = notes(&data);
    let body = {
        let data = Arc::clone(&data);
        move || {
            let (metric, open) = (metric.get(), open.get());
            let open: Vec<i64> = open.split('.').filter_map(|id| id.parse().ok()).collect();
            worst_first(&data.view.lines, metric)
                .into_iter()
                .map(|line| line_rows(&data, line, metric, &open))
                .collect_view()
        }
    };
    let foot = {
        let data = Arc::clone(&data);
        move || plant_row(&data, metric.get())
    };
    view! {
        <section class="panel">
            <header>
                <h2>{tu!(words(), oee.line_by_shift)}</h2>
                <p>{note}</p>
                <div class="tools">
                    <Scale />
                </div>
            </header>
            <div class="tw">
                <table class="tbl heat c">
                    <caption class="sr">{tu!(words(), oee.title)}</caption>
                    <Head data=Arc::clone(&data) metric />
                    <tbody>{body}</tbody>
                    <tfoot>{foot}</tfoot>
                </table>
            </div>
            <div class="foot">{notes}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Scale() -> AnyView {
    view! {
        <span class="scale">
            {tu!(words(), oee.points_below)} " " <i class="q0">{tu!(words(), oee.at_or_above)}</i>
            <i class="q1">"0–2"</i> <i class="q2">"2–5"</i> <i class="q3">"5–10"</i> <i class="q4">"10–15"</i>
            <i class="q5">{tu!(words(), oee.over_15)}</i> <i class="qn">{tu!(words(), oee.not_scheduled)}</i>
        </span>
    }
    .into_any()
}

#[component]
fn Head(data: Arc<Timed<OeeOverview>>, metric: Memo<Metric>) -> AnyView {
    let columns = &data.view.columns;
    let mut days: Vec<(jiff::civil::Date, usize)> = Vec::new();
    for column in columns {
        match days.last_mut() {
            Some((date, count)) if *date == column.date => *count += 1,
            _ => days.push((column.date, 1)),
        }
    }
    let day = |(date, count): (jiff::civil::Date, usize)| {
        view! {
            <th scope="colgroup" colspan=count.to_string() class="num dayh">
                {day_name(date)}
            </th>
        }
    };
    let shift = |column: &Column| {
        let class = if column.running { "num live-col" } else { "num" };
        let name = if column.running { format!("{} …", column.shift) } else { column.shift.clone() };
        let times = format!("{}–{}", data.clock.time(column.span.begin), data.clock.time(column.span.end));
        view! {
            <th scope="col" class=class title=times>
                {name}
            </th>
        }
    };
    let count = columns.len();
    view! {
        <thead>
            <tr>
                <td></td>
                {days.into_iter().map(day).collect_view()}
                <td class="num sep" colspan="7"></td>
            </tr>
            <tr>
                <th scope="col">{tu!(words(), oee.line)}</th>
                {columns.iter().map(shift).collect_view()}
                <th scope="col" class="num sep">
                    {move || metric.get().letter()}
                </th>
                <th scope="col" class="num" aria-sort="ascending">
                    {tu!(words(), oee.gap)}
                </th>
                <th scope="col" class="num sep">
                    "A"
                </th>
                <th scope="col" class="num">
                    "P"
                </th>
                <th scope="col" class="num">
                    "Q"
                </th>
                <th scope="col">{tu!(words(), oee.shifts, count)}</th>
                <th scope="col" class="num">
                    {tu!(words(), oee.no_reason)}
                </th>
            </tr>
        </thead>
    }
    .into_any()
}

/// What is furthest below its target comes first; what has no figure comes last.
fn worst_first(rows: &[Row], metric: Metric) -> Vec<&Row> {
    let gap = |row: &Row| {
        let value = metric.ratio(&row.total.figures).value;
        value.map_or(f64::INFINITY, |value| value - metric.target(&row.total.targets))
    };
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|a, b| gap(a).total_cmp(&gap(b)));
    rows
}

fn line_rows(data: &Arc<Timed<OeeOverview>>, line: &Row, metric: Metric, open: &[i64]) -> AnyView {
    let is_open = open.contains(&line.place.id);
    let mut then: Vec<i64> = open.iter().copied().filter(|id| *id != line.place.id).collect();
    if !is_open {
        then.push(line.place.id);
    }
    let then: Vec<String> = then.iter().map(ToString::to_string).collect();
    let toggle = link_with([("open", (!then.is_empty()).then(|| then.join(".")))]);
    let name = line.place.name.clone();
    let label = if is_open {
        tu_string!(words(), common.collapse, name).to_string()
    } else {
        tu_string!(words(), common.expand, name).to_string()
    };
    let twist = if is_open { "M3 4.5 6 7.5 9 4.5" } else { "M4.5 3 7.5 6 4.5 9" };
    let head = view! {
        <th scope="row">
            <span class="tcell">
                <a href=toggle class="fold-a" aria-label=label aria-expanded=is_open.to_string()>
                    <svg class="twist" viewBox="0 0 12 12" aria-hidden="true">
                        <path d=twist />
                    </svg>
                </a>
                {name_link(line, Level::Line)}
            </span>
        </th>
    };
    let machines = is_open.then(|| {
        let machine = |row: &Row| {
            let head = view! { <th scope="row">{name_link(row, Level::Machine)}</th> };
            view! { <tr class="sub">{head} {cells(data, row, metric, Level::Machine)}</tr> }
        };
        worst_first(&line.machines, metric).into_iter().map(machine).collect_view()
    });
    view! {
        <tr>{head} {cells(data, line, metric, Level::Line)}</tr>
        {machines}
    }
    .into_any()
}

fn name_link(row: &Row, level: Level) -> AnyView {
    let range = query("range");
    let page = level.page(row.place.id);
    let href = move || range.with(|range| with_range(&page, range));
    view! {
        <a class="two" href=href>
            <span>{row.place.name.clone()}</span>
            <small>{row.place.code.clone()}</small>
        </a>
    }
    .into_any()
}

fn with_range(page: &str, range: &str) -> String {
    if range.is_empty() { page.to_owned() } else { format!("{page}?range={range}") }
}

fn cells(data: &Timed<OeeOverview>, row: &Row, metric: Metric, level: Level) -> AnyView {
    let target = metric.target(&row.total.targets);
    let page = level.page(row.place.id);
    let shifts: Vec<_> = data
        .view
        .columns
        .iter()
        .zip(&row.cells)
        .map(|(column, cell)| {
            let at = crate::clock::to_minute(data.clock.wall(column.span.begin));
            let future = column.span.begin > data.view.shown.now;
            heat_cell(column, *cell, metric, Some(target), &with_range(&page, &format!("shift@{at}")), future)
        })
        .collect();
    view! {
        {shifts}
        {totals(&row.total, metric)}
        <td class="sp">{spark(&row.trend, row.total.targets.oee)}</td>
        <td class="num">{row.total.unexplained}</td>
    }
    .into_any()
}

fn heat_cell(
    column: &Column,
    cell: Option<Cell>,
    metric: Metric,
    target: Option<f64>,
    href: &str,
    future: bool,
) -> AnyView {
    let live = if column.running { " live-col" } else { "" };
    let Some(cell) = cell.filter(|cell| cell.loading > 0) else {
        let (class, mark) = if future { ("q0", "") } else { ("qn", tu_string!(words(), oee.off)) };
        let why = (!future).then(|| tu_string!(words(), oee.not_scheduled));
        return view! {
            <td class=format!("h {class}{live}")>
                <span title=why>{mark}</span>
            </td>
        }
        .into_any();
    };
    let ratio = metric.ratio(&cell.figures);
    let unknown = cell.no_data >= cell.loading;
    let class = match (ratio.value, target) {
        _ if unknown => "qn",
        (Some(value), Some(target)) => band(value, target),
        _ => "q0",
    };
    let (text, why) = if unknown {
        ("–".to_owned(), Some(tu_string!(words(), oee.kind_no_data).to_owned()))
    } else if metric.is_lower_bound(&cell.figures) {
        (format!("≥ {}", or_dash(ratio)), Some(tu_string!(words(), oee.uncertain).to_owned()))
    } else if ratio.value.is_some_and(|value| value > 1.0) {
        (format!("! {}", or_dash(ratio)), Some(tu_string!(words(), oee.too_fast).to_owned()))
    } else {
        (or_dash(ratio), reason(ratio))
    };
    let content = if href.is_empty() {
        view! { <span title=why>{text}</span> }.into_any()
    } else {
        view! {
            <a href=href.to_owned() title=why>
                {text}
            </a>
        }
        .into_any()
    };
    view! { <td class=format!("h {class}{live}")>{content}</td> }.into_any()
}

fn totals(total: &Summary, metric: Metric) -> AnyView {
    let figures = &total.figures;
    let ratio = metric.ratio(figures);
    let value = ratio.value;
    let (distance, weight) = gap(value.map(|value| value - metric.target(&total.targets)));
    let of = |metric: Metric| {
        let ratio = metric.ratio(figures);
        view! { <span title=reason(ratio)>{or_dash(ratio)}</span> }
    };
    let goal =
        tu_string!(words(), oee.target_is, percent = percent(metric.target(&total.targets))).to_string();
    view! {
        <td class="num sep">
            <b title=goal>{or_dash(ratio)}</b>
        </td>
        <td class=format!("num gapc {weight}")>{distance}</td>
        <td class="num sep">{of(Metric::Availability)}</td>
        <td class="num">{of(Metric::Performance)}</td>
        <td class="num">{of(Metric::Quality)}</td>
    }
    .into_any()
}

fn plant_row(data: &Timed<OeeOverview>, metric: Metric) -> AnyView {
    let plant = &data.view.plant;
    let cells: Vec<_> = data
        .view
        .columns
        .iter()
        .zip(&plant.cells)
        .map(|(column, cell)| {
            heat_cell(column, *cell, metric, None, "", column.span.begin > data.view.shown.now)
        })
        .collect();
    view! {
        <tr>
            <th scope="row">{tu!(words(), oee.plant_sum)}</th>
            {cells}
            {totals(&plant.total, metric)}
            <td></td>
            <td class="num">{plant.total.unexplained}</td>
        </tr>
    }
    .into_any()
}

/// The trend of OEE with its target, without words: the figures stand in the row.
fn spark(trend: &[f64], target: f64) -> AnyView {
    let low = trend.iter().copied().fold(target, f64::min);
    let high = trend.iter().copied().fold(target, f64::max);
    let length = (high - low).max(0.02);
    let y = |value: f64| 19.0 - (value - low) / length * 16.0;
    let step = if trend.len() > 1 { 79.0 / (trend.len() - 1) as f64 } else { 0.0 };
    let mut line = String::new();
    let mut last = None;
    for (index, value) in trend.iter().enumerate() {
        let x = 1.0 + index as f64 * step;
        // Writing to a String cannot fail.
        let _ = write!(line, "{}{x:.1} {:.1}", if index == 0 { 'M' } else { 'L' }, y(*value));
        last = Some((x, y(*value)));
    }
    let dot =
        last.map(|(x, y)| view! { <circle class="dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3" /> });
    view! {
        <svg class="ch" viewBox="0 0 84 22" aria-hidden="true">
            <path class="ln-d" d=format!("M0 {:.1}H84", y(target)) />
            <path class="ln" d=line />
            {dot}
        </svg>
    }
    .into_any()
}

fn notes(data: &Timed<OeeOverview>) -> AnyView {
    let running = data.view.columns.iter().find(|column| column.running).map(|column| {
        let name = format!("{} · {}", day_name(column.date), column.shift);
        view! { <span>{tu!(words(), oee.still_running, name)}</span> }
    });
    let uncertain =
        data.view.plant.total.figures.uncertain.then(|| view! { <span>{tu!(words(), oee.uncertain)}</span> });
    let rules: Vec<_> = data.view.rules.iter().map(|rules| rules.name()).collect();
    let rules = rules.join(", ");
    view! {
        <span>{tu!(words(), oee.roll_up)}</span>
        <span>{tu!(words(), oee.night)}</span>
        {running}
        {uncertain}
        <span>{tu!(words(), oee.rules, rules)}</span>
    }
    .into_any()
}
