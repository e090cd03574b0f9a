//! What a datapoint was over the range: its mean, and between which values it moved.

use std::sync::Arc;

use domain::device::view::{History, HistoryPoint, HistorySource, Point, PointType, first_drawn};
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::value::figure;
use crate::api::device::DevicePage;
use crate::api::oee::{Clock, Timed};
use crate::api::{Answer, Result};
use crate::chart::lines::{Chart, LineChart, Paint};
use crate::ui::{
    EmptyState, ErrorView, FiguresTable, Icon, Panel, Scroll, Skeleton, grouped, link_with, query, use_range,
};
use crate::words::{tu, tu_string, words};

/// A history, if there is a datapoint that has one.
pub type Drawn = Option<Timed<History>>;

const HOUR: f64 = 3_600_000.0;

/// The panel: a choice of datapoints, and the line of the one that is chosen.
pub fn panel(page: &Arc<DevicePage>, history: Resource<Option<Result<Answer<Drawn>>>>) -> AnyView {
    let w = words();
    let chosen = query("point");
    let first = first_drawn(&page.device.points).map(|point| point.name.clone());
    let choice = |point: &Point| {
        let is_first = first.as_deref() == Some(point.name.as_str());
        let href = link_with([("point", Some(point.name.clone()))]);
        let name = point.name.clone();
        view! {
            <a href=href aria-current=move || chosen.with(|chosen| *chosen == name || (is_first && chosen.is_empty())).then_some("true")>
                {point.title.clone()}
            </a>
        }
    };
    let drawn = page.device.points.iter().filter(|point| point.drawn());
    let choices = drawn.map(choice).collect_view();
    view! {
        <Panel title=tu_string!(w, device.history)>
            <nav class="picks" aria-label=tu_string!(w, device.history_choose)>
                {choices}
            </nav>
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    Some(match history.await?.and_then(Answer::read) {
                        Ok(data) => drawing(&data?),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    })
                })}
            </Transition>
        </Panel>
    }
    .into_any()
}

fn drawing(data: &Timed<History>) -> AnyView {
    let w = words();
    let view = &data.view;
    if view.points.is_empty() {
        return view! { <EmptyState title=tu_string!(w, device.history_none) why=tu_string!(w, device.range_why) /> }
            .into_any();
    }
    let samples: i64 = view.points.iter().map(|point| point.samples).sum();
    let samples = grouped(samples);
    let source = match view.source {
        HistorySource::Messages => tu_string!(w, device.from_messages, samples).to_string(),
        HistorySource::Hours => tu_string!(w, device.from_hours, samples).to_string(),
        HistorySource::Days => tu_string!(w, device.from_days, samples).to_string(),
    };
    let (range, params) = (use_range(), use_params_map());
    let name = view.point.name.clone();
    let csv = move || {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        format!("/ui/device/history.csv?id={id}&name={name}&range={}", range.get())
    };
    let last = view.points.last().map(|point| worded(view, point.last)).unwrap_or_default();
    let (chart, table) = (chart(data), table(data));
    view! {
        <p class="row">
            <b>{last}</b>
            <span class="mut">{source}</span>
        </p>
        <Scroll label=tu_string!(w, device.history)>
            <div class="half">{chart}</div>
        </Scroll>
        {table}
        <p class="row mt">
            <a class="btn s" href=csv download="" rel="external">
                <Icon name="i-dl" small=true />
                {tu!(w, device.history_csv)}
            </a>
        </p>
    }
    .into_any()
}

/// A figure of the line as the value it stands for.
fn worded(view: &History, value: f64) -> String {
    match &view.point.takes {
        PointType::Bool if value == 0.0 => tu_string!(words(), device.off).to_owned(),
        PointType::Bool if (value - 1.0).abs() < 1e-9 => tu_string!(words(), device.on).to_owned(),
        PointType::Enum(choices) => {
            let at = (0_u32..).zip(choices).find(|(at, _)| (f64::from(*at) - value).abs() < 1e-9);
            at.map_or_else(|| figure(value), |(_, word)| word.clone())
        }
        _ => figure((value * 1e4).round() / 1e4),
    }
}

