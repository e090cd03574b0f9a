//! Show the arithmetic: every ratio with the intervals and counts it was divided from.

use std::sync::Arc;

use domain::oee::losses::Step;
use domain::oee::view::{CycleSource, Entry, MachineView, Product};
use domain::oee::{Kind, Sums};
use domain::time::MINUTE;
use leptos::prelude::*;

use super::super::kinds;
use super::super::ratio::amount;
use crate::api::oee::Timed;
use crate::ui::{Mark, Panel, Scroll};
use crate::words::{tu, tu_string, words};

/// Minutes, with a decimal where it counts.
fn minutes(millis: f64) -> String {
    amount(millis / MINUTE as f64)
}

/// A share with three decimals of a percent.
fn exact(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.3} %", share * 100.0))
}

/// One line of the sum: operator, name, formula, result.
fn line(op: &'static str, name: &str, formula: String, result: String, equals: bool) -> AnyView {
    view! {
        <tr class=equals.then_some("eq")>
            <td class="op">{op}</td>
            <th scope="row">{name.to_owned()}</th>
            <td class="f">{formula}</td>
            <td class="num">{result}</td>
        </tr>
    }
    .into_any()
}

/// The panel.
#[component]
pub fn Arithmetic(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let view = &data.view;
    let sums = view.total.sums;
    let mut rows: Vec<AnyView> = times(view, &sums);
    rows.extend(ratios(view, &sums));
    let rules = view.rules.name();
    let cycle = view.cycle.as_ref().map(|cycle| {
        let source = match cycle.source {
            CycleSource::Step => tu_string!(words(), oee.cycle_of_step),
            CycleSource::MachiningCenter => tu_string!(words(), oee.cycle_of_center),
            CycleSource::Equipment => tu_string!(words(), oee.cycle_of_machine),
        };
        let seconds = amount(cycle.seconds);
        let code = cycle.code.clone();
        tu_string!(words(), oee.cycle_from, seconds, source, code).to_string()
    });
    let (products, intervals) = (products(&view.products), intervals(&data));
    let foot = move || {
        let cycle = cycle.clone();
        view! {
            <span>{tu!(words(), oee.rules, rules)}</span>
            {cycle.map(|cycle| view! { <span>{cycle}</span> })}
        }
    };
    view! {
        <Panel title=tu_string!(words(), oee.arithmetic) foot=ViewFn::from(foot)>
            <table class="sum">
                <caption class="sr">{tu!(words(), oee.arithmetic)}</caption>
                <tbody>{rows}</tbody>
            </table>
            {products}
            {intervals}
        </Panel>
    }
    .into_any()
}

fn times(view: &MachineView, sums: &Sums) -> Vec<AnyView> {
    let mut rows = Vec::new();
    for fall in &view.falls {
        let result = format!("{} min", minutes(fall.millis));
        match fall.step {
            Step::Shift => {
                let count = view.shifts.len();
                let formula = tu_string!(words(), oee.shifts, count).to_string();
                let name = if view.shown.now < view.shown.span.end {
                    tu_string!(words(), oee.step_shift)
                } else {
                    tu_string!(words(), oee.step_shift_whole)
                };
                rows.push(line("", name, formula, result, false));
            }
            Step::Time(kind) => {
                let count = sums.times.counts[kind];
                let formula = if count > 0 {
                    tu_string!(words(), oee.intervals_count, count).to_string()
                } else {
                    String::new()
                };
                rows.push(line("−", kinds::name(kind), formula, result, false));
            }
            Step::Loading => {
                rows.push(line("=", tu_string!(words(), oee.step_loading), String::new(), result, true));
            }
            Step::Run => rows.push(line("=", tu_string!(words(), oee.step_run), String::new(), result, true)),
            Step::Calendar
            | Step::NotScheduled
            | Step::SlowCycles
            | Step::NetRun
            | Step::Rejects
            | Step::GoodTime => {}
        }
    }
    rows
}

