use serde_json::Value;

use super::plant::{PARAMETERS, controlled, failed, furnish, inspected, param, washed};
use crate::quality::service::{
    add_report, create_control, create_grade, delete_control, delete_grade, delete_reports, get_control,
    query_grades, update_grade,
};
use crate::quality::{
    AddReport, CreateControl, CreateGrade, DeleteControl, DeleteGrade, DeleteReports, GetControl, Grade,
    QueryGrades, UpdateGrade,
};
use crate::{Code, Ctx, Error, Patch, db_test};

async fn list(ctx: &Ctx, params: QueryGrades) -> Vec<Grade> {
    query_grades(ctx, params).await.expect("a page").grade
}

fn unchanged(id: i64) -> UpdateGrade {
    UpdateGrade {
        id,
        parent_id: None,
        grade: 2,
        is_passed: 0,
        batch_number: "B1".into(),
        out_put: 10.0,
        columns: Patch::Keep,
        column_data: Patch::Keep,
        unique_code: None,
        step_code: None,
    }
}

db_test!(
    async fn a_grade_is_answered_as_it_was_given(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, control, grade) = inspected(&ctx, checker).await;
        let expected = Grade {
            id: grade,
            grade: 2,
            is_passed: 0,
            batch_number: "B1".into(),
            out_put: 10.0,
            create_time: "2026-06-01 08:00:00".into(),
            modify_time: "2026-06-01 08:00:00".into(),
            parent_id: control,
            data_id: None,
            dap_id: None,
            dap_str: None,
        };
        assert_eq!(list(&ctx, QueryGrades::default()).await, [expected]);
    }
);

db_test!(
    async fn a_grade_without_a_verdict_passed(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, control, _) = inspected(&ctx, checker).await;
        create_grade(&ctx, CreateGrade { is_passed: None, ..failed(control) }).await.expect("a grade");
        let verdicts: Vec<i64> =
            list(&ctx, QueryGrades::default()).await.iter().map(|g| g.is_passed).collect();
        assert_eq!(verdicts, [1, 0]);
    }
);

db_test!(
    async fn code_and_step_name_the_newest_control_and_an_id_wins(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, first, _) = inspected(&ctx, checker).await;
        let second = create_control(&ctx, controlled(checker)).await.expect("a control");
        let by_code = CreateGrade {
            parent_id: None,
            unique_code: Some("A".into()),
            step_code: Some("WASH".into()),
            ..failed(0)
        };
        create_grade(&ctx, by_code.clone()).await.expect("a grade");
        create_grade(&ctx, CreateGrade { parent_id: Some(first), ..by_code.clone() }).await.expect("a grade");
        let parents: Vec<i64> =
            list(&ctx, QueryGrades::default()).await.iter().map(|g| g.parent_id).collect();
        assert_eq!(parents, [first, second, first]);

        for params in [
            CreateGrade { parent_id: Some(1), ..failed(0) },
            CreateGrade { unique_code: Some("B".into()), ..by_code.clone() },
            CreateGrade { step_code: Some("PAINT".into()), ..by_code },
        ] {
            let error = create_grade(&ctx, params).await.expect_err("no such control");
            assert!(matches!(error, Error::Coded(Code::QueryResultEmpty, _)), "{error:?}");
        }
    }
);

