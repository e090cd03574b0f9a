//! The map: clusters that the server counted, on the outline of the land. Everything on it is a link, so it works
//! without scripting; the list beside it is cut to what it shows.

use std::f64::consts::PI;

use domain::device::view::{Area, Cluster, DeviceMap};
use leptos::prelude::*;

use crate::api::device::area_text;
use crate::ui::{EmptyState, Icon, Mark, Panel, grouped, link_with};
use crate::words::{tu, tu_string, words};

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 480.0;
/// Width of the drawing of the land, in its own units.
const LAND: f64 = 8192.0;

/// The earth on the sheet: Web Mercator, as much as fits.
#[derive(Clone, Copy, Debug)]
struct Sheet {
    /// Pixels per unit of the land's drawing.
    scale: f64,
    left: f64,
    top: f64,
}

fn east(longitude: f64) -> f64 {
    (longitude + 180.0) / 360.0 * LAND
}

fn south(latitude: f64) -> f64 {
    let latitude = latitude.clamp(-84.0, 84.0).to_radians();
    LAND / 2.0 - (PI / 4.0 + latitude / 2.0).tan().ln() * LAND / (2.0 * PI)
}

impl Sheet {
    fn of(area: Area) -> Self {
        let (x, y) = ((east(area.west), east(area.east)), (south(area.north), south(area.south)));
        let scale = (WIDTH / (x.1 - x.0).max(1e-6)).min(HEIGHT / (y.1 - y.0).max(1e-6));
        let left = WIDTH / 2.0 - f64::midpoint(x.0, x.1) * scale;
        Self { scale, left, top: HEIGHT / 2.0 - f64::midpoint(y.0, y.1) * scale }
    }

    fn at(self, longitude: f64, latitude: f64) -> (f64, f64) {
        (east(longitude) * self.scale + self.left, south(latitude) * self.scale + self.top)
    }

    /// Pixels that so many kilometres are, at a latitude.
    fn pixels(self, kilometres: f64, latitude: f64) -> f64 {
        kilometres / (40_075.0 * latitude.to_radians().cos().max(0.05)) * LAND * self.scale
    }
}

/// The map of what the filter leaves.
#[component]
pub fn MapPanel(
    /// What to show.
    map: DeviceMap,
) -> AnyView {
    let w = words();
    let count = grouped(map.devices);
    let note = tu_string!(w, device.in_view, count).to_string();
    if map.clusters.is_empty() && map.devices == 0 {
        return view! {
            <Panel title=tu_string!(w, device.map)>
                <EmptyState title=tu_string!(w, device.map_empty) why=tu_string!(w, device.map_empty_why)>
                    {whole()}
                </EmptyState>
            </Panel>
        }
        .into_any();
    }
    let sheet = Sheet::of(map.shown);
    let land = format!("translate({:.2} {:.2}) scale({:.6})", sheet.left, sheet.top, sheet.scale);
    let inside = |cluster: &&Cluster| {
        let (x, y) = sheet.at(cluster.longitude, cluster.latitude);
        (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y)
    };
    let clusters = map.clusters.iter().filter(inside).map(|one| cluster(one, sheet)).collect_view();
    let unknown = (map.unknown > 0).then(|| {
        let count = grouped(map.unknown);
        view! { <span>{tu!(w, device.unplaced, count)}</span> }
    });
    view! {
        <section class="panel map-panel">
            <header>
                <h2>{tu!(w, device.map)}</h2>
                <p>{note}</p>
            </header>
            <div class="mapw">
                <svg class="ch map" viewBox=format!("0 0 {WIDTH} {HEIGHT}")>
                    <use_ href="/site/map/map.svg#land" class="mp-land" transform=land />
                    {grid(map.shown, sheet)}
                    {clusters}
                    {ruler(map.shown, sheet)}
                </svg>
                {steering(map.shown)}
            </div>
            <div class="foot">
                <span class="st">
                    <Mark state="fault" />
                    {tu!(w, device.map_trouble)}
                </span>
                {unknown}
            </div>
        </section>
    }
    .into_any()
}

