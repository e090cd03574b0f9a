//! Everything about one machine.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::load::{self, Machine, Window};
use super::range::{self, Pick};
use crate::access::{Access, Area};
use crate::modelling::NodeKind;
use crate::oee::bins::bins;
use crate::oee::losses::{Reliability, SixBigLosses, losses, waterfall};
use crate::oee::view::{
    Basis, COMPARED_DAYS, Comparison, Entry, Hour, MachineView, Product, Range, Shown, Summary,
};
use crate::oee::{Production, Stretch, Sums, store};
use crate::time::MINUTE;
use crate::{Ctx, Error, Interval, Millis, Result, text};

const HOUR: Millis = 60 * MINUTE;
/// Pieces are shown by five minutes up to this length, by the hour beyond.
const FINE: Millis = 26 * HOUR;

/// One machine in a range of shifts: timeline, pieces, figures down to intervals and counts, losses, reliability and the
/// same shifts on other days.
pub async fn machine_view(ctx: &Ctx, equipment_id: i64, range: Range) -> Result<MachineView> {
    ctx.require(Area::Oee, Access::Read)?;
    let now = ctx.now();
    let mut conn = ctx.read().await?;
    let mut machines = load::machines(ctx, &mut conn, &[equipment_id]).await?;
    let pick = range::pick(ctx, range, &machines)?;
    let machine = machines
        .first_mut()
        .ok_or_else(|| Error::unknown("equipmentId", text!("an equipment with this id", "该设备")))?;
    let shifts = range::shifts(ctx, machine, &pick);
    let shown = range::shown(ctx, &pick, &shifts);
    let before = Pick {
        from: range::earlier(pick.from, COMPARED_DAYS),
        to: range::earlier(pick.from, 1),
        name: shown.shift.clone(),
        at: None,
    };
    let earlier = range::shifts(ctx, machine, &before);
    let both: Vec<_> = earlier.iter().chain(&shifts).cloned().collect();
    load::facts(ctx, &mut conn, std::slice::from_mut(machine), load::hull(&both, now)).await?;
    let windows = machine.windows(&shifts, now);
    let stretches: Vec<&Stretch> = windows.iter().flat_map(|window| &window.stretches).collect();
    let sequences: Vec<i64> = stretches.iter().filter_map(|stretch| stretch.sequence).collect();
    let reporters = store::reporters(&mut conn, ctx.tenant_id(), equipment_id, &sequences).await?;
    drop(conn);

    let sums = range::sum(&windows);
    let cycle = sums.mean_cycle().or_else(|| machine.cycle().map(|cycle| cycle.seconds));
    let targets = machine.targets_at(NodeKind::Equipment);
    let entry = |stretch: &&Stretch| {
        let reporter = stretch.sequence.and_then(|sequence| reporters.get(&sequence));
        Entry {
            stretch: (*stretch).clone(),
            reported_by: reporter.map(|(name, _)| name.clone()),
            reported_at: reporter.map(|(_, at)| *at),
        }
    };
    let step = if shown.span.duration() <= FINE { 5 * MINUTE } else { HOUR };
    let made = windows.iter().flat_map(|window| pieces(machine, window.span));
    Ok(MachineView {
        machine: machine.place(),
        path: machine.chain.iter().skip(1).rev().map(load::place).collect(),
        shifts: range::columns(&shifts, now),
        current: range::current(&windows, now),
        entries: stretches.iter().map(entry).collect(),
        bins: bins(range::passed(shown.span, now), step, made),
        hours: windows.iter().flat_map(|window| hours(machine, window, cycle, targets.oee)).collect(),
        total: Summary::new(sums, targets, range::unexplained(&windows, machine.rules)),
        falls: waterfall(calendar(ctx, &shown, &sums), &sums, machine.rules),
        products: products(machine, &windows),
        losses: losses(stretches.iter().copied(), machine.rules, cycle),
        six: SixBigLosses::of(&sums, machine.rules),
        reliability: Reliability::of(&sums),
        comparison: comparison((pick.from, pick.to), &sums, &machine.windows(&earlier, now)),
        rules: machine.rules,
        cycle: machine.cycle().cloned(),
        shown,
    })
}

fn pieces(machine: &Machine, span: Interval) -> impl Iterator<Item = Production> + '_ {
    machine.made.iter().filter_map(move |made| made.pieces.within(span))
}

/// Calendar time behind the shifts: of one shift its own, of whole days all of theirs, of unfinished ones what has passed.
fn calendar(ctx: &Ctx, shown: &Shown, sums: &Sums) -> Millis {
    if shown.shift.is_some() {
        return sums.shift();
    }
    if shown.now < shown.span.end {
        return range::passed(shown.span, shown.now).duration();
    }
    let zone = &ctx.tenant.zone;
    let end = range::earlier(shown.to, -1);
    zone.start_of(end) - zone.start_of(shown.from)
}

/// The hours of a shift up to now, counted from its begin.
fn hours(machine: &Machine, window: &Window, cycle: Option<f64>, target: f64) -> Vec<Hour> {
    let rules = machine.rules;
    let made = bins(window.span, HOUR, pieces(machine, window.span));
    let hour = |bin: crate::oee::view::Bin| {
        let loaded = window.stretches.iter().filter(|stretch| rules.loads(stretch.kind));
        let parts = loaded.filter_map(|s| Interval::new(s.begin, s.end).intersect(bin.span));
        let seconds = parts.map(Interval::duration).sum::<Millis>() as f64 / 1000.0;
        let ideal = cycle.map(|cycle| seconds / cycle);
        Hour {
            span: bin.span,
            good: bin.total - bin.failed,
            ideal,
            target: ideal.map(|pieces| pieces * target),
        }
    };
    made.into_iter().map(hour).collect()
}

/// Pieces by step and cycle.
fn products(machine: &Machine, windows: &[Window]) -> Vec<Product> {
    let mut products: Vec<Product> = Vec::new();
    for made in &machine.made {
        for part in windows.iter().filter_map(|window| made.pieces.within(window.span)) {
            let same =
                |product: &&mut Product| product.step_code == made.step_code && product.cycle == made.cycle;
            match products.iter_mut().find(same) {
                Some(product) => {
                    product.total += part.total;
                    product.failed += part.failed;
                }
                None => products.push(Product {
                    step_code: made.step_code.clone(),
                    cycle: made.cycle.clone(),
                    total: part.total,
                    failed: part.failed,
                }),
            }
        }
    }
    products
}

/// The range beside the same shifts a day before, a week before and on the best day.
fn comparison((from, to): (Date, Date), sums: &Sums, earlier: &[Window]) -> Vec<Comparison> {
    let line = |basis, date, sums: &Sums| Comparison { basis, date, figures: sums.figures() };
    let mut by_day = BTreeMap::<Date, Sums>::new();
    for window in earlier.iter().filter(|window| window.has_facts()) {
        *by_day.entry(window.shift.production_date).or_default() += window.sums;
    }
    let mut lines = vec![line(Basis::This, from, sums)];
    if from == to {
        for (basis, days) in [(Basis::DayBefore, 1), (Basis::WeekBefore, 7)] {
            let date = range::earlier(from, days);
            lines.extend(by_day.get(&date).map(|sums| line(basis, date, sums)));
        }
    }
    let ranked = by_day.iter().filter_map(|(date, sums)| Some((date, sums, sums.figures().oee.value?)));
    let best = ranked.max_by(|a, b| a.2.total_cmp(&b.2));
    lines.extend(best.map(|(date, sums, _)| line(Basis::Best, *date, sums)));
    lines
}