db_test!(
    async fn each_refusal_of_a_grade_names_its_parameter(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, control, id) = inspected(&ctx, checker).await;
        let by_code = |code: Option<&str>, step: Option<&str>| CreateGrade {
            parent_id: None,
            unique_code: code.map(str::to_owned),
            step_code: step.map(str::to_owned),
            ..failed(0)
        };
        for (name, params) in [
            ("parentId", by_code(None, None)),
            ("stepCode", by_code(Some("A"), None)),
            ("uniqueCode", by_code(None, Some("WASH"))),
            ("stepCode", by_code(Some("A"), Some("BAKE"))),
            ("grade", CreateGrade { grade: 6, ..failed(control) }),
            ("grade", CreateGrade { grade: -1, ..failed(control) }),
            ("isPassed", CreateGrade { is_passed: Some(2), ..failed(control) }),
            ("batchNumber", CreateGrade { batch_number: String::new(), ..failed(control) }),
            ("outPut", CreateGrade { out_put: -0.5, ..failed(control) }),
            ("outPut", CreateGrade { out_put: f64::NAN, ..failed(control) }),
            ("outPut", CreateGrade { out_put: 30.01, ..failed(control) }),
            ("columnData", CreateGrade { columns: Some(vec!["batch".into()]), ..failed(control) }),
        ] {
            assert_eq!(param(create_grade(&ctx, params).await.expect_err(name)), name);
        }
        for (name, params) in [
            ("id", unchanged(1)),
            ("parentId", UpdateGrade { parent_id: Some(1), ..unchanged(id) }),
            ("stepCode", UpdateGrade { unique_code: Some("A".into()), ..unchanged(id) }),
            ("grade", UpdateGrade { grade: 6, ..unchanged(id) }),
            ("isPassed", UpdateGrade { is_passed: 3, ..unchanged(id) }),
            ("batchNumber", UpdateGrade { batch_number: " ".into(), ..unchanged(id) }),
            ("outPut", UpdateGrade { out_put: 40.01, ..unchanged(id) }),
        ] {
            assert_eq!(param(update_grade(&ctx, params).await.expect_err(name)), name);
        }
        assert_eq!(param(delete_grade(&ctx, DeleteGrade { id: 1 }).await.expect_err("unknown")), "id");
    }
);

db_test!(
    async fn a_grade_can_be_corrected_and_moved(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, first, id) = inspected(&ctx, checker).await;
        let second = CreateControl { out_put: Some(5.0), ..controlled(checker) };
        let second = create_control(&ctx, second).await.expect("a control");
        let params =
            UpdateGrade { grade: 0, is_passed: 1, batch_number: "B2".into(), out_put: 40.0, ..unchanged(id) };
        update_grade(&ctx, params).await.expect("an update");
        let changed = list(&ctx, QueryGrades { parent_id: Some(first), ..QueryGrades::default() }).await;
        assert_eq!((changed[0].grade, changed[0].is_passed, changed[0].batch_number.as_str()), (0, 1, "B2"));
        let moved = UpdateGrade { parent_id: Some(second), ..unchanged(id) };
        assert_eq!(param(update_grade(&ctx, moved.clone()).await.expect_err("too much")), "outPut");
        update_grade(&ctx, UpdateGrade { out_put: 5.0, ..moved }).await.expect("an update");
        let control = get_control(&ctx, GetControl { id: second }).await.expect("a control");
        assert!((control.verified_out_put - 5.0).abs() < 1e-9);
        assert!(
            list(&ctx, QueryGrades { parent_id: Some(first), ..QueryGrades::default() }).await.is_empty()
        );
    }
);

db_test!(
    async fn indicators_are_answered_as_a_record_of_their_metadata(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, control, _) = inspected(&ctx, checker).await;
        let params = CreateGrade {
            columns: Some(vec!["batch".into(), "temperature".into()]),
            column_data: Some(vec![Some("B-7".into()), Some("58.5".into())]),
            ..failed(control)
        };
        let id = create_grade(&ctx, params).await.expect("a grade");
        let grade = list(&ctx, QueryGrades::default()).await.swap_remove(0);
        assert_eq!((grade.id, grade.data_id), (id, Some(PARAMETERS)));
        let table: Value = serde_json::from_str(&grade.dap_str.expect("a record")).expect("JSON");
        assert_eq!(table["nodes"][0], "batch");
        assert_eq!(table["data"][0][1], "58.5");
        assert_eq!(table["data"][0][2], grade.dap_id.expect("a record").to_string());

        let cleared = UpdateGrade { columns: Patch::Clear, ..unchanged(id) };
        update_grade(&ctx, cleared).await.expect("an update");
        assert_eq!(list(&ctx, QueryGrades::default()).await[0].dap_str, None);
    }
);

