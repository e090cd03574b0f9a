use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::device::datapoint::from_hex;
use crate::device::definition::tests::{air_conditioner, document, pet_house};
use crate::device::frame::{Command, Frame};
use crate::device::p0::tests::{any_definition, any_message};
use crate::device::p0::{Action, P0};
use crate::device::trouble::{TroubleKind, in_words};
use crate::{Code, Error};

/// 2018-01-31, when the documented messages were sent.
const AT: i64 = 1_517_384_252_294;

fn up(definition: &Definition, message: &Value) -> Report {
    read_report(definition, Topic::Json, message.to_string().as_bytes(), AT)
}

fn kinds(report: &Report) -> Vec<TroubleKind> {
    report.troubles.iter().map(|trouble| trouble.kind).collect()
}

#[test]
fn the_documented_report_gives_the_documented_history() {
    let sample = from_hex("000000030b0000910401000010000000").expect("hexadecimal");
    let report = read_report(&air_conditioner(), Topic::Binary, &sample, AT);
    let history = json!({"alert_full": 0, "alert_shutdown": 0, "mode": "制冷", "fan_swing": 0, "switch": 1,
        "fan_speed": "低风", "fault_roomtemp": 0, "room_temp": -10, "set_temp": 16, "off_timing": 0, "on_timing": 0});
    assert_eq!(Value::Object(report.attrs), history);
    assert_eq!((report.form, report.ts, report.ts_given), (Some(Form::Fixed), AT, false));
    assert_eq!(report.troubles, []);
}

#[test]
fn json_takes_bools_and_enumerations_in_each_of_their_forms() {
    let report = up(
        &air_conditioner(),
        &json!({"ts": 1_517_384_243, "attrs":
        {"switch": true, "fan_swing": 0, "mode": 2, "fan_speed": "中风", "room_temp": -3}}),
    );
    assert_eq!(
        Value::Object(report.attrs.clone()),
        json!({"switch": 1, "fan_swing": 0, "mode": "除湿",
        "fan_speed": "中风", "room_temp": -3})
    );
    assert_eq!((report.ts, report.ts_given, report.form), (1_517_384_243_000, true, Some(Form::Json)));
    assert_eq!(report.troubles, []);
}

#[test]
fn a_time_above_a_hundred_billion_is_milliseconds() {
    let ts = |ts: Value| {
        let report = up(&air_conditioner(), &json!({"ts": ts, "attrs": {"switch": 1}}));
        assert_eq!(report.attrs.len(), 1, "the values are kept whatever the time");
        (report.ts, report.ts_given, kinds(&report))
    };
    assert_eq!(ts(json!(1_517_384_243_044_i64)), (1_517_384_243_044, true, vec![]));
    assert_eq!(ts(json!(1_517_384_243.044)), (1_517_384_243_044, true, vec![]));
    assert_eq!(ts(json!(1_517_384_243.044_9)), (1_517_384_243_044, true, vec![]));
    assert_eq!(ts(json!(AT + 300_000)), (AT + 300_000, true, vec![]));
    assert_eq!(ts(json!(AT + 300_001)), (AT, false, vec![TroubleKind::FutureTime]));
    assert_eq!(ts(json!(100_000_000_000_i64)), (AT, false, vec![TroubleKind::FutureTime]));
    for bad in [json!(12), json!(-1), json!("x"), json!(1e300), json!([])] {
        assert_eq!(ts(bad), (AT, false, vec![TroubleKind::BadTime]));
    }
    assert_eq!(ts(Value::Null), (AT, false, vec![]));
}

