//! States, pieces and good pieces an hour on one axis.

use std::sync::Arc;

use domain::Interval;
use domain::oee::view::{Bin, Hour, MachineView};
use domain::oee::{Kind, Stretch};
use leptos::prelude::*;

use super::super::axis::{Scale, labels, lane, rule};
use super::super::kinds;
use super::super::ratio::{amount, percent};
use crate::api::oee::Timed;
use crate::chart::timeline::Bar;
use crate::ui::{FiguresTable, Panel, Scroll};
use crate::words::{tu, tu_string, words};

const WIDTH: f64 = 1156.0;
/// Base line and height of the pieces.
const BASE: f64 = 170.0;
const HIGH: f64 = 44.0;

/// The timeline with its legend.
#[component]
pub fn TimelinePanel(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let view = &data.view;
    let scale = Scale { span: view.shown.span, left: 60.0, right: WIDTH };
    let stretches: Vec<Stretch> = view.entries.iter().map(|entry| entry.stretch.clone()).collect();
    let step = view.bins.first().map_or(0, |bin| bin.span.duration());
    let per = if step > 10 * 60_000 {
        tu_string!(words(), oee.per_hour)
    } else {
        tu_string!(words(), oee.per_5_min)
    };
    let ideal =
        view.cycle.as_ref().map(|cycle| step as f64 / 1000.0 / cycle.seconds).filter(|ideal| *ideal > 0.0);
    let axis = rule(scale, &data.clock, 24.5, 214.0);
    let states = lane(&stretches, scale, &data.clock, Bar { top: 44.5, height: 57.5 });
    let names = labels(&stretches, scale, 38.0);
    let made = pieces(&view.bins, scale, ideal);
    let hours = view.hours.iter().map(|hour| good(hour, scale)).collect_view();
    let foot = {
        let data = Arc::clone(&data);
        move || legend(&data.view)
    };
    let now = (view.shown.span.contains(view.shown.now)).then(|| {
        let x = scale.x(view.shown.now);
        view! { <path class="l-brass f-none" stroke-width="1.5" d=format!("M{x:.1} 26V214") /> }
    });
    let none =
        stretches.iter().all(|stretch| matches!(stretch.kind, Kind::NoData | Kind::Break | Kind::Shutdown));
    let none = none.then(|| {
        view! {
            <div class="note">
                <div>{tu!(words(), oee.nothing_reported)}</div>
            </div>
        }
    });
    view! {
        <Panel
            title=tu_string!(words(), oee.timeline)
            note=tu_string!(words(), oee.timeline_note)
            foot=ViewFn::from(foot)
        >
            {none}
            <Scroll label=tu_string!(words(), oee.timeline)>
                <div class="wide">
                    <svg
                        class="ch"
                        viewBox=format!("0 0 {WIDTH} 220")
                        role="img"
                        aria-label=tu_string!(words(), oee.timeline)
                    >
                        {axis}
                        <text x="0" y="78" class="t-1 t-12">
                            {tu!(words(), oee.state)}
                        </text>
                        {states}
                        {names}
                        <text x="0" y="146" class="t-1 t-12">
                            {tu!(words(), oee.pieces)}
                        </text>
                        <text x="0" y="160" class="t-3">
                            {per}
                        </text>
                        {made}
                        <text x="0" y="200" class="t-1 t-12">
                            {tu!(words(), oee.good)}
                        </text>
                        <text x="0" y="214" class="t-3">
                            {tu!(words(), oee.per_hour)}
                        </text>
                        {hours}
                        {now}
                    </svg>
                </div>
            </Scroll>
            {hourly(&data)}
        </Panel>
    }
    .into_any()
}

fn hourly(data: &Timed<MachineView>) -> AnyView {
    let head = vec![
        tu_string!(words(), oee.time).to_owned(),
        tu_string!(words(), oee.good).to_owned(),
        tu_string!(words(), oee.target).to_owned(),
    ];
    let row = |hour: &Hour| {
        let (begin, end) = (data.clock.time(hour.span.begin), data.clock.time(hour.span.end));
        let target = hour.target.map_or_else(|| "–".to_owned(), amount);
        vec![format!("{begin}–{end}"), amount(hour.good), target]
    };
    let rows = data.view.hours.iter().map(row).collect();
    view! { <FiguresTable head rows /> }.into_any()
}