db_test!(
    async fn grades_are_listed_by_control_or_by_code_and_step(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (_, control, grade) = inspected(&ctx, checker).await;
        add_report(&ctx, AddReport { unique_code: "B".into(), ..washed() }).await.expect("a report");
        let params = CreateControl { unique_code: "B".into(), ..controlled(checker) };
        let other = create_control(&ctx, params).await.expect("a control");
        let second = create_grade(&ctx, failed(other)).await.expect("a grade");
        let by = |code: Option<&str>, step: Option<&str>| QueryGrades {
            unique_code: code.map(str::to_owned),
            step_code: step.map(str::to_owned),
            ..QueryGrades::default()
        };
        for (params, expected) in [
            (QueryGrades::default(), vec![second, grade]),
            (QueryGrades { parent_id: Some(control), ..by(Some("B"), None) }, vec![grade]),
            (QueryGrades { parent_id: Some(1), ..QueryGrades::default() }, vec![]),
            (by(Some("A"), None), vec![grade]),
            (by(None, Some("WASH")), vec![second, grade]),
            (by(Some("B"), Some("WASH")), vec![second]),
            (by(Some("B"), Some("PAINT")), vec![]),
            (by(None, Some("BAKE")), vec![]),
            (QueryGrades { page_id: Some(2), page_size: Some(1), ..QueryGrades::default() }, vec![grade]),
        ] {
            let ids: Vec<i64> = list(&ctx, params).await.iter().map(|grade| grade.id).collect();
            assert_eq!(ids, expected);
        }
        let params = QueryGrades { page_id: Some(0), ..QueryGrades::default() };
        assert_eq!(param(query_grades(&ctx, params).await.expect_err("refused")), "pageId");
    }
);

db_test!(
    async fn what_hangs_on_something_goes_first(plant: TestPlant) {
        let ctx = plant.ctx();
        let checker = furnish(&ctx).await.checker;
        let (report, control, grade) = inspected(&ctx, checker).await;
        assert_eq!(param(delete_control(&ctx, DeleteControl { id: control }).await.expect_err("kept")), "id");
        delete_grade(&ctx, DeleteGrade { id: grade }).await.expect("deleted");
        delete_control(&ctx, DeleteControl { id: control }).await.expect("deleted");
        delete_reports(&ctx, DeleteReports { report_ids: vec![report] }).await.expect("deleted");
    }
);

db_test!(
    async fn grades_belong_to_their_tenant_and_viewers_change_none(plant: TestPlant) {
        let (ctx, other, viewer) = (plant.ctx(), plant.other_tenant().await, plant.viewer());
        let checker = furnish(&ctx).await.checker;
        let (_, control, id) = inspected(&ctx, checker).await;
        furnish(&other).await;
        assert!(
            list(&other, QueryGrades { parent_id: Some(control), ..QueryGrades::default() }).await.is_empty()
        );
        assert_eq!(param(update_grade(&other, unchanged(id)).await.expect_err("foreign")), "id");
        assert_eq!(param(delete_grade(&other, DeleteGrade { id }).await.expect_err("foreign")), "id");
        let error = create_grade(&other, failed(control)).await.expect_err("foreign");
        assert!(matches!(error, Error::Coded(Code::QueryResultEmpty, _)));

        assert_eq!(list(&viewer, QueryGrades::default()).await.len(), 1);
        assert!(matches!(update_grade(&viewer, unchanged(id)).await, Err(Error::Forbidden)));
        assert!(matches!(delete_grade(&viewer, DeleteGrade { id }).await, Err(Error::Forbidden)));
    }
);
