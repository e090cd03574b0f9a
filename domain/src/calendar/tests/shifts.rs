use serde_json::{Value, json};

use super::{archive, chain, day_shift, forbidden, params, refused, shift};
use crate::calendar::service::{delete_shift, get_shift, query_shifts, update_shift};
use crate::calendar::{ById, QueryRecords, ShiftRow};
use crate::{Ctx, Result, db_test};

async fn own(ctx: &Ctx, level: i64, id: i64) -> Vec<ShiftRow> {
    let page = QueryRecords { page_no: 1, page_size: 200, fty_model_value: level, fty_model_id: id };
    let records = query_shifts(ctx, page).await.expect("shifts");
    assert_eq!(records.total, i64::try_from(records.data.len()).expect("a small number"));
    records.data
}

async fn update(ctx: &Ctx, id: i64, over: Value) -> Result<i64> {
    let mut base = day_shift();
    base["id"] = id.into();
    update_shift(ctx, params(&base, &over)).await
}

db_test!(
    async fn a_shift_is_kept_with_its_breaks_and_written_with_seconds(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let added = shift(
            &ctx,
            json!({
                "beginTime": "22:00", "endTime": "06:00:30", "beginEffectiveDate": "2020-01-01",
                "endEffectiveDate": "2020-12-31", "description": "夜班",
                "nonProdTimeMgtDTOList": [
                    { "type": 3, "beginTime": "01:00", "endTime": "01:30" },
                    { "type": 1, "beginTime": "23:00", "endTime": "23:10:00" },
                ],
            }),
        );
        assert_eq!(added.await.expect("an answer"), 1);
        let rows = own(&ctx, 1, 1).await;
        let record = get_shift(&ctx, ById { id: rows[0].id }).await.expect("a shift");
        let id = rows[0].id;
        let breaks: Vec<_> = record.breaks.iter().map(|pause| (pause.kind, pause.shift_mgt_id)).collect();
        assert_eq!(breaks, [(1, id), (3, id)]);
        let mut record = serde_json::to_value(record).expect("JSON");
        for pause in record["nonProdTimeMgtDTOList"].as_array_mut().expect("a list") {
            assert!(pause.as_object_mut().expect("an object").remove("id").is_some());
        }
        assert_eq!(
            record,
            json!({
                "id": id, "ftyModelId": 1, "ftyModelValue": 1, "name": "日班",
                "beginEffectiveDate": "2020-01-01", "endEffectiveDate": "2020-12-31",
                "beginTime": "22:00:00", "endTime": "06:00:30", "description": "夜班",
                "nonProdTimeMgtDTOList": [
                    { "shiftMgtId": id, "type": 1, "beginTime": "23:00:00", "endTime": "23:10:00" },
                    { "shiftMgtId": id, "type": 3, "beginTime": "01:00:00", "endTime": "01:30:00" },
                ],
            })
        );
        assert_eq!(
            serde_json::to_value(&rows[0]).expect("JSON"),
            json!({
                "id": id, "ftyModelId": 1, "ftyModelValue": 1, "ftyModelName": "node 1", "name": "日班",
                "beginEffectiveDate": "2020-01-01", "endEffectiveDate": "2020-12-31",
                "beginTime": "22:00:00", "endTime": "06:00:30", "description": "夜班",
            })
        );
    }
);

