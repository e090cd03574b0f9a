//! The measurements on one database: the server and the bare handlers, run by run in turn.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::db::Kind;
use domain::oee::{self, QueryDayShift};
use sqlx::{Connection, PgConnection};

use crate::client::{self, CONNECTIONS, Outcome};
use crate::plant::{self, Plant, WATCHED};
use crate::process::{Place, Server};
use crate::requests::{Requests, Side, Work};
use crate::{Extent, Result, say, table};

/// Inserts in a second that are enough, however fast the bare handler is.
const ENOUGH: f64 = 5_000.0;
/// Requests of each connection with which a measurement finds out how many make a run.
const TRIAL: usize = 25;
/// Bounds a run on a machine that is faster than anything: requests of each connection.
const MOST: usize = 5_000;

const WORKS: [(Work, &str); 3] = [
    (Work::Day, "OEE of a machine's day"),
    (Work::Page, "page of 20 reports, total"),
    (Work::Insert, "insert of a state"),
];

/// Measures on this database and answers lines of the table.
pub async fn all(kind: Kind, binary: &Path, postgres: &str, extent: Extent) -> Result<Vec<String>> {
    let name = if kind == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let folder = tempfile::tempdir_in(binary.parent().ok_or("the binary lies in no folder")?)?;
    let [ours, bare] = places(kind, folder.path(), postgres).await?;
    say(&format!("{name}: {} production reports …", extent.reports));
    let begun = Instant::now();
    let plant = plant::build(&ours, extent).await?;
    say(&format!("{name}: filled in {:.1} s", begun.elapsed().as_secs_f64()));
    let day = table::time(
        &format!("{name}: that day in the service"),
        machine_day(&plant, extent).await?,
        Duration::from_millis(2),
    );
    plant.ctx.services.db.close().await;
    copy(&ours, &bare, postgres).await?;

    let mut requests = Requests::new(&plant);
    let ours = Server::start(binary, &ours, &[]).await?;
    let bare = Server::bare(&bare).await?;
    let mut lines = Vec::new();
    for (work, what) in WORKS {
        lines.push(compare(&format!("{name}: {what}"), work, [&bare, &ours], &mut requests, extent).await?);
    }
    ours.stop().await?;
    bare.stop().await?;
    lines.push(day);
    Ok(lines)
}

async fn places(kind: Kind, folder: &Path, postgres: &str) -> Result<[Place; 2]> {
    if kind == Kind::Sqlite {
        return Ok(["ours", "bare"].map(|name| Place::Folder(folder.join(name))));
    }
    administer(postgres, &["CREATE DATABASE ours"]).await?;
    let server = postgres.rsplit_once('/').ok_or("the address of PostgreSQL names no database")?.0;
    Ok(["ours", "bare"].map(|name| Place::Postgres(format!("{server}/{name}"))))
}

/// Gives the bare handlers the same data.
async fn copy(ours: &Place, bare: &Place, postgres: &str) -> Result<()> {
    if let (Place::Folder(ours), Place::Folder(bare)) = (ours, bare) {
        std::fs::create_dir_all(bare)?;
        std::fs::copy(plant::file(ours), plant::file(bare))?;
        return Ok(());
    }
    let mut conn = PgConnection::connect(url(ours)?).await?;
    // What the server's own housekeeping would do in its time.
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut conn).await?;
    conn.close().await?;
    administer(postgres, &["CREATE DATABASE bare TEMPLATE ours", "CHECKPOINT"]).await
}

fn url(place: &Place) -> Result<&str> {
    match place {
        Place::Postgres(url) => Ok(url),
        Place::Folder(_) => Err("a folder is no database server".into()),
    }
}

async fn administer(postgres: &str, statements: &'static [&'static str]) -> Result<()> {
    let mut conn = PgConnection::connect(postgres).await?;
    for statement in statements {
        sqlx::raw_sql(*statement).execute(&mut conn).await?;
    }
    Ok(conn.close().await?)
}

/// The median time of the service itself, without HTTP.
async fn machine_day(plant: &Plant, extent: Extent) -> Result<Duration> {
    let mut times = Vec::new();
    for call in 0..40 * extent.runs + 10 {
        let params = QueryDayShift {
            query_date: Some(plant.date.to_string()),
            equipment_code: WATCHED.to_owned(),
            shift_name: None,
        };
        let begun = Instant::now();
        oee::service::query_day_shift(&plant.ctx, params).await?;
        if call >= 10 {
            times.push(begun.elapsed());
        }
    }
    Ok(table::median(&mut times, Ord::cmp).unwrap_or_default())
}

async fn compare(
    what: &str,
    work: Work,
    servers: [&Server; 2],
    requests: &mut Requests,
    extent: Extent,
) -> Result<String> {
    let sides = [Side::Bare, Side::Ours];
    let mut counts = [TRIAL; 2];
    for (side, server) in sides.into_iter().zip(servers) {
        run(server, work, side, TRIAL, requests).await?;
        let trial = run(server, work, side, TRIAL, requests).await?;
        let wanted = trial.rate * extent.length.as_secs_f64() / CONNECTIONS as f64;
        counts[side as usize] = whole(wanted).clamp(TRIAL, MOST);
    }
    let mut outcomes = [Vec::new(), Vec::new()];
    for number in 0..extent.runs {
        let mut order = sides;
        if number % 2 == 1 {
            order.reverse();
        }
        for side in order {
            let at = side as usize;
            outcomes[at].push(run(servers[at], work, side, counts[at], requests).await?);
        }
        let [bare, ours] = [&outcomes[0], &outcomes[1]].map(|done| done.last().map_or(0.0, |o| o.rate));
        say(&format!("{what}: run {}: bare {bare:.0}/s, ours {ours:.0}/s", number + 1));
    }
    let rate = |outcomes: &[Outcome]| {
        let mut rates: Vec<f64> = outcomes.iter().map(|outcome| outcome.rate).collect();
        table::median(&mut rates, f64::total_cmp).unwrap_or_default()
    };
    // Each run beside its neighbour: what slows the machine down for a while slows both.
    let mut ratios: Vec<f64> =
        outcomes[0].iter().zip(&outcomes[1]).map(|(bare, ours)| ours.rate / bare.rate).collect();
    let ratio = table::median(&mut ratios, f64::total_cmp).unwrap_or_default();
    let mut slow: Vec<Duration> = outcomes[1].iter().map(|outcome| outcome.slow).collect();
    let slow = table::median(&mut slow, Ord::cmp).unwrap_or_default();
    let enough = (work == Work::Insert).then_some(ENOUGH);
    Ok(table::rates(what, [rate(&outcomes[0]), rate(&outcomes[1])], ratio, slow, enough))
}

async fn run(
    server: &Server,
    work: Work,
    side: Side,
    count: usize,
    requests: &mut Requests,
) -> Result<Outcome> {
    let expected = match (side, work) {
        (Side::Ours, Work::Insert) => "\"data\":1",
        (Side::Ours, _) => "\"code\":200",
        (Side::Bare, Work::Insert) => "\"changed\":1",
        (Side::Bare, Work::Day) => "\"states\":500",
        (Side::Bare, Work::Page) => "\"total\":",
    };
    client::run(&server.address, requests.make(work, side, count), expected).await
}

/// A count out of an estimate.
fn whole(estimate: f64) -> usize {
    format!("{estimate:.0}").parse().unwrap_or(0)
}
