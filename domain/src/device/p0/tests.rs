use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::device::datapoint::{NumberSpec, from_hex};
use crate::device::decimal::Decimal;
use crate::device::definition::Protocol;
use crate::device::definition::tests::{air_conditioner, pet_house};
use crate::device::frame::Frame;

fn any_type() -> impl Strategy<Value = DataType> {
    let number = (
        prop::sample::select(vec![1_usize, 2, 4]),
        any::<(u32, u32)>(),
        1_i128..1000,
        0_u32..5,
        -5000_i128..5000,
        0_u32..3,
    );
    prop_oneof![
        3 => Just(DataType::Bool),
        3 => (1_usize..70).prop_map(|n| DataType::Enum((0..n).map(|i| format!("choice {i}")).collect())),
        3 => number.prop_map(|(bytes, (a, b), ratio, ratio_places, addition, addition_places)| {
            let capacity = u32::MAX >> (32 - 8 * bytes);
            let (a, b) = (a & capacity, b & capacity);
            DataType::Number(NumberSpec {
                bytes,
                min: a.min(b),
                max: a.max(b),
                ratio: Decimal::new(ratio, ratio_places),
                addition: Decimal::new(addition, addition_places),
            })
        }),
        1 => (1_usize..40).prop_map(DataType::Binary),
    ]
}

/// Any definition: of each protocol, with gaps between ids, and written down in another order than that of the ids.
pub(crate) fn any_definition() -> impl Strategy<Value = Definition> {
    let datapoint = (prop::sample::select(Kind::ALL.to_vec()), any_type(), 1_u32..4);
    let datapoints = prop::collection::vec(datapoint, 0..26).prop_map(|list| {
        let mut id = 0;
        let datapoint = |(index, (kind, data_type, gap)): (usize, (Kind, DataType, u32))| {
            id += gap;
            let bit = matches!(kind, Kind::Alert | Kind::Fault);
            Datapoint {
                id,
                name: format!("d{index}"),
                display_name: format!("Datapoint {index}"),
                desc: String::new(),
                kind,
                data_type: if bit { DataType::Bool } else { data_type },
            }
        };
        list.into_iter().enumerate().map(datapoint).collect::<Vec<_>>()
    });
    let protocol = prop::sample::select(vec![Protocol::Fixed, Protocol::Variable]);
    (datapoints.prop_shuffle(), protocol).prop_map(|(datapoints, protocol)| {
        Definition::build("any", "key", protocol, &datapoints).expect("a sound definition")
    })
}

/// A value that the definition allows, from one random number for each datapoint; `None` for about a third.
fn values(definition: &Definition, random: &[(u64, Index)], wanted: impl Fn(&Datapoint) -> bool) -> Values {
    let mut values = Values::new();
    for (datapoint, (number, index)) in definition.datapoints().iter().zip(random.iter().cycle()) {
        if !wanted(datapoint) {
            continue;
        }
        let raw = match &datapoint.data_type {
            DataType::Bool => Raw::Number(u32::try_from(number % 2).expect("a bit")),
            DataType::Enum(choices) => Raw::Number(u32::try_from(index.index(choices.len())).expect("small")),
            DataType::Number(spec) => {
                let span = u64::from(spec.max - spec.min) + 1;
                Raw::Number(spec.min + u32::try_from(number % span).expect("in the span"))
            }
            DataType::Binary(len) => {
                Raw::Bytes(number.to_le_bytes().into_iter().cycle().take(*len).collect())
            }
        };
        values.insert(datapoint.id, raw);
    }
    values
}

/// A definition, a value for each of its datapoints, and which of them a message carries.
pub(crate) fn any_message() -> impl Strategy<Value = (Definition, Values, Values)> {
    let random = prop::collection::vec((any::<u64>(), any::<Index>()), 40);
    let some = prop::collection::vec(any::<bool>(), 128);
    (any_definition(), random, some).prop_map(|(definition, random, some)| {
        let all = values(&definition, &random, |_| true);
        let part = all.iter().filter(|(id, _)| some[**id as usize % 128]);
        let part = part.map(|(id, raw)| (*id, raw.clone())).collect();
        (definition, all, part)
    })
}

fn there_and_back(definition: &Definition, p0: &P0) {
    let bytes = p0.encode(definition);
    assert_eq!(P0::decode(definition, &bytes), Ok((p0.clone(), Vec::new())), "{bytes:02x?}");
}

