//! What became of a pasted list, line by line.

use leptos::prelude::*;
use leptos::serde_json;
use leptos::server_fn::ServerFn;

use crate::api::fleet::results::{Became, ResultLine, Results};
use crate::api::{Answer, Error};
use crate::ui::{Icon, Scroll, query};
use crate::words::{chinese, tu, tu_string, words};

/// What became of the list that was sent last: the answer, or what a form without scripting left in the address.
pub fn results<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Output = Answer<Results>, Error = Error> + Clone + Send + Sync + 'static,
{
    let left = query("results");
    let shown = move || {
        let answered = action.value().with(|answer| answer.as_ref()?.as_ref().ok().cloned());
        let found = match answered {
            Some(answer) => answer.read().ok(),
            None => left.with(|left| serde_json::from_str(left).ok()),
        };
        found.map(table)
    };
    view! { <div aria-live="polite">{shown}</div> }.into_any()
}

fn word(became: Became) -> &'static str {
    let w = words();
    match became {
        Became::Added => tu_string!(w, fleet.added),
        Became::Moved => tu_string!(w, fleet.moved),
        Became::Already => tu_string!(w, fleet.already),
        Became::Elsewhere => tu_string!(w, fleet.elsewhere),
        Became::Removed => tu_string!(w, fleet.removed),
        Became::Absent => tu_string!(w, fleet.absent),
        Became::Repeated => tu_string!(w, fleet.repeated),
        Became::Unknown => tu_string!(w, fleet.unknown),
        Became::Created => tu_string!(w, fleet.created),
        Became::Bound => tu_string!(w, fleet.bound),
        Became::Failed => tu_string!(w, fleet.failed),
    }
}

fn note(line: &ResultLine) -> String {
    line.note.as_ref().map(|note| note.in_language(chinese()).to_owned()).unwrap_or_default()
}

fn table(results: Results) -> AnyView {
    let w = words();
    let count = |(became, count): &(Became, i64)| {
        let class = if became.is_done() { "tag" } else { "tag warn" };
        view! {
            <span class=class>
                <b>{*count}</b>
                {word(*became)}
            </span>
        }
    };
    let counts = results.counts.iter().map(count).collect_view();
    let all: i64 = results.counts.iter().map(|(_, count)| count).sum();
    let shown = results.lines.len();
    let partial = usize::try_from(all).is_ok_and(|all| shown < all);
    let row = |line: &ResultLine| {
        let icon = if line.became.is_done() { "i-ok" } else { "i-warn" };
        let class = if line.became.is_done() { "st" } else { "st w1" };
        let number = if line.line > 0 { line.line.to_string() } else { String::new() };
        view! {
            <tr>
                <td class="num">{number}</td>
                <th scope="row" class="mono">
                    {line.name.clone()}
                </th>
                <td>
                    <span class=class>
                        <Icon name=icon />
                        {word(line.became)}
                    </span>
                    {(!note(line).is_empty()).then(|| view! { " " <small>{note(line)}</small> })}
                </td>
            </tr>
        }
    };
    let rows = results.lines.iter().map(row).collect_view();
    let text =
        |line: &ResultLine| format!("{}\t{}\t{}\t{}", line.line, line.name, word(line.became), note(line));
    let text = results.lines.iter().map(text).collect::<Vec<_>>().join("\n");
    view! {
        <section class="stack2 results" aria-label=tu_string!(w, fleet.results)>
            <div class="fbar">
                <b>{tu!(w, fleet.results)}</b>
                {counts}
            </div>
            {partial.then(|| view! { <p class="help">{tu!(w, fleet.results_partial, shown)}</p> })}
            <Scroll label=tu_string!(w, fleet.results)>
                <table class="tbl c">
                    <thead>
                        <tr>
                            <th scope="col" class="num">
                                {tu!(w, fleet.line)}
                            </th>
                            <th scope="col">{tu!(w, fleet.named)}</th>
                            <th scope="col">{tu!(w, fleet.result)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
            <details class="more">
                <summary>{tu!(w, fleet.copy)}</summary>
                <textarea class="in area mono" rows="6" readonly aria-label=tu_string!(w, fleet.copy)>
                    {text}
                </textarea>
            </details>
        </section>
    }
    .into_any()
}
