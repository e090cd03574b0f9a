//! Machine states over time. Running is low, stops stand tall: running and planned stop fill the lower half of the bar,
//! every other state its full height, each in its own pattern. Time without a record is hatched, future time is blank.

use domain::Millis;
use leptos::prelude::*;

/// What a machine did, or that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// 1 running.
    Running,
    /// 2 planned stop.
    PlannedStop,
    /// 3 fault.
    Fault,
    /// 4 changeover.
    Changeover,
    /// 5 no material.
    NoMaterial,
    /// 6 safety stop.
    SafetyStop,
    /// 7 other.
    Other,
    /// No record.
    NoData,
}

impl State {
    /// The states with a number of their own, in its order.
    pub const NUMBERED: [Self; 7] = [
        Self::Running,
        Self::PlannedStop,
        Self::Fault,
        Self::Changeover,
        Self::NoMaterial,
        Self::SafetyStop,
        Self::Other,
    ];

    /// The state with this number in the contract.
    pub fn numbered(number: i64) -> Option<Self> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        Self::NUMBERED.get(index).copied()
    }

    /// Its short name in classes, patterns (`#p-…`) and marks (`#m-…`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "run",
            Self::PlannedStop => "planned",
            Self::Fault => "fault",
            Self::Changeover => "change",
            Self::NoMaterial => "nomat",
            Self::SafetyStop => "safety",
            Self::Other => "other",
            Self::NoData => "nodata",
        }
    }

    fn tall(self) -> bool {
        !matches!(self, Self::Running | Self::PlannedStop)
    }

    fn solid(self) -> bool {
        matches!(self, Self::Running | Self::Fault)
    }
}

/// A state from one instant to another, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The state.
    pub state: State,
    /// First instant.
    pub begin: Millis,
    /// Instant after the last.
    pub end: Millis,
}

/// Where the bar stands in the drawing.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// Its upper edge.
    pub top: f64,
    /// Its full height.
    pub height: f64,
}

/// A span on the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// The state.
    pub state: State,
    /// Left edge.
    pub x: f64,
    /// Width.
    pub width: f64,
}

impl Shape {
    /// Draws it in its pattern.
    pub fn draw(self, bar: Bar) -> impl IntoView {
        let Self { state, x, width } = self;
        let (y, height) =
            if state.tall() { (bar.top, bar.height) } else { (bar.top + bar.height / 2.0, bar.height / 2.0) };
        let name = state.name();
        let class = match state {
            State::PlannedStop => Some("l-planned".to_owned()),
            State::NoData => Some("l-nodata".to_owned()),
            _ if state.solid() => Some(format!("f-{name}")),
            _ => None,
        };
        view! {
            <rect
                x=format!("{x:.1}")
                y=format!("{y:.1}")
                width=format!("{width:.1}")
                height=format!("{height:.1}")
                class=class
                fill=(!state.solid()).then(|| format!("url(#p-{name})"))
                stroke-dasharray=(state == State::NoData).then_some("2 2")
            />
        }
    }
}

/// Lays the spans out over `width` from `from` to `to`: cut at the edges, in order, at least one pixel wide each with a
/// hairline between, and a gap between two spans shown as no data.
pub fn layout(spans: &[Span], (from, to): (Millis, Millis), width: f64) -> Vec<Shape> {
    let length = (to - from).max(1) as f64;
    let x = |at: Millis| (at.clamp(from, to) - from) as f64 / length * width;
    let shape = |state, begin, end| {
        let (left, right) = (x(begin), x(end));
        Shape { state, x: left, width: (right - left - 1.0).max(1.0) }
    };
    let mut shapes = Vec::with_capacity(spans.len());
    let mut reached = from;
    for span in spans.iter().filter(|span| span.end > from && span.begin < to) {
        if span.begin > reached {
            shapes.push(shape(State::NoData, reached, span.begin));
        }
        shapes.push(shape(span.state, span.begin, span.end));
        reached = reached.max(span.end);
    }
    if reached < to {
        shapes.push(shape(State::NoData, reached, to));
    }
    shapes
}

/// The state bar of one machine, from `window.0` to `window.1`; what lies after `now` stays blank.
#[component]
pub fn Timeline(
    /// The states, in order of time.
    spans: Vec<Span>,
    /// First instant, and the instant after the last.
    window: (Millis, Millis),
    /// The current instant.
    now: Millis,
    /// What it shows, for those who cannot see it.
    #[prop(into)]
    title: String,
    /// Width of the drawing; it scales to its place.
    #[prop(default = 1000.0)]
    width: f64,
    /// Height of the bar.
    #[prop(default = 36.0)]
    height: f64,
) -> impl IntoView {
    let (from, to) = window;
    let past = now.clamp(from, to);
    let share = (past - from) as f64 / (to - from).max(1) as f64;
    let shapes = layout(&spans, (from, past), width * share);
    let bar = Bar { top: 0.5, height: height - 1.0 };
    view! {
        <svg class="ch" viewBox=format!("0 0 {width} {height}") role="img" preserveAspectRatio="none">
            <title>{title}</title>
            {shapes.into_iter().map(|shape| shape.draw(bar)).collect_view()}
            <path class="ax" d=format!("M0 {:.1}H{width}", height - 0.5) />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(state: State, begin: Millis, end: Millis) -> Span {
        Span { state, begin, end }
    }

    fn states(spans: &[Span]) -> Vec<(State, f64, f64)> {
        layout(spans, (0, 100), 1000.0).iter().map(|s| (s.state, s.x, s.width)).collect()
    }

    #[test]
    fn a_gap_is_no_data_never_idle() {
        let spans = [span(State::Running, 0, 40), span(State::Fault, 60, 100)];
        assert_eq!(
            states(&spans),
            [(State::Running, 0.0, 399.0), (State::NoData, 400.0, 199.0), (State::Fault, 600.0, 399.0)]
        );
    }

    #[test]
    fn spans_are_cut_at_the_edges() {
        assert_eq!(states(&[span(State::Fault, -50, 150)]), [(State::Fault, 0.0, 999.0)]);
        assert_eq!(states(&[]), [(State::NoData, 0.0, 999.0)]);
    }

    #[test]
    fn the_shortest_stop_can_still_be_seen() {
        let shapes =
            layout(&[span(State::Fault, 0, 1), span(State::Running, 1, 100_000)], (0, 100_000), 100.0);
        assert!(shapes.iter().all(|shape| shape.width >= 1.0));
    }

    #[test]
    fn numbers_are_those_of_the_contract() {
        assert_eq!(State::numbered(1), Some(State::Running));
        assert_eq!(State::numbered(7), Some(State::Other));
        assert_eq!(State::numbered(0), None);
        assert_eq!(State::numbered(8), None);
    }
}
