//! The pure rules, held against figures from outside; each of those tests is named after where its figures come from.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::time::{MINUTE, Millis, Zone};
use crate::{Error, Interval, IntervalSet};

const HOUR: Millis = 60 * MINUTE;

fn zone(name: &str) -> Zone {
    Zone::named(name).expect("a zone")
}

fn fields(begin: &str, end: &str, breaks: &[(&str, &str)]) -> ShiftFields {
    ShiftFields {
        fty_model_id: 1,
        fty_model_value: 1,
        name: format!("{begin}-{end}"),
        begin_time: begin.into(),
        end_time: end.into(),
        begin_effective_date: None,
        end_effective_date: None,
        description: None,
        breaks: breaks
            .iter()
            .map(|(begin, end)| BreakParam { kind: 2, begin_time: (*begin).into(), end_time: (*end).into() })
            .collect(),
    }
}

fn shift(begin: &str, end: &str) -> Shift {
    Shift::check(1, fields(begin, end, &[])).expect("a shift")
}

fn dated(id: i64, begin: &str, end: &str, dates: (Option<Date>, Option<Date>)) -> Shift {
    Shift { id, first_date: dates.0, last_date: dates.1, ..shift(begin, end) }
}

fn weekly(day_of_week: i8, begin: &str, end: &str) -> Shutdown {
    let rule = ShutdownRule::Weekly {
        day_of_week,
        begin: begin.parse().expect("a time"),
        end: end.parse().expect("a time"),
    };
    Shutdown { id: 1, node_id: 1, node_level: 1, name: "rest".into(), description: None, rule }
}

fn node(id: i64, level: i64) -> CalendarNode {
    CalendarNode { id, level, name: format!("node {id}") }
}

fn factory(shifts: Vec<Shift>, shutdowns: Vec<Shutdown>) -> NodeCalendar {
    let shifts: Vec<_> = shifts.into_iter().map(Arc::new).collect();
    let shutdowns: Vec<_> = shutdowns.into_iter().map(Arc::new).collect();
    NodeCalendar::new(vec![node(1, 1)], &shifts, &shutdowns)
}

fn window(zone: &Zone, begin: &str, end: &str) -> Interval {
    Interval::new(zone.parse("begin", begin).expect("a time"), zone.parse("end", end).expect("a time"))
}

