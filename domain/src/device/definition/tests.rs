use serde_json::{Value, json};

use super::*;
use crate::Error;
use crate::device::datapoint::{DataType, NumberSpec, Raw};
use crate::device::decimal::Decimal;

fn attr(id: u32, name: &str, kind: &str, data_type: &str, more: Value) -> Value {
    let mut attr = json!({"display_name": name, "name": name, "data_type": data_type, "type": kind, "id": id, "desc": ""});
    for (key, value) in more.as_object().expect("an object") {
        attr[key] = value.clone();
    }
    attr
}

pub(crate) fn document(protocol: &str, attrs: Vec<Value>) -> Value {
    json!({"name": "p", "entities": [{"id": 0, "name": "entity0", "display_name": "e", "attrs": attrs}],
        "protocolType": protocol, "product_key": "4244bf2d79694a259232431b6f2ef46a", "packetVersion": "0x00000004"})
}

/// The air conditioner of the source document's communication log and history.
pub(crate) fn air_conditioner() -> Definition {
    let number = |max: u32, addition: i32| json!({"uint_spec": {"min": 0, "max": max, "ratio": 1, "addition": addition}});
    Definition::read(document(
        "standard",
        vec![
            attr(0, "switch", "status_writable", "bool", json!({})),
            attr(1, "mode", "W", "enum", json!({"enum": ["制冷", "制热", "除湿", "送风"]})),
            attr(2, "fan_speed", "W", "enum", json!({"enum": ["低风", "中风", "高风"]})),
            attr(3, "fan_swing", "W", "bool", json!({})),
            attr(4, "on_timing", "W", "uint8", number(24, 0)),
            attr(5, "off_timing", "W", "uint8", number(24, 0)),
            attr(
                6,
                "set_temp",
                "W",
                "uint8",
                json!({"uint_spec": {"min": 16, "max": 30, "ratio": 1, "addition": 0}}),
            ),
            attr(7, "room_temp", "status_readonly", "uint8", number(60, -10)),
            attr(8, "alert_full", "alert", "bool", json!({})),
            attr(9, "alert_shutdown", "N", "bool", json!({})),
            attr(10, "fault_roomtemp", "fault", "bool", json!({})),
        ],
    ))
    .expect("a sound definition")
}

/// The public definition of the Pet House.
pub(crate) fn pet_house() -> Definition {
    let number = |max: u32, addition: i32| json!({"uint_spec": {"min": 0, "max": max, "ratio": 1, "addition": addition}});
    let mut attrs = vec![
        attr(0, "LED_OnOff", "status_writable", "bool", json!({})),
        attr(1, "LED_Color", "status_writable", "enum", json!({"enum": ["自定义", "黄色", "紫色", "粉色"]})),
        attr(2, "LED_R", "status_writable", "uint8", number(254, 0)),
        attr(3, "LED_G", "status_writable", "uint8", number(254, 0)),
        attr(4, "LED_B", "status_writable", "uint8", number(254, 0)),
        attr(5, "Motor_Speed", "status_writable", "uint8", number(10, -5)),
        attr(6, "Infrared", "status_readonly", "bool", json!({})),
        attr(7, "Temperature", "status_readonly", "uint8", number(200, -13)),
        attr(8, "Humidity", "status_readonly", "uint8", number(100, 0)),
    ];
    let bits = ["Alert_1", "Alert_2", "Fault_LED", "Fault_Motor", "Fault_TemHum", "Fault_IR"];
    for (name, id) in bits.into_iter().zip(9..) {
        attrs.push(attr(id, name, if id < 11 { "alert" } else { "fault" }, "bool", json!({})));
    }
    Definition::read(document("standard", attrs)).expect("a sound definition")
}

fn positions(definition: &Definition) -> Vec<(u64, u64, u64)> {
    let attrs = definition.document()["entities"][0]["attrs"].as_array().expect("a list");
    let number = |attr: &Value, key: &str| attr["position"][key].as_u64().expect("a number");
    attrs.iter().map(|a| (number(a, "byte_offset"), number(a, "bit_offset"), number(a, "len"))).collect()
}

