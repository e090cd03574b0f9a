use super::plant::{controlled, failed, furnish, inspected, param, washed};
use crate::quality::service::{
    add_report, calc_output, create_control, create_grade, delete_control, get_control, query_controls,
    update_control,
};
use crate::quality::{
    AddReport, CalcOutput, Control, CreateControl, CreateGrade, DeleteControl, GetControl, QueryControls,
    UpdateControl,
};
use crate::{Code, Ctx, Error, Patch, db_test};

async fn read(ctx: &Ctx, id: i64) -> Control {
    get_control(ctx, GetControl { id }).await.expect("a control")
}

async fn left(ctx: &Ctx) -> f64 {
    calc_output(ctx, CalcOutput { unique_code: "A".into(), step_code: "WASH".into() })
        .await
        .expect("an amount")
}

fn unchanged(id: i64, checker_id: i64) -> UpdateControl {
    let CreateControl { unique_code, step_code, start_time, end_time, .. } = controlled(checker_id);
    UpdateControl { id, unique_code, step_code, start_time, end_time, checker_id, out_put: Patch::Keep }
}

db_test!(
    async fn a_control_is_answered_with_names_and_amounts(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, control, _) = inspected(&ctx, checker).await;
        let expected = Control {
            id: control,
            unique_code: "A".into(),
            step_code: "WASH".into(),
            step_name: Some("Washing".into()),
            step_tree: Some("Doors/Surface/Washing".into()),
            start_time: "2026-06-01 12:00:00".into(),
            end_time: "2026-06-01 12:30:00".into(),
            out_put: 40.0,
            verified_out_put: 10.0,
            checker_id: checker,
            checker_name: Some("Senior checker".into()),
            material_code: Some("M1".into()),
            material_name: Some("Door".into()),
            create_time: "2026-06-01 08:00:00".into(),
            modify_time: "2026-06-01 08:00:00".into(),
        };
        assert_eq!(read(&ctx, control).await, expected);
        let page = query_controls(&ctx, QueryControls::default()).await.expect("a page");
        assert_eq!((page.record, page.page.total), (vec![expected], 1));
    }
);

db_test!(
    async fn what_is_left_is_what_was_reported_less_what_was_inspected(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        add_report(&ctx, AddReport { out_put: 0.1, ..washed() }).await.expect("a report");
        add_report(&ctx, AddReport { out_put: 0.2, ..washed() }).await.expect("a report");
        add_report(&ctx, AddReport { step_code: "PAINT".into(), ..washed() }).await.expect("a report");
        assert!((left(&ctx).await - 0.3).abs() < 1e-12);
        let control = |out_put: f64| CreateControl { out_put: Some(out_put), ..controlled(checker) };
        assert_eq!(param(create_control(&ctx, control(0.30001)).await.expect_err("too much")), "outPut");
        create_control(&ctx, control(0.1)).await.expect("a control");
        assert!((left(&ctx).await - 0.2).abs() < 1e-12);
        // Without an amount: all that is left. Binary dust does not count as something to inspect.
        let rest = CreateControl { out_put: None, ..controlled(checker) };
        let rest = create_control(&ctx, rest).await.expect("a control");
        assert!((read(&ctx, rest).await.out_put - 0.2).abs() < 1e-12);
        assert!(left(&ctx).await.abs() < f64::EPSILON);
        assert_eq!(param(create_control(&ctx, control(0.001)).await.expect_err("too much")), "outPut");
    }
);

db_test!(
    async fn only_what_was_reported_can_be_inspected(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        add_report(&ctx, washed()).await.expect("a report");
        for params in [
            CreateControl { unique_code: "B".into(), ..controlled(checker) },
            CreateControl { step_code: "PAINT".into(), ..controlled(checker) },
        ] {
            let error = create_control(&ctx, params).await.expect_err("not reported");
            assert!(matches!(error, Error::Coded(Code::QueryResultEmpty, _)), "{error:?}");
        }
        for (name, unique_code, step_code) in [
            ("uniqueCode", "B", "WASH"),
            ("uniqueCode", "A", "PAINT"),
            ("stepCode", "A", "BAKE"),
            ("uniqueCode", "", "WASH"),
        ] {
            let params = CalcOutput { unique_code: unique_code.into(), step_code: step_code.into() };
            assert_eq!(param(calc_output(&ctx, params).await.expect_err(name)), name);
        }
    }
);

