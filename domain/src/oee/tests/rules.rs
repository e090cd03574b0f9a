//! Rules of states, windows and ratios.

use proptest::prelude::*;

use crate::interval::{Interval, IntervalSet};
use crate::oee::losses::{By, SixBigLosses, Step, losses, pareto, waterfall};
use crate::oee::state::{enter, joined, replay};
use crate::oee::{Cutter, Kind, Plan, Production, RuleSet, State, Status, Sums, Times, Why};
use crate::time::MINUTE;

fn state(begin: i64, end: i64, status: Status) -> State {
    State { begin, end, status, cause: None, sequence: 0 }
}

fn spans(states: &[State]) -> Vec<(i64, i64, i64)> {
    states.iter().map(|s| (s.begin, s.end, s.status.number())).collect()
}

#[test]
fn a_later_report_splits_what_it_cuts_and_repeating_it_changes_nothing() {
    let mut partition = Vec::new();
    assert!(enter(&mut partition, &state(0, 100, Status::Running)));
    assert!(enter(&mut partition, &state(40, 60, Status::Fault)));
    assert_eq!(spans(&partition), [(0, 40, 1), (40, 60, 3), (60, 100, 1)]);
    assert!(!enter(&mut partition, &state(40, 60, Status::Fault)));
    assert!(!enter(&mut partition, &state(65, 70, Status::Running)));
    assert!(enter(&mut partition, &State { cause: Some("bearing".into()), ..state(40, 60, Status::Fault) }));
    assert!(enter(&mut partition, &state(20, 120, Status::PlannedStop)));
    assert_eq!(spans(&partition), [(0, 20, 1), (20, 120, 2)]);
}

#[test]
fn neighbours_of_one_status_and_cause_are_one_stop() {
    let states = [state(0, 5, Status::Fault), state(5, 9, Status::Fault), state(10, 12, Status::Fault)];
    assert_eq!(spans(&joined(&states)), [(0, 9, 3), (10, 12, 3)]);
}

#[test]
fn a_fault_in_planned_time_is_no_loss_and_one_that_a_break_interrupts_counts_once() {
    let plan = Plan {
        begin: 0,
        end: 100,
        breaks: Interval::new(40, 50).into(),
        shutdowns: Interval::new(80, 100).into(),
    };
    let states = [state(0, 30, Status::Running), state(30, 60, Status::Fault), state(85, 90, Status::Fault)];
    let times = Times::of(&Cutter::default().cut(&plan, &states), RuleSet::Iso22400);
    assert_eq!(times.spent[Kind::Fault], 20);
    assert_eq!(times.counts[Kind::Fault], 1);
    assert_eq!(
        (times.spent[Kind::Break], times.spent[Kind::Shutdown], times.spent[Kind::NoData]),
        (10, 20, 20)
    );
    assert_eq!(times.loading, 70);
}

#[test]
fn a_shutdown_over_a_break_leaves_the_break_a_break() {
    let shift = Interval::new(0, 100);
    let plan = Plan::until(shift, 60, Interval::new(40, 70).into(), Interval::new(30, 90).into());
    assert_eq!((plan.end, plan.breaks.total(), plan.shutdowns.total()), (60, 20, 10));
    assert_eq!(Plan::until(shift, -5, IntervalSet::empty(), IntervalSet::empty()).end, 0);
}

#[test]
fn a_stop_over_two_shifts_is_counted_once() {
    let states =
        [state(0, 90, Status::Running), state(90, 110, Status::Fault), state(110, 200, Status::Running)];
    let mut cutter = Cutter::default();
    let plan = |begin, end| Plan { begin, end, ..Plan::default() };
    let early = Times::of(&cutter.cut(&plan(0, 100), &states), RuleSet::Iso22400);
    let late = Times::of(&cutter.cut(&plan(100, 200), &states), RuleSet::Iso22400);
    assert_eq!((early.counts[Kind::Fault], late.counts[Kind::Fault]), (1, 0));
    assert_eq!((early.spent[Kind::Fault], late.spent[Kind::Fault]), (10, 10));
}

