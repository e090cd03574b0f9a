//! Options of the broker for devices, embedded or outside.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use crate::cli::Failure;

/// Where the embedded broker listens when nothing says otherwise.
const LISTEN: &str = "127.0.0.1:1883";

/// Options of the broker for devices.
#[derive(Args)]
#[group(id = "mqtt")]
#[expect(clippy::struct_field_names, reason = "the names are those of the options")]
pub struct Options {
    /// Address and port on which devices connect by MQTT; port 0 picks a free one, `none` serves no devices [default:
    /// 127.0.0.1:1883, none with --mqtt-url]
    #[arg(long, value_name = "ADDRESS", env = "MILLWRIGHT_MQTT_LISTEN", help_heading = "Devices")]
    mqtt_listen: Option<String>,
    /// Certificates for encrypted connections of devices, a PEM file with the server's own first; needs --mqtt-tls-key
    #[arg(
        long,
        value_name = "FILE",
        env = "MILLWRIGHT_MQTT_TLS_CERT",
        requires = "mqtt_tls_key",
        help_heading = "Devices"
    )]
    pub(super) mqtt_tls_cert: Option<PathBuf>,
    /// Private key of the certificate, a PEM file
    #[arg(
        long,
        value_name = "FILE",
        env = "MILLWRIGHT_MQTT_TLS_KEY",
        requires = "mqtt_tls_cert",
        help_heading = "Devices"
    )]
    pub(super) mqtt_tls_key: Option<PathBuf>,
    /// Broker that the devices connect to, instead of the embedded one: `mqtt://host:1883` or `mqtts://host:8883`
    #[arg(
        long,
        value_name = "URL",
        env = "MILLWRIGHT_MQTT_URL",
        hide_env_values = true,
        help_heading = "Devices"
    )]
    pub(super) mqtt_url: Option<String>,
    /// This server's own name at that broker; counts before one in the URL
    #[arg(
        long,
        value_name = "NAME",
        env = "MILLWRIGHT_MQTT_USER",
        requires = "mqtt_url",
        help_heading = "Devices"
    )]
    pub(super) mqtt_user: Option<String>,
    /// Its password there; counts before one in the URL
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "MILLWRIGHT_MQTT_PASSWORD",
        hide_env_values = true,
        requires = "mqtt_url",
        help_heading = "Devices"
    )]
    pub(super) mqtt_password: Option<String>,
    /// Certificates to trust at that broker, a PEM file, instead of the system's
    #[arg(
        long,
        value_name = "FILE",
        env = "MILLWRIGHT_MQTT_CA",
        requires = "mqtt_url",
        help_heading = "Devices"
    )]
    pub(super) mqtt_ca: Option<PathBuf>,
    /// Name that the servers of one database share at that broker, for their subscription and their client ids; another
    /// for each installation
    #[arg(
        long,
        value_name = "NAME",
        env = "MILLWRIGHT_MQTT_GROUP",
        default_value = "millwright",
        help_heading = "Devices"
    )]
    pub(super) mqtt_group: String,
    /// Whether several servers share the messages of that broker; false for brokers that know no `$share`, with one server
    #[arg(
        long,
        value_name = "BOOL",
        env = "MILLWRIGHT_MQTT_SHARED",
        default_value_t = true,
        action = ArgAction::Set,
        help_heading = "Devices"
    )]
    pub(super) mqtt_shared: bool,
    /// Seconds in which a device speaks at least once, for brokers that do not tell of connections: one and a half times
    /// that without a message, and it is off line
    #[arg(
        long,
        value_name = "SECONDS",
        env = "MILLWRIGHT_MQTT_HEARTBEAT",
        default_value_t = 120,
        value_parser = clap::value_parser!(u16).range(1..),
        help_heading = "Devices"
    )]
    pub(super) mqtt_heartbeat: u16,
    /// Where devices reach that broker, host:port, if not where this server does: the answer to `GET /dev/devices/{did}`
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "MILLWRIGHT_MQTT_PUBLIC",
        requires = "mqtt_url",
        help_heading = "Devices"
    )]
    pub(super) mqtt_public: Option<String>,
    /// Secret with which that broker may ask /mqtt/… who may connect and which topics are whose; without it nobody may
    #[arg(
        long,
        value_name = "SECRET",
        env = "MILLWRIGHT_MQTT_HOOK_SECRET",
        hide_env_values = true,
        requires = "mqtt_url",
        help_heading = "Devices"
    )]
    pub(super) mqtt_hook_secret: Option<String>,
}

impl Options {
    /// Where the embedded broker listens; `None` for no embedded broker.
    pub(super) fn listen(&self) -> Result<Option<&str>, Failure> {
        match (self.mqtt_listen.as_deref(), &self.mqtt_url) {
            (Some("none"), _) | (None, Some(_)) => Ok(None),
            (Some(_), Some(_)) => Err(Failure::new(
                "--mqtt-listen and --mqtt-url: devices connect here or to the other broker; leave one out",
            )),
            (Some(address), None) => Ok(Some(address)),
            (None, None) => Ok(Some(LISTEN)),
        }
    }
}