#[test]
fn what_does_not_fit_is_named_and_what_is_usable_kept() {
    let report = up(
        &air_conditioner(),
        &json!({"attrs": {"on_timing": 25, "off_timing": 256, "set_temp": 20.4,
        "mode": "x", "switch": "on", "nonsense": 1, "room_temp": 5}}),
    );
    assert_eq!(Value::Object(report.attrs.clone()), json!({"on_timing": 25, "set_temp": 20, "room_temp": 5}));
    assert_eq!(
        kinds(&report),
        [
            TroubleKind::OutOfRange,
            TroubleKind::OutOfRange,
            TroubleKind::OffStep,
            TroubleKind::UnknownChoice,
            TroubleKind::WrongType,
            TroubleKind::UnknownDatapoint
        ]
    );
    let words = in_words(&report.troubles).expect("troubles");
    assert!(words.starts_with("on_timing: out of range (25); off_timing: out of range (256); "), "{words}");

    // fan speed 3 has no text, on_timing 255 is beyond its limit
    let sample =
        from_hex("000000030b00009104 18 ff0010000000".replace(' ', "").as_str()).expect("hexadecimal");
    let report = read_report(&air_conditioner(), Topic::Binary, &sample, AT);
    assert_eq!(kinds(&report), [TroubleKind::UnknownChoice, TroubleKind::OutOfRange]);
    assert_eq!((report.attrs.len(), &report.attrs["on_timing"]), (10, &json!(255)));
    assert_eq!(report.troubles[0].to_string(), "fan_speed: not a value of the enumeration (3)");
}

#[test]
fn a_hostile_message_names_few_troubles_shortly() {
    let attrs: serde_json::Map<_, _> =
        (0..5000).map(|n| (format!("{}{n}", "x".repeat(200)), json!(n))).collect();
    let report = up(&air_conditioner(), &json!({ "attrs": attrs }));
    assert_eq!((report.troubles.len(), report.troubles[32].kind), (33, TroubleKind::More));
    assert!(report.troubles.iter().all(|trouble| trouble.to_string().len() < 300));
}

#[test]
fn what_is_no_report_says_so() {
    let definition = air_conditioner();
    for (payload, kind) in [
        ("", TroubleKind::NotAFrame),
        ("00000004", TroubleKind::NotAFrame),
        ("00000003ffffffff7f", TroubleKind::NotAFrame),
        ("0000000303000099", TroubleKind::UnknownCommand),
        ("000000030400009109", TroubleKind::UnknownAction),
        ("00000003040000900401", TroubleKind::Surplus),
        ("000000030400009102", TroubleKind::WrongDirection),
        ("00000003ffffff7f0000910401", TroubleKind::Truncated),
    ] {
        let report = read_report(&definition, Topic::Binary, &from_hex(payload).expect("hexadecimal"), AT);
        assert_eq!(report.troubles.first().map(|trouble| trouble.kind), Some(kind), "{payload}");
    }
    for payload in ["", "1", "{", "{}", "{\"attrs\": 1}", "\u{feff}{}"] {
        let report = read_report(&definition, Topic::Json, payload.as_bytes(), AT);
        assert_eq!((kinds(&report), report.attrs.len()), (vec![TroubleKind::NotJson], 0), "{payload}");
    }
    // neither an acknowledgement nor data of its own is a trouble
    for payload in ["000000030700009400000007", "00000003060000910601ff"] {
        let report = read_report(&definition, Topic::Binary, &from_hex(payload).expect("hexadecimal"), AT);
        assert_eq!((kinds(&report), report.attrs.len(), report.form), (vec![], 0, None));
    }
}

fn order(attrs: &Value) -> crate::Result<Order> {
    Order::read(&air_conditioner(), Some(attrs), None, None)
}

fn refusal(result: crate::Result<Order>) -> (Option<Code>, String) {
    match result.expect_err("refused") {
        Error::Coded(code, why) => (Some(code), why.en),
        Error::Invalid { param, .. } => (None, param),
        other => panic!("{other:?}"),
    }
}

