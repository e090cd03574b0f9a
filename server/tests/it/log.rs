//! Logs of applications: calls that succeed.

use serde_json::json;

use crate::support::Recorder;

pub async fn scenario(recorder: &mut Recorder<'_>) {
    let sent = recorder
        .call(
            "/industry/message/log/send",
            json!({
                "application": "Line control", "module": "Press", "title": "Valve opened", "type": "1",
                "content": "4.2 bar", "createTime": "2026-05-31 23:59:59",
            }),
        )
        .await;
    assert_eq!(sent["type"], "调试");
}