fn whole() -> AnyView {
    let href = link_with([("area", None), ("page", None)]);
    view! {
        <a class="btn s" href=href>
            {tu!(words(), device.map_whole)}
        </a>
    }
    .into_any()
}

/// Lines of longitude and latitude, a few of each.
fn grid(area: Area, sheet: Sheet) -> AnyView {
    let step = [60.0, 30.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]
        .into_iter()
        .find(|step| (area.east - area.west) / step >= 2.5)
        .unwrap_or(0.005);
    let around = area.scaled(2.0);
    let lines = |from: f64, to: f64| {
        let first = (from / step).ceil();
        (0..20_i32).map(move |n| (first + f64::from(n)) * step).take_while(move |at| *at <= to)
    };
    let meridians =
        lines(around.west, around.east).map(|at| format!("M{:.1} 0V{HEIGHT}", sheet.at(at, 0.0).0));
    let parallels =
        lines(around.south, around.north).map(|at| format!("M0 {:.1}H{WIDTH}", sheet.at(0.0, at).1));
    let path = meridians.chain(parallels).collect::<String>();
    view! { <path class="mp-grid" d=path /> }.into_any()
}

/// How many pixels a round number of kilometres is.
fn ruler(area: Area, sheet: Sheet) -> AnyView {
    let latitude = f64::midpoint(area.south, area.north);
    let length = [5000.0, 2000.0, 1000.0, 500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5]
        .into_iter()
        .find(|length| sheet.pixels(*length, latitude) <= 110.0)
        .unwrap_or(0.2);
    let wide = sheet.pixels(length, latitude);
    view! {
        <path class="tk f-none" d=format!("M14.5 {0:.1}v-6m0 3h{wide:.1}m0 -3v6", HEIGHT - 14.0) />
        <text class="t-3 halo" x=format!("{:.1}", wide + 20.0) y=HEIGHT - 13.0>
            {format!("{length} km")}
        </text>
    }
    .into_any()
}

/// A cluster: its devices, the share of them in trouble as an arc and in figures. It leads closer, or to the device.
fn cluster(cluster: &Cluster, sheet: Sheet) -> AnyView {
    let w = words();
    let (x, y) = sheet.at(cluster.longitude, cluster.latitude);
    let digits = f64::from(u32::try_from(cluster.devices.to_string().len()).unwrap_or(1));
    let single = cluster.only.is_some();
    let radius = if single { 7.0 } else { 11.0 + 4.0 * digits };
    let box_half = radius + 4.0;
    let place = cluster.place.clone().unwrap_or_default();
    let (devices, trouble) = (grouped(cluster.devices), grouped(cluster.trouble));
    let label =
        tu_string!(w, device.cluster, devices = devices.clone(), trouble, place = place.clone()).to_string();
    let href = match cluster.only {
        Some(id) => Box::new(move || format!("/device/{id}")) as Box<dyn Fn() -> String + Send + Sync>,
        None => Box::new(link_with([("area", Some(area_text(cluster.area.padded(0.3)))), ("page", None)])),
    };
    let share = cluster.trouble as f64 / (cluster.devices.max(1)) as f64;
    let middle = format!("{box_half:.1}");
    let arc = (cluster.trouble > 0 && !single)
        .then(|| view! { <path class="mp-arc" d=arc(box_half, radius, share) /> });
    let class = match (single, cluster.trouble > 0, cluster.offline == cluster.devices) {
        (true, true, _) if cluster.fault > 0 => "mp-c f-fault",
        (true, true, _) => "mp-c f-nomat",
        (true, false, false) => "mp-c f-run",
        (_, _, true) => "mp-c off",
        _ => "mp-c",
    };
    let figures = (!single).then(|| {
        let up = if cluster.trouble > 0 { box_half } else { box_half + 4.0 };
        view! {
            <text class="t-b" x=middle.clone() y=format!("{up:.1}") text-anchor="middle">
                {devices}
            </text>
            {(cluster.trouble > 0)
                .then(|| {
                    view! {
                        <text class="t-bad" x=middle.clone() y=format!("{:.1}", box_half + 12.0) text-anchor="middle">
                            {format!("\u{25c6}{}", cluster.trouble)}
                        </text>
                    }
                })}
        }
    });
    let size = format!("{:.1}", box_half * 2.0);
    let name = (!place.is_empty() && !single).then(|| {
        view! {
            <text class="t-3 halo" x=format!("{x:.1}") y=format!("{:.1}", y - radius - 5.0) text-anchor="middle">
                {place}
            </text>
        }
    });
    // Apart from the drawing around it: here it is a link of the document, which the router follows.
    let link = view! {
        <a class="mp-a" href=href aria-label=label.clone() title=label>
            <svg class="ch" viewBox=format!("0 0 {size} {size}") aria-hidden="true">
                <circle class=class cx=middle.clone() cy=middle.clone() r=format!("{radius:.1}") />
                {arc}
                {figures}
            </svg>
        </a>
    }
    .into_any();
    view! {
        {name}
        <foreignObject
            x=format!("{:.1}", x - box_half)
            y=format!("{:.1}", y - box_half)
            width=size.clone()
            height=size
        >
            {link}
        </foreignObject>
    }
    .into_any()
}

