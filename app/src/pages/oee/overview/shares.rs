//! Where loading time went, and which factor holds a line back.

use domain::oee::view::Row;
use domain::oee::{Kind, Sums};
use leptos::prelude::*;

use super::super::ratio::{Metric, percent};
use super::super::{cut, kinds};
use crate::ui::{FiguresTable, Panel, Scroll};
use crate::words::{tu_string, words};

const LEFT: f64 = 164.0;
const RIGHT: f64 = 552.0;
const ROW: f64 = 30.0;

/// Share of loading time by state, a bar each line.
#[component]
pub fn LoadingShares(lines: Vec<Row>) -> AnyView {
    let height = lines.len() as f64 * ROW + 20.0;
    let bar =
        |(index, line): (usize, &Row)| share_bar(&line.place.name, &line.total.sums, index as f64 * ROW);
    let bars: Vec<_> = lines.iter().enumerate().map(bar).collect();
    let used = |kind: &Kind| lines.iter().any(|line| in_loading(&line.total.sums, *kind) > 0);
    let keys: Vec<Kind> = kinds::LOADING.into_iter().filter(used).collect();
    let tick = move |step: u8| {
        let x = LEFT + (RIGHT - LEFT) * f64::from(step) / 10.0;
        let long = step.is_multiple_of(5);
        let (y, length) = (height - 20.0, if long { 5 } else { 3 });
        let anchor = match step {
            0 => "start",
            10 => "end",
            _ => "middle",
        };
        let words = long.then(|| {
            view! {
                <text x=x y=y + 17.0 class="t-3" text-anchor=anchor>
                    {format!("{} %", step * 10)}
                </text>
            }
        });
        view! {
            <path class="tk" d=format!("M{x:.1} {y}v{length}") />
            {words}
        }
    };
    let table = shares_table(&lines, &keys);
    let legend = move || {
        let keys = keys.clone();
        view! { <div class="legend">{keys.into_iter().map(|kind| view! { <Key kind /> }).collect_view()}</div> }
    };
    view! {
        <Panel title=tu_string!(words(), oee.shares) note=tu_string!(words(), oee.shares_note) foot=ViewFn::from(legend)>
            <Scroll label=tu_string!(words(), oee.shares)><svg class="ch half" viewBox=format!("0 0 560 {height}") role="img" aria-label=tu_string!(words(), oee.shares)>
                {bars}
                <path class="ax" d=format!("M{LEFT} {}H{RIGHT}", height - 20.0) />
                {(0..=10).map(tick).collect_view()}
            </svg></Scroll>
            {table}
        </Panel>
    }
    .into_any()
}

fn shares_table(lines: &[Row], kinds: &[Kind]) -> AnyView {
    let names = kinds.iter().map(|kind| format!("{} %", kinds::name(*kind)));
    let head = std::iter::once(tu_string!(words(), oee.line).to_owned()).chain(names).collect();
    let row = |line: &Row| {
        let sums = &line.total.sums;
        let share = |kind: &Kind| match sums.times.loading {
            0 => "–".to_owned(),
            loading => percent(in_loading(sums, *kind) as f64 / loading as f64),
        };
        std::iter::once(line.place.name.clone()).chain(kinds.iter().map(share)).collect()
    };
    let rows = lines.iter().map(row).collect();
    view! { <FiguresTable head rows /> }.into_any()
}

/// Time of a kind inside loading time: of a planned stop only where the rules load it.
fn in_loading(sums: &Sums, kind: Kind) -> i64 {
    let spent = sums.times.spent[kind];
    let certain: i64 =
        [Kind::Running, Kind::Fault, Kind::Changeover, Kind::SafetyStop, Kind::Other, Kind::NoData]
            .into_iter()
            .map(|kind| sums.times.spent[kind])
            .sum();
    match kind {
        // What loading time has beyond the kinds that always count says which of these two count too.
        Kind::NoMaterial => spent.min(sums.times.loading - certain),
        Kind::PlannedStop => {
            let rest = sums.times.loading - certain - sums.times.spent[Kind::NoMaterial];
            spent.min(rest.max(0))
        }
        _ => spent,
    }
}

fn share_bar(name: &str, sums: &Sums, y: f64) -> AnyView {
    let loading = sums.times.loading;
    let mut x = LEFT;
    let parts: Vec<_> = kinds::LOADING
        .into_iter()
        .filter_map(|kind| {
            let millis = in_loading(sums, kind);
            if millis <= 0 || loading == 0 {
                return None;
            }
            let width = millis as f64 / loading as f64 * (RIGHT - LEFT);
            let left = x;
            x += width;
            let low = matches!(kind, Kind::Running | Kind::PlannedStop);
            let (top, height) = if low { (y + 8.0, 11.0) } else { (y + 3.0, 16.0) };
            let (class, fill) = kinds::fill(kind);
            let title = format!("{} {} %", kinds::name(kind), percent(millis as f64 / loading as f64));
            Some(view! {
                <rect
                    x=format!("{left:.1}")
                    y=top
                    width=format!("{:.1}", (width - 1.0).max(0.5))
                    height=height
                    class=class
                    fill=fill
                >
                    <title>{title}</title>
                </rect>
            })
        })
        .collect();
    let running = if loading == 0 { "–".to_owned() } else { percent(sums.run() as f64 / loading as f64) };
    view! {
        <text x="0" y=y + 18.0 class="t-1 t-12">
            {cut(name, 120.0)}
        </text>
        <text x="154" y=y + 18.0 class="t-b t-12" text-anchor="end">
            {running}
        </text>
        {parts}
    }
    .into_any()
}

