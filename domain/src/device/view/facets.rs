//! What a filter could be, and how many devices each choice would leave.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{DeviceFilter, Place};

/// How many devices, and how many of them are on line or in trouble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Devices.
    pub total: i64,
    /// On line.
    pub online: i64,
    /// With an open fault.
    pub fault: i64,
    /// With an open alarm.
    pub alarm: i64,
    /// With either.
    pub trouble: i64,
}

impl Stock {
    /// Counts devices in.
    pub(super) fn add(&mut self, cell: &Cell) {
        self.total += cell.devices;
        self.online += if cell.online { cell.devices } else { 0 };
        self.fault += if cell.fault { cell.devices } else { 0 };
        self.alarm += if cell.alarm { cell.devices } else { 0 };
        self.trouble += if cell.fault || cell.alarm { cell.devices } else { 0 };
    }
}

/// A choice: its value in the filter, its name, and the devices it would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet<T> {
    /// Value in the filter.
    pub value: T,
    /// Name.
    pub name: String,
    /// Devices.
    pub devices: i64,
}

/// All choices. Each list counts what the rest of the filter leaves, so that a second choice in it can be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// On line.
    pub online: i64,
    /// Off line.
    pub offline: i64,
    /// With an open fault.
    pub fault: i64,
    /// With an open alarm.
    pub alarm: i64,
    /// Disabled.
    pub disabled: i64,
    /// Products, those with most devices first.
    pub products: Vec<Facet<i64>>,
    /// The way to the chosen group, from the top down.
    pub group_path: Vec<Facet<i64>>,
    /// The groups below it; those at the top, when none is chosen.
    pub groups: Vec<Facet<i64>>,
    /// Countries, then regions or cities of the chosen one: what is below the chosen place.
    pub places: Vec<Facet<Place>>,
    /// Devices of unknown place.
    pub nowhere: i64,
}

/// Devices that are alike in everything a filter asks for.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that a filter asks for")]
pub(super) struct Cell {
    pub(super) product_id: i64,
    pub(super) group_id: Option<i64>,
    pub(super) place_id: Option<i64>,
    pub(super) online: bool,
    pub(super) fault: bool,
    pub(super) alarm: bool,
    pub(super) disabled: bool,
    pub(super) devices: i64,
}

/// A group as the facets need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: i64,
    pub(super) parent_id: Option<i64>,
    pub(super) name: String,
}

/// Ids of a group and all below it.
pub(super) fn subtree(groups: &[Group], top: i64) -> HashSet<i64> {
    let mut below: HashMap<Option<i64>, Vec<i64>> = HashMap::new();
    for group in groups {
        below.entry(group.parent_id).or_default().push(group.id);
    }
    let mut found = HashSet::from([top]);
    let mut left = vec![top];
    while let Some(id) = left.pop() {
        for child in below.get(&Some(id)).into_iter().flatten() {
            if found.insert(*child) {
                left.push(*child);
            }
        }
    }
    found
}

/// The way down to a group, from the top, itself included; empty when there is none.
pub(super) fn path(groups: &[Group], id: i64) -> Vec<Group> {
    let find = |id: i64| groups.iter().find(|group| group.id == id);
    let mut way = Vec::new();
    let mut next = find(id);
    while let Some(group) = next.filter(|_| way.len() < groups.len()) {
        way.push(group.clone());
        next = group.parent_id.and_then(find);
    }
    way.reverse();
    way
}

/// What the facets and the totals are made of.
pub(super) struct Cube<'a> {
    pub(super) cells: Vec<Cell>,
    pub(super) products: &'a HashMap<i64, String>,
    pub(super) groups: &'a [Group],
    pub(super) places: &'a HashMap<i64, Place>,
    pub(super) filter: &'a DeviceFilter,
}

/// The parts of a filter, each left out in turn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    None,
    Product,
    Group,
    Online,
    Trouble,
    Disabled,
    Place,
}

