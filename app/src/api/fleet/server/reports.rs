//! Reports over devices.

use domain::fleet::params::{OfGroup, OfProduct, QueryHistory};
use domain::fleet::period::{Cycle, days_before};
use domain::fleet::place::{PlaceTree, Resolution, Tally};
use domain::fleet::replies::{Liveness, PeriodCount, TroubleReport};
use domain::fleet::service;
use domain::fleet::view::{PlaceFigures, ProductName};
use domain::time::parse_date;
use domain::{Ctx, Result};
use jiff::civil::Date;

use super::choose;
use super::places::{Open, both, rows};
use crate::api::fleet::reports::{
    Period, PlaceRow, ReportFrame, ReportPage, ReportQuery, ReportView, Span, Trouble, TroubleFigures,
    TroubleView,
};

/// The periods that an address asks for; the longest that a report has, when it does not say.
pub fn span(ctx: &Ctx, (cycle, start, end): (&str, &str, &str)) -> Span {
    let cycle = Cycle::named(Some(cycle)).unwrap_or_default();
    let today = ctx.tenant.zone.date(ctx.now());
    let last = parse_date("end", end).unwrap_or(today);
    let back = match cycle {
        Cycle::Date => 29,
        Cycle::Week => 7 * 25,
        Cycle::Month => 334,
    };
    let or = |given: &str, date: Date| if given.is_empty() { date.to_string() } else { given.to_owned() };
    Span { cycle: cycle.as_str().to_owned(), start: or(start, days_before(last, back)), end: or(end, today) }
}

/// The last 30 days.
fn lately(ctx: &Ctx) -> Span {
    span(ctx, ("", "", ""))
}

/// What a report takes: the names of the periods that the dates are in.
pub fn history(product_key: &str, span: &Span) -> Result<QueryHistory> {
    let cycle = Cycle::named(Some(&span.cycle))?;
    let name = |param: &str, date: &str| -> Result<String> {
        let date = parse_date(param, date)?;
        Ok(cycle.of(date).map_or_else(|| date.to_string(), |period| period.name()))
    };
    Ok(QueryHistory {
        product_key: product_key.to_owned(),
        gid: None,
        cycle: Some(span.cycle.clone()),
        start: name("start", &span.start)?,
        end: name("end", &span.end)?,
    })
}

/// The name of the period that has not ended.
pub fn running(ctx: &Ctx, span: &Span) -> Result<String> {
    let today = ctx.tenant.zone.date(ctx.now());
    let cycle = Cycle::named(Some(&span.cycle))?;
    Ok(cycle.of(today).map(|period| period.name()).unwrap_or_default())
}

async fn periods(ctx: &Ctx, product: &ProductName, span: &Span) -> Result<Vec<Period>> {
    let params = history(&product.product_key, span)?;
    let active = service::liveness_history(ctx, params.clone()).await?.data;
    let new = service::activation_history(ctx, params).await?;
    let now = running(ctx, span)?;
    let period = |(active, new): (Liveness, PeriodCount)| {
        let name = active.of.date;
        Period { running: now == name, name, active: active.count, new: new.count }
    };
    Ok(active.into_iter().zip(new).map(period).collect())
}

/// Why periods cannot be shown.
pub fn refusal(ctx: &Ctx, span: &Span) -> Option<crate::api::Error> {
    let today = ctx.tenant.zone.date(ctx.now());
    let found = Cycle::named(Some(&span.cycle)).and_then(|cycle| {
        let params = history("", span)?;
        domain::fleet::period::periods(cycle, &params.start, &params.end, today)
    });
    let mut refused = crate::api::Error::from(found.err()?);
    refused.param.get_or_insert_with(|| "start".to_owned());
    Some(refused)
}

pub async fn frame(ctx: &Ctx, query: &ReportQuery) -> Result<ReportFrame> {
    let (products, product) = choose(ctx, &query.product).await?;
    let span = span(ctx, (&query.cycle, &query.start, &query.end));
    let refused = refusal(ctx, &span);
    Ok(ReportFrame { products, product, span, refused })
}

pub async fn page(ctx: &Ctx, query: &ReportQuery) -> Result<ReportPage> {
    let product = choose(ctx, &query.product).await?.1;
    let mut page = ReportPage { product, at: ctx.tenant.zone.format(ctx.now()), view: None };
    let span = span(ctx, (&query.cycle, &query.start, &query.end));
    let Some(product) = &page.product else { return Ok(page) };
    let open = Open::Named(&query.country, &query.region);
    let of = OfProduct { product_key: product.product_key.clone() };
    page.view = Some(match query.tab.as_str() {
        // It stands at its field.
        "history" if refusal(ctx, &span).is_some() => return Ok(page),
        "history" => ReportView::History(periods(ctx, product, &span).await?),
        "trouble" => ReportView::Trouble(trouble(ctx, product, &open).await?),
        "places" => {
            let (all, rows) = places(ctx, product, &open).await?;
            ReportView::Places(all, rows)
        }
        _ => {
            let now = service::overview(ctx, of).await?;
            ReportView::Overview(now, periods(ctx, product, &lately(ctx)).await?)
        }
    });
    Ok(page)
}

