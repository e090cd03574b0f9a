//! Tables as CSV files: with a byte order mark, as spreadsheets want it.

use leptos::server_fn::codec::TextStream;

use crate::api::Error;

/// A file of this name with a head and rows.
pub(super) fn file(name: &str, head: &[&str], rows: Vec<Vec<String>>) -> TextStream<Error> {
    use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
    let head = line(head.iter().copied());
    let rows = rows.iter().map(|row| line(row.iter().map(String::as_str)));
    attachment(name, std::iter::once(format!("\u{feff}{head}")).chain(rows).collect())
}

/// A file of this name with this text, saved by the browser.
pub(super) fn attachment(name: &str, text: String) -> TextStream<Error> {
    if let (Some(options), Ok(value)) = (
        leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")),
    ) {
        options.insert_header(CONTENT_DISPOSITION, value);
    }
    TextStream::new(futures::stream::once(async move { Ok(text) }))
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let quoted = |cell: &str| {
        // A cell that begins like a formula would be run by a spreadsheet.
        let cell = if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() };
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    let cells: Vec<String> = cells.map(quoted).collect();
    format!("{}\r\n", cells.join(","))
}
