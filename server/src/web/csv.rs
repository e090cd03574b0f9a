//! Tables as CSV, for spreadsheets: UTF-8 with its mark, one head line, figures unrounded.

use app::api::oee::Timed;
use app::ssr::oee::{machine, overview};
use axum::Extension;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::oee::view::{MachineView, OeeOverview, Row};
use domain::time::MINUTE;
use domain::{Ctx, Millis};
use serde::Deserialize;

/// The range of the page, as in its address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    range: String,
    id: i64,
}

/// `/oee.csv`: a line for each machine and shift of the range.
pub async fn oee(ctx: Option<Extension<Ctx>>, Query(asked): Query<Asked>) -> Response {
    let Some(Extension(ctx)) = ctx else { return StatusCode::UNAUTHORIZED.into_response() };
    match overview(&ctx, &asked.range).await {
        Ok(data) => {
            let shown = &data.view.shown;
            file(&format!("oee-{}-{}", shown.from, shown.to), shifts(&data))
        }
        Err(error) => refused(&error),
    }
}

/// `/oee/machine.csv`: a line for each interval of a machine in the range.
pub async fn machine_states(ctx: Option<Extension<Ctx>>, Query(asked): Query<Asked>) -> Response {
    let Some(Extension(ctx)) = ctx else { return StatusCode::UNAUTHORIZED.into_response() };
    match machine(&ctx, asked.id, &asked.range).await {
        Ok(data) => {
            let shown = &data.view.shown;
            file(&format!("states-{}-{}", shown.from, shown.to), states(&data))
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &app::api::Error) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, format!("{error}\n")).into_response()
}

fn file(name: &str, table: String) -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (head, table).into_response()
}

fn shifts(data: &Timed<OeeOverview>) -> String {
    let mut out = String::from(
        "\u{feff}lineCode,line,equipmentCode,equipment,shiftDate,shift,begin,end,loadingMinutes,noDataMinutes,\
         availability,performance,quality,oee\r\n",
    );
    for line in &data.view.lines {
        for machine in &line.machines {
            machine_shifts(&mut out, data, line, machine);
        }
    }
    out
}

fn machine_shifts(out: &mut String, data: &Timed<OeeOverview>, line: &Row, machine: &Row) {
    for (column, cell) in data.view.columns.iter().zip(&machine.cells) {
        let Some(cell) = cell else { continue };
        let figures = &cell.figures;
        let fields = [
            field(&line.place.code),
            field(&line.place.name),
            field(&machine.place.code),
            field(&machine.place.name),
            column.date.to_string(),
            field(&column.shift),
            wall(data, column.span.begin),
            wall(data, column.span.end),
            minutes(cell.loading),
            minutes(cell.no_data),
            number(figures.availability.value),
            number(figures.performance.value),
            number(figures.quality.value),
            number(figures.oee.value),
        ];
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
}

fn states(data: &Timed<MachineView>) -> String {
    let mut out = String::from(
        "\u{feff}equipmentCode,equipment,begin,end,minutes,state,faultCause,reportedBy,reportedAt\r\n",
    );
    let machine = &data.view.machine;
    for entry in &data.view.entries {
        let stretch = &entry.stretch;
        let kind = serde_json::to_value(stretch.kind).unwrap_or_default();
        let fields = [
            field(&machine.code),
            field(&machine.name),
            wall(data, stretch.begin),
            wall(data, stretch.end),
            minutes(stretch.duration()),
            field(kind.as_str().unwrap_or_default()),
            field(stretch.cause.as_deref().unwrap_or_default()),
            field(entry.reported_by.as_deref().unwrap_or_default()),
            entry.reported_at.map(|at| wall(data, at)).unwrap_or_default(),
        ];
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

fn wall<T>(data: &Timed<T>, at: Millis) -> String {
    data.clock.wall(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn minutes(millis: Millis) -> String {
    (millis as f64 / MINUTE as f64).to_string()
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
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
