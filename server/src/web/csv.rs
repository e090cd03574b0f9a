//! Tables as CSV, for spreadsheets: UTF-8 with its mark, one head line, figures unrounded.

use std::fmt::Write;

use app::api::oee::Timed;
use app::ssr::oee::overview;
use axum::Extension;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Ctx;
use domain::oee::view::{OeeOverview, Row};
use domain::time::MINUTE;
use serde::Deserialize;

/// The range of the page, as in its address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    range: String,
}

/// `/oee.csv`: a line for each machine and shift of the range.
pub async fn oee(ctx: Option<Extension<Ctx>>, Query(asked): Query<Asked>) -> Response {
    let Some(Extension(ctx)) = ctx else { return StatusCode::UNAUTHORIZED.into_response() };
    match overview(&ctx, &asked.range).await {
        Ok(data) => {
            let shown = &data.view.shown;
            let name = format!("attachment; filename=\"oee-{}-{}.csv\"", shown.from, shown.to);
            let head = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (head, table(&data)).into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{error}\n")).into_response(),
    }
}

fn table(data: &Timed<OeeOverview>) -> String {
    let mut out = String::from(
        "\u{feff}lineCode,line,equipmentCode,equipment,shiftDate,shift,begin,end,loadingMinutes,noDataMinutes,\
         availability,performance,quality,oee\r\n",
    );
    for line in &data.view.lines {
        for machine in &line.machines {
            rows(&mut out, data, line, machine);
        }
    }
    out
}

fn rows(out: &mut String, data: &Timed<OeeOverview>, line: &Row, machine: &Row) {
    let minutes = |millis: i64| millis as f64 / MINUTE as f64;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for (column, cell) in data.view.columns.iter().zip(&machine.cells) {
        let Some(cell) = cell else { continue };
        let wall = |at| data.clock.wall(at).strftime("%Y-%m-%d %H:%M").to_string();
        let texts = [
            &line.place.code,
            &line.place.name,
            &machine.place.code,
            &machine.place.name,
            &column.date.to_string(),
            &column.shift,
        ];
        for text in texts {
            out.push_str(&field(text));
            out.push(',');
        }
        let figures = &cell.figures;
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{},{},{},{},{},{},{},{}\r\n",
            wall(column.span.begin),
            wall(column.span.end),
            minutes(cell.loading),
            minutes(cell.no_data),
            number(figures.availability.value),
            number(figures.performance.value),
            number(figures.quality.value),
            number(figures.oee.value),
        );
    }
}

/// A text in quotes where it needs them; one that a spreadsheet would compute gets an apostrophe.
fn field(text: &str) -> String {
    let text =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_text_breaks_out_of_its_field_or_computes() {
        assert_eq!(field("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(field("=1+1"), "'=1+1");
    }
}
