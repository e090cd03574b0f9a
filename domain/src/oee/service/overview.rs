//! Lines × shifts.

use std::collections::BTreeMap;

use super::load::{self, Machine, Window};
use super::range;
use crate::access::{Access, Area};
use crate::modelling::NodeKind;
use crate::oee::rules::Targets;
use crate::oee::view::{Cell, Column, OeeOverview, Place, Range, Row, Summary};
use crate::oee::{Kind, Sums, store};
use crate::{Ctx, Interval, Result};

/// What a row is made of before anything is divided.
struct Parts {
    place: Place,
    targets: Targets,
    cells: Vec<Option<Sums>>,
    total: Sums,
    unexplained: i64,
}

impl Parts {
    fn empty(place: Place, targets: Targets, columns: usize) -> Self {
        Self { place, targets, cells: vec![None; columns], total: Sums::default(), unexplained: 0 }
    }

    fn add(&mut self, other: &Self) {
        for (own, other) in self.cells.iter_mut().zip(&other.cells) {
            if let Some(other) = other {
                *own.get_or_insert_default() += *other;
            }
        }
        self.total += other.total;
        self.unexplained += other.unexplained;
    }

    fn row(self, mut machines: Vec<Row>) -> Row {
        let cell = |sums: Sums| Cell {
            figures: sums.figures(),
            loading: sums.times.loading,
            no_data: sums.times.spent[Kind::NoData],
        };
        let cells: Vec<_> = self.cells.into_iter().map(|sums| sums.map(cell)).collect();
        let trend = cells.iter().flatten().filter_map(|cell| cell.figures.oee.value).collect();
        worst_first(&mut machines);
        let total = Summary::new(self.total, self.targets, self.unexplained);
        Row { place: self.place, cells, total, trend, machines }
    }
}

fn worst_first(rows: &mut [Row]) {
    let gap = |row: &Row| row.total.gap.unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| gap(a).total_cmp(&gap(b)).then_with(|| a.place.code.cmp(&b.place.code)));
}

/// OEE of all lines in all shifts of a range, with the machines of each line, rolled up by sums. A fixed number of
/// statements, whatever the number of machines.
pub async fn oee_overview(ctx: &Ctx, range: Range) -> Result<OeeOverview> {
    ctx.require(Area::Oee, Access::Read)?;
    let now = ctx.now();
    let mut conn = ctx.read().await?;
    let ids = store::machine_ids(&mut conn, ctx.tenant_id()).await?;
    let mut machines = load::machines(ctx, &mut conn, &ids).await?;
    let pick = range::pick(ctx, range, &machines)?;
    let shifts: Vec<_> = machines.iter().map(|machine| range::shifts(ctx, machine, &pick)).collect();
    let shown = range::shown(ctx, &pick, shifts.iter().flatten());
    load::facts(ctx, &mut conn, &mut machines, range::passed(shown.span, now)).await?;
    drop(conn);
    let columns = range::columns(shifts.iter().flatten(), now);
    let factory = machines.iter().find_map(|machine| machine.ancestor(NodeKind::Factory));
    let place = factory
        .map_or_else(|| Place { id: 0, code: String::new(), name: ctx.tenant.name.clone() }, load::place);
    let targets =
        machines.first().map_or_else(Targets::default, |machine| machine.targets_at(NodeKind::Factory));
    let mut plant = Parts::empty(place, targets, columns.len());
    let mut lines = BTreeMap::<i64, (Parts, Vec<Row>)>::new();
    for (machine, shifts) in machines.iter().zip(&shifts) {
        let Some(line) = machine.ancestor(NodeKind::Beltline) else { continue };
        let parts = of_machine(machine, &machine.windows(shifts, now), &columns);
        let (sums, rows) = lines.entry(line.id).or_insert_with(|| {
            let targets = machine.targets_at(NodeKind::Beltline);
            (Parts::empty(load::place(line), targets, columns.len()), Vec::new())
        });
        sums.add(&parts);
        plant.add(&parts);
        rows.push(parts.row(Vec::new()));
    }
    let mut lines: Vec<Row> = lines.into_values().map(|(sums, rows)| sums.row(rows)).collect();
    worst_first(&mut lines);
    let mut rules: Vec<_> = machines.iter().map(|machine| machine.rules).collect();
    rules.sort_by_key(|rules| rules.name());
    rules.dedup();
    Ok(OeeOverview { shown, columns, lines, plant: plant.row(Vec::new()), rules })
}

fn of_machine(machine: &Machine, windows: &[Window], columns: &[Column]) -> Parts {
    let mut parts = Parts::empty(machine.place(), machine.targets_at(NodeKind::Equipment), columns.len());
    for window in windows.iter().filter(|window| !Interval::is_empty(window.span)) {
        let same = |column: &Column| {
            column.date == window.shift.production_date && column.shift == window.shift.name
        };
        if let Some(cell) = columns.iter().position(same).and_then(|index| parts.cells.get_mut(index)) {
            *cell.get_or_insert_default() += window.sums;
        }
    }
    parts.total = range::sum(windows);
    parts.unexplained = range::unexplained(windows, machine.rules);
    parts
}
