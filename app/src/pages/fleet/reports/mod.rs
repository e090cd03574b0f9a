//! Reports over the devices of a product.

mod history;
mod overview;
mod places;
mod trouble;

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use leptos_router::{LazyRoute, lazy_route};

pub use history::{PeriodForm, Shown, chart, named};
pub use places::{Line, names};

use super::{no_products, tabs};
use crate::api::fleet::reports::{
    ReportFrame, ReportPage, ReportQuery, ReportView, get_report, get_report_frame,
};
use crate::api::{Answer, Kind, Result};
use crate::live::calm_version;
use crate::ui::{EmptyState, ErrorView, PageHeader, Panel, Skeleton, query};
use crate::words::{tu, tu_string, words};

/// Reports over the devices of a product.
pub struct ReportsPage {
    query: Memo<ReportQuery>,
    frame: Resource<Result<Answer<ReportFrame>>>,
    data: Resource<Result<Answer<ReportPage>>>,
}

#[lazy_route]
impl LazyRoute for ReportsPage {
    fn data() -> Self {
        let (product, tab, cycle) = (query("product"), query("tab"), query("cycle"));
        let (start, end) = (query("start"), query("end"));
        let (country, region) = (query("country"), query("region"));
        let query = Memo::new(move |_| ReportQuery {
            product: product.get(),
            tab: tab.get(),
            cycle: cycle.get(),
            start: start.get(),
            end: end.get(),
            country: country.get(),
            region: region.get(),
        });
        let changed = calm_version("device");
        let frame = Resource::new(move || query.get(), get_report_frame);
        let data = Resource::new(move || (query.get(), changed.get()), |(query, _)| get_report(query));
        Self { query, frame, data }
    }

    fn view(this: Self) -> AnyView {
        let ReportsPage { query, frame, data } = this;
        view! {
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    let answer = data.await.and_then(Answer::read);
                    let facts = answer.ok().and_then(|page| Some((page.product?.name, page.at)));
                    head(facts)
                })}
            </Transition>
            {parts()}
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    let answer = frame.await.and_then(Answer::read);
                    answer.ok().map(|frame| filter(frame, &query.get_untracked()))
                })}
            </Transition>
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(page) => content(page, &query.get_untracked()),
                        Err(error) if error.kind == Kind::Invalid => gone(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

/// There is no such product.
fn gone() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    let w = words();
    view! {
        <Panel>
            <EmptyState title=tu_string!(w, device.product_gone) why=tu_string!(w, device.product_gone_why)>
                <a class="btn s" href="/devices/reports">
                    {tu!(w, fleet.reports)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

/// The address of a file of this name with what the filter leaves.
fn csv(query: &ReportQuery, tab: &str) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in [
        ("query[product]", query.product.as_str()),
        ("query[tab]", tab),
        ("query[cycle]", &query.cycle),
        ("query[start]", &query.start),
        ("query[end]", &query.end),
    ] {
        map.insert(name, value.to_owned());
    }
    format!("/ui/fleet/report.csv{}", map.to_query_string())
}

/// The head: the product, and when its figures were read.
fn head(facts: Option<(String, String)>) -> AnyView {
    let w = words();
    let crumbs = vec![("/devices".to_owned(), tu_string!(w, device.title).to_owned())];
    let facts = facts.map(|(product, time)| format!("{product} · {}", tu_string!(w, fleet.as_of, time)));
    view! { <PageHeader title=tu_string!(w, fleet.reports) facts=facts.unwrap_or_default() crumbs /> }
        .into_any()
}

fn parts() -> AnyView {
    let w = words();
    tabs([
        ("", tu_string!(w, fleet.overview)),
        ("history", tu_string!(w, fleet.history)),
        ("trouble", tu_string!(w, fleet.trouble)),
        ("places", tu_string!(w, fleet.places)),
    ])
}

/// What the report is chosen by, where there is anything to choose.
fn filter(frame: ReportFrame, query: &ReportQuery) -> Option<AnyView> {
    let history = query.tab == "history";
    if frame.product.is_none() || !(history || frame.products.len() > 1) {
        return None;
    }
    let (tab, span) = (query.tab.clone(), history.then_some(frame.span));
    let refused = frame.refused.filter(|_| history);
    let (products, product) = (frame.products, frame.product);
    Some(view! { <PeriodForm path="/devices/reports" tab products product span refused /> }.into_any())
}

fn content(page: ReportPage, query: &ReportQuery) -> AnyView {
    let Some(product) = page.product else { return no_products() };
    let id = product.id;
    match page.view {
        None => ().into_any(),
        Some(ReportView::Overview(figures, days)) => overview::view(&figures, &days, id),
        Some(ReportView::History(periods)) => history::view(&periods, csv(query, "history")),
        Some(ReportView::Trouble(trouble)) => {
            trouble::view(&trouble, id, csv(query, "trouble"), csv(query, "trouble-places"))
        }
        Some(ReportView::Places(all, rows)) => places::view(all, rows, id, csv(query, "places")),
    }
}
