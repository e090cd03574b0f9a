//! What follows from a message: the last known values of its device, activity of the day, faults and alarms, hours whose
//! figures are to be made again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value as Json};

use super::products::Products;
use super::store::{pieces, values};
use super::writer::Row;
use crate::Result;
use crate::ctx::Services;
use crate::db::{Tx, Value, sql};
use crate::device::Kind;
use crate::device::figures::HOUR;
use crate::device::machine::follow::{Observed, follow};
use crate::device::position::FROM_GPS;
use crate::time::Millis;

/// How much older a device's last sign of life may be in the store than it is.
const HEARD: Millis = 5_000;

/// What is known of a device.
pub(super) struct State {
    latest: Map<String, Json>,
    latest_at: Millis,
    form: i64,
    /// When something was last heard of it, as stored; 0 when this process has not stored it yet.
    heard: Millis,
    /// Open faults and alarms by name.
    pub open: HashMap<String, Opened>,
    /// The month that was last written, with its days so far as this process knows.
    active: Option<(String, i64)>,
    /// Where it said that it is.
    position: Option<(f64, f64)>,
    /// The hour that was last marked, so that figures of it are made.
    marked: Option<Millis>,
}

/// A fault or alarm that is open.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    pub id: i64,
    /// 1 fault, 2 alarm.
    pub kind: i64,
}

impl State {
    pub(super) fn new(latest: Map<String, Json>, latest_at: Millis, form: i64) -> Self {
        Self {
            latest,
            latest_at,
            form,
            heard: 0,
            open: HashMap::new(),
            active: None,
            position: None,
            marked: None,
        }
    }

    fn count(&self, kind: i64) -> i64 {
        self.open.values().map(|opened| i64::from(opened.kind == kind)).sum()
    }
}

type Device = (i64, i64);

struct Event {
    tenant_id: i64,
    id: i64,
    product_id: i64,
    device_id: i64,
    kind: i64,
    name: String,
    opened_at: Millis,
}

/// What a batch changes.
#[derive(Default)]
pub(super) struct Changes {
    /// When something was last heard of each device that spoke.
    devices: BTreeMap<Device, Touched>,
    opened: Vec<Event>,
    resolved: Vec<(i64, i64, Millis)>,
    active: BTreeMap<(i64, i64, String, i64), i64>,
    hours: BTreeSet<(i64, i64, Millis)>,
    observed: Vec<Observed>,
    /// Longitude and latitude of devices that said where they are.
    positions: BTreeMap<Device, (f64, f64)>,
}

#[derive(Default)]
struct Touched {
    heard: Millis,
    news: bool,
}

/// Follows a message that was not known before.
pub(super) fn derive(
    services: &Services,
    products: &Products,
    state: &mut State,
    row: &Row,
    changes: &mut Changes,
) {
    let device = row.device();
    let at = row.message.at;
    let touched = changes.devices.entry(device).or_default();
    touched.heard = touched.heard.max(at);
    touched.news |= at - state.heard >= HEARD;

    note_activity(state, row, changes);
    let Some(attrs) = &row.decoded.attrs else { return };
    note_hour(services, state, row, changes);
    // What a device says late of earlier times is history, not its state.
    if row.ts < state.latest_at {
        return;
    }
    state.latest_at = row.ts;
    state.form = row.decoded.form.unwrap_or(state.form);
    for (name, value) in attrs {
        state.latest.insert(name.clone(), value.clone());
    }
    if let Some(touched) = changes.devices.get_mut(&device) {
        touched.news = true;
    }
    let product_id = row.message.device.product_id;
    if let Some(rule) = products.position_rule((device.0, product_id))
        && let Some(position) = rule.position(attrs, &state.latest)
        && state.position != Some(position)
    {
        state.position = Some(position);
        changes.positions.insert(device, position);
    }
    if let Some(rule) = products.machine_rule((device.0, product_id)) {
        let (pieces, scrap) = rule.counts(attrs);
        changes.observed.push(Observed {
            tenant_id: device.0,
            device_id: device.1,
            did: row.message.device.did.clone(),
            at: row.ts,
            status: rule.status(&state.latest),
            pieces,
            scrap,
        });
    }
    let Some(definition) = products.definition((device.0, product_id)) else { return };
    for (name, value) in attrs {
        let kind = match definition.find(name).map(|datapoint| datapoint.kind) {
            Some(Kind::Fault) => 1,
            Some(Kind::Alert) => 2,
            _ => continue,
        };
        let on = value.as_i64() == Some(1);
        if on && !state.open.contains_key(name) {
            let id = services.ids.next();
            state.open.insert(name.clone(), Opened { id, kind });
            changes.opened.push(Event {
                tenant_id: device.0,
                id,
                product_id,
                device_id: device.1,
                kind,
                name: name.clone(),
                opened_at: row.ts,
            });
        } else if !on && let Some(opened) = state.open.remove(name) {
            changes.resolved.push((device.0, opened.id, row.ts));
        }
    }
}

