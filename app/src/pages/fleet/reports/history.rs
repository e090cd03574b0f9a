//! Use and growth by days, weeks or months.

use domain::fleet::view::ProductName;
use leptos::prelude::*;
use leptos_router::components::Form;

use super::super::product_field;
use crate::api::Error;
use crate::api::fleet::reports::{Period, Span};
use crate::chart::lines::{Chart, LineChart, Paint};
use crate::ui::{Column, DataTable, Field, Panel, Scroll, Select, grouped};
use crate::words::{chinese, tu, tu_string, words};

/// Product and periods: a plain form, all of it in the address.
#[component]
pub fn PeriodForm(
    /// The page.
    path: &'static str,
    /// The part of it that is shown.
    tab: String,
    /// The products to choose of.
    products: Vec<ProductName>,
    /// The chosen one.
    product: Option<ProductName>,
    /// The periods, where they matter.
    span: Option<Span>,
    /// Why the last ones could not be shown.
    refused: Option<Error>,
) -> impl IntoView {
    let w = words();
    let whole = refused.as_ref().filter(|error| !matches!(error.param.as_deref(), Some("start" | "end")));
    let whole = whole.map(|error| error.text.in_language(chinese()).to_owned());
    let error = Signal::stored(refused);
    let periods = span.map(|span| {
        let cycles = vec![
            ("date".to_owned(), tu_string!(w, fleet.by_date).to_owned()),
            ("week".to_owned(), tu_string!(w, fleet.by_week).to_owned()),
            ("month".to_owned(), tu_string!(w, fleet.by_month).to_owned()),
        ];
        view! {
            <Select name="cycle" label=tu_string!(w, fleet.cycle) options=cycles value=span.cycle />
            <Field name="start" kind="date" label=tu_string!(w, shell.from) value=span.start required=true error />
            <Field name="end" kind="date" label=tu_string!(w, shell.to) value=span.end required=true error />
        }
    });
    let tab = (!tab.is_empty()).then(|| view! { <input type="hidden" name="tab" value=tab /> });
    let help = periods.is_some().then(|| view! { <p class="help">{tu!(w, fleet.windows)}</p> });
    view! {
        <Form method="GET" action=path attr:class="panel fleet-filter">
            {tab}
            {product_field(&products, product.as_ref())}
            {periods}
            <button class="btn" type="submit">
                {tu!(w, shell.apply)}
            </button>
            {help}
            {whole.map(|text| view! { <p class="help" role="alert">{text}</p> })}
        </Form>
    }
}

/// Which figure of a period a chart shows.
pub enum Shown {
    /// Those that were active, as a line over an area.
    Active,
    /// Those that came new, as bars.
    New,
}

/// A chart over periods.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "periods and devices of a chart")]
pub fn chart(periods: &[Period], shown: &Shown, title: &'static str) -> AnyView {
    if periods.is_empty() {
        return ().into_any();
    }
    let figure = |period: &Period| match shown {
        Shown::Active => period.active as f64,
        Shown::New => period.new as f64,
    };
    let points: Vec<(f64, f64)> =
        periods.iter().enumerate().map(|(at, period)| (at as f64, figure(period))).collect();
    let most = points.iter().map(|(_, y)| *y).fold(4.0, f64::max);
    let names: Vec<String> = periods.iter().map(|period| short(&period.name)).collect();
    let label = move |x: f64| {
        let whole = (x - x.round()).abs() < 0.01 && x >= 0.0;
        if whole { names.get(x.round() as usize).cloned().unwrap_or_default() } else { String::new() }
    };
    let last = (periods.len() - 1) as f64;
    let chart = match shown {
        Shown::Active => {
            // What has not ended is no fall: it is dashed.
            let open = periods.last().is_some_and(|period| period.running) && points.len() > 1;
            let ended = points.len() - usize::from(open);
            let rest = if open { points[ended - 1..].to_vec() } else { Vec::new() };
            let ended = points[..ended].to_vec();
            Chart::new(title, (0.0, last.max(1.0)), (0.0, most * 1.08))
                .area(Paint::Amount, ended.clone())
                .line(Paint::Target, rest)
                .line(Paint::Main, ended)
        }
        Shown::New => {
            Chart::new(title, (-0.6, last + 0.6), (0.0, most * 1.08)).bars(Paint::Amount, 0.7, points)
        }
    };
    let chart = chart.size(640, 220).x_label(label).y_label(|y| grouped(y.round() as i64));
    let drawing = view! { <LineChart chart /> }.into_any();
    view! {
        <Scroll label=title>
            <div class="mid">
                {drawing}
            </div>
        </Scroll>
    }
    .into_any()
}

/// A period by its name, and whether it has not ended.
pub fn named(period: &Period) -> AnyView {
    let running =
        period.running.then(|| view! { " " <span class="tag dash">{tu!(words(), fleet.so_far)}</span> });
    view! { {period.name.clone()} {running} }.into_any()
}

/// The name of a period at an axis: `05-31`, `2026-22`, `2026-05`.
fn short(name: &str) -> String {
    if name.len() > 7 { name.get(5..).unwrap_or(name).to_owned() } else { name.to_owned() }
}

/// Both figures as charts, and as a table.
pub fn view(periods: &[Period], csv: String) -> AnyView {
    let w = words();
    let columns = vec![
        Column::new("period", tu_string!(w, fleet.period), named),
        Column::new("active", tu_string!(w, fleet.active_devices), |period: &Period| grouped(period.active))
            .numeric(),
        Column::new("new", tu_string!(w, fleet.new_devices), |period: &Period| grouped(period.new)).numeric(),
    ];
    let new: i64 = periods.iter().map(|period| period.new).sum();
    let note = tu_string!(w, fleet.sum, count = grouped(new)).to_string();
    let rows: Vec<Period> = periods.iter().rev().cloned().collect();
    let active = chart(periods, &Shown::Active, tu_string!(w, fleet.active_devices));
    let activated = chart(periods, &Shown::New, tu_string!(w, fleet.new_devices));
    view! {
        <div class="grid g-2">
            <Panel title=tu_string!(w, fleet.active_devices) note=tu_string!(w, fleet.active_why)>
                {active}
            </Panel>
            <Panel title=tu_string!(w, fleet.new_devices) note>
                {activated}
            </Panel>
        </div>
        <Panel title=tu_string!(w, fleet.figures) flush=true>
            <DataTable columns rows caption=tu_string!(w, fleet.figures) csv />
        </Panel>
    }
    .into_any()
}