proptest! {
    #[test]
    fn what_is_written_is_read((definition, all, part) in any_message()) {
        for action in [Action::Answer, Action::Report] {
            there_and_back(&definition, &P0::of_values(action, Packing::Fixed, all.clone()));
        }
        for action in [Action::Control, Action::Answer, Action::Report] {
            there_and_back(&definition, &P0::of_values(action, Packing::Variable, part.clone()));
        }
        let writable = |(id, _): &(&u32, &Raw)| definition.with_id(**id).expect("defined").kind == Kind::Writable;
        let control = part.iter().filter(writable).map(|(id, raw)| (*id, raw.clone())).collect();
        there_and_back(&definition, &P0::of_values(Action::Control, Packing::Fixed, control));
        there_and_back(&definition, &P0::read_all(&definition, Packing::Fixed));
        there_and_back(&definition, &P0::read_all(&definition, Packing::Variable));
    }

    #[test]
    fn positions_written_down_are_those_used((definition, all, _) in any_message()) {
        let again = Definition::read(definition.document().clone()).expect("what was made can be read");
        let p0 = P0::of_values(Action::Report, Packing::Fixed, all);
        prop_assert_eq!(p0.encode(&definition), p0.encode(&again));
    }

    #[test]
    fn a_shown_value_is_read_as_the_same((definition, all, _) in any_message()) {
        for (id, raw) in &all {
            let datapoint = definition.with_id(*id).expect("defined");
            let shown = datapoint.shown(raw).expect("allowed");
            let text = shown.to_string();
            let back = serde_json::from_str(&text).expect("JSON");
            prop_assert_eq!(datapoint.read(&back), Ok(raw.clone()), "{}", text);
        }
    }

    #[test]
    fn any_bytes_give_a_value_or_a_named_trouble(definition in any_definition(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((p0, _)) = P0::decode(&definition, &bytes) {
            prop_assert!(p0.values.len() <= definition.datapoints().len());
            prop_assert!(p0.data.len() <= bytes.len());
        }
    }

    #[test]
    fn a_cut_message_keeps_what_came_whole((definition, all, part) in any_message(), cut in any::<Index>()) {
        for p0 in [
            P0::of_values(Action::Report, Packing::Fixed, all),
            P0::of_values(Action::Report, Packing::Variable, part),
        ] {
            let bytes = p0.encode(&definition);
            let kept = cut.index(bytes.len());
            match P0::decode(&definition, &bytes[..kept]) {
                Ok((read, troubles)) => {
                    prop_assert!(read.values.iter().all(|(id, raw)| p0.values.get(id) == Some(raw)));
                    prop_assert_eq!(troubles.len(), 1);
                    prop_assert_eq!(troubles[0].kind, TroubleKind::Truncated);
                }
                Err(trouble) => prop_assert_eq!(trouble.kind, TroubleKind::Truncated),
            }
        }
    }

    #[test]
    fn a_longer_message_keeps_everything((definition, all, part) in any_message(), more in prop::collection::vec(any::<u8>(), 1..9)) {
        for p0 in [
            P0::of_values(Action::Report, Packing::Fixed, all),
            P0::of_values(Action::Report, Packing::Variable, part),
        ] {
            let mut bytes = p0.encode(&definition);
            bytes.extend(&more);
            let (read, troubles) = P0::decode(&definition, &bytes).expect("readable");
            prop_assert_eq!(read, p0);
            prop_assert_eq!(troubles[0].kind, TroubleKind::Surplus);
        }
    }
}

fn named(definition: &Definition, p0: &P0) -> Vec<(String, String)> {
    let shown = |(id, raw): (&u32, &Raw)| {
        let datapoint = definition.with_id(*id).expect("defined");
        (datapoint.name.clone(), datapoint.shown(raw).expect("shown").to_string())
    };
    p0.values.iter().map(shown).collect()
}

#[test]
fn the_documented_control_message_is_read_and_written() {
    let definition = air_conditioner();
    let sample = from_hex("0000000309000090010101000010").expect("hexadecimal");
    let (frame, cut) = Frame::decode(&sample).expect("a frame");
    assert_eq!((frame.command.number(), cut), (0x90, None));
    let (p0, troubles) = P0::decode(&definition, frame.p0).expect("a P0");
    assert_eq!((p0.action, troubles), (Action::Control, vec![]));
    assert_eq!(named(&definition, &p0), [("switch".into(), "1".into())]);
    assert_eq!(Frame::to_device(&p0.encode(&definition)).encode(), sample);
}

#[test]
fn the_documented_report_is_read_and_written() {
    let definition = air_conditioner();
    let sample = from_hex("000000030b0000910401000010000000").expect("hexadecimal");
    let (frame, cut) = Frame::decode(&sample).expect("a frame");
    assert_eq!((frame.command.number(), cut), (0x91, None));
    let (p0, troubles) = P0::decode(&definition, frame.p0).expect("a P0");
    assert_eq!((p0.action, troubles, p0.values.len()), (Action::Report, vec![], 11));
    assert_eq!(Frame::from_device(&p0.encode(&definition)).encode(), sample);
}

#[test]
fn the_pet_house_is_read_at_its_known_places() {
    let definition = pet_house();
    let (p0, troubles) =
        P0::decode(&definition, &[4, 0b0000_0101, 10, 20, 30, 10, 1, 35, 60, 0b10, 0b1001]).expect("a P0");
    assert_eq!(troubles, []);
    let expected = [
        ("LED_OnOff", "1"),
        ("LED_Color", "\"紫色\""),
        ("LED_R", "10"),
        ("LED_G", "20"),
        ("LED_B", "30"),
        ("Motor_Speed", "5"),
        ("Infrared", "1"),
        ("Temperature", "22"),
        ("Humidity", "60"),
        ("Alert_1", "0"),
        ("Alert_2", "1"),
        ("Fault_LED", "1"),
        ("Fault_Motor", "0"),
        ("Fault_TemHum", "0"),
        ("Fault_IR", "1"),
    ];
    let expected = expected.map(|(name, shown)| (name.to_owned(), shown.to_owned()));
    assert_eq!(named(&definition, &p0), expected);
}

/// Nine datapoints of a public product of variable length, and a message its firmware writes.
#[test]
fn bits_of_all_kinds_share_one_area_where_the_length_varies() {
    let number = |addition| {
        let (ratio, addition) = (Decimal::ONE, Decimal::new(addition, 0));
        DataType::Number(NumberSpec { bytes: 1, min: 0, max: 100, ratio, addition })
    };
    let choices = |n: usize| DataType::Enum((0..n).map(|i| i.to_string()).collect());
    let types = [
        ("switch", Kind::Writable, DataType::Bool),
        ("wakeup_word", Kind::Writable, DataType::Bool),
        ("charge_status", Kind::ReadOnly, choices(3)),
        ("alert_tone_language", Kind::Writable, choices(2)),
        ("chat_mode", Kind::Writable, choices(3)),
        ("battery_percentage", Kind::ReadOnly, number(0)),
        ("volume_set", Kind::Writable, number(0)),
        ("rssi", Kind::ReadOnly, number(-100)),
        ("brightness", Kind::Writable, number(0)),
    ];
    let datapoint = |(id, (name, kind, data_type)): (u32, (&str, Kind, DataType))| Datapoint {
        id,
        name: name.into(),
        display_name: name.into(),
        desc: String::new(),
        kind,
        data_type,
    };
    let datapoints: Vec<_> = (0..).zip(types).map(datapoint).collect();
    let definition = Definition::build("toy", "key", Protocol::Variable, &datapoints).expect("sound");
    let mut message = from_hex("000000030f00009300000002").expect("hexadecimal");
    message.extend([0x14, 0x01, 0xff, 0b0101_0111, 80, 50, 42, 9]);
    let (frame, cut) = Frame::decode(&message).expect("a frame");
    assert_eq!((frame.serial, cut), (Some(2), None));
    let (p0, troubles) = P0::decode(&definition, frame.p0).expect("a P0");
    assert_eq!(troubles, []);
    let raw: Vec<_> = p0.values.values().cloned().collect();
    assert_eq!(raw, [1, 1, 1, 1, 2, 80, 50, 42, 9].map(Raw::Number));
    assert_eq!(frame.encode(), message);
}

#[test]
fn a_bit_area_of_more_than_eight_bits_is_one_big_endian_number() {
    let bit = |id: u32| Datapoint {
        id,
        name: format!("b{id}"),
        display_name: String::new(),
        desc: String::new(),
        kind: Kind::Writable,
        data_type: if id == 7 {
            DataType::Enum(["a", "b", "c", "d"].map(Into::into).to_vec())
        } else {
            DataType::Bool
        },
    };
    let definition =
        Definition::build("p", "k", Protocol::Fixed, &(0..10).map(bit).collect::<Vec<_>>()).expect("sound");
    // bits 7 and 8 are the enumeration, which straddles both bytes; flags of ten datapoints likewise
    let values = [(0, Raw::Number(1)), (7, Raw::Number(2)), (9, Raw::Number(1))].into();
    let p0 = P0::of_values(Action::Control, Packing::Fixed, values);
    assert_eq!(p0.encode(&definition), [1, 0b10, 0b1000_0001, 0b101, 0b0000_0001]);
    let attrs = &definition.document()["entities"][0]["attrs"];
    assert_eq!(
        (&attrs[7]["position"]["byte_offset"], &attrs[7]["position"]["bit_offset"]),
        (&0.into(), &7.into())
    );
    assert_eq!(
        (&attrs[8]["position"]["byte_offset"], &attrs[8]["position"]["bit_offset"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn a_flag_of_no_datapoint_is_named_and_nothing_is_guessed() {
    let definition = pet_house();
    let read = |bytes: &[u8]| P0::decode(&definition, bytes).expect("readable");
    let (p0, troubles) = read(&[0x14, 0x80, 0x01, 1, 9]);
    assert_eq!((troubles[0].kind, p0.values.len()), (TroubleKind::UnknownFlag, 0));
    let (p0, troubles) = read(&[0x14, 0x80, 0x01, 1]);
    assert_eq!((troubles.len(), p0.values.len()), (1, 1));
    let (p0, troubles) = read(&[0x12, 0xff, 0xff]);
    assert_eq!((troubles, p0.asked.len()), (vec![], 15));
    assert_eq!(P0::decode(&definition, &[]).expect_err("nothing").kind, TroubleKind::Truncated);
    assert_eq!(P0::decode(&definition, &[7]).expect_err("no action").kind, TroubleKind::UnknownAction);
    assert_eq!(read(&[6, 1, 2]).0, P0::of_data(Action::DataFromDevice, vec![1, 2]));
}
