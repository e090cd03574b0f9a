//! Where the time went: waterfall, Pareto, six big losses, reliability.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figures::Sums;
use super::rules::RuleSet;
use super::window::{Kind, Stretch};
use crate::Millis;

/// A step of the waterfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Total: calendar time of the range.
    Calendar,
    /// Loss: no shift then.
    NotScheduled,
    /// Total: shift time.
    Shift,
    /// Loss of this kind of time.
    Time(Kind),
    /// Total: loading time.
    Loading,
    /// Total: run time.
    Run,
    /// Loss: run time beyond ideal cycle × pieces; below zero when faster than ideal.
    SlowCycles,
    /// Total: ideal cycle × pieces.
    NetRun,
    /// Loss: ideal time of the pieces that did not pass.
    Rejects,
    /// Total: ideal time of the good pieces.
    GoodTime,
}

/// A total, or a loss between two totals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fall {
    /// Which.
    pub step: Step,
    /// Milliseconds: what remains for a total, what is taken away for a loss.
    pub millis: f64,
    /// Whether it is a total.
    pub is_total: bool,
}

/// From calendar time down to good time. Ends at the run time when an ideal cycle is not known. Losses of zero are left out.
pub fn waterfall(calendar: Millis, sums: &Sums, rules: RuleSet) -> Vec<Fall> {
    let total = |step, millis: f64| Fall { step, millis, is_total: true };
    let loss = |step, millis: f64| (millis != 0.0).then_some(Fall { step, millis, is_total: false });
    let time = |kind| loss(Step::Time(kind), sums.times.spent[kind] as f64);
    let mut falls = Vec::new();
    if calendar > sums.shift() {
        falls.push(total(Step::Calendar, calendar as f64));
        falls.extend(loss(Step::NotScheduled, (calendar - sums.shift()) as f64));
    }
    falls.push(total(Step::Shift, sums.shift() as f64));
    let outside = [Kind::Break, Kind::Shutdown, Kind::PlannedStop, Kind::NoMaterial];
    falls.extend(outside.into_iter().filter(|kind| !rules.loads(*kind)).filter_map(time));
    falls.push(total(Step::Loading, sums.times.loading as f64));
    let inside = Kind::ALL.into_iter().filter(|kind| rules.loads(*kind) && *kind != Kind::Running);
    falls.extend(inside.filter_map(time));
    let run = sums.run() as f64;
    falls.push(total(Step::Run, run));
    if sums.without_cycle == 0.0 {
        falls.extend(loss(Step::SlowCycles, run - sums.ideal_total));
        falls.push(total(Step::NetRun, sums.ideal_total));
        falls.extend(loss(Step::Rejects, sums.ideal_total - sums.ideal_good));
        falls.push(total(Step::GoodTime, sums.ideal_good));
    }
    falls
}

/// One bar of the Pareto: all stops of one kind and cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// The kind of stop, or no data.
    pub kind: Kind,
    /// The cause that was reported with it.
    pub cause: Option<String>,
    /// Time lost, milliseconds.
    pub millis: Millis,
    /// How often.
    pub count: i64,
    /// Pieces that could have been made at the ideal cycle; none when it is not known.
    pub pieces: Option<f64>,
    /// Share of all losses up to and with this one, by what the list is sorted by.
    pub cumulative: f64,
}

/// What a Pareto is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum By {
    /// Time lost.
    #[default]
    Minutes,
    /// Number of stops.
    Count,
    /// Pieces not made.
    Pieces,
}

/// Sums the stops inside loading time by kind and cause, longest first. `cycle` is the ideal cycle in seconds.
pub fn losses<'a>(
    stretches: impl IntoIterator<Item = &'a Stretch>,
    rules: RuleSet,
    cycle: Option<f64>,
) -> Vec<Loss> {
    let mut sums = BTreeMap::<(Kind, Option<&str>), (Millis, i64)>::new();
    for stretch in stretches {
        if rules.loads(stretch.kind) && stretch.kind != Kind::Running {
            let sum = sums.entry((stretch.kind, stretch.cause.as_deref())).or_default();
            sum.0 += stretch.duration();
            sum.1 += i64::from(stretch.first);
        }
    }
    let cycle = cycle.filter(|seconds| *seconds > 0.0);
    let losses = sums.into_iter().map(|((kind, cause), (millis, count))| Loss {
        kind,
        cause: cause.map(str::to_owned),
        millis,
        count,
        pieces: cycle.map(|seconds| millis as f64 / 1000.0 / seconds),
        cumulative: 0.0,
    });
    pareto(losses.collect(), By::Minutes)
}

