//! Losses, greatest first.

use std::sync::Arc;

use domain::oee::losses::{By, Loss, pareto};
use domain::oee::view::MachineView;
use domain::time::MINUTE;
use leptos::prelude::*;

use super::super::kinds;
use super::super::ratio::{amount, percent};
use crate::api::oee::Timed;
use crate::ui::{EmptyState, FiguresTable, Panel, Scroll, link_with, query};
use crate::words::{tu_string, words};

const ROW: f64 = 33.0;
/// The most lines that are drawn.
const MOST: usize = 12;

fn key(by: By) -> Option<&'static str> {
    match by {
        By::Minutes => None,
        By::Count => Some("count"),
        By::Pieces => Some("pieces"),
    }
}

fn name(by: By) -> &'static str {
    match by {
        By::Minutes => tu_string!(words(), oee.by_minutes),
        By::Count => tu_string!(words(), oee.by_count),
        By::Pieces => tu_string!(words(), oee.pieces),
    }
}

/// Losses by minutes, number or pieces (`?by=`).
#[component]
pub fn ParetoPanel(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let asked = query("by");
    let choices = [By::Minutes, By::Count, By::Pieces];
    let by = Memo::new(move |_| {
        asked.with(|asked| choices.into_iter().find(|by| key(*by) == Some(asked)).unwrap_or_default())
    });
    let tools = move || {
        let choice = |choice: By| {
            let href = link_with([("by", key(choice).map(str::to_owned))]);
            view! {
                <a href=href aria-current=move || (by.get() == choice).then_some("true")>
                    {name(choice)}
                </a>
            }
        };
        view! { <nav class="seg s">{choices.map(choice).collect_view()}</nav> }
    };
    let losses = data.view.losses.clone();
    let minutes: i64 = losses.iter().map(|loss| loss.millis).sum();
    let loading = data.view.total.sums.times.loading;
    let foot = move || {
        let (lost, loading) = (kinds::span(minutes), kinds::span(loading));
        view! { <span>{tu_string!(words(), oee.lost_of, lost, loading).to_string()}</span> }
    };
    let chart = move || {
        if losses.is_empty() {
            view! { <EmptyState title=tu_string!(words(), oee.no_losses) why=tu_string!(words(), oee.no_losses_why) /> }
                .into_any()
        } else {
            let losses = pareto(losses.clone(), by.get());
            let drawing = draw(&losses, by.get());
            view! { <Scroll label=tu_string!(words(), oee.losses)>{drawing}</Scroll> {table(&losses)} }
                .into_any()
        }
    };
    view! {
        <Panel title=tu_string!(words(), oee.losses) tools=ViewFn::from(tools) foot=ViewFn::from(foot)>
            {chart}
        </Panel>
    }
    .into_any()
}

fn size(loss: &Loss, by: By) -> f64 {
    match by {
        By::Minutes => loss.millis as f64 / MINUTE as f64,
        By::Count => loss.count as f64,
        By::Pieces => loss.pieces.unwrap_or_default(),
    }
}

fn table(losses: &[Loss]) -> AnyView {
    let head = vec![
        tu_string!(words(), oee.cause).to_owned(),
        tu_string!(words(), oee.state).to_owned(),
        tu_string!(words(), oee.by_minutes).to_owned(),
        tu_string!(words(), oee.by_count).to_owned(),
        tu_string!(words(), oee.pieces).to_owned(),
        format!("{} %", tu_string!(words(), oee.cumulative)),
    ];
    let row = |loss: &Loss| {
        vec![
            loss.cause.clone().unwrap_or_else(|| "–".to_owned()),
            kinds::name(loss.kind).to_owned(),
            amount(size(loss, By::Minutes)),
            loss.count.to_string(),
            loss.pieces.map_or_else(|| "–".to_owned(), amount),
            percent(loss.cumulative),
        ]
    };
    let rows = losses.iter().map(row).collect();
    view! { <FiguresTable head rows /> }.into_any()
}

fn draw(losses: &[Loss], by: By) -> AnyView {
    let all: f64 = losses.iter().map(|loss| size(loss, by)).sum::<f64>().max(1e-9);
    let shown = &losses[..losses.len().min(MOST)];
    let height = shown.len() as f64 * ROW + 40.0;
    let x = |share: f64| 220.0 + share.clamp(0.0, 1.0) * 190.0;
    let mut points = vec![format!("M{:.1} 22", x(0.0))];
    let mut rows = Vec::new();
    for (index, loss) in shown.iter().enumerate() {
        let y = index as f64 * ROW + 24.0;
        let (class, fill) = kinds::fill(loss.kind);
        let words = loss.cause.clone().unwrap_or_else(|| kinds::name(loss.kind).to_owned());
        let short = super::super::cut(&words, 190.0);
        let end = x(loss.cumulative);
        points.push(format!("L{end:.1} {:.1}", y + 9.0));
        rows.push(view! {
            <svg x="0" y=y width="14" height="14" class=format!("k-{}", kinds::short(loss.kind))>
                <title>{kinds::name(loss.kind)}</title>
                <use_ href=format!("#m-{}", kinds::short(loss.kind)) />
            </svg>
            <text x="22" y=y + 12.0 class="t-1 t-12">
                <title>{words}</title>
                {short}
            </text>
            <rect
                x="220"
                y=y
                width=format!("{:.1}", (size(loss, by) / all * 190.0).max(1.0))
                height="18"
                class=class
                fill=fill
            />
            <circle class="dot" cx=format!("{end:.1}") cy=y + 9.0 r="2.5" />
            <text x="458" y=y + 13.0 class="t-b t-12" text-anchor="end">
                {amount(if by == By::Pieces { size(loss, by) } else { loss.millis as f64 / MINUTE as f64 })}
            </text>
            <text x="500" y=y + 13.0 class="t-12" text-anchor="end">
                {format!("{} ×", loss.count)}
            </text>
            <text x="560" y=y + 13.0 class="t-12" text-anchor="end">
                {format!("{} %", percent(loss.cumulative))}
            </text>
        });
    }
    let unit = if by == By::Pieces { tu_string!(words(), oee.pieces) } else { "min" };
    let limit = x(0.8);
    view! {
        <svg class="ch half" viewBox=format!("0 0 560 {height}") role="img" aria-label=tu_string!(words(), oee.losses)>
            <text x="410" y="10" class="t-3" text-anchor="end">
                {tu_string!(words(), oee.cumulative)}
            </text>
            <text x="458" y="10" class="t-3" text-anchor="end">
                {unit}
            </text>
            <text x="500" y="10" class="t-3" text-anchor="end">
                "n"
            </text>
            <text x="560" y="10" class="t-3" text-anchor="end">
                "Σ"
            </text>
            <path class="ax" d=format!("M220 18V{}", height - 18.0) />
            <path class="ln-d" d=format!("M{limit:.1} 18V{}", height - 18.0) />
            <text x=format!("{limit:.1}") y=height - 5.0 class="t-3" text-anchor="middle">
                "80 %"
            </text>
            {rows}
            <path class="ln" d=points.concat() />
        </svg>
    }
    .into_any()
}