fn refused(document: Value) -> String {
    match Definition::read(document) {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("{other:?}"),
    }
}

#[test]
fn positions_follow_from_the_datapoints() {
    let expected = [
        (0, 0, 1),
        (0, 1, 2),
        (1, 0, 1),
        (2, 0, 1),
        (3, 0, 1),
        (4, 0, 1),
        (5, 0, 1),
        (6, 0, 1),
        (7, 0, 1),
        (8, 0, 1),
        (8, 1, 1),
        (9, 0, 1),
        (9, 1, 1),
        (9, 2, 1),
        (9, 3, 1),
    ];
    let house = pet_house();
    assert_eq!(positions(&house), expected);
    assert_eq!(house.layout().status_len(), 10);
    assert_eq!(house.layout().writable_len(), 5);
    // read again, now with its positions, nothing changes
    let again = Definition::read(house.document().clone()).expect("sound");
    assert_eq!((again.document(), again.layout().status_len()), (house.document(), 10));
}

#[test]
fn the_documented_example_is_kept_as_it_is() {
    let text = r#"{"name": "微信宠物屋", "entities": [{"id": 0, "display_name": "机智云开发套件", "attrs": [{"display_name": "开关", "name": "switch", "data_type": "bool", "position": {"bit_offset": 0, "len": 1, "unit": "bit", "byte_offset": 0}, "type": "status_writable", "id": 0, "desc": "....."}], "name": "entity0"}], "protocolType": "standard", "product_key": "4244bf2d79694a259232431b6f2ef46a", "packetVersion": "0x00000004", "ui": {"object": {"version": 4, "showEditButton": false}, "sections": [{"elements": [{"boolValue": false, "object": {"action": "entity0", "bind": ["entity0.switch"], "perm": "W"}, "type": "QBooleanElement", "key": "entity0.switch", "title": "开关"}]}]}}"#;
    let definition = Definition::parse(text).expect("the documented example");
    let document: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(serde_json::to_string(&definition).expect("JSON"), document.to_string());
    // built from its one datapoint, it is the same again
    let built =
        Definition::build("微信宠物屋", definition.product_key(), Protocol::Fixed, definition.datapoints());
    assert_eq!(built.expect("sound").document(), &document);
}

#[test]
fn what_is_not_understood_is_kept() {
    let mut given = document("var_len", vec![attr(3, "b", "E", "bool", json!({"maker": {"x": 1}}))]);
    given["extra"] = json!([1, 2]);
    given["ui"] = json!({"own": true});
    let definition = Definition::read(given).expect("sound");
    assert_eq!(definition.document()["extra"], json!([1, 2]));
    assert_eq!(definition.document()["ui"], json!({"own": true}));
    assert_eq!(definition.document()["entities"][0]["attrs"][0]["type"], "E");
    let mut datapoints = definition.datapoints().to_vec();
    datapoints[0].desc = "new".into();
    let edited = definition.with_datapoints(&datapoints).expect("sound").of_product("n", "k");
    let attr = &edited.document()["entities"][0]["attrs"][0];
    assert_eq!(
        (&attr["type"], &attr["maker"], &attr["desc"]),
        (&json!("E"), &json!({"x": 1}), &json!("new"))
    );
    assert_eq!(edited.document()["ui"]["sections"][0]["elements"], json!([]));
    assert_eq!((edited.product_name(), edited.product_key()), ("n", "k"));
}

#[test]
fn ui_shows_limits_in_shown_units() {
    let house = pet_house();
    let elements = house.document()["ui"]["sections"][0]["elements"].as_array().expect("a list");
    assert_eq!(elements.len(), 9, "alerts and faults are not drawn");
    assert_eq!(elements[5]["object"]["uint_spec"], json!({"max": 5, "step": 1, "min": -5}));
    assert_eq!((&elements[5]["minimumValue"], &elements[5]["type"]), (&json!(-5), &json!("QFloatElement")));
    assert_eq!(
        (&elements[7]["object"]["perm"], &elements[7]["type"]),
        (&json!("N"), &json!("QLabelElement"))
    );
}