db_test!(
    async fn each_bad_field_of_a_shift_is_refused_by_name(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let pause = |begin: &str, end: &str, kind: i64| json!({ "nonProdTimeMgtDTOList": [{ "type": kind, "beginTime": begin, "endTime": end }] });
        for (over, param) in [
            (json!({ "ftyModelValue": 0 }), "ftyModelValue"),
            (json!({ "ftyModelValue": 6 }), "ftyModelValue"),
            (json!({ "ftyModelValue": 2 }), "ftyModelId"),
            (json!({ "ftyModelId": 99 }), "ftyModelId"),
            (json!({ "name": "  " }), "name"),
            (json!({ "beginTime": "8:00" }), "beginTime"),
            (json!({ "beginTime": "24:00" }), "beginTime"),
            (json!({ "endTime": "25:00" }), "endTime"),
            (json!({ "endTime": "16:60" }), "endTime"),
            (json!({ "beginEffectiveDate": "2020-02-30" }), "beginEffectiveDate"),
            (json!({ "endEffectiveDate": "tomorrow" }), "endEffectiveDate"),
            (
                json!({ "beginEffectiveDate": "2020-02-02", "endEffectiveDate": "2020-02-01" }),
                "endEffectiveDate",
            ),
            (pause("07:00", "07:30", 2), "nonProdTimeMgtDTOList[0].beginTime"),
            (pause("15:30", "16:30", 2), "nonProdTimeMgtDTOList[0].endTime"),
            (pause("10:00", "10:30", 4), "nonProdTimeMgtDTOList[0].type"),
        ] {
            assert_eq!(refused(shift(&ctx, over.clone()).await), param, "{over}");
        }
        assert!(own(&ctx, 1, 1).await.is_empty());
        archive(&ctx, 3).await;
        let archived = shift(&ctx, json!({ "ftyModelId": 3, "ftyModelValue": 3 })).await;
        assert_eq!(refused(archived), "ftyModelId");
    }
);

db_test!(
    async fn shifts_of_a_node_must_not_share_time(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let times = |begin: &str, end: &str| json!({ "beginTime": begin, "endTime": end });
        shift(&ctx, times("06:00", "14:00")).await.expect("early");
        shift(&ctx, times("14:00", "22:00")).await.expect("late");
        assert_eq!(refused(shift(&ctx, times("22:00", "06:01")).await), "beginTime");
        assert_eq!(refused(shift(&ctx, times("13:59", "14:00")).await), "beginTime");
        shift(&ctx, times("22:00", "06:00")).await.expect("night");
        // Another node may differ.
        let own = json!({ "ftyModelId": 2, "ftyModelValue": 2, "beginTime": "13:00", "endTime": "15:00" });
        shift(&ctx, own).await.expect("a shift of the workshop");
    }
);

db_test!(
    async fn shifts_may_follow_each_other_by_date(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let night = |from: &str, to: &str, end: &str| {
            json!({
                "beginTime": "22:00", "endTime": end, "beginEffectiveDate": from, "endEffectiveDate": to
            })
        };
        shift(&ctx, night("2026-01-01", "2026-06-30", "06:00")).await.expect("the first half");
        shift(&ctx, night("2026-07-01", "2026-12-31", "05:00")).await.expect("the second half");
        assert_eq!(refused(shift(&ctx, night("2026-12-31", "2027-12-31", "05:00")).await), "beginTime");
        let morning = json!({ "beginTime": "05:30", "beginEffectiveDate": "2026-07-01" });
        assert_eq!(refused(shift(&ctx, morning).await), "beginTime");
        let morning = json!({ "beginTime": "05:30", "beginEffectiveDate": "2026-07-02" });
        shift(&ctx, morning).await.expect("no night before it ends after five");
    }
);