fn refused(fields: ShiftFields) -> String {
    match Shift::check(1, fields) {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tz_database_a_night_shift_loses_and_gains_the_hour_in_berlin_but_not_in_shanghai() {
    let night = shift("22:00", "06:00");
    let (berlin, shanghai) = (zone("Europe/Berlin"), zone("Asia/Shanghai"));
    assert_eq!(night.span_on(&berlin, date(2026, 3, 28)).duration(), 420 * MINUTE);
    assert_eq!(night.span_on(&berlin, date(2026, 10, 24)).duration(), 540 * MINUTE);
    assert_eq!(night.span_on(&berlin, date(2026, 3, 27)).duration(), 480 * MINUTE);
    assert_eq!(night.span_on(&shanghai, date(2026, 3, 28)).duration(), 480 * MINUTE);
}

#[test]
fn odoo_45661_a_stretch_over_the_lost_hour_is_26_minutes() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(window(&berlin, "2020-03-29 01:49", "2020-03-29 03:15").duration(), 26 * MINUTE);
    assert_eq!(shift("01:49", "03:15").span_on(&berlin, date(2020, 3, 29)).duration(), 26 * MINUTE);
}

#[test]
fn tz_database_shanghai_had_summer_time_in_1986() {
    let shanghai = zone("Asia/Shanghai");
    assert_eq!(shift("22:00", "06:00").span_on(&shanghai, date(1986, 5, 3)).duration(), 420 * MINUTE);
    assert_eq!(shift("22:00", "06:00").span_on(&shanghai, date(1985, 5, 3)).duration(), 480 * MINUTE);
}

#[test]
fn point85_a_window_counts_only_what_it_shares_with_the_night_shift() {
    let shanghai = zone("Asia/Shanghai");
    let night = shift("22:00", "06:00").span_on(&shanghai, date(2026, 6, 1));
    let shared = |begin, end| night.intersect(window(&shanghai, begin, end)).map_or(0, Interval::duration);
    for (begin, end, seconds) in [
        ("2026-06-01 19:00", "2026-06-01 20:00", 0),
        ("2026-06-01 21:00", "2026-06-01 23:00", 3600),
        ("2026-06-01 23:00", "2026-06-01 24:00", 3600),
        ("2026-06-02 05:00", "2026-06-02 07:00", 3600),
        ("2026-06-02 07:00", "2026-06-02 08:00", 0),
        ("2026-06-01 22:00", "2026-06-02 06:00", 28_800),
        ("2026-06-01 22:00:00", "2026-06-01 22:00:01", 1),
        ("2026-06-01 21:59:59", "2026-06-01 22:00:01", 1),
        ("2026-06-02 05:59:59", "2026-06-02 06:00:01", 1),
    ] {
        assert_eq!(shared(begin, end), seconds * 1000, "{begin} to {end}");
    }
}

#[test]
fn point85_a_shift_of_24_hours_is_working_time_throughout() {
    let shanghai = zone("Asia/Shanghai");
    let whole = shift("07:00", "07:00");
    let early = window(&shanghai, "2026-06-02 04:00", "2026-06-02 05:00");
    assert_eq!(whole.span_on(&shanghai, date(2026, 6, 1)).intersect(early), Some(early));
    assert_eq!(whole.span_on(&shanghai, date(2026, 6, 2)).intersect(early), None);
}

#[test]
fn point85_breaks_add_up() {
    let pauses = [("09:00", "09:15"), ("12:00", "13:00"), ("15:00", "15:15")];
    let day = Shift::check(1, fields("08:00", "16:00", &pauses)).expect("a shift");
    let calendar = factory(vec![day], vec![]);
    let occurrence = &calendar.occurrences(&zone("Asia/Shanghai"), date(2026, 6, 1), date(2026, 6, 1))[0];
    assert_eq!(occurrence.breaks.total(), 90 * MINUTE);
    assert_eq!(occurrence.loading().total(), 390 * MINUTE);
}

#[test]
fn point85_five_days_of_eight_hours_are_40_hours_a_week() {
    let weekend = vec![weekly(6, "00:00", "00:00"), weekly(7, "00:00", "00:00")];
    let calendar = factory(vec![shift("08:00", "16:00")], weekend);
    let week = calendar.occurrences(&zone("Asia/Shanghai"), date(2026, 6, 1), date(2026, 6, 7));
    assert_eq!(week.iter().map(|shift| shift.loading().total()).sum::<Millis>(), 40 * HOUR);
}

#[test]
fn point85_a_team_of_seven_on_seven_off_works_84_hours_in_14_days() {
    let on = (Some(date(2026, 6, 1)), Some(date(2026, 6, 7)));
    let calendar = factory(vec![dated(1, "19:00", "07:00", on)], vec![]);
    let shifts = calendar.occurrences(&zone("Asia/Shanghai"), date(2026, 6, 1), date(2026, 6, 14));
    assert_eq!(shifts.iter().map(|shift| shift.loading().total()).sum::<Millis>(), 84 * HOUR);
}

#[test]
fn oca_hr_attendance_237_night_hours_end_with_the_window() {
    let shanghai = zone("Asia/Shanghai");
    let early = shift("01:00", "09:00").span_on(&shanghai, date(2026, 6, 1));
    let night = window(&shanghai, "2026-06-01 00:00", "2026-06-01 06:00");
    assert_eq!(early.intersect(night).map(Interval::duration), Some(5 * HOUR));
}

#[test]
fn breaks_of_a_night_shift_may_lie_after_midnight() {
    let pauses = [("02:00", "02:30"), ("23:45", "00:15"), ("24:00", "00:00")];
    assert_eq!(refused(fields("22:00", "06:00", &pauses)), "nonProdTimeMgtDTOList[2].endTime");
    let night = Shift::check(1, fields("22:00", "06:00", &pauses[..2])).expect("a shift");
    let shanghai = zone("Asia/Shanghai");
    let expected: IntervalSet = [
        window(&shanghai, "2026-06-01 23:45", "2026-06-02 00:15"),
        window(&shanghai, "2026-06-02 02:00", "2026-06-02 02:30"),
    ]
    .into_iter()
    .collect();
    assert_eq!(night.breaks_on(&shanghai, date(2026, 6, 1)), expected);
}

#[test]
fn breaks_outside_or_over_each_other_are_refused_by_name() {
    for (pauses, param) in [
        (vec![("07:00", "07:30")], "nonProdTimeMgtDTOList[0].beginTime"),
        (vec![("15:30", "16:30")], "nonProdTimeMgtDTOList[0].endTime"),
        (vec![("16:00", "16:30")], "nonProdTimeMgtDTOList[0].beginTime"),
        (vec![("11:00", "10:00")], "nonProdTimeMgtDTOList[0].endTime"),
        (vec![("10:00", "10:30"), ("10:29", "11:00")], "nonProdTimeMgtDTOList[1].beginTime"),
        (vec![("10:29", "11:00"), ("10:00", "10:30")], "nonProdTimeMgtDTOList[1].beginTime"),
        (vec![("10:00", "10:30"), ("ten", "11:00")], "nonProdTimeMgtDTOList[1].beginTime"),
    ] {
        assert_eq!(refused(fields("08:00", "16:00", &pauses)), param, "{pauses:?}");
    }
    let touching = [("10:30", "11:00"), ("10:00", "10:30"), ("08:00", "08:10"), ("15:50", "16:00")];
    assert!(Shift::check(1, fields("08:00", "16:00", &touching)).is_ok());
}

#[test]
fn an_end_at_24_is_the_midnight_that_ends_the_day() {
    let shanghai = zone("Asia/Shanghai");
    let late = shift("16:00", "24:00").span_on(&shanghai, date(2026, 6, 1));
    assert_eq!(late, window(&shanghai, "2026-06-01 16:00", "2026-06-02 00:00"));
    assert_eq!(refused(fields("24:00", "08:00", &[])), "beginTime");
}

#[test]
fn a_night_shift_overlaps_the_next_days_early_shift() {
    let shanghai = zone("Asia/Shanghai");
    let (night, early) = (dated(1, "22:00", "06:00", (None, None)), dated(2, "05:30", "14:00", (None, None)));
    assert!(night.overlaps(&early, &shanghai).is_some());
    assert!(early.overlaps(&night, &shanghai).is_some());
    assert_eq!(night.overlaps(&dated(2, "06:00", "14:00", (None, None)), &shanghai), None);
    // The last night reaches into the first morning, though no date has both.
    let last = dated(1, "22:00", "06:00", (None, Some(date(2026, 6, 30))));
    let first = dated(2, "05:30", "14:00", (Some(date(2026, 7, 1)), None));
    assert!(last.overlaps(&first, &shanghai).is_some() && first.overlaps(&last, &shanghai).is_some());
    let later = dated(2, "05:30", "14:00", (Some(date(2026, 7, 2)), None));
    assert_eq!(last.overlaps(&later, &shanghai), None);
}

#[test]
fn overlap_is_judged_on_instants() {
    // On the day the clocks jump from 02:00 to 03:00 the first of these ends at 03:30.
    let (first, second) =
        (dated(1, "22:00", "02:30", (None, None)), dated(2, "03:00", "08:00", (None, None)));
    assert_eq!(first.overlaps(&second, &zone("UTC")), None);
    let berlin = first.overlaps(&second, &zone("Europe/Berlin")).expect("an overlap");
    assert_eq!(first.span_on(&zone("Europe/Berlin"), berlin).duration(), 270 * MINUTE);
}

#[test]
fn own_shifts_replace_inherited_ones_and_shutdowns_add_up() {
    let shanghai = zone("Asia/Shanghai");
    let plant = [
        Shift { node_id: 1, ..dated(1, "08:00", "16:00", (None, None)) },
        Shift { node_id: 2, ..dated(2, "10:00", "12:00", (Some(date(2026, 6, 2)), Some(date(2026, 6, 2)))) },
        Shift { node_id: 9, ..dated(3, "00:00", "24:00", (None, None)) },
    ]
    .map(Arc::new);
    let shutdowns = [
        Shutdown { node_id: 1, ..weekly(2, "10:00", "10:30") },
        Shutdown { id: 2, node_id: 2, ..weekly(2, "10:15", "11:00") },
        Shutdown { id: 3, node_id: 9, ..weekly(2, "00:00", "00:00") },
    ]
    .map(Arc::new);
    let calendar = NodeCalendar::new(vec![node(2, 2), node(1, 1)], &plant, &shutdowns);
    let days = calendar.occurrences(&shanghai, date(2026, 6, 1), date(2026, 6, 3));
    let origins: Vec<_> = days.iter().map(|shift| (shift.shift_id, shift.origin.id)).collect();
    assert_eq!(origins, [(1, 1), (2, 2), (1, 1)]);
    assert_eq!(days[1].loading().total(), HOUR);
    let in_force = calendar.shutdowns_on(&shanghai, date(2026, 6, 2));
    assert_eq!(in_force.iter().map(|(origin, ..)| origin.id).collect::<Vec<_>>(), [1, 2]);
    assert!(calendar.shutdowns_on(&shanghai, date(2026, 6, 3)).is_empty());
    let at = |time: &str| zone("Asia/Shanghai").parse("t", time).expect("a time");
    let shift_at = |time| calendar.shift_at(&shanghai, at(time)).map(|shift| shift.id);
    assert_eq!(shift_at("2026-06-01 08:00:00"), Some(1));
    assert_eq!(shift_at("2026-06-01 16:00:00"), None);
    assert_eq!(shift_at("2026-06-02 10:59:59"), None);
    assert_eq!(shift_at("2026-06-02 11:00:00"), Some(2));
    assert_eq!(shift_at("2026-06-02 15:00:00"), None);
}

#[test]
fn day_types_follow_from_what_is_left() {
    let shanghai = zone("Asia/Shanghai");
    let kinds = |shifts, shutdowns| {
        let calendar = factory(shifts, shutdowns);
        // Monday and Sunday.
        let days = calendar.day_types(&shanghai, date(2026, 6, 1), date(2026, 6, 7));
        assert_eq!(days.len(), 7);
        (days[0].1.number(), days[6].1.number())
    };
    let day = || shift("08:00", "16:00");
    assert_eq!(kinds(vec![day()], vec![]), (1, 1));
    assert_eq!(kinds(vec![day()], vec![weekly(7, "08:00", "16:00")]), (1, 2));
    assert_eq!(kinds(vec![day()], vec![weekly(7, "08:00", "15:59")]), (1, 1));
    assert_eq!(kinds(vec![], vec![weekly(7, "08:00", "16:00")]), (3, 3));
    assert_eq!(kinds(vec![], vec![weekly(7, "00:00", "00:00")]), (3, 2));
    // The night of Sunday ends on Monday: what is left of it makes Sunday a workday.
    assert_eq!(kinds(vec![shift("22:00", "06:00")], vec![weekly(7, "00:00", "00:00")]), (1, 1));
}

#[test]
fn a_weekly_shutdown_may_reach_into_the_next_day() {
    let shanghai = zone("Asia/Shanghai");
    let night = weekly(7, "22:00", "06:00");
    let monday = window(&shanghai, "2026-06-01 00:00", "2026-06-01 24:00");
    let expected: IntervalSet = window(&shanghai, "2026-06-01 00:00", "2026-06-01 06:00").into();
    assert_eq!(night.during(&shanghai, monday), expected);
    assert!(
        night.contains(&shanghai, monday.begin) && !night.contains(&shanghai, expected.as_slice()[0].end)
    );
}

fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(vec![
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "UTC",
    ])
    .prop_map(zone)
}

