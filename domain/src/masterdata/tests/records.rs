//! Records written and asked for (sections 17.1 and 17.4).

use serde_json::{Value as Json, json};

use super::{column, create, insert, key, property, query, refused, write};
use crate::masterdata::service;
use crate::{Ctx, Error, db_test};

async fn keys(ctx: &Ctx, name: &str) -> Vec<Option<String>> {
    column(&query(ctx, json!({"metaDataName": name})).await.unwrap(), "code")
}

fn where_code(code: &str) -> Json {
    json!({"col": "code", "op": "EQUAL", "value": code})
}

async fn typed(ctx: &Ctx) {
    let values = json!([{"value": "1", "remark": "new"}, {"value": "2"}]);
    let properties = vec![
        key(),
        property("whole", "INTEGER", json!({"propertyLimit": {"min": -5, "max": 5}})),
        property("real", "DOUBLE", json!({})),
        property("short", "STRING", json!({"propertyLimit": {"len": 3}})),
        property("choice", "ENUM", json!({"propertyLimit": {"enumValues": values}, "defaultValue": "2"})),
        property("yes", "BOOLEAN", json!({})),
        property("who", "MASTERDATA", json!({"propertyLimit": {"dataId": 541}, "array": true})),
        property("tags", "STRING", json!({"array": true, "propertyLimit": {"len": 3}})),
        property("store", "WAREHOUSE", json!({"propertyLimit": {"warehouseType": "AREA"}})),
    ];
    create(ctx, "typed", properties).await.unwrap();
}

db_test!(
    async fn the_documented_insert_answers_keys_ids_and_versions(plant: TestPlant) {
        let ctx = plant.ctx();
        insert(&ctx, "设备型号", &["code"], json!([["XP"]])).await.unwrap();
        let params = json!({
            "dataId": 547, "metaDataName": "物料", "action": "INSERT",
            "nodes": ["asset_num", "brevity_code", "equipment_model", "usable_condition"],
            "data": "[[\"EQ0000001\",\"NEQ\",\"XP\",1]]",
            "condition": {"col": "phone", "op": "EQUAL", "value": "XXXXX"}
        });
        let written = write(&ctx, params).await.unwrap();
        assert_eq!((written[0].code.as_str(), written[0].dap_row_version.as_str()), ("EQ0000001", "V1.0"));
        let table = query(&ctx, json!({"metaDataName": "设备型号"})).await.unwrap();
        assert_eq!(column(&table, "dap_refcnt_"), [Some("1".to_owned())]);
        assert_eq!(column(&table, "dap_status_"), [Some("已发布".to_owned())]);
    }
);

db_test!(
    async fn values_are_kept_in_one_form(plant: TestPlant) {
        let ctx = plant.ctx();
        typed(&ctx).await;
        insert(&ctx, "人员", &["id"], json!([["p1"], ["p2"]])).await.unwrap();
        let nodes = ["code", "whole", "real", "short", "choice", "yes", "who", "tags"];
        let rows = json!([
            [7, "5.0", "1.50", "床床床", 1, 1, ["p2", "p1"], "[\"a\",\"b\"]"],
            ["k2", -5, 1e300, "", null, "FALSE", "p1", "a"],
        ]);
        insert(&ctx, "typed", &nodes, rows).await.unwrap();
        let table = query(&ctx, json!({"metaDataName": "typed"})).await.unwrap();
        let cells: Vec<Vec<Option<&str>>> =
            table.data.iter().map(|row| row.iter().take(9).map(Option::as_deref).collect()).collect();
        let some = Some::<&str>;
        assert_eq!(
            cells[1],
            [
                some("7"),
                some("5"),
                some("1.5"),
                some("床床床"),
                some("1"),
                some("true"),
                some("[\"p2\",\"p1\"]"),
                some("[\"a\",\"b\"]"),
                None
            ]
        );
        assert_eq!(
            cells[0],
            [
                some("k2"),
                some("-5"),
                some("1e300"),
                None,
                some("2"),
                some("false"),
                some("[\"p1\"]"),
                some("[\"a\"]"),
                None
            ]
        );
    }
);

db_test!(
    async fn a_wrong_value_is_refused_by_row_and_column_and_nothing_is_kept(plant: TestPlant) {
        let ctx = plant.ctx();
        typed(&ctx).await;
        for (node, value) in [
            ("whole", json!(6)),
            ("whole", json!(1.5)),
            ("whole", json!("x")),
            ("whole", json!(9_007_199_254_740_993_i64)),
            ("real", json!("NaN")),
            ("real", json!("1e999")),
            ("short", json!("long")),
            ("short", json!({"a": 1})),
            ("short", json!("a\u{0}")),
            ("choice", json!("3")),
            ("yes", json!("perhaps")),
            ("who", json!("nobody")),
            ("tags", json!(["a", "long"])),
            ("store", json!("W1")),
        ] {
            let result =
                insert(&ctx, "typed", &["code", node], json!([["fine", null], ["wrong", value]])).await;
            assert_eq!(refused(result), format!("data[1][1] ({node})"), "{value}");
        }
        assert!(keys(&ctx, "typed").await.is_empty());
    }
);