/// Marks the hour of the message. One mark is enough for the hour that is running: it is not taken off before its end.
fn note_hour(services: &Services, state: &mut State, row: &Row, changes: &mut Changes) {
    let hour = row.message.device.tenant.zone.hour_of(row.ts);
    let runs = services.clock.now() < hour + HOUR;
    if runs && state.marked == Some(hour) {
        return;
    }
    state.marked = Some(hour);
    changes.hours.insert((row.message.device.tenant.id, row.message.device.device_id, hour));
}

/// A bit for the day on which the message arrived.
fn note_activity(state: &mut State, row: &Row, changes: &mut Changes) {
    let device = &row.message.device;
    let date = device.tenant.zone.date(row.message.at);
    let bit = 1_i64 << (date.day() - 1);
    let month = date.strftime("%Y-%m").to_string();
    match &mut state.active {
        Some((known, days)) if *known == month => {
            if *days & bit != 0 {
                return;
            }
            *days |= bit;
        }
        other => *other = Some((month.clone(), bit)),
    }
    *changes.active.entry((device.tenant.id, device.product_id, month, device.device_id)).or_default() |= bit;
}

impl Changes {
    /// Writes all of it. Answers the tenants whose machines are concerned.
    pub(super) async fn write(
        self,
        tx: &mut Tx,
        states: &mut HashMap<Device, State>,
        now: Millis,
    ) -> Result<BTreeSet<i64>> {
        self.write_devices(tx, states).await?;
        self.write_positions(tx).await?;
        self.write_events(tx).await?;
        self.write_activity(tx).await?;
        let hours: Vec<_> = self.hours.iter().copied().collect();
        for piece in pieces(&hours) {
            let text = sql("INSERT INTO device_dirty_hour (tenant_id, device_id, hour_at) VALUES ");
            values(text, piece, |(tenant_id, device_id, hour)| {
                [(*tenant_id).into(), (*device_id).into(), (*hour).into()]
            })
            .push(
                " ON CONFLICT (tenant_id, device_id, hour_at) DO UPDATE SET turn = device_dirty_hour.turn + 1",
            )
            .run(tx)
            .await?;
        }
        follow(tx, &self.observed, now).await
    }

    async fn write_devices(&self, tx: &mut Tx, states: &mut HashMap<Device, State>) -> Result<()> {
        let mut rows: Vec<[Value; 8]> = Vec::new();
        for (device, touched) in self.devices.iter().filter(|(_, touched)| touched.news) {
            let Some(state) = states.get_mut(device) else { continue };
            state.heard = touched.heard;
            let latest = (state.latest_at != i64::MIN).then_some(state.latest_at);
            rows.push([
                device.0.into(),
                device.1.into(),
                touched.heard.into(),
                latest.map(|_| Json::Object(state.latest.clone()).to_string()).into(),
                latest.into(),
                state.form.into(),
                state.count(1).into(),
                state.count(2).into(),
            ]);
        }
        for piece in pieces(&rows) {
            let text =
                sql("WITH v (tenant_id, id, heard, latest, latest_at, form, faults, alarms) AS (VALUES ");
            values(text, piece, Clone::clone)
                .push(
                    ") UPDATE device
                     SET online_latest = v.heard, latest = v.latest, latest_at = v.latest_at, report_form = v.form,
                         open_faults = v.faults, open_alarms = v.alarms
                     FROM v WHERE device.tenant_id = v.tenant_id AND device.id = v.id",
                )
                .run(tx)
                .await?;
        }
        Ok(())
    }

