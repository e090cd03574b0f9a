//! How a simulated device gets its name and learns where to connect: as firmware does, over HTTP.

use crate::cli::Failure;

/// A device that has its name.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its name.
    pub did: String,
    /// Where it connects, host and port.
    pub address: String,
}

/// Whom to ask, and for what.
pub struct Provisioner {
    /// Asks; keeps its connections.
    pub agent: ureq::Agent,
    /// The server.
    pub server: String,
    /// Key of the product.
    pub product_key: String,
    /// Passcode of all devices.
    pub passcode: String,
}

/// An agent that takes every status for an answer.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

impl Provisioner {
    /// Registers the device with this MAC, or finds it again.
    pub fn register(&self, mac: &str) -> Result<Registered, Failure> {
        let fields = [("passcode", &*self.passcode), ("mac", mac), ("product_key", &*self.product_key)];
        let answer = self.agent.post(format!("{}/dev/devices", self.server)).send_form(fields);
        let answer = self.understood(answer)?;
        let did = answer.trim().strip_prefix("did=").ok_or_else(|| self.strange(&answer))?.to_owned();
        let answer = self.understood(self.agent.get(format!("{}/dev/devices/{did}", self.server)).call())?;
        let (mut host, mut port) = (None, None);
        for pair in answer.trim().split('&') {
            match pair.split_once('=') {
                Some(("host", value)) => host = Some(value),
                Some(("port", value)) => port = Some(value),
                _ => {}
            }
        }
        match (host, port) {
            (Some(host), Some(port)) => Ok(Registered { did, address: format!("{host}:{port}") }),
            _ => Err(self.strange(&answer)),
        }
    }

    fn understood(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<String, Failure> {
        let unreachable = |error: ureq::Error| {
            Failure::new(format!(
                "--server: {} cannot be reached: {error}; start `millwright serve`, or name its address",
                self.server
            ))
        };
        let mut answer = answer.map_err(unreachable)?;
        let text = answer.body_mut().read_to_string().map_err(unreachable)?;
        if answer.status().is_success() {
            return Ok(text);
        }
        let body: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        Err(match body["detail_message"].as_str() {
            Some(reason) => Failure::new(format!("the server registers no device: {reason}")),
            None => self.strange(&text),
        })
    }

    fn strange(&self, answer: &str) -> Failure {
        let start: String = answer.chars().take(60).collect();
        Failure::new(format!("--server: {} is no Millwright server; it answered {start:?}", self.server))
    }
}
