use serde_json::json;

use super::plant::{PARAMETERS, archive, controlled, furnish, inspected, param, washed};
use crate::events::Topic;
use crate::quality::service::{
    add_report, create_control, delete_reports, get_report, query_reports, update_report,
};
use crate::quality::{AddReport, DeleteReports, GetReport, KeyRecord, QueryReports, Report, UpdateReport};
use crate::{Ctx, Error, Patch, db_test};

async fn read(ctx: &Ctx, report_id: i64) -> Report {
    get_report(ctx, GetReport { report_id }).await.expect("a report")
}

async fn codes(ctx: &Ctx, params: QueryReports) -> Vec<String> {
    let page = query_reports(ctx, params).await.expect("a page");
    page.report_dtos.into_iter().map(|report| report.unique_code).collect()
}

fn set<T>(value: impl Into<T>) -> Patch<T> {
    Patch::Set(value.into())
}

db_test!(
    async fn a_report_is_answered_with_the_names_of_what_it_refers_to(plant: TestPlant) {
        let ctx = plant.ctx();
        let furnished = furnish(&ctx).await;
        let mut watcher = plant.services.events.subscribe();
        let id = add_report(&ctx, washed()).await.expect("a report");
        assert_eq!(watcher.try_recv().expect("a nudge").topic, Topic::Oee);
        let expected = Report {
            id,
            material_code: "M1".into(),
            material_name: Some("Door".into()),
            unique_code: "A".into(),
            step_code: "WASH".into(),
            step_name: Some("Washing".into()),
            start_time: "2026-06-01 08:00:00".into(),
            end_time: "2026-06-01 12:00:00".into(),
            out_put: 100.0,
            unit_type: Some(4),
            unit_type_code: Some("P-1".into()),
            unit_type_name: Some("Press one".into()),
            asset_num: Some("P-1".into()),
            record_dto: None,
        };
        assert_eq!(read(&ctx, id).await, expected);
        let made = crate::quality::store::pieces(
            &mut ctx.read().await.expect("a connection"),
            ctx.tenant_id(),
            &[furnished.press],
            0,
            i64::MAX,
        )
        .await
        .expect("pieces");
        assert_eq!((made[0].report_id, made[0].step_code.as_str(), made.len()), (id, "WASH", 1));
    }
);

db_test!(
    async fn units_of_every_type_are_known_by_their_codes(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        for (unit_type, code, name) in
            [(0, "F1", "Main works"), (1, "W1", "Paint shop"), (4, "P-1", "Press one")]
        {
            let params =
                AddReport { unit_type: Some(unit_type), unit_type_code: Some(code.into()), ..washed() };
            let report = read(&ctx, add_report(&ctx, params).await.expect("a report")).await;
            assert_eq!((report.unit_type, report.unit_type_name.as_deref()), (Some(unit_type), Some(name)));
            assert_eq!(report.asset_num.is_some(), unit_type == 4);
        }
        let params = AddReport { unit_type: None, unit_type_code: None, ..washed() };
        let report = read(&ctx, add_report(&ctx, params).await.expect("a report")).await;
        assert_eq!((report.unit_type, report.unit_type_code, report.unit_type_name), (None, None, None));
    }
);

db_test!(
    async fn each_refusal_of_a_report_names_its_parameter(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let unit = |unit_type: Option<i64>, code: Option<&str>| AddReport {
            unit_type,
            unit_type_code: code.map(str::to_owned),
            ..washed()
        };
        let parameters = |columns: &[&str], values: &[&str]| AddReport {
            columns: Some(columns.iter().map(|&c| c.into()).collect()),
            column_data: Some(values.iter().map(|&v| v.into()).collect()),
            ..washed()
        };
        for (name, params) in [
            ("materialCode", AddReport { material_code: "M9".into(), ..washed() }),
            ("stepCode", AddReport { step_code: "BAKE".into(), ..washed() }),
            // A process is no step, and an archived step is not used any more.
            ("stepCode", AddReport { step_code: "SURFACE".into(), ..washed() }),
            ("stepCode", AddReport { step_code: "DIP".into(), ..washed() }),
            ("uniqueCode", AddReport { unique_code: "  ".into(), ..washed() }),
            ("startTime", AddReport { start_time: "soon".into(), ..washed() }),
            ("endTime", AddReport { end_time: "2026-06-01".into(), ..washed() }),
            ("endTime", AddReport { end_time: "2026-06-01 07:59:59".into(), ..washed() }),
            ("outPut", AddReport { out_put: -1.0, ..washed() }),
            ("outPut", AddReport { out_put: f64::NAN, ..washed() }),
            ("unitType", unit(Some(5), Some("P-1"))),
            ("unitType", unit(Some(-1), Some("P-1"))),
            ("unitType", unit(None, Some("P-1"))),
            ("unitTypeCode", unit(Some(4), None)),
            ("unitTypeCode", unit(Some(4), Some("P-2"))),
            ("unitTypeCode", unit(Some(4), Some("W1"))),
            ("unitTypeCode", unit(Some(0), Some("W1"))),
            ("columnData", parameters(&["batch"], &[])),
            ("columns[1]", parameters(&["batch", "colour"], &["x", "red"])),
            ("columnData[0][1] (temperature)", parameters(&["batch", "temperature"], &["x", "hot"])),
            ("columns", AddReport { step_code: "PAINT".into(), ..parameters(&["batch"], &["x"]) }),
            ("dataId", AddReport { data_id: Some(1), ..parameters(&["batch"], &["x"]) }),
            ("dapId", AddReport { dap_id: Some(1), ..washed() }),
        ] {
            assert_eq!(param(add_report(&ctx, params).await.expect_err(name)), name);
        }
        assert!(codes(&ctx, QueryReports::default()).await.is_empty());
    }
);

