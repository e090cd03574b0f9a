//! One shift of one machine, told through the ordinary services: at once when it is over, else minute by minute.

use std::collections::HashMap;

use jiff::civil::Date;

use super::model::{LINES, asset_num, step_code};
use super::plan::{MACHINES_PER_LINE, SHIFT_MINUTES, ShiftPlan, pieces_after};
use crate::oee::{self, SetEquipmentStatus};
use crate::quality::{self, AddReport, CreateControl, CreateGrade, UpdateReport};
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Patch, Result};

/// Minutes that one production report of a running shift grows for.
const REPORT: i64 = 60;
/// Minutes between two inspections of a running shift.
const INSPECTION: i64 = 15;

/// Words for the causes of stops.
const CAUSES: [(i64, [&str; 3]); 5] = [
    (3, ["主轴冷却超温", "排屑器卡滞", "刀库换刀失败"]),
    (4, ["换型 IP-40 → IP-65", "换型 IP-65 → IP-80", "换夹具"]),
    (5, ["待毛坯", "待转运", "待来料检验"]),
    (6, ["光幕触发", "安全门打开", "急停"]),
    (7, ["首件检验", "清理", ""]),
];

/// One shift of one machine, as far as it lies between two instants.
pub(super) struct Story<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) machine: usize,
    pub(super) shift: usize,
    pub(super) date: Date,
    /// When the shift begins.
    pub(super) begin: Millis,
    /// What was told before.
    pub(super) from: Millis,
    /// What is told now, exclusive.
    pub(super) to: Millis,
    /// Record of the one who checks.
    pub(super) checker: i64,
    pub(super) plan: ShiftPlan,
}

impl Story<'_> {
    /// States of what has passed. The one that lasts is reported again, from its begin to now.
    pub(super) async fn states(&self) -> Result<()> {
        let mut reports = Vec::new();
        for span in &self.plan.spans {
            let begin = self.at(span.begin);
            let end = self.at(span.end).min(self.to);
            if end <= self.from || begin >= self.to {
                continue;
            }
            let pick = usize::try_from(span.begin).unwrap_or(0) % 3;
            let cause =
                CAUSES.iter().find(|(status, _)| *status == span.status).map(|(_, words)| words[pick]);
            reports.push(SetEquipmentStatus {
                equipment_code: asset_num(self.machine),
                status: span.status,
                fault_cause: cause.filter(|words| !words.is_empty()).map(str::to_owned),
                begin_date_time: begin.to_string(),
                end_date_time: end.to_string(),
            });
        }
        oee::service::set_equipment_statuses(self.ctx, reports).await?;
        Ok(())
    }

    /// A finished shift is reported at once. In a running one each hour has a report that grows, and inspections.
    pub(super) async fn pieces(&self, growing: &HashMap<String, i64>) -> Result<()> {
        let (from, to) = (self.minute(self.from), self.minute(self.to));
        if from == 0 && to == SHIFT_MINUTES {
            let code = self.code("");
            self.report(&code, (0, to), None).await?;
            return self.inspect(&code, (0, to)).await;
        }
        for hour in (0..SHIFT_MINUTES).step_by(60) {
            let end = to.min(hour + REPORT);
            if end <= hour || end <= from {
                continue;
            }
            let code = self.hour_code(hour);
            self.report(&code, (hour, end), growing.get(&code).copied()).await?;
            let inspected = |minute: i64| minute.max(hour) / INSPECTION * INSPECTION;
            self.inspect(&code, (inspected(from), inspected(end))).await?;
        }
        Ok(())
    }

    /// The code of the report that goes on growing, if there may be one.
    pub(super) fn growing_code(&self) -> Option<String> {
        let from = self.minute(self.from);
        (from % REPORT > 0).then(|| self.hour_code(from / REPORT * REPORT))
    }

    async fn report(&self, code: &str, (first, last): (i64, i64), known: Option<i64>) -> Result<()> {
        let zone = &self.ctx.tenant.zone;
        let (total, _) = self.made(first, last);
        if total == 0 {
            return Ok(());
        }
        let (start_time, end_time) = (zone.format(self.at(first)), zone.format(self.at(last)));
        if let Some(id) = known {
            let longer = UpdateReport {
                id,
                end_time: Patch::Set(end_time),
                out_put: Patch::Set(amount(total)),
                ..UpdateReport::default()
            };
            return quality::service::update_report(self.ctx, longer).await;
        }
        let report = AddReport {
            material_code: LINES[self.line()][2].to_owned(),
            unique_code: code.to_owned(),
            step_code: step_code(self.line()),
            start_time,
            end_time,
            out_put: amount(total),
            unit_type: Some(4),
            unit_type_code: Some(asset_num(self.machine)),
            data_id: None,
            dap_id: None,
            columns: None,
            column_data: None,
        };
        quality::service::add_report(self.ctx, report).await?;
        Ok(())
    }

    async fn inspect(&self, code: &str, (first, last): (i64, i64)) -> Result<()> {
        let (total, failed) = self.made(first, last);
        if total == 0 {
            return Ok(());
        }
        let zone = &self.ctx.tenant.zone;
        let end = self.at(last);
        let control = CreateControl {
            unique_code: code.to_owned(),
            step_code: step_code(self.line()),
            start_time: zone.format(end - 10 * MINUTE),
            end_time: zone.format(end),
            checker_id: self.checker,
            out_put: Some(amount(total)),
        };
        let parent = quality::service::create_control(self.ctx, control).await?;
        for (is_passed, pieces) in [(1, total - failed), (0, failed)] {
            if pieces > 0 {
                let grade = CreateGrade {
                    parent_id: Some(parent),
                    grade: if is_passed == 1 { 0 } else { 5 },
                    is_passed: Some(is_passed),
                    batch_number: code.to_owned(),
                    out_put: amount(pieces),
                    columns: None,
                    column_data: None,
                    unique_code: None,
                    step_code: None,
                };
                quality::service::create_grade(self.ctx, grade).await?;
            }
        }
        Ok(())
    }

    /// Pieces (made, rejected) between two minutes.
    fn made(&self, first: i64, last: i64) -> (i64, i64) {
        let (before, failed_before) = pieces_after(&self.plan, first);
        let (made, failed) = pieces_after(&self.plan, last);
        (made - before, failed - failed_before)
    }

    fn at(&self, minute: i64) -> Millis {
        self.begin + minute * MINUTE
    }

    /// The whole minutes of the shift that have passed at an instant.
    fn minute(&self, at: Millis) -> i64 {
        (at - self.begin).div_euclid(MINUTE).clamp(0, SHIFT_MINUTES)
    }

    fn line(&self) -> usize {
        self.machine / MACHINES_PER_LINE
    }

    fn hour_code(&self, minute: i64) -> String {
        self.code(&format!("-{}", minute / 60 + 1))
    }

    fn code(&self, part: &str) -> String {
        let (day, letter) = (self.date.strftime("%y%m%d"), ["A", "B", "C"][self.shift]);
        format!("WO-{day}-{}{letter}{part}", asset_num(self.machine))
    }
}

/// Pieces as an amount. A shift makes a few hundred.
fn amount(pieces: i64) -> f64 {
    pieces as f64
}