#[test]
fn each_rule_set_has_its_own_loading_time() {
    let states: Vec<_> =
        Status::ALL.into_iter().zip(0..).map(|(status, i)| state(i * 10, i * 10 + 10, status)).collect();
    let plan = Plan { end: 80, ..Plan::default() };
    let loading = |rules| Times::of(&Cutter::default().cut(&plan, &states), rules).loading;
    assert_eq!(RuleSet::ALL.map(loading), [70, 60, 80]);
    assert_eq!(RuleSet::ALL.map(|rules| RuleSet::named(rules.name())), RuleSet::ALL.map(Some));
    assert_eq!(RuleSet::named("house rules"), None);
}

fn sums(states: &[State], end: i64, pieces: &[(f64, f64, Option<f64>)]) -> Sums {
    let plan = Plan { end, ..Plan::default() };
    let production = pieces.iter().map(|(total, failed, ideal_cycle)| Production {
        begin: 0,
        end,
        total: *total,
        failed: *failed,
        ideal_cycle: *ideal_cycle,
    });
    Sums::new(Times::of(&Cutter::default().cut(&plan, states), RuleSet::Iso22400), production)
}

#[test]
fn without_loading_time_there_are_no_ratios_but_a_reason() {
    let figures = sums(&[state(0, 60, Status::PlannedStop)], 60, &[]).figures();
    for ratio in [figures.availability, figures.performance, figures.quality, figures.oee] {
        assert_eq!((ratio.value, ratio.why), (None, Some(Why::NotScheduled)));
    }
}

#[test]
fn a_machine_that_never_ran_has_oee_zero() {
    let figures = sums(&[state(0, 60, Status::Fault)], 60, &[(3.0, 0.0, Some(1.0))]).figures();
    assert_eq!((figures.availability.value, figures.oee.value), (Some(0.0), Some(0.0)));
    assert_eq!(
        (figures.performance.why, figures.quality.why),
        (Some(Why::NotRunning), Some(Why::NotRunning))
    );
    assert!(figures.pieces_without_run);
}

#[test]
fn a_machine_that_ran_and_made_nothing_has_performance_zero() {
    let figures = sums(&[state(0, 60, Status::Running)], 60, &[]).figures();
    assert_eq!((figures.performance.value, figures.oee.value), (Some(0.0), Some(0.0)));
    assert_eq!(figures.quality.why, Some(Why::NoPieces));
}

#[test]
fn one_unknown_cycle_leaves_quality_by_pieces_only() {
    let pieces = [(10.0, 1.0, Some(1.0)), (10.0, 2.0, None)];
    let figures = sums(&[state(0, 60_000, Status::Running)], 60_000, &pieces).figures();
    assert_eq!(figures.quality.value, Some(17.0 / 20.0));
    assert_eq!(
        (figures.performance.why, figures.oee.why),
        (Some(Why::NoIdealCycle), Some(Why::NoIdealCycle))
    );
}

#[test]
fn several_products_are_weighted_by_ideal_time() {
    let pieces = [(10.0, 0.0, Some(1.0)), (10.0, 5.0, Some(4.0))];
    let sums = sums(&[state(0, 100_000, Status::Running)], 100_000, &pieces);
    let figures = sums.figures();
    assert_eq!(figures.performance.value, Some(0.5));
    assert_eq!((figures.quality.value, figures.oee.value), (Some(0.6), Some(0.3)));
    assert_eq!(sums.mean_cycle(), Some(2.5));
}

#[test]
fn a_gap_stays_in_loading_out_of_run_and_marks_the_figure_above_five_per_cent() {
    let of = |run| sums(&[state(0, run, Status::Running)], 100, &[]);
    let exact = of(95);
    assert_eq!((exact.times.loading, exact.run(), exact.times.spent[Kind::NoData]), (100, 95, 5));
    assert!(!exact.figures().uncertain && of(94).figures().uncertain);
}

#[test]
fn pieces_are_shared_in_proportion_to_time_and_an_instant_belongs_to_the_later_window() {
    let report = Production { begin: 0, end: 100, total: 50.0, failed: 10.0, ideal_cycle: None };
    let part = report.within(Interval::new(80, 200)).expect("an overlap");
    assert_eq!((part.begin, part.end, part.total, part.failed), (80, 100, 10.0, 2.0));
    let instant = Production { begin: 100, end: 100, ..report };
    assert_eq!(instant.within(Interval::new(0, 100)), None);
    assert_eq!(instant.within(Interval::new(100, 200)), Some(instant));
}

