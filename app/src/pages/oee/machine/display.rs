//! OEE without a gauge: four bars on one rule.

use std::sync::Arc;

use domain::oee::view::{Basis, MachineView};
use leptos::prelude::*;

use super::super::ratio::{Metric, gap, or_dash, percent, reason};
use crate::api::oee::Timed;
use crate::ui::Panel;
use crate::words::{tu, tu_string, words};

const LEFT: f64 = 92.0;
const LENGTH: f64 = 208.0;

/// Figure, target and gap in words, then A, P, Q and OEE as bars.
#[component]
pub fn OeeDisplay(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let view = &data.view;
    let total = &view.total;
    let oee = total.figures.oee;
    let target = percent(total.targets.oee);
    let (distance, weight) = gap(total.gap);
    let basis = |wanted: Basis, words: fn(String) -> String| {
        let found = view.comparison.iter().find(|line| line.basis == wanted)?;
        Some(view! { <div class="mut">{words(or_dash(found.figures.oee))}</div> })
    };
    let week = basis(Basis::WeekBefore, |value| tu_string!(words(), oee.week_before_was, value).to_string());
    let best = basis(Basis::Best, |value| tu_string!(words(), oee.best_was, value).to_string());
    let order = [Metric::Availability, Metric::Performance, Metric::Quality, Metric::Oee];
    let bars: Vec<_> = order
        .into_iter()
        .enumerate()
        .map(|(index, metric)| {
            bar(
                metric,
                metric.ratio(&total.figures).value,
                metric.target(&total.targets),
                index as f64 * 31.0 + 8.0,
            )
        })
        .collect();
    let flags = [
        total.figures.uncertain.then(|| tu_string!(words(), oee.uncertain)),
        total.figures.too_fast.then(|| tu_string!(words(), oee.too_fast)),
        total.figures.pieces_without_run.then(|| tu_string!(words(), oee.pieces_without_run)),
    ];
    let flags = flags.into_iter().flatten().map(|flag| view! { <p class="help">{flag}</p> }).collect_view();
    view! {
        <Panel title="OEE">
            <div class="oee">
                <div>
                    <div class="big">{or_dash(oee)} <small>" %"</small></div>
                    {reason(oee).map(|why| view! { <div class="mut">{why}</div> })}
                    <div class="mut">
                        {tu!(words(), oee.target_is, percent = target)} " · " <b class=weight>{distance}</b>
                    </div>
                    {week}
                    {best}
                </div>
                <svg class="ch" viewBox="0 0 430 128" role="img" aria-label=tu_string!(words(), oee.display)>
                    {bars}
                </svg>
            </div>
            {flags}
        </Panel>
    }
    .into_any()
}

fn bar(metric: Metric, value: Option<f64>, target: f64, y: f64) -> AnyView {
    let x = |share: f64| LEFT + share.clamp(0.0, 1.0) * LENGTH;
    let main = metric == Metric::Oee;
    let filled = value.map(|value| {
        let class = if main { "f-ink" } else { "f-ink3" };
        let missing = (value < target).then(|| {
            view! {
                <rect
                    x=format!("{:.1}", x(value))
                    y=y
                    width=format!("{:.1}", x(target) - x(value))
                    height="10"
                    class="f-r4"
                />
            }
        });
        view! {
            <rect x=LEFT y=y width=format!("{:.1}", x(value) - LEFT) height="10" class=class />
            {missing}
        }
    });
    let ticks = (0_u8..=20).map(|step| {
        let length = match step {
            0 | 10 | 20 => 5,
            step if step % 2 == 0 => 3,
            _ => 2,
        };
        view! { <path class="tk" d=format!("M{:.1} {}v{length}", x(f64::from(step) / 20.0), y + 13.5) /> }
    });
    let points = value.map(|value| (target - value) * 100.0).filter(|points| *points >= 0.05);
    let miss = points.map(|points| {
        let class = if points > 5.0 { "t-warn t-12" } else { "t-12" };
        view! {
            <text x="354" y=y + 10.0 class=class>
                {format!("▾ {points:.1}")}
            </text>
        }
    });
    let name = if main { "t-b t-12" } else { "t-1 t-12" };
    view! {
        <text x="0" y=y + 9.0 class=name>
            {metric.name()}
        </text>
        {filled}
        <path class="ax" d=format!("M{LEFT} {}h{LENGTH}", y + 13.5) />
        {ticks.collect_view()}
        <path class="l-ink" stroke-width="1.500" d=format!("M{:.1} {}v15", x(target), y - 3.0) />
        <text x="346" y=y + 10.0 class="t-b t-14" text-anchor="end">
            {value.map_or_else(|| "–".to_owned(), percent)}
        </text>
        {miss}
        <text x="430" y=y + 10.0 class="t-3" text-anchor="end">
            {tu_string!(words(), oee.of, count = format!("{:.0}", target * 100.0)).to_string()}
        </text>
    }
    .into_any()
}
