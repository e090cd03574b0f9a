//! From calendar or shift time down to good time.

use std::sync::Arc;

use domain::oee::Kind;
use domain::oee::losses::{Fall, Step};
use domain::oee::view::MachineView;
use domain::time::MINUTE;
use leptos::prelude::*;

use super::super::kinds;
use super::super::ratio::{amount, percent};
use crate::api::oee::Timed;
use crate::ui::{Panel, Scroll};
use crate::words::{tu_string, words};

const WIDTH: f64 = 1156.0;
const BASE: f64 = 188.0;
const HIGH: f64 = 160.0;

fn name(step: Step) -> &'static str {
    match step {
        Step::Calendar => tu_string!(words(), oee.step_calendar),
        Step::NotScheduled => tu_string!(words(), oee.not_scheduled),
        Step::Shift => tu_string!(words(), oee.fall_shift),
        Step::Time(kind) => kinds::name(kind),
        Step::Loading => tu_string!(words(), oee.fall_loading),
        Step::Run => tu_string!(words(), oee.fall_run),
        Step::SlowCycles => tu_string!(words(), oee.fall_slow),
        Step::NetRun => tu_string!(words(), oee.fall_net),
        Step::Rejects => tu_string!(words(), oee.rejects),
        Step::GoodTime => tu_string!(words(), oee.fall_good),
    }
}

fn paint(step: Step) -> (Option<String>, Option<String>) {
    match step {
        Step::Time(Kind::Break) | Step::NotScheduled => (Some("f-line2".to_owned()), None),
        Step::Time(kind) => kinds::fill(kind),
        Step::SlowCycles => (Some("f-r4".to_owned()), None),
        Step::Rejects => (Some("f-bad".to_owned()), None),
        Step::GoodTime => (Some("f-ink".to_owned()), None),
        Step::Calendar | Step::Shift | Step::Loading | Step::Run | Step::NetRun => {
            (Some("f-s3".to_owned()), None)
        }
    }
}

/// The waterfall, with brackets that say which factor a part makes.
#[component]
pub fn Waterfall(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let falls = data.view.falls.clone();
    let most = falls.iter().map(|fall| fall.millis).fold(1.0, f64::max);
    let slot = WIDTH / falls.len().max(1) as f64;
    let y = move |millis: f64| BASE - millis / most * HIGH;
    let mut level = 0.0;
    let mut bars = Vec::new();
    for (index, fall) in falls.iter().enumerate() {
        let Fall { step, millis, is_total } = *fall;
        let (top, bottom) = if is_total { (millis, 0.0) } else { (level, level - millis) };
        level = if is_total { millis } else { level - millis };
        let (top, bottom) = (top.max(bottom), top.min(bottom));
        let x = index as f64 * slot + slot * 0.1;
        let middle = x + slot * 0.4;
        let (class, fill) = paint(step);
        let value = amount(millis.abs() / MINUTE as f64);
        let sign = match millis {
            _ if value == "0" => "",
            millis if millis < 0.0 => "+",
            _ => "−",
        };
        let (words_y, value_class, text) = if is_total {
            (y(top) - 8.0, "t-b t-14", value)
        } else {
            (y(bottom) + 15.0, "t-12", format!("{sign}{value}"))
        };
        let link = (index + 1 < falls.len()).then(|| {
            let from = x + slot * 0.8;
            view! { <path class="ln-d" d=format!("M{from:.1} {:.1}h{:.1}", y(level), slot * 0.2) /> }
        });
        bars.push(view! {
            <rect
                x=format!("{x:.1}")
                y=format!("{:.1}", y(top))
                width=format!("{:.1}", slot * 0.8)
                height=format!("{:.1}", (y(bottom) - y(top)).max(1.0))
                class=class
                fill=fill
            />
            {link}
            <text x=format!("{middle:.1}") y=format!("{words_y:.1}") class=value_class text-anchor="middle">
                {text}
            </text>
            <text
                x=format!("{middle:.1}")
                y=BASE + 16.0
                class=if is_total { "t-b" } else { "t-3" }
                text-anchor="middle"
            >
                {name(step)}
            </text>
        });
    }
    let place = |wanted: Step| {
        falls.iter().position(|fall| fall.step == wanted).map(|index| (index as f64 + 0.5) * slot)
    };
    let figures = &data.view.total.figures;
    let brackets = [
        (Step::Loading, Step::Run, "A", figures.availability.value),
        (Step::Run, Step::NetRun, "P", figures.performance.value),
        (Step::NetRun, Step::GoodTime, "Q", figures.quality.value),
    ];
    let bracket = |(from, to, letter, value): (Step, Step, &'static str, Option<f64>)| {
        let (from, to, value) = (place(from)?, place(to)?, value?);
        Some(view! {
            <path class="tk f-none" d=format!("M{:.1} {}v5H{:.1}v-5", from + 4.0, BASE + 23.0, to - 4.0) />
            <text x=format!("{:.1}", f64::midpoint(from, to)) y=BASE + 42.0 text-anchor="middle" class="t-1">
                {format!("{letter} {} %", percent(value))}
            </text>
        })
    };
    let brackets = brackets.into_iter().map(bracket).collect_view();
    view! {
        <Panel title=tu_string!(words(), oee.waterfall) note=tu_string!(words(), oee.in_minutes)>
            <Scroll label=tu_string!(words(), oee.waterfall)>
                <div class="wide">
                    <svg
                        class="ch"
                        viewBox=format!("0 0 {WIDTH} 234")
                        role="img"
                        aria-label=tu_string!(words(), oee.waterfall)
                    >
                        <path class="ax" d=format!("M0 {BASE}H{WIDTH}") />
                        {bars}
                        {brackets}
                    </svg>
                </div>
            </Scroll>
        </Panel>
    }
    .into_any()
}