/// A kind's pattern with its name.
#[component]
pub fn Key(kind: Kind) -> AnyView {
    let (class, fill) = kinds::fill(kind);
    view! {
        <span class="st">
            <svg class="sw" viewBox="0 0 14 14" aria-hidden="true">
                <rect x=".5" y=".5" width="13" height="13" class=class fill=fill />
            </svg>
            {kinds::name(kind)}
        </span>
    }
    .into_any()
}

/// Availability, performance and quality of each line on one scale; the lowest of a line below target is filled.
#[component]
pub fn Factors(lines: Vec<Row>) -> AnyView {
    const FACTORS: [Metric; 3] = [Metric::Availability, Metric::Performance, Metric::Quality];
    let values: Vec<f64> = lines
        .iter()
        .flat_map(|line| FACTORS.map(|factor| factor.ratio(&line.total.figures).value))
        .flatten()
        .collect();
    let floor = values.iter().copied().fold(0.9_f64, f64::min);
    let low = ((floor * 20.0).floor() / 20.0).max(0.0);
    let high = if values.iter().any(|value| *value > 1.0) {
        1.05_f64.max(values.iter().copied().fold(1.0, f64::max))
    } else {
        1.0
    };
    let x = move |value: f64| 134.0 + (value - low) / (high - low) * (540.0 - 134.0);
    let height = lines.len() as f64 * ROW + 28.0;
    let row = move |(index, line): (usize, &Row)| {
        let y = index as f64 * ROW + 16.0;
        let values = FACTORS.map(|factor| (factor, factor.ratio(&line.total.figures).value));
        let lowest = values.iter().filter_map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
        let missed = line.total.gap.is_some_and(|gap| gap < 0.0);
        let dot = |(factor, value): (Metric, Option<f64>)| {
            let value = value?;
            #[expect(clippy::float_cmp, reason = "the lowest is one of them")]
            let filled = missed && value == lowest;
            let (circle, letter) = if filled { ("f-r5", "t-on") } else { ("f-surface l-edge", "t-1") };
            let title = format!("{} {} %", factor.name(), percent(value));
            Some(view! {
                <g>
                    <title>{title}</title>
                    <circle cx=format!("{:.1}", x(value)) cy=y r="8.5" class=circle />
                    <text x=format!("{:.1}", x(value)) y=y + 4.0 class=letter text-anchor="middle">
                        {factor.letter()}
                    </text>
                </g>
            })
        };
        // The lowest is drawn last, on top of what is near it.
        let mut order = values;
        order.sort_by(|a, b| b.1.unwrap_or(0.0).total_cmp(&a.1.unwrap_or(0.0)));
        view! {
            <path class="gr" d=format!("M134 {y}H540") />
            <text x="0" y=y + 4.0 class="t-1 t-12">
                {cut(&line.place.name, 120.0)}
            </text>
            {order.map(dot).into_iter().collect_view()}
        }
    };
    let rows = lines.iter().enumerate().map(row).collect_view();
    // Enough ticks to read, not so many that they touch.
    let step = [0.05, 0.1, 0.2].into_iter().find(move |step| (high - low) / step <= 8.0).unwrap_or(0.25);
    let ticks =
        std::iter::successors(Some(low), move |at| Some(at + step)).take_while(move |at| *at <= high + 1e-9);
    let axis = height - 20.0;
    let tick = move |at: f64| {
        view! {
            <path class="tk" d=format!("M{:.1} {axis}v4", x(at)) />
            <text x=format!("{:.1}", x(at)) y=axis + 17.0 class="t-3" text-anchor="middle">
                {format!("{:.0}", at * 100.0)}
            </text>
        }
    };
    let foot = || view! { <span>{tu_string!(words(), oee.factors_foot)}</span> };
    view! {
        <Panel title=tu_string!(words(), oee.factors) note="%" foot=ViewFn::from(foot)>
            <Scroll label=tu_string!(words(), oee.factors)><svg class="ch half" viewBox=format!("0 0 560 {height}") role="img" aria-label=tu_string!(words(), oee.factors)>
                {rows}
                <path class="ax" d=format!("M134 {axis}H540") />
                {ticks.map(tick).collect_view()}
            </svg></Scroll>
        </Panel>
    }
    .into_any()
}
