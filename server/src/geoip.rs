//! Where addresses are, by a MaxMind database that the operator brings: GeoIP2 or GeoLite2, City or Country.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use domain::device::atlas::{Atlas, Found};
use domain::fleet::place::Place;
use maxminddb::Reader;
use maxminddb::geoip2::City;

use crate::cli::Failure;

struct MaxMind(Reader<Vec<u8>>);

/// Opens a database.
pub fn open(file: &Path) -> Result<Arc<dyn Atlas>, Failure> {
    let name = file.display();
    let reader = Reader::open_readfile(file).map_err(|error| {
        Failure::new(format!("--geoip: {name} cannot be read as a MaxMind database: {error}"))
    })?;
    let kind = &reader.metadata().database_type;
    if !["City", "Country", "Enterprise"].iter().any(|word| kind.contains(word)) {
        return Err(Failure::new(format!(
            "--geoip: {name} is a database of {kind}, which has no places; use GeoIP2 or GeoLite2 City"
        )));
    }
    Ok(Arc::new(MaxMind(reader)))
}

impl Atlas for MaxMind {
    fn find(&self, address: IpAddr) -> Option<Found> {
        // A database of IPv4 says so when it is asked for IPv6; a broken record is as good as none.
        let record: City<'_> = self.0.lookup(address).ok()?.decode().ok()??;
        let name =
            |english: Option<&str>, code: Option<&str>| english.or(code).unwrap_or_default().to_owned();
        let country = name(record.country.names.english, record.country.iso_code);
        let region = record.subdivisions.first();
        let region = region.map(|region| name(region.names.english, region.iso_code)).unwrap_or_default();
        let city = name(record.city.names.english, None);
        let position = record.location.longitude.zip(record.location.latitude);
        Some(Found { place: Place { country, region, city }, position })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A value as such databases write it.
    fn encode(value: &Value, out: &mut Vec<u8>) {
        let mut head = |kind: u8, size: usize| {
            let length = u8::try_from(size.min(29)).expect("small");
            // Kinds above 7 say so in the byte that follows.
            if kind > 7 {
                out.extend([length, kind - 7]);
            } else {
                out.push((kind << 5) | length);
            }
            if size >= 29 {
                out.push(u8::try_from(size - 29).expect("short"));
            }
        };
        match value {
            Value::String(text) => {
                head(2, text.len());
                out.extend(text.as_bytes());
            }
            Value::Number(number) if number.is_f64() => {
                head(3, 8);
                out.extend(number.as_f64().expect("a number").to_be_bytes());
            }
            Value::Array(values) => {
                head(11, values.len());
                for value in values {
                    encode(value, out);
                }
            }
            Value::Object(map) => {
                head(7, map.len());
                for (key, value) in map {
                    encode(&Value::String(key.clone()), out);
                    let Some(number) = value.as_u64() else {
                        encode(value, out);
                        continue;
                    };
                    // Whole numbers are of the kind and size that their key is documented with.
                    let bytes = number.to_be_bytes();
                    match key.as_str() {
                        "build_epoch" => out.extend([8, 2].into_iter().chain(bytes)),
                        "node_count" => out.extend([(6 << 5) | 4].iter().chain(&bytes[4..])),
                        _ => out.extend([(5 << 5) | 2].iter().chain(&bytes[6..])),
                    }
                }
            }
            other => panic!("{other} is not written here"),
        }
    }

    /// A database that knows one thing, of all addresses that begin with this byte.
    fn database(kind: &str, first: u8, record: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        for bit in 0..8_u32 {
            // 8 nodes: on to the next one, at the last to the record; 8 is nothing.
            let onward = if bit == 7 { 8 + 16 } else { bit + 1 };
            let ways = if (first >> (7 - bit)) & 1 == 0 { [onward, 8] } else { [8, onward] };
            for way in ways {
                bytes.extend(&way.to_be_bytes()[1..]);
            }
        }
        bytes.extend([0; 16]);
        encode(record, &mut bytes);
        bytes.extend(b"\xab\xcd\xefMaxMind.com");
        let metadata = json!({"node_count": 8, "record_size": 24, "ip_version": 4, "database_type": kind,
            "languages": ["en"], "binary_format_major_version": 2, "binary_format_minor_version": 0,
            "build_epoch": 1_700_000_000, "description": {"en": "made up"}});
        encode(&metadata, &mut bytes);
        bytes
    }

    fn opened(bytes: &[u8]) -> Result<Arc<dyn Atlas>, Failure> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("places.mmdb");
        std::fs::write(&file, bytes).expect("a file");
        open(&file)
    }

    #[test]
    fn addresses_lead_to_places() {
        let names = |name: &str| json!({"names": {"en": name}});
        let record = json!({"country": names("Frostland"), "subdivisions": [names("North"), names("Fjord")],
            "city": names("Rime"), "location": {"longitude": -1.5, "latitude": 62.25}});
        let atlas = opened(&database("GeoLite2-City", 81, &record)).expect("a database");
        let place = Place { country: "Frostland".into(), region: "North".into(), city: "Rime".into() };
        let found = atlas.find([81, 2, 69, 142].into()).expect("a place");
        assert_eq!(found, Found { place, position: Some((-1.5, 62.25)) });
        assert_eq!(atlas.find([82, 2, 69, 142].into()), None);
        assert_eq!(atlas.find("2001:db8::1".parse().expect("an address")), None, "it knows no IPv6");
    }

    #[test]
    fn a_country_without_a_name_goes_by_its_code() {
        let record = json!({"country": {"iso_code": "FL"}});
        let atlas = opened(&database("GeoIP2-Country", 81, &record)).expect("a database");
        let found = atlas.find([81, 0, 0, 1].into()).expect("a place");
        assert_eq!(
            (found.place.country.as_str(), found.place.city.as_str(), found.position),
            ("FL", "", None)
        );
    }

    #[test]
    fn what_knows_no_places_is_refused() {
        assert!(opened(b"no database").is_err());
        assert!(opened(&database("GeoLite2-ASN", 81, &json!({}))).is_err());
    }
}
