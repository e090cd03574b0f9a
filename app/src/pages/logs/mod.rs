//! What applications sent to the log: filter, page and file, all in the address.

use domain::log::{Level, LogEntry};
use domain::text;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::log::{LogFilter, LogView, PAGE, get_logs};
use crate::api::{Answer, Error, Kind, Result};
use crate::live::version;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorView, Field, Icon, PageHeader, Panel, Select, Skeleton, link_with,
    query,
};
use crate::words::{chinese, tu, tu_string, words};

/// What applications sent to the log.
pub struct LogsPage {
    filter: Memo<LogFilter>,
    view: Resource<Result<Answer<LogView>>>,
}

fn filter() -> Memo<LogFilter> {
    let (application, module, level) = (query("application"), query("module"), query("level"));
    let (text, begin, end, page) = (query("text"), query("begin"), query("end"), query("page"));
    Memo::new(move |_| LogFilter {
        application: application.get(),
        module: module.get(),
        level: level.get(),
        text: text.get(),
        begin: begin.get(),
        end: end.get(),
        page: page.get(),
    })
}

fn is_filtered(filter: &LogFilter) -> bool {
    LogFilter { page: String::new(), ..filter.clone() } != LogFilter::default()
}

#[lazy_route]
impl LazyRoute for LogsPage {
    fn data() -> Self {
        let (filter, changed) = (filter(), version("log"));
        let view = Resource::new(move || (filter.get(), changed.get()), |(filter, _)| get_logs(filter));
        Self { filter, view }
    }

    fn view(this: Self) -> AnyView {
        let LogsPage { filter, view } = this;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    let answer = view.await.and_then(Answer::read);
                    let facts = answer.as_ref().map_or_else(
                        |_| String::new(),
                        |view| {
                            let (total, zone) = (view.total, view.zone.clone());
                            tu_string!(words(), logs.facts, total, zone).to_string()
                        },
                    );
                    view! { <PageHeader title=tu_string!(words(), logs.title) facts /> }
                })}
            </Transition>
            {move || view! { <FilterForm filter=filter.get() /> }}
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match view.await.and_then(Answer::read) {
                        Ok(view) => table(view, &filter.get_untracked()).into_any(),
                        // It stands at its field.
                        Err(Error { param: Some(param), .. }) if param == "end" => ().into_any(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

#[component]
fn FilterForm(filter: LogFilter) -> impl IntoView {
    let w = words();
    let filtered = is_filtered(&filter);
    // As the service would refuse it, but where it was typed.
    let reversed = !filter.begin.is_empty() && !filter.end.is_empty() && filter.begin >= filter.end;
    let reason = text!("must be after the beginning", "应晚于开始时间");
    let refusal = Error { param: Some("end".to_owned()), ..Error::new(Kind::Invalid, reason) };
    let error = Signal::stored(reversed.then_some(refusal));
    let levels = std::iter::once((String::new(), tu_string!(w, logs.any).to_owned()))
        .chain(Level::ALL.map(|level| (level.number().to_string(), level_words(level))))
        .collect();
    view! {
        <Form method="GET" action="" attr:class="panel log-filter">
            <Field name="text" label=tu_string!(w, logs.text) value=filter.text />
            <Select name="level" label=tu_string!(w, logs.level) options=levels value=filter.level />
            <Field name="application" label=tu_string!(w, logs.application) value=filter.application />
            <Field name="module" label=tu_string!(w, logs.module) value=filter.module />
            <Field name="begin" kind="datetime-local" label=tu_string!(w, logs.begin) value=filter.begin />
            <Field name="end" kind="datetime-local" label=tu_string!(w, logs.end) value=filter.end error />
            <div class="row">
                <button class="btn" type="submit">
                    <Icon name="i-filter" />
                    {tu!(w, logs.filter)}
                </button>
                {filtered
                    .then(|| {
                        view! {
                            <a class="btn quiet" href="/logs">
                                {tu!(w, logs.clear)}
                            </a>
                        }
                    })}
            </div>
        </Form>
    }
}

fn level_words(level: Level) -> String {
    level.label().in_language(chinese()).to_owned()
}

/// A line of the table: its wall time and what was logged.
type Row = (String, LogEntry);

fn table(view: LogView, filter: &LogFilter) -> impl IntoView + use<> {
    let w = words();
    if view.entries.is_empty() {
        let empty = if is_filtered(filter) {
            view! { <EmptyState title=tu_string!(w, logs.none) why=tu_string!(w, logs.none_why) /> }
        } else {
            view! { <EmptyState title=tu_string!(w, logs.empty) why=tu_string!(w, logs.empty_why) /> }
        };
        return view! { <Panel>{empty}</Panel> }.into_any();
    }
    let columns = vec![
        Column::new("time", tu_string!(w, logs.time), |(time, _): &Row| {
            let (date, clock) = time.split_once(' ').unwrap_or((time, ""));
            view! {
                <span class="when">
                    <span>{date.to_owned()}</span>
                    " "
                    <span>{clock.to_owned()}</span>
                </span>
            }
        }),
        Column::new("level", tu_string!(w, logs.level), |(_, entry): &Row| {
            let class = match entry.level {
                Level::Debug | Level::Info => "tag",
                Level::Alarm => "tag warn",
                Level::Error => "tag bad",
            };
            view! { <span class=class>{level_words(entry.level)}</span> }
        }),
        Column::new("application", tu_string!(w, logs.application), |(_, entry): &Row| {
            only("application", &entry.application)
        })
        .wide_only(),
        Column::new("module", tu_string!(w, logs.module), |(_, entry): &Row| only("module", &entry.module))
            .wide_only(),
        Column::new("entry", tu_string!(w, logs.entry), |(_, entry): &Row| {
            let content = entry.content.clone().filter(|content| !content.is_empty());
            let source = view! { <small class="narrow-only">{format!("{} · {}", entry.application, entry.module)}</small> };
            match content {
                None => view! { <span>{entry.title.clone()}</span> {source} }.into_any(),
                Some(content) => view! {
                    <details class="log-entry">
                        <summary>{entry.title.clone()} {source}</summary>
                        <pre>{content}</pre>
                    </details>
                }
                .into_any(),
            }
        }),
    ];
    let csv = format!("/ui/logs.csv?{}", csv_query(filter));
    view! {
        <Panel flush=true>
            <DataTable
                columns
                rows=view.entries
                caption=tu_string!(w, logs.title)
                paging=(view.total, PAGE, view.page)
                csv
            />
        </Panel>
    }
    .into_any()
}

/// A value that narrows the list to its like.
fn only(name: &'static str, value: &str) -> impl IntoView + use<> {
    let href = link_with([(name, Some(value.to_owned())), ("page", None)]);
    let value = value.to_owned();
    view! {
        <a class="fig" href=href>
            {value}
        </a>
    }
}

/// The filter as the file's address has it.
fn csv_query(filter: &LogFilter) -> String {
    let mut map = leptos_router::params::ParamsMap::new();
    let LogFilter { application, module, level, text, begin, end, page: _ } = filter;
    for (name, value) in [
        ("filter[application]", application),
        ("filter[module]", module),
        ("filter[level]", level),
        ("filter[text]", text),
        ("filter[begin]", begin),
        ("filter[end]", end),
    ] {
        map.insert(name, value.clone());
    }
    map.to_query_string().trim_start_matches('?').to_owned()
}
