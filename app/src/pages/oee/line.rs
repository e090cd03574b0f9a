//! OEE of one line and its machines.

use std::sync::Arc;

use domain::oee::view::{Lane, LineView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::axis::{Scale, labels, lane, rule};
use super::kinds;
use super::ratio::{Metric, amount, gap, or_dash, percent};
use crate::api::oee::{Timed, get_line_view};
use crate::api::{Answer, Result};
use crate::chart::lines::{Chart, LineChart, Paint};
use crate::chart::timeline::Bar;
use crate::live::version;
use crate::ui::{
    ErrorView, FiguresTable, Mark, PageHeader, Panel, RangePresets, Scroll, Skeleton, query, use_range,
};
use crate::words::{tu, tu_string, words};

const WIDTH: f64 = 1156.0;
const ROW: f64 = 62.0;

/// OEE of one line and its machines.
pub struct LinePage {
    data: Resource<Result<Answer<Timed<LineView>>>>,
}

#[lazy_route]
impl LazyRoute for LinePage {
    fn data() -> Self {
        let (range, params) = (use_range(), use_params_map());
        let (oee, calendar, model) = (version("oee"), version("calendar"), version("modelling"));
        let id = move || params.with(|params| params.get("id").and_then(|id| id.parse().ok()).unwrap_or(0));
        let source = move || (id(), range.get(), oee.get(), calendar.get(), model.get());
        Self { data: Resource::new(source, |(id, range, ..)| get_line_view(id, range.to_string())) }
    }

    fn view(this: Self) -> AnyView {
        let data = this.data;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(data) => view! { <Content data=Arc::new(data) /> }.into_any(),
                        Err(error) => {
                            view! {
                                <PageHeader title=tu_string!(words(), oee.line_title) />
                                <ErrorView error />
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

#[component]
fn Content(data: Arc<Timed<LineView>>) -> impl IntoView {
    let view = &data.view;
    let crumbs = vec![("/oee".to_owned(), tu_string!(words(), shell.oee).to_owned())];
    let (distance, _) = gap(view.total.gap);
    let oee = or_dash(view.total.figures.oee);
    let facts = tu_string!(words(), oee.line_facts, code = view.line.code.clone(), oee, distance).to_string();
    let range = use_range();
    let header = view! {
        <PageHeader title=view.line.name.clone() facts crumbs>
            {move || view! { <RangePresets range=range.get() /> }}
        </PageHeader>
    };
    if view.machines.is_empty() || view.shifts.is_empty() {
        let empty = if view.machines.is_empty() { super::no_machines() } else { super::no_shifts() };
        return view! { {header} {empty} }.into_any();
    }
    let elsewhere = (view.not_on_a_machine > 0.0).then(|| {
        let count = amount(view.not_on_a_machine);
        view! {
            <div class="note">
                <div>{tu!(words(), oee.not_on_a_machine, count)}</div>
            </div>
        }
    });
    view! {
        {header}
        {elsewhere}
        {timelines(&data)}
        {curve(&data)}
        {figures(&data)}
    }
    .into_any()
}

fn timelines(data: &Arc<Timed<LineView>>) -> AnyView {
    let view = &data.view;
    let scale = Scale { span: view.shown.span, left: 170.0, right: WIDTH };
    let height = 32.0 + view.machines.len() as f64 * ROW;
    let row = |(index, machine): (usize, &Lane)| {
        let top = 32.0 + index as f64 * ROW;
        let slow = (view.bottleneck == Some(machine.place.id)).then(|| {
            view! {
                <text x="0" y=top + 50.0 class="t-warn">
                    {tu!(words(), oee.bottleneck)}
                </text>
            }
        });
        view! {
            <text x="0" y=top + 24.0 class="t-b t-12">
                {machine.place.name.clone()}
            </text>
            <text x="0" y=top + 38.0 class="t-3">
                {format!("{} · {}", machine.place.code, or_dash(machine.total.figures.oee))}
            </text>
            {slow}
            {lane(&machine.stretches, scale, &data.clock, Bar { top: top + 16.0, height: 38.0 })}
            {labels(&machine.stretches, scale, top + 12.0)}
        }
    };
    let now = view.shown.span.contains(view.shown.now).then(|| {
        let x = scale.x(view.shown.now);
        view! { <path class="l-brass f-none" stroke-width="1.5" d=format!("M{x:.1} 26V{height}") /> }
    });
    let axis = rule(scale, &data.clock, 24.5, height);
    let lanes = view.machines.iter().enumerate().map(row).collect_view();
    view! {
        <Panel title=tu_string!(words(), oee.timeline) note=tu_string!(words(), oee.timeline_note)>
            <Scroll label=tu_string!(words(), oee.timeline)>
                <div class="wide">
                    <svg
                        class="ch"
                        viewBox=format!("0 0 {WIDTH} {height}")
                        role="img"
                        aria-label=tu_string!(words(), oee.timeline)
                    >
                        {axis}
                        {lanes}
                        {now}
                    </svg>
                </div>
            </Scroll>
        </Panel>
    }
    .into_any()
}

fn curve(data: &Arc<Timed<LineView>>) -> AnyView {
    let view = &data.view;
    let points = &view.curve;
    let name = view
        .machines
        .iter()
        .find(|machine| view.bottleneck == Some(machine.place.id))
        .map(|machine| machine.place.name.clone())
        .unwrap_or_default();
    let hours = |at: i64| (at - view.shown.span.begin) as f64 / 3_600_000.0;
    let target: Vec<_> =
        points.iter().map(|point| (hours(point.at), point.target.unwrap_or(f64::NAN))).collect();
    let actual: Vec<_> = points.iter().filter_map(|point| Some((hours(point.at), point.actual?))).collect();
    let last = actual.last().map(|(at, good)| {
        let goal =
            target.iter().find(|(other, _)| other >= at).map(|(_, goal)| *goal).filter(|goal| !goal.is_nan());
        let good = amount(good.round());
        match goal {
            Some(goal) => tu_string!(words(), oee.good_of, good, target = amount(goal.round())).to_string(),
            None => tu_string!(words(), oee.good_only, good).to_string(),
        }
    });
    if points.len() < 2 {
        return ().into_any();
    }
    let table = curve_table(data);
    let most = target.iter().chain(&actual).map(|(_, y)| *y).filter(|y| !y.is_nan()).fold(1.0, f64::max);
    let length = hours(view.shown.span.end).max(1.0);
    let title = tu_string!(words(), oee.curve).to_owned();
    let (clock, begin) = (data.clock.clone(), view.shown.span.begin);
    #[expect(clippy::cast_possible_truncation, reason = "hours of a range of days")]
    let label = move |hours: f64| clock.time(begin + (hours * 60.0).round() as i64 * 60_000);
    let chart = Chart::new(title, (0.0, length), (0.0, most * 1.05))
        .size(1156, 220)
        .line(Paint::Target, target)
        .line(Paint::Main, actual)
        .x_label(label)
        .y_label(|y| format!("{y:.0}"));
    let drawing = view! { <LineChart chart /> }.into_any();
    view! {
        <Panel
            title=tu_string!(words(), oee.curve)
            note=format!("{name} · {}", last.unwrap_or_default())
        >
            <Scroll label=tu_string!(words(), oee.curve)>
                <div class="wide">
                    {drawing}
                </div>
            </Scroll>
            {table}
        </Panel>
    }
    .into_any()
}

/// The curve by the hour.
fn curve_table(data: &Timed<LineView>) -> AnyView {
    let head = vec![
        tu_string!(words(), oee.time).to_owned(),
        tu_string!(words(), oee.good).to_owned(),
        tu_string!(words(), oee.target).to_owned(),
    ];
    let view = &data.view;
    let last = view.curve.last().map(|point| point.at);
    let shown = |at: i64| (at - view.shown.span.begin).rem_euclid(3_600_000) == 0 || Some(at) == last;
    let or_none = |pieces: Option<f64>| pieces.map_or_else(|| "–".to_owned(), |p| amount(p.round()));
    let hours = view.curve.iter().filter(|point| shown(point.at));
    let rows = hours
        .map(|point| vec![data.clock.time(point.at), or_none(point.actual), or_none(point.target)])
        .collect();
    view! { <FiguresTable head rows /> }.into_any()
}

fn figures(data: &Arc<Timed<LineView>>) -> AnyView {
    let view = &data.view;
    let range = query("range");
    let row = |machine: &Lane| {
        let id = machine.place.id;
        let href = move || {
            range.with(|range| {
                if range.is_empty() {
                    format!("/oee/machine/{id}")
                } else {
                    format!("/oee/machine/{id}?range={range}")
                }
            })
        };
        let (distance, weight) = gap(machine.total.gap);
        let now = machine.current.as_ref().map(|current| {
            view! {
                <span class="st">
                    <Mark state=kinds::short(current.kind) />
                    {kinds::name(current.kind)}
                    " "
                    <span class="mut">{data.clock.time(current.since)}</span>
                </span>
            }
        });
        let slow = (view.bottleneck == Some(id))
            .then(|| view! { <span class="tag">{tu!(words(), oee.bottleneck)}</span> });
        let of = |metric: Metric| or_dash(metric.ratio(&machine.total.figures));
        view! {
            <tr>
                <th scope="row">
                    <a class="two" href=href>
                        <span>{machine.place.name.clone()} " " {slow}</span>
                        <small>{machine.place.code.clone()}</small>
                    </a>
                </th>
                <td>{now}</td>
                <td class="num">
                    <b>{of(Metric::Oee)}</b>
                </td>
                <td class=format!("num gapc {weight}")>{distance}</td>
                <td class="num">{of(Metric::Availability)}</td>
                <td class="num">{of(Metric::Performance)}</td>
                <td class="num">{of(Metric::Quality)}</td>
                <td class="num">{machine.total.unexplained}</td>
            </tr>
        }
    };
    let total = &view.total;
    let (distance, weight) = gap(total.gap);
    let of = |metric: Metric| or_dash(metric.ratio(&total.figures));
    let rows = view.machines.iter().map(row).collect_view();
    let goal = percent(total.targets.oee);
    let foot = view! {
        <tr>
                        <th scope="row">{tu!(words(), oee.line_sum)}</th>
                        <td></td>
                        <td class="num">{of(Metric::Oee)}</td>
                        <td class=format!("num gapc {weight}")>{distance}</td>
                        <td class="num">{of(Metric::Availability)}</td>
                        <td class="num">{of(Metric::Performance)}</td>
                        <td class="num">{of(Metric::Quality)}</td>
                        <td class="num">{total.unexplained}</td>
                    </tr>
    };
    view! {
        <Panel title=tu_string!(words(), oee.machines) note=tu_string!(words(), oee.target_is, percent = goal).to_string() flush=true>
            <table class="tbl mach">
                <thead>
                    <tr>
                        <th scope="col">{tu!(words(), oee.machine_title)}</th>
                        <th scope="col">{tu!(words(), oee.now)}</th>
                        <th scope="col" class="num">
                            "OEE %"
                        </th>
                        <th scope="col" class="num">
                            {tu!(words(), oee.gap)}
                        </th>
                        <th scope="col" class="num">
                            "A"
                        </th>
                        <th scope="col" class="num">
                            "P"
                        </th>
                        <th scope="col" class="num">
                            "Q"
                        </th>
                        <th scope="col" class="num">
                            {tu!(words(), oee.no_reason)}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>{foot}</tfoot>
            </table>
        </Panel>
    }
    .into_any()
}