db_test!(
    async fn an_instant_and_an_unpublished_step_are_taken(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let params = AddReport {
            step_code: "PAINT".into(),
            end_time: "2026-06-01 08:00".into(),
            out_put: 0.0,
            ..washed()
        };
        add_report(&ctx, params).await.expect("a report");
    }
);

db_test!(
    async fn key_parameters_are_records_of_the_metadata_of_the_step(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let params = AddReport {
            data_id: Some(PARAMETERS),
            columns: Some(vec!["temperature".into(), "batch".into()]),
            column_data: Some(vec![json!(61.5), json!("B-1")]),
            ..washed()
        };
        let id = add_report(&ctx, params).await.expect("a report");
        let record = read(&ctx, id).await.record_dto.expect("key parameters");
        let expected = KeyRecord {
            data_id: PARAMETERS,
            dap_id: record.dap_id,
            columns: vec!["batch".into(), "temperature".into()],
            column_data: vec![json!("B-1"), json!("61.5")],
        };
        assert_eq!(record, expected);

        // Sending the same again keeps the record; its key is not free for another one.
        let same = || UpdateReport {
            id,
            columns: set(vec!["batch".into(), "temperature".into()]),
            column_data: set(vec![json!("B-1"), json!(61.5)]),
            ..UpdateReport::default()
        };
        update_report(&ctx, same()).await.expect("an update");
        assert_eq!(read(&ctx, id).await.record_dto.as_ref(), Some(&expected));
        let other = UpdateReport { column_data: set(vec![json!("B-1"), json!(70)]), ..same() };
        assert_eq!(param(update_report(&ctx, other).await.expect_err("taken")), "columnData[0] (batch)");
        let other = UpdateReport { column_data: set(vec![json!("B-2"), json!(70)]), ..same() };
        update_report(&ctx, other).await.expect("an update");
        let other = read(&ctx, id).await.record_dto.expect("key parameters");
        assert_eq!(other.column_data, [json!("B-2"), json!("70")]);

        // Another report may refer to the same record.
        let second = AddReport { dap_id: Some(record.dap_id), ..washed() };
        let second = add_report(&ctx, second).await.expect("a report");
        assert_eq!(read(&ctx, second).await.record_dto, Some(expected));

        let cleared = UpdateReport { id: second, dap_id: Patch::Clear, ..UpdateReport::default() };
        update_report(&ctx, cleared).await.expect("an update");
        assert_eq!(read(&ctx, second).await.record_dto, None);
        let page = query_reports(&ctx, QueryReports::default()).await.expect("a page");
        assert_eq!(page.report_dtos.iter().filter(|report| report.record_dto.is_some()).count(), 1);
    }
);

db_test!(
    async fn an_update_changes_what_it_names(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let id = add_report(&ctx, washed()).await.expect("a report");
        let before = read(&ctx, id).await;
        update_report(&ctx, UpdateReport { id, ..UpdateReport::default() }).await.expect("an update");
        assert_eq!(read(&ctx, id).await, before);

        let params = UpdateReport {
            id,
            material_code: set("M2"),
            unique_code: set("B"),
            step_code: set("PAINT"),
            start_time: set("2026-06-01 09:00:00"),
            out_put: set(7.5),
            unit_type: set(1),
            unit_type_code: set("W1"),
            ..UpdateReport::default()
        };
        update_report(&ctx, params).await.expect("an update");
        let after = read(&ctx, id).await;
        assert_eq!(
            (after.material_name.as_deref(), after.unique_code.as_str(), after.step_code.as_str()),
            (Some("Lid"), "B", "PAINT")
        );
        assert_eq!(
            (after.start_time.as_str(), after.end_time.as_str()),
            ("2026-06-01 09:00:00", "2026-06-01 12:00:00")
        );
        assert_eq!(
            (after.unit_type, after.unit_type_code.as_deref(), after.asset_num),
            (Some(1), Some("W1"), None)
        );

        let params = UpdateReport { id, asset_num: set("P-1"), ..UpdateReport::default() };
        update_report(&ctx, params).await.expect("an update");
        assert_eq!(read(&ctx, id).await.asset_num.as_deref(), Some("P-1"));
        let params = UpdateReport { id, unit_type_code: Patch::Clear, ..UpdateReport::default() };
        update_report(&ctx, params).await.expect("an update");
        assert_eq!(read(&ctx, id).await.unit_type, None);
    }
);

