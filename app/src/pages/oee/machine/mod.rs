//! One machine: its states, its pieces, the arithmetic of its OEE.

mod arithmetic;
mod compare;
mod display;
mod pareto;
mod timeline;
mod waterfall;

use std::sync::Arc;

use domain::oee::view::MachineView;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::kinds;
use crate::api::oee::{Timed, get_machine_view};
use crate::api::{Answer, Result};
use crate::live::version;
use crate::ui::{ErrorView, Icon, Mark, PageHeader, RangePresets, Skeleton, use_range};
use crate::words::{tu, tu_string, words};

/// One machine: its states, its pieces, the arithmetic of its OEE.
pub struct MachinePage {
    data: Resource<Result<Answer<Timed<MachineView>>>>,
}

#[lazy_route]
impl LazyRoute for MachinePage {
    fn data() -> Self {
        let (range, params) = (use_range(), use_params_map());
        let (oee, calendar, model) = (version("oee"), version("calendar"), version("modelling"));
        let id = move || params.with(|params| params.get("id").and_then(|id| id.parse().ok()).unwrap_or(0));
        let source = move || (id(), range.get(), oee.get(), calendar.get(), model.get());
        Self { data: Resource::new(source, |(id, range, ..)| get_machine_view(id, range.to_string())) }
    }

    fn view(this: Self) -> AnyView {
        let data = this.data;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(data) => view! { <Content data=Arc::new(data) /> }.into_any(),
                        Err(error) => {
                            view! {
                                <PageHeader title=tu_string!(words(), oee.machine_title) />
                                <ErrorView error />
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

#[component]
fn Content(data: Arc<Timed<MachineView>>) -> impl IntoView {
    let view = &data.view;
    let line = view.path.iter().rev().nth(1).filter(|_| view.path.len() > 2);
    let mut crumbs = vec![("/oee".to_owned(), tu_string!(words(), shell.oee).to_owned())];
    crumbs.extend(line.map(|line| (format!("/oee/line/{}", line.id), line.name.clone())));
    let state = view.current.as_ref().map(|current| {
        let since = data.clock.time(current.since);
        let cause = current.cause.as_ref().map(|cause| format!(" · {cause}"));
        view! {
            <span class="st">
                <Mark state=kinds::short(current.kind) />
                {tu_string!(words(), oee.since, state = kinds::name(current.kind), time = since).to_string()}
                {cause}
            </span>
        }
    });
    let range = use_range();
    let id = view.machine.id;
    let csv = move || format!("/oee/machine.csv?id={id}&range={}", range.get());
    let header = view! {
        <PageHeader title=view.machine.name.clone() facts=view.machine.code.clone() crumbs>
            {state} {move || view! { <RangePresets range=range.get() /> }}
            <a class="btn" href=csv download="" rel="external">
                <Icon name="i-dl" />
                {tu!(words(), common.csv)}
            </a>
        </PageHeader>
    };
    if view.shifts.is_empty() {
        return view! { {header} {super::no_shifts()} }.into_any();
    }
    view! {
        {header}
        <timeline::TimelinePanel data=Arc::clone(&data) />
        <div class="grid g-mach">
            <div class="stack">
                <display::OeeDisplay data=Arc::clone(&data) />
                <compare::SixLosses data=Arc::clone(&data) />
            </div>
            <arithmetic::Arithmetic data=Arc::clone(&data) />
        </div>
        <waterfall::Waterfall data=Arc::clone(&data) />
        <div class="grid g-mach">
            <pareto::ParetoPanel data=Arc::clone(&data) />
            <div class="stack">
                <compare::Compared data=Arc::clone(&data) />
                <compare::Reliable data=Arc::clone(&data) />
            </div>
        </div>
    }
    .into_any()
}
