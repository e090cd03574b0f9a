use std::sync::Arc;

use domain::device::datapoint::Raw;
use domain::device::p0::{Action, Values};
use domain::device::payload::Topic;
use domain::device::{DataType, Definition, Kind, Order, read_report};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::behaviour::Behaviour;
use super::device::{Order as Told, binary, order};
use super::duty::Duty;

const BEGIN: i64 = 1_760_000_000_000;

/// A pump that counts, wanders, fails and is controlled.
fn pump(protocol: &str) -> Arc<Definition> {
    let number =
        |min: u32, max: u32, ratio: f64| json!({"min": min, "max": max, "ratio": ratio, "addition": 0});
    let attr = |id: u32, name: &str, kind: &str, data_type: &str, more: Value| {
        let mut attr =
            json!({"id": id, "name": name, "display_name": name, "type": kind, "data_type": data_type});
        for (key, value) in more.as_object().expect("an object") {
            attr[key] = value.clone();
        }
        attr
    };
    let attrs = [
        attr(0, "power", "status_writable", "bool", json!({})),
        attr(1, "set_pressure", "status_writable", "uint8", json!({"uint_spec": number(10, 100, 0.1)})),
        attr(2, "program", "status_writable", "enum", json!({"enum": ["a", "b", "c"]})),
        attr(3, "state", "status_readonly", "enum", json!({"enum": ["停机", "待机", "运行", "故障"]})),
        attr(4, "pressure", "status_readonly", "uint16", json!({"uint_spec": number(0, 1600, 0.01)})),
        attr(5, "flow", "status_readonly", "uint16", json!({"uint_spec": number(5, 5, 1.0)})),
        attr(6, "pieces", "status_readonly", "uint32", json!({"uint_spec": number(0, 4_294_967_295, 1.0)})),
        attr(7, "rejects", "status_readonly", "uint8", json!({"uint_spec": number(0, 9, 1.0)})),
        attr(8, "id", "status_readonly", "binary", json!({"position": {"len": 4}})),
        attr(9, "over_temp", "fault", "bool", json!({})),
        attr(10, "filter", "alert", "bool", json!({})),
        attr(11, "is_running", "status_readonly", "bool", json!({})),
    ];
    let document = json!({"name": "Pump", "protocolType": protocol, "product_key": "k", "packetVersion": "0x00000004",
        "entities": [{"id": 0, "name": "entity0", "display_name": "", "attrs": attrs}]});
    Arc::new(Definition::read(document).expect("a definition"))
}

fn number(values: &Values, id: u32) -> u32 {
    match values[&id] {
        Raw::Number(number) => number,
        Raw::Bytes(_) => panic!("{id} is no number"),
    }
}

/// The values of a device, every ten seconds of some hours.
fn story(seed: u64, machine: u64, faults: f64) -> Vec<(Duty, Values)> {
    let definition = pump("standard");
    let mut behaviour = Behaviour::new(&definition, seed, machine, BEGIN, faults);
    let mut story = Vec::new();
    for _ in 0..5_000 {
        behaviour.go_on(10_000);
        story.push((behaviour.duty(), behaviour.values().clone()));
    }
    story
}

#[test]
fn one_seed_tells_one_story() {
    assert_eq!(story(1, 1, 6.0), story(1, 1, 6.0));
    assert_ne!(story(1, 1, 6.0), story(2, 1, 6.0));
    assert_ne!(story(1, 1, 6.0), story(1, 2, 6.0));
}

#[test]
fn values_are_those_of_the_definition() {
    let definition = pump("standard");
    for (_, values) in story(3, 1, 6.0) {
        assert_eq!(values.len(), definition.datapoints().len());
        for (id, raw) in &values {
            let datapoint = definition.with_id(*id).expect("a datapoint");
            assert!(datapoint.allows(raw), "{}: {raw:?}", datapoint.name);
        }
    }
}

#[test]
fn pieces_count_up_while_the_machine_runs_and_only_then() {
    let story = story(4, 1, 6.0);
    let mut made = 0;
    for pair in story.windows(2) {
        let ((_, before), (duty, after)) = (&pair[0], &pair[1]);
        let (before, after) = (number(before, 6), number(after, 6));
        if after < before {
            assert_eq!(after, 0, "set back, which is rare");
        } else if after > before {
            assert!(after - before <= 2, "{before} {after}");
            assert_ne!((*duty, made), (Duty::Idle, 0));
            made += after - before;
        }
    }
    assert!((300..3_000).contains(&made), "{made}");
    let last = &story.last().expect("some").1;
    assert!(number(last, 7) <= 9, "a counter that begins anew at its limit");
}