db_test!(
    async fn a_call_that_does_not_fit_is_refused(plant: TestPlant) {
        let ctx = plant.ctx();
        create(&ctx, "t", vec![key(), property("must", "STRING", json!({"isNull": false}))]).await.unwrap();
        let base = json!({"metaDataName": "t", "action": "INSERT", "nodes": ["code", "must"], "data": "[[\"a\",\"b\"]]"});
        for (field, value, param) in [
            ("metaDataName", json!(null), "dataId"),
            ("metaDataName", json!("no such"), "metaDataName"),
            ("dataId", json!(99), "dataId"),
            ("action", json!("DELETE"), "action"),
            ("nodes", json!(null), "nodes"),
            ("nodes", json!(["code", "code"]), "nodes[1]"),
            ("nodes", json!(["code", "x\"; DROP TABLE masterdata_record; --"]), "nodes[1]"),
            ("nodes", json!(["code"]), "data[0]"),
            ("data", json!(null), "data"),
            ("data", json!("[[1,"), "data"),
            ("data", json!("{}"), "data"),
            ("data", json!("[]"), "data"),
            ("data", json!("[\"a\",\"b\"]"), "data[0]"),
            ("data", json!("[[null,\"b\"]]"), "data[0] (code)"),
            ("data", json!("[[\"a\",\"\"]]"), "data[0] (must)"),
            ("data", json!("[[\"a\",\"b\"],[\"a\",\"c\"]]"), "data[1] (code)"),
        ] {
            let mut params = base.clone();
            params[field] = value.clone();
            assert_eq!(refused(write(&ctx, params).await), param, "{field} {value}");
        }
        write(&ctx, base.clone()).await.unwrap();
        let Err(Error::Invalid { param, reason }) = write(&ctx, base).await else { panic!("inserted twice") };
        assert_eq!(param, "data[0] (code)");
        assert!(reason.en.contains("code a "), "{reason}");
    }
);

