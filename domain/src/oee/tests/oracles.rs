//! Published worked examples, to their printed digits. Each test is named after its source.

use crate::interval::{Interval, IntervalSet};
use crate::oee::figures::{Figures, Production, Sums, counter_increase};
use crate::oee::losses::Reliability;
use crate::oee::{Cutter, Plan, RuleSet, State, Status, Times};
use crate::time::{MINUTE, Zone};

/// Sums of a window of `shift` minutes whose states follow each other; the rest of it has no data.
#[expect(clippy::cast_possible_truncation, reason = "minutes of a test window")]
fn window(rules: RuleSet, shift: f64, states: &[(f64, Status)], pieces: &[(f64, f64, f64)]) -> Sums {
    let ms = |minutes: f64| (minutes * MINUTE as f64).round() as i64;
    let mut begin = 0;
    let mut list = Vec::new();
    for (minutes, status) in states {
        let end = begin + ms(*minutes);
        list.push(State { begin, end, status: *status, cause: None, sequence: 1 });
        begin = end;
    }
    let plan = Plan { end: ms(shift), ..Plan::default() };
    let stretches = Cutter::default().cut(&plan, &list);
    let production = pieces.iter().map(|(cycle, total, good)| Production {
        begin: 0,
        end: ms(shift),
        total: *total,
        failed: total - good,
        ideal_cycle: Some(*cycle),
    });
    Sums::new(Times::of(&stretches, rules), production)
}

/// A window of `loading` minutes with `stop` minutes of faults; the ideal cycle is in seconds.
fn stopped(loading: f64, stop: f64, cycle: f64, total: f64, good: f64) -> Sums {
    let states = [(loading - stop, Status::Running), (stop, Status::Fault)];
    window(RuleSet::Iso22400, loading, &states, &[(cycle, total, good)])
}

fn near(value: f64, printed: f64) {
    let places = format!("{printed}").split_once('.').map_or(0, |(_, digits)| digits.len());
    let tolerance = 0.5 * 10_f64.powi(-i32::try_from(places).expect("few digits")) + 1e-12;
    assert!((value - printed).abs() <= tolerance, "{value} is not {printed}");
}

fn check(sums: Sums, a: f64, p: f64, q: f64, oee: f64) -> Figures {
    let figures = sums.figures();
    let value = |ratio: crate::oee::Ratio| ratio.value.expect("a ratio");
    // Printed to six digits; a shorter text stands for trailing zeros.
    for (ratio, printed) in
        [(figures.availability, a), (figures.performance, p), (figures.quality, q), (figures.oee, oee)]
    {
        assert!((value(ratio) - printed).abs() <= 0.5e-6 + 1e-12, "{} is not {printed}", value(ratio));
    }
    let product = value(figures.availability) * value(figures.performance) * value(figures.quality);
    assert!((product - value(figures.oee)).abs() < 1e-12);
    figures
}

#[test]
fn t01_vorne_fast_guide() {
    let sums = stopped(420.0, 47.0, 1.0, 19_271.0, 18_848.0);
    check(sums, 0.888_095, 0.861_081, 0.978_050, 0.747_937);
    // TEEP: good time over all time.
    near(sums.ideal_good / (480 * MINUTE) as f64, 0.654_444);
    near(sums.figures().oee.value.expect("a ratio") * 100.0, 74.79);
}

#[test]
fn t03_reliamag() {
    check(stopped(420.0, 60.0, 60.0, 320.0, 304.0), 0.857_143, 0.888_889, 0.95, 0.723_810);
}

#[test]
fn t06_waycalculator() {
    check(stopped(480.0, 60.0, 60.0, 400.0, 380.0), 0.875, 0.952_381, 0.95, 0.791_667);
}

#[test]
fn t07_cncoptimization_guide() {
    check(stopped(420.0, 42.0, 60.0, 300.0, 294.0), 0.9, 0.793_651, 0.98, 0.70);
}

fn machine_a() -> Sums {
    // 480 minutes with 25 planned: the planned stop leaves the loading time.
    let states = [(25.0, Status::PlannedStop), (32.0, Status::Other), (423.0, Status::Running)];
    window(RuleSet::Iso22400, 480.0, &states, &[(10.0, 2240.0, 2190.0)])
}

fn machine_b() -> Sums {
    stopped(455.0, 18.0, 45.0, 450.0, 425.0)
}

#[test]
fn t09_tutorial_machine_a() {
    assert_eq!(machine_a().times.loading, 455 * MINUTE);
    check(machine_a(), 0.929_670, 0.882_585, 0.977_679, 0.802_198);
}

#[test]
fn t10_tutorial_machine_b() {
    check(machine_b(), 0.960_440, 0.772_311, 0.944_444, 0.700_549);
}

