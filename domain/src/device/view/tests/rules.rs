use crate::Interval;
use crate::device::view::health::Past;
use crate::device::view::history::gather;
use crate::device::view::map::Area;
use crate::device::view::point::{PointType, points};
use crate::device::view::{HOURS, Health, MAX_POINTS};

use super::seed::{DEFINITION, HOUR};

#[test]
fn hours_without_a_turn_are_as_what_came_before_left_them() {
    let past = Past { turns: vec![(5, false), (8, true)], events: Vec::new() };
    let strip = past.strip(0, true);
    assert_eq!(strip.len(), HOURS);
    assert_eq!(
        strip[4..10],
        [Health::Online, Health::Gaps, Health::Offline, Health::Offline, Health::Gaps, Health::Online]
    );
    assert!(Past::default().strip(0, false).iter().all(|hour| *hour == Health::Offline));
}

#[test]
fn an_hour_is_as_bad_as_at_its_worst() {
    let past = Past {
        turns: Vec::new(),
        events: vec![
            (false, -HOUR, Some(HOUR)),
            (true, 2 * HOUR, Some(2 * HOUR + 1)),
            (false, 2 * HOUR, None),
        ],
    };
    let strip = past.strip(0, true);
    assert_eq!(strip[..4], [Health::Alarm, Health::Online, Health::Fault, Health::Alarm]);
    assert_eq!(strip[HOURS - 1], Health::Alarm);
}

#[test]
fn a_gathered_history_keeps_the_least_and_the_greatest() {
    let samples: Vec<(i64, f64)> = (0..10_000_i32)
        .map(|n| (i64::from(n) * 1000, if n == 5000 { 99.0 } else { f64::from(n % 7) }))
        .collect();
    let points = gather(&samples, Interval::new(0, 10_000_000));
    assert!(points.len() <= MAX_POINTS);
    assert_eq!(points.iter().map(|point| point.samples).sum::<i64>(), 10_000);
    assert!(points.iter().any(|point| (point.max - 99.0).abs() < 1e-9));
    assert!(points.iter().all(|point| point.min <= point.mean && point.mean <= point.max && !point.gap));
}

#[test]
fn silence_breaks_the_line() {
    let samples = [(0, 1.0), (10_000, 1.0), (20_000, 1.0), (120_000, 1.0), (130_000, 1.0)];
    let gaps: Vec<bool> =
        gather(&samples, Interval::new(0, 200_000)).into_iter().map(|point| point.gap).collect();
    assert_eq!(gaps, [false, false, false, true, false]);
}

#[test]
fn numbers_are_shown_in_their_unit() {
    let points = points(DEFINITION);
    assert_eq!(points.len(), 5);
    assert_eq!(points[2].takes, PointType::Number { min: -5.0, max: 95.0, step: 0.1 });
    assert_eq!(points[1].figure(&"manual".into()), Some(1.0));
    assert_eq!(points[0].figure(&1.into()), Some(1.0));
}

#[test]
fn cells_of_the_map_double_with_its_width() {
    let area = Area { west: 100.0, south: 20.0, east: 120.0, north: 40.0 };
    let near = area.scaled(0.001).scaled(0.001);
    let widths = (area.cell().0, area.scaled(2.0).cell().0, near.cell().0);
    assert_eq!(widths, (2.0, 4.0, 1.0 / 256.0));
    assert!(Area { west: 1.0, ..area }.check("area").is_ok());
    assert!(Area { west: 121.0, ..area }.check("area").is_err());
    assert!(Area { north: f64::NAN, ..area }.check("area").is_err());
}
