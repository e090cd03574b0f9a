//! Kinds of time in words, colours and patterns.

use domain::Millis;
use domain::oee::Kind;
use domain::time::MINUTE;

use crate::chart::timeline::State;
use crate::words::{tu_string, words};

/// The kinds that loading time can be of, running first and no data last.
pub const LOADING: [Kind; 8] = [
    Kind::Running,
    Kind::Fault,
    Kind::Changeover,
    Kind::NoMaterial,
    Kind::SafetyStop,
    Kind::Other,
    Kind::PlannedStop,
    Kind::NoData,
];

/// What it is called.
pub fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Running => tu_string!(words(), oee.kind_running),
        Kind::PlannedStop => tu_string!(words(), oee.kind_planned_stop),
        Kind::Fault => tu_string!(words(), oee.kind_fault),
        Kind::Changeover => tu_string!(words(), oee.kind_changeover),
        Kind::NoMaterial => tu_string!(words(), oee.kind_no_material),
        Kind::SafetyStop => tu_string!(words(), oee.kind_safety_stop),
        Kind::Other => tu_string!(words(), oee.kind_other),
        Kind::NoData => tu_string!(words(), oee.kind_no_data),
        Kind::Break => tu_string!(words(), oee.kind_break),
        Kind::Shutdown => tu_string!(words(), oee.kind_shutdown),
    }
}

/// The state that is drawn for it; a break has no bar.
pub fn state(kind: Kind) -> Option<State> {
    match kind {
        Kind::Running => Some(State::Running),
        Kind::PlannedStop | Kind::Shutdown => Some(State::PlannedStop),
        Kind::Fault => Some(State::Fault),
        Kind::Changeover => Some(State::Changeover),
        Kind::NoMaterial => Some(State::NoMaterial),
        Kind::SafetyStop => Some(State::SafetyStop),
        Kind::Other => Some(State::Other),
        Kind::NoData => Some(State::NoData),
        Kind::Break => None,
    }
}

/// Its short name in classes, patterns and marks.
pub fn short(kind: Kind) -> &'static str {
    state(kind).map_or("brk", State::name)
}

/// Its class or fill for an area: solid kinds by class, the others by pattern.
pub fn fill(kind: Kind) -> (Option<String>, Option<String>) {
    let short = short(kind);
    match kind {
        Kind::Running | Kind::Fault => (Some(format!("f-{short}")), None),
        Kind::PlannedStop | Kind::Shutdown | Kind::NoData => {
            (Some(format!("l-{short}")), Some(format!("url(#p-{short})")))
        }
        Kind::Break => (Some("f-line".to_owned()), None),
        _ => (None, Some(format!("url(#p-{short})"))),
    }
}

/// Minutes, as short as they can be told: `42 min`, `3 h 05 min`.
pub fn span(millis: Millis) -> String {
    let minutes = (millis + MINUTE / 2) / MINUTE;
    if minutes < 60 {
        tu_string!(words(), oee.minutes, count = minutes).to_string()
    } else {
        let (hours, rest) = (minutes / 60, format!("{:02}", minutes % 60));
        tu_string!(words(), oee.hours_minutes, hours, rest).to_string()
    }
}
