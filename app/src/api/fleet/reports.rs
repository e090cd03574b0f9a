//! Reports over devices.

use domain::fleet::place::Resolution;
use domain::fleet::view::{Overview, PlaceFigures, ProductName};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Data, Error, Result};

#[cfg(feature = "ssr")]
use super::server::reports as server;

/// Which report to show, as the address has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    /// Id of the product; the newest, when it is empty.
    pub product: String,
    /// Which report: empty for the overview, `history`, `trouble`, `places`.
    pub tab: String,
    /// `date`, `week` or `month`; days, when it is empty.
    pub cycle: String,
    /// A date in the first period.
    pub start: String,
    /// A date in the last period.
    pub end: String,
    /// Country that is open.
    pub country: String,
    /// Region of it that is open.
    pub region: String,
}

/// What a report can be chosen by. It is read apart from the report, so that nobody's typing is taken away when figures
/// change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportFrame {
    /// The products to choose of.
    pub products: Vec<ProductName>,
    /// The chosen one.
    pub product: Option<ProductName>,
    /// The periods shown.
    pub span: Span,
    /// Why those that were asked for cannot be shown.
    pub refused: Option<Error>,
}

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPage {
    /// The product.
    pub product: Option<ProductName>,
    /// When the figures were read, on the plant's clock.
    pub at: String,
    /// What is shown; nothing, where the periods were refused.
    pub view: Option<ReportView>,
}

/// Periods of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// `date`, `week` or `month`.
    pub cycle: String,
    /// A date in the first one.
    pub start: String,
    /// A date in the last one.
    pub end: String,
}

/// What a report shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportView {
    /// Figures now, and the last 30 days.
    Overview(Overview, Vec<Period>),
    /// Use and growth over time.
    History(Vec<Period>),
    /// Faults and alarms.
    Trouble(TroubleView),
    /// Where devices are.
    Places(PlaceFigures, Vec<PlaceRow<PlaceFigures>>),
}

/// A day, week or month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its name: `2026-05-31`, `2026-22`, `2026-05`.
    pub name: String,
    /// Devices or people that were active.
    pub active: i64,
    /// Those that came new.
    pub new: i64,
    /// Whether it has not ended: its figures are those so far.
    pub running: bool,
}

/// Faults and alarms, of all time that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubleView {
    /// Faults.
    pub faults: Trouble,
    /// Alarms.
    pub alarms: Trouble,
    /// Both by where they happened.
    pub places: Vec<PlaceRow<TroubleFigures>>,
}

/// Faults, or alarms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Devices that ever had one.
    pub devices: Resolution,
    /// Occurrences.
    pub events: Resolution,
    /// Occurrences by datapoint: its name, its title, and how many; the most frequent first.
    pub points: Vec<(String, String, Resolution)>,
}

/// Occurrences at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubleFigures {
    /// Of faults.
    pub faults: Resolution,
    /// Of alarms.
    pub alarms: Resolution,
}

/// A country, a region or a city of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow<T> {
    /// Country, region and city, as far down as it goes; empty for what has no place.
    pub path: Vec<String>,
    /// Whether what is within it stands below it.
    pub open: bool,
    /// Whether there is anything within it.
    pub branch: bool,
    /// Its figures.
    pub figures: T,
}

/// What a report can be chosen by.
#[server(input = GetUrl, output = Data, endpoint = "fleet/report/frame")]
pub async fn get_report_frame(query: ReportQuery) -> Result<Answer<ReportFrame>> {
    Answer::of(crate::ssr::respond(server::frame(&crate::ssr::ctx()?, &query).await))
}

/// A report.
#[server(input = GetUrl, output = Data, endpoint = "fleet/report")]
pub async fn get_report(query: ReportQuery) -> Result<Answer<ReportPage>> {
    Answer::of(crate::ssr::respond(server::page(&crate::ssr::ctx()?, &query).await))
}

/// What a report shows, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "fleet/report.csv")]
pub async fn download_report(query: ReportQuery) -> Result<TextStream<Error>> {
    let (name, head, rows) = crate::ssr::respond(server::file(&crate::ssr::ctx()?, &query).await)?;
    Ok(crate::api::csv::file(name, head, rows))
}
