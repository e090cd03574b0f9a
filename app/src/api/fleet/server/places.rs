//! Trees of places as lines of a table.

use std::collections::{BTreeMap, BTreeSet};

use domain::fleet::place::{Area, Detailed, PlaceTree};

use crate::api::fleet::reports::{PlaceRow, TroubleFigures};

/// Lines that a table shows without being asked to open anything.
const MOST: usize = 24;

/// Which countries and regions are open.
pub enum Open<'a> {
    /// All of them.
    All,
    /// This country and this region of it; whatever fits, besides.
    Named(&'a str, &'a str),
}

/// The lines of a tree: each place, then what is within it, the greatest first by `weight`.
pub fn rows<C: Clone>(
    countries: &BTreeMap<String, Area<C>>,
    open: &Open<'_>,
    weight: impl Fn(&C) -> i64 + Copy,
) -> Vec<PlaceRow<C>> {
    let regions: usize = countries.values().map(|country| country.within.len()).sum();
    let all = countries.values().flat_map(|country| country.within.values());
    let cities: usize = all.map(|region| region.within.len()).sum();
    let fits = [countries.len() + regions <= MOST, countries.len() + regions + cities <= MOST];
    let mut rows = Vec::new();
    below(countries, &mut Vec::new(), (open, fits), weight, &mut rows);
    rows
}

fn below<C: Clone>(
    areas: &BTreeMap<String, Area<C>>,
    path: &mut Vec<String>,
    (open, fits): (&Open<'_>, [bool; 2]),
    weight: impl Fn(&C) -> i64 + Copy,
    rows: &mut Vec<PlaceRow<C>>,
) {
    let mut sorted: Vec<_> = areas.iter().collect();
    sorted.sort_by_key(|(name, area)| (-weight(&area.count), *name));
    for (name, area) in sorted {
        path.push(name.clone());
        let is_open = match open {
            Open::All => true,
            Open::Named(country, region) => {
                let chosen = [country, region].into_iter().zip(path.iter()).all(|(open, name)| *open == name);
                fits.get(path.len() - 1).copied().unwrap_or(false) || chosen
            }
        };
        let branch = !area.within.is_empty();
        rows.push(PlaceRow {
            path: path.clone(),
            open: branch && is_open,
            branch,
            figures: area.count.clone(),
        });
        if is_open {
            below(&area.within, path, (open, fits), weight, rows);
        }
        path.pop();
    }
}

/// Two reports as one tree.
pub fn both(
    PlaceTree(faults): &PlaceTree<Detailed>,
    PlaceTree(alarms): &PlaceTree<Detailed>,
) -> BTreeMap<String, Area<TroubleFigures>> {
    merged(Some(faults), Some(alarms))
}

type Names = BTreeMap<String, Area<Detailed>>;

fn merged(faults: Option<&Names>, alarms: Option<&Names>) -> BTreeMap<String, Area<TroubleFigures>> {
    let names: BTreeSet<&String> = [faults, alarms].into_iter().flatten().flat_map(BTreeMap::keys).collect();
    let area = |name: &String| {
        let (faults, alarms) =
            (faults.and_then(|names| names.get(name)), alarms.and_then(|names| names.get(name)));
        let count = |area: Option<&Area<Detailed>>| area.map(|area| area.count.count).unwrap_or_default();
        let within = merged(faults.map(|area| &area.within), alarms.map(|area| &area.within));
        let count = TroubleFigures { faults: count(faults), alarms: count(alarms) };
        (name.clone(), Area { count, within })
    };
    names.into_iter().map(area).collect()
}

#[cfg(test)]
mod tests {
    use domain::fleet::place::{Devices, Place};

    use super::*;

    #[test]
    fn what_is_chosen_is_open_and_the_greatest_comes_first() {
        let place = |country: &str, region: &str, city: &str| Place {
            country: country.into(),
            region: region.into(),
            city: city.into(),
        };
        let mut places: Vec<(Place, Devices)> =
            (0..30).map(|n| (place("A", &format!("R{n}"), "C"), Devices(1))).collect();
        places.push((place("B", "S", "D"), Devices(40)));
        let PlaceTree(tree) = PlaceTree::of(places.iter().map(|(place, count)| (place, *count)));
        let names = |open: Open<'_>| -> Vec<String> {
            rows(&tree, &open, |count| count.0).into_iter().map(|row| row.path.join("/")).collect()
        };
        assert_eq!(names(Open::Named("", "")), ["B", "A"]);
        assert_eq!(names(Open::Named("B", "S")), ["B", "B/S", "B/S/D", "A"]);
        assert_eq!(names(Open::All).len(), 2 + 31 + 31);
    }
}