db_test!(
    async fn each_refusal_of_an_update_names_its_parameter(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let id = add_report(&ctx, washed()).await.expect("a report");
        let unchanged = || UpdateReport { id, ..UpdateReport::default() };
        for (name, params) in [
            ("id", UpdateReport { id: 1, ..UpdateReport::default() }),
            ("materialCode", UpdateReport { material_code: set("M9"), ..unchanged() }),
            ("materialCode", UpdateReport { material_code: Patch::Clear, ..unchanged() }),
            ("stepCode", UpdateReport { step_code: set("DIP"), ..unchanged() }),
            ("uniqueCode", UpdateReport { unique_code: set(" "), ..unchanged() }),
            ("startTime", UpdateReport { start_time: set("soon"), ..unchanged() }),
            ("endTime", UpdateReport { start_time: set("2026-06-01 12:00:01"), ..unchanged() }),
            ("outPut", UpdateReport { out_put: Patch::Clear, ..unchanged() }),
            ("outPut", UpdateReport { out_put: set(f64::INFINITY), ..unchanged() }),
            ("assetNum", UpdateReport { asset_num: set("P-2"), ..unchanged() }),
            ("assetNum", UpdateReport { asset_num: set("P-1"), unit_type: set(1), ..unchanged() }),
            ("assetNum", UpdateReport { asset_num: set("P-1"), unit_type_code: set("W1"), ..unchanged() }),
            ("unitTypeCode", UpdateReport { unit_type: set(1), ..unchanged() }),
            ("columnData", UpdateReport { columns: set(vec!["batch".into()]), ..unchanged() }),
        ] {
            assert_eq!(param(update_report(&ctx, params).await.expect_err(name)), name);
        }
    }
);

db_test!(
    async fn a_report_of_something_archived_since_can_be_corrected(plant: TestPlant) {
        let ctx = plant.ctx();
        let furnished = furnish(&ctx).await;
        let id = add_report(&ctx, washed()).await.expect("a report");
        archive(&ctx, furnished.press).await;
        let params =
            UpdateReport { id, asset_num: set("P-1"), out_put: set(90.0), ..UpdateReport::default() };
        update_report(&ctx, params).await.expect("an update");
        assert_eq!(param(add_report(&ctx, washed()).await.expect_err("archived")), "unitTypeCode");
    }
);

db_test!(
    async fn reports_with_a_control_keep_what_was_inspected(plant: TestPlant) {
        let ctx = plant.ctx();
        let furnished = furnish(&ctx).await;
        let (report, ..) = inspected(&ctx, furnished.checker).await;
        let second = add_report(&ctx, AddReport { out_put: 20.0, ..washed() }).await.expect("a report");
        let unchanged = || UpdateReport { id: report, ..UpdateReport::default() };
        for (name, params) in [
            ("outPut", UpdateReport { out_put: set(19.9), ..unchanged() }),
            ("uniqueCode", UpdateReport { unique_code: set("B"), ..unchanged() }),
            ("stepCode", UpdateReport { step_code: set("PAINT"), ..unchanged() }),
        ] {
            assert_eq!(param(update_report(&ctx, params).await.expect_err(name)), name);
        }
        // 20 of the second report make up the 40 that were inspected.
        update_report(&ctx, UpdateReport { out_put: set(20.0), ..unchanged() }).await.expect("an update");

        let other =
            add_report(&ctx, AddReport { unique_code: "B".into(), ..washed() }).await.expect("a report");
        for ids in [vec![report], vec![second], vec![other, report]] {
            let error = delete_reports(&ctx, DeleteReports { report_ids: ids }).await.expect_err("kept");
            assert_eq!(param(error), "reportIds");
        }
        assert_eq!(codes(&ctx, QueryReports::default()).await, ["B", "A", "A"]);
        delete_reports(&ctx, DeleteReports { report_ids: vec![other, other] }).await.expect("deleted");
        assert_eq!(codes(&ctx, QueryReports::default()).await, ["A", "A"]);
    }
);

