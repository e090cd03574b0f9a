//! What was said: bytes, and the datapoints in them.

use domain::device::view::MessageEntry;
use leptos::prelude::*;
use leptos::serde_json::Value;

use super::online::when;
use super::value::shown;
use super::{file, turning};
use crate::api::device::Log;
use crate::api::{Answer, Result};
use crate::ui::{Column, DataTable, EmptyState, ErrorView, Icon, Panel, Skeleton};
use crate::words::{chinese, tu, tu_string, words};

type Row = (String, MessageEntry);

/// Characters of a payload that are shown at once.
const SHORT: usize = 240;

/// The tab.
pub fn tab(log: Resource<Option<Result<Answer<Log<MessageEntry>>>>>) -> AnyView {
    view! {
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                Some(match log.await?.and_then(Answer::read) {
                    Ok(log) => table(log),
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

fn table(log: Log<MessageEntry>) -> AnyView {
    let w = words();
    let title = tu_string!(w, device.tab_messages);
    if log.entries.is_empty() {
        return view! {
            <Panel title=title>
                <EmptyState title=tu_string!(w, device.messages_none) why=tu_string!(w, device.range_why) />
                <div class="foot">{turning(log.older)}</div>
            </Panel>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("time", tu_string!(w, device.time), |(time, _): &Row| when(time)),
        Column::new("direction", tu_string!(w, device.direction), |(_, entry): &Row| {
            let (icon, words) = if entry.up {
                ("i-up", tu_string!(words(), device.from_device))
            } else {
                ("i-down", tu_string!(words(), device.to_device))
            };
            view! {
                <span class="st">
                    <Icon name=icon small=true />
                    {words}
                </span>
            }
        }),
        Column::new("content", tu_string!(w, device.content), |(_, entry): &Row| content(entry)),
    ];
    view! {
        <Panel title=title flush=true>
            <DataTable columns rows=log.entries caption=title />
            <div class="foot">{file("/ui/device/messages.csv")} {turning(log.older)}</div>
        </Panel>
    }
    .into_any()
}

fn content(entry: &MessageEntry) -> AnyView {
    let w = words();
    let attr = |(name, value): (&String, &Value)| match value {
        Value::Null => name.clone(),
        value => format!("{name} {}", shown(None, value)),
    };
    let attrs: Vec<String> = entry.attrs.iter().map(attr).collect();
    let chinese = chinese();
    let what = entry.what.as_ref().map(|what| {
        let what = what.in_language(chinese).to_owned();
        let serial =
            entry.serial.map(|serial| view! { <span class="mono mut">{format!(" #{serial}")}</span> });
        view! {
            <span class="tag">{what}</span>
            {serial}
            " "
        }
    });
    let data = entry.data.clone().filter(|data| !data.is_empty());
    let data = data.map(|data| view! { <code class="wrap">{spaced(&data)}</code> });
    let trouble = entry.trouble.clone().map(|trouble| {
        view! {
            <span class="tag warn" title=tu_string!(w, device.message_trouble)>
                <Icon name="i-warn" small=true />
                {trouble}
            </span>
        }
    });
    let said = if attrs.is_empty() && data.is_some() {
        ().into_any()
    } else if attrs.is_empty() {
        view! { <span class="mut">{tu!(w, device.no_datapoints)}</span> }.into_any()
    } else {
        attrs.join(" · ").into_any()
    };
    let bytes = spaced(&entry.payload);
    let bytes = if bytes.len() <= SHORT {
        view! { <code class="wrap mut">{bytes}</code> }.into_any()
    } else {
        let count = entry.payload.len() / 2;
        view! {
            <details class="log-entry">
                <summary class="mut">{tu!(w, device.bytes, count)}</summary>
                <pre>{bytes}</pre>
            </details>
        }
        .into_any()
    };
    view! {
        <div class="said">
            <span class="wrap">{what} {said} {data} " " {trouble}</span>
            {bytes}
        </div>
    }
    .into_any()
}

/// Hexadecimal bytes, apart; what is no hexadecimal stays as it is.
fn spaced(payload: &str) -> String {
    let bytes = payload.as_bytes();
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) || !bytes.iter().all(u8::is_ascii_hexdigit) {
        return payload.to_owned();
    }
    let pairs = bytes.chunks(2).map(|pair| pair.iter().map(|byte| char::from(*byte)).collect::<String>());
    pairs.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn bytes_stand_apart_and_text_stays() {
        assert_eq!(spaced("00ff0a"), "00 ff 0a");
        assert_eq!(spaced("{\"a\":1}"), "{\"a\":1}");
        assert_eq!(spaced("00f"), "00f");
    }
}
