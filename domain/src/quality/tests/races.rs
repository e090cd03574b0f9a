//! Calls at once, where one relies on what the other takes away.

use super::plant::{controlled, furnish, washed};
use crate::db::testing::TestPlant;
use crate::db_test;
use crate::modelling::DeleteNode;
use crate::modelling::service::delete_process_node;
use crate::quality::service::{add_report, create_control, delete_reports, query_reports};
use crate::quality::{CreateControl, DeleteReports, QueryReports};

async fn total(plant: &TestPlant) -> usize {
    let page = query_reports(&plant.ctx(), QueryReports::default()).await.expect("a page");
    page.report_dtos.len()
}

db_test!(
    async fn a_step_is_not_deleted_under_a_report_that_is_being_entered(plant: TestPlant) {
        let ctx = plant.ctx();
        furnish(&ctx).await;
        let adding = (0..8).map(|_| {
            let ctx = ctx.clone();
            tokio::spawn(async move { add_report(&ctx, washed()).await.is_ok() })
        });
        let adding: Vec<_> = adding.collect();
        let deleting = {
            let ctx = ctx.clone();
            let step = DeleteNode { id: None, r#type: "step".into(), code: Some("WASH".into()) };
            tokio::spawn(async move { delete_process_node(&ctx, step).await.is_ok() })
        };
        let mut added = 0;
        for one in adding {
            added += usize::from(one.await.expect("no panic"));
        }
        let deleted = deleting.await.expect("no panic");
        assert_ne!(deleted, added > 0, "{added} reports and the step they name is gone");
        assert_eq!(total(&plant).await, added);
    }
);

db_test!(
    async fn a_report_is_not_deleted_under_a_control_that_is_being_entered(plant: TestPlant) {
        let ctx = plant.ctx();
        let furnished = furnish(&ctx).await;
        let report = add_report(&ctx, washed()).await.expect("a report");
        let controls = (0..4).map(|_| {
            let ctx = ctx.clone();
            let control = CreateControl { out_put: Some(50.0), ..controlled(furnished.checker) };
            tokio::spawn(async move { create_control(&ctx, control).await.is_ok() })
        });
        let controls: Vec<_> = controls.collect();
        let deleting = {
            let ctx = ctx.clone();
            tokio::spawn(async move {
                delete_reports(&ctx, DeleteReports { report_ids: vec![report] }).await.is_ok()
            })
        };
        let mut entered = 0;
        for one in controls {
            entered += usize::from(one.await.expect("no panic"));
        }
        let deleted = deleting.await.expect("no panic");
        assert_ne!(deleted, entered > 0);
        // Together they inspect no more than was reported.
        assert!(entered <= 2, "{entered} controls of 50 of 100 pieces");
    }
);
