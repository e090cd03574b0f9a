//! What the two calls of chapter 5 take and answer.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sums};
use super::state::{State, Status};
use crate::time::{MINUTE, Millis, Zone, parse_date};
use crate::{Error, Result, text};

/// How far ahead of the server's clock a reporter's clock may be.
const AHEAD: Millis = 5 * MINUTE;
/// Longest cause.
const CAUSE_LENGTH: usize = 500;

/// Says what a machine did between two instants (section 5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetEquipmentStatus {
    /// Asset number of the machine.
    pub equipment_code: String,
    /// 1 running, 2 planned stop, 3 fault, 4 changeover, 5 no material, 6 safety stop, 7 other stop.
    pub status: i64,
    /// Cause, mostly of a fault.
    pub fault_cause: Option<String>,
    /// `yyyy-MM-dd HH:mm:ss`, `yyyy-MM-dd HH:mm` or epoch milliseconds.
    pub begin_date_time: String,
    /// The same, exclusive.
    pub end_date_time: String,
}

impl SetEquipmentStatus {
    /// The state that is reported, if it may be. Its sequence number comes with the transaction.
    pub fn check(&self, zone: &Zone, now: Millis) -> Result<State> {
        let status = Status::from_number(self.status)
            .ok_or_else(|| Error::invalid("status", text!("must be 1 to 7", "应为 1 至 7")))?;
        let begin = zone.parse("beginDateTime", &self.begin_date_time)?;
        let end = zone.parse("endDateTime", &self.end_date_time)?;
        if begin >= end {
            return Err(Error::invalid(
                "endDateTime",
                text!("must be after beginDateTime", "应晚于 beginDateTime"),
            ));
        }
        if status != Status::PlannedStop && end > now + AHEAD {
            return Err(Error::invalid(
                "endDateTime",
                text!(
                    "must not be later than now; only a planned stop (status 2) may be",
                    "不能晚于当前时间，仅计划停机(status 2)可以"
                ),
            ));
        }
        let cause = self.fault_cause.as_deref().map(str::trim).filter(|cause| !cause.is_empty());
        if cause.is_some_and(|cause| cause.chars().count() > CAUSE_LENGTH) {
            return Err(Error::invalid(
                "faultCause",
                text!("must have at most {CAUSE_LENGTH} characters", "不能超过 {CAUSE_LENGTH} 个字符"),
            ));
        }
        if cause.is_some_and(|cause| cause.contains('\0')) {
            return Err(Error::invalid(
                "faultCause",
                text!("must not contain the character U+0000", "不能包含字符 U+0000"),
            ));
        }
        Ok(State { begin, end, status, cause: cause.map(str::to_owned), sequence: 0 })
    }
}

/// Asks for the OEE of a machine on a production day or in one of its shifts (section 5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryDayShift {
    /// Production day, `yyyy-MM-dd`; the current one when not given.
    pub query_date: Option<String>,
    /// Asset number of the machine.
    pub equipment_code: String,
    /// One shift of the day; the whole day when not given.
    pub shift_name: Option<String>,
}

impl QueryDayShift {
    /// The date asked for.
    pub fn date(&self) -> Result<Option<Date>> {
        self.query_date.as_deref().map(|date| parse_date("queryDate", date)).transpose()
    }
}

/// OEE of a machine on a day or in a shift (section 5.2). Ratios are shares of 1, neither rounded nor capped; one that
/// cannot be computed is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayShift {
    /// Pieces that did not pass.
    pub product_defects_sum: f64,
    /// Pieces.
    pub product_total_sum: f64,
    /// Availability: operating time / loading time.
    pub ea_ratio: Option<f64>,
    /// Run time, minutes.
    pub operating_time: f64,
    /// Length of the shift or of the day's shifts, minutes that really pass; also while it runs.
    pub oee_shift_duration: f64,
    /// Loading time by the plant's rules, minutes.
    pub loading_time: f64,
    /// Performance: ideal time of all pieces / operating time.
    pub pe_ratio: Option<f64>,
    /// Quality: ideal time of the good pieces / ideal time of all.
    pub qr_ratio: Option<f64>,
    /// OEE: ideal time of the good pieces / loading time.
    pub oee_ratio: Option<f64>,
    /// Seconds a piece takes at best; of several products the mean by pieces.
    pub ideal_cycle_time: Option<f64>,
    /// The production day.
    pub shift_date: String,
}

impl DayShift {
    /// What these sums come to in shifts of this length. `cycle` is the machine's ideal cycle, for a window without pieces.
    pub fn new(sums: &Sums, length: Millis, shift_date: Date, cycle: Option<f64>) -> Self {
        let Figures { availability, performance, quality, oee, .. } = sums.figures();
        let minutes = |millis: Millis| millis as f64 / MINUTE as f64;
        Self {
            product_defects_sum: sums.defects(),
            product_total_sum: sums.total,
            ea_ratio: availability.value,
            operating_time: minutes(sums.run()),
            oee_shift_duration: minutes(length),
            loading_time: minutes(sums.times.loading),
            pe_ratio: performance.value,
            qr_ratio: quality.value,
            oee_ratio: oee.value,
            ideal_cycle_time: sums.mean_cycle().or(cycle),
            shift_date: shift_date.to_string(),
        }
    }
}
