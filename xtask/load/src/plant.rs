//! The plant that is measured, written through the ordinary services.

use std::path::{Path, PathBuf};

use domain::access::service as access;
use domain::calendar::{self, AddShift, BreakParam};
use domain::ctx::Services;
use domain::db::{Batch, Db, Kind};
use domain::events::Events;
use domain::masterdata::{self, table::WriteRecords};
use domain::modelling::{self, CreateAttribute, CreateFactoryNode, CreateProcessNode};
use domain::oee::{self, SetEquipmentStatus};
use domain::quality::{self, AddReport, CreateControl, CreateGrade};
use domain::time::MINUTE;
use domain::{Ctx, Millis};
use futures::{StreamExt, TryStreamExt};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::client::CONNECTIONS;
use crate::process::Place;
use crate::sign::Credentials;
use crate::{Extent, Result};

/// The machine whose day is asked for.
pub const WATCHED: &str = "M-00";
/// States of that day.
const STATES: i64 = 500;
const DAY: Millis = 24 * 60 * MINUTE;
/// Reports in a transaction.
const BATCH: i64 = 500;

/// What the callers need to know of the plant.
pub struct Plant {
    /// The services it was written through.
    pub ctx: Ctx,
    /// Who calls.
    pub credentials: Credentials,
    /// The production day that is asked for.
    pub date: Date,
    /// First and last instant of that day's shifts.
    pub window: (Millis, Millis),
}

/// The database file of a data folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("millwright.db")
}

/// Asset number of the machine that a connection speaks for.
pub fn machine(connection: usize) -> String {
    format!("M-{:02}", connection + 1)
}

/// Opens the store, and fills it.
pub async fn build(place: &Place, extent: Extent) -> Result<Plant> {
    let db = match place {
        Place::Folder(folder) => {
            std::fs::create_dir_all(folder)?;
            Db::open_sqlite(&file(folder)).await?
        }
        Place::Postgres(url) => Db::open_postgres(url).await?,
    };
    let services = Services::open(db).await?;
    access::create_default_tenant(&services).await?;
    let tenant = access::default_tenant(&services).await?.ok_or("there is no tenant")?;
    let ctx = access::system_ctx(&services, tenant);
    let application = access::CreateApplication { name: "load".to_owned(), ..Default::default() };
    let application = access::create_application(&ctx, application).await?;
    let checker = model(&ctx).await?;

    let zone = &ctx.tenant.zone;
    let date = zone.date(ctx.now()).checked_sub(2.days())?;
    let begin = zone.start_of(date) + 6 * 60 * MINUTE;
    states(&ctx, begin).await?;
    let batches = (0..extent.reports).step_by(usize::try_from(BATCH)?);
    // SQLite has one writer; beyond it a few at once save the way to the server.
    let at_once = if ctx.services.db.kind() == Kind::Sqlite { 1 } else { 4 };
    futures::stream::iter(batches)
        .map(|first| reports(&ctx, begin, first, (first + BATCH).min(extent.reports)))
        .buffer_unordered(at_once)
        .try_collect::<()>()
        .await?;
    inspect(&ctx, begin, checker).await?;
    let credentials = Credentials { app_key: application.app_key, app_secret: application.app_secret };
    Ok(Plant { ctx, credentials, date, window: (begin, begin + DAY) })
}