fn any_time() -> impl Strategy<Value = String> {
    (0..24, prop::sample::select(vec![0, 15, 30, 45])).prop_map(|(h, m)| format!("{h:02}:{m:02}"))
}

fn any_date() -> impl Strategy<Value = Date> {
    (0..20_000_i32).prop_map(|days| date(1980, 1, 1).saturating_add(days.days()))
}

proptest! {
    #[test]
    fn three_shifts_tile_every_day_in_every_zone(zone in any_zone(), day in any_date(), days in 1..20_i32) {
        let calendar = factory(
            vec![shift("06:00", "14:00"), shift("14:00", "22:00"), shift("22:00", "06:00")],
            vec![],
        );
        let shifts = calendar.occurrences(&zone, day, day.saturating_add((days - 1).days()));
        prop_assert!(shifts.windows(2).all(|pair| pair[0].end == pair[1].begin));
        let whole = Interval::new(shifts[0].begin, shifts[shifts.len() - 1].end);
        prop_assert_eq!(shifts.iter().map(|shift| shift.span().duration()).sum::<Millis>(), whole.duration());
    }

    #[test]
    fn loading_and_what_is_taken_out_make_up_the_shift(
        zone in any_zone(), day in any_date(), begin in any_time(), end in any_time(),
        off in (1..8_i8, any_time(), any_time()),
    ) {
        let calendar = factory(vec![shift(&begin, &end)], vec![weekly(off.0, &off.1, &off.2)]);
        for occurrence in calendar.occurrences(&zone, day, day.saturating_add(7.days())) {
            let taken = occurrence.breaks.union(&occurrence.shutdowns);
            prop_assert_eq!(occurrence.loading().total() + taken.total(), occurrence.span().duration());
            prop_assert!(occurrence.span().duration() <= 26 * HOUR);
            for at in [occurrence.begin, occurrence.end - 1] {
                prop_assert_eq!(calendar.is_shut_down(&zone, at), occurrence.shutdowns.contains(at));
                prop_assert_eq!(calendar.shift_at(&zone, at).is_some(), !occurrence.shutdowns.contains(at));
            }
        }
    }

    #[test]
    fn overlap_is_found_exactly_when_some_day_has_one(
        zone in any_zone(), day in any_date(), times in prop::array::uniform4(any_time()),
        lengths in (0..40_i32, 0..40_i32), lag in -45..45_i32,
    ) {
        let [a, b, c, d] = &times;
        let other_day = day.saturating_add(lag.days());
        let one = dated(1, a, b, (Some(day), Some(day.saturating_add(lengths.0.days()))));
        let two = dated(2, c, d, (Some(other_day), Some(other_day.saturating_add(lengths.1.days()))));
        let spans = |shift: &Shift| -> Vec<Interval> {
            let days = shift.first_date.expect("a date").series(1.day());
            days.take_while(|day| shift.is_effective_on(*day)).map(|day| shift.span_on(&zone, day)).collect()
        };
        let expected = spans(&one).iter().any(|x| spans(&two).iter().any(|y| x.overlaps(*y)));
        prop_assert_eq!(one.overlaps(&two, &zone).is_some(), expected);
        prop_assert_eq!(two.overlaps(&one, &zone).is_some(), expected);
    }
}
