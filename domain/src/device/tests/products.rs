use serde_json::{Value, json};

use super::plant::{code, definition, param, product};
use crate::device::service::{
    create_product, import_product, list_products, product_by_key, product_by_secret, product_datapoint,
    update_product,
};
use crate::device::{CreateProduct, OfProduct, UpdateProduct};
use crate::{Code, Error, Patch, db_test};

fn of(key: &str) -> OfProduct {
    OfProduct { product_key: key.into() }
}

db_test!(
    async fn a_product_answers_the_definition_it_was_made_of(plant: TestPlant) {
        let ctx = plant.ctx();
        let new = product(&ctx, "pk1").await;
        assert!(!new.published && !new.logs_enabled && new.api_enabled);
        assert_eq!((new.name.as_str(), new.retention_days), ("Air conditioner", 30));
        let answer = product_datapoint(&ctx, of("pk1")).await.expect("datapoints");
        let answer = answer.document();
        assert_eq!(answer["product_key"], "pk1");
        assert_eq!(answer["entities"][0]["attrs"][1]["uint_spec"]["max"], 30);
        assert_eq!(answer["entities"][0]["attrs"][0]["type"], "status_writable");
    }
);

db_test!(
    async fn a_product_without_datapoints_says_so(plant: TestPlant) {
        let ctx = plant.ctx();
        let params = CreateProduct { name: Some("Bare".into()), ..CreateProduct::default() };
        let new = create_product(&ctx, params).await.expect("a product");
        assert_eq!((new.product_key.len(), new.product_secret.map(|s| s.len())), (32, Some(32)));
        assert_eq!(code(product_datapoint(&ctx, of(&new.product_key)).await), Code::DatapointDataNotFound);
    }
);

db_test!(
    async fn importing_again_replaces_the_definition_and_keeps_the_secret(plant: TestPlant) {
        let ctx = plant.ctx();
        let own = CreateProduct { definition: Some(definition("from-file")), ..CreateProduct::default() };
        let first = import_product(&ctx, own.clone()).await.expect("a product");
        assert_eq!(first.product_key, "from-file");
        let mut shorter = definition("from-file");
        shorter["entities"][0]["attrs"].as_array_mut().expect("a list").truncate(2);
        let again = CreateProduct { definition: Some(shorter), ..CreateProduct::default() };
        let again = import_product(&ctx, again).await.expect("the product");
        assert_eq!((again.id, again.product_secret), (first.id, None));
        let answer = product_datapoint(&ctx, of("from-file")).await.expect("datapoints");
        assert_eq!(answer.datapoints().len(), 2);
        let secret = first.product_secret.expect("a secret");
        assert_eq!(product_by_secret(&ctx, &secret).await.expect("it stays").id, first.id);
        assert_eq!(product_by_secret(&ctx, "from-file").await.expect("the key does too").id, first.id);
        assert_eq!(code(product_by_secret(&ctx, "other").await), Code::ProductSecretError);
        let another = CreateProduct { product_secret: Some("chosen".into()), ..own };
        import_product(&ctx, another).await.expect("the product");
        assert_eq!(product_by_secret(&ctx, "chosen").await.expect("a new secret").id, first.id);
    }
);

db_test!(
    async fn what_is_not_given_of_a_product_stays(plant: TestPlant) {
        let ctx = plant.ctx();
        let before = product(&ctx, "pk1").await;
        let params = UpdateProduct {
            product_key: "pk1".into(),
            published: Some(true),
            logs_enabled: Some(true),
            retention_days: Some(7),
            ..UpdateProduct::default()
        };
        plant.clock.set(ctx.now() + 1000);
        let after = update_product(&ctx, params).await.expect("an update");
        assert_eq!((after.published, after.logs_enabled, after.retention_days), (true, true, 7));
        assert_eq!((&after.name, &after.definition), (&before.name, &before.definition));
        assert_eq!(product_by_key(&ctx, "pk1").await.expect("a product"), after);
        for days in [0, 3651] {
            let bad = UpdateProduct {
                product_key: "pk1".into(),
                retention_days: Some(days),
                ..UpdateProduct::default()
            };
            assert_eq!(param(update_product(&ctx, bad).await), "retention_days");
        }
        let unknown = UpdateProduct { product_key: "pk2".into(), ..UpdateProduct::default() };
        assert_eq!(code(update_product(&ctx, unknown).await), Code::ProductKeyNotExist);
    }
);