/// The factory down to its machines, with shifts, a step and a material. Answers who checks.
async fn model(ctx: &Ctx) -> Result<i64> {
    let batch = Batch::new(ctx.begin().await?);
    let within = inside(ctx, &batch);
    let factory = node(&within, "factory", "F-1", 0).await?;
    for (name, begin, end) in [("A", 6, 14), ("B", 14, 22), ("C", 22, 6)] {
        let pause = BreakParam {
            kind: 3,
            begin_time: format!("{:02}:00", (begin + 4) % 24),
            end_time: format!("{:02}:30", (begin + 4) % 24),
        };
        let shift = AddShift {
            fty_model_id: factory,
            fty_model_value: 1,
            name: name.to_owned(),
            begin_time: format!("{begin:02}:00"),
            end_time: format!("{end:02}:00"),
            begin_effective_date: None,
            end_effective_date: None,
            description: None,
            breaks: Some(vec![pause]),
        };
        calendar::service::add_shift(&within, shift).await?;
    }
    let workshop = node(&within, "workshop", "W-1", factory).await?;
    let line = node(&within, "beltline", "L-1", workshop).await?;
    attribute(&within, "beltline", line, "targetOee", "80").await?;
    let center = node(&within, "machiningCenter", "C-1", line).await?;
    node(&within, "equipment", WATCHED, center).await?;
    for connection in 0..CONNECTIONS {
        node(&within, "equipment", &machine(connection), center).await?;
    }
    let technology = process_node(&within, "technology", "T-1", 0).await?;
    let process = process_node(&within, "process", "P-1", technology).await?;
    let step = process_node(&within, "step", "S-1", process).await?;
    attribute(&within, "step", step, "idealCycleTime", "45").await?;
    records(&within, "物料", &["code", "name"], r#"[["MAT-1", "Pump body"]]"#).await?;
    let checker = records(&within, "人员", &["id", "name"], r#"[["Q-1", "Inspection"]]"#).await?;
    batch.commit().await?;
    Ok(checker)
}

async fn states(ctx: &Ctx, begin: Millis) -> Result<()> {
    let batch = Batch::new(ctx.begin().await?);
    let within = inside(ctx, &batch);
    for i in 0..STATES {
        let report = SetEquipmentStatus {
            equipment_code: WATCHED.to_owned(),
            status: if i % 2 == 0 { 1 } else { 2 + i / 2 % 6 },
            fault_cause: None,
            begin_date_time: (begin + i * DAY / STATES).to_string(),
            end_date_time: (begin + (i + 1) * DAY / STATES).to_string(),
        };
        oee::service::set_equipment_status(&within, report).await?;
    }
    Ok(batch.commit().await?)
}

/// Some of the reports: each hour each machine says what it made, back from the end of the day that is asked for.
async fn reports(ctx: &Ctx, begin: Millis, first: i64, end: i64) -> domain::Result<()> {
    let machines = i64::try_from(CONNECTIONS).unwrap_or(1) + 1;
    let zone = &ctx.tenant.zone;
    let batch = Batch::new(ctx.begin().await?);
    let within = inside(ctx, &batch);
    for i in first..end {
        let to = begin + DAY - i / machines * 60 * MINUTE;
        let report = AddReport {
            material_code: "MAT-1".to_owned(),
            unique_code: code(i / machines, i % machines),
            step_code: "S-1".to_owned(),
            start_time: zone.format(to - 60 * MINUTE),
            end_time: zone.format(to),
            out_put: 60.0,
            unit_type: Some(4),
            unit_type_code: Some(format!("M-{:02}", i % machines)),
            data_id: None,
            dap_id: None,
            columns: None,
            column_data: None,
        };
        quality::service::add_report(&within, report).await?;
    }
    batch.commit().await
}

/// Work order of an hour, counted back, on a machine.
fn code(hour: i64, machine: i64) -> String {
    format!("WO-{hour:05}-{machine:02}")
}

/// Inspects what the watched machine made on the day that is asked for.
async fn inspect(ctx: &Ctx, begin: Millis, checker: i64) -> Result<()> {
    let batch = Batch::new(ctx.begin().await?);
    let within = inside(ctx, &batch);
    let zone = &ctx.tenant.zone;
    for hour in 0..24 {
        let end = begin + DAY - hour * 60 * MINUTE;
        let control = CreateControl {
            unique_code: code(hour, 0),
            step_code: "S-1".to_owned(),
            start_time: zone.format(end - 10 * MINUTE),
            end_time: zone.format(end),
            checker_id: checker,
            out_put: Some(60.0),
        };
        let parent = quality::service::create_control(&within, control).await?;
        for (is_passed, out_put) in [(1, 58.0), (0, 2.0)] {
            let grade = CreateGrade {
                parent_id: Some(parent),
                grade: if is_passed == 1 { 0 } else { 5 },
                is_passed: Some(is_passed),
                batch_number: code(hour, 0),
                out_put,
                columns: None,
                column_data: None,
                unique_code: None,
                step_code: None,
            };
            quality::service::create_grade(&within, grade).await?;
        }
    }
    Ok(batch.commit().await?)
}

/// The context as the calls of a batch have it.
fn inside(ctx: &Ctx, batch: &Batch) -> Ctx {
    let services = Services { db: Db::within(batch), events: Events::default(), ..ctx.services.clone() };
    Ctx { services, ..ctx.clone() }
}

async fn node(ctx: &Ctx, kind: &str, code: &str, parent: i64) -> Result<i64> {
    let params = CreateFactoryNode {
        code: code.to_owned(),
        name: code.to_owned(),
        parent_id: Some(parent),
        r#type: kind.to_owned(),
        flag: Some("publish".to_owned()),
        ..CreateFactoryNode::default()
    };
    Ok(modelling::service::create_factory_node(ctx, params).await?)
}

async fn process_node(ctx: &Ctx, kind: &str, code: &str, parent: i64) -> Result<i64> {
    let params = CreateProcessNode {
        code: code.to_owned(),
        name: code.to_owned(),
        parent_id: Some(parent),
        r#type: kind.to_owned(),
        flag: Some("publish".to_owned()),
        ..CreateProcessNode::default()
    };
    Ok(modelling::service::create_process_node(ctx, params).await?)
}

async fn attribute(ctx: &Ctx, kind: &str, parent: i64, name: &str, value: &str) -> Result<()> {
    let params = CreateAttribute {
        name: name.to_owned(),
        en_name: name.to_owned(),
        value: value.to_owned(),
        parent_id: Some(parent),
        parent_type: kind.to_owned(),
        parent_code: None,
    };
    modelling::service::create_attribute(ctx, params).await?;
    Ok(())
}

async fn records(ctx: &Ctx, metadata: &str, nodes: &[&str], rows: &str) -> Result<i64> {
    let params = WriteRecords {
        data_id: None,
        meta_data_name: Some(metadata.to_owned()),
        action: "INSERT".to_owned(),
        nodes: Some(nodes.iter().map(|&node| node.to_owned()).collect()),
        data: Some(rows.to_owned()),
        condition: None,
    };
    let written = masterdata::service::write_records(ctx, params).await?;
    Ok(written.first().ok_or("no record was written")?.dap_id)
}
