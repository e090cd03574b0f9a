use serde_json::{Value, json};

use super::{archive, chain, forbidden, params, refused, shift, shutdown};
use crate::calendar::service::{copy_week, query_planned_shutdowns, query_shifts};
use crate::calendar::{QueryRecords, ShiftRow};
use crate::{Ctx, Result, db_test};

const OWN: QueryRecords = QueryRecords { page_no: 1, page_size: 200, fty_model_value: 1, fty_model_id: 1 };

async fn copy(ctx: &Ctx, over: Value) -> Result<i64> {
    let week = json!({
        "ftyModelId": 1, "ftyModelValue": 1, "fromDate": "2026-03-11", "toDate": "2026-03-20",
    });
    copy_week(ctx, params(&week, &over)).await
}

async fn shifts(ctx: &Ctx) -> Vec<ShiftRow> {
    query_shifts(ctx, OWN).await.expect("shifts").data
}

db_test!(
    async fn a_week_is_copied_with_the_days_its_shifts_hold(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        let dates = json!({
            "beginEffectiveDate": "2026-03-03", "endEffectiveDate": "2026-03-12",
            "nonProdTimeMgtDTOList": [{ "type": 2, "beginTime": "10:00", "endTime": "10:15" }],
        });
        shift(&ctx, dates).await.expect("a shift");
        let period =
            json!({ "type": 1, "beginDatetime": "2026-03-15 20:00", "endDatetime": "2026-03-16 04:00" });
        shutdown(&ctx, period).await.expect("a shutdown");
        shutdown(&ctx, json!({})).await.expect("a weekly one");
        assert_eq!(copy(&ctx, json!({})).await.expect("copies"), 2);
        let copied = &shifts(&ctx).await[0];
        let dates = (copied.begin_effective_date.as_deref(), copied.end_effective_date.as_deref());
        assert_eq!(dates, (Some("2026-03-16"), Some("2026-03-19")));
        let shutdowns = query_planned_shutdowns(&ctx, OWN).await.expect("shutdowns").data;
        assert_eq!(shutdowns.len(), 3);
        assert_eq!(shutdowns[0].begin_datetime.as_deref(), Some("2026-03-22 20:00:00"));
        // A second time the copy would overlap itself.
        assert_eq!(refused(copy(&ctx, json!({})).await), "toDate");
        assert_eq!(shifts(&ctx).await.len(), 2);
    }
);

db_test!(
    async fn what_holds_in_the_other_week_already_is_not_copied(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        assert_eq!(refused(copy(&ctx, json!({})).await), "toDate");
        shift(&ctx, json!({})).await.expect("a shift without an end");
        assert_eq!(refused(copy(&ctx, json!({})).await), "toDate");
        assert_eq!(shifts(&ctx).await.len(), 1);
    }
);

db_test!(
    async fn a_copy_names_what_is_wrong_with_it(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        shift(&ctx, json!({ "beginEffectiveDate": "2026-03-09", "endEffectiveDate": "2026-03-15" }))
            .await
            .expect("a shift");
        assert_eq!(refused(copy(&ctx, json!({ "fromDate": "soon" })).await), "fromDate");
        assert_eq!(refused(copy(&ctx, json!({ "toDate": "2026-03-15" })).await), "toDate");
        assert_eq!(refused(copy(&plant.other_tenant().await, json!({})).await), "ftyModelId");
        forbidden(copy(&plant.viewer(), json!({})).await);
        archive(&ctx, 1).await;
        assert_eq!(refused(copy(&ctx, json!({})).await), "ftyModelId");
    }
);