db_test!(
    async fn each_refusal_of_a_control_names_its_parameter(plant: TestPlant) {
        let ctx = plant.ctx();
        let furnished = furnish(&ctx).await;
        let checker = furnished.checker;
        add_report(&ctx, washed()).await.expect("a report");
        let id = create_control(&ctx, controlled(checker)).await.expect("a control");
        create_grade(&ctx, failed(id)).await.expect("a grade");
        let with_amount = |amount: f64| CreateControl { out_put: Some(amount), ..controlled(checker) };
        for (name, params) in [
            ("uniqueCode", CreateControl { unique_code: " ".into(), ..controlled(checker) }),
            ("stepCode", CreateControl { step_code: "BAKE".into(), ..controlled(checker) }),
            ("startTime", CreateControl { start_time: "soon".into(), ..controlled(checker) }),
            ("endTime", CreateControl { end_time: "2026-06-01 11:59:59".into(), ..controlled(checker) }),
            ("checkerId", controlled(1)),
            // A press is a record, but no person.
            ("checkerId", controlled(furnished.press)),
            ("outPut", with_amount(-1.0)),
            ("outPut", with_amount(f64::NAN)),
            ("outPut", with_amount(60.5)),
        ] {
            assert_eq!(param(create_control(&ctx, params).await.expect_err(name)), name);
        }
        for (name, params) in [
            ("id", unchanged(1, checker)),
            ("uniqueCode", UpdateControl { unique_code: "B".into(), ..unchanged(id, checker) }),
            ("stepCode", UpdateControl { step_code: "BAKE".into(), ..unchanged(id, checker) }),
            ("endTime", UpdateControl { end_time: "2026-06-01 11:00".into(), ..unchanged(id, checker) }),
            ("checkerId", unchanged(id, 1)),
            ("outPut", UpdateControl { out_put: Patch::Set(100.5), ..unchanged(id, checker) }),
            ("outPut", UpdateControl { out_put: Patch::Set(9.5), ..unchanged(id, checker) }),
            ("outPut", UpdateControl { out_put: Patch::Set(f64::NAN), ..unchanged(id, checker) }),
        ] {
            assert_eq!(param(update_control(&ctx, params).await.expect_err(name)), name);
        }
        for id in [1, id] {
            assert_eq!(param(delete_control(&ctx, DeleteControl { id }).await.expect_err("kept")), "id");
        }
        assert_eq!(param(get_control(&ctx, GetControl { id: 1 }).await.expect_err("unknown")), "id");
    }
);

db_test!(
    async fn a_control_can_be_corrected(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, id, _) = inspected(&ctx, checker).await;
        add_report(&ctx, AddReport { unique_code: "B".into(), out_put: 40.0, ..washed() })
            .await
            .expect("a report");
        plant.clock.set(ctx.now() + 60_000);
        update_control(&ctx, unchanged(id, checker)).await.expect("an update");
        assert_eq!(read(&ctx, id).await.modify_time, "2026-06-01 08:01:00");
        // All 100: its own 40 do not stand in its way. Cleared, it becomes what others leave.
        for out_put in [Patch::Set(100.0), Patch::Clear] {
            update_control(&ctx, UpdateControl { out_put, ..unchanged(id, checker) })
                .await
                .expect("an update");
            assert!((read(&ctx, id).await.out_put - 100.0).abs() < 1e-9);
        }
        let to_b = UpdateControl { unique_code: "B".into(), ..unchanged(id, checker) };
        assert_eq!(param(update_control(&ctx, to_b.clone()).await.expect_err("too much")), "outPut");
        let to_b = UpdateControl { out_put: Patch::Set(40.0), ..to_b };
        update_control(&ctx, to_b).await.expect("an update");
        assert_eq!(read(&ctx, id).await.unique_code, "B");
        assert!((left(&ctx).await - 100.0).abs() < 1e-9);
    }
);