db_test!(
    async fn a_modification_changes_the_given_columns_of_the_meant_records(plant: TestPlant) {
        let ctx = plant.ctx();
        let other = plant.other_tenant().await;
        for ctx in [&ctx, &other] {
            insert(ctx, "客户", &["code", "name"], json!([["a", "A"], ["b", "B"], ["c", "C"]]))
                .await
                .unwrap();
        }
        let change = |nodes: Json, data: &str, condition: Json| json!({"metaDataName": "客户", "action": "MODIFY", "nodes": nodes, "data": data, "condition": condition});
        let some = json!({"col": "code", "op": "IN", "value": ["a", "b"]});
        let written = write(&ctx, change(json!(["name"]), "[\"same\"]", some)).await.unwrap();
        assert_eq!(written.iter().map(|w| w.code.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert!(written.iter().all(|w| w.dap_row_version == "V1.0"));
        write(&ctx, change(json!(["code", "name"]), "[[\"c\", null]]", where_code("c"))).await.unwrap();
        let names = column(&query(&ctx, json!({"dataId": 548})).await.unwrap(), "name");
        assert_eq!(names, [None, Some("same".to_owned()), Some("same".to_owned())]);
        let untouched = column(&query(&other, json!({"dataId": 548})).await.unwrap(), "name");
        assert_eq!(untouched, ["C", "B", "A"].map(|name| Some(name.to_owned())));
        assert!(
            write(&ctx, change(json!(["name"]), "[\"x\"]", where_code("none"))).await.unwrap().is_empty()
        );
        for (params, param) in [
            (change(json!(["name"]), "[\"x\"]", json!(null)), "condition"),
            (change(json!(["name"]), "[\"x\"]", json!({})), "condition"),
            (change(json!(["code"]), "[\"d\"]", where_code("a")), "data[0] (code)"),
            (change(json!(["code"]), "[null]", where_code("a")), "data[0] (code)"),
            (change(json!(["name"]), "[\"x\",\"y\"]", where_code("a")), "data"),
            (json!({"metaDataName": "客户", "action": "ARCHIVE"}), "condition"),
        ] {
            assert_eq!(refused(write(&ctx, params.clone()).await), param, "{params}");
        }
    }
);

db_test!(
    async fn modifying_multi_version_records_makes_a_new_version(plant: TestPlant) {
        let ctx = plant.ctx();
        insert(&ctx, "物料类型", &["code"], json!([["T"]])).await.unwrap();
        insert(&ctx, "物料", &["code", "name", "material_type"], json!([["M1", "old", "T"]])).await.unwrap();
        let change = json!({"metaDataName": "物料", "action": "MODIFY", "nodes": ["name"], "data": "[\"new\"]",
            "condition": where_code("M1")});
        assert_eq!(write(&ctx, change.clone()).await.unwrap()[0].dap_row_version, "V2.0");
        assert_eq!(write(&ctx, change).await.unwrap()[0].dap_row_version, "V3.0");
        let table = query(&ctx, json!({"metaDataName": "物料"})).await.unwrap();
        assert_eq!(column(&table, "name"), [Some("new".to_owned())]);
        assert_eq!(column(&table, "dap_row_version_"), [Some("V3.0".to_owned())]);
        let mut conn = ctx.read().await.unwrap();
        let kept = crate::db::sql("SELECT COUNT(*) FROM masterdata_version WHERE value_text = 'old'");
        assert_eq!(kept.count(&mut conn).await.unwrap(), 1);
    }
);

db_test!(
    async fn archived_records_stay_but_are_not_used(plant: TestPlant) {
        let ctx = plant.ctx();
        let made = insert(&ctx, "设备型号", &["code"], json!([["X"], ["Y"]])).await.unwrap();
        let archive = json!({"metaDataName": "设备型号", "action": "ARCHIVE", "nodes": ["ignored"], "data": "ignored",
            "condition": where_code("X")});
        assert_eq!(write(&ctx, archive.clone()).await.unwrap()[0].code, "X");
        assert!(write(&ctx, archive).await.unwrap().is_empty());
        assert_eq!(keys(&ctx, "设备型号").await, [Some("Y".to_owned())]);
        let by_id = query(&ctx, json!({"dataId": 546, "dapIds": [made[0].dap_id]})).await.unwrap();
        assert_eq!(column(&by_id, "dap_status_"), [Some("已归档".to_owned())]);
        let status = json!({"col": "dap_status_", "op": "EQUAL", "value": "已归档"});
        assert_eq!(query(&ctx, json!({"dataId": 546, "condition": status})).await.unwrap().page.total, 1);
        let taken = insert(&ctx, "设备型号", &["code"], json!([["X"]])).await;
        assert_eq!(refused(taken), "data[0] (code)");
        let reference =
            insert(&ctx, "生产设备", &["asset_num", "equipment_model"], json!([["E", "X"]])).await;
        assert_eq!(refused(reference), "data[0][1] (equipment_model)");
    }
);

db_test!(
    async fn a_page_is_answered_newest_first(plant: TestPlant) {
        let ctx = plant.ctx();
        let rows: Vec<Json> = (0..1200).map(|i| json!([format!("c{i:04}"), "x".repeat(60)])).collect();
        insert(&ctx, "供应商", &["code", "name"], json!(rows)).await.unwrap();
        let table = query(&ctx, json!({"dataId": 549, "pageId": 2, "pageSize": 2})).await.unwrap();
        assert_eq!(column(&table, "code"), [Some("c1197".to_owned()), Some("c1196".to_owned())]);
        assert_eq!(serde_json::to_value(&table.page).unwrap(), json!({"size": 2, "to": 2, "total": 1200}));
        assert_eq!(refused(query(&ctx, json!({"dataId": 549, "pageSize": 2001})).await), "pageSize");
        assert_eq!(refused(query(&ctx, json!({})).await), "dataId");
        let stranger = plant.other_tenant().await;
        assert_eq!(query(&stranger, json!({"dataId": 549})).await.unwrap().page.total, 0);
        let too_many: Vec<Json> = (0..2001).map(|i| json!([format!("d{i}"), ""])).collect();
        assert_eq!(refused(insert(&ctx, "供应商", &["code", "name"], json!(too_many)).await), "data");
    }
);

db_test!(
    async fn archiving_goes_down_where_keys_are_nested(plant: TestPlant) {
        let ctx = plant.ctx();
        let nested = json!({"name": "area", "prefixNested": true, "properties": [key()]});
        service::create_metadata(&ctx, serde_json::from_value(nested).unwrap()).await.unwrap();
        insert(&ctx, "area", &["code"], json!([["01"], ["01%"], ["0101"], ["02"], ["床"], ["床1"]]))
            .await
            .unwrap();
        let archive =
            |code: &str| json!({"metaDataName": "area", "action": "ARCHIVE", "condition": where_code(code)});
        let written = write(&ctx, archive("01")).await.unwrap();
        assert_eq!(written.iter().map(|w| w.code.as_str()).collect::<Vec<_>>(), ["0101", "01%", "01"]);
        assert_eq!(write(&ctx, archive("床")).await.unwrap().len(), 2);
        assert_eq!(keys(&ctx, "area").await, [Some("02".to_owned())]);
    }
);

db_test!(
    async fn one_call_writes_so_many_values_and_no_more(plant: TestPlant) {
        let ctx = plant.ctx();
        create(&ctx, "wide", vec![key(), property("tags", "STRING", json!({"array": true}))]).await.unwrap();
        let rows: Vec<Json> = (0..1100).map(|i| json!([format!("k{i}")])).collect();
        insert(&ctx, "wide", &["code"], json!(rows)).await.unwrap();
        let data = json!([vec!["x"; 100]]).to_string();
        let flood = json!({"metaDataName": "wide", "action": "MODIFY", "nodes": ["tags"], "data": data,
            "condition": {"col": "code", "op": "NOTNULL"}});
        assert_eq!(refused(write(&ctx, flood).await), "data");
    }
);
