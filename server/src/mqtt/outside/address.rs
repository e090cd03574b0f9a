//! Where a broker is, and who this server is there.

use percent_encoding::percent_decode_str;

use crate::cli::Failure;
use crate::mqtt::serving::Place;

/// A broker and this server's name and password there.
#[derive(Clone)]
pub(super) struct Address {
    pub encrypted: bool,
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<String>,
}

fn wrong() -> Failure {
    Failure::new(
        "--mqtt-url: must be mqtt://host:1883 or mqtts://host:8883, with user:password@ before the host or not",
    )
}

/// Host and port of `host:port`; an IPv6 address has brackets, which are taken off.
fn split(text: &str, default: Option<u16>) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = match port {
        Some(port) => port.parse().ok().filter(|port| *port > 0)?,
        None => default?,
    };
    let host_like = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    host_like.then(|| (host.to_owned(), port))
}

impl Address {
    /// Reads a URL; name and password given by themselves count before those in it.
    pub fn parse(url: &str, user: Option<&str>, password: Option<&str>) -> Result<Self, Failure> {
        let url = url.trim();
        let (encrypted, rest) = match url.split_once("://") {
            Some(("mqtt" | "tcp", rest)) => (false, rest),
            Some(("mqtts" | "ssl", rest)) => (true, rest),
            _ => return Err(wrong()),
        };
        let rest = rest.trim_end_matches('/');
        let (own, place) = rest.rsplit_once('@').map_or((None, rest), |(own, place)| (Some(own), place));
        let (host, port) = split(place, Some(if encrypted { 8883 } else { 1883 })).ok_or_else(wrong)?;
        let decoded = |text: &str| {
            percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| wrong())
        };
        let (mut url_user, mut url_password) = (None, None);
        if let Some(own) = own {
            let (user, password) = own.split_once(':').map_or((own, None), |(u, p)| (u, Some(p)));
            url_user = Some(decoded(user)?).filter(|user| !user.is_empty());
            url_password = password.map(decoded).transpose()?;
        }
        Ok(Self {
            encrypted,
            host,
            port,
            user: user.map(str::to_owned).or(url_user),
            password: password.map(str::to_owned).or(url_password),
        })
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// The URL without name and password.
    pub fn url(&self) -> String {
        format!("{}://{}:{}", if self.encrypted { "mqtts" } else { "mqtt" }, self.bracketed(), self.port)
    }

    /// Where devices reach it. One on this machine is reached where this server is.
    pub fn place(&self, public: Option<&str>) -> Result<Place, Failure> {
        if let Some(public) = public {
            let (_, port) = split(public, None)
                .ok_or_else(|| Failure::new("--mqtt-public: must be host:port, such as mqtt.example:1883"))?;
            let host = public.rsplit_once(':').map(|(host, _)| host.to_owned());
            return Ok(Place { host, port });
        }
        let here = matches!(self.host.as_str(), "localhost" | "::1") || self.host.starts_with("127.");
        Ok(Place { host: (!here).then(|| self.bracketed()), port: self.port })
    }
}
