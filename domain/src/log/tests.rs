use super::service::{list_logs, send_log};
use super::{Level, ListLogs, SendLog};
use crate::events::Topic;
use crate::{Ctx, Error, db_test};

fn entry(title: &str) -> SendLog {
    SendLog {
        application: "Line control".into(),
        module: "Press".into(),
        title: title.into(),
        content: Some("Pressure 4.2 bar".into()),
        r#type: 2,
        create_time: None,
    }
}

fn refused_param(error: &Error) -> &str {
    match error {
        Error::Invalid { param, .. } => param,
        other => panic!("not a refused parameter: {other:?}"),
    }
}

async fn titles(ctx: &Ctx, which: ListLogs) -> Vec<String> {
    list_logs(ctx, which).await.expect("a list").entries.into_iter().map(|e| e.title).collect()
}

db_test!(
    async fn a_sent_entry_is_answered_and_listed(plant: TestPlant) {
        let ctx = plant.ctx();
        let mut watcher = plant.services.events.subscribe();
        let params = SendLog { create_time: Some("2026-05-31 23:59:59".into()), ..entry("Valve opened") };
        let sent = send_log(&ctx, params).await.expect("kept");
        assert_eq!((sent.r#type.as_str(), sent.gmt_create), ("信息", ctx.now()));
        assert_eq!(watcher.try_recv().expect("a nudge").topic, Topic::Log);

        let page = list_logs(&ctx, ListLogs::default()).await.expect("a list");
        assert_eq!((page.total, page.entries.len()), (1, 1));
        let listed = &page.entries[0];
        assert_eq!((listed.id, listed.level, listed.title.as_str()), (sent.id, Level::Info, "Valve opened"));
        assert_eq!(ctx.tenant.zone.format(listed.created_at), "2026-05-31 23:59:59");
    }
);

db_test!(
    async fn an_entry_without_a_time_is_of_now(plant: TestPlant) {
        let ctx = plant.ctx();
        send_log(&ctx, entry("Started")).await.expect("kept");
        let page = list_logs(&ctx, ListLogs::default()).await.expect("a list");
        assert_eq!(page.entries[0].created_at, ctx.now());
    }
);

db_test!(
    async fn each_refusal_names_its_parameter(plant: TestPlant) {
        let ctx = plant.ctx();
        for (param, params) in [
            ("type", SendLog { r#type: 5, ..entry("t") }),
            ("type", SendLog { r#type: 0, ..entry("t") }),
            ("createTime", SendLog { create_time: Some("yesterday".into()), ..entry("t") }),
            ("application", SendLog { application: " ".into(), ..entry("t") }),
            ("module", SendLog { module: String::new(), ..entry("t") }),
            ("title", entry("")),
        ] {
            let error = send_log(&ctx, params).await.expect_err(param);
            assert_eq!(refused_param(&error), param);
        }
        assert_eq!(list_logs(&ctx, ListLogs::default()).await.expect("a list").total, 0);
    }
);

db_test!(
    async fn filters_narrow_and_pages_follow_the_newest_first(plant: TestPlant) {
        let ctx = plant.ctx();
        let begin = ctx.now();
        for (n, title) in ["first", "second", "third"].into_iter().enumerate() {
            plant.clock.set(begin + i64::try_from(n).expect("small") * 1000);
            send_log(&ctx, entry(title)).await.expect("kept");
        }
        let other = SendLog { application: "Other".into(), module: "M".into(), r#type: 4, ..entry("fourth") };
        send_log(&ctx, other).await.expect("kept");

        assert_eq!(titles(&ctx, ListLogs::default()).await, ["fourth", "third", "second", "first"]);
        let application = Some("Other".to_owned());
        assert_eq!(titles(&ctx, ListLogs { application, ..ListLogs::default() }).await, ["fourth"]);
        let module = Some("M".to_owned());
        assert_eq!(titles(&ctx, ListLogs { module, ..ListLogs::default() }).await, ["fourth"]);
        let level = Some(Level::Error);
        assert_eq!(titles(&ctx, ListLogs { level, ..ListLogs::default() }).await, ["fourth"]);
        let text = Some("SECOND".to_owned());
        assert_eq!(titles(&ctx, ListLogs { text, ..ListLogs::default() }).await, ["second"]);
        let text = Some("4.2 BAR".to_owned());
        assert_eq!(titles(&ctx, ListLogs { text, ..ListLogs::default() }).await.len(), 4);
        let span = ListLogs { begin: Some(begin), end: Some(begin + 1000), ..ListLogs::default() };
        assert_eq!(titles(&ctx, span).await, ["first"]);
        let page = ListLogs { page_id: Some(2), page_size: Some(3), ..ListLogs::default() };
        let page = list_logs(&ctx, page).await.expect("a list");
        assert_eq!((page.total, page.entries[0].title.as_str()), (4, "first"));
    }
);

db_test!(
    async fn a_list_asked_for_wrongly_is_refused(plant: TestPlant) {
        let ctx = plant.ctx();
        for (param, which) in [
            ("pageId", ListLogs { page_id: Some(0), ..ListLogs::default() }),
            ("pageSize", ListLogs { page_size: Some(2001), ..ListLogs::default() }),
            ("end", ListLogs { begin: Some(2), end: Some(2), ..ListLogs::default() }),
        ] {
            let error = list_logs(&ctx, which).await.expect_err(param);
            assert_eq!(refused_param(&error), param);
        }
    }
);

db_test!(
    async fn an_entry_stays_in_its_tenant(plant: TestPlant) {
        send_log(&plant.ctx(), entry("ours")).await.expect("kept");
        let other = plant.other_tenant().await;
        assert_eq!(list_logs(&other, ListLogs::default()).await.expect("a list").total, 0);
    }
);

db_test!(
    async fn a_viewer_reads_but_does_not_write(plant: TestPlant) {
        let viewer = plant.viewer();
        assert!(matches!(send_log(&viewer, entry("t")).await, Err(Error::Forbidden)));
        assert_eq!(list_logs(&viewer, ListLogs::default()).await.expect("a list").total, 0);
    }
);