#[test]
fn t11_tutorial_machines_rolled_up_by_sums() {
    check([machine_a(), machine_b()].into_iter().sum(), 0.945_055, 0.826_550, 0.961_899, 0.751_374);
}

#[test]
fn t13_influxdata_flux_apq() {
    let (run, stop) = (Status::Running, Status::Other);
    let states = [(60.0, run), (60.0, run), (60.0, stop), (30.0, run), (30.0, run)];
    let total = counter_increase(&[1200.0, 1260.0, 1400.0, 1440.0]);
    let bad = counter_increase(&[10.0, 14.0]);
    let sums = window(RuleSet::Iso22400, 480.0, &states, &[(30.0, total, total - bad)]);
    assert_eq!(sums.run(), 10_800_000);
    let figures = check(sums, 0.375, 0.666_667, 0.983_333, 0.245_833);
    assert!(figures.uncertain, "half of the window has no data");
}

fn readme_machine_1() -> Sums {
    stopped(100.0, 10.0, 60.0, 80.0, 80.0)
}

fn readme_machine_2() -> Sums {
    stopped(300.0, 150.0, 60.0, 150.0, 135.0)
}

#[test]
fn t15_oee_readme_machine_1() {
    check(readme_machine_1(), 0.9, 0.888_889, 1.0, 0.80);
}

#[test]
fn t16_oee_readme_machine_2() {
    check(readme_machine_2(), 0.5, 1.0, 0.9, 0.45);
}

#[test]
fn t17_oee_readme_rolled_up_by_sums_not_by_the_mean() {
    let sums: Sums = [readme_machine_1(), readme_machine_2()].into_iter().sum();
    check(sums, 0.60, 0.958_333, 0.934_783, 0.5375);
    let mean = f64::midpoint(0.80, 0.45);
    near(mean, 0.625);
    assert!((sums.figures().oee.value.expect("a ratio") - mean).abs() > 0.08);
}

#[test]
fn t20_sylution_cascade() {
    // 350 minutes of run, 17.5 of them lost to speed, 10 to quality.
    check(stopped(420.0, 70.0, 60.0, 332.5, 322.5), 0.833_333, 0.95, 0.969_925, 0.767_857);
}

#[test]
fn t22_nakajima_benchmark() {
    near(0.90 * 0.95 * 0.999, 0.854_145);
    check(stopped(1000.0, 100.0, 60.0, 855.0, 854.145), 0.90, 0.95, 0.999, 0.854_145);
}

#[test]
fn t23_mtbf_mttr_and_inherent_availability() {
    let reliability = Reliability { up: 1000 * 60 * MINUTE, down: 50 * 60 * MINUTE, failures: 5 };
    let hour = (60 * MINUTE) as f64;
    near(reliability.mtbf().expect("failures") / hour, 200.0);
    near(reliability.mttr().expect("failures") / hour, 10.0);
    near(reliability.inherent_availability().expect("failures"), 0.952_381);
}

#[test]
fn t24_mtbf_of_nine_hours_with_four_failures() {
    let (run, fault) = (Status::Running, Status::Fault);
    let states = [
        (100.0, run),
        (15.0, fault),
        (100.0, run),
        (15.0, fault),
        (100.0, run),
        (15.0, fault),
        (100.0, run),
        (15.0, fault),
        (80.0, run),
    ];
    let reliability = Reliability::of(&window(RuleSet::Iso22400, 540.0, &states, &[]));
    assert_eq!(reliability.failures, 4);
    near(reliability.mtbf().expect("failures") / (60 * MINUTE) as f64, 2.0);
    near(reliability.mttr().expect("failures") / MINUTE as f64, 15.0);
}

#[test]
fn t25_openmes_unit_tests() {
    let availability = |states: &[(f64, Status)]| {
        window(RuleSet::Iso22400, 480.0, states, &[]).figures().availability.value.expect("a ratio")
    };
    let (run, other, change) = (Status::Running, Status::Other, Status::Changeover);
    near(availability(&[(420.0, run), (60.0, other)]), 0.875);
    near(availability(&[(390.0, run), (60.0, other), (30.0, change)]), 0.8125);
    let planned = [(420.0, run), (30.0, Status::PlannedStop), (30.0, other)];
    assert_eq!(window(RuleSet::Iso22400, 480.0, &planned, &[]).times.loading, 450 * MINUTE);
    near(availability(&planned), 0.9333);
}

#[test]
fn textbook_case_with_planned_fault_and_changeover() {
    let states = [
        (20.0, Status::PlannedStop),
        (20.0, Status::Fault),
        (40.0, Status::Changeover),
        (400.0, Status::Running),
    ];
    let sums = window(RuleSet::Iso22400, 480.0, &states, &[(30.0, 400.0, 392.0)]);
    check(sums, 0.869_565, 0.50, 0.98, 0.426_087);
}

