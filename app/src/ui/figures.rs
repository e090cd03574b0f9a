//! What a chart shows, as a table: for those who cannot see it, and for those who want the figures.

use leptos::prelude::*;

use super::Scroll;
use crate::words::{tu, tu_string, words};

/// The figures of a chart, folded away under it. The first column names the rows.
#[component]
pub fn FiguresTable(
    /// What the columns are.
    head: Vec<String>,
    /// A row's name and its figures.
    rows: Vec<Vec<String>>,
) -> AnyView {
    let row = |row: Vec<String>| {
        let mut cells = row.into_iter();
        let name = cells.next();
        let cells = cells.map(|cell| view! { <td class="num">{cell}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells}
            </tr>
        }
    };
    let mut head = head.into_iter();
    let first = head.next();
    let head = head
        .map(|name| {
            view! {
                <th scope="col" class="num">
                    {name}
                </th>
            }
        })
        .collect_view();
    view! {
        <details class="rows">
            <summary>{tu!(words(), common.as_table)}</summary>
            <Scroll label=tu_string!(words(), common.as_table)>
                <table class="tbl c">
                    <thead>
                        <tr>
                            <th scope="col">{first}</th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </Scroll>
        </details>
    }
    .into_any()
}
