//! The table: a real one, its columns data, sorting and paging as links that the server answers.

use leptos::prelude::*;

use super::{Icon, Pager, link_with, query};
use crate::words::{tu_string, words};

/// A column of a [`DataTable`] over rows of type `R`.
pub struct Column<R> {
    key: &'static str,
    title: String,
    numeric: bool,
    sortable: bool,
    wide_only: bool,
    cell: Box<dyn Fn(&R) -> AnyView + Send>,
}

impl<R> Column<R> {
    /// A column with this name in the URL, this head and this cell.
    pub fn new<V: IntoView + 'static>(
        key: &'static str,
        title: impl Into<String>,
        cell: impl Fn(&R) -> V + Send + 'static,
    ) -> Self {
        let cell = Box::new(move |row: &R| cell(row).into_any());
        Self { key, title: title.into(), numeric: false, sortable: false, wide_only: false, cell }
    }

    /// Figures, set to the right.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Its head sorts by it: `?sort=key`, again `?sort=-key`.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Left out on a phone.
    #[must_use]
    pub fn wide_only(mut self) -> Self {
        self.wide_only = true;
        self
    }

    fn class(&self) -> Option<&'static str> {
        match (self.numeric, self.wide_only) {
            (true, true) => Some("num wide-only"),
            (true, false) => Some("num"),
            (false, true) => Some("wide-only"),
            (false, false) => None,
        }
    }

    fn head(&self) -> AnyView {
        let class = self.class();
        if !self.sortable {
            return view! {
                <th scope="col" class=class>
                    {self.title.clone()}
                </th>
            }
            .into_any();
        }
        let sort = query("sort");
        let (key, descending) = (self.key, format!("-{}", self.key));
        let order = {
            let descending = descending.clone();
            Memo::new(move |_| {
                sort.with(|sort| match sort {
                    s if s == key => Some("ascending"),
                    s if *s == descending => Some("descending"),
                    _ => None,
                })
            })
        };
        let up = link_with([("sort", Some(key.to_owned())), ("page", None)]);
        let down = link_with([("sort", Some(descending)), ("page", None)]);
        let title = self.title.clone();
        let label = tu_string!(words(), common.sort_by, column = title.clone()).to_string();
        view! {
            <th scope="col" class=class aria-sort=move || order.get()>
                <a href=move || if order.get() == Some("ascending") { down() } else { up() } title=label>
                    {title}
                    {move || match order.get() {
                        Some("ascending") => view! { <Icon name="i-up" small=true /> }.into_any(),
                        Some(_) => view! { <Icon name="i-down" small=true /> }.into_any(),
                        None => ().into_any(),
                    }}
                </a>
            </th>
        }
        .into_any()
    }
}

/// A table of one page of rows. Filtering, sorting and paging are the server's: this only links to them.
#[component]
pub fn DataTable<R: 'static>(
    /// The columns; the first one names the row.
    columns: Vec<Column<R>>,
    /// The rows of this page.
    rows: Vec<R>,
    /// What the table shows, for those who cannot see it.
    #[prop(into)]
    caption: String,
    /// Rows in all, rows on a page and the page shown: the pager stands below the table.
    #[prop(optional)]
    paging: Option<(i64, i64, i64)>,
    /// Address of the same rows as CSV: all that the filter leaves, not only this page.
    #[prop(optional, into)]
    csv: Option<String>,
) -> impl IntoView {
    let head = columns.iter().map(Column::head).collect_view();
    let line = |row: R| {
        let cell = |(index, column): (usize, &Column<R>)| {
            let (class, content) = (column.class(), (column.cell)(&row));
            if index == 0 {
                view! {
                    <th scope="row" class=class>
                        {content}
                    </th>
                }
                .into_any()
            } else {
                view! { <td class=class>{content}</td> }.into_any()
            }
        };
        let cells = columns.iter().enumerate().map(cell).collect_view();
        view! { <tr>{cells}</tr> }
    };
    let lines = rows.into_iter().map(line).collect_view();
    let download = csv.map(|href| {
        let count = paging.map(|(total, ..)| total);
        view! {
            <a class="btn s" href=href download="" rel="external">
                <Icon name="i-dl" small=true />
                {match count {
                    Some(count) => tu_string!(words(), common.csv_rows, count).to_string(),
                    None => tu_string!(words(), common.csv).to_owned(),
                }}
            </a>
        }
    });
    let pager = paging.map(|(total, size, page)| view! { <Pager page size total /> });
    let foot =
        (download.is_some() || pager.is_some()).then(|| view! { <div class="foot">{download} {pager}</div> });
    view! {
        <div class="tw">
            <table class="tbl">
                <caption class="sr">{caption}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {foot}
    }
}