/// An arc from the top, clockwise, over a share of the circle.
fn arc(middle: f64, radius: f64, share: f64) -> String {
    let share = share.clamp(0.02, 0.999);
    let angle = share * 2.0 * PI;
    let (x, y) = (middle + radius * angle.sin(), middle - radius * angle.cos());
    let large = u8::from(share > 0.5);
    format!("M{middle:.1} {:.1}A{radius:.1} {radius:.1} 0 {large} 1 {x:.1} {y:.1}", middle - radius)
}

/// Closer, farther, everything, and a step to each side.
fn steering(area: Area) -> AnyView {
    let w = words();
    let to = |area: Area| link_with([("area", Some(area_text(area))), ("page", None)]);
    let moved = |x: f64, y: f64| {
        let (dx, dy) = ((area.east - area.west) * x, (area.north - area.south) * y);
        let world = Area::WORLD;
        // At the edge it stays as wide as it is.
        let dx = dx.clamp(world.west - area.west, world.east - area.east);
        let dy = dy.clamp(world.south - area.south, world.north - area.north);
        Area { west: area.west + dx, east: area.east + dx, south: area.south + dy, north: area.north + dy }
    };
    let button = |area: Area, icon: &'static str, name: &'static str| {
        view! {
            <a class="btn s sq" href=to(area) aria-label=name title=name>
                <Icon name=icon small=true />
            </a>
        }
    };
    view! {
        <div class="map-b" role="group" aria-label=tu_string!(w, device.map_steer)>
            {button(area.scaled(0.5), "i-plus", tu_string!(w, device.map_closer))}
            {button(area.scaled(2.0), "i-minus", tu_string!(w, device.map_farther))}
            {button(moved(0.0, 0.5), "i-up", tu_string!(w, device.map_north))}
            {button(moved(0.0, -0.5), "i-down", tu_string!(w, device.map_south))}
            {button(moved(-0.5, 0.0), "i-left", tu_string!(w, device.map_west))}
            {button(moved(0.5, 0.0), "i-right", tu_string!(w, device.map_east))}
            {whole()}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_fits_the_sheet() {
        let area = Area { west: 100.0, south: 20.0, east: 120.0, north: 40.0 };
        let sheet = Sheet::of(area);
        let ((left, top), (right, bottom)) = (sheet.at(100.0, 40.0), sheet.at(120.0, 20.0));
        assert!(left >= -1e-6 && top >= -1e-6 && right <= WIDTH + 1e-6 && bottom <= HEIGHT + 1e-6);
        assert!((right - left - WIDTH).abs() < 1e-6 || (bottom - top - HEIGHT).abs() < 1e-6);
    }

    #[test]
    fn an_arc_over_half_is_the_large_one() {
        assert_eq!(arc(10.0, 5.0, 0.25), "M10.0 5.0A5.0 5.0 0 0 1 15.0 10.0");
        assert!(arc(10.0, 5.0, 0.75).contains(" 0 1 1 "));
    }
}