db_test!(
    async fn an_update_keeps_what_is_absent_and_clears_what_is_null(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let pauses = json!([{ "type": 2, "beginTime": "10:00", "endTime": "10:30" }]);
        let dates = json!({
            "beginEffectiveDate": "2026-01-01", "description": "d", "nonProdTimeMgtDTOList": pauses
        });
        shift(&ctx, dates).await.expect("a shift");
        let id = own(&ctx, 1, 1).await[0].id;
        let before = get_shift(&ctx, ById { id }).await.expect("a shift");
        let renamed = json!({ "name": "长日班", "endTime": "18:00", "ftyModelId": 2, "ftyModelValue": 2 });
        assert_eq!(update(&ctx, id, renamed).await.expect("an answer"), 1);
        let after = get_shift(&ctx, ById { id }).await.expect("a shift");
        assert_eq!(
            (after.name.as_str(), after.end_time.as_str(), after.fty_model_id),
            ("长日班", "18:00:00", 2)
        );
        assert_eq!(after.breaks, before.breaks);
        assert_eq!(after.begin_effective_date, before.begin_effective_date);
        // What is kept is checked against what is new.
        let late = update(&ctx, id, json!({ "beginTime": "10:15" })).await;
        assert_eq!(refused(late), "nonProdTimeMgtDTOList[0].beginTime");
        let over = json!({ "endEffectiveDate": "2025-12-31" });
        assert_eq!(refused(update(&ctx, id, over).await), "endEffectiveDate");
        let cleared =
            json!({ "beginEffectiveDate": null, "description": null, "nonProdTimeMgtDTOList": null });
        update(&ctx, id, cleared).await.expect("an answer");
        let after = get_shift(&ctx, ById { id }).await.expect("a shift");
        assert_eq!((after.begin_effective_date, after.description, after.breaks.len()), (None, None, 0));
        assert_eq!(refused(update(&ctx, 77, json!({})).await), "id");
        // A shift does not overlap itself, but another one.
        let evening = json!({ "beginTime": "16:00", "endTime": "20:00" });
        shift(&ctx, evening).await.expect("a second shift");
        update(&ctx, id, json!({ "beginTime": "09:00" })).await.expect("an answer");
        assert_eq!(refused(update(&ctx, id, json!({ "endTime": "16:30" })).await), "beginTime");
    }
);

db_test!(
    async fn shifts_are_paged_newest_first_and_deleted(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        for hour in 0..5 {
            let times = json!({
                "name": format!("s{hour}"), "beginTime": format!("0{hour}:00"),
                "endTime": format!("0{}:00", hour + 1)
            });
            shift(&ctx, times).await.expect("a shift");
        }
        let page =
            |page_no, page_size| QueryRecords { page_no, page_size, fty_model_value: 1, fty_model_id: 1 };
        let second = query_shifts(&ctx, page(2, 2)).await.expect("a page");
        assert_eq!(second.total, 5);
        assert_eq!(second.data.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["s2", "s1"]);
        assert_eq!(refused(query_shifts(&ctx, page(0, 2)).await), "pageNo");
        assert_eq!(refused(query_shifts(&ctx, page(1, 201)).await), "pageSize");
        let unknown = QueryRecords { fty_model_id: 9, ..page(1, 10) };
        assert_eq!(refused(query_shifts(&ctx, unknown).await), "ftyModelId");
        let id = second.data[0].id;
        assert_eq!(delete_shift(&ctx, ById { id }).await.expect("an answer"), 1);
        assert_eq!(refused(delete_shift(&ctx, ById { id }).await), "id");
        assert_eq!(refused(get_shift(&ctx, ById { id }).await), "id");
    }
);

db_test!(
    async fn shifts_are_of_one_tenant_and_changed_by_those_who_may(plant: TestPlant) {
        let (ctx, other) = (plant.ctx(), plant.other_tenant().await);
        chain(&ctx, 1).await;
        chain(&other, 1).await;
        shift(&ctx, json!({})).await.expect("a shift");
        let id = own(&ctx, 1, 1).await[0].id;
        assert!(own(&other, 1, 1).await.is_empty());
        assert_eq!(refused(get_shift(&other, ById { id }).await), "id");
        assert_eq!(refused(update(&other, id, json!({})).await), "id");
        assert_eq!(refused(delete_shift(&other, ById { id }).await), "id");
        // The same time is free at the other tenant's node of the same id.
        shift(&other, json!({})).await.expect("a shift");
        let viewer = plant.viewer();
        forbidden(shift(&viewer, json!({ "beginTime": "17:00", "endTime": "18:00" })).await);
        forbidden(update(&viewer, id, json!({})).await);
        forbidden(delete_shift(&viewer, ById { id }).await);
        assert_eq!(own(&viewer, 1, 1).await.len(), 1);
    }
);

db_test!(
    async fn two_shifts_added_at_once_cannot_overlap(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let adds = (0..6).map(|_| shift(&ctx, json!({})));
        let added = futures::future::join_all(adds).await.into_iter().flatten().count();
        assert_eq!((added, own(&ctx, 1, 1).await.len()), (1, 1));
    }
);
