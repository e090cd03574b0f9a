use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::device::definition::tests::{air_conditioner, document};
use crate::oee::State;

fn refused(rule: &Value) -> String {
    match MachineRule::read(rule, &air_conditioner()) {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("{other:?}"),
    }
}

fn values(values: Value) -> Map<String, Value> {
    values.as_object().cloned().expect("an object")
}

#[test]
fn a_state_is_looked_up_by_value() {
    let rule = json!({"state": {"datapoint": "mode", "map": {"制冷": 1, "除湿": 4}, "otherwise": 2}});
    let rule = MachineRule::read(&rule, &air_conditioner()).expect("sound");
    let status = |latest: Value| rule.status(&values(latest)).map(Status::number);
    assert_eq!(status(json!({"mode": "制冷"})), Some(1));
    assert_eq!(status(json!({"mode": "除湿", "switch": 1})), Some(4));
    assert_eq!(status(json!({"mode": "送风"})), Some(2));
    assert_eq!(status(json!({"switch": 1})), None);
    // numbers are found however they are written
    let rule = json!({"state": {"datapoint": "set_temp", "map": {"16": 2}}});
    let rule = MachineRule::read(&rule, &air_conditioner()).expect("sound");
    assert_eq!(rule.status(&values(json!({"set_temp": 16.0}))), Some(Status::PlannedStop));
    assert_eq!(rule.status(&values(json!({"set_temp": 17}))), None);
}

#[test]
fn the_first_condition_that_is_met_decides() {
    let rule = json!({"state": {"conditions": [
        {"datapoint": "fault_roomtemp", "status": 3},
        {"datapoint": "switch", "value": false, "status": 2},
    ], "otherwise": 1}});
    let rule = MachineRule::read(&rule, &air_conditioner()).expect("sound");
    let status = |latest: Value| rule.status(&values(latest)).map(Status::number);
    assert_eq!(status(json!({"fault_roomtemp": 1, "switch": 0})), Some(3));
    assert_eq!(status(json!({"fault_roomtemp": 0, "switch": 0})), Some(2));
    assert_eq!(status(json!({"fault_roomtemp": 0, "switch": 1})), Some(1));
    assert_eq!(status(json!({"mode": "制冷"})), None, "nothing is known of what the rule asks for");
}

#[test]
fn rules_against_the_definition_are_refused_by_their_path() {
    let state = |rule: Value| json!({ "state": rule });
    assert_eq!(refused(&json!([])), "machine_rule");
    assert_eq!(refused(&json!({"stat": 1})), "machine_rule");
    assert_eq!(refused(&state(json!({"datapoint": "x", "map": {"1": 1}}))), "machine_rule.state.datapoint");
    assert_eq!(refused(&state(json!({"datapoint": "mode", "map": {}}))), "machine_rule.state.map");
    assert_eq!(refused(&state(json!({"datapoint": "mode", "map": {"x": 1}}))), "machine_rule.state.map.x");
    assert_eq!(
        refused(&state(json!({"datapoint": "mode", "map": {"制冷": 8}}))),
        "machine_rule.state.map.制冷"
    );
    assert_eq!(
        refused(&state(json!({"datapoint": "switch", "map": {"true": 1}}))),
        "machine_rule.state.map.true"
    );
    assert_eq!(
        refused(&state(json!({"datapoint": "set_temp", "map": {"99": 1}}))),
        "machine_rule.state.map.99"
    );
    assert_eq!(refused(&state(json!({"conditions": []}))), "machine_rule.state.conditions");
    let one = |condition: Value| state(json!({ "conditions": [condition] }));
    let path = |key: &str| format!("machine_rule.state.conditions[0].{key}");
    assert_eq!(refused(&one(json!({"datapoint": "mode", "status": 1}))), path("datapoint"));
    assert_eq!(refused(&one(json!({"datapoint": "switch", "status": 0}))), path("status"));
    assert_eq!(refused(&json!({"pieces": "switch"})), "machine_rule.pieces");
    assert_eq!(refused(&json!({"pieces": "x"})), "machine_rule.pieces");
    assert_eq!(refused(&json!({"pieces": "set_temp", "scrap": "set_temp"})), "machine_rule.scrap");
    assert!(
        MachineRule::read(&json!({"pieces": "on_timing", "scrap": "off_timing"}), &air_conditioner()).is_ok()
    );
    let tenths = Definition::read(document(
        "standard",
        vec![json!({"id": 0, "name": "n", "type": "R",
        "data_type": "uint32", "uint_spec": {"min": 0, "max": 9, "ratio": 0.1, "addition": 0}})],
    ));
    assert!(MachineRule::read(&json!({"pieces": "n"}), &tenths.expect("sound")).is_err());
}

fn total(reports: &[(Millis, i64)]) -> i64 {
    let mut last = None;
    reports.iter().fold(0, |total, (at, value)| {
        let (new, next) = Counter::count(last, *at, *value);
        last = Some(next);
        total + new
    })
}