#[test]
fn control_is_written_in_the_form_of_the_device() {
    let definition = air_conditioner();
    let order = order(&json!({"switch": true})).expect("sound");
    let fixed = order.encode(&definition, Form::Fixed);
    assert_eq!(fixed.payload, from_hex("0000000309000090010101000010").expect("hexadecimal"));
    let variable = order.encode(&definition, Form::Variable);
    assert_eq!(
        variable.payload,
        from_hex("00000003070000901100 01 01".replace(' ', "").as_str()).expect("hexadecimal")
    );
    let json = order.encode(&definition, Form::Json);
    assert_eq!(json.payload, br#"{"attrs":{"switch":1}}"#);
    assert_eq!(json.attrs.expect("values").len(), 1);
    assert_eq!(Form::to_control(None, &definition), Form::Fixed);
    assert_eq!(Form::to_control(Form::from_number(3), &definition), Form::Json);
}

#[test]
fn raw_is_taken_in_each_coding() {
    let definition = air_conditioner();
    let raw = |raw: Value, coding| Order::read(&definition, None, Some(&raw), coding);
    let expected = Order::Raw(vec![97, 98, 99]);
    assert_eq!(raw(json!([97, 98, 99]), None).expect("sound"), expected);
    assert_eq!(raw(json!("616263"), Some("hex")).expect("sound"), expected);
    assert_eq!(raw(json!("YWJj"), Some("base64")).expect("sound"), expected);
    assert_eq!(
        expected.encode(&definition, Form::Variable).payload,
        from_hex("0000000306000090616263").expect("hexadecimal")
    );
    assert_eq!(expected.encode(&definition, Form::Json).payload, br#"{"raw":"616263"}"#);
    for (given, coding, begin) in [
        (json!([1, 256]), None, "raw[1] "),
        (json!("61"), None, "raw "),
        (json!([]), None, "raw "),
        (json!([97]), Some("hex"), "raw "),
        (json!("6"), Some("hex"), "raw "),
        (json!("???"), Some("base64"), "raw "),
    ] {
        let (code, why) = refusal(raw(given, coding));
        assert!(code == Some(Code::RawDataError) && why.starts_with(begin), "{why}");
    }
    assert_eq!(refusal(raw(json!("61"), Some("octal"))), (None, "binary_coding".into()));
    assert_eq!(refusal(Order::read(&definition, None, None, None)), (None, "attrs".into()));
    assert_eq!(
        refusal(Order::read(&definition, Some(&json!({})), Some(&json!([])), None)),
        (None, "raw".into())
    );
}

#[test]
fn refused_control_names_the_datapoint() {
    for (attrs, code, begin) in [
        (json!({}), Code::AttrsNotExist, "attrs "),
        (json!({"x": 1}), Code::AttrsNotExist, "attrs.x "),
        (json!({"room_temp": 1}), Code::AttrInvalid, "attrs.room_temp cannot be written"),
        (json!({"set_temp": 31}), Code::AttrInvalid, "attrs.set_temp must be a number from 16 to 30"),
        (json!({"set_temp": 20.5}), Code::AttrInvalid, "attrs.set_temp must be in steps of 1 from 0"),
        (json!({"switch": 2}), Code::AttrInvalid, "attrs.switch must be true, false, 0 or 1"),
        (
            json!({"mode": 4}),
            Code::AttrInvalid,
            "attrs.mode must be one of 制冷, 制热, 除湿, 送风 or an index from 0 to 3",
        ),
    ] {
        let (given, why) = refusal(order(&attrs));
        assert!(given == Some(code) && why.starts_with(begin), "{why}");
    }
    assert_eq!(refusal(order(&json!([]))), (None, "attrs".into()));
    let empty = Definition::read(document("standard", vec![])).expect("sound");
    let (code, _) = refusal(Order::read(&empty, Some(&json!({"a": 1})), None, None));
    assert_eq!(code, Some(Code::DatapointDataNotFound));
}

#[test]
fn logged_messages_are_explained() {
    let definition = air_conditioner();
    let explained = |hex: &str| explain(&definition, &from_hex(hex).expect("hexadecimal"));
    let control = explained("0000000309000090010101000010");
    assert_eq!((control.what.en.as_str(), Value::Object(control.attrs)), ("control", json!({"switch": 1})));
    let asked = explained("000000030600009012ffff");
    assert_eq!((asked.what.en.as_str(), asked.attrs.len()), ("request for values", 11));
    assert_eq!(explained("000000030700009400000007").serial, Some(7));
    assert_eq!(explained("00").troubles.len(), 1);
    let json = explain(&definition, br#"{"attrs": {"switch": 1}}"#);
    assert_eq!((json.what.en.as_str(), json.attrs.len()), ("JSON", 1));
}

proptest! {
    #[test]
    fn frames_are_read_as_written(
        command in prop::sample::select(Command::ALL.to_vec()), serial in any::<u32>(), flag in any::<u8>(),
        p0 in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let serial = command.is_numbered().then_some(serial);
        let frame = Frame { flag, command, serial, p0: &p0 };
        let bytes = frame.encode();
        prop_assert_eq!(Frame::decode(&bytes), Ok((frame, None)));
    }

    #[test]
    fn any_bytes_give_a_report(
        definition in any_definition(), head in any::<bool>(), bytes in prop::collection::vec(any::<u8>(), 0..300),
        at in any::<i64>(),
    ) {
        let bytes = if head { [vec![0, 0, 0, 3], bytes].concat() } else { bytes };
        for topic in [Topic::Binary, Topic::Json] {
            let report = read_report(&definition, topic, &bytes, at);
            prop_assert!(report.attrs.len() <= definition.datapoints().len());
            prop_assert!(report.troubles.len() <= 36);
        }
        explain(&definition, &bytes);
    }

    #[test]
    fn any_json_gives_a_report(definition in any_definition(), values in prop::collection::vec(any_json(), 40), ts in any_json(), at in any::<i64>()) {
        let attrs: serde_json::Map<_, _> = values.into_iter().enumerate().map(|(n, value)| (format!("d{n}"), value)).collect();
        let message = json!({"ts": ts, "attrs": attrs}).to_string();
        let report = read_report(&definition, Topic::Json, message.as_bytes(), at);
        // everything given is kept, named, or both
        let named = |name: &String| report.troubles.iter().any(|trouble| trouble.name.as_ref() == Some(name));
        let all = report.troubles.iter().any(|trouble| trouble.kind == TroubleKind::More);
        prop_assert!(attrs.keys().all(|name| all || report.attrs.contains_key(name) || named(name)));
    }

    #[test]
    fn all_forms_say_the_same((definition, all, part) in any_message()) {
        let frame = |packing, values| {
            let p0 = P0::of_values(Action::Report, packing, values).encode(&definition);
            read_report(&definition, Topic::Binary, &Frame::from_device(&p0).encode(), AT)
        };
        let fixed = frame(Packing::Fixed, all);
        prop_assert_eq!(&fixed.troubles, &vec![]);
        let json = up(&definition, &json!({"attrs": fixed.attrs}));
        prop_assert_eq!((&json.attrs, &json.troubles), (&fixed.attrs, &vec![]));
        let variable = frame(Packing::Variable, part.clone());
        prop_assert_eq!(variable.attrs.len(), part.len());
        prop_assert!(variable.attrs.iter().all(|(name, value)| fixed.attrs.get(name) == Some(value)));
    }

    #[test]
    fn an_order_reaches_the_device_as_given((definition, _, part) in any_message()) {
        let writable = part.iter().filter_map(|(id, raw)| {
            let datapoint = definition.with_id(*id).expect("defined");
            (datapoint.kind == crate::device::Kind::Writable)
                .then(|| (datapoint.name.clone(), datapoint.shown(raw).expect("allowed")))
        });
        let attrs = Value::Object(writable.collect());
        prop_assume!(attrs.as_object().is_some_and(|attrs| !attrs.is_empty()));
        let order = Order::read(&definition, Some(&attrs), None, None).expect("allowed");
        for form in [Form::Fixed, Form::Variable, Form::Json] {
            let outgoing = order.encode(&definition, form);
            prop_assert_eq!(&outgoing.attrs.map(Value::Object), &Some(attrs.clone()));
            let explained = explain(&definition, &outgoing.payload);
            prop_assert_eq!((&Value::Object(explained.attrs), &explained.troubles), (&attrs, &vec![]));
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-300_i64..300).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9a-fA-F]{0,90}".prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..50).prop_map(Value::from),
        Just(json!({"a": [1]})),
    ]
}

#[test]
fn the_pet_house_can_be_told_its_speed() {
    let order = Order::read(&pet_house(), Some(&json!({"Motor_Speed": -5})), None, None).expect("sound");
    let payload = order.encode(&pet_house(), Form::Fixed).payload;
    // byte order of the flags: the sixth writable datapoint is bit 5
    assert_eq!(payload, from_hex("000000030a00009001200000000000").expect("hexadecimal"));
}
