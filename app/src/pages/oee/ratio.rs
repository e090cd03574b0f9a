//! Ratios in words and bands.

use domain::oee::figures::{Figures, Ratio};
use domain::oee::rules::Targets;

use crate::words::{chinese, tu_string, words};

/// Which ratio the table shows, as in the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// OEE itself.
    Oee,
    /// Its first factor.
    Availability,
    /// Its second factor.
    Performance,
    /// Its third factor.
    Quality,
}

impl Metric {
    /// All of them, as the switch lists them.
    pub const ALL: [Self; 4] = [Self::Oee, Self::Availability, Self::Performance, Self::Quality];

    /// Its value in the URL; OEE needs none.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Oee => None,
            Self::Availability => Some("a"),
            Self::Performance => Some("p"),
            Self::Quality => Some("q"),
        }
    }

    /// The one with this value in the URL.
    pub fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|metric| metric.key() == Some(key)).unwrap_or(Self::Oee)
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oee => "OEE",
            Self::Availability => tu_string!(words(), oee.availability),
            Self::Performance => tu_string!(words(), oee.performance),
            Self::Quality => tu_string!(words(), oee.quality),
        }
    }

    /// Its letter on charts.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Oee => "OEE",
            Self::Availability => "A",
            Self::Performance => "P",
            Self::Quality => "Q",
        }
    }

    /// Its value.
    pub fn ratio(self, figures: &Figures) -> Ratio {
        match self {
            Self::Oee => figures.oee,
            Self::Availability => figures.availability,
            Self::Performance => figures.performance,
            Self::Quality => figures.quality,
        }
    }

    /// What it was to reach.
    pub fn target(self, targets: &Targets) -> f64 {
        match self {
            Self::Oee => targets.oee,
            Self::Availability => targets.availability,
            Self::Performance => targets.performance,
            Self::Quality => targets.quality,
        }
    }

    /// Whether missing data can only make it look worse than it is.
    pub fn is_lower_bound(self, figures: &Figures) -> bool {
        figures.uncertain && matches!(self, Self::Oee | Self::Availability)
    }
}

/// A share as percent with one decimal, without the sign.
pub fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A ratio as percent, or a dash.
pub fn or_dash(ratio: Ratio) -> String {
    ratio.value.map_or_else(|| "–".to_owned(), percent)
}

/// Why a ratio has no value.
pub fn reason(ratio: Ratio) -> Option<String> {
    ratio.why.map(|why| why.text().in_language(chinese()).to_owned())
}

/// The class of a value by points below its target.
pub fn band(value: f64, target: f64) -> &'static str {
    // To a hundredth of a point: what binary fractions add must not move a figure over a limit.
    match ((target - value) * 10_000.0).round() / 100.0 {
        below if below <= 0.0 => "q0",
        below if below <= 2.0 => "q1",
        below if below <= 5.0 => "q2",
        below if below <= 10.0 => "q3",
        below if below <= 15.0 => "q4",
        _ => "q5",
    }
}

/// The distance to the target in words, and the class of its weight.
pub fn gap(gap: Option<f64>) -> (String, &'static str) {
    let Some(gap) = gap else { return ("–".to_owned(), "") };
    let points = format!("{:.1}", gap.abs() * 100.0);
    if points == "0.0" {
        return (tu_string!(words(), oee.on_target).to_owned(), "");
    }
    if gap > 0.0 {
        return (tu_string!(words(), oee.over, points).to_string(), "");
    }
    if gap < -0.05 { (format!("▾▾ {points}"), "w2") } else { (format!("▾ {points}"), "w1") }
}

/// Pieces with thin spaces between thousands, without decimals that are not there.
pub fn amount(pieces: f64) -> String {
    let text =
        if (pieces - pieces.round()).abs() < 0.05 { format!("{pieces:.0}") } else { format!("{pieces:.1}") };
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let digits = whole.trim_start_matches('-');
    let mut out = String::from(if whole.starts_with('-') { "−" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_go_by_points_below_target() {
        let bands = [0.80, 0.78, 0.76, 0.73, 0.68, 0.63, 0.62].map(|value| band(value, 0.78));
        assert_eq!(bands, ["q0", "q0", "q1", "q2", "q3", "q4", "q5"]);
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([amount(1962.0), amount(12.5), amount(-3.0)], ["1\u{202f}962", "12.5", "−3"]);
    }
}