fn ratios(view: &MachineView, sums: &Sums) -> Vec<AnyView> {
    let figures = &view.total.figures;
    let (run, loading) = (minutes(sums.run() as f64), minutes(sums.times.loading as f64));
    let (ideal, good) = (minutes(sums.ideal_total), minutes(sums.ideal_good));
    let single = match view.products.as_slice() {
        [product] => product.cycle.as_ref().map(|cycle| cycle.seconds),
        _ => None,
    };
    let performance = match single {
        Some(seconds) => {
            format!("{} s × {} ÷ 60 ÷ {run} = {ideal} ÷ {run}", amount(seconds), amount(sums.total))
        }
        None => format!("{} = {ideal} ÷ {run}", tu_string!(words(), oee.cycle_times_pieces)),
    };
    let quality = if single.is_some() {
        format!("({} − {}) ÷ {}", amount(sums.total), amount(sums.defects()), amount(sums.total))
    } else {
        format!("{good} ÷ {ideal}")
    };
    let product = match (figures.availability.value, figures.performance.value, figures.quality.value) {
        (Some(a), Some(p), Some(q)) => format!("{a:.5} × {p:.5} × {q:.5}"),
        _ => String::new(),
    };
    let why = |ratio: domain::oee::Ratio, formula: String| {
        super::super::ratio::reason(ratio).map_or(formula, |why| why)
    };
    vec![
        line(
            "A",
            tu_string!(words(), oee.availability),
            why(figures.availability, format!("{run} ÷ {loading}")),
            exact(figures.availability.value),
            false,
        ),
        line(
            "P",
            tu_string!(words(), oee.performance),
            why(figures.performance, performance),
            exact(figures.performance.value),
            false,
        ),
        line(
            "Q",
            tu_string!(words(), oee.quality),
            why(figures.quality, quality),
            exact(figures.quality.value),
            false,
        ),
        line("=", "OEE = A × P × Q", why(figures.oee, product), exact(figures.oee.value), true),
        line(
            "",
            tu_string!(words(), oee.check),
            tu_string!(words(), oee.check_formula, good, loading).to_string(),
            exact(figures.oee.value.map(|_| sums.ideal_good / sums.times.loading.max(1) as f64)),
            false,
        ),
    ]
}

fn products(products: &[Product]) -> Option<AnyView> {
    if products.is_empty() {
        return None;
    }
    let row = |product: &Product| {
        let cycle = product.cycle.as_ref().map_or_else(|| "–".to_owned(), |cycle| amount(cycle.seconds));
        view! {
            <tr>
                <th scope="row">{product.step_code.clone()}</th>
                <td class="num">{cycle}</td>
                <td class="num">{amount(product.total)}</td>
                <td class="num">{amount(product.failed)}</td>
            </tr>
        }
    };
    Some(
        view! {
            <details class="rows">
                <summary>{tu!(words(), oee.counts, count = products.len())}</summary>
                <table class="tbl c">
                    <thead>
                        <tr>
                            <th scope="col">{tu!(words(), oee.step)}</th>
                            <th scope="col" class="num">
                                {tu!(words(), oee.cycle_s)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(words(), oee.pieces)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(words(), oee.rejects)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{products.iter().map(row).collect_view()}</tbody>
                </table>
            </details>
        }
        .into_any(),
    )
}

fn intervals(data: &Timed<MachineView>) -> AnyView {
    let row = |entry: &Entry| {
        let stretch = &entry.stretch;
        let seconds = |at| data.clock.wall(at).strftime("%H:%M:%S").to_string();
        let reported = entry.reported_at.map(seconds);
        let who = [entry.reported_by.clone(), reported].into_iter().flatten().collect::<Vec<_>>().join(", ");
        view! {
            <tr>
                <th scope="row" class="nowrap">
                    {format!("{}–{}", seconds(stretch.begin), seconds(stretch.end))}
                </th>
                <td>
                    <span class="st">
                        <Mark state=kinds::short(stretch.kind) />
                        {kinds::name(stretch.kind)}
                    </span>
                </td>
                <td>{stretch.cause.clone()}</td>
                <td class="num">{minutes(stretch.duration() as f64)}</td>
                <td class="mut">{who}</td>
            </tr>
        }
    };
    let entries: Vec<_> =
        data.view.entries.iter().filter(|entry| entry.stretch.kind != Kind::Break).collect();
    let count = entries.len();
    let rows = entries.into_iter().map(row).collect_view();
    view! {
        <details class="rows">
            <summary>{tu!(words(), oee.intervals, count)}</summary>
            <Scroll label=tu_string!(words(), oee.from_to)>
                <table class="tbl c">
                    <thead>
                        <tr>
                            <th scope="col">{tu!(words(), oee.from_to)}</th>
                            <th scope="col">{tu!(words(), oee.state)}</th>
                            <th scope="col">{tu!(words(), oee.cause)}</th>
                            <th scope="col" class="num">
                                "min"
                            </th>
                            <th scope="col">{tu!(words(), oee.reported)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
        </details>
    }
    .into_any()
}