async fn places(
    ctx: &Ctx,
    product: &ProductName,
    open: &Open<'_>,
) -> Result<(PlaceFigures, Vec<PlaceRow<PlaceFigures>>)> {
    let of = OfProduct { product_key: product.product_key.clone() };
    let (all, PlaceTree(countries)) = service::place_figures(ctx, of).await?;
    let mut rows = rows(&countries, open, |count: &PlaceFigures| count.devices);
    let mut placed = PlaceFigures::default();
    for country in countries.values() {
        placed.add(&country.count);
    }
    if placed.devices < all.devices {
        let figures = PlaceFigures {
            devices: all.devices - placed.devices,
            online: all.online - placed.online,
            faulty: all.faulty - placed.faulty,
            alert: all.alert - placed.alert,
        };
        rows.push(PlaceRow { path: Vec::new(), open: false, branch: false, figures });
    }
    Ok((all, rows))
}

async fn trouble(ctx: &Ctx, product: &ProductName, open: &Open<'_>) -> Result<TroubleView> {
    let of = || OfGroup { product_key: product.product_key.clone(), gid: None };
    let points = domain::device::view::service::get_product(ctx, product.id).await?.points;
    let title = |name: &str| {
        let point = points.iter().find(|point| point.name == name);
        point.map_or_else(|| name.to_owned(), |point| point.title.clone())
    };
    let fault_devices = service::fault_devices(ctx, of()).await?.count;
    let faults = service::fault_events(ctx, of()).await?;
    let alarm_devices = service::alert_devices(ctx, of()).await?.count;
    let alarms = service::alert_events(ctx, of()).await?;
    let one = |devices: Resolution, report: &TroubleReport| {
        let point = |(name, count): (&String, &Resolution)| (name.clone(), title(name), *count);
        let mut points: Vec<_> = report.detail.iter().map(point).collect();
        points.sort_by_key(|(.., count)| -count.total);
        Trouble { devices, events: report.count, points }
    };
    let tree = both(&faults.location, &alarms.location);
    let mut places = rows(&tree, open, |count: &TroubleFigures| count.faults.total + count.alarms.total);
    let mut placed = TroubleFigures::default();
    for country in tree.values() {
        placed.faults.add(&country.count.faults);
        placed.alarms.add(&country.count.alarms);
    }
    let rest = |all: Resolution, placed: Resolution| {
        Resolution::new(all.total - placed.total, all.unresolved - placed.unresolved)
    };
    let figures = TroubleFigures {
        faults: rest(faults.count, placed.faults),
        alarms: rest(alarms.count, placed.alarms),
    };
    if figures.faults.total + figures.alarms.total > 0 {
        places.push(PlaceRow { path: Vec::new(), open: false, branch: false, figures });
    }
    Ok(TroubleView { faults: one(fault_devices, &faults), alarms: one(alarm_devices, &alarms), places })
}

/// A file: its name, its head, its rows.
type File = (&'static str, &'static [&'static str], Vec<Vec<String>>);

pub async fn file(ctx: &Ctx, query: &ReportQuery) -> Result<File> {
    let product = choose(ctx, &query.product).await?.1;
    let of_place = |path: &[String], figures: &[i64]| -> Vec<String> {
        let names = (0..3).map(|level| path.get(level).cloned().unwrap_or_default());
        names.chain(figures.iter().map(i64::to_string)).collect()
    };
    let Some(product) = product else { return Ok(("report.csv", &[], Vec::new())) };
    let at = (query.cycle.as_str(), query.start.as_str(), query.end.as_str());
    Ok(match query.tab.as_str() {
        "trouble" => {
            let view = trouble(ctx, &product, &Open::All).await?;
            let kind = |kind: &'static str, trouble: &Trouble| -> Vec<Vec<String>> {
                let row = |(name, title, count): &(String, String, Resolution)| {
                    let figures = [count.total, count.resolved, count.unresolved].map(|n| n.to_string());
                    [kind.to_owned(), name.clone(), title.clone()].into_iter().chain(figures).collect()
                };
                trouble.points.iter().map(row).collect()
            };
            let rows = [kind("fault", &view.faults), kind("alarm", &view.alarms)].concat();
            ("faults-and-alarms.csv", &["kind", "datapoint", "title", "total", "resolved", "open"], rows)
        }
        "trouble-places" => {
            let view = trouble(ctx, &product, &Open::All).await?;
            let row = |row: PlaceRow<TroubleFigures>| {
                let (faults, alarms) = (row.figures.faults, row.figures.alarms);
                of_place(&row.path, &[faults.total, faults.unresolved, alarms.total, alarms.unresolved])
            };
            let head = &["country", "region", "city", "faults", "openFaults", "alarms", "openAlarms"];
            ("faults-and-alarms-by-place.csv", head, view.places.into_iter().map(row).collect())
        }
        "places" => {
            let (_, places) = places(ctx, &product, &Open::All).await?;
            let row = |row: PlaceRow<PlaceFigures>| {
                let PlaceFigures { devices, online, faulty, alert } = row.figures;
                of_place(&row.path, &[devices, online, faulty, alert])
            };
            let head = &["country", "region", "city", "devices", "online", "withFault", "withAlarm"];
            ("places.csv", head, places.into_iter().map(row).collect())
        }
        _ => {
            let periods = periods(ctx, &product, &span(ctx, at)).await?;
            let row = |period: Period| vec![period.name, period.active.to_string(), period.new.to_string()];
            ("activity.csv", &["period", "active", "new"], periods.into_iter().map(row).collect())
        }
    })
}
