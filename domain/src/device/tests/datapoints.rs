use serde_json::{Map, Value, json};

use super::plant::{code, param, product};
use crate::device::service::{product_by_key, put_datapoint, remove_datapoint, update_product};
use crate::device::{Definition, PutDatapoint, UpdateProduct};
use crate::{Code, Error, Patch, db_test};

fn attr(attr: Value) -> Map<String, Value> {
    attr.as_object().expect("an object").clone()
}

fn put(was: Option<&str>, of: Value) -> PutDatapoint {
    PutDatapoint { product_key: "pk1".into(), was: was.map(str::to_owned), attr: attr(of) }
}

fn speed() -> Value {
    json!({"name": "speed", "type": "status_readonly", "data_type": "uint16",
           "uint_spec": {"min": 0, "max": 3000, "ratio": 0.5, "addition": -10}})
}

fn rule(rule: Value) -> UpdateProduct {
    UpdateProduct { product_key: "pk1".into(), machine_rule: Patch::Set(rule), ..UpdateProduct::default() }
}

db_test!(
    async fn a_datapoint_is_added_behind_the_others_and_finds_its_place(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let after = put_datapoint(&ctx, put(None, speed())).await.expect("a datapoint");
        assert_eq!(product_by_key(&ctx, "pk1").await.expect("a product"), after);
        let definition = Definition::parse(&after.definition).expect("a definition");
        assert_eq!(definition.find("speed").expect("it").id, 4);
        let document = definition.document();
        // writable bits and bytes first, then what is only read, then alerts and faults
        let place = |index: usize| document["entities"][0]["attrs"][index]["position"]["byte_offset"].clone();
        assert_eq!([place(4), place(2), place(3)], [json!(2), json!(4), json!(5)]);
        assert_eq!(document["ui"]["sections"][0]["elements"].as_array().map(Vec::len), Some(3));
    }
);

db_test!(
    async fn a_datapoint_changes_and_keeps_its_id(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let changed = json!({"name": "mode", "type": "W", "data_type": "enum", "enum": ["auto", "cool"]});
        let after = put_datapoint(&ctx, put(Some("set_temp"), changed)).await.expect("a change");
        let definition = Definition::parse(&after.definition).expect("a definition");
        assert_eq!(definition.find("mode").expect("it").id, 1);
        assert!(definition.find("set_temp").is_none());
        remove_datapoint(&ctx, "pk1".into(), "mode".into()).await.expect("it goes");
        let after = product_by_key(&ctx, "pk1").await.expect("a product");
        assert_eq!(Definition::parse(&after.definition).expect("a definition").datapoints().len(), 3);
    }
);

db_test!(
    async fn a_datapoint_is_refused_by_the_name_of_what_is_wrong(plant: TestPlant) {
        let ctx = plant.ctx();
        let before = product(&ctx, "pk1").await;
        let with = |key: &str, value: Value| {
            let mut attr = speed();
            attr[key] = value;
            put(None, attr)
        };
        for (params, named) in [
            (with("name", json!("switch")), "name"),
            (with("name", json!("a b")), "name"),
            (with("name", json!("")), "name"),
            (with("type", json!("fault")), "data_type"),
            (with("type", json!("other")), "type"),
            (with("data_type", json!("float")), "data_type"),
            (with("data_type", json!("enum")), "enum"),
            (with("data_type", json!("binary")), "position"),
            (with("uint_spec", json!({"min": 0, "max": 65_536})), "uint_spec.max"),
            (with("uint_spec", json!({"min": 5, "max": 4})), "uint_spec.max"),
            (with("uint_spec", json!({"ratio": 0})), "uint_spec.ratio"),
            (put(Some("nothing"), speed()), "name"),
            (put(Some("switch"), json!({"name": "set_temp", "type": "W", "data_type": "bool"})), "name"),
        ] {
            let shown = format!("{params:?}");
            assert_eq!(param(put_datapoint(&ctx, params).await), named, "{shown}");
        }
        assert_eq!(param(remove_datapoint(&ctx, "pk1".into(), "nothing".into()).await), "name");
        assert_eq!(product_by_key(&ctx, "pk1").await.expect("a product"), before);
        let missing = PutDatapoint { product_key: "pk2".into(), ..put(None, speed()) };
        assert_eq!(code(put_datapoint(&ctx, missing).await), Code::ProductKeyNotExist);
        let viewer = plant.viewer();
        assert!(matches!(put_datapoint(&viewer, put(None, speed())).await, Err(Error::Forbidden)));
        let removed = remove_datapoint(&viewer, "pk1".into(), "switch".into()).await;
        assert!(matches!(removed, Err(Error::Forbidden)));
    }
);

db_test!(
    async fn a_rule_for_machines_names_datapoints_that_are_there(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let state = |name: &str| json!({"state": {"datapoint": name, "map": {"1": 1}}});
        assert_eq!(param(update_product(&ctx, rule(state("nothing"))).await), "machine_rule.state.datapoint");
        let pieces = json!({"pieces": "switch"});
        assert_eq!(param(update_product(&ctx, rule(pieces)).await), "machine_rule.pieces");
        let after = update_product(&ctx, rule(state("switch"))).await.expect("a rule");
        // what the rule names can neither go nor become what the rule cannot read
        let gone = remove_datapoint(&ctx, "pk1".into(), "switch".into()).await;
        assert_eq!(param(gone), "machine_rule.state.datapoint");
        let number = json!({"name": "switch", "type": "W", "data_type": "binary", "position": {"len": 2}});
        let other = put_datapoint(&ctx, put(Some("switch"), number)).await;
        assert_eq!(param(other), "machine_rule.state.map.1");
        assert_eq!(product_by_key(&ctx, "pk1").await.expect("a product"), after);
        let cleared = UpdateProduct { machine_rule: Patch::Clear, ..rule(Value::Null) };
        update_product(&ctx, cleared).await.expect("no rule");
        remove_datapoint(&ctx, "pk1".into(), "switch".into()).await.expect("it goes");
    }
);
