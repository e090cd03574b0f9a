//! mosquitto alone, which stores nothing: what relaying the stream costs on this machine.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::Result;

/// A running broker; it ends with this value.
pub struct Mosquitto {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Mosquitto {
    /// Starts it on a free port of this machine.
    pub async fn start(folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let file = folder.join("mosquitto.conf");
        // As many messages under way as come: none is thrown away.
        let settings = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\n\
             max_inflight_messages 0\nmax_queued_messages 0\nset_tcp_nodelay true\n"
        );
        std::fs::write(&file, settings)?;
        let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"]
            .into_iter()
            .find(|program| Path::new(program).exists())
            .unwrap_or("mosquitto");
        let child = Command::new(program)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!("mosquitto cannot be started ({error}): install Debian's package mosquitto")
            })?;
        let address = format!("127.0.0.1:{port}");
        for _ in 0..100 {
            if TcpStream::connect(&address).await.is_ok() {
                return Ok(Self { child, address });
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err("mosquitto does not listen".into())
    }

    /// Ends it and waits until it is gone.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}
