//! What a device's datapoints mean for the machine it sits on: its state (section 5.1), pieces made and pieces rejected.
//!
//! A rule belongs to a product. The state is either the value of one datapoint looked up in a list, or the first of
//! several datapoints (faults, alarms, bools) that has a given value. Counters are numbers that a device counts up; they
//! may begin anew, be set back, and be reported late or twice, and no piece may be counted twice for that.

#[cfg(feature = "server")]
pub(crate) mod follow;
#[cfg(feature = "server")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::datapoint::{DataType, Datapoint, Kind};
use super::definition::Definition;
use crate::oee::Status;
use crate::{Error, Millis, Result, text};

/// A machine is known to be in the state of a device's report for so long, milliseconds.
pub const STATE_HOLDS: Millis = 120_000;
/// A state that goes on is entered so often, milliseconds.
pub const STATE_ENTERED_EVERY: Millis = 30_000;
/// A state that begins is entered for so long at once, milliseconds.
pub const STATE_AT_ONCE: Millis = 1_000;
/// Most conditions of a rule.
const MOST_CONDITIONS: usize = 64;

/// What the datapoints of a product mean for a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineRule {
    /// How the state follows from the datapoints; the device says nothing of it when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateRule>,
    /// The datapoint that counts pieces, good and rejected ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<String>,
    /// The datapoint that counts rejected pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrap: Option<String>,
}

/// How the state of a machine follows from the datapoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StateRule {
    /// By the value of one datapoint.
    Values(ValueRule),
    /// By the first condition that is met.
    Conditions(ConditionRule),
}

/// A state for each value of a datapoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueRule {
    /// Name of the datapoint: an enumeration, a bool or a number.
    pub datapoint: String,
    /// Status (1 to 7) by the value as the API answers it, written as text: `{"制冷": 1}`, `{"0": 2, "1": 1}`.
    pub map: BTreeMap<String, i64>,
    /// Status of all other values; nothing is known of them when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<i64>,
}

/// The first condition that is met decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRule {
    /// In the order of their precedence.
    pub conditions: Vec<Condition>,
    /// Status when none is met; nothing is known then when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<i64>,
}

/// A datapoint of two values, and what one of them means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Name of the datapoint: a bool, an alert or a fault.
    pub datapoint: String,
    /// The value that counts.
    #[serde(default = "on")]
    pub value: bool,
    /// Status (1 to 7) the machine is in then.
    pub status: i64,
}

fn on() -> bool {
    true
}

impl MachineRule {
    /// Reads a rule and checks it against the datapoints. Refusals name what is wrong below `machine_rule`.
    pub fn read(document: &Value, definition: &Definition) -> Result<Self> {
        if !document.is_object() {
            return Err(Error::invalid("machine_rule", text!("must be an object", "应为对象")));
        }
        let rule = Self::deserialize(document).map_err(|cause| {
            Error::invalid(
                "machine_rule",
                text!("has not the form of a rule: {cause}", "规则格式不正确：{cause}"),
            )
        })?;
        rule.check(definition)?;
        Ok(rule)
    }

    /// Whether the rule says anything that the datapoints allow it to say.
    pub fn check(&self, definition: &Definition) -> Result<()> {
        match &self.state {
            None => {}
            Some(StateRule::Values(rule)) => rule.check(definition)?,
            Some(StateRule::Conditions(rule)) => rule.check(definition)?,
        }
        counter("machine_rule.pieces", self.pieces.as_deref(), definition)?;
        counter("machine_rule.scrap", self.scrap.as_deref(), definition)?;
        if self.scrap.is_some() && self.pieces.is_none() {
            return Err(Error::invalid(
                "machine_rule.scrap",
                text!("needs a datapoint that counts all pieces beside it", "需同时指定统计全部产量的数据点"),
            ));
        }
        if self.scrap.is_some() && self.scrap == self.pieces {
            return Err(Error::invalid(
                "machine_rule.scrap",
                text!("must be another datapoint than pieces", "不能与计件数据点相同"),
            ));
        }
        Ok(())
    }

    /// The state of the machine by the last known values of the datapoints; `None` when they do not say.
    pub fn status(&self, latest: &Map<String, Value>) -> Option<Status> {
        let number = match self.state.as_ref()? {
            StateRule::Values(rule) => {
                let value = as_text(latest.get(&rule.datapoint)?)?;
                rule.map.get(&value).copied().or(rule.otherwise)
            }
            StateRule::Conditions(rule) => {
                let met = |condition: &&Condition| {
                    latest.get(&condition.datapoint).and_then(Value::as_i64)
                        == Some(i64::from(condition.value))
                };
                let known = || rule.conditions.iter().any(|one| latest.contains_key(&one.datapoint));
                let found = rule.conditions.iter().find(met).map(|condition| condition.status);
                found.or_else(|| rule.otherwise.filter(|_| known()))
            }
        };
        number.and_then(Status::from_number)
    }

    /// What the counters of a message stand at: pieces, rejected pieces.
    pub fn counts(&self, attrs: &Map<String, Value>) -> (Option<i64>, Option<i64>) {
        let count = |name: &Option<String>| attrs.get(name.as_ref()?)?.as_i64();
        (count(&self.pieces), count(&self.scrap))
    }
}