db_test!(
    async fn deleting_needs_known_reports(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let id = add_report(&ctx, washed()).await.expect("a report");
        for ids in [vec![], vec![id, 1]] {
            let error = delete_reports(&ctx, DeleteReports { report_ids: ids }).await.expect_err("refused");
            assert_eq!(param(error), "reportIds");
        }
        assert_eq!(read(&ctx, id).await.id, id);
        assert_eq!(
            param(get_report(&ctx, GetReport { report_id: 1 }).await.expect_err("unknown")),
            "reportId"
        );
    }
);

db_test!(
    async fn reports_are_listed_newest_first_by_what_is_asked(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        for (code, material, hour) in [("ORD-1", "M1", 8), ("ord-2", "M2", 10), ("X", "M2", 12)] {
            let params = AddReport {
                unique_code: code.into(),
                material_code: material.into(),
                start_time: format!("2026-06-01 {hour:02}:00:00"),
                end_time: format!("2026-06-01 {:02}:00:00", hour + 1),
                ..washed()
            };
            add_report(&ctx, params).await.expect("a report");
        }
        let all = QueryReports::default;
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(codes(&ctx, all()).await, ["X", "ord-2", "ORD-1"]);
        assert_eq!(codes(&ctx, QueryReports { key_word: some("ord"), ..all() }).await, ["ord-2", "ORD-1"]);
        assert_eq!(codes(&ctx, QueryReports { key_word: some("m2"), ..all() }).await, ["X", "ord-2"]);
        assert_eq!(codes(&ctx, QueryReports { unique_code: some("X"), ..all() }).await, ["X"]);
        assert!(codes(&ctx, QueryReports { unique_code: some("x"), ..all() }).await.is_empty());
        let range =
            |begin: &str, end: &str| QueryReports { start_time: some(begin), end_time: some(end), ..all() };
        assert_eq!(codes(&ctx, range("2026-06-01 09:30", "2026-06-01 10:00")).await, ["ord-2"]);
        assert_eq!(codes(&ctx, QueryReports { start_time: some("2026-06-01 11:30"), ..all() }).await, ["X"]);
        assert_eq!(
            codes(&ctx, QueryReports { end_time: some("2026-06-01 08:30"), ..all() }).await,
            ["ORD-1"]
        );

        let page = query_reports(&ctx, QueryReports { page_id: Some(2), page_size: Some(2), ..all() });
        let page = page.await.expect("a page");
        assert_eq!((page.page.total, page.page.page_id, page.page.page_size), (3, 2, 2));
        assert_eq!(page.report_dtos.len(), 1);
        for (name, params) in [
            ("pageId", QueryReports { page_id: Some(0), ..all() }),
            ("pageSize", QueryReports { page_size: Some(2001), ..all() }),
            ("startTime", QueryReports { start_time: some("x"), ..all() }),
            ("endTime", range("2026-06-01 10:00", "2026-06-01 09:00")),
        ] {
            assert_eq!(param(query_reports(&ctx, params).await.expect_err(name)), name);
        }
    }
);

db_test!(
    async fn reports_belong_to_their_tenant(plant: TestPlant) {
        let (ctx, other) = (plant.ctx(), plant.other_tenant().await);
        furnish(&ctx).await;
        let id = add_report(&ctx, washed()).await.expect("a report");
        assert!(codes(&other, QueryReports::default()).await.is_empty());
        assert_eq!(
            param(get_report(&other, GetReport { report_id: id }).await.expect_err("foreign")),
            "reportId"
        );
        let update = UpdateReport { id, ..UpdateReport::default() };
        assert_eq!(param(update_report(&other, update).await.expect_err("foreign")), "id");
        let delete = DeleteReports { report_ids: vec![id] };
        assert_eq!(param(delete_reports(&other, delete).await.expect_err("foreign")), "reportIds");
        assert_eq!(param(add_report(&other, washed()).await.expect_err("foreign")), "materialCode");
    }
);

db_test!(
    async fn a_viewer_reads_reports_and_changes_none(plant: TestPlant) {
        let (ctx, viewer) = (plant.ctx(), plant.viewer());
        let furnished = furnish(&ctx).await;
        let id = add_report(&ctx, washed()).await.expect("a report");
        assert_eq!(codes(&viewer, QueryReports::default()).await, ["A"]);
        assert!(matches!(add_report(&viewer, washed()).await, Err(Error::Forbidden)));
        let update = UpdateReport { id, ..UpdateReport::default() };
        assert!(matches!(update_report(&viewer, update).await, Err(Error::Forbidden)));
        let delete = DeleteReports { report_ids: vec![id] };
        assert!(matches!(delete_reports(&viewer, delete).await, Err(Error::Forbidden)));
        let control = create_control(&viewer, controlled(furnished.checker)).await;
        assert!(matches!(control, Err(Error::Forbidden)));
    }
);