    /// Moves devices on the map; the names of their places stay.
    async fn write_positions(&self, tx: &mut Tx) -> Result<()> {
        let positions: Vec<_> = self.positions.iter().collect();
        for piece in pieces(&positions) {
            let text = sql("WITH v (tenant_id, id, longitude, latitude) AS (VALUES ");
            values(text, piece, |((tenant_id, id), (longitude, latitude))| {
                [Value::from(*tenant_id), (*id).into(), (*longitude).into(), (*latitude).into()]
            })
            .push(") UPDATE device SET longitude = v.longitude, latitude = v.latitude, place_source = ")
            .arg(FROM_GPS)
            .push(" FROM v WHERE device.tenant_id = v.tenant_id AND device.id = v.id")
            .run(tx)
            .await?;
        }
        Ok(())
    }

    async fn write_events(&self, tx: &mut Tx) -> Result<()> {
        for piece in pieces(&self.opened) {
            let text =
                sql("WITH v (tenant_id, id, product_id, device_id, kind, name, opened_at) AS (VALUES ");
            values(text, piece, |event| {
                [
                    event.tenant_id.into(),
                    event.id.into(),
                    event.product_id.into(),
                    event.device_id.into(),
                    event.kind.into(),
                    (&event.name).into(),
                    event.opened_at.into(),
                ]
            })
            .push(
                ") INSERT INTO device_event
                     (tenant_id, id, product_id, device_id, kind, name, opened_at, place_id)
                   SELECT v.tenant_id, v.id, v.product_id, v.device_id, v.kind, v.name, v.opened_at, d.place_id
                   FROM v JOIN device AS d ON d.tenant_id = v.tenant_id AND d.id = v.device_id",
            )
            .run(tx)
            .await?;
        }
        for piece in pieces(&self.resolved) {
            let text = sql("WITH v (tenant_id, id, at) AS (VALUES ");
            values(text, piece, |(tenant_id, id, at)| [(*tenant_id).into(), (*id).into(), (*at).into()])
                .push(
                    ") UPDATE device_event SET resolved_at = v.at
                       FROM v WHERE device_event.tenant_id = v.tenant_id AND device_event.id = v.id",
                )
                .run(tx)
                .await?;
        }
        Ok(())
    }

    async fn write_activity(&self, tx: &mut Tx) -> Result<()> {
        let active: Vec<_> = self.active.iter().collect();
        for piece in pieces(&active) {
            let text = sql("WITH v (tenant_id, product_id, month, device_id, days) AS (VALUES ");
            values(text, piece, |((tenant_id, product_id, month, device_id), days)| {
                [
                    (*tenant_id).into(),
                    (*product_id).into(),
                    month.into(),
                    (*device_id).into(),
                    (**days).into(),
                ]
            })
            .push(
                ") INSERT INTO device_activity (tenant_id, product_id, month, device_id, days, place_id)
                   SELECT v.tenant_id, v.product_id, v.month, v.device_id, v.days, d.place_id
                   FROM v JOIN device AS d ON d.tenant_id = v.tenant_id AND d.id = v.device_id
                   WHERE TRUE
                   ON CONFLICT (tenant_id, product_id, month, device_id)
                   DO UPDATE SET days = device_activity.days | excluded.days, place_id = excluded.place_id",
            )
            .run(tx)
            .await?;
        }
        Ok(())
    }
}
