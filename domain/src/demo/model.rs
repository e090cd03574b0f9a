//! What stands in the demo plant: model, calendar, routes and master data.

use super::plan::{BREAKS, CYCLES, MACHINES_PER_LINE, SHIFT_BEGINS, SUNDAY_LINE};
use crate::calendar::{self, AddPlannedShutdown, AddShift, BreakParam};
use crate::masterdata::{self, table::WriteRecords};
use crate::modelling::{self, CreateAttribute, CreateFactoryNode, CreateProcessNode, TechnicsDependence};
use crate::{Ctx, Result};

/// Lines: code, name, material code and name, step name, target OEE in percent.
pub(super) const LINES: [[&str; 6]; 4] = [
    ["L1", "泵体加工线", "BODY-IP", "泵体 IP-65", "泵体精车", "80"],
    ["L2", "叶轮加工线", "IMPELLER-65", "叶轮 IP-65", "叶轮铣削", "78"],
    ["L3", "转子装配线", "ROTOR-40", "转子 R-40", "转子压装", "82"],
    ["L4", "总装线", "PUMP-65", "离心泵 IP-65", "整机装配", "76"],
];
const MACHINE_KINDS: [&str; 4] = ["数控车床", "加工中心", "压装机", "装配台"];
const SHIFT_NAMES: [&str; 3] = ["早班", "中班", "夜班"];
/// Work number of the one who checks.
const CHECKER: &str = "Q-01";

/// Asset number of a machine, counted from 0.
pub(super) fn asset_num(machine: usize) -> String {
    format!("L{}-M{:02}", machine / MACHINES_PER_LINE + 1, machine % MACHINES_PER_LINE + 1)
}

/// Code of a line's process step.
pub(super) fn step_code(line: usize) -> String {
    format!("S-{}", LINES[line][0])
}

/// Builds everything and answers the checker's record id.
pub(super) async fn build(ctx: &Ctx) -> Result<i64> {
    for (factory, name) in ["霜桥一厂", "霜桥二厂"].into_iter().enumerate() {
        let factory_id = node(ctx, "factory", &format!("F{}", factory + 1), name, 0).await?;
        shifts(ctx, factory_id).await?;
        let code = format!("W{}", factory + 1);
        let workshop = node(ctx, "workshop", &code, ["机加车间", "装配车间"][factory], factory_id).await?;
        for line in [2 * factory, 2 * factory + 1] {
            build_line(ctx, workshop, line).await?;
        }
    }
    let materials: Vec<[&str; 2]> = LINES.iter().map(|line| [line[2], line[3]]).collect();
    records(ctx, "物料", &["code", "name"], serde_json::json!(materials)).await?;
    records(ctx, "人员", &["id", "name"], serde_json::json!([[CHECKER, "质检一班"]])).await
}

async fn build_line(ctx: &Ctx, workshop: i64, line: usize) -> Result<()> {
    let [code, name, .., step, target] = LINES[line];
    let line_id = node(ctx, "beltline", code, name, workshop).await?;
    attribute(ctx, "beltline", line_id, "OEE 目标", "targetOee", target).await?;
    let mut centers = Vec::new();
    for center in 0..3 {
        let code = format!("{code}-C{}", center + 1);
        let center_id =
            node(ctx, "machiningCenter", &code, &format!("{name} {} 号单元", center + 1), line_id).await?;
        centers.push(center_id);
        for machine in [2 * center, 2 * center + 1] {
            let asset = asset_num(line * MACHINES_PER_LINE + machine);
            node(ctx, "equipment", &asset, &format!("{} {:02}", MACHINE_KINDS[line], machine + 1), center_id)
                .await?;
        }
    }
    let technology = process_node(ctx, "technology", &format!("T-{code}"), &format!("{step}工艺"), 0).await?;
    let process = process_node(ctx, "process", &format!("P-{code}"), step, technology).await?;
    let step_id = process_node(ctx, "step", &step_code(line), step, process).await?;
    attribute(ctx, "step", step_id, "理想节拍（秒）", "idealCycleTime", &CYCLES[line].to_string()).await?;
    link(ctx, ["TECHNOLOGY", "BELTLINE"], technology, line_id).await?;
    for center in centers {
        link(ctx, ["PROCESS", "MACHIN_CENTER"], process, center).await?;
    }
    if line == SUNDAY_LINE {
        let shutdown = AddPlannedShutdown {
            fty_model_id: line_id,
            fty_model_value: 3,
            name: "周日停产".to_owned(),
            kind: 2,
            begin_datetime: None,
            end_datetime: None,
            begin_time: Some("06:00".to_owned()),
            end_time: Some("22:00".to_owned()),
            day_of_week: Some(7),
            description: None,
        };
        calendar::service::add_planned_shutdown(ctx, shutdown).await?;
    }
    Ok(())
}