fn chart(data: &Timed<History>) -> AnyView {
    let view = &data.view;
    let hours = |at: i64| (at - view.span.begin) as f64 / HOUR;
    let steps = !view.point.is_number();
    let (mut line, mut band) = (Vec::new(), Vec::new());
    let mut before: Option<&HistoryPoint> = None;
    for point in &view.points {
        let x = hours(point.at);
        if point.gap {
            line.push((x, f64::NAN));
            band.push((x, f64::NAN, f64::NAN));
        } else if let (true, Some(before)) = (steps, before) {
            // A word holds until the next one.
            line.push((x, before.last));
        }
        line.push((x, if steps { point.last } else { point.mean }));
        band.push((x, point.min, point.max));
        before = Some(point);
    }
    let wide = view.points.iter().any(|point| point.max > point.min);
    let least = view.points.iter().map(|point| point.min).fold(f64::INFINITY, f64::min);
    let most = view.points.iter().map(|point| point.max).fold(f64::NEG_INFINITY, f64::max);
    let margin = ((most - least) * 0.08).max(if steps { 0.3 } else { most.abs().max(1.0) * 0.02 });
    let title = format!("{} · {}", view.point.title, tu_string!(words(), device.history));
    let (clock, begin) = (data.clock.clone(), view.span.begin);
    let length = hours(view.span.end).max(0.01);
    let label = move |x: f64| label(&clock, begin, x, length);
    let choices = match &view.point.takes {
        PointType::Enum(choices) => choices.clone(),
        PointType::Bool => {
            vec![tu_string!(words(), device.off).to_owned(), tu_string!(words(), device.on).to_owned()]
        }
        PointType::Number { .. } | PointType::Binary => Vec::new(),
    };
    let y_label = move |y: f64| {
        if choices.is_empty() {
            return figure((y * 1e4).round() / 1e4);
        }
        let at = (0_u32..).zip(&choices).find(|(at, _)| (f64::from(*at) - y).abs() < 0.02);
        at.map_or_else(String::new, |(_, word)| word.chars().take(5).collect())
    };
    let mut chart = Chart::new(title, (0.0, length), (least - margin, most + margin)).size(560, 220);
    if wide && !steps {
        chart = chart.band(Paint::Amount, band);
    }
    let chart = chart.line(Paint::Main, line).x_label(label).y_label(y_label);
    view! { <LineChart chart /> }.into_any()
}

#[expect(clippy::cast_possible_truncation, reason = "hours of a range of days")]
fn label(clock: &Clock, begin: i64, x: f64, length: f64) -> String {
    let at: DateTime = clock.wall(begin + (x * 60.0).round() as i64 * 60_000);
    if length > 49.0 { format!("{:02}-{:02}", at.month(), at.day()) } else { crate::clock::time(at) }
}

/// The figures, thinned to what a person reads.
fn table(data: &Timed<History>) -> AnyView {
    let w = words();
    let view = &data.view;
    let head = vec![
        tu_string!(w, device.time).to_owned(),
        tu_string!(w, device.least).to_owned(),
        tu_string!(w, device.mean).to_owned(),
        tu_string!(w, device.most).to_owned(),
        tu_string!(w, device.samples).to_owned(),
    ];
    let every = view.points.len().div_ceil(48).max(1);
    let row = |points: &[HistoryPoint]| {
        let samples: i64 = points.iter().map(|point| point.samples).sum();
        let least = points.iter().map(|point| point.min).fold(f64::INFINITY, f64::min);
        let most = points.iter().map(|point| point.max).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = points.iter().map(|point| point.mean * point.samples as f64).sum();
        let at = data.clock.wall(points[0].at);
        vec![
            format!("{} {}", at.date(), crate::clock::time(at)),
            worded(view, least),
            figure((sum / samples.max(1) as f64 * 1e4).round() / 1e4),
            worded(view, most),
            grouped(samples),
        ]
    };
    let rows = view.points.chunks(every).map(row).collect();
    view! { <FiguresTable head rows /> }.into_any()
}
