//! What a device reports: values by name, checked, and everything that was not as it should be.

use serde_json::{Map, Value};

use super::{Form, Topic};
use crate::Millis;
use crate::device::datapoint::{Datapoint, Misfit, Raw};
use crate::device::decimal::Decimal;
use crate::device::definition::Definition;
use crate::device::frame::{Command, Frame};
use crate::device::p0::{Action, P0, Values};
use crate::device::trouble::{Trouble, TroubleKind, note};

/// A device's clock may be so far ahead, milliseconds.
const AHEAD: Millis = 5 * 60_000;
/// Clocks that were never set say less than this: the year 2000.
const EARLIEST: Millis = 946_684_800_000;
/// Greater numbers are milliseconds, others are seconds.
const MILLISECONDS_FROM: f64 = 1e11;

/// A message of a device, understood as far as it can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// When it happened: as the device says, else when it arrived.
    pub ts: Millis,
    /// Whether the device said when.
    pub ts_given: bool,
    /// The datapoints of this message by name, as the API answers them. Empty for a message that carries none.
    pub attrs: Map<String, Value>,
    /// How it was written; `None` where that cannot be told.
    pub form: Option<Form>,
    /// What was not as it should be.
    pub troubles: Vec<Trouble>,
}

impl Report {
    fn of(at: Millis, form: Option<Form>) -> Self {
        Self { ts: at, ts_given: false, attrs: Map::new(), form, troubles: Vec::new() }
    }

    fn failed(at: Millis, form: Option<Form>, trouble: Trouble) -> Self {
        Self { troubles: vec![trouble], ..Self::of(at, form) }
    }
}

/// Reads a message that arrived at `at`. There is always a report: a message of which nothing can be read has no
/// datapoints and says in its troubles why.
pub fn read_report(definition: &Definition, topic: Topic, payload: &[u8], at: Millis) -> Report {
    match topic {
        Topic::Binary => binary(definition, payload, at),
        Topic::Json => json(definition, payload, at),
    }
}

fn binary(definition: &Definition, payload: &[u8], at: Millis) -> Report {
    let (frame, cut) = match Frame::decode(payload) {
        Ok(read) => read,
        Err(trouble) => return Report::failed(at, None, trouble),
    };
    // the answer to a numbered message carries nothing but its number
    if frame.command == Command::Acknowledge && frame.p0.is_empty() {
        return Report { troubles: cut.into_iter().collect(), ..Report::of(at, None) };
    }
    let (p0, found) = match P0::decode(definition, frame.p0) {
        Ok(read) => read,
        Err(trouble) => {
            return Report { troubles: cut.into_iter().chain([trouble]).collect(), ..Report::of(at, None) };
        }
    };
    let mut troubles: Vec<Trouble> = cut.into_iter().chain(found).collect();
    let (form, attrs) = match p0.action {
        Action::Answer | Action::Report if frame.command != Command::ToDevice => {
            (Some(Form::of(p0.packing)), shown(definition, &p0.values, &mut troubles))
        }
        Action::DataFromDevice => (None, Map::new()),
        action => {
            let number = action.number(p0.packing);
            let command = frame.command.number();
            let found = format_args!("command {command:04x}, action {number:02x}");
            note(&mut troubles, Trouble::new(TroubleKind::WrongDirection, found));
            (None, Map::new())
        }
    };
    Report { attrs, form, troubles, ..Report::of(at, None) }
}

/// Values from the wire as the API answers them. Those outside of their limits are kept and named.
pub(super) fn shown(
    definition: &Definition,
    values: &Values,
    troubles: &mut Vec<Trouble>,
) -> Map<String, Value> {
    let mut attrs = Map::new();
    for (id, raw) in values {
        let Some(datapoint) = definition.with_id(*id) else { continue };
        if let Some(value) = datapoint.shown(raw) {
            if !datapoint.allows(raw) {
                note(troubles, Trouble::at(TroubleKind::OutOfRange, &datapoint.name, &value));
            }
            attrs.insert(datapoint.name.clone(), value);
        } else {
            let index = if let Raw::Number(index) = raw { index.to_string() } else { String::new() };
            note(troubles, Trouble::at(TroubleKind::UnknownChoice, &datapoint.name, index));
        }
    }
    attrs
}

fn json(definition: &Definition, payload: &[u8], at: Millis) -> Report {
    let not_json = |why: &str| Report::failed(at, Some(Form::Json), Trouble::new(TroubleKind::NotJson, why));
    let message = match serde_json::from_slice(payload) {
        Ok(Value::Object(message)) => message,
        Ok(_) => return not_json("not an object"),
        Err(cause) => return not_json(&cause.to_string()),
    };
    let mut report = Report::of(at, Some(Form::Json));
    match message.get("ts") {
        None | Some(Value::Null) => {}
        Some(ts) => match time(ts, at) {
            Ok(ts) => (report.ts, report.ts_given) = (ts, true),
            Err(trouble) => report.troubles.push(trouble),
        },
    }
    let Some(attrs) = message.get("attrs").and_then(Value::as_object) else {
        report.troubles.push(Trouble::new(TroubleKind::NotJson, "no object attrs"));
        return report;
    };
    for (name, value) in attrs {
        let Some(datapoint) = definition.find(name) else {
            note(&mut report.troubles, Trouble::at(TroubleKind::UnknownDatapoint, name, value));
            continue;
        };
        if let Some(kept) = checked(datapoint, value, &mut report.troubles) {
            report.attrs.insert(name.clone(), kept);
        }
    }
    report
}

/// When a device says something happened: above 10^11 milliseconds, else seconds.
fn time(ts: &Value, at: Millis) -> Result<Millis, Trouble> {
    let bad = || Trouble::at(TroubleKind::BadTime, "ts", ts);
    let Value::Number(number) = ts else { return Err(bad()) };
    let given = Decimal::from_number(number).ok_or_else(bad)?;
    let places = if given.to_f64() > MILLISECONDS_FROM { 0 } else { 3 };
    // to the millisecond that has begun
    let fraction = 10_i128.pow(given.places().saturating_sub(places));
    let millis = Millis::try_from(given.units_at(places).div_euclid(fraction)).map_err(|_| bad())?;
    if millis < EARLIEST {
        Err(bad())
    } else if millis > at.saturating_add(AHEAD) {
        Err(Trouble::at(TroubleKind::FutureTime, "ts", ts))
    } else {
        Ok(millis)
    }
}

/// A value given in JSON as the API answers it: what can be kept of it.
fn checked(datapoint: &Datapoint, value: &Value, troubles: &mut Vec<Trouble>) -> Option<Value> {
    let refused = match datapoint.read(value) {
        Ok(raw) => return datapoint.shown(&raw),
        Err(refused) => refused,
    };
    let kind = match refused.misfit {
        Misfit::Type => TroubleKind::WrongType,
        Misfit::Range => TroubleKind::OutOfRange,
        Misfit::Step => TroubleKind::OffStep,
        Misfit::Choice => TroubleKind::UnknownChoice,
        Misfit::Length => TroubleKind::TooLong,
    };
    note(troubles, Trouble::at(kind, &datapoint.name, value));
    refused.nearest.and_then(|raw| datapoint.shown(&raw))
}
