//! The three readings of OEE that a plant can choose from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::window::Kind;

/// Which time counts as loading time. Chosen for each plant by the attribute `oeeRuleSet` of its factory node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum RuleSet {
    /// ISO 22400: planned stops leave the loading time, every other stop is an availability loss.
    #[default]
    #[serde(rename = "iso22400")]
    Iso22400,
    /// The Chinese TPM reading: waiting for material leaves the loading time too.
    #[serde(rename = "tpm-cn")]
    TpmCn,
    /// Every stop inside scheduled time is an availability loss, planned ones too.
    #[serde(rename = "all-stops")]
    AllStops,
}

impl RuleSet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Iso22400, Self::TpmCn, Self::AllStops];

    /// Its name, as in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iso22400 => "iso22400",
            Self::TpmCn => "tpm-cn",
            Self::AllStops => "all-stops",
        }
    }

    /// The rule set of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rules| rules.name() == name)
    }

    /// Whether time of this kind is loading time.
    pub fn loads(self, kind: Kind) -> bool {
        match kind {
            Kind::Break | Kind::Shutdown => false,
            Kind::PlannedStop => self == Self::AllStops,
            Kind::NoMaterial => self != Self::TpmCn,
            Kind::Running
            | Kind::Fault
            | Kind::Changeover
            | Kind::SafetyStop
            | Kind::Other
            | Kind::NoData => true,
        }
    }
}

/// English name of the attribute of a factory node that names its rule set.
pub const RULE_SET_ATTRIBUTE: &str = "oeeRuleSet";

/// English names of the attributes that hold targets, on any node of the factory model; the nearest one counts.
pub const TARGET_ATTRIBUTES: [&str; 4] =
    ["targetOee", "targetAvailability", "targetPerformance", "targetQuality"];

/// Default targets, for nodes without target attributes on themselves or an ancestor.
pub const DEFAULT_TARGETS: Targets =
    Targets { oee: 0.85, availability: 0.90, performance: 0.95, quality: 0.99 };

/// Above this share of loading time without data a figure is uncertain.
pub const UNCERTAIN_GAP: f64 = 0.05;

/// What a node should reach; shares of 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Targets {
    /// Attribute `targetOee`.
    pub oee: f64,
    /// Attribute `targetAvailability`.
    pub availability: f64,
    /// Attribute `targetPerformance`.
    pub performance: f64,
    /// Attribute `targetQuality`.
    pub quality: f64,
}

impl Default for Targets {
    fn default() -> Self {
        DEFAULT_TARGETS
    }
}

impl Targets {
    /// Takes one attribute of a node over; `85` and `0.85` mean the same. Answers whether it was a target.
    pub fn take(&mut self, en_name: &str, value: &str) -> bool {
        let Some(target) = value.trim().trim_end_matches('%').trim().parse::<f64>().ok() else {
            return false;
        };
        let target = if target > 1.5 { target / 100.0 } else { target };
        if !(0.0..=1.5).contains(&target) {
            return false;
        }
        match en_name {
            "targetOee" => self.oee = target,
            "targetAvailability" => self.availability = target,
            "targetPerformance" => self.performance = target,
            "targetQuality" => self.quality = target,
            _ => return false,
        }
        true
    }
}
