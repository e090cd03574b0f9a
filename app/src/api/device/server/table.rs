//! Devices out of a table that somebody pasted.

use domain::device::ImportDevice;
use domain::{Error, Result, text};

/// Reads a table with a head, its cells apart by commas or, as spreadsheets copy them, by tabs.
pub(super) fn read_devices(table: &str) -> Result<Vec<ImportDevice>> {
    let head = table.lines().next().unwrap_or_default();
    let delimiter = if head.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let unreadable = |line: usize, error: csv::Error| {
        Error::invalid("table", text!("line {line}: {error}", "第 {line} 行：{error}"))
    };
    let head = reader.headers().map_err(|error| unreadable(1, error))?.clone();
    if !head.iter().any(|name| name == "mac") {
        return Err(Error::invalid(
            "table",
            text!("the first line must name a column mac", "首行须包含 mac 列"),
        ));
    }
    let mut devices = Vec::new();
    for (line, row) in (2..).zip(reader.records()) {
        let row = row.map_err(|error| unreadable(line, error))?;
        let cell = |name: &str| {
            let at = head.iter().position(|other| other == name)?;
            row.get(at).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        let degrees = |name: &str| {
            let number = cell(name).map(|text| text.parse::<f64>());
            number.transpose().map_err(|_| {
                Error::invalid(
                    "table",
                    text!("line {line}: {name} must be degrees", "第 {line} 行：{name} 应为度数"),
                )
            })
        };
        devices.push(ImportDevice {
            mac: cell("mac").unwrap_or_default(),
            did: cell("did"),
            passcode: cell("passcode"),
            kind: cell("type"),
            serial_number: cell("serial_number"),
            country: cell("country"),
            region: cell("region"),
            city: cell("city"),
            longitude: degrees("longitude")?,
            latitude: degrees("latitude")?,
        });
    }
    Ok(devices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_from_a_spreadsheet_or_a_file() {
        for table in
            ["mac,city,latitude\nA1,\"Gz, north\",23.1\n", "mac\tcity\tlatitude\nA1\tGz, north\t23.1"]
        {
            let devices = read_devices(table).expect("devices");
            assert_eq!((devices.len(), devices[0].mac.as_str()), (1, "A1"));
            assert_eq!((devices[0].city.as_deref(), devices[0].latitude), (Some("Gz, north"), Some(23.1)));
        }
        for table in ["", "city\nGz", "mac,latitude\nA1,north"] {
            assert!(
                matches!(read_devices(table), Err(Error::Invalid { param, .. }) if param == "table"),
                "{table}"
            );
        }
    }
}