#[test]
fn counters_survive_resets_and_setbacks() {
    assert_eq!(total(&[(1, 100), (2, 104), (3, 104), (4, 110)]), 10);
    assert_eq!(total(&[(1, 100), (2, 0), (3, 5)]), 5);
    assert_eq!(total(&[(1, 100), (2, 7)]), 7);
    assert_eq!(total(&[(1, 100), (2, 98), (3, 99), (4, 103)]), 3);
    assert_eq!(total(&[(1, 100), (3, 110), (2, 105), (3, 110), (4, 111)]), 11);
    assert_eq!(total(&[(1, 100), (3, 4), (2, 105), (4, 6)]), 6);
}

#[test]
fn a_state_holds_until_the_next_report_or_for_two_minutes() {
    let (running, fault) = (Some(Status::Running), Some(Status::Fault));
    let span = |begin, end, status| Span { begin, end, status };
    let (known, spans) = Known::report(None, 0, running);
    assert_eq!(spans, [span(0, 1_000, Status::Running)]);
    let (known, spans) = Known::report(Some(known), 20_000, running);
    assert_eq!(spans, []);
    let (known, spans) = Known::report(Some(known), 40_000, running);
    assert_eq!(spans, [span(1_000, 40_000, Status::Running)]);
    assert_eq!(Known::report(Some(known), 40_000, fault), (known, vec![]));
    let (known, spans) = Known::report(Some(known), 45_000, fault);
    assert_eq!(spans, [span(40_000, 45_000, Status::Running), span(45_000, 46_000, Status::Fault)]);
    let (known, spans) = Known::report(Some(known), 900_000, fault);
    assert_eq!(spans, [span(46_000, 165_000, Status::Fault), span(900_000, 901_000, Status::Fault)]);
    let (known, spans) = Known::report(Some(known), 900_500, None);
    assert_eq!(spans, []);
    assert_eq!(Known::report(Some(known), 900_600, running).1, [span(900_600, 901_600, Status::Running)]);
}

proptest! {
    #[test]
    fn pieces_made_one_after_the_other_are_counted_exactly(steps in prop::collection::vec((1_i64..9, 0_i64..50, prop::bool::weighted(0.1)), 1..60)) {
        // a counter that begins anew now and then, each time from 0 and after it stood at something
        let (mut at, mut value, mut made) = (0, 1000, 0);
        let mut reports = vec![(at, value)];
        for (pause, pieces, anew) in steps {
            at += pause;
            if anew && pieces < value - pieces {
                value = 0;
            }
            value += pieces;
            made += pieces;
            reports.push((at, value));
        }
        prop_assert_eq!(total(&reports), made);
        // each report twice, or all of them again: nothing more
        let twice: Vec<_> = reports.iter().flat_map(|report| [*report, *report]).collect();
        prop_assert_eq!(total(&twice), made);
        let again: Vec<_> = reports.iter().chain(&reports).copied().collect();
        prop_assert_eq!(total(&again), made);
    }

    #[test]
    fn reports_out_of_order_never_count_a_piece_twice(pieces in prop::collection::vec(0_i64..50, 2..40), order in any::<prop::sample::Index>(), swaps in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..30)) {
        let mut value = i64::try_from(order.index(1000)).expect("small");
        let mut reports: Vec<(Millis, i64)> = Vec::new();
        for (at, piece) in (0..).zip(&pieces) {
            value += piece;
            reports.push((at, value));
        }
        let made = value - reports[0].1;
        let (first, rest) = reports.split_first_mut().expect("two at least");
        for (one, other) in swaps {
            rest.swap(one.index(rest.len()), other.index(rest.len()));
        }
        let shuffled: Vec<_> = std::iter::once(*first).chain(rest.iter().copied()).collect();
        // the last report of all is always seen: whatever came late in between, all pieces are counted once
        prop_assert_eq!(total(&shuffled), made);
    }

    #[test]
    fn counting_never_goes_back_and_never_overflows(reports in prop::collection::vec((any::<i64>(), any::<i64>()), 0..30)) {
        let mut last = None;
        for (at, value) in reports {
            let (new, next) = Counter::count(last, at, value);
            prop_assert!(new >= 0);
            prop_assert!(last.is_none_or(|last| last.at <= next.at));
            last = Some(next);
        }
    }

    #[test]
    fn the_states_entered_are_those_reported(
        reports in prop::collection::vec((1_i64..200_000, prop::option::of(prop::sample::select(Status::ALL.to_vec()))), 1..40)
    ) {
        let (mut known, mut states, mut at, mut truth) = (None, Vec::new(), 0, Vec::new());
        for (sequence, (pause, status)) in (0..).zip(reports) {
            at += pause;
            truth.push((at, status));
            let (next, spans) = Known::report(known, at, status);
            for Span { begin, end, status } in spans {
                prop_assert!(begin < end);
                crate::oee::state::enter(&mut states, &State { begin, end, status, cause: None, sequence });
            }
            known = Some(next);
        }
        for state in &states {
            // but for the second that a state is entered at once, it is what the last report before said, within its time
            for instant in [state.begin, state.end - STATE_AT_ONCE - 1] {
                let before = truth.iter().rev().find(|(at, _)| *at <= instant);
                if let Some((at, status)) = before && instant >= state.begin {
                    prop_assert!(*status == Some(state.status) || instant - at < STATE_AT_ONCE);
                    prop_assert!(instant - at < STATE_HOLDS);
                }
            }
        }
    }
}
