//! What figures of machines are made of, read with a bounded number of statements whatever the number of machines.

use std::collections::{BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{NodeCalendar, ShiftOccurrence, lookup::calendars_of_chains};
use crate::db::Conn;
use crate::device::machine::store::counted as counted_by_devices;
use crate::masterdata::Equipment;
use crate::masterdata::equipment::equipment_by_ids;
use crate::modelling::{Node, NodeKind, lookup};
use crate::oee::figures::{Production, Sums};
use crate::oee::rules::{RULE_SET_ATTRIBUTE, RuleSet, TARGET_ATTRIBUTES, Targets};
use crate::oee::state::{State, joined};
use crate::oee::store;
use crate::oee::view::{Cycle, CycleSource, Place};
use crate::oee::window::{Cutter, Kind, Plan, Stretch, Times};
use crate::quality::{MachineOutput, store::pieces};
use crate::time::Zone;
use crate::{Ctx, Interval, IntervalSet, Millis, Result};

/// A machine, its place, its rules, and what is known of a stretch of time.
pub(super) struct Machine {
    pub(super) id: i64,
    pub(super) code: String,
    pub(super) name: String,
    /// The machine's node, then its ancestors up to the factory; empty for one that is not in the factory model.
    pub(super) chain: Vec<Node>,
    pub(super) calendar: NodeCalendar,
    pub(super) rules: RuleSet,
    /// Targets at each level of the factory model, 1 to 5, what is above them included.
    targets: [Targets; 5],
    /// Ideal cycle where the step has none of its own.
    cycle: Option<Cycle>,
    /// Joined, in order of time.
    pub(super) states: Vec<State>,
    pub(super) made: Vec<Made>,
}

/// A production report on a machine, or pieces its device counted.
pub(super) struct Made {
    pub(super) pieces: Production,
    /// Step of the report; empty for counted pieces.
    pub(super) step_code: String,
    pub(super) cycle: Option<Cycle>,
}

/// One shift of a machine, up to now.
pub(super) struct Window {
    pub(super) shift: ShiftOccurrence,
    /// The part of the shift that has passed.
    pub(super) span: Interval,
    pub(super) stretches: Vec<Stretch>,
    pub(super) sums: Sums,
}

impl Window {
    /// Whether anything was reported of it, a state or a piece.
    pub(super) fn has_facts(&self) -> bool {
        let reported = |kind| !matches!(kind, Kind::NoData | Kind::Break | Kind::Shutdown);
        self.sums.total > 0.0 || self.stretches.iter().any(|stretch| reported(stretch.kind))
    }
}

impl Machine {
    /// The production day at an instant: that of the running shift, else the calendar date.
    pub(super) fn production_date(&self, zone: &Zone, now: Millis) -> Date {
        let today = zone.date(now);
        let recent = self.calendar.occurrences(zone, today.saturating_sub(1.day()), today);
        let running = recent.iter().find(|shift| shift.span().contains(now));
        running.map_or(today, |shift| shift.production_date)
    }

    /// The ideal cycle of the machine itself or of its machining center.
    pub(super) fn cycle(&self) -> Option<&Cycle> {
        self.cycle.as_ref()
    }

    /// What is to be reached by the machine's ancestor of this kind.
    pub(super) fn targets_at(&self, kind: NodeKind) -> Targets {
        let at = usize::try_from(kind.level() - 1).unwrap_or_default();
        self.targets.get(at).copied().unwrap_or_default()
    }

    /// The machine itself.
    pub(super) fn place(&self) -> Place {
        Place { id: self.id, code: self.code.clone(), name: self.name.clone() }
    }

    /// The node of this kind in the machine's chain.
    pub(super) fn ancestor(&self, kind: NodeKind) -> Option<&Node> {
        self.chain.iter().find(|node| node.kind == kind)
    }

    /// Adds pieces that the machine's device counted, but for the spans that were reported: there the report wins.
    fn count(&mut self, counted: &[Production]) {
        let reported = self.made.iter().map(|made| Interval::new(made.pieces.begin, made.pieces.end));
        let reported: IntervalSet = reported.collect();
        for production in counted {
            let own: IntervalSet = std::iter::once(Interval::new(production.begin, production.end)).collect();
            for part in own.subtract(&reported).iter() {
                let Some(pieces) = production.within(part) else { continue };
                let cycle = self.cycle.clone();
                let pieces = Production { ideal_cycle: cycle.as_ref().map(|cycle| cycle.seconds), ..pieces };
                self.made.push(Made { pieces, step_code: String::new(), cycle });
            }
        }
    }

    /// Each shift with its stretches and sums. A stop over several shifts is counted in the first of them.
    pub(super) fn windows(&self, shifts: &[ShiftOccurrence], now: Millis) -> Vec<Window> {
        let mut cutter = Cutter::default();
        let window = |shift: &ShiftOccurrence| {
            let plan = Plan::until(shift.span(), now, shift.breaks.clone(), shift.shutdowns.clone());
            let from = self.states.partition_point(|state| state.end <= plan.begin);
            let to = self.states.partition_point(|state| state.begin < plan.end).max(from);
            let stretches = cutter.cut(&plan, &self.states[from..to]);
            let times = Times::of(&stretches, self.rules);
            let made = self.made.iter().filter_map(|made| made.pieces.within(plan.span()));
            Window { shift: shift.clone(), span: plan.span(), stretches, sums: Sums::new(times, made) }
        };
        shifts.iter().map(window).collect()
    }
}

/// A node as the pages name it.
pub(super) fn place(node: &Node) -> Place {
    Place { id: node.id, code: node.code.clone(), name: node.name.clone() }
}

/// The window from the first of these shifts to the last, up to now.
pub(super) fn hull(shifts: &[ShiftOccurrence], now: Millis) -> Interval {
    let begin = shifts.iter().map(|shift| shift.begin).min().unwrap_or(now);
    let end = shifts.iter().map(|shift| shift.end).max().unwrap_or(now);
    Interval::new(begin, end.min(now).max(begin))
}

/// One machine, known by its master record.
pub(super) async fn machine(ctx: &Ctx, conn: &mut Conn, equipment: Equipment) -> Result<Machine> {
    let machines = assemble(ctx, conn, vec![equipment]).await?;
    machines.into_iter().next().ok_or_else(|| crate::Error::internal("one record makes one machine"))
}

/// Machines by id, in no particular order; unknown ids are left out.
pub(super) async fn machines(ctx: &Ctx, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Machine>> {
    let equipment = equipment_by_ids(conn, ctx.tenant_id(), ids).await?;
    assemble(ctx, conn, equipment).await
}

async fn assemble(ctx: &Ctx, conn: &mut Conn, equipment: Vec<Equipment>) -> Result<Vec<Machine>> {
    let tenant_id = ctx.tenant_id();
    let ids: Vec<i64> = equipment.iter().map(|equipment| equipment.dap_id).collect();
    let mut chains = lookup::chains(conn, tenant_id, &ids).await?;
    let mut calendars = calendars_of_chains(conn, tenant_id, &chains).await?;
    let nodes: BTreeSet<i64> = chains.values().flatten().map(|node| node.id).collect();
    let nodes: Vec<i64> = nodes.into_iter().collect();
    let mut names = vec![RULE_SET_ATTRIBUTE, lookup::IDEAL_CYCLE_TIME];
    names.extend(TARGET_ATTRIBUTES);
    let mut attributes = HashMap::<i64, Vec<(String, String)>>::new();
    for (node, name, value) in store::attributes(conn, tenant_id, &nodes, &names).await? {
        attributes.entry(node).or_default().push((name, value));
    }
    let machine = |equipment: Equipment| {
        let id = equipment.dap_id;
        let chain = chains.remove(&id).unwrap_or_default();
        let calendar = calendars.remove(&id).unwrap_or_else(|| NodeCalendar::new(Vec::new(), &[], &[]));
        let of = |node: &Node| attributes.get(&node.id).map_or(&[][..], Vec::as_slice);
        let value = |node: &Node, name: &str| {
            of(node).iter().find(|(en_name, _)| en_name == name).map(|(_, value)| value.trim().to_owned())
        };
        let mut reached = Targets::default();
        // From the factory down: the nearest node has the last word.
        let targets = [1, 2, 3, 4, 5].map(|level| {
            for (name, value) in chain.iter().filter(|node| node.level() == level).flat_map(of) {
                reached.take(name, value);
            }
            reached
        });
        let factory = chain.iter().find(|node| node.kind == NodeKind::Factory);
        let rules = factory.and_then(|factory| RuleSet::named(&value(factory, RULE_SET_ATTRIBUTE)?));
        let center = chain.iter().find(|node| node.kind == NodeKind::MachiningCenter);
        let of_center = center.and_then(|center| {
            let seconds = positive(value(center, lookup::IDEAL_CYCLE_TIME)?.parse().ok()?)?;
            Some(Cycle { seconds, source: CycleSource::MachiningCenter, code: center.code.clone() })
        });
        let of_machine = equipment.ideal_cycle_time.and_then(positive).map(|seconds| Cycle {
            seconds,
            source: CycleSource::Equipment,
            code: equipment.asset_num.clone(),
        });
        let name = equipment.name.or_else(|| chain.first().map(|node| node.name.clone()));
        Machine {
            id,
            name: name.unwrap_or_else(|| equipment.asset_num.clone()),
            code: equipment.asset_num,
            chain,
            calendar,
            rules: rules.unwrap_or_default(),
            targets,
            cycle: of_center.or(of_machine),
            states: Vec::new(),
            made: Vec::new(),
        }
    };
    Ok(equipment.into_iter().map(machine).collect())
}

fn positive(seconds: f64) -> Option<f64> {
    (seconds.is_finite() && seconds > 0.0).then_some(seconds)
}

/// Reads the states and pieces of these machines in a window.
pub(super) async fn facts(
    ctx: &Ctx,
    conn: &mut Conn,
    machines: &mut [Machine],
    window: Interval,
) -> Result<()> {
    if window.is_empty() {
        return Ok(());
    }
    let tenant_id = ctx.tenant_id();
    let ids: Vec<i64> = machines.iter().map(|machine| machine.id).collect();
    let mut states = store::states(conn, tenant_id, &ids, window).await?;
    let outputs = pieces(conn, tenant_id, &ids, window.begin, window.end).await?;
    let steps: BTreeSet<i64> = outputs.iter().map(|output| output.step_id).collect();
    let steps: Vec<i64> = steps.into_iter().collect();
    let cycles = if steps.is_empty() {
        HashMap::new()
    } else {
        lookup::ideal_cycle_times(conn, tenant_id, &steps).await?
    };
    let mut made = HashMap::<i64, Vec<MachineOutput>>::new();
    for output in outputs {
        made.entry(output.equipment_id).or_default().push(output);
    }
    let mut counted = HashMap::<i64, Vec<Production>>::new();
    for (id, span, pieces, scrap) in counted_by_devices(conn, tenant_id, &ids, window).await? {
        let (total, failed) = (pieces as f64, scrap as f64);
        let production = Production { begin: span.begin, end: span.end, total, failed, ideal_cycle: None };
        counted.entry(id).or_default().push(production);
    }
    for machine in machines {
        machine.states = joined(&states.remove(&machine.id).unwrap_or_default());
        let own = made.remove(&machine.id).unwrap_or_default().into_iter();
        machine.made = own
            .map(|output| {
                let of_step = cycles.get(&output.step_id).map(|seconds| Cycle {
                    seconds: *seconds,
                    source: CycleSource::Step,
                    code: output.step_code.clone(),
                });
                let cycle = of_step.or_else(|| machine.cycle.clone());
                Made {
                    pieces: Production {
                        begin: output.begin,
                        end: output.end,
                        total: output.out_put,
                        failed: output.failed,
                        ideal_cycle: cycle.as_ref().map(|cycle| cycle.seconds),
                    },
                    step_code: output.step_code,
                    cycle,
                }
            })
            .collect();
        machine.count(&counted.remove(&machine.id).unwrap_or_default());
    }
    Ok(())
}
