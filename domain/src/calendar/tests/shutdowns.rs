use serde_json::{Value, json};

use super::{archive, chain, forbidden, params, refused, shift, shutdown};
use crate::calendar::service::{
    delete_planned_shutdown, get_planned_shutdown, query_planned_shutdowns, update_planned_shutdown,
};
use crate::calendar::{ById, PlannedShutdownRow, QueryRecords};
use crate::modelling::DeleteNode;
use crate::modelling::service::delete_factory_node;
use crate::{Ctx, Error, Result, db_test};

async fn own(ctx: &Ctx, level: i64, id: i64) -> Vec<PlannedShutdownRow> {
    let page = QueryRecords { page_no: 1, page_size: 200, fty_model_value: level, fty_model_id: id };
    query_planned_shutdowns(ctx, page).await.expect("planned shutdowns").data
}

async fn update(ctx: &Ctx, id: i64, over: Value) -> Result<i64> {
    let base = json!({ "id": id, "ftyModelId": 1, "ftyModelValue": 1, "name": "周末", "type": 2 });
    update_planned_shutdown(ctx, params(&base, &over)).await
}

fn holiday() -> Value {
    json!({
        "name": "国庆节放假", "type": 1, "beginDatetime": "2020-10-01 08:00",
        "endDatetime": "2020-10-01 16:00:00",
    })
}

db_test!(
    async fn each_type_keeps_its_own_fields_and_ignores_the_others(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        // As the documented example: the fields of both types at once.
        assert_eq!(shutdown(&ctx, holiday()).await.expect("an answer"), 1);
        let weekly = json!({ "beginDatetime": "2020-10-01 08:00", "endDatetime": "whenever" });
        assert_eq!(shutdown(&ctx, weekly).await.expect("an answer"), 1);
        let rows = own(&ctx, 1, 1).await;
        assert_eq!(
            serde_json::to_value(&rows).expect("JSON"),
            json!([
                {
                    "id": rows[0].id, "ftyModelId": 1, "ftyModelValue": 1, "ftyModelName": "node 1",
                    "name": "周末", "type": 2, "dayOfWeek": 7, "beginDatetime": null, "endDatetime": null,
                    "beginTime": "08:00:00", "endTime": "16:00:00", "description": "周日休息一天",
                },
                {
                    "id": rows[1].id, "ftyModelId": 1, "ftyModelValue": 1, "ftyModelName": "node 1",
                    "name": "国庆节放假", "type": 1, "dayOfWeek": null, "beginDatetime": "2020-10-01 08:00:00",
                    "endDatetime": "2020-10-01 16:00:00", "beginTime": null, "endTime": null,
                    "description": "周日休息一天",
                },
            ])
        );
        let record = get_planned_shutdown(&ctx, ById { id: rows[0].id }).await.expect("a record");
        let mut row = serde_json::to_value(&rows[0]).expect("JSON");
        row.as_object_mut().expect("an object").shift_remove("ftyModelName");
        assert_eq!(serde_json::to_value(record).expect("JSON"), row);
    }
);

db_test!(
    async fn each_bad_field_of_a_shutdown_is_refused_by_name(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let period =
            |begin: Value, end: Value| json!({ "type": 1, "beginDatetime": begin, "endDatetime": end });
        for (over, param) in [
            (json!({ "ftyModelValue": 9 }), "ftyModelValue"),
            (json!({ "ftyModelId": 2 }), "ftyModelId"),
            (json!({ "name": "" }), "name"),
            (json!({ "type": 3 }), "type"),
            (json!({ "dayOfWeek": 0 }), "dayOfWeek"),
            (json!({ "dayOfWeek": 8 }), "dayOfWeek"),
            (json!({ "dayOfWeek": null }), "dayOfWeek"),
            (json!({ "beginTime": null }), "beginTime"),
            (json!({ "endTime": null }), "endTime"),
            (json!({ "endTime": "noon" }), "endTime"),
            (period(Value::Null, json!("2020-10-01 16:00")), "beginDatetime"),
            (period(json!("2020-10-01 16:00"), Value::Null), "endDatetime"),
            (period(json!("2020-10-01"), json!("2020-10-01 16:00")), "beginDatetime"),
            (period(json!("2020-10-01 16:00"), json!("2020-10-01 16:00")), "endDatetime"),
        ] {
            assert_eq!(refused(shutdown(&ctx, over.clone()).await), param, "{over}");
        }
        archive(&ctx, 1).await;
        assert_eq!(refused(shutdown(&ctx, json!({})).await), "ftyModelId");
        assert!(own(&ctx, 1, 1).await.is_empty());
    }
);

