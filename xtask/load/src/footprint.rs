//! What the server needs before anyone asks it anything: time to start, time to tell the demo's story, memory.

use std::path::Path;
use std::time::Duration;

use crate::process::{Place, Server};
use crate::{Extent, Result, say, table};

/// Memory is looked at after this long without a call.
const IDLE: Duration = Duration::from_secs(5);

/// Starts the server in its several ways and answers lines of the table.
pub async fn all(binary: &Path, extent: Extent) -> Result<Vec<String>> {
    say("start and demo …");
    let folder = tempfile::tempdir_in(binary.parent().ok_or("the binary lies in no folder")?)?;
    let mut lines = Vec::new();
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for run in 0..extent.runs {
        let place = Place::Folder(folder.path().join(format!("plain-{run}")));
        for times in [&mut first, &mut later] {
            let server = Server::start(binary, &place, &[]).await?;
            times.push(server.first_answer().await?);
            server.stop().await?;
        }
    }
    let limit = Duration::from_millis(300);
    for (what, times) in
        [("first start to first answer", &mut first), ("later start to first answer", &mut later)]
    {
        lines.push(table::time(what, table::median(times, Ord::cmp).unwrap_or_default(), limit));
    }
    let place = Place::Folder(folder.path().join("demo"));
    for (what, told) in [("demo, first start", "demo told before listening"), ("demo, later start", "")] {
        let server = Server::start(binary, &place, &["--demo"]).await?;
        if !told.is_empty() {
            lines.push(table::time(told, server.listening, Duration::from_secs(10)));
        }
        server.first_answer().await?;
        tokio::time::sleep(IDLE).await;
        match server.memory() {
            Some(bytes) => lines.push(table::memory(&format!("memory of the {what}"), bytes, 60_000_000)),
            None => lines.push("memory: this system does not tell".to_owned()),
        }
        server.stop().await?;
    }
    Ok(lines)
}
