//! Where a device says that it is: two datapoints of its product.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::datapoint::DataType;
use super::definition::Definition;
use crate::{Error, Result, text};

/// How the place of a device is known that says itself where it is.
pub const FROM_GPS: &str = "gps";

/// Which datapoints of a product are a position: numbers in degrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionRule {
    /// Degrees east.
    pub longitude: String,
    /// Degrees north.
    pub latitude: String,
}

impl PositionRule {
    /// Reads a rule and checks it against the datapoints. Refusals name what is wrong below `position_rule`.
    pub fn read(document: &Value, definition: &Definition) -> Result<Self> {
        let rule = Self::deserialize(document).map_err(|cause| {
            Error::invalid(
                "position_rule",
                text!("must name longitude and latitude: {cause}", "应包含 longitude 和 latitude：{cause}"),
            )
        })?;
        for (path, name) in
            [("position_rule.longitude", &rule.longitude), ("position_rule.latitude", &rule.latitude)]
        {
            let datapoint = definition
                .find(name)
                .ok_or_else(|| Error::unknown(path, text!("datapoint {name}", "数据点 {name} ")))?;
            if !matches!(datapoint.data_type, DataType::Number(_)) {
                return Err(Error::invalid(
                    path,
                    text!("must be a number, in degrees", "应为数值型数据点，单位为度"),
                ));
            }
        }
        if rule.longitude == rule.latitude {
            return Err(Error::invalid(
                "position_rule.latitude",
                text!("must be another datapoint than the longitude", "不能与经度相同"),
            ));
        }
        Ok(rule)
    }

    /// Longitude and latitude, if a message says anything of them and both are known and on this earth. A receiver that
    /// has not found itself says 0 and 0.
    pub fn position(&self, said: &Map<String, Value>, latest: &Map<String, Value>) -> Option<(f64, f64)> {
        if !said.contains_key(&self.longitude) && !said.contains_key(&self.latitude) {
            return None;
        }
        let longitude = latest.get(&self.longitude)?.as_f64()?;
        let latitude = latest.get(&self.latitude)?.as_f64()?;
        let nowhere = longitude.abs() < f64::EPSILON && latitude.abs() < f64::EPSILON;
        let possible = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
        (possible && !nowhere).then_some((longitude, latitude))
    }
}