fn pieces(bins: &[Bin], scale: Scale, ideal: Option<f64>) -> AnyView {
    let most = bins.iter().map(|bin| bin.total).chain(ideal).fold(1.0, f64::max);
    let bar = |bin: &Bin| {
        if bin.total <= 0.0 {
            return None;
        }
        let (x0, x1) = (scale.x(bin.span.begin), scale.x(bin.span.end));
        let width = (x1 - x0 - 1.5).max(0.5);
        let (high, failed) = (bin.total / most * HIGH, bin.failed / most * HIGH);
        // A report spreads its rejects over its time: only where a piece is likely among them it is marked.
        let red = (bin.failed >= 0.5).then(|| {
            let middle = f64::midpoint(x0, x1);
            view! {
                <rect
                    x=format!("{x0:.1}")
                    y=format!("{:.1}", BASE - failed)
                    width=format!("{width:.1}")
                    height=format!("{failed:.1}")
                    class="f-bad"
                />
                <path class="f-bad" d=format!("M{:.1} {}h7l-3.5 -6z", middle - 3.5, BASE + 8.0) />
            }
        });
        let (total, failed) = (amount(bin.total), amount(bin.failed));
        let title = tu_string!(words(), oee.pieces_failed, total, failed).to_string();
        Some(view! {
            <g>
                <title>{title}</title>
                <rect
                    x=format!("{x0:.1}")
                    y=format!("{:.1}", BASE - high)
                    width=format!("{width:.1}")
                    height=format!("{high:.1}")
                    class="f-s4"
                />
                {red}
            </g>
        })
    };
    let ideal = ideal.map(|ideal| {
        let y = BASE - ideal / most * HIGH;
        view! {
            <path class="ln-d" d=format!("M{} {y:.1}H{}", scale.left, scale.right) />
            <text x=scale.right y=format!("{:.1}", y - 4.0) class="t-3" text-anchor="end">
                {tu_string!(words(), oee.ideal_is, count = format!("{ideal:.1}")).to_string()}
            </text>
        }
    });
    view! {
        {bins.iter().map(bar).collect_view()}
        <path class="ax" d=format!("M{} {BASE}H{}", scale.left, scale.right) />
        {ideal}
    }
    .into_any()
}

/// Good pieces of an hour against its target, as much of it as there is room for.
fn good(hour: &Hour, scale: Scale) -> Option<impl IntoView + use<>> {
    let (x0, x1) = (scale.x(hour.span.begin), scale.x(hour.span.end));
    let room = x1 - x0;
    if room < 30.0 {
        return None;
    }
    let below = hour.target.map(|target| target - hour.good).filter(|below| *below > 0.5);
    let target = hour.target.filter(|_| room >= 100.0);
    let goal = target.map(|target| {
        let words = tu_string!(words(), oee.of, count = amount(target.round())).to_string();
        view! {
            <text x=format!("{:.1}", x0 + 34.0) y="201" class="t-3">
                {words}
            </text>
        }
    });
    let miss = below.map(|below| {
        let class = if below > 0.1 * hour.target.unwrap_or_default() { "t-12 t-warn" } else { "t-12 t-3" };
        let (x, y, anchor) = if room >= 100.0 { (x1 - 8.0, 201, "end") } else { (x0 + 4.0, 214, "start") };
        view! {
            <text x=format!("{x:.1}") y=y class=class text-anchor=anchor>
                {format!("▾ {}", amount(below.round()))}
            </text>
        }
    });
    Some(view! {
        <text x=format!("{:.1}", x0 + 4.0) y="201" class="t-b t-14">
            {amount(hour.good.round())}
        </text>
        {goal}
        {miss}
    })
}

fn legend(view: &MachineView) -> AnyView {
    let spent = view.total.sums.times.spent;
    let all = spent.total().max(1);
    let key = move |kind: Kind| {
        let millis = spent[kind];
        let (class, fill) = kinds::fill(kind);
        let mark = if kind == Kind::Break {
            view! { <path class="tk" d="M0 7h14" stroke-dasharray="1.500 2" /> }.into_any()
        } else {
            view! { <rect x=".5" y=".5" width="13" height="13" class=class fill=fill /> }.into_any()
        };
        (millis > 0).then(|| {
            view! {
                <span class="st">
                    <svg class="sw" viewBox="0 0 14 14" aria-hidden="true">
                        {mark}
                    </svg>
                    {kinds::name(kind)}
                    " "
                    <b>{kinds::span(millis)}</b>
                    " "
                    <span class="mut">{format!("{} %", percent(millis as f64 / all as f64))}</span>
                </span>
            }
        })
    };
    let whole: Interval = view.shown.span;
    let passed = kinds::span(spent.total());
    let label = if view.shown.now < whole.end {
        tu_string!(words(), oee.passed, time = passed).to_string()
    } else {
        tu_string!(words(), oee.shift_time, time = passed).to_string()
    };
    view! {
        <div class="legend tot">
            {Kind::ALL.into_iter().map(key).collect_view()} <span class="st mut">{label}</span>
        </div>
    }
    .into_any()
}