db_test!(
    async fn rules_of_a_product_name_datapoints_that_it_has(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let with = |machine: Patch<Value>, position: Patch<Value>| {
            let update = UpdateProduct {
                product_key: "pk1".into(),
                machine_rule: machine,
                position_rule: position,
                ..UpdateProduct::default()
            };
            update_product(&ctx, update)
        };
        let machine = |rule| with(Patch::Set(rule), Patch::Keep);
        let state = |datapoint: &str| json!({"state": {"datapoint": datapoint, "map": {"1": 1}}});
        assert_eq!(param(machine(state("speed")).await), "machine_rule.state.datapoint");
        assert_eq!(param(machine(json!({"pieces": "switch"})).await), "machine_rule.pieces");
        assert_eq!(param(machine(json!({"pieces": "gone"})).await), "machine_rule.pieces");
        assert_eq!(param(machine(json!([])).await), "machine_rule");
        let condition = json!({"state": {"conditions": [{"datapoint": "set_temp", "status": 1}]}});
        assert_eq!(param(machine(condition).await), "machine_rule.state.conditions[0].datapoint");
        let position = |longitude: &str, latitude: &str| {
            with(Patch::Keep, Patch::Set(json!({"longitude": longitude, "latitude": latitude})))
        };
        assert_eq!(param(position("lng", "set_temp").await), "position_rule.longitude");
        assert_eq!(param(position("set_temp", "switch").await), "position_rule.latitude");
        assert_eq!(param(position("set_temp", "set_temp").await), "position_rule.latitude");
        assert_eq!(
            param(with(Patch::Keep, Patch::Set(json!({"longitude": "set_temp"}))).await),
            "position_rule"
        );
        let known = product_by_key(&ctx, "pk1").await.expect("a product");
        assert_eq!((known.machine_rule, known.position_rule), (None, None), "nothing was kept");

        let kept = machine(state("switch")).await.expect("a rule");
        assert!(kept.machine_rule.is_some());
        // A definition without its datapoint is refused as long as the rule is there.
        let mut shorter = definition("pk1");
        shorter["entities"][0]["attrs"].as_array_mut().expect("a list").remove(0);
        let redefine = |machine_rule| UpdateProduct {
            product_key: "pk1".into(),
            definition: Some(shorter.clone()),
            machine_rule,
            ..UpdateProduct::default()
        };
        let refused = update_product(&ctx, redefine(Patch::Keep)).await;
        assert_eq!(param(refused), "machine_rule.state.datapoint");
        let cleared = update_product(&ctx, redefine(Patch::Clear)).await.expect("a definition");
        assert_eq!(cleared.machine_rule, None);
    }
);

db_test!(
    async fn a_product_is_refused_by_the_name_of_what_is_wrong(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let made = |params| create_product(&ctx, params);
        assert_eq!(param(made(CreateProduct::default()).await), "name");
        let named = CreateProduct { name: Some("A".into()), ..CreateProduct::default() };
        let taken = CreateProduct { product_key: Some("pk1".into()), ..named.clone() };
        assert_eq!(param(made(taken).await), "product_key");
        let odd = CreateProduct { product_key: Some("a/b".into()), ..named.clone() };
        assert_eq!(param(made(odd).await), "product_key");
        let odd = CreateProduct { product_secret: Some(String::new()), ..named.clone() };
        assert_eq!(param(made(odd).await), "product_secret");
        let broken =
            CreateProduct { definition: Some(json!({"entities": [{"attrs": [{"id": 0}]}]})), ..named };
        assert!(param(made(broken).await).starts_with("entities[0]"));
        assert_eq!(list_products(&ctx).await.expect("a list").len(), 1);
    }
);

db_test!(
    async fn products_of_another_tenant_are_not_there_and_viewers_change_none(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let other = plant.other_tenant().await;
        assert_eq!(code(product_by_key(&other, "pk1").await), Code::ProductKeyNotExist);
        assert_eq!(code(product_by_secret(&other, "secret").await), Code::ProductSecretError);
        assert!(list_products(&other).await.expect("a list").is_empty());
        let theirs = CreateProduct { definition: Some(definition("pk1")), ..CreateProduct::default() };
        assert_eq!(param(import_product(&other, theirs.clone()).await), "product_key");
        let viewer = plant.viewer();
        product_by_key(&viewer, "pk1").await.expect("a viewer looks");
        assert!(matches!(import_product(&viewer, theirs).await, Err(Error::Forbidden)));
        let update = UpdateProduct { product_key: "pk1".into(), ..UpdateProduct::default() };
        assert!(matches!(update_product(&viewer, update).await, Err(Error::Forbidden)));
    }
);
