//! From sums to ratios. Sums are added over machines, shifts and products; the division comes once, at the end.

use std::iter::Sum;
use std::ops::AddAssign;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::UNCERTAIN_GAP;
use super::window::{Kind, Times};
use crate::interval::Interval;
use crate::{Millis, Text, text};

/// Pieces made between two instants, of one product.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Production {
    /// When their making began, milliseconds UTC.
    pub begin: Millis,
    /// When it ended; not later than `begin` for pieces counted at one instant.
    pub end: Millis,
    /// Pieces, good or not.
    pub total: f64,
    /// Pieces that did not pass.
    pub failed: f64,
    /// Seconds a piece takes at best; none is known for some products.
    pub ideal_cycle: Option<f64>,
}

impl Production {
    /// The share that falls into a window, in proportion to time. An instant belongs to the window that begins with it.
    pub fn within(&self, window: Interval) -> Option<Self> {
        let own = Interval::new(self.begin, self.end);
        if own.is_empty() {
            return window.contains(self.begin).then_some(*self);
        }
        let common = own.intersect(window)?;
        let share = common.duration() as f64 / own.duration() as f64;
        Some(Self {
            begin: common.begin,
            end: common.end,
            total: self.total * share,
            failed: self.failed * share,
            ..*self
        })
    }
}

/// How far a counter went through its readings, in order of time: a reading below the one before it is a reset, after
/// which it counts from zero.
pub fn counter_increase(readings: &[f64]) -> f64 {
    readings.windows(2).map(|pair| if pair[1] >= pair[0] { pair[1] - pair[0] } else { pair[1] }).sum()
}

/// Everything that ratios are made of. Adding is the only roll-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// Times.
    pub times: Times,
    /// Pieces.
    pub total: f64,
    /// Pieces that passed.
    pub good: f64,
    /// Σ(ideal cycle × pieces), milliseconds.
    pub ideal_total: f64,
    /// Σ(ideal cycle × good pieces), milliseconds.
    pub ideal_good: f64,
    /// Pieces whose ideal cycle is unknown.
    pub without_cycle: f64,
}

impl Sums {
    /// The sums of one window.
    pub fn new(times: Times, productions: impl IntoIterator<Item = Production>) -> Self {
        let mut sums = Self { times, ..Self::default() };
        for production in productions {
            let good = production.total - production.failed;
            sums.total += production.total;
            sums.good += good;
            match production.ideal_cycle.filter(|cycle| *cycle > 0.0) {
                Some(cycle) => {
                    sums.ideal_total += cycle * 1000.0 * production.total;
                    sums.ideal_good += cycle * 1000.0 * good;
                }
                None => sums.without_cycle += production.total,
            }
        }
        sums
    }

    /// Run time, milliseconds.
    pub fn run(&self) -> Millis {
        self.times.spent[Kind::Running]
    }

    /// Pieces that did not pass.
    pub fn defects(&self) -> f64 {
        self.total - self.good
    }

    /// Length of the window, milliseconds.
    pub fn shift(&self) -> Millis {
        self.times.spent.total()
    }

    /// Mean ideal cycle of the pieces that have one, in seconds.
    pub fn mean_cycle(&self) -> Option<f64> {
        let pieces = self.total - self.without_cycle;
        (pieces > 0.0).then(|| self.ideal_total / pieces / 1000.0)
    }

    /// The ratios, divided now.
    pub fn figures(&self) -> Figures {
        let (loading, run) = (self.times.loading as f64, self.run() as f64);
        let gap = self.times.spent[Kind::NoData] as f64;
        let mut figures = Figures {
            uncertain: loading > 0.0 && gap > UNCERTAIN_GAP * loading,
            pieces_without_run: run == 0.0 && self.total > 0.0,
            ..Figures::none(Why::NotScheduled)
        };
        if loading == 0.0 {
            return figures;
        }
        figures.availability = Ratio::of(run / loading);
        if run == 0.0 {
            figures.oee = Ratio::of(0.0);
            figures.performance = Ratio::none(Why::NotRunning);
            figures.quality = Ratio::none(Why::NotRunning);
            return figures;
        }
        if self.without_cycle > 0.0 {
            figures.performance = Ratio::none(Why::NoIdealCycle);
            figures.oee = Ratio::none(Why::NoIdealCycle);
            figures.quality = Ratio::of(self.good / self.total);
            return figures;
        }
        figures.performance = Ratio::of(self.ideal_total / run);
        figures.too_fast = self.ideal_total > run;
        figures.oee = Ratio::of(self.ideal_good / loading);
        figures.quality = if self.ideal_total > 0.0 {
            Ratio::of(self.ideal_good / self.ideal_total)
        } else {
            Ratio::none(Why::NoPieces)
        };
        figures
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.times += other.times;
        self.total += other.total;
        self.good += other.good;
        self.ideal_total += other.ideal_total;
        self.ideal_good += other.ideal_good;
        self.without_cycle += other.without_cycle;
    }
}

impl Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), |mut all, sums| {
            all += sums;
            all
        })
    }
}

/// Why a ratio has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// There is no loading time: a holiday, or planned stop throughout.
    NotScheduled,
    /// The machine did not run at all.
    NotRunning,
    /// The machine ran and made nothing.
    NoPieces,
    /// Pieces were made whose ideal cycle nobody entered.
    NoIdealCycle,
}

impl Why {
    /// The reason in words.
    pub fn text(self) -> Text {
        match self {
            Self::NotScheduled => text!("no loading time", "没有负荷时间"),
            Self::NotRunning => text!("did not run", "未运行"),
            Self::NoPieces => text!("no pieces", "没有产量"),
            Self::NoIdealCycle => text!("ideal cycle time is not known", "缺少理想加工周期"),
        }
    }
}

/// A share of 1, or the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ratio {
    /// Not rounded, not capped.
    pub value: Option<f64>,
    /// Given exactly when `value` is not.
    pub why: Option<Why>,
}

impl Ratio {
    fn of(value: f64) -> Self {
        Self { value: Some(value), why: None }
    }

    fn none(why: Why) -> Self {
        Self { value: None, why: Some(why) }
    }
}

/// The ratios of a window, a machine, a line or a plant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Run time / loading time. A lower bound when data is missing.
    pub availability: Ratio,
    /// Σ(ideal cycle × pieces) / run time.
    pub performance: Ratio,
    /// Σ(ideal cycle × good) / Σ(ideal cycle × pieces).
    pub quality: Ratio,
    /// Σ(ideal cycle × good) / loading time: the product of the three.
    pub oee: Ratio,
    /// More than 5 % of the loading time has no data.
    pub uncertain: bool,
    /// Performance above 1: check the ideal cycle.
    pub too_fast: bool,
    /// Pieces were reported although the machine did not run: the data contradict each other.
    pub pieces_without_run: bool,
}

impl Figures {
    fn none(why: Why) -> Self {
        Self {
            availability: Ratio::none(why),
            performance: Ratio::none(why),
            quality: Ratio::none(why),
            oee: Ratio::none(why),
            uncertain: false,
            too_fast: false,
            pieces_without_run: false,
        }
    }
}
