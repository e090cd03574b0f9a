//! Where devices are by the addresses they connect from, as long as nobody said it.

use std::net::{IpAddr, Ipv4Addr};

use crate::fleet::place::Place;

/// How the place of a device is known that was found by its address.
pub const FROM_ADDRESS: &str = "address";

/// Where an address is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Its country, region and city, as far as they are known.
    pub place: Place,
    /// Longitude and latitude.
    pub position: Option<(f64, f64)>,
}

/// Knows where addresses are.
pub trait Atlas: Send + Sync {
    /// Where an address is, if that is known.
    fn find(&self, address: IpAddr) -> Option<Found>;
}

/// Where a device is that connects from an address; nothing is known of those within a plant or a machine.
pub(super) fn find(atlas: &dyn Atlas, address: &str) -> Option<Found> {
    let address = address.parse::<IpAddr>().ok()?.to_canonical();
    let found = is_public(address).then(|| atlas.find(address))??;
    (!found.place.country.is_empty() || found.position.is_some()).then_some(found)
}

/// Whether an address is one of the public net.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            // What providers use between themselves and their customers (RFC 6598).
            let shared = v4 & Ipv4Addr::new(255, 192, 0, 0) == Ipv4Addr::new(100, 64, 0, 0);
            let here = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified();
            !(shared || here || v4.is_broadcast() || v4.is_multicast())
        }
        IpAddr::V6(v6) => {
            let here = v6.is_loopback() || v6.is_unspecified() || v6.is_unicast_link_local();
            !(here || v6.is_unique_local() || v6.is_multicast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_plant_are_nowhere() {
        let public = |text: &str| is_public(text.parse::<IpAddr>().expect("an address").to_canonical());
        for here in [
            "10.1.2.3",
            "192.168.0.7",
            "172.16.5.5",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
        ] {
            assert!(!public(here), "{here}");
        }
        assert!(!public("::ffff:10.1.2.3"), "IPv4 written as IPv6");
        for out in ["81.2.69.142", "100.128.0.1", "2001:db8::1", "::ffff:81.2.69.142"] {
            assert!(public(out), "{out}");
        }
    }
}
