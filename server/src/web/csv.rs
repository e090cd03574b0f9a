//! The tables of OEE as CSV, figures unrounded.

use app::api::csv::table;
use app::api::oee::Timed;
use app::ssr::oee::{machine, overview};
use axum::Extension;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::oee::view::{Entry, MachineView, OeeOverview, Row};
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
    let status = match error.param.as_deref() {
        Some("equipmentId") => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, format!("{error}\n")).into_response()
}

fn file(name: &str, table: String) -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (head, table).into_response()
}

fn shifts(data: &Timed<OeeOverview>) -> String {
    let head = [
        "lineCode",
        "line",
        "equipmentCode",
        "equipment",
        "shiftDate",
        "shift",
        "begin",
        "end",
        "loadingMinutes",
        "noDataMinutes",
        "availability",
        "performance",
        "quality",
        "oee",
    ];
    let machines = data.view.lines.iter().flat_map(|line| line.machines.iter().map(move |it| (line, it)));
    let rows: Vec<_> = machines.flat_map(|(line, machine)| machine_shifts(data, line, machine)).collect();
    table(&head, &rows)
}

fn machine_shifts<'a>(
    data: &'a Timed<OeeOverview>,
    line: &'a Row,
    machine: &'a Row,
) -> impl Iterator<Item = Vec<String>> + 'a {
    data.view.columns.iter().zip(&machine.cells).filter_map(move |(column, cell)| {
        let cell = cell.as_ref()?;
        let figures = &cell.figures;
        Some(vec![
            line.place.code.clone(),
            line.place.name.clone(),
            machine.place.code.clone(),
            machine.place.name.clone(),
            column.date.to_string(),
            column.shift.clone(),
            wall(data, column.span.begin),
            wall(data, column.span.end),
            minutes(cell.loading),
            minutes(cell.no_data),
            number(figures.availability.value),
            number(figures.performance.value),
            number(figures.quality.value),
            number(figures.oee.value),
        ])
    })
}

fn states(data: &Timed<MachineView>) -> String {
    let head = [
        "equipmentCode",
        "equipment",
        "begin",
        "end",
        "minutes",
        "state",
        "faultCause",
        "reportedBy",
        "reportedAt",
    ];
    let machine = &data.view.machine;
    let row = |entry: &Entry| {
        let stretch = &entry.stretch;
        let kind = serde_json::to_value(stretch.kind).unwrap_or_default();
        vec![
            machine.code.clone(),
            machine.name.clone(),
            wall(data, stretch.begin),
            wall(data, stretch.end),
            minutes(stretch.duration()),
            kind.as_str().unwrap_or_default().to_owned(),
            stretch.cause.clone().unwrap_or_default(),
            entry.reported_by.clone().unwrap_or_default(),
            entry.reported_at.map(|at| wall(data, at)).unwrap_or_default(),
        ]
    };
    table(&head, &data.view.entries.iter().map(row).collect::<Vec<_>>())
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