#[test]
fn refusals_name_the_path() {
    let spec = |spec: Value| {
        document(
            "standard",
            vec![
                attr(0, "a", "W", "bool", json!({})),
                attr(1, "n", "W", "uint8", json!({ "uint_spec": spec })),
            ],
        )
    };
    let with = |more: Value| {
        document("standard", vec![attr(0, "a", "W", "bool", json!({})), attr(1, "n", "W", "bool", more)])
    };
    let path = |rest: &str| format!("entities[0].attrs[1].{rest}");
    assert_eq!(refused(json!(1)), "definition");
    assert_eq!(refused(json!({})), "entities");
    assert_eq!(refused(document("other", vec![])), "protocolType");
    assert_eq!(refused(spec(json!({"min": 0, "max": 256}))), path("uint_spec.max"));
    assert_eq!(refused(spec(json!({"min": 9, "max": 8}))), path("uint_spec.max"));
    assert_eq!(refused(spec(json!({"min": -1, "max": 8}))), path("uint_spec.min"));
    assert_eq!(refused(spec(json!({"ratio": 0}))), path("uint_spec.ratio"));
    assert_eq!(refused(spec(json!({"ratio": 1e14}))), path("uint_spec.ratio"));
    assert_eq!(refused(spec(json!({"addition": "1"}))), path("uint_spec.addition"));
    assert_eq!(refused(spec(json!(null))), path("uint_spec"));
    assert_eq!(refused(with(json!({"id": 0}))), path("id"));
    assert_eq!(refused(with(json!({"name": "a"}))), path("name"));
    assert_eq!(refused(with(json!({"name": "a b"}))), path("name"));
    assert_eq!(refused(with(json!({"type": "X"}))), path("type"));
    assert_eq!(refused(with(json!({"data_type": "uint64"}))), path("data_type"));
    assert_eq!(refused(with(json!({"type": "N", "data_type": "enum", "enum": ["x"]}))), path("data_type"));
    assert_eq!(refused(with(json!({"data_type": "enum", "enum": []}))), path("enum"));
    assert_eq!(refused(with(json!({"data_type": "enum", "enum": ["x", "x"]}))), path("enum[1]"));
    assert_eq!(refused(with(json!({"data_type": "binary"}))), path("position"));
    assert_eq!(refused(with(json!({"data_type": "binary", "position": {"len": 0}}))), path("position.len"));
    let at = |byte: u32, bit: u32, len: u32| json!({"byte_offset": byte, "bit_offset": bit, "len": len, "unit": "bit"});
    assert_eq!(refused(with(json!({"position": at(0, 1, 1)}))), "entities[0].attrs[0].position");
    let both = |second: Value| {
        document(
            "standard",
            vec![
                attr(0, "a", "W", "bool", json!({"position": at(0, 0, 1)})),
                attr(1, "n", "W", "bool", json!({ "position": second })),
            ],
        )
    };
    assert_eq!(refused(both(at(0, 0, 1))), path("position.byte_offset"));
    assert_eq!(refused(both(at(0, 8, 1))), path("position.bit_offset"));
    assert_eq!(refused(both(at(0, 1, 2))), path("position.len"));
    assert_eq!(refused(both(json!({"byte_offset": 0, "len": 1, "unit": "byte"}))), path("position.unit"));
    assert!(Definition::read(both(at(0, 1, 1))).is_ok());
}

