//! Counts by country, region and city, in the forms that the reports write them.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// A country, a region of it, a city of that; empty where it is not known that closely.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Country.
    pub country: String,
    /// Province, state.
    pub region: String,
    /// City.
    pub city: String,
}

/// Something counted that can be added up over places.
pub trait Tally: Clone + Default {
    /// Adds another count.
    fn add(&mut self, other: &Self);

    /// Its keys in an area's object, beside the names of the areas within.
    fn area(&self) -> Map<String, Value>;

    /// What a city is, having no areas within.
    fn city(&self) -> Value {
        Value::Object(self.area())
    }
}

/// Counts of an area and of the areas within.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area<C> {
    /// Count of all of it.
    pub count: C,
    /// Areas within, by name.
    pub within: BTreeMap<String, Area<C>>,
}

/// Counts by place. What is counted without a country is in no area, only in totals; without a region only in the country,
/// without a city only in country and region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceTree<C>(
    /// Countries by name.
    pub BTreeMap<String, Area<C>>,
);

impl<C: Tally> PlaceTree<C> {
    /// Adds up counts of places, in any order, places repeated or not.
    pub fn of<'a>(rows: impl IntoIterator<Item = (&'a Place, C)>) -> Self {
        let mut countries = BTreeMap::new();
        for (place, count) in rows {
            let mut areas = &mut countries;
            for name in [&place.country, &place.region, &place.city] {
                if name.is_empty() {
                    break;
                }
                let area: &mut Area<C> = areas.entry(name.clone()).or_default();
                area.count.add(&count);
                areas = &mut area.within;
            }
        }
        Self(countries)
    }

    /// As the reports write it: `{"China": {"count": 3, "Guangdong": {"count": 3, "Guangzhou": …}}}`.
    pub fn to_wire(&self) -> Map<String, Value> {
        names(&self.0, 0)
    }
}

/// Level of cities, counted from countries.
const CITY: usize = 2;

fn names<C: Tally>(areas: &BTreeMap<String, Area<C>>, level: usize) -> Map<String, Value> {
    let value = |area: &Area<C>| {
        if level == CITY {
            return area.count.city();
        }
        let mut keys = area.count.area();
        keys.extend(names(&area.within, level + 1));
        Value::Object(keys)
    };
    areas.iter().map(|(name, area)| (wire_name(name), value(area))).collect()
}

/// Keys that an area's object has of its own.
const TAKEN: [&str; 2] = ["count", "detail"];

/// A place called like a key of ours gets a `_` at its end, and one called like that one more: no two become one.
pub fn wire_name(name: &str) -> String {
    let taken = TAKEN.contains(&name.trim_end_matches('_'));
    if taken { format!("{name}_") } else { name.to_owned() }
}

impl<C: Tally> Serialize for PlaceTree<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_wire().serialize(serializer)
    }
}

impl<C> JsonSchema for PlaceTree<C> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PlaceTree".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}

/// Devices, where a city is a bare number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices(pub i64);

impl Tally for Devices {
    fn add(&mut self, other: &Self) {
        self.0 += other.0;
    }

    fn area(&self) -> Map<String, Value> {
        Heads(self.0).area()
    }

    fn city(&self) -> Value {
        self.0.into()
    }
}

/// Devices or people, where a city has a `count` as any area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads(pub i64);

impl Tally for Heads {
    fn add(&mut self, other: &Self) {
        self.0 += other.0;
    }

    fn area(&self) -> Map<String, Value> {
        Map::from_iter([("count".to_owned(), self.0.into())])
    }
}

/// What devices are like right now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RealtimeCount {
    /// Devices that were ever on line.
    pub activated: i64,
    /// Devices with a fault that is open.
    pub faulty: i64,
    /// Devices with an alarm that is open.
    pub alert: i64,
}

impl Tally for RealtimeCount {
    fn add(&mut self, other: &Self) {
        self.activated += other.activated;
        self.faulty += other.faulty;
        self.alert += other.alert;
    }

    fn area(&self) -> Map<String, Value> {
        Map::from_iter([("count".to_owned(), json!(self))])
    }
}

/// Faults or alarms, or devices with such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resolution {
    /// All of them.
    pub total: i64,
    /// Those that are over.
    pub resolved: i64,
    /// Those that are open.
    pub unresolved: i64,
}

impl Resolution {
    /// So many, of which so many are open.
    pub fn new(total: i64, unresolved: i64) -> Self {
        Self { total, resolved: total - unresolved, unresolved }
    }
}

impl Tally for Resolution {
    fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.resolved += other.resolved;
        self.unresolved += other.unresolved;
    }

    fn area(&self) -> Map<String, Value> {
        Map::from_iter([("count".to_owned(), json!(self))])
    }
}

/// The same with the occurrences of each datapoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detailed {
    /// All together.
    pub count: Resolution,
    /// By the name of the datapoint.
    pub detail: BTreeMap<String, Resolution>,
}

impl Tally for Detailed {
    fn add(&mut self, other: &Self) {
        self.count.add(&other.count);
        for (name, count) in &other.detail {
            self.detail.entry(name.clone()).or_default().add(count);
        }
    }

    fn area(&self) -> Map<String, Value> {
        Map::from_iter([("count".to_owned(), json!(self.count)), ("detail".to_owned(), json!(self.detail))])
    }
}