async fn shifts(ctx: &Ctx, factory_id: i64) -> Result<()> {
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    for (name, begin) in SHIFT_NAMES.into_iter().zip(SHIFT_BEGINS) {
        let breaks = BREAKS.iter().zip([2, 3]).map(|(&(from, to), kind)| BreakParam {
            kind,
            begin_time: clock(begin + from),
            end_time: clock(begin + to),
        });
        let shift = AddShift {
            fty_model_id: factory_id,
            fty_model_value: 1,
            name: name.to_owned(),
            begin_time: clock(begin),
            end_time: clock(begin + super::plan::SHIFT_MINUTES),
            begin_effective_date: None,
            end_effective_date: None,
            description: None,
            breaks: Some(breaks.collect()),
        };
        calendar::service::add_shift(ctx, shift).await?;
    }
    Ok(())
}

async fn node(ctx: &Ctx, kind: &str, code: &str, name: &str, parent: i64) -> Result<i64> {
    let params = CreateFactoryNode {
        code: code.to_owned(),
        name: name.to_owned(),
        parent_id: Some(parent),
        r#type: kind.to_owned(),
        flag: Some("publish".to_owned()),
        ..CreateFactoryNode::default()
    };
    modelling::service::create_factory_node(ctx, params).await
}

async fn process_node(ctx: &Ctx, kind: &str, code: &str, name: &str, parent: i64) -> Result<i64> {
    let params = CreateProcessNode {
        code: code.to_owned(),
        name: name.to_owned(),
        parent_id: Some(parent),
        r#type: kind.to_owned(),
        flag: Some("publish".to_owned()),
        ..CreateProcessNode::default()
    };
    modelling::service::create_process_node(ctx, params).await
}

async fn link(ctx: &Ctx, [kind, dep_kind]: [&str; 2], id: i64, dep_id: i64) -> Result<()> {
    let params = TechnicsDependence {
        id: Some(id),
        id_type: kind.to_owned(),
        dep_id: Some(dep_id),
        dep_id_type: dep_kind.to_owned(),
        code: None,
        dep_code: None,
    };
    modelling::service::add_technics_dependence(ctx, params).await
}

async fn attribute(ctx: &Ctx, kind: &str, parent: i64, name: &str, en_name: &str, value: &str) -> Result<()> {
    let params = CreateAttribute {
        name: name.to_owned(),
        en_name: en_name.to_owned(),
        value: value.to_owned(),
        parent_id: Some(parent),
        parent_type: kind.to_owned(),
        parent_code: None,
    };
    modelling::service::create_attribute(ctx, params).await?;
    Ok(())
}

async fn records(ctx: &Ctx, metadata: &str, nodes: &[&str], rows: serde_json::Value) -> Result<i64> {
    let params = WriteRecords {
        data_id: None,
        meta_data_name: Some(metadata.to_owned()),
        action: "INSERT".to_owned(),
        nodes: Some(nodes.iter().map(|&node| node.to_owned()).collect()),
        data: Some(rows.to_string()),
        condition: None,
    };
    let written = masterdata::service::write_records(ctx, params).await?;
    Ok(written.first().map_or(0, |record| record.dap_id))
}