impl Cube<'_> {
    /// How many devices the filter leaves.
    pub(super) fn total(&self) -> i64 {
        let chosen = self.chosen_groups();
        self.sum(Part::None, chosen.as_ref(), |_| true)
    }

    /// All choices.
    pub(super) fn facets(&self) -> Facets {
        let chosen = self.chosen_groups();
        let sum = |left_out, of: &dyn Fn(&Cell) -> bool| self.sum(left_out, chosen.as_ref(), of);
        Facets {
            online: sum(Part::Online, &|cell| cell.online),
            offline: sum(Part::Online, &|cell| !cell.online),
            fault: sum(Part::Trouble, &|cell| cell.fault),
            alarm: sum(Part::Trouble, &|cell| cell.alarm),
            disabled: sum(Part::Disabled, &|cell| cell.disabled),
            products: self.products(chosen.as_ref()),
            group_path: self.group_path(),
            groups: self.groups_below(),
            places: self.places_below(chosen.as_ref()),
            nowhere: sum(Part::Place, &|cell| cell.place_id.is_none()),
        }
    }

    fn chosen_groups(&self) -> Option<HashSet<i64>> {
        self.filter.group.map(|group| subtree(self.groups, group))
    }

    fn sum(&self, left_out: Part, chosen: Option<&HashSet<i64>>, of: impl Fn(&Cell) -> bool) -> i64 {
        let cells = self.cells.iter().filter(|cell| self.matches(cell, left_out, chosen) && of(cell));
        cells.map(|cell| cell.devices).sum()
    }

    fn matches(&self, cell: &Cell, left_out: Part, chosen: Option<&HashSet<i64>>) -> bool {
        let filter = self.filter;
        let asks = |part| left_out != part;
        let product = filter.products.is_empty() || filter.products.contains(&cell.product_id);
        let group = chosen.is_none_or(|ids| cell.group_id.is_some_and(|id| ids.contains(&id)));
        let online = filter.online.is_none_or(|online| online == cell.online);
        let trouble = match (filter.fault, filter.alarm) {
            (false, false) => true,
            (fault, alarm) => (fault && cell.fault) || (alarm && cell.alarm),
        };
        (!asks(Part::Product) || product)
            && (!asks(Part::Group) || group)
            && (!asks(Part::Online) || online)
            && (!asks(Part::Trouble) || trouble)
            && (!asks(Part::Disabled) || cell.disabled == filter.disabled)
            && (!asks(Part::Place) || self.is_there(cell))
    }

    fn is_there(&self, cell: &Cell) -> bool {
        let filter = self.filter;
        if filter.country.is_none() && filter.region.is_none() && filter.city.is_none() {
            return true;
        }
        let place = cell.place_id.and_then(|id| self.places.get(&id));
        let is = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
        place.is_some_and(|place| {
            is(&filter.country, &place.country)
                && is(&filter.region, &place.region)
                && is(&filter.city, &place.city)
        })
    }

    fn products(&self, chosen: Option<&HashSet<i64>>) -> Vec<Facet<i64>> {
        let mut devices: HashMap<i64, i64> = self.products.keys().map(|id| (*id, 0)).collect();
        for cell in self.cells.iter().filter(|cell| self.matches(cell, Part::Product, chosen)) {
            *devices.entry(cell.product_id).or_default() += cell.devices;
        }
        let name = |id: &i64| self.products.get(id).cloned().unwrap_or_default();
        most_first(devices.into_iter().map(|(id, devices)| Facet { name: name(&id), value: id, devices }))
    }

    fn in_group(&self, id: i64) -> i64 {
        let ids = subtree(self.groups, id);
        self.sum(Part::None, Some(&ids), |_| true)
    }

    fn group_path(&self) -> Vec<Facet<i64>> {
        let way = self.filter.group.map(|id| path(self.groups, id)).unwrap_or_default();
        let facet =
            |group: Group| Facet { devices: self.in_group(group.id), value: group.id, name: group.name };
        way.into_iter().map(facet).collect()
    }

    fn groups_below(&self) -> Vec<Facet<i64>> {
        // One pass over the devices, each counted in the group of this level that it is below.
        let parent: HashMap<i64, Option<i64>> = self.groups.iter().map(|g| (g.id, g.parent_id)).collect();
        let top = self.filter.group;
        let mut devices: HashMap<i64, i64> =
            self.groups.iter().filter(|group| group.parent_id == top).map(|group| (group.id, 0)).collect();
        for cell in self.cells.iter().filter(|cell| self.matches(cell, Part::Group, None)) {
            let mut at = cell.group_id;
            for _ in 0..self.groups.len() {
                let Some(id) = at else { break };
                if let Some(count) = devices.get_mut(&id) {
                    *count += cell.devices;
                    break;
                }
                at = parent.get(&id).copied().flatten();
            }
        }
        let of_product = |group: &&Group| devices.contains_key(&group.id);
        most_first(self.groups.iter().filter(of_product).map(|group| Facet {
            value: group.id,
            name: group.name.clone(),
            devices: devices.get(&group.id).copied().unwrap_or_default(),
        }))
    }

    /// What is one level below the chosen place; the cities around, once a city is chosen.
    fn places_below(&self, chosen: Option<&HashSet<i64>>) -> Vec<Facet<Place>> {
        let filter = self.filter;
        let mut devices: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        for cell in self.cells.iter().filter(|cell| self.matches(cell, Part::Place, chosen)) {
            let Some(place) = cell.place_id.and_then(|id| self.places.get(&id)) else { continue };
            let key = match (&filter.country, &filter.region) {
                (None, _) => (place.country.clone(), String::new(), String::new()),
                (Some(country), None) if place.country == *country => {
                    (place.country.clone(), place.region.clone(), String::new())
                }
                (Some(country), Some(region)) if place.country == *country && place.region == *region => {
                    (place.country.clone(), place.region.clone(), place.city.clone())
                }
                _ => continue,
            };
            *devices.entry(key).or_default() += cell.devices;
        }
        most_first(devices.into_iter().map(|((country, region, city), devices)| {
            let value = Place { country, region, city };
            Facet { name: value.name().to_owned(), value, devices }
        }))
    }
}

fn most_first<T>(facets: impl Iterator<Item = Facet<T>>) -> Vec<Facet<T>> {
    let mut facets: Vec<Facet<T>> = facets.collect();
    facets.sort_by(|a, b| b.devices.cmp(&a.devices).then_with(|| a.name.cmp(&b.name)));
    facets
}
