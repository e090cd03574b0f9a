//! What the device says now.

use std::sync::Arc;

use domain::device::Kind;
use domain::device::view::Point;
use leptos::prelude::*;
use leptos::serde_json::Value;
use leptos_router::components::Form;

use super::super::marks::{State, age};
use super::control::{confirm, input, may};
use super::value::{range, shown};
use crate::api::device::{ControlDevice, DevicePage};
use crate::ui::{EmptyState, Panel, link_with, query};
use crate::words::{tu, tu_string, words};

/// The datapoints of the product with their last values: what can be set, then what is only said, then what is wrong.
pub fn panel(page: &Arc<DevicePage>, control: ServerAction<ControlDevice>) -> AnyView {
    let w = words();
    let device = &page.device;
    if device.points.is_empty() {
        let (href, product) = (format!("/products/{}", device.product_id), device.line.product.clone());
        return view! {
            <Panel title=tu_string!(w, device.points)>
                <EmptyState title=tu_string!(w, device.points_none) why=tu_string!(w, device.points_none_why)>
                    <a class="btn s" href=href>
                        {product}
                    </a>
                </EmptyState>
            </Panel>
        }
        .into_any();
    }
    let said = age(device.now, device.latest_at);
    let note = match device.latest_at {
        Some(_) => tu_string!(w, device.said_ago, age = said).to_string(),
        None => tu_string!(w, device.never_said).to_owned(),
    };
    let of = |kinds: &'static [Kind]| device.points.iter().filter(move |point| kinds.contains(&point.kind));
    let may = may(page) && of(&[Kind::Writable]).next().is_some();
    let line = |point: &Point| line(point, device.latest.get(&point.name), device.line.online, may);
    let writable = of(&[Kind::Writable]).map(line).collect_view();
    let readable = of(&[Kind::ReadOnly]).map(line).collect_view();
    let writable = if may { form(writable.into_any()) } else { writable.into_any() };
    let troubles: Vec<&Point> = of(&[Kind::Fault]).chain(of(&[Kind::Alert])).collect();
    let troubles = (!troubles.is_empty()).then(|| {
        let set = troubles.iter().filter(|point| is_set(device.latest.get(&point.name))).count();
        let all = troubles.len();
        view! {
            <details class="more" open={set > 0}>
                <summary>{tu!(w, device.watched, set, all)}</summary>
                {troubles.into_iter().map(line).collect_view()}
            </details>
        }
    });
    let confirm = may.then(|| confirm(page, control));
    view! {
        <Panel title=tu_string!(w, device.points) note>
            {confirm}
            <div class="ctls">{writable} {readable}</div>
            {troubles}
        </Panel>
    }
    .into_any()
}

fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool() == Some(true) || value.as_f64().is_some_and(|one| one != 0.0))
}

/// The form around what can be set; it keeps the rest of the address.
fn form(lines: AnyView) -> AnyView {
    let (range, point) = (query("range"), query("point"));
    let kept = |name: &'static str, value: Memo<String>| {
        move || {
            (!value.get().is_empty()).then(|| view! { <input type="hidden" name=name value=value.get() /> })
        }
    };
    view! {
        <Form method="GET" action="" attr:class="ctl-form">
            {kept("range", range)}
            {kept("point", point)}
            {lines}
            <div class="acts">
                <button class="btn" type="submit">
                    {tu!(words(), device.set_check)}
                </button>
            </div>
        </Form>
    }
    .into_any()
}

fn line(point: &Point, value: Option<&Value>, online: bool, may: bool) -> AnyView {
    let set = is_set(value);
    let (mark, kind) = match point.kind {
        Kind::Fault => (set.then(|| State::Fault.mark()), tu_string!(words(), device.fault)),
        Kind::Alert => (set.then(|| State::Alarm.mark()), tu_string!(words(), device.alarm)),
        Kind::Writable => (None, tu_string!(words(), device.kind_writable)),
        Kind::ReadOnly => (None, tu_string!(words(), device.kind_read)),
    };
    let text = value.map_or_else(|| "—".to_owned(), |value| shown(Some(point), value));
    let value = if point.drawn() && matches!(point.kind, Kind::Writable | Kind::ReadOnly) {
        let href = link_with([("point", Some(point.name.clone()))]);
        view! {
            <a class="fig" href=href>
                {text}
            </a>
        }
        .into_any()
    } else {
        text.into_any()
    };
    view! {
        <div class="ctl">
            <div class="two">
                <b>{point.title.clone()}</b>
                <small class="mono">{point.name.clone()}</small>
            </div>
            <div class=if online { "st" } else { "st stale" }>{mark} {value}</div>
            <div class="inp">
                {(may && point.kind == Kind::Writable).then(|| input(point))}
                <small>{kind} {(!range(point).is_empty()).then(|| format!(" · {}", range(point)))}</small>
            </div>
        </div>
    }
    .into_any()
}