db_test!(
    async fn an_update_keeps_what_is_absent_and_may_change_the_type(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        shutdown(&ctx, json!({})).await.expect("a shutdown");
        let id = own(&ctx, 1, 1).await[0].id;
        assert_eq!(update(&ctx, id, json!({ "endTime": "24:00" })).await.expect("an answer"), 1);
        let record = get_planned_shutdown(&ctx, ById { id }).await.expect("a record");
        assert_eq!((record.day_of_week, record.begin_time.as_deref()), (Some(7), Some("08:00:00")));
        assert_eq!(record.end_time.as_deref(), Some("00:00:00"));
        assert_eq!(refused(update(&ctx, id, json!({ "dayOfWeek": null })).await), "dayOfWeek");
        assert_eq!(refused(update(&ctx, id, json!({ "type": 1 })).await), "beginDatetime");
        update(&ctx, id, holiday()).await.expect("an answer");
        update(&ctx, id, json!({ "type": 1, "description": null })).await.expect("an answer");
        let record = get_planned_shutdown(&ctx, ById { id }).await.expect("a record");
        assert_eq!((record.kind, record.day_of_week, record.description), (1, None, None));
        assert_eq!(record.begin_datetime.as_deref(), Some("2020-10-01 08:00:00"));
        assert_eq!(refused(update(&ctx, 77, json!({})).await), "id");
    }
);

db_test!(
    async fn shutdowns_are_of_one_tenant_and_changed_by_those_who_may(plant: TestPlant) {
        let (ctx, other) = (plant.ctx(), plant.other_tenant().await);
        chain(&ctx, 1).await;
        chain(&other, 1).await;
        shutdown(&ctx, json!({})).await.expect("a shutdown");
        let id = own(&ctx, 1, 1).await[0].id;
        assert!(own(&other, 1, 1).await.is_empty());
        assert_eq!(refused(get_planned_shutdown(&other, ById { id }).await), "id");
        assert_eq!(refused(update(&other, id, json!({})).await), "id");
        assert_eq!(refused(delete_planned_shutdown(&other, ById { id }).await), "id");
        let viewer = plant.viewer();
        forbidden(shutdown(&viewer, json!({})).await);
        forbidden(update(&viewer, id, json!({})).await);
        forbidden(delete_planned_shutdown(&viewer, ById { id }).await);
        assert_eq!(own(&viewer, 1, 1).await.len(), 1);
        let page = QueryRecords { page_no: 1, page_size: 201, fty_model_value: 1, fty_model_id: 1 };
        assert_eq!(refused(query_planned_shutdowns(&ctx, page).await), "pageSize");
        assert_eq!(delete_planned_shutdown(&ctx, ById { id }).await.expect("an answer"), 1);
        assert_eq!(refused(delete_planned_shutdown(&ctx, ById { id }).await), "id");
        assert!(own(&ctx, 1, 1).await.is_empty());
    }
);

db_test!(
    async fn a_node_with_a_calendar_of_its_own_is_not_deleted(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let delete = |id, kind: &str| {
            let params = DeleteNode { id: Some(id), code: None, r#type: kind.into() };
            delete_factory_node(&ctx, params)
        };
        let center = json!({ "ftyModelId": 4, "ftyModelValue": 4 });
        delete(5, "equipment").await.expect("nothing refers to it");
        shutdown(&ctx, center.clone()).await.expect("a shutdown");
        shift(&ctx, center).await.expect("a shift");
        let Err(Error::Invalid { param, reason }) = delete(4, "machiningCenter").await else {
            panic!("deleted");
        };
        assert_eq!(
            (param.as_str(), reason.en.as_str()),
            ("id", "is still referred to by 1 shifts, 1 planned shutdowns")
        );
    }
);
