//! What is refused before any statement is made.

use serde_json::json;

use super::{Condition, ConditionParam, MAX_DEPTH};
use crate::Error;
use crate::masterdata::builtin;

fn read(written: serde_json::Value) -> Result<Condition, (String, String)> {
    let written: ConditionParam = serde_json::from_value(written).expect("the shape of a condition");
    let equipment = builtin::by_id(builtin::EQUIPMENT, 0).expect("built in");
    Condition::read("condition", &written, &equipment).map_err(|error| match error {
        Error::Invalid { param, reason } => (param, reason.en),
        other => panic!("{other}"),
    })
}

fn nested(levels: usize) -> serde_json::Value {
    let leaf = json!({"op": "NOTNULL", "col": "name"});
    (1..levels)
        .fold(leaf, |inner, i| json!({"op": if i % 2 == 0 { "AND" } else { "OR" }, "condition": [inner]}))
}

#[test]
fn conditions_nest_to_32_levels() {
    assert!(read(nested(MAX_DEPTH)).is_ok());
    assert_eq!(read(nested(MAX_DEPTH + 1)).unwrap_err().0, "condition");
}

#[test]
fn hostile_sizes_are_refused() {
    let leaf = json!({"op": "NOTNULL", "col": "name"});
    let many = json!({"op": "OR", "condition": vec![leaf; 300]});
    assert_eq!(read(many).unwrap_err().0, "condition");
    let long = json!({"op": "IN", "col": "name", "value": vec!["x"; 3000]});
    assert_eq!(read(long).unwrap_err().0, "condition.value");
    let endless = json!({"op": "LIKE", "col": "name", "value": "x".repeat(5000)});
    assert_eq!(read(endless).unwrap_err().0, "condition.value");
}

#[test]
fn a_refusal_names_where_it_is() {
    let leaf =
        |leaf: serde_json::Value| json!({"op": "AND", "condition": [{"op": "ISNULL", "col": "name"}, leaf]});
    for (wrong, param) in [
        (json!({"op": "EQUAL", "col": "no_such", "value": "x"}), "condition.condition[1].col"),
        (json!({"op": "EQUAL", "value": "x"}), "condition.condition[1].col"),
        (json!({"op": "equals", "col": "name", "value": "x"}), "condition.condition[1].op"),
        (json!({"col": "name", "value": "x"}), "condition.condition[1].op"),
        (json!({"op": "EQUAL", "col": "name"}), "condition.condition[1].value"),
        (json!({"op": "EQUAL", "col": "name", "value": ["x"]}), "condition.condition[1].value"),
        (json!({"op": "EQUAL", "col": "name", "value": "a\u{0}b"}), "condition.condition[1].value"),
        (json!({"op": "LESS", "col": "ideal_cycle_time", "value": "fast"}), "condition.condition[1].value"),
        (
            json!({"op": "IN", "col": "ideal_cycle_time", "value": [1, "x"]}),
            "condition.condition[1].value[1]",
        ),
        (json!({"op": "AND", "condition": []}), "condition.condition[1].condition"),
        (json!({"op": "OR"}), "condition.condition[1].condition"),
    ] {
        assert_eq!(read(leaf(wrong.clone())).unwrap_err().0, param, "{wrong}");
    }
    let unknown = read(json!({"op": "EQUAL", "col": "no_such", "value": "x"})).unwrap_err();
    assert!(unknown.1.contains("no_such"), "{unknown:?}");
}

#[test]
fn a_list_may_come_as_json_text_and_a_single_value_is_a_list_of_one() {
    let list = read(json!({"op": "IN", "col": "name", "value": ["a", "b"]})).unwrap();
    assert_eq!(read(json!({"op": "IN", "col": "name", "value": "[\"a\",\"b\"]"})).unwrap(), list);
    let one = read(json!({"op": "EQUAL", "col": "name", "value": "a"})).unwrap();
    assert_eq!(read(json!({"op": "IN", "col": "name", "value": "a"})).unwrap(), one);
}
