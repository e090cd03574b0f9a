//! Devices on the map, gathered in the cells of a grid.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, text};

/// A stretch of the earth, degrees. It does not cross the date line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Area {
    /// The whole map: no device stands closer to a pole.
    pub const WORLD: Self = Self { west: -180.0, south: -84.0, east: 180.0, north: 84.0 };
    /// Least width and height of what is shown.
    const LEAST: f64 = 0.02;

    /// The area, if it is one.
    pub fn check(self, param: &str) -> Result<Self> {
        let Self { west, south, east, north } = self;
        let whole = [west, south, east, north].into_iter().all(f64::is_finite);
        if whole && west < east && south < north {
            Ok(self)
        } else {
            Err(Error::invalid(
                param,
                text!(
                    "must be west, south, east and north in degrees, the least first",
                    "应为西、南、东、北四个度数，小的在前"
                ),
            ))
        }
    }

    /// The surroundings of a position, so wide that a town fits in.
    pub fn around(longitude: f64, latitude: f64) -> Self {
        Self { west: longitude, south: latitude, east: longitude, north: latitude }.padded(5.0)
    }

    /// This area with a margin on each side, a part of its own size; cut where the map ends.
    #[must_use]
    pub fn padded(self, part: f64) -> Self {
        let wide = (self.east - self.west).max(Self::LEAST) * part;
        let high = (self.north - self.south).max(Self::LEAST) * part;
        let world = Self::WORLD;
        Self {
            west: (self.west - wide).max(world.west),
            south: (self.south - high).max(world.south),
            east: (self.east + wide).min(world.east),
            north: (self.north + high).min(world.north),
        }
    }

    /// Half as wide and high, or twice, around the same middle.
    #[must_use]
    pub fn scaled(self, by: f64) -> Self {
        let world = Self::WORLD;
        let middle = (f64::midpoint(self.west, self.east), f64::midpoint(self.south, self.north));
        let half = ((self.east - self.west) / 2.0 * by, (self.north - self.south) / 2.0 * by);
        Self {
            west: (middle.0 - half.0.max(Self::LEAST / 2.0)).max(world.west),
            south: (middle.1 - half.1.max(Self::LEAST / 2.0)).max(world.south),
            east: (middle.0 + half.0.max(Self::LEAST / 2.0)).min(world.east),
            north: (middle.1 + half.1.max(Self::LEAST / 2.0)).min(world.north),
        }
    }

    /// Width of the cells that devices are gathered in, degrees: a power of two, so that clusters stay where they are
    /// while the map is moved, and about ten across the area.
    pub(super) fn cell(self) -> (f64, f64) {
        let span = (self.east - self.west).max(Self::LEAST);
        let wide = 2.0_f64.powf((span / 10.0).log2().ceil()).min(64.0);
        let middle = f64::midpoint(self.south, self.north).to_radians().cos().max(0.2);
        // A degree of latitude is as long everywhere, one of longitude shrinks towards the poles.
        let high = 2.0_f64.powf((wide * middle).log2().round());
        (wide, high)
    }
}

/// The devices of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Longitude of the middle of where its devices are.
    pub longitude: f64,
    /// Latitude of it.
    pub latitude: f64,
    /// Where they are.
    pub area: Area,
    /// How many.
    pub devices: i64,
    /// How many of them have an open fault.
    pub fault: i64,
    /// How many have a fault or an alarm.
    pub trouble: i64,
    /// How many are off line.
    pub offline: i64,
    /// Where, if they are all in one place.
    pub place: Option<String>,
    /// The device, if it is one.
    pub only: Option<i64>,
}

/// What the map shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceMap {
    /// The stretch that is shown: the one asked for, else where the devices are.
    pub shown: Area,
    /// The clusters, the largest last.
    pub clusters: Vec<Cluster>,
    /// Devices in them.
    pub devices: i64,
    /// Devices that the filter leaves and whose position nobody knows.
    pub unknown: i64,
}