/// Sorts losses, greatest first, and sums their shares up.
pub fn pareto(mut losses: Vec<Loss>, by: By) -> Vec<Loss> {
    let size = |loss: &Loss| match by {
        By::Minutes => loss.millis as f64,
        By::Count => loss.count as f64,
        By::Pieces => loss.pieces.unwrap_or_default(),
    };
    losses.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| b.millis.cmp(&a.millis)));
    let all: f64 = losses.iter().map(size).sum();
    let mut reached = 0.0;
    for loss in &mut losses {
        reached += size(loss);
        loss.cumulative = if all > 0.0 { reached / all } else { 0.0 };
    }
    losses
}

/// The classic six, and the time about which nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SixBigLosses {
    /// Faults, milliseconds. Availability.
    pub breakdown: f64,
    /// Changeovers, and planned stops where the rules count them. Availability.
    pub setup: f64,
    /// Waiting for material, safety and other stops. They count in availability here, because they are reported as stops.
    pub idling: f64,
    /// Run time beyond the ideal cycles. Performance.
    pub reduced_speed: Option<f64>,
    /// Ideal time of rejected pieces. Quality.
    pub defects: Option<f64>,
    /// Rejects of the start-up; nothing reports them apart from other rejects.
    pub startup: Option<f64>,
    /// Loading time without data: no loss is known, none excluded.
    pub no_data: f64,
}

impl SixBigLosses {
    /// The losses behind these sums.
    pub fn of(sums: &Sums, rules: RuleSet) -> Self {
        let lost = |kinds: &[Kind]| {
            let counted = kinds.iter().filter(|kind| rules.loads(**kind));
            counted.map(|kind| sums.times.spent[*kind]).sum::<Millis>() as f64
        };
        let known = sums.without_cycle == 0.0;
        Self {
            breakdown: lost(&[Kind::Fault]),
            setup: lost(&[Kind::Changeover, Kind::PlannedStop]),
            idling: lost(&[Kind::NoMaterial, Kind::SafetyStop, Kind::Other]),
            reduced_speed: known.then(|| sums.run() as f64 - sums.ideal_total),
            defects: known.then_some(sums.ideal_total - sums.ideal_good),
            startup: None,
            no_data: lost(&[Kind::NoData]),
        }
    }

    /// All of them together, milliseconds: loading time minus good time.
    pub fn total(&self) -> f64 {
        let ratios = [self.reduced_speed, self.defects, self.startup];
        self.breakdown + self.setup + self.idling + self.no_data + ratios.iter().flatten().sum::<f64>()
    }
}

/// How often a machine fails and how long a repair takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reliability {
    /// Time up, milliseconds.
    pub up: Millis,
    /// Time broken down, milliseconds.
    pub down: Millis,
    /// Number of failures.
    pub failures: i64,
}

impl Reliability {
    /// Of the run time and the faults inside loading time.
    pub fn of(sums: &Sums) -> Self {
        let (spent, counts) = (sums.times.spent, sums.times.counts);
        Self { up: sums.run(), down: spent[Kind::Fault], failures: counts[Kind::Fault] }
    }

    fn each(&self, millis: Millis) -> Option<f64> {
        (self.failures > 0).then(|| millis as f64 / self.failures as f64)
    }

    /// Mean time between failures, milliseconds: time up / failures. None without a failure.
    pub fn mtbf(&self) -> Option<f64> {
        self.each(self.up)
    }

    /// Mean time to repair, milliseconds: time broken down / failures. None without a failure.
    pub fn mttr(&self) -> Option<f64> {
        self.each(self.down)
    }

    /// MTBF / (MTBF + MTTR): the share of time a machine would be up if failures were all that stopped it.
    pub fn inherent_availability(&self) -> Option<f64> {
        let (up, down) = (self.mtbf()?, self.mttr()?);
        (up + down > 0.0).then(|| up / (up + down))
    }
}
