//! The same shifts on other days, reliability, the six big losses.

use std::sync::Arc;

use domain::oee::view::{Basis, Comparison, MachineView};
use domain::time::MINUTE;
use leptos::prelude::*;

use super::super::kinds;
use super::super::ratio::{amount, or_dash, percent};
use crate::api::oee::Timed;
use crate::ui::{Panel, day_name};
use crate::words::{tu, tu_string, words};

/// The comparison.
#[component]
pub fn Compared(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let row = |line: &Comparison| {
        let basis = match line.basis {
            Basis::This => tu_string!(words(), oee.basis_this),
            Basis::DayBefore => tu_string!(words(), oee.basis_day),
            Basis::WeekBefore => tu_string!(words(), oee.basis_week),
            Basis::Best => tu_string!(words(), oee.basis_best),
        };
        let chosen = (line.basis == Basis::This).then_some("true");
        view! {
            <tr aria-selected=chosen>
                <th scope="row">
                    <span class="two">
                        <span>{day_name(line.date)}</span>
                        <small>{basis}</small>
                    </span>
                </th>
                <td class="num">{or_dash(line.figures.availability)}</td>
                <td class="num">{or_dash(line.figures.performance)}</td>
                <td class="num">{or_dash(line.figures.quality)}</td>
                <td class="num">
                    <b>{or_dash(line.figures.oee)}</b>
                </td>
            </tr>
        }
    };
    let rows = data.view.comparison.iter().map(row).collect_view();
    view! {
        <Panel title=tu_string!(words(), oee.compared) flush=true>
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{tu!(words(), oee.day)}</th>
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
                            "OEE %"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </Panel>
    }
    .into_any()
}

/// MTBF and MTTR.
#[component]
pub fn Reliable(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let reliability = data.view.reliability;
    let count = reliability.failures;
    let note = if count == 0 {
        tu_string!(words(), oee.no_faults).to_owned()
    } else if count < 5 {
        tu_string!(words(), oee.few_faults, count).to_string()
    } else {
        String::new()
    };
    let figure = move |mean: Option<f64>, of: i64| match mean {
        Some(mean) => {
            let minutes = amount(mean / MINUTE as f64);
            let formula = tu_string!(words(), oee.per_faults, minutes = of / MINUTE, count).to_string();
            view! {
                <b>{format!("{minutes} min")}</b>
                " "
                <span class="mut">{formula}</span>
            }
            .into_any()
        }
        None => "–".into_any(),
    };
    view! {
        <Panel title=tu_string!(words(), oee.reliability) note>
            <dl class="dl">
                <dt>"MTBF"</dt>
                <dd>{figure(reliability.mtbf(), reliability.up)}</dd>
                <dt>"MTTR"</dt>
                <dd>{figure(reliability.mttr(), reliability.down)}</dd>
            </dl>
        </Panel>
    }
    .into_any()
}

/// The six big losses, and what nobody knows.
#[component]
pub fn SixLosses(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let six = data.view.six;
    let loading = data.view.total.sums.times.loading;
    let lines = [
        ("A", tu_string!(words(), oee.six_breakdown), Some(six.breakdown)),
        ("A", tu_string!(words(), oee.six_setup), Some(six.setup)),
        ("A", tu_string!(words(), oee.six_idling), Some(six.idling)),
        ("P", tu_string!(words(), oee.six_speed), six.reduced_speed),
        ("Q", tu_string!(words(), oee.six_defects), six.defects),
        ("Q", tu_string!(words(), oee.six_startup), six.startup),
        ("", kinds::name(domain::oee::Kind::NoData), Some(six.no_data)),
    ];
    let row = move |(factor, name, millis): (&'static str, &'static str, Option<f64>)| {
        let time =
            millis.map_or_else(|| "–".to_owned(), |millis| format!("{} min", amount(millis / MINUTE as f64)));
        let share =
            millis.filter(|_| loading > 0).map(|millis| format!("{} %", percent(millis / loading as f64)));
        view! {
            <tr>
                <td class="op">{factor}</td>
                <th scope="row">{name}</th>
                <td class="num">{time}</td>
                <td class="num mut">{share}</td>
            </tr>
        }
    };
    let foot = || view! { <span>{tu_string!(words(), oee.six_foot)}</span> };
    view! {
        <Panel
            title=tu_string!(words(), oee.six)
            note=tu_string!(words(), oee.of_loading)
            foot=ViewFn::from(foot)
        >
            <table class="sum">
                <caption class="sr">{tu!(words(), oee.six)}</caption>
                <tbody>{lines.map(row).collect_view()}</tbody>
            </table>
        </Panel>
    }
    .into_any()
}