#[test]
fn datapoints_are_found_by_name_id_and_kind() {
    let definition = air_conditioner();
    assert_eq!(definition.find("set_temp").map(|datapoint| datapoint.id), Some(6));
    assert_eq!(definition.with_id(9).map(|datapoint| datapoint.name.as_str()), Some("alert_shutdown"));
    let alerts: Vec<_> = definition.of_kind(Kind::Alert).map(|datapoint| datapoint.id).collect();
    assert_eq!(alerts, [8, 9]);
    assert!(definition.find("x").is_none() && definition.with_id(11).is_none());
}

fn tenth() -> Datapoint {
    let spec =
        NumberSpec { bytes: 2, min: 0, max: 500, ratio: Decimal::new(1, 1), addition: Decimal::new(-40, 0) };
    Datapoint {
        id: 0,
        name: "t".into(),
        display_name: "t".into(),
        desc: String::new(),
        kind: Kind::Writable,
        data_type: DataType::Number(spec),
    }
}

#[test]
fn values_are_shown_without_noise_of_binary_fractions() {
    let tenth = tenth();
    assert_eq!(tenth.shown(&Raw::Number(403)).expect("shown").to_string(), "0.3");
    assert_eq!(tenth.shown(&Raw::Number(600)).expect("shown").to_string(), "20.0");
    assert_eq!(tenth.read(&json!(0.300_000_000_000_000_04)), Ok(Raw::Number(403)));
    let air = air_conditioner();
    let of = |name: &str, raw| {
        air.find(name).expect("defined").shown(&Raw::Number(raw)).expect("shown").to_string()
    };
    assert_eq!(
        (of("switch", 1), of("mode", 0), of("room_temp", 0)),
        ("1".into(), "\"制冷\"".into(), "-10".into())
    );
}

#[test]
fn a_value_that_does_not_fit_says_why_and_what_is_near() {
    use crate::device::datapoint::{Misfit, Refused};
    let tenth = tenth();
    let near = |misfit, raw| Err(Refused { misfit, nearest: Some(Raw::Number(raw)) });
    assert_eq!(tenth.read(&json!(1.26)), near(Misfit::Step, 413));
    assert_eq!(tenth.read(&json!(20)), near(Misfit::Range, 600));
    assert_eq!(tenth.read(&json!(1e300)), Err(Misfit::Range.into()));
    assert_eq!(tenth.read(&json!(-41)), Err(Misfit::Range.into()));
    assert_eq!(tenth.read(&json!("1")), Err(Misfit::Type.into()));
    let air = air_conditioner();
    let mode = air.find("mode").expect("defined");
    assert_eq!(mode.read(&json!("除湿")), Ok(Raw::Number(2)));
    assert_eq!(mode.read(&json!(2)), Ok(Raw::Number(2)));
    for value in [json!(4), json!(-1), json!(0.5), json!("x")] {
        assert_eq!(mode.read(&value), Err(Misfit::Choice.into()), "{value}");
    }
    let switch = air.find("switch").expect("defined");
    for (value, raw) in [(json!(true), 1), (json!(0), 0), (json!(1.0), 1)] {
        assert_eq!(switch.read(&value), Ok(Raw::Number(raw)));
    }
    assert_eq!(switch.read(&json!(2)), Err(Misfit::Range.into()));
    assert_eq!(switch.read(&json!("on")), Err(Misfit::Type.into()));
}

#[test]
fn binary_is_filled_up_on_the_right() {
    use crate::device::datapoint::Misfit;
    let binary = Datapoint { data_type: DataType::Binary(5), ..tenth() };
    let raw = binary.read(&json!("1234567")).expect("fits");
    assert_eq!(binary.shown(&raw), Some(json!("1234567000")));
    assert_eq!(binary.read(&json!([18, 52])), Ok(Raw::Bytes(vec![0x12, 0x34, 0, 0, 0])));
    assert_eq!(binary.read(&json!("12345678901")), Err(Misfit::Length.into()));
    assert_eq!(binary.read(&json!("12x")), Err(Misfit::Type.into()));
    assert_eq!(binary.read(&json!([256])), Err(Misfit::Type.into()));
}