impl ValueRule {
    fn check(&self, definition: &Definition) -> Result<()> {
        let datapoint = defined("machine_rule.state.datapoint", &self.datapoint, definition)?;
        if self.map.is_empty() {
            return Err(Error::invalid(
                "machine_rule.state.map",
                text!("must name at least one value", "应至少包含一个取值"),
            ));
        }
        for (value, number) in &self.map {
            let path = || format!("machine_rule.state.map.{value}");
            status(path(), *number)?;
            let possible = match &datapoint.data_type {
                DataType::Bool => value == "0" || value == "1",
                DataType::Enum(choices) => choices.contains(value),
                DataType::Number(_) => serde_json::from_str(value).is_ok_and(|number: Value| {
                    datapoint.read(&number).is_ok() && as_text(&number).as_deref() == Some(value)
                }),
                DataType::Binary(_) => false,
            };
            if !possible {
                let name = &self.datapoint;
                return Err(Error::invalid(
                    path(),
                    text!("must be a value that {name} can have", "应为 {name} 可能的取值"),
                ));
            }
        }
        self.otherwise.map_or(Ok(()), |number| status("machine_rule.state.otherwise".into(), number))
    }
}

impl ConditionRule {
    fn check(&self, definition: &Definition) -> Result<()> {
        let count = self.conditions.len();
        if count == 0 || count > MOST_CONDITIONS {
            return Err(Error::invalid(
                "machine_rule.state.conditions",
                text!("must hold 1 to {MOST_CONDITIONS} conditions", "应包含 1 到 {MOST_CONDITIONS} 个条件"),
            ));
        }
        for (index, condition) in self.conditions.iter().enumerate() {
            let path = |key: &str| format!("machine_rule.state.conditions[{index}].{key}");
            let datapoint = defined(&path("datapoint"), &condition.datapoint, definition)?;
            if datapoint.data_type != DataType::Bool {
                return Err(Error::invalid(
                    path("datapoint"),
                    text!("must be a bool, an alert or a fault", "应为布尔型、报警或故障数据点"),
                ));
            }
            status(path("status"), condition.status)?;
        }
        self.otherwise.map_or(Ok(()), |number| status("machine_rule.state.otherwise".into(), number))
    }
}

fn status(path: String, number: i64) -> Result<()> {
    if Status::from_number(number).is_some() {
        return Ok(());
    }
    Err(Error::invalid(path, text!("must be a status from 1 to 7", "应为 1 到 7 的状态")))
}

fn defined<'a>(path: &str, name: &str, definition: &'a Definition) -> Result<&'a Datapoint> {
    definition.find(name).ok_or_else(|| Error::unknown(path, text!("datapoint {name}", "数据点 {name} ")))
}

fn counter(path: &str, name: Option<&str>, definition: &Definition) -> Result<()> {
    let Some(name) = name else { return Ok(()) };
    let datapoint = defined(path, name, definition)?;
    let whole = matches!(&datapoint.data_type, DataType::Number(spec) if spec.places() == 0);
    if !whole || matches!(datapoint.kind, Kind::Alert | Kind::Fault) {
        return Err(Error::invalid(
            path,
            text!("must be a number that counts in whole pieces", "应为以整数计件的数值型数据点"),
        ));
    }
    Ok(())
}

/// A value as a key of a map: whole numbers without a point.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => {
            super::decimal::Decimal::from_number(number).map(|decimal| decimal.to_string())
        }
        _ => None,
    }
}

/// How far a counter has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// When it was reported last.
    pub at: Millis,
    /// What it stood at: the most since it began anew.
    pub mark: i64,
}

impl Counter {
    /// Counts what a report adds: the pieces since the one before, and how far the counter is counted now.
    ///
    /// The first report adds nothing: nobody saw when those pieces were made. A report that is not later than the last
    /// one adds nothing, so one that comes twice or late is not counted twice. A value below half of the mark is a
    /// counter that began anew, and all of it is new; one not that low is a counter set back, which adds nothing until
    /// it is beyond the mark again.
    pub fn count(last: Option<Self>, at: Millis, value: i64) -> (i64, Self) {
        let Some(last) = last else { return (0, Self { at, mark: value }) };
        if at <= last.at {
            return (0, last);
        }
        if value >= last.mark {
            return (value.saturating_sub(last.mark), Self { at, mark: value });
        }
        if value >= 0 && value < last.mark - value {
            return (value, Self { at, mark: value });
        }
        (0, Self { at, mark: last.mark })
    }
}

/// What is known of a machine's state from the reports of its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The state; `None` when the device does not say.
    pub status: Option<Status>,
    /// The last report that said so.
    pub last: Millis,
    /// Up to when that is entered among the states of the machine.
    pub entered: Millis,
}

/// A span of one state, to be entered among the states of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First instant.
    pub begin: Millis,
    /// First instant after it.
    pub end: Millis,
    /// The state.
    pub status: Status,
}

impl Known {
    /// Takes a report: what is known now, and the spans to enter, in their order (a later one has the last word).
    ///
    /// The machine was in the state of the report before until this one, but no longer than [`STATE_HOLDS`]: what
    /// happened in a longer silence nobody knows. A change is entered at once, a state that goes on now and then. A
    /// report that is not later than the last one says nothing new.
    pub fn report(known: Option<Self>, at: Millis, status: Option<Status>) -> (Self, Vec<Span>) {
        let mut spans = Vec::new();
        if let Some(mut last) = known {
            if at <= last.last {
                return (last, spans);
            }
            let held = last.last.saturating_add(STATE_HOLDS);
            let goes_on = status == last.status && at <= held;
            let end = at.min(held);
            let due = !goes_on || end.saturating_sub(last.entered) >= STATE_ENTERED_EVERY;
            if let Some(status) = last.status.filter(|_| due && end > last.entered) {
                spans.push(Span { begin: last.entered, end, status });
                last.entered = end;
            }
            if goes_on {
                return (Self { last: at, ..last }, spans);
            }
        }
        let end = at.saturating_add(STATE_AT_ONCE);
        spans.extend(status.map(|status| Span { begin: at, end, status }));
        (Self { status, last: at, entered: if status.is_some() { end } else { at } }, spans)
    }
}
