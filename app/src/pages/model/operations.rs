//! The operations of a process route: their steps with the ideal cycle, and the machines that do them.

use domain::modelling::{RouteCenter, RouteOperation, RouteStep};
use leptos::prelude::*;

use super::tree::icon;
use crate::ui::{Icon, Panel};
use crate::words::{tu, tu_string, words};

/// The table: a line a step, an operation without steps has one too.
#[component]
pub fn Operations(
    /// The operations.
    operations: Vec<RouteOperation>,
    /// The node shown.
    current: i64,
) -> impl IntoView {
    let w = words();
    if operations.is_empty() {
        return view! {
            <Panel title=tu_string!(w, process.operations)>
                <p class="mut">{tu!(w, process.operations_none)}</p>
            </Panel>
        }
        .into_any();
    }
    let lines = operations
        .into_iter()
        .enumerate()
        .map(|(index, operation)| lines(index + 1, operation, current))
        .collect_view();
    view! {
        <Panel title=tu_string!(w, process.operations) flush=true>
            <table class="tbl route">
                <caption class="sr">{tu!(w, process.operations)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tu!(w, process.operation)}</th>
                        <th scope="col">{tu!(w, process.step)}</th>
                        <th scope="col" class="num">
                            {tu!(w, process.cycle)}
                        </th>
                        <th scope="col">{tu!(w, process.machines)}</th>
                    </tr>
                </thead>
                {lines}
            </table>
        </Panel>
    }
    .into_any()
}

fn lines(number: usize, operation: RouteOperation, current: i64) -> impl IntoView {
    let RouteOperation { operation, centers, steps } = operation;
    let rows = steps.len().max(1).to_string();
    let here = |id: i64| (id == current).then_some("true");
    let head = view! {
        <th scope="rowgroup" rowspan=rows.clone() aria-current=here(operation.id)>
            <span class="mut">{number} ". "</span>
            <a class="fig" href=format!("/process?node={}", operation.id)>
                {operation.name}
            </a>
            <br />
            <code class="mut">{operation.code}</code>
        </th>
    };
    let places = view! { <td rowspan=rows>{machines(centers)}</td> };
    let mut steps = steps.into_iter();
    let first = match steps.next() {
        Some(first) => step(first, current).into_any(),
        None => view! {
            <td class="mut">{tu!(words(), process.steps_none)}</td>
            <td class="num">"–"</td>
        }
        .into_any(),
    };
    let others = steps.map(|other| view! { <tr>{step(other, current)}</tr> }).collect_view();
    view! {
        <tbody>
            <tr>{head} {first} {places}</tr>
            {others}
        </tbody>
    }
}

fn step(RouteStep { step, ideal_cycle_time }: RouteStep, current: i64) -> impl IntoView {
    let here = (step.id == current).then_some("true");
    let cycle = if let Some(seconds) = ideal_cycle_time {
        view! { {seconds.to_string()} <small>" s"</small> }.into_any()
    } else {
        let why = tu_string!(words(), process.cycle_none_why);
        view! {
            <span class="tag warn" title=why>
                {tu!(words(), process.cycle_none)}
            </span>
        }
        .into_any()
    };
    view! {
        <td aria-current=here>
            <a class="fig" href=format!("/process?node={}", step.id)>
                {step.name}
            </a>
            " "
            <code class="mut">{step.code}</code>
        </td>
        <td class="num">{cycle}</td>
    }
}

fn machines(centers: Vec<RouteCenter>) -> impl IntoView {
    if centers.is_empty() {
        return view! { <span class="mut">{tu!(words(), process.machines_none)}</span> }.into_any();
    }
    let center = |RouteCenter { center, equipment }: RouteCenter| {
        let names = equipment
            .iter()
            .map(|node| node.name.as_str())
            .collect::<Vec<_>>()
            .join(tu_string!(words(), process.and));
        view! {
            <li>
                <a class="st" href=format!("/model?node={}", center.id)>
                    <Icon name=icon(center.kind) />
                    {center.name}
                </a>
                <small>{names}</small>
            </li>
        }
    };
    view! { <ul class="at">{centers.into_iter().map(center).collect_view()}</ul> }.into_any()
}