#[test]
fn negative_calculateoee_does_not_hide_a_slow_machine() {
    // 3600 s of 4000 s, ideal 50 a minute, 500 made, 480 good. The package answers 0.864.
    let sums = stopped(4000.0 / 60.0, 400.0 / 60.0, 1.2, 500.0, 480.0);
    let figures = check(sums, 0.9, 0.166_667, 0.96, 0.144);
    assert!((figures.oee.value.expect("a ratio") - 0.864).abs() > 0.5);
}

#[test]
fn negative_pieces_above_the_ideal_rate_are_not_capped() {
    let figures = stopped(100.0, 0.0, 60.0, 120.0, 120.0).figures();
    near(figures.performance.value.expect("a ratio"), 1.2);
    assert!(figures.too_fast);
}

#[test]
fn negative_a_counter_that_starts_again_loses_nothing() {
    near(counter_increase(&[95.0, 100.0, 3.0, 10.0]), 15.0);
    near(counter_increase(&[7.0]), 0.0);
}

fn shift(zone: &str, begin: &str, end: &str) -> Interval {
    let zone = Zone::named(zone).expect("a zone");
    Interval::new(zone.parse("t", begin).expect("a time"), zone.parse("t", end).expect("a time"))
}

fn loading(window: Interval) -> i64 {
    let plan = Plan::until(window, i64::MAX, IntervalSet::empty(), IntervalSet::empty());
    Times::of(&Cutter::default().cut(&plan, &[]), RuleSet::Iso22400).loading / MINUTE
}

#[test]
fn oracle_night_shifts_lose_and_gain_the_hour_of_daylight_saving() {
    let berlin = "Europe/Berlin";
    assert_eq!(loading(shift(berlin, "2026-03-28 22:00", "2026-03-29 06:00")), 420);
    assert_eq!(loading(shift(berlin, "2026-10-24 22:00", "2026-10-25 06:00")), 540);
    assert_eq!(loading(shift("Asia/Shanghai", "2026-03-28 22:00", "2026-03-29 06:00")), 480);
    assert_eq!(loading(shift(berlin, "2020-03-29 01:49", "2020-03-29 03:15")), 26);
    assert_eq!(loading(shift("Asia/Shanghai", "1986-05-03 22:00", "1986-05-04 06:00")), 420);
}

#[test]
fn oracle_point85_windows_on_a_night_shift() {
    let night = shift("Asia/Shanghai", "2026-06-01 22:00", "2026-06-02 06:00");
    let inside = |begin, end| {
        shift("Asia/Shanghai", begin, end).intersect(night).map_or(0, |common| common.duration() / 1000)
    };
    assert_eq!(inside("2026-06-01 19:00", "2026-06-01 20:00"), 0);
    assert_eq!(inside("2026-06-01 21:00", "2026-06-01 23:00"), 3600);
    assert_eq!(inside("2026-06-01 23:00", "2026-06-02 00:00"), 3600);
    assert_eq!(inside("2026-06-02 05:00", "2026-06-02 07:00"), 3600);
    assert_eq!(inside("2026-06-02 07:00", "2026-06-02 08:00"), 0);
    assert_eq!(inside("2026-06-01 22:00", "2026-06-02 06:00"), 28_800);
    assert_eq!(inside("2026-06-01 21:59:59", "2026-06-01 22:00:01"), 1);
    assert_eq!(inside("2026-06-02 05:59:59", "2026-06-02 06:00:01"), 1);
}

#[test]
fn oracle_breaks_and_rotations() {
    let day = shift("Asia/Shanghai", "2026-06-01 08:00", "2026-06-01 16:00");
    let rest = |minute: i64, length: i64| {
        Interval::new(day.begin + minute * MINUTE, day.begin + (minute + length) * MINUTE)
    };
    let breaks: IntervalSet = [rest(60, 15), rest(240, 60), rest(400, 15)].into_iter().collect();
    let plan = Plan::until(day, i64::MAX, breaks, IntervalSet::empty());
    assert_eq!(plan.breaks.total(), 90 * MINUTE);
    assert_eq!(plan.scheduled().total(), 390 * MINUTE);
    assert_eq!(5 * loading(day), 40 * 60);
    // Four teams, twelve hours, seven days on and seven off: 84 h of each team in 14 days.
    assert_eq!(7 * loading(shift("Asia/Shanghai", "2026-06-01 07:00", "2026-06-01 19:00")), 84 * 60);
}

#[test]
fn oracle_night_hours_of_a_public_module() {
    let window = shift("Asia/Shanghai", "2026-06-01 00:00", "2026-06-01 06:00");
    let shift = shift("Asia/Shanghai", "2026-06-01 01:00", "2026-06-01 09:00");
    assert_eq!(loading(window.intersect(shift).expect("an overlap")), 5 * 60);
}