#[test]
fn the_waterfall_falls_from_calendar_to_good_time() {
    let day = sums(
        &[
            state(0, 50 * MINUTE, Status::Running),
            state(50 * MINUTE, 60 * MINUTE, Status::Fault),
            state(60 * MINUTE, 70 * MINUTE, Status::PlannedStop),
        ],
        80 * MINUTE,
        &[(40.0, 4.0, Some(60.0))],
    );
    let falls = waterfall(100 * MINUTE, &day, RuleSet::Iso22400);
    let minutes: Vec<_> = falls.iter().map(|fall| (fall.step, fall.millis / MINUTE as f64)).collect();
    assert_eq!(
        minutes,
        [
            (Step::Calendar, 100.0),
            (Step::NotScheduled, 20.0),
            (Step::Shift, 80.0),
            (Step::Time(Kind::PlannedStop), 10.0),
            (Step::Loading, 70.0),
            (Step::Time(Kind::Fault), 10.0),
            (Step::Time(Kind::NoData), 10.0),
            (Step::Run, 50.0),
            (Step::SlowCycles, 10.0),
            (Step::NetRun, 40.0),
            (Step::Rejects, 4.0),
            (Step::GoodTime, 36.0),
        ]
    );
}

#[test]
fn a_pareto_is_sorted_and_summed_by_what_is_asked() {
    let fault = |begin: i64, end, cause: &str| State {
        cause: Some(cause.into()),
        ..state(begin, end, Status::Fault)
    };
    let states = [fault(0, 5, "jam"), fault(5, 10, "light"), fault(10, 15, "jam"), fault(20, 60, "spindle")];
    let plan = Plan { end: 60, ..Plan::default() };
    let list = losses(&Cutter::default().cut(&plan, &states), RuleSet::Iso22400, Some(0.001));
    let names = |list: &[crate::oee::losses::Loss]| {
        list.iter().map(|loss| loss.cause.clone().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(names(&list), ["spindle", "jam", "light", ""].map(str::to_owned));
    assert_eq!(list[0].pieces, Some(40.0));
    assert!((list[3].cumulative - 1.0).abs() < 1e-12);
    let by_count = pareto(list, By::Count);
    assert_eq!((names(&by_count)[0].as_str(), by_count[0].count), ("jam", 2));
}

fn any_states() -> impl Strategy<Value = Vec<State>> {
    let one = (0..100_i64, 1..30_i64, 0..7_usize);
    prop::collection::vec(one, 0..20).prop_map(|list| {
        let reports: Vec<_> = list
            .into_iter()
            .zip(1..)
            .map(|((begin, length, status), sequence)| State {
                sequence,
                ..state(begin, begin + length, Status::ALL[status])
            })
            .collect();
        reports
    })
}

fn any_intervals() -> impl Strategy<Value = IntervalSet> {
    prop::collection::vec((0..100_i64, 1..15_i64), 0..4).prop_map(|list| {
        list.into_iter().map(|(begin, length)| Interval::new(begin, begin + length)).collect()
    })
}

fn any_rules() -> impl Strategy<Value = RuleSet> {
    prop::sample::select(RuleSet::ALL.to_vec())
}

fn status_at(states: &[State], at: i64) -> Option<Status> {
    states.iter().rev().find(|state| state.begin <= at && at < state.end).map(|state| state.status)
}

proptest! {
    #[test]
    fn at_every_instant_the_latest_report_holds(reports in any_states()) {
        let partition = replay(&reports);
        for at in -1..140 {
            prop_assert_eq!(status_at(&partition, at), status_at(&reports, at));
        }
        prop_assert!(partition.windows(2).all(|pair| pair[0].end <= pair[1].begin));
        prop_assert!(partition.iter().all(|state| state.begin < state.end));
    }

    #[test]
    fn entering_a_report_again_changes_nothing(reports in any_states()) {
        let mut partition = replay(&reports);
        if let Some(last) = reports.last() {
            let before = partition.clone();
            prop_assert!(!enter(&mut partition, last));
            prop_assert_eq!(partition, before);
        }
    }

    #[test]
    fn disjoint_reports_commute(reports in any_states(), order in any::<prop::sample::Index>()) {
        let mut disjoint: Vec<State> = Vec::new();
        for report in reports {
            let span = |s: &State| Interval::new(s.begin, s.end);
            if disjoint.iter().all(|other| !span(other).overlaps(span(&report))) {
                disjoint.push(report);
            }
        }
        let forwards = replay(&disjoint);
        let turn = if disjoint.is_empty() { 0 } else { order.index(disjoint.len()) };
        disjoint.rotate_left(turn);
        disjoint.reverse();
        prop_assert_eq!(replay(&disjoint), forwards);
    }

    #[test]
    fn stretches_partition_the_window(
        reports in any_states(), breaks in any_intervals(), shutdowns in any_intervals(),
        begin in 0..60_i64, length in 1..80_i64, rules in any_rules(),
    ) {
        let states = joined(&replay(&reports));
        let span = Interval::new(begin, begin + length);
        let plan = Plan::until(span, i64::MAX, breaks.clone(), shutdowns.clone());
        let stretches = Cutter::default().cut(&plan, &states);
        prop_assert_eq!(stretches.first().map(|s| s.begin), Some(span.begin));
        prop_assert_eq!(stretches.last().map(|s| s.end), Some(span.end));
        prop_assert!(stretches.windows(2).all(|pair| pair[0].end == pair[1].begin));
        for at in span.begin..span.end {
            let stretch = stretches.iter().find(|s| s.begin <= at && at < s.end).expect("covered");
            let expected = if breaks.contains(at) {
                Kind::Break
            } else if shutdowns.contains(at) {
                Kind::Shutdown
            } else {
                status_at(&states, at).map_or(Kind::NoData, Kind::from)
            };
            prop_assert_eq!(stretch.kind, expected);
        }
        let times = Times::of(&stretches, rules);
        prop_assert_eq!(times.spent.total(), span.duration());
        prop_assert!(times.spent[Kind::Running] <= times.loading && times.loading <= span.duration());
    }

    #[test]
    fn windows_that_touch_sum_to_the_whole(
        reports in any_states(), breaks in any_intervals(), cut in 1..99_i64, rules in any_rules(),
        total in 0..1000_u32, begin in 0..100_i64, length in 0..100_i64,
    ) {
        let states = joined(&replay(&reports));
        let made = Production {
            begin, end: begin + length, total: f64::from(total), failed: f64::from(total / 7), ideal_cycle: Some(0.01),
        };
        let mut sum = Sums::default();
        let mut cutter = Cutter::default();
        for span in [Interval::new(0, cut), Interval::new(cut, 100)] {
            let plan = Plan::until(span, i64::MAX, breaks.clone(), IntervalSet::empty());
            sum += Sums::new(Times::of(&cutter.cut(&plan, &states), rules), made.within(span));
        }
        let whole = Interval::new(0, 100);
        let plan = Plan::until(whole, i64::MAX, breaks, IntervalSet::empty());
        let day = Sums::new(Times::of(&Cutter::default().cut(&plan, &states), rules), made.within(whole));
        prop_assert_eq!(sum.times.spent, day.times.spent);
        prop_assert_eq!(sum.times.loading, day.times.loading);
        for kind in Status::ALL.map(Kind::from) {
            prop_assert_eq!(sum.times.counts[kind], day.times.counts[kind]);
        }
        for (a, b) in [(sum.total, day.total), (sum.good, day.good), (sum.ideal_good, day.ideal_good)] {
            prop_assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()));
        }
    }

    #[test]
    fn losses_are_loading_time_without_good_time(
        reports in any_states(), rules in any_rules(), total in 0..50_u32, failed in 0..10_u32,
    ) {
        let states = joined(&replay(&reports));
        let plan = Plan { end: 140, ..Plan::default() };
        let stretches = Cutter::default().cut(&plan, &states);
        let times = Times::of(&stretches, rules);
        let made = Production {
            begin: 0, end: 140, total: f64::from(total.max(failed)), failed: f64::from(failed), ideal_cycle: Some(0.002),
        };
        let sums = Sums::new(times, [made]);
        let lost = SixBigLosses::of(&sums, rules).total();
        prop_assert!((lost - (times.loading as f64 - sums.ideal_good)).abs() < 1e-6);
        let falls = waterfall(140, &sums, rules);
        let mut level = falls[0].millis;
        for fall in &falls[1..] {
            if fall.is_total {
                prop_assert!((fall.millis - level).abs() < 1e-6);
            } else {
                level -= fall.millis;
            }
        }
        let stopped: i64 = losses(&stretches, rules, None).iter().map(|loss| loss.millis).sum();
        prop_assert_eq!(stopped, times.loading - sums.run());
    }
}
