//! Tables as CSV files for spreadsheets: UTF-8 with its mark, one head line, quoted where needed.

use csv::{Terminator, WriterBuilder};
use leptos::server_fn::codec::TextStream;

use crate::api::Error;

/// A file of this name with a head and rows, as a server function answers it.
pub(super) fn file(name: &str, head: &[&str], rows: Vec<Vec<String>>) -> TextStream<Error> {
    attachment(name, table(head, &rows))
}

/// A file of this name with this text, saved by the browser.
pub(super) fn attachment(name: &str, text: String) -> TextStream<Error> {
    use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
    if let (Some(options), Ok(value)) = (
        leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")),
    ) {
        options.insert_header(CONTENT_DISPOSITION, value);
    }
    TextStream::new(futures::stream::once(async move { Ok(text) }))
}

/// The text of such a file.
///
/// # Panics
/// Never: memory takes every line, and what was made of texts is a text.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    // Rows may differ in length only where a head is missing, which is no reason to refuse a download.
    let mut writer =
        WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer("\u{feff}".into());
    let lines = std::iter::once(head.iter().map(|cell| (*cell).to_owned()).collect())
        .chain(rows.iter().map(|row| row.iter().map(|cell| inert(cell)).collect::<Vec<String>>()));
    for line in lines {
        writer.write_record(line).expect("memory takes every line");
    }
    let bytes: Vec<u8> = writer.into_inner().expect("memory takes every line");
    String::from_utf8(bytes).expect("made of texts")
}

/// A cell that begins like a formula would be computed by a spreadsheet: it gets an apostrophe, unless it is a number.
fn inert(cell: &str) -> String {
    let computed = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if computed { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn no_text_breaks_out_of_its_field_or_computes() {
        let row = ["a \"b\", c", "=1+1", "\tx", "-0.5", "-a", "line\nbreak"].map(str::to_owned).to_vec();
        assert_eq!(
            table(&["k"], &[row]),
            "\u{feff}k\r\n\"a \"\"b\"\", c\",'=1+1,'\tx,-0.5,'-a,\"line\nbreak\"\r\n"
        );
    }
}