db_test!(
    async fn controls_are_listed_newest_first_by_what_is_asked(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        for (code, material, day) in [("ORD-1", "M1", 1), ("ORD-2", "M2", 2)] {
            let report = AddReport { unique_code: code.into(), material_code: material.into(), ..washed() };
            add_report(&ctx, report).await.expect("a report");
            let control = CreateControl {
                unique_code: code.into(),
                start_time: format!("2026-06-0{day} 13:00:00"),
                end_time: format!("2026-06-0{day} 14:00:00"),
                ..controlled(checker)
            };
            create_control(&ctx, control).await.expect("a control");
        }
        let all = QueryControls::default;
        let some = |text: &str| Some(text.to_owned());
        let range =
            |begin: &str, end: &str| QueryControls { start_time: some(begin), end_time: some(end), ..all() };
        for (params, expected) in [
            (all(), vec!["ORD-2", "ORD-1"]),
            (QueryControls { search: some("ord-2"), ..all() }, vec!["ORD-2"]),
            (QueryControls { search: some("m1"), ..all() }, vec!["ORD-1"]),
            (QueryControls { search: some("none"), ..all() }, vec![]),
            (range("2026-06-01 14:00", "2026-06-02 12:59"), vec!["ORD-1"]),
            (range("2026-06-01 13:30", "2026-06-03 00:00"), vec!["ORD-2", "ORD-1"]),
        ] {
            let page = query_controls(&ctx, params).await.expect("a page");
            let codes: Vec<&str> = page.record.iter().map(|control| control.unique_code.as_str()).collect();
            assert_eq!(codes, expected);
        }
        for (name, params) in [
            ("startTime", QueryControls { end_time: some("2026-06-01 14:00"), ..all() }),
            ("endTime", QueryControls { start_time: some("2026-06-01 14:00"), ..all() }),
            ("endTime", range("2026-06-02 14:00", "2026-06-01 14:00")),
            ("pageId", QueryControls { page_id: Some(-1), ..all() }),
            ("pageSize", QueryControls { page_size: Some(0), ..all() }),
        ] {
            assert_eq!(param(query_controls(&ctx, params).await.expect_err(name)), name);
        }
    }
);

db_test!(
    async fn controls_belong_to_their_tenant(plant: TestPlant) {
        let (ctx, other) = (plant.ctx(), plant.other_tenant().await);
        let checker = furnish(&ctx).await.checker;
        let (_, id, _) = inspected(&ctx, checker).await;
        let theirs = furnish(&other).await.checker;
        assert_eq!(query_controls(&other, QueryControls::default()).await.expect("a page").page.total, 0);
        assert_eq!(param(get_control(&other, GetControl { id }).await.expect_err("foreign")), "id");
        assert_eq!(param(update_control(&other, unchanged(id, theirs)).await.expect_err("foreign")), "id");
        assert_eq!(param(delete_control(&other, DeleteControl { id }).await.expect_err("foreign")), "id");
        assert_eq!(
            param(create_control(&other, controlled(checker)).await.expect_err("foreign")),
            "checkerId"
        );
        let error = create_control(&other, controlled(theirs)).await.expect_err("not reported there");
        assert!(matches!(error, Error::Coded(Code::QueryResultEmpty, _)));
    }
);

db_test!(
    async fn a_viewer_reads_controls_and_changes_none(plant: TestPlant) {
        let (ctx, viewer) = (plant.ctx(), plant.viewer());
        let checker = furnish(&ctx).await.checker;
        let (_, id, _) = inspected(&ctx, checker).await;
        assert_eq!(read(&viewer, id).await.id, id);
        assert!((left(&viewer).await - 60.0).abs() < 1e-9);
        assert!(matches!(create_control(&viewer, controlled(checker)).await, Err(Error::Forbidden)));
        assert!(matches!(update_control(&viewer, unchanged(id, checker)).await, Err(Error::Forbidden)));
        assert!(matches!(delete_control(&viewer, DeleteControl { id }).await, Err(Error::Forbidden)));
        let grade = CreateGrade { out_put: 1.0, ..failed(id) };
        assert!(matches!(create_grade(&viewer, grade).await, Err(Error::Forbidden)));
    }
);