#[test]
fn a_walk_has_no_leaps_and_knows_what_the_machine_does() {
    let story = story(5, 1, 0.0);
    let leaps = story.windows(2).filter(|pair| number(&pair[0].1, 4).abs_diff(number(&pair[1].1, 4)) > 200);
    assert_eq!(leaps.count(), 0);
    let mean = |wanted: Duty| {
        let levels: Vec<_> =
            story.iter().filter(|(duty, _)| *duty == wanted).map(|(_, values)| number(values, 4)).collect();
        f64::from(levels.iter().sum::<u32>()) / levels.len().max(1) as f64
    };
    assert!(
        mean(Duty::Running) > mean(Duty::Stopped) + 50.0,
        "{} {}",
        mean(Duty::Running),
        mean(Duty::Stopped)
    );
    for (duty, values) in &story {
        let state = number(values, 3);
        assert!(state < 3 || *duty == Duty::Stopped);
    }
}

#[test]
fn faults_and_alarms_open_and_resolve() {
    let told = story(6, 1, 20.0);
    for id in [9, 10] {
        let flips = told.windows(2).filter(|pair| pair[0].1[&id] != pair[1].1[&id]).count();
        let open = told.iter().filter(|(_, values)| number(values, id) == 1).count();
        assert!((10..400).contains(&flips) && open < 2_000, "{id}: {flips} flips, {open} open");
    }
    assert!(
        told.iter().all(|(duty, values)| number(values, 9) == 0 || *duty == Duty::Stopped),
        "broken, so it stands"
    );
    let never = story(6, 1, 0.0);
    assert!(never.iter().all(|(_, values)| number(values, 9) + number(values, 10) == 0));
}

#[test]
fn a_device_does_what_it_can_of_what_it_is_told() {
    let definition = pump("standard");
    let mut behaviour = Behaviour::new(&definition, 1, 1, BEGIN, 0.0);
    assert!(!behaviour.obey(&Values::from([
        (4, Raw::Number(7)),
        (1, Raw::Number(200)),
        (99, Raw::Number(1))
    ])));
    assert!(behaviour.obey(&Values::from([(1, Raw::Number(20)), (0, Raw::Number(0))])));
    for _ in 0..50 {
        behaviour.go_on(60_000);
        assert_eq!(behaviour.duty(), Duty::Stopped, "switched off");
    }
    assert_eq!(number(behaviour.values(), 1), 20);
    assert!(behaviour.obey(&Values::from([(0, Raw::Number(1))])));
    let mut near = 0;
    for _ in 0..2_000 {
        behaviour.go_on(60_000);
        if behaviour.duty() == Duty::Running && number(behaviour.values(), 4).abs_diff(200) < 120 {
            near += 1;
        }
    }
    assert!(near > 500, "2.0 bar was asked for: {near}");
}

#[test]
fn reports_are_read_without_trouble_and_orders_are_understood() {
    for protocol in ["standard", "var_len"] {
        let definition = pump(protocol);
        let behaviour = Behaviour::new(&definition, 1, 1, BEGIN, 0.0);
        let bytes = binary(&definition, Action::Report, behaviour.values().clone());
        let report = read_report(&definition, Topic::Binary, &bytes, BEGIN);
        assert!(report.troubles.is_empty(), "{:?}", report.troubles);
        assert_eq!(report.attrs.len(), 12);
        let attrs = json!({"set_pressure": 4.2, "program": "c"});
        let wish = Order::read(&definition, Some(&attrs), None, None).expect("an order");
        let expected = Told::Set(Values::from([(1, Raw::Number(42)), (2, Raw::Number(2))]));
        for form in [report.form.expect("a form"), domain::device::Form::Json] {
            let payload = wish.encode(&definition, form).payload;
            assert_eq!(order(&definition, &payload).expect("an order"), expected, "{form:?}");
        }
        let raw = Order::Raw(vec![if protocol == "standard" { 2 } else { 0x12 }, 0xff, 0x0f]);
        let payload = raw.encode(&definition, domain::device::Form::Json).payload;
        assert_eq!(order(&definition, &payload), Some(Told::Say));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_order_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = order(&pump("standard"), &bytes);
    }

    #[test]
    fn any_number_has_a_life(min in any::<u32>(), max in any::<u32>(), writable in any::<bool>(), name in "[a-z_]{1,12}") {
        let (min, max) = (min.min(max), min.max(max));
        let kind = if writable { "status_writable" } else { "status_readonly" };
        let attr = json!({"id": 0, "name": name, "type": kind, "data_type": "uint32",
            "uint_spec": {"min": min, "max": max, "ratio": 1, "addition": 0}});
        let document = json!({"name": "p", "entities": [{"id": 0, "name": "e", "attrs": [attr]}]});
        let definition = Arc::new(Definition::read(document).expect("a definition"));
        prop_assert!(definition.datapoints().iter().all(|it| matches!(it.data_type, DataType::Number(_))));
        prop_assert!(definition.of_kind(Kind::Fault).next().is_none());
        let mut behaviour = Behaviour::new(&definition, 1, 1, BEGIN, 1.0);
        for _ in 0..50 {
            behaviour.go_on(30_000);
            let raw = behaviour.values()[&0].clone();
            prop_assert!(definition.datapoints()[0].allows(&raw), "{raw:?}");
        }
    }
}
