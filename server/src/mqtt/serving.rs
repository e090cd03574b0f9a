//! Whatever serves the devices of this process.

use domain::ctx::Services;

use super::hooks;
use super::options::Options;
use super::outside::Outside;
use super::server::Running;
use crate::cli::Failure;

/// Where devices connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `None` where they reach this server.
    pub host: Option<String>,
    /// Port there.
    pub port: u16,
}

/// The embedded broker, or the connection to one outside.
pub enum Serving {
    /// Devices connect here.
    Embedded(Running),
    /// Devices connect elsewhere.
    Outside(Outside),
}

impl Serving {
    /// Starts to serve devices; `None` when none are to be served.
    pub async fn start(services: &Services, options: &Options) -> Result<Option<Self>, Failure> {
        if let Some(url) = &options.mqtt_url {
            // Says when both are asked for.
            options.listen()?;
            return Ok(Some(Self::Outside(Outside::start(services, options, url).await?)));
        }
        Ok(Running::start(services, options).await?.map(Self::Embedded))
    }

    /// Where devices connect.
    pub fn place(&self) -> Place {
        match self {
            Self::Embedded(broker) => Place { host: None, port: broker.address.port() },
            Self::Outside(outside) => outside.place.clone(),
        }
    }

    /// The same in words, for the second line of output.
    pub fn line(&self) -> String {
        match self {
            Self::Embedded(broker) => {
                let scheme = if broker.encrypted { "mqtts" } else { "mqtt" };
                format!("mqtt on {scheme}://{}", broker.address)
            }
            Self::Outside(outside) => format!("mqtt through {}", outside.url),
        }
    }

    /// What the broker outside may ask; `None` when it may not.
    pub fn hooks(&self) -> Option<axum::Router> {
        match self {
            Self::Embedded(_) => None,
            Self::Outside(outside) => outside.hooks.clone().map(hooks::router),
        }
    }

    /// Waits until another server serves the devices instead.
    pub async fn lost(&mut self) {
        match self {
            Self::Embedded(broker) => broker.lost().await,
            Self::Outside(_) => std::future::pending().await,
        }
    }

    /// Ends it: what has arrived is stored.
    pub async fn stop(self) {
        match self {
            Self::Embedded(broker) => broker.stop().await,
            Self::Outside(outside) => outside.stop().await,
        }
    }
}
