//! A line and its machines on one axis.

use super::load::{self, Machine, Window};
use super::range;
use crate::access::{Access, Area};
use crate::modelling::{NodeKind, lookup};
use crate::oee::bins::bins;
use crate::oee::store;
use crate::oee::view::{CurvePoint, Lane, LineView, Range, Summary};
use crate::time::MINUTE;
use crate::{Ctx, Error, Interval, IntervalSet, Millis, Result, text};

/// Distance of the points of the curve, and how many there are at most.
const CURVE_STEP: Millis = 15 * MINUTE;
const CURVE_POINTS: Millis = 192;

/// A line's machines in a range of shifts: timelines on one axis, figures, the bottleneck's pieces against its target.
pub async fn line_view(ctx: &Ctx, line_id: i64, range: Range) -> Result<LineView> {
    ctx.require(Area::Oee, Access::Read)?;
    let now = ctx.now();
    let tenant_id = ctx.tenant_id();
    let mut conn = ctx.read().await?;
    let line = lookup::node_by_id(&mut conn, tenant_id, NodeKind::Beltline.level(), line_id).await?;
    let line =
        line.ok_or_else(|| Error::unknown("lineId", text!("a production line with this id", "该产线")))?;
    let nodes = lookup::equipment_under(&mut conn, tenant_id, line_id).await?;
    let ids: Vec<i64> = nodes.iter().map(|node| node.id).collect();
    let mut machines = load::machines(ctx, &mut conn, &ids).await?;
    machines.sort_by_key(|machine| ids.iter().position(|id| *id == machine.id));
    let pick = range::pick(ctx, range, &machines)?;
    let shifts: Vec<_> = machines.iter().map(|machine| range::shifts(ctx, machine, &pick)).collect();
    let shown = range::shown(ctx, &pick, shifts.iter().flatten());
    let passed = range::passed(shown.span, now);
    load::facts(ctx, &mut conn, &mut machines, passed).await?;
    let elsewhere = store::pieces_of_line(&mut conn, tenant_id, line_id, passed).await?;
    drop(conn);
    let windows: Vec<_> =
        machines.iter().zip(&shifts).map(|(machine, shifts)| machine.windows(shifts, now)).collect();
    let lanes: Vec<Lane> =
        machines.iter().zip(&windows).map(|(machine, windows)| lane(machine, windows, now)).collect();
    let total = lanes.iter().map(|lane| lane.total.sums).sum();
    let targets = machines.first().map(|machine| machine.targets_at(NodeKind::Beltline)).unwrap_or_default();
    let open = lanes.iter().map(|lane| lane.total.unexplained).sum();
    let slowest = bottleneck(&machines, &lanes);
    let curve = slowest.and_then(|at| Some(curve(machines.get(at)?, windows.get(at)?, shown.span, now)));
    Ok(LineView {
        line: load::place(&line),
        shifts: range::columns(shifts.iter().flatten(), now),
        total: Summary::new(total, targets, open),
        bottleneck: slowest.and_then(|at| Some(lanes.get(at)?.place.id)),
        machines: lanes,
        curve: curve.unwrap_or_default(),
        not_on_a_machine: elsewhere
            .iter()
            .filter_map(|made| made.within(passed))
            .map(|made| made.total)
            .sum(),
        shown,
    })
}

fn lane(machine: &Machine, windows: &[Window], now: Millis) -> Lane {
    let open = range::unexplained(windows, machine.rules);
    Lane {
        place: machine.place(),
        stretches: windows.iter().flat_map(|window| window.stretches.iter().cloned()).collect(),
        total: Summary::new(range::sum(windows), machine.targets_at(NodeKind::Equipment), open),
        current: range::current(windows, now),
    }
}

/// Seconds a machine takes for a piece: of what it made, else by its own ideal cycle.
fn pace(machine: &Machine, lane: &Lane) -> Option<f64> {
    lane.total.sums.mean_cycle().or_else(|| machine.cycle().map(|cycle| cycle.seconds))
}

/// The machine with the longest ideal cycle, of equal ones the less available.
fn bottleneck(machines: &[Machine], lanes: &[Lane]) -> Option<usize> {
    let key = |at: usize| {
        let lane = lanes.get(at)?;
        let available = lane.total.figures.availability.value.unwrap_or(1.0);
        Some((pace(machines.get(at)?, lane)?, -available))
    };
    (0..lanes.len())
        .filter_map(|at| Some((at, key(at)?)))
        // The first of equal ones stays.
        .reduce(|best, next| {
            let order = next.1.0.total_cmp(&best.1.0).then(next.1.1.total_cmp(&best.1.1));
            if order.is_gt() { next } else { best }
        })
        .map(|(at, _)| at)
}

fn curve(machine: &Machine, windows: &[Window], span: Interval, now: Millis) -> Vec<CurvePoint> {
    let step = CURVE_STEP.max(span.duration() / CURVE_POINTS);
    let made = windows
        .iter()
        .flat_map(|window| machine.made.iter().filter_map(|made| made.pieces.within(window.span)));
    let scheduled =
        windows.iter().fold(IntervalSet::empty(), |all, window| all.union(&window.shift.loading()));
    let sums = range::sum(windows);
    let cycle = sums.mean_cycle().or_else(|| machine.cycle().map(|cycle| cycle.seconds));
    let target = |until| {
        let millis = scheduled.clip(Interval::new(span.begin, until)).total() as f64;
        cycle.map(|seconds| millis / 1000.0 / seconds * machine.targets_at(NodeKind::Equipment).oee)
    };
    let mut good = 0.0;
    let mut points = vec![CurvePoint { at: span.begin, target: target(span.begin), actual: Some(0.0) }];
    for bin in bins(span, step, made) {
        good += bin.total - bin.failed;
        let actual = (bin.span.begin < now).then_some(good);
        points.push(CurvePoint { at: bin.span.end, target: target(bin.span.end), actual });
    }
    points
}
