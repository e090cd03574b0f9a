//! OEE by line and shift.

mod heat;
mod shares;

use std::sync::Arc;

use domain::oee::view::OeeOverview;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::ratio::Metric;
use crate::api::oee::{Timed, get_oee_overview};
use crate::api::{Answer, Result};
use crate::live::version;
use crate::ui::{ErrorView, Icon, PageHeader, Skeleton, link_with, query, use_range};
use crate::words::{tu, tu_string, words};

/// OEE by line and shift.
pub struct OverviewPage {
    data: Resource<Result<Answer<Timed<OeeOverview>>>>,
}

#[lazy_route]
impl LazyRoute for OverviewPage {
    fn data() -> Self {
        let (range, oee, calendar, model) =
            (use_range(), version("oee"), version("calendar"), version("modelling"));
        let source = move || (range.get(), oee.get(), calendar.get(), model.get());
        Self { data: Resource::new(source, |(range, ..)| get_oee_overview(range.to_string())) }
    }

    fn view(this: Self) -> AnyView {
        let (data, metric, range) = (this.data, query("metric"), use_range());
        let metric = Memo::new(move |_| metric.with(|key| Metric::of(key)));
        let csv = move || format!("/oee.csv?range={}", range.get());
        view! {
            <PageHeader title=tu_string!(words(), oee.title)>
                <a class="btn" href=csv download="" rel="external">
                    <Icon name="i-dl" />
                    {tu!(words(), common.csv)}
                </a>
            </PageHeader>
            <MetricSwitch metric />
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(data) => view! { <Content data metric /> }.into_any(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

#[component]
fn MetricSwitch(metric: Memo<Metric>) -> impl IntoView {
    let choice = |choice: Metric| {
        let href = link_with([("metric", choice.key().map(str::to_owned))]);
        view! {
            <a href=href aria-current=move || (metric.get() == choice).then_some("true")>
                {choice.name()}
            </a>
        }
    };
    view! {
        <div class="fbar">
            <nav class="seg" aria-label=tu_string!(words(), oee.metric)>
                {Metric::ALL.map(choice).collect_view()}
            </nav>
        </div>
    }
}

#[component]
fn Content(data: Timed<OeeOverview>, metric: Memo<Metric>) -> impl IntoView {
    if data.view.lines.is_empty() {
        return super::no_machines();
    }
    if data.view.columns.is_empty() {
        return super::no_shifts();
    }
    let data = Arc::new(data);
    let lines = &data.view.lines;
    view! {
        <heat::HeatTable data=Arc::clone(&data) metric />
        <div class="grid g-2">
            <shares::LoadingShares lines=lines.clone() />
            <shares::Factors lines=lines.clone() />
        </div>
    }
    .into_any()
}
